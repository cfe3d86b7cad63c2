//! Sentences of the library and of the doors, and names of the data, in the language of the page.
//!
//! A sentence that knows its code ([`Said`]) has a message `said-CODE` in every language (`table-said.ftl`,
//! `table-said-doors.ftl`): a test holds the tables of sentences against the files. Names and sentences of the data have none. Those
//! that recur, such as "Customs duty" or "gift up to EUR 45", are found by their English words in `table-names.ftl`, with amounts taken
//! out (`name-gift-up-to-m`); the others stay in English and are marked so.

use super::{Lang, day, decimal, percent};
use crate::say;
use fluent_bundle::FluentValue;
use maud::{Markup, PreEscaped, html};
use tidewaiter::Decimal;
use tidewaiter::quote::said::{Joined, Said, Value};

/// Where the line about English texts goes, once it is known whether there are any.
const NOTICE: &str = "<!--english-->";
/// What stands around the number of a text that stays in English while a sentence is put together: no text of ours has them.
const MARKS: [char; 2] = ['\u{e000}', '\u{e001}'];

/// How an amount of a rule is told; none where it cannot be read.
pub(crate) type Amounts<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Lang {
    /// A sentence of the library in this language; one of the data as [`Self::foreign`] gives it.
    pub(crate) fn said(self, said: &Said) -> Markup {
        self.told(said, &|_| None)
    }

    /// The same with its full stop.
    pub(crate) fn sentence(self, said: &Said) -> Markup {
        match said.code() {
            Some(_) => self.said(said),
            None => self.foreign(&crate::pages::parts::sentence(said)),
        }
    }

    /// A rule in words, whose amounts are told by `amounts`.
    pub(crate) fn told(self, said: &Said, amounts: Amounts<'_>) -> Markup {
        let mut teller = Teller { lang: self, amounts, english: Vec::new() };
        let text = match said.code() {
            Some(_) => teller.said(said),
            None => match amounts(said) {
                Some(told) => told,
                None => return self.foreign(said),
            },
        };
        teller.marked(&text)
    }

    /// What is wrong with a field. What has no code is in the language of the page already: a page said it.
    pub(crate) fn wrong(self, said: &Said) -> Markup {
        if said.code().is_some() {
            self.said(said)
        } else {
            html! { (said.as_str()) }
        }
    }

    /// A sentence as plain text: what stays in English is not marked.
    pub(crate) fn words(self, said: &Said) -> String {
        let mut teller = Teller { lang: self, amounts: &|_| None, english: Vec::new() };
        let text = if said.code().is_some() { teller.said(said) } else { said.to_string() };
        teller
            .english
            .iter()
            .enumerate()
            .fold(text, |text, (at, english)| text.replace(&format!("{}{at}{}", MARKS[0], MARKS[1]), english))
    }

    /// A name or sentence of the data that recurs; none where it is not written in this language.
    pub(crate) fn name(self, english: &str) -> Option<String> {
        if self == Self::FIRST {
            return Some(english.to_owned());
        }
        let keyed = Keyed::of(english);
        let values: Vec<(&'static str, FluentValue<'_>)> =
            keyed.values.iter().map(|(name, value)| (*name, value.told(self).into())).collect();
        let mut told = self.format_whole(&keyed.key, &values)?;
        // A sentence may come with its full stop or without.
        match (english.ends_with('.'), told.ends_with('.')) {
            (true, false) => told.push('.'),
            (false, true) => _ = told.pop(),
            _ => {}
        }
        Some(told)
    }

    /// The place of one line that says that texts of the data are in English: [`Self::with_notice`] puts it there, where some are.
    pub(crate) fn notice(self) -> Markup {
        PreEscaped(if self == Self::FIRST { String::new() } else { NOTICE.to_owned() })
    }

    /// A body with the line about English texts, or without where nothing in it is in English.
    pub(crate) fn with_notice(self, body: Markup) -> Markup {
        if !body.0.contains(NOTICE) {
            return body;
        }
        let line = if body.0.contains(r#"lang="en""#) {
            html! { p.note.small { (say!(self, HOUSE_FOREIGN)) } }.into_string()
        } else {
            String::new()
        };
        PreEscaped(body.0.replacen(NOTICE, &line, 1))
    }
}

/// Puts sentences together.
struct Teller<'a> {
    lang: Lang,
    amounts: Amounts<'a>,
    /// Texts that stay in English, by their numbers between [`MARKS`].
    english: Vec<String>,
}

impl Teller<'_> {
    fn said(&mut self, said: &Said) -> String {
        let Some(code) = said.code() else { return self.data(said) };
        let values: Vec<(&'static str, FluentValue<'static>)> =
            said.values().iter().map(|(name, value)| (*name, self.value(value))).collect();
        // A test looks for those that are not written.
        self.lang.format(&format!("said-{code}"), &values).unwrap_or_else(|| self.data(said))
    }

    fn data(&mut self, english: &str) -> String {
        self.lang.name(english).unwrap_or_else(|| {
            self.english.push(english.to_owned());
            format!("{}{}{}", MARKS[0], self.english.len() - 1, MARKS[1])
        })
    }

    fn value(&mut self, value: &Value) -> FluentValue<'static> {
        match value {
            // A number of its own, for the plural.
            Value::Count(count) => (*count).into(),
            other => self.text(other).into(),
        }
    }

    fn text(&mut self, value: &Value) -> String {
        let lang = self.lang;
        match value {
            Value::Text(text) => text.clone(),
            Value::Data(text) if text.is_empty() => String::new(),
            Value::Data(text) => self.data(text),
            Value::Number(number) => decimal(lang, *number),
            Value::Count(count) => count.to_string(),
            Value::Percent(number) => percent(lang, *number),
            Value::Day(date) => day(lang, *date),
            Value::Territory(code) => lang.territory(code, code),
            Value::Named { code, name } => lang.territory(code, name),
            Value::Place { code, name } => format!("{} ({code})", lang.territory(code, name)),
            Value::Unit { key, name } => {
                lang.find(&format!("unit-{}", key.replace(' ', "-"))).unwrap_or_else(|| self.data(name))
            }
            Value::Amount(text) => (self.amounts)(text).unwrap_or_else(|| self.data(text)),
            Value::Said(said) => self.said(said),
            Value::List(values, joined) => {
                let between = match joined {
                    Joined::Comma => ", ".to_owned(),
                    Joined::Semicolon => lang.semicolon().to_owned(),
                    Joined::And => format!(" {} ", say!(lang, NUMBER_AND)),
                    Joined::Or => format!(" {} ", say!(lang, NUMBER_OR)),
                };
                values.iter().map(|value| self.text(value)).collect::<Vec<_>>().join(&between)
            }
            // What the library learns to say later.
            other => self.data(&other.to_string()),
        }
    }

    /// The text with what is in English marked.
    fn marked(&self, text: &str) -> Markup {
        html! {
            @for (at, part) in text.split(MARKS[0]).enumerate() {
                @match part.split_once(MARKS[1]).filter(|_| at > 0) {
                    Some((number, rest)) => {
                        @if let Some(english) = number.parse().ok().and_then(|at: usize| self.english.get(at)) {
                            (self.lang.foreign(english))
                        }
                        (rest)
                    }
                    None => (part),
                }
            }
        }
    }
}

/// An amount inside a name.
#[derive(Debug, PartialEq, Eq)]
enum Amount {
    Money(String, Decimal),
    Percent(Decimal),
}

impl Amount {
    fn told(&self, lang: Lang) -> String {
        match self {
            Self::Percent(number) => percent(lang, *number),
            Self::Money(currency, number) => {
                say!(lang, NUMBER_MONEY, number = decimal(lang, *number), currency = currency.as_str())
            }
        }
    }
}

/// The message of a name: its words in small letters, each amount of money as `m` and each percentage as `p`.
#[derive(Debug, PartialEq, Eq)]
struct Keyed {
    key: String,
    values: Vec<(&'static str, Amount)>,
}

impl Keyed {
    fn of(english: &str) -> Self {
        let mut this = Self { key: "name".to_owned(), values: Vec::new() };
        let (mut money, mut percents) = (["money", "money-2"].into_iter(), ["percent", "percent-2"].into_iter());
        let mut words = english.split_whitespace().peekable();
        while let Some(word) = words.next() {
            let bare = bare(word);
            let next = words.peek().map(|next| self::bare(next)).unwrap_or_default();
            let currency = bare.len() == 3 && bare.bytes().all(|b| b.is_ascii_uppercase());
            let found = match (number(bare), number(next)) {
                (None, Some(number)) if currency => {
                    money.next().map(|name| (name, "m", Amount::Money(bare.to_owned(), number)))
                }
                (Some(number), None) if next == "%" => percents.next().map(|name| (name, "p", Amount::Percent(number))),
                _ => None,
            };
            match found {
                Some((name, letter, amount)) => {
                    words.next();
                    this.push(letter);
                    this.values.push((name, amount));
                }
                None => word.split(|c: char| !c.is_ascii_alphanumeric()).for_each(|part| this.push(part)),
            }
        }
        this
    }

    fn push(&mut self, word: &str) {
        if !word.is_empty() {
            self.key.push('-');
            self.key.push_str(&word.to_ascii_lowercase());
        }
    }
}

/// A word without the signs around it.
fn bare(word: &str) -> &str {
    word.trim_start_matches(['(', '“']).trim_end_matches([',', '.', ':', ';', ')', '”'])
}

fn number(word: &str) -> Option<Decimal> {
    let is_number = word.starts_with(|c: char| c.is_ascii_digit())
        && word.bytes().all(|b| b.is_ascii_digit() || b == b',' || b == b'.');
    is_number.then(|| word.replace(',', "").parse().ok()).flatten()
}

#[cfg(test)]
mod tests;
