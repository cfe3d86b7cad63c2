//! A payment order: a credit transfer as the seller means it, before it becomes a file or a picture.
//!
//! Lengths are those of the data types of ISO 20022 (`Max140Text`, `Max35Text` …).

use super::Faults;
use crate::identifier::Identifiers;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use tidewaiter::Decimal;

/// Most digits after the point of an amount (ISO 20022, `ActiveOrHistoricCurrencyAndAmount`).
const MOST_DECIMALS: u8 = 5;
/// Most free lines beside town and country in a hybrid address.
///
/// Dutch Payments Association, on payment orders from 14 and 15 November 2026: "up to two free-text lines".
const MOST_LINES: usize = 2;

/// A credit transfer to order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// What the statement of the bank will call it: see [`end_to_end`]. At most 35 characters.
    pub end_to_end: String,
    /// Who pays.
    pub debtor: Party,
    /// Who is paid.
    pub creditor: Party,
    /// How much, above zero.
    pub amount: Decimal,
    /// ISO 4217 letters.
    pub currency: String,
    /// How many digits its currency has after the point (ISO 4217, minor unit).
    pub decimals: u8,
    /// The day on which the bank is to carry it out.
    pub day: Date,
    /// What it is for, as a code of ISO 20022: `TAXS` for taxes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// What the creditor knows it by.
    pub remittance: Remittance,
}

/// Who pays or is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// The name on the account.
    pub name: String,
    /// The account.
    pub account: Account,
    /// The bank that has the account, by its BIC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank: Option<String>,
    /// Where the party is. Payments that leave the European Economic Area need it of both; others do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Account {
    /// By its international number (ISO 13616).
    Iban(String),
    /// By whatever its bank calls it.
    Other(String),
}

impl Account {
    /// Its number.
    pub fn number(&self) -> &str {
        match self {
            Self::Iban(number) | Self::Other(number) => number,
        }
    }
}

/// An address. Town and country are always fields of their own: banks refuse addresses of free lines alone since November 2026.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Street, without the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Number of the building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
    /// Postcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Town.
    pub town: String,
    /// Province or state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subdivision: Option<String>,
    /// Two letters of ISO 3166-1.
    pub country: String,
    /// What has no field of its own, at most two lines. Not every bank takes them: leave them out where you can.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

/// What the creditor knows a payment by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remittance {
    /// A reference of the creditor, at most 35 characters. One that begins with `RF` is checked (ISO 11649).
    Reference(String),
    /// Text, at most 140 characters.
    Text(String),
}

impl Order {
    /// The order as it is kept: numbers without spaces and in capital letters.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn checked(&self, identifiers: &Identifiers) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut order = self.clone();
        faults.reference("end_to_end", &self.end_to_end);
        order.debtor.check("debtor", &mut faults, identifiers);
        order.creditor.check("creditor", &mut faults, identifiers);
        if order.debtor.account == order.creditor.account {
            faults.add(
                "creditor.account",
                self.creditor.account.number(),
                "it is the account that pays; give the account that is paid",
            );
        }
        check_amount(&mut faults, self.amount, self.decimals);
        if self.currency.len() != 3 || !self.currency.bytes().all(|letter| letter.is_ascii_uppercase()) {
            faults.add("currency", &self.currency, "expected three capital letters of ISO 4217, such as EUR");
        }
        if let Some(purpose) = &self.purpose {
            check_code(&mut faults, "purpose", purpose);
        }
        order.remittance.check("remittance", &mut faults, identifiers);
        faults.none(order)
    }
}

impl Party {
    fn check(&mut self, field: &str, faults: &mut Faults, identifiers: &Identifiers) {
        faults.text(&format!("{field}.name"), &self.name, 140);
        match &mut self.account {
            Account::Iban(iban) => {
                faults.identifier(&format!("{field}.account.iban"), iban, "iban", identifiers);
            }
            Account::Other(number) => faults.text(&format!("{field}.account.other"), number, 34),
        }
        if let Some(bank) = &mut self.bank {
            faults.identifier(&format!("{field}.bank"), bank, "bic", identifiers);
        }
        if let Some(address) = &self.address {
            address.check(&format!("{field}.address"), faults);
        }
    }
}

impl Address {
    fn check(&self, field: &str, faults: &mut Faults) {
        for (name, value, most) in [
            ("street", &self.street, 70),
            ("building", &self.building, 16),
            ("postcode", &self.postcode, 16),
            ("subdivision", &self.subdivision, 35),
        ] {
            if let Some(value) = value {
                faults.text(&format!("{field}.{name}"), value, most);
            }
        }
        faults.text(&format!("{field}.town"), &self.town, 35);
        if self.country.len() != 2 || !self.country.bytes().all(|letter| letter.is_ascii_uppercase()) {
            faults.add(
                &format!("{field}.country"),
                &self.country,
                "expected two capital letters of ISO 3166-1, such as NL",
            );
        }
        if self.lines.len() > MOST_LINES {
            let says = format!(
                "there are {} free lines; at most {MOST_LINES} are taken beside town and country: use street, building and postcode",
                self.lines.len()
            );
            faults.add(&format!("{field}.lines"), &self.lines.join(", "), says);
        }
        for line in &self.lines {
            faults.text(&format!("{field}.lines"), line, 70);
            if line.trim().eq_ignore_ascii_case(self.town.trim()) {
                faults.add(&format!("{field}.lines"), line, "it says the town again; take the line away");
            }
        }
    }
}

impl Remittance {
    /// What it says.
    pub fn text(&self) -> &str {
        match self {
            Self::Reference(text) | Self::Text(text) => text,
        }
    }

    pub(super) fn check(&mut self, field: &str, faults: &mut Faults, identifiers: &Identifiers) {
        match self {
            Self::Reference(reference) if is_rf(reference) => {
                faults.identifier(&format!("{field}.reference"), reference, "rf", identifiers);
            }
            Self::Reference(reference) => faults.text(&format!("{field}.reference"), reference, 35),
            Self::Text(text) => faults.text(&format!("{field}.text"), text, 140),
        }
    }
}

/// Whether a reference says of itself that it is one of ISO 11649.
pub(super) fn is_rf(reference: &str) -> bool {
    let mut signs = reference.chars().filter(|sign| !sign.is_whitespace());
    let mut is_next = |fits: fn(char) -> bool| signs.next().is_some_and(fits);
    is_next(|sign| sign.eq_ignore_ascii_case(&'R'))
        && is_next(|sign| sign.eq_ignore_ascii_case(&'F'))
        && is_next(|sign| sign.is_ascii_digit())
        && is_next(|sign| sign.is_ascii_digit())
}

pub(super) fn check_amount(faults: &mut Faults, amount: Decimal, decimals: u8) {
    let shown = amount.to_string();
    let fraction = shown.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if decimals > MOST_DECIMALS {
        faults.add("decimals", &decimals.to_string(), format!("at most {MOST_DECIMALS} can be written"));
    }
    if amount <= Decimal::ZERO {
        faults.add("amount", &shown, "it must be above zero; where money comes back to you, there is nothing to order");
    } else if fraction > usize::from(decimals) {
        let says = format!("its currency has {decimals} digits after the point; round it as the return says");
        faults.add("amount", &shown, says);
    } else if amount.to_fixed(decimals.min(MOST_DECIMALS)).bytes().filter(u8::is_ascii_digit).count() > 18 {
        faults.add("amount", &shown, "it has more than 18 digits; split the payment");
    }
}

/// A code from one of the lists of ISO 20022. The lists themselves change by the quarter and are not held here.
pub(super) fn check_code(faults: &mut Faults, field: &str, code: &str) {
    let is_code = |sign: u8| sign.is_ascii_uppercase() || sign.is_ascii_digit();
    if !(1..=4).contains(&code.len()) || !code.bytes().all(is_code) {
        faults.add(field, code, "expected one to four capital letters or digits of a list of ISO 20022, such as TAXS");
    }
}

impl Faults {
    /// A reference that must come back as it was given: 35 of the letters that every bank takes.
    pub(super) fn reference(&mut self, field: &str, value: &str) {
        if let Err(says) = reference_taken(value) {
            self.add(field, value, says);
        }
    }
}

/// Customer-to-bank guidelines of the European Payments Council (EPC132-08): references do not begin or end with a slash, nor hold two in a row.
fn reference_taken(value: &str) -> Result<(), &'static str> {
    if value.is_empty() || value.len() > 35 {
        Err("expected 1 to 35 characters")
    } else if !value.chars().all(super::letters::is_taken) || value.trim() != value {
        Err("expected letters from A to Z, digits, and / - ? : ( ) . , ' + between them: banks drop others")
    } else if value.starts_with('/') || value.ends_with('/') || value.contains("//") {
        Err("it begins or ends with a slash, or has two in a row; banks refuse that")
    } else {
        Ok(())
    }
}

/// What a payment of the ledger is called on its way and in the statement: its own number where banks take that, otherwise one made of it. The same
/// number always becomes the same.
pub fn end_to_end(document: &str) -> String {
    // A number that banks use for "none" would be found again in the payments of others.
    if reference_taken(document).is_ok() && document != NOT_PROVIDED {
        return document.to_owned();
    }
    let mut made = String::from("P");
    for byte in Sha256::digest(document.as_bytes()).iter().take(16) {
        let _ = write!(made, "{byte:02X}");
    }
    made
}

/// What stands where there is none (ISO 20022 usage, EPC132-08).
pub(super) const NOT_PROVIDED: &str = "NOTPROVIDED";
