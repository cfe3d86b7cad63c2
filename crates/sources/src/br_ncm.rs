//! Brazil: the Mercosur nomenclature (NCM) with import duty (II) and tax on industrial products (IPI).
//!
//! The tables are those of the fiscal module of a business package, which copies the official ones; each is known by its
//! headings. One import takes the table of codes and the table of taxes it refers to, and any of the companions: CEST,
//! PIS and COFINS, reasons of the IPI, classifications of the IBS and CBS.

use crate::common::{fact, line, measure, not_this, official, plain, put};
use crate::table::{Layout, Row, Table};
use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::edition::{Edition, Text, TextKind};
use tidewaiter::record::{Confidence, MeasureKind, Verdict, Written};

/// What the files do not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// First day on which the tables were published.
    pub known_from: Date,
}

/// Most rows of the table of codes, which is held in memory.
pub const MOST_ROWS: usize = 100_000;

const CODES: &[&str] = &["id", "code", "exception", "name", "tax_ipi_id:id", "tax_ii_id:id", "uoe_id:id", "active"];
const TAXES: &[&str] = &[
    "id",
    "name",
    "tax_base_type",
    "percent_amount",
    "percent_reduction",
    "tax_group_id:id",
    "cst_in_id:id",
    "cst_out_id:id",
    "value_amount",
    "currency_id:id",
    "uot_id:id",
    "percent_debit_credit",
    "icms_base_type",
    "icmsst_base_type",
    "icmsst_mva_percent",
    "icmsst_value",
];
const CEST: &[&str] = &["id", "item", "code", "segment", "name", "ncms"];
const PIS_COFINS: &[&str] = &[
    "id",
    "code",
    "name",
    "ncms",
    "ncm_exception",
    "not_in_ncms",
    "piscofins_type",
    "tax_pis_id:id",
    "tax_pis_st_id:id",
    "tax_cofins_id:id",
    "tax_cofins_st_id:id",
    "sped_table",
    "date_start",
    "date_end",
];
const IPI_REASONS: &[&str] = &["id", "code", "cst_group", "name", "cst_in_id:id", "cst_out_id:id"];
const CLASSES: &[&str] = &[
    "id",
    "code",
    "name",
    "description",
    "rate_type",
    "regular_taxation",
    "presumed_credit",
    "credit_reversal",
    "date_start",
    "date_end",
    "document_type_ids:id",
    "tax_ibs_id:id",
    "tax_cbs_id:id",
];
/// The tables by their headings, and the word for a row of each.
const TABLES: [(&str, &[&str]); 6] = [
    ("code", CODES),
    ("tax", TAXES),
    ("cest", CEST),
    ("pis-cofins", PIS_COFINS),
    ("ipi-reason", IPI_REASONS),
    ("classification", CLASSES),
];

/// A tax that codes refer to.
struct Tax {
    name: String,
    group: String,
    /// Percent, where it is a plain percentage.
    percent: Option<String>,
}

/// Reads the tables into one edition.
///
/// # Errors
/// Where a file cannot be read, is too large, or is none of the tables; where the codes come without the taxes.
pub fn import(
    sources: Vec<Source>,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    for (key, statement) in [
        ("br.ncm.lines", "Codes of the Mercosur nomenclature (NCM) and their Portuguese descriptions."),
        ("br.ncm.ii", "Import duty (Imposto de Importação) by NCM code."),
        ("br.ncm.ipi", "Tax on industrial products (IPI) by NCM code and exception."),
    ] {
        let mut cited = fact(
            key,
            statement,
            "Receita Federal, CAMEX",
            "Tabela TIPI and Tarifa Externa Comum",
            Some(options.known_from),
        );
        cited.confidence = Confidence::Medium;
        cited.note = Some("Read from the tables of the package l10n_br_fiscal, which copies the official ones.".into());
        put(out, account, Entry::Fact(cited))?;
    }
    let layouts = TABLES.map(|(_, columns)| Layout::comma(columns));
    let mut opened = Vec::new();
    for source in sources {
        opened.push(Table::open_one_of(source, &layouts)?);
    }
    // Taxes first: the codes refer to them.
    opened.sort_by_key(|(kind, _)| (*kind == 0, *kind));
    let mut taxes: BTreeMap<String, Tax> = BTreeMap::new();
    let mut files = Vec::new();
    let mut seen = BTreeSet::new();
    for (kind, mut table) in opened {
        let name = table.name().to_owned();
        if !seen.insert(kind) {
            return Err(not_this(&name, format!("a second table of kind {}", TABLES[kind].0)));
        }
        if kind == 0 {
            if taxes.is_empty() {
                return Err(not_this(
                    &name,
                    "the codes refer to the table of taxes (l10n_br_fiscal.tax.csv); give it too",
                ));
            }
            codes(&mut table, &taxes, out, account)?;
        } else {
            let (word, columns) = TABLES[kind];
            let mut ids = BTreeSet::new();
            while let Some(row) = table.next(word, account)? {
                let id = row.get(0);
                if id.is_empty() || !ids.insert(id.to_owned()) {
                    account.refuse(&name, row.number, "id", id, "each id once");
                    continue;
                }
                if kind == 1 {
                    taxes.insert(id.to_owned(), tax(&row));
                }
                put(out, account, Entry::Text(text(kind, columns, &row)))?;
            }
        }
        files.push(table.finish()?);
    }
    if files.is_empty() {
        return Err(not_this("", "no files were given"));
    }
    Ok(Edition {
        authority: "Receita Federal, CAMEX".into(),
        territory: Some("BR".into()),
        currency: Some("BRL".into()),
        title: "NCM with import duty and IPI".into(),
        format: "br-ncm".into(),
        nomenclature: Some("NCM".into()),
        known_from: options.known_from,
        files,
        ..Edition::default()
    })
}

fn tax(row: &Row) -> Tax {
    let whole = row.get(2) == "percent" && plain(row.get(4)).as_deref() == Some("0");
    Tax { name: row.get(1).to_owned(), group: row.get(5).to_owned(), percent: plain(row.get(3)).filter(|_| whole) }
}

/// A row of a companion table as a coded text, with every field that is filled.
fn text(kind: usize, columns: &[&str], row: &Row) -> Text {
    let named = |wanted: &str| columns.iter().position(|column| *column == wanted).map_or("", |n| row.get(n));
    let code = match kind {
        2 => format!("CEST {}", named("code")),
        4 => format!("IPI {}", named("code")),
        5 => format!("cClassTrib {}", named("code")),
        _ => named("id").to_owned(),
    };
    let other = columns
        .iter()
        .zip(&row.cells)
        .filter(|(column, cell)| **column != "name" && !cell.trim().is_empty())
        .map(|(column, cell)| ((*column).to_owned(), cell.trim().to_owned()))
        .collect();
    Text {
        kind: TextKind::Other,
        code,
        says: BTreeMap::from([("pt".to_owned(), named("name").to_owned())]),
        from: None,
        before: None,
        other,
    }
}

fn codes(
    table: &mut Table,
    taxes: &BTreeMap<String, Tax>,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    let name = table.name().to_owned();
    let mut rows: Vec<(String, Row)> = Vec::new();
    // Exceptions in use, by code: the general rate is for goods that are none of them.
    let mut exceptions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    while let Some(row) = table.next("code", account)? {
        if rows.len() >= MOST_ROWS {
            return Err(ImportError::TooLarge {
                file: name,
                what: "the number of its rows",
                limit: MOST_ROWS as u64,
                hint: "check that it is the file you meant",
            });
        }
        if row.get(1) == "0000.00.00" {
            account.left_out("goods without a code");
            continue;
        }
        let Some(code) = ncm(row.get(1)) else {
            account.refuse(&name, row.number, "code", row.get(1), "a code such as 0101.21.00");
            continue;
        };
        let exception = row.get(2);
        let sound = exception.is_empty()
            || exception == "P"
            || exception.len() == 2 && exception.bytes().all(|byte| byte.is_ascii_digit());
        if !sound {
            account.refuse(&name, row.number, "exception", exception, "nothing, two digits, or P");
            continue;
        }
        if let Some(problem) = problem(&row, taxes) {
            let (column, found, expected) = problem;
            account.refuse(&name, row.number, column, &found, expected);
            continue;
        }
        if !seen.insert((code.clone(), exception.to_owned())) {
            account.refuse(&name, row.number, "code", row.get(1), "each code and exception once");
            continue;
        }
        if row.get(7) == "True" && exception.len() == 2 {
            exceptions.entry(code.clone()).or_default().push(exception.to_owned());
        }
        rows.push((code, row));
    }
    for (code, row) in rows {
        let exceptions = exceptions.get(&code).map_or(&[][..], Vec::as_slice);
        write(&code, &row, taxes, exceptions, out, account)?;
    }
    Ok(())
}

/// What is wrong with the links of a row: column, what stands there, what was expected.
fn problem(row: &Row, taxes: &BTreeMap<String, Tax>) -> Option<(&'static str, String, &'static str)> {
    for (column, heading, group) in [(4, "tax_ipi_id:id", "tax_group_ipi"), (5, "tax_ii_id:id", "tax_group_ii")] {
        let id = row.get(column);
        if id.is_empty() {
            continue;
        }
        match taxes.get(id) {
            Some(tax) if tax.group == group && tax.percent.is_some() => {}
            Some(_) => return Some((heading, id.to_owned(), "a plain percentage of the right tax")),
            None => return Some((heading, id.to_owned(), "an id of the table of taxes")),
        }
    }
    if !matches!(row.get(7), "True" | "False") {
        return Some(("active", row.get(7).to_owned(), "True or False"));
    }
    if unit(row.get(6)).is_none() {
        return Some(("uoe_id:id", row.get(6).to_owned(), "a known unit"));
    }
    None
}

fn write(
    code: &str,
    row: &Row,
    taxes: &BTreeMap<String, Tax>,
    exceptions: &[String],
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    let exception = row.get(2);
    let active = row.get(7) == "True";
    let mut entry = line(code.to_owned());
    entry.suffix = (!exception.is_empty()).then(|| exception.to_owned());
    entry.declarable = active && exception.is_empty();
    entry.units = unit(row.get(6)).flatten().map(str::to_owned).into_iter().collect();
    entry.description = BTreeMap::from([("pt".to_owned(), row.get(3).to_owned())]);
    let links = || {
        let named = |column: usize| taxes.get(row.get(column)).map_or("none", |tax| tax.name.as_str());
        format!("{}, {}", named(5), named(4))
    };
    if exception == "P" {
        entry.note = Some("A heading inside the list, not a code.".into());
    } else if !active {
        entry.note = Some(format!("Marked as no longer in use. Taxes in the table: {}.", links()));
    }
    put(out, account, Entry::Line(entry))?;
    if !active || exception == "P" {
        return Ok(());
    }
    if exception.is_empty() {
        let mut duty = measure(code, MeasureKind::ThirdCountry, "br.ncm.ii");
        match taxes.get(row.get(5)).and_then(|tax| tax.percent.as_ref().map(|percent| (tax, percent))) {
            Some((tax, percent)) => {
                duty.amount = Some(Written::Words(format!("{percent} %")));
                duty.official = official(&tax.name);
            }
            None => {
                account.inexpressible("no import duty in the table");
                duty.outcome = Some(Verdict::Unknown);
                duty.says = Some(
                    "The table gives no import duty for this code. Look it up in the Tarifa Externa Comum.".into(),
                );
            }
        }
        put(out, account, Entry::Measure(duty))?;
    }
    let mut ipi = measure(code, MeasureKind::Excise, "br.ncm.ipi");
    match taxes.get(row.get(4)).and_then(|tax| tax.percent.as_ref().map(|percent| (tax, percent))) {
        Some((tax, percent)) => {
            ipi.official = official(&tax.name);
            let relieved = match row.get(4) {
                "tax_ipi_nt" => Some("NT (não tributado): not taxed."),
                "tax_ipi_isento" => Some("Isento: exempt."),
                "tax_ipi_imune" => Some("Imune: the constitution forbids the tax."),
                _ => None,
            };
            ipi.note = relieved.map(str::to_owned);
            let words = if relieved.is_some() { "relieved".to_owned() } else { format!("{percent} %") };
            ipi.amount = Some(Written::Words(words));
        }
        None => {
            account.inexpressible("no IPI in the table");
            ipi.outcome = Some(Verdict::Unknown);
            ipi.says = Some("The table gives no IPI for this code. Look it up in the TIPI.".into());
        }
    }
    if exception.is_empty() {
        let none = exceptions.iter().map(|ex| format!("not document EX{ex}")).collect::<Vec<_>>();
        ipi.when = (!none.is_empty()).then(|| Written::Words(none.join(" and ")));
    } else {
        ipi.additional_code = Some(format!("Ex {exception}"));
        ipi.when = Some(Written::Words(format!("document EX{exception}")));
    }
    put(out, account, Entry::Measure(ipi))
}

/// `0101.21.00` without its points.
fn ncm(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let pointed = bytes.len() == 10 && bytes[4] == b'.' && bytes[7] == b'.';
    let digits: String = text.chars().filter(|c| *c != '.').collect();
    (pointed && digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// The statistical unit; nothing for an id that is not known, `Some(None)` where there is none.
fn unit(id: &str) -> Option<Option<&'static str>> {
    Some(match id {
        "" => None,
        "uom.product_uom_kgm" => Some("kg"),
        "uom.product_uom_unit" => Some("item"),
        "uom.product_uom_litre" => Some("l"),
        "uom.product_uom_ton" => Some("t"),
        "uom.product_uom_meter" => Some("m"),
        "uom.product_uom_dozen" => Some("dozen"),
        "uom.product_uom_gram" => Some("g"),
        "UOM_M2" => Some("m2"),
        "UOM_M3" => Some("m3"),
        "UOM_PARES" => Some("pair"),
        "UOM_QUILATE" => Some("ct"),
        "UOM_UN1000" => Some("1000 items"),
        "UOM_MWH" => Some("MWh"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use tidewaiter::record::Measure;
    use tidewaiter::record::grammar;

    const TAX: &str = "id,name,tax_base_type,percent_amount,percent_reduction,tax_group_id:id,cst_in_id:id,cst_out_id:id,value_amount,currency_id:id,uot_id:id,percent_debit_credit,icms_base_type,icmsst_base_type,icmsst_mva_percent,icmsst_value\n\
        tax_ii_35,\"II 35%\",percent,35.00,0.00,tax_group_ii,,,,,,,0,4,,\n\
        tax_ipi_nt,IPI NT,percent,0.00,0.00,tax_group_ipi,,,,,,,0,4,,\n\
        tax_ipi_3_25,\"IPI 3,25%\",percent,3.25,0.00,tax_group_ipi,,,,,,,0,4,,\n\
        tax_q,Q,quantity,0.00,0.00,tax_group_ipi,,,,,,,0,4,,\n";
    const HEAD: &str = "id,code,exception,name,tax_ipi_id:id,tax_ii_id:id,uoe_id:id,active\n";

    fn read(rows: &str) -> Result<(Account, Vec<Measure>), ImportError> {
        let open =
            |name: &str, text: String| Source::new(name, std::io::Cursor::new(text.into_bytes()), Limits::default());
        let sources = vec![open("ncm.csv", format!("{HEAD}{rows}"))?, open("tax.csv", TAX.to_owned())?];
        let (mut account, mut out) = (Account::default(), Vec::new());
        import(sources, &Options { known_from: Date::constant(2026, 10, 1) }, &mut out, &mut account)?;
        let keep = |entry| match entry {
            Entry::Measure(measure) => Some(measure),
            _ => None,
        };
        Ok((account, out.into_iter().filter_map(keep).collect()))
    }

    fn words(measure: &Measure) -> &str {
        match &measure.amount {
            Some(Written::Words(words)) => words,
            _ => "",
        }
    }

    #[test]
    fn duty_ipi_and_exceptions() {
        let (account, out) = read(
            "a,6109.10.00,,Camisetas,tax_ipi_nt,tax_ii_35,uom.product_uom_unit,True\n\
             b,6109.10.00,01,Ex 01,tax_ipi_3_25,tax_ii_35,uom.product_uom_unit,True\n\
             c,2931.49.30,,Outros,tax_ipi_3_25,,uom.product_uom_kgm,True\n\
             d,0403.10.00,,Iogurte,tax_ipi_nt,tax_ii_35,uom.product_uom_kgm,False\n\
             e,0000.00.00,,Sem NCM,,,,True\n",
        )
        .unwrap();
        assert!(account.is_clean(), "{:?}", account.refusals);
        assert_eq!(out.iter().map(words).collect::<Vec<_>>(), ["35 %", "relieved", "3.25 %", "", "3.25 %"]);
        assert_eq!(out[1].when, Some(Written::Words("not document EX01".into())));
        assert_eq!((out[2].additional_code.as_deref(), out[3].outcome), (Some("Ex 01"), Some(Verdict::Unknown)));
        assert!(grammar::condition("not document EX01 and not document EX02").is_ok());
        assert!(grammar::condition("document EX01").is_ok());
        assert_eq!((account.left_out.len(), account.inexpressible["no import duty in the table"]), (1, 1));
    }

    #[test]
    fn wrong_rows() {
        let (account, out) = read(
            "a,61091000,,x,tax_ipi_nt,tax_ii_35,,True\n\
             b,6109.10.00,1,x,tax_ipi_nt,tax_ii_35,,True\n\
             c,6109.10.00,,x,tax_ii_35,tax_ii_35,,True\n\
             d,6109.10.00,,x,tax_q,tax_ii_35,,True\n\
             e,6109.10.00,,x,tax_ipi_nt,tax_ii_9,,True\n\
             f,6109.10.00,,x,tax_ipi_nt,tax_ii_35,UOM_X,True\n\
             g,6109.10.00,,x,tax_ipi_nt,tax_ii_35,,yes\n\
             h,6109.10.00,,x,tax_ipi_nt,tax_ii_35,,True\n\
             i,6109.10.00,,x,tax_ipi_nt,tax_ii_35,,True\n\
             short\n",
        )
        .unwrap();
        assert_eq!((account.refused, account.read["code"], out.len()), (9, 10, 2), "{:?}", account.refusals);
    }

    #[test]
    fn wrong_tables() {
        let open = |text: &str| {
            Source::new("x.csv", std::io::Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap()
        };
        let options = Options { known_from: Date::constant(2026, 10, 1) };
        for sources in [vec![], vec![open("a,b\n")], vec![open(HEAD)], vec![open(TAX), open(TAX)], vec![open("")]] {
            assert!(import(sources, &options, &mut Vec::new(), &mut Account::default()).is_err());
        }
    }
}
