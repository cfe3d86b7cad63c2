//! What is wrong with something that is to be paid, by field.

use crate::identifier::Identifiers;
use serde::Serialize;
use std::fmt;

/// Longest value that a message repeats, in characters.
const SHOWN: usize = 60;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The field: `creditor.account.iban`.
    pub field: String,
    /// What it holds, shortened.
    pub value: String,
    /// What was expected, and what to do.
    pub says: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} \"{}\": {}", self.field, self.value, self.says)
    }
}

/// All that is wrong. Nothing was made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// One thing alone.
    pub(super) fn one(field: &str, value: &str, says: impl Into<String>) -> Self {
        let mut all = Self::default();
        all.add(field, value, says);
        all
    }

    pub(super) fn add(&mut self, field: &str, value: &str, says: impl Into<String>) {
        let mut shown: String =
            value.chars().take(SHOWN).map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
        if value.chars().nth(SHOWN).is_some() {
            shown.push('…');
        }
        self.0.push(Fault { field: field.to_owned(), value: shown, says: says.into() });
    }

    /// Nothing wrong, or all of it.
    pub(super) fn none<T>(self, made: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(made) } else { Err(self) }
    }

    /// A text of one line that is not empty and has at most so many characters.
    pub(super) fn text(&mut self, field: &str, value: &str, most: usize) {
        let count = value.chars().count();
        if value.trim().is_empty() {
            self.add(field, value, "it is empty; write it out, or leave the field away where it can be");
        } else if value.trim() != value {
            self.add(field, value, "it begins or ends with a space; take the space away");
        } else if count > most {
            self.add(field, value, format!("it has {count} characters; at most {most} fit: shorten it"));
        } else if let Some(sign) = value.chars().find(|sign| !is_written(*sign)) {
            self.add(field, value, format!("U+{:04X} cannot be written in one line; take it away", u32::from(sign)));
        }
    }

    /// The text of a number that is known by a key, as it is kept.
    pub(super) fn identifier(&mut self, field: &str, value: &mut String, key: &str, identifiers: &Identifiers) {
        match identifiers.look(key, value) {
            None => self.add(field, value, format!("the identifiers have no \"{key}\"; load the whole file of them")),
            Some(verdict) if verdict.valid => *value = verdict.text,
            Some(verdict) => {
                let wrong = verdict.wrong.unwrap_or_default();
                let meant = match verdict.likely.as_slice() {
                    [] => "compare it with the paper it comes from".to_owned(),
                    likely => format!("perhaps {} was meant", likely.join(" or ")),
                };
                self.add(field, value, format!("{wrong}; {meant}"));
            }
        }
    }
}

/// Whether a character can stand in a line of text, and in XML.
fn is_written(sign: char) -> bool {
    !sign.is_control() && !matches!(sign, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
}
