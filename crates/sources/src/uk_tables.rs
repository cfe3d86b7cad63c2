//! Older tables of the United Kingdom and of the EU's areas, as they were kept in CSV and XLSX.
//!
//! | headings | what it is |
//! |---|---|
//! | `SID`, `Commodity code`, … `Description` | commodity list with suffix, dates and indent (CSV) |
//! | `Commodity code`, `Description` | commodity list without suffix (XLSX) |
//! | `geogr_area_id`, … | TARIC areas and their members (CSV) |
//! | `goods_nomenclature_sid`; … | nomenclature of the draft tariff of 2019 (CSV with semicolons) |
//! | `measure_sid`, `measure_type_id`, … | measures of that draft |
//! | `measure_sid`, … `duty_amount`, … | components of those measures |
//! | `Measure SID`, `Order number`, … | quota measures of that draft |
//!
//! The draft of 2019 never came into force. It is read for its format only: every measure has the answer "unknown" and
//! cites a fact of low confidence that says so.

use crate::common::{Rest, day_month_year, fact, line, measure, not_this, plain, put, year_month_day};
use crate::spreadsheet::{Cell, WorkbookLimits, open_workbook};
use crate::table::{Layout, Row, Table};
use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use tidewaiter::record::edition::{Area, AreaMember, Component, Edition, Official, OfficialFile};
use tidewaiter::record::{Confidence, MeasureKind, Verdict};

/// What the files do not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// First day on which the tables were published.
    pub known_from: Date,
    /// Name of the nomenclature of a commodity list: `UK 2021-10-19`.
    pub nomenclature: String,
    /// Whether rows that are not understood are left out and named in a fact, rather than refused.
    pub accept_rest: bool,
}

/// Most rows of the tables that must be joined in memory.
pub const MOST_ROWS: usize = 500_000;

const COMMODITIES: &[&str] = &[
    "SID",
    "Commodity code",
    "Product line suffix",
    "Start date",
    "End date",
    "Indentation",
    "End line",
    "Description",
];
const AREAS: &[&str] = &["geogr_area_id", "lang_cod", "sigl", "descr", "country_code", "iso_code", "country"];
const MEASURES: &[&str] = &[
    "measure_sid",
    "measure_type_id",
    "geographical_area_id",
    "goods_nomenclature_item_id",
    "validity_start_date",
    "validity_end_date",
    "measure_generating_regulation_role",
    "measure_generating_regulation_id",
    "justification_regulation_role",
    "justification_regulation_id",
    "stopped_flag",
    "geographical_area_sid",
    "goods_nomenclature_sid",
    "ordernumber",
    "additional_code_type_id",
    "additional_code_id",
    "additional_code_sid",
    "reduction_indicator",
];
const COMPONENTS: &[&str] = &[
    "measure_sid",
    "goods_nomenclature_item_id",
    "duty_expression_id",
    "duty_amount",
    "monetary_unit_code",
    "measurement_unit_code",
    "measurement_unit_qualifier_code",
];
const QUOTAS: &[&str] = &[
    "Measure SID",
    "Order number",
    "Measure type",
    "Start date",
    "End date",
    "Geo",
    "Commodity",
    "additional_code_type_id",
    "additional_code_id",
    "reduction_indicator",
    "measure_generating_regulation_role",
    "measure_generating_regulation_id",
    "justification_regulation_role",
    "justification_regulation_id",
    "stopped_flag",
    "geographical_area_sid",
    "goods_nomenclature_sid",
    "additional_code_sid",
    "export_refund_nomenclature_sid",
];
const DRAFT_LINES: &[&str] = &[
    "goods_nomenclature_sid",
    "goods_nomenclature_item_id",
    "producline_suffix",
    "validity_start_date",
    "leaf",
    "number_indents",
];
const DRAFT: &str = "uk.draft.2019";
const NEVER: &str = "This is the draft tariff of 2019, which never came into force. Use a tariff in force.";

/// Components with their rows, by the number and code of their measure.
type Components = BTreeMap<(String, String), Vec<(u64, Component)>>;

/// Reads the tables into one edition.
///
/// # Errors
/// Where a file cannot be read, is too large, or is none of the tables.
pub fn import(
    sources: Vec<Source>,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let mut files = Vec::new();
    let mut tables = Vec::new();
    let mut rest = Rest::new(options.accept_rest);
    let mut draft = false;
    for mut source in sources {
        let head = match source.fill_buf() {
            Ok(head) => head[..head.len().min(2)].to_vec(),
            Err(error) => return Err(source.explain(error)),
        };
        if head == b"PK" {
            files.push(workbook(source, options, &mut rest, out, account)?);
            continue;
        }
        let name = source.name().to_owned();
        let semicolons = name.contains("all_nomenclature");
        let layouts: Vec<Layout<'_>> = if semicolons {
            vec![Layout { delimiter: b';', ..Layout::comma(DRAFT_LINES) }]
        } else {
            [COMPONENTS, COMMODITIES, AREAS, MEASURES, QUOTAS].map(Layout::comma).to_vec()
        };
        let (kind, table) = Table::open_one_of(source, &layouts)?;
        let kind = if semicolons { 5 } else { kind };
        draft |= matches!(kind, 0 | 3 | 4 | 5);
        tables.push((kind, table));
    }
    if files.is_empty() && tables.is_empty() {
        return Err(not_this("", "no files were given"));
    }
    if draft {
        let mut never = fact(
            DRAFT,
            "Draft tariff of the United Kingdom of April 2019. It never came into force and is not law.",
            "Department for International Trade",
            "UK temporary tariff, 2019",
            None,
        );
        never.confidence = Confidence::Low;
        never.note = Some("Read for its format only.".into());
        put(out, account, Entry::Fact(never))?;
    }
    // Components first: the measures refer to them.
    tables.sort_by_key(|(kind, _)| *kind);
    let mut components = Components::new();
    for (kind, mut table) in tables {
        match kind {
            0 => read_components(&mut table, &mut components, &mut rest, account)?,
            1 => commodities(&mut table, options, &mut rest, out, account)?,
            2 => areas(&mut table, &mut rest, out, account)?,
            3 => measures(&mut table, &mut components, &mut rest, out, account)?,
            4 => quotas(&mut table, &mut rest, out, account)?,
            _ => draft_lines(&mut table, &mut rest, out, account)?,
        }
        files.push(table.finish()?);
    }
    for ((sid, code), parts) in components {
        for (row, _) in parts {
            let found = format!("{sid} {code}");
            rest.refuse(account, ("components", row, "measure_sid"), &found, "a measure of that number and code", None);
        }
    }
    rest.finish("uk.tables.missing", "HM Revenue & Customs", &BTreeSet::new(), out, account)?;
    Ok(Edition {
        authority: if draft { "Department for International Trade" } else { "HM Revenue & Customs" }.into(),
        territory: Some("GB".into()),
        currency: Some(if draft { "EUR" } else { "GBP" }.into()),
        title: if draft { "Draft tariff of 2019, never in force".into() } else { options.nomenclature.clone() },
        format: "uk-tables".into(),
        nomenclature: Some(options.nomenclature.clone()),
        known_from: options.known_from,
        licence: Some("Open Government Licence v3".into()),
        files,
        ..Edition::default()
    })
}

fn ten(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn suffix(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn commodities(
    table: &mut Table,
    options: &Options,
    rest: &mut Rest,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    let mut cited = fact(
        "uk.commodities",
        "Commodity codes, suffixes, dates, indents and descriptions.",
        "HM Revenue & Customs",
        &options.nomenclature,
        Some(options.known_from),
    );
    cited.confidence = Confidence::High;
    put(out, account, Entry::Fact(cited))?;
    let name = table.name().to_owned();
    let mut seen = BTreeSet::new();
    while let Some(row) = table.next_or("line", rest, account)? {
        let read = (|| {
            if !ten(row.get(1)) {
                return Err((1, "ten digits"));
            }
            if !suffix(row.get(2)) {
                return Err((2, "two digits"));
            }
            let from = day_month_year(row.get(3), '/').ok_or((3, "a date such as 31/12/1971"))?;
            let before = match row.get(4) {
                "" => None,
                text => day_month_year(text, '/')
                    .filter(|last| *last >= from)
                    .and_then(|last| last.tomorrow().ok())
                    .map(Some)
                    .ok_or((4, "nothing, or a date not before the start"))?,
            };
            let indent = row.get(5).parse::<u8>().map_err(|_| (5, "a small number"))?;
            let leaf = match row.get(6) {
                "1" => true,
                "0" => false,
                _ => return Err((6, "0 or 1")),
            };
            if row.get(7).is_empty() || row.get(0).parse::<u64>().is_err() {
                return Err((7, "a number in the first column, and a description"));
            }
            if !seen.insert((row.get(1).to_owned(), row.get(2).to_owned(), from)) {
                return Err((1, "each code, suffix and start once"));
            }
            Ok((from, before, indent, leaf))
        })();
        match read {
            Err((column, expected)) => {
                let found = row.get(column).to_owned();
                rest.refuse(account, (&name, row.number, COMMODITIES[column]), &found, expected, None);
            }
            Ok((from, before, indent, leaf)) => {
                let mut entry = line(row.get(1).to_owned());
                entry.suffix = Some(row.get(2).to_owned());
                (entry.from, entry.before) = (Some(from), before);
                entry.indent = Some(indent);
                entry.declarable = leaf && row.get(2) == "80";
                entry.description = BTreeMap::from([("en".to_owned(), row.get(7).to_owned())]);
                entry.note = Some(format!("Official number {}.", row.get(0)));
                put(out, account, Entry::Line(entry))?;
            }
        }
    }
    Ok(())
}

fn areas(table: &mut Table, rest: &mut Rest, out: &mut dyn Sink, account: &mut Account) -> Result<(), ImportError> {
    let mut cited = fact(
        "eu.areas",
        "Geographical areas of TARIC and the countries in them.",
        "European Commission",
        "Geographical areas",
        None,
    );
    cited.note = Some("As of 2012: do not use it for today.".into());
    put(out, account, Entry::Fact(cited))?;
    let name = table.name().to_owned();
    let mut all: BTreeMap<String, Area> = BTreeMap::new();
    while let Some(row) = table.next_or("member", rest, account)? {
        let (code, territory) = (row.get(0), row.get(5));
        let sound = !code.is_empty() && code.len() <= 4 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let two = territory.len() == 2 && territory.bytes().all(|byte| byte.is_ascii_uppercase());
        let title = format!("{} ({})", row.get(3), row.get(2));
        if !sound || !two || row.get(1) != "EN" || row.get(4) != territory {
            let expected = "an area, EN, and twice the same territory of two letters";
            rest.refuse(account, (&name, row.number, "geogr_area_id"), code, expected, None);
            continue;
        }
        let area = all.entry(code.to_owned()).or_insert_with(|| Area {
            code: code.to_owned(),
            name: title.clone(),
            members: Vec::new(),
            from: None,
            before: None,
        });
        if area.name != title || area.members.iter().any(|member| member.territory == territory) {
            rest.refuse(account, (&name, row.number, "country_code"), territory, "one name, each territory once", None);
            continue;
        }
        area.members.push(AreaMember { territory: territory.to_owned(), from: None, before: None });
        account.left_out("joined in its area");
    }
    for area in all.into_values() {
        put(out, account, Entry::Area(area))?;
    }
    Ok(())
}

fn draft_lines(
    table: &mut Table,
    rest: &mut Rest,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    let name = table.name().to_owned();
    while let Some(row) = table.next_or("line", rest, account)? {
        let from = year_month_day(row.get(3));
        let indent = row.get(5).parse::<u8>().ok();
        let leaf = matches!(row.get(4), "0" | "1");
        if !ten(row.get(1)) || !suffix(row.get(2)) || from.is_none() || indent.is_none() || !leaf {
            let expected = "ten digits, a suffix, a date, 0 or 1, and a small number";
            let found = row.cells.join(" ");
            rest.refuse(account, (&name, row.number, "goods_nomenclature_item_id"), &found, expected, None);
            continue;
        }
        let mut entry = line(row.get(1).to_owned());
        entry.suffix = Some(row.get(2).to_owned());
        (entry.from, entry.indent) = (from, indent);
        entry.declarable = row.get(4) == "1" && row.get(2) == "80";
        entry.note = Some(NEVER.into());
        put(out, account, Entry::Line(entry))?;
    }
    Ok(())
}

fn read_components(
    table: &mut Table,
    all: &mut Components,
    rest: &mut Rest,
    account: &mut Account,
) -> Result<(), ImportError> {
    let name = table.name().to_owned();
    let mut count = 0;
    while let Some(row) = table.next_or("component", rest, account)? {
        count += 1;
        room(&name, count)?;
        let amount = row.get(3);
        let number = plain(amount).and_then(|text| text.parse().ok());
        let sound = ten(row.get(1)) && suffix(row.get(2)) && (amount.is_empty() || number.is_some());
        if !sound {
            let expected = "a measure, ten digits, a duty expression of two digits, and a number";
            rest.refuse(account, (&name, row.number, "duty_amount"), &row.cells.join(" "), expected, None);
            continue;
        }
        let text = |column: usize| Some(row.get(column).to_owned()).filter(|text| !text.is_empty());
        let component = Component {
            expression: row.get(2).to_owned(),
            amount: number,
            currency: text(4),
            unit: text(5),
            qualifier: text(6),
        };
        all.entry((row.get(0).to_owned(), row.get(1).to_owned())).or_default().push((row.number, component));
    }
    Ok(())
}

fn room(name: &str, count: usize) -> Result<(), ImportError> {
    if count <= MOST_ROWS {
        return Ok(());
    }
    Err(ImportError::TooLarge {
        file: name.to_owned(),
        what: "the number of its rows",
        limit: MOST_ROWS as u64,
        hint: "check that it is the file you meant",
    })
}

/// A measure of the draft: whatever it says, the answer is unknown.
fn draft_measure(code: &str, kind: MeasureKind, official: Official) -> tidewaiter::record::Measure {
    let mut made = measure(code, kind, DRAFT);
    made.outcome = Some(Verdict::Unknown);
    made.says = Some(NEVER.into());
    made.note = Some("Draft of 2019, never in force.".into());
    made.official = Some(Box::new(official));
    made
}

/// The other fields of a row that are filled, by their official names.
fn others(row: &Row, columns: &[&str], taken: &[usize]) -> BTreeMap<String, String> {
    let filled = columns.iter().enumerate().filter(|(n, _)| !taken.contains(n) && !row.get(*n).is_empty());
    filled.map(|(n, column)| ((*column).to_owned(), row.get(n).to_owned())).collect()
}

fn measures(
    table: &mut Table,
    components: &mut Components,
    rest: &mut Rest,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    let name = table.name().to_owned();
    while let Some(row) = table.next_or("measure", rest, account)? {
        let kind = match row.get(1) {
            "103" | "105" => MeasureKind::ThirdCountry,
            other => {
                rest.refuse(account, (&name, row.number, "measure_type_id"), other, "103 or 105", None);
                continue;
            }
        };
        let from = day_month_year(row.get(4), '/');
        let last = if row.get(5).is_empty() { Some(None) } else { day_month_year(row.get(5), '/').map(Some) };
        let (Some(from), Some(last), true) = (from, last, ten(row.get(3))) else {
            let expected = "ten digits, and dates such as 13/04/2019";
            rest.refuse(account, (&name, row.number, "validity_start_date"), &row.cells.join(" "), expected, None);
            continue;
        };
        let parts = components.remove(&(row.get(0).to_owned(), row.get(3).to_owned())).unwrap_or_default();
        let parts = parts.into_iter().map(|(_, component)| {
            account.left_out("joined with its measure");
            component
        });
        let official = Official {
            id: Some(row.get(0).to_owned()).filter(|id| !id.is_empty()),
            measure_type: Some(row.get(1).to_owned()),
            area: Some(row.get(2).to_owned()),
            regulation: Some(row.get(7).to_owned()),
            components: parts.collect(),
            other: others(&row, MEASURES, &[0, 1, 2, 3, 4, 5, 7]),
            ..Official::default()
        };
        let mut made = draft_measure(row.get(3), kind, official);
        (made.from, made.before) = (Some(from), last.and_then(|last| last.tomorrow().ok()));
        account.inexpressible("a measure of the draft of 2019, which was never law");
        put(out, account, Entry::Measure(made))?;
    }
    Ok(())
}

fn quotas(table: &mut Table, rest: &mut Rest, out: &mut dyn Sink, account: &mut Account) -> Result<(), ImportError> {
    let name = table.name().to_owned();
    while let Some(row) = table.next_or("quota measure", rest, account)? {
        let known = matches!(row.get(2), "122" | "123" | "143" | "146");
        let from = year_month_day(row.get(3));
        let last = if row.get(4).is_empty() { Some(None) } else { year_month_day(row.get(4)).map(Some) };
        let order = row.get(1).len() == 6 && row.get(1).bytes().all(|byte| byte.is_ascii_digit());
        let (Some(from), Some(last), true) = (from, last, known && order && ten(row.get(6))) else {
            let expected = "type 122, 123, 143 or 146, an order number of six digits, ten digits, and dates";
            rest.refuse(account, (&name, row.number, "Measure type"), &row.cells.join(" "), expected, None);
            continue;
        };
        let official = Official {
            id: Some(row.get(0).to_owned()).filter(|id| !id.is_empty()),
            measure_type: Some(row.get(2).to_owned()),
            area: Some(row.get(5).to_owned()),
            regulation: Some(row.get(11).to_owned()),
            reduction: row.get(9).parse().ok(),
            other: others(&row, QUOTAS, &[0, 1, 2, 3, 4, 5, 6, 9, 11]),
            ..Official::default()
        };
        let mut made = draft_measure(row.get(6), MeasureKind::Quota, official);
        made.order_number = Some(row.get(1).to_owned());
        (made.from, made.before) = (Some(from), last.and_then(|last| last.tomorrow().ok()));
        account.inexpressible("a measure of the draft of 2019, which was never law");
        put(out, account, Entry::Measure(made))?;
    }
    Ok(())
}

fn workbook(
    source: Source,
    options: &Options,
    rest: &mut Rest,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<OfficialFile, ImportError> {
    let mut book = open_workbook(source, WorkbookLimits::default())?;
    let name = book.name().to_owned();
    let mut cited = fact(
        "uk.commodities",
        "Commodity codes and descriptions, without the suffix that tells lines of one code apart.",
        "HM Revenue & Customs",
        &options.nomenclature,
        Some(options.known_from),
    );
    cited.confidence = Confidence::High;
    put(out, account, Entry::Fact(cited))?;
    let mut seen = BTreeSet::new();
    let mut heading = false;
    for (sheet, _) in book.sheets() {
        book.rows(&sheet, |number, cells| {
            let text = |column: usize| cells.get(column).and_then(Cell::text).unwrap_or_default();
            if !heading {
                if (text(0), text(1), cells.len()) != ("Commodity code", "Description", 2) {
                    return Err(not_this(&name, "expected the headings Commodity code, Description"));
                }
                heading = true;
                return Ok(());
            }
            if cells.iter().all(Cell::is_blank) {
                return Ok(());
            }
            account.read("line");
            let shown = cells.iter().map(Cell::shown).collect::<Vec<_>>().join(", ");
            if !ten(text(0)) || cells.len() > 2 || cells.iter().any(|cell| cell.text().is_none()) {
                rest.refuse(
                    account,
                    (&name, number, "Commodity code"),
                    &shown,
                    "ten digits and a description, as text",
                    None,
                );
                return Ok(());
            }
            if !seen.insert((text(0).to_owned(), text(1).to_owned())) {
                account.left_out("the same code and description again");
                return Ok(());
            }
            let mut entry = line(text(0).to_owned());
            if text(1).is_empty() {
                entry.note = Some("The list gives no description.".into());
            } else {
                entry.description = BTreeMap::from([("en".to_owned(), text(1).to_owned())]);
            }
            put(out, account, Entry::Line(entry))
        })?;
    }
    if !heading {
        return Err(not_this(&name, "the workbook is empty"));
    }
    Ok(book.file().clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn read(files: &[(&str, String)]) -> Result<(Account, Vec<Entry>), ImportError> {
        let sources = files
            .iter()
            .map(|(name, text)| Source::new(name, std::io::Cursor::new(text.clone().into_bytes()), Limits::default()))
            .collect::<Result<_, _>>()?;
        let (mut account, mut out) = (Account::default(), Vec::new());
        let options =
            Options { known_from: Date::constant(2021, 10, 19), nomenclature: "UK".into(), accept_rest: false };
        import(sources, &options, &mut out, &mut account)?;
        Ok((account, out))
    }

    #[test]
    fn commodity_list_and_areas() {
        let list = format!(
            "{}\n1,\"0101210000\",\"80\",\"01/01/2012\",\"31/12/2021\",2,1,\"Pure\"\n2,01012,80,01/01/2012,,2,1,x\n\
             3,0101210000,80,1/1/2012,,2,1,x\n4,0101210000,80,01/01/2012,,2,1,x\n5,0101290000,80,01/01/2012,,2,2,x\nbroken\n",
            COMMODITIES.join(",")
        );
        let (account, out) = read(&[("c.csv", list)]).unwrap();
        assert_eq!((account.read["line"], account.made["line"], account.refused), (6, 1, 5));
        assert!(matches!(&out[1], Entry::Line(l) if l.before == Some(Date::constant(2022, 1, 1)) && l.declarable));
        let list = format!(
            "{}\n1003,EN,EX,Erga omnes,AD,AD,Andorra\n1003,EN,EX,Erga omnes,AE,AE,x\n1003,EN,EX,Erga omnes,AE,AE,x\n1003,FR,EX,a,AF,AF,x\n",
            AREAS.join(",")
        );
        let (account, out) = read(&[("g.csv", list)]).unwrap();
        assert_eq!((account.made["area"], account.refused), (1, 2));
        assert!(matches!(&out[1], Entry::Area(a) if a.members.len() == 2));
    }

    #[test]
    fn the_draft_is_not_law() {
        let measures = format!(
            "{}\n7,103,1011,0101210000,13/04/2019,,1,M1,,,f,400,9,,,,,\n8,999,1011,0101210000,13/04/2019,,1,M1,,,f,400,9,,,,,\n",
            MEASURES.join(",")
        );
        let components =
            format!("{}\n7,0101210000,01,12,,,\n7,0101210000,04,93.1,EUR,DTN,\n7,x,01,1,,,\n", COMPONENTS.join(","));
        let (account, out) = read(&[("m.csv", measures), ("c.csv", components.clone())]).unwrap();
        assert_eq!((account.made["measure"], account.refused), (1, 2));
        assert!(matches!(&out[0], Entry::Fact(f) if f.confidence == Confidence::Low));
        assert!(
            matches!(&out[1], Entry::Measure(m) if m.outcome == Some(Verdict::Unknown) && m.amount.is_none() && m.official.as_ref().unwrap().components.len() == 2)
        );
        let (account, _) = read(&[("c.csv", components)]).unwrap();
        assert_eq!((account.read["component"], account.refused), (3, 3));
        assert!(read(&[("x.csv", "a,b\n".into())]).is_err());
        assert!(read(&[]).is_err());
    }
}
