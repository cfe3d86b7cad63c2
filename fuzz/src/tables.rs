//! Catalogues and editions: tables of any bytes are priced or refused row by row, editions are compared or refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]
#![allow(dead_code, unreachable_pub, reason = "shared with ordinary tests, each of which uses its part")]

use crate::common;
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::OnceLock;
use tidewaiter::Ratebook;
use tidewaiter_bulk::{Defaults, run};
use tidewaiter_sources::edition::compare::compare;
use tidewaiter_sources::{Limits, Source};

/// Prices a table with the small ratebook: the first byte chooses its format and that of the answers.
pub fn bulk(data: &[u8]) {
    static BOOK: OnceLock<(Ratebook, Defaults, PathBuf)> = OnceLock::new();
    let (book, defaults, folder) = BOOK.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("tidewaiter-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let question =
            r#"{"from":"RR","to":"QQ","currency":"QDD","date":"2026-08-01","channel":"post","mode":"air","items":[]}"#;
        let defaults = Defaults::new(serde_json::from_str(question).unwrap());
        (Ratebook::from_vec(common::bytes()).unwrap(), defaults, folder)
    });
    let Some((&choice, bytes)) = data.split_first() else { return };
    let names = ["in.csv", "in.ndjson", "in.parquet", "in.tsv"];
    let answers = ["out.csv", "out.ndjson", "out.parquet"];
    let input = folder.join(names[usize::from(choice) % 4]);
    let output = folder.join(answers[usize::from(choice) / 4 % 3]);
    std::fs::write(&input, bytes).unwrap();
    match run(book, defaults, &input, &output, 1, &|_, _| {}) {
        Ok(report) => {
            assert_eq!(report.answers + report.rejected, report.rows, "each row is answered or rejected");
            assert!(output.is_file());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Compares two editions, parted by a zero byte.
pub fn diff(data: &[u8]) {
    let at = data.iter().position(|b| *b == 0).unwrap_or(data.len());
    let parts = [&data[..at], data.get(at + 1..).unwrap_or_default()];
    let limits = Limits { bytes: 1 << 20, record: 1 << 16 };
    let open = |which: usize| Source::new("fuzz.ndjson", Cursor::new(parts[which].to_vec()), limits);
    let there = compare(open, None);
    let back = compare(|which| open(1 - which), None);
    match (there, back) {
        (Ok(there), Ok(back)) => {
            let turned: Vec<_> = back.changes.iter().map(|c| (&c.code, &c.what, &c.scope, &c.new, &c.old)).collect();
            let changes: Vec<_> = there.changes.iter().map(|c| (&c.code, &c.what, &c.scope, &c.old, &c.new)).collect();
            assert_eq!(changes, turned);
            assert!(there.changes.iter().all(|c| c.old != c.new));
            assert!(compare(|_| open(0), None).unwrap().changes.is_empty());
        }
        (Err(one), Err(other)) => assert!(!one.to_string().is_empty() && !other.to_string().is_empty()),
        (one, other) => panic!("{one:?} and {other:?}"),
    }
}
