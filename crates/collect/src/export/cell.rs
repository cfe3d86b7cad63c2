//! Text in a cell of CSV that spreadsheet programs leave alone.
//!
//! They run a cell that begins with `=`, `+`, `-` or `@` as a formula. Such a text gets an apostrophe before it, and so does one that begins
//! with an apostrophe: what is read back is what was written. Numbers and days are written as they are.

use std::borrow::Cow;

/// Whether a spreadsheet would not show the text as it is. What stands behind white space and control characters counts as the begin, as
/// some programs pass over them; programs of East Asian languages take the wide forms for the plain ones.
fn is_unsafe(text: &str) -> bool {
    let passed_over = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
    let begins = text.trim_start_matches(passed_over).chars().next();
    matches!(begins, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'))
        || text.starts_with(['\'', '\t', '\r', '\n'])
}

/// The text of a cell that no spreadsheet runs.
pub(crate) fn safe(text: &str) -> Cow<'_, str> {
    if is_unsafe(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// What a cell says: without the apostrophe that keeps spreadsheets from running it.
pub(crate) fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_unsafe(text)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_text_and_all_else_is_untouched() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-5", "'-5"),
            (" +49 30", "' +49 30"),
            ("\t=x", "'\t=x"),
            ("＝x", "'＝x"),
            ("'tis", "''tis"),
            ("A-1", "A-1"),
            ("", ""),
        ] {
            assert_eq!((safe(text).as_ref(), plain(cell)), (cell, text));
        }
        // An apostrophe that guards nothing belongs to the text.
        assert_eq!(plain("'tis"), "'tis");
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(text in "['=+@ \t\r\n-]{0,3}.{0,4}") {
            let cell = safe(&text);
            prop_assert_eq!(plain(&cell), text.as_str());
        }
    }
}
