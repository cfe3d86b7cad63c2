//! A ratebook of more than ten million measures, made from real schedules.
//!
//! It holds the embedded data; what the importers make of the recorded responses of the UK Trade Tariff API (both
//! services) and of the Brazilian NCM; and 200 territories that each have the whole schedule of the United States as
//! embedded, with its days, programmes and column 2, its ten-digit statistical lines as rows of their own with the duty of
//! the line above them, and the lists 1, 2, 3 and 4A of section 301 as additional duties on goods of China. What comes from
//! `../shared` is left out where that is absent.

use crate::{best, folder, memory, size};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;
use tidewaiter::ratebook::compile::{Compiler, EditionFile, PlainMeasure, SourceFile, World, read_economy};
use tidewaiter::ratebook::write_file;
use tidewaiter::record::{Measure, MeasureKind, Places, Written};
use tidewaiter::{Decimal, Ratebook};
use tidewaiter_sources::{Account, Entry, Limits, Source, br_ncm, uk_api, us_hts};

const TERRITORIES: usize = 200;
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Codes of the territories that have the schedule.
pub(crate) fn territories() -> Vec<String> {
    (0..TERRITORIES)
        .map(|n| format!("X{}{}", char::from(b'A' + (n / 26) as u8), char::from(b'A' + (n % 26) as u8)))
        .collect()
}

/// VAT of the territory of a number, in percent.
const fn vat(n: usize) -> usize {
    5 + n % 21
}

fn economy(n: usize, code: &str) -> SourceFile {
    let text = format!(
        r#"
[economy]
territory = "{code}"
currency = "EUR"
known_from = 2020-01-01
[[fact]]
key = "f"
statement = "Made for a benchmark."
source = {{ publisher = "none" }}
confidence = "low"
[[charge]]
key = "duty"
name = "Duty"
kind = "duty"
base = "goods + freight + insurance"
cites = ["f"]
  [[charge.rung]]
  name = "relief"
  when = "goods <= 20 EUR per consignment"
  amount = "relieved"
  [[charge.rung]]
  name = "tariff"
  amount = "tariff"
[[charge]]
key = "additional"
name = "Additional duty"
kind = "additional-duty"
base = "goods + freight + insurance"
cites = ["f"]
  [[charge.rung]]
  name = "additional"
  amount = "tariff(additional)"
[[charge]]
key = "vat"
name = "VAT"
kind = "vat"
base = "goods + freight + insurance + duty + additional"
cites = ["f"]
  [[charge.rung]]
  name = "vat"
  amount = "@vat"
[[rate]]
name = "vat"
class = "standard"
is = "{} %"
cites = ["f"]
"#,
        vat(n)
    );
    read_economy(&format!("{code}.toml"), &text).unwrap()
}

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(ROOT).join("../shared/data").join(path);
    path.exists().then_some(path)
}

fn open(path: &Path) -> Source {
    Source::open(path, Limits::default()).unwrap()
}

fn us_entries() -> Vec<Entry> {
    let text = |name: &str| std::fs::read_to_string(format!("{ROOT}/data/tariffs/{name}")).unwrap();
    tidewaiter_data::tariffs::entries(&text("US.csv"), &text("US.toml"), "US.csv").unwrap()
}

fn measures(entries: &[Entry]) -> impl Iterator<Item = &Measure> {
    entries.iter().filter_map(|entry| match entry {
        Entry::Measure(measure) => Some(measure),
        _ => None,
    })
}

fn plain_percent(measure: &Measure) -> Option<Decimal> {
    match (&measure.amount, &measure.when) {
        (Some(Written::Words(words)), None) => words.strip_suffix(" %")?.parse().ok(),
        _ => None,
    }
}

/// A percentage put on a code, beside what the schedule itself says.
struct Derived {
    code: u64,
    digits: u8,
    china: bool,
    percent: Decimal,
}

/// Statistical lines and section 301, as said above.
fn derived(entries: &[Entry]) -> Vec<Derived> {
    let mut above: BTreeMap<u64, Option<Decimal>> = BTreeMap::new();
    for measure in measures(entries).filter(|m| m.program.is_none() && m.origin.is_none() && m.before.is_none()) {
        if measure.kind == MeasureKind::ThirdCountry && measure.code.len() == 8 {
            above.insert(measure.code.parse().unwrap_or(0), plain_percent(measure));
        }
    }
    let mut out = Vec::new();
    if let Some(path) = shared("us-hts/hts/hts_2026_rev_10.json.gz") {
        let dates = us_hts::read_dates(open(&shared("us-hts/resources/revision_dates.csv").unwrap())).unwrap();
        let (mut lines, mut account) = (Vec::new(), Account::default());
        us_hts::import(vec![open(&path)], &us_hts::Options { dates }, &mut lines, &mut account).unwrap();
        let codes: BTreeSet<u64> = lines
            .iter()
            .filter_map(|entry| match entry {
                Entry::Line(line) if line.code.len() == 10 => line.code.parse().ok(),
                _ => None,
            })
            .collect();
        for code in codes {
            if let Some(Some(percent)) = above.get(&(code / 100)) {
                out.push(Derived { code: code * 100, digits: 10, china: false, percent: *percent });
            }
        }
    }
    if let Some(path) = shared("us-hts/resources/s301_product_lists.csv") {
        let text = std::fs::read_to_string(path).unwrap();
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let percent = match cells[2] {
                "9903.88.01" | "9903.88.02" | "9903.88.03" => "25",
                "9903.88.15" => "7.5",
                _ => continue,
            };
            if let Ok(code) = cells[0].parse::<u64>() {
                out.push(Derived { code: code * 10_000, digits: 8, china: true, percent: percent.parse().unwrap() });
            }
        }
    }
    out
}

/// Editions of the UK, Northern Ireland and Brazil.
fn imported() -> Vec<EditionFile> {
    let mut out = Vec::new();
    for (service, part, territory) in [(uk_api::Service::Uk, "/uk/", "GB"), (uk_api::Service::Xi, "/xi/", "XI")] {
        let Some(root) = shared("uk-tariff/api-v2") else { continue };
        let mut all: Vec<Entry> = Vec::new();
        let mut files: Vec<PathBuf> = std::fs::read_dir(root.join(part.trim_matches('/')))
            .unwrap()
            .map(|f| f.unwrap().path())
            .filter(|f| f.file_name().is_some_and(|n| n.to_string_lossy().starts_with("commodities_")))
            .collect();
        files.sort();
        let mut seen = BTreeSet::new();
        for file in files {
            let (mut entries, mut account) = (Vec::new(), Account::default());
            let options = uk_api::Options { service: Some(service), as_of: None };
            let Ok(head) = uk_api::import(vec![open(&file)], &options, &mut entries, &mut account) else { continue };
            if all.is_empty() {
                all.push(Entry::Edition(head));
            }
            for entry in entries {
                if seen.insert(serde_json::to_string(&entry).unwrap()) {
                    all.push(entry);
                }
            }
        }
        if let Some(Entry::Edition(head)) = all.first_mut() {
            head.territory = Some(territory.to_owned());
        }
        out.extend(EditionFile::new(&format!("{territory}-api"), [1; 32], all));
    }
    if let Some(root) = shared("br-ncm") {
        let mut files: Vec<PathBuf> = std::fs::read_dir(root).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        let (mut entries, mut account) = (Vec::new(), Account::default());
        let options = br_ncm::Options { known_from: "2026-10-01".parse().unwrap() };
        let head =
            br_ncm::import(files.iter().map(|f| open(f)).collect(), &options, &mut entries, &mut account).unwrap();
        entries.insert(0, Entry::Edition(head));
        out.extend(EditionFile::new("BR-ncm", [2; 32], entries));
    }
    out
}

/// Those of the imported editions that stand beside the embedded ones without a contradiction.
fn sound(world: &World, files: &[SourceFile], editions: &[EditionFile], more: Vec<EditionFile>) -> Vec<EditionFile> {
    more.into_iter()
        .filter(|edition| {
            let mut compiler = Compiler::new(world);
            files.iter().for_each(|f| compiler.add(f));
            editions.iter().chain([edition]).for_each(|e| compiler.add_edition(e));
            match compiler.finish() {
                Ok(_) => {
                    println!("    also in it: {} measures of {}", edition.measures(), edition.territory());
                    true
                }
                Err(problems) => {
                    println!("    left out: {}: {:?}", edition.territory(), problems.first().map(|p| &p.message));
                    false
                }
            }
        })
        .collect()
}

pub(crate) fn build() {
    let (mut world, mut files, mut editions) = tidewaiter_data::folder::read(&Path::new(ROOT).join("data")).unwrap();
    let more = sound(&world, &files, &editions, imported());
    editions.extend(more);
    let us = us_entries();
    let derived = derived(&us);
    let own: usize = editions.iter().map(EditionFile::measures).sum();
    for (n, code) in territories().iter().enumerate() {
        let row = format!("code = '{code}'\nname = '{code}'\nkind = 'country'\ncurrency = 'EUR'");
        world.territories.territory.push(toml::from_str(&row).unwrap());
        files.push(economy(n, code));
        let mut entries = us.clone();
        if let Some(Entry::Edition(head)) = entries.first_mut() {
            head.territory = Some(code.clone());
        }
        editions.push(EditionFile::new(code, [3; 32], entries).unwrap());
    }
    let start = Instant::now();
    let mut compiler = Compiler::new(&world);
    files.iter().for_each(|f| compiler.add(f));
    editions.iter().for_each(|e| compiler.add_edition(e));
    let china = compiler.origin_set(&["CN"]).unwrap();
    for code in territories() {
        for row in &derived {
            let plain = PlainMeasure {
                code: row.code,
                digits: row.digits,
                kind: if row.china { MeasureKind::Additional } else { MeasureKind::ThirdCountry },
                percent: row.percent,
                from: 20_089, // 2025-01-01
                before: i32::MAX,
                origin: if row.china { china } else { 0 },
            };
            compiler.add_plain_measure(&code, plain).unwrap();
        }
    }
    let bytes = compiler.finish().unwrap_or_else(|p| panic!("{:?}", p.first()));
    let built = start.elapsed();
    let path = folder().join("book.twrb");
    write_file(&path, &bytes).unwrap();
    let us_measures = measures(&us).count();
    let count = rows_of(&Ratebook::open(&path).unwrap(), "measures");
    println!(
        "ratebook: {TERRITORIES} x ({us_measures} of the schedule + {} statistical lines + {} of section 301) + {own} others",
        derived.iter().filter(|d| !d.china).count(),
        derived.iter().filter(|d| d.china).count(),
    );
    println!(
        "    {count} measure rows, {} bytes, {} bytes a measure; built in {} ms; peak memory {} MiB",
        bytes.len(),
        bytes.len() as u64 / count.max(1),
        built.as_millis(),
        memory().0
    );
}

/// Rows of a section of the ratebook.
fn rows_of(ratebook: &Ratebook, section: &str) -> u64 {
    let sizes = ratebook.section_sizes();
    let found = sizes.iter().find(|s| tidewaiter::ratebook::section_name(s.0) == section);
    found.map_or(0, |(_, row, bytes)| bytes / u64::from(*row).max(1))
}

/// What opening the ratebook costs, and what it consists of.
pub(crate) fn quotes() {
    let path = folder().join("book.twrb");
    let open = best(|| {
        black_box(Ratebook::open(&path).unwrap());
    });
    println!("open the ratebook of {} bytes: {} µs", size(&path), open.as_nanos() / 1000);
    let mut sections = Ratebook::open(&path).unwrap().section_sizes();
    sections.sort_by_key(|s| std::cmp::Reverse(s.2));
    for (id, row, bytes) in sections.into_iter().take(5) {
        let name = tidewaiter::ratebook::section_name(id);
        println!("    {name:<20} {:>10} rows {bytes:>12} bytes", bytes / u64::from(row).max(1));
    }
}

/// Codes of the copies whose unclaimed duties are all plain percentages: what SQL can express without a detour.
pub(crate) fn plain_codes() -> Vec<tidewaiter::goods::GoodsCode> {
    let us = us_entries();
    let odd: BTreeSet<&str> =
        measures(&us).filter(|m| m.program.is_none() && plain_percent(m).is_none()).map(|m| m.code.as_str()).collect();
    let derived = derived(&us);
    let parents: BTreeSet<u64> = derived.iter().filter(|d| d.digits == 10).map(|d| d.code / 10_000).collect();
    let mut out = Vec::new();
    for code in crate::rows::us_codes() {
        if odd.iter().any(|o| code.digits().starts_with(*o) || o.starts_with(&code.digits())) {
            continue;
        }
        if !parents.contains(&(code.padded() / 10_000)) {
            out.push(code);
        }
    }
    for row in derived.iter().filter(|d| d.digits == 10) {
        let code = tidewaiter::goods::GoodsCode::from_padded(row.code, 10).unwrap();
        if !odd.iter().any(|o| code.digits().starts_with(*o)) {
            out.push(code);
        }
    }
    out.sort_unstable();
    out
}

/// Writes the rates of one copy, the members of its groups and the VAT of all territories as tables for `sql.py`.
pub(crate) fn rates() {
    let us = us_entries();
    let mut text = String::from("prefix,digits,kind,origins,percent,from_day,before_day\n");
    let mut groups = String::from("origins,origin\n");
    for entry in &us {
        if let Entry::Area(area) = entry {
            for member in &area.members {
                writeln!(groups, "{},{}", area.code, member.territory).unwrap();
            }
        }
    }
    let mut single = BTreeSet::from(["CN".to_owned()]);
    for measure in measures(&us).filter(|m| m.program.is_none()) {
        let Some(percent) = plain_percent(measure) else { continue };
        let kind = match measure.kind {
            MeasureKind::ThirdCountry => "third",
            MeasureKind::Additional => "additional",
            _ => continue,
        };
        let origins = match &measure.origin {
            None => vec![String::new()],
            Some(Places::One(word)) if word == "all" => vec![String::new()],
            Some(Places::One(word)) => vec![word.clone()],
            Some(Places::Many(words)) => words.clone(),
        };
        for origin in origins {
            if origin.len() == 2 {
                single.insert(origin.clone());
            }
            let day = |d: Option<jiff::civil::Date>, other: &str| d.map_or(other.to_owned(), |d| d.to_string());
            writeln!(
                text,
                "{},{},{kind},{origin},{percent},{},{}",
                measure.code,
                measure.code.len(),
                day(measure.from, "1900-01-01"),
                day(measure.before, "9999-01-01")
            )
            .unwrap();
        }
    }
    for row in derived(&us) {
        let (kind, origin) = if row.china { ("additional", "CN") } else { ("third", "") };
        let code = format!("{:012}", row.code);
        writeln!(
            text,
            "{},{},{kind},{origin},{},2025-01-01,9999-01-01",
            &code[..usize::from(row.digits)],
            row.digits,
            row.percent
        )
        .unwrap();
    }
    for place in single {
        writeln!(groups, "{place},{place}").unwrap();
    }
    let mut places = String::from("to,vat,relief\n");
    for (n, code) in territories().iter().enumerate() {
        writeln!(places, "{code},{},20", vat(n)).unwrap();
    }
    for (name, table) in [("rates.csv", text), ("origins.csv", groups), ("territories.csv", places)] {
        std::fs::write(folder().join(name), table).unwrap();
    }
}
