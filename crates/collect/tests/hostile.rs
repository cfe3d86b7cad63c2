//! What comes from outside, broken: the fuzz targets of this crate over their seeds and fixed mutations of them, and inputs that are too large.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::common::mutations;
#[path = "../../../fuzz/src/collect.rs"]
mod targets;

use tidewaiter_collect::pay::{camt053, emv, epc};
use tidewaiter_collect::{Definition, Period, import};

#[test]
fn definition() {
    mutations("collect_definition", 1500, targets::collect_definition);
    // The real ones, too large for seeds.
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/returns");
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|one| one.path().is_file()) {
        targets::collect_definition(&std::fs::read(entry.path()).unwrap());
    }
}

#[test]
fn identifier() {
    mutations("collect_identifier", 3000, targets::collect_identifier);
}

#[test]
fn event() {
    mutations("collect_event", 3000, targets::collect_event);
}

#[test]
fn csv() {
    mutations("collect_csv", 2000, targets::collect_csv);
}

#[test]
fn camt053() {
    mutations("collect_camt053", 3000, targets::collect_camt053);
}

#[test]
fn pain001() {
    mutations("collect_pain001", 2000, targets::collect_pain001);
}

#[test]
fn epc() {
    mutations("collect_epc", 3000, targets::collect_epc);
}

#[test]
fn emv() {
    mutations("collect_emv", 3000, targets::collect_emv);
}

/// Sizes at which anything that grows faster than its input is felt. The bound is a hundred times what it takes.
#[test]
fn what_is_too_large_is_refused() {
    let identifiers = crate::worked::identifiers();
    let long = "9".repeat(4 << 20);
    for key in ["iban", "vat", "eu.ioss", "vat.GB"] {
        let verdict = identifiers.look(key, &long).unwrap();
        assert!(!verdict.valid && verdict.text.chars().count() <= 64 && verdict.wrong.unwrap().len() < 500, "{key}");
    }
    let shown = |says: String| assert!(says.len() < 2000, "{} bytes of words", says.len());
    shown(long.parse::<Period>().unwrap_err().to_string());
    shown(emv::Code::read(&long).unwrap_err().to_string());
    shown(epc::Transfer::read(long.as_bytes(), &identifiers).unwrap_err().to_string());
    shown(camt053::read(long.as_bytes()).unwrap_err().to_string());
    // Deep, wide and long.
    shown(camt053::read("<a>".repeat(1 << 20).as_bytes()).unwrap_err().to_string());
    let open = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>";
    shown(camt053::read(format!("{open}{}", "<Stmt>x</Stmt>".repeat(600_000)).as_bytes()).unwrap_err().to_string());
    shown(camt053::read(format!("{open}<Stmt><Id>{long}</Id>").as_bytes()).unwrap_err().to_string());
    // A file that takes its own text a thousand times.
    let bomb =
        "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><Document>&c;</Document>";
    shown(camt053::read(bomb.as_bytes()).unwrap_err().to_string());
    let deep = format!("a = {}1{}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(!Definition::read(&deep).unwrap_err().is_empty());
    assert!(serde_json::from_str::<tidewaiter_collect::event::Event>(&"[".repeat(1 << 20)).is_err());
    let rows = format!("kind,document,date\n{}", "sale,,x\n".repeat(200_000));
    let refused = import::events(rows.as_bytes()).unwrap_err();
    assert!(refused.faults.len() <= import::MOST_TOLD);
    let wide = format!("kind{}\n", ",x".repeat(1 << 20));
    assert!(import::events(wide.as_bytes()).is_err());
}
