//! Which files and sheets are read: the template, CSV, damaged and renamed ones.

use crate::sheet::filled::*;
use rust_xlsxwriter::Workbook;
use std::io::{Cursor, Write};
use tidewaiter::ratebook::compile::{compile, read_economy};
use tidewaiter_sources::sheet::{self, Kind, Options, template};
use tidewaiter_sources::workbook::{self, Bounds};
use tidewaiter_sources::{Account, Limits, Source};

#[test]
fn the_template_and_its_examples() {
    let (blank, account) = read_bytes(template(Kind::Xlsx).unwrap());
    let said: Vec<String> = account.refusals.iter().map(ToString::to_string).collect();
    assert!(
        said.iter().all(|s| s.contains("sheet About")) && said.len() == 6,
        "only About is missing its answers: {said:#?}"
    );
    assert!(said[1].contains("row 3, Territory: an answer"), "{said:#?}");
    assert_eq!(blank.unwrap().warnings, []);
    let world = world();
    let options = Options { world: Some(&world), examples: true, ..Options::default() };
    let mut account = Account::default();
    let source = Source::new("t.xlsx", Cursor::new(template(Kind::Xlsx).unwrap()), Limits::default()).unwrap();
    let examples = sheet::read(vec![source], &options, &mut account).unwrap();
    assert_eq!((account.refusals.as_slice(), examples.warnings.as_slice()), (&[][..], &[][..]));
    assert_eq!(account.made["measure"], 7);
    let economy = examples.economy().unwrap();
    let file = read_economy("XX.json", &serde_json::to_string(&economy).unwrap()).unwrap();
    compile(&world, &[file]).unwrap_or_else(|p| panic!("{p:#?}"));
}

#[test]
fn the_same_from_csv_files() {
    let mut rows = filled();
    // What CSV cannot hold otherwise: dates and percentages are text there.
    for row in rows.values_mut().flatten() {
        for cell in row {
            match *cell {
                D(day) => *cell = T(day),
                FivePercent => *cell = T("5 %"),
                N(150) => *cell = T("150"),
                N(20) => *cell = T("20"),
                N(8) => *cell = T("8"),
                N(_) => *cell = T("2402"),
                _ => {}
            }
        }
    }
    let from_xlsx = read(&rows).0;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut sources = Vec::new();
    for (name, heads) in headings() {
        let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(b"\xef\xbb\xbf".to_vec());
        csv.write_record(&heads).unwrap();
        for row in rows.get(name.as_str()).into_iter().flatten() {
            csv.write_record(row.iter().map(|c| if let T(text) = c { *text } else { "" })).unwrap();
        }
        let bytes = csv.into_inner().unwrap();
        zip.start_file(format!("sheet/{name}.csv"), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
        sources.push(Source::new(&format!("{name}.csv"), Cursor::new(bytes), Limits::default()).unwrap());
    }
    let from_zip = read_bytes(zip.finish().unwrap().into_inner());
    assert_eq!(from_zip.1.refusals, []);
    assert_eq!(from_zip.0.unwrap().entries, from_xlsx.entries);
    let world = world();
    let options = Options { world: Some(&world), ..Options::default() };
    let mut entries = Vec::new();
    let edition = sheet::import(sources, &options, &mut entries, &mut Account::default()).unwrap();
    assert_eq!((entries, edition.files.len()), (from_xlsx.entries, 7));
    // The template as CSV reads as far as its answers go.
    let (_, account) = read_bytes(template(Kind::Csv).unwrap());
    assert!(account.refusals.iter().all(|r| r.file.contains("About.csv")), "{:#?}", account.refusals);
}

#[test]
fn other_files_are_not_read() {
    for bytes in
        [Vec::new(), b"garbage".to_vec(), b"PK\x03\x04".to_vec(), b"\xd0\xcf\x11\xe0old".to_vec(), vec![0xff; 100]]
    {
        assert!(read_bytes(bytes).0.is_err());
    }
    let good = xlsx(&filled());
    for cut in [10, 100, good.len() / 2, good.len() - 10] {
        assert!(read_bytes(good[..cut].to_vec()).0.is_err());
    }
    let old = read_bytes(b"\xd0\xcf\x11\xe0old".to_vec()).0.unwrap_err().to_string();
    assert!(old.contains("save it as"), "{old}");
}

/// Single bytes of a sound workbook changed: refused or read, never a panic.
#[test]
fn a_damaged_sheet_never_panics() {
    let files = workbook::unpack("a.xlsx", &xlsx(&filled()), Bounds::default()).unwrap();
    let world = world();
    let options = Options { world: Some(&world), ..Options::default() };
    let mut seed = 7u64;
    for _ in 0..150 {
        let mut files = files.clone();
        for _ in 0..3 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = (seed >> 33) as usize;
            let count = files.len();
            let file = &mut files[at % count].bytes;
            if !file.is_empty() {
                let place = (seed >> 13) as usize % file.len();
                file[place] = (seed >> 50) as u8;
            }
        }
        let source = Source::new("a.xlsx", Cursor::new(packed(&files)), Limits::default()).unwrap();
        if let Ok(sheet) = sheet::read(vec![source], &options, &mut Account::default()) {
            let _ = sheet.economy();
        }
    }
}

/// Another reader of workbooks sees the same cells as ours.
#[test]
fn calamine_reads_the_same() {
    use calamine::{Data, Reader as _, Xlsx};
    let bytes = xlsx(&filled());
    let mut theirs: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
    let ours = workbook::tables("a.xlsx", &workbook::unpack("a.xlsx", &bytes, Bounds::default()).unwrap()).unwrap();
    let mut compared = 0;
    for table in ours {
        let range = theirs.worksheet_range(&table.name).unwrap();
        for row in &table.rows {
            for (column, cell) in &row.cells {
                let text = match range.get_value((row.number as u32 - 1, *column)).unwrap() {
                    Data::DateTime(date) => {
                        let (y, m, d, ..) = date.to_ymd_hms_milli();
                        format!("{y}-{m:02}-{d:02}")
                    }
                    other => other.to_string(),
                };
                assert_eq!(cell.value.shown(workbook::Format::General), text);
                compared += 1;
            }
        }
    }
    assert!(compared > 150, "{compared}");
}

/// A workbook whose sheet has another name, with what is said of it.
fn renamed(from: &str, to: &str, rows: &Rows, change: impl Fn(&mut Workbook)) -> Vec<String> {
    let bytes = xlsx_with(rows, |b| {
        let _ = b.worksheet_from_name(from).unwrap().set_name(to).unwrap();
        change(b);
    });
    match read_bytes(bytes) {
        (Ok(_), account) => account.refusals.iter().map(ToString::to_string).collect(),
        (Err(error), _) => vec![error.to_string()],
    }
}

#[test]
fn a_sheet_under_another_name_is_refused() {
    let keep = |_: &mut Workbook| {};
    for (from, to, said) in [
        (
            "Measures",
            "Measure",
            "sheet Measure, row 1: \"Measure\": the form has no sheet of this name; did you mean Measures? Rename",
        ),
        ("Measures", "Duties", "its columns are those of Measures. Rename the sheet Measures"),
        ("Rates", "Taux", "its columns are those of Rates"),
        ("Areas", "Zonas", "its columns are those of Areas"),
        ("About", "A propos", "the sheet \"A propos\" must be called About"),
        ("About", "Abuot", "the sheet \"Abuot\" must be called About"),
    ] {
        let all = renamed(from, to, &filled(), keep);
        assert!(all.iter().any(|r| r.contains(said)), "{to}: {all:#?}");
    }
    // Headings in another language too: nothing tells what it is but that a sheet is missing.
    let all = renamed("Measures", "Droits", &filled(), |b| {
        let sheet = b.worksheet_from_name("Droits").unwrap();
        for at in 0..14 {
            sheet.write_string(0, at, format!("colonne {at}")).unwrap();
        }
    });
    assert!(all.len() == 1 && all[0].contains("its sheet Measures is missing"), "{all:#?}");
    // Spaces and capitals are no other name; a copy that was left behind is not read in silence.
    assert_eq!(renamed("Measures", " MEASURES\u{a0}", &filled(), keep), [""; 0]);
    let all = renamed("Measures", "Measures 2025", &filled(), |b| {
        b.add_worksheet().set_name("Measures").unwrap().write_row(0, 0, ["Code", "Kind"]).unwrap();
    });
    assert!(all.len() == 1 && all[0].contains("There is a sheet Measures already: move the rows into it"), "{all:#?}");
    // A renamed sheet without a row says nothing.
    let mut rows = filled();
    rows.insert("Fees", Vec::new());
    assert_eq!(renamed("Fees", "Charges", &rows, keep), [""; 0]);
}

#[test]
fn a_sheet_with_nothing_but_about_is_refused() {
    let files = [(
        "About.csv",
        "Field,Answer\nAuthority,Customs of Q\nTerritory,QZ9\nCurrency,XQD\nTitle,T\nLegal reference,Act\nKnown from,2026-01-01\n",
    )];
    let sources = files.map(|(name, text)| Source::new(name, Cursor::new(text.as_bytes()), Limits::default()).unwrap());
    let (world, mut account) = (world(), Account::default());
    let options = Options { world: Some(&world), ..Options::default() };
    sheet::read(sources.into(), &options, &mut account).unwrap();
    assert_eq!(account.refused, 1);
    assert!(account.refusals[0].expected.contains("Measures, Rates, Thresholds"), "{:?}", account.refusals);
}
