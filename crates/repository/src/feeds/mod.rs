//! What changed, told to those who asked: JSON Feed, Atom, signed webhooks, a daily mail.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An edition that was published, as feeds tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Name of the authority: `fr`.
    pub authority: String,
    /// Its name for people.
    pub authority_name: String,
    /// Territory it speaks for.
    pub territory: Option<String>,
    /// Number of the edition.
    pub number: u64,
    /// Its SHA-256.
    pub edition: String,
    /// `ordinary`, `correction` or `withdrawal`.
    pub kind: String,
    /// Numbers it corrects or withdraws.
    pub concerns: Vec<u64>,
    /// Title of the edition.
    pub title: String,
    /// Why, for corrections and withdrawals.
    pub reason: Option<String>,
    /// When it was published.
    pub published: Timestamp,
    /// What it changes against the one before.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Kind of record: `measure`, `rate`, `exchange-rate`.
    pub kind: String,
    /// Digits of the goods code, or the key of another record.
    pub key: String,
    /// What was said before, in words; absent for what is new.
    pub old: Option<String>,
    /// What is said now; absent for what is gone.
    pub new: Option<String>,
    /// First day on which the new holds.
    pub from: Option<Date>,
}

/// What somebody wants to hear of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Interest {
    /// Territories; all where empty.
    pub territories: Vec<String>,
    /// Authorities; all where empty.
    pub authorities: Vec<String>,
    /// Beginnings of goods codes, two digits or more; all changes where empty.
    pub goods: Vec<String>,
}
