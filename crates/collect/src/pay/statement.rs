//! What the bank says happened on an account, as plain entries.
//!
//! An amount has a minus where money leaves the account. Of a reversal that is so as well: its sign is that of what moved.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tidewaiter::Decimal;

/// Which message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// camt.052: what happened so far today.
    Report,
    /// camt.053: what was booked.
    Statement,
    /// camt.054: single entries.
    Notification,
}

/// A file of the bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Which message.
    pub kind: Kind,
    /// Its version: 8 is `camt.053.001.08`.
    pub version: u8,
    /// Number of the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whom it is about, one for each account and period.
    pub statements: Vec<Statement>,
}

/// What happened on one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Number of the statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its number in the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<String>,
    /// Number of the account: its IBAN where it has one.
    pub account: String,
    /// Currency of the account, where the bank says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Balances.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub balances: Vec<Balance>,
    /// What was booked or is to be.
    pub entries: Vec<Entry>,
}

/// A balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Its code: `OPBD` opening, `CLBD` closing …
    pub code: String,
    /// How much; below zero where the account is overdrawn.
    pub amount: Money,
    /// The day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
}

/// An amount and its currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// How much.
    pub amount: Decimal,
    /// ISO 4217 letters.
    pub currency: String,
}

/// What was booked, or is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Reference of the entry in its statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The bank's own reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_reference: Option<String>,
    /// The day it was booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked: Option<Date>,
    /// The day from which it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Date>,
    /// How much, in the currency of the account; below zero leaves it.
    pub amount: Money,
    /// Whether it undoes an earlier entry.
    #[serde(default)]
    pub reversal: bool,
    /// Whether it is booked.
    pub status: Status,
    /// Number of the file of orders that was booked as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<Batch>,
    /// Amounts in other currencies.
    #[serde(default, skip_serializing_if = "Amounts::is_empty")]
    pub amounts: Amounts,
    /// What the bank took for it.
    #[serde(default, skip_serializing_if = "Charges::is_empty")]
    pub charges: Charges,
    /// The transactions of it. Where there is none, the bank told none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Detail>,
    /// What else the bank says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
}

/// Whether an entry is booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// `BOOK`.
    Booked,
    /// `PDNG`: it may still change.
    Pending,
    /// `INFO`: only told.
    Information,
    /// `FUTR`: on a later day.
    Future,
    /// A word of the bank's own.
    Other(String),
}

/// Orders that were booked as one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Number of the message that ordered them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Number of the block in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
    /// How many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// What a transaction was in other currencies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Amounts {
    /// What was ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered: Option<Money>,
    /// What was transferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transferred: Option<Money>,
    /// What it became before charges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<Money>,
    /// At which rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
}

impl Amounts {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A rate of exchange, as the bank says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// From this currency …
    pub source: String,
    /// … into this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The currency of which the rate names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// How much of the other.
    pub rate: Decimal,
}

/// What the bank took.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Charges {
    /// All together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Money>,
    /// One by one; below zero is taken, above zero given back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub each: Vec<Charge>,
}

impl Charges {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// How much.
    pub amount: Money,
    /// Whether the amount of the entry has it already, where the bank says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub included: Option<bool>,
    /// What the bank calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
}

/// One transaction of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Detail {
    /// What the debtor called it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_to_end: Option<String>,
    /// The debtor's number for its bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    /// The message that ordered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The block of that message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
    /// Number between banks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<String>,
    /// The number that stays the same from end to end (UETR).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uetr: Option<String>,
    /// The bank's own reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_reference: Option<String>,
    /// How much, below zero where it leaves the account. Version 02 has it among the amounts alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Whether money comes in; where the bank does not say so, the entry does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_credit: Option<bool>,
    /// Amounts in other currencies.
    #[serde(default, skip_serializing_if = "Amounts::is_empty")]
    pub amounts: Amounts,
    /// What the bank took for it.
    #[serde(default, skip_serializing_if = "Charges::is_empty")]
    pub charges: Charges,
    /// Who paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debtor: Option<Side>,
    /// Who was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creditor: Option<Side>,
    /// References of the creditor.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// Texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<String>,
    /// Code of why it came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<String>,
}

/// Who paid or was paid.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Side {
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// IBAN, or whatever else the account is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// For whom it was, where that is somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ultimate: Option<String>,
}

/// A reference of the creditor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The kind of it: `SCOR`, or a word of the bank's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What it is.
    pub text: String,
}

impl Detail {
    /// The other side, seen from an account.
    pub fn counterparty(&self, account: &str, is_credit: bool) -> Option<&Side> {
        let is_own = |side: &&Side| side.account.as_deref() == Some(account);
        let (one, other) = if is_credit { (&self.debtor, &self.creditor) } else { (&self.creditor, &self.debtor) };
        // Of a payment that came back the two sides are still those of the order.
        match one.as_ref() {
            Some(side) if is_own(&side) && other.as_ref().is_some_and(|other| !is_own(&other)) => other.as_ref(),
            side => side,
        }
    }
}
