//! How long a large ledger takes, and how much memory: a CSV of sales into a store, the returns of a quarter, everything made again.
//!
//! ```sh
//! cargo run --release -p tidewaiter-collect --example million -- 1000000 /tmp/million.db
//! cargo run --release -p tidewaiter-collect --example million -- 1000000 postgres://user@127.0.0.1/empty
//! ```
//!
//! The database must be new. Figures stand in docs/performance.md.
#![allow(clippy::print_stdout, reason = "it is a measurement: it says what it found")]

use jiff::Timestamp;
use std::error::Error;
use std::fmt::Write as _;
use std::time::Instant;
use tidewaiter_collect::draft::{Rates, draft};
use tidewaiter_collect::event::{Event, Registration};
use tidewaiter_collect::ledger::Definitions;
use tidewaiter_collect::store::Store;
use tidewaiter_collect::{Definition, Period, import};

/// Territory, currency, scheme, charge, rate.
const PLACES: [(&str, &str, &str, &str, i64); 8] = [
    ("DE", "EUR", "eu.ioss", "eu.vat", 19),
    ("FR", "EUR", "eu.ioss", "eu.vat", 20),
    ("NL", "USD", "eu.ioss", "eu.vat", 21),
    ("GB", "GBP", "gb.supplyvat", "gb.vat", 20),
    ("NO", "NOK", "no.voec", "no.vat", 25),
    ("AU", "AUD", "au.lvig", "au.gst", 10),
    ("NZ", "NZD", "nz.ovr", "nz.gst", 15),
    ("SG", "SGD", "sg.ovr", "sg.gst", 9),
];
/// Sales handed to the store at once.
const AT_ONCE: usize = 20_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let lines: usize = args.next().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let address = args.next().ok_or("name a new database: a file, or postgres://…")?;
    let definitions: Definitions = tidewaiter_data::returns()
        .iter()
        .map(|(key, text)| Definition::read(text).map(|read| ((*key).to_owned(), read)))
        .collect::<Result<_, _>>()
        .map_err(|faults| format!("{faults:?}"))?;
    let book = tidewaiter_data::ratebook();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::open(&address).await?;
        store.add_seller("shop", "A large shop", Timestamp::UNIX_EPOCH).await?;
        let schemes: std::collections::BTreeSet<&str> = PLACES.iter().map(|place| place.2).collect();
        let registrations: Vec<Event> = schemes
            .iter()
            .map(|scheme| {
                Ok(Event::Registration(Registration {
                    document: format!("registration {scheme}"),
                    scheme: (*scheme).to_owned(),
                    number: "1".to_owned(),
                    from: "2026-01-01".parse()?,
                    before: None,
                    member_state: None,
                    period: None,
                }))
            })
            .collect::<Result<_, jiff::Error>>()?;
        store.append(&definitions, "shop", Timestamp::UNIX_EPOCH, &registrations).await?;

        let table = table(lines)?;
        println!("{:>12} lines, {} MB of CSV; memory {} MB", lines, table.len() / 1_000_000, peak());
        let start = Instant::now();
        let (events, told) = import::events(table.as_bytes()).map_err(|refused| refused.to_string())?;
        println!("read and checked     {:>9.2?}  {} sales; memory {} MB", start.elapsed(), told.sales, peak());

        let start = Instant::now();
        for some in events.chunks(AT_ONCE) {
            store.append(&definitions, "shop", Timestamp::UNIX_EPOCH, some).await?;
        }
        println!("recorded             {:>9.2?}  memory {} MB", start.elapsed(), peak());
        let start = Instant::now();
        let taken = store
            .append(
                &definitions,
                "shop",
                Timestamp::UNIX_EPOCH,
                events.get(..AT_ONCE.min(events.len())).unwrap_or_default(),
            )
            .await?;
        println!("{} known again    {:>9.2?}", taken.known, start.elapsed());
        drop(events);

        let start = Instant::now();
        let (mut made, mut rows) = (0, 0);
        let past = store.past(&definitions, "shop").await?;
        let noted = store.rates("shop").await?;
        for scheme in &schemes {
            let definition = definitions.get(*scheme).ok_or("a scheme")?;
            let periods: &[&str] = if *scheme == "eu.ioss" { &["2026-07", "2026-08", "2026-09"] } else { &["2026-Q3"] };
            for period in periods {
                let period: Period = period.parse()?;
                let collected = store.collected(definition, "shop", period).await?;
                let rates = Rates::new(book, &noted);
                let one = draft(definition, past.registration(scheme), &collected, &rates, period)?;
                made += 1;
                rows += collected.parts.iter().map(|part| part.lines).sum::<u64>();
                assert!(one.owed.is_some(), "{scheme} {period}: {:?}", one.why_not());
            }
        }
        println!("{made} returns of a quarter{:>9.2?}  {rows} lines; memory {} MB", start.elapsed(), peak());
        let start = Instant::now();
        let entries = store.verify(&definitions, "shop").await?;
        println!("made again, compared {:>9.2?}  {entries} entries; memory {} MB", start.elapsed(), peak());
        store.close().await;
        if let Ok(file) = std::fs::metadata(&address) {
            println!("the file             {:>6} MB", file.len() / 1_000_000);
        }
        Ok(())
    })
}

/// Sales of a quarter, each with one row of tax.
fn table(lines: usize) -> Result<String, Box<dyn Error>> {
    let mut text =
        String::from("kind,document,date,to,currency,goods,shipping,charge,scheme,rate,rate_type,net,amount\n");
    for n in 0..lines {
        let (to, currency, scheme, charge, rate) = PLACES.get(n % PLACES.len()).ok_or("a place")?;
        let day = n * 92 / lines;
        let (month, day) = match day {
            0..31 => (7, day + 1),
            31..62 => (8, day - 30),
            _ => (9, (day - 61).min(30)),
        };
        // Whole units, so that the tax has whole hundredths whatever the rate.
        let net = 10 + (n * 7919) as i64 % 90;
        let tax = net * rate;
        writeln!(
            text,
            "sale,A-{n},2026-{month:02}-{day:02},{to},{currency},{net},0,{charge},{scheme},{rate},standard,{net},{}.{:02}",
            tax / 100,
            tax % 100
        )?;
    }
    Ok(text)
}

/// Most memory that was held at once, in MB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()).unwrap_or(0) / 1024
}
