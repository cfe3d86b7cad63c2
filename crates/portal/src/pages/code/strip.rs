//! How the duty on one code is distributed over the economies, as a small picture. All arithmetic is on whole numbers.

use super::world::{Duty, Rate};
use crate::locale::{Lang, percent};
use crate::say;
use maud::{Markup, html};
use std::collections::BTreeMap;
use tidewaiter::Decimal;

/// Size in units of the picture.
const WIDTH: i128 = 340;
const HEIGHT: i128 = 104;
/// Left and right of the axis, and where it lies.
const SIDE: i128 = 14;
const AXIS: i128 = 82;
/// Height of the highest bar.
const HIGHEST: i128 = 58;
/// Width of a bar, and between two labels at least.
const BAR: i128 = 8;
const BETWEEN: i128 = 16;
/// Ends of the axis in percent; the first that holds every rate is taken.
const ENDS: [i64; 10] = [5, 10, 15, 20, 30, 40, 50, 100, 200, 500];

/// How many economies charge each rate; only where it is one rate of all lines.
fn counts(rates: &[Rate]) -> BTreeMap<Decimal, usize> {
    let mut counts = BTreeMap::new();
    for rate in rates {
        if let Duty::Percent { least, most, whole: true } = &rate.duty
            && least == most
        {
            *counts.entry(*least).or_default() += 1;
        }
    }
    counts
}

/// The picture; nothing where there are fewer than two rates to compare.
pub(super) fn draw(lang: Lang, rates: &[Rate]) -> Markup {
    let counts = counts(rates);
    let (Some(highest), Some(&most)) = (counts.keys().next_back(), counts.values().max()) else { return html! {} };
    let end = ENDS.into_iter().map(Decimal::from_int).find(|end| end >= highest);
    let (Some(end), true) = (end, counts.len() > 1) else { return html! {} };
    let at = |rate: Decimal| SIDE + rate.units() * (WIDTH - 2 * SIDE) / end.units().max(1);
    let tall = |count: usize| ((count as i128) * HIGHEST / (most as i128).max(1)).max(3);
    let told: Vec<String> = counts
        .iter()
        .map(|(rate, count)| say!(lang, CODE_STRIP_PART, rate = percent(lang, *rate), count = *count))
        .collect();
    // Where labels are too near each other, the higher bar keeps its own; all figures stand in the description and in the table.
    let mut bars: Vec<(i128, usize)> = counts.iter().map(|(rate, count)| (at(*rate), *count)).collect();
    bars.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut labels: Vec<(i128, i128, usize)> = Vec::new();
    for (x, count) in bars {
        if labels.iter().all(|(other, ..)| (x - other).abs() >= BETWEEN) {
            labels.push((x, AXIS - tall(count) - 4, count));
        }
    }
    html! {
        figure.strip {
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) role="img" aria-label={ (say!(lang, CODE_STRIP)) " " (told.join(lang.semicolon())) } {
                @for (rate, count) in &counts {
                    rect.p-duties x=(at(*rate) - BAR / 2) y=(AXIS - tall(*count)) width=(BAR) height=(tall(*count)) rx="2" {}
                }
                @for (x, y, count) in labels { text x=(x) y=(y) text-anchor="middle" { (count) } }
                line.axis x1=(SIDE / 2) x2=(WIDTH - SIDE / 2) y1=(AXIS) y2=(AXIS) {}
                @for (part, anchor) in [(0, "start"), (1, "middle"), (2, "end")] {
                    @let rate = Decimal::from_units(end.units() * part / 2);
                    @let x = SIDE + (WIDTH - 2 * SIDE) * part / 2;
                    line.axis x1=(x) x2=(x) y1=(AXIS) y2=(AXIS + 4) {}
                    text.quiet x={ @match part { 0 => (SIDE / 2), 2 => (WIDTH - SIDE / 2), _ => (x) } } y=(AXIS + 18) text-anchor=(anchor) { (percent(lang, rate)) }
                }
            }
            figcaption.quiet.small { (say!(lang, CODE_STRIP_CAPTION)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::world::Tax;
    use super::*;

    fn rate(least: &str, most: &str, whole: bool) -> Rate {
        let duty = Duty::Percent { least: least.parse().unwrap(), most: most.parse().unwrap(), whole };
        Rate { territory: "QQ".into(), duty, tax: Tax::None }
    }

    #[test]
    fn each_rate_is_a_bar_as_high_as_its_economies_are_many() {
        let rates = [
            rate("0", "0", true),
            rate("12", "12", true),
            rate("12", "12", true),
            rate("5", "12", true),
            rate("7", "7", false),
            Rate { territory: "QR".into(), duty: Duty::Unknown, tax: Tax::None },
        ];
        let drawn = draw(Lang::FIRST, &rates).into_string().replace('\u{a0}', " ");
        assert_eq!(drawn.matches("<rect").count(), 2, "{drawn}");
        // 12 of 15 percent, of 312 units from 14; the bar is 8 wide.
        assert!(drawn.contains("x=\"259\" y=\"24\" width=\"8\" height=\"58\""), "{drawn}");
        assert!(drawn.contains("0 %: 1") && drawn.contains("12 %: 2"), "{drawn}");
    }

    #[test]
    fn one_rate_is_no_picture() {
        assert!(draw(Lang::FIRST, &[rate("5", "5", true)]).into_string().is_empty());
        assert!(draw(Lang::FIRST, &[]).into_string().is_empty());
    }
}
