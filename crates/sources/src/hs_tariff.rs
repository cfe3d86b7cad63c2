//! A plain tariff at the level of the Harmonized System, or finer: a table of `code, duty`.
//!
//! For economies whose tariff comes as a table of codes and duties. `docs/formats/hs-tariff-file.md` describes it; only
//! `code` and `duty` are needed. Duties are in the words of the economy file: `12.5 %`, `max(5 %, 1 EUR per kg)`.

use crate::common::{fact, is_code, line, measure, official, put};
use crate::table::{Layout, Row, Table};
use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tidewaiter::record::edition::{Edition, Program};
use tidewaiter::record::expression::Amount;
use tidewaiter::record::{MeasureKind, Places, Written, grammar};
use tidewaiter::unit;

/// What the file does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Territory whose tariff it is, a code of `territories.toml`.
    pub territory: String,
    /// ISO 4217 code in which its duties are assessed.
    pub currency: String,
    /// Who published it.
    pub authority: String,
    /// Its title.
    pub title: String,
    /// Nomenclature of its codes: `HS 2022`.
    pub nomenclature: String,
    /// First day on which it was published.
    pub known_from: Date,
}

/// Most rows of a file: what is needed to see overlaps is held in memory.
pub const MOST_ROWS: u64 = 200_000;
/// Longest description, in characters.
pub const LONGEST: usize = 2_000;

const REQUIRED: &[&str] = &["code", "duty"];
const OPTIONAL: &[&str] = &["description", "unit", "kind", "origin", "not_origin", "program", "from", "before", "note"];
const CODE: usize = 0;
const DUTY: usize = 1;
const DESCRIPTION: usize = 2;
const UNIT: usize = 3;
const KIND: usize = 4;
const ORIGIN: usize = 5;
const NOT_ORIGIN: usize = 6;
const PROGRAM: usize = 7;
const FROM: usize = 8;
const BEFORE: usize = 9;
const NOTE: usize = 10;

/// Whom a row is for; rows for the same may not overlap in time.
type Whom = (String, MeasureKindKey, Vec<String>, Vec<String>, String);
type MeasureKindKey = u8;
/// First day, first day no longer, and the row that says so.
type Span = (Option<Date>, Option<Date>, u64);

/// A row that was understood.
struct Read {
    code: String,
    duty: Amount,
    kind: MeasureKind,
    origin: Vec<String>,
    not_origin: Vec<String>,
    program: String,
    from: Option<Date>,
    before: Option<Date>,
    unit: Option<&'static str>,
}

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
    let mut table = Table::open(source, &Layout { optional: OPTIONAL, loose: true, ..Layout::comma(REQUIRED) })?;
    let key = format!("{}.tariff", options.territory.to_lowercase());
    put(
        out,
        account,
        Entry::Fact(fact(
            &key,
            &format!("Customs duties of {} by {} code.", options.territory, options.nomenclature),
            &options.authority,
            &options.title,
            Some(options.known_from),
        )),
    )?;
    let name = table.name().to_owned();
    let mut spans: BTreeMap<Whom, Vec<Span>> = BTreeMap::new();
    let mut lines: BTreeMap<String, String> = BTreeMap::new();
    let mut programs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    while let Some(row) = table.next("row", account)? {
        if row.number > MOST_ROWS {
            return Err(ImportError::TooLarge {
                file: name,
                what: "the number of its rows",
                limit: MOST_ROWS,
                hint: "split the file by chapter",
            });
        }
        let read = match check(&row) {
            Ok(read) => read,
            Err((column, expected)) => {
                account.refuse(&name, row.number, heading(column), row.get(column), expected);
                continue;
            }
        };
        let whom =
            (read.code.clone(), read.kind as u8, read.origin.clone(), read.not_origin.clone(), read.program.clone());
        let others = spans.entry(whom).or_default();
        if let Some((_, _, other)) = others.iter().find(|(from, before, _)| overlap(*from, *before, &read)) {
            let expected = format!("dates apart from those of row {other}, which is for the same goods and origins");
            account.refuse(&name, row.number, "code", row.get(CODE), expected);
            continue;
        }
        if let Some(known) = programs.get(&read.program).filter(|known| **known != read.origin) {
            let expected = format!("the origins of the programme as before: {}", known.join(" "));
            account.refuse(&name, row.number, "origin", row.get(ORIGIN), expected);
            continue;
        }
        let description = row.get(DESCRIPTION).to_owned();
        if let Some(other) = lines.get(&read.code).filter(|other| !description.is_empty() && **other != description) {
            let expected = format!("one description for a code; before it was \"{other}\"");
            account.refuse(&name, row.number, "description", &description, expected);
            continue;
        }
        others.push((read.from, read.before, row.number));
        if !lines.contains_key(&read.code) {
            let mut entry = line(read.code.clone());
            entry.declarable = true;
            entry.units = read.unit.map(str::to_owned).into_iter().collect();
            if !description.is_empty() {
                entry.description = BTreeMap::from([("en".to_owned(), description.clone())]);
            }
            put(out, account, Entry::Line(entry))?;
            lines.insert(read.code.clone(), description);
        }
        if !read.program.is_empty() && !programs.contains_key(&read.program) {
            programs.insert(read.program.clone(), read.origin.clone());
            let program = Program {
                key: read.program.clone(),
                name: read.program.clone(),
                origin: some(&read.origin).unwrap_or_else(|| Places::One("all".into())),
                proof: None,
                from: None,
                before: None,
                cites: vec![key.clone()],
                note: None,
            };
            put(out, account, Entry::Program(program))?;
        }
        put(out, account, Entry::Measure(made(&read, &row, &key)))?;
    }
    Ok(Edition {
        authority: options.authority.clone(),
        territory: Some(options.territory.clone()),
        currency: Some(options.currency.clone()),
        title: options.title.clone(),
        format: "hs-tariff".into(),
        nomenclature: Some(options.nomenclature.clone()),
        known_from: options.known_from,
        files: vec![table.finish()?],
        ..Edition::default()
    })
}

fn heading(column: usize) -> &'static str {
    REQUIRED.iter().chain(OPTIONAL).nth(column).copied().unwrap_or_default()
}

fn made(read: &Read, row: &Row, key: &str) -> tidewaiter::record::Measure {
    let mut entry = measure(&read.code, read.kind, key);
    entry.amount = Some(Written::Words(read.duty.to_string()));
    entry.not_origin.clone_from(&read.not_origin);
    if read.program.is_empty() {
        entry.origin = some(&read.origin);
    } else {
        entry.program = Some(Places::One(read.program.clone()));
    }
    (entry.from, entry.before) = (read.from, read.before);
    entry.official = official(row.get(DUTY));
    entry.note = Some(row.get(NOTE).to_owned()).filter(|note| !note.is_empty());
    entry
}

fn some(places: &[String]) -> Option<Places> {
    match places {
        [] => None,
        [one] => Some(Places::One(one.clone())),
        many => Some(Places::Many(many.to_vec())),
    }
}

fn overlap(from: Option<Date>, before: Option<Date>, read: &Read) -> bool {
    let starts_in_time = |from: Option<Date>, before: Option<Date>| before.is_none_or(|b| from.is_none_or(|f| f < b));
    starts_in_time(from, read.before) && starts_in_time(read.from, before)
}

fn check(row: &Row) -> Result<Read, (usize, String)> {
    let code = row.get(CODE).replace(['.', ' '], "");
    if !is_code(&code) || row.get(CODE).contains("..") {
        return Err((CODE, "a goods code of 2 to 12 digits, such as 6109.10".into()));
    }
    if matches!(code.len(), 3 | 5 | 7) {
        let expected = "an even number of digits; a spreadsheet may have taken away a zero at the beginning or end";
        return Err((CODE, expected.into()));
    }
    if matches!(row.get(DUTY).to_lowercase().as_str(), "free" | "nil" | "exempt") {
        return Err((DUTY, "a duty; write 0 % where the goods are free".into()));
    }
    let duty = grammar::amount(row.get(DUTY)).map_err(|error| (DUTY, error.to_string()))?;
    if !is_duty(&duty) {
        return Err((DUTY, "a duty: percentages and amounts for a unit, no other charge and no condition".into()));
    }
    if row.get(DESCRIPTION).chars().count() > LONGEST {
        return Err((DESCRIPTION, format!("at most {LONGEST} characters")));
    }
    let unit = match row.get(UNIT) {
        "" => None,
        text => Some(unit::find(text).ok_or((UNIT, "a known unit such as kg, item, l".to_owned()))?.key),
    };
    let kind = match row.get(KIND) {
        "" | "third-country" => MeasureKind::ThirdCountry,
        "preference" => MeasureKind::Preference,
        "suspension" => MeasureKind::Suspension,
        "additional" => MeasureKind::Additional,
        "anti-dumping" => MeasureKind::AntiDumping,
        "countervailing" => MeasureKind::Countervailing,
        "safeguard" => MeasureKind::Safeguard,
        "excise" => MeasureKind::Excise,
        _ => {
            let known =
                "third-country, preference, suspension, additional, anti-dumping, countervailing, safeguard or excise";
            return Err((KIND, known.into()));
        }
    };
    let list = |column: usize| -> Result<Vec<String>, (usize, String)> {
        let mut out: Vec<String> = row.get(column).split_whitespace().map(str::to_owned).collect();
        out.sort();
        if out.iter().any(|place| !is_place(place)) || out.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err((column, "territories such as CN IN, each once".into()));
        }
        Ok(out)
    };
    let (origin, not_origin) = (list(ORIGIN)?, list(NOT_ORIGIN)?);
    let program = row.get(PROGRAM).to_owned();
    if (kind == MeasureKind::Preference) == program.is_empty() {
        return Err((PROGRAM, "a programme for a preference, and only for one".into()));
    }
    if !program.is_empty() && (origin.is_empty() || !is_word(&program)) {
        let expected = "a word such as GSP, with the origins that may claim it in the column origin";
        return Err((PROGRAM, expected.into()));
    }
    let day = |column: usize| match row.get(column) {
        "" => Ok(None),
        text => crate::common::year_month_day(text)
            .filter(|_| text.len() == 10)
            .map(Some)
            .ok_or((column, "a date such as 2026-07-01".to_owned())),
    };
    let (from, before) = (day(FROM)?, day(BEFORE)?);
    if from.zip(before).is_some_and(|(from, before)| before <= from) {
        return Err((BEFORE, "a day after the first: the first day on which it no longer holds".into()));
    }
    Ok(Read { code, duty, kind, origin, not_origin, program, from, before, unit })
}

fn is_place(text: &str) -> bool {
    (2..=20).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_word(text: &str) -> bool {
    text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// Whether an amount stands by itself: no other charge, no rate table, no condition.
fn is_duty(amount: &Amount) -> bool {
    match amount {
        Amount::Relieved | Amount::Flat(_) | Amount::Specific { .. } | Amount::Percent { of: None, .. } => true,
        Amount::Sum(parts) | Amount::Max(parts) | Amount::Min(parts) => parts.iter().all(is_duty),
        Amount::Less(from, less) => is_duty(from) && is_duty(less),
        Amount::Times(_, of) => is_duty(of),
        Amount::Clamp { amount, least, most } => is_duty(amount) && is_duty(least) && is_duty(most),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn read(text: &str) -> Result<(Account, Vec<Entry>), ImportError> {
        let source = Source::new("t.csv", std::io::Cursor::new(text.as_bytes().to_vec()), Limits::default())?;
        let options = Options {
            territory: "QQ".into(),
            currency: "EUR".into(),
            authority: "Customs of Q".into(),
            title: "Tariff".into(),
            nomenclature: "HS 2022".into(),
            known_from: Date::constant(2026, 1, 1),
        };
        let (mut account, mut out) = (Account::default(), Vec::new());
        import(source, &options, &mut out, &mut account)?;
        Ok((account, out))
    }

    #[test]
    fn two_columns_are_enough() {
        let (account, out) = read("code,duty\n0101.21,0 %\n6109,12.5 %\n2203,\"max(5 %, 1 EUR per l)\"\n").unwrap();
        assert_eq!((account.read["row"], account.made["line"], account.made["measure"]), (3, 3, 3));
        assert!(
            matches!(&out[6], Entry::Measure(m) if m.amount == Some(Written::Words("max(5 %, 1 EUR per l)".into())))
        );
    }

    #[test]
    fn headings_in_any_case_and_semicolons() {
        for text in
            ["Code,DUTY\n6109.10,12 %\n", "code;duty\n6109.10;12 %\n", "\u{feff}\"Code\";\"Duty\"\r\n6109.10;12 %\r\n"]
        {
            let (account, out) = read(text).unwrap();
            assert!(account.is_clean(), "{text}: {:?}", account.refusals);
            assert!(
                matches!(&out[2], Entry::Measure(m) if m.amount == Some(Written::Words("12 %".into()))),
                "{text}: {out:?}"
            );
        }
        assert!(read("Code,code,Duty\n").is_err(), "the same heading twice");
    }

    #[test]
    fn every_column() {
        let (account, out) = read(
            "code,duty,description,unit,kind,origin,not_origin,program,from,before,note\n\
             6109.10,12 %,T-shirts,item,,,BY RU,,2026-01-01,2027-01-01,a\n\
             6109.10,10 %,T-shirts,,third-country,,RU BY,,2027-01-01,,\n\
             6109.10,0 %,,,preference,KH BD,,GSP,,,\n\
             6109.10,7.5 %,,,additional,CN,,,,,\n",
        )
        .unwrap();
        assert!(account.is_clean(), "{:?}", account.refusals);
        assert_eq!((account.made["line"], account.made["measure"], account.made["program"]), (1, 4, 1));
        let places = Places::Many(vec!["BD".into(), "KH".into()]);
        assert!(out.iter().any(|e| matches!(e, Entry::Program(p) if p.origin == places)));
    }

    #[test]
    fn wrong_rows_say_why() {
        let head = "code,duty,unit,kind,origin,not_origin,program,from,before,description\n";
        for (row, column, said) in [
            ("x,5 %,,,,,,,,", "code", "goods code"),
            ("1,5 %,,,,,,,,", "code", "goods code"),
            ("01,\"5,5 %\",,,,,,,,", "duty", "found"),
            ("01,5,,,,,,,,", "duty", ""),
            ("01,,,,,,,,,", "duty", ""),
            ("01,Free,,,,,,,,", "duty", "write 0 %"),
            ("01,tariff,,,,,,,,", "duty", "no other charge"),
            ("01,5 % of goods,,,,,,,,", "duty", "no other charge"),
            ("01,5 %,parsec,,,,,,,", "unit", "known unit"),
            ("01,5 %,,mfn,,,,,,", "kind", "third-country"),
            ("01,5 %,,,China,,,,,", "origin", "territories"),
            ("01,5 %,,,CN CN,,,,,", "origin", "each once"),
            ("01,5 %,,preference,CN,,,,,", "program", "for a preference"),
            ("01,5 %,,,CN,,GSP,,,", "program", "only for one"),
            ("01,5 %,,preference,,,GSP,,,", "program", "origins"),
            ("01,5 %,,,,,,01/01/2026,,", "from", "2026-07-01"),
            ("01,5 %,,,,,,2026-01-01,2026-01-01,", "before", "after the first"),
        ] {
            let (account, out) = read(&format!("{head}{row}\n")).unwrap();
            assert_eq!((account.refused, out.len()), (1, 1), "{row}");
            let refusal = &account.refusals[0];
            assert!(refusal.column == column && refusal.expected.contains(said), "{row}: {refusal}");
        }
    }

    #[test]
    fn repetitions_and_overlaps() {
        let head = "code,duty,from,before,origin,kind,program,description\n";
        for (rows, refused) in [
            ("01,5 %,,,,,,\n01,5 %,,,,,,\n", 1),
            ("01,5 %,,2026-07-01,,,,\n0.1,6 %,2026-06-30,,,,,\n", 1),
            ("01,5 %,,2026-07-01,,,,\n01,6 %,2026-07-01,,,,,\n", 0),
            ("01,5 %,,,,,,\n01,6 %,,,CN,,,\n", 0),
            ("01,5 %,,,,,,a\n01,6 %,,,CN,,,b\n", 1),
            ("01,5 %,,,CN,preference,GSP,\n02,6 %,,,IN,preference,GSP,\n", 1),
        ] {
            let (account, _) = read(&format!("{head}{rows}")).unwrap();
            assert_eq!(account.refused, refused, "{rows}");
        }
    }

    #[test]
    fn wrong_files() {
        for text in ["", "code\n", "code,duty,rate\n", "duty,code,code\n"] {
            assert!(read(text).is_err());
        }
    }
}
