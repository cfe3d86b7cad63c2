//! What a file for an authority holds besides the figures: the seller says it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the seller says for a file. Each shape names what it needs of it, and refuses to be written without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Particulars {
    /// When the file is made. Written in whole seconds, in coordinated universal time. Whoever writes the file says it.
    #[serde(default, skip)]
    pub at: Timestamp,
    /// When the registration was last changed (shapes `hmrc-ioss-json` and `hmrc-oss-json`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub registration_changed: Option<Timestamp>,
    /// Who stands in for the seller (shape `hmrc-ioss-json`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intermediary: Option<Intermediary>,
    /// Numbers of the seller in other states from which goods were sent, by the code of the state (shape `hmrc-oss-json`).
    #[serde(default)]
    pub establishments: BTreeMap<String, TraderNumber>,
    /// Key of the period, from the obligations that the authority shows (shape `hmrc-vat-mtd-json`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_key: Option<String>,
    /// Whether the seller declares the return to be final (shape `hmrc-vat-mtd-json`).
    #[serde(default, rename = "final")]
    pub is_final: bool,
    /// Name of the business (shape `ech-0217`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Whether the return of the period is sent for the first time (shape `ech-0217`).
    #[serde(default)]
    pub submission: Submission,
    /// By what a sale counts (shape `ech-0217`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporting: Option<Reporting>,
    /// The seller's own reference of the file, at most 50 characters; scheme and period where absent (shape `ech-0217`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Particulars {
    /// Nothing said but the time.
    pub fn at(at: Timestamp) -> Self {
        Self {
            at,
            registration_changed: None,
            intermediary: None,
            establishments: BTreeMap::new(),
            period_key: None,
            is_final: false,
            organisation: None,
            submission: Submission::First,
            reporting: None,
            reference: None,
        }
    }
}

/// Who stands in for a seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Intermediary {
    /// Number: `IN` and ten digits.
    pub number: String,
    /// Two letters of the state that issued it.
    pub issued_by: String,
    /// When this was last changed.
    #[schemars(with = "String")]
    pub changed: Timestamp,
}

/// A number of the seller in another state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TraderNumber {
    /// A VAT number without the letters of its state, which stand beside it: at most 12 capital letters and digits. No source says that the
    /// letters are left out; with them the numbers of some states do not fit.
    Vat(String),
    /// Another tax number: at most 20 characters.
    Tax(String),
}

/// Which return of a period it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Submission {
    /// The first.
    #[default]
    First,
    /// One that takes the place of an earlier one.
    Correction,
    /// Differences of a whole year.
    Reconciliation,
}

/// By what a sale belongs to a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reporting {
    /// What was agreed: by the invoice.
    Agreed,
    /// What was received: by the payment.
    Received,
}
