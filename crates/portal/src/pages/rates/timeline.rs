//! The rules and rates of an economy since 2024: which bars there are. `bars.rs` draws them.

use super::bars::{Bar, Lane};
use super::dates::BEGINS;
use super::held;
use super::phrase::Voice;
use crate::locale::percent;
use crate::say;
use jiff::civil::Date;
use std::collections::BTreeMap;
use tidewaiter::ratebook::{ChargeView, RungView};
use tidewaiter::record::Status;

/// The bars of an economy: a lane for each charge and each rate table, each with what was in force after [`BEGINS`].
pub(super) fn lanes(voice: &Voice<'_>) -> Vec<Lane> {
    let rates = voice.view.rates.iter().map(|rate| rate_lane(voice, rate));
    let charges = voice.view.charges.iter().map(|charge| charge_lane(voice, charge));
    rates.chain(charges).filter(|lane| !lane.bars.is_empty()).collect()
}

fn rate_lane(voice: &Voice<'_>, rate: &tidewaiter::ratebook::RateView) -> Lane {
    let shown = rate.values.iter().filter(|value| value.before.is_none_or(|before| before > BEGINS));
    let bars = shown.map(|value| Bar {
        text: percent(voice.lang, value.percent),
        from: value.from,
        before: value.before,
        status: Status::InForce,
        replaced: false,
        rules: 1,
    });
    Lane { name: held::name(voice, rate), foreign: false, anchor: "rates".into(), bars: bars.collect() }
}

/// Rungs of a charge that hold from the same day to the same day are one bar.
fn charge_lane(voice: &Voice<'_>, charge: &ChargeView) -> Lane {
    type Key = (Option<Date>, Option<Date>, u8, bool);
    let mut groups: BTreeMap<Key, Vec<&RungView>> = BTreeMap::new();
    for rung in charge.rungs.iter().filter(|rung| rung.before.is_none_or(|before| before > BEGINS)) {
        // What began before the timeline does looks the same.
        let from = rung.from.filter(|from| *from > BEGINS);
        let key = (from, rung.before, rung.status as u8, rung.known_before.is_some());
        groups.entry(key).or_default().push(rung);
    }
    let bars = groups.into_values().filter_map(|rungs| {
        let first = *rungs.first()?;
        let (from, before) = voice.own_days(rungs.iter().map(|rung| rung.from).min().flatten(), first.before);
        let text = match rungs.len() {
            1 => first.name.clone(),
            many => say!(voice.lang, RATES_BAR_MORE, name = first.name.as_str(), count = many - 1),
        };
        Some(Bar {
            text,
            from,
            before,
            status: first.status,
            replaced: first.known_before.is_some(),
            rules: rungs.len(),
        })
    });
    Lane { name: charge.name.clone(), foreign: true, anchor: super::ladder::anchor(&charge.key), bars: bars.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Book, Held};
    use crate::locale::Lang;
    use jiff::civil::date;

    #[test]
    fn rungs_of_the_same_days_are_one_bar() {
        let book = Book::new(Held::Embedded(tidewaiter_data::ratebook()));
        let view = book.economy("DE").unwrap();
        let voice = Voice { lang: Lang::FIRST, book: &book, view: &view, day: date(2026, 11, 22) };
        let lanes = lanes(&voice);
        let duty = lanes.iter().find(|lane| lane.anchor == "charge-eu.duty").unwrap();
        let told: Vec<(Option<Date>, Option<Date>)> = duty.bars.iter().map(|bar| (bar.from, bar.before)).collect();
        assert!(told.contains(&(Some(date(2026, 7, 1)), Some(date(2028, 7, 1)))), "{told:?}");
        let rungs = view.charges.iter().find(|c| c.key == "eu.duty").unwrap().rungs.len();
        assert_eq!(duty.bars.iter().map(|bar| bar.rules).sum::<usize>(), rungs, "every rung is in one bar");
    }
}
