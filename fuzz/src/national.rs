//! National tariffs and nomenclatures: bytes are refused or read, and never more than read.

use jiff::civil::date;
use std::io::Cursor;
use tidewaiter_sources::{
    Account, Entry, ImportError, Limits, Source, au_tariff, br_ncm, ca_tariff, eu_nomenclature, eu_origin_sample, hs,
    hs_tariff, in_hsn, np_tariff, uk_tables,
};

fn source(data: &[u8]) -> Source {
    // Workbooks are left to the tests of the module: the reader behind them is guarded, and a guard is a finding here.
    let data = if data.starts_with(b"PK") || data.starts_with(&[0xd0, 0xcf]) { &data[1..] } else { data };
    Source::new("fuzz_en.csv", Cursor::new(data.to_vec()), Limits { bytes: 1 << 20, record: 1 << 16 }).unwrap()
}

/// What was read agrees with itself: amounts and conditions are of the grammar, rows refused are counted.
fn check(result: Result<tidewaiter::record::edition::Edition, ImportError>, account: &Account, out: &[Entry]) {
    if result.is_err() {
        return;
    }
    assert!(account.refusals.len() as u64 >= account.refused.min(1_000));
    for entry in out {
        if let Entry::Measure(measure) = entry {
            assert!(measure.amount.is_some() != measure.outcome.is_some());
            if let Some(tidewaiter::record::Written::Words(words)) = &measure.amount {
                tidewaiter::record::grammar::amount(words).unwrap();
            }
        }
    }
}

macro_rules! target {
    ($name:ident, $import:path, $options:expr, $of:expr) => {
        pub fn $name(data: &[u8]) {
            let (mut account, mut out) = (Account::default(), Vec::new());
            let result = $import($of(data), &$options, &mut out, &mut account);
            check(result, &account, &out);
        }
    };
}

fn many(data: &[u8]) -> Vec<Source> {
    // A zero byte parts files.
    data.split(|byte| *byte == 0).take(4).map(source).collect()
}

const DAY: jiff::civil::Date = date(2026, 1, 1);

target!(hs, hs::import, hs::Options::default(), source);
target!(np_tariff, np_tariff::import, np_tariff::Options { known_from: DAY, from: None, accept_rest: true }, source);
target!(in_hsn, in_hsn::import, in_hsn::Options { known_from: DAY, accept_rest: true }, source);
target!(
    ca_tariff,
    ca_tariff::import,
    ca_tariff::Options { known_from: DAY, members: Default::default(), accept_rest: true },
    source
);
target!(
    eu_origin_sample,
    eu_origin_sample::import,
    eu_origin_sample::Options { known_from: DAY, accept_rest: true },
    source
);
target!(au_tariff, au_tariff::import, au_tariff::Options { known_from: DAY, accept_rest: true }, many);
target!(br_ncm, br_ncm::import, br_ncm::Options { known_from: DAY }, many);
target!(
    eu_nomenclature,
    eu_nomenclature::import,
    eu_nomenclature::Options { nomenclature: "CN".into(), known_from: DAY, languages: vec![], accept_rest: true },
    many
);
target!(
    uk_tables,
    uk_tables::import,
    uk_tables::Options { known_from: DAY, nomenclature: "UK".into(), accept_rest: true },
    many
);
target!(
    hs_tariff,
    hs_tariff::import,
    hs_tariff::Options {
        territory: "QQ".into(),
        currency: "EUR".into(),
        authority: "Q".into(),
        title: "T".into(),
        nomenclature: "HS 2022".into(),
        known_from: DAY,
    },
    source
);
