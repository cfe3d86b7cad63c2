//! Making everything again from the entries alone, and comparing it with what is kept.

use super::load::standing;
use super::read::entries;
use super::{Store, StoreError, amount};
use crate::ledger::{Definitions, GENESIS, Past, TaxLine};
use std::collections::BTreeMap;
use tidewaiter::Decimal;
use tidewaiter_repository::values;

/// Entries read at once.
const AT_ONCE: u64 = 5000;

impl Store {
    /// Replays a ledger from nothing: the chain of hashes is whole, every event stands where it may, and every sum and every tax line is what follows.
    /// Returns how many entries there are.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first thing that does not fit.
    pub async fn verify(&self, definitions: &Definitions, seller: &str) -> Result<u64, StoreError> {
        let mut tx = self.db.read().await?;
        let Some(mut row) = tx.first("SELECT seq, head FROM seller WHERE id = $1", values![seller]).await? else {
            return Err(StoreError::NoSeller(seller.to_owned()));
        };
        let (count, head) = (row.int()?, row.text()?);
        let (mut past, mut last, mut seq) = (Past::default(), GENESIS.to_owned(), 0);
        let mut lines: BTreeMap<Sum, (Decimal, Decimal, u64)> = BTreeMap::new();
        loop {
            let some = entries(&mut *tx, seller, seq, AT_ONCE).await?;
            if some.is_empty() {
                break;
            }
            for entry in some {
                entry.follows(seq, &last).map_err(|why| StoreError::damaged(seller, why))?;
                let taken = past
                    .retake(definitions, entry.seq, &entry.event)
                    .map_err(|why| StoreError::damaged(seller, why))?;
                let outcome =
                    taken.ok_or_else(|| StoreError::damaged(seller, format!("entry {} stands twice", entry.seq)))?;
                for line in &outcome.tax {
                    let (net, tax, count) = lines.entry(sum_of(line)).or_default();
                    *net = net.plus(line.net).map_err(|why| StoreError::damaged(seller, why))?;
                    *tax = tax.plus(line.tax).map_err(|why| StoreError::damaged(seller, why))?;
                    *count += 1;
                }
                (seq, last) = (entry.seq, entry.hash);
            }
        }
        if (seq, &last) != (count, &head) {
            return Err(StoreError::damaged(seller, format!("{count} entries were recorded, {seq} are there")));
        }
        let kept = standing(&mut *tx, definitions, seller).await?;
        if kept.balances != past.balances {
            return Err(StoreError::damaged(seller, "what the accounts hold is not what follows from the entries"));
        }
        if kept.collected != past.collected || kept.closed != past.closed || kept.registrations != past.registrations {
            return Err(StoreError::damaged(seller, "the sums of the periods are not what follows from the entries"));
        }
        let sql = "SELECT scheme, why, about, declared, buyer, sender, rate_type, rate, currency, CAST(SUM(net) AS TEXT), CAST(SUM(tax) AS TEXT), COUNT(*)
                   FROM tax WHERE seller = $1 GROUP BY scheme, why, about, declared, buyer, sender, rate_type, rate, currency";
        let mut found = BTreeMap::new();
        for mut row in tx.rows(sql, values![seller]).await? {
            let mut key: Sum = Default::default();
            for part in &mut key {
                *part = row.text()?;
            }
            let sum = |text: String| text.parse::<i128>().map(amount).map_err(|why| StoreError::damaged(seller, why));
            found.insert(key, (sum(row.text()?)?, sum(row.text()?)?, row.int()?));
        }
        if found != lines {
            return Err(StoreError::damaged(seller, "the lines of the returns are not what follows from the entries"));
        }
        Ok(seq)
    }
}

type Sum = [String; 9];

fn sum_of(line: &TaxLine) -> Sum {
    let period = |period: Option<crate::Period>| period.map(|period| period.to_string()).unwrap_or_default();
    [
        line.scheme.clone(),
        line.why.word().to_owned(),
        period(line.about),
        period(line.declared),
        line.to.clone(),
        line.from.clone().unwrap_or_default(),
        line.rate_type.map_or("", |rate_type| rate_type.word()).to_owned(),
        line.rate.map(|rate| rate.0.to_string()).unwrap_or_default(),
        line.currency.clone(),
    ]
}
