//! Australia: the working tariff and its schedules, as a copy in JSON has them.
//!
//! One import takes schedule 3 (classification and rates) and, if given, schedule 1 (classes of countries) and the
//! schedules of agreements. The copies are dirty: invisible characters, words run together, halves of sentences. What is
//! unambiguous once invisible characters are gone is read by a strict grammar; every other row is refused, or left out on
//! request and named in a fact.

mod agreements;
mod classification;
mod rates;
mod schema;

use crate::common::{Rest, fact, not_this, put, read_document};
use crate::{Account, Entry, ImportError, Sink, Source};
use agreements::agreements;
use classification::{classification, clean};
use jiff::civil::Date;
use schema::{Chapter, Country, Schedule, Section, parse};
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::Places;
use tidewaiter::record::edition::{Area, AreaMember, Edition, Program, Text, TextKind};

/// What the files do not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// First day on which the schedules were published.
    pub known_from: Date,
    /// Whether rows that are not understood are left out and named in a fact, rather than refused.
    pub accept_rest: bool,
}

/// Most bytes of a schedule, unpacked.
const MOST: u64 = 64 << 20;
const PUBLISHER: &str = "Australian Border Force";

/// Reads the schedules into one edition.
///
/// # Errors
/// Where a file cannot be read, is too large, or is none of the schedules; where one is given twice.
pub fn import(
    sources: Vec<Source>,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    declare(options, out, account)?;
    let mut schedules: [Option<(String, Schedule)>; 3] = [None, None, None];
    let mut files = Vec::new();
    for mut source in sources {
        let bytes = read_document(&mut source, MOST)?;
        let name = source.name().to_owned();
        files.push(source.finish()?);
        let schedule = parse(&name, &bytes)?;
        let place = match schedule {
            Schedule::Countries(_) => 0,
            Schedule::Classification(_) => 1,
            Schedule::Agreements(_) => 2,
        };
        if schedules[place].replace((name.clone(), schedule)).is_some() {
            return Err(not_this(&name, "a schedule of this kind was given before"));
        }
    }
    if files.is_empty() {
        return Err(not_this("", "no files were given"));
    }
    let mut rest = Rest::new(options.accept_rest);
    let members = match schedules[0].take() {
        Some((name, Schedule::Countries(list))) => parts(&name, &list, account)?,
        _ => BTreeMap::new(),
    };
    classes(&members, out, account)?;
    let mut made = BTreeSet::new();
    if let Some((name, Schedule::Classification(sections))) = schedules[1].take() {
        made = classification(&name, &sections, &mut rest, out, account)?;
    }
    if let Some((name, Schedule::Agreements(list))) = schedules[2].take() {
        agreements(&name, &list, &mut rest, out, account)?;
    }
    rest.finish("au.tariff.missing", PUBLISHER, &made, out, account)?;
    Ok(Edition {
        authority: PUBLISHER.into(),
        territory: Some("AU".into()),
        currency: Some("AUD".into()),
        title: "Working tariff of Australia".into(),
        format: "au-tariff".into(),
        nomenclature: Some("HS 2022".into()),
        known_from: options.known_from,
        licence: Some("Crown data, CC BY; copied by a third party".into()),
        files,
        ..Edition::default()
    })
}

fn declare(options: &Options, out: &mut dyn Sink, account: &mut Account) -> Result<(), ImportError> {
    let mut tariff = fact(
        "au.tariff",
        "General and special rates of duty by tariff classification.",
        PUBLISHER,
        "Customs Tariff Act 1995, schedules 1 and 3 to 16, working tariff",
        Some(options.known_from),
    );
    tariff.note = Some("Read from a copy made by a third party; chapters and rows are missing from it.".into());
    put(out, account, Entry::Fact(tariff))?;
    let mut letters = fact(
        "au.classes",
        "NZ, PG, CA, SG and the abbreviations of countries stand for that country; FI, LDC, DC, DCS and DCT for the countries of parts 1 to 5 of schedule 1.",
        "Australasian Legal Information Institute",
        "Customs Tariff Act 1995, section 14",
        None,
    );
    letters.source.url = Some("http://www.austlii.edu.au/au/legis/cth/consol_act/cta1995178/s14.html".into());
    letters.law = Some("Customs Tariff Act 1995, section 14".into());
    put(out, account, Entry::Fact(letters))?;
    let mut list = fact(
        "au.schedule1",
        "Which countries are in which part of schedule 1.",
        PUBLISHER,
        "Schedule 1, classes of countries and places in relation to which special rates apply",
        None,
    );
    list.source.url = Some(
        "https://www.abf.gov.au/importing-exporting-and-manufacturing/tariff-classification/current-tariff/schedule-1"
            .into(),
    );
    list.note = Some(
        "The copy calls every row part 1. The parts are told apart by the order of the official list: Forum Island \
         Countries, Least Developed Countries, then those with DC, DCS and DCT rates."
            .into(),
    );
    put(out, account, Entry::Fact(list))?;
    let mut parties = fact(
        "au.agreements",
        "Whose goods may claim the rates of the schedules of agreements: the other party, or the parties of the group.",
        "PACER Plus Implementation Unit; names of the agreements",
        "PACER Plus, parties to the agreement",
        None,
    );
    parties.source.url = Some("https://pacerplus.org/pacer-plus".into());
    parties.note = Some("Parties of CPTPP, RCEP and ASEAN are those of the groups of territories.toml.".into());
    put(out, account, Entry::Fact(parties))
}

/// Parts of schedule 1 in the order of the list, by the class they stand for.
const PARTS: [(&str, &str); 5] = [
    ("FI", "Forum Island Countries"),
    ("LDC", "Least Developed Countries"),
    ("DC", "Developing Countries subject to DC rates of duty"),
    ("DCS", "Developing Countries subject to DCS rates of duty"),
    ("DCT", "Developing Countries subject to DCT rates of duty"),
];

fn parts(
    name: &str,
    list: &[Country],
    account: &mut Account,
) -> Result<BTreeMap<&'static str, Vec<String>>, ImportError> {
    let starts = |code: &str, nth: usize, after: usize| {
        let mut found = list.iter().enumerate().skip(after).filter(|(_, row)| clean(&row.abbreviation).0 == code);
        found.nth(nth).map(|(n, _)| n)
    };
    // Each part begins with the first of its names; the fifth repeats Singapore after the fourth.
    let borders = || {
        let first = starts("CK", 0, 0)?;
        let second = starts("AF", 0, first)?;
        let third = starts("AF", 1, first)?;
        let fourth = starts("AL", 0, third)?;
        let fifth = starts("SG", 1, fourth)?;
        Some([first, second, third, fourth, fifth])
    };
    let Some(borders) = borders().filter(|borders| borders[0] == 0) else {
        return Err(not_this(name, "the list of countries is not in the order of the five parts of schedule 1"));
    };
    let mut out: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (n, row) in list.iter().enumerate() {
        account.read("country");
        let part = borders.iter().rposition(|border| *border <= n).unwrap_or_default();
        let code = match clean(&row.abbreviation).0.as_str() {
            // Johnston, Midway and Wake Islands have no code of their own; the Netherlands Antilles are dissolved.
            "XA" | "XB" | "WK" | "AN" => {
                account.left_out("a place without a territory code of its own");
                continue;
            }
            "PO" => "PL".to_owned(),
            code => code.to_owned(),
        };
        if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            account.refuse(name, n as u64 + 1, "abbreviation", &row.abbreviation, "two capital letters");
            continue;
        }
        let members = out.entry(PARTS[part].0).or_default();
        if members.contains(&code) {
            account.refuse(name, n as u64 + 1, "country", &row.country, "each country once in a part");
            continue;
        }
        members.push(code);
        account.left_out("joined in the area of its part");
    }
    // Section 14 (1) (f): DCS is for the countries of part 4 that are not in part 5.
    let fifth = out.get("DCT").cloned().unwrap_or_default();
    if let Some(fourth) = out.get_mut("DCS") {
        fourth.retain(|code| !fifth.contains(code));
    }
    Ok(out)
}

/// Areas of the classes, and the programmes that the letters beside a rate stand for.
fn classes(
    members: &BTreeMap<&'static str, Vec<String>>,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    for class in rates::CLASSES {
        let part = PARTS.iter().find(|(code, _)| *code == class);
        let mut note = None;
        let (name, origin) = match part {
            Some((code, name)) => {
                let list = members.get(code).cloned().unwrap_or_default();
                if list.is_empty() {
                    account.inexpressible("a class whose countries stand in schedule 1, which was not given");
                    note = Some("Schedule 1 was not given: nobody is offered it.".to_owned());
                }
                let area = Area {
                    code: format!("au.{code}"),
                    name: (*name).to_owned(),
                    members: list
                        .into_iter()
                        .map(|territory| AreaMember { territory, from: None, before: None })
                        .collect(),
                    from: None,
                    before: None,
                };
                put(out, account, Entry::Area(area))?;
                ((*name).to_owned(), format!("au.{code}"))
            }
            None => (format!("Special rate for {class}"), class.to_owned()),
        };
        let program = Program {
            key: format!("au.{class}"),
            name,
            origin: Places::One(origin),
            proof: Some("Evidence of origin for the special rate".into()),
            from: None,
            before: None,
            cites: vec!["au.classes".into(), "au.schedule1".into()],
            note,
        };
        put(out, account, Entry::Program(program))?;
    }
    Ok(())
}

fn note_of(section: &Section, chapter: &Chapter) -> Text {
    Text {
        kind: TextKind::Note,
        code: format!("section {}, {}", section.number, chapter.title),
        says: BTreeMap::from([("en".to_owned(), clean(&chapter.notes).0)]),
        from: None,
        before: None,
        other: BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests;
