//! What changed, told to those who asked: JSON Feed, Atom, signed webhooks, a daily mail.
//!
//! All begin with a [`News`], and with an [`Interest`] that cuts it to what somebody asked for.
//!
//! | module | holds |
//! |---|---|
//! | [`interest`] | which news somebody wants, by territory, authority and beginning of the goods code |
//! | [`words`] | a change in a sentence, an edition in a few lines |
//! | [`page`] | the newest hundred, and where older ones are |
//! | [`json`] | a page as JSON Feed 1.1 |
//! | [`atom`] | a page as Atom (RFC 4287) |
//! | [`webhook`] | what is sent to a subscriber's server |
//! | [`signature`] | its signature by the Standard Webhooks specification |
//! | [`delivery`] | when it is sent again, and when no more |
//! | [`address`] | to which addresses nothing may be sent |
//! | [`send`] | sending it |
//! | [`digest`] | the news of a day as a letter |
//! | [`mail`] | sending the letter |

pub mod address;
pub mod atom;
pub mod delivery;
pub mod digest;
pub mod interest;
pub mod json;
pub mod mail;
pub mod page;
pub mod send;
pub mod signature;
pub mod webhook;
pub mod words;

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
    /// `ordinary`, `correction` or `withdrawal`; [`GIVEN_UP`] for one that was approved and never published.
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

/// The kind of news of an edition that was approved and will not be published.
pub const GIVEN_UP: &str = "given-up";

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What it is, in the words of a comparison of editions ([`tidewaiter_sources::edition::compare::Change::what`]): a kind of
    /// measure (`third-country`), `line`, `rate`, `area`…; beside these `measure` of no named kind, and `exchange-rate`.
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
