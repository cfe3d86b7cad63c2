//! Official texts beside our words: the lines of a nomenclature, and rulings.

mod load;

use super::pointed;
use super::says::{Says, put};
use crate::args::CodeArgs;
use crate::errors::Failure;
use crate::page::Page;
use crate::table::{Align, Table};
use serde::Serialize;
use tidewaiter_finder::lines::{Alike, Lines, RankedLine, Told};
use tidewaiter_finder::{Candidate, Language, likely};

/// Lines shown of a subheading.
const MOST_LINES: usize = 8;

/// What was loaded.
pub(super) struct Official {
    pub(super) lines: Lines,
    /// Whose nomenclature it is; nothing where only rulings were given.
    authority: Option<String>,
}

/// What it says of the likeliest code.
#[derive(Debug, Serialize)]
pub(super) struct Found {
    /// Whose nomenclature.
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<String>,
    /// The subheading whose lines these are.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// Its lines, the likeliest first; how likely each is among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lines: Vec<RankedLine>,
    /// Rulings on goods like these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rulings: Vec<Alike>,
}

impl Official {
    /// Loads what the flags name; nothing where they name nothing.
    ///
    /// # Errors
    /// A file that cannot be read, or holds no lines or rulings, with the place that is wrong.
    pub(super) fn load(args: &CodeArgs) -> Result<Option<Self>, Failure> {
        let (authority, lines) = match &args.nomenclature {
            Some(path) => load::nomenclature(path).map(|(authority, lines)| (Some(authority), lines))?,
            None if args.rulings.is_some() => (None, Lines::default()),
            None => return Ok(None),
        };
        let lines = match &args.rulings {
            Some(path) => load::rulings(path, args.lang.map_or(Language::En, Into::into), lines)?,
            None => lines,
        };
        Ok(Some(Self { lines, authority }))
    }

    /// The lines of a code and the rulings on such goods.
    pub(super) fn of(&self, told: &Told<'_>, first: Option<&Candidate>) -> Found {
        let ranked = first.map(|first| self.lines.rank(told, &first.code)).unwrap_or_default();
        Found {
            authority: self.authority.clone(),
            code: first.map(|first| first.code.clone()).filter(|_| self.authority.is_some()),
            lines: ranked.into_iter().take(MOST_LINES).collect(),
            rulings: self.lines.rulings_like(told),
        }
    }
}

impl Found {
    pub(super) fn show(&self, words: &Says, page: &mut Page) -> Result<(), Failure> {
        if let (Some(authority), Some(code)) = (&self.authority, &self.code) {
            let code = pointed(code);
            if self.lines.is_empty() {
                page.gap()?;
                page.line(&put(words.no_lines, &[&code, authority]))?;
            } else {
                page.heading(&put(words.official, &[&code, authority]))?;
                self.table(words, page)?;
            }
        }
        if !self.rulings.is_empty() {
            page.heading(words.rulings)?;
        }
        for one in &self.rulings {
            page.bullet(&format!("{}, {}: {}", one.reference, national(&one.code), one.text))?;
        }
        Ok(())
    }

    fn table(&self, words: &Says, page: &mut Page) -> Result<(), Failure> {
        let columns = [
            (words.code, Align::Left),
            (words.likely, Align::Right),
            (words.official_text, Align::Left),
            (words.because, Align::Left),
        ];
        let mut table = Table::new(&columns, 2);
        for line in &self.lines {
            let text: Vec<&str> = line.path.iter().chain([&line.text]).map(String::as_str).collect();
            let likely = format!("{} %", likely::percent(line.probability));
            table.row(vec![national(&line.code), likely, text.join(" > "), line.because.join(", ")]);
        }
        Ok(page.table(&table)?)
    }
}

/// "6109.10.00.40", as national codes are written.
fn national(code: &str) -> String {
    let (six, mut rest) = code.split_at_checked(6).unwrap_or((code, ""));
    let mut out = pointed(six);
    while !rest.is_empty() {
        let (pair, more) = rest.split_at_checked(2).unwrap_or((rest, ""));
        out.push('.');
        out.push_str(pair);
        rest = more;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::national;

    #[test]
    fn national_codes_are_written_with_points() {
        assert_eq!(national("6109100040"), "6109.10.00.40");
        assert_eq!(national("61091000"), "6109.10.00");
        assert_eq!(national("610910"), "6109.10");
        assert_eq!(national("610910004"), "6109.10.00.4");
        assert_eq!(national("6801"), "6801");
    }
}
