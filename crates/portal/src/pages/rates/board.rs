//! What several pages know of every economy: computed once for a ratebook and a day.

use super::dates;
use super::glance::{self, Low};
use crate::desk::{Book, Desk};
use arc_swap::ArcSwapOption;
use jiff::civil::Date;
use std::sync::{Arc, LazyLock};
use tidewaiter::ratebook::{ChargeView, EconomySummary, EconomyView, EditionView, RungView, SeriesView};
use tidewaiter::record::expression::Amount;
use tidewaiter::record::{Kind, MeasureKind, grammar};
use tidewaiter::{Decimal, RoundingMode};

/// A tariff with as many lines as the Harmonized System has subheadings (5,612 in the edition of 2022) is a whole schedule.
const WHOLE_TARIFF: usize = 5_612;

/// One economy.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) summary: EconomySummary,
    /// From which value customs duty is due.
    pub(super) duty: Low,
    /// From which value the main tax is due.
    pub(super) tax: Low,
    /// The standard rates of the main tax, percent, the first first; each with what other taxes add that are a share of it.
    pub(super) rates: Vec<Decimal>,
    /// How many lines of a tariff are loaded: rates that hold for all origins.
    pub(super) tariff: usize,
    /// For how many ranges of codes only the least and the most is known.
    pub(super) bounds: usize,
    /// The newest of the editions it rests on: its rules, its union's, its tariff.
    pub(super) newest: Option<EditionView>,
    /// The oldest of them.
    pub(super) oldest: Option<EditionView>,
    /// Days since the oldest was published; none where no day is known.
    pub(super) age: Option<i32>,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Board {
    fingerprint: String,
    day: Date,
    /// By code.
    pub(super) rows: Vec<Row>,
    /// Exchange-rate series.
    pub(super) series: Vec<SeriesView>,
}

/// The board of the ratebook in use, on the desk's day.
pub(super) fn board(desk: &Desk, book: &Book) -> Arc<Board> {
    static LAST: LazyLock<ArcSwapOption<Board>> = LazyLock::new(ArcSwapOption::empty);
    let day = desk.today();
    if let Some(board) = LAST.load_full()
        && board.day == day
        && board.fingerprint == book.fingerprint()
    {
        return board;
    }
    let board = Arc::new(Board::new(book, day));
    LAST.store(Some(board.clone()));
    board
}

impl Board {
    fn new(book: &Book, day: Date) -> Self {
        let rows = book.economies(day).into_iter().map(|summary| Row::new(book, summary, day)).collect();
        Self { fingerprint: book.fingerprint().to_owned(), day, rows, series: book.series() }
    }
}

impl Row {
    /// Whether its tariff is loaded as a whole, so that a code without a line is no code there.
    pub(super) const fn has_whole_tariff(&self) -> bool {
        self.tariff >= WHOLE_TARIFF
    }

    fn new(book: &Book, summary: EconomySummary, day: Date) -> Self {
        let view = book.economy(&summary.code);
        let dated = || view.iter().flat_map(|view| &view.editions).filter(|edition| edition.known_from.is_some());
        let newest = dated().max_by_key(|edition| edition.known_from).cloned();
        let oldest = dated().min_by_key(|edition| edition.known_from).cloned();
        let age = oldest.as_ref().and_then(|e| e.known_from).map(|from| dates::days(from, day));
        let (duty, tax) = view.as_ref().map_or((Low::Unknown, Low::Unknown), |view| {
            (glance::low(view, |kind| kind == Kind::Duty, day), glance::low(view, is_tax, day))
        });
        let general = |view: &tidewaiter::ratebook::EconomyView| {
            view.measures.iter().filter(|m| m.kind == MeasureKind::ThirdCountry).map(|m| m.count).sum()
        };
        let tariff = view.as_ref().map_or(0, general);
        let bounds = view.as_ref().map_or(0, |view| view.bounds);
        let own = summary.standard_rates.iter().map(|rate| rate.percent);
        let rates = own.map(|rate| view.as_ref().map_or(rate, |view| whole_rate(view, rate, day))).collect();
        Self { duty, tax, rates, tariff, bounds, newest, oldest, age, summary }
    }
}

/// A rate with the shares of that tax which are levied on top of it, as a local part: 7.8 % and 22/78 of it are 10 %. To
/// three decimals, since such a share may have no exact decimal.
pub(super) fn whole_rate(view: &EconomyView, rate: Decimal, day: Date) -> Decimal {
    let exact = view.charges.iter().filter(|charge| is_tax(charge.kind)).try_fold(rate, |sum, charge| {
        let on_tax = view.charges.iter().any(|other| is_tax(other.kind) && other.key == charge.base);
        let share = charge.rungs.iter().filter(|rung| on_tax && rung.in_force(day)).find_map(share_of_base(charge));
        let Some(share) = share else { return Ok(sum) };
        sum.plus(rate.scaled(share, Decimal::HUNDRED)?)
    });
    let rounded = exact.and_then(|sum| sum.rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(3)));
    rounded.unwrap_or(rate)
}

/// The percentage of a rung that is a plain share of its charge's base.
fn share_of_base(charge: &ChargeView) -> impl Fn(&RungView) -> Option<Decimal> {
    |rung| match grammar::amount(rung.amount.as_deref()?).ok()? {
        Amount::Percent { percent, of: base } if rung.when.is_none() => {
            let of_base = base.is_none_or(|of| matches!(*of, Amount::Named(key) if key == charge.base));
            of_base.then_some(percent)
        }
        _ => None,
    }
}

/// Taxes that every economy has one main of.
pub(super) const fn is_tax(kind: Kind) -> bool {
    matches!(kind, Kind::Vat | Kind::Gst | Kind::SalesTax)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_part_of_a_tax_counts_into_its_rate() {
        let day = jiff::civil::date(2026, 11, 22);
        let whole = |code: &str, rate: &str| {
            let view = tidewaiter_data::ratebook().economy(code).unwrap();
            whole_rate(&view, rate.parse().unwrap(), day).to_string()
        };
        assert_eq!(whole("JP", "7.8"), "10", "7.8 % and 22/78 of it");
        assert_eq!(whole("JP", "6.24"), "8");
        assert_eq!(whole("DE", "19"), "19", "no tax stands on this one");
    }

    #[test]
    fn only_a_share_of_the_tax_itself_is_added() {
        let day = jiff::civil::date(2026, 11, 22);
        let book = tidewaiter_data::ratebook();
        let changed: Vec<String> = book
            .economies(day)
            .into_iter()
            .filter_map(|one| {
                let (rate, view) = (one.standard_rate()?, book.economy(&one.code)?);
                (whole_rate(&view, rate, day) != rate).then_some(one.code)
            })
            .collect();
        assert_eq!(changed, ["JP"], "look at each other one before it is added here");
    }
}
