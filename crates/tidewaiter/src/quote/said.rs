//! What the library says in words, so that others can say it in their language.
//!
//! A warning, an assumption, a question or a mistake is a sentence in English: as text, and in JSON, it is nothing else. Where
//! the library wrote the sentence itself, it also knows which one it is and what was put in:
//!
//! ```
//! use tidewaiter::quote::said::Said;
//! let said = Said::from("The ordinary tariff applies.".to_owned());
//! assert_eq!((said.as_str(), said.code()), ("The ordinary tariff applies.", None), "a sentence of the data has no code");
//! assert_eq!(serde_json::to_string(&said)?, r#""The ordinary tariff applies.""#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`MESSAGES`] lists every sentence of the library; [`Said::code`] and [`Said::values`] are what a translation needs. Read back
//! from JSON a sentence is plain text: the codes are no part of the document.

pub(crate) mod message;

pub use message::MESSAGES;

use crate::decimal::Decimal;
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

/// A sentence of the library, with places for values.
#[derive(Debug, PartialEq, Eq)]
pub struct Message {
    /// Its stable name: `rate-stale`. A change of meaning is a new code.
    pub code: &'static str,
    /// It in English, each place in braces: `The newest exchange rate known here is of {date}.`
    pub english: &'static str,
}

impl Message {
    /// The names of its places, each once, in the order of the English text.
    pub fn places(&self) -> Vec<&'static str> {
        let mut all = Vec::new();
        for piece in pieces(self.english) {
            if let Piece::Place(name) = piece
                && !all.contains(&name)
            {
                all.push(name);
            }
        }
        all
    }
}

/// Makes a table of sentences, and a name for each: `NAME "code" "English, with {places}"`. The library has [`MESSAGES`]; others
/// that speak as it does have tables of their own.
#[macro_export]
macro_rules! messages {
    ($(#[$about:meta])* $table:ident $($name:ident $code:literal $english:literal)+) => {
        $(pub(crate) static $name: $crate::quote::said::Message =
            $crate::quote::said::Message { code: $code, english: $english };)+

        $(#[$about])*
        pub static $table: &[&$crate::quote::said::Message] = &[$(&$name),+];
    };
}

/// What stands in a place of a sentence.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Value {
    /// A code, a key, a name of its own: the same in every language.
    Text(String),
    /// A name or sentence of the data, which is in English.
    Data(String),
    /// A number.
    Number(Decimal),
    /// A number of things.
    Count(usize),
    /// So many percent.
    Percent(Decimal),
    /// A day.
    Day(Date),
    /// A territory, shown by its code.
    Territory(String),
    /// A territory, shown by its name.
    Named {
        /// Its code.
        code: String,
        /// Its name in the data.
        name: String,
    },
    /// A territory, shown by its name with its code.
    Place {
        /// Its code.
        code: String,
        /// Its name in the data.
        name: String,
    },
    /// A unit of measure, by its key; its name in English.
    Unit {
        /// Its key.
        key: String,
        /// What it measures.
        name: &'static str,
    },
    /// An amount as rules are written: `12 % + 2 EUR per kg`.
    Amount(String),
    /// A part of a sentence of its own.
    Said(Said),
    /// Several, joined.
    List(Vec<Value>, Joined),
}

/// How the parts of a list are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// `a, b`
    Comma,
    /// `a; b`
    Semicolon,
    /// `a and b`
    And,
    /// `a or b`
    Or,
}

impl Joined {
    /// What stands between two parts, in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Comma => ", ",
            Self::Semicolon => "; ",
            Self::And => " and ",
            Self::Or => " or ",
        }
    }
}

impl fmt::Display for Value {
    /// In English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Data(text) | Self::Amount(text) | Self::Territory(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Count(count) => write!(f, "{count}"),
            Self::Percent(percent) => write!(f, "{percent} %"),
            Self::Day(day) => write!(f, "{day}"),
            Self::Named { name, .. } => f.write_str(name),
            Self::Place { code, name } => write!(f, "{name} ({code})"),
            Self::Unit { name, .. } => f.write_str(name),
            Self::Said(said) => f.write_str(said),
            Self::List(values, joined) => values.iter().enumerate().try_for_each(|(at, value)| {
                if at > 0 {
                    f.write_str(joined.english())?;
                }
                value.fmt(f)
            }),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Value {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

impl From<Decimal> for Value {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl From<Date> for Value {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

impl From<Said> for Value {
    fn from(said: Said) -> Self {
        Self::Said(said)
    }
}

impl<V: Into<Value>> From<(Vec<V>, Joined)> for Value {
    fn from((values, joined): (Vec<V>, Joined)) -> Self {
        Self::List(values.into_iter().map(Into::into).collect(), joined)
    }
}

/// A text of the data.
pub(crate) fn data(text: impl Into<String>) -> Value {
    Value::Data(text.into())
}

/// An amount as the data writes it.
pub(crate) fn amount(text: impl Into<String>) -> Value {
    Value::Amount(text.into())
}

/// A rule in words: an amount as the data writes it, where nothing was added.
pub(crate) fn rule(said: Said) -> Value {
    if said.code().is_some() { Value::Said(said) } else { amount(said.as_str()) }
}

/// A territory by its code.
pub(crate) fn territory(code: impl Into<String>) -> Value {
    Value::Territory(code.into())
}

/// A sentence: its text in English, and where the library wrote it, which one it is. Two are the same where their texts are.
#[derive(Clone, Default)]
pub struct Said {
    text: Cow<'static, str>,
    told: Option<Box<Told>>,
}

/// Which sentence, and what was put in.
#[derive(Clone)]
struct Told {
    message: &'static Message,
    values: Vec<(&'static str, Value)>,
}

impl Said {
    /// A sentence of a table, with something in each of its places.
    ///
    /// ```
    /// use tidewaiter::quote::said::Said;
    /// tidewaiter::messages! {
    ///     /// What a door says.
    ///     TABLE
    ///     CLOSED "closed" "The door opens on {day}."
    /// }
    /// let said = Said::of(&CLOSED, [("day", "Monday".into())]);
    /// assert_eq!((said.as_str(), said.code(), TABLE.len()), ("The door opens on Monday.", Some("closed"), 1));
    /// ```
    pub fn of<const N: usize>(message: &'static Message, values: [(&'static str, Value); N]) -> Self {
        Self::told(message, values.into())
    }

    fn told(message: &'static Message, values: Vec<(&'static str, Value)>) -> Self {
        debug_assert!(
            message.places().iter().all(|place| values.iter().any(|(name, _)| name == place))
                && values.iter().all(|(name, _)| message.places().contains(name)),
            "{} takes {:?}",
            message.code,
            message.places()
        );
        let text = if values.is_empty() { message.english.into() } else { filled(message.english, &values).into() };
        Self { text, told: Some(Box::new(Told { message, values })) }
    }

    /// The sentence in English.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The code of the sentence, one of [`MESSAGES`]; none for a text of the data or of the asker.
    pub fn code(&self) -> Option<&'static str> {
        self.told.as_ref().map(|told| told.message.code)
    }

    /// What was put in, by the names of its places.
    pub fn values(&self) -> &[(&'static str, Value)] {
        self.told.as_ref().map_or(&[], |told| &told.values)
    }

    /// The same with another value in one of its places, for a door that has its own word there; itself where it has no such
    /// place.
    #[must_use]
    pub fn with(mut self, place: &str, value: impl Into<Value>) -> Self {
        let Some(told) = &mut self.told else { return self };
        let Some(held) = told.values.iter_mut().find(|(name, _)| *name == place) else { return self };
        held.1 = value.into();
        self.text = filled(told.message.english, &told.values).into();
        self
    }
}

/// A part of a text with places.
enum Piece {
    Plain(&'static str),
    Place(&'static str),
}

fn pieces(english: &'static str) -> impl Iterator<Item = Piece> {
    english.split('{').enumerate().flat_map(|(at, part)| match part.split_once('}').filter(|_| at > 0) {
        Some((name, rest)) => [Piece::Place(name), Piece::Plain(rest)],
        None => [Piece::Plain(part), Piece::Plain("")],
    })
}

fn filled(english: &'static str, values: &[(&'static str, Value)]) -> String {
    let mut out = String::with_capacity(english.len() + 32);
    for piece in pieces(english) {
        match piece {
            Piece::Plain(text) => out.push_str(text),
            Piece::Place(place) => {
                if let Some((_, value)) = values.iter().find(|(name, _)| *name == place) {
                    out.push_str(&value.to_string());
                }
            }
        }
    }
    out
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self { text: text.into(), told: None }
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&'static Message> for Said {
    /// A sentence without places.
    fn from(message: &'static Message) -> Self {
        Self::told(message, Vec::new())
    }
}

impl Deref for Said {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Said {
    /// As the text, with the code before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = self.code() {
            write!(f, "[{code}] ")?;
        }
        fmt::Debug::fmt(&*self.text, f)
    }
}

impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Said {}

impl PartialOrd for Said {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Said {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for Said {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl PartialEq<str> for Said {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for Said {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl PartialEq<String> for Said {
    fn eq(&self, other: &String) -> bool {
        self.text == other.as_str()
    }
}

impl Serialize for Said {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl JsonSchema for Said {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test says so")]

    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_words_and_stand_once() {
        let codes: BTreeSet<&str> = MESSAGES.iter().map(|message| message.code).collect();
        assert_eq!(codes.len(), MESSAGES.len());
        for message in MESSAGES {
            let is_word = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            assert!(is_word(message.code) && message.places().iter().all(|name| is_word(name)), "{message:?}");
            assert_eq!(message.english.matches('{').count(), message.english.matches('}').count(), "{message:?}");
        }
    }

    #[test]
    fn values_stand_in_their_places_and_can_be_replaced() {
        let said =
            Said::of(&message::LOST_ZERO, [("item", 1.into()), ("code", "611".into()), ("whole", "0611".into())]);
        let text = "Item 1: the code 611 has an odd number of digits: is a zero missing at the start (0611)? A spreadsheet drops it.";
        assert_eq!((said.as_str(), said.code()), (text, Some("lost-zero")));
        assert_eq!(said.clone().with("item", 2usize).as_str(), text.replacen('1', "2", 1));
        assert_eq!(said.clone().with("colour", "red"), said, "no such place");
    }

    #[test]
    fn in_json_it_is_its_text() {
        let said = Said::from(&message::SALE_B2C);
        let json = serde_json::to_string(&said).unwrap();
        assert_eq!(json, format!("{:?}", said.as_str()));
        let back: Said = serde_json::from_str(&json).unwrap();
        assert_eq!((&back, back.code()), (&said, None));
        assert_eq!(schemars::schema_for!(Vec<Said>), schemars::schema_for!(Vec<String>));
    }
}
