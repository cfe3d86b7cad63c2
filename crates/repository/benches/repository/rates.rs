//! Daily exchange rates: one authority among two hundred, with histories of up to ten years.

use crate::common::{Here, addresses, folder};
use crate::measure::*;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};
use tidewaiter_repository::client::Client;
use tidewaiter_repository::client::mirror::FolderMirror;
use tidewaiter_repository::workflow::sent::{About, Sent};

const CURRENCIES: usize = 30;
/// Editions published on each history.
const DAYS: usize = 40;
/// Working days of a year, and the years of history that stand before.
const YEAR: usize = 250;
const YEARS: [usize; 4] = [0, 2, 5, 10];

/// Working days, newest last.
fn days(most: usize) -> Vec<Date> {
    let mut days = Vec::new();
    let mut day = Date::constant(2026, 11, 20);
    while days.len() < most {
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            days.push(day);
        }
        day = day.checked_sub(1.day()).unwrap();
    }
    days.reverse();
    days
}

/// The rates of some days.
pub fn sent(days: &[Date], adds: bool) -> Sent {
    let newest = days.last().unwrap();
    let mut text = format!(
        "{{\"edition\":{{\"authority\":\"x\",\"title\":\"Daily rates\",\"format\":\"edition\",\"known_from\":\"{newest}\",\"licence\":\"Free to use\"}}}}\n"
    );
    let currencies = tidewaiter_data::world().currencies.currency.iter().filter(|c| c.code != "EUR").take(CURRENCIES);
    let currencies: Vec<&str> = currencies.map(|c| c.code.as_str()).collect();
    for day in days {
        for (at, currency) in currencies.iter().enumerate() {
            // A little up and down, never twice the same.
            let moved =
                (i64::from(day.day_of_year()) * 7 + i64::try_from(at).unwrap() * 13) % 97 + i64::from(day.year());
            writeln!(text, "{{\"exchange-rate\":{{\"series\":\"bank\",\"base\":\"EUR\",\"currency\":\"{currency}\",\"rate\":\"1.{moved:05}\",\"from\":\"{day}\"}}}}").unwrap();
        }
    }
    let about = About { format: "edition".into(), adds, ..About::default() };
    Sent { about, files: vec![("rates.ndjson".into(), text.into_bytes())] }
}

pub async fn run() {
    for address in addresses("bench-rates").await {
        let here = two_hundred(&address, 200).await;
        println!("\nrates, {}: {CURRENCIES} currencies, {DAYS} editions on each history", here.repository.db.kind());
        let all = days(YEARS[3] * YEAR + DAYS);
        for number in (0..200).filter(|number| ![0, 10, 20, 30].contains(number)) {
            publish(&here, &name(number), sent(&all[all.len() - 1..], false)).await;
        }
        let mut copy = started(&here, &folder("bench-rates-copy"));
        for (number, years) in YEARS.into_iter().enumerate() {
            let id = name(number * 10);
            // One day in any case: there must be something to add to.
            let old = (years * YEAR).max(1);
            let (old, new) = all[all.len() - old - DAYS..].split_at(old);
            let took = publish(&here, &id, sent(old, false)).await;
            println!("{years} years at once: sent in {}, published in {}", took.0, took.1);
            update(&mut copy, &here);
            let before = (stored(&here, &address).await, size(&here.public));
            let (mut sending, mut signing, mut seen, mut fetched) = (Vec::new(), Vec::new(), Vec::new(), (0, 0));
            for day in new {
                let took = publish(&here, &id, sent(&[*day], true)).await;
                let (files, bytes, time) = update(&mut copy, &here);
                sending.push(took.0);
                signing.push(took.1);
                seen.push(took.1.wall + time);
                fetched = (fetched.0 + files, fetched.1 + bytes);
            }
            let after = (stored(&here, &address).await, size(&here.public));
            println!("{years} years of history, one more day:");
            println!("  sent: {}, {}", spread(sending.iter().map(|t| t.wall).collect()), each(&sending));
            println!("  last signature: {}, {}", spread(signing.iter().map(|t| t.wall).collect()), each(&signing));
            println!("  last signature to seen by a client: {}", spread(seen));
            println!(
                "  an edition: database {} bytes, static {} files {} bytes, fetched {} files {} bytes",
                after.0.saturating_sub(before.0) / DAYS as u64,
                (after.1.0 - before.1.0) / DAYS as u64,
                (after.1.1 - before.1.1) / DAYS as u64,
                fetched.0 / DAYS as u64,
                fetched.1 / DAYS as u64
            );
        }
        roles(&here.public);
        remove(here, &address).await;
    }
}

/// A client of the folder.
pub fn started(here: &Here, copy: &Path) -> Client {
    Client::start(copy, &std::fs::read(here.public.join("metadata/1.root.json")).unwrap()).unwrap()
}

/// Files and bytes that an update fetches, and how long it takes.
pub fn update(copy: &mut Client, here: &Here) -> (u64, u64, Duration) {
    let start = Instant::now();
    let report = copy.update(&FolderMirror::new(&here.public), here.now(), &mut |_| {}).unwrap();
    assert_eq!(report.failed, None);
    (report.fetched.files, report.fetched.bytes, start.elapsed())
}

/// Sizes of the newest metadata.
pub fn roles(public: &Path) {
    for role in ["root", "targets", "snapshot", "timestamp", "a000", "a010", "a020", "a030", "a100"] {
        let mut newest = (0, 0);
        for file in std::fs::read_dir(public.join("metadata")).unwrap().map(Result::unwrap) {
            let name = file.file_name().to_string_lossy().into_owned();
            let version = name.strip_suffix(&format!(".{role}.json")).and_then(|v| v.parse::<u64>().ok());
            let version = version.or((name == format!("{role}.json")).then_some(1));
            newest = newest.max((version.unwrap_or(0), version.map_or(0, |_| file.metadata().unwrap().len())));
        }
        println!("role {role}: version {}, {} bytes", newest.0, newest.1);
    }
}
