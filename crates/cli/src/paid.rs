//! What the buyer pays on goods of a code, in words.

use crate::code::says::{Says, put};
use crate::words::Money;
use tidewaiter::{Decimal, Outcome, RoundingMode};
use tidewaiter_portal::paid::Paid;

/// Told in words.
pub(crate) trait Told {
    /// What the buyer pays in the currency of the question, without its code: `3.00 to 8.60`.
    fn total_text(&self, money: &Money, says: &Says) -> String;
    /// The duty in percent of a value: `12 %`, `0 to 16 %`; nothing where there are no figures.
    fn duty_text(&self, value: Decimal, says: &Says) -> String;
}

impl Told for Paid {
    fn total_text(&self, money: &Money, says: &Says) -> String {
        match self.outcome {
            Outcome::NotAllowed => says.not_allowed.into(),
            Outcome::FormalEntry => says.formal_entry.into(),
            Outcome::Prohibited => says.prohibited.into(),
            _ => range(self.total.least_asked, self.total.most_asked, says, |amount| money.number(amount)),
        }
    }

    fn duty_text(&self, value: Decimal, says: &Says) -> String {
        if !self.has_figures() {
            return String::new();
        }
        let percent = |amount| percent(amount, value).map(|p| p.to_string());
        let (least, most) = (self.duties.least_asked, self.duties.most_asked);
        match (percent(least), most.map(percent)) {
            (Some(_), Some(Some(_))) | (Some(_), None) => {
                let text = range(least, most, says, |amount| percent(amount).unwrap_or_default());
                if text.ends_with(|c: char| c.is_ascii_digit()) { text + " %" } else { text }
            }
            _ => says.unknown.into(),
        }
    }
}

/// An amount in percent of a value, to two decimals.
fn percent(amount: Decimal, value: Decimal) -> Option<Decimal> {
    let percent = amount.scaled(Decimal::from_int(100), value).ok()?;
    percent.rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(2)).ok()
}

/// `12`, `0 to 12`, `at least 3`, `not known`.
pub(crate) fn range(least: Decimal, most: Option<Decimal>, says: &Says, number: impl Fn(Decimal) -> String) -> String {
    match most {
        Some(most) if number(most) == number(least) => number(least),
        Some(most) => put(says.between, &[&number(least), &number(most)]),
        None if least.is_zero() => says.unknown.into(),
        None => put(says.at_least, &[&number(least)]),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use crate::code::says::says;
    use tidewaiter::quote::document::Sum;
    use tidewaiter_finder::Language;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn sum(least: &str, most: Option<&str>) -> Sum {
        let most = most.map(d);
        Sum { least: d(least), most, least_asked: d(least), most_asked: most }
    }

    fn paid(outcome: Outcome, duties: Sum, total: Sum) -> Paid {
        Paid { outcome, duties, total }
    }

    #[test]
    fn duties_are_told_in_percent_of_the_value() {
        let english = says(Language::En);
        let text = |least, most| paid(Outcome::Unknown, sum(least, most), sum("0", None)).duty_text(d("80"), english);
        assert_eq!(text("9.60", Some("9.60")), "12 %");
        assert_eq!(text("0", Some("9.60")), "0 to 12 %");
        assert_eq!(text("2.40", None), "at least 3 %");
        assert_eq!(text("0", None), "not known");
        // 1 of 80 is 1.25 %, 0.005 of 80 is 0.00625 %.
        assert_eq!(text("1", Some("1.005")), "1.25 to 1.26 %");
        let banned = paid(Outcome::Prohibited, sum("0", Some("0")), sum("0", Some("0")));
        assert_eq!(banned.duty_text(d("80"), english), "");
    }
}
