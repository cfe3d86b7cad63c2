//! A sheet filled in for a country that does not exist, and what is done with it.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use tidewaiter::quote::document::{Outcome, Quote};
use tidewaiter::ratebook::compile::{World, compile, read_economy};
use tidewaiter::{Decimal, Ratebook};
use tidewaiter_sources::sheet::{self, Kind, Options, RateSheet, template};
use tidewaiter_sources::workbook::{self, Bounds};
use tidewaiter_sources::{Account, ImportError, Limits, Source};

/// A cell as an officer leaves it.
#[derive(Clone, Copy)]
pub(crate) enum Cell {
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

pub(crate) use Cell::{D, F, FivePercent, N, O, T};

pub(crate) type Rows = BTreeMap<&'static str, Vec<Vec<Cell>>>;

/// The world of the tests: a country that does not exist, some that do, and its currency.
pub(crate) fn world() -> World {
    World {
        territories: toml::from_str(
            "territory = [
              { code = 'QZ9', name = 'Fictional Q', kind = 'country', currency = 'XQD' },
              { code = 'XX', name = 'Examples', kind = 'country', currency = 'XTS' },
              { code = 'KE', name = 'Kenya', kind = 'country' }, { code = 'UG', name = 'Uganda', kind = 'country' },
              { code = 'VN', name = 'Viet Nam', kind = 'country' }, { code = 'FI', name = 'Finland', kind = 'country' }, { code = 'GB', name = 'United Kingdom', kind = 'country' }, { code = 'TZ', name = 'Tanzania', kind = 'country' } ]",
        )
        .unwrap(),
        currencies: toml::from_str(
            "currency = [ { code = 'XQD', name = 'Q dollar', minor = 2 }, { code = 'XTS', name = 'Test', minor = 2 }, { code = 'USD', name = 'Dollar', minor = 2 } ]",
        )
        .unwrap(),
        ..World::default()
    }
}

pub(crate) fn about() -> Vec<Vec<Cell>> {
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

pub(crate) fn measures() -> Vec<Vec<Cell>> {
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

pub(crate) fn filled() -> Rows {
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
pub(crate) fn headings() -> Vec<(String, Vec<String>)> {
    let bytes = template(Kind::Xlsx).unwrap();
    let files = workbook::unpack("t.xlsx", &bytes, Bounds::default()).unwrap();
    let tables = workbook::tables("t.xlsx", &files).unwrap();
    tables
        .into_iter()
        .filter(|t| t.name != "Read me" && t.name != "Examples")
        .map(|t| (t.name.clone(), t.rows[0].cells.values().map(|c| c.value.shown(c.format)).collect()))
        .collect()
}

pub(crate) fn xlsx_with(rows: &Rows, change: impl Fn(&mut Workbook)) -> Vec<u8> {
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
pub(crate) fn packed(files: &[workbook::File]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        zip.start_file(file.name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&file.bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) fn xlsx(rows: &Rows) -> Vec<u8> {
    xlsx_with(rows, |_| {})
}

pub(crate) fn read_bytes(bytes: Vec<u8>) -> (Result<RateSheet, ImportError>, Account) {
    let world = world();
    let options = Options { world: Some(&world), ..Options::default() };
    let mut account = Account::default();
    let source = Source::new("rates.xlsx", Cursor::new(bytes), Limits::default()).unwrap();
    (sheet::read(vec![source], &options, &mut account), account)
}

pub(crate) fn read(rows: &Rows) -> (RateSheet, Account) {
    let (sheet, account) = read_bytes(xlsx(rows));
    (sheet.unwrap(), account)
}

pub(crate) fn refusals(rows: &Rows) -> Vec<String> {
    read(rows).1.refusals.iter().map(ToString::to_string).collect()
}

pub(crate) fn book(sheet: &RateSheet) -> Ratebook {
    let economy = sheet.economy().unwrap_or_else(|r| panic!("{r:#?}"));
    let text = sheet::economy_toml(&economy).unwrap();
    let file = read_economy("QZ9.toml", &text).unwrap_or_else(|p| panic!("{p}\n{text}"));
    assert_eq!(file.economy, economy, "what is written reads back");
    Ratebook::from_vec(compile(&world(), &[file]).unwrap_or_else(|p| panic!("{p:#?}\n{text}"))).unwrap()
}

pub(crate) fn quote(book: &Ratebook, date: &str, from: &str, more: &str, items: &str) -> Quote {
    let asked = format!(
        r#"{{"from":"{from}","to":"QZ9","date":"{date}","currency":"XQD",{more}"channel":"express","items":[{items}]}}"#
    );
    book.quote(&serde_json::from_str(&asked).unwrap_or_else(|e| panic!("{e}: {asked}")))
        .unwrap_or_else(|e| panic!("{e}"))
}

/// Charges and total against what was computed by hand.
pub(crate) fn expect(quote: &Quote, charges: &[(&str, &str)], total: &str) {
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

pub(crate) const SHIRTS: &str = r#"{"code":"6109.10","origin":"VN","quantity":"3","price":"60"}"#;
