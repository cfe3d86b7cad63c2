//! Numbers and dates of a spreadsheet, in decimal text only.
//!
//! A spreadsheet program writes the shortest or the longest decimal text of its binary number: five hundredths stand as
//! `0.05` or as `5.0000000000000003E-2`. It shows and promises fifteen significant digits, so that is where the text is
//! rounded, half up, digit by digit.

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// Digits a spreadsheet program promises.
const SIGNIFICANT: usize = 15;
/// Largest exponent that is written out.
const MAX_EXPONENT: i32 = 30;

/// Decimal text without an exponent, at most fifteen significant digits; `None` where it is no number.
pub(super) fn plain(text: &str) -> Option<String> {
    let text = text.trim();
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty()
        || !all_digits(whole)
        || !all_digits(fraction)
        || mantissa.len() > 400
        || exponent.abs() > MAX_EXPONENT
    {
        return None;
    }
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|b| b - b'0').collect();
    // Digits before the point.
    let mut point = i32::try_from(whole.len()).ok()? + exponent;
    let leading = digits.iter().take_while(|d| **d == 0).count();
    digits.drain(..leading);
    point -= i32::try_from(leading).ok()?;
    if round(&mut digits) {
        point += 1;
    }
    while digits.last() == Some(&0) {
        digits.pop();
    }
    if digits.is_empty() {
        return Some("0".into());
    }
    if point.abs() > MAX_EXPONENT + 20 {
        return None;
    }
    let mut out = String::new();
    if negative {
        out.push('-');
    }
    let at = |i: i32| usize::try_from(i).ok().and_then(|i| digits.get(i)).copied().unwrap_or(0);
    if point <= 0 {
        out.push('0');
    }
    for i in 0..point {
        out.push(char::from(b'0' + at(i)));
    }
    let last = i32::try_from(digits.len()).ok()?;
    if last > point {
        out.push('.');
        for i in point..last {
            out.push(char::from(b'0' + at(i)));
        }
    }
    Some(out)
}

/// Rounds to fifteen digits; says whether a digit was gained in front.
fn round(digits: &mut Vec<u8>) -> bool {
    if digits.len() <= SIGNIFICANT {
        return false;
    }
    let up = digits[SIGNIFICANT] >= 5;
    digits.truncate(SIGNIFICANT);
    if !up {
        return false;
    }
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return false;
        }
        *digit = 0;
    }
    digits.insert(0, 1);
    true
}

/// The number times ten to the power of `places`.
pub(super) fn shifted(number: &str, places: i32) -> Option<String> {
    plain(&format!("{number}e{places}"))
}

/// The day of a serial number: days since 30 December 1899, or since 1 January 1904. `None` with a time of day, and
/// before 1 March 1900, where spreadsheet programs disagree.
pub(super) fn day(serial: &str, from_1904: bool) -> Option<Date> {
    let days = serial.parse::<i64>().ok()?;
    let (start, least) = if from_1904 { (date(1904, 1, 1), 0) } else { (date(1899, 12, 30), 61) };
    if !(least..=2_958_465).contains(&days) {
        return None;
    }
    start.checked_add(days.days()).ok()
}

/// Whether a number format shows a date: it has a day, month or year outside quotes and brackets.
pub(super) fn is_date_format(code: &str) -> bool {
    let mut quoted = false;
    let mut bracketed = false;
    let mut escaped = false;
    for c in code.split(';').next().unwrap_or_default().chars() {
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '\\' | '_' | '*' if !quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => bracketed = true,
            ']' => bracketed = false,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' if !quoted && !bracketed => return true,
            _ => {}
        }
    }
    false
}

/// Whether a number format shows a percentage.
pub(super) fn is_percent_format(code: &str) -> bool {
    let mut quoted = false;
    let mut escaped = false;
    for c in code.chars() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match c {
            '\\' if !quoted => escaped = true,
            '"' => quoted = !quoted,
            '%' if !quoted => return true,
            _ => {}
        }
    }
    false
}
