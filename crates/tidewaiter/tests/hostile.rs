//! A ratebook is bytes from somewhere. Whatever they are, it is refused when opened, or every use of it ends, soon and
//! without a panic; what it answers then may be nonsense, for only the hashes and signatures say whose bytes they are.
//!
//! `TIDEWAITER_ROUNDS` multiplies the number of mutations for a long run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::common;
use common::Random;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::time::{Duration, Instant};
use tidewaiter::{Ask, Consignment, Decimal, Ratebook};

/// Longest that all uses of one mutated ratebook may take, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

thread_local! {
    /// Where this thread panicked last, while it tries mutations.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Panics of threads that try mutations are noted, not printed; others are printed as ever.
fn note_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let trying = PLACE.with(|p| p.borrow().is_some());
            if !trying {
                return before(info);
            }
            let place = info.location().map_or(String::new(), |l| format!("{}:{}", l.file(), l.line()));
            let what = info
                .payload()
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| info.payload().downcast_ref::<&str>().map(|s| (*s).to_owned()));
            PLACE.with(|p| *p.borrow_mut() = Some(format!("{place}: {}", what.unwrap_or_default())));
        }));
    });
}

/// Everything a door may do with a ratebook; in turns, since all of it takes its time.
fn use_it(book: &Ratebook, questions: &[Consignment], turn: Option<usize>) {
    let its_turn = |n: usize| turn.is_none_or(|t| t % 3 == n % 3);
    let day = jiff::civil::date(2026, 8, 1);
    for (_, asked) in questions.iter().enumerate().filter(|(n, _)| its_turn(*n)) {
        let _ = book.answer(asked, &Ask { steps: true, ..Ask::default() });
        let mut quoter = book.quoter();
        if let Ok(ready) = quoter.ready(asked) {
            let _ = quoter.total(&ready);
        }
    }
    if its_turn(0) {
        let _ = book.plan(&questions[0]);
    }
    if its_turn(1) {
        let _ = book.reverse(&questions[1], Decimal::from_int(300));
    }
    let _ = book.verify();
    let _ = book.economies(day);
    for territory in book.territories() {
        let _ = book.economy(&territory.code);
    }
    let _ = (book.currencies(), book.currency_minor("QDD"), book.fingerprint(), book.section_sizes());
}

struct Section {
    id: u32,
    row: usize,
    start: usize,
    end: usize,
}

const HEADER: usize = 24;
const SECTION_ROW: usize = 56;

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

fn sections(bytes: &[u8]) -> Vec<Section> {
    (0..u32_at(bytes, 12) as usize)
        .map(|n| {
            let at = HEADER + n * SECTION_ROW;
            let start = u64_at(bytes, at + 8) as usize;
            Section {
                id: u32_at(bytes, at),
                row: u32_at(bytes, at + 4) as usize,
                start,
                end: start + u64_at(bytes, at + 16) as usize,
            }
        })
        .collect()
}

/// One way to spoil the bytes: its name, and what it does.
fn mutate(random: &mut Random, good: &[u8], sections: &[Section], kind: usize) -> (String, Vec<u8>) {
    let mut bytes = good.to_vec();
    let extremes = |random: &mut Random| -> u32 {
        let few = [0, 1, 2, 0x7fff_ffff, 0x8000_0000, u32::MAX, u32::MAX - 1, 255, 65_535, 10_000, 719_000, 2_932_897];
        match random.below(4) {
            0 => random.next() as u32,
            1 => random.below(64) as u32,
            _ => few[random.below(few.len())],
        }
    };
    let filled: Vec<&Section> = sections.iter().filter(|s| s.end > s.start).collect();
    let name = match kind % 8 {
        0 => {
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(8);
            format!("bit flip at {at}")
        }
        1 => {
            let to = random.below(bytes.len());
            bytes.truncate(to);
            if random.below(2) == 0 && to >= HEADER {
                // A length that agrees, to come further.
                bytes[16..24].copy_from_slice(&(to as u64).to_le_bytes());
            }
            format!("cut to {to}")
        }
        2 => {
            let (a, b) = (random.below(sections.len()), random.below(sections.len()));
            for byte in 0..SECTION_ROW {
                bytes.swap(HEADER + a * SECTION_ROW + byte, HEADER + b * SECTION_ROW + byte);
            }
            // Keep the ids, so that the contents change places.
            if random.below(2) == 0 {
                for byte in 0..8 {
                    bytes.swap(HEADER + a * SECTION_ROW + byte, HEADER + b * SECTION_ROW + byte);
                }
            }
            format!("sections {} and {} swapped", sections[a].id, sections[b].id)
        }
        3 => {
            let at = HEADER + random.below(sections.len()) * SECTION_ROW + 8 + 8 * random.below(2);
            let value = match random.below(4) {
                0 => u64::MAX,
                1 => 0,
                2 => bytes.len() as u64 - random.below(64) as u64,
                _ => random.next() >> random.below(64),
            };
            bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
            format!("offset or length at {at} is {value}")
        }
        4 => {
            // Fewer rows than there were, in whole rows: every reference beyond them dangles.
            let n = random.below(sections.len());
            let rows = (sections[n].end - sections[n].start) / sections[n].row.max(1);
            let keep = if rows == 0 { 0 } else { random.below(rows) };
            let at = HEADER + n * SECTION_ROW + 16;
            bytes[at..at + 8].copy_from_slice(&((keep * sections[n].row) as u64).to_le_bytes());
            format!("section {} keeps {keep} of {rows} rows", sections[n].id)
        }
        5 => {
            // Two rows of one table change places.
            let s = filled[random.below(filled.len())];
            let rows = (s.end - s.start) / s.row;
            let (a, b) = (random.below(rows), random.below(rows));
            for byte in 0..s.row {
                bytes.swap(s.start + a * s.row + byte, s.start + b * s.row + byte);
            }
            format!("rows {a} and {b} of section {} swapped", s.id)
        }
        _ => {
            // A number of a row, in any table but the two long ones as often as in those.
            let s = filled[random.below(filled.len())];
            let at = s.start + random.below(((s.end - s.start) / 4).max(1)) * 4;
            let value = extremes(random);
            let end = (at + 4).min(s.end);
            bytes[at..end].copy_from_slice(&value.to_le_bytes()[..end - at]);
            format!("section {} row {} byte {}: {value}", s.id, (at - s.start) / s.row, (at - s.start) % s.row)
        }
    };
    (name, bytes)
}

/// Tries bytes; where something panics, says where.
fn attempt(bytes: Vec<u8>, questions: &[Consignment], turn: Option<usize>) -> Result<bool, String> {
    let begun = Instant::now();
    PLACE.with(|p| *p.borrow_mut() = Some(String::new()));
    let result = catch_unwind(AssertUnwindSafe(|| match Ratebook::from_vec(bytes) {
        Ok(book) => {
            use_it(&book, questions, turn);
            true
        }
        Err(_) => false,
    }));
    let place = PLACE.with(|p| p.borrow_mut().take()).unwrap_or_default();
    match result {
        Err(_) => Err(place),
        Ok(_) if begun.elapsed() > PATIENCE => Err(format!("took {:?}", begun.elapsed())),
        Ok(opened) => Ok(opened),
    }
}

fn rounds(count: usize) -> usize {
    count * std::env::var("TIDEWAITER_ROUNDS").ok().and_then(|r| r.parse().ok()).unwrap_or(1)
}

/// Runs mutations and reports every distinct place that panicked, with the first mutation that reached it.
fn run(count: usize, seed: u64, mut make: impl FnMut(&mut Random, usize) -> (String, Vec<u8>)) {
    let (questions, begun) = (common::questions(), Instant::now());
    note_panics();
    let mut failures: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut opened = 0;
    let mut random = Random(seed);
    for n in 0..count {
        let (name, bytes) = make(&mut random, n);
        match attempt(bytes, &questions, (rounds(1) == 1).then_some(n)) {
            Ok(was) => opened += usize::from(was),
            Err(place) => failures.entry(place).or_insert((0, name)).0 += 1,
        }
    }
    let report: Vec<String> = failures
        .iter()
        .map(|(place, (times, first))| format!("{times} times {place}\n    first by: {first}"))
        .collect();
    assert!(failures.is_empty(), "{} of {count} mutations opened; failures:\n{}", opened, report.join("\n"));
    println!("{opened} of {count} mutations opened, none did harm; {:?}", begun.elapsed());
}

#[test]
fn the_untouched_ratebook_answers() {
    let book = Ratebook::from_vec(common::bytes()).unwrap();
    book.verify().unwrap();
    let questions = common::questions();
    use_it(&book, &questions, None);
    for asked in &questions {
        let quote = book.quote(asked).unwrap();
        assert!(!quote.charges.is_empty() || !quote.warnings.is_empty() || !quote.messages.is_empty());
    }
    let first = book.quote(&questions[0]).unwrap();
    assert_eq!(first.outcome, tidewaiter::Outcome::Amount, "{:?}", first.missing);
}

#[test]
fn a_file_is_the_same_mapped_and_read() {
    let path = std::env::temp_dir().join(format!("tidewaiter-{}-read.twrb", std::process::id()));
    assert!(Ratebook::load(&path).is_err() && Ratebook::open(&path).is_err());
    std::fs::write(&path, b"").unwrap();
    assert!(Ratebook::load(&path).is_err() && Ratebook::open(&path).is_err());
    tidewaiter::ratebook::write_file(&path, &common::bytes()).unwrap();
    let (mapped, read) = (Ratebook::open(&path).unwrap(), Ratebook::load(&path).unwrap());
    std::fs::remove_file(&path).unwrap();
    assert_eq!((mapped.fingerprint(), mapped.size()), (read.fingerprint(), read.size()));
    read.verify().unwrap();
}

#[test]
fn mutated_bytes_do_no_harm() {
    let good = common::bytes();
    let table = sections(&good);
    run(rounds(2000), 1, |random, n| mutate(random, &good, &table, n));
}

/// Every field of the first and last row of every table, at its extremes.
#[test]
fn every_field_at_its_extremes_does_no_harm() {
    let good = common::bytes();
    let mut spots = Vec::new();
    for s in sections(&good).iter().filter(|s| s.end > s.start) {
        let rows = (s.end - s.start) / s.row;
        for row in [0, rows - 1] {
            for byte in (0..s.row).step_by(if s.row % 2 == 0 { 2 } else { 1 }) {
                spots.push((s.id, row, s.start + row * s.row + byte, s.end));
            }
        }
    }
    let values: [u64; 4] = [0, u64::MAX, 0x7fff_ffff_7fff_ffff, 0x8000_0000_8000_0000];
    // One value each in an ordinary run, each value in a long one.
    run(spots.len() * rounds(1).min(values.len()), 2, |_, n| {
        let (id, row, at, limit) = spots[n % spots.len()];
        let value = values[(n / spots.len() + n) % values.len()];
        let mut bytes = good.clone();
        // Two bytes, four or eight, in turn: fields have all these sizes.
        let width = [2, 4, 8][(n / 5) % 3];
        let end = (at + width).min(limit);
        bytes[at..end].copy_from_slice(&value.to_le_bytes()[..end - at]);
        (format!("section {id} row {row}: {width} bytes at {at} are {value:x}"), bytes)
    });
}

#[test]
fn nonsense_is_refused() {
    for bytes in [vec![], vec![0; 7], b"TWRATES\x01".to_vec(), vec![0xff; 4096], common::bytes()[..HEADER].to_vec()] {
        assert!(Ratebook::from_vec(bytes).is_err());
    }
    let mut newer = common::bytes();
    newer[8] = 200;
    assert!(Ratebook::from_vec(newer).unwrap_err().to_string().contains("format version 200"));
    let mut longer = common::bytes();
    longer.push(0);
    assert!(Ratebook::from_vec(longer).is_err());
}

/// A change anywhere in a section is found by the hashes.
#[test]
fn verify_finds_every_changed_byte() {
    let good = common::bytes();
    let table = sections(&good);
    let mut random = Random(3);
    for _ in 0..200 {
        let filled: Vec<&Section> = table.iter().filter(|s| s.end > s.start).collect();
        let s = filled[random.below(filled.len())];
        let mut bytes = good.clone();
        let at = s.start + random.below(s.end - s.start);
        bytes[at] ^= 1 << random.below(8);
        if let Ok(book) = Ratebook::from_vec(bytes) {
            assert!(book.verify().is_err(), "byte {at} of section {}", s.id);
        }
    }
}
