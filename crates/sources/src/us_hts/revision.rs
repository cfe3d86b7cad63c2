//! Which revision a file is, and from when it holds.

use crate::{ImportError, Source};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::io::Read;

/// Effective dates of revisions, by file name without its endings: `hts_2025_rev_4`.
pub type Dates = BTreeMap<String, Date>;

/// A revision of the schedule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revision {
    /// First day.
    pub date: Date,
    /// What it is called: `HTS 2025, revision 4`.
    pub title: String,
}

impl Revision {
    /// Key of the fact that its records cite.
    pub fn fact_key(&self) -> String {
        fact_key(self.date)
    }
}

pub(super) fn fact_key(date: Date) -> String {
    format!("us.hts.{date}")
}

/// File name without folder and endings.
pub(super) fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// `hts_2025_rev_4` in words; the name itself where it is of another form.
pub(super) fn title(stem: &str) -> String {
    let parts: Vec<&str> = stem.split('_').collect();
    match parts.as_slice() {
        ["hts", year, "basic"] => format!("HTS {year}, basic edition"),
        ["hts", year, "rev", number] => format!("HTS {year}, revision {number}"),
        _ => stem.to_owned(),
    }
}

/// Reads a list of revision dates: a CSV file with the columns `revision` (`basic`, `rev_4`: of 2025; `2026_rev_1`) and
/// `effective_date`. Other columns are not read.
///
/// # Errors
/// Where the file cannot be read, lacks a column, or a row has no date.
///
/// ```
/// use tidewaiter_sources::{Limits, Source, us_hts};
/// let text = "revision,effective_date\nrev_4,2025-03-04\n2026_basic,2026-01-01\n";
/// let source = Source::new("dates.csv", std::io::Cursor::new(text), Limits::default())?;
/// let dates = us_hts::read_dates(source)?;
/// assert_eq!(dates["hts_2025_rev_4"].to_string(), "2025-03-04");
/// assert_eq!(dates["hts_2026_basic"].to_string(), "2026-01-01");
/// # Ok::<(), tidewaiter_sources::ImportError>(())
/// ```
pub fn read_dates(mut source: Source) -> Result<Dates, ImportError> {
    let file = source.name().to_owned();
    let fail = |reason: String| ImportError::NotThisFormat { file: file.clone(), reason };
    let mut text = String::new();
    if let Err(error) = source.read_to_string(&mut text) {
        return Err(source.explain(error));
    }
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let heads = table.headers().map_err(|error| fail(error.to_string()))?.clone();
    let column = |name: &str| {
        let place = heads.iter().position(|head| head == name);
        place.ok_or_else(|| {
            fail(format!("no column {name}; a list of revisions has the columns revision and effective_date"))
        })
    };
    let (revision, effective) = (column("revision")?, column("effective_date")?);
    let mut dates = Dates::new();
    for (place, row) in table.records().enumerate() {
        let row = row.map_err(|error| fail(error.to_string()))?;
        let cell = |place: usize| row.get(place).unwrap_or_default().trim();
        let name = cell(revision);
        let date: Date = cell(effective).parse().map_err(|_| {
            fail(format!("row {}, effective_date: \"{}\" is not a date such as 2025-03-04", place + 2, cell(effective)))
        })?;
        let year =
            name.split('_').next().filter(|year| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()));
        let stem = if year.is_some() { format!("hts_{name}") } else { format!("hts_2025_{name}") };
        dates.insert(stem, date);
    }
    Ok(dates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn read(text: &str) -> Result<Dates, String> {
        let source = Source::new("d.csv", std::io::Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
        read_dates(source).map_err(|error| error.to_string())
    }

    #[test]
    fn a_list_without_dates_is_refused() {
        assert!(read("revision\nrev_1\n").unwrap_err().contains("effective_date"));
        assert!(read("revision,effective_date\nrev_1,soon\n").unwrap_err().contains("row 2"));
        assert!(read("revision,effective_date\nrev_1\n").unwrap_err().contains("row 2"));
        assert_eq!(read("revision,effective_date\n").unwrap(), Dates::new());
    }

    #[test]
    fn names_are_put_in_words() {
        assert_eq!(title("hts_2025_basic"), "HTS 2025, basic edition");
        assert_eq!(title("hts_2026_rev_10"), "HTS 2026, revision 10");
        assert_eq!(title("other"), "other");
        assert_eq!(stem("hts_2026_rev_10.json.gz"), "hts_2026_rev_10");
    }
}
