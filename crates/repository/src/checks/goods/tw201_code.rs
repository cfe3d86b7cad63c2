//! TW201: a goods code has 2 to 12 digits.

use super::codes;
use crate::checks::{Check, Found, Seen};
use tidewaiter::goods::GoodsCode;

pub(super) const CHECK: Check = Check::error("TW201", "A goods code has 2, 4 or more digits, 12 at most", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    codes(seen, |text, place| {
        if let Err(error) = text.parse::<GoodsCode>() {
            found.add(
                place(),
                error.to_string(),
                "write every digit of the code; for a range, write one record for each code",
            );
        }
    });
}
