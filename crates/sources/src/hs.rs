//! The Harmonized System: lists of codes, and what a code of one edition is in another.
//!
//! Lists come as the UN Comtrade classification (JSON), as a table `section,hscode,description,parent,level` (CSV), as a
//! table of sections (CSV), or as a JSON list with the marks of EU rules. Relations come from the workbooks of the UN
//! Statistics Division, each with a sheet of conversions (one code for each) and one of correlations (every relation).
//!
//! [`Concordance`] answers what a code of another edition is here, in both directions and across editions:
//!
//! ```
//! use tidewaiter_sources::hs::{Concordance, Translation};
//! let hs = Concordance::shipped();
//! assert_eq!(hs.translate("0101.21", "HS 2022", "HS 2017").translation, Translation::Same);
//! let fish = hs.translate("0309.10.00", "HS 2022", "HS 2017");
//! assert_eq!(fish.translation, Translation::One("030510".into()));
//! assert_eq!(fish.dropped, "00");
//! ```

mod concordance;
mod lists;
mod tables;

pub use concordance::{Answer, Concordance, Translation};

use crate::{Account, ImportError, Sink, Source};
use jiff::civil::Date;
use std::io::BufRead;
use tidewaiter::record::edition::Edition;

/// What the files do not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// First day on which the list or table was published.
    pub known_from: Date,
    /// Edition of a CSV list, which does not name it: `HS 2022`.
    pub edition: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { known_from: Date::constant(2022, 1, 1), edition: "HS 2022".into() }
    }
}

/// Reads a list of codes (JSON or CSV) or a workbook of relations (XLSX), told apart by content.
///
/// # Errors
/// Where the file cannot be read, is too large, or is none of these.
pub fn import(
    mut source: Source,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let head = match source.fill_buf() {
        Ok(head) => head[..head.len().min(16)].to_vec(),
        Err(error) => return Err(source.explain(error)),
    };
    if head.starts_with(b"PK") {
        tables::import(source, options, out, account)
    } else if head.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') {
        lists::import_json(source, options, out, account)
    } else {
        lists::import_csv(source, options, out, account)
    }
}

/// The head of an edition of the world's nomenclature.
fn edition(authority: &str, title: String, nomenclature: &str, options: &Options) -> Edition {
    Edition {
        authority: authority.to_owned(),
        title,
        format: "hs".into(),
        nomenclature: Some(nomenclature.to_owned()),
        known_from: options.known_from,
        files: Vec::new(),
        ..Edition::default()
    }
}

/// Whether a text names an edition of the Harmonized System: `HS 2022`.
fn is_edition(text: &str) -> bool {
    text.strip_prefix("HS ").is_some_and(|year| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()))
}
