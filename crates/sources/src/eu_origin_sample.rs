//! Least and most duty by subheading and origin, as a site computes it from the EU tariff.
//!
//! Columns `hs6, origin, cn_codes, duty_min, duty_max, basis, anti_dumping_possible, additional_duty`. Where least and most
//! are the same and are duties, the row is a measure at six digits. Where they differ, the duty depends on the full code:
//! the answer is unknown, and says between what.

use crate::common::{Duty, Rest, fact, measure, official, plain, put};
use crate::table::{Layout, Row, Table};
use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use std::collections::BTreeSet;
use tidewaiter::record::edition::{Edition, Program};
use tidewaiter::record::{MeasureKind, Places};

/// What the file does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// First day on which the table was published.
    pub known_from: Date,
    /// Whether rows that are not understood are left out and named in a fact, rather than refused.
    pub accept_rest: bool,
}

const COLUMNS: &[&str] =
    &["hs6", "origin", "cn_codes", "duty_min", "duty_max", "basis", "anti_dumping_possible", "additional_duty"];

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
    let publisher = "European Commission, by way of the UK service for Northern Ireland";
    let mut cited = fact(
        "eu.origin.sample",
        "Least and most customs duty of the codes below each subheading, for all origins and by preference.",
        publisher,
        "EU duty by origin",
        Some(options.known_from),
    );
    cited.note = Some("Computed by a third party from official duties.".into());
    put(out, account, Entry::Fact(cited))?;
    let name = table.name().to_owned();
    let mut rest = Rest::new(options.accept_rest);
    let (mut seen, mut programs) = (BTreeSet::new(), BTreeSet::new());
    while let Some(row) = table.next_or("row", &mut rest, account)? {
        let code = row.get(0).replace('.', "");
        let read = match check(&row, &code, &mut seen) {
            Ok(read) => read,
            Err((column, expected)) => {
                let found = row.get(column).to_owned();
                rest.refuse(account, (&name, row.number, COLUMNS[column]), &found, expected, Some(&code));
                continue;
            }
        };
        let origin = row.get(1);
        let Some(duty) = read else {
            account.left_out("no preference for this origin: the duty for all applies");
            continue;
        };
        let preference = row.get(5) == "pref";
        let kind = if preference { MeasureKind::Preference } else { MeasureKind::ThirdCountry };
        let mut entry = measure(&code, kind, "eu.origin.sample");
        if preference {
            let key = format!("eu.{origin}");
            if programs.insert(key.clone()) {
                let program = Program {
                    key: key.clone(),
                    name: format!("Preference for goods of {origin}"),
                    origin: Places::One(origin.to_owned()),
                    proof: Some("Proof of preferential origin".into()),
                    from: None,
                    before: None,
                    cites: vec!["eu.origin.sample".into()],
                    note: Some("The table does not name the agreement or scheme.".into()),
                };
                put(out, account, Entry::Program(program))?;
            }
            entry.program = Some(Places::One(key));
        }
        duty.set(&mut entry, account);
        entry.official = official(&format!("{} to {}", row.get(3), row.get(4))).map(|mut official| {
            official.other.insert("cn_codes".into(), row.get(2).to_owned());
            official
        });
        put(out, account, Entry::Measure(entry))?;
    }
    let made = seen.into_iter().map(|(code, _)| code).collect();
    rest.finish("eu.origin.sample.missing", publisher, &made, out, account)?;
    Ok(Edition {
        authority: publisher.into(),
        territory: Some("EU".into()),
        currency: Some("EUR".into()),
        title: "Duty by subheading and origin".into(),
        format: "eu-origin-sample".into(),
        nomenclature: Some("HS 2022".into()),
        known_from: options.known_from,
        licence: Some("Open Government Licence v3".into()),
        files: vec![table.finish()?],
        ..Edition::default()
    })
}

/// The duty, or nothing for a row that repeats the duty for all.
fn check(row: &Row, code: &str, seen: &mut BTreeSet<(String, String)>) -> Result<Option<Duty>, (usize, &'static str)> {
    if code.len() != 6 || code.bytes().any(|byte| !byte.is_ascii_digit()) {
        return Err((0, "six digits such as 0101.29"));
    }
    let origin = row.get(1);
    let all = origin == "ALL (MFN)";
    let two = origin.len() == 2 && origin.bytes().all(|byte| byte.is_ascii_uppercase());
    if !(all || two) {
        return Err((1, "ALL (MFN), or a territory of two letters"));
    }
    if row.get(2).parse::<u32>().is_err() {
        return Err((2, "the number of codes"));
    }
    let Some(least) = words(row.get(3)) else { return Err((3, "a duty such as 10.2 % + 93.1 EUR / 100 kg")) };
    let Some(most) = words(row.get(4)) else { return Err((4, "a duty such as 10.2 % + 93.1 EUR / 100 kg")) };
    if !matches!((row.get(5), all), ("mfn", _) | ("pref", false)) {
        return Err((5, "mfn, or pref for one origin"));
    }
    for column in [6, 7] {
        if !row.get(column).is_empty() {
            return Err((column, "nothing: additional duties are not read from this table"));
        }
    }
    if !seen.insert((code.to_owned(), origin.to_owned())) {
        return Err((0, "each subheading and origin once"));
    }
    if row.get(5) == "mfn" && !all {
        return Ok(None);
    }
    Ok(Some(if least == most {
        Duty::Amount(least)
    } else {
        Duty::Unknown {
            reason: "a duty that depends on the full code",
            says: format!("The duty is between {least} and {most}, by the full code. Give all eight digits."),
        }
    }))
}

fn words(text: &str) -> Option<String> {
    Some(text.split(" + ").map(part).collect::<Option<Vec<_>>>()?.join(" + "))
}

fn part(text: &str) -> Option<String> {
    if let Some(percent) = text.strip_suffix(" %") {
        return Some(format!("{} %", plain(percent)?));
    }
    let (number, unit) = text.split_once(" EUR / ")?;
    let unit = match unit {
        "100 kg" => "100 kg",
        "1000 p/st" => "1000 items",
        "100 p/st" => "100 items",
        "p/st" => "item",
        "1000 kg" => "t",
        "hl" => "hl",
        _ => return None,
    };
    Some(format!("{} EUR per {unit}", plain(number)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    #[test]
    fn rows() {
        let rows = "0105.11,ALL (MFN),4,52 EUR / 1000 p/st,52 EUR / 1000 p/st,mfn,,\n\
            0101.29,ALL (MFN),2,0 %,11.5 %,mfn,,\n0101.30,CH,1,7.7 %,7.7 %,mfn,,\n0101.30,BR,1,6.1 %,6.1 %,pref,,\n\
            0101.3,BR,1,6.1 %,6.1 %,pref,,\n0101.30,Brazil,1,6.1 %,6.1 %,pref,,\n0101.30,IN,x,6.1 %,6.1 %,pref,,\n\
            0101.30,IN,1,6.1,6.1 %,pref,,\n0101.30,IN,1,6.1 %,6.1 EUR / barrel,pref,,\n0101.30,IN,1,6.1 %,6.1 %,gsp,,\n\
            0101.30,IN,1,6.1 %,6.1 %,pref,yes,\n0101.30,BR,1,6.1 %,6.1 %,pref,,\n";
        let text = format!("{}\n{rows}", COLUMNS.join(","));
        let source = Source::new("eu.csv", std::io::Cursor::new(text.into_bytes()), Limits::default()).unwrap();
        let (mut account, mut out) = (Account::default(), Vec::new());
        let options = Options { known_from: Date::constant(2026, 1, 1), accept_rest: false };
        import(source, &options, &mut out, &mut account).unwrap();
        assert_eq!(
            (account.read["row"], account.made["measure"], account.refused),
            (12, 3, 8),
            "{:?}",
            account.refusals
        );
        assert_eq!((account.left_out.values().sum::<u64>(), account.inexpressible.values().sum::<u64>()), (1, 1));
        assert!(tidewaiter::record::grammar::amount("52 EUR per 1000 items + 3 %").is_ok());
    }
}
