//! Fields of addresses, and what each may hold.

use super::fields::wrong;
use crate::form;
use tidewaiter::Decimal;
use tidewaiter::goods::GoodsCode;

/// A field of an address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// Its name.
    pub(super) name: &'static str,
    /// What it is, for the reader of the OpenAPI document.
    pub(super) about: &'static str,
    /// What it may hold.
    pub(super) kind: Kind,
    /// Whether it may be repeated.
    pub(super) many: bool,
    /// Whether it must be there.
    pub(super) required: bool,
    /// A value of the example that runs.
    pub(super) example: Option<&'static str>,
}

impl Field {
    /// A field that may be left out.
    pub(super) const fn new(name: &'static str, about: &'static str, kind: Kind) -> Self {
        Self { name, about, kind, many: false, required: false, example: None }
    }

    /// The same, repeated.
    pub(super) const fn many(self) -> Self {
        Self { many: true, ..self }
    }

    /// The same, which must be there.
    pub(super) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The same, with its part of the example.
    pub(super) const fn like(self, example: &'static str) -> Self {
        Self { example: Some(example), ..self }
    }
}

/// What a field may hold. An empty value is a field of a form that was not filled in, and counts as absent.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Text of at most so many letters.
    Text(usize),
    /// Code of a territory.
    Territory,
    /// Code of a currency.
    Currency,
    /// A goods code.
    Code,
    /// A day.
    Day,
    /// An amount, not below zero.
    Amount,
    /// Yes or no.
    Yes,
    /// A whole number between two.
    Whole(i64, i64),
    /// One of some words.
    Choice(&'static [&'static str]),
    /// Name of a fact and yes or no.
    Fact,
    /// A question about goods and its answer, of one item or of all.
    Answer,
    /// Earlier parcels of a period: how many, and worth how much.
    History,
    /// Two currencies and the rate between them.
    Rate,
}

impl Kind {
    /// The form of a value as a regular expression, for the OpenAPI document.
    pub(super) const fn pattern(&self) -> Option<&'static str> {
        match self {
            Self::Territory => Some("^([A-Za-z][A-Za-z-]{1,11})?$"),
            Self::Currency => Some("^([A-Za-z]{3})?$"),
            Self::Code => Some("^([0-9]([. ]?[0-9]){1,11})?$"),
            Self::Day => Some("^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?$"),
            Self::Amount => Some("^([0-9]{1,15}(\\.[0-9]{1,12})?)?$"),
            Self::Yes => Some("^(yes|no|true|false|1|0|on|off)?$"),
            Self::Fact => Some("^([a-z0-9][a-z0-9.-]*:(yes|no|true|false))?$"),
            Self::Answer => Some("^(([1-9][0-9]{0,2}:)?[0-9a-z][0-9a-z._-]*:[0-9a-z._-]*)?$"),
            Self::History => Some("^((day|month|quarter|half-year|year):[0-9]{1,9}:[0-9]{1,15}(\\.[0-9]{1,12})?)?$"),
            Self::Rate => Some("^([A-Za-z]{3}:[A-Za-z]{3}:[0-9]{1,15}(\\.[0-9]{1,12})?)?$"),
            Self::Text(_) | Self::Whole(..) | Self::Choice(_) => None,
        }
    }

    /// Longest value, in bytes, where it is a text.
    pub(super) const fn longest(&self) -> usize {
        match self {
            Self::Text(letters) => *letters * 4,
            _ => 0,
        }
    }

    /// Whether a value can be read.
    ///
    /// # Errors
    /// What was expected.
    pub(super) fn check(&self, value: &str) -> Result<(), String> {
        let must = |holds: bool, message: &str| if holds { Ok(()) } else { Err(message.to_owned()) };
        if let Self::Whole(least, most) = self {
            let read = value.parse::<i64>().is_ok_and(|number| (*least..=*most).contains(&number));
            return must(read && plain(value), &format!("must be a whole number from {least} to {most}"));
        }
        if let Self::Choice(values) = self {
            return must(values.contains(&value), &format!("must be {}", one_of(values)));
        }
        if value.is_empty() {
            return Ok(());
        }
        match self {
            Self::Text(most) => {
                must(value.chars().count() <= *most, &format!("is longer than {most} letters and signs"))
            }
            Self::Territory => {
                let letters = |text: &str| text.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
                let fits = (2..=12).contains(&value.len()) && letters(value) && !value.starts_with('-');
                must(fits, "must be the code of a territory such as FR or CN; /v1/territories lists them")
            }
            Self::Currency => must(is_currency(value), "must be the three letters of a currency such as EUR"),
            Self::Code => value.parse::<GoodsCode>().map(|_| ()).map_err(|error| error.to_string()),
            Self::Day => must(is_day(value), "must be a day such as 2026-11-22"),
            Self::Amount => amount(value),
            Self::Yes => {
                must(matches!(value, "yes" | "no" | "true" | "false" | "1" | "0" | "on" | "off"), "must be yes or no")
            }
            Self::Fact => {
                let parts = value.rsplit_once(':');
                let fits =
                    parts.is_some_and(|(name, said)| is_name(name) && matches!(said, "yes" | "no" | "true" | "false"));
                must(fits, "must be the name of a fact and yes or no: personal-use:yes")
            }
            Self::Answer => {
                let fits = said(value).is_some();
                must(
                    fits,
                    "must be a question and its answer, after the number of the item where it is for one: made-of:cotton or 2:made-of:cotton",
                )
            }
            Self::History => {
                let parts: Vec<&str> = value.split(':').collect();
                let fits = matches!(parts.as_slice(), [period, parcels, goods]
                    if matches!(*period, "day" | "month" | "quarter" | "half-year" | "year")
                        && plain(parcels) && parcels.len() <= 9 && amount(goods).is_ok());
                must(
                    fits,
                    "must be a period (day, month, quarter, half-year or year), a number of parcels and their value: month:3:250",
                )
            }
            Self::Rate => {
                let parts: Vec<&str> = value.split(':').collect();
                let fits = matches!(parts.as_slice(), [from, to, rate]
                    if is_currency(from) && is_currency(to) && amount(rate).is_ok());
                must(fits, "must be two currencies and how many of the second one of the first is: EUR:CNY:7.8")
            }
            Self::Whole(..) | Self::Choice(_) => Ok(()),
        }
    }
}

/// An answer about goods: the number of the item where it is for one, the question, the answer; an empty answer where it is not known.
pub(super) fn said(value: &str) -> Option<crate::suggest::Said> {
    let (item, rest) = match value.split_once(':') {
        Some((number, rest)) if plain(number) && rest.contains(':') => {
            (Some(number.parse().ok().filter(|item| (1..=999).contains(item))?), rest)
        }
        _ => (None, value),
    };
    let (question, answer) = rest.split_once(':')?;
    let word = |text: &str| {
        text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase() || matches!(b, b'.' | b'_' | b'-'))
    };
    let fits = !question.is_empty() && word(question) && word(answer);
    fits.then(|| crate::suggest::Said { item, question: question.to_owned(), answer: answer.to_owned() })
}

/// Whether a text is digits alone.
fn plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-')
        && text.bytes().next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic())
}

/// A day of the calendar, written in full: shorter forms are dates to some readers and numbers to others.
fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok_and(|day| day.to_string() == text)
}

fn amount(text: &str) -> Result<(), String> {
    form::amount(text, None).map(|_: Decimal| ()).map_err(|said| said.to_string())
}

/// `post, express or freight`.
fn one_of(values: &[&str]) -> String {
    match values {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        [only] => (*only).to_owned(),
        _ => String::new(),
    }
}

/// The error of a goods code in the path.
pub(super) fn goods_code(text: &str) -> Result<GoodsCode, crate::problem::Problem> {
    let read = if text.len() > 40 { Err("is too long for a goods code".to_owned()) } else { Ok(()) };
    read.and_then(|()| text.parse::<GoodsCode>().map_err(|error| error.to_string()))
        .map_err(|message| crate::problem::Problem::fields(vec![wrong("code", text, message)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_they_must_be() {
        let is = |kind: Kind, value: &str| kind.check(value).is_ok();
        assert!(is(Kind::Territory, "fr") && is(Kind::Territory, "IT-LIVIGNO"));
        assert!(!is(Kind::Territory, "F") && !is(Kind::Territory, "F1") && !is(Kind::Territory, "-FR"));
        assert!(is(Kind::Day, "2026-11-22") && is(Kind::Day, ""));
        assert!(!is(Kind::Day, "2026-02-30") && !is(Kind::Day, "20261122") && !is(Kind::Day, "2026-11-22T00:00"));
        assert!(is(Kind::Amount, "12.50") && !is(Kind::Amount, "-1") && !is(Kind::Amount, "1,5"));
        assert!(is(Kind::Whole(1, 50), "50") && !is(Kind::Whole(1, 50), "51") && !is(Kind::Whole(1, 50), "+5"));
        assert!(is(Kind::Choice(&["post", "express"]), "post"));
        assert_eq!(Kind::Choice(&["a", "b", "c"]).check("x"), Err("must be a, b or c".to_owned()));
        assert!(is(Kind::Fact, "personal-use:yes") && !is(Kind::Fact, "personal-use"));
        assert!(is(Kind::History, "month:3:250") && !is(Kind::History, "week:3:250"));
        assert!(is(Kind::Rate, "EUR:CNY:7.8") && !is(Kind::Rate, "EUR:7.8"));
    }

    #[test]
    fn an_answer_is_of_one_item_or_of_all() {
        let read = |text: &str| said(text).map(|one| (one.item, one.question, one.answer));
        let of = |item, question: &str, answer: &str| Some((item, question.to_owned(), answer.to_owned()));
        assert_eq!(read("made-of:cotton"), of(None, "made-of", "cotton"));
        assert_eq!(read("2:made-of:cotton"), of(Some(2), "made-of", "cotton"));
        assert_eq!(read("made-of:"), of(None, "made-of", ""), "it is not known");
        assert_eq!(read("made-of"), None);
        assert_eq!(read("0:made-of:cotton"), None);
    }
}
