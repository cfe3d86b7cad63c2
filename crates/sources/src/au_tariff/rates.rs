//! Duties as the Australian schedules write them, read by a strict grammar.
//!
//! ```text
//! cell    = period { period }                       only the first may lack a date
//! period  = [ "From" DAY MONTH YEAR [":"] ] RATE { classes RATE }
//! classes = CLASS { "/" CLASS }                     DCS, DCT, LDC, DC, NZ, PG, FI, CA, SG, MY
//! RATE    = "Free" | NUMBER "%" [ ", and" amount | ", or, if lower," amount ] | amount [ ", less" NUMBER "%" ]
//! amount  = "$" NUMBER ( "/" UNIT | "each" )
//! ```
//!
//! Spaces may be missing between a class and its rate and in a date, because there they change nothing: `DCS4%`,
//! `From1July20183.75%` (a year has four digits).

use crate::common::{Duty, plain};
use jiff::civil::Date;
use tidewaiter::Decimal;

/// Classes of countries and countries that a rate may name; longer ones before their beginnings.
pub(super) const CLASSES: [&str; 10] = ["DCS", "DCT", "LDC", "DC", "NZ", "PG", "FI", "CA", "SG", "MY"];

/// The rates of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Period {
    /// First day; as far back as known when absent.
    pub(super) from: Option<Date>,
    /// The general rate.
    pub(super) general: Duty,
    /// Rates of classes, each with the classes it is for.
    pub(super) special: Vec<(Vec<&'static str>, Duty)>,
}

/// Where a text stopped to be of the grammar, and what was expected there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slip {
    pub(super) at: String,
    pub(super) expected: &'static str,
}

/// Reads a cell of duties; spaces are single and invisible characters are gone.
pub(super) fn periods(text: &str) -> Result<Vec<Period>, Slip> {
    let mut scan = Scan { rest: text.trim() };
    let mut out: Vec<Period> = Vec::new();
    while out.is_empty() || !scan.rest.is_empty() {
        let from = scan.date()?;
        if !out.is_empty() && from.is_none() {
            return Err(scan.slip("a class such as DCS, or From and a date"));
        }
        if out.last().is_some_and(|last| last.from >= from) && from.is_some() {
            return Err(scan.slip("dates that rise"));
        }
        let general = scan.rate()?;
        let mut special: Vec<(Vec<&'static str>, Duty)> = Vec::new();
        loop {
            let classes = scan.classes()?;
            if classes.is_empty() {
                break;
            }
            let before = special.iter().flat_map(|(classes, _)| classes).chain(&classes);
            let mut all: Vec<&&str> = before.collect();
            let n = all.len();
            all.sort();
            all.dedup();
            if all.len() < n {
                return Err(scan.slip("each class once in a period"));
            }
            special.push((classes, scan.rate()?));
        }
        out.push(Period { from, general, special });
    }
    Ok(out)
}

struct Scan<'a> {
    rest: &'a str,
}

impl<'a> Scan<'a> {
    fn slip(&self, expected: &'static str) -> Slip {
        Slip { at: self.rest.chars().take(40).collect(), expected }
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn digits(&mut self, most: usize) -> &'a str {
        let end = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits
    }

    /// `From 1 July 2018`, perhaps with a colon.
    fn date(&mut self) -> Result<Option<Date>, Slip> {
        self.spaces();
        if !self.eat("From") {
            return Ok(None);
        }
        self.spaces();
        let day = self.digits(2);
        self.spaces();
        let months = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let month = months.iter().position(|month| self.rest.starts_with(month));
        let Some(month) = month else { return Err(self.slip("a month in English")) };
        self.eat(months[month]);
        self.spaces();
        let year = self.digits(4);
        let date = (year.len() == 4)
            .then(|| Date::new(year.parse().ok()?, i8::try_from(month).ok()? + 1, day.parse().ok()?).ok())
            .flatten();
        if date.is_none() {
            return Err(self.slip("a date such as 1 July 2018"));
        }
        self.spaces();
        self.eat(":");
        Ok(date)
    }

    /// Classes with slashes between; none where something else stands there.
    fn classes(&mut self) -> Result<Vec<&'static str>, Slip> {
        self.spaces();
        let mut out: Vec<&'static str> = Vec::new();
        if self.rest.is_empty()
            || self.rest.starts_with("From")
            || !self.rest.starts_with(|c: char| c.is_ascii_uppercase())
        {
            return Ok(out);
        }
        loop {
            let class = CLASSES.iter().find(|class| {
                self.rest.strip_prefix(**class).is_some_and(|after| {
                    let after = after.trim_start_matches(' ');
                    after.starts_with(['/', '$'])
                        || after.starts_with(|c: char| c.is_ascii_digit())
                        || after.starts_with("Free")
                })
            });
            let Some(class) = class else { return Err(self.slip("a class such as DCS, and its rate")) };
            if out.contains(class) {
                return Err(self.slip("each class once"));
            }
            self.eat(class);
            out.push(class);
            self.spaces();
            if !self.eat("/") {
                return Ok(out);
            }
            self.spaces();
        }
    }

    fn number(&mut self) -> Result<String, Slip> {
        let whole = self.slip("a number");
        let end = self.rest.bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')).count();
        // A comma or point that ends the number belongs to the sentence.
        let text = self.rest[..end].trim_end_matches([',', '.']);
        let mut groups = text.split('.').next().unwrap_or_default().split(',');
        let first = groups.next().unwrap_or_default();
        let grouped = text.contains(',');
        let sound = !grouped || (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
        let number = plain(&text.replace(',', "")).filter(|_| sound).ok_or(whole)?;
        self.rest = &self.rest[text.len()..];
        Ok(number)
    }

    fn rate(&mut self) -> Result<Duty, Slip> {
        self.spaces();
        if self.eat("Free") {
            return Ok(Duty::Amount("0 %".into()));
        }
        if self.eat("$") {
            let amount = self.amount()?;
            let less = self.rest.strip_prefix(", less ").map(str::to_owned);
            if less.is_some() {
                self.eat(", less ");
                let percent = self.percent()?;
                return Ok(match amount {
                    Duty::Amount(words) => Duty::Amount(format!("max(0 AUD, {words} - {percent} %)")),
                    unknown @ Duty::Unknown { .. } => unknown,
                });
            }
            return Ok(amount);
        }
        let percent = self.percent()?;
        let (join, lower) = if self.eat(", and") {
            (true, false)
        } else if self.eat(", or, if lower,") {
            (false, true)
        } else {
            (false, false)
        };
        if !join && !lower {
            return Ok(Duty::Amount(format!("{percent} %")));
        }
        self.spaces();
        if !self.eat("$") {
            return Err(self.slip("an amount that begins with $"));
        }
        Ok(match self.amount()? {
            Duty::Amount(words) if join => Duty::Amount(format!("{percent} % + {words}")),
            Duty::Amount(words) => Duty::Amount(format!("min({percent} %, {words})")),
            Duty::Unknown { reason, says } => Duty::Unknown {
                reason,
                says: format!(
                    "The duty is {percent} %{} {says}",
                    if join { ", and on top:" } else { " or, if lower:" }
                ),
            },
        })
    }

    fn percent(&mut self) -> Result<String, Slip> {
        let number = self.number()?;
        if self.eat("%") { Ok(number) } else { Err(self.slip("the sign %")) }
    }

    /// An amount for a unit, after the dollar sign.
    fn amount(&mut self) -> Result<Duty, Slip> {
        let number = self.number()?;
        self.spaces();
        if self.eat("each") {
            return self.end_of_unit(Duty::Amount(format!("{number} AUD per item")));
        }
        if !self.eat("/") {
            return Err(self.slip("a slash and a unit"));
        }
        self.spaces();
        const EXCESS: &str = "L of alcohol, calculated on that alcohol content by which the percentage by volume of alcohol of the goods exceeds 1.15";
        let duty = if self.eat(EXCESS) {
            // The litres of alcohol above 1.15 %: those of the goods less 0.0115 of each litre.
            let less = number
                .parse::<Decimal>()
                .and_then(|number| number.scaled("115".parse()?, "10000".parse()?))
                .map_err(|_| self.slip("a smaller number"))?;
            Duty::Amount(format!("max(0 AUD, {number} AUD per l alcohol - {less} AUD per l)"))
        } else if self.eat("L of alcohol") {
            Duty::Amount(format!("{number} AUD per l alcohol"))
        } else if self.eat("kg of tobacco content") {
            Duty::Unknown {
                reason: "an amount for a kilogram of tobacco content",
                says: format!("{number} AUD for each kilogram of tobacco content."),
            }
        } else if self.eat("kg TSS") {
            Duty::Unknown {
                reason: "an amount for a kilogram of total soluble solids",
                says: format!("{number} AUD for each kilogram of total soluble solids."),
            }
        } else if self.eat("kg") {
            Duty::Amount(format!("{number} AUD per kg"))
        } else if self.eat("L") {
            Duty::Amount(format!("{number} AUD per l"))
        } else if self.eat("stick") {
            Duty::Amount(format!("{number} AUD per item"))
        } else {
            return Err(self.slip("a unit: L, L of alcohol, kg, kg of tobacco content, kg TSS, stick"));
        };
        self.end_of_unit(duty)
    }

    /// After a unit comes a class, a date, a comma or nothing: never more words of a unit.
    fn end_of_unit(&mut self, duty: Duty) -> Result<Duty, Slip> {
        let next = self.rest.trim_start_matches(' ');
        if next.is_empty() || next.starts_with(',') || next.starts_with(|c: char| c.is_ascii_uppercase()) {
            return Ok(duty);
        }
        Err(self.slip("the end of the unit; what it is mixed with, or a second part, cannot be read"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidewaiter::record::grammar;

    fn amount(words: &str) -> Duty {
        assert!(grammar::amount(words).is_ok(), "{words}");
        Duty::Amount(words.into())
    }

    fn shown(text: &str) -> String {
        let duty = |duty: &Duty| match duty {
            Duty::Amount(words) => {
                let _ = amount(words);
                words.clone()
            }
            Duty::Unknown { says, .. } => format!("? {says}"),
        };
        periods(text)
            .unwrap()
            .iter()
            .map(|period| {
                let special: Vec<_> = period
                    .special
                    .iter()
                    .map(|(classes, rate)| format!("; {} {}", classes.join("/"), duty(rate)))
                    .collect();
                let from = period.from.map(|date| format!("{date}: ")).unwrap_or_default();
                format!("{from}{}{}", duty(&period.general), special.join(""))
            })
            .collect::<Vec<_>>()
            .join(" | ")
    }

    #[test]
    fn what_the_schedules_write() {
        for (text, read) in [
            ("Free", "0 %"),
            ("5%", "5 %"),
            ("5% DCS4% DCT5%", "5 %; DCS 4 %; DCT 5 %"),
            ("5% DCS4% CAFree DCT5%", "5 %; DCS 4 %; CA 0 %; DCT 5 %"),
            ("5% DCSFree CA2.5%", "5 %; DCS 0 %; CA 2.5 %"),
            ("5% From1July2018 3.75% From1July2019 Free", "5 % | 2018-07-01: 3.75 % | 2019-07-01: 0 %"),
            ("From1January20173.75% From 1 July 2017 2.5%", "2017-01-01: 3.75 % | 2017-07-01: 2.5 %"),
            ("5% CAFree From1July2018 2.5% CA Free", "5 %; CA 0 % | 2018-07-01: 2.5 %; CA 0 %"),
            ("10% DC5% From 1 January 2015 5%", "10 %; DC 5 % | 2015-01-01: 5 %"),
            ("$0.526/L NZ/PG/FI/DC/LDC/SG $0.526/L", "0.526 AUD per l; NZ/PG/FI/DC/LDC/SG 0.526 AUD per l"),
            (
                "5%, and $107.99/L of alcohol NZ /PG $107.99/L of alcohol DCS3%, and $107.99/L of alcohol",
                "5 % + 107.99 AUD per l alcohol; NZ/PG 107.99 AUD per l alcohol; DCS 3 % + 107.99 AUD per l alcohol",
            ),
            ("$1.220/kg DC$1.220/kg, less 5%", "1.22 AUD per kg; DC max(0 AUD, 1.22 AUD per kg - 5 %)"),
            ("$2,445.26 /kg", "2445.26 AUD per kg"),
            ("From 30 December 2018: $12,000 each", "2018-12-30: 12000 AUD per item"),
            (
                "$63.75/L of alcohol, calculated on that alcohol content by which the percentage by volume of alcohol of the goods exceeds 1.15",
                "max(0 AUD, 63.75 AUD per l alcohol - 0.733125 AUD per l)",
            ),
            (
                "$2,445.26/kg of tobacco content NZ $2,445.26/kg of tobacco content",
                "? 2445.26 AUD for each kilogram of tobacco content.; NZ ? 2445.26 AUD for each kilogram of tobacco content.",
            ),
            (
                "5%, or, if lower, $0.45/kg TSS",
                "? The duty is 5 % or, if lower: 0.45 AUD for each kilogram of total soluble solids.",
            ),
        ] {
            assert_eq!(shown(text), read);
        }
    }

    #[test]
    fn what_cannot_be_read() {
        for text in [
            "",
            "View TCOs for 8462.59",
            "5% DTC5%",
            "5% DCS4% DCT;5%",
            "5% DCS",
            "5% 4%",
            "DCS4%",
            "5% DCS4% DCS3%",
            "$0.526/L NZ/PG/FI/DC/LDC/SG/SG $0.526/L",
            "$0.526/L of gasoline plus",
            "$0.526/L of gasoline",
            "$0.526",
            "$1,22/kg",
            "5%, and 107.99/L of alcohol",
            "From 11 Feburary 2020: 2.8%",
            "From 31 June 2020: 2.8%",
            "5% From1July2019 Free From1July2018 Free",
            "From1July",
            "5 per cent",
            "-5%",
            "５%",
        ] {
            assert!(periods(text).is_err(), "{text}: {:?}", periods(text));
        }
    }
}
