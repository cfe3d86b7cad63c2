//! What a shop's goods are, by article number: a table with headings, such as the inventory that Shopify exports (`SKU`, `HS Code`, `COO`).

use crate::api::measures::is_known;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use tidewaiter_finder::Finder;

/// Most bytes of a table.
pub(super) const MOST_BYTES: u64 = 64 << 20;

/// Headings under which each column is known; capitals do not matter.
const NUMBER: &[&str] = &["sku", "variant sku", "article"];
const VARIANT: &[&str] = &["variant_id", "variant id"];
const CODE: &[&str] = &["hs code", "hs_code", "goods_code", "goods code", "variant harmonized system code"];
const ORIGIN: &[&str] = &["coo", "origin", "country_of_origin", "country of origin"];

/// What is known of one article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// Goods code, digits only.
    pub(crate) code: Option<String>,
    /// Where it was made.
    pub(crate) origin: Option<String>,
}

/// What is known of a shop's goods.
#[derive(Debug, Clone, Default)]
pub(crate) struct Goods {
    by_number: HashMap<String, Known>,
    by_variant: HashMap<String, Known>,
    /// Rows of a table that say something else than an earlier row about the same article.
    contradictions: usize,
    /// Codes and origins that cannot be read.
    unreadable: usize,
    /// What a table has no column for, in words.
    lacking: BTreeSet<&'static str>,
}

impl Goods {
    /// Adds a table.
    ///
    /// # Errors
    /// Which headings are missing, or which row is no row.
    pub(super) fn add(&mut self, text: &[u8]) -> Result<(), String> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
        let headings: Vec<String> = reader
            .headers()
            .map_err(|_| "the first row is no row of headings".to_owned())?
            .iter()
            .map(|heading| heading.trim().to_ascii_lowercase())
            .collect();
        let column = |names: &[&str]| headings.iter().position(|heading| names.contains(&heading.as_str()));
        let (number, variant, code, origin) = (column(NUMBER), column(VARIANT), column(CODE), column(ORIGIN));
        if number.or(variant).is_none() || code.or(origin).is_none() {
            return Err("it needs a column SKU or variant_id, and a column \"HS Code\" or COO".to_owned());
        }
        self.lacking.extend(code.is_none().then_some("goods codes (\"HS Code\")"));
        self.lacking.extend(origin.is_none().then_some("origins (COO)"));
        for row in reader.records() {
            let row = row.map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                format!("line {line} is no row of text in UTF-8")
            })?;
            let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).map(str::trim).unwrap_or_default();
            let known = Known { code: self.code(cell(code)), origin: self.origin(cell(origin)) };
            let (number, variant) = (cell(number), cell(variant));
            let told = [(&mut self.by_number, number), (&mut self.by_variant, variant)];
            for (of, name) in told {
                if !name.is_empty() && !agree(of, name, &known) {
                    self.contradictions += 1;
                }
            }
        }
        Ok(())
    }

    fn code(&mut self, text: &str) -> Option<String> {
        let digits: String = text.chars().filter(|c| !matches!(c, '.' | ' ' | '\'')).collect();
        let good = (2..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        self.unreadable += usize::from(!good && !digits.is_empty());
        good.then_some(digits)
    }

    fn origin(&mut self, text: &str) -> Option<String> {
        let good = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
        self.unreadable += usize::from(!good && !text.is_empty());
        good.then(|| text.to_ascii_uppercase())
    }

    /// What is known of an article; nothing where it stands nowhere.
    pub(crate) fn of(&self, number: Option<&str>, variant: Option<&str>) -> Known {
        let found = |of: &HashMap<String, Known>, name: Option<&str>| {
            name.map(str::trim).filter(|name| !name.is_empty()).and_then(|name| of.get(name)).cloned()
        };
        // A variant is one article; an article number may have been given to several.
        found(&self.by_variant, variant).or_else(|| found(&self.by_number, number)).unwrap_or_default()
    }

    /// What is there and what is missing, in a sentence for whoever runs the service.
    pub(super) fn summary(&self) -> String {
        let all = || self.by_number.values().chain(self.by_variant.values().filter(|_| self.by_number.is_empty()));
        let (without_code, without_origin) =
            (all().filter(|k| k.code.is_none()).count(), all().filter(|k| k.origin.is_none()).count());
        let mut said = format!(
            "{}, {without_code} without a goods code, {without_origin} without an origin",
            counted(all().count(), "article", "articles")
        );
        for lacking in &self.lacking {
            let _ = write!(said, "; a table has no column of {lacking}");
        }
        // Once for each code: a table may hold a hundred thousand articles of a few.
        let finder = Finder::embedded();
        let codes: BTreeSet<&str> = all().filter_map(|k| k.code.as_deref()).collect();
        // Chapters 98 and 99 are each country's own.
        let stands = |code: &str| matches!(code.get(..2), Some("98" | "99")) || is_known(finder, code);
        let odd: Vec<&str> = codes.into_iter().filter(|code| !stands(code)).collect();
        if let Some(first) = odd.first() {
            let of = counted(odd.len(), "goods code stands", "goods codes stand");
            let _ = write!(said, "; {of} nowhere in the Harmonized System 2022, such as {first}");
        }
        if self.contradictions > 0 {
            let of = counted(self.contradictions, "row contradicts", "rows contradict");
            let _ = write!(said, "; {of} an earlier one, and neither counts");
        }
        if self.unreadable > 0 {
            let of = counted(self.unreadable, "code or origin", "codes or origins");
            let _ = write!(said, "; {of} cannot be read");
        }
        said
    }
}

/// A number with its noun.
fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Takes a row in. Where it contradicts an earlier one, what they differ in is not known.
fn agree(all: &mut HashMap<String, Known>, name: &str, now: &Known) -> bool {
    let Some(before) = all.get_mut(name) else {
        all.insert(name.to_owned(), now.clone());
        return true;
    };
    let same = before == now;
    if before.code != now.code {
        before.code = None;
    }
    if before.origin != now.origin {
        before.origin = None;
    }
    same
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goods(text: &str) -> Goods {
        let mut goods = Goods::default();
        goods.add(text.as_bytes()).unwrap();
        goods
    }

    fn known(code: Option<&str>, origin: Option<&str>) -> Known {
        Known { code: code.map(str::to_owned), origin: origin.map(str::to_owned) }
    }

    #[test]
    fn an_exported_inventory_is_read_as_it_is() {
        let text = "\u{feff}Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO,Location,On hand (current)\n\
            tee,Tee,Size,S,TEE-S,6109.10,cn,Porto,8\n\
            tee,Tee,Size,S,TEE-S,6109.10,CN,Lyon,2\n\
            mug,\"Mug, large\",,,MUG,,PT,Porto,1\n";
        let goods = goods(text);
        assert_eq!(goods.of(Some("TEE-S"), Some("1")), known(Some("610910"), Some("CN")));
        assert_eq!(goods.of(Some(" MUG "), None), known(None, Some("PT")));
        assert_eq!(goods.of(Some("HAT"), None), Known::default());
        assert_eq!(goods.of(Some(""), None), Known::default());
        assert_eq!(goods.summary(), "2 articles, 1 without a goods code, 0 without an origin");
    }

    #[test]
    fn what_contradicts_itself_is_not_known() {
        let goods = goods("sku,variant_id,hs code,coo\n-,1,6109.10,CN\n-,2,9503.00,CN\n,3,640399,IT\n");
        assert_eq!(goods.of(Some("-"), None), known(None, Some("CN")), "they agree where they were made");
        assert_eq!(goods.of(Some("-"), Some("2")), known(Some("950300"), Some("CN")), "a variant is one article");
        assert_eq!(goods.of(None, Some("3")), known(Some("640399"), Some("IT")));
        assert!(goods.summary().contains("1 row contradicts an earlier one"));
    }

    #[test]
    fn what_is_no_code_is_not_taken_for_one() {
        let goods = goods("sku,hs code,coo\nA,T-shirt,China\nB,6,C1\nC,6109.10.00.10.00.00,CN\nD,'610910,CN\n");
        for number in ["A", "B"] {
            assert_eq!(goods.of(Some(number), None), Known::default());
        }
        assert_eq!(goods.of(Some("C"), None).code, None, "it has too many digits");
        assert_eq!(goods.of(Some("D"), None).code.as_deref(), Some("610910"), "as a spreadsheet marks text");
        assert!(goods.summary().contains("5 codes or origins cannot be read"), "{}", goods.summary());
    }

    #[test]
    fn what_is_in_no_nomenclature_is_told() {
        let said = goods("sku,hs code,coo\nA,999988,CN\nB,998877,CN\nC,6109.10,CN\nD,770000,CN\nE,77,CN\n").summary();
        assert!(said.contains("2 goods codes stand nowhere in the Harmonized System 2022, such as 77"), "{said}");
        let said = goods("sku,hs,coo\nA,610910,CN\n").summary();
        assert_eq!(
            said,
            "1 article, 1 without a goods code, 0 without an origin; a table has no column of goods codes (\"HS Code\")"
        );
    }

    #[test]
    fn a_table_of_something_else_is_refused() {
        for text in ["", "name,price\nTee,3\n", "sku,price\nTEE,3\n", "hs code,coo\n6109,CN\n"] {
            assert!(Goods::default().add(text.as_bytes()).is_err(), "{text}");
        }
        assert!(Goods::default().add(b"sku,coo\n\xff,CN\n").unwrap_err().contains("line 2"));
    }
}
