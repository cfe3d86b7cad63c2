//! What a record may hold: the record types and simple types of `taric3.xsd`, as two tables.
//!
//! `records.txt` has every record with its fields in order, `types.txt` every simple type with its facets. The test
//! `taric3_xsd` reads the XSD and compares, so that the tables cannot drift. The primary keys are the tables' own: the
//! system number where the record has one, else the fields that identify it, with the first day where the same two things
//! may be joined more than once.

use super::pattern::Pattern;
use jiff::civil::{Date, DateTime};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;
use tidewaiter::Decimal;

/// What the text of a field is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// `xs:string`: taken as it stands.
    Text,
    /// `xs:int`.
    Int,
    /// `xs:decimal`.
    Decimal,
    /// `xs:date`.
    Date,
    /// `xs:dateTime`.
    Timestamp,
}

/// A simple type.
#[derive(Debug, Clone)]
pub struct Simple {
    /// Its name in the XSD.
    pub name: &'static str,
    /// What it is read as.
    pub base: Base,
    /// Its facets as they stand in the table: `length=3`.
    pub facets: Vec<(&'static str, &'static str)>,
    least: Option<Decimal>,
    above: Option<Decimal>,
    most: Option<Decimal>,
    length: Option<usize>,
    longest: Option<usize>,
    fraction: Option<usize>,
    allowed: Vec<&'static str>,
    pattern: Option<Pattern>,
}

/// A field of a record.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its element, without prefix.
    pub name: &'static str,
    /// Place of its type in [`Schema::types`].
    pub of: usize,
    /// Whether it must be there.
    pub required: bool,
}

/// A record type.
#[derive(Debug, Clone)]
pub struct RecordType {
    /// Record code and subrecord code: `("430", "05")`. None where no transmission known to us has one.
    pub code: Option<(&'static str, &'static str)>,
    /// Its element, without prefix: `measure.component`.
    pub name: &'static str,
    /// Its fields, in order.
    pub fields: Vec<Field>,
    /// Places of the fields of its primary key.
    pub key: Vec<usize>,
}

impl RecordType {
    /// Place of a field.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

/// All record types and simple types.
#[derive(Debug)]
pub struct Schema {
    /// Simple types.
    pub types: Vec<Simple>,
    /// Record types, by code.
    pub records: Vec<RecordType>,
    by_name: HashMap<&'static str, usize>,
}

static SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| Schema::read(include_str!("types.txt"), include_str!("records.txt")));

/// The schema of TARIC3.
pub fn schema() -> &'static Schema {
    &SCHEMA
}

impl Schema {
    /// Place of a record type.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The simple type of a name.
    pub fn simple(&self, name: &str) -> Option<&Simple> {
        self.types.iter().find(|simple| simple.name == name)
    }

    /// A line that cannot be read is left out: the test that compares with the XSD then says so.
    fn read(types: &'static str, records: &'static str) -> Self {
        let lines = |text: &'static str| text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let types: Vec<Simple> = lines(types).filter_map(simple).collect();
        let place: HashMap<&str, usize> = types.iter().enumerate().map(|(at, simple)| (simple.name, at)).collect();
        let mut all: Vec<RecordType> = Vec::new();
        for line in lines(records) {
            if let Some(field) = line.strip_prefix("  ") {
                let mut words = field.split(' ');
                let (Some(flag), Some(name), Some(of)) = (words.next(), words.next(), words.next()) else { continue };
                let (Some(record), Some(&of)) = (all.last_mut(), place.get(of)) else { continue };
                if flag.starts_with('*') {
                    record.key.push(record.fields.len());
                }
                record.fields.push(Field { name, of, required: !flag.contains('?') });
            } else if let Some((code, name)) = line.split_once(' ') {
                let code = if code.starts_with('-') { None } else { code.split_at_checked(3) };
                all.push(RecordType { code, name, fields: Vec::new(), key: Vec::new() });
            }
        }
        let by_name = all.iter().enumerate().map(|(at, record)| (record.name, at)).collect();
        Self { types, records: all, by_name }
    }
}

fn simple(line: &'static str) -> Option<Simple> {
    let (head, pattern) = match line.split_once(" pattern=") {
        Some((head, pattern)) => (head, Some(pattern)),
        None => (line, None),
    };
    let mut words = head.split(' ');
    let name = words.next()?;
    let base = match words.next()? {
        "string" => Base::Text,
        "int" => Base::Int,
        "decimal" => Base::Decimal,
        "date" => Base::Date,
        "dateTime" => Base::Timestamp,
        _ => return None,
    };
    let mut facets: Vec<(&str, &str)> = words.map(|word| word.split_once('=')).collect::<Option<_>>()?;
    let value = |wanted: &str| facets.iter().find(|(facet, _)| *facet == wanted).map(|(_, value)| *value);
    let number = |wanted: &str| value(wanted).and_then(|text| text.parse::<Decimal>().ok());
    let size = |wanted: &str| value(wanted).and_then(|text| text.parse::<usize>().ok());
    let mut simple = Simple {
        name,
        base,
        least: number("min"),
        above: number("above"),
        most: number("max"),
        length: size("length"),
        longest: size("maxLength"),
        fraction: size("fraction"),
        allowed: value("enum").map(|text| text.split(',').collect()).unwrap_or_default(),
        pattern: None,
        facets: Vec::new(),
    };
    if let Some(pattern) = pattern {
        simple.pattern = Some(Pattern::read(pattern)?);
        facets.push(("pattern", pattern));
    }
    simple.facets = facets;
    Some(simple)
}

impl Simple {
    /// Checks a text and gives its canonical form: numbers without padding, everything but text without outer space.
    ///
    /// # Errors
    /// What was expected.
    pub fn check<'t>(&self, text: &'t str) -> Result<Cow<'t, str>, String> {
        self.checked(text).ok_or_else(|| self.expected())
    }

    fn checked<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        let text: Cow<'t, str> = match self.base {
            Base::Text => text.into(),
            Base::Int => integer(text)?.into(),
            Base::Decimal => decimal(text)?.into(),
            Base::Date | Base::Timestamp => trim(text).into(),
        };
        let fits = match self.base {
            Base::Text => true,
            Base::Date => text.parse::<Date>().is_ok(),
            Base::Timestamp => text.parse::<DateTime>().is_ok(),
            Base::Int | Base::Decimal => self.in_bounds(text.parse().ok()?, &text),
        };
        let long = || text.chars().count();
        (fits
            && self.length.is_none_or(|length| long() == length)
            && self.longest.is_none_or(|longest| long() <= longest)
            && (self.allowed.is_empty() || self.allowed.contains(&&*text))
            && self.pattern.as_ref().is_none_or(|pattern| pattern.matches(&text)))
        .then_some(text)
    }

    fn in_bounds(&self, number: Decimal, text: &str) -> bool {
        let places = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        self.least.is_none_or(|least| number >= least)
            && self.above.is_none_or(|above| number > above)
            && self.most.is_none_or(|most| number <= most)
            && self.fraction.is_none_or(|most| places <= most)
    }

    /// What a text must be, in words.
    pub fn expected(&self) -> String {
        let what = match self.base {
            Base::Text => "text",
            Base::Int => "a whole number",
            Base::Decimal => "a number",
            Base::Date => "a date such as 2018-12-31",
            Base::Timestamp => "a moment such as 2018-12-31T23:59:59",
        };
        let mut said = vec![format!("{what} ({})", self.name)];
        for (facet, value) in &self.facets {
            said.push(match *facet {
                "length" => format!("{value} characters long"),
                "maxLength" => format!("at most {value} characters long"),
                "min" => format!("at least {value}"),
                "above" => format!("above {value}"),
                "max" => format!("at most {value}"),
                "fraction" => format!("with at most {value} decimals"),
                "enum" => format!("one of {}", value.replace(',', ", ")),
                _ => format!("like {value}"),
            });
        }
        said.join(", ")
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

fn integer(text: &str) -> Option<String> {
    let text = trim(text);
    if text.len() > 20 {
        return None;
    }
    text.parse::<i32>().ok().map(|number| number.to_string())
}

/// A decimal without a plus, leading zeros or trailing zeros.
fn decimal(text: &str) -> Option<String> {
    let text = trim(text);
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if digits.len() > 40 || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    if !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if whole == "0" && fraction.is_empty() { "" } else { sign };
    Some(format!("{sign}{whole}{point}{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(of: &str, text: &str) -> Result<String, String> {
        schema().simple(of).unwrap().check(text).map(Cow::into_owned)
    }

    #[test]
    fn every_line_is_read() {
        let lines = |text: &str| text.lines().filter(|line| !line.starts_with('#') && !line.starts_with("  ")).count();
        assert_eq!(schema().records.len(), lines(include_str!("records.txt")));
        assert_eq!(schema().types.len(), lines(include_str!("types.txt")));
        let fields: usize = schema().records.iter().map(|record| record.fields.len()).sum();
        assert_eq!(fields, include_str!("records.txt").lines().filter(|line| line.starts_with("  ")).count());
        assert!(schema().records.iter().all(|record| !record.key.is_empty()));
    }

    #[test]
    fn no_code_is_given_twice() {
        let mut codes: Vec<_> = schema().records.iter().filter_map(|record| record.code).collect();
        codes.sort_unstable();
        let all = codes.len();
        codes.dedup();
        assert_eq!((all, codes.len()), (99, 99));
    }

    #[test]
    fn types_take_what_they_should() {
        assert_eq!(check("SID", " 0007 ").as_deref(), Ok("7"));
        assert_eq!(check("DutyAmount", "+012.500").as_deref(), Ok("12.5"));
        assert_eq!(check("DutyAmount", "-0.0").as_deref(), Ok("0"));
        assert_eq!(check("ExchangeRate", ".5").as_deref(), Ok("0.5"));
        assert_eq!(check("Date", "2018-12-31").as_deref(), Ok("2018-12-31"));
        assert_eq!(check("Timestamp", "2018-10-16T14:43:00").as_deref(), Ok("2018-10-16T14:43:00"));
        assert_eq!(check("OfficialJournalNumber", "L 121").as_deref(), Ok("L 121"));
        assert_eq!(check("MeasureTypeId", "103").as_deref(), Ok("103"));
    }

    #[test]
    fn types_refuse_what_they_should() {
        for (of, text) in [
            ("SID", "0"),
            ("SID", "100000000"),
            ("SID", "1.0"),
            ("SID", ""),
            ("DutyAmount", "1.2345"),
            ("DutyAmount", "10000000"),
            ("DutyAmount", "1e3"),
            ("DutyAmount", "."),
            ("DutyAmount", "1,5"),
            ("ExchangeRate", "0"),
            ("Date", "2018-02-30"),
            ("Date", "2018-2-3"),
            ("Date", "20180203"),
            ("Timestamp", "2018-02-03T25:00:00"),
            ("UpdateType", "4"),
            ("UpdateType", "99"),
            ("MonetaryUnitCode", "eur"),
            ("GoodsNomenclatureItemId", "010121"),
            ("QuotaCriticalTreshold", "101"),
        ] {
            assert!(check(of, text).is_err(), "{of} {text}");
        }
        assert!(check("ShortDescription", &"é".repeat(1000)).is_ok());
        let said = check("ShortDescription", &"é".repeat(1001)).unwrap_err();
        assert_eq!(said, "text (ShortDescription), at most 1000 characters long");
    }
}
