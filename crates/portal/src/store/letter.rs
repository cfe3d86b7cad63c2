//! A correction as it is sent, and what is wrong with it.

use crate::desk::Book;
use crate::problem::{Wrong, message};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tidewaiter::quote::said::Said;

/// Longest texts, in letters and signs.
const LONGEST: usize = 4_000;
/// Longest address.
const LONGEST_ADDRESS: usize = 500;
/// Longest name, key or contact.
const LONGEST_NAME: usize = 200;
/// Shortest text that can say what is wrong.
const SHORTEST: usize = 10;

/// What somebody says is wrong in the data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["what", "source"]))]
pub struct Letter {
    /// Code of the economy it is about, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub territory: Option<String>,
    /// Key of the fact it is about, where it is about one: as in `sources` of a quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub fact: Option<String>,
    /// What is wrong, and what would be right: 10 to 4,000 letters and signs.
    #[schemars(length(min = 10, max = 4000))]
    pub what: String,
    /// Address of an official source that says so: `https://…`.
    #[schemars(length(max = 500), regex(pattern = "^\\s*[Hh][Tt][Tt][Pp][Ss]?://"))]
    pub source: String,
    /// Where the writer can be asked, if they like: it is kept with the letter, read by those who run the service, and shown to nobody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub contact: Option<String>,
}

impl Letter {
    /// The same without spaces around and empty fields, and what is wrong with it.
    ///
    /// # Errors
    /// Each field that is wrong.
    pub(super) fn checked(self, book: &Book) -> Result<Self, Vec<Wrong>> {
        let given = |text: Option<String>| text.map(|text| written(&text)).filter(|text| !text.is_empty());
        let letter = Self {
            territory: given(self.territory).map(|code| code.to_ascii_uppercase()),
            fact: given(self.fact),
            what: written(&self.what),
            source: self.source.trim().to_owned(),
            contact: given(self.contact),
        };
        let mut wrong = Vec::new();
        let mut fail = |field: &str, value: &str, message: Said| {
            wrong.push(Wrong { field: field.to_owned(), value: value.chars().take(60).collect(), message });
        };
        if let Some(code) = &letter.territory
            && !book.territories().contains_key(code)
        {
            fail("territory", code, (&message::LETTER_TERRITORY).into());
        }
        if let Some(key) = &letter.fact
            && (key.len() > LONGEST_NAME || book.fact(key).is_none())
        {
            fail("fact", key, (&message::LETTER_FACT).into());
        }
        if !(SHORTEST..=LONGEST).contains(&letter.what.chars().count()) {
            let message = Said::of(&message::LETTER_WHAT, [("least", SHORTEST.into()), ("most", LONGEST.into())]);
            fail("what", &letter.what, message);
        }
        if !is_address(&letter.source) {
            fail("source", &letter.source, (&message::LETTER_SOURCE).into());
        }
        if let Some(contact) = letter.contact.as_ref().filter(|text| text.chars().count() > LONGEST_NAME) {
            fail("contact", contact, Said::of(&message::LETTER_CONTACT, [("most", LONGEST_NAME.into())]));
        }
        if wrong.is_empty() { Ok(letter) } else { Err(wrong) }
    }
}

/// A text without spaces around it and without control characters but ends of lines: a database need not take them.
fn written(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

fn is_address(text: &str) -> bool {
    let uri = || text.parse::<axum::http::Uri>().ok();
    text.len() <= LONGEST_ADDRESS
        && uri().is_some_and(|uri| {
            matches!(uri.scheme_str(), Some("https" | "http")) && uri.host().is_some_and(|host| host.contains('.'))
                // A name before the host is there to deceive.
                && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Held;

    #[test]
    fn each_wrong_field_is_named() {
        let book = Book::new(Held::Embedded(tidewaiter_data::ratebook()));
        let good = Letter {
            what: "  The standard rate is 21 % since January.  ".into(),
            source: "https://law.example/act".into(),
            contact: Some("  ".into()),
            ..Letter::default()
        };
        let checked = good.clone().checked(&book).unwrap();
        assert_eq!((checked.what.as_str(), checked.contact), ("The standard rate is 21 % since January.", None));
        let bad = Letter {
            territory: Some("qq".into()),
            fact: Some("no.such".into()),
            what: "wrong".into(),
            source: "javascript:alert(1)".into(),
            contact: Some("x".repeat(201)),
        };
        let wrong = bad.checked(&book).unwrap_err();
        let fields: Vec<&str> = wrong.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["territory", "fact", "what", "source", "contact"]);
    }
}
