//! The schema, two real transmissions of the European Union, and the samples of the UK service.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use jiff::civil::date;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tidewaiter::record::edition::{Edition, TextKind};
use tidewaiter::record::{Measure, MeasureKind, Places, Verdict, Written, grammar};
use tidewaiter_sources::taric3::schema::{Base, schema};
use tidewaiter_sources::taric3::{Completeness, Options, Reading, TaricStore, import};
use tidewaiter_sources::{Account, Entry, Limits, Source};

fn shared(path: &str) -> Option<PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    if !Path::new(root).exists() {
        println!("skipped: ../shared is absent");
        return None;
    }
    let path = Path::new(root).join(path);
    assert!(path.exists(), "{}", path.display());
    Some(path)
}

fn open(path: &Path) -> Source {
    Source::open(path, Limits::default()).unwrap()
}

fn eu() -> Options {
    Options { known_from: Some(date(2018, 12, 14)), ..Options::european_union() }
}

fn read(path: &Path, options: &Options) -> (Vec<Entry>, Account, Edition) {
    let (mut entries, mut account) = (Vec::new(), Account::default());
    let edition = import(vec![open(path)], options, &mut entries, &mut account).unwrap();
    (entries, account, edition)
}

fn counts(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
    pairs.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect()
}

// ---- The schema

/// What the XSD says: simple types with base and facets, records with their fields.
#[derive(Default)]
struct Xsd {
    types: BTreeMap<String, (String, Vec<(String, String)>)>,
    records: BTreeMap<String, Vec<(String, String, bool)>>,
}

fn attribute(tag: &BytesStart, name: &str) -> Option<String> {
    tag.try_get_attribute(name)
        .unwrap()
        .map(|a| a.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned())
}

fn xsd(text: &str) -> Xsd {
    let mut found = Xsd::default();
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<String> = Vec::new();
    let (mut simple, mut record) = (None::<String>, None::<String>);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                let name = tag.local_name().into_inner().to_owned();
                let value = attribute(&tag, "value").unwrap_or_default();
                match (name.as_str(), open.len()) {
                    ("simpleType", 1) => simple = attribute(&tag, "name"),
                    ("element", 1) => {
                        let group = attribute(&tag, "substitutionGroup");
                        record = attribute(&tag, "name").filter(|_| group.as_deref() == Some("abstract.record"));
                        if let Some(record) = &record {
                            found.records.insert(record.clone(), Vec::new());
                        }
                    }
                    ("restriction", 2) => {
                        let base = attribute(&tag, "base").unwrap();
                        found.types.insert(simple.clone().unwrap(), (base, Vec::new()));
                    }
                    ("annotation" | "documentation" | "schema" | "import" | "complexType" | "sequence", _) => {}
                    ("element", _) => {
                        if let Some(record) = &record {
                            let optional = attribute(&tag, "minOccurs").as_deref() == Some("0");
                            assert_eq!(attribute(&tag, "maxOccurs"), None);
                            let field = (attribute(&tag, "name").unwrap(), attribute(&tag, "type").unwrap(), optional);
                            found.records.get_mut(record).unwrap().push(field);
                        }
                    }
                    (facet, 3) if simple.is_some() => {
                        found.types.get_mut(simple.as_ref().unwrap()).unwrap().1.push((facet.to_owned(), value));
                    }
                    _ => {}
                }
                open.push(name);
            }
            Event::End(_) => {
                open.pop();
                if open.len() == 1 {
                    (simple, record) = (None, None);
                }
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// The tables say what the XSD says: every type with every facet, every record with every field in its order.
#[test]
fn taric3_xsd() {
    let Some(path) = shared("eu-taric/taric3-xml/taric3.xsd") else { return };
    let xsd = xsd(&std::fs::read_to_string(path).unwrap());
    assert_eq!((xsd.types.len(), xsd.records.len()), (83, 102));
    assert_eq!((schema().types.len(), schema().records.len()), (83, 102));
    for (name, (base, facets)) in &xsd.types {
        let simple = schema().simple(name).unwrap_or_else(|| panic!("{name}"));
        let expected = match base.as_str() {
            "xs:string" => Base::Text,
            "xs:int" => Base::Int,
            "xs:decimal" => Base::Decimal,
            "xs:date" => Base::Date,
            "xs:dateTime" => Base::Timestamp,
            other => panic!("{other}"),
        };
        assert_eq!(simple.base, expected, "{name}");
        let mut ours: Vec<(String, String)> = Vec::new();
        for (facet, value) in &simple.facets {
            let theirs = match *facet {
                "min" => "minInclusive",
                "above" => "minExclusive",
                "max" => "maxInclusive",
                "fraction" => "fractionDigits",
                "enum" => "enumeration",
                other => other,
            };
            let values: Vec<&str> = if *facet == "enum" { value.split(',').collect() } else { vec![value] };
            ours.extend(values.into_iter().map(|value| (theirs.to_owned(), value.to_owned())));
        }
        let mut facets = facets.clone();
        facets.sort();
        ours.sort();
        assert_eq!(ours, facets, "{name}");
    }
    for (name, fields) in &xsd.records {
        let record = &schema().records[schema().find(name).unwrap_or_else(|| panic!("{name}"))];
        let ours = record
            .fields
            .iter()
            .map(|field| (field.name.to_owned(), schema().types[field.of].name.to_owned(), !field.required));
        assert_eq!(&ours.collect::<Vec<_>>(), fields, "{name}");
    }
}

// ---- Real transmissions

#[test]
fn tgb18241_with_a_full_account() {
    let Some(path) = shared("eu-taric/taric3-xml/TGB18241.xml.gz") else { return };
    let (entries, account, edition) = read(&path, &eu());
    let read_rows = counts(&[
        ("additional.code.description.period: insert", 1),
        ("additional.code.description: insert", 1),
        ("footnote.association.measure: insert", 283),
        ("footnote.description.period: insert", 1),
        ("footnote.description: insert", 1),
        ("geographical.area.membership: insert", 1),
        ("measure.component: delete, base absent", 2),
        ("measure.component: insert", 656),
        ("measure.component: update", 4),
        ("measure.condition.component: insert", 1367),
        ("measure.condition: insert", 925),
        ("measure.excluded.geographical.area: insert", 27),
        ("measure: delete, base absent", 2),
        ("measure: insert", 766),
        ("measure: update", 1),
        ("measure: update, base absent", 459),
        ("quota.balance.event: insert", 147),
        ("quota.critical.event: insert", 1),
        ("quota.definition: insert", 1),
        ("quota.definition: update, base absent", 1),
        ("quota.exhaustion.event: insert", 1),
    ]);
    assert_eq!(read_rows.values().sum::<u64>(), 4648, "as many records as the file holds");
    let made = counts(&[("fact", 1), ("measure", 1156), ("program", 9), ("quota", 2), ("text", 221)]);
    let left_out = counts(&[
        ("base absent: measure to delete", 2),
        ("base absent: measure.component to delete", 2),
        ("part of its measure.condition: measure.condition.component", 1367),
        ("part of its measure: footnote.association.measure", 283),
        ("part of its measure: measure.component", 656),
        ("part of its measure: measure.condition", 925),
        ("part of its measure: measure.excluded.geographical.area", 27),
        ("part of its quota.definition: quota.balance.event", 1),
        ("part of its quota.definition: quota.critical.event", 1),
    ]);
    let inexpressible = counts(&[
        ("a value for customs valuation or a table by recipe, not charged by itself", 69),
        ("base absent: additional.code.description without its additional.code", 1),
        ("base absent: additional.code.description.period without its additional.code", 1),
        ("base absent: footnote.description without its footnote", 1),
        ("base absent: footnote.description.period without its footnote", 1),
        ("base absent: geographical.area.membership without its geographical.area", 1),
        ("base absent: quota.balance.event without its quota.definition", 146),
        ("base absent: quota.exhaustion.event without its quota.definition", 1),
        ("no duty stands in the transmission", 430),
        ("the duty depends on the entry price", 113),
    ]);
    let expected = Account { read: read_rows, made, left_out, inexpressible, ..Account::default() };
    assert_eq!(account, expected);
    // Every row of the store is a record of its own or a part of one.
    let store: u64 = 4648 - 2 * 2 - 4 - 1;
    let parts: u64 = expected.left_out.iter().filter(|(why, _)| why.starts_with("part")).map(|(_, n)| n).sum();
    assert_eq!(1156 + 2 + 221 + parts, store);
    assert_eq!(edition.files.len(), 1);
    assert_eq!((edition.files[0].name.as_str(), edition.files[0].bytes), ("TGB18241.xml.gz", 94_784));
    every_amount_is_read(&entries);
}

fn measures(entries: &[Entry]) -> impl Iterator<Item = &Measure> {
    entries.iter().filter_map(|entry| if let Entry::Measure(measure) = entry { Some(measure) } else { None })
}

fn measure<'e>(entries: &'e [Entry], sid: &str) -> &'e Measure {
    measures(entries).find(|m| m.official.as_ref().unwrap().id.as_deref() == Some(sid)).unwrap()
}

fn words<T>(written: &Option<Written<T>>) -> Option<&str> {
    match written {
        Some(Written::Words(words)) => Some(words),
        _ => None,
    }
}

/// Every amount and condition is in the language of the economy file; what has none says why.
fn every_amount_is_read(entries: &[Entry]) {
    for measure in measures(entries) {
        let id = measure.official.as_ref().unwrap().id.clone().unwrap();
        if let Some(amount) = words(&measure.amount) {
            grammar::amount(amount).unwrap_or_else(|error| panic!("{id}: {amount}: {error}"));
        }
        if let Some(when) = words(&measure.when) {
            grammar::condition(when).unwrap_or_else(|error| panic!("{id}: {when}: {error}"));
        }
        let charged = measure.kind.is_charged();
        assert_eq!(charged, measure.amount.is_some() || measure.outcome.is_some(), "{id}");
        assert_eq!(measure.outcome.is_some(), measure.says.is_some(), "{id}");
        assert!(!measure.cites.is_empty(), "{id}");
    }
}

/// Values read by eye in the file.
#[test]
fn tgb18241_says_what_the_file_says() {
    let Some(path) = shared("eu-taric/taric3-xml/TGB18241.xml.gz") else { return };
    let (entries, ..) = read(&path, &eu());
    // Records 104 to 109: 9.6 % + 189.625 EUR per 100 kg with U088, of goods of area 1006.
    let meat = measure(&entries, "3663451");
    assert_eq!((meat.code.as_str(), meat.kind), ("02109299", MeasureKind::Preference));
    assert_eq!(words(&meat.amount), Some("9.6 % + 189.625 EUR per 100 kg"));
    assert_eq!(words(&meat.when), Some("document U088"));
    assert_eq!(meat.proof.as_deref(), Some("U088"));
    assert_eq!(
        (meat.origin.as_ref(), meat.program.as_ref()),
        (Some(&Places::One("1006".into())), Some(&Places::One("eu.1006".into())))
    );
    assert_eq!((meat.from, meat.before), (Some(date(2019, 1, 1)), None));
    assert_eq!(meat.official.as_ref().unwrap().footnotes, ["CD727"]);
    // Records 4330, 4331 and 4333: inserted, then updated with another justification.
    let fish = measure(&entries, "3664157");
    assert_eq!((words(&fish.amount), fish.before), (Some("0 %"), Some(date(2020, 1, 1))));
    assert_eq!(fish.official.as_ref().unwrap().other["justification.regulation.id"], "R1816020");
    assert_eq!(fish.origin, Some(Places::One("AL".into())));
    // Record 1: an update alone. Its duty stands in an earlier transmission.
    let sugar = measure(&entries, "3622988");
    assert_eq!((sugar.outcome, sugar.before), (Some(Verdict::Unknown), Some(date(2019, 1, 1))));
    assert!(sugar.says.as_ref().unwrap().contains("earlier transmission"));
    // Deleted in this transmission.
    assert!(measures(&entries).all(|m| m.official.as_ref().unwrap().id.as_deref() != Some("3645852")));
    // Definition 13363 with its balance event and its critical event of 2018-12-13T14:53:16.
    let quota = entries.iter().find_map(|e| if let Entry::Quota(q) = e { Some(q) } else { None }).unwrap();
    assert_eq!((quota.order_number.as_str(), quota.status.as_deref()), ("092671", Some("critical")));
    assert_eq!(
        (quota.volume.unwrap().to_string(), quota.balance.unwrap().to_string()),
        ("12500000".into(), "1137101".into())
    );
    assert_eq!((quota.unit.as_deref(), quota.before), (Some("kg"), Some(date(2019, 1, 1))));
    // A standard import value is no duty, and is kept with its amount.
    let value = entries.iter().find_map(|entry| match entry {
        Entry::Text(text) if text.other.get("measure.type").is_some_and(|kind| kind == "490") => Some(text),
        _ => None,
    });
    let value = value.unwrap();
    assert_eq!(value.kind, TextKind::Other);
    assert!(value.other.contains_key("goods.nomenclature.item.id"));
}

#[test]
fn tgb18243_with_a_full_account() {
    let Some(path) = shared("eu-taric/taric3-xml/TGB18243.xml.gz") else { return };
    let (entries, account, _) = read(&path, &eu());
    assert_eq!(account.read.values().sum::<u64>(), 518);
    assert_eq!(account.refused, 0);
    assert_eq!(
        account.made,
        counts(&[("fact", 1), ("line", 19), ("measure", 18), ("program", 2), ("quota", 28), ("text", 214)])
    );
    assert_eq!(
        account.inexpressible,
        counts(&[
            ("a value for customs valuation or a table by recipe, not charged by itself", 77),
            ("base absent: quota.balance.event without its quota.definition", 132),
            ("base absent: quota.exhaustion.event without its quota.definition", 1),
            ("no duty stands in the transmission", 2),
        ])
    );
    every_amount_is_read(&entries);
    let line = entries.iter().find_map(|entry| match entry {
        Entry::Line(line) if line.code == "0303110020" => Some(line),
        _ => None,
    });
    let line = line.unwrap();
    assert_eq!((line.suffix.as_deref(), line.indent, line.declarable), (Some("80"), Some(3), true));
    assert_eq!(line.description["en"], "Headed and gutted, for processing");
    assert_eq!(line.from, Some(date(2019, 1, 1)));
    assert!(line.note.as_ref().unwrap().starts_with("Came from 0303110000 80."));
    // Suffix 10 is a heading between lines: nothing is declared under it.
    let between = entries.iter().filter_map(|e| if let Entry::Line(line) = e { Some(line) } else { None });
    assert!(between.filter(|line| line.suffix.as_deref() == Some("10")).all(|line| !line.declarable));
}

/// Both files in order make one state; saving it and reading it back gives the same, and so does the edition.
#[test]
fn a_state_is_saved_and_gone_on_from() {
    let Some(first) = shared("eu-taric/taric3-xml/TGB18241.xml.gz") else { return };
    let Some(second) = shared("eu-taric/taric3-xml/TGB18243.xml.gz") else { return };
    let mut store = TaricStore::new(Completeness::Partial);
    let mut account = Account::default();
    store.apply(open(&first), &eu(), &mut account).unwrap();
    let mut bytes = Vec::new();
    store.save(&mut bytes).unwrap();
    let saved = |bytes: &[u8]| Source::new("saved", std::io::Cursor::new(bytes.to_vec()), Limits::default()).unwrap();
    let mut again = TaricStore::load(saved(&bytes)).unwrap();
    assert_eq!(again, store);
    for store in [&mut store, &mut again] {
        store.apply(open(&second), &eu(), &mut account).unwrap();
    }
    assert_eq!(again, store);
    assert!(account.is_clean());
    assert_eq!(store.transmissions().len(), 2);
    let (mut one, mut other) = (Vec::new(), Vec::new());
    let mut account = Account::default();
    let edition = store.entries(Vec::new(), &eu(), &mut one, &mut account).unwrap();
    assert_eq!(edition.format, "taric3");
    import(vec![open(&first), open(&second)], &eu(), &mut other, &mut Account::default()).unwrap();
    assert!(one == other && !one.is_empty());
    // The same file twice is refused, and leaves no trace.
    let mut account = Account::default();
    store.apply(open(&second), &eu(), &mut account).unwrap();
    assert!(!account.is_clean());
    assert_eq!(again, store);
}

/// A store that claims to be complete refuses an incremental transmission without its base.
#[test]
fn an_incremental_transmission_needs_its_base() {
    let Some(path) = shared("eu-taric/taric3-xml/TGB18241.xml.gz") else { return };
    let options = Options { completeness: Completeness::Complete, ..eu() };
    let (entries, account, _) = read(&path, &options);
    // 459 measures and a quota definition to update, 2 measures and 2 components to delete.
    assert_eq!(account.refused, 464);
    assert!(entries.is_empty());
    let said = account.refusals[0].to_string();
    assert_eq!(
        said,
        "TGB18241.xml.gz, row 1, measure: \"3622988\": a record that is there to update; is an earlier transmission \
         missing?; transaction 16361253, record 430 00"
    );
}

// ---- The samples of the UK service

const SAMPLES: &str = "uk-tariff/taric-samples";

fn sample(name: &str, store: &mut TaricStore, reading: Reading) -> Option<Account> {
    let path = shared(&format!("{SAMPLES}/{name}"))?;
    let mut account = Account::default();
    store.apply(open(&path), &Options { reading, ..eu() }, &mut account).unwrap();
    Some(account)
}

#[test]
fn samples_that_are_broken_are_refused_without_a_trace() {
    for (name, said) in [
        (
            "broken_insert_record.xml",
            "broken_insert_record.xml, row 1, update.type: \"nothing\": <update.type> in this place; transaction 13350542",
        ),
        (
            "unknown_record.xml",
            "unknown_record.xml, row 1, update.type: \"99\": text (UpdateType), 1 characters long, one of 1, 2, 3; \
             transaction 13350542, record 280 00",
        ),
    ] {
        for reading in [Reading::Strict, Reading::Tolerant] {
            let mut store = TaricStore::new(Completeness::Complete);
            let Some(account) = sample(name, &mut store, reading) else { return };
            assert_eq!(account.refusals.iter().map(ToString::to_string).collect::<Vec<_>>(), [said]);
            assert_eq!(store, TaricStore::new(Completeness::Complete));
        }
    }
}

#[test]
fn samples_change_the_store_as_their_names_say() {
    let empty = || TaricStore::new(Completeness::Complete);
    let mut store = empty();
    let Some(account) = sample("create_measure.xml", &mut store, Reading::Strict) else { return };
    assert!(account.is_clean());
    let created = store.get("measure", &["3318239"]).unwrap();
    assert_eq!((created.get("measure.type"), created.some("validity.end.date")), ("475", None));

    // This sample has its end date before the regulation, where the schema has it after.
    let account = sample("update_measure.xml", &mut store, Reading::Strict).unwrap();
    let refused: Vec<_> = account.refusals.iter().map(|refusal| refusal.column.as_str()).collect();
    assert_eq!(refused, ["measure.generating.regulation.role", "measure.generating.regulation.id"]);
    let account = sample("update_measure.xml", &mut store, Reading::Tolerant).unwrap();
    assert!(account.is_clean());
    assert_eq!(account.left_out, counts(&[("tolerated: fields in another order than the schema's", 2)]));
    assert_eq!(store.get("measure", &["3318239"]).unwrap().get("validity.end.date"), "2014-08-01");

    let mut store = empty();
    assert!(sample("create_then_destroy_measure.xml", &mut store, Reading::Strict).unwrap().is_clean());
    assert!(store.is_empty());

    let mut store = empty();
    assert!(sample("create_then_destroy_measure_batch_boundary.xml", &mut store, Reading::Strict).unwrap().is_clean());
    assert_eq!(store.len(), 1);
    assert_eq!(store.get("measure", &["4263779"]).unwrap().get("ordernumber"), "090161");

    let mut store = empty();
    assert!(sample("create_then_update_measure.xml", &mut store, Reading::Strict).unwrap().is_clean());
    let updated = store.get("measure", &["4263779"]).unwrap();
    assert_eq!((store.len(), updated.get("validity.start.date")), (1, "2026-07-01"));

    let mut store = empty();
    for (name, left) in [("insert_record.xml", 1), ("update_record.xml", 1), ("delete_record.xml", 0)] {
        assert!(sample(name, &mut store, Reading::Strict).unwrap().is_clean(), "{name}");
        assert_eq!(store.len(), left, "{name}");
    }
    for name in ["update_record.xml", "delete_record.xml"] {
        assert_eq!(sample(name, &mut store, Reading::Strict).unwrap().refused, 1, "{name} without its record");
    }
}

/// This sample has an envelope of number 1 and a message in the wrong namespace.
#[test]
fn the_footnote_sample_is_taken_where_asked_to_be_tolerant() {
    let mut store = TaricStore::new(Completeness::Complete);
    let Some(account) = sample("footnote.xml", &mut store, Reading::Strict) else { return };
    let refused: Vec<_> = account.refusals.iter().map(|refusal| refusal.column.as_str()).collect();
    assert_eq!(refused, ["envelope id", "app.message", "transaction"]);
    assert!(store.is_empty());
    let account = sample("footnote.xml", &mut store, Reading::Tolerant).unwrap();
    assert!(account.is_clean());
    let footnote = store.get("footnote", &["TM", "127"]).unwrap();
    assert_eq!(footnote.get("validity.end.date"), "1995-12-31");
    let mut entries = Vec::new();
    store.entries(Vec::new(), &eu(), &mut entries, &mut Account::default()).unwrap();
    let Some(Entry::Text(text)) = entries.last() else { panic!("{entries:?}") };
    assert_eq!((text.kind, text.code.as_str(), text.before), (TextKind::Footnote, "TM127", Some(date(1996, 1, 1))));
}

// ---- Extracts of the UK, ZIP archives whatever their name says

fn uk() -> Options {
    Options::united_kingdom()
}

#[test]
fn the_footnote_extract() {
    let Some(path) = shared("uk-tariff/cds-samples/footnote.gzip") else { return };
    let (entries, account, edition) = read(&path, &uk());
    assert_eq!(edition.known_from, date(2023, 2, 24));
    assert_eq!(
        account.read,
        counts(&[("footnote: put", 1), ("footnote.description.period: put", 1), ("footnote.description: put", 1),])
    );
    assert_eq!(account.made, counts(&[("fact", 1), ("text", 1)]));
    assert!(account.is_clean() && account.inexpressible.is_empty());
    let Some(Entry::Text(text)) = entries.last() else { panic!("{entries:?}") };
    assert_eq!((text.kind, text.code.as_str(), text.from), (TextKind::Footnote, "DS329", Some(date(2023, 2, 25))));
    assert!(text.says["en"].starts_with("This Suspension o"));
    assert!(text.says["en"].contains("Pigment Red 254 (CAS RN 84632-65-5)"));
}

#[test]
fn an_extract_of_a_day_without_changes() {
    let Some(path) = shared("uk-tariff/cds-samples/tariff_dailyExtract_v1_20201004T235959.gzip") else { return };
    let (entries, account, edition) = read(&path, &uk());
    assert_eq!((entries.len(), edition.known_from), (1, date(2020, 10, 5)));
    assert!(account.is_clean() && account.read.is_empty());
    let Some(Entry::Fact(fact)) = entries.first() else { panic!("{entries:?}") };
    assert_eq!(fact.key, "cds.2020-10-05t20-00-18");
}

#[test]
fn an_extract_of_a_day() {
    let Some(path) = shared("uk-tariff/cds-samples/tariff_dailyExtract_v1_20251006T125959.gzip") else { return };
    let (entries, account, edition) = read(&path, &uk());
    assert_eq!(edition.known_from, date(2025, 3, 28));
    assert!(account.is_clean(), "{:?}", account.refusals);
    assert_eq!(
        account.read,
        counts(&[
            ("base.regulation: put", 1),
            ("geographical.area: put", 1),
            ("goods.nomenclature: put", 1),
            ("goods.nomenclature.description.period: put", 1),
            ("goods.nomenclature.description: put", 1),
            ("goods.nomenclature.indents: put", 1),
            ("goods.nomenclature.origin: put", 1),
            ("measure: put", 1),
            ("quota.definition: put", 1),
        ])
    );
    assert_eq!(
        account.left_out,
        counts(&[
            ("a field that TARIC3 does not have: Measure/regulationRoleType", 1),
            ("base absent: a membership of an area that no extract has named yet", 1),
            ("part of its goods.nomenclature: goods.nomenclature.description", 1),
            ("part of its goods.nomenclature: goods.nomenclature.description.period", 1),
            ("part of its goods.nomenclature: goods.nomenclature.indents", 1),
            ("part of its goods.nomenclature: goods.nomenclature.origin", 1),
        ])
    );
    let vat = measures(&entries).next().unwrap();
    assert_eq!(
        (vat.code.as_str(), vat.kind, vat.additional_code.as_deref()),
        ("8424100010", MeasureKind::Vat, Some("VATZ"))
    );
    assert_eq!((vat.from, vat.before), (Some(date(2024, 9, 25)), Some(date(2025, 3, 26))));
    assert_eq!(vat.official.as_ref().unwrap().id.as_deref(), Some("-1012552090"));
    let quota = entries.iter().find_map(|e| if let Entry::Quota(q) = e { Some(q) } else { None }).unwrap();
    assert_eq!((quota.order_number.as_str(), quota.unit.as_deref()), ("050239", Some("kg")));
    assert_eq!((quota.volume.unwrap().to_string().as_str(), quota.before), ("20000", Some(date(2026, 1, 1))));
    let line = entries.iter().find_map(|e| if let Entry::Line(l) = e { Some(l) } else { None }).unwrap();
    assert_eq!((line.code.as_str(), line.suffix.as_deref(), line.declarable), ("8424100011", Some("10"), false));
    assert_eq!(line.description["en"], "For use in civil aircraft");
}
