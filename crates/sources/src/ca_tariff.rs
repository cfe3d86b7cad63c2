//! Canada: the Customs Tariff as the table that the border agency publishes, 36 columns.
//!
//! A tariff item has eight digits and carries the duties; headings above it and statistical lines below it make lines of
//! the nomenclature. Each column of a tariff treatment is a preference that is claimed; blank means that there is none.

mod rates;

use crate::common::{Rest, fact, line, measure, official, put};
use crate::table::{Layout, Row, Table};
use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::edition::{Area, AreaMember, Edition, Program};
use tidewaiter::record::{Confidence, MeasureKind, Places, Written};

/// What the file does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// First day on which this revision was published.
    pub known_from: Date,
    /// Members of the groups that the table does not name: `GPT`, `LDCT`. Territories by the code of the column.
    pub members: BTreeMap<String, Vec<String>>,
    /// Whether rows that are not understood are left out and named in a fact, rather than refused.
    pub accept_rest: bool,
}

const COLUMNS: &[&str] = &[
    "TARIFF",
    "EFF_DATE",
    "CHANGE",
    "SUB_CHAP",
    "DESC1",
    "DESC2",
    "DESC3",
    "FOOTNOTE",
    "UOM",
    "MFN",
    "General Tariff",
    "AUT",
    "NZT",
    "CCCT",
    "LDCT",
    "GPT",
    "UST",
    "MXT",
    "CIAT",
    "CT",
    "CRT",
    "IT",
    "NT",
    "SLT",
    "PT",
    "COLT",
    "JT",
    "PAT",
    "HNT",
    "KRT",
    "CEUT",
    "CPTPT",
    "UKT",
    "UAT",
    "CPUKT",
    "row_id",
];
const MFN: usize = 9;
const GENERAL: usize = 10;
const FIRST_TREATMENT: usize = 11;
const ROW_ID: usize = 35;

/// Territories without most-favoured-nation treatment: the General Tariff applies to their goods.
const NO_MFN: &[&str] = &["BY", "KP", "RU"];

/// Tariff treatments: column, name, territories. Empty where the table and its law name no list here.
const TREATMENTS: [(&str, &str, &[&str]); 24] = [
    ("AUT", "Australia Tariff", &["AU"]),
    ("NZT", "New Zealand Tariff", &["NZ"]),
    (
        "CCCT",
        "Commonwealth Caribbean Countries Tariff",
        &["AI", "AG", "BS", "BB", "BM", "BZ", "VG", "KY", "DM", "GD", "GY", "JM", "MS", "KN", "LC", "VC", "TT", "TC"],
    ),
    ("LDCT", "Least Developed Country Tariff", &[]),
    ("GPT", "General Preferential Tariff", &[]),
    ("UST", "United States Tariff", &["US"]),
    ("MXT", "Mexico Tariff", &["MX"]),
    ("CIAT", "Canada-Israel Agreement Tariff", &["IL", "PS"]),
    ("CT", "Chile Tariff", &["CL"]),
    ("CRT", "Costa Rica Tariff", &["CR"]),
    ("IT", "Iceland Tariff", &["IS"]),
    ("NT", "Norway Tariff", &["NO"]),
    ("SLT", "Switzerland-Liechtenstein Tariff", &["CH", "LI"]),
    ("PT", "Peru Tariff", &["PE"]),
    ("COLT", "Colombia Tariff", &["CO"]),
    ("JT", "Jordan Tariff", &["JO"]),
    ("PAT", "Panama Tariff", &["PA"]),
    ("HNT", "Honduras Tariff", &["HN"]),
    ("KRT", "Korea Tariff", &["KR"]),
    ("CEUT", "Canada-European Union Tariff", &["EU"]),
    (
        "CPTPT",
        "Comprehensive and Progressive Trans-Pacific Partnership Tariff",
        &["AU", "BN", "CL", "JP", "MX", "MY", "NZ", "PE", "SG", "VN"],
    ),
    ("UKT", "United Kingdom Tariff", &["GB"]),
    ("UAT", "Ukraine Tariff", &["UA"]),
    ("CPUKT", "Comprehensive and Progressive Trans-Pacific Partnership Tariff, United Kingdom", &["GB"]),
];

/// Reads the table.
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
    declare(options, out, account)?;
    let name = table.name().to_owned();
    let mut rest = Rest::new(options.accept_rest);
    let mut seen = BTreeSet::new();
    // The tariff item above the statistical lines that follow: its code and its cells.
    let mut item: Option<(String, Vec<String>)> = None;
    while let Some(row) = table.next_or("line", &mut rest, account)? {
        let code = row.get(0).replace('.', "");
        match check(&row, &code, &mut seen) {
            Ok(read) => {
                if code.len() == 8 {
                    item = Some((code.clone(), row.cells.clone()));
                }
                write(&row, &code, read, item.as_ref(), out, account)?;
            }
            Err((column, expected)) => {
                let found = row.get(column).to_owned();
                rest.refuse(account, (&name, row.number, COLUMNS[column]), &found, expected, Some(&code));
            }
        }
    }
    rest.finish("ca.tariff.missing", PUBLISHER, &seen, out, account)?;
    Ok(Edition {
        authority: PUBLISHER.into(),
        territory: Some("CA".into()),
        currency: Some("CAD".into()),
        title: "Customs Tariff of Canada".into(),
        format: "ca-tariff".into(),
        nomenclature: Some("Customs Tariff".into()),
        known_from: options.known_from,
        licence: Some("Crown copyright, reuse with attribution".into()),
        files: vec![table.finish()?],
        ..Edition::default()
    })
}

const PUBLISHER: &str = "Canada Border Services Agency";

fn declare(options: &Options, out: &mut dyn Sink, account: &mut Account) -> Result<(), ImportError> {
    let mut tariff = fact(
        "ca.tariff",
        "Customs duty by tariff item: most-favoured-nation rate, General Tariff and every tariff treatment.",
        PUBLISHER,
        "Customs Tariff, table export",
        Some(options.known_from),
    );
    tariff.confidence = Confidence::High;
    put(out, account, Entry::Fact(tariff))?;
    let mut treatments = fact(
        "ca.treatments",
        "Which territories may claim which tariff treatment; goods of Belarus, North Korea and Russia pay the General Tariff.",
        PUBLISHER,
        "Customs Tariff, section 27 and the list of countries and applicable tariff treatments",
        None,
    );
    treatments.source.url =
        Some("https://cbsa-asfc.gc.ca/trade-commerce/tariff-tarif/2017/html/countries-pays-5-eng.html".into());
    treatments.note = Some(
        "The table names treatments, not countries. Those of one country follow from their names. The Caribbean group has \
         the 18 members that Canada reports to the WTO (WT/L/1065), named after the agency's list of 2017 and secondary \
         sources. Members of the General Preferential and Least Developed Country tariffs must be given to the import."
            .into(),
    );
    put(out, account, Entry::Fact(treatments))?;
    for (column, name, territories) in TREATMENTS {
        let given = options.members.get(column);
        let members: Vec<String> =
            given.cloned().unwrap_or_else(|| territories.iter().map(|code| (*code).to_owned()).collect());
        let origin = if members.len() == 1 {
            Places::One(members[0].clone())
        } else {
            let area = Area {
                code: format!("ca.{column}"),
                name: name.to_owned(),
                members: members
                    .into_iter()
                    .map(|territory| AreaMember { territory, from: None, before: None })
                    .collect(),
                from: None,
                before: None,
            };
            put(out, account, Entry::Area(area))?;
            Places::One(format!("ca.{column}"))
        };
        let unknown = territories.is_empty() && given.is_none();
        let program = Program {
            key: format!("ca.{column}"),
            name: name.to_owned(),
            origin,
            proof: Some("Proof of origin for the treatment, and direct shipment".into()),
            from: None,
            before: None,
            cites: vec!["ca.treatments".into()],
            note: unknown
                .then(|| "Its countries are not in the table and were not given: nobody is offered it.".into()),
        };
        if unknown {
            account.inexpressible("a tariff treatment whose countries are not in the table");
        }
        put(out, account, Entry::Program(program))?;
    }
    Ok(())
}

/// What the cells of a row say.
struct Read {
    from: Option<Date>,
    /// Column and duty in words, for those that are filled.
    duties: Vec<(usize, String)>,
}

fn check(row: &Row, code: &str, seen: &mut BTreeSet<String>) -> Result<Read, (usize, &'static str)> {
    let digits = (4..=10).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || row.get(0).starts_with('.') || row.get(0).ends_with('.') {
        return Err((0, "a code of four to ten digits with points, such as 0101.21.00"));
    }
    let from = match row.get(1) {
        "" => None,
        text => Some(month_day_year(text).ok_or((1, "a date such as 09/01/26 00:00:00, month first"))?),
    };
    if !matches!(row.get(2), "0" | "1") {
        return Err((2, "0 or 1"));
    }
    if row.get(4).is_empty() && row.get(5).is_empty() && row.get(6).is_empty() {
        return Err((4, "a description"));
    }
    let mut duties = Vec::new();
    for column in MFN..ROW_ID {
        let text = row.get(column);
        if text.is_empty() || text == "N/A" {
            continue;
        }
        let words =
            rates::duty(text).ok_or((column, "Free, N/A, a percentage, or an amount for a unit such as $1.25/kg"))?;
        duties.push((column, words));
    }
    let rated = duties.iter().any(|(column, _)| *column == MFN);
    if code.len() == 8 && !rated {
        return Err((MFN, "a duty: a code of eight digits is a tariff item"));
    }
    if code.len() < 8 && !duties.is_empty() {
        return Err((duties[0].0, "nothing: duties stand at eight digits"));
    }
    if !seen.insert(code.to_owned()) {
        return Err((0, "each code once"));
    }
    Ok(Read { from, duties })
}

fn write(
    row: &Row,
    code: &str,
    read: Read,
    item: Option<&(String, Vec<String>)>,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    let mut entry = line(code.to_owned());
    entry.declarable = code.len() == 10;
    entry.units = unit(row.get(8)).into_iter().collect();
    let parts: Vec<String> = [4, 5, 6]
        .iter()
        .map(|column| row.get(*column).split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|text| !text.is_empty())
        .collect();
    entry.description = BTreeMap::from([("en".to_owned(), parts.join(" "))]);
    entry.footnotes = row.get(7).split_whitespace().map(str::to_owned).collect();
    entry.from = read.from;
    let mut notes = Vec::new();
    if !row.get(3).is_empty() {
        notes.push(format!("Subchapter: {}.", row.get(3)));
    }
    if row.get(2) == "1" {
        notes.push("Changed in this revision.".to_owned());
    }
    let above = item.filter(|(above, _)| code.len() > 8 && code.starts_with(above.as_str()));
    if let Some((above, cells)) = above {
        // The law sets duties by tariff item; a statistical line may repeat them, or carry old ones.
        let differ: Vec<String> = read
            .duties
            .iter()
            .filter(|(column, words)| {
                let item = cells.get(*column).map_or("", |cell| cell.trim());
                rates::duty(item).as_ref() != Some(words)
            })
            .map(|(column, _)| format!("{} {}", COLUMNS[*column], row.get(*column)))
            .collect();
        if !differ.is_empty() {
            notes.push(format!("This line says {}; the tariff item {above} decides.", differ.join(", ")));
        }
    }
    entry.note = (!notes.is_empty()).then(|| notes.join(" "));
    put(out, account, Entry::Line(entry))?;
    if above.is_some() {
        return Ok(());
    }
    for (column, words) in read.duties {
        let treatment = column.checked_sub(FIRST_TREATMENT).and_then(|n| TREATMENTS.get(n));
        let kind = if treatment.is_some() { MeasureKind::Preference } else { MeasureKind::ThirdCountry };
        let mut duty = measure(code, kind, "ca.tariff");
        match (treatment, column) {
            (Some((key, _, _)), _) => duty.program = Some(Places::One(format!("ca.{key}"))),
            (None, GENERAL) => {
                duty.origin = Some(Places::Many(NO_MFN.iter().map(|code| (*code).to_owned()).collect()));
                duty.cites.push("ca.treatments".into());
            }
            _ => duty.not_origin = NO_MFN.iter().map(|code| (*code).to_owned()).collect(),
        }
        duty.amount = Some(Written::Words(words));
        duty.from = read.from;
        duty.official = official(row.get(column)).map(|mut official| {
            official.id = Some(row.get(ROW_ID).to_owned()).filter(|id| !id.is_empty());
            official.measure_type = Some(COLUMNS[column].to_owned());
            official
        });
        put(out, account, Entry::Measure(duty))?;
    }
    Ok(())
}

/// `09/01/26 00:00:00`: month, day, year of two digits from 1970 to 2069.
fn month_day_year(text: &str) -> Option<Date> {
    let text = text.strip_suffix(" 00:00:00").unwrap_or(text);
    let parts: Vec<&str> = text.split('/').collect();
    let &[month, day, year] = parts.as_slice() else { return None };
    if [month, day, year].iter().any(|part| part.len() != 2 || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let year: i16 = year.parse().ok()?;
    Date::new(year + if year < 70 { 2000 } else { 1900 }, month.parse().ok()?, day.parse().ok()?).ok()
}

/// The unit of the vocabulary; the table's own text where there is none.
fn unit(text: &str) -> Option<String> {
    Some(match text {
        "" | "-" => return None,
        "NMB" => "item".into(),
        "PAR" => "pair".into(),
        "KGM" => "kg".into(),
        "LTR" => "l".into(),
        "TNE" => "t".into(),
        "DZN" => "dozen".into(),
        "MTK" => "m2".into(),
        "MTQ" => "m3".into(),
        "MTR" => "m".into(),
        "HLT" => "hl".into(),
        other => tidewaiter::unit::find(other).map_or_else(|| other.to_owned(), |unit| unit.key.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn read(rows: &[&[(&str, &str)]], accept_rest: bool) -> (Account, Vec<Entry>) {
        let mut text = COLUMNS.join(",") + "\n";
        for row in rows {
            let cell = |column: &&str| {
                let default = if *column == "CHANGE" {
                    "0"
                } else if *column == "DESC1" {
                    "Goods"
                } else {
                    ""
                };
                row.iter().find(|(name, _)| name == column).map_or(default, |(_, cell)| cell)
            };
            text.push_str(&COLUMNS.iter().map(|column| format!("\"{}\"", cell(column))).collect::<Vec<_>>().join(","));
            text.push('\n');
        }
        let source = Source::new("ca.csv", std::io::Cursor::new(text.into_bytes()), Limits::default()).unwrap();
        let options = Options { known_from: Date::constant(2026, 9, 1), members: BTreeMap::new(), accept_rest };
        let (mut account, mut out) = (Account::default(), Vec::new());
        import(source, &options, &mut out, &mut account).unwrap();
        (account, out)
    }

    #[test]
    fn items_and_statistical_lines() {
        let (account, out) = read(
            &[
                &[("TARIFF", "61.14")],
                &[
                    ("TARIFF", "6114.20.00"),
                    ("EFF_DATE", "09/01/26 00:00:00"),
                    ("MFN", "18 %"),
                    ("AUT", "11 %"),
                    ("General Tariff", "35%"),
                    ("CPUKT", "N/A"),
                ],
                &[("TARIFF", "6114.20.00.00"), ("MFN", "18 %"), ("AUT", "12 %"), ("UOM", "NMB")],
            ],
            false,
        );
        assert!(account.is_clean(), "{:?}", account.refusals);
        assert_eq!((account.made["line"], account.made["measure"]), (3, 3));
        assert!(out.iter().any(|e| matches!(e, Entry::Line(l) if l.note.as_deref() == Some("This line says AUT 12 %; the tariff item 61142000 decides."))));
        assert!(out.iter().any(
            |e| matches!(e, Entry::Measure(m) if m.not_origin == NO_MFN && m.from == Some(Date::constant(2026, 9, 1)))
        ));
    }

    #[test]
    fn wrong_rows() {
        let rows: &[&[(&str, &str)]] = &[
            &[("TARIFF", "0105.94.91"), ("MFN", "1.9 ¢")],
            &[("TARIFF", "0105.94.9x"), ("MFN", "5 %")],
            &[("TARIFF", "0105.94.92")],
            &[("TARIFF", "0105.94"), ("MFN", "5 %")],
            &[("TARIFF", "0105.94.93"), ("MFN", "5 %"), ("EFF_DATE", "13/01/26 00:00:00")],
            &[("TARIFF", "0105.94.93"), ("MFN", "5 %"), ("CHANGE", "x")],
            &[("TARIFF", "0105.94.93"), ("MFN", "5 %"), ("DESC1", "")],
            &[("TARIFF", "0105.94.94"), ("MFN", "5 %")],
            &[("TARIFF", "0105.94.94"), ("MFN", "5 %")],
        ];
        let (account, _) = read(rows, false);
        assert_eq!((account.refused, account.made["line"]), (8, 1));
        let (account, out) = read(rows, true);
        assert!(account.is_clean() && account.refusals.len() == 8);
        assert!(out.iter().any(|e| matches!(e, Entry::Fact(f) if f.statement.contains("01059491"))));
    }
}
