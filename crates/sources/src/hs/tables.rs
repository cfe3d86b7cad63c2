//! Workbooks of the UN Statistics Division: conversions and correlations between two editions.

use super::{Options, edition, is_edition};
use crate::common::{fact, not_this, put};
use crate::spreadsheet::{Cell, open_workbook};
use crate::{Account, Entry, ImportError, Sink, Source};
use std::collections::BTreeSet;
use tidewaiter::record::Confidence;
use tidewaiter::record::edition::{Correlation, Edition};

/// What a sheet is, by its headings.
enum Sheet {
    /// One code for each, the closest.
    Conversion,
    /// Every relation; the columns of the other code and of the relation.
    Correlation { to: usize, relation: usize },
}

pub(super) fn import(
    source: Source,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let mut book = open_workbook(source, crate::workbook::Bounds::default())?;
    let name = book.name().to_owned();
    let mut editions: Option<(String, String)> = None;
    for (sheet, _) in book.sheets() {
        let mut kind: Option<Sheet> = None;
        let mut seen = BTreeSet::new();
        book.rows(&sheet, |number, cells| {
            if cells.iter().all(Cell::is_blank) {
                return Ok(());
            }
            let text = |column: usize| cells.get(column).and_then(Cell::text).unwrap_or_default();
            let Some(what) = &kind else {
                if text(0) == "Between" {
                    account.read("heading row");
                    account.left_out("heading");
                    return Ok(());
                }
                account.read("heading row");
                account.left_out("heading");
                let (what, pair) = headings(&name, &sheet, cells)?;
                match &editions {
                    Some(first) if *first != pair => {
                        return Err(not_this(&name, format!("sheet {sheet}: other editions than the first sheet")));
                    }
                    Some(_) => {}
                    None => {
                        declare(&pair, out, account)?;
                        editions = Some(pair);
                    }
                }
                kind = Some(what);
                return Ok(());
            };
            let Some((from_edition, to_edition)) = &editions else { return Ok(()) };
            let (label, to, relation) = match what {
                Sheet::Conversion => ("conversion", 1, None),
                Sheet::Correlation { to, relation } => ("correlation", *to, Some(*relation)),
            };
            account.read(label);
            let expected = "six digits, as text";
            for (column, heading) in [(0, from_edition), (to, to_edition)] {
                let cell = cells.get(column).cloned().unwrap_or_default();
                let code = matches!(&cell, Cell::Text(code) if is_code6(code.trim()));
                // The UN writes 999999, "commodities not specified", as a number.
                let number_code = matches!(&cell, Cell::Number(code) if code == "999999");
                if !code && !number_code {
                    account.refuse(&name, number, heading, &cell.shown(), expected);
                    return Ok(());
                }
            }
            let (from_code, to_code) = (shown(cells, 0), shown(cells, to));
            let relation = match relation {
                None => "conversion".to_owned(),
                Some(column) => match text(column) {
                    known @ ("1:1" | "1:n" | "n:1" | "n:n") => known.to_owned(),
                    other => {
                        account.refuse(&name, number, "Relationship", other, "1:1, 1:n, n:1 or n:n");
                        return Ok(());
                    }
                },
            };
            // Between the two codes the tables of 2017 write "ex" where only a part of the other code is meant.
            let marks: Vec<&str> = (1..to).map(text).filter(|mark| !mark.is_empty()).collect();
            if !(marks.is_empty() || marks == ["ex"] && relation.starts_with('n')) {
                account.refuse(&name, number, "", &marks.join(" "), "nothing, or ex for a relation n:1 or n:n");
                return Ok(());
            }
            if !seen.insert((from_code.clone(), to_code.clone())) {
                account.refuse(&name, number, "", &format!("{from_code} {to_code}"), "each pair once");
                return Ok(());
            }
            let correlation = Correlation {
                from_edition: from_edition.clone(),
                from_code,
                to_edition: to_edition.clone(),
                to_code,
                relation,
            };
            put(out, account, Entry::Correlation(correlation))
        })?;
        if kind.is_none() {
            return Err(not_this(&name, format!("sheet {sheet} has no headings such as From HS 2022, To HS 2017")));
        }
    }
    let (from, to) = editions.ok_or_else(|| not_this(&name, "the workbook has no sheet"))?;
    let title = format!("Conversion and correlation tables {from} to {to}");
    let mut head = edition("UN Statistics Division", title, &from, options);
    head.files.push(book.file().clone());
    Ok(head)
}

fn declare(pair: &(String, String), out: &mut dyn Sink, account: &mut Account) -> Result<(), ImportError> {
    let (from, to) = pair;
    let key = format!("{}.{}", from.to_lowercase().replace(' ', ""), to.to_lowercase().replace(' ', ""));
    let mut cited = fact(
        &key,
        &format!(
            "Every relation between the subheadings of {from} and {to}, and the closest {to} code for each {from} code."
        ),
        "UN Statistics Division",
        &format!("Conversion and correlation tables {from} to {to}"),
        None,
    );
    cited.confidence = Confidence::High;
    put(out, account, Entry::Fact(cited))
}

fn headings(name: &str, sheet: &str, cells: &[Cell]) -> Result<(Sheet, (String, String)), ImportError> {
    let texts: Vec<String> = cells.iter().map(|cell| cell.text().unwrap_or_default().replace(' ', "")).collect();
    let filled: Vec<(usize, &String)> = texts.iter().enumerate().filter(|(_, text)| !text.is_empty()).collect();
    let year = |text: &str| text.strip_prefix("HS").map(|year| format!("HS {year}")).filter(|text| is_edition(text));
    let found = match filled.as_slice() {
        [(0, from), (1, to)] => {
            let from = from.strip_prefix("From").and_then(year);
            from.zip(to.strip_prefix("To").and_then(year)).map(|pair| (Sheet::Conversion, pair))
        }
        [(0, from), (to_column, to), (relation, word)] if *word == "Relationship" => {
            let sheet = Sheet::Correlation { to: *to_column, relation: *relation };
            year(from).zip(year(to)).map(|pair| (sheet, pair))
        }
        _ => None,
    };
    found.ok_or_else(|| {
        let shown: String = texts.join(", ").chars().take(80).collect();
        not_this(name, format!("sheet {sheet}: headings \"{shown}\"; expected From HS 2022, To HS 2017 or HS 2022, HS 2017, Relationship"))
    })
}

fn is_code6(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn shown(cells: &[Cell], column: usize) -> String {
    cells.get(column).map(|cell| cell.shown().trim().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::hs::{Options, import};
    use crate::spreadsheet::tests::text_book;
    use crate::{Account, Entry, ImportError, Limits, Source};

    fn read(sheets: &[(&str, &[&[&str]])]) -> Result<(Account, Vec<Entry>), ImportError> {
        let source = Source::new("un.xlsx", std::io::Cursor::new(text_book(sheets)), Limits::default())?;
        let (mut account, mut out) = (Account::default(), Vec::new());
        import(source, &Options::default(), &mut out, &mut account)?;
        Ok((account, out))
    }

    const CONVERSION: &[&[&str]] = &[&["From HS 2022", "To HS 2017"], &["030910", "030510"]];

    #[test]
    fn both_sheets() {
        let correlation: &[&[&str]] = &[
            &["Between"],
            &["HS2022", "", " HS2017", "Relationship"],
            &["030910", "", "030510", "1:1"],
            &["030910", "", "030510", "1:1"],
            &["030910", "", "03051", "1:1"],
            &["030910", "", "030511", "2:1"],
        ];
        let (account, out) = read(&[("a", CONVERSION), ("b", correlation)]).unwrap();
        assert_eq!((account.read["conversion"], account.read["correlation"], account.refused), (1, 4, 3));
        assert_eq!((account.made["correlation"], account.left_out["heading"]), (2, 3));
        assert!(matches!(&out[2], Entry::Correlation(c) if c.relation == "1:1" && c.to_edition == "HS 2017"));
    }

    #[test]
    fn wrong_sheets() {
        let other: &[&[&str]] = &[&["From HS 2022", "To HS 2012"]];
        for sheets in
            [&[("a", &[&["code", "rate"][..]][..])][..], &[("a", &[][..])], &[("a", CONVERSION), ("b", other)]]
        {
            assert!(matches!(read(sheets), Err(ImportError::NotThisFormat { .. })));
        }
    }
}
