//! TW205: a measure is on a line of the nomenclature.

use super::{Tree, chapter};
use crate::checks::{Check, Found, Seen, say};
use std::collections::HashSet;
use tidewaiter::goods::GoodsCode;

pub(super) const CHECK: Check = Check::warning("TW205", "A measure is on a line of the nomenclature", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let lines: Vec<GoodsCode> = seen.now.lines.iter().filter_map(|line| line.code.parse().ok()).collect();
    let chapters: HashSet<u64> = lines.iter().map(|code| chapter(*code)).collect();
    let lines = Tree::new(lines.into_iter());
    for filed in &seen.now.measures {
        let Some(code) = filed.code.filter(|code| chapters.contains(&chapter(*code))) else { continue };
        if !lines.reaches(code) && seen.is_new(filed) {
            let says = format!("the edition has lines of chapter {:02}, and none is {code} or below it", chapter(code));
            found.add(say::measure(filed.measure), says, "correct the code, or add its line");
        }
    }
}
