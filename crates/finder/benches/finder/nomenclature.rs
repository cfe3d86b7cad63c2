//! A made-up nomenclature: below each subheading lines of eight and ten digits, of words of its own and others' titles.

use std::collections::BTreeMap;
use tidewaiter_finder::lines::{Lines, NationalLine};
use tidewaiter_finder::{Finder, Language};

/// So many lines. The same each time.
pub(crate) fn lines(finder: &Finder, most: usize) -> Lines {
    let codes = &finder.index().codes;
    let line = |code: String, indent: u8, declarable: bool, text: String| NationalLine {
        code,
        indent: Some(indent),
        declarable,
        texts: BTreeMap::from([(Language::En, text)]),
    };
    let title = |at: usize| codes[at % codes.len()].titles[0].clone().unwrap_or_default();
    let mut all = Vec::with_capacity(most);
    for (at, code) in codes.iter().enumerate() {
        let six = format!("{:06}", code.digits);
        // What another subheading is called stands for what a national line parts by.
        all.push(line(six.clone(), 1, false, title(at)));
        all.push(line(format!("{six}10"), 2, false, title(at * 31 + 7)));
        all.push(line(format!("{six}1010"), 3, true, title(at * 17 + 3)));
        all.push(line(format!("{six}1090"), 3, true, "Other".to_owned()));
        all.push(line(format!("{six}90"), 2, true, "Other, valued over 10 each".to_owned()));
    }
    // Every code has its first lines rather than the first codes all of them.
    all.sort_by_key(|one| one.code.len());
    all.truncate(most);
    Lines::new(all).unwrap()
}
