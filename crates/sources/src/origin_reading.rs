//! Reading regular product rules: what must change, how much may be foreign, how much must be made there.
//!
//! [`read`] understands a rule only where it understands every word of it. Anything else is `None`: the rule stays text.
//! The result is shown in short words, the same for all agreements:
//!
//! | word | meaning |
//! |---|---|
//! | `CC`, `CTH`, `CTSH` | the foreign materials are of another chapter, heading, subheading than the product |
//! | `any heading` | materials of any heading may be used |
//! | `… except 2207 2208` | but not these |
//! | `… (same heading up to 20 %)` | materials of the product's own heading may be used up to this share |
//! | `MaxNOM 40 %` | foreign materials are worth at most this share of the product |
//! | `MaxNOM 30 % of 17` | those of these codes, at most; `of the same heading` likewise |
//! | `NOM <= OM` | foreign materials are worth no more than originating ones |
//! | `RVC 40 %` | regional value content of at least this share |
//! | `QVC standard` | the qualifying value content that the agreement calls standard |
//! | `WO` | wholly obtained; `WO of 4` only materials of these codes must be |
//! | `from 7206` | made from materials of these codes |
//!
//! Parts are joined by ` and `, alternatives within one rule by ` or `. The share is of the ex-works price unless words
//! in brackets say otherwise.

mod cursor;

use cursor::Cursor;
use jiff::civil::Date;
use std::fmt;
use tidewaiter::Decimal;

/// The size of step that a change of classification must make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Another chapter (2 digits).
    Chapter,
    /// Another heading (4 digits).
    Heading,
    /// Another subheading (6 digits).
    Subheading,
}

/// One requirement of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Foreign materials are classified elsewhere than the product.
    Change {
        /// By how much.
        step: Step,
        /// Codes from which the change does not count.
        except: Vec<String>,
        /// Most of the ex-works price, in percent, that materials of the product's own heading may be worth.
        same_heading: Option<Decimal>,
    },
    /// Materials of any heading may be used.
    AnyHeading {
        /// Codes that may not.
        except: Vec<String>,
    },
    /// The most that foreign materials may be worth, in percent.
    MaxNom {
        /// In percent.
        percent: Decimal,
        /// Only materials of these codes; all when empty.
        of: Vec<String>,
        /// Only materials of the product's own heading.
        same_heading: bool,
        /// Of what, where the rule says something else than the ex-works price: `of a value not stated`.
        basis: Option<&'static str>,
    },
    /// Foreign materials are worth no more than originating ones.
    NomUpToOm,
    /// The least regional value content, in percent.
    Rvc {
        /// In percent.
        percent: Decimal,
        /// How it is counted.
        method: &'static str,
    },
    /// The qualifying value content that the agreement calls standard.
    QvcStandard,
    /// Wholly obtained.
    WhollyObtained {
        /// Only materials of these codes; the product itself when empty.
        of: Vec<String>,
    },
    /// Made from materials of these codes.
    From {
        /// The codes.
        codes: Vec<String>,
    },
}

/// A rule that was read: alternatives, each a list of requirements that must all be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading(pub Vec<Vec<Test>>);

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chapter => "CC",
            Self::Heading => "CTH",
            Self::Subheading => "CTSH",
        })
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, word: &str, codes: &[String]| {
            if codes.is_empty() { Ok(()) } else { write!(f, " {word} {}", codes.join(" ")) }
        };
        match self {
            Self::Change { step, except, same_heading } => {
                write!(f, "{step}")?;
                list(f, "except", except)?;
                same_heading.map_or(Ok(()), |share| write!(f, " (same heading up to {share} %)"))
            }
            Self::AnyHeading { except } => {
                f.write_str("any heading")?;
                list(f, "except", except)
            }
            Self::MaxNom { percent, of, same_heading, basis } => {
                write!(f, "MaxNOM {percent} %")?;
                if *same_heading {
                    f.write_str(" of the same heading")?;
                }
                list(f, "of", of)?;
                basis.map_or(Ok(()), |basis| write!(f, " ({basis})"))
            }
            Self::NomUpToOm => f.write_str("NOM <= OM"),
            Self::Rvc { percent, method } => {
                write!(f, "RVC {percent} %")?;
                if method.is_empty() { Ok(()) } else { write!(f, " ({method})") }
            }
            Self::QvcStandard => f.write_str("QVC standard"),
            Self::WhollyObtained { of } => {
                f.write_str("WO")?;
                list(f, "of", of)
            }
            Self::From { codes } => write!(f, "from {}", codes.join(" ")),
        }
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, tests) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str(" or ")?;
            }
            for (m, test) in tests.iter().enumerate() {
                if m > 0 {
                    f.write_str(" and ")?;
                }
                write!(f, "{test}")?;
            }
        }
        Ok(())
    }
}

/// Most characters of a rule that is tried; longer ones stay text.
pub const LONGEST: usize = 4_000;

/// The rule without markup: tags, emphasis and links taken away, their words kept; `&nbsp;` a space; line breaks kept.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        // No tag or link is longer: what is searched stays short whatever the text.
        let near = start(after, 400);
        if c == '<'
            && after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
            && let Some(end) = near.find('>')
        {
            if after.starts_with("br") {
                out.push('\n');
            }
            rest = &after[end + 1..];
            continue;
        }
        if let Some(next) = rest.strip_prefix("&nbsp;") {
            out.push(' ');
            rest = next;
            continue;
        }
        if let Some(next) = rest.strip_prefix("&amp;") {
            out.push('&');
            rest = next;
            continue;
        }
        if c == '*' {
            rest = after;
            continue;
        }
        if c == '[' {
            // [words](address)
            let link = near.find("](").and_then(|mid| {
                let address = &after[mid + 2..];
                start(address, 400).find(')').map(|end| (&after[..mid], &address[end + 1..]))
            });
            if let Some((words, next)) = link.filter(|(words, _)| !words.contains('[')) {
                out.push_str(&words.replace("&nbsp;", " "));
                rest = next;
                continue;
            }
        }
        out.push(match c {
            '\u{a0}' => ' ',
            '\u{2010}' | '\u{2011}' => '-',
            c => c,
        });
        rest = after;
    }
    out
}

/// The first bytes of a text, whole characters.
fn start(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Lower case, one space between words, no full stop or comma at the end.
fn words(text: &str) -> String {
    let lower = plain(text).to_lowercase().replace("ex- work", "ex-work").replace('’', "'");
    let mut out = String::with_capacity(lower.len());
    for word in lower.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    let end = out.trim_end_matches(['.', ',', ';', ' ']).len();
    out.truncate(end);
    out
}

/// The period that a rule of one paragraph ends with, and the words before it: `… (until 31 December 2023).`
///
/// The second date is the first day that is no longer in the period.
pub fn period(rule: &str) -> Option<(Option<Date>, Option<Date>, String)> {
    if rule.len() > LONGEST {
        return None;
    }
    let text = plain(rule);
    if text.trim().contains("\n\n") {
        return None;
    }
    let (words, inside) = text.trim_end_matches(['.', ' ']).strip_suffix(')')?.rsplit_once('(')?;
    let inside = inside.trim();
    let inside = inside.strip_prefix("for the period ").unwrap_or(inside);
    let (from, last) = if let Some(last) = inside.strip_prefix("until ") {
        (None, Some(day(last)?))
    } else if let Some(from) = inside.strip_suffix(" onwards") {
        (Some(day(from)?), None)
    } else {
        let range = inside.strip_prefix("from ").unwrap_or(inside);
        let (from, last) = range.split_once(" until ").or_else(|| range.split_once(" to "))?;
        (Some(day(from)?), Some(day(last)?))
    };
    let before = match last {
        Some(last) => Some(last.tomorrow().ok()?),
        None => None,
    };
    Some((from, before, words.trim_end().to_owned()))
}

/// `31 December 2023`, `1st Jan 2021`.
fn day(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let mut words = text.split_whitespace();
    let (day, month, year) = (words.next()?, words.next()?.to_lowercase(), words.next()?);
    if words.next().is_some() || month.len() < 3 || year.len() != 4 {
        return None;
    }
    let day = day.trim_end_matches(|c: char| c.is_ascii_lowercase()).parse().ok()?;
    let month = (1i8..).zip(MONTHS).find(|(_, name)| name.starts_with(&month))?.0;
    Date::new(year.parse().ok()?, month, day).ok()
}

/// Reads a rule, where every word of it is understood.
pub fn read(rule: &str) -> Option<Reading> {
    if rule.len() > LONGEST {
        return None;
    }
    let text = words(rule);
    let mut cursor = Cursor { rest: &text };
    let mut alternatives = vec![cursor.rule()?];
    while cursor.eat_one(&[" or manufacture", ", or manufacture", "; or manufacture"]) {
        alternatives.push(cursor.manufacture()?);
    }
    cursor.rest.is_empty().then_some(Reading(alternatives))
}

#[cfg(test)]
mod tests;
