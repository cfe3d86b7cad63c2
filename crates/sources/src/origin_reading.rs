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

struct Cursor<'a> {
    rest: &'a str,
}

const PRICE: [&str; 10] = [
    " of the ex-works price of the product",
    " of the ex-works price of the products",
    " of the ex-works price of the good",
    " of the ex-works price of the goods",
    " of the ex-work price of the product",
    " of the ex-work price of the products",
    " of the ex-work price of the good",
    " of the ex-works price (exw) of the good",
    " of the ex-works price (exw) of the product",
    " of the ex-works price",
];

impl Cursor<'_> {
    fn eat(&mut self, start: &str) -> bool {
        self.rest.strip_prefix(start).is_some_and(|rest| {
            self.rest = rest;
            true
        })
    }

    /// Eats the longest that fits.
    fn eat_one(&mut self, starts: &[&str]) -> bool {
        let longest = starts.iter().filter(|start| self.rest.starts_with(**start)).max_by_key(|start| start.len());
        longest.is_some_and(|start| self.eat(start))
    }

    fn percent(&mut self) -> Option<Decimal> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number = self.rest[..end].parse().ok()?;
        self.rest = &self.rest[end..];
        (self.eat("%") || self.eat(" %")).then_some(number)
    }

    /// `chapter 4`, `heading 2207 or 2208`, `headings 7206, 7218 or 7224`, `heading 4104 to heading 4113`.
    fn codes(&mut self) -> Option<Vec<String>> {
        let mut codes: Vec<String> = Vec::new();
        loop {
            let before = self.rest;
            let chapter = self.eat_one(&["chapters ", "chapter "]);
            let heading = !chapter && self.eat_one(&["subheadings ", "subheading ", "headings ", "heading "]);
            if codes.is_empty() && !chapter && !heading {
                return None;
            }
            let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.rest.len());
            let digits: String = self.rest[..end].chars().filter(char::is_ascii_digit).collect();
            let code = match digits.len() {
                1 if chapter || codes.last().is_some_and(|last| last.len() == 2) => format!("0{digits}"),
                2 | 4 | 6 | 8 | 10 => digits,
                _ => {
                    // Not a code: the list ended before the separator.
                    self.rest = before;
                    return (!codes.is_empty()).then_some(codes);
                }
            };
            let dotted_end = self.rest[..end].trim_end_matches('.').len();
            self.rest = &self.rest[dotted_end..];
            let here = self.rest;
            if self.eat_one(&[" to ", " through ", "-"]) {
                let _ = self.eat_one(&["chapters ", "chapter ", "subheading ", "heading "]);
                let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
                let until = &self.rest[..end];
                if until.len() == code.len() && until > code.as_str() {
                    codes.push(format!("{code}-{until}"));
                    self.rest = &self.rest[end..];
                } else {
                    self.rest = here;
                    return None;
                }
            } else {
                codes.push(code);
            }
            let here = self.rest;
            if !self.eat_one(&[", or ", ", and ", " or ", " and ", ", "]) {
                return Some(codes);
            }
            let _ = self.eat_one(&["those of ", "of ", "from "]);
            let more = self.rest.starts_with(|c: char| c.is_ascii_digit())
                || self.rest.starts_with("chapter")
                || self.rest.starts_with("heading")
                || self.rest.starts_with("subheading");
            if !more {
                self.rest = here;
                return Some(codes);
            }
        }
    }

    fn rule(&mut self) -> Option<Vec<Test>> {
        if self.eat("manufacture") {
            return self.manufacture();
        }
        if self.eat("production from non-originating materials of any heading") {
            return Some(vec![Test::AnyHeading { except: Vec::new() }]);
        }
        if self.eat_one(&[
            "all goods must be wholly obtained",
            "all products are wholly obtained",
            "all the materials used are wholly obtained",
            "all materials used are wholly obtained",
            "goods must be wholly obtained",
            "wholly obtained",
        ]) {
            return Some(vec![Test::WhollyObtained { of: Vec::new() }]);
        }
        if self.eat("standard qvc") {
            return Some(vec![Test::QvcStandard]);
        }
        for (abbreviation, step, long) in [
            ("cc: ", Step::Chapter, "at the 2-digit level (chapter)"),
            ("cth: ", Step::Heading, "at the 4-digit level (tariff heading)"),
            ("cth: ", Step::Heading, "at the 4-digit level (heading)"),
            ("ctsh: ", Step::Subheading, "at the 6-digit level (subheading)"),
            ("ctsh: ", Step::Subheading, "at the 6-digit level (tariff subheading)"),
        ] {
            let whole = format!(
                "{abbreviation}all non-originating materials used in the production of the good have undergone a change \
                 in tariff classification {long}"
            );
            if self.eat(&whole) {
                let except = self.except()?;
                let mut tests = vec![Test::Change { step, except, same_heading: None }];
                if self.eat(" and standard qvc") {
                    tests.push(Test::QvcStandard);
                }
                return Some(tests);
            }
        }
        if self.eat("a change from any other ") {
            let step = if self.eat("chapter") {
                Step::Chapter
            } else if self.eat("heading") {
                Step::Heading
            } else if self.eat("subheading") {
                Step::Subheading
            } else {
                return None;
            };
            return Some(vec![Test::Change { step, except: self.except()?, same_heading: None }]);
        }
        let max = |percent, basis| vec![Test::MaxNom { percent, of: Vec::new(), same_heading: false, basis }];
        if self.eat("a maximum of ") {
            let percent = self.percent()?;
            return self
                .eat(" of the ex-works price (exw) is made up of non-originating parts (maxnom)")
                .then(|| max(percent, None));
        }
        if self.eat("the maximum value of non-originating materials (maxnom) cannot exceed ") {
            let percent = self.percent()?;
            return Some(if self.eat_one(&PRICE) {
                max(percent, None)
            } else {
                max(percent, Some("of a value not stated"))
            });
        }
        if self.eat("your goods contain a regional value content (rvc) of at least ") {
            let percent = self.percent()?;
            return self
                .eat(" of the free on board (fob) cost of the goods")
                .then(|| vec![Test::Rvc { percent, method: "of the FOB value" }]);
        }
        if self.eat("the good has a regional value content (rvc) as calculated under article 4 of the origin reference document of not less than ") {
            let percent = self.percent()?;
            if !self.eat(", whether using the build-up method or build-down method") {
                return None;
            }
            let again = format!(" (rvc{percent})");
            let _ = self.eat(&again);
            return Some(vec![Test::Rvc { percent, method: "build-up or build-down" }]);
        }
        None
    }

    fn except(&mut self) -> Option<Vec<String>> {
        if self.eat_one(&[", except from ", " except from ", ", except for ", ", except "]) {
            let _ = self.eat_one(&["those of ", "that of ", "materials of "]);
            self.codes()
        } else {
            Some(Vec::new())
        }
    }

    /// After "manufacture": parts, then sentences that soften them.
    fn manufacture(&mut self) -> Option<Vec<Test>> {
        let mut tests = Vec::new();
        loop {
            while self.eat_one(&[
                " ",
                "and ",
                "- ",
                "in which: ",
                "in which ",
                "where: ",
                "where ",
                "which ",
                ":",
                ",",
                ";",
            ]) {}
            if !tests.is_empty() && (self.rest.is_empty() || self.rest.starts_with('.')) {
                break;
            }
            let here = self.rest;
            match self.part() {
                Some(test) => tests.push(test),
                None if !tests.is_empty() && here.starts_with("or manufacture") => break,
                None => return None,
            }
            if self.rest.starts_with(" or manufacture") || self.rest.starts_with(", or manufacture") {
                break;
            }
        }
        while self.eat(". ") {
            if self.eat("however, the value of ") {
                // A further limit, not a softening.
                let of_all = format!("the value of {}", self.rest);
                let mut part = Cursor { rest: &of_all };
                let test = part.part()?;
                let left = part.rest.len();
                tests.push(test);
                self.rest = &self.rest[self.rest.len() - left..];
                continue;
            }
            let share = self.tolerance()?;
            let Some(Test::Change { step: Step::Heading, same_heading, .. }) = tests.last_mut() else { return None };
            if same_heading.replace(share).is_some() {
                return None;
            }
        }
        Some(tests)
    }

    fn tolerance(&mut self) -> Option<Decimal> {
        if !self.eat("however, materials ") {
            return None;
        }
        let known = self.eat_one(&[
            "of the same heading as the product may be used",
            "of the same heading as the good may be used",
            "of the same heading may be used",
            "classified within the same heading may be used",
            "classified in the same heading may be used",
            "classified within the same heading as the product may be used",
        ]);
        if !known || !self.eat_one(&[", provided that ", ", provided ", " provided that ", " provided "]) {
            return None;
        }
        if !self.eat_one(&["their total value does not exceed ", "their value does not exceed "]) {
            return None;
        }
        let share = self.percent()?;
        self.eat_one(&PRICE).then_some(share)
    }

    fn part(&mut self) -> Option<Test> {
        let change = |except| Test::Change { step: Step::Heading, except, same_heading: None };
        if self.eat("from materials of any heading") {
            if self.eat_one(&[
                ", except that of the product",
                ", except that of the good",
                " except that of the product",
                " except that of the good",
            ]) {
                let here = self.rest;
                if self.eat_one(&[" and ", " or ", ", "]) {
                    let _ = self.eat_one(&["those of ", "that of ", "materials of ", "of "]);
                    if let Some(codes) = self.codes() {
                        return Some(change(codes));
                    }
                    self.rest = here;
                }
                return Some(change(Vec::new()));
            }
            if self.eat(", including other materials of ") {
                // Materials of the product's own heading, which "any heading" allows.
                return self.codes().map(|_| Test::AnyHeading { except: Vec::new() });
            }
            return Some(Test::AnyHeading { except: self.except()? });
        }
        if self.eat_one(&[
            "from materials of any subheading, except that of the good",
            "from materials of any subheading, except that of the product",
        ]) {
            return Some(Test::Change { step: Step::Subheading, except: Vec::new(), same_heading: None });
        }
        if self.eat("from materials of ") {
            return self.codes().map(|codes| Test::From { codes });
        }
        if self.eat_one(&[
            "all the materials used are classified within a heading other than that of the product",
            "all the materials used are classified in a heading other than that of the product",
            "all the materials used are classified within a heading other than that of the good",
            "all materials used are classified within a heading other than that of the product",
        ]) {
            return Some(change(Vec::new()));
        }
        let _ = self.eat_one(&["within the above limit, ", "within the above limit "]);
        if self.eat_one(&["all the materials of ", "all materials of ", "the materials of "]) {
            let of = self.codes()?;
            return self
                .eat_one(&[" used are wholly obtained", " used must be wholly obtained", " are wholly obtained"])
                .then_some(Test::WhollyObtained { of });
        }
        if self.eat_one(&[
            "the value of all the non-originating materials used does not exceed the value of all the originating materials used",
            "the value of all the non-originating materials used does not exceed the value of the originating materials used",
            "the value of all non-originating materials used does not exceed the value of the originating materials used",
        ]) {
            return Some(Test::NomUpToOm);
        }
        let mut of = Vec::new();
        let mut same_heading = false;
        if self.eat_one(&[
            "the value of all the materials of the same heading as the product used",
            "the value of all the materials of the same heading as the good used",
        ]) {
            same_heading = true;
        } else if self.eat_one(&[
            "the value of all the materials of ",
            "the value of any materials of ",
            "the value of the materials of ",
        ]) {
            of = self.codes()?;
            if !self.eat(" used") {
                return None;
            }
        } else if !self.eat_one(&["the value of all the materials used", "the value of all materials used"]) {
            return None;
        }
        if !self.eat_one(&[" does not exceed ", " must not exceed "]) {
            return None;
        }
        let percent = self.percent()?;
        self.eat_one(&PRICE).then_some(Test::MaxNom { percent, of, same_heading, basis: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(rule: &str) -> Option<String> {
        read(rule).map(|reading| reading.to_string())
    }

    #[test]
    fn reads_the_usual_rules() {
        for (rule, reads) in [
            ("Manufacture from materials of any heading, except that of the product.", "CTH"),
            (
                "Manufacture in which the value of all the materials used does not exceed **40%** of the ex-works price of the product.",
                "MaxNOM 40 %",
            ),
            (
                "Manufacture in which all the materials used are classified within a heading other than that of the product. However, materials classified within the same heading may be used provided their value does not exceed **20%** of the ex‐works price of the product.",
                "CTH (same heading up to 20 %)",
            ),
            (
                "Manufacture:\n\n- from materials of any heading, except that of the product, *and*\n\n- in which the value of all the materials of [chapter&nbsp;17](/chapters/17) used does not exceed **30%** of the ex-works price of the product.",
                "CTH and MaxNOM 30 % of 17",
            ),
            (
                "<abbr title='Change of tariff subheading'>CTSH</abbr>: All non-originating materials used in the production of the good have undergone a change in tariff classification at the 6-digit level (tariff subheading) and Standard QVC.",
                "CTSH and QVC standard",
            ),
            (
                "A maximum of **50%** of the ex-works price (EXW) is made up of non-originating parts (MAXNOM).",
                "MaxNOM 50 %",
            ),
            (
                "The maximum value of non-originating materials (MaxNOM) cannot exceed **75%**.",
                "MaxNOM 75 % (of a value not stated)",
            ),
            (
                "Your goods contain a Regional Value Content (RVC) of at least **55%** of the Free on Board (FOB) cost of the goods.",
                "RVC 55 % (of the FOB value)",
            ),
            (
                "The good has a Regional Value Content (RVC) as calculated under Article 4 of the Origin Reference Document of not less than 40%, whether using the build-up method or build-down method (RVC40).",
                "RVC 40 % (build-up or build-down)",
            ),
            (
                "Manufacture from materials of any heading, except those of [heading&nbsp;4909](/headings/4909) and [heading&nbsp;4911](/headings/4911).",
                "any heading except 4909 4911",
            ),
            (
                "Manufacture from materials of any heading, except [heading&nbsp;4104](/headings/4104) to [heading&nbsp;4113](/headings/4113).",
                "any heading except 4104-4113",
            ),
            (
                "Manufacture in which all the materials of [chapter&nbsp;2](/chapters/02) and [chapter&nbsp;3](/chapters/03) used are wholly obtained.",
                "WO of 02 03",
            ),
            (
                "Manufacture in which:\n\n- the value of all the materials used does not exceed **40%** of the ex-works price of the product, *and*\n\n- within the above limit, the value of all the materials of the same heading as the product used does not exceed **25%** of the ex-works price of the product.",
                "MaxNOM 40 % and MaxNOM 25 % of the same heading",
            ),
            (
                "Manufacture in which:\n\n- the value of all the materials used does not exceed **40%** of the ex-works price of the product, *and*\n\n- the value of all the non-originating materials used does not exceed the value of all the originating materials used.",
                "MaxNOM 40 % and NOM <= OM",
            ),
            ("All goods must be wholly obtained.", "WO"),
            ("A change from any other heading.", "CTH"),
            (
                "Manufacture from materials of any heading, except that of the good or Manufacture in which the value of all the materials used does not exceed **70%** of the ex-works price of the good.",
                "CTH or MaxNOM 70 %",
            ),
            (
                "Manufacture from materials of any heading. However, the value of all the materials of [heading&nbsp;2909](/headings/2909) used must not exceed **20%** of the ex-works price of the product.",
                "any heading and MaxNOM 20 % of 2909",
            ),
            (
                "Manufacture from materials of any heading, including other materials of [heading&nbsp;3505](/headings/3505).",
                "any heading",
            ),
            ("Manufacture from materials of any subheading, except that of the good.", "CTSH"),
            ("Manufacture from ingots or other primary forms of [heading&nbsp;7206](/headings/7206).", ""),
        ] {
            assert_eq!(said(rule).unwrap_or_default(), reads, "{rule}");
        }
    }

    #[test]
    fn a_word_more_keeps_the_rule_text() {
        for rule in [
            "Manufacture from yarn.",
            "A maximum of **45%** of the ex-works price (EXW) is made up of non-originating parts (MAXNOM) and battery packs must be originating.",
            "Manufacture from materials of any heading, except that of the product. However, handles of base metal may be used.",
            "Manufacture in which the value of all the materials used does not exceed 40% of the weight of the product.",
            "- b) **40%** under the build-down method.",
            "A change from any other heading within chapter 3.",
            "Manufacture",
            "",
            "Manufacture:",
            "%",
        ] {
            assert_eq!(said(rule), None, "{rule}");
        }
    }

    #[test]
    fn a_period_at_the_end_is_the_rules_own() {
        use jiff::civil::date;
        let of = |rule: &str| period(rule).map(|(from, before, _)| (from, before));
        assert_eq!(of("CTSH (until 31 December 2023)."), Some((None, Some(date(2024, 1, 1)))));
        assert_eq!(
            of("A maximum of **55%** **(1st Jan 2021 to 31st Dec 2022)**."),
            Some((Some(date(2021, 1, 1)), Some(date(2023, 1, 1))))
        );
        assert_eq!(of("A maximum of **45%** **(1st Jan 2026 onwards)**."), Some((Some(date(2026, 1, 1)), None)));
        assert_eq!(
            of("CTSH (*for the period from 14 April 2021 until 31 December 2026*)."),
            Some((Some(date(2021, 4, 14)), Some(date(2027, 1, 1))))
        );
        for rule in [
            "One rule.\n\nAnother (until 31 December 2023).",
            "Knitting (including cutting).",
            "(until 31 Juvember 2023)",
            "(until 32 May 2023)",
            ")",
            "(",
        ] {
            assert_eq!(of(rule), None, "{rule}");
        }
    }

    #[test]
    fn takes_markup_away_and_keeps_the_words() {
        assert_eq!(
            plain("<abbr title='x'>CTH</abbr>: a **b** [heading&nbsp;7001](/headings/7001)<br>end < 5 [open"),
            "CTH: a b heading 7001\nend < 5 [open"
        );
        for text in ["<", "[", "[a](", "<é".repeat(500).as_str(), "[".repeat(100_000).as_str()] {
            assert_eq!(plain(text), text);
        }
    }
}
