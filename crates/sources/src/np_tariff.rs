//! Nepal: the customs tariff, with the general duty and the duty for countries of SAARC.
//!
//! Columns `hs_code, heading, heading_description, group_path, description, unit, duty_saarc, duty_general, ldc_rate,
//! source_page`. A duty is a plain number of percent; anything else is refused.

use crate::common::{Rest, fact, line, measure, official, places, plain, put};
use crate::table::{Layout, Row, Table};
use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::edition::{Edition, Program};
use tidewaiter::record::{MeasureKind, Written};

/// What the file does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// First day on which the tariff was published.
    pub known_from: Date,
    /// First day on which its duties are in force, where known.
    pub from: Option<Date>,
    /// Whether rows that are not understood are left out and named in a fact, rather than refused.
    pub accept_rest: bool,
}

const COLUMNS: &[&str] = &[
    "hs_code",
    "heading",
    "heading_description",
    "group_path",
    "description",
    "unit",
    "duty_saarc",
    "duty_general",
    "ldc_rate",
    "source_page",
];

/// Reads the tariff.
///
/// # Errors
/// Where the file cannot be read or has other columns.
pub fn import(
    source: Source,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let mut table = Table::open(source, &Layout::comma(COLUMNS))?;
    let publisher = "Department of Customs, Nepal";
    let mut cited = fact(
        "np.tariff",
        "Customs duty by code: the general rate, and the rate for goods of SAARC countries.",
        publisher,
        "Customs tariff",
        Some(options.known_from),
    );
    cited.note = Some("Read from a copy made from the printed tariff; a duty is a number of percent.".into());
    put(out, account, Entry::Fact(cited))?;
    put(
        out,
        account,
        Entry::Program(Program {
            key: "np.SAARC".into(),
            name: "South Asian Association for Regional Cooperation".into(),
            origin: places(&["AF", "BD", "BT", "IN", "LK", "MV", "PK"]),
            proof: Some("Certificate of origin".into()),
            from: None,
            before: None,
            cites: vec!["np.tariff".into()],
            note: Some("The column names the group; its members are those of SAARC without Nepal.".into()),
        }),
    )?;
    let name = table.name().to_owned();
    let mut rest = Rest::new(options.accept_rest);
    let mut seen = BTreeSet::new();
    while let Some(row) = table.next_or("line", &mut rest, account)? {
        let code = row.get(0).replace('.', "");
        match check(&row, &code, &mut seen) {
            Err((column, expected)) => {
                let found = row.get(column).to_owned();
                rest.refuse(account, (&name, row.number, COLUMNS[column]), &found, expected, Some(&code));
            }
            Ok(()) => write(&row, &code, options, out, account)?,
        }
    }
    rest.finish("np.tariff.missing", publisher, &seen, out, account)?;
    Ok(Edition {
        authority: publisher.into(),
        territory: Some("NP".into()),
        currency: Some("NPR".into()),
        title: "Customs tariff of Nepal".into(),
        format: "np-tariff".into(),
        nomenclature: Some("HS 2022".into()),
        known_from: options.known_from,
        files: vec![table.finish()?],
        ..Edition::default()
    })
}

fn check(row: &Row, code: &str, seen: &mut BTreeSet<String>) -> Result<(), (usize, &'static str)> {
    if code.len() != 8 || code.bytes().any(|byte| !byte.is_ascii_digit()) {
        return Err((0, "eight digits such as 0101.21.00"));
    }
    if row.get(1).replace('.', "") != code[..4] {
        return Err((1, "the heading of the code"));
    }
    if row.get(4).is_empty() {
        return Err((4, "a description"));
    }
    if unit(row.get(5)).is_none() {
        return Err((5, "nos or kg, or another unit that is known"));
    }
    for column in [6, 7] {
        if plain(row.get(column)).is_none() {
            return Err((column, "a plain number of percent"));
        }
    }
    if !row.get(8).is_empty() && plain(row.get(8)).is_none() {
        return Err((8, "nothing, or a plain number of percent"));
    }
    if !seen.insert(code.to_owned()) {
        return Err((0, "each code once"));
    }
    Ok(())
}

fn write(
    row: &Row,
    code: &str,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    let mut entry = line(code.to_owned());
    entry.declarable = true;
    entry.units = unit(row.get(5)).map(str::to_owned).into_iter().collect();
    let parts: Vec<&str> =
        [2, 3, 4].map(|column| row.get(column)).into_iter().filter(|text| !text.is_empty()).collect();
    entry.description = BTreeMap::from([("en".to_owned(), parts.join(" - "))]);
    entry.from = options.from;
    entry.note = Some(format!("Page {} of the tariff.", row.get(9))).filter(|_| !row.get(9).is_empty());
    put(out, account, Entry::Line(entry))?;
    for (column, kind, program) in [
        (7, MeasureKind::ThirdCountry, None),
        (6, MeasureKind::Preference, Some("np.SAARC")),
        (8, MeasureKind::Preference, Some("np.LDC")),
    ] {
        let Some(percent) = plain(row.get(column)) else { continue };
        let mut duty = measure(code, kind, "np.tariff");
        duty.amount = Some(Written::Words(format!("{percent} %")));
        duty.program = program.map(|program| places(&[program]));
        duty.from = options.from;
        duty.official = official(row.get(column));
        put(out, account, Entry::Measure(duty))?;
    }
    Ok(())
}

fn unit(text: &str) -> Option<&'static str> {
    Some(match text {
        "nos" | "Nos" | "nos." => "item",
        "kg" | "Kg" => "kg",
        "ltr" | "Ltr" => "l",
        "pair" | "Pair" => "pair",
        "sq.m" | "sqm" => "m2",
        "cu.m" | "cum" => "m3",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn read(rows: &str, accept_rest: bool) -> (Account, Vec<Entry>) {
        let text = format!("{}\n{rows}", COLUMNS.join(","));
        let source = Source::new("np.csv", std::io::Cursor::new(text.into_bytes()), Limits::default()).unwrap();
        let options = Options { known_from: Date::constant(2026, 7, 1), from: None, accept_rest };
        let (mut account, mut out) = (Account::default(), Vec::new());
        import(source, &options, &mut out, &mut account).unwrap();
        (account, out)
    }

    const ROWS: &str = "0101.21.00,01.01,Live horses,Horses,Pure-bred,nos,6,10,,1\n\
        2203.00.00,22.03,Beer,,In cans,ltr,,Rs. 240 per ltr,,40\n\
        0101.21.0,01.01,x,,x,nos,6,10,,1\n0101.29.00,02.01,x,,x,nos,6,10,,1\n0101.29.00,01.01,x,,,nos,6,10,,1\n\
        0101.29.00,01.01,x,,x,dozen,6,10,,1\n0101.29.00,01.01,x,,x,nos,6,10,x,1\n0101.21.00,01.01,x,,x,nos,6,10,,1\n";

    #[test]
    fn strict() {
        let (account, out) = read(ROWS, false);
        assert_eq!((account.read["line"], account.made["line"], account.refused), (8, 1, 7));
        assert!(
            matches!(&out[4], Entry::Measure(m) if m.kind == MeasureKind::Preference && m.program == Some(places(&["np.SAARC"])))
        );
        let beer = &account.refusals[0];
        assert_eq!((beer.row, beer.column.as_str()), (3, "duty_saarc"));
    }

    #[test]
    fn the_rest_on_request() {
        let (account, out) = read(ROWS, true);
        assert!(account.is_clean());
        assert_eq!((account.left_out.values().sum::<u64>(), account.refusals.len()), (7, 7));
        assert!(
            out.iter().any(
                |e| matches!(e, Entry::Fact(f) if f.key == "np.tariff.missing" && f.statement.contains("22030000"))
            )
        );
    }
}
