//! Correlations between two years of the Combined Nomenclature, and the list of pharmaceutical substances.

use crate::common::{Rest, fact, not_this, put};
use crate::spreadsheet::Cell;
use crate::{Account, Entry, ImportError, Sink, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use tidewaiter::record::Confidence;
use tidewaiter::record::edition::{Correlation, OfficialFile, Text, TextKind};

/// Notes the years of the table, in the fact that heads it.
pub(super) fn declare(
    cells: &[Cell],
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(String, String), ImportError> {
    let year = |column: usize| cells.get(column).and_then(Cell::text).unwrap_or_default().replace("CN", "CN ");
    let remarks: Vec<String> = cells.iter().skip(3).map(Cell::shown).filter(|text| !text.is_empty()).collect();
    let mut cited = fact(
        "eu.cn.correlation",
        &format!("What codes of {} became in {}. The table is indicative and has no legal value.", year(0), year(2)),
        "European Commission",
        &format!("Correlation {} to {}", year(0), year(2)),
        None,
    );
    cited.confidence = Confidence::High;
    cited.note = (!remarks.is_empty()).then(|| remarks.join(" "));
    put(out, account, Entry::Fact(cited))?;
    Ok((year(0), year(2)))
}

/// A row of the correlation: the old code, a mark, the new code.
pub(super) fn correlation(
    name: &str,
    number: u64,
    cells: &[Cell],
    years: &(String, String),
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    if cells.iter().all(Cell::is_blank) {
        return Ok(());
    }
    account.read("correlation");
    let text = |column: usize| cells.get(column).and_then(Cell::text).unwrap_or_default();
    let code = |column: usize| {
        let digits: String = text(column).chars().filter(|c| *c != ' ').collect();
        (digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
    };
    let (Some(from_code), Some(to_code)) = (code(0), code(2)) else {
        let found = format!("{} {}", text(0), text(2));
        account.refuse(name, number, "code", &found, "eight digits on both sides");
        return Ok(());
    };
    let relation = match text(1) {
        mark @ ("-" | "ex") => mark.to_owned(),
        other => {
            account.refuse(name, number, "mark", other, "a hyphen, or ex for a part of the old code");
            return Ok(());
        }
    };
    if let Some(more) = cells.iter().skip(3).find(|cell| !cell.is_blank()) {
        account.refuse(name, number, "", &more.shown(), "nothing after the new code");
        return Ok(());
    }
    let (from_edition, to_edition) = years.clone();
    let entry = Correlation { from_edition, from_code, to_edition, to_code, relation };
    put(out, account, Entry::Correlation(entry))
}

/// The list of substances: code, CAS number and name, each in quotes.
pub(super) fn substances(
    mut source: Source,
    accept_rest: bool,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<OfficialFile, ImportError> {
    let name = source.name().to_owned();
    let mut rest = Rest::new(accept_rest);
    let mut bytes = Vec::new();
    let mut number = 0u64;
    loop {
        bytes.clear();
        source.next_record();
        let n = match source.read_until(b'\n', &mut bytes) {
            Ok(n) => n,
            Err(error) => return Err(source.explain(error)),
        };
        if n == 0 {
            break;
        }
        number += 1;
        let row = std::str::from_utf8(&bytes).ok().map(|row| row.trim_start_matches('\u{feff}').trim_end());
        let cells: Option<Vec<&str>> = row
            .and_then(|row| row.strip_prefix('"'))
            .and_then(|row| row.strip_suffix('"'))
            .map(|row| row.split("\", \"").collect());
        if number == 1 {
            let wanted = ["Combined Nomenclature code", "Chemical Abstracts Service reference number", "Name"];
            if cells.as_deref() != Some(&wanted[..]) {
                return Err(not_this(&name, format!("expected the headings {}", wanted.join(", "))));
            }
            let mut cited = fact(
                "eu.cn.annex3",
                "Pharmaceutical substances and their codes that the list of international nonproprietary names frees from duty.",
                "European Commission",
                "Combined Nomenclature, part three, section II, annex 3",
                None,
            );
            cited.note = Some("Taken from a copy of the annex; the copy is of 2019.".into());
            put(out, account, Entry::Fact(cited))?;
            continue;
        }
        account.read("substance");
        let Some([code, cas, substance]) = cells.as_deref() else {
            let found = String::from_utf8_lossy(&bytes);
            let expected =
                "three texts in quotes; a number without them is a substance number that a spreadsheet spoiled";
            rest.refuse(account, (&name, number, ""), found.trim_end(), expected, None);
            continue;
        };
        let digits: String = code.chars().filter(|c| !matches!(c, '\u{a0}' | ' ')).collect();
        if !matches!(digits.len(), 6 | 8) || digits.bytes().any(|byte| !byte.is_ascii_digit()) {
            rest.refuse(account, (&name, number, "Combined Nomenclature code"), code, "six or eight digits", None);
            continue;
        }
        let sound = cas.split_whitespace().any(is_cas);
        if !sound || substance.is_empty() || substance.contains('"') {
            let found = format!("{cas}, {substance}");
            rest.refuse(account, (&name, number, "Name"), &found, "a number such as 136470-78-5, and a name", None);
            continue;
        }
        let text = Text {
            kind: TextKind::Other,
            code: (*cas).to_owned(),
            says: BTreeMap::from([("en".to_owned(), (*substance).to_owned())]),
            from: None,
            before: None,
            other: BTreeMap::from([("Combined Nomenclature code".to_owned(), digits)]),
        };
        put(out, account, Entry::Text(text))?;
    }
    if number == 0 {
        return Err(not_this(&name, "the file is empty"));
    }
    rest.finish("eu.cn.annex3.missing", "European Commission", &BTreeSet::new(), out, account)?;
    source.finish()
}

/// A number of the Chemical Abstracts Service: digits, two digits, one digit.
fn is_cas(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts.as_slice(), [first, second, last] if digits(first) && digits(second) && digits(last) && second.len() == 2 && last.len() == 1)
}
