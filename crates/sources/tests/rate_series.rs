//! Imported rates through the policies of an economy, to the last digit: the official history becomes a series, a small
//! world is compiled with it, and a price that is exactly 1,000.00 at the right day's rate pays exactly 100.00 of duty.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::path::Path;
use tidewaiter::quote::document::Quote;
use tidewaiter::ratebook::compile::{World, compile, read_economy};
use tidewaiter::record::edition::ExchangeRate;
use tidewaiter::{Decimal, Ratebook};
use tidewaiter_sources::hmrc_rates::{self, Options};
use tidewaiter_sources::rate_series::{SeriesError, to_csv};
use tidewaiter_sources::{Account, Entry, Limits, Source, ecb};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");

fn rates(entries: Vec<Entry>) -> Vec<ExchangeRate> {
    entries.into_iter().filter_map(|e| if let Entry::ExchangeRate(r) = e { Some(r) } else { None }).collect()
}

fn history() -> Option<Vec<ExchangeRate>> {
    let path = Path::new(DATA).join("fx/eurofxref-hist.zip");
    let Ok(source) = Source::open(&path, Limits::default()) else {
        println!("skipped: ../shared is absent");
        return None;
    };
    let mut entries = Vec::new();
    ecb::import(source, &mut entries, &mut Account::default()).unwrap();
    Some(rates(entries))
}

fn monthly() -> Option<Vec<ExchangeRate>> {
    let path = Path::new(DATA).join("uk-tariff/exchange-rates/hmrc_monthly_all_rates.csv");
    let Ok(source) = Source::open(&path, Limits::default()) else {
        println!("skipped: ../shared is absent");
        return None;
    };
    let mut entries = Vec::new();
    hmrc_rates::import(vec![source], &Options::default(), &mut entries, &mut Account::default()).unwrap();
    Some(rates(entries))
}

/// An economy with a duty of 10 %, its policy, and the series given.
fn book(currency: &str, policy: &str, series: &[(&str, &str, String)]) -> Ratebook {
    let mut tables = String::new();
    let mut world = World::default();
    for (key, base, csv) in series {
        tables += &format!(
            "[[series]]\nkey = '{key}'\nname = 'Series {key}'\npublisher = 'P'\nbase = '{base}'\nfile = '{key}.csv'\n"
        );
        world.rates.insert(format!("{key}.csv"), csv.clone());
    }
    world.series = toml::from_str(&tables).unwrap();
    world.territories = toml::from_str(&format!(
        "territory = [{{ code = 'QQ', name = 'Q', kind = 'country', currency = '{currency}' }}, {{ code = 'RR', name = 'R', kind = 'country' }}]"
    ))
    .unwrap();
    world.currencies = toml::from_str(
        "currency = [{ code = 'EUR', name = 'Euro', minor = 2 }, { code = 'USD', name = 'Dollar', minor = 2 }, { code = 'GBP', name = 'Pound', minor = 2 }]",
    )
    .unwrap();
    let text = format!(
        "[economy]\nterritory = 'QQ'\ncurrency = '{currency}'\nknown_from = 2020-01-01\n\
         [[fact]]\nkey = 'q.act'\nstatement = 'Duty is 10 %.'\nsource = {{ publisher = 'Q' }}\nconfidence = 'high'\n\
         [[charge]]\nkey = 'q.duty'\nname = 'Duty'\nkind = 'duty'\nbase = 'goods'\ncites = ['q.act']\n\
         [[charge.rung]]\nname = 'all'\namount = '10 %'\n[fx]\nassessment = {{ {policy}, cites = ['q.act'] }}\nthreshold = {{ {policy}, cites = ['q.act'] }}\n"
    );
    let file = read_economy("QQ.toml", &text).unwrap_or_else(|p| panic!("{p}"));
    Ratebook::from_vec(compile(&world, &[file]).unwrap_or_else(|p| panic!("{p:#?}"))).unwrap()
}

fn quote(book: &Ratebook, date: &str, price: Decimal) -> Quote {
    let asked = format!(
        r#"{{"from":"RR","to":"QQ","date":"{date}","currency":"USD","items":[{{"code":"6109","origin":"RR","price":"{price}"}}]}}"#
    );
    book.quote(&serde_json::from_str(&asked).unwrap()).unwrap()
}

fn thousand(rate: &str) -> Decimal {
    rate.parse::<Decimal>().unwrap().times(Decimal::from_int(1000)).unwrap()
}

#[test]
fn each_policy_takes_its_day_from_the_official_history() {
    let Some(rates) = history() else { return };
    let csv = to_csv(&rates, "ecb", |c| c == "USD").unwrap();
    // Rates read by eye in the official file.
    for (rule, date, day, rate) in [
        ("day", "2026-10-21", "2026-10-21", "1.1234"),
        ("day", "2026-10-25", "2026-10-23", "1.1193"), // a Sunday: the newest earlier rate
        ("day before", "2026-10-26", "2026-10-23", "1.1193"), // a Monday
        ("working day before", "2026-10-26", "2026-10-23", "1.1193"),
        ("week", "2026-10-21", "2026-10-16", "1.1253"), // the Saturday before is the 17th
        ("month", "2026-10-15", "2026-10-01", "1.1298"),
        ("last day of the period", "2026-10-15", "2026-10-30", "1.1172"), // the 31st is a Saturday
        ("penultimate wednesday of the month before", "2026-10-15", "2026-09-23", "1.1411"),
        ("day", "1999-01-05", "1999-01-05", "1.179"),
    ] {
        let book = book("EUR", &format!("series = 'ecb', rule = '{rule}'"), &[("ecb", "EUR", csv.clone())]);
        let answer = quote(&book, date, thousand(rate));
        assert_eq!(answer.total.least.to_string(), "100", "{rule}");
        let used: Vec<String> = answer.rates.iter().filter_map(|r| r.day).map(|d| d.to_string()).collect();
        assert!(used.iter().all(|d| d == day) && !used.is_empty(), "{rule}: {used:?}");
        assert!(!answer.warnings.iter().any(|w| w.contains("exchange rate")), "{rule}: {:?}", answer.warnings);
    }
}

#[test]
fn a_monthly_series_serves_its_months() {
    let Some(rates) = monthly() else { return };
    let csv = to_csv(&rates, "hmrc-monthly", |c| c == "USD").unwrap();
    let book = book("GBP", "series = 'hmrc-monthly', rule = 'month'", &[("hmrc-monthly", "GBP", csv)]);
    for (date, rate) in [("2023-08-01", "1.2886"), ("2023-08-31", "1.2886"), ("2023-07-31", "1.2732")] {
        let answer = quote(&book, date, thousand(rate));
        assert_eq!(answer.total.least.to_string(), "100", "{date}");
        assert!(!answer.warnings.iter().any(|w| w.contains("exchange rate")), "{date}: {:?}", answer.warnings);
    }
}

/// What the engine does with a series that ended: it takes its last rate and says how old it is. A fallback that is fresh
/// does not step in, so an ended series must not stand in `exchange/series.toml` under the key of a policy.
#[test]
fn an_ended_series_is_served_with_a_warning() {
    let (Some(monthly), Some(history)) = (monthly(), history()) else { return };
    let series = [
        ("hmrc-monthly", "GBP", to_csv(&monthly, "hmrc-monthly", |c| c == "USD").unwrap()),
        ("ecb", "EUR", to_csv(&history, "ecb", |c| c == "USD" || c == "GBP").unwrap()),
    ];
    let book = book("GBP", "series = 'hmrc-monthly', rule = 'month', fallback = 'ecb'", &series);
    let answer = quote(&book, "2026-10-15", thousand("1.2886"));
    let used: Vec<String> = answer.rates.iter().filter_map(|r| r.day).map(|d| d.to_string()).collect();
    assert!(used.contains(&"2023-08-01".to_owned()), "{used:?}");
    assert!(
        answer.warnings.iter().any(|w| w.contains("The newest exchange rate known here is of 2023-08-01")),
        "{:?}",
        answer.warnings
    );
}

#[test]
fn rates_that_are_not_one_series_are_refused() {
    let rate = |base: &str, rate: &str| ExchangeRate {
        series: "s".into(),
        base: base.into(),
        currency: "USD".into(),
        rate: rate.parse().unwrap(),
        from: "2026-01-01".parse().unwrap(),
        before: None,
    };
    assert!(matches!(to_csv(&[], "s", |_| true), Err(SeriesError::Empty(_))));
    assert!(matches!(to_csv(&[rate("EUR", "1"), rate("GBP", "1")], "s", |_| true), Err(SeriesError::TwoBases { .. })));
    assert!(matches!(to_csv(&[rate("EUR", "1"), rate("EUR", "2")], "s", |_| true), Err(SeriesError::TwoRates { .. })));
    assert!(matches!(to_csv(&[rate("EUR", "1")], "s", |c| c == "JPY"), Err(SeriesError::Empty(_))));
}

/// The digits of the rates that are embedded are those of the official history.
#[test]
fn the_embedded_rates_are_the_official_ones() {
    let Some(rates) = history() else { return };
    let embedded = include_str!("../../../data/exchange/ecb.csv");
    let mut lines = embedded.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut compared = 0;
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        for (currency, cell) in header.iter().zip(&cells).skip(1).filter(|(_, cell)| !cell.is_empty()) {
            let official = rates.iter().find(|r| r.currency == **currency && r.from.to_string() == cells[0]);
            assert_eq!(official.map(|r| r.rate), cell.parse().ok(), "{currency} {}", cells[0]);
            compared += 1;
        }
    }
    assert!(compared > 3_000, "{compared}");
}
