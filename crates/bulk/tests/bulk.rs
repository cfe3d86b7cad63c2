//! Tables priced are the same quotes, in every format, on any number of threads, in the order of the rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tidewaiter::{Consignment, Outcome};
use tidewaiter_bulk::{BulkError, Defaults, Report, run};

const CODES: &[&str] = &["6109.10", "8517.62", "4901.99", "2204.21", "9503.00", "61", "", "3304.99", "7113.19"];
const PLACES: &[&str] = &["FR", "CH", "GB", "AU", "NO", "US", "SG", "IC"];

fn defaults() -> Defaults {
    let question = serde_json::json!({
        "from": "CN", "to": "", "currency": "EUR", "date": "2026-11-21", "channel": "post", "items": [],
        "seller": { "registrations": ["eu.ioss"] }
    });
    Defaults::new(serde_json::from_value(question).unwrap())
}

/// Rows of every kind: with and without code, origin, freight, weight, several of each price.
fn catalogue(rows: usize) -> String {
    let mut text = String::from("id,to,code,origin,quantity,price,freight,weight_kg,unknown column\n");
    for n in 0..rows {
        let origin = ["CN", "", "VN", "TR"][n % 4];
        let (code, to) = (CODES[n % CODES.len()], PLACES[(n / 3) % PLACES.len()]);
        let price = format!("{}.{:02}", n * 7 % 400, n * 13 % 100);
        let weight = if n % 5 == 0 { String::new() } else { format!("0.{}", n % 9 + 1) };
        writeln!(text, "r{n},{to},{code},{origin},{},{price},{},{weight},x", n % 3 + 1, n % 11).unwrap();
    }
    text
}

/// Rows that want nothing, so that many are priced quickly.
fn complete(rows: usize) -> String {
    let mut text = String::from("id,to,code,origin,quantity,price,freight,weight_kg\n");
    for n in 0..rows {
        let (code, to) = (["6109.10", "4901.99", "9503.00"][n % 3], ["FR", "CH", "SG", "FR"][(n / 3) % 4]);
        writeln!(text, "r{n},{to},{code},CN,{},{}.{:02},{},0.2", n % 3 + 1, n * 7 % 20 + 1, n * 13 % 100, n % 11)
            .unwrap();
    }
    text
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn price(dir: &Path, input: &str, output: &str, threads: usize) -> Result<Report, BulkError> {
    run(tidewaiter_data::ratebook(), &defaults(), &dir.join(input), &dir.join(output), threads, &|_, _| {})
}

fn read(path: &PathBuf) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The same row as a question.
fn question(line: &str) -> Consignment {
    let cells: Vec<&str> = line.split(',').collect();
    let mut asked = defaults().question;
    asked.to = cells[1].to_owned();
    asked.freight = Some(cells[6].parse().unwrap());
    let mut item = serde_json::json!({ "quantity": cells[4], "price": cells[5] });
    for (name, cell) in [("code", cells[2]), ("origin", cells[3]), ("weight_kg", cells[7])] {
        if !cell.is_empty() {
            item[name] = cell.into();
        }
    }
    asked.items = vec![serde_json::from_value(item).unwrap()];
    asked
}

#[test]
fn every_row_is_the_quote() {
    let dir = folder();
    let input = catalogue(500);
    std::fs::write(dir.path().join("in.csv"), &input).unwrap();
    let report = price(dir.path(), "in.csv", "out.csv", 2).unwrap();
    assert_eq!((report.rows, report.answers, report.rejected), (500, 500, 0));
    assert_eq!(report.unused, ["unknown column"]);
    let output = read(&dir.path().join("out.csv"));
    let mut kinds = std::collections::BTreeSet::new();
    for (asked, got) in input.lines().skip(1).zip(output.lines().skip(1)) {
        let quote = tidewaiter_data::ratebook().quote(&question(asked)).unwrap();
        let cells: Vec<&str> = got.split(',').collect();
        assert_eq!(cells[1], asked.split(',').next().unwrap(), "the answers stand in the order of the rows");
        let expected = serde_json::to_value(quote.outcome).unwrap();
        assert_eq!(cells[3], expected.as_str().unwrap(), "{asked}");
        kinds.insert(cells[3].to_owned());
        if matches!(quote.outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown) {
            let number = |at: usize| cells[at].parse::<tidewaiter::Decimal>().unwrap();
            assert_eq!(number(5), quote.by_kind.duties.least, "duties of {asked}");
            assert_eq!(number(6), quote.by_kind.taxes.least, "taxes of {asked}");
            assert_eq!(number(7), quote.by_kind.fees.least, "fees of {asked}");
            assert_eq!(number(8), quote.total.least, "total of {asked}");
            assert_eq!(cells[9].is_empty(), quote.total.most.is_none(), "{asked}");
            assert_eq!(number(10), quote.terms.seller.least, "checkout of {asked}");
        }
        assert_eq!(cells[4], quote.currency, "{asked}");
    }
    assert!(kinds.contains("amount") && kinds.len() >= 2, "{kinds:?}");
}

#[test]
fn formats_and_threads_do_not_matter() {
    let dir = folder();
    std::fs::write(dir.path().join("in.csv"), complete(40_000)).unwrap();
    price(dir.path(), "in.csv", "one.csv", 1).unwrap();
    price(dir.path(), "in.csv", "four.csv", 4).unwrap();
    let one = read(&dir.path().join("one.csv"));
    assert_eq!(one, read(&dir.path().join("four.csv")), "the number of threads shows in the answer");
    // NDJSON in, with numbers as JSON numbers, and Parquet out.
    let mut lines = String::new();
    for line in complete(40_000).lines().skip(1) {
        let c: Vec<&str> = line.split(',').collect();
        writeln!(
            lines,
            r#"{{"id":"{}","to":"{}","code":"{}","origin":"{}","quantity":{},"price":{},"freight":"{}","weight_kg":{},"x":[1]}}"#,
            c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]
        )
        .unwrap();
    }
    std::fs::write(dir.path().join("in.ndjson"), lines).unwrap();
    price(dir.path(), "in.ndjson", "out.parquet", 3).unwrap();
    let file = std::fs::File::open(dir.path().join("out.parquet")).unwrap();
    let builder = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let marks = builder.metadata().file_metadata().key_value_metadata().unwrap().clone();
    assert!(marks.iter().any(|m| m.key == "tidewaiter.ratebook"), "the ratebook is named in the file");
    let mut totals = Vec::new();
    for batch in builder.build().unwrap() {
        let batch: RecordBatch = batch.unwrap();
        let column = batch.column_by_name("total").unwrap();
        let column = column.as_primitive::<arrow_array::types::Decimal128Type>();
        totals.extend(
            (0..column.len()).map(|i| if column.is_null(i) { String::new() } else { column.value_as_string(i) }),
        );
    }
    let expected: Vec<String> = one.lines().skip(1).map(|l| l.split(',').nth(8).unwrap().to_owned()).collect();
    assert_eq!(totals, expected);
}

#[test]
fn a_catalogue_goes_to_many_destinations() {
    let dir = folder();
    std::fs::write(dir.path().join("in.csv"), "code,origin,price\n6109.10,CN,12.50\n4901.99,CN,9\n").unwrap();
    let mut defaults = defaults();
    defaults.destinations = vec!["FR".into(), "CH".into(), "SG".into()];
    let book = tidewaiter_data::ratebook();
    let (input, output) = (dir.path().join("in.csv"), dir.path().join("out.ndjson"));
    let report = run(book, &defaults, &input, &output, 1, &|_, _| {}).unwrap();
    assert_eq!((report.rows, report.answers), (2, 6));
    let rows: Vec<serde_json::Value> = read(&output).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let places: Vec<&str> = rows.iter().map(|r| r["to"].as_str().unwrap()).collect();
    assert_eq!(places, ["FR", "CH", "SG", "FR", "CH", "SG"]);
    assert_eq!(rows[3]["row"], 2);
}

#[test]
fn bad_rows_go_to_a_file_of_their_own() {
    let dir = folder();
    let text = "to,code,origin,quantity,price,date\n\
        FR,6109.10,CN,1,12.50,\n\
        FR,61O9,CN,1,12.50,\n\
        FR,6109.10,China,1,12.50,\n\
        FR,6109.10,CN,1,\"12,50\",\n\
        ZZZ,6109.10,CN,1,12.50,\n\
        FR,6109.10,CN,0,12.50,\n\
        FR,6109.10,CN,1,-3,\n\
        FR,6109.10,CN,1,,\n\
        FR,6109.10,CN,1,1,01/02/2026\n\
        FR,6109.10,CN,1,99999999999999999999999999,\n\
        CH,6109.10,CN,1,12.50,2026-11-21\n";
    std::fs::write(dir.path().join("in.csv"), text).unwrap();
    let report = price(dir.path(), "in.csv", "out.csv", 2).unwrap();
    assert_eq!((report.rows, report.answers, report.rejected), (11, 2, 9));
    let rejects = read(&report.rejects.unwrap());
    let rows: Vec<serde_json::Value> = rejects.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let told: Vec<(u64, &str)> =
        rows.iter().map(|r| (r["row"].as_u64().unwrap(), r["column"].as_str().unwrap())).collect();
    assert_eq!(
        told,
        [
            (2, "code"),
            (3, "origin"),
            (4, "price"),
            (5, "to"),
            (6, "quantity"),
            (7, "price"),
            (8, "price"),
            (9, "date"),
            (10, "price")
        ]
    );
    assert!(rows.iter().all(|r| !r["expected"].as_str().unwrap().is_empty()));
}

#[test]
fn a_broken_file_leaves_nothing_behind() {
    let dir = folder();
    for (name, bytes) in [
        ("no-price.csv", b"to,code\nFR,6109\n".to_vec()),
        ("utf-16.csv", b"\xFF\xFEt\0o\0,\0p\0r\0i\0c\0e\0\n\0".to_vec()),
        ("latin-1.csv", b"to,code,price,description\nFR,6109.10,3,Pull\nFR,6109.10,3,V\xEAtement\n".to_vec()),
        ("workbook.csv", b"PK\x03\x04rest".to_vec()),
        ("goods.xlsx", b"PK\x03\x04rest".to_vec()),
        ("macintosh.csv", b"to,code,price\rFR,6109.10,3\r".to_vec()),
        ("empty.csv", Vec::new()),
        ("rubbish.parquet", vec![0; 5_000]),
        ("name.txt", b"to,price\nFR,3\n".to_vec()),
        ("twice.csv", b"to,price,price\nFR,3,4\n".to_vec()),
        ("nonsense.csv", b"hello world\n".to_vec()),
        ("long.ndjson", [b"{\"price\":\"".to_vec(), vec![b'1'; 3 << 20], b"\"}".to_vec()].concat()),
        ("long.csv", [b"to,price\nFR,".to_vec(), vec![b'1'; 3 << 20]].concat()),
    ] {
        std::fs::write(dir.path().join(name), bytes).unwrap();
        assert!(price(dir.path(), name, "out.csv", 2).is_err(), "{name}");
        let left: Vec<_> = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|f| f.unwrap().file_name().into_string().unwrap())
            .filter(|f| f.starts_with("out"))
            .collect();
        assert!(left.is_empty(), "{name} leaves {left:?}");
    }
}

#[test]
fn rows_come_back_in_their_order() {
    // Rows of all kinds, wrong ones between them, to two destinations: the table as a whole, and row by row.
    let mut text = catalogue(300).replace("id,to,code", "id,region,code").replace(",8517.62,CN,", ",85I7.62,CN,");
    for place in PLACES {
        text = text.replace(&format!(",{place},"), ",,");
    }
    let names: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|l| l.split(',').collect()).collect();
    let dates = ["2026-11-21", "2026-03-01", "yesterday"];
    let table = |some: &[usize]| {
        let column =
            |cells: Vec<&str>| std::sync::Arc::new(arrow_array::StringArray::from(cells)) as arrow_array::ArrayRef;
        let mut columns: Vec<(&str, arrow_array::ArrayRef)> =
            names.iter().enumerate().map(|(c, n)| (*n, column(some.iter().map(|r| rows[*r][c]).collect()))).collect();
        columns.push(("date", column(some.iter().map(|r| dates[r / 7 % 3]).collect())));
        RecordBatch::try_from_iter(columns).unwrap()
    };
    let mut defaults = defaults();
    defaults.destinations = vec!["SG".into(), "FR".into()];
    let mut pricer = tidewaiter_bulk::Pricer::new(tidewaiter_data::ratebook(), &defaults);
    let whole = pricer.price(&table(&(0..300).collect::<Vec<_>>()), 1).unwrap();
    let (mut answers, mut rejects, mut amounts) = (Vec::new(), Vec::new(), 0);
    for row in 0..300 {
        let one = pricer.price(&table(&[row]), row as u64 + 1).unwrap();
        answers.push(one.table);
        rejects.extend(one.rejects);
        amounts += one.outcomes.amount;
    }
    assert!(rejects.len() > 100 && whole.table.num_rows() > 300, "{} {}", rejects.len(), whole.table.num_rows());
    assert_eq!(whole.rejects, rejects);
    assert_eq!(whole.outcomes.amount, amounts);
    let mut at = 0;
    for one in answers {
        assert_eq!(one, whole.table.slice(at, one.num_rows()));
        at += one.num_rows();
    }
    assert_eq!(at, whole.table.num_rows());
}

fn rejected(report: &Report) -> Vec<(u64, String, String)> {
    let Some(file) = &report.rejects else { return Vec::new() };
    let row = |line: &str| {
        let reject: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| reject[name].as_str().unwrap().to_owned();
        (reject["row"].as_u64().unwrap(), text("column"), text("expected"))
    };
    read(file).lines().map(row).collect()
}

/// The rows of the answer, and what was rejected.
fn outcome_of(name: &str, bytes: &[u8]) -> (Vec<u64>, Vec<(u64, String, String)>) {
    let dir = folder();
    std::fs::write(dir.path().join(name), bytes).unwrap();
    let report = price(dir.path(), name, "out.csv", 2).unwrap();
    let rows = read(&dir.path().join("out.csv"));
    let rows = rows.lines().skip(1).map(|l| l.split(',').next().unwrap().parse().unwrap()).collect();
    (rows, rejected(&report))
}

#[test]
fn a_row_of_the_wrong_length_is_rejected_alone() {
    let text = "to,code,price,description\nFR,6109.10,3,\nFR,6109.10,3\n\nFR,6109.10,3,shirt, blue\nFR,6109.10,3,\"shirt, blue\"\r\n";
    let (rows, rejects) = outcome_of("in.csv", text.as_bytes());
    assert_eq!(rows, [1, 4]);
    assert_eq!(rejects.iter().map(|r| r.0).collect::<Vec<_>>(), [2, 3]);
    assert!(rejects[0].2.contains("4 cells") && rejects[0].2.contains("has 3"), "{}", rejects[0].2);
    assert!(rejects[1].2.contains("has 5") && rejects[1].2.contains("quotation marks"), "{}", rejects[1].2);
}

#[test]
fn an_open_quotation_mark_costs_its_own_row() {
    let body = "FR,6109.10,3,a\nFR,6109.10,3,\"b\nFR,6109.10,3,c\nFR,6109.10,3,d\n";
    for (rest, rows) in [
        ("", vec![1, 3, 4]),
        // A later mark closes it, in the middle of a cell.
        ("FR,6109.10,3,\"e\"\n", vec![1, 3, 4, 5]),
    ] {
        let text = format!("to,code,price,description\n{body}{rest}");
        let (found, rejects) = outcome_of("in.csv", text.as_bytes());
        assert_eq!(found, rows);
        assert_eq!(rejects.len(), 1, "{rejects:?}");
        assert_eq!((rejects[0].0, rejects[0].1.as_str()), (2, "description"));
        assert!(rejects[0].2.contains("quotation mark opens here"), "{}", rejects[0].2);
    }
    // A text over two lines is one row.
    let text = "to,code,price,description\nFR,6109.10,3,\"two\nlines, \"\"quoted\"\"\"\nFR,6109.10,3,\n";
    assert_eq!(outcome_of("in.csv", text.as_bytes()), (vec![1, 2], vec![]));
}

#[test]
fn a_line_that_is_no_object_is_rejected_alone() {
    let good = r#"{"to":"FR","code":"6109.10","price":3}"#;
    let lines = [
        good,
        r#"{"to":"FR" "code":"6109.10","price":3}"#,
        r#"{"to":"FR","code":"6109.10","price":3} and more"#,
        r#"{"to":"FR","code":"6109.10","price":3}{"to":"FR","code":"6109.10","price":3}"#,
        r#"["FR"]"#,
        r#"{"to":"#,
        "",
        r#"{"to":"FR","code":"6109.10","price":{"EUR":3}}"#,
        r#"{"to":"FR","code":"6109.10","description":{"en":[1,{"a":2}]},"price":"3"}"#,
        &format!("{{\"to\":{}", "[".repeat(100_000)),
        good,
    ];
    let (rows, rejects) = outcome_of("in.ndjson", lines.join("\n").as_bytes());
    assert_eq!(rows, [1, 8, 10]);
    assert_eq!(rejects.iter().map(|r| r.0).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7, 9]);
    assert!(rejects.iter().all(|r| r.2.contains("JSON object") || r.2.contains("lists nor objects")), "{rejects:?}");
    // Where every line is wrong, each is told.
    assert_eq!(outcome_of("in.ndjson", b"nothing\n[]\n").1.len(), 2);
    assert_eq!(outcome_of("in.csv", b"to,price\nFR\nFR\n").1.len(), 2);
}

#[test]
fn semicolons_and_tabs_part_columns_too() {
    let text = "\u{feff}to;code;price;weight_kg\r\nFR;6109.10;3,50;0,250\r\nFR;6109.10;1.234;\r\nFR;6109.10;1,234;\r\nFR;6109.10;1.234,50;\r\nFR;6109.10;3.5;\r\n";
    let (rows, rejects) = outcome_of("in.csv", text.as_bytes());
    assert_eq!(rows, [1, 5]);
    assert_eq!(
        rejects.iter().map(|r| (r.0, r.1.as_str())).collect::<Vec<_>>(),
        [(2, "price"), (3, "price"), (4, "price")]
    );
    let dir = folder();
    std::fs::write(dir.path().join("semicolons.csv"), text).unwrap();
    std::fs::write(dir.path().join("tabs.tsv"), "to\tcode\tprice\tweight_kg\nFR\t6109.10\t3.50\t0.250\n").unwrap();
    price(dir.path(), "semicolons.csv", "a.csv", 1).unwrap();
    price(dir.path(), "tabs.tsv", "b.csv", 1).unwrap();
    let first = |name: &str| read(&dir.path().join(name)).lines().nth(1).unwrap().to_owned();
    assert_eq!(first("a.csv"), first("b.csv"));
}

#[test]
fn what_cannot_be_read_says_what_it_is() {
    for (name, bytes, says) in [
        ("a.csv", &b"\xFF\xFEt\0o\0"[..], "UTF-16"),
        ("a.ndjson", b"{\0\"\0", "UTF-16"),
        ("a.csv", b"to,price,d\nFR,3,a\nFR,3,\xE9\n", "row 2 is not in UTF-8 (byte E9)"),
        ("a.csv", b"to,price,\xE9\nFR,3,a\n", "the line of names is not in UTF-8"),
        ("a.ndjson", b"{\"price\":\"3\",\"d\":\"\xE9\"}\n", "row 1 is not in UTF-8"),
        ("a.csv", b"PK\x03\x04", "CSV UTF-8"),
        ("a.xlsx", b"PK\x03\x04", "CSV UTF-8"),
    ] {
        let dir = folder();
        std::fs::write(dir.path().join(name), bytes).unwrap();
        let error = price(dir.path(), name, "out.csv", 1).unwrap_err().to_string();
        assert!(error.contains(says) && error.contains(name), "{error}");
    }
}

#[test]
fn no_rows_are_no_answers_with_the_names() {
    let dir = folder();
    for (name, text) in [("in.csv", "to,price\n"), ("in.ndjson", "\n \n"), ("none.ndjson", "")] {
        std::fs::write(dir.path().join(name), text).unwrap();
        let report = price(dir.path(), name, "out.csv", 2).unwrap();
        assert_eq!((report.rows, report.answers), (0, 0));
        assert!(read(&dir.path().join("out.csv")).starts_with("row,id,to,"), "{name}");
        price(dir.path(), name, "out.parquet", 2).unwrap();
        let file = std::fs::File::open(dir.path().join("out.parquet")).unwrap();
        let opened = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        assert_eq!(*opened.schema().fields(), *tidewaiter_bulk::output_schema().fields());
    }
}

#[test]
fn a_destination_is_said_once() {
    let dir = folder();
    for (name, text) in [
        ("in.csv", "to,code,price\nFR,6109.10,3\n"),
        ("in.ndjson", "{\"to\":\"FR\",\"code\":\"6109.10\",\"price\":3}\n"),
    ] {
        std::fs::write(dir.path().join(name), text).unwrap();
        let mut both = defaults();
        both.destinations = vec!["CH".into()];
        let (input, output) = (dir.path().join(name), dir.path().join("out.csv"));
        let error = run(tidewaiter_data::ratebook(), &both, &input, &output, 1, &|_, _| {}).unwrap_err();
        assert!(error.to_string().contains("--to"), "{error}");
        assert!(!output.exists());
    }
    // Other defaults hold where a cell is empty.
    let text = "to,code,price,currency,date\nCH,6109.10,300,,\nCH,6109.10,300,CHF,2026-11-21\n";
    std::fs::write(dir.path().join("in.csv"), text).unwrap();
    price(dir.path(), "in.csv", "out.csv", 1).unwrap();
    let text = text.replace("300,,", "300,EUR,2026-11-21");
    std::fs::write(dir.path().join("in.csv"), text).unwrap();
    price(dir.path(), "in.csv", "said.csv", 1).unwrap();
    assert_eq!(read(&dir.path().join("out.csv")), read(&dir.path().join("said.csv")));
}

#[test]
fn amounts_in_ndjson_are_strings() {
    let dir = folder();
    std::fs::write(dir.path().join("in.csv"), "id,to,code,origin,price\n\"a \"\"b\"\"\",CH,6109.10,CN,12.50\n")
        .unwrap();
    price(dir.path(), "in.csv", "out.ndjson", 1).unwrap();
    let line: serde_json::Value = serde_json::from_str(read(&dir.path().join("out.ndjson")).trim()).unwrap();
    assert_eq!((&line["row"], &line["id"], &line["outcome"]), (&1.into(), &"a \"b\"".into(), &"amount".into()));
    for name in ["duties", "taxes", "fees", "total", "total_most", "checkout"] {
        assert!(line[name].as_str().unwrap().parse::<tidewaiter::Decimal>().is_ok(), "{name}");
    }
    assert!(line.get("missing").is_none());
}
