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

mod draft;

use crate::common::{Rest, day_month_year, fact, line, not_this, put};
use crate::spreadsheet::{Cell, open_workbook};
use crate::table::{Layout, Table};
use crate::{Account, Entry, ImportError, Sink, Source};
use draft::{
    COMPONENTS, Components, DRAFT, DRAFT_LINES, MEASURES, QUOTAS, draft_lines, measures, quotas, read_components,
};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use tidewaiter::record::Confidence;
use tidewaiter::record::edition::{Area, AreaMember, Edition, OfficialFile};

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

fn workbook(
    source: Source,
    options: &Options,
    rest: &mut Rest,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<OfficialFile, ImportError> {
    let mut book = open_workbook(source, crate::workbook::Bounds::default())?;
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
mod tests;
