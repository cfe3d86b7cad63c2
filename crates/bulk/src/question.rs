//! What rows share: where to, which day, which currency. Resolved once for all rows that say the same.

use crate::table::{Table, capitals};
use crate::{Defaults, Reject};
use std::collections::HashMap;
use tidewaiter::quote::{Ready, TerritoryId};
use tidewaiter::{Consignment, Decimal};

/// Columns that belong to the question rather than to its goods: rows with the same values share the work.
pub(crate) const SHARED: &[&str] = &[
    "to",
    "from",
    "currency",
    "date",
    "channel",
    "mode",
    "sale",
    "region",
    "postcode",
    "registered",
    "tax_class",
    "claim",
    "proof",
    "duty_rate",
];

/// The question of a row without its goods.
pub(crate) fn shared(
    defaults: &Defaults,
    table: &Table,
    at: usize,
    row: u64,
    to: Option<&str>,
) -> Result<Consignment, Reject> {
    let mut asked = defaults.question.clone();
    let mut item = asked.items.pop().unwrap_or_default();
    item.price = Decimal::ONE;
    item.quantity = Decimal::ONE;
    if let Some(to) = to {
        asked.to = to.to_owned();
    }
    let (mut claim, mut proof) = (None, None);
    let mut buffer = String::new();
    for (name, column) in &table.shared {
        let Some(text) = column.text(at, &mut buffer) else { continue };
        let wrong = |expected: &str| Reject {
            row,
            column: (*name).to_owned(),
            found: text.chars().take(60).collect(),
            expected: expected.to_owned(),
        };
        let word = || serde_json::Value::String(text.to_lowercase());
        match *name {
            "to" => asked.to = capitals(text),
            "from" => asked.from = Some(capitals(text)),
            "currency" => asked.currency = capitals(text),
            "date" => asked.date = Some(text.parse().map_err(|_| wrong("a date such as 2026-11-21"))?),
            "channel" => {
                asked.channel = Some(serde_json::from_value(word()).map_err(|_| wrong("post, express or freight"))?);
            }
            "mode" => asked.mode = Some(serde_json::from_value(word()).map_err(|_| wrong("air, sea, road or rail"))?),
            "sale" => asked.sale = Some(serde_json::from_value(word()).map_err(|_| wrong("b2c, b2b or c2c"))?),
            "region" => asked.region = Some(text.to_owned()),
            "postcode" => asked.postcode = Some(text.to_owned()),
            "registered" => {
                let seller = asked.seller.get_or_insert_default();
                seller.registrations = text.split_whitespace().map(str::to_owned).collect();
            }
            "tax_class" => item.tax_class = Some(text.to_owned()),
            "claim" => claim = Some(text.to_owned()),
            "proof" => proof = Some(text.to_owned()),
            "duty_rate" => item.duty_rate = Some(text.parse().map_err(|_| wrong("a percentage such as 12"))?),
            _ => {}
        }
    }
    if let Some(program) = claim {
        item.claims = vec![tidewaiter::quote::consignment::Claim { program, proof }];
    }
    asked.items = vec![item];
    Ok(asked)
}

/// A question, resolved.
pub(crate) struct Question {
    pub(crate) asked: Consignment,
    pub(crate) ready: Ready,
    pub(crate) currency: String,
    /// By the rules and tariffs taken: the warnings that go with them.
    pub(crate) warned: HashMap<u64, u32, Fnv>,
}

impl Question {
    /// Whether the goods may bring warnings that the rules taken do not tell: those about what is claimed for them.
    pub(crate) fn claims(&self) -> bool {
        self.asked.items.iter().any(|item| !item.claims.is_empty())
    }
}

/// The number of what was taken, and of the goods that took it.
pub(crate) fn mixed(taken: u64, code: u64, origin: Option<TerritoryId>) -> u64 {
    let mut hash = std::hash::BuildHasher::build_hasher(&Fnv::default());
    std::hash::Hash::hash(&(taken, code, origin), &mut hash);
    std::hash::Hasher::finish(&hash)
}

/// Fowler, Noll and Vo's hash (FNV-1a): short keys, no attacker.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl std::hash::BuildHasher for Fnv {
    type Hasher = Self;
    fn build_hasher(&self) -> Self {
        Self::default()
    }
}

impl std::hash::Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
