//! Standard rates of all economies as a plot: one dot for each, in columns of half a percent.

use super::scroll;
use crate::locale::{Lang, percent};
use crate::say;
use maud::{Markup, html};
use std::collections::BTreeMap;
use tidewaiter::Decimal;

/// Width of a column and distance of dots, in pixels.
const STEP: usize = 13;
const LEFT: usize = 20;

/// The plot of economies by name and rate; those without a rate are counted below it.
pub(super) fn draw(lang: Lang, all: &[(&str, Option<Decimal>)]) -> Markup {
    let mut rates: Vec<(Decimal, &str)> = all.iter().filter_map(|(name, rate)| Some(((*rate)?, *name))).collect();
    rates.sort();
    let (Some((least, low)), Some((most, high))) = (rates.first().copied(), rates.last().copied()) else {
        return html! {};
    };
    let middle = rates.get(rates.len() / 2).map_or(least, |(rate, _)| *rate);
    let mut columns: BTreeMap<usize, Vec<(Decimal, &str)>> = BTreeMap::new();
    for (rate, name) in &rates {
        columns.entry(column(*rate)).or_default().push((*rate, name));
    }
    let last = columns.keys().next_back().copied().unwrap_or_default().div_ceil(10) * 10;
    let tallest = columns.values().map(Vec::len).max().unwrap_or_default();
    let (width, floor) = (LEFT * 2 + last * STEP, tallest * STEP + 10);
    let height = floor + 26;
    let said = say!(
        lang,
        RATES_STRIP_SAID,
        count = rates.len(),
        least = percent(lang, least),
        low = low,
        most = percent(lang, most),
        high = high,
        middle = percent(lang, middle)
    );
    html! {
        (scroll(&say!(lang, RATES_STRIP), html! {
            svg.strip width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } role="img" aria-labelledby="strip-said" {
                line.axis x1=(LEFT) x2=(width - LEFT) y1=(floor) y2=(floor) {}
                @for tick in (0..=last).step_by(10) {
                    line.axis x1=(LEFT + tick * STEP) x2=(LEFT + tick * STEP) y1=(floor) y2=(floor + 5) {}
                    text.quiet x=(LEFT + tick * STEP) y=(floor + 20) text-anchor="middle" {
                        (percent(lang, Decimal::from_int(i64::try_from(tick / 2).unwrap_or_default())))
                    }
                }
                @for (at, column) in &columns {
                    @for (place, (rate, name)) in column.iter().enumerate() {
                        circle.dot cx=(LEFT + at * STEP) cy=(floor - 8 - place * STEP) r="5" {
                            title { (name) ", " (percent(lang, *rate)) }
                        }
                    }
                }
            }
        }))
        p.small #strip-said { (said) }
        @if all.len() > rates.len() { p.quiet.small { (say!(lang, RATES_STRIP_NONE, count = all.len() - rates.len())) } }
    }
}

/// Half percents, rounded down.
fn column(rate: Decimal) -> usize {
    usize::try_from(rate.units() * 2 / Decimal::ONE.units()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_stands_in_the_column_of_its_half_percent() {
        let at = |text: &str| column(text.parse().unwrap());
        assert_eq!((at("0"), at("8.1"), at("19"), at("19.5"), at("27")), (0, 16, 38, 39, 54));
    }

    #[test]
    fn every_economy_with_a_rate_has_a_dot() {
        let rate = |text: &str| Some(text.parse().unwrap());
        let page =
            draw(Lang::FIRST, &[("Aland", rate("25.5")), ("Beland", rate("8.1")), ("Celand", None)]).into_string();
        assert_eq!(page.matches("<circle").count(), 2);
        assert!(page.contains("Aland, 25.5"), "{page}");
    }
}
