//! TW203: the chapter of a goods code exists.

use super::{NATIONAL, chapter, codes};
use crate::checks::{Check, Found, Seen};
use tidewaiter::goods::GoodsCode;

pub(super) const CHECK: Check = Check::error("TW203", "The chapter of a goods code exists", look);

/// The last chapter of the Harmonized System, and the one that it keeps free.
const LAST: u64 = 97;
const RESERVED: u64 = 77;

fn look(seen: &Seen<'_>, found: &mut Found) {
    codes(seen, |text, place| {
        let Ok(code) = text.parse::<GoodsCode>() else { return };
        let chapter = chapter(code);
        let exists = ((1..=LAST).contains(&chapter) && chapter != RESERVED) || NATIONAL.contains(&chapter);
        if !exists {
            let says = format!("there is no chapter {chapter:02}");
            found.add(
                place(),
                says,
                "chapters are 01 to 76 and 78 to 97, and 98 and 99 of a nation's own; correct the code",
            );
        }
    });
}
