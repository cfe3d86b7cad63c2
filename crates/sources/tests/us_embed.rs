//! The embedded schedule of the United States is what the importer makes of the 27 revisions, byte by byte.
//! `TIDEWAITER_WRITE_TARIFFS=1 cargo test -p tidewaiter-sources --test all us_embed` writes it anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use jiff::civil::date;
use std::collections::BTreeSet;
use std::path::Path;
use tidewaiter::record::edition::Entry;
use tidewaiter_sources::us_hts::{self, Options};
use tidewaiter_sources::{Account, Limits, Source};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/tariffs");

#[test]
fn the_embedded_schedule_is_the_imported_one() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/us-hts"));
    if !folder.is_dir() {
        println!("skipped: ../shared is absent");
        return;
    }
    let list = Source::open(&folder.join("resources/revision_dates.csv"), Limits::default()).unwrap();
    let mut dates = us_hts::read_dates(list).unwrap();
    // Left out of the list: it changed words only; the note of the next one gives the day.
    dates.insert("hts_2026_rev_8".into(), date(2026, 5, 22));
    let files = std::fs::read_dir(folder.join("hts")).unwrap();
    let sources = files.map(|file| Source::open(&file.unwrap().path(), Limits::default()).unwrap()).collect();
    let (mut entries, mut account) = (Vec::new(), Account::default());
    let head = us_hts::import(sources, &Options { dates }, &mut entries, &mut account).unwrap();
    assert!(account.is_clean(), "{:?}", account.refusals.first());
    let lines = us_hts::embed(&head, &entries).unwrap();
    let (table, page) = (format!("{DATA}/US.csv"), format!("{DATA}/US.toml"));
    if std::env::var_os("TIDEWAITER_WRITE_TARIFFS").is_some() {
        std::fs::write(&table, &lines.table).unwrap();
        std::fs::write(&page, &lines.page).unwrap();
    }
    assert!(lines.table == std::fs::read_to_string(&table).unwrap(), "{table} is out of date");
    assert!(lines.page == std::fs::read_to_string(&page).unwrap(), "{page} is out of date");

    // Reading it gives the measures again: code, kind, amount or outcome, origin, days.
    let read = tidewaiter_data::tariffs::entries(&lines.table, &lines.page, "US.csv").unwrap();
    let of = |entries: &[Entry]| -> BTreeSet<String> {
        entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Measure(m) if !m.code.starts_with("99") && (!m.code.starts_with("98") || m.amount.is_some()) => {
                    let origin = m.origin.as_ref().map(|o| serde_json::to_string(o).unwrap().replace(['[', ']'], ""));
                    Some(format!(
                        "{} {:?} {:?} {:?} {:?} {origin:?} {:?} {:?} {:?}",
                        m.code, m.kind, m.amount, m.outcome, m.says, m.from, m.before, m.cites
                    ))
                }
                _ => None,
            })
            .collect()
    };
    let (imported, embedded) = (of(&entries), of(&read));
    assert_eq!(imported.len(), embedded.len());
    assert_eq!(imported.symmetric_difference(&embedded).take(3).collect::<Vec<_>>(), Vec::<&String>::new());
    println!("{} measures, {} + {} bytes", embedded.len(), lines.table.len(), lines.page.len());
    let packed = zstd::encode_all(format!("{}{}", lines.table, lines.page).as_bytes(), 19).unwrap().len();
    assert!(packed < 2 << 20, "{packed} bytes packed");
    println!("{packed} bytes packed");
}
