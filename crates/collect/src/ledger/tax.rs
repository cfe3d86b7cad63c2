//! Tax as it goes into returns.

use crate::definition::{Percent, Period};
use crate::event::RateType;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tidewaiter::Decimal;

/// Tax of one row of a sale, or what a refund or correction changed of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxLine {
    /// Number of the entry in the ledger.
    pub seq: u64,
    /// What caused it.
    pub why: Why,
    /// Number of the sale, refund or correction.
    pub document: String,
    /// Number of the sale.
    pub of: String,
    /// The day it happened.
    pub date: Date,
    /// The day of the sale.
    pub sold: Date,
    /// Key of the scheme.
    pub scheme: String,
    /// Territory of the buyer.
    pub to: String,
    /// Territory from which the goods were sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Key of the charge.
    pub charge: String,
    /// Its rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Percent>,
    /// What kind of rate it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_type: Option<RateType>,
    /// Currency of the sale.
    pub currency: String,
    /// What tax is reckoned on, in it.
    pub net: Decimal,
    /// The tax, in it.
    pub tax: Decimal,
    /// The period it belongs to. Nothing where the returns of the scheme are not described.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Period>,
    /// The period in whose return it stands. Nothing where no later return may have it any more: the return of its period is amended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<Period>,
    /// The period whose return would have it, where none may any more: its draft says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<Period>,
}

impl TaxLine {
    /// Whether it belongs to a period, stands in no return, and was recorded after an entry: then it waits until the return is amended.
    pub fn waits(&self, period: Period, since: u64) -> bool {
        self.declared.is_none() && self.about == Some(period) && self.seq > since
    }
}

/// What caused a tax line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// A sale.
    Sale,
    /// Money that went back.
    Refund,
    /// A mistake that was found.
    Correction,
}

impl Why {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Refund => "refund",
            Self::Correction => "correction",
        }
    }

    /// Read back.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Sale, Self::Refund, Self::Correction].into_iter().find(|one| one.word() == word)
    }
}
