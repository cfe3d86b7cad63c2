#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use super::*;
use rust_xlsxwriter::{Format as Style, Formula, Workbook};
use std::io::Write;

fn read(bytes: &[u8]) -> Result<Vec<Table>, ImportError> {
    tables("a.xlsx", &unpack("a.xlsx", bytes, Bounds::default())?)
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook with one sheet of the given rows.
fn raw(rows: &str) -> Vec<u8> {
    zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        (
            "xl/workbook.xml",
            br#"<workbook xmlns:r="r"><sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").as_bytes()),
    ])
}

#[test]
fn numbers_keep_their_decimal_text() {
    for (text, expected) in [
        ("0.05", "0.05"),
        ("5.0000000000000003E-2", "0.05"),
        ("0.30000000000000004", "0.3"),
        ("0.99999999999999999", "1"),
        ("6.5000000000000002E-2", "0.065"),
        ("1E3", "1000"),
        ("-12.50", "-12.5"),
        ("0", "0"),
        ("0012", "12"),
        ("123456789012345678", "123456789012346000"),
    ] {
        assert_eq!(number::plain(text).as_deref(), Some(expected), "{text}");
    }
    for text in ["", ".", "1e999", "1e-999", "NaN", "1,5", "--1", "1e", "0x1"] {
        assert_eq!(number::plain(text), None, "{text}");
    }
    assert_eq!(number::shifted("0.165", 2).as_deref(), Some("16.5"));
}

#[test]
fn days_count_from_two_beginnings() {
    let day = |serial, from_1904| number::day(serial, from_1904).map(|d| d.to_string());
    assert_eq!(day("46023", false).as_deref(), Some("2026-01-01"));
    assert_eq!(day("44561", true).as_deref(), Some("2026-01-01"));
    assert_eq!(day("46023.5", false), None, "with a time of day");
    assert_eq!(day("60", false), None, "the day that never was");
    assert_eq!(day("99999999999", false), None);
}

#[test]
fn formats_are_told_by_their_code() {
    for (code, expected) in [
        ("0.00%", Format::Percent),
        ("0\"%\"", Format::Number),
        ("yyyy-mm-dd", Format::Date),
        ("[$-409]d mmm yyyy;@", Format::Date),
        ("\"day\" 0", Format::Number),
        ("@", Format::Text),
        ("General", Format::General),
    ] {
        assert_eq!(format_of_code(code), expected, "{code}");
    }
}

fn format_of_code(code: &str) -> Format {
    let mut book = Workbook::new();
    let style = Style::new().set_num_format(code);
    book.add_worksheet().write_number_with_format(0, 0, 45000, &style).unwrap();
    let tables = read(&book.save_to_buffer().unwrap()).unwrap();
    tables[0].rows[0].cells[&0].format
}

#[test]
fn reads_what_a_spreadsheet_program_writes() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Tarif & Co <1>").unwrap();
    sheet.write_string(0, 0, "0101.21 & <x>").unwrap();
    sheet.write_number_with_format(1, 0, 5, &Style::new().set_num_format("0%")).unwrap();
    sheet.write_boolean(1, 1, true).unwrap();
    sheet.write_formula(2, 0, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.merge_range(4, 0, 5, 1, "two", &Style::new()).unwrap();
    sheet.write_string(7, 0, "hidden").unwrap();
    sheet.set_row_hidden(7).unwrap();
    sheet.set_column_hidden(3).unwrap();
    let tables = read(&book.save_to_buffer().unwrap()).unwrap();
    let table = &tables[0];
    assert_eq!(table.name, "Tarif & Co <1>");
    assert_eq!(table.rows[0].cells[&0].value, Value::Text("0101.21 & <x>".into()));
    assert_eq!(table.rows[1].cells[&0].value.shown(Format::Percent), "500 %");
    assert_eq!(table.rows[1].cells[&1].value, Value::Bool(true));
    assert_eq!(
        table.rows[2].cells[&0],
        Cell { value: Value::Number("2".into()), format: Format::General, computed: true }
    );
    assert_eq!(table.merged, [Merged { top: 5, bottom: 6, left: 0, right: 1 }]);
    let hidden: Vec<u64> = table.rows.iter().filter(|r| r.hidden).map(|r| r.number).collect();
    assert_eq!(hidden, [8]);
    assert!(table.column_hidden(3) && !table.column_hidden(2));
}

#[test]
fn a_formula_without_a_value_is_told() {
    let tables = read(&raw(r#"<row r="2"><c r="B2"><f>A1*2</f></c><c r="C2"><f>A1</f><v>7</v></c></row>"#)).unwrap();
    let row = &tables[0].rows[0];
    assert_eq!((row.number, &row.cells[&1].value), (2, &Value::Formula));
    assert_eq!(row.cells[&2].value, Value::Number("7".into()));
}

#[test]
fn an_archive_is_bounded() {
    let bomb = zipped(&[("a", &vec![0u8; 1 << 20])]);
    assert!(bomb.len() < 1 << 12);
    let error = unpack("bomb.zip", &bomb, Bounds { entries: 2, unpacked: 1 << 16, ..Bounds::default() }).unwrap_err();
    assert!(matches!(error, ImportError::TooLarge { limit: 65_536, .. }), "{error}");
    let many = zipped(&[("a", b""), ("b", b""), ("c", b"")]);
    let error = unpack("many.zip", &many, Bounds { entries: 2, unpacked: 1 << 16, ..Bounds::default() }).unwrap_err();
    assert!(error.to_string().contains("number of files"), "{error}");
}

#[test]
fn damaged_workbooks_are_refused() {
    for bytes in [b"".to_vec(), b"PK\x03\x04garbage".to_vec(), zipped(&[("a.txt", b"x")])] {
        assert!(read(&bytes).is_err());
    }
    for rows in [
        r#"<row r="1"><c r="A1"><v>1</v></c>"#,
        r#"<row r="0x"/>"#,
        r#"<row r="99999999999"><c><v>1</v></c></row>"#,
        r#"<row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row>"#,
        r#"<row r="1"><c r="XFD1"><v>1</v></c></row>"#,
        &"<a>".repeat(100),
    ] {
        assert!(read(&raw(rows)).is_err(), "{rows}");
    }
}

#[test]
fn a_count_in_the_file_decides_no_size() {
    let mut files =
        unpack("a.xlsx", &raw(r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#), Bounds::default()).unwrap();
    files.push(File {
        name: "xl/sharedStrings.xml".into(),
        bytes: br#"<sst uniqueCount="18446744073709551615"><si><t>a</t></si></sst>"#.to_vec(),
    });
    assert_eq!(tables("a.xlsx", &files).unwrap()[0].rows[0].cells[&0].value, Value::Text("a".into()));
}

#[test]
fn csv_is_text_in_utf_8() {
    let table = csv_table("folder/Measures.csv", b"\xef\xbb\xbfCode,Duty\n0101,\"5 %\"\n").unwrap();
    assert_eq!(table.name, "Measures");
    assert_eq!(table.rows[0].cells[&0].value, Value::Text("Code".into()));
    assert_eq!((table.rows[1].number, &table.rows[1].cells[&1].value), (2, &Value::Text("5 %".into())));
    assert!(csv_table("a.csv", b"caf\xe9").is_err());
    assert!(csv_table("a.csv", &b",".repeat(2000)).is_err());
}
