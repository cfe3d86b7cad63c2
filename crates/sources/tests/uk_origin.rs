//! UK rules of origin, the real files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use jiff::civil::date;
use std::path::{Path, PathBuf};
use tidewaiter_sources::origin_rules::{Answer, Availability, Book, Cumulation, Span, for_code};
use tidewaiter_sources::{Account, Entry, Limits, Source, uk_origin};

fn folder() -> Option<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/uk-tariff/rules-of-origin"));
    if folder.exists() {
        return Some(folder.to_owned());
    }
    println!("skipped: ../shared is absent");
    None
}

fn import() -> Option<(Vec<Entry>, Account)> {
    let folder = folder()?;
    let mut paths = vec![folder.join("roo_schemes_uk.json"), folder.join("roo_schemes_xi.json")];
    let mut sets: Vec<PathBuf> =
        std::fs::read_dir(folder.join("rule_sets")).unwrap().map(|f| f.unwrap().path()).collect();
    sets.sort();
    paths.extend(sets);
    let sources = paths.iter().map(|path| Source::open(path, Limits::default()).unwrap()).collect();
    let (mut entries, mut account) = (Vec::new(), Account::default());
    uk_origin::import(sources, &uk_origin::Options::new(date(2026, 8, 21)), &mut entries, &mut account).unwrap();
    Some((entries, account))
}

#[test]
fn every_row_is_accounted_for() {
    let Some((entries, account)) = import() else { return };
    assert!(account.is_clean(), "{:?}", account.refusals);
    let read = |kind: &str| account.read.get(kind).copied().unwrap_or_default();
    let made = |kind: &str| account.made.get(kind).copied().unwrap_or_default();
    for (kind, rows) in [
        ("scheme", 84),
        ("scheme.proof", 97),
        ("scheme.proof_code", 15),
        ("scheme.cumulation", 84),
        ("scheme.article", 650),
        ("scheme.link", 159),
        ("scheme.explainer", 29),
        ("scheme.details", 84),
        ("link", 4),
        ("proof_url", 4),
        ("rule_set", 28_535),
        ("rule_set.rule", 41_255),
        ("footnote", 1),
    ] {
        assert_eq!(read(kind), rows, "{kind}");
    }
    assert_eq!(account.read.len(), 13);
    assert_eq!((made("program"), made("origin-rule"), made("text"), made("fact")), (84, 41_255, 1_123, 45));
    assert_eq!(account.left_out.get("an empty link"), Some(&4));
    assert_eq!(account.left_out.get("a heading: it stands in each of its rules"), Some(&28_535));
    // Facts are ours; all else comes from a row.
    let rows: u64 = account.read.values().sum();
    let records: u64 = account.made.values().sum();
    let left: u64 = account.left_out.values().sum();
    assert_eq!(rows, records - made("fact") + left + account.refused);
    assert_eq!(entries.len() as u64, records);
}

#[test]
fn the_share_of_rules_that_is_read_is_known() {
    let Some((entries, account)) = import() else { return };
    let rules = entries.iter().filter_map(|entry| match entry {
        Entry::OriginRule(rule) => Some(rule),
        _ => None,
    });
    let read = rules.clone().filter(|rule| rule.other.contains_key("reading")).count() as u64;
    assert_eq!(account.inexpressible.get(uk_origin::TEXT_ONLY).copied(), Some(41_255 - read));
    // 63.7 % in all.
    assert_eq!(read, 26_279);
    let dated = rules.filter(|rule| rule.from.is_some() || rule.before.is_some()).count();
    // 14 of Japan, 5 of the European Union, 3 of Turkey.
    assert_eq!(dated, 22);
}

#[test]
fn records_cite_facts_and_parse_back() {
    let Some((entries, _)) = import() else { return };
    let mut facts = std::collections::BTreeSet::new();
    for entry in &entries {
        let cites = match entry {
            Entry::Fact(fact) => {
                assert!(facts.insert(fact.key.as_str()), "{}", fact.key);
                continue;
            }
            Entry::Program(program) => &program.cites,
            Entry::OriginRule(rule) => {
                assert_eq!(rule.codes.len(), 1);
                assert!(Span::parse(&rule.codes[0]).is_some(), "{:?}", rule.codes);
                &rule.cites
            }
            _ => continue,
        };
        assert!(!cites.is_empty() && cites.iter().all(|cite| facts.contains(cite.as_str())), "{cites:?}");
    }
    for entry in entries.iter().step_by(97) {
        let line = serde_json::to_string(entry).unwrap();
        assert_eq!(&serde_json::from_str::<Entry>(&line).unwrap(), entry);
    }
}

/// Read by eye in the official files: scheme, code, and of each rule in order: heading, "ex", codes, first words, reading.
#[test]
fn rules_are_found_for_a_code() {
    let Some((entries, _)) = import() else { return };
    let book = Book::new(&entries);
    type Row = (&'static str, bool, &'static str, &'static str, &'static str);
    let cases: [(&str, &str, &[Row]); 24] = [
        (
            "gb.eu",
            "8517130000",
            &[
                ("8508-8518", false, "8508-8518", "<abbr title='Change of tariff heading'>CTH</abbr>: All", "CTH"),
                ("8508-8518", false, "8508-8518", "A maximum of **50%** of the ex-works price", "MaxNOM 50 %"),
            ],
        ),
        (
            "gb.eu",
            "6109100010",
            &[
                ("6101-6117", false, "6101-6117", "Knitting or crocheting combined with making-up", ""),
                ("6101-6117", false, "6101-6117", "Spinning of natural or man-made staple fibres combined", ""),
                ("6101-6117", false, "6101-6117", "Extrusion of man-made filament yarn combined", ""),
                ("6101-6117", false, "6101-6117", "Knitting and making-up in one operation.", ""),
            ],
        ),
        ("gb.eu", "0901210000", &[("0901-0910", false, "0901-0910", "Production from non-originating", "any heading")]),
        (
            "gb.eu",
            "2905500000",
            &[
                ("290549-2942", false, "290549-294299", "<abbr title='Change of tariff subheading'>CTSH", "CTSH"),
                ("290549-2942", false, "290549-294299", "A chemical reaction, purification", ""),
                ("290549-2942", false, "290549-294299", "A maximum of **50%**", "MaxNOM 50 %"),
            ],
        ),
        (
            "gb.south-korea",
            "8703231910",
            &[("8701 to 8707", false, "8701-8707", "Manufacture in which the value", "MaxNOM 45 %")],
        ),
        (
            "gb.south-korea",
            "6109100010",
            &[
                ("Chapter 61", false, "61", "Spinning of natural and&nbsp;/&nbsp;or man-made staple fibres", ""),
                ("Chapter 61", false, "61", "Knitting and making up including cutting", ""),
            ],
        ),
        (
            "gb.india",
            "6109100010",
            &[("Chapter 61", false, "61", "<abbr title='Change of tariff heading'>CTH</abbr>", "CTH and QVC standard")],
        ),
        (
            "gb.india",
            "0901210000",
            &[
                ("090121", false, "090121", "<abbr title='Change of tariff subheading'>CTSH", "CTSH"),
                ("ex Chapter 9", true, "0901", "All goods must be wholly obtained.", "WO"),
            ],
        ),
        ("gb.india", "1006300000", &[("Chapter 10", false, "10", "All goods must be wholly obtained.", "WO")]),
        (
            "gb.dcts-ldcs",
            "6109100010",
            &[
                ("6101 to 6117", false, "6101-6117", "Manufacture from fabric.", ""),
                ("6101 to 6117", false, "6101-6117", "<abbr title='Change of tariff chapter'>CC</abbr>", "CC"),
                (
                    "6101 to 6117",
                    false,
                    "6101-6117",
                    "The maximum value of non-originating",
                    "MaxNOM 75 % (of a value not stated)",
                ),
                ("6101 to 6117", false, "6101-6117", "Spinning of natural or man-made staple fibres or", ""),
                ("6101 to 6117", false, "6101-6117", "Dyeing of yarn of natural fibres", ""),
            ],
        ),
        (
            "gb.dcts-ldcs",
            "0303110000",
            &[("Chapter 3", false, "03", "<abbr title='Change of tariff chapter'>CC</abbr>", "CC")],
        ),
        (
            "gb.dcts-general-enhanced",
            "7106100000",
            &[
                (
                    "7106",
                    false,
                    "7106",
                    "Manufacture from materials of any heading, except those",
                    "any heading except 7106 7108 7110",
                ),
                ("7106", false, "7106", "Electrolytic, thermal or chemical separation", ""),
                ("7106", false, "7106", "Fusion or alloying of precious metals", ""),
            ],
        ),
        (
            "gb.japan",
            "2905399500",
            &[
                ("290110-290542", false, "290110-290542", "<abbr title='Change of tariff subheading'>CTSH", "CTSH"),
                ("290110-290542", false, "290110-290542", "A chemical reaction, purification", ""),
                ("290110-290542", false, "290110-290542", "A maximum of **50%**", "MaxNOM 50 %"),
                (
                    "290110-290542",
                    false,
                    "290110-290542",
                    "Your goods contain a Regional Value Content",
                    "RVC 55 % (of the FOB value)",
                ),
            ],
        ),
        (
            "gb.japan",
            "8703231910",
            &[
                ("8703", false, "8703", "A maximum of **55%**", "MaxNOM 55 %"),
                (
                    "8703",
                    false,
                    "8703",
                    "Your goods contain a Regional Value Content (RVC) of at least **50%**",
                    "RVC 50 % (of the FOB value)",
                ),
                ("8703", false, "8703", "A maximum of **50%**", "MaxNOM 50 %"),
                (
                    "8703",
                    false,
                    "8703",
                    "Your goods contain a Regional Value Content (RVC) of at least **55%**",
                    "RVC 55 % (of the FOB value)",
                ),
                ("8703", false, "8703", "A maximum of **45%**", "MaxNOM 45 %"),
                (
                    "8703",
                    false,
                    "8703",
                    "Your goods contain a Regional Value Content (RVC) of at least **60%**",
                    "RVC 60 % (of the FOB value)",
                ),
                ("8702-8705", false, "8702-8705", "A maximum of **45%**", "MaxNOM 45 %"),
                (
                    "8702-8705",
                    false,
                    "8702-8705",
                    "Your goods contain a Regional Value Content (RVC) of at least **60%**",
                    "RVC 60 % (of the FOB value)",
                ),
            ],
        ),
        (
            "gb.canada",
            "1806201000",
            &[
                ("ex 180620", true, "180620-180629", "A change from within this subheading or any other", ""),
                ("ex 180620", true, "180620-180629", "A change from any other heading, provided that", ""),
            ],
        ),
        (
            "gb.andean",
            "6108220000",
            &[
                ("610822", false, "610822", "Manufacture from nylon yarn or elastomeric yarns", ""),
                ("Chapter 61", false, "6108", "Manufacture from yarn.", ""),
                ("Chapter 61", false, "6108", "Manufacture from:\n\n- natural fibres", ""),
            ],
        ),
        (
            "gb.turkey",
            "9403600000",
            &[
                ("9401-9406", false, "9401-9406", "<abbr title='Change of tariff heading'>CTH", "CTH"),
                ("9401-9406", false, "9401-9406", "A maximum of **50%**", "MaxNOM 50 %"),
            ],
        ),
        (
            "gb.cptpp",
            "2203000000",
            &[("2203", false, "2203", "A change to a good of [heading&nbsp;2203](/headings/2203) from any", "")],
        ),
        ("gb.kenya", "0302890000", &[("Ex Chapter 3", true, "0301-0303", "All fish and crustaceans, molluscs", "")]),
        (
            "gb.new-zealand",
            "2824100000",
            &[
                ("28", false, "28", "<abbr title='Change of tariff subheading'>CTSH", "CTSH"),
                ("28", false, "28", "The good has a Regional Value Content", "RVC 40 % (build-up or build-down)"),
                ("28", false, "28", "Process Rule.", ""),
            ],
        ),
        (
            "gb.switzerland-liechtenstein",
            "9114900000",
            &[("Chapter 91", false, "91", "Manufacture in which the value", "MaxNOM 40 %")],
        ),
        (
            "gb.albania",
            "9114900000",
            &[("ex Chapter 91", true, "9114", "Manufacture in which the value", "MaxNOM 40 %")],
        ),
        (
            "gb.mexico",
            "0910110000",
            &[
                ("Chapter 9", false, "0910", "Manufacture in which all the materials of [chapter&nbsp;9]", "WO of 09"),
                ("ex 0910", true, "0910", "Manufacture from materials of any heading.", "any heading"),
            ],
        ),
        (
            "gb.ukraine",
            "1704900000",
            &[("1704", false, "1704", "Manufacture:\n\n- from materials of any", "CTH and MaxNOM 30 % of 17")],
        ),
    ];
    for (scheme, code, expected) in cases {
        let found = book.rules(scheme, code);
        let same = for_code(&entries, scheme, code);
        assert!(found.iter().map(|found| found.rule).eq(same), "{scheme} {code}");
        let rows: Vec<_> = found
            .iter()
            .map(|f| {
                let reading = f.rule.other.get("reading").map(String::as_str).unwrap_or_default();
                (f.rule.heading.as_deref().unwrap(), f.partial, f.rule.codes[0].as_str(), f.rule.says.as_str(), reading)
            })
            .collect();
        assert_eq!(rows.len(), expected.len(), "{scheme} {code}: {rows:#?}");
        for (row, (heading, partial, codes, start, reading)) in rows.iter().zip(expected) {
            assert_eq!((row.0, row.1, row.2, row.4), (*heading, *partial, *codes, *reading), "{scheme} {code}");
            assert!(row.3.starts_with(start), "{scheme} {code}: {}", row.3);
        }
    }
}

fn keys(answers: &[Answer]) -> Vec<&str> {
    answers.iter().map(|answer| answer.scheme.as_str()).collect()
}

#[test]
fn korea_to_great_britain() {
    let Some((entries, _)) = import() else { return };
    let answers = Book::new(&entries).answers("GB", "KR", "8703231910", date(2026, 8, 21));
    assert_eq!(keys(&answers), ["gb.south-korea"]);
    let answer = &answers[0];
    assert_eq!(answer.name, "UK-South Korea Trade Agreement");
    assert_eq!(answer.availability, Availability::Available);
    assert_eq!(answer.from, Some(date(2021, 1, 1)));
    assert_eq!(answer.proofs.len(), 1);
    assert_eq!(answer.proofs[0].name, "Origin declaration");
    assert_eq!(answer.proofs[0].class, "origin-declaration");
    assert_eq!(
        answer.proofs[0].url.as_deref(),
        Some("https://www.gov.uk/guidance/get-proof-of-origin-for-your-goods#origin-declaration")
    );
    assert_eq!(answer.rules.len(), 1);
    assert_eq!(
        answer.rules[0].says,
        "Manufacture in which the value of all the materials used does not exceed **45%** of the ex-works price of the product."
    );
    assert_eq!(answer.rules[0].classes, ["MAXNOM"]);
    assert_eq!(
        answer.cumulation,
        [
            Cumulation { method: "bilateral".into(), places: vec!["GB".into(), "KR".into()] },
            Cumulation { method: "diagonal".into(), places: vec!["EU".into(), "AD".into(), "SM".into()] },
        ]
    );
    // The list names no article on tolerances for this agreement: none is made up.
    assert_eq!(answer.de_minimis, None);
    assert_eq!(answer.missing, ["No article on tolerances is named for this scheme."]);
    assert_eq!(answer.cites, ["gb.origin.schemes"]);
    assert_eq!(answer.rules[0].cites, ["gb.origin.rules.south-korea"]);
    let json = serde_json::to_string(&answers).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Answer>>(&json).unwrap(), answers);
}

#[test]
fn the_european_union_to_great_britain() {
    let Some((entries, _)) = import() else { return };
    let book = Book::new(&entries);
    for origin in ["FR", "EU", "IE", "SM"] {
        let answers = book.answers("GB", origin, "8517130000", date(2026, 8, 21));
        assert_eq!(keys(&answers), ["gb.eu"], "{origin}");
        let answer = &answers[0];
        let proofs: Vec<_> = answer.proofs.iter().map(|proof| proof.name.as_str()).collect();
        assert_eq!(proofs, ["Statement on origin", "Importer's knowledge"]);
        assert_eq!(
            answer.rules.iter().map(|rule| rule.reading.as_deref()).collect::<Vec<_>>(),
            [Some("CTH"), Some("MaxNOM 50 %")]
        );
        assert_eq!(answer.rules[1].joined.as_deref(), Some("or"));
        assert!(answer.de_minimis.as_deref().unwrap().starts_with(
            "Stated in article 6 of: Origin Reference Document implementing the Trade and Cooperation Agreement"
        ));
    }
    assert!(book.answers("GB", "FR", "8517130000", date(2020, 12, 31)).is_empty());
    // The rules for batteries and their vehicles of 2021 to 2023 are over.
    let dated = |day| book.answers("GB", "DE", "8507600000", day)[0].rules.len();
    assert!(dated(date(2023, 12, 31)) > dated(date(2024, 1, 1)));
}

#[test]
fn india_to_great_britain_before_and_after_the_agreement() {
    let Some((entries, _)) = import() else { return };
    let book = Book::new(&entries);
    let on = |day| book.answers("GB", "IN", "6109100010", day);
    assert_eq!(keys(&on(date(2023, 6, 18))), ["gb.gsp"]);
    assert_eq!(keys(&on(date(2023, 6, 19))), ["gb.dcts-general-enhanced"]);
    assert_eq!(keys(&on(date(2026, 7, 14))), ["gb.dcts-general-enhanced"]);
    let answers = on(date(2026, 7, 15));
    assert_eq!(keys(&answers), ["gb.dcts-general-enhanced", "gb.india"]);
    let india = &answers[1];
    let proofs: Vec<_> =
        india.proofs.iter().map(|proof| (proof.class.as_str(), proof.name.get(..21).unwrap())).collect();
    assert_eq!(
        proofs,
        [
            ("origin-declaration", "Origin declaration - "),
            ("certificate-of-origin", "Certificate of origin"),
            ("importers-knowledge", "importer’s knowledge".get(..21).unwrap()),
        ]
    );
    assert!(india.declarations[0].says.contains("N954 – Certification of Origin"));
    assert_eq!(india.declarations[0].element, "DE 2/3");
    assert_eq!(india.rules[0].reading.as_deref(), Some("CTH and QVC standard"));
    assert_eq!(india.cumulation, [Cumulation { method: "bilateral".into(), places: vec!["GB".into(), "IN".into()] }]);
    assert_eq!(india.de_minimis, None);
}

#[test]
fn bangladesh_to_great_britain() {
    let Some((entries, _)) = import() else { return };
    let answers = Book::new(&entries).answers("GB", "BD", "6109100010", date(2026, 8, 21));
    assert_eq!(keys(&answers), ["gb.dcts-ldcs"]);
    let answer = &answers[0];
    assert_eq!(answer.proofs[0].name, "Generalised Scheme of Preferences Form A");
    assert_eq!(answer.proofs[1].name, "Origin declaration");
    assert_eq!(answer.rules.len(), 5);
    assert_eq!(answer.rules[0].says, "Manufacture from fabric.");
    assert!(answer.rules[0].goods.as_deref().unwrap().starts_with("Obtained by together or otherwise assembling"));
    assert!(answer.declarations[0].says.contains("**9001** (origin declaration)"));
    assert_eq!(answer.cumulation[1].places, ["EU", "AD", "SM", "NO", "IS", "CH", "LI"]);
    assert_eq!(
        answer.de_minimis.as_deref(),
        Some(
            "Stated in article 5 of: The Customs (Origin of Chargeable Goods: Developing Countries Trading Scheme) Regulations 2023"
        )
    );
}

#[test]
fn japan_to_northern_ireland_says_what_is_missing() {
    let Some((entries, _)) = import() else { return };
    let book = Book::new(&entries);
    let answers = book.answers("XI", "JP", "8703231910", date(2026, 8, 21));
    assert_eq!(keys(&answers), ["xi.japan"]);
    let answer = &answers[0];
    assert_eq!(answer.name, "EU-Japan Economic Partnership Agreement");
    assert_eq!(answer.availability, Availability::Undated);
    assert!(answer.proofs.is_empty() && answer.rules.is_empty() && answer.cumulation.is_empty());
    assert_eq!(answer.missing.len(), 4, "{:?}", answer.missing);
    assert_eq!(keys(&book.answers("XI", "RS", "0901", date(2026, 1, 1))), ["xi.serbia"]);
    assert!(book.answers("XI", "US", "0901", date(2026, 1, 1)).is_empty());
}

#[test]
fn a_rule_of_a_period_answers_in_it_only() {
    let Some((entries, _)) = import() else { return };
    let book = Book::new(&entries);
    let readings = |day| {
        let answers = book.answers("GB", "JP", "8703231910", day);
        let japan = answers.into_iter().find(|answer| answer.scheme == "gb.japan").unwrap();
        japan
            .rules
            .into_iter()
            .filter(|rule| rule.heading == "8703")
            .map(|rule| rule.reading.unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(readings(date(2022, 12, 31)), ["MaxNOM 55 %", "RVC 50 % (of the FOB value)"]);
    assert_eq!(readings(date(2023, 1, 1)), ["MaxNOM 50 %", "RVC 55 % (of the FOB value)"]);
    assert_eq!(readings(date(2026, 1, 1)), ["MaxNOM 45 %", "RVC 60 % (of the FOB value)"]);
}

#[test]
fn mexico_has_rules_for_exports_only_within_a_quota() {
    let Some((entries, _)) = import() else { return };
    let answers = Book::new(&entries).answers("GB", "MX", "5208110000", date(2026, 8, 21));
    let flagged: Vec<_> = answers[0].rules.iter().filter(|rule| rule.export_only).collect();
    assert_eq!(flagged.len(), 1);
    assert!(flagged[0].quota && flagged[0].says.starts_with("Printing accompanied by at least two"));
}

#[test]
fn australia_has_no_rule_set_and_the_answer_says_so() {
    let Some((entries, _)) = import() else { return };
    let answers = Book::new(&entries).answers("GB", "AU", "2204210000", date(2026, 8, 21));
    assert_eq!(keys(&answers), ["gb.australia", "gb.cptpp"]);
    assert!(answers[0].missing.contains(&"No product rules of this scheme were read.".to_owned()));
    assert_eq!(answers[0].declarations.len(), 3);
}

#[test]
fn programmes_of_the_uk_tariff_meet_the_schemes() {
    use tidewaiter_sources::origin_rules::Goods;
    let Some((entries, _)) = import() else { return };
    let book = Book::new(&entries);
    // What the tariff's areas stand for: 2051 the Pacific partnership, 1060 to 1062 the developing countries scheme, 1013 the
    // European Union, 1034 Eastern and Southern Africa, 2200 Central America, 2080 overseas territories; XS is Serbia.
    for (to, program, origin, scheme) in [
        ("GB", "gb.KR", "KR", "gb.south-korea"),
        ("GB", "gb.VN", "VN", "gb.vietnam"),
        ("GB", "gb.2051", "VN", "gb.cptpp"),
        ("GB", "gb.AU", "AU", "gb.australia"),
        ("GB", "gb.1060", "IN", "gb.dcts-general-enhanced"),
        ("GB", "gb.1062", "BD", "gb.dcts-ldcs"),
        ("GB", "gb.1013", "FR", "gb.eu"),
        ("GB", "gb.1034", "MU", "gb.esa"),
        ("GB", "gb.2200", "PA", "gb.central-america"),
        ("GB", "gb.2080", "BM", "gb.oct"),
        ("GB", "gb.KE", "KE", "gb.kenya"),
        ("GB", "gb.XS", "RS", "gb.serbia"),
        ("XI", "xi.KR", "KR", "xi.south-korea"),
    ] {
        let goods = Goods { to, code: "6109.10", origin, date: date(2026, 11, 22) };
        let found: Vec<&str> = book.schemes_of(goods, program).iter().map(|(p, _)| p.key.as_str()).collect();
        assert_eq!(found, [scheme], "{program} {origin}");
    }
    let goods = Goods { to: "GB", code: "6109.10", origin: "KR", date: date(2026, 11, 22) };
    let found = book.of_goods(goods, &[("gb.KR", false)]);
    assert_eq!(found.len(), 1, "no law of the United Kingdom stands apart");
    assert_eq!(found[0].proofs, ["Origin declaration"]);
    assert!(
        !found[0].rules.is_empty() && found[0].rules.iter().all(|rule| !rule.says.is_empty() && !rule.cites.is_empty())
    );
    let facts: Vec<String> = book.facts_of(&found).into_iter().map(|fact| fact.key).collect();
    assert_eq!(facts, ["gb.origin.schemes", "gb.origin.rules.south-korea"]);
}
