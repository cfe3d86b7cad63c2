//! TW504: a charge over a thousand per cent stands in the official words.

use crate::checks::{Check, Found, Seen, say};
use tidewaiter::Decimal;

pub(super) const CHECK: Check = Check::error("TW504", "A charge above 1000 % stands so in the official text", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    for filed in seen.now.charged() {
        let Some(percent) = seen.now.percent(filed).filter(|percent| *percent > Decimal::from_int(1000)) else {
            continue;
        };
        let official =
            filed.measure.official.as_deref().and_then(|official| official.text.as_deref()).unwrap_or_default();
        if !says(official, percent) {
            let text = format!("it is {percent} %, and `official.text` does not say so");
            let help = "correct the amount; where the law says so, quote its words in `official.text`, number included";
            found.add(say::measure(filed.measure), text, help);
        }
    }
}

/// Whether a text has a number, with or without commas between thousands.
fn says(text: &str, number: Decimal) -> bool {
    let plain = text.replace(',', "");
    plain.split(|c: char| !(c.is_ascii_digit() || c == '.')).any(|word| word.parse() == Ok(number))
}
