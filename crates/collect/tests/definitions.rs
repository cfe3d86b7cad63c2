//! The files of `data/returns` and what must be refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use tidewaiter_collect::ledger::Definitions;
use tidewaiter_collect::{Definition, Period};

/// All definitions of the data folder.
pub(crate) fn all() -> Definitions {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/returns");
    let mut all = Definitions::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = std::fs::read_to_string(&path).unwrap();
            let read = Definition::read(&text).unwrap_or_else(|faults| panic!("{}: {faults:?}", path.display()));
            assert_eq!(path.file_stem().unwrap().to_str().unwrap(), read.scheme.key);
            all.insert(read.scheme.key.clone(), read);
        }
    }
    all
}

#[test]
fn every_file_is_read_and_belongs_to_a_scheme_of_its_economy() {
    let all = all();
    assert!(all.len() >= 9, "{}", all.len());
    for (key, one) in &all {
        // Union OSS is for goods sent inside the Union, which no quote is about.
        if key == "eu.oss" {
            continue;
        }
        let economy = tidewaiter_data::ratebook().economy(&one.scheme.territory).unwrap();
        assert!(
            economy.schemes.iter().any(|scheme| scheme.key == *key),
            "{key} is no scheme of {}",
            one.scheme.territory
        );
    }
}

#[test]
fn periods_are_those_of_the_calendar_or_of_the_registration() {
    let all = all();
    let day = |text: &str| text.parse().unwrap();
    let of =
        |key: &str, date: &str, registered: &str| -> Period { all[key].period.of(day(date), day(registered)).unwrap() };
    assert_eq!(of("eu.ioss", "2026-02-28", "2025-05-17").to_string(), "2026-02");
    assert_eq!(of("eu.oss", "2026-02-28", "2025-05-17").to_string(), "2026-01/2026-03");
    // The groups of quarters of a seller in the United Kingdom begin with its registration.
    assert_eq!(of("gb.supplyvat", "2026-02-28", "2025-05-17").to_string(), "2026-02/2026-04");
    assert_eq!(of("gb.supplyvat", "2026-01-31", "2025-05-17").to_string(), "2025-11/2026-01");
}

#[test]
fn wrong_files_are_refused_with_place_and_reason() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/returns");
    let right = std::fs::read_to_string(folder.join("nz.ovr.toml")).unwrap();
    let wrong = |from: &str, to: &str| {
        assert!(right.contains(from), "{from}");
        Definition::read(&right.replacen(from, to, 1)).unwrap_err()
    };
    for (from, to, at, says) in [
        ("[period]\nis     = \"quarter\"", "[period]\nis     = \"fortnight\"", "line ", "fortnight"),
        ("half-up 0.01", "half-up 0", "line ", "no step to round to"),
        ("box 5 - box 6", "box 5 - box 66", "box[2].is", "there is no box 66 before it"),
        ("box 5 - box 6", "box 5 times box 6", "line ", "is no figure"),
        ("rate  = \"15 %\"", "rate  = \"15\"", "line ", "is no rate"),
        ("key   = \"6\"", "key   = \"5\"", "box[1].key", "box 5 stands twice"),
        (
            "cites = [\"nz.ovr.boxes\"]",
            "cites = [\"nz.ovr.nothing\"]",
            "box[0].cites",
            "there is no fact \"nz.ovr.nothing\"",
        ),
        ("cites = [\"nz.ovr.boxes\"]", "cites = []", "box[0].cites", "a rule without a source is not taken"),
        ("box       = \"15\"", "box       = \"99\"", "payment.box", "there is no box 99"),
        ("is    = \"NZD\"", "is    = \"nzd\"", "currency.is", "three capital letters"),
        ("\nnil ", "\nnill ", "line ", "unknown field"),
    ] {
        let faults = wrong(from, to);
        assert!(
            faults.iter().any(|fault| fault.at.starts_with(at) && fault.says.contains(says)),
            "{from} -> {to}: {faults:?}"
        );
    }
}
