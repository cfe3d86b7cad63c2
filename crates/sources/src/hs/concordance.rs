//! What a code of one edition of the Harmonized System is in another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::sync::OnceLock;
use tidewaiter::record::edition::Correlation;

/// What a code is in another edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Translation {
    /// The same code, and nothing but it.
    Same,
    /// One other code.
    One(String),
    /// Several codes, in order, perhaps with the same code among them: one must look at the goods.
    Several(Vec<String>),
    /// The edition is not known, or the code is not one of it.
    Unknown,
}

/// The answer of [`Concordance::translate`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What the code is there; of a code with more than six digits, what its first six are.
    pub translation: Translation,
    /// Digits after the sixth, which only a national tariff can translate; empty where there are none.
    pub dropped: String,
}

/// Relations between the codes of editions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Concordance {
    /// Subheadings of every edition.
    codes: BTreeMap<String, BTreeSet<u32>>,
    /// From one edition to another: codes that are more or less than themselves there. Codes left out are themselves.
    differ: BTreeMap<(String, String), BTreeMap<u32, Vec<u32>>>,
}

static SHIPPED: OnceLock<Concordance> = OnceLock::new();

impl Concordance {
    /// Relations between HS 2012, 2017 and 2022, from the tables of the UN Statistics Division.
    pub fn shipped() -> &'static Self {
        // A test reads the same text and says so if it is damaged; an empty concordance answers "unknown" to everything.
        SHIPPED.get_or_init(|| Self::from_csv(include_str!("correlations.csv")).unwrap_or_default())
    }

    /// Relations from the correlation entries of editions. Entries of conversion sheets are passed over.
    pub fn from_entries<'a>(entries: impl IntoIterator<Item = &'a Correlation>) -> Self {
        let mut pairs: BTreeMap<(String, String), BTreeMap<u32, BTreeSet<u32>>> = BTreeMap::new();
        let mut out = Self::default();
        for entry in entries.into_iter().filter(|entry| entry.relation != "conversion") {
            let (Some(from), Some(to)) = (six(&entry.from_code), six(&entry.to_code)) else { continue };
            for (edition, code, other, target) in
                [(&entry.from_edition, from, &entry.to_edition, to), (&entry.to_edition, to, &entry.from_edition, from)]
            {
                out.codes.entry(edition.clone()).or_default().insert(code);
                pairs.entry((edition.clone(), other.clone())).or_default().entry(code).or_default().insert(target);
            }
        }
        for (pair, map) in pairs {
            let differ = map.into_iter().filter(|(code, to)| to.len() > 1 || !to.contains(code));
            out.differ.insert(pair, differ.map(|(code, to)| (code, to.into_iter().collect())).collect());
        }
        out
    }

    /// What a code of 2, 4, 6 or more digits is in another edition. Points and spaces in the code are passed over.
    pub fn translate(&self, code: &str, from_edition: &str, to_edition: &str) -> Answer {
        let digits: String = code.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
        let unknown = Answer { translation: Translation::Unknown, dropped: String::new() };
        let sound = digits.bytes().all(|byte| byte.is_ascii_digit()) && !matches!(digits.len(), 0 | 1 | 3 | 5 | 13..);
        let Some(codes) = self.codes.get(from_edition).filter(|_| sound) else { return unknown };
        let (head, dropped) = digits.split_at(digits.len().min(6));
        let width = head.len();
        let scale = 10u32.pow(6 - width as u32);
        let Ok(number) = head.parse::<u32>() else { return unknown };
        let below: BTreeSet<u32> = codes.range(number * scale..(number + 1) * scale).copied().collect();
        let Some(path) = self.path(from_edition, to_edition).filter(|_| !below.is_empty()) else {
            return Answer { dropped: dropped.to_owned(), ..unknown };
        };
        let mut here = below;
        for (from, to) in path.iter().zip(path.iter().skip(1)) {
            let pair = ((*from).to_owned(), (*to).to_owned());
            let (Some(differ), Some(there)) = (self.differ.get(&pair), self.codes.get(*to)) else { return unknown };
            // A code that the table relates to nothing (HS 2017 300219) is nothing there.
            let itself = |code: &u32| if there.contains(code) { vec![*code] } else { Vec::new() };
            here = here.iter().flat_map(|code| differ.get(code).cloned().unwrap_or_else(|| itself(code))).collect();
        }
        let there: BTreeSet<u32> = here.into_iter().map(|code| code / scale).collect();
        let mut names: Vec<String> = there.into_iter().map(|code| format!("{code:0width$}")).collect();
        let translation = match names.as_slice() {
            [] => Translation::Unknown,
            [one] if one == head => Translation::Same,
            [_] => Translation::One(names.swap_remove(0)),
            _ => Translation::Several(names),
        };
        Answer { translation, dropped: dropped.to_owned() }
    }

    /// Codes of older editions that the newest does not have, with what they became there, as CSV for `data/hs.csv`. `editions` go
    /// from the newest back; `from` is the first day of the newest.
    pub fn moved(&self, editions: &[&str], from: jiff::civil::Date) -> String {
        let mut out = String::from("edition,code,newer,from,to\n");
        let Some((newest, older)) = editions.split_first() else { return out };
        let mut seen: BTreeSet<u32> = self.codes.get(*newest).cloned().unwrap_or_default();
        for edition in older {
            for code in self.codes.get(*edition).into_iter().flatten() {
                if !seen.insert(*code) {
                    continue;
                }
                let to = match self.translate(&format!("{code:06}"), edition, newest).translation {
                    Translation::One(one) => one,
                    Translation::Several(several) => several.join(" "),
                    Translation::Same | Translation::Unknown => String::new(),
                };
                let _ = writeln!(out, "{edition},{code:06},{newest},{from},{to}");
            }
        }
        out
    }

    /// The shortest way from one edition to another over those whose relation is known.
    fn path<'a>(&'a self, from: &'a str, to: &'a str) -> Option<Vec<&'a str>> {
        let mut ways = VecDeque::from([vec![from]]);
        let mut seen = BTreeSet::from([from]);
        while let Some(way) = ways.pop_front() {
            let last = *way.last()?;
            if last == to {
                return Some(way);
            }
            for (_, next) in self.differ.keys().filter(|(here, _)| here == last) {
                if seen.insert(next) {
                    let mut longer = way.clone();
                    longer.push(next);
                    ways.push_back(longer);
                }
            }
        }
        None
    }

    /// The compact table that [`Concordance::from_csv`] reads: codes of the newest edition, then for each pair of
    /// neighbours what differs. Relations that follow from the others are left out.
    ///
    /// Columns `from_edition,from,to_edition,to,relation`. Lists of codes are packed by heading: `0101:21.29 0102:21`.
    /// `relation` is `code` (codes of an edition), `new` and `gone` (in the first edition only, in the second only), `n`
    /// (each of these codes relates to all of those, and to nothing else).
    pub fn to_csv(&self) -> String {
        let mut out = String::from("from_edition,from,to_edition,to,relation\n");
        let Some((newest, codes)) = self.codes.last_key_value() else { return out };
        let chapters: BTreeSet<u32> = codes.iter().map(|code| code / 10_000).collect();
        for chapter in chapters {
            let list = pack(codes.range(chapter * 10_000..(chapter + 1) * 10_000));
            let _ = writeln!(out, "{newest},{list},,,code");
        }
        let editions: Vec<&String> = self.codes.keys().rev().collect();
        for (from, to) in editions.iter().zip(editions.iter().skip(1)) {
            let Some(differ) = self.differ.get(&((*from).clone(), (*to).clone())) else { continue };
            let (here, there) = (&self.codes[*from], &self.codes[*to]);
            let _ = writeln!(out, "{from},{},{to},,new", pack(here.difference(there)));
            let _ = writeln!(out, "{from},,{to},{},gone", pack(there.difference(here)));
            let mut groups: BTreeMap<&Vec<u32>, Vec<u32>> = BTreeMap::new();
            for (code, targets) in differ {
                groups.entry(targets).or_default().push(*code);
            }
            let mut groups: Vec<(Vec<u32>, &Vec<u32>)> = groups.into_iter().map(|(to, from)| (from, to)).collect();
            groups.sort();
            for (codes, targets) in groups {
                let _ = writeln!(out, "{from},{},{to},{},n", pack(&codes), pack(targets));
            }
        }
        out
    }

    /// Reads the table of [`Concordance::to_csv`].
    ///
    /// # Errors
    /// The number of the first row that is wrong, and why.
    pub fn from_csv(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().enumerate();
        if lines.next().map(|(_, line)| line) != Some("from_edition,from,to_edition,to,relation") {
            return Err("row 1: expected from_edition,from,to_edition,to,relation".into());
        }
        let mut out = Self::default();
        let mut pairs: BTreeMap<(String, String), BTreeMap<u32, Vec<u32>>> = BTreeMap::new();
        for (n, row) in lines {
            let wrong = |what: &str| format!("row {}: {what}", n + 1);
            let cells: Vec<&str> = row.split(',').collect();
            let &[from_edition, from, to_edition, to, relation] = cells.as_slice() else {
                return Err(wrong("expected five cells"));
            };
            let list = |text: &str| unpack(text).ok_or_else(|| wrong("expected codes such as 0101:21.29 0102:21"));
            let (from, to) = (list(from)?, list(to)?);
            let pair = (from_edition.to_owned(), to_edition.to_owned());
            match relation {
                "code" => out.codes.entry(pair.0).or_default().extend(from),
                "new" => {
                    // The older edition begins as a copy without what is new.
                    let mut codes = out.codes.get(from_edition).cloned().unwrap_or_default();
                    codes.retain(|code| !from.contains(code));
                    out.codes.insert(pair.1, codes);
                }
                "gone" => out.codes.entry(pair.1).or_default().extend(to),
                "n" => {
                    let map = pairs.entry(pair).or_default();
                    for code in from {
                        map.insert(code, to.clone());
                    }
                }
                _ => return Err(wrong("expected code, new, gone or n")),
            }
        }
        for ((from, to), differ) in pairs {
            let none = BTreeSet::new();
            let here = out.codes.get(&from).unwrap_or(&none);
            let there = out.codes.get(&to).unwrap_or(&none);
            let mut back: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
            for code in here {
                match differ.get(code) {
                    Some(targets) => targets.iter().for_each(|target| {
                        back.entry(*target).or_default().insert(*code);
                    }),
                    None => {
                        back.entry(*code).or_default().insert(*code);
                    }
                }
            }
            if back.keys().any(|code| !there.contains(code)) || differ.keys().any(|code| !here.contains(code)) {
                return Err(format!("{from} to {to}: a relation names a code that is in neither list"));
            }
            let back = back.into_iter().filter(|(code, to)| to.len() > 1 || !to.contains(code));
            let back = back.map(|(code, to)| (code, to.into_iter().collect())).collect();
            out.differ.insert((to.clone(), from.clone()), back);
            out.differ.insert((from, to), differ);
        }
        Ok(out)
    }
}

fn six(code: &str) -> Option<u32> {
    (code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())).then(|| code.parse().ok())?
}

fn pack<'a>(codes: impl IntoIterator<Item = &'a u32>) -> String {
    let mut out = String::new();
    let mut heading = None;
    for code in codes {
        if heading == Some(code / 100) {
            let _ = write!(out, ".{:02}", code % 100);
        } else {
            let space = if heading.is_some() { " " } else { "" };
            let _ = write!(out, "{space}{:04}:{:02}", code / 100, code % 100);
            heading = Some(code / 100);
        }
    }
    out
}

fn unpack(text: &str) -> Option<Vec<u32>> {
    let mut out = Vec::new();
    for part in text.split_whitespace() {
        let (heading, tails) = part.split_once(':')?;
        for tail in tails.split('.') {
            out.push(six(&format!("{heading}{tail}"))?);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Concordance {
        let row = |from: &str, to: &str, relation: &str| Correlation {
            from_edition: "HS 2022".into(),
            from_code: from.into(),
            to_edition: "HS 2017".into(),
            to_code: to.into(),
            relation: relation.into(),
        };
        Concordance::from_entries(&[
            row("010121", "010121", "1:1"),
            row("030910", "030510", "1:1"),
            row("854911", "854810", "1:n"),
            row("854912", "854810", "1:n"),
            row("999999", "999999", "conversion"),
        ])
    }

    #[test]
    fn both_ways_and_every_length() {
        let hs = small();
        let ask = |code: &str, from: &str, to: &str| hs.translate(code, from, to).translation;
        let one = |code: &str| Translation::One(code.into());
        assert_eq!(ask("0101.21", "HS 2022", "HS 2017"), Translation::Same);
        assert_eq!(ask("030910", "HS 2022", "HS 2017"), one("030510"));
        assert_eq!(ask("854911", "HS 2022", "HS 2017"), one("854810"));
        assert_eq!(ask("854810", "HS 2017", "HS 2022"), Translation::Several(vec!["854911".into(), "854912".into()]));
        assert_eq!(ask("8548", "HS 2017", "HS 2022"), one("8549"));
        assert_eq!(ask("85", "HS 2017", "HS 2022"), Translation::Same);
        assert_eq!(hs.translate("8549 11 00 90", "HS 2022", "HS 2017").dropped, "0090");
        for (code, from, to) in [
            ("854810", "HS 2022", "HS 2017"),
            ("010121", "HS 2007", "HS 2017"),
            ("010121", "HS 2022", "HS 2012"),
            ("999999", "HS 2022", "HS 2017"),
            ("01x", "HS 2022", "HS 2017"),
            ("010", "HS 2022", "HS 2017"),
            ("", "HS 2022", "HS 2017"),
            ("1234567890123", "HS 2022", "HS 2017"),
        ] {
            assert_eq!(ask(code, from, to), Translation::Unknown, "{code}");
        }
    }

    #[test]
    fn the_table_reads_back() {
        let hs = small();
        assert_eq!(Concordance::from_csv(&hs.to_csv()), Ok(hs));
        let head = "from_edition,from,to_edition,to,relation\n";
        for wrong in ["", "a,b", &format!("{head}a,b,c,d,n"), &format!("{head}HS 2022,0101:21,HS 2017,0101:21,x")] {
            assert!(Concordance::from_csv(wrong).is_err());
        }
        assert!(Concordance::from_csv(&format!("{head}HS 2022,0101:21,HS 2017,0101:29,n")).is_err());
    }

    #[test]
    fn what_is_shipped_is_whole() {
        assert!(Concordance::from_csv(include_str!("correlations.csv")).is_ok_and(|hs| hs.codes.len() == 3));
    }
}
