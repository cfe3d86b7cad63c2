//! India: the HSN and ITC-HS nomenclature, 2 to 8 digits.
//!
//! The table also has columns for GST. They are nearly all zero and are not rates: they are left out, and the account says
//! how many rows had one that is not zero. Descriptions carry `_x000D_` where a line broke; it becomes a space.

use crate::common::{fact, line, put};
use crate::table::{Layout, Table};
use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::edition::Edition;

/// What the file does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// First day on which the list was published.
    pub known_from: Date,
    /// Whether rows that are not understood are left out and named in a fact, rather than refused.
    pub accept_rest: bool,
}

const COLUMNS: &[&str] = &["HSNCode", "Description", "CGST_Rate", "SGST_Rate", "IGST_Rate", "CESS_Rate"];

/// Reads the list.
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
    let publisher = "Central Board of Indirect Taxes and Customs, India";
    let mut cited = fact(
        "in.hsn",
        "Codes of the Indian nomenclature and their descriptions.",
        publisher,
        "HSN and ITC-HS list",
        None,
    );
    cited.note = Some("Read from a copy. Its GST columns are not rates and were left out.".into());
    put(out, account, Entry::Fact(cited))?;
    let name = table.name().to_owned();
    let mut rest = crate::common::Rest::new(options.accept_rest);
    // A hash of what each code says: a code that stands twice with other words is refused.
    let mut seen: BTreeMap<String, [u8; 32]> = BTreeMap::new();
    while let Some(row) = table.next_or("code", &mut rest, account)? {
        let code = row.get(0);
        let mut refuse = |column: &str, found: &str, expected: &str, account: &mut Account| {
            rest.refuse(account, (&name, row.number, column), found, expected, None);
        };
        if !matches!(code.len(), 2 | 4 | 6 | 8) || code.bytes().any(|byte| !byte.is_ascii_digit()) {
            refuse("HSNCode", code, "two, four, six or eight digits", account);
            continue;
        }
        let says = plain_text(row.get(1));
        if says.is_empty() {
            refuse("Description", row.get(1), "a description", account);
            continue;
        }
        if row.cells[2..].iter().any(|rate| crate::common::plain(rate.trim()).is_none()) {
            refuse("CGST_Rate", &row.cells[2..].join(" "), "plain numbers", account);
            continue;
        }
        let hash: [u8; 32] = Sha256::digest(says.as_bytes()).into();
        match seen.get(code) {
            Some(old) if *old == hash => {
                account.left_out("the same code and description again");
                continue;
            }
            Some(_) => {
                refuse("HSNCode", code, "each code with one description", account);
                continue;
            }
            None => seen.insert(code.to_owned(), hash),
        };
        if row.cells[2..].iter().any(|rate| crate::common::plain(rate.trim()).as_deref() != Some("0")) {
            account.inexpressible("GST figures of the list, which are not rates");
        }
        let mut entry = line(code.to_owned());
        // 99 are services; goods are declared with eight digits.
        entry.declarable = code.len() == 8 && !code.starts_with("99");
        entry.note = code.starts_with("99").then(|| "A service, not goods.".to_owned());
        if row.cells[2..].iter().any(|rate| crate::common::plain(rate.trim()).as_deref() != Some("0")) {
            let figures = format!("GST columns of the list: {}; they are not to be used.", row.cells[2..].join(", "));
            entry.note = Some(entry.note.map_or(figures.clone(), |note| format!("{note} {figures}")));
        }
        entry.description = BTreeMap::from([("en".to_owned(), says)]);
        put(out, account, Entry::Line(entry))?;
    }
    rest.finish("in.hsn.missing", publisher, &BTreeSet::new(), out, account)?;
    Ok(Edition {
        authority: publisher.into(),
        territory: Some("IN".into()),
        currency: Some("INR".into()),
        title: "Indian nomenclature (HSN, ITC-HS)".into(),
        format: "in-hsn".into(),
        nomenclature: Some("ITC-HS".into()),
        known_from: options.known_from,
        files: vec![table.finish()?],
        ..Edition::default()
    })
}

/// Without the mark of a broken line, and with single spaces.
fn plain_text(text: &str) -> String {
    text.replace("_x000D_", " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    #[test]
    fn lines() {
        let rows = "01,LIVE ANIMALS,0.0,0.0,0.0,0.0\n01012100,\"Horses,_x000D_\npure-bred\",0.0,0.0,0.0,0.0\n\
            30559,Fish,0.0,0.0,0.0,0.0\n01,LIVE ANIMALS,0.0,0.0,0.0,0.0\n01,Other words,0.0,0.0,0.0,0.0\n\
            8517,Phones,9.0,9.0,18.0,0.0\n0102,,0.0,0.0,0.0,0.0\n0103,x,zero,0.0,0.0,0.0\n995411,Building,0.0,0.0,0.0,0.0\n";
        let text = format!("{}\n{rows}", COLUMNS.join(","));
        let source = Source::new("in.csv", std::io::Cursor::new(text.into_bytes()), Limits::default()).unwrap();
        let (mut account, mut out) = (Account::default(), Vec::new());
        let options = Options { known_from: Date::constant(2025, 1, 1), accept_rest: false };
        import(source, &options, &mut out, &mut account).unwrap();
        assert_eq!((account.read["code"], account.made["line"], account.refused), (9, 4, 4));
        assert!(matches!(&out[2], Entry::Line(l) if l.description["en"] == "Horses, pure-bred" && l.declarable));
        assert_eq!(account.inexpressible.values().sum::<u64>(), 1);
    }
}
