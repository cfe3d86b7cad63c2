//! What changes in the embedded rules, on days that the laws name.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use tidewaiter::ratebook::{ChangeKind, ChangeView};

fn changes(from: Date, before: Date, territory: Option<&str>) -> Vec<ChangeView> {
    tidewaiter_data::ratebook().changes(from, before, territory)
}

/// Switzerland raised its tax on 1 January 2024: 7.7 to 8.1 %, reduced 2.5 to 2.6 %.
#[test]
fn switzerland_in_2024() {
    let all = changes(date(2024, 1, 1), date(2024, 1, 2), Some("CH"));
    let rates: Vec<(&str, &str)> = all
        .iter()
        .filter(|c| c.kind == ChangeKind::RateChanges)
        .map(|c| (c.before.as_deref().unwrap(), c.after.as_deref().unwrap()))
        .collect();
    assert!(rates.contains(&("7.7 %", "8.1 %")) && rates.contains(&("2.5 %", "2.6 %")), "{rates:?}");
    assert!(
        all.iter().filter(|c| c.kind == ChangeKind::RateChanges).all(|c| !c.cites.is_empty() && c.territory == "CH")
    );
}

/// The Union's flat duty begins on 1 July 2026: once, under the Union's code, for all and for a member who asks.
#[test]
fn the_unions_flat_duty_is_there_once() {
    let day = date(2026, 7, 1);
    for asked in [None, Some("FR"), Some("EU")] {
        let all = changes(day, date(2026, 7, 2), asked);
        let flat = all.iter().filter(|c| c.charge.as_deref() == Some("eu.duty") && c.after.as_deref() == Some("3 EUR"));
        let flat: Vec<&ChangeView> = flat.collect();
        assert!(!flat.is_empty() && flat.iter().all(|c| c.territory == "EU" && c.kind == ChangeKind::RungBegins));
        let told: BTreeSet<_> = flat.iter().map(|c| (&c.name, &c.when)).collect();
        assert_eq!(told.len(), flat.len(), "each once");
        assert!(all.iter().any(|c| c.kind == ChangeKind::RungEnds && c.charge.as_deref() == Some("eu.duty")));
    }
    assert!(changes(day, date(2026, 7, 2), Some("CH")).iter().all(|c| c.territory == "CH"));
}

/// Everything of two centuries: sorted, without doubles, each inside the days, nothing from a union told for its members.
#[test]
fn all_changes_are_sorted_and_told_once() {
    let (from, before) = (date(1900, 1, 1), date(2100, 1, 1));
    let all = changes(from, before, None);
    assert!(all.len() > 500, "{}", all.len());
    assert!(all.iter().all(|c| from <= c.day && c.day < before));
    let key = |c: &ChangeView| (c.day, c.territory.clone(), c.charge.clone());
    assert!(all.windows(2).all(|pair| key(&pair[0]) <= key(&pair[1])));
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
    let of_union: Vec<_> =
        all.iter().filter(|c| c.charge.as_deref().is_some_and(|key| key.starts_with("eu."))).collect();
    assert!(!of_union.is_empty() && of_union.iter().all(|c| c.territory == "EU"));
    // Every rule that begins or ends names its facts.
    assert!(all.iter().filter(|c| c.charge.is_some()).all(|c| !c.cites.is_empty() && c.confidence.is_some()));
    // Halves make the whole.
    let middle = date(2026, 1, 1);
    let mut halves = changes(from, middle, None);
    halves.extend(changes(middle, before, None));
    assert_eq!(halves, all);
}

#[test]
fn proposals_have_no_day() {
    let proposed = tidewaiter_data::ratebook().proposed();
    assert!(!proposed.is_empty());
    assert!(proposed.iter().all(|p| !p.cites.is_empty() && !p.charge.is_empty()));
}

#[test]
#[ignore = "a measurement"]
fn cost() {
    let run = || changes(date(2024, 1, 1), date(2029, 1, 1), None);
    let found = run().len();
    let start = std::time::Instant::now();
    (0..10).for_each(|_| drop(run()));
    println!(
        "{} µs for {found} changes; {} proposals",
        start.elapsed().as_micros() / 10,
        tidewaiter_data::ratebook().proposed().len()
    );
}
