//! The schedules of trade agreements: a duty for goods of a partner.

use super::classification::{Problem, clean, code_of, marked};
use super::rates::{self, Period};
use super::schema::Concession;
use crate::common::{Rest, measure, official, places, put};
use crate::{Account, Entry, ImportError, Sink};
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::edition::{Program, Text, TextKind};
use tidewaiter::record::{MeasureKind, Places};

/// Agreements: name in the copy, territories or groups of the world.
pub(super) const AGREEMENTS: [(&str, &[&str]); 18] = [
    ("SAFTA", &["SG"]),
    ("AUSFTA", &["US"]),
    ("TAFTA", &["TH"]),
    ("Peru", &["PE"]),
    ("ACI-FTA", &["CL"]),
    ("AANZFTA", &["ASEAN", "NZ"]),
    ("PACER", &["CK", "KI", "NZ", "NU", "WS", "SB", "TO", "TV", "VU"]),
    ("CPTPP", &["CPTPP"]),
    ("MAFTA", &["MY"]),
    ("IA-CEPA", &["ID"]),
    ("KAFTA", &["KR"]),
    ("AI-ECTA", &["IN"]),
    ("JAEPA", &["JP"]),
    ("ChAFTA", &["CN"]),
    ("HK-FTA", &["HK"]),
    ("RCEP", &["RCEP"]),
    ("A-UKFTA", &["GB"]),
    ("UAE-CEPA", &["AE"]),
];

pub(super) fn agreements(
    name: &str,
    list: &BTreeMap<String, Vec<Concession>>,
    rest: &mut Rest,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    let mut number = 0u64;
    let mut declared = BTreeSet::new();
    for (schedule, rows) in list {
        let mut seen = BTreeSet::new();
        for row in rows {
            number += 1;
            account.read("concession");
            let fields = [&row.hsCode, &row.description, &row.dutyRate].map(|text| clean(text));
            for _ in 0..fields.iter().map(|(_, gone)| gone).sum() {
                account.left_out("an invisible character, not a row");
            }
            let [code, description, rate] = fields.map(|(text, _)| text);
            if row.schedule != *schedule || !seen.insert((code.clone(), description.clone())) {
                let expected = "each code once in its own schedule";
                rest.refuse(
                    account,
                    (name, number, "hsCode"),
                    &code,
                    expected,
                    Some(&format!("{} {code}", row.ftaName)),
                );
                continue;
            }
            if row.ftaName == "CONCESSIONAL" {
                let text = Text {
                    kind: TextKind::Other,
                    code: format!("{schedule} {code}"),
                    says: BTreeMap::from([("en".to_owned(), description)]),
                    from: None,
                    before: None,
                    other: BTreeMap::from([("dutyRate".to_owned(), rate)]),
                };
                put(out, account, Entry::Text(text))?;
                continue;
            }
            let agreement = AGREEMENTS.iter().find(|(fta, _)| *fta == row.ftaName);
            let read = agreement
                .ok_or_else(|| ("ftaName", row.ftaName.clone(), "an agreement that is known".to_owned()))
                .and_then(|agreement| concession(&code, &description, &rate).map(|read| (agreement, read)));
            let ((fta, origin), (digits, period, kingdom, marks)) = match read {
                Ok(read) => read,
                Err((column, found, expected)) => {
                    let named = format!("{} {code}", row.ftaName);
                    rest.refuse(account, (name, number, column), &found, expected, Some(&named));
                    continue;
                }
            };
            if declared.insert(*fta) {
                let program = Program {
                    key: format!("au.{fta}"),
                    name: format!("{fta}, {schedule}"),
                    origin: places(origin),
                    proof: Some("Certificate or declaration of origin of the agreement".into()),
                    from: None,
                    before: None,
                    cites: vec!["au.tariff".into(), "au.agreements".into()],
                    note: Some("The schedule lists only goods that are not free.".into()),
                };
                put(out, account, Entry::Program(program))?;
            }
            let mut made = measure(&digits, MeasureKind::Preference, "au.tariff");
            made.program = Some(Places::One(format!("au.{fta}")));
            made.origin = kingdom.then(|| Places::One("GB".into()));
            made.from = period.from;
            made.official = official(&format!("{description}: {rate}"));
            marked(&marks, &period.general).set(&mut made, account);
            put(out, account, Entry::Measure(made))?;
        }
    }
    Ok(())
}

/// Digits of the code, the rate and its date, whether it is for the United Kingdom only, and marks.
pub(super) fn concession(code: &str, description: &str, rate: &str) -> Result<(String, Period, bool, String), Problem> {
    let prescribed = code.strip_suffix("(*prescribed goods only)");
    let (digits, marks) = code_of(prescribed.unwrap_or(code))
        .filter(|(digits, _)| digits.len() == 8)
        .ok_or_else(|| ("hsCode", code.to_owned(), "a code such as 0101.21.00".to_owned()))?;
    let wrong = || {
        let expected = "the code, perhaps (Rate No. 001), United Kingdom: or From and a date";
        ("description", description.to_owned(), expected.to_owned())
    };
    let mut more = description.strip_prefix(code).ok_or_else(wrong)?.trim();
    if let Some(after) = more.strip_prefix("(Rate No. ") {
        let (number, after) = after.split_once(')').ok_or_else(wrong)?;
        if number.is_empty() || number.bytes().any(|byte| !byte.is_ascii_digit()) {
            return Err(wrong());
        }
        more = after.trim_start();
    }
    let kingdom = more.strip_prefix("United Kingdom:");
    more = kingdom.unwrap_or(more).trim();
    if !(more.is_empty() || more.starts_with("From")) {
        return Err(wrong());
    }
    let whole = format!("{more} {rate}");
    let mut periods = rates::periods(&whole)
        .map_err(|slip| ("dutyRate", whole.clone(), format!("at \"{}\": {}", slip.at, slip.expected)))?;
    match (periods.pop(), periods.is_empty()) {
        (Some(period), true) if period.special.is_empty() => Ok((digits, period, kingdom.is_some(), marks)),
        _ => Err(("dutyRate", whole, "one rate, perhaps with the day from which it applies".into())),
    }
}
