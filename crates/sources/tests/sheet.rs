//! The rate sheet: the template, a sheet filled in for a country that does not exist and priced by hand, and every slip
//! that is refused or warned of.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use tidewaiter::quote::document::{Outcome, Quote};
use tidewaiter::ratebook::compile::{World, compile, read_economy};
use tidewaiter::{Decimal, Ratebook};
use tidewaiter_sources::sheet::{self, Kind, Options, RateSheet, template};
use tidewaiter_sources::workbook::{self, Bounds};
use tidewaiter_sources::{Account, Entry, ImportError, Limits, Source};

/// A cell as an officer leaves it.
#[derive(Clone, Copy)]
enum Cell {
    T(&'static str),
    /// A number.
    N(i32),
    /// Five hundredths, shown as a percentage.
    FivePercent,
    /// A date.
    D(&'static str),
    /// A formula and its stored value.
    F(&'static str),
    /// Nothing.
    O,
}
use Cell::{D, F, FivePercent, N, O, T};

type Rows = BTreeMap<&'static str, Vec<Vec<Cell>>>;

/// The world of the tests: a country that does not exist, some that do, and its currency.
fn world() -> World {
    World {
        territories: toml::from_str(
            "territory = [
              { code = 'QZ9', name = 'Fictional Q', kind = 'country', currency = 'XQD' },
              { code = 'XX', name = 'Examples', kind = 'country', currency = 'XTS' },
              { code = 'KE', name = 'Kenya', kind = 'country' }, { code = 'UG', name = 'Uganda', kind = 'country' },
              { code = 'VN', name = 'Viet Nam', kind = 'country' }, { code = 'TZ', name = 'Tanzania', kind = 'country' } ]",
        )
        .unwrap(),
        currencies: toml::from_str(
            "currency = [ { code = 'XQD', name = 'Q dollar', minor = 2 }, { code = 'XTS', name = 'Test', minor = 2 }, { code = 'USD', name = 'Dollar', minor = 2 } ]",
        )
        .unwrap(),
        ..World::default()
    }
}

fn about() -> Vec<Vec<Cell>> {
    [
        ("Authority", T("Customs of Q")),
        ("Territory", T("QZ9")),
        ("Currency", T("XQD")),
        ("Title", T("Tariff of Q 2026")),
        ("Legal reference", T("Customs Act of Q, 2025")),
        ("Issued", D("2025-11-30")),
        ("Known from", D("2025-12-01")),
        ("Nomenclature", T("HS 2022")),
        ("Duty is charged on", T("goods + freight + insurance")),
        ("Tax name", T("VAT")),
        ("Tax kind", T("VAT")),
        ("Tax is charged on", T("goods + freight + insurance + duty + excise")),
    ]
    .into_iter()
    .map(|(field, answer)| vec![T(field), answer])
    .collect()
}

fn measures() -> Vec<Vec<Cell>> {
    let e = O;
    vec![
        vec![T("6109"), T("third-country"), T("12%")],
        vec![T("6109.10"), T("preference"), FivePercent, e, T("partners"), e, T("PTA"), T("certificate of origin")],
        vec![T("6402"), T("third-country"), T("max(10 %, 1.50 XQD per pair)")],
        vec![T("64 02"), T("anti-dumping"), N(8), T("%"), T("VN")],
        vec![N(2402), T("third-country"), T("20 %")],
        vec![T("2402"), T("excise"), T("2.40"), T("XQD per 1000 items")],
        vec![T("4901"), T("Third-Country"), T("0 %"), e, e, e, e, e, e, e, T("2026-01-01"), D("2026-12-31"), T("act")],
        vec![
            T("9301"),
            T("prohibition"),
            e,
            e,
            e,
            e,
            e,
            e,
            e,
            e,
            e,
            e,
            T("Arms Act, s. 3"),
            T("Military weapons may not be imported."),
        ],
        vec![T("0101.21"), T("control"), e, e, e, e, e, e, e, e, e, e, e, T("A veterinary certificate is required.")],
    ]
}

fn filled() -> Rows {
    let e = O;
    Rows::from([
        ("About", about()),
        ("Measures", measures()),
        (
            "Rates",
            vec![
                vec![T("standard"), T("16 %"), e, e, e, D("2026-06-30")],
                vec![T("standard"), T("18 %"), e, e, D("2026-07-01")],
                vec![T("zero"), T("0 %"), T("4901, 49.02"), T("books")],
            ],
        ),
        (
            "Thresholds",
            vec![
                vec![
                    T("duty"),
                    N(150),
                    T("XQD"),
                    T("yes"),
                    T("goods"),
                    T("consignment"),
                    T("free"),
                    T("normal"),
                    T("22, 24"),
                ],
                vec![T("tax"), N(20), T("XQD"), T("No"), T("goods"), T("consignment"), T("free"), T("normal")],
            ],
        ),
        (
            "Fees",
            vec![
                vec![T("Customs processing fee"), T("2 XQD"), T("consignment"), T("customs")],
                vec![T("Postal clearance"), T("1.50 XQD"), T("parcel"), T("carrier"), T("channel is post")],
            ],
        ),
        ("Areas", vec![vec![T("partners"), T("Partners"), T("KE")], vec![T("partners"), e, T("UG"), D("2026-07-01")]]),
        (
            "Sources",
            vec![vec![T("act"), T("Parliament of Q"), T("Books Act"), T("https://example.org/act"), D("2024-05-05")]],
        ),
    ])
}

/// Headings of every sheet, from the template itself.
fn headings() -> Vec<(String, Vec<String>)> {
    let bytes = template(Kind::Xlsx).unwrap();
    let files = workbook::unpack("t.xlsx", &bytes, Bounds::default()).unwrap();
    let tables = workbook::tables("t.xlsx", &files).unwrap();
    tables
        .into_iter()
        .filter(|t| t.name != "Read me" && t.name != "Examples")
        .map(|t| (t.name.clone(), t.rows[0].cells.values().map(|c| c.value.shown(c.format)).collect()))
        .collect()
}

fn xlsx_with(rows: &Rows, change: impl Fn(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    let percent = Format::new().set_num_format("0.0%");
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for (name, heads) in headings() {
        let sheet = book.add_worksheet();
        sheet.set_name(&name).unwrap();
        for (at, head) in (0u16..).zip(&heads) {
            sheet.write_string(0, at, head).unwrap();
        }
        for (row, cells) in (1u32..).zip(rows.get(name.as_str()).into_iter().flatten()) {
            for (at, cell) in (0u16..).zip(cells) {
                match cell {
                    T(text) => {
                        let _ = sheet.write_string(row, at, *text).unwrap();
                    }
                    N(n) => {
                        let _ = sheet.write_number(row, at, *n).unwrap();
                    }
                    FivePercent => {
                        let _ = sheet.write_number_with_format(row, at, 0.05, &percent).unwrap();
                    }
                    D(day) => {
                        let day = ExcelDateTime::parse_from_str(day).unwrap();
                        sheet.write_datetime_with_format(row, at, &day, &date).unwrap();
                    }
                    F(value) => {
                        let _ = sheet.write_formula(row, at, Formula::new("=A1").set_result(*value)).unwrap();
                    }
                    O => {}
                }
            }
        }
    }
    change(&mut book);
    book.save_to_buffer().unwrap()
}

/// The files of an archive, packed again.
fn packed(files: &[workbook::File]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        zip.start_file(file.name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&file.bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn xlsx(rows: &Rows) -> Vec<u8> {
    xlsx_with(rows, |_| {})
}

fn read_bytes(bytes: Vec<u8>) -> (Result<RateSheet, ImportError>, Account) {
    let world = world();
    let options = Options { world: Some(&world), ..Options::default() };
    let mut account = Account::default();
    let source = Source::new("rates.xlsx", Cursor::new(bytes), Limits::default()).unwrap();
    (sheet::read(vec![source], &options, &mut account), account)
}

fn read(rows: &Rows) -> (RateSheet, Account) {
    let (sheet, account) = read_bytes(xlsx(rows));
    (sheet.unwrap(), account)
}

fn refusals(rows: &Rows) -> Vec<String> {
    read(rows).1.refusals.iter().map(ToString::to_string).collect()
}

fn book(sheet: &RateSheet) -> Ratebook {
    let economy = sheet.economy().unwrap_or_else(|r| panic!("{r:#?}"));
    let text = sheet::economy_toml(&economy).unwrap();
    let file = read_economy("QZ9.toml", &text).unwrap_or_else(|p| panic!("{p}\n{text}"));
    assert_eq!(file.economy, economy, "what is written reads back");
    Ratebook::from_vec(compile(&world(), &[file]).unwrap_or_else(|p| panic!("{p:#?}\n{text}"))).unwrap()
}

fn quote(book: &Ratebook, date: &str, from: &str, more: &str, items: &str) -> Quote {
    let asked = format!(
        r#"{{"from":"{from}","to":"QZ9","date":"{date}","currency":"XQD",{more}"channel":"express","items":[{items}]}}"#
    );
    book.quote(&serde_json::from_str(&asked).unwrap_or_else(|e| panic!("{e}: {asked}")))
        .unwrap_or_else(|e| panic!("{e}"))
}

/// Charges and total against what was computed by hand.
fn expect(quote: &Quote, charges: &[(&str, &str)], total: &str) {
    let number = |text: &str| text.parse::<Decimal>().unwrap();
    assert_eq!(quote.outcome, Outcome::Amount, "{:?} {:?}", quote.missing, quote.messages);
    for (key, amount) in charges {
        let found = quote.charges.iter().find(|c| c.key == *key).map(|c| c.sum.least);
        assert_eq!(
            found,
            Some(number(amount)),
            "{key}: {:?}",
            quote.charges.iter().map(|c| (&c.key, c.sum.least)).collect::<Vec<_>>()
        );
    }
    assert_eq!(quote.total.least, number(total));
}

const SHIRTS: &str = r#"{"code":"6109.10","origin":"VN","quantity":"3","price":"60"}"#;

#[test]
fn a_country_is_priced_from_a_sheet_alone() {
    let (sheet, account) = read(&filled());
    assert_eq!(account.refusals, []);
    let book = book(&sheet);
    let freight = r#""freight":"10","#;
    // 180 of goods, above 150: 12 % of 190; VAT 16 % of 212.80 = 34.048; fee 2.
    let q = quote(&book, "2026-05-10", "VN", freight, SHIRTS);
    expect(&q, &[("qz9.duty", "22.80"), ("qz9.tax", "34.05"), ("qz9.customs_processing_fee", "2")], "58.85");
    // Exactly 150 is free of duty (the limit is included): VAT 16 % of 160.
    let q = quote(&book, "2026-05-10", "VN", freight, &SHIRTS.replace("60", "50"));
    expect(&q, &[("qz9.duty", "0"), ("qz9.tax", "25.60")], "27.60");
    // Exactly 20 is taxed (that limit is not included), a cent less is not.
    let one = r#"{"code":"6109.10","origin":"VN","price":"20"}"#;
    expect(&quote(&book, "2026-05-10", "VN", "", one), &[("qz9.tax", "3.20")], "5.20");
    expect(&quote(&book, "2026-05-10", "VN", "", &one.replace("20", "19.99")), &[("qz9.tax", "0")], "2");
    // The new rate on its first day: 18 % of 212.80 = 38.304.
    expect(&quote(&book, "2026-07-01", "VN", freight, SHIRTS), &[("qz9.tax", "38.30")], "63.10");
    expect(&quote(&book, "2026-06-30", "VN", freight, SHIRTS), &[("qz9.tax", "34.05")], "58.85");
}

#[test]
fn measures_of_every_family_are_priced() {
    let book = book(&read(&filled()).0);
    // Ten pairs at 20: the larger of 10 % of 200 and 15.00; 8 % anti-dumping; VAT 16 % of 220; fee 2.
    let shoes = r#"{"code":"6402","origin":"VN","quantity":"10","price":"20","quantities":{"pair":"1"}}"#;
    let q = quote(&book, "2026-05-10", "VN", "", shoes);
    expect(&q, &[("qz9.duty", "20"), ("qz9.anti-dumping", "16"), ("qz9.tax", "35.20")], "73.20");
    // A thousand pieces for 100: the relief is not for chapter 24. 20 %; excise 2.40; VAT 16 % of 122.40 = 19.584.
    let tobacco = r#"{"code":"2402","origin":"VN","quantity":"1000","price":"0.10"}"#;
    let q = quote(&book, "2026-05-10", "VN", "", tobacco);
    expect(&q, &[("qz9.duty", "20"), ("qz9.excise", "2.40"), ("qz9.tax", "19.58")], "43.98");
    // Books: no duty, VAT of nothing, the fee.
    let books = r#"{"code":"4901","origin":"VN","price":"200"}"#;
    expect(&quote(&book, "2026-05-10", "VN", "", books), &[("qz9.duty", "0"), ("qz9.tax", "0")], "2");
    let arms = r#"{"code":"9301","origin":"VN","price":"200"}"#;
    assert_eq!(quote(&book, "2026-05-10", "VN", "", arms).outcome, Outcome::Prohibited);
    // By post the carrier takes 1.50 more.
    let asked = format!(
        r#"{{"from":"VN","to":"QZ9","date":"2026-05-10","currency":"XQD","channel":"post","items":[{books}]}}"#
    );
    expect(&book.quote(&serde_json::from_str(&asked).unwrap()).unwrap(), &[("qz9.postal_clearance", "1.50")], "3.50");
}

#[test]
fn a_preference_follows_the_days_of_its_members() {
    let book = book(&read(&filled()).0);
    let claimed = |origin: &str| {
        SHIRTS
            .replace("VN", origin)
            .replace("\"price\"", "\"claims\":[{\"program\":\"PTA\",\"proof\":\"certificate\"}],\"price\"")
    };
    let ask = |date: &str, origin: &str| quote(&book, date, origin, r#""freight":"10","#, &claimed(origin));
    // 5 % of 190 = 9.50, from a cell that holds 0.05 and shows a percentage; VAT 18 % of 199.50 = 35.91; fee 2.
    expect(&ask("2026-08-01", "KE"), &[("qz9.duty", "9.50"), ("qz9.tax", "35.91")], "47.41");
    expect(&ask("2026-07-01", "UG"), &[("qz9.duty", "9.50")], "47.41");
    // Not yet a member: 12 %.
    expect(&ask("2026-06-30", "UG"), &[("qz9.duty", "22.80")], "58.85");
}

#[test]
fn the_records_say_what_the_rows_say() {
    let (sheet, account) = read(&filled());
    assert_eq!(sheet.edition.territory.as_deref(), Some("QZ9"));
    assert_eq!(sheet.edition.known_from.to_string(), "2025-12-01");
    let made: Vec<(&str, u64)> = account.made.iter().map(|(k, n)| (k.as_str(), *n)).collect();
    assert_eq!(
        made,
        [
            ("area", 1),
            ("area member", 2),
            ("fact", 3),
            ("fee", 2),
            ("measure", 9),
            ("program", 1),
            ("rate", 2),
            ("threshold", 2)
        ]
    );
    let measures: Vec<_> =
        sheet.entries.iter().filter_map(|e| if let Entry::Measure(m) = e { Some(m) } else { None }).collect();
    let json = |at: usize| serde_json::to_value(measures[at]).unwrap();
    assert_eq!(json(1)["amount"], "5 %");
    assert_eq!(json(1)["program"], "PTA");
    assert_eq!(json(3)["amount"], "8 %");
    assert_eq!((json(6)["before"].as_str(), json(6)["cites"][0].as_str()), (Some("2027-01-01"), Some("qz9.act")));
    assert_eq!((json(7)["outcome"].as_str(), json(7)["cites"][0].as_str()), (Some("prohibited"), Some("qz9.act.1")));
    assert_eq!(
        (json(8)["code"].as_str(), json(8)["note"].as_str()),
        (Some("010121"), Some("A veterinary certificate is required."))
    );
    for measure in measures {
        if let Some(tidewaiter::record::Written::Words(words)) = &measure.amount {
            tidewaiter::record::grammar::amount(words).unwrap();
        }
    }
    // Facts come before what cites them.
    let first = sheet.entries.iter().position(|e| !matches!(e, Entry::Fact(_))).unwrap();
    assert!(sheet.entries[first..].iter().all(|e| !matches!(e, Entry::Fact(_))));
}

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

/// One measure row in place of those of the filled sheet.
fn one(row: Vec<Cell>) -> Rows {
    let mut rows = filled();
    rows.insert("Measures", vec![row]);
    rows
}

#[test]
fn slips_in_measures_are_refused_with_what_to_write() {
    let e = O;
    for (row, said) in [
        (
            vec![T("6109"), T("third-country"), N(5)],
            "Duty: \"5\": a percentage or a sum of money: write 5 % or 5 XQD per kg",
        ),
        (vec![T("6109"), T("third-country"), T("5")], "write 5 % or 5 XQD per kg"),
        (vec![T("6109"), T("third-country"), T("5,5 %")], "numbers take a point (12.5)"),
        (vec![T("6109"), T("third-country"), T("5 USX per kg")], "a currency of ISO 4217 in place of \"USX\""),
        (vec![T("6109"), T("third-country"), T("free")], "Duty: \"free\": 0 % where the goods are free"),
        (vec![T("6109"), T("third-country"), T("nil + 5 %")], "\"nil\" is no amount"),
        (vec![T("6109"), T("third-country"), T("tariff")], "\"tariff\" is no amount"),
        (vec![T("6109"), T("third-country"), T("5 %"), T("%")], "a number alone where Unit is filled"),
        (vec![T("6109"), T("third-country"), e], "the duty, such as 5 %; write 0 % where the goods are free"),
        (vec![T("6109"), T("thrid-country"), T("5 %")], "did you mean \"third-country\"?"),
        (vec![N(10121), T("third-country"), T("5 %")], "Code: \"10121\": the whole code, as text"),
        (vec![N(1012100), T("third-country"), T("5 %")], "Code: \"1012100\": the whole code, as text"),
        (vec![T("61x9"), T("third-country"), T("5 %")], "Code: \"61x9\""),
        (vec![D("2026-01-01"), T("third-country"), T("5 %")], "give the column the format Text"),
        (vec![e, T("third-country"), T("5 %")], "Code: a value"),
        (vec![T("6109"), T("third-country"), T("5 %"), e, T("Kenia")], "did you mean KE (Kenya)?"),
        (vec![T("6109"), T("third-country"), T("5 %"), e, T("ke")], "did you mean KE (Kenya)?"),
        (vec![T("6109"), T("third-country"), T("5 %"), e, T("partner")], "did you mean \"partners\"?"),
        (vec![T("6109"), T("preference"), T("5 %"), e, T("KE")], "Programme: the name under which a trader claims it"),
        (vec![T("6109"), T("prohibition")], "Note: what is required"),
        (vec![T("6109"), T("control"), T("5 %")], "nothing: this kind has no duty"),
        (vec![T("6109"), T("third-country"), T("5 %"), e, e, e, e, e, T("goods =< 5 XQD")], "write <="),
        (
            vec![T("6109"), T("third-country"), T("5 %"), e, e, e, e, e, e, e, T("01/02/2026")],
            "From: \"01/02/2026\": the date as 2026-07-01",
        ),
        (vec![T("6109"), T("third-country"), T("5 %"), e, e, e, e, e, e, e, N(46023)], "the cell shows a plain number"),
        (
            vec![T("6109"), T("third-country"), T("5 %"), e, e, e, e, e, e, e, D("2026-02-01"), D("2026-01-31")],
            "a day not before 2026-02-01",
        ),
        (vec![T("6109"), T("third-country"), T("5 %"), e, e, e, e, e, e, e, e, e, T("atc")], "did you mean \"act\"?"),
    ] {
        let all = refusals(&one(row));
        assert!(
            all.len() == 1 && all[0].starts_with("rates.xlsx, sheet Measures, row 2") && all[0].contains(said),
            "{said}: {all:#?}"
        );
    }
}

#[test]
fn one_row_for_one_thing_on_one_day() {
    let e = O;
    let rows = |first: Vec<Cell>, second: Vec<Cell>| {
        let mut rows = filled();
        rows.insert("Measures", vec![first, second]);
        refusals(&rows)
    };
    let duty = |rate, from, until| vec![T("6109"), T("third-country"), T(rate), e, e, e, e, e, e, e, from, until];
    assert!(
        rows(duty("5 %", e, e), duty("5 %", e, e))[0].contains("row 3, Code: \"6109\": one row: row 2 is the same")
    );
    assert!(rows(duty("5 %", e, e), duty("6 %", e, e))[0].contains("row 2 says something else"));
    assert!(
        rows(duty("5 %", e, D("2026-06-30")), duty("6 %", D("2026-06-30"), e))[0].contains("end the older with Until")
    );
    assert!(rows(duty("5 %", e, D("2026-06-30")), duty("6 %", D("2026-07-01"), e)).is_empty());
}

#[test]
fn slips_in_the_other_sheets_are_refused() {
    let e = O;
    let with = |sheet: &'static str, row: Vec<Cell>| {
        let mut rows = filled();
        rows.insert(sheet, vec![row]);
        refusals(&rows).into_iter().filter(|r| r.contains(&format!("sheet {sheet}"))).collect::<Vec<_>>()
    };
    let limit = |charge, limit, currency, inclusive, below, above| {
        vec![T(charge), limit, T(currency), inclusive, T("goods"), T("consignment"), T(below), T(above)]
    };
    for (sheet, row, said) in [
        ("Rates", vec![T("standard"), N(16)], "write 16 % or 16 XQD per kg"),
        ("Rates", vec![T("standard"), T("3 XQD")], "one percentage"),
        ("Rates", vec![T("zero"), T("0 %"), T("4901 4902")], "put a comma between two codes and no space inside one"),
        ("Rates", vec![T("standard"), T("16 %"), T("61")], "standard is for all goods of no other class"),
        ("Thresholds", limit("duty", T("1,500"), "XQD", T("yes"), "free", "normal"), "write 1500.50, not 1,500.50"),
        ("Thresholds", limit("duty", T("150 XQD"), "XQD", T("yes"), "free", "normal"), "without a currency"),
        ("Thresholds", limit("duty", N(150), "XQE", T("yes"), "free", "normal"), "did you mean"),
        ("Thresholds", limit("duty", N(150), "XQD", e, "free", "normal"), "Limit included: a value"),
        ("Thresholds", limit("duty", N(150), "XQD", T("maybe"), "free", "normal"), "one of: yes, no"),
        (
            "Thresholds",
            limit("duty", N(150), "XQD", T("yes"), "free", "only the part above"),
            "tax on the excess alone",
        ),
        ("Thresholds", limit("duty", N(150), "XQD", T("yes"), "10", "normal"), "write 10 % or 10 XQD"),
        ("Fees", vec![T("Fee"), T("2"), T("consignment"), T("customs")], "write 2 % or 2 XQD"),
        ("Fees", vec![T("Fee"), T("2 XQD"), T("box"), T("customs")], "one of: consignment, parcel, line, item"),
        ("Areas", vec![T("Partners"), e, T("KE")], "small letters"),
        ("Areas", vec![T("partners"), e, T("Kenya")], "did you mean KE (Kenya)?"),
        ("Sources", vec![T("The Act"), T("P"), T("T")], "a short name of small letters"),
        ("Sources", vec![T("act"), T("P"), T("T"), T("example.org")], "https://"),
        ("About", vec![T("Teritory"), T("QZ9")], "did you mean \"Territory\"?"),
        ("About", vec![T("Rounding"), T("to the cent")], "Rounding: \"to the cent\""),
    ] {
        let all = with(sheet, row);
        assert!(all.iter().any(|r| r.contains(said)), "{said}: {all:#?}");
    }
}

#[test]
fn what_cannot_be_seen_is_refused_or_warned_of() {
    let changed = |change: &dyn Fn(&mut Workbook)| {
        let (sheet, account) = read_bytes(xlsx_with(&filled(), change));
        let refused: Vec<String> = account.refusals.iter().map(ToString::to_string).collect();
        (sheet.unwrap().warnings.iter().map(ToString::to_string).collect::<Vec<_>>(), refused)
    };
    let (warned, refused) = changed(&|_| {});
    assert!(refused.is_empty() && warned.len() == 1, "{warned:#?}");
    assert!(warned[0].starts_with("W01 rates.xlsx, sheet Measures, row 6, Code"), "{warned:#?}");
    let (_, refused) = changed(&|b| {
        let _ = b.worksheet_from_name("Measures").unwrap().set_row_hidden(2).unwrap();
    });
    assert!(refused.iter().any(|r| r.contains("row 3: \"a hidden row\"")), "{refused:#?}");
    let (_, refused) = changed(&|b| {
        b.worksheet_from_name("Fees").unwrap().merge_range(1, 5, 2, 5, "x", &Format::new()).unwrap();
    });
    assert!(refused.iter().any(|r| r.contains("unmerge")), "{refused:#?}");
    let (_, refused) = changed(&|b| {
        let _ = b.worksheet_from_name("Fees").unwrap().write_string(1, 20, "stray").unwrap();
    });
    assert!(refused.iter().any(|r| r.contains("a column without a heading")), "{refused:#?}");
    let (_, refused) = changed(&|b| {
        let _ = b.worksheet_from_name("Fees").unwrap().write_string(0, 1, "Amuont").unwrap();
    });
    assert!(refused.iter().any(|r| r.contains("did you mean \"Amount\"?")), "{refused:#?}");
    // A formula whose value was never stored, as some programs leave it.
    let mut files =
        workbook::unpack("a.xlsx", &xlsx(&one(vec![T("6109"), T("third-country"), F("7")])), Bounds::default())
            .unwrap();
    let file = files.iter_mut().find(|f| f.name == "xl/worksheets/sheet2.xml").unwrap();
    file.bytes = String::from_utf8(std::mem::take(&mut file.bytes)).unwrap().replace("<v>7</v>", "").into_bytes();
    let refused = read_bytes(packed(&files)).1.refusals;
    assert!(refused.len() == 1 && refused[0].expected.contains("this formula has none stored"), "{refused:#?}");
    let (warned, refused) = changed(&|b| {
        let _ = b.worksheet_from_name("Measures").unwrap().set_column_hidden(4).unwrap();
        let _ = b.worksheet_from_name("Areas").unwrap().set_hidden(true);
        b.add_worksheet().set_name("Scratch").unwrap().write_string(0, 0, "x").unwrap();
        b.worksheet_from_name("Thresholds").unwrap().write_string(1, 1, "150").unwrap();
        b.worksheet_from_name("Rates").unwrap().write_formula(1, 1, Formula::new("=A1").set_result("16 %")).unwrap();
    });
    assert!(refused.is_empty(), "{refused:#?}");
    for number in ["W01", "W03", "W04", "W05", "W06", "W07"] {
        assert!(warned.iter().any(|w| w.starts_with(number)), "{number}: {warned:#?}");
    }
    let many = Format::new().set_num_format("0%");
    let (warned, _) = changed(&|b| {
        let _ = b.worksheet_from_name("Measures").unwrap().write_number_with_format(1, 2, 5, &many).unwrap();
    });
    assert!(warned.iter().any(|w| w.starts_with("W09") && w.contains("500 %")), "{warned:#?}");
    // A heading that is gone is told once, not in every row.
    let (_, refused) = changed(&|b| {
        let _ = b.worksheet_from_name("Measures").unwrap().write_string(0, 0, "Kode").unwrap();
    });
    assert!(refused.len() == 2 && refused[0].contains("did you mean \"Code\"?"), "{refused:#?}");
    let mut rows = one(vec![T("61091"), T("third-country"), T("5 %")]);
    rows.insert("Rates", vec![vec![T("reduced"), T("5 %"), T("49")]]);
    let warned: Vec<&str> = read(&rows).0.warnings.iter().map(|w| w.number).collect();
    assert_eq!(warned, ["W02", "W08"]);
}

#[test]
fn what_a_price_depends_on_must_be_said() {
    for field in ["Duty is charged on", "Tax is charged on", "Tax kind"] {
        let mut rows = filled();
        rows.get_mut("About").unwrap().retain(|r| !matches!(r[0], T(name) if name == field));
        let (sheet, account) = read(&rows);
        assert!(account.is_clean());
        let refused = sheet.economy().unwrap_err();
        assert!(refused.iter().all(|r| r.column == field && r.file.contains("About")), "{refused:#?}");
    }
}

#[test]
fn an_economy_is_made_only_of_a_clean_sheet() {
    let economy = |rows: &Rows| {
        let world = world();
        let options = Options { world: Some(&world), ..Options::default() };
        let mut account = Account::default();
        let source = Source::new("rates.xlsx", Cursor::new(xlsx(rows)), Limits::default()).unwrap();
        (sheet::economy(vec![source], &options, &mut account).unwrap(), account.refused)
    };
    let (made, refused) = economy(&filled());
    assert_eq!((made.unwrap().charge.len(), refused), (6, 0));
    let (made, refused) = economy(&one(vec![T("6109"), T("third-country"), N(5)]));
    assert_eq!((made, refused), (None, 1));
    let mut rows = filled();
    rows.get_mut("About").unwrap().retain(|r| !matches!(r[0], T("Tax kind")));
    assert_eq!(economy(&rows), (None, 1));
    // A limit for a charge that does not occur.
    for charge in ["excise", "additional duty"] {
        let mut rows = one(vec![T("6109"), T("third-country"), T("5 %")]);
        rows.get_mut("Thresholds").unwrap()[0][0] = T(charge);
        rows.get_mut("Thresholds").unwrap()[0][7] = T("normal");
        assert_eq!(economy(&rows), (None, 1), "{charge}");
    }
    // A percentage as a fee is of the value that is said, or of none.
    let mut rows = filled();
    rows.insert("Measures", Vec::new());
    rows.insert("Thresholds", Vec::new());
    rows.insert("Rates", Vec::new());
    rows.insert("Fees", vec![vec![T("Levy"), T("0.5 %"), T("consignment"), T("customs")]]);
    assert!(economy(&rows).0.is_some());
    rows.get_mut("About").unwrap().retain(|r| !matches!(r[0], T("Duty is charged on")));
    assert_eq!(economy(&rows), (None, 1));
}

#[test]
fn limits_can_step_cut_and_end_in_a_formal_entry() {
    let e = O;
    let row = |charge, limit, below, above| {
        vec![T(charge), N(limit), T("XQD"), T("yes"), T("goods"), T("consignment"), T(below), T(above), e]
    };
    let mut rows = filled();
    rows.insert(
        "Thresholds",
        vec![
            row("duty", 1000, "10 %", "formal entry"),
            row("duty", 150, "free", "normal"),
            row("tax", 100, "free", "only the part above"),
        ],
    );
    rows.insert("Fees", Vec::new());
    let (sheet, account) = read(&rows);
    assert_eq!(account.refusals, []);
    let book = book(&sheet);
    let shirts = |price: &str| format!(r#"{{"code":"6109.10","origin":"VN","price":"{price}"}}"#);
    // 400: 10 % in place of 12 %; VAT 16 % of (400 + 40 - 100).
    expect(&quote(&book, "2026-05-10", "VN", "", &shirts("400")), &[("qz9.duty", "40"), ("qz9.tax", "54.40")], "94.40");
    expect(&quote(&book, "2026-05-10", "VN", "", &shirts("100")), &[("qz9.duty", "0"), ("qz9.tax", "0")], "0");
    assert_eq!(quote(&book, "2026-05-10", "VN", "", &shirts("1000.01")).outcome, Outcome::FormalEntry);
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
