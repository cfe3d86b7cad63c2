//! Finding the rules that decide where goods are made, and what a trader must hold to claim a preference.
//!
//! [`for_code`] finds the rules of one scheme for a goods code, the most specific heading first. [`Book`] groups the
//! entries of one or more editions once and answers the whole question: which schemes are open to goods of this origin on
//! this day ([`availability`]), with which proofs, rules and cumulation ([`Book::answers`]). [`Book::cite`] puts beside a quote the
//! rules of the preferences that it speaks of.
//!
//! What a list does not say is said to be missing, never filled in.

mod book;
mod cite;
mod span;

pub use book::{Answer, Article, Book, Cumulation, Declaration, Proof, Rule};
pub use cite::Goods;
pub use span::{Heading, Span, WIDTH, heading};

use crate::Entry;
use crate::origin_reading::plain;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use span::is_ex;
use std::collections::BTreeMap;
use tidewaiter::record::edition::{OriginRule, Program, Text};
use tidewaiter::record::{Fact, Places};

/// Field of a scheme's text that names its scheme.
pub const SCHEME: &str = "scheme";
/// Field of a scheme's text that says what it is: one of the `LIST_` words.
pub const LIST: &str = "list";
/// A proof of origin.
pub const LIST_PROOF: &str = "proof";
/// How a proof is declared.
pub const LIST_PROOF_CODE: &str = "proof-code";
/// A kind of cumulation and its places.
pub const LIST_CUMULATION: &str = "cumulation";
/// An article of the origin reference document.
pub const LIST_ARTICLE: &str = "article";
/// A page to read.
pub const LIST_LINK: &str = "link";
/// What else is said of the scheme.
pub const LIST_DETAILS: &str = "details";

/// Whether a rule is published for some goods of its heading only ("ex"), so that the words must be read too.
pub fn is_partial(rule: &OriginRule) -> bool {
    rule.heading.as_deref().is_some_and(|heading| is_ex(heading.trim_start()))
}

/// A rule that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'a> {
    /// The rule.
    pub rule: &'a OriginRule,
    /// The codes that made it fit.
    pub span: Span,
    /// Whether the heading is an "ex" heading.
    pub partial: bool,
    /// Whether the code asked for is wider than the rule's codes: the rule is for some of its goods only.
    pub wider: bool,
}

/// A rule with its codes read.
#[derive(Debug)]
struct Ready<'a> {
    rule: &'a OriginRule,
    spans: Vec<Span>,
    partial: bool,
}

impl<'a> Ready<'a> {
    fn new(rule: &'a OriginRule) -> Self {
        let spans = if rule.codes.is_empty() {
            vec![Span { low: 0, high: 10u64.pow(12) - 1 }]
        } else {
            rule.codes.iter().filter_map(|text| Span::parse(text)).collect()
        };
        Self { rule, spans, partial: is_partial(rule) }
    }

    fn fits(&self, code: Span) -> Option<Found<'a>> {
        let spans = self.spans.iter().copied().filter(|span| span.meets(code));
        let span = spans.min_by_key(|span| (!span.covers(code), span.width()))?;
        Some(Found { rule: self.rule, span, partial: self.partial, wider: !span.covers(code) })
    }
}

/// The rules of a scheme for a goods code (2 to 12 digits, points allowed): the most specific codes first, then in the order
/// of the file. A heading with "ex" stands after a whole heading of the same codes. Nothing that fits is dropped: a
/// rule for a part of a short code is found too, after those that cover it.
pub fn find<'a>(entries: impl IntoIterator<Item = &'a Entry>, scheme: &str, code: &str) -> Vec<Found<'a>> {
    let Some(code) = Span::parse(code).filter(|span| span.low == span.high || !code.contains('-')) else {
        return Vec::new();
    };
    let rules = entries.into_iter().filter_map(|entry| match entry {
        Entry::OriginRule(rule) if rule.scheme == scheme => Some(rule),
        _ => None,
    });
    sorted(rules.filter_map(|rule| Ready::new(rule).fits(code)))
}

fn sorted<'a>(found: impl Iterator<Item = Found<'a>>) -> Vec<Found<'a>> {
    let mut found: Vec<Found<'a>> = found.collect();
    // A stable sort: the order of the file stays within one heading.
    found.sort_by_key(|f| (f.wider, f.span.width(), f.partial));
    found
}

/// [`find`], the rules alone.
pub fn for_code<'a>(entries: &'a [Entry], scheme: &str, code: &str) -> Vec<&'a OriginRule> {
    find(entries, scheme, code).into_iter().map(|found| found.rule).collect()
}

/// Whether a rule holds on a day.
pub fn in_force(rule: &OriginRule, date: Date) -> bool {
    rule.from.is_none_or(|from| from <= date) && rule.before.is_none_or(|before| date < before)
}

/// Whether a programme may be claimed for goods of an origin on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Availability {
    /// The origin is a member and the day is within the dates.
    Available,
    /// The origin is a member, but the file gives no dates: whether it holds that day must be checked.
    Undated,
    /// The origin is a member, but the programme begins later.
    NotYet,
    /// The origin is a member, but the programme is over.
    NoLonger,
    /// The origin is not a member.
    OtherOrigin,
}

/// Whether a scheme is available for goods of this origin on this date. `origin` is a code of `territories.toml`; groups
/// are not opened, a programme lists its members.
pub fn availability(program: &Program, origin: &str, date: Date) -> Availability {
    let member = match &program.origin {
        Places::One(place) => place == origin || place == "all",
        Places::Many(places) => places.iter().any(|place| place == origin || place == "all"),
    };
    if !member {
        Availability::OtherOrigin
    } else if program.from.is_some_and(|from| date < from) {
        Availability::NotYet
    } else if program.before.is_some_and(|before| date >= before) {
        Availability::NoLonger
    } else if program.from.is_none() && program.before.is_none() {
        Availability::Undated
    } else {
        Availability::Available
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn rule(codes: &[&str], heading: &str, says: &str) -> Entry {
        Entry::OriginRule(OriginRule {
            scheme: "q.x".into(),
            codes: codes.iter().map(|c| (*c).to_owned()).collect(),
            heading: Some(heading.into()),
            says: says.into(),
            classes: Vec::new(),
            alternative: None,
            from: None,
            before: None,
            cites: Vec::new(),
            other: BTreeMap::new(),
        })
    }

    #[test]
    fn reads_headings_as_published() {
        let span = |low, high| Span { low, high };
        for (text, ex, low, high) in [
            ("ex Chapter 20", true, 200_000_000_000, 209_999_999_999),
            ("Ex Chapter 3", true, 30_000_000_000, 39_999_999_999),
            ("Chapter 1", false, 10_000_000_000, 19_999_999_999),
            ("2106.90", false, 210_690_000_000, 210_690_999_999),
            ("0901 to 0905", false, 90_100_000_000, 90_599_999_999),
            ("290549-2942", false, 290_549_000_000, 294_299_999_999),
            ("3304 -3307", false, 330_400_000_000, 330_799_999_999),
            ("ex 560750", true, 560_750_000_000, 560_750_999_999),
            ("01", false, 10_000_000_000, 19_999_999_999),
        ] {
            assert_eq!(heading(text), Some(Heading { ex, span: span(low, high) }), "{text}");
        }
        for bad in [
            "",
            "ex",
            "ex ",
            "Chapter",
            "Chapter 100",
            "Chapter x",
            "1",
            "2942-2905",
            "12345678901234567890",
            "über 1",
            "Chapter é",
        ] {
            assert_eq!(heading(bad), None, "{bad}");
        }
    }

    #[test]
    fn writes_ranges_as_short_as_can_be_and_back() {
        for text in ["61", "0901", "0901-0905", "290549-294299", "6101000010-6101000020", "01-05"] {
            let span = Span::parse(text).unwrap();
            assert_eq!(span.written(), text);
            assert_eq!(Span::parse(&span.written()), Some(span));
        }
        assert_eq!(Span::parse("290549-2942").unwrap().written(), "290549-294299");
        assert_eq!(Span::parse("9619.00.31-9619.00.33").unwrap().written(), "96190031-96190033");
    }

    #[test]
    fn the_most_specific_heading_comes_first_and_nothing_is_dropped() {
        let entries = [
            rule(&["61"], "Chapter 61", "chapter"),
            rule(&["6109-6111"], "ex Chapter 61", "ex range"),
            rule(&["6109"], "ex 6109", "ex heading"),
            rule(&["6109"], "6109", "heading"),
            rule(&["610910"], "610910", "subheading"),
            rule(&["62"], "Chapter 62", "other"),
        ];
        let says = |code| for_code(&entries, "q.x", code).into_iter().map(|r| r.says.as_str()).collect::<Vec<_>>();
        assert_eq!(says("6109.10.00"), ["subheading", "heading", "ex heading", "ex range", "chapter"]);
        assert_eq!(says("6109"), ["heading", "ex heading", "ex range", "chapter", "subheading"]);
        assert_eq!(says("61.10"), ["ex range", "chapter"]);
        assert!(says("x").is_empty() && says("").is_empty() && says("6101-6109").is_empty());
        assert!(for_code(&entries, "q.y", "6109").is_empty());
        let found = find(&entries, "q.x", "6109");
        assert!(found[1].partial && !found[0].partial && found[4].wider);
    }

    #[test]
    fn of_several_codes_the_one_that_covers_counts() {
        let entries = [rule(&["610910", "61"], "61, 6109.10", "both")];
        let found = find(&entries, "q.x", "6109");
        assert!(!found[0].wider);
        assert_eq!(found[0].span.written(), "61");
        let all = [rule(&[], "all goods", "all")];
        assert_eq!(for_code(&all, "q.x", "99").len(), 1);
    }

    #[test]
    fn a_scheme_is_available_from_its_first_day_to_the_day_before_its_end() {
        let mut program = Program {
            key: "q.x".into(),
            name: "X".into(),
            origin: Places::Many(vec!["AA".into(), "BB".into()]),
            proof: None,
            from: Some(date(2021, 1, 1)),
            before: Some(date(2023, 6, 19)),
            cites: Vec::new(),
            note: None,
        };
        for (origin, day, is) in [
            ("AA", date(2020, 12, 31), Availability::NotYet),
            ("AA", date(2021, 1, 1), Availability::Available),
            ("BB", date(2023, 6, 18), Availability::Available),
            ("BB", date(2023, 6, 19), Availability::NoLonger),
            ("CC", date(2022, 1, 1), Availability::OtherOrigin),
        ] {
            assert_eq!(availability(&program, origin, day), is, "{origin} {day}");
        }
        program.from = None;
        program.before = None;
        assert_eq!(availability(&program, "AA", date(1900, 1, 1)), Availability::Undated);
        program.origin = Places::One("all".into());
        assert_eq!(availability(&program, "ZZ", date(2026, 1, 1)), Availability::Undated);
    }
}
