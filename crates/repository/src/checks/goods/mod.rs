//! TW2xx: goods codes, the nomenclature they are of, and units.

mod tw201_code;
mod tw202_odd_code;
mod tw203_chapter;
mod tw204_harmonized_system;
mod tw205_line;
mod tw206_line_days;
mod tw207_unit;
mod tw208_nomenclature;

use super::{Check, Seen, say};
use tidewaiter::goods::GoodsCode;

pub(super) const ALL: &[Check] = &[
    tw201_code::CHECK,
    tw202_odd_code::CHECK,
    tw203_chapter::CHECK,
    tw204_harmonized_system::CHECK,
    tw205_line::CHECK,
    tw206_line_days::CHECK,
    tw207_unit::CHECK,
    tw208_nomenclature::CHECK,
];

/// Chapters that nations fill themselves.
const NATIONAL: [u64; 2] = [98, 99];

pub(super) const fn chapter(code: GoodsCode) -> u64 {
    code.padded() / 10_000_000_000
}

/// Calls `each` with the code of every line and measure as it is written, and where it stands.
fn codes(seen: &Seen<'_>, mut each: impl FnMut(&str, &dyn Fn() -> String)) {
    for line in &seen.now.lines {
        each(&line.code, &|| format!("line {}", say::code(&line.code)));
    }
    for filed in &seen.now.measures {
        each(&filed.measure.code, &|| say::measure(filed.measure));
    }
}

/// Goods codes in their order, to ask what lies below one.
struct Tree(Vec<GoodsCode>);

impl Tree {
    fn new(codes: impl Iterator<Item = GoodsCode>) -> Self {
        let mut codes: Vec<GoodsCode> = codes.collect();
        codes.sort_unstable();
        codes.dedup();
        Self(codes)
    }

    /// Whether a code stands in it, with or without zeros at the end, or one below it.
    fn reaches(&self, code: GoodsCode) -> bool {
        let (first, last) = code.span();
        let at = self.0.partition_point(|other| other.padded() < first);
        self.0.get(at).is_some_and(|other| other.padded() <= last)
    }

    /// Whether a longer code lies below it.
    fn divides(&self, code: GoodsCode) -> bool {
        let at = self.0.partition_point(|other| *other <= code);
        self.0.get(at).is_some_and(|other| other.is_under(code))
    }
}
