//! Numbers, dates and terms as people read them.

pub(crate) use tidewaiter::quote::document::source_in_words as source;

use jiff::civil::Date;
use tidewaiter::quote::document::Sum;
use tidewaiter::record::{Collector, Confidence, DayRule, Kind, Status, Verdict};
use tidewaiter::{Decimal, Ratebook};

/// A currency with its smallest unit.
#[derive(Debug, Clone)]
pub(crate) struct Money {
    /// ISO 4217 letters.
    pub(crate) code: String,
    minor: u8,
}

impl Money {
    /// The currency of a code.
    pub(crate) fn of(ratebook: &Ratebook, code: &str) -> Self {
        Self { code: code.to_owned(), minor: ratebook.currency_minor(code).unwrap_or(2) }
    }

    /// `12.50`.
    pub(crate) fn number(&self, amount: Decimal) -> String {
        amount.to_fixed(self.minor)
    }

    /// `EUR 12.50`.
    pub(crate) fn text(&self, amount: Decimal) -> String {
        format!("{} {}", self.code, self.number(amount))
    }

    /// `12.50`, `0.00 to 12.50`, `at least 3.00`, `not known`.
    pub(crate) fn numbers(&self, least: Decimal, most: Option<Decimal>) -> String {
        match most {
            Some(most) if most == least => self.number(least),
            Some(most) => format!("{} to {}", self.number(least), self.number(most)),
            None if least.is_zero() => "not known".into(),
            None => format!("at least {}", self.number(least)),
        }
    }

    /// `EUR 12.50`, `EUR 0.00 to 12.50`, `at least EUR 3.00`, `an unknown amount`.
    pub(crate) fn range(&self, least: Decimal, most: Option<Decimal>) -> String {
        match most {
            None if least.is_zero() => "an unknown amount".into(),
            None => format!("at least {}", self.text(least)),
            most => format!("{} {}", self.code, self.numbers(least, most)),
        }
    }

    /// A sum in the currency of the question.
    pub(crate) fn asked(&self, sum: &Sum) -> String {
        self.range(sum.least_asked, sum.most_asked)
    }
}

/// Who collects.
pub(crate) const fn collector(who: Collector) -> &'static str {
    match who {
        Collector::Border => "on delivery",
        Collector::Seller => "the shop",
        Collector::Carrier => "the carrier",
    }
}

/// How sure we are.
pub(crate) const fn confidence(sure: Confidence) -> &'static str {
    match sure {
        Confidence::High => "official text read",
        Confidence::Medium => "good second-hand source",
        Confidence::Low => "unverified",
    }
}

/// What a charge is.
pub(crate) const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Duty => "duty",
        Kind::AdditionalDuty => "additional duty",
        Kind::Excise => "excise",
        Kind::Vat => "VAT",
        Kind::Gst => "GST",
        Kind::SalesTax => "sales tax",
        Kind::Levy => "levy",
        Kind::Fee => "fee",
    }
}

/// Whether a rule is law.
pub(crate) const fn status(status: Status) -> &'static str {
    match status {
        Status::InForce => "law",
        Status::Scheduled => "adopted, not yet in force",
        Status::Suspended => "suspended",
        Status::Expired => "expired",
        Status::Proposed => "proposed, not law",
    }
}

/// An answer that is not a number.
pub(crate) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unknown => "amount not known",
        Verdict::NotAllowed => "not allowed this way",
        Verdict::FormalEntry => "full customs entry needed",
        Verdict::Prohibited => "prohibited",
    }
}

/// Which day's exchange rate.
pub(crate) const fn day_rule(rule: DayRule) -> &'static str {
    match rule {
        DayRule::Day => "of the day",
        DayRule::DayBefore => "of the day before",
        DayRule::WorkingDayBefore => "of the working day before",
        DayRule::Week => "of the week before",
        DayRule::Month => "of the first day of the month",
        DayRule::PenultimateWednesday => "of the penultimate Wednesday of the month before",
        DayRule::PeriodEnd => "of the last day of the period",
    }
}

/// `since 2021-01-01`, `until 2026-06-30`, `2021-01-01 to 2026-06-30`, or nothing where both ends are open.
pub(crate) fn span(from: Option<Date>, before: Option<Date>) -> String {
    let last = before.and_then(|b| b.yesterday().ok());
    match (from, last) {
        (None, None) => String::new(),
        (Some(from), None) => format!("since {from}"),
        (None, Some(last)) => format!("until {last}"),
        (Some(from), Some(last)) => format!("{from} to {last}"),
    }
}

/// `1 rule`, `2 rules`.
pub(crate) fn count(number: usize, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        n => match one.strip_suffix('y') {
            Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{n} {stem}ies"),
            _ => format!("{n} {one}s"),
        },
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [many @ .., last] => format!("{} and {last}", many.join(", ")),
    }
}

/// A sentence with its full stop.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_ranges() {
        let eur = Money { code: "EUR".into(), minor: 2 };
        let d = |t: &str| t.parse::<Decimal>().unwrap();
        assert_eq!(eur.range(d("0"), Some(d("12.4"))), "EUR 0.00 to 12.40");
        assert_eq!(eur.range(d("3.1"), None), "at least EUR 3.10");
        assert_eq!(eur.numbers(d("0"), None), "not known");
        assert_eq!(eur.range(d("3.1"), Some(d("3.1"))), "EUR 3.10");
    }

    #[test]
    fn writes_spans_by_their_last_day() {
        let day = |t: &str| Some(t.parse::<Date>().unwrap());
        assert_eq!(span(day("2021-01-01"), day("2026-07-01")), "2021-01-01 to 2026-06-30");
        assert_eq!(span(None, day("2026-07-01")), "until 2026-06-30");
        assert_eq!(span(None, None), "");
    }

    #[test]
    fn counts() {
        assert_eq!(
            (count(1, "rule"), count(2, "rule"), count(2, "economy"), count(2, "day")),
            ("1 rule".into(), "2 rules".into(), "2 economies".into(), "2 days".into())
        );
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
