//! Regions of destinations whose rules differ by region: a list to choose from, and the names that people call them.
//!
//! An answer for a region that nobody knows would look exact and be a guess, so such a text is a mistake of its field.

use crate::desk::Book;
use crate::locale::Lang;
use crate::pages::parts::fold;
use crate::say;

/// ISO 3166-2 letters of every region of a territory. Rules name some of them; the rule for all others holds for the rest.
const ALL: [(&str, &str); 2] = [
    ("BR", "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO"),
    ("CA", "AB BC MB NB NL NS NT NU ON PE QC SK YT"),
];

/// As in the question: some region that no rule names.
const OTHER: &str = "OTHER";

/// Regions of a destination to choose from, by name: letters and name. Nothing where its rules do not differ by region.
pub(super) fn regions(lang: Lang, book: &Book, to: &str) -> Vec<(String, String)> {
    let named = |key: &String| lang.find(&format!("region-{to}-{key}")).unwrap_or_else(|| key.clone());
    let (keys, whole) = keys(book, to);
    let mut all: Vec<(String, String)> = keys.into_iter().map(|key| (key.clone(), named(&key))).collect();
    all.sort_by_cached_key(|(_, name)| folded(name));
    if !all.is_empty() && !whole {
        all.push((OTHER.to_owned(), say!(lang, REGION_OTHER)));
    }
    all
}

/// The letters of a region, by them or by its name in any language; none where there is no such region.
pub(super) fn key(book: &Book, to: &str, text: &str) -> Option<String> {
    let text = folded(text);
    let text = text.strip_prefix(&format!("{}-", folded(to))).unwrap_or(&text).to_owned();
    let is = |(key, name): &(String, String)| folded(key) == text || folded(name) == text;
    Lang::all().find_map(|lang| regions(lang, book, to).into_iter().find(is)).map(|(key, _)| key)
}

/// Letters of regions, and whether they are all that there are.
fn keys(book: &Book, to: &str) -> (Vec<String>, bool) {
    let mut keys = book.regions(to);
    let all = ALL.iter().find(|(territory, _)| *territory == to).filter(|_| !keys.is_empty());
    for key in all.iter().flat_map(|(_, all)| all.split(' ')) {
        if keys.iter().all(|known| known != key) {
            keys.push(key.to_owned());
        }
    }
    (keys, all.is_some())
}

fn folded(text: &str) -> String {
    text.trim().chars().map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Desk, Settings};

    #[test]
    fn every_region_that_a_rule_names_has_a_name_in_every_language() {
        let book = Desk::embedded(Settings::default()).book();
        let mut differing = Vec::new();
        for to in book.territories().keys().filter(|to| !book.regions(to).is_empty()) {
            let (keys, whole) = keys(&book, to);
            assert!(whole, "{to}: all its regions are listed");
            for (lang, key) in Lang::all().flat_map(|lang| keys.iter().map(move |key| (lang, key))) {
                assert!(lang.find(&format!("region-{to}-{key}")).is_some(), "{to} {key} in {}", lang.tag());
            }
            differing.push(to.as_str());
        }
        assert_eq!(differing, ["BR", "CA"]);
    }

    #[test]
    fn a_region_is_known_by_its_letters_and_its_names() {
        let book = Desk::embedded(Settings::default()).book();
        for (text, is) in [
            ("on", Some("ON")),
            ("Ontario", Some("ON")),
            ("Québec", Some("QC")),
            ("quebec", Some("QC")),
            ("CA-QC", Some("QC")),
            ("Colombie-Britannique", Some("BC")),
            ("ab", Some("AB")),
            ("ZZ", None),
            ("OTHER", None),
        ] {
            assert_eq!(key(&book, "CA", text).as_deref(), is, "{text}");
        }
        assert_eq!(key(&book, "FR", "ON"), None);
        assert_eq!(regions(Lang::FIRST, &book, "FR"), []);
    }
}
