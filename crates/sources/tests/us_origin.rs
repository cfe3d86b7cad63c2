//! US rules of origin, the real files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::path::Path;
use tidewaiter_sources::{Account, Entry, Limits, Source, us_origin};

fn import() -> Option<(Vec<Entry>, Account)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/us-origin-rules"));
    if !folder.exists() {
        println!("skipped: ../shared is absent");
        return None;
    }
    let sources = [
        "102.20-2026-08-26.json.gz",
        "102.21-2026-08-26.json.gz",
        "cbp-dec-22-25-102-20.json",
        "cbp-dec-22-25.json",
        "134-2026-08-26.json",
        "323-2026-08-26.json",
        "terms-graph-2026-08-26.json",
    ]
    .map(|name| Source::open(&folder.join(name), Limits::default()).unwrap());
    let (mut entries, mut account) = (Vec::new(), Account::default());
    us_origin::import(sources.into(), &mut entries, &mut account).unwrap();
    Some((entries, account))
}

#[test]
fn every_row_is_accounted_for() {
    let Some((entries, account)) = import() else { return };
    assert!(account.is_clean(), "{:?}", account.refusals);
    let all =
        |map: &std::collections::BTreeMap<String, u64>| map.iter().map(|(k, n)| (k.clone(), *n)).collect::<Vec<_>>();
    let expect = |rows: &[(&str, u64)]| rows.iter().map(|(k, n)| ((*k).to_owned(), *n)).collect::<Vec<_>>();
    assert_eq!(
        all(&account.read),
        expect(&[
            ("anomaly", 4),
            ("covers", 1),
            ("edge", 155),
            ("note", 1),
            ("rule", 1_136),             // 1,032 and 101, and 2 and 1 of the overlays
            ("rule.alternative", 1_650), // 1,464 and 176, and 8 and 2
            ("section", 39),             // 33 and 6
            ("term", 15),                // 12 and 3
            ("use", 212),                // 198 and 14
        ])
    );
    assert_eq!(all(&account.made), expect(&[("fact", 6), ("origin-rule", 1_650), ("text", 1_204)]));
    assert_eq!(
        all(&account.left_out),
        expect(&[
            ("a term that its own part defines", 147),
            ("a use of a term: the words stand in their section", 212),
        ])
    );
    // 75.2 % of the ways to meet a rule are read whole.
    assert_eq!(all(&account.inexpressible), expect(&[(us_origin::TEXT_ONLY, 1_650 - 1_241)]));
    let rows: u64 = account.read.values().sum();
    let records: u64 = account.made.values().sum();
    let left: u64 = account.left_out.values().sum();
    assert_eq!(rows, records - 6 + left);
    assert_eq!(entries.len() as u64, records);
    let facts: Vec<_> =
        entries.iter().filter_map(|e| if let Entry::Fact(f) = e { Some(f.key.as_str()) } else { None }).collect();
    assert_eq!(facts, ["us.102.20", "us.102.21", "us.cbp-dec-22-25-102-20", "us.cbp-dec-22-25", "us.134", "us.323"]);
}

/// Read by eye: code, and of each rule in order: entry, first words, classes, reading.
#[test]
fn rules_are_found_for_a_code() {
    let Some((entries, _)) = import() else { return };
    type Row = (&'static str, &'static str, &'static str, &'static str);
    let cases: [(&str, &[Row]); 9] = [
        (
            "0901.21.00.10",
            &[(
                "0901.21-0901.22",
                "A change to subheading 0901.21 through 0901.22 from any subheading",
                "CTSH",
                "CTSH from outside the group",
            )],
        ),
        (
            "6109.10.00.12",
            &[
                ("6101-6117", "(1) If the good is not knit to shape and consists of two or more", "", ""),
                ("6101-6117", "(2) If the good is not knit to shape and does not consist", "CTH", ""),
                ("6101-6117", "(3) If the good is knit to shape", "CTH", ""),
            ],
        ),
        (
            "6204.62",
            &[
                ("6201-6208", "(1) If the good consists of two or more component parts", "", ""),
                ("6201-6208", "(2) If the good does not consist of two or more component parts", "CTH", ""),
            ],
        ),
        (
            "6403.99",
            &[(
                "6401-6405",
                "A change to heading 6401 through 6405 from any other heading outside that group",
                "CTH",
                "CTH from outside the group except formed uppers",
            )],
        ),
        (
            "4202.12.40",
            &[
                (
                    "4202.12.40-4202.12.89",
                    "A change to subheading 4202.12.40 through 4202.12.89 from any other heading",
                    "CTH",
                    "CTH, provided that the change is the result of the good being wholly assembled in a single country, territory, or insular possession",
                ),
                (
                    "4202.12-4202.22",
                    "A change to subheading 4202.12 through 4202.22 from any other heading",
                    "CTH",
                    "CTH, provided that the change does not result from the assembly of foreign cut components",
                ),
            ],
        ),
        (
            "3304.99",
            &[(
                "3304.10-3306.10",
                "A change to subheading 3304.10 through 3306.10 from any other subheading",
                "CTSH",
                "CTSH",
            )],
        ),
        (
            "7113.11",
            &[(
                "7113.11-7115.90",
                "A change to subheading 7113.11 through 7115.90 from any other subheading",
                "CTSH",
                "CTSH",
            )],
        ),
        (
            "0304.62",
            &[
                ("0304", "A change to heading 0304 from any other chapter; or", "CC", "CC"),
                ("0304", "A change to fillets of heading 0304 from any other heading.", "CTH", "CTH"),
            ],
        ),
        (
            "2707.50",
            &[
                (
                    "2707.10-2707.99",
                    "A change to subheading 2707.10 through 2707.99 from any other heading",
                    "CTH",
                    "CTH",
                ),
                (
                    "2707.10-2707.99",
                    "A change to subheading 2707.10 through 2707.99 from any other subheading",
                    "CTSH",
                    "*",
                ),
                ("2707.10-2707.99", "A change to phenols of subheading 2707.99", "CTSH", "*"),
                ("2707.10-2707.99", "A change to any other good of subheading 2707.99", "CTSH", "*"),
            ],
        ),
    ];
    for (code, expected) in cases {
        let rules = us_origin::for_code(&entries, code);
        assert_eq!(rules.len(), expected.len(), "{code}: {rules:#?}");
        for (rule, (heading, start, classes, reading)) in rules.iter().zip(expected) {
            assert_eq!(rule.heading.as_deref(), Some(*heading), "{code}");
            assert!(rule.says.starts_with(start), "{code}: {}", rule.says);
            assert_eq!(rule.classes.join(" "), *classes, "{code}: {}", rule.says);
            if *reading != "*" {
                assert_eq!(rule.other.get("reading").map(String::as_str).unwrap_or_default(), *reading, "{code}");
            }
        }
    }
    assert!(us_origin::for_code(&entries, "x").is_empty());
}

#[test]
fn a_key_that_runs_backwards_is_for_the_codes_of_its_text() {
    let Some((entries, _)) = import() else { return };
    let rules: Vec<_> =
        us_origin::for_code(&entries, "4421.99").into_iter().map(|rule| rule.heading.as_deref().unwrap()).collect();
    assert_eq!(rules.iter().filter(|heading| **heading == "4441-4421").count(), 1);
    assert_eq!(rules.iter().filter(|heading| **heading == "4413-4421").count(), 3);
    let anomalies =
        entries.iter().filter(|e| matches!(e, Entry::OriginRule(rule) if rule.other.contains_key("anomaly"))).count();
    assert_eq!(anomalies, 3);
}

#[test]
fn records_parse_back() {
    let Some((entries, _)) = import() else { return };
    for entry in entries.iter().step_by(7) {
        let line = serde_json::to_string(entry).unwrap();
        assert_eq!(&serde_json::from_str::<Entry>(&line).unwrap(), entry);
    }
}

#[test]
fn laws_of_origin_stand_beside_a_preference_whose_rules_are_not_in_them() {
    use tidewaiter_sources::origin_rules::{Book, Goods};
    let Some((entries, _)) = import() else { return };
    let book = Book::new(&entries);
    let goods = Goods { to: "US", code: "6109.10.00", origin: "KR", date: jiff::civil::date(2026, 11, 22) };
    let found = book.of_goods(goods, &[("KR", false)]);
    let [agreement, textiles] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((agreement.program.as_deref(), agreement.scheme.as_deref()), (Some("KR"), None));
    assert!(agreement.missing[0].contains("not in the files given"));
    assert_eq!((textiles.program.as_deref(), textiles.scheme.as_deref()), (None, Some("us.102.21")));
    assert!(textiles.applies.as_deref().unwrap().starts_with("Controls the country of origin of imported textile"));
    assert_eq!(textiles.rules.len(), 3);
    assert_eq!(book.facts_of(&found)[0].key, "us.102.21");
}
