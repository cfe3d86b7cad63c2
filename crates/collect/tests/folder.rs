//! Folders of a year of a shop: the same bytes from the same ledger, made again from what is in them, and in step with the accounts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::definitions::all;
use crate::worked::{amending, drafted};
use crate::year::year;
use std::collections::BTreeMap;
use tidewaiter::Decimal;
use tidewaiter_collect::folder::{Request, check, made};
use tidewaiter_collect::ledger::{Account, Ledger};
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
        assert_eq!((&one.to_amend, one.amendments.len()), (&None, 0));
        let account = Account::Owed { scheme: one.scheme.clone(), period: one.period };
        let held = year.ledger.balances().get(&(account, one.currency.clone())).copied().unwrap_or_default();
        let sum = one.owed.unwrap_or_default().minus(one.back).unwrap().plus(one.claims).unwrap();
        let rest = sum.minus(one.ordered).unwrap().plus(one.expected).unwrap();
        assert_eq!(Decimal::ZERO.minus(held).unwrap(), rest, "{} {}", one.scheme, one.period);
        assert_eq!((one.left, one.overdue), (Decimal::ZERO, false), "{} {}", one.scheme, one.period);
    }
}

/// A return, what waits to amend it, the amendment, and what waits after it: told, owed and in the folder at every step.
#[test]
fn amendments_are_told_owed_and_in_the_folder() {
    let definitions = all();
    let book = tidewaiter_data::ratebook();
    let (definition, period) = (&definitions["no.voec"], "2025-Q1".parse().unwrap());
    let mut ledger = Ledger::new(&definitions);
    let today = "2025-05-20".parse().unwrap();
    let hash = |made: &tidewaiter_collect::draft::Return| {
        tidewaiter_repository::sha256_hex(tidewaiter_collect::export::document(made).unwrap().as_bytes())
    };
    fn take(ledger: &mut Ledger<'_>, event: serde_json::Value) {
        ledger.append(jiff::Timestamp::UNIX_EPOCH, serde_json::from_value(event).unwrap()).unwrap().expect("is new");
    }
    let row = |net: &str, tax: &str| serde_json::json!([{ "charge": "no.vat", "scheme": "no.voec", "rate": "25 %", "rate_type": "standard", "net": net, "amount": tax }]);
    let corrected = |document: &str, day: &str, rows: serde_json::Value| serde_json::json!({ "kind": "correction", "document": document, "date": day, "of": "A", "reason": "wrong", "rows": rows });
    take(
        &mut ledger,
        serde_json::json!({ "kind": "registration", "document": "R", "scheme": "no.voec", "number": "2012345", "from": "2025-01-01" }),
    );
    take(
        &mut ledger,
        serde_json::json!({ "kind": "sale", "document": "A", "date": "2025-02-10", "to": "NO", "currency": "NOK", "goods": "100000", "rows": row("100000", "25000") }),
    );
    let sent = serde_json::json!({ "kind": "return", "document": "Q1", "scheme": "no.voec", "period": "2025-Q1", "date": "2025-04-10",
        "owed": "25000", "currency": "NOK", "sha256": hash(&drafted(&ledger, definition, period)) });
    take(&mut ledger, sent);
    // Words, owed, rows that wait with their tax, and files of amendments: at each step.
    let told = |ledger: &Ledger<'_>| {
        let found = standings(ledger, today).unwrap();
        let one = found.into_iter().find(|one| one.period == period).unwrap();
        let account = Account::Owed { scheme: one.scheme.clone(), period };
        let held = ledger.balances().get(&(account, one.currency.clone())).copied().unwrap_or_default();
        assert_eq!(Decimal::ZERO.minus(held).unwrap(), one.to_order, "as the accounts have it");
        let request = Request::of(ledger, book, vec!["no.voec".into()], period, BTreeMap::new());
        let files = made(ledger, book, &request).unwrap();
        assert_eq!(check(&files, &definitions, book).unwrap(), []);
        let names: Vec<String> = files
            .keys()
            .filter_map(|name| name.strip_prefix("no.voec/2025-01_2025-03/"))
            .filter(|name| name.contains("amend"))
            .map(str::to_owned)
            .collect();
        let waits = one.to_amend.as_ref().map(|waits| (waits.lines, waits.tax["NOK"].to_string()));
        let (owed, words) = (one.owed.unwrap().to_string(), one.words());
        // Lines are as long as they are.
        let readme = String::from_utf8(files["README.txt"].clone()).unwrap();
        let readme = readme.split_whitespace().collect::<Vec<_>>().join(" ");
        (words, owed, waits, names, readme, files)
    };
    let after = told(&ledger);
    assert_eq!((after.0.as_str(), after.1.as_str(), after.2, after.3), ("sent", "25000", None, vec![]));

    take(&mut ledger, corrected("K1", "2025-05-02", row("-10000", "-2500")));
    take(&mut ledger, corrected("K2", "2025-05-03", row("400", "100")));
    let after = told(&ledger);
    let files = |name: &str| vec![format!("{name}-behind.csv"), format!("{name}.csv"), format!("{name}.json")];
    assert_eq!((after.0.as_str(), after.1.as_str()), ("sent, TO AMEND", "25000"));
    assert_eq!((after.2, after.3), (Some((2, "-2400".into())), files("to-amend")));
    assert!(after.4.contains("2 rows wait until its return is amended"), "{}", after.4);

    let change = amending(&ledger, definition, period, "Q1");
    let amended = serde_json::json!({ "kind": "amendment", "document": "Q1 b", "of": "Q1", "scheme": "no.voec", "period": "2025-Q1",
        "date": "2025-05-10", "owed": change.owed, "currency": "NOK", "sha256": hash(&change) });
    take(&mut ledger, amended);
    let after = told(&ledger);
    assert_eq!((after.0.as_str(), after.1.as_str(), after.2), ("sent, amended 2025-05-10", "22600", None));
    assert_eq!(after.3, files("amendment-1"));
    // It is byte for byte what was sent, and so is the return.
    assert_eq!(
        tidewaiter_repository::sha256_hex(&after.5["no.voec/2025-01_2025-03/amendment-1.json"]),
        ledger.amendments("no.voec", period).next().unwrap().1.sha256
    );
    assert!(after.4.contains("to amend the return, as it was sent"), "{}", after.4);
    assert!(after.4.contains("sent on 2025-04-10, amended on 2025-05-10, due"), "{}", after.4);
    assert!(!after.4.contains("have changed since") && !after.4.contains("is NOT that"), "{}", after.4);
    let payments = String::from_utf8(after.5["payments.csv"].clone()).unwrap();
    assert!(payments.lines().any(|line| line.contains("amendment,Q1 b,Q1,2025-05-10")), "{payments}");

    take(&mut ledger, corrected("K3", "2025-05-12", row("800", "200")));
    let after = told(&ledger);
    assert_eq!((after.0.as_str(), after.1.as_str()), ("sent, amended 2025-05-10, TO AMEND", "22600"));
    assert_eq!((after.2, after.3), (Some((1, "200".into())), [files("amendment-1"), files("to-amend")].concat()));
    // A digit of an amendment that was changed is found.
    let mut changed = after.5;
    let name = "no.voec/2025-01_2025-03/amendment-1.json";
    let text = String::from_utf8(changed[name].clone()).unwrap().replacen("-2400", "-2401", 1);
    changed.insert(name.into(), text.into_bytes());
    let found = check(&changed, &definitions, book).unwrap();
    assert_eq!(found.iter().map(|one| one.file.as_str()).collect::<Vec<_>>(), [name]);
}
