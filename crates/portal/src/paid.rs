//! What the buyer pays on goods of a code: the part of a quote by which codes are compared.

use schemars::JsonSchema;
use serde::Serialize;
use tidewaiter::quote::document::Sum;
use tidewaiter::{Decimal, Outcome, Quote, RoundingMode};

/// What is due on goods, or why no figure is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Paid {
    /// What kind of answer.
    pub outcome: Outcome,
    /// Customs and additional duties.
    pub duties: Sum,
    /// All charges.
    pub total: Sum,
}

impl Paid {
    /// Of a quote.
    pub fn of(quote: &Quote) -> Self {
        Self { outcome: quote.outcome, duties: quote.by_kind.duties, total: quote.total }
    }

    /// Whether there are amounts at all.
    pub const fn has_figures(&self) -> bool {
        matches!(self.outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown)
    }

    /// What the buyer pays in the currency of the question, where it is exact.
    pub fn exact(&self) -> Option<Decimal> {
        (self.outcome == Outcome::Amount && self.total.most_asked == Some(self.total.least_asked))
            .then_some(self.total.least_asked)
    }

    /// What the buyer pays in ten-thousandths of a value; the middle of a range, nothing where it is open.
    pub fn ten_thousandths(&self, value: Decimal) -> Option<u32> {
        let most = self.total.most_asked.filter(|_| self.has_figures())?;
        let twice = self.total.least_asked.plus(most).ok()?;
        let share = twice.scaled(Decimal::from_int(5_000), value).ok()?;
        let whole = share.rounded(RoundingMode::HalfUp, Decimal::ONE).ok()?;
        u32::try_from(whole.units() / Decimal::ONE.units()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn paid(outcome: Outcome, least: &str, most: Option<&str>) -> Paid {
        let most = most.map(d);
        let total = Sum { least: d(least), most, least_asked: d(least), most_asked: most };
        Paid { outcome, duties: total, total }
    }

    #[test]
    fn the_middle_of_a_range_is_compared_and_the_open_is_not() {
        let of = |outcome, least, most| paid(outcome, least, most).ten_thousandths(d("50"));
        assert_eq!(of(Outcome::Amount, "5", Some("5")), Some(1_000));
        assert_eq!(of(Outcome::Range, "5", Some("10")), Some(1_500));
        assert_eq!(of(Outcome::Unknown, "5", None), None);
        assert_eq!(of(Outcome::FormalEntry, "0", Some("0")), None, "no figure is no zero");
    }

    #[test]
    fn only_an_amount_is_exact() {
        assert_eq!(paid(Outcome::Amount, "7", Some("7")).exact(), Some(d("7")));
        assert_eq!(paid(Outcome::Prohibited, "0", Some("0")).exact(), None);
        assert_eq!(paid(Outcome::Range, "7", Some("8")).exact(), None);
    }
}
