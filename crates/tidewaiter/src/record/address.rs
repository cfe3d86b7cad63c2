//! Addresses of sources: links to the web and nothing else. A page that shows the data makes a link of each, and a link may not run a script.

use serde::{Deserialize as _, Deserializer};

/// Longest address, in bytes.
const LONGEST: usize = 2_000;

/// Whether a text is an address of the web, without spaces and control characters.
///
/// ```
/// use tidewaiter::record::address::is_web;
/// assert!(is_web("https://law.example/act/12"));
/// assert!(!is_web("javascript:alert(1)") && !is_web("law.example") && !is_web("https://"));
/// ```
pub fn is_web(text: &str) -> bool {
    let begins = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let rest = ["https://", "http://"].iter().find(|scheme| begins(scheme)).and_then(|scheme| text.get(scheme.len()..));
    text.len() <= LONGEST
        && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#']))
        && !text.chars().any(|c| c.is_control() || c.is_whitespace())
}

fn checked<E: serde::de::Error>(text: String) -> Result<String, E> {
    if is_web(&text) {
        return Ok(text);
    }
    let shown: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    Err(E::custom(format!(
        "url \"{shown}\" is no address of the web: it must begin with https:// or http:// and have no spaces"
    )))
}

/// Reads an address that may be absent.
pub(super) fn maybe<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<String>, D::Error> {
    Option::<String>::deserialize(reader)?.map(checked).transpose()
}

/// Reads an address that may be empty.
pub(super) fn or_empty<'de, D: Deserializer<'de>>(reader: D) -> Result<String, D::Error> {
    let text = String::deserialize(reader)?;
    if text.is_empty() { Ok(text) } else { checked(text) }
}

#[cfg(test)]
mod tests {
    use crate::record::fact::Source;

    #[test]
    fn a_source_has_an_address_of_the_web_or_none() {
        let read = |url: &str| toml::from_str::<Source>(&format!("publisher = \"P\"\nurl = {url:?}\n"));
        for good in ["https://law.example/act?a=1#b", "HTTP://law.example", "http://192.0.2.1:8080/"] {
            assert_eq!(read(good).unwrap().url.as_deref(), Some(good));
        }
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://law.example",
            "//law.example",
            "https://",
            "https:///x",
            "https://a b",
            "",
        ] {
            let error = read(bad).unwrap_err().to_string();
            assert!(error.contains("must begin with https:// or http://"), "{bad}: {error}");
        }
        assert_eq!(toml::from_str::<Source>("publisher = \"P\"").unwrap().url, None);
    }
}
