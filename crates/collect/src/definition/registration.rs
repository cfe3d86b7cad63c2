//! Who registers, and with which particulars.

use super::{InsteadRule, IntermediaryRule, LimitRule, Side};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who registers and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrationRule {
    /// Who must or may.
    pub who: String,
    /// With whom.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Address of the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// How long it takes and what it costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes: Option<String>,
    /// Where sellers are for whom it is.
    #[serde(default)]
    pub home: Side,
    /// From where the goods are sent.
    #[serde(default)]
    pub dispatch: Side,
    /// Territories besides its own and their members to which it reaches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<String>,
    /// Pairs of places, from and to, between which its sales do not happen though they lie on the right sides. Members of a union count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_between: Vec<[String; 2]>,
    /// Goods up to which value it is for; any where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitRule>,
    /// Schemes that may take its place; none where absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead: Vec<InsteadRule>,
    /// Who needs an intermediary or a representative; nobody where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intermediary: Option<IntermediaryRule>,
    /// What an application asks for.
    #[serde(default)]
    pub field: Vec<Field>,
    /// When a registration ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<String>,
    /// Facts.
    pub cites: Vec<String>,
}

/// A particular that an application asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its key.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// What may stand in it.
    pub kind: FieldKind,
    /// Which identifier it is, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Whether an application without it is incomplete.
    #[serde(default)]
    pub required: bool,
    /// A word of help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// What may stand in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum FieldKind {
    /// Words.
    #[serde(rename = "text")]
    Text,
    /// An e-mail address.
    #[serde(rename = "email")]
    Email,
    /// A telephone number.
    #[serde(rename = "phone")]
    Phone,
    /// Addresses of web sites.
    #[serde(rename = "url list")]
    Urls,
    /// ISO 3166 letters.
    #[serde(rename = "country")]
    Country,
    /// Street, place, postcode, country.
    #[serde(rename = "address")]
    Address,
    /// A day.
    #[serde(rename = "date")]
    Day,
    /// A number that has a shape.
    #[serde(rename = "identifier")]
    Identifier,
    /// Yes or no.
    #[serde(rename = "yes or no")]
    YesNo,
    /// Money.
    #[serde(rename = "amount")]
    Amount,
}
