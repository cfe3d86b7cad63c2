//! TW507: lines of the nomenclature do not vanish.

use crate::checks::records::Records;
use crate::checks::{Check, Found, Seen, say};
use std::collections::BTreeSet;
use tidewaiter::goods::GoodsCode;

pub(super) const CHECK: Check = Check::warning("TW507", "Lines of the nomenclature do not vanish", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let Some(before) = &seen.before else { return };
    let (old, new) = (codes(before), codes(&seen.now));
    let gone: Vec<String> = old.difference(&new).map(|(code, _)| say::code(code)).collect();
    if !gone.is_empty() {
        let first = gone.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
        let says =
            format!("lines of the edition before that are not in this one: {}; the first are {first}", gone.len());
        found.add(
            "edition",
            says,
            "keep a line that ends, with the day in `before`: goods of earlier days are still asked about",
        );
    }
}

/// Digits and suffix of each line.
fn codes<'a>(records: &Records<'a>) -> BTreeSet<(String, Option<&'a str>)> {
    let digits = |text: &str| text.parse::<GoodsCode>().map_or_else(|_| text.to_owned(), GoodsCode::digits);
    records.lines.iter().map(|line| (digits(&line.code), line.suffix.as_deref())).collect()
}
