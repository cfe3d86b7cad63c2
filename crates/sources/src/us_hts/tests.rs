//! The importer on small exports.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says so")]

use super::*;
use jiff::civil::date;
use tidewaiter::record::edition::Line;
use tidewaiter::record::{Measure, MeasureKind, Places, Written};

fn options() -> Options {
    let dates = [("hts_2025_basic", date(2025, 1, 1)), ("hts_2025_rev_17", date(2025, 7, 1))];
    Options { dates: dates.into_iter().map(|(name, date)| (name.to_owned(), date)).collect() }
}

fn source(name: &str, text: &str) -> Source {
    Source::new(name, std::io::Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap()
}

fn row(htsno: &str, indent: u8, rates: [&str; 3], rest: &str) -> String {
    let superior = if htsno.is_empty() { "\"true\"" } else { "null" };
    let [general, special, other] = rates;
    format!(
        r#"{{"htsno":"{htsno}","indent":"{indent}","description":"of {htsno}","superior":{superior},"units":["kg"],"general":"{general}","special":"{special}","other":"{other}","footnotes":[],"quotaQuantity":null,"additionalDuties":null,"addiitionalDuties":null{rest}}}"#
    )
}

fn read(files: &[(&str, &[String])]) -> (Vec<Entry>, Account, Edition) {
    let sources = files.iter().map(|(name, rows)| source(name, &format!("[{}]", rows.join(",")))).collect();
    let (mut out, mut account) = (Vec::new(), Account::default());
    let head = import(sources, &options(), &mut out, &mut account).unwrap();
    (out, account, head)
}

fn measures(entries: &[Entry]) -> Vec<&Measure> {
    entries.iter().filter_map(|entry| if let Entry::Measure(measure) = entry { Some(measure) } else { None }).collect()
}

fn lines(entries: &[Entry]) -> Vec<&Line> {
    entries.iter().filter_map(|entry| if let Entry::Line(line) = entry { Some(line) } else { None }).collect()
}

#[test]
fn two_revisions_make_one_history() {
    let first = [
        row("0101", 0, [""; 3], ""),
        row("", 1, [""; 3], ""),
        row("0101.21.00", 2, ["5%", "Free (A+,AU) 2.5% (JP)", "33 1/3%"], ""),
        row("0101.21.00.10", 3, [""; 3], ""),
        row("0101.30.00.00", 1, ["6.8% ", "", "15%"], ""),
    ];
    let mut second = first.clone();
    second[2] = row("0101.21.00", 2, ["5 %", "Free (AU, A+) 2% (JP)", "33 1/3%"], "");
    let (entries, account, head) = read(&[("hts_2025_rev_17.json", &second), ("hts_2025_basic.json", &first)]);
    assert!(account.is_clean(), "{:?}", account.refusals);
    assert_eq!(
        (account.read["row"], account.made["line"], account.left_out["the same line as in the revision before"]),
        (10, 5, 5)
    );
    assert_eq!(
        head.title,
        "Harmonized Tariff Schedule of the United States: HTS 2025, basic edition to HTS 2025, revision 17"
    );
    assert_eq!(head.files.len(), 2);
    assert_eq!(head.files[0].name, "hts_2025_basic.json");
    let (old, new) = (date(2025, 1, 1), date(2025, 7, 1));
    let said: Vec<_> = measures(&entries)
        .iter()
        .map(|m| {
            let Some(Written::Words(amount)) = &m.amount else { panic!("{m:?}") };
            (m.code.as_str(), m.kind, amount.as_str(), m.from.unwrap(), m.before)
        })
        .collect();
    assert_eq!(
        said,
        [
            ("01012100", MeasureKind::ThirdCountry, "5 %", old, None),
            ("01012100", MeasureKind::Preference, "0 %", old, None),
            ("01012100", MeasureKind::Preference, "2.5 %", old, Some(new)),
            ("01012100", MeasureKind::Preference, "2 %", new, None),
            ("01012100", MeasureKind::ThirdCountry, "33.333333333333 %", old, None),
            ("01013000", MeasureKind::ThirdCountry, "6.8 %", old, None),
            ("01013000", MeasureKind::ThirdCountry, "15 %", old, None),
        ]
    );
    assert_eq!(measures(&entries)[1].program, Some(Places::Many(vec!["A-plus".into(), "AU".into()])));
    assert_eq!(measures(&entries)[4].origin, Some(Places::One("us.column2".into())));
    let lines = lines(&entries);
    let shape: Vec<_> =
        lines.iter().map(|line| (line.code.as_str(), line.suffix.as_deref(), line.declarable)).collect();
    assert_eq!(
        shape,
        [
            ("0101", None, false),
            ("01012100", None, false),
            ("01012100", Some("above-1"), false),
            ("0101210010", None, true),
            ("0101300000", None, true),
        ]
    );
    for (day, jp) in [(old, "2.5 %"), (new, "2 %")] {
        let special = &rebuild(&entries, day)["01012100"].special;
        assert_eq!(special[1], (Value::Amount(jp.into()), vec!["JP"]));
    }
}

#[test]
fn a_line_that_goes_and_comes_back_has_two_times() {
    let line = [row("0101.30.00", 1, ["Free", "", "15%"], "")];
    let (entries, account, _) = read(&[("hts_2025_basic.json", &line), ("hts_2025_rev_17.json", &[])]);
    assert!(account.is_clean());
    assert_eq!(measures(&entries)[0].before, Some(date(2025, 7, 1)));
    assert_eq!(lines(&entries)[0].before, Some(date(2025, 7, 1)));
}

#[test]
fn chapter_99_and_its_footnotes_are_listed() {
    let rows = [
        row("0101.30.00.00", 1, ["Free", "", "15%"], "").replace(
            "\"footnotes\":[]",
            r#""footnotes":[{"columns":["general"],"value":"See 9903.88.15. ","type":"endnote"}]"#,
        ),
        row("9903.88.15", 0, ["The duty provided in the applicable subheading + 7.5%", "", ""], ""),
    ];
    let (entries, account, _) = read(&[("hts_2025_basic.json", &rows)]);
    assert!(account.is_clean());
    let headings = chapter99::headings(&entries);
    assert_eq!((headings[0].code.as_str(), headings[0].reads.as_deref()), ("9903.88.15", Some("tariff + 7.5 %")));
    let references = chapter99::references(&entries);
    assert_eq!((references[0].code.as_str(), references[0].heading.as_str()), ("0101300000", "9903.88.15"));
    let mut text = Vec::new();
    chapter99::write_headings(&headings, &mut text).unwrap();
    chapter99::write_references(&references, &mut text).unwrap();
    assert!(String::from_utf8(text).unwrap().contains("9903.88.15,2025-01-01,,of 9903.88.15,"));
}

#[test]
fn wrong_rows_are_refused_with_their_place() {
    for (rows, column, found) in [
        (vec![row("0101.30.00", 1, ["about 5%", "", ""], "")], "general", "about 5%"),
        (vec![row("0101.30.00", 1, ["5%", "Free (ZZ)", ""], "")], "special", "Free (ZZ)"),
        (vec![row("0101.3", 1, [""; 3], "")], "htsno", "0101.3"),
        (vec![row("01O1", 1, [""; 3], "")], "htsno", "01O1"),
        (vec![row("", 1, ["5%", "", ""], "")], "general", "5%"),
        (vec![row("0101.30.00.10", 1, [""; 3], "")], "htsno", "0101.30.00.10"),
        (vec![row("0101.30.00", 1, ["5%", "", ""], ""), row("0101.30.00", 1, ["6%", "", ""], "")], "htsno", "01013000"),
        (vec![row("0101", 0, [""; 3], "").replace("\"indent\":\"0\"", "\"indent\":\"-1\"")], "indent", "-1"),
        (
            vec![row("0101", 0, [""; 3], "").replace("\"quotaQuantity\":null", "\"quotaQuantity\":\"5 kg\"")],
            "quotaQuantity",
            "5 kg",
        ),
        (vec![row("", 0, [""; 3], "")], "superior", "of "),
        (vec!["{\"htsno\":1}".to_owned()], "", "{\"htsno\":1}"),
        (vec!["7".to_owned()], "", "7"),
    ] {
        let (_, account, _) = read(&[("hts_2025_basic.json", &rows)]);
        assert!(account.refused >= 1, "{rows:?}");
        let refusal = &account.refusals[0];
        assert_eq!((refusal.column.as_str(), refusal.found.trim()), (column, found.trim()), "{rows:?}");
    }
}

#[test]
fn wrong_files_stop_the_import() {
    let run = |sources: Vec<Source>| {
        import(sources, &options(), &mut Vec::new(), &mut Account::default()).unwrap_err().to_string()
    };
    assert!(run(vec![source("hts_2020.json", "[]")]).contains("no date is given"));
    assert!(
        run(vec![source("hts_2025_basic.json", "[]"), source("hts_2025_basic.json.gz", "[]")]).contains("same date")
    );
    assert!(run(vec![source("hts_2025_basic.json", "{}")]).contains("JSON array"));
    assert!(run(vec![source("hts_2025_basic.json", "[{")]).contains("ends inside"));
    assert!(run(Vec::new()).contains("no file"));
    let deep = format!("[{}", "[".repeat(1000));
    assert!(run(vec![source("hts_2025_basic.json", &deep)]).contains("nesting"));
}

#[test]
fn any_bytes_are_read_without_harm() {
    for bytes in
        [&b""[..], b"\xff\xfe", b"[{}]", b"[[]]", b"tidewaiter us-table 1\n|||", "¢¢/%".as_bytes(), b"[\"", b"[1,2,"]
    {
        read_bytes(bytes);
    }
}

/// A few thousand sound texts with a few bytes changed: refused or read, never a panic.
#[test]
fn damaged_texts_are_read_without_harm() {
    let export = format!(
        "[{},{}]",
        row(
            "0101.30.00",
            1,
            [
                "3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions of a degree in proportion) but not less than 3.143854¢/kg",
                "Free (A*,AU) 2.6% (JP) See 9822.04.25-9822.04.30 (S+)",
                "33 1/3%"
            ],
            ""
        ),
        row("0101.30.00.10", 2, [""; 3], "")
    );
    let table = "tidewaiter us-table 1\nrevision|2025-01-01|HTS 2025, basic edition\ncode|from|before|units|general|special|other\n\
        01013000|0||kg,item|0.044 USD per kg+5%|0%:A+,AU;\"See 9822.04.25\":S+|\"No change\"\n";
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let parts = [
        &b"("[..],
        b")",
        b"%",
        "¢".as_bytes(),
        b",",
        b"-",
        b"\"",
        b"|",
        b":",
        b";",
        b"9",
        b"See",
        b"\\",
        b"{",
        b"]",
        "²".as_bytes(),
        b"<",
        b" ",
    ];
    for text in [export.as_bytes(), table.as_bytes()] {
        for _ in 0..2_000 {
            let mut bytes = text.to_vec();
            for _ in 0..=next() % 4 {
                let at = next() % bytes.len();
                let part = parts[next() % parts.len()];
                let end = (at + next() % 3).min(bytes.len());
                bytes.splice(at..end, part.iter().copied());
            }
            read_bytes(&bytes);
        }
    }
}
