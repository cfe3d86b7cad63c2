//! The words of `words/`: one file a chapter, our own names and titles, as they are written.

use serde::{Deserialize, Serialize};
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

/// What a note says of goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoteKind {
    /// They are here.
    Includes,
    /// They are elsewhere.
    Excludes,
    /// What a word means here.
    Means,
}

/// A legal note in a plain sentence of our own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// What it concerns: a chapter, headings or subheadings of the chapter whose file it stands in.
    pub of: Vec<String>,
    /// What it says.
    pub kind: NoteKind,
    /// In English.
    pub en: String,
    /// In French.
    pub fr: String,
    /// In Spanish.
    pub es: String,
    /// Where goods belong that it puts elsewhere; none where it names no code.
    #[serde(default)]
    pub to: Vec<String>,
    /// Where it stands in the law of the Harmonized System 2022: `Chapter 61, note 2(a)`.
    pub law: String,
}

/// A file of `words/notes/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notes {
    /// Its notes.
    #[serde(default)]
    pub note: Vec<Note>,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its number, from 1.
    pub number: u8,
    /// Its first and its last chapter.
    pub chapters: (u8, u8),
    /// In English.
    pub en: String,
    /// In French.
    pub fr: String,
    /// In Spanish.
    pub es: String,
}

/// The file `words/sections.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sections {
    /// All of them.
    pub section: Vec<Section>,
}
