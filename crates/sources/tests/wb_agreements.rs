//! The World Bank's table of trade agreements, the real file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use jiff::civil::date;
use std::path::Path;
use tidewaiter_sources::{Account, Entry, Limits, Source, wb_agreements};

#[test]
fn every_pair_is_kept() {
    let path = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/rta/wb_deep_trade_agreements_dyads.csv.gz"
    ));
    if !path.exists() {
        println!("skipped: ../shared is absent");
        return;
    }
    let (mut entries, mut account) = (Vec::new(), Account::default());
    let source = Source::open(path, Limits::default()).unwrap();
    let options = wb_agreements::Options { published: date(2017, 1, 1) };
    let edition = wb_agreements::import(source, &options, &mut entries, &mut account).unwrap();
    assert!(account.is_clean(), "{:?}", account.refusals);
    assert_eq!(account.read["pair"], 6_351);
    assert_eq!(account.made["text"], 6_351);
    assert_eq!((account.made["text of an agreement"], account.made["area"], account.made["fact"]), (261, 261, 1));
    assert_eq!(entries.len(), 6_351 + 261 + 261 + 1);
    assert!(account.left_out.is_empty() && account.inexpressible.is_empty());
    assert_eq!(edition.files.len(), 1);

    let text = |code: &str| {
        entries.iter().find_map(|e| if let Entry::Text(t) = e { (t.code == code).then_some(t) } else { None }).unwrap()
    };
    // The first row of the file.
    let pair = text("wb/AO-BI/COMESA");
    assert_eq!((pair.other["entry_force"].as_str(), pair.other["type"].as_str()), ("1994", "CU"));
    let agreement = text("wb/EU - Andorra");
    assert_eq!((agreement.other["type"].as_str(), agreement.other["depth"].as_str()), ("CU", "6"));
    assert_eq!(agreement.other["wto_plus_customs_le"], "2");
    assert!(!agreement.other.contains_key("wto_X_sme"), "what is zero is left away");
    let area = entries
        .iter()
        .find_map(|e| if let Entry::Area(a) = e { (a.code == "wb/China-New Zealand").then_some(a) } else { None })
        .unwrap();
    let members: Vec<_> = area.members.iter().map(|member| member.territory.as_str()).collect();
    assert_eq!(members, ["CN", "NZ"]);
}
