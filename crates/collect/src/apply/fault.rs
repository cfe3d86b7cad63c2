//! What is wrong with an application, by codes that each language has words for.

use jiff::civil::Date;
use serde::Serialize;
use std::fmt;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wrong {
    /// Key of the field.
    pub field: String,
    /// What is wrong.
    pub fault: Fault,
    /// What was likely meant, the likeliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub likely: Vec<String>,
}

impl Wrong {
    /// Of a field.
    pub fn new(field: &str, fault: Fault) -> Self {
        Self { field: field.chars().take(100).collect(), fault, likely: Vec::new() }
    }
}

/// What may be wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// A field that must be filled in is empty.
    Missing,
    /// More characters than this.
    TooLong(usize),
    /// Characters that cannot be seen.
    Unseen,
    /// No e-mail address.
    NotEmail,
    /// No telephone number.
    NotPhone,
    /// This is no address of a web site.
    NotUrl(String),
    /// No country.
    NotCountry,
    /// No day.
    NotDay,
    /// Neither yes nor no.
    NotYesNo,
    /// No amount.
    NotAmount,
    /// A number whose check digits or shape do not fit, with what is wrong in English.
    Number(String),
    /// The form does not ask for it.
    NotAsked,
    /// None of the values that the authority takes.
    NotAmong(Vec<String>),
    /// A value that the authority does not take.
    Refused(String),
    /// A day before the first or after the last that the authority takes.
    DayOutside(Date, Date),
    /// Another registered seller has the same.
    Taken,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.fault)?;
        if !self.likely.is_empty() {
            write!(f, "; did you mean {}?", self.likely.join(" or "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("this must be filled in"),
            Self::TooLong(most) => write!(f, "it has more than {most} characters; shorten it"),
            Self::Unseen => f.write_str("it has characters that cannot be seen; write it again"),
            Self::NotEmail => f.write_str("this is no e-mail address; write it as name@example.com"),
            Self::NotPhone => {
                f.write_str("this is no telephone number; write + and the country's number first: +353 1 234 5678")
            }
            Self::NotUrl(text) => write!(f, "\"{text}\" is no address of a web site; write it as https://shop.example"),
            Self::NotCountry => f.write_str("this is no country; write its two letters, such as IE"),
            Self::NotDay => f.write_str("this is no day; write year, month and day: 2026-10-31"),
            Self::NotYesNo => f.write_str("write yes or no"),
            Self::NotAmount => f.write_str("this is no amount; write digits, with a point before the cents: 1250.50"),
            Self::Number(says) => f.write_str(says),
            Self::NotAsked => f.write_str("the form does not ask for this; leave it out"),
            Self::NotAmong(values) => write!(f, "the authority takes one of: {}", values.join(", ")),
            Self::Refused(value) => write!(f, "the authority does not take \"{value}\" here"),
            Self::DayOutside(first, last) => write!(f, "the day must be from {first} to {last}"),
            Self::Taken => f.write_str("another registered seller has the same; ask the authority where it is yours"),
        }
    }
}
