//! The numbered checks: worked cases of each, their pages, the order of records, and official files.
//!
//! A case is a small edition in `tests/checks/TWnnn/`, `fails-*.ndjson` or `passes-*.ndjson`, its first line the head.
//! Beside it stand `*.toml`, with what is asked besides the records and what is expected, and `*.before.ndjson`, the
//! edition before.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

#[path = "checks/official.rs"]
mod official;

use jiff::civil::Date;
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tidewaiter::ratebook::compile::World;
use tidewaiter::record::edition::Edition;
use tidewaiter_repository::authority::Authority;
use tidewaiter_repository::checks::{self, Around, Check, Draft, MOST_SHOWN, Misfit, Report, Severity, Waiting};
use tidewaiter_repository::manifest::{self, Kind, Legal, Manifest, Part};
use tidewaiter_sources::Entry;

/// What is asked of a case besides its records, and what is expected.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    /// Parts of findings of the check, each found in one.
    says: Vec<String>,
    /// How many findings each check has; no other check may have one.
    counted: BTreeMap<String, u64>,
    kind: Option<Kind>,
    legal: Vec<Legal>,
    issued: Option<jiff::Timestamp>,
    not_before: Option<jiff::Timestamp>,
    next_due: Option<String>,
    /// Places of economy files among the parts.
    files: Vec<String>,
    /// Territory of the authority; QQ where it is not said, none where it is empty.
    territory: Option<String>,
    publishes: Vec<String>,
    unofficial: bool,
    noticed: Vec<String>,
    codes: BTreeSet<String>,
    misfits: Vec<Misfit>,
    waiting: Vec<Waiting>,
    uncharged: bool,
    files_before: Vec<String>,
}

const TODAY: Date = Date::constant(2026, 11, 22);

fn world() -> World {
    let territories = r#"
        territory = [
            { code = "QQ", name = "Q", kind = "country" }, { code = "ZZ", name = "Z", kind = "country" },
            { code = "QA", name = "A", kind = "country" }, { code = "QZ", name = "Union of Z", kind = "union" },
        ]
        member = [{ of = "QZ", territory = "ZZ" }]"#;
    let currencies = r#"currency = [{ code = "XQD", name = "Q dollar" }, { code = "XZD", name = "Z dollar" }]"#;
    World {
        territories: toml::from_str(territories).unwrap(),
        currencies: toml::from_str(currencies).unwrap(),
        ..World::default()
    }
}

fn authority(asked: &Asked) -> Authority {
    let territory = asked.territory.clone().unwrap_or_else(|| "QQ".into());
    Authority {
        id: if asked.unofficial { "unofficial" } else { "q" }.into(),
        name: "Customs of Q".into(),
        territory: Some(territory).filter(|code| !code.is_empty()),
        publishes: asked.publishes.clone(),
        unofficial: asked.unofficial,
        officers: 1,
    }
}

fn manifest(head: Edition, asked: &Asked) -> Manifest {
    let file = |place: &String| Part {
        name: "file.zst".into(),
        file: Some(place.clone()),
        records: 1,
        bytes: 1,
        sha256: "0".repeat(64),
        content_bytes: 1,
        content_sha256: "0".repeat(64),
        from: None,
        before: None,
    };
    Manifest {
        format: manifest::FORMAT.into(),
        authority: "q".into(),
        number: 1,
        previous: None,
        kind: asked.kind.unwrap_or(Kind::Ordinary),
        concerns: Vec::new(),
        reason: None,
        issued: asked.issued.unwrap_or_else(|| "2026-11-22T09:00:00Z".parse().unwrap()),
        not_before: asked.not_before,
        next_due: asked.next_due.as_ref().map(|day| day.parse().unwrap()),
        legal: asked.legal.clone(),
        head,
        parts: asked.files.iter().map(file).collect(),
    }
}

fn read(path: &Path) -> Vec<Entry> {
    let text = std::fs::read_to_string(path).unwrap();
    let entry =
        |(at, line)| serde_json::from_str(line).unwrap_or_else(|e| panic!("{}:{}: {e}", path.display(), at + 1));
    text.lines().enumerate().map(entry).collect()
}

fn head(entries: &[Entry]) -> Edition {
    let Some(Entry::Edition(head)) = entries.first() else { panic!("the first line is the head") };
    head.clone()
}

fn run(entries: &[Entry], before: Option<&[Entry]>, asked: &Asked) -> Report {
    let world = world();
    let manifest = manifest(head(entries), asked);
    let around = Around {
        files_before: asked.files_before.clone(),
        misfits: asked.misfits.clone(),
        waiting: asked.waiting.clone(),
        uncharged: asked.uncharged,
    };
    checks::run(&Draft {
        authority: &authority(asked),
        manifest: &manifest,
        entries: &entries[1..],
        before,
        noticed: &asked.noticed,
        world: &world,
        codes: &asked.codes,
        around: &around,
        today: TODAY,
    })
}

/// A case: its name, its records, those of the edition before, and what is asked.
struct Case {
    name: String,
    entries: Vec<Entry>,
    before: Option<Vec<Entry>>,
    asked: Asked,
}

fn cases(check: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks").join(check);
    let Ok(files) = std::fs::read_dir(&folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let is_case = |path: &&PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.ends_with(".ndjson") && !name.ends_with(".before.ndjson")
    };
    files
        .iter()
        .filter(is_case)
        .map(|path| {
            let before = path.with_extension("before.ndjson");
            let asked = std::fs::read_to_string(path.with_extension("toml")).unwrap_or_default();
            Case {
                name: format!("{check}/{}", path.file_name().unwrap().to_str().unwrap()),
                entries: read(path),
                before: before.exists().then(|| read(&before)),
                asked: toml::from_str(&asked).unwrap_or_else(|e| panic!("{}: {e}", path.display())),
            }
        })
        .collect()
}

#[test]
fn every_case_is_judged_as_it_says() {
    let wrong: Vec<String> = checks::all()
        .iter()
        .flat_map(|check| cases(check.number()).into_iter().flat_map(|case| judge(check, &case)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the checks say of a case that it does not say itself.
fn judge(check: &Check, case: &Case) -> Vec<String> {
    let report = run(&case.entries, case.before.as_deref(), &case.asked);
    let (name, number) = (&case.name, check.number());
    let fails = name.contains("/fails-");
    let told: Vec<String> = report.findings.iter().filter(|f| f.check == number).map(ToString::to_string).collect();
    let mut wrong = Vec::new();
    if report.counted != case.asked.counted {
        wrong.push(format!(
            "{name}: found {:?}, expected {:?}: {:#?}",
            report.counted, case.asked.counted, report.findings
        ));
    }
    if report.counted.contains_key(number) != fails || case.asked.says.is_empty() == fails {
        wrong.push(format!("{name}: what fails is found and says how, and what passes is not"));
    }
    for says in case.asked.says.iter().filter(|says| !told.iter().any(|told| told.contains(*says))) {
        wrong.push(format!("{name}: \"{says}\" is not in {told:#?}"));
    }
    let refused = report.counted.keys().any(|number| severity(number) == Severity::Error);
    let warned: BTreeSet<&str> =
        report.counted.keys().map(String::as_str).filter(|number| severity(number) == Severity::Warning).collect();
    if report.refused() != refused || report.warnings() != warned {
        wrong.push(format!("{name}: refused or warned otherwise than its findings"));
    }
    wrong
}

fn severity(number: &str) -> Severity {
    checks::all().iter().find(|check| check.number() == number).unwrap().severity()
}

#[test]
fn every_check_has_a_case_that_fails_and_one_that_passes() {
    for check in checks::all() {
        let names: Vec<String> = cases(check.number()).into_iter().map(|case| case.name).collect();
        for which in ["/fails-", "/passes-"] {
            assert!(names.iter().any(|name| name.contains(which)), "{} has no case {which}", check.number());
        }
    }
    let folders = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks")).unwrap();
    let folders = folders.map(|folder| folder.unwrap().path()).filter(|path| path.is_dir());
    for folder in folders.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()) {
        assert!(checks::all().iter().any(|check| check.number() == folder), "{folder} is no check");
    }
}

#[test]
fn pages_table_and_code_say_the_same() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/checks");
    let table = std::fs::read_to_string(docs.join("README.md")).unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| [TW")).collect();
    assert_eq!(rows.len(), checks::all().len());
    for (check, row) in checks::all().iter().zip(rows) {
        let (number, title) = (check.number(), check.title());
        let severity = if check.severity() == Severity::Error { "error" } else { "warning" };
        assert_eq!(row, format!("| [{number}]({number}.md) | {severity} | {title} |"));
        let page =
            std::fs::read_to_string(docs.join(format!("{number}.md"))).unwrap_or_else(|e| panic!("{number}.md: {e}"));
        let mut lines = page.lines();
        assert_eq!(lines.next(), Some(format!("# {number}: {title}").as_str()));
        assert_eq!(
            lines.nth(1),
            Some(if severity == "error" {
                "Error: the edition is refused."
            } else {
                "Warning: an approver must say that it is meant."
            })
        );
        let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(headings, ["## Why", "## Fails", "## Passes", "## How to mend it"], "{number}.md");
        assert_examples(number, &page);
    }
    let pages = std::fs::read_dir(&docs).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    for page in pages.filter(|page| page != "README.md") {
        assert!(checks::all().iter().any(|check| page == format!("{}.md", check.number())), "{page} is of no check");
    }
}

/// Examples of a page are lines of the cases.
fn assert_examples(number: &str, page: &str) {
    for (heading, which) in [("## Fails", "fails-"), ("## Passes", "passes-")] {
        let section = page.split(heading).nth(1).unwrap().split("\n## ").next().unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks").join(number);
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let files = files.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(which));
        let texts: Vec<String> = files.map(|path| std::fs::read_to_string(path).unwrap()).collect();
        let examples: Vec<&str> =
            section.split("```").skip(1).step_by(2).flat_map(|block| block.lines().skip(1)).collect();
        assert!(!examples.is_empty(), "{number}.md, {heading} has no example");
        for example in examples {
            let found = texts.iter().any(|text| text.lines().any(|line| line == example));
            assert!(found, "{number}.md, {heading}: no case has the line {example}");
        }
        let told: Vec<&str> = section.lines().filter_map(|line| line.strip_prefix("> ")).collect();
        assert_eq!(told.len(), usize::from(which == "fails-"), "{number}.md, {heading}: what is told");
        for says in told {
            let found = cases(number).iter().any(|case| case.asked.says.iter().any(|expected| expected == says));
            assert!(found, "{number}.md, {heading}: no case expects {says}");
        }
    }
}

#[test]
fn a_hundred_findings_are_shown_and_all_are_counted() {
    let case = cases("TW103").into_iter().find(|case| case.name.contains("/fails-")).unwrap();
    let (facts, bad): (Vec<Entry>, Vec<Entry>) =
        case.entries[1..].iter().cloned().partition(|e| matches!(e, Entry::Fact(_)));
    let Entry::Measure(bad) = &bad[0] else { panic!("a measure") };
    let more =
        (0..250).map(|n| Entry::Measure(tidewaiter::record::Measure { code: format!("6109{n:04}"), ..bad.clone() }));
    let entries: Vec<Entry> = case.entries[..1].iter().cloned().chain(facts).chain(more).collect();
    let report = run(&entries, None, &case.asked);
    assert_eq!(report.counted, BTreeMap::from([("TW103".into(), 250)]));
    assert_eq!(report.findings.len(), MOST_SHOWN);
    // The first by place, wherever they stand in the edition.
    assert!(report.findings[0].place.contains("6109.00.00") && report.findings[99].place.contains("6109.00.99"));
    let again: Report = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
    assert_eq!(again, report);
}

/// Each warning of the rate sheet's reader reaches one check.
#[test]
fn what_the_reader_notices_is_told() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/rate-sheet.md");
    let page = std::fs::read_to_string(page).unwrap();
    let numbers: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| W")).filter_map(|rest| rest.split(' ').next()).collect();
    assert!(numbers.len() >= 9, "{numbers:?}");
    let entries = cases("TW601").into_iter().next().unwrap().entries;
    for number in numbers {
        let noticed = vec![format!("W{number} rates.xlsx, sheet Measures, row 7, Duty: something to look at")];
        let report = run(&entries, None, &Asked { noticed, ..Asked::default() });
        let [finding] = report.findings.as_slice() else { panic!("W{number}: {:?}", report.findings) };
        assert!(finding.check.starts_with("TW60"), "{finding}");
        assert_eq!(finding.place, "rates.xlsx, sheet Measures, row 7, Duty");
        assert_eq!(finding.says, "something to look at");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// All cases in one edition, against all editions before in one: whatever their order, the report is the same.
    #[test]
    fn the_order_of_records_changes_nothing(seed in proptest::array::uniform4(any::<u64>())) {
        let all: Vec<Case> = checks::all().iter().flat_map(|check| cases(check.number())).collect();
        let mut now: Vec<Entry> = all.iter().flat_map(|case| case.entries[1..].to_vec()).collect();
        let mut before: Vec<Entry> = all.iter().filter_map(|case| case.before.as_ref()).flat_map(|b| b[1..].to_vec()).collect();
        let head = all[0].entries[0].clone();
        let with_head = |entries: &[Entry]| [std::slice::from_ref(&head), entries].concat();
        let report = run(&with_head(&now), Some(&before), &all[0].asked);
        prop_assert!(report.counted.len() > 20);
        shuffle(&mut now, seed[0]);
        shuffle(&mut before, seed[1]);
        prop_assert_eq!(run(&with_head(&now), Some(&before), &all[0].asked), report);
    }
}

fn shuffle<T>(all: &mut [T], mut seed: u64) {
    for at in (1..all.len()).rev() {
        // Knuth's linear congruential generator: any order will do.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        all.swap(at, (seed >> 33) as usize % (at + 1));
    }
}
