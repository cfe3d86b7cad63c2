//! The official nomenclatures, read by the importers.

use jiff::civil::date;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;
use tidewaiter::record::edition::Entry;
use tidewaiter_finder::Language;
use tidewaiter_finder::lines::{Lines, NationalLine};
use tidewaiter_sources::bounded::Limits;
use tidewaiter_sources::{Account, Source, eu_nomenclature, us_hts};

/// A nomenclature with what is known of its codes.
pub(crate) struct Loaded {
    pub(crate) lines: Lines,
    /// Beginnings of 2, 4 and 6 digits, and lines of 8 that stand as such.
    begun: BTreeSet<String>,
    /// Lines that goods are declared under, with zeros to ten digits.
    declarable: BTreeSet<String>,
}

impl Loaded {
    pub(crate) fn new(name: &str, lines: Vec<NationalLine>) -> Self {
        let mut begun = BTreeSet::new();
        for code in lines.iter().map(|line| line.code.as_str()) {
            begun.extend([2, 4, 6].into_iter().filter_map(|digits| code.get(..digits)).map(str::to_owned));
            begun.extend((code.len() == 8).then(|| code.to_owned()));
        }
        let (count, start) = (lines.len(), Instant::now());
        let lines = Lines::new(lines).unwrap();
        eprintln!("{name}: {count} lines laid out in {} ms", start.elapsed().as_millis());
        let under = begun.iter().filter(|code| code.len() == 6).flat_map(|six| lines.under(six, Language::En));
        let declarable = under.filter(|line| line.declarable).map(|line| format!("{:0<10}", line.code)).collect();
        Self { declarable, begun, lines }
    }

    /// Whether a code names something of so many digits here. "0307810000" names a subheading alone where lines stand below it.
    pub(crate) fn judges(&self, code: &str, digits: usize) -> bool {
        let Some(begin) = code.get(..digits) else { return false };
        let named = code.trim_end_matches('0').len().div_ceil(2) * 2;
        self.begun.contains(begin)
            || digits > 6 && self.declarable.contains(&format!("{code:0<10}"))
            || digits > 6 && named >= digits && self.declarable.iter().any(|line| line.starts_with(begin))
    }
}

fn of_entries(entries: Vec<Entry>) -> Vec<NationalLine> {
    let line = |entry: Entry| match entry {
        Entry::Line(line) if line.before.is_none() => Some(NationalLine {
            code: line.code,
            indent: line.indent,
            declarable: line.declarable,
            texts: line.description.into_iter().filter_map(|(code, text)| Some((Language::of(&code)?, text))).collect(),
        }),
        _ => None,
    };
    entries.into_iter().filter_map(line).collect()
}

fn open(path: &Path) -> Source {
    Source::open(path, Limits::default()).unwrap()
}

pub(crate) fn us_lines(folder: &Path) -> Vec<NationalLine> {
    let (mut entries, mut account): (Vec<Entry>, Account) = Default::default();
    let dates = us_hts::read_dates(open(&folder.join("us-hts/resources/revision_dates.csv"))).unwrap();
    let options = us_hts::Options { dates };
    us_hts::import(
        vec![open(&folder.join("us-hts/hts/hts_2026_rev_10.json.gz"))],
        &options,
        &mut entries,
        &mut account,
    )
    .unwrap();
    of_entries(entries)
}

pub(crate) fn eu_lines(folder: &Path) -> Vec<NationalLine> {
    let (mut entries, mut account): (Vec<Entry>, Account) = Default::default();
    let options = eu_nomenclature::Options {
        nomenclature: "TARIC 2026-03".into(),
        known_from: date(2026, 3, 1),
        languages: Vec::new(),
        accept_rest: false,
    };
    let path = folder.join("eu-taric/nomenclature/taric_nomenclature_2026-03_en.xlsx");
    eu_nomenclature::import(vec![open(&path)], &options, &mut entries, &mut account).unwrap();
    of_entries(entries)
}
