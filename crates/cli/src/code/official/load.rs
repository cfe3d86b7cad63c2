//! Nomenclatures and rulings from files.

use crate::errors::Failure;
use crate::source;
use std::fs::File;
use std::path::Path;
use tidewaiter::record::edition::Entry;
use tidewaiter_bulk::{TextRow, TextTable};
use tidewaiter_finder::Language;
use tidewaiter_finder::lines::{Lines, NationalLine, Ruling};
use tidewaiter_sources::{Account, Limits, edition};

/// Rulings after which no more are read: the finder refuses so many.
const MOST_RULINGS: usize = 200_001;

/// The lines of an edition that are in force today, and whose they are.
///
/// # Errors
/// [`Failure::Usage`] where it is no edition, is damaged, or has no line in force.
pub(super) fn nomenclature(path: &Path) -> Result<(String, Lines), Failure> {
    let told = |error: String| Failure::usage(format!("--nomenclature {}: {error}", path.display()));
    let (mut account, mut lines, mut all) = (Account::default(), Vec::new(), 0u64);
    let limits = Limits { bytes: 1 << 30, ..Limits::default() };
    let today = source::today();
    let read = edition::read(path, limits, &mut account, |entry| {
        if let Entry::Line(line) = entry {
            all += 1;
            if line.from.is_none_or(|from| from <= today) && line.before.is_none_or(|before| today < before) {
                let texts = line.description.into_iter();
                let texts = texts.filter_map(|(language, text)| Some((Language::of(&language)?, text))).collect();
                lines.push(NationalLine { code: line.code, indent: line.indent, declarable: line.declarable, texts });
            }
        }
        Ok(())
    });
    let (head, _) = read.map_err(|e| told(e.to_string()))?;
    if !account.is_clean() {
        let first = account.refusals.first().map(|one| format!(", first {one}")).unwrap_or_default();
        return Err(told(format!("it is damaged: {} of its lines are no entries{first}", account.refused)));
    }
    if lines.is_empty() {
        return Err(told(match all {
            0 => "it has no lines of a nomenclature; make such an edition with `tidewaiter import` (`tidewaiter import list`)".into(),
            _ => format!("none of its {all} lines is in force on {today}; load a newer edition"),
        }));
    }
    Ok((head.authority, Lines::new(lines).map_err(|e| told(e.to_string()))?))
}

/// Lines with the rulings of a table beside them, in a language where the table names none.
///
/// # Errors
/// [`Failure::Usage`] with the column or line that is wrong.
pub(super) fn rulings(path: &Path, usual: Language, lines: Lines) -> Result<Lines, Failure> {
    let told = |error: String| Failure::usage(format!("--rulings {}: {error}", path.display()));
    let tabs = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("tsv"));
    let file = File::open(path).map_err(|e| told(e.to_string()))?;
    let mut table = TextTable::open(Box::new(file), tabs).map_err(told)?;
    let columns = Columns::of(&table.names).map_err(told)?;
    let mut all = Vec::new();
    while let Some(rows) = table.next(256).filter(|_| all.len() < MOST_RULINGS) {
        for row in rows.map_err(told)? {
            let ruling = ruling(&table, &row, &columns, usual);
            all.push(ruling.map_err(|error| told(format!("line {}: {error}", row.line)))?);
        }
    }
    lines.with_rulings(all).map_err(|e| told(e.to_string()))
}

/// Where the parts of a ruling stand.
struct Columns {
    text: usize,
    code: usize,
    reference: usize,
    language: Option<usize>,
}

impl Columns {
    fn of(names: &[String]) -> Result<Self, String> {
        let at = |wanted: &str| names.iter().position(|name| name.trim().eq_ignore_ascii_case(wanted));
        let must = |wanted: &str| {
            at(wanted).ok_or_else(|| {
                format!("there is no column \"{wanted}\"; it needs text, code and reference, and may have language")
            })
        };
        Ok(Self { text: must("text")?, code: must("code")?, reference: must("reference")?, language: at("language") })
    }
}

fn ruling(table: &TextTable, row: &TextRow, columns: &Columns, usual: Language) -> Result<Ruling, String> {
    let cells = table.cells(row).map_err(|e| e.to_string())?;
    let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
    let language = match columns.language.map_or("", cell) {
        "" => usual,
        other => {
            let known = Language::of(&other.to_lowercase());
            known.ok_or_else(|| format!("language \"{other}\": en, fr or es was expected"))?
        }
    };
    let code: String = cell(columns.code).chars().filter(|c| !matches!(c, '.' | ' ')).collect();
    if !(6..=12).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("code \"{}\": 6 to 12 digits were expected", cell(columns.code)));
    }
    Ok(Ruling { reference: cell(columns.reference).to_owned(), code, language, text: cell(columns.text).to_owned() })
}
