//! The United States tariff schedule: 27 revisions of the official export.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use jiff::civil::{Date, date};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use tidewaiter::Decimal;
use tidewaiter::ratebook::compile::{World, compile, read_economy};
use tidewaiter::record::edition::Entry;
use tidewaiter::record::{Measure, Places, Written, grammar};
use tidewaiter_sources::edition::Writer;
use tidewaiter_sources::json_items::Items;
use tidewaiter_sources::us_hts::{self, Column, Options, RateLine, Row, clean, rate};
use tidewaiter_sources::{Account, Limits, Sink, Source};

fn shared() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/us-hts"));
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: ../shared is absent");
    None
}

fn options(folder: &Path) -> Options {
    let list = Source::open(&folder.join("resources/revision_dates.csv"), Limits::default()).unwrap();
    let mut dates = us_hts::read_dates(list).unwrap();
    // The list leaves this revision out, because it changed words only, and says in the note of the next one that it was
    // published on 22 May.
    dates.insert("hts_2026_rev_8".into(), date(2026, 5, 22));
    Options { dates }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder.join("hts")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 27);
    files
}

fn stem(file: &Path) -> String {
    file.file_name().unwrap().to_string_lossy().split('.').next().unwrap().to_owned()
}

fn open(file: &Path) -> Source {
    Source::open(file, Limits::default()).unwrap()
}

fn rows(file: &Path, mut each: impl FnMut(Row)) {
    let mut source = open(file);
    let mut items = Items::new(&mut source);
    let mut item = Vec::new();
    while items.next_into(&mut item).unwrap() {
        each(serde_json::from_slice(&item).unwrap());
    }
}

/// Numbers of a text: digits that do not stand inside a word such as `m2`, commas between thousands aside.
fn numbers(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < letters.len() {
        if !letters[at].is_ascii_digit() || (at > 0 && letters[at - 1].is_alphabetic()) {
            at += 1;
            continue;
        }
        let start = at;
        while at < letters.len() && (letters[at].is_ascii_digit() || matches!(letters[at], '.' | ',')) {
            at += 1;
        }
        let written: String = letters[start..at].iter().collect();
        let written = written.trim_end_matches(['.', ',']).replace(',', "");
        found.push(written.parse::<Decimal>().map_or(written, |number| number.to_string()));
    }
    found.sort();
    found
}

#[test]
fn every_rate_text_of_every_revision_is_understood() {
    let Some(folder) = shared() else { return };
    let mut texts: [BTreeMap<String, u64>; 2] = Default::default();
    for file in files(&folder) {
        rows(&file, |row| {
            for text in [Some(row.general), Some(row.other), row.additional_duties].into_iter().flatten() {
                *texts[0].entry(text).or_default() += 1;
            }
            *texts[1].entry(row.special).or_default() += 1;
        });
    }
    let mut shapes: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut unread = Vec::new();
    let mut distinct = 0;
    for (special, texts) in texts.iter().enumerate() {
        for (raw, count) in texts {
            let text = clean(raw);
            let rates: Vec<rate::Rate> = if special == 1 {
                match rate::read_special(&text) {
                    Ok(groups) => {
                        let symbols: BTreeSet<&str> = groups.iter().flat_map(|group| group.symbols.clone()).collect();
                        let written: BTreeSet<&str> = symbols_in(&text);
                        assert_eq!(symbols, written, "{text}");
                        groups.into_iter().map(|group| group.rate).collect()
                    }
                    Err(_) => {
                        unread.push(text);
                        continue;
                    }
                }
            } else {
                match rate::read(&text) {
                    Ok(rate) => rate.into_iter().collect(),
                    Err(_) => {
                        unread.push(text);
                        continue;
                    }
                }
            };
            if text.is_empty() || text == ":" {
                assert!(rates.is_empty());
                continue;
            }
            distinct += 1;
            assert!(!rates.is_empty(), "{text}");
            let printed: Vec<String> = rates.iter().map(ToString::to_string).collect();
            assert_eq!(numbers(&text), numbers(&printed.join(" ")), "numbers of {text}");
            for rate in &rates {
                // What is printed reads as the same, and is an amount of the language or says why not.
                let again = rate::read(&rate.to_string()).unwrap().unwrap();
                assert_eq!(&again, rate, "{text}");
                match (rate.amount(), rate.verdict()) {
                    (Some(amount), None) => assert_eq!(grammar::amount(&amount).unwrap().to_string(), amount, "{text}"),
                    (None, Some((_, says))) => assert!(says.ends_with(&rate.to_string()), "{text}"),
                    other => panic!("{text}: {other:?}"),
                }
                let shape = shapes.entry(rate.shape()).or_default();
                shape.0 += 1;
                shape.1 += count;
            }
        }
    }
    for (shape, (texts, rows)) in &shapes {
        println!("{shape}: {texts} texts, {rows} rows");
    }
    assert_eq!(unread, Vec::<String>::new());
    // Texts that differ only in marks or spaces are counted apart, and a text of several rates once for each.
    let found: Vec<(&str, u64)> = shapes.iter().map(|(shape, (texts, _))| (*shape, *texts)).collect();
    assert_eq!((distinct, found), (DISTINCT_TEXTS, SHAPES.to_vec()));
}

const DISTINCT_TEXTS: u64 = 2623;
const SHAPES: &[(&str, u64)] = &[
    ("another rate less some points", 2),
    ("by degree of sugar", 8),
    ("by parts of the goods", 131),
    ("compound", 568),
    ("duty of the applicable subheading", 6),
    ("duty of the applicable subheading, and a percentage", 95),
    ("duty of the applicable subheading, and a percentage of a content", 14),
    ("duty on a part of the value", 15),
    ("free", 587),
    ("free on terms of a note", 4),
    ("free under bond", 3),
    ("highest rate among the pieces", 2),
    ("no additional duty", 1),
    ("no change of the other duty", 8),
    ("percentage", 527),
    ("preferential rate of another provision", 3),
    ("rate in a note of the chapter", 8),
    ("rate of another provision", 11),
    ("rate of each piece by itself", 5),
    ("returned goods", 2),
    ("see other provisions", 347),
    ("share of the retail value", 4),
    ("specific", 823),
];

/// Symbols between brackets, told by their shape alone.
fn symbols_in(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for part in text.split('(').skip(1) {
        let inside = part.split(')').next().unwrap();
        let names: Vec<&str> = inside.split([',', ' ', '.']).filter(|name| !name.is_empty()).collect();
        let is_symbol = |name: &&str| {
            name.len() <= 2
                && name.starts_with(|letter: char| letter.is_ascii_uppercase())
                && name.chars().skip(1).all(|letter| letter.is_ascii_uppercase() || matches!(letter, '+' | '*'))
        };
        if names.iter().all(is_symbol) {
            found.extend(names);
        }
    }
    found
}

fn plain(mut measure: Measure) -> Measure {
    measure.official = None;
    measure
}

#[test]
fn the_history_of_27_revisions() {
    let Some(folder) = shared() else { return };
    let (mut entries, mut account) = (Vec::new(), Account::default());
    let sources = files(&folder).iter().map(|file| open(file)).collect();
    let history = us_hts::History::read(sources, &options(&folder), &mut account).unwrap();
    let schedule = history.schedule.clone();
    let head = history.write(&mut entries, &mut account).unwrap();
    println!("{}", head.title);
    assert!(account.is_clean(), "{:?}", &account.refusals[..account.refusals.len().min(20)]);
    for (reason, count) in &account.inexpressible {
        println!("{reason}: {count}");
    }
    assert_eq!(head.files.len(), 27);
    assert_eq!(
        account.made.values().copied().collect::<Vec<_>>(),
        [1, 38, 38_019, 39_470, 35, 201],
        "{:?}",
        account.made
    );
    assert_eq!(account.inexpressible.len(), 29);
    assert_eq!(account.inexpressible["general: by parts of the goods"], 94);
    assert_eq!(account.inexpressible["special: see other provisions"], 767);
    assert_eq!(account.read["row"], 967_098);
    assert_eq!(account.made["line"] + account.left_out["the same line as in the revision before"], 967_098);

    // Every measure is one of the language and cites facts that stand in the edition.
    let facts: BTreeSet<&str> = entries
        .iter()
        .filter_map(|entry| if let Entry::Fact(fact) = entry { Some(fact.key.as_str()) } else { None })
        .collect();
    let mut amounts = BTreeSet::new();
    for entry in &entries {
        if let Entry::Measure(measure) = entry {
            assert!(measure.cites.iter().all(|cite| facts.contains(cite.as_str())), "{measure:?}");
            match (&measure.amount, measure.outcome) {
                (Some(Written::Words(amount)), None) => {
                    amounts.insert(amount);
                }
                (None, Some(_)) => assert!(measure.says.is_some()),
                other => panic!("{other:?}"),
            }
        }
    }

    println!("{} distinct amounts", amounts.len());
    for amount in &amounts {
        assert_eq!(&grammar::amount(amount).unwrap().to_string(), *amount);
    }
    a_ratebook_takes(&amounts);

    // Rebuilding any revision from the records gives its rate lines.
    let options = options(&folder);
    let mut rebuilt: BTreeMap<Date, BTreeMap<String, RateLine>> = BTreeMap::new();
    let (mut plain_texts, mut special_texts) = (HashMap::new(), HashMap::new());
    for file in files(&folder) {
        let day = options.dates[&stem(&file)];
        let lines = us_hts::rebuild(&entries, day);
        let mut stated = 0;
        rows(&file, |row| {
            let texts = [&row.general, &row.special, &row.other].map(|text| clean(text));
            let additional = clean(row.additional_duties.as_deref().unwrap_or_default());
            if texts.iter().all(|text| text.is_empty()) && additional.is_empty() {
                return;
            }
            stated += 1;
            let code = row.code();
            let line = lines.get(&code).or_else(|| lines.get(&code[..8]));
            let mut expected = RateLine::default();
            for (column, text) in
                [(Column::General, &texts[0]), (Column::Other, &texts[2]), (Column::Additional, &additional)]
            {
                if let Some(rate) = plain_texts.entry(text.clone()).or_insert_with(|| rate::read(text).unwrap()).clone()
                {
                    expected.put(column, us_hts::Value::of(&code, column, &rate, &[]), Vec::new());
                }
            }
            let groups =
                special_texts.entry(texts[1].clone()).or_insert_with(|| rate::read_special(&texts[1]).unwrap());
            for group in groups.clone() {
                let value = us_hts::Value::of(&code, Column::Special, &group.rate, &group.symbols);
                expected.put(Column::Special, value, group.symbols);
            }
            assert_eq!(line, Some(&expected), "{day} {}", row.htsno);
        });
        assert_eq!(lines.len(), stated, "{day}");
        rebuilt.insert(day, lines);
    }

    // The compact table gives the same programmes, area and measures, official words aside.
    let table = us_hts::table::write(&schedule);
    let packed = zstd::encode_all(table.as_bytes(), 19).unwrap().len();
    println!("table: {} rows, {} bytes, {packed} with zstd", table.lines().count(), table.len());
    if let Ok(file) = std::env::var("US_TABLE") {
        std::fs::write(file, &table).unwrap();
    }
    assert!(table.len() < 1_500_000 && packed < 300_000);
    assert_eq!(us_hts::table::write(&us_hts::table::read(&table).unwrap()), table);
    let held: BTreeSet<&String> = us_hts::table::embedded(&schedule).map(|(code, _)| code).collect();
    let read = us_hts::entries_of_table(&table).unwrap();
    let expected = entries.iter().filter(|entry| match entry {
        Entry::Measure(measure) => held.contains(&measure.code),
        Entry::Fact(_) | Entry::Program(_) | Entry::Area(_) => true,
        _ => false,
    });
    let simple = |entry: &Entry| match entry {
        Entry::Measure(measure) => Entry::Measure(plain(measure.clone())),
        other => other.clone(),
    };
    let expected: Vec<Entry> = expected.map(simple).collect();
    let found: Vec<Entry> = read.iter().map(simple).collect();
    assert_eq!(expected.len(), found.len());
    assert!(expected.iter().zip(&found).all(|(a, b)| a == b));
    for (day, lines) in rebuilt.iter().step_by(10) {
        let again = us_hts::rebuild(&read, *day);
        assert!(lines.iter().filter(|(code, _)| held.contains(code)).eq(again.iter()), "{day}");
    }

    // Chapter 99 by itself.
    let headings = us_hts::chapter99::headings(&entries);
    let references = us_hts::chapter99::references(&entries);
    println!("{} headings of chapter 99, {} references", headings.len(), references.len());
    if let Ok(file) = std::env::var("US_CHAPTER99") {
        us_hts::chapter99::write_headings(&headings, std::fs::File::create(&file).unwrap()).unwrap();
        let other = file.replace("chapter99", "footnotes");
        us_hts::chapter99::write_references(&references, std::fs::File::create(other).unwrap()).unwrap();
    }
    let list4a: Vec<_> = headings.iter().filter(|heading| heading.code == "9903.88.15").collect();
    assert!(list4a.iter().all(|heading| heading.reads.as_deref() == Some("tariff + 7.5 %")));

    changes_are_those_listed(&rebuilt);
    lines_follow_the_concordance(&folder, &entries);
    spot_values(&entries);

    // The edition and all changes between neighbours, for the eye.
    if let Ok(file) = std::env::var("US_EDITION") {
        let mut writer = Writer::new(std::fs::File::create(file).unwrap(), &head).unwrap();
        for entry in &entries {
            writer.take(entry.clone()).unwrap();
        }
        writer.finish().unwrap();
    }
    if let Ok(file) = std::env::var("US_CHANGES") {
        let mut text = String::new();
        let days: Vec<&Date> = rebuilt.keys().collect();
        for pair in days.windows(2) {
            for change in us_hts::changes(&rebuilt[pair[0]], &rebuilt[pair[1]]) {
                text += &format!(
                    "{}\t{}\t{}\t{}\t{}\n",
                    pair[1],
                    change.code,
                    change.column.name(),
                    change.old,
                    change.new
                );
            }
        }
        std::fs::write(file, text).unwrap();
    }
}

#[derive(serde::Deserialize)]
struct Cases {
    revision: Vec<Case>,
}

/// What one revision changed. `change` holds all of it where `total` is its length, else a part.
#[derive(serde::Deserialize)]
struct Case {
    date: String,
    title: String,
    total: usize,
    change: Vec<[String; 4]>,
}

/// Changes between neighbouring revisions, read by eye in the two official files of each.
fn changes_are_those_listed(rebuilt: &BTreeMap<Date, BTreeMap<String, RateLine>>) {
    let cases: Cases = toml::from_str(include_str!("cases/us/changes.toml")).unwrap();
    let mut checked = 0;
    for case in cases.revision {
        let day: Date = case.date.parse().unwrap();
        let (_, before) = rebuilt.range(..day).next_back().unwrap();
        let found: Vec<[String; 4]> = us_hts::changes(before, &rebuilt[&day])
            .into_iter()
            .map(|change| [change.code, change.column.name().to_owned(), change.old, change.new])
            .collect();
        assert_eq!(found.len(), case.total, "{}", case.title);
        checked += case.change.len();
        if case.total == case.change.len() {
            assert_eq!(found, case.change, "{}", case.title);
        } else {
            for change in case.change {
                assert!(found.contains(&change), "{}: {change:?}", case.title);
            }
        }
    }
    assert!(checked >= 20);
}

/// Codes that the list of changed codes says came or went between neighbours that we have came or went.
fn lines_follow_the_concordance(folder: &Path, entries: &[Entry]) {
    let pairs = [
        ("basic", "rev_1", date(2025, 1, 27)),
        ("2026_rev_1", "2026_rev_2", date(2026, 1, 30)),
        ("2026_rev_2", "2026_rev_3", date(2026, 2, 12)),
    ];
    let text = std::fs::read_to_string(folder.join("resources/hts_concordance.csv")).unwrap();
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let (mut came, mut went) = (BTreeSet::new(), BTreeSet::new());
    for row in table.records() {
        let row = row.unwrap();
        let Some((.., day)) = pairs.iter().find(|(from, to, _)| row[2] == **from && row[3] == **to) else { continue };
        for (code, set) in [(&row[0], &mut went), (&row[1], &mut came)] {
            if code != "NA" {
                set.insert((*day, code.to_owned()));
            }
        }
    }
    let mut spans: BTreeMap<&str, Vec<(Date, Option<Date>)>> = BTreeMap::new();
    for entry in entries {
        if let Entry::Line(line) = entry
            && line.suffix.is_none()
        {
            spans.entry(&line.code).or_default().push((line.from.unwrap(), line.before));
        }
    }
    let holds = |code: &str, day: Date| {
        spans.get(code).is_some_and(|spans| {
            spans.iter().any(|(from, before)| *from <= day && before.is_none_or(|before| day < before))
        })
    };
    let (mut right, mut wrong) = (0, Vec::new());
    for (set, now) in [(&came, true), (&went, false)] {
        for (day, code) in set {
            if holds(code, *day) == now && holds(code, day.yesterday().unwrap()) != now {
                right += 1;
            } else {
                wrong.push((*day, code.clone(), now));
            }
        }
    }
    println!("{right} codes came or went as listed, not so: {wrong:?}");
    assert!(wrong.is_empty());
}

fn spot_values(entries: &[Entry]) {
    let lines = us_hts::rebuild(entries, date(2026, 6, 8));
    let general = |code: &str| us_hts::table::cell(&lines[code], Column::General);
    let other = |code: &str| us_hts::table::cell(&lines[code], Column::Other);
    for (code, first, second) in [
        ("61091000", "16.5%", "90%"),
        ("01013000", "6.8%", "15%"),
        ("01022940", "0.01 USD per kg", "0.055 USD per kg"),
        ("44201900", "3.2%", "33.333333333333%"),
    ] {
        assert_eq!((general(code).as_str(), other(code).as_str()), (first, second), "{code}");
    }
    assert!(us_hts::table::cell(&lines["61091000"], Column::Special).starts_with("0%:AU,BH,CL,"));

    // Members are territories that we know.
    let known = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/territories.toml"));
    let known: BTreeSet<&str> =
        known.lines().filter_map(|line| line.strip_prefix("code = \"")?.strip_suffix('"')).collect();
    for entry in entries {
        let codes: Vec<String> = match entry {
            Entry::Program(program) => match &program.origin {
                Places::One(code) => vec![code.clone()],
                Places::Many(codes) => codes.clone(),
            },
            Entry::Area(area) => area.members.iter().map(|member| member.territory.clone()).collect(),
            _ => continue,
        };
        for code in codes {
            assert!(code == "all" || known.contains(code.as_str()), "{code}");
        }
    }
}

/// Every amount compiles into a ratebook.
fn a_ratebook_takes(amounts: &BTreeSet<&String>) {
    let world = World {
        territories: toml::from_str(
            "territory = [{ code = \"US\", name = \"United States\", kind = \"country\", currency = \"USD\" }]",
        )
        .unwrap(),
        currencies: toml::from_str("currency = [{ code = \"USD\", name = \"US dollar\", minor = 2 }]").unwrap(),
        series: toml::from_str("series = []").unwrap(),
        rates: BTreeMap::new().into_iter().collect(),
        ..World::default()
    };
    let mut text = String::from(
        "[economy]\nterritory = \"US\"\ncurrency = \"USD\"\nknown_from = 2026-01-01\n\
         [[fact]]\nkey = \"us.hts\"\nstatement = \"The schedule.\"\nsource = { publisher = \"USITC\" }\nconfidence = \"high\"\n\
         [[charge]]\nkey = \"us.duty\"\nname = \"Duty\"\nkind = \"duty\"\ncites = [\"us.hts\"]\n\
         [[charge.rung]]\nname = \"tariff\"\namount = \"tariff\"\ncites = [\"us.hts\"]\n",
    );
    for (place, amount) in amounts.iter().enumerate() {
        text += &format!(
            "[[measure]]\ncode = \"{}\"\nkind = \"third-country\"\namount = \"{amount}\"\ncites = [\"us.hts\"]\n",
            10_000_000 + place
        );
    }
    let file = read_economy("US.toml", &text).unwrap();
    let book = compile(&world, &[file]);
    assert!(book.is_ok(), "{:?}", book.err().map(|problems| problems.into_iter().take(5).collect::<Vec<_>>()));
}
