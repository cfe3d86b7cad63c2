//! What changed between two editions.

mod held;

use crate::args::DiffArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::table::{Align, Table};
use crate::words::count;
use jiff::civil::Date;
use serde_json::{Value, json};
use tidewaiter_sources::edition::compare::{Change, CompareError, Compared, Side, compare, grouped};
use tidewaiter_sources::{Limits, Source};

/// Rows that are printed; `--json` has all changes.
const SHOWN: usize = 200;
/// Most bytes of an edition, unpacked.
const LARGEST: u64 = 16 << 30;

pub(crate) fn run(args: &DiffArgs, page: &mut Page) -> Result<Exit, Failure> {
    let paths = [&args.old, &args.new];
    let limits = Limits { bytes: LARGEST, ..Limits::default() };
    let compared = compare(|which| Source::open(paths[which], limits), args.as_of);
    let Compared { sides, changes } = compared.map_err(|error| match &error {
        CompareError::Damaged { account, .. } => {
            let mut lines = vec![error.to_string()];
            lines.extend(account.refusals.iter().take(20).map(ToString::to_string));
            Failure::Usage(lines)
        }
        _ => Failure::usage(error),
    })?;
    if args.json {
        page.json(&json!({ "old": told(&sides[0]), "new": told(&sides[1]), "changes": changes }))?;
        return Ok(Exit::Answered);
    }
    let [old, new] = &sides;
    let title = format!("{} on {}, against {} on {}", old.head.title, old.day, new.head.title, new.day);
    page.paragraph(&title, Tone::Strong)?;
    let missing = held::missing(&sides);
    for sentence in &missing {
        page.paragraph(sentence, Tone::Plain)?;
    }
    let rows = grouped(&changes);
    let found = match (changes.len(), rows.len()) {
        (0, _) if missing.is_empty() => "Nothing differs.".into(),
        (0, _) if held::nothing(&sides) => String::new(),
        (0, _) => "Nothing else differs.".into(),
        (all, rows) if all == rows => count(all, "difference"),
        (all, rows) => format!("{}, in {}", count(all, "difference"), count(rows, "row")),
    };
    if !found.is_empty() {
        page.paragraph(&found, Tone::Plain)?;
    }
    page.paragraph(&held::compared(&sides), Tone::Quiet)?;
    if let Some((number, first)) = new.later {
        let hint = format!(
            "After that day the newer edition changes {}, first on {first}: --as-of {first} compares that day.",
            count(number, "record")
        );
        page.paragraph(&hint, Tone::Plain)?;
    }
    if !rows.is_empty() {
        page.gap()?;
        table(&rows, page)?;
    }
    Ok(Exit::Answered)
}

/// What is told of an edition in JSON.
fn told(side: &Side) -> Value {
    let mut out = json!({
        "authority": side.head.authority,
        "title": side.head.title,
        "as_of": side.day.to_string(),
        "compared": side.compared,
        "not_compared": side.not_compared,
    });
    if let Some((records, first)) = side.later {
        out["later"] = json!({ "records": records, "from": first.to_string() });
    }
    out
}

fn table(rows: &[Change], page: &mut Page) -> Result<(), Failure> {
    let columns = ["Code", "What", "For", "Old", "New"].map(|name| (name, Align::Left));
    let mut table = Table::new(&columns, 2);
    for change in rows.iter().take(SHOWN) {
        let cell = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
        let from = |from: Option<Date>| from.map(|day| format!(" from {day}")).unwrap_or_default();
        let [old, new] = both(&cell(&change.old), &cell(&change.new));
        let (old, new) = (old + &from(change.old_from), new + &from(change.new_from));
        table.row(vec![change.code.clone(), change.what.clone(), change.scope.clone(), old, new]);
    }
    page.table(&table)?;
    if rows.len() > SHOWN {
        page.paragraph(&format!("and {} more; --json shows all", rows.len() - SHOWN), Tone::Quiet)?;
    }
    Ok(())
}

/// Longest text of a cell, in characters.
const LONGEST: usize = 36;

/// Two texts that fit: long ones are cut so that the place where they begin to differ is seen.
fn both(old: &str, new: &str) -> [String; 2] {
    let texts = [old, new].map(|text| text.chars().collect::<Vec<char>>());
    let same = texts[0].iter().zip(&texts[1]).take_while(|(a, b)| a == b).count();
    let fits = texts.iter().all(|text| text.len() <= LONGEST);
    let start = if fits || same < LONGEST / 2 {
        0
    } else {
        // From the beginning of a word before the difference, if there is one near.
        let word = texts[0][..same].iter().rposition(|c| c.is_whitespace()).map_or(0, |at| at + 1);
        if same - word <= LONGEST / 3 { word } else { same - LONGEST / 3 }
    };
    texts.map(|text| {
        let start = start.min(text.len().saturating_sub(1));
        let mut shown: Vec<char> = text[start..].to_vec();
        if start > 0 {
            shown.insert(0, '…');
        }
        if shown.len() > LONGEST {
            shown.truncate(LONGEST - 1);
            shown.push('…');
        }
        shown.into_iter().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_long_texts_differ_is_seen() {
        assert_eq!(both("12 %", "10 %"), ["12 %", "10 %"]);
        let long = |end: &str| format!("Men's or boys' shirts, knitted or crocheted, of cotton {end}");
        let [old, new] = both(&long("fibres"), &long("yarn"));
        assert_eq!([old.as_str(), new.as_str()], ["…fibres", "…yarn"]);
        let [old, new] = both(&long("fibres"), &long(""));
        assert_ne!(old, new);
        let [old, new] = both(&long("x"), "Other");
        assert!(old.starts_with("Men's") && old.ends_with('…') && old.chars().count() == LONGEST && new == "Other");
        // One is the beginning of the other.
        let [old, new] = both(&long("").repeat(2), &long(""));
        assert_ne!(old, new);
        assert_eq!(both("", "-"), ["", "-"]);
    }
}
