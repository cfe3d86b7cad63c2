//! The words of `words/`: one file a chapter, our own names and titles, as they are written.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A text in the three languages; English always, the others where it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// English.
    pub en: String,
    /// French.
    #[serde(default)]
    pub fr: Option<String>,
    /// Spanish.
    #[serde(default)]
    pub es: Option<String>,
}

/// One answer to a question, or several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Answers {
    /// This one.
    One(String),
    /// Any of these.
    Any(Vec<String>),
}

impl Answers {
    /// All of them.
    pub fn all(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Any(any) => any,
        }
    }
}

/// What is often taken for goods of a code, and where it belongs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Out {
    /// What.
    pub en: String,
    /// In French.
    #[serde(default)]
    pub fr: Option<String>,
    /// In Spanish.
    #[serde(default)]
    pub es: Option<String>,
    /// Codes, with spaces between.
    pub to: String,
}

/// A heading or subheading.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its title in English.
    pub en: String,
    /// In French.
    #[serde(default)]
    pub fr: Option<String>,
    /// In Spanish.
    #[serde(default)]
    pub es: Option<String>,
    /// Facts that make goods fall here, by question.
    #[serde(default)]
    pub when: BTreeMap<String, Answers>,
    /// What does not belong here.
    #[serde(default)]
    pub out: Vec<Out>,
}

/// A thing that people sell or look for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// Its English names.
    #[serde(default)]
    pub en: Vec<String>,
    /// Its French names.
    #[serde(default)]
    pub fr: Vec<String>,
    /// Its Spanish names.
    #[serde(default)]
    pub es: Vec<String>,
    /// Where it falls: codes of four or six digits, the likeliest first.
    pub to: Vec<String>,
    /// What is not meant, in English.
    #[serde(default)]
    pub not: Vec<String>,
}

/// A question that decides.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// In English.
    pub en: String,
    /// In French.
    #[serde(default)]
    pub fr: Option<String>,
    /// In Spanish.
    #[serde(default)]
    pub es: Option<String>,
    /// Its answers by key.
    pub answers: BTreeMap<String, Said>,
}

/// A file of `words/`: a chapter, or the questions that chapters share.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// Its title.
    #[serde(default)]
    pub chapter: Said,
    /// Questions of its own.
    #[serde(default)]
    pub question: BTreeMap<String, Question>,
    /// Headings by their four digits.
    #[serde(default)]
    pub heading: BTreeMap<String, Entry>,
    /// Subheadings by their six digits.
    #[serde(default)]
    pub code: BTreeMap<String, Entry>,
    /// Things by their names.
    #[serde(default)]
    pub name: Vec<Name>,
}

/// `vague.toml`: words and phrases that name no goods, by language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vaguely {
    /// Words that fit any goods or a whole shop.
    pub general: Vec<String>,
    /// Words that stand around goods: for whom, when, how good, how sent.
    pub around: Vec<String>,
    /// Whole phrases.
    pub says: Vec<String>,
}
