//! What is told of a text.

use crate::narrow::Asking;
use crate::text::Language;
use crate::vague::{Doubt, Vague};
use schemars::JsonSchema;
use serde::Serialize;

/// What is told of a text.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "GoodsAnswer")]
pub struct Answer {
    /// The language that most of its words are of.
    #[schemars(with = "String")]
    pub language: Language,
    /// Why no code can be told, where none can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vague: Option<Vague>,
    /// What to write instead, in that language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<&'static str>,
    /// Codes, the likeliest first.
    pub codes: Vec<Candidate>,
    /// Words that nothing is known of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
    /// The question whose answer would tell most; none where no answer would tell much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<Asking>,
    /// What speaks for refusing.
    #[serde(skip)]
    pub doubt: Doubt,
}

/// A code that a text may mean. Titles are in the language of the text, and in English where they were not written in it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Candidate {
    /// Its six digits.
    pub code: String,
    /// How likely it is, from 0 to 1: of codes with 0.7, about seven in ten were right on the development sets.
    pub probability: f64,
    /// Its title.
    pub title: String,
    /// The title of its heading.
    pub heading: String,
    /// The title of its chapter.
    pub chapter: String,
    /// The name or title that decided most.
    pub because: String,
    /// How well that name or title and the text cover each other, from 0 to 1.
    pub fit: f32,
    /// Often taken for goods of the heading, and where they belong instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_here: Vec<NotHere>,
    /// Legal notes that concern it, the narrowest first; at most [`crate::notes::MOST_NOTES`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<crate::notes::Noted>,
}

/// Goods that belong elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotHere {
    /// What.
    pub what: String,
    /// Their codes, with spaces between.
    pub to: String,
}

impl Candidate {
    /// How likely it is, in percent.
    pub fn percent(&self) -> u8 {
        (self.probability * 100.0).round().clamp(0.0, 100.0) as u8
    }
}
