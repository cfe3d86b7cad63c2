//! TW202: a goods code has an even number of digits.

use super::{Tree, codes};
use crate::checks::{Check, Found, Seen};
use tidewaiter::goods::GoodsCode;

pub(super) const CHECK: Check = Check::warning("TW202", "A goods code has an even number of digits", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let lines = seen.now.lines.iter().filter_map(|line| line.code.parse().ok());
    let all = Tree::new(lines.chain(seen.now.measures.iter().filter_map(|filed| filed.code)));
    codes(seen, |text, place| {
        let Ok(code) = text.parse::<GoodsCode>() else { return };
        // Some schedules divide their lines digit by digit: what is divided lost no zero.
        if !code.digit_count().is_multiple_of(2) && !all.divides(code) {
            let meant = code.with_lost_zero().map(|code| format!("; was {code} meant?")).unwrap_or_default();
            let says = format!("the code has {} digits, an odd number{meant}", code.digit_count());
            found.add(place(), says, "check that no zero is missing in front: spreadsheets drop it");
        }
    });
}
