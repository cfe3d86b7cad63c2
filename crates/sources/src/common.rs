//! What the importers of this crate share: writing records, facts, and what happens to rows that are not understood.

use crate::edition::kind_of;
use crate::{Account, Entry, ImportError, Refusal, Sink, Source, account::REFUSALS_KEPT};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::io::Read;
use tidewaiter::record::edition::{Line, Official};
use tidewaiter::record::{Confidence, Fact, Measure, MeasureKind, Places, Source as FactSource, Verdict, Written};

/// Writes a record and counts it.
pub(crate) fn put(out: &mut dyn Sink, account: &mut Account, entry: Entry) -> Result<(), ImportError> {
    account.made(kind_of(&entry));
    out.take(entry).map_err(ImportError::Write)
}

/// Reads a whole document of at most `most` bytes, unpacked.
pub(crate) fn read_document(source: &mut Source, most: u64) -> Result<Vec<u8>, ImportError> {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 1 << 16];
    loop {
        source.next_record();
        let n = match source.read(&mut chunk) {
            Ok(0) => return Ok(bytes),
            Ok(n) => n,
            Err(error) => return Err(source.explain(error)),
        };
        if (bytes.len() + n) as u64 > most {
            return Err(ImportError::TooLarge {
                file: source.name().to_owned(),
                what: "the document in bytes, unpacked,",
                limit: most,
                hint: "check that it is the file you meant",
            });
        }
        bytes.extend_from_slice(&chunk[..n]);
    }
}

/// A file that is not of the format.
pub(crate) fn not_this(file: &str, reason: impl Into<String>) -> ImportError {
    ImportError::NotThisFormat { file: file.to_owned(), reason: reason.into() }
}

/// A fact that records cite.
pub(crate) fn fact(key: &str, statement: &str, publisher: &str, title: &str, date: Option<Date>) -> Fact {
    Fact {
        key: key.to_owned(),
        topic: String::new(),
        statement: statement.to_owned(),
        law: None,
        source: FactSource { publisher: publisher.to_owned(), title: Some(title.to_owned()), url: None, date },
        from: None,
        before: None,
        confidence: Confidence::Medium,
        note: None,
    }
}

/// A line with nothing but a code.
pub(crate) const fn line(code: String) -> Line {
    Line {
        code,
        suffix: None,
        indent: None,
        declarable: false,
        units: Vec::new(),
        description: std::collections::BTreeMap::new(),
        footnotes: Vec::new(),
        from: None,
        before: None,
        note: None,
    }
}

/// A measure with nothing but a code, a kind and the fact it rests on.
pub(crate) fn measure(code: &str, kind: MeasureKind, cites: &str) -> Measure {
    Measure {
        code: code.to_owned(),
        kind,
        amount: None,
        outcome: None,
        says: None,
        origin: None,
        not_origin: Vec::new(),
        program: None,
        proof: None,
        when: None,
        additional_code: None,
        order_number: None,
        from: None,
        before: None,
        cites: vec![cites.to_owned()],
        official: None,
        note: None,
    }
}

/// The official text of a measure, kept with it.
pub(crate) fn official(text: &str) -> Option<Box<Official>> {
    Some(Box::new(Official { text: Some(text.to_owned()), ..Official::default() }))
}

/// A duty as read: an amount in the words of the grammar, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Duty {
    /// In the words of the grammar.
    Amount(String),
    /// What it rests on cannot be computed: the reason for the account, and a sentence for the shopkeeper.
    Unknown { reason: &'static str, says: String },
}

impl Duty {
    /// Puts it into a measure and, where it cannot be computed with, into the account.
    pub(crate) fn set(&self, measure: &mut Measure, account: &mut Account) {
        match self {
            Self::Amount(words) => measure.amount = Some(Written::Words(words.clone())),
            Self::Unknown { reason, says } => {
                account.inexpressible(reason);
                measure.outcome = Some(Verdict::Unknown);
                measure.says = Some(says.clone());
            }
        }
    }
}

/// Names one place or several.
pub(crate) fn places(codes: &[&str]) -> Places {
    match codes {
        [one] => Places::One((*one).to_owned()),
        many => Places::Many(many.iter().map(|code| (*code).to_owned()).collect()),
    }
}

/// Most codes that the fact about missing rows names.
const MOST_NAMED: usize = 2_000;

/// Rows that are not understood: refused, or left out on request and then said to be missing.
#[derive(Debug)]
pub(crate) struct Rest {
    accept: bool,
    missing: BTreeSet<String>,
    rows: u64,
}

impl Rest {
    pub(crate) const fn new(accept: bool) -> Self {
        Self { accept, missing: BTreeSet::new(), rows: 0 }
    }

    /// Refuses a row, or leaves it out on request. The words are kept either way. `code` is what the fact names: the digits
    /// of a code, or an agreement and a code.
    pub(crate) fn refuse(
        &mut self,
        account: &mut Account,
        at: (&str, u64, &str),
        found: &str,
        expected: impl Into<String>,
        code: Option<&str>,
    ) {
        let (file, row, column) = at;
        if !self.accept {
            account.refuse(file, row, column, found, expected);
            return;
        }
        account.left_out("not understood, left out on request");
        self.rows += 1;
        if account.refusals.len() < REFUSALS_KEPT {
            account.refusals.push(Refusal {
                file: file.to_owned(),
                row,
                column: column.to_owned(),
                found: found.chars().take(100).collect(),
                expected: expected.into(),
            });
        }
        if let Some(code) = code.filter(|code| self.missing.len() < MOST_NAMED && code.len() <= 40) {
            self.missing.insert(code.to_owned());
        }
    }

    /// Ends the edition with what is missing from it: a fact that names the codes, and for each that has no duty of its own
    /// (`made` holds those that do) a measure whose answer is unknown, so that no other code answers in its place.
    pub(crate) fn finish(
        self,
        key: &str,
        publisher: &str,
        made: &BTreeSet<String>,
        out: &mut dyn Sink,
        account: &mut Account,
    ) -> Result<(), ImportError> {
        if self.rows == 0 {
            return Ok(());
        }
        let names: Vec<&str> = self.missing.iter().map(String::as_str).collect();
        let statement = format!(
            "Incomplete: {} rows were not understood and left out on request. What is missing: {}{}.",
            self.rows,
            if self.missing.is_empty() { "rows without a code".to_owned() } else { names.join(", ") },
            if self.missing.len() < MOST_NAMED { "" } else { " and more" }
        );
        let mut missing = fact(key, &statement, publisher, "Rows that were not understood", None);
        missing.confidence = Confidence::Low;
        put(out, account, Entry::Fact(missing))?;
        for code in self.missing.iter().filter(|code| is_code(code) && !made.contains(*code)) {
            let mut unknown = measure(code, MeasureKind::ThirdCountry, key);
            unknown.outcome = Some(Verdict::Unknown);
            unknown.says = Some("The official row for this code could not be read. Look it up in the tariff.".into());
            put(out, account, Entry::Measure(unknown))?;
        }
        Ok(())
    }
}

/// Whether a text is the digits of a goods code: 2 to 12 of them.
pub(crate) fn is_code(text: &str) -> bool {
    (2..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A plain decimal number: digits, perhaps a point and digits. No sign, no exponent, no comma.
pub(crate) fn is_number(text: &str) -> bool {
    let mut parts = text.split('.');
    let digits = |part: &str| !part.is_empty() && part.len() <= 12 && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next().is_some_and(digits) && parts.next().is_none_or(digits) && parts.next().is_none()
}

/// A number without zeros that say nothing: `10.80` is `10.8`.
pub(crate) fn plain(text: &str) -> Option<String> {
    if !is_number(text) {
        return None;
    }
    text.parse::<tidewaiter::Decimal>().ok().map(|number| number.to_string())
}

/// A date written day, month, year, with `separator` between them.
pub(crate) fn day_month_year(text: &str, separator: char) -> Option<Date> {
    let mut parts = text.split(separator);
    let day = fixed(parts.next()?, 2)?;
    let month = fixed(parts.next()?, 2)?;
    let year = fixed(parts.next()?, 4)?;
    if parts.next().is_some() {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn fixed(text: &str, digits: usize) -> Option<i16> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// A date written year, month, day with hyphens; a midnight after it is accepted.
pub(crate) fn year_month_day(text: &str) -> Option<Date> {
    let text = text.strip_suffix(" 00:00:00").unwrap_or(text);
    (text.len() == 10).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_read_strictly() {
        assert_eq!(plain("10.80").as_deref(), Some("10.8"));
        for wrong in ["", "1,5", "-1", "1e3", ".5", "5.", "1.2.3", "９"] {
            assert_eq!(plain(wrong), None, "{wrong}");
        }
        assert_eq!(day_month_year("31-12-1971", '-').map(|d| d.to_string()).as_deref(), Some("1971-12-31"));
        for wrong in ["31-02-2020", "1-12-1971", "12-31-1971", "01-01-71", "01-01-1971-"] {
            assert_eq!(day_month_year(wrong, '-'), None, "{wrong}");
        }
        assert_eq!(year_month_day("2013-01-01").map(|d| d.to_string()).as_deref(), Some("2013-01-01"));
        assert_eq!(year_month_day("2013-01"), None);
    }

    #[test]
    fn rows_left_out_on_request_are_named() {
        let (mut account, mut out) = (Account::default(), Vec::new());
        let mut rest = Rest::new(true);
        rest.refuse(&mut account, ("a.csv", 2, "rate"), "5% DTC5%", "codes", Some("07031000"));
        rest.finish("x.missing", "X", &BTreeSet::new(), &mut out, &mut account).unwrap();
        assert!(account.is_clean() && account.refusals.len() == 1);
        assert!(matches!(&out[0], Entry::Fact(fact) if fact.statement.contains("07031000")));
        assert!(matches!(&out[1], Entry::Measure(m) if m.outcome == Some(Verdict::Unknown)));
    }
}
