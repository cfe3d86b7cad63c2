//! Folders of a year of a shop: the same bytes from the same ledger, made again from what is in them, and in step with the accounts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::definitions::all;
use crate::year::year;
use std::collections::BTreeMap;
use tidewaiter::Decimal;
use tidewaiter_collect::folder::{Request, check, made};
use tidewaiter_collect::ledger::Account;
use tidewaiter_collect::standing::{State, standings};

#[test]
fn a_year_of_folders_is_made_again_from_the_ledgers_in_them() {
    let definitions = all();
    let year = year(&definitions, 600);
    let book = tidewaiter_data::ratebook();
    let schemes = || ["eu.ioss", "no.voec", "au.lvig", "sg.ovr"].map(str::to_owned).to_vec();
    for quarter in ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"] {
        let request = Request::of(&year.ledger, book, schemes(), quarter.parse().unwrap(), BTreeMap::new());
        let files = made(&year.ledger, book, &request).unwrap();
        assert_eq!(made(&year.ledger, book, &request).unwrap(), files);
        assert_eq!(check(&files, &definitions, book).unwrap(), []);
        // Three months of one scheme, and a quarter of each of the others.
        assert_eq!(files.keys().filter(|name| name.ends_with("/return.json")).count(), 6, "{:?}", files.keys());
        for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with("/figures.csv")) {
            // What the tables of sales, refunds and corrections come to is what the return has, currency by currency.
            let folder = name.trim_end_matches("figures.csv");
            let document = &files[&format!("{folder}return.json")];
            let made: serde_json::Value = serde_json::from_slice(document).unwrap();
            let rows: usize = ["sales", "refunds", "corrections"]
                .iter()
                .filter_map(|table| files.get(&format!("{folder}{table}.csv")))
                .map(|table| table.iter().filter(|byte| **byte == b'\n').count() - 1)
                .sum();
            let is_figure = |part: &&serde_json::Value| part["lines"].is_u64();
            let parts = ["rows", "corrections"].iter().filter_map(|key| made[key].as_array()).flatten();
            let told: u64 = parts.filter(is_figure).map(|part| part["lines"].as_u64().unwrap()).sum();
            if made["boxes"].is_null() {
                assert_eq!(rows as u64, told, "{name}");
            }
            assert!(!bytes.is_empty());
        }
        // One digit of one sale, anywhere, is found.
        let mut changed = files.clone();
        let name = files.keys().find(|name| name.ends_with("/sales.csv")).unwrap();
        let bytes = changed.get_mut(name).unwrap();
        let at = bytes.len() - 20;
        bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
        let found = check(&changed, &definitions, book).unwrap();
        assert_eq!(found.iter().map(|one| &one.file).collect::<Vec<_>>(), [name]);
    }
}

#[test]
fn what_is_left_is_what_the_accounts_say() {
    let definitions = all();
    let year = year(&definitions, 600);
    let today = "2026-03-06".parse().unwrap();
    let found = standings(&year.ledger, today).unwrap();
    let sent = found.iter().filter(|one| one.state.is_sent()).count();
    assert_eq!(sent, year.returns.len());
    assert!(found.iter().all(|one| one.state != State::Missing));
    for one in &found {
        let account = Account::Owed { scheme: one.scheme.clone(), period: one.period };
        let held = year.ledger.balances().get(&(account, one.currency.clone())).copied().unwrap_or_default();
        let sum = one.owed.unwrap_or_default().minus(one.back).unwrap().plus(one.claims).unwrap();
        let rest = sum.minus(one.ordered).unwrap().plus(one.expected).unwrap();
        assert_eq!(Decimal::ZERO.minus(held).unwrap(), rest, "{} {}", one.scheme, one.period);
        assert_eq!((one.left, one.overdue), (Decimal::ZERO, false), "{} {}", one.scheme, one.period);
    }
}
