//! Tables of open data say what the records say, in all three forms, and nothing in them runs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, UInt64Type};
use arrow_array::{Array, RecordBatch};
use jiff::civil::{Date, date};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;
use std::collections::BTreeMap;
use tidewaiter_repository::open_data::columns::{COLUMNS, Holds};
use tidewaiter_repository::open_data::dictionary::{self, Form, Table};
use tidewaiter_repository::open_data::editions::{self, EditionRow};
use tidewaiter_repository::open_data::export::{About, Export, Newest};
use tidewaiter_repository::open_data::{OpenDataError, Row, plain_cell};

/// A row as text: column and value, absent ones left out. Days in ISO 8601, numbers in decimal digits.
type Plain = BTreeMap<String, String>;

fn about() -> About {
    About {
        repository: "Repository of Q".into(),
        address: "https://rates.example/".into(),
        made: "2026-11-22T06:00:00Z".parse().unwrap(),
        newest: vec![Newest { authority: "q-customs".into(), number: 12, sha256: "ab".repeat(32) }],
        licences: vec!["CC-BY-4.0".into(), "Free to use, name the source".into()],
    }
}

fn row(kind: &str, key: &str, record: &str) -> Row {
    Row {
        authority: "q-customs".into(),
        territory: Some("QQ".into()),
        kind: kind.into(),
        key: key.into(),
        valid_from: Some(date(2027, 1, 1)),
        valid_before: None,
        known_from: date(2026, 11, 22),
        known_before: Some(date(2026, 12, 24)),
        first_edition: 12,
        last_before: Some(13),
        record: record.into(),
    }
}

/// Rows, and what must stand in the columns beside the generic ones.
fn samples() -> Vec<(Row, Vec<(&'static str, &'static str)>)> {
    let measure = r#"{"measure":{"code":"6109.10","kind":"third-country","amount":"12 % + 0.5 USD per kg","cites":["q.tariff","q.law"]}}"#;
    let claimed = r#"{"measure":{"code":"610910","kind":"anti-dumping","amount":"18 %","origin":"ZZ","not_origin":["KH","NP"],"program":["GSP","KHFTA"],"proof":"Form A","when":"not document C101","additional_code":"C999","order_number":"050006","cites":["q.tariff"]}}"#;
    let unknown = r#"{"measure":{"code":"170490","kind":"third-country","outcome":"unknown","says":"See \"annex 2\",\nthen ask.","cites":["q.tariff"]}}"#;
    let tree =
        r#"{"measure":{"code":"2203","kind":"excise","amount":{"percent":{"percent":"5"}},"cites":["q.tariff"]}}"#;
    let always = r#"{"rate":{"name":"vat","class":"standard","is":"15 %","cites":["q.vat"]}}"#;
    let history = r#"{"rate":{"name":"vat","class":"reduced","is":[{"before":"2026-07-01","is":"7 %"},{"from":"2026-07-01","before":"2027-01-01","is":"8 %"}]}}"#;
    let exchange =
        r#"{"exchange-rate":{"series":"q-bank","base":"EUR","currency":"XQD","rate":"1.0835","from":"2026-11-22"}}"#;
    let line = r#"{"line":{"code":"610910","description":{"de":"T-Hemden","en":"T-shirts, \"cotton\""}}}"#;
    let formula = r#"{"text":{"kind":"footnote","code":"1","says":{"en":"=HYPERLINK(\"https://evil.example\")"}}}"#;
    let apostrophe = r#"{"fact":{"key":"q.t","topic":"tariff","statement":"'quoted'","source":{"publisher":"Q"},"confidence":"high"}}"#;
    let mut out = vec![
        (
            row("measure", "610910", measure),
            vec![("measure_kind", "third-country"), ("amount", "12 % + 0.5 USD per kg"), ("cites", "q.tariff q.law")],
        ),
        (
            row("measure", "610910", claimed),
            vec![
                ("measure_kind", "anti-dumping"),
                ("amount", "18 %"),
                ("origin", "ZZ"),
                ("not_origin", "KH NP"),
                ("program", "GSP KHFTA"),
                ("proof", "Form A"),
                ("condition", "not document C101"),
                ("additional_code", "C999"),
                ("order_number", "050006"),
                ("cites", "q.tariff"),
            ],
        ),
        (
            row("measure", "170490", unknown),
            vec![
                ("measure_kind", "third-country"),
                ("outcome", "unknown"),
                ("says", "See \"annex 2\",\nthen ask."),
                ("cites", "q.tariff"),
            ],
        ),
        (row("measure", "2203", tree), vec![("measure_kind", "excise"), ("amount", "5 %"), ("cites", "q.tariff")]),
        (row("rate", "vat", always), vec![("rate_class", "standard"), ("rate_value", "15 %"), ("cites", "q.vat")]),
        (
            row("rate", "vat", history),
            vec![
                ("rate_class", "reduced"),
                ("rate_value", "7 % before 2026-07-01; 8 % from 2026-07-01 before 2027-01-01"),
            ],
        ),
        (
            row("exchange-rate", "EUR/XQD", exchange),
            vec![("base", "EUR"), ("currency", "XQD"), ("exchange_rate", "1.0835"), ("series", "q-bank")],
        ),
        (row("line", "610910", line), vec![("name", "T-shirts, \"cotton\"")]),
        (row("text", "1", formula), vec![("says", "=HYPERLINK(\"https://evil.example\")")]),
        (row("fact", "q.t", apostrophe), vec![("says", "'quoted'")]),
    ];
    // One of the world's records, without end, still said, from before 1970.
    let mut world = row(
        "correlation",
        "6109",
        r#"{"correlation":{"from_edition":"HS 2017","from_code":"6109","to_edition":"HS 2022","to_code":"6109"}}"#,
    );
    (world.territory, world.valid_from, world.known_before, world.last_before) =
        (None, Some(date(1969, 12, 31)), None, None);
    out.push((world, vec![]));
    out
}

fn plain(row: &Row, readable: &[(&str, &str)]) -> Plain {
    let day = |day: Option<Date>| day.map(|day| day.strftime("%Y-%m-%d").to_string());
    let mut out: Vec<(&str, Option<String>)> = vec![
        ("authority", Some(row.authority.clone())),
        ("territory", row.territory.clone()),
        ("kind", Some(row.kind.clone())),
        ("key", Some(row.key.clone())),
        ("valid_from", day(row.valid_from)),
        ("valid_before", day(row.valid_before)),
        ("known_from", day(Some(row.known_from))),
        ("known_before", day(row.known_before)),
        ("first_edition", Some(row.first_edition.to_string())),
        ("last_before", row.last_before.map(|n| n.to_string())),
        ("record", Some(row.record.clone())),
    ];
    out.extend(readable.iter().map(|(name, value)| (*name, Some((*value).to_owned()))));
    out.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// Writes the samples in all forms.
fn written() -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let (mut csv, mut ndjson, mut parquet) = (Vec::new(), Vec::new(), Vec::new());
    let export = Export::new().csv(&mut csv).unwrap().ndjson(&mut ndjson).parquet(&mut parquet, &about()).unwrap();
    let rows = samples().into_iter().map(|(row, _)| Ok::<_, std::io::Error>(row));
    let mut told = Vec::new();
    assert_eq!(export.all(rows, |n| told.push(n)).unwrap(), 11);
    assert_eq!(told, [11]);
    (csv, ndjson, parquet)
}

fn expected() -> Vec<Plain> {
    samples().iter().map(|(row, readable)| plain(row, readable)).collect()
}

fn read_csv(bytes: &[u8]) -> Vec<Plain> {
    let mut reader = csv::Reader::from_reader(bytes);
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(names, COLUMNS.map(|column| column.name.to_owned()));
    let plain = |record: csv::StringRecord| {
        let cells = COLUMNS.iter().zip(record.iter()).filter(|(_, cell)| !cell.is_empty());
        let text = |holds, cell| if holds == Holds::Text { plain_cell(cell) } else { cell };
        cells.map(|(column, cell)| (column.name.to_owned(), text(column.holds, cell).to_owned())).collect()
    };
    reader.records().map(|record| plain(record.unwrap())).collect()
}

fn read_parquet(bytes: &[u8]) -> (Vec<RecordBatch>, Vec<Plain>) {
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::copy_from_slice(bytes)).unwrap().build().unwrap();
    let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    let mut out = Vec::new();
    for batch in &batches {
        for at in 0..batch.num_rows() {
            let mut row = Plain::new();
            for (column, array) in COLUMNS.iter().zip(batch.columns()) {
                if array.is_null(at) {
                    continue;
                }
                let value = match column.holds {
                    Holds::Text | Holds::Record => array.as_string::<i32>().value(at).to_owned(),
                    Holds::Day => {
                        let days = array.as_primitive::<Date32Type>().value(at);
                        date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap().to_string()
                    }
                    Holds::Number => array.as_primitive::<UInt64Type>().value(at).to_string(),
                };
                row.insert(column.name.to_owned(), value);
            }
            out.push(row);
        }
    }
    (batches, out)
}

#[test]
fn csv_says_what_was_given() {
    assert_eq!(read_csv(&written().0), expected());
}

#[test]
fn parquet_says_what_was_given() {
    let (batches, rows) = read_parquet(&written().2);
    assert_eq!(rows, expected());
    let names: Vec<String> = batches[0].schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, COLUMNS.map(|column| column.name.to_owned()));
}

#[test]
fn json_says_what_was_given() {
    let text = String::from_utf8(written().1).unwrap();
    let rows: Vec<Plain> = text
        .lines()
        .map(|line| {
            let object: BTreeMap<String, Value> = serde_json::from_str(line).unwrap();
            let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            object.into_iter().map(|(name, value)| (name, text(value))).collect()
        })
        .collect();
    assert_eq!(rows, expected());
    // The record is an object, not a text that holds one.
    let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(first["record"]["measure"]["code"], "6109.10");
    assert_eq!(first["first_edition"], 12);
}

#[test]
fn csv_keeps_to_rfc_4180() {
    let text = String::from_utf8(written().0).unwrap();
    assert!(text.starts_with("authority,territory,kind,key,"), "{text}");
    assert!(text.ends_with("\r\n"));
    // Each line ends in CR LF; the one line feed alone stands within a text of the third row.
    assert_eq!(text.matches('\n').count() - text.matches("\r\n").count(), 1);
    assert!(text.contains("\"See \"\"annex 2\"\",\nthen ask.\""), "{text}");
}

#[test]
fn no_cell_of_the_csv_is_a_formula() {
    let hostile =
        ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "\u{a0}=1", "\r=1", "＝1", "'=1", "\u{feff}=1", "\n@x"];
    for text in hostile {
        let said = serde_json::to_string(text).unwrap();
        let record = format!(r#"{{"text":{{"kind":"note","code":"1","says":{{"en":{said}}}}}}}"#);
        let mut row = row("text", "1", &record);
        row.key = text.into();
        let mut csv = Vec::new();
        let mut export = Export::new().csv(&mut csv).unwrap();
        export.push(&row).unwrap();
        export.finish().unwrap();
        let mut reader = csv::Reader::from_reader(csv.as_slice());
        let record = reader.records().next().unwrap().unwrap();
        for cell in [&record[3], &record[13]] {
            assert!(cell.starts_with('\''), "{text:?} became {cell:?}");
            assert_eq!(plain_cell(cell), text);
        }
    }
}

#[test]
fn a_parquet_file_names_its_repository_editions_and_licences() {
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(written().2)).unwrap();
    let metadata = reader.metadata().file_metadata().key_value_metadata().unwrap();
    let of = |key: &str| metadata.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone()).unwrap();
    assert_eq!(of("tidewaiter.repository"), "Repository of Q");
    assert_eq!(of("tidewaiter.made"), "2026-11-22T06:00:00Z");
    assert_eq!(of("tidewaiter.licences"), r#"["CC-BY-4.0","Free to use, name the source"]"#);
    let sha256 = "ab".repeat(32);
    assert_eq!(of("tidewaiter.editions"), format!(r#"[{{"authority":"q-customs","number":12,"sha256":"{sha256}"}}]"#));
}

#[test]
fn row_groups_have_a_hundred_thousand_rows() {
    let sample = samples().remove(6).0;
    let mut parquet = Vec::new();
    let export = Export::new().parquet(&mut parquet, &about()).unwrap();
    let mut told = Vec::new();
    let rows = (0..100_001).map(|_| Ok::<_, std::io::Error>(sample.clone()));
    export.all(rows, |n| told.push(n)).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(parquet)).unwrap();
    let groups: Vec<i64> = reader.metadata().row_groups().iter().map(|group| group.num_rows()).collect();
    assert_eq!(groups, [100_000, 1]);
    let codec = reader.metadata().row_group(0).column(0).compression();
    assert!(matches!(codec, parquet::basic::Compression::ZSTD(_)), "{codec:?}");
    assert_eq!(told, [10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000, 80_000, 90_000, 100_000, 100_001]);
}

#[test]
fn a_damaged_record_is_refused_with_its_row() {
    let wrong = |record: &str| {
        let mut export = Export::new().ndjson(Vec::new());
        export.push(&samples()[0].0).unwrap();
        export.push(&row("measure", "99", record)).unwrap_err()
    };
    for record in
        ["", "{", "{\"measure\":{}}", "[]", "{\"measure\":\n{\"code\":\"6109\",\"kind\":\"vat\",\"cites\":[]}}"]
    {
        match wrong(record) {
            OpenDataError::Row { row: 2, authority, kind, key, .. } => {
                assert_eq!((authority.as_str(), kind.as_str(), key.as_str()), ("q-customs", "measure", "99"));
            }
            other => panic!("{record:?}: {other}"),
        }
    }
}

#[test]
fn a_store_or_disk_that_fails_ends_the_export() {
    let rows = vec![Ok(samples()[0].0.clone()), Err("database is gone")];
    let error = Export::new().ndjson(Vec::new()).all(rows, |_| {}).unwrap_err();
    assert_eq!(error.to_string(), "row 2 cannot be read: database is gone");
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut export = Export::new().ndjson(Full);
    assert!(matches!(export.push(&samples()[0].0), Err(OpenDataError::Write { table: "JSON", .. })));
    // The CSV and Parquet writers hold bytes back; the end tells.
    let mut export = Export::new().csv(Full).unwrap();
    export.push(&samples()[0].0).unwrap();
    assert!(matches!(export.finish(), Err(OpenDataError::Write { table: "CSV", .. })));
    let started = Export::new().parquet(Full, &about());
    let ended = started.and_then(|mut export| export.push(&samples()[0].0).and_then(|()| export.finish()));
    assert!(matches!(ended, Err(OpenDataError::Write { table: "Parquet", .. })));
}

#[test]
fn editions_are_listed_with_their_licences() {
    let edition = |number, title: &str, licence: Option<&str>| EditionRow {
        authority: "q-customs".into(),
        number,
        sha256: "cd".repeat(32),
        kind: "ordinary".into(),
        title: title.into(),
        published: date(2026, 11, 22),
        licence: licence.map(str::to_owned),
    };
    let mut csv = Vec::new();
    let rows = [edition(1, "Tariff, first", Some("CC-BY-4.0")), edition(2, "=1", None)];
    assert_eq!(editions::write(rows, &mut csv).unwrap(), 2);
    let sha256 = "cd".repeat(32);
    let lines = [
        "authority,number,sha256,kind,title,published,licence\r\n".to_owned(),
        format!("q-customs,1,{sha256},ordinary,\"Tariff, first\",2026-11-22,CC-BY-4.0\r\n"),
        format!("q-customs,2,{sha256},ordinary,'=1,2026-11-22,\r\n"),
    ];
    assert_eq!(String::from_utf8(csv).unwrap(), lines.concat());
}

#[test]
fn the_dictionary_explains_each_column() {
    let text = dictionary::csv();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), COLUMNS.len());
    for (row, column) in rows.iter().zip(COLUMNS) {
        assert_eq!((&row[0], &row[4], &row[5]), (column.name, column.says, column.example));
    }
    let of = |name: &str| rows.iter().find(|row| &row[0] == name).unwrap();
    assert_eq!((&of("known_from")[1], &of("known_from")[2]), ("date", "yes"));
    assert_eq!((&of("last_before")[1], &of("last_before")[2]), ("integer", "no"));
    assert_eq!(&of("exchange_rate")[1], "string", "a rate is decimal text and never a binary fraction");
    assert_eq!(&of("record")[1], "object");
}

#[test]
fn the_data_package_describes_the_tables() {
    let table = |form, file: &str| Table { form, file: file.into(), bytes: Some(3), sha256: Some("ef".repeat(32)) };
    let tables = [
        table(Form::Csv, "records.csv"),
        table(Form::Parquet, "records.parquet"),
        table(Form::Editions, "editions.csv"),
    ];
    let package = dictionary::data_package(&about(), &tables);
    assert_eq!(package["$schema"], "https://datapackage.org/profiles/2.0/datapackage.json");
    // Only what the specification calls a licence stands in its list; all stand in ours.
    assert_eq!(package["licenses"], serde_json::json!([{ "name": "CC-BY-4.0" }]));
    assert_eq!(package["tidewaiter:licences"][1], "Free to use, name the source");
    let resources = package["resources"].as_array().unwrap();
    assert_eq!(resources.len(), 3);
    assert_eq!(resources[0]["path"], "records.csv");
    assert_eq!(resources[0]["hash"], format!("sha256:{}", "ef".repeat(32)));
    let fields = resources[0]["schema"]["fields"].as_array().unwrap();
    let names: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
    assert_eq!(names, COLUMNS.map(|column| column.name));
    assert_eq!(fields[4]["type"], "date");
    assert_eq!(resources[0]["schema"]["foreignKeys"][0]["reference"]["resource"], "editions");
    assert_eq!(resources[2]["schema"]["primaryKey"], serde_json::json!(["authority", "number"]));
    // Without the table of editions there is nothing to refer to, and an empty list of licences is not allowed.
    let bare = dictionary::data_package(&About { licences: vec![], ..about() }, &tables[..1]);
    assert!(bare.get("licenses").is_none());
    assert!(bare["resources"][0]["schema"].get("foreignKeys").is_none());
}

/// Rows a second of a million measures. Run with `--run-ignored all --no-capture`.
#[test]
#[ignore = "takes a minute; prints a measurement"]
fn a_million_rows() {
    let rows = || {
        (0..1_000_000u64).map(|n| {
            let code = 100_000 + n % 899_999;
            let record = format!(
                r#"{{"measure":{{"code":"{code}","kind":"third-country","amount":"{} %","from":"2026-01-01","cites":["q.tariff"],"official":{{"id":"{n}","type":"103","text":"{} %"}}}}}}"#,
                n % 40,
                n % 40
            );
            let mut row = row("measure", &code.to_string(), &record);
            row.first_edition = n % 27;
            Ok::<_, std::io::Error>(row)
        })
    };
    let timed = |name: &str, export: Export<'_>, size: &dyn Fn() -> usize| {
        let start = std::time::Instant::now();
        assert_eq!(export.all(rows(), |_| {}).unwrap(), 1_000_000);
        let took = start.elapsed();
        println!("{name}: {} rows/s, {} MB", 1_000_000_000 / took.as_millis().max(1), size() / 1_000_000);
    };
    struct Count(std::sync::Arc<std::sync::atomic::AtomicUsize>);
    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.fetch_add(bytes.len(), std::sync::atomic::Ordering::Relaxed);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    for name in ["CSV", "NDJSON", "Parquet"] {
        let bytes = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let out = std::io::BufWriter::new(Count(bytes.clone()));
        let export = match name {
            "CSV" => Export::new().csv(out).unwrap(),
            "NDJSON" => Export::new().ndjson(out),
            _ => Export::new().parquet(out, &about()).unwrap(),
        };
        timed(name, export, &|| bytes.load(std::sync::atomic::Ordering::Relaxed));
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
}
