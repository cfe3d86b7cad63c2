//! Australia: the working tariff and its schedules, as a copy in JSON has them.
//!
//! One import takes schedule 3 (classification and rates) and, if given, schedule 1 (classes of countries) and the
//! schedules of agreements. The copies are dirty: invisible characters, words run together, halves of sentences. What is
//! unambiguous once invisible characters are gone is read by a strict grammar; every other row is refused, or left out on
//! request and named in a fact.

mod rates;

use crate::common::{Duty, Rest, fact, line, measure, not_this, official, places, put, read_document};
use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use rates::Period;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::edition::{Area, AreaMember, Edition, Program, Text, TextKind};
use tidewaiter::record::{MeasureKind, Places};

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
/// Characters that are not seen and mean nothing, and are taken out of every text.
const INVISIBLE: [char; 6] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}'];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    number: String,
    #[serde(rename = "title")]
    _title: String,
    chapters: Vec<Chapter>,
    #[serde(rename = "notes")]
    _notes: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chapter {
    #[serde(rename = "number")]
    _number: u32,
    title: String,
    headings: Vec<Heading>,
    #[serde(rename = "notes")]
    notes: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(non_snake_case, reason = "names of the file")]
struct Heading {
    #[serde(rename = "code")]
    _code: String,
    #[serde(rename = "description")]
    _description: String,
    classifications: Vec<Classification>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(non_snake_case, reason = "names of the file")]
struct Classification {
    referenceNumber: String,
    statisticalCode: String,
    unit: String,
    description: String,
    dutyRate: String,
    #[serde(rename = "tcoReferences")]
    _concessions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(non_snake_case, reason = "names of the file")]
struct Concession {
    schedule: String,
    ftaName: String,
    hsCode: String,
    description: String,
    dutyRate: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Country {
    country: String,
    abbreviation: String,
    #[serde(rename = "part")]
    _part: String,
}

/// A schedule, by its shape.
enum Schedule {
    Countries(Vec<Country>),
    Classification(Vec<Section>),
    Agreements(BTreeMap<String, Vec<Concession>>),
}

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

fn parse(name: &str, bytes: &[u8]) -> Result<Schedule, ImportError> {
    let first = match serde_json::from_slice(bytes) {
        Ok(list) => return Ok(Schedule::Classification(list)),
        Err(error) => error,
    };
    if let Ok(list) = serde_json::from_slice(bytes) {
        return Ok(Schedule::Countries(list));
    }
    match serde_json::from_slice(bytes) {
        Ok(list) => Ok(Schedule::Agreements(list)),
        Err(second) => Err(not_this(
            name,
            format!("neither schedule 3 ({first}), nor schedule 1, nor the schedules of agreements ({second})"),
        )),
    }
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

/// A text without invisible characters, with single spaces and plain entities; and how many characters were taken out.
fn clean(text: &str) -> (String, u64) {
    let seen: String = text.chars().filter(|c| !INVISIBLE.contains(c)).collect();
    let gone = text.chars().count() - seen.chars().count();
    let plain = seen.replace("&#58;", ":").replace("&#160;", " ").replace("&amp;", "&");
    (plain.split_whitespace().collect::<Vec<_>>().join(" "), gone as u64)
}

struct Cleaned {
    code: String,
    statistical: String,
    unit: String,
    description: String,
    rate: String,
}

fn clean_row(row: &Classification, account: &mut Account) -> Cleaned {
    let mut gone = 0;
    let mut take = |text: &str| {
        let (text, n) = clean(text);
        gone += n;
        text
    };
    let out = Cleaned {
        code: take(&row.referenceNumber),
        statistical: take(&row.statisticalCode),
        unit: take(&row.unit),
        description: take(&row.description),
        rate: take(&row.dutyRate),
    };
    for _ in 0..gone {
        account.left_out("an invisible character, not a row");
    }
    out
}

/// A tariff code: its digits, and the marks after it.
fn code_of(text: &str) -> Option<(String, String)> {
    let plain = text.trim_end_matches(['*', '#']);
    let marks = text[plain.len()..].to_owned();
    let parts: Vec<&str> = plain.split('.').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let shaped = matches!(lengths.as_slice(), [4, 2] | [4, 2, 1] | [4, 2, 2]);
    let digits = parts.concat();
    (shaped && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some((digits, marks))
}

/// Reads schedule 3; gives the codes that have a rate.
fn classification(
    name: &str,
    sections: &[Section],
    rest: &mut Rest,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<BTreeSet<String>, ImportError> {
    let mut number = 0u64;
    // Every row as read, to see repetitions; and the rate of every code.
    let mut seen: BTreeMap<(String, String), (String, String, String)> = BTreeMap::new();
    let mut rated: BTreeMap<String, String> = BTreeMap::new();
    for section in sections {
        for chapter in &section.chapters {
            if !chapter.notes.is_empty() {
                account.read("chapter notes");
                put(out, account, Entry::Text(note_of(section, chapter)))?;
            }
            for row in chapter.headings.iter().flat_map(|heading| &heading.classifications) {
                number += 1;
                account.read("classification");
                let row = clean_row(row, account);
                let Some((code, marks)) = code_of(&row.code) else {
                    rest.refuse(
                        account,
                        (name, number, "referenceNumber"),
                        &row.code,
                        "a code such as 0101.21.00",
                        None,
                    );
                    continue;
                };
                let whole = (row.unit.clone(), row.description.clone(), row.rate.clone());
                let key = (code.clone(), row.statistical.clone());
                match seen.get(&key) {
                    Some(old) if *old == whole => {
                        account.left_out("the same row again");
                        continue;
                    }
                    Some(_) => {
                        let expected = "one row for a code and statistical code";
                        rest.refuse(account, (name, number, "referenceNumber"), &row.code, expected, Some(&code));
                        continue;
                    }
                    None => {}
                }
                match check(&row, &code, &rated) {
                    Ok(periods) => {
                        seen.insert(key, whole);
                        if periods.is_some() {
                            rated.insert(code.clone(), row.rate.clone());
                        }
                        write(&row, &code, &marks, periods, out, account)?;
                    }
                    Err((column, found, expected)) => {
                        rest.refuse(account, (name, number, column), &found, expected, Some(&code));
                    }
                }
            }
        }
    }
    Ok(rated.into_keys().collect())
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

type Problem = (&'static str, String, String);

/// The rates, or nothing where the row has none of its own.
fn check(row: &Cleaned, code: &str, rated: &BTreeMap<String, String>) -> Result<Option<Vec<Period>>, Problem> {
    let statistical = &row.statistical;
    let two = statistical.len() == 2 && statistical.bytes().all(|byte| byte.is_ascii_digit());
    if !(statistical.is_empty() || two && code.len() == 8) {
        return Err(("statisticalCode", statistical.clone(), "nothing, or two digits at a code of eight".into()));
    }
    if row.description.is_empty() {
        return Err(("description", row.rate.clone(), "a description; the cells of this row are shifted".into()));
    }
    if row.rate.is_empty() {
        if two && !rated.contains_key(code) {
            return Err(("dutyRate", String::new(), "a rate: goods may be declared under this code".into()));
        }
        return Ok(None);
    }
    if code.len() != 8 {
        return Err(("dutyRate", row.rate.clone(), "no rate: only codes of eight digits have one".into()));
    }
    match rated.get(code) {
        Some(rate) if *rate == row.rate => return Ok(None),
        Some(rate) => return Err(("dutyRate", row.rate.clone(), format!("the rate of the code as before: {rate}"))),
        None => {}
    }
    rates::periods(&row.rate)
        .map(Some)
        .map_err(|slip| ("dutyRate", row.rate.clone(), format!("at \"{}\": {}", slip.at, slip.expected)))
}

fn write(
    row: &Cleaned,
    code: &str,
    marks: &str,
    periods: Option<Vec<Period>>,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    let mut entry = line(format!("{code}{}", row.statistical));
    entry.declarable = !row.statistical.is_empty();
    entry.units = units(&row.unit);
    let dashes = row.description.chars().take_while(|c| matches!(c, '-' | '\u{2011}')).count();
    entry.indent = u8::try_from(dashes).ok();
    let says = row.description.trim_start_matches(['-', '\u{2011}', ' ']);
    entry.description = BTreeMap::from([("en".to_owned(), says.to_owned())]);
    entry.note = (!marks.is_empty()).then(|| format!("Marked {marks} in the schedule."));
    put(out, account, Entry::Line(entry))?;
    let Some(periods) = periods else { return Ok(()) };
    for (n, period) in periods.iter().enumerate() {
        let before = periods.get(n + 1).and_then(|next| next.from);
        let general = (None, &period.general);
        let special =
            period.special.iter().flat_map(|(classes, duty)| classes.iter().map(move |class| (Some(*class), duty)));
        for (class, duty) in std::iter::once(general).chain(special) {
            let kind = if class.is_some() { MeasureKind::Preference } else { MeasureKind::ThirdCountry };
            let mut made = measure(code, kind, "au.tariff");
            made.program = class.map(|class| Places::One(format!("au.{class}")));
            if class.is_some() {
                made.cites.push("au.classes".into());
            }
            (made.from, made.before) = (period.from, before);
            made.official = official(&row.rate);
            marked(marks, duty).set(&mut made, account);
            put(out, account, Entry::Measure(made))?;
        }
    }
    Ok(())
}

/// A mark says that something else decides with the rate; the copy does not say what.
fn marked(marks: &str, duty: &Duty) -> Duty {
    if marks.is_empty() {
        return duty.clone();
    }
    let rate = match duty {
        Duty::Amount(words) => words.clone(),
        Duty::Unknown { says, .. } => says.clone(),
    };
    Duty::Unknown {
        reason: "a code marked * or #, whose note is not in the copy",
        says: format!(
            "The schedule says {rate} with a mark ({marks}) whose meaning is not here. Look it up in the tariff."
        ),
    }
}

fn units(text: &str) -> Vec<String> {
    let one = match text {
        "" | ".." => return Vec::new(),
        "No" => "item",
        "sm" => "m2",
        "cu" => "m3",
        "L" => "l",
        "L al" => "l alcohol",
        "L al and L" => return vec!["l alcohol".into(), "l".into()],
        "Pr" => "pair",
        "MC" => "ct",
        "TH" => "1000 items",
        other => other,
    };
    vec![one.to_owned()]
}

/// Agreements: name in the copy, territories or groups of the world.
const AGREEMENTS: [(&str, &[&str]); 18] = [
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

fn agreements(
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
fn concession(code: &str, description: &str, rate: &str) -> Result<(String, Period, bool, String), Problem> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use tidewaiter::record::{Measure, Verdict};

    fn read(files: &[&str], accept_rest: bool) -> Result<(Account, Vec<Entry>), ImportError> {
        let sources = files
            .iter()
            .map(|text| Source::new("au.json", std::io::Cursor::new(text.as_bytes().to_vec()), Limits::default()))
            .collect::<Result<_, _>>()?;
        let (mut account, mut out) = (Account::default(), Vec::new());
        let options = Options { known_from: Date::constant(2026, 4, 1), accept_rest };
        import(sources, &options, &mut out, &mut account)?;
        Ok((account, out))
    }

    fn measures(out: &[Entry]) -> Vec<&Measure> {
        out.iter()
            .filter_map(|entry| match entry {
                Entry::Measure(measure) => Some(measure),
                _ => None,
            })
            .collect()
    }

    fn schedule3(rows: &[(&str, &str, &str, &str)]) -> String {
        let rows: Vec<_> = rows
            .iter()
            .map(|(code, statistical, description, rate)| {
                serde_json::json!({"referenceNumber": code, "statisticalCode": statistical, "unit": "No",
                    "description": description, "dutyRate": rate, "tcoReferences": []})
            })
            .collect();
        serde_json::json!([{"number": "I", "title": "", "notes": "", "chapters": [{"number": 1, "title": "Chapter 1",
            "notes": "", "headings": [{"code": "0101", "description": "", "classifications": rows}]}]}])
        .to_string()
    }

    #[test]
    fn rows_of_schedule_3() {
        let text = schedule3(&[
            ("0709.52", "", "-- Mushrooms", ""),
            ("\u{200b}0709.52.00", "20", "--- Boletus", "5% DCS4% DCT5%"),
            ("0709.52.00", "20", "--- Boletus", "5%\u{200b} DCS4% DCT5%"),
            ("0709.52.00", "21", "--- Other", ""),
            ("2711.11.00*", "01", "- Gas", "$0.172/L"),
            ("0703.90.00", "01", "- Leeks", "5% DTC5%"),
            ("8462.59", "", "", "View TCOs for 8462.59"),
            ("0709.52.00", "22", "- x", "4%"),
            ("0709.5200", "22", "- x", "4%"),
            ("0709.53.00", "22", "- x", ""),
            ("0709.52.00", "2", "- x", "5% DCS4% DCT5%"),
            ("0709.52.00", "20", "- other words", "5% DCS4% DCT5%"),
        ]);
        let (account, out) = read(&[&text], false).unwrap();
        assert_eq!(
            (account.read["classification"], account.made["line"], account.refused),
            (12, 4, 7),
            "{:?}",
            account.refusals
        );
        assert_eq!(
            (account.left_out["the same row again"], account.left_out["an invisible character, not a row"]),
            (1, 2)
        );
        let made = measures(&out);
        assert_eq!(made.len(), 4);
        assert_eq!(
            (made[1].program.clone(), made[3].outcome),
            (Some(Places::One("au.DCS".into())), Some(Verdict::Unknown))
        );
        let (account, out) = read(&[&text], true).unwrap();
        assert!(account.is_clean() && account.refusals.len() == 7);
        assert!(measures(&out).iter().any(|m| m.code == "07039000" && m.outcome == Some(Verdict::Unknown)));
    }

    #[test]
    fn agreements_and_classes() {
        let text = r#"{"Schedule 8B": [
            {"schedule":"Schedule 8B","ftaName":"CPTPP","hsCode":"0406.10.00","description":"0406.10.00 (Rate No. 002) United Kingdom&#58;","dutyRate":"From 24 December 2024&#58; $0.998/kg"},
            {"schedule":"Schedule 8B","ftaName":"CPTPP","hsCode":"2710.12.62","description":"2710.12.62 (Rate No. 001)","dutyRate":"$0.526\t/L of gasoline plus"},
            {"schedule":"Schedule 8B","ftaName":"Atlantis","hsCode":"0406.20.00","description":"0406.20.00","dutyRate":"5%"},
            {"schedule":"Schedule 8B","ftaName":"RCEP","hsCode":"3808.59.90*(*prescribed goods only)","description":"3808.59.90*(*prescribed goods only) From 1 January 2022&#58;","dutyRate":"2%"}],
            "Schedule 4": [{"schedule":"Schedule 4","ftaName":"CONCESSIONAL","hsCode":"9999.32.04","description":"Item 4","dutyRate":"Free"}]}"#;
        let countries: Vec<_> = ["CK", "AF", "XA", "AF", "AL", "PO", "SG", "SG", "KR"]
            .iter()
            .map(|code| serde_json::json!({"country": code, "abbreviation": code, "part": "Part 1"}))
            .collect();
        let countries = serde_json::Value::from(countries).to_string();
        let (account, out) = read(&[text, &countries], false).unwrap();
        assert_eq!(
            (account.read["concession"], account.refused, account.made["text"]),
            (5, 2, 1),
            "{:?}",
            account.refusals
        );
        let made = measures(&out);
        assert_eq!(
            (made[0].origin.clone(), made[0].from),
            (Some(Places::One("GB".into())), Some(Date::constant(2024, 12, 24)))
        );
        assert_eq!(made[1].outcome, Some(Verdict::Unknown));
        let area = out.iter().find_map(|e| match e {
            Entry::Area(area) if area.code == "au.DCS" => {
                Some(area.members.iter().map(|m| m.territory.as_str()).collect::<Vec<_>>())
            }
            _ => None,
        });
        assert_eq!(area.unwrap(), ["AL", "PL"]);
    }

    #[test]
    fn wrong_files() {
        let deep = "[".repeat(200_000);
        for text in [
            "",
            "[",
            "{}x",
            "[{\"country\":1}]",
            "{\"a\":[1]}",
            &deep,
            r#"[{"country":"a","abbreviation":"a","part":""}]"#,
        ] {
            assert!(read(&[text], false).is_err(), "{}", &text[..text.len().min(20)]);
        }
        assert!(read(&[], false).is_err());
    }
}
