//! What the buyer pays on goods of a code: the part of a quote by which codes are compared.

use crate::code::says::{Says, put};
use crate::words::Money;
use serde::Serialize;
use tidewaiter::quote::document::Sum;
use tidewaiter::{Decimal, Outcome, Quote, RoundingMode};

/// What is due on goods, or why no figure is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Paid {
    /// What kind of answer.
    pub(crate) outcome: Outcome,
    /// Customs and additional duties.
    pub(crate) duties: Sum,
    /// All charges.
    pub(crate) total: Sum,
}

impl Paid {
    pub(crate) fn of(quote: &Quote) -> Self {
        Self { outcome: quote.outcome, duties: quote.by_kind.duties, total: quote.total }
    }

    /// Whether there are amounts at all.
    pub(crate) const fn has_figures(&self) -> bool {
        matches!(self.outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown)
    }

    /// What the buyer pays in the currency of the question, where it is exact.
    pub(crate) fn exact(&self) -> Option<Decimal> {
        (self.outcome == Outcome::Amount && self.total.most_asked == Some(self.total.least_asked))
            .then_some(self.total.least_asked)
    }

    /// What the buyer pays in the currency of the question, without its code: `3.00 to 8.60`.
    pub(crate) fn total_text(&self, money: &Money, says: &Says) -> String {
        match self.outcome {
            Outcome::NotAllowed => says.not_allowed.into(),
            Outcome::FormalEntry => says.formal_entry.into(),
            Outcome::Prohibited => says.prohibited.into(),
            _ => range(self.total.least_asked, self.total.most_asked, says, |amount| money.number(amount)),
        }
    }

    /// The duty in percent of a value: `12 %`, `0 to 16 %`; nothing where there are no figures.
    pub(crate) fn duty_text(&self, value: Decimal, says: &Says) -> String {
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

    /// What the buyer pays in ten-thousandths of a value; the middle of a range, nothing where it is open.
    pub(crate) fn ten_thousandths(&self, value: Decimal) -> Option<u32> {
        let most = self.total.most_asked.filter(|_| self.has_figures())?;
        let twice = self.total.least_asked.plus(most).ok()?;
        let share = twice.scaled(Decimal::from_int(5_000), value).ok()?;
        let whole = share.rounded(RoundingMode::HalfUp, Decimal::ONE).ok()?;
        u32::try_from(whole.units() / Decimal::ONE.units()).ok()
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

    #[test]
    fn the_middle_of_a_range_is_compared_and_the_open_is_not() {
        let of = |outcome, least, most| paid(outcome, sum("0", None), sum(least, most)).ten_thousandths(d("50"));
        assert_eq!(of(Outcome::Amount, "5", Some("5")), Some(1_000));
        assert_eq!(of(Outcome::Range, "5", Some("10")), Some(1_500));
        assert_eq!(of(Outcome::Unknown, "5", None), None);
        assert_eq!(of(Outcome::FormalEntry, "0", Some("0")), None, "no figure is no zero");
    }

    #[test]
    fn only_an_amount_is_exact() {
        assert_eq!(paid(Outcome::Amount, sum("0", Some("0")), sum("7", Some("7"))).exact(), Some(d("7")));
        assert_eq!(paid(Outcome::Prohibited, sum("0", Some("0")), sum("0", Some("0"))).exact(), None);
        assert_eq!(paid(Outcome::Range, sum("0", Some("0")), sum("7", Some("8"))).exact(), None);
    }
}
