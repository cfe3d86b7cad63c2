//! Rules of origin in an answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What decides whether goods are of an origin: the rules of one scheme or law for an item's code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginAnswer {
    /// The item, from 1.
    pub item: usize,
    /// The programme that is claimed or could be; absent for a law that decides where goods are made whatever is claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// Whether the question claims it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub claimed: bool,
    /// Key of the scheme or law: `gb.south-korea`; absent where none of the editions given has one for the programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// Its name; empty without a scheme.
    pub name: String,
    /// What it is for, as its publisher says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies: Option<String>,
    /// Proofs of which one must be held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<String>,
    /// The document that is the law, where named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Rules for the item's code, the most specific first.
    pub rules: Vec<OriginRuleAnswer>,
    /// What the editions given do not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Keys of the facts it rests on; see [`Quote::sources`](super::Quote::sources).
    pub cites: Vec<String>,
}

/// A rule of origin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginRuleAnswer {
    /// Heading as published.
    pub heading: String,
    /// The goods of the heading it is for, where published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goods: Option<String>,
    /// The rule, word for word, without markup.
    pub says: String,
    /// The rule in short words, where all of it was understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// Place in the list of its heading, from 1, where the heading has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<u32>,
    /// How it is joined to the rule before it, as published: `or`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<String>,
    /// Only some goods of the heading are meant ("ex").
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// The code asked for has fewer digits than the rule's: the rule is for some of its goods only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wider: bool,
    /// It counts within a quota only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quota: bool,
    /// Keys of the facts it rests on.
    pub cites: Vec<String>,
}
