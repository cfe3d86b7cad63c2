//! Goods codes that there are not: a charge on one would look like an answer.

use crate::desk::Book;
use crate::pages::code::pointed;
use tidewaiter::goods::GoodsCode;
use tidewaiter_finder::Finder;

/// The part of a code that no edition of the Harmonized System recorded here has: its heading, or its six digits. None for a code that
/// there is, and for what is no code at all.
pub(super) fn unknown_part(book: &Book, finder: &Finder, to: &str, code: &str) -> Option<String> {
    let code: GoodsCode = code.trim().parse().ok()?;
    let digits = code.digits();
    let heading = digits.get(..4)?;
    if !is_heading(book, finder, heading) {
        return (!is_national(book, to, code)).then(|| heading.to_owned());
    }
    let six = digits.get(..6)?;
    let known = finder.index().has(six) || book.moved(code).is_some() || is_national(book, to, code);
    (!known).then(|| pointed(six))
}

fn is_heading(book: &Book, finder: &Finder, heading: &str) -> bool {
    // 9999.99 is of statistics on trade: goods of which nothing is told.
    if heading.starts_with("98") || heading.starts_with("99") {
        return false;
    }
    // A heading that an edition ended has subheadings that it ended too.
    let ended = |at: u32| format!("{heading}{at:02}").parse().is_ok_and(|code| book.moved(code).is_some());
    finder.index().has(heading) || (0..100).any(ended)
}

/// Whether the destination's own tariff has the code, or lines under it: chapters 98 and 99 are for each to fill.
fn is_national(book: &Book, to: &str, code: GoodsCode) -> bool {
    let digits = code.digits();
    let six = digits.get(..6).unwrap_or(&digits);
    let of_line = |line: &str| line.chars().filter(char::is_ascii_digit).collect::<String>();
    let lines = book.tariff(to, code, None).unwrap_or_default();
    lines.iter().map(|line| of_line(&line.code)).any(|line| line.len() >= 4 && line.starts_with(six))
}

#[cfg(test)]
mod tests {
    use super::unknown_part;
    use crate::desk::{Desk, Settings};

    #[test]
    fn headings_and_subheadings_that_no_edition_has_are_named() {
        let desk = Desk::embedded(Settings::default());
        let part = |to: &str, code: &str| unknown_part(&desk.book(), desk.finder, to, code);
        assert_eq!(part("FR", "9999.99").as_deref(), Some("9999"));
        assert_eq!(part("FR", "6109.55").as_deref(), Some("6109.55"));
        for known in ["6109", "6109.10", "6109100010", "8517.12", "no code"] {
            assert_eq!(part("FR", known), None, "{known}");
        }
        assert_eq!(part("", "6109.10"), None, "a place is not needed");
    }
}
