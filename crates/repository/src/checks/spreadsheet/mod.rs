//! TW6xx: what a spreadsheet hid from whoever filled it in, as its reader noticed. Merged cells, hidden rows and formulas
//! without a value are refused by the reader already (`docs/formats/rate-sheet.md`), so that no draft has them.

mod tw601_hidden;
mod tw602_text_numbers;
mod tw603_formulas;
mod tw604_percent_format;
mod tw605_left_out;
mod tw606_other;

use super::report::Found;
use super::{Check, Seen, say};

pub(super) const ALL: &[Check] = &[
    tw601_hidden::CHECK,
    tw602_text_numbers::CHECK,
    tw603_formulas::CHECK,
    tw604_percent_format::CHECK,
    tw605_left_out::CHECK,
    tw606_other::CHECK,
];

/// Numbers of the reader's warnings, by the check that tells them.
const HIDDEN: &[&str] = &["W05", "W06"];
const TEXT_NUMBERS: &[&str] = &["W01", "W02", "W03"];
const FORMULAS: &[&str] = &["W04"];
const PERCENT_FORMAT: &[&str] = &["W09"];
const LEFT_OUT: &[&str] = &["W07"];

/// Tells what was noticed under some numbers: `W05 rates.xlsx, sheet Measures, row 1, Duty: the column is hidden`.
fn noticed(seen: &Seen<'_>, found: &mut Found, numbers: impl Fn(&str) -> bool, help: &str) {
    for sentence in seen.draft.noticed {
        let (number, rest) = sentence.split_once(' ').unwrap_or_default();
        let is_number = number.strip_prefix('W').is_some_and(|digits| digits.parse::<u8>().is_ok());
        let (number, rest) = if is_number { (number, rest) } else { ("", sentence.as_str()) };
        if numbers(number) {
            let (place, says) = rest.split_once(": ").unwrap_or(("the file that was sent", rest));
            found.add(say::short(place), says.chars().take(300).collect::<String>(), help);
        }
    }
}
