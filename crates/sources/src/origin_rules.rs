//! Finding the rules that decide where goods are made, and what a trader must hold to claim a preference.
//!
//! [`for_code`] finds the rules of one scheme for a goods code, the most specific heading first. [`Book`] groups the
//! entries of one or more editions once and answers the whole question: which schemes are open to goods of this origin on
//! this day ([`availability`]), with which proofs, rules and cumulation ([`Book::answers`]).
//!
//! What a list does not say is said to be missing, never filled in.

use crate::Entry;
use crate::origin_reading::plain;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tidewaiter::record::Places;
use tidewaiter::record::edition::{OriginRule, Program, Text};

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

/// Digits of a code padded for comparison. Codes have 2 to 12 digits.
pub const WIDTH: usize = 12;

/// A range of goods codes, both ends in it, padded to [`WIDTH`] digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First code.
    pub low: u64,
    /// Last code.
    pub high: u64,
}

impl Span {
    /// Reads `61`, `610910`, `2707.10`, `6101-6117`, `8505.11-8505.20`. Points and spaces are ignored; each end has 2 to 12 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (low, high) = text.split_once('-').map_or((text, text), |(low, high)| (low, high));
        let span = Self { low: padded(low, '0')?, high: padded(high, '9')? };
        (span.low <= span.high).then_some(span)
    }

    /// Whether all of `other` is in it.
    pub const fn covers(self, other: Self) -> bool {
        self.low <= other.low && other.high <= self.high
    }

    /// Whether any of `other` is in it.
    pub const fn meets(self, other: Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// How many codes are in it, less one: the smaller, the more specific.
    pub const fn width(self) -> u64 {
        self.high - self.low
    }

    /// The shortest way to write it: a prefix, or a range of prefixes of one length.
    pub fn written(self) -> String {
        let mut low = format!("{:0width$}", self.low, width = WIDTH);
        let mut high = format!("{:0width$}", self.high, width = WIDTH);
        while low.len() > 2 && low.ends_with("00") && high.ends_with("99") {
            low.truncate(low.len() - 2);
            high.truncate(high.len() - 2);
        }
        if low == high { low } else { format!("{low}-{high}") }
    }
}

fn padded(code: &str, with: char) -> Option<u64> {
    let mut digits = String::with_capacity(WIDTH);
    for c in code.chars() {
        match c {
            '.' | ' ' => {}
            '0'..='9' => digits.push(c),
            _ => return None,
        }
        if digits.len() > WIDTH {
            return None;
        }
    }
    if digits.len() < 2 {
        return None;
    }
    while digits.len() < WIDTH {
        digits.push(with);
    }
    digits.parse().ok()
}

/// A heading of a rule as published: `ex Chapter 20`, `2106.90`, `Chapter 1`, `0901 to 0905`, `290549-2942`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heading {
    /// Whether only some goods of it are meant.
    pub ex: bool,
    /// Codes it names.
    pub span: Span,
}

/// Reads a heading as published.
pub fn heading(text: &str) -> Option<Heading> {
    let text = text.trim();
    let ex = is_ex(text);
    let rest = if ex { text.get(2..)?.trim_start() } else { text };
    let chapter = rest.get(..8).is_some_and(|word| word.eq_ignore_ascii_case("chapter "));
    if chapter {
        let number = rest.get(8..)?.trim();
        let short = number.len() == 1;
        let code = if short { format!("0{number}") } else { number.to_owned() };
        return (code.len() == 2).then(|| Span::parse(&code).map(|span| Heading { ex, span }))?;
    }
    let range = rest.replace(" to ", "-");
    Span::parse(&range).map(|span| Heading { ex, span })
}

fn is_ex(text: &str) -> bool {
    text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("ex "))
}

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

/// A proof of origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Its name: `EUR.1 movement certificate`.
    pub name: String,
    /// What is added to the name; empty where nothing is.
    pub says: String,
    /// More; empty where nothing is published.
    pub detail: String,
    /// Class as published: `eur1`, `origin-declaration`.
    pub class: String,
    /// Page that explains the class, where one is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// How a claim is written on the declaration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// Data element: `DE 2/3`.
    pub element: String,
    /// What to enter.
    pub says: String,
}

/// Whose materials count as originating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cumulation {
    /// `bilateral`, `diagonal`, `extended`.
    pub method: String,
    /// Places as published, in the authority's codes.
    pub places: Vec<String>,
}

/// An article of the origin reference document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// `article 6`.
    pub number: String,
    /// What it is about, as published.
    pub about: String,
}

/// A rule in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Heading as published.
    pub heading: String,
    /// The codes it is for.
    pub codes: Vec<String>,
    /// The goods it is for, where published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goods: Option<String>,
    /// The rule, word for word.
    pub says: String,
    /// The same without markup.
    pub plain: String,
    /// Classes as published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// The rule in short words, where all of it was understood; see [`crate::origin_reading`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// Place in the list of its heading, from 1, where the heading has several rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<u32>,
    /// How it is joined to the rule before it, as published: `or`. Absent where the file says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<String>,
    /// Only some goods of the heading are meant ("ex").
    pub partial: bool,
    /// The code asked for is wider than the rule's codes.
    pub wider: bool,
    /// The file says the rule is within a quota.
    pub quota: bool,
    /// The file says the rule is not for imports into the destination.
    pub export_only: bool,
    /// Texts of footnotes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub footnotes: Vec<String>,
    /// Facts it rests on.
    pub cites: Vec<String>,
}

/// One scheme that goods of an origin may use, and what it asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Key of the programme: `gb.south-korea`.
    pub scheme: String,
    /// Its name.
    pub name: String,
    /// Whether it may be claimed.
    pub availability: Availability,
    /// First day.
    #[serde(default, with = "iso_date", skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default, with = "iso_date", skip_serializing_if = "Option::is_none")]
    pub before: Option<Date>,
    /// Proofs of which one must be held.
    pub proofs: Vec<Proof>,
    /// How it is declared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declarations: Vec<Declaration>,
    /// Rules for the code, the most specific first.
    pub rules: Vec<Rule>,
    /// Cumulation.
    pub cumulation: Vec<Cumulation>,
    /// Where a tolerance (de minimis) is stated: the published list names the article, not the share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub de_minimis: Option<String>,
    /// The other articles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub articles: Vec<Article>,
    /// The document that is the law, where named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// What the files read do not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Facts the programme rests on.
    pub cites: Vec<String>,
}

/// Entries grouped by scheme.
#[derive(Debug, Default)]
pub struct Book<'a> {
    programs: Vec<&'a Program>,
    rules: BTreeMap<&'a str, Vec<Ready<'a>>>,
    texts: BTreeMap<&'a str, Vec<&'a Text>>,
    proof_urls: BTreeMap<&'a str, &'a str>,
}

impl<'a> Book<'a> {
    /// Groups the entries of one or more editions.
    pub fn new(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut book = Self::default();
        for entry in entries {
            match entry {
                Entry::Program(program) => book.programs.push(program),
                Entry::OriginRule(rule) => book.rules.entry(&rule.scheme).or_default().push(Ready::new(rule)),
                Entry::Text(text) => {
                    if let Some(scheme) = text.other.get(SCHEME) {
                        book.texts.entry(scheme).or_default().push(text);
                    } else if let (Some(class), Some(url)) = (text.other.get("proof_class"), text.other.get("url")) {
                        book.proof_urls.insert(class, url);
                    }
                }
                _ => {}
            }
        }
        book
    }

    /// The rules of a scheme for a code; see [`find`].
    pub fn rules(&self, scheme: &str, code: &str) -> Vec<Found<'a>> {
        let Some(code) = Span::parse(code) else { return Vec::new() };
        self.rules.get(scheme).map_or_else(Vec::new, |rules| sorted(rules.iter().filter_map(|rule| rule.fits(code))))
    }

    /// The programmes of a destination (`GB`, `XI`) that goods of an origin may claim on a day, and how sure that is. The
    /// key of a programme begins with the destination in small letters and a point.
    pub fn available(&self, destination: &str, origin: &str, date: Date) -> Vec<(&'a Program, Availability)> {
        let start = format!("{}.", destination.to_lowercase());
        self.programs
            .iter()
            .filter(|program| program.key.starts_with(&start))
            .map(|program| (*program, availability(program, origin, date)))
            .filter(|(_, availability)| matches!(availability, Availability::Available | Availability::Undated))
            .collect()
    }

    /// Every scheme open to goods of this code and origin on this day, with what it asks. Rules whose dates exclude the day
    /// are left out; [`Book::rules`] has them.
    pub fn answers(&self, destination: &str, origin: &str, code: &str, date: Date) -> Vec<Answer> {
        self.available(destination, origin, date)
            .into_iter()
            .map(|(program, availability)| self.answer(program, availability, code, date))
            .collect()
    }

    fn answer(&self, program: &Program, availability: Availability, code: &str, date: Date) -> Answer {
        let key = program.key.as_str();
        let texts = self.texts.get(key).map_or(&[][..], Vec::as_slice);
        let of = |list: &'static str| texts.iter().filter(move |text| text.other.get(LIST).is_some_and(|l| l == list));
        let field = |text: &Text, name: &str| text.other.get(name).cloned().unwrap_or_default();
        let said = |text: &Text| text.says.get("en").cloned().unwrap_or_default();

        let proofs: Vec<Proof> = of(LIST_PROOF)
            .map(|text| {
                let class = field(text, "proof_class");
                Proof {
                    name: said(text),
                    says: field(text, "subtext"),
                    detail: field(text, "detail"),
                    url: self.proof_url(&class),
                    class,
                }
            })
            .collect();
        let declarations =
            of(LIST_PROOF_CODE).map(|text| Declaration { element: field(text, "element"), says: said(text) }).collect();
        let cumulation = of(LIST_CUMULATION)
            .map(|text| Cumulation {
                method: field(text, "method"),
                places: field(text, "countries").split_whitespace().map(str::to_owned).collect(),
            })
            .collect();
        let all: Vec<Article> =
            of(LIST_ARTICLE).map(|text| Article { number: field(text, "number"), about: said(text) }).collect();
        let (tolerances, articles): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|article| article.about == "tolerances");
        let document =
            of(LIST_DETAILS).find_map(|text| text.other.get("ord.title").cloned()).filter(|title| !title.is_empty());
        let de_minimis = tolerances.first().map(|article| {
            let of = document.as_deref().map_or_else(String::new, |title| format!(" of: {title}"));
            format!("Stated in {}{of}", article.number)
        });
        let rules: Vec<Rule> = self
            .rules(key, code)
            .into_iter()
            .filter(|found| in_force(found.rule, date))
            .map(|found| self.rule(key, found))
            .collect();

        let mut missing = Vec::new();
        if availability == Availability::Undated {
            missing
                .push("The published list gives no dates for this scheme: check that it holds on the day.".to_owned());
        }
        if proofs.is_empty() {
            missing.push("The published list names no proof of origin for this scheme.".to_owned());
        }
        if !self.rules.contains_key(key) {
            missing.push("No product rules of this scheme were read.".to_owned());
        } else if rules.is_empty() {
            missing.push("The product rules of this scheme that were read have none for this code.".to_owned());
        }
        if de_minimis.is_none() {
            missing.push("No article on tolerances is named for this scheme.".to_owned());
        }
        Answer {
            scheme: program.key.clone(),
            name: program.name.clone(),
            availability,
            from: program.from,
            before: program.before,
            proofs,
            declarations,
            rules,
            cumulation,
            de_minimis,
            articles,
            document,
            missing,
            cites: program.cites.clone(),
        }
    }

    /// The page of a proof's class. The list has one page for `eur1` and `eur-med`, under both names joined.
    fn proof_url(&self, class: &str) -> Option<String> {
        let joined = matches!(class, "eur1" | "eur-med").then_some("eur1-eur-med");
        self.proof_urls.get(class).or_else(|| self.proof_urls.get(joined?)).map(|url| (*url).to_owned())
    }

    fn rule(&self, scheme: &str, found: Found<'_>) -> Rule {
        let rule = found.rule;
        let is = |name: &str, value: &str| rule.other.get(name).is_some_and(|v| v == value);
        let footnotes = rule.other.get("footnotes").map_or_else(Vec::new, |list| {
            let texts = self.texts.get(scheme).map_or(&[][..], Vec::as_slice);
            list.split('\n')
                .map(|name| {
                    let code = format!("{scheme}/footnote/{name}");
                    let text = texts.iter().find(|text| text.code == code).and_then(|text| text.says.get("en"));
                    text.cloned().unwrap_or_else(|| name.to_owned())
                })
                .collect()
        });
        Rule {
            heading: rule.heading.clone().unwrap_or_default(),
            codes: rule.codes.clone(),
            goods: rule.other.get("subdivision").map(|goods| plain(goods)),
            plain: plain(&rule.says),
            says: rule.says.clone(),
            classes: rule.classes.clone(),
            reading: rule.other.get("reading").cloned(),
            alternative: rule.alternative,
            joined: rule.other.get("operator").cloned(),
            partial: found.partial,
            wider: found.wider,
            quota: is("quota", "true"),
            export_only: is("import", "false"),
            footnotes,
            cites: rule.cites.clone(),
        }
    }
}

/// Days as ISO 8601 text.
mod iso_date {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::ref_option, reason = "serde passes the field")]
    pub(super) fn serialize<S: Serializer>(date: &Option<Date>, s: S) -> Result<S::Ok, S::Error> {
        match date {
            Some(date) => s.collect_str(date),
            None => s.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Date>, D::Error> {
        let text = Option::<String>::deserialize(d)?;
        text.map(|text| text.parse().map_err(|_| serde::de::Error::custom("expected a date such as 2026-07-01")))
            .transpose()
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
