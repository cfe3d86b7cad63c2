//! Numbers that name businesses, accounts and payments: whether one can be right, and which was meant where it is not.
//!
//! Shapes and check digits of every country stand in one file; the program knows the kinds of check and no country. That a number can be right does not
//! say that it was issued: only its register can.

mod check;
pub mod lei;
mod likely;

use check::Check;
use regex_lite::Regex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tidewaiter::record::{Confidence, Source};

/// Longest text that is looked at.
const LONGEST: usize = 64;
/// Most corrections that are offered.
const MOST_LIKELY: usize = 5;

/// All identifiers.
#[derive(Debug)]
pub struct Identifiers {
    lists: Lists,
    all: Vec<Known>,
}

/// Lists that several checks share.
pub(crate) type Lists = BTreeMap<String, List>;

/// A list of codes, or a table of numbers by codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum List {
    /// Codes.
    Codes(Vec<String>),
    /// Numbers by codes.
    Table(BTreeMap<String, usize>),
}

/// One identifier, as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identifier {
    /// Its key: `lei`, `vat.DE`, `eu.ioss`.
    pub key: String,
    /// The territory it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Its name, for people.
    pub name: String,
    /// Characters at its front.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// Whether they may be left out.
    #[serde(default)]
    pub prefix_is: Prefix,
    /// What people write in their place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prefix_also: Vec<String>,
    /// How it may look.
    pub shapes: Vec<String>,
    /// Characters that are dropped.
    #[serde(default = "space")]
    pub clean: String,
    /// How people write it.
    pub shown: String,
    /// Where that example is from.
    pub shown_is: String,
    /// How much of it is checked, in words.
    pub checked: String,
    /// Why not more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
    /// Checks of its characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    check: Vec<Check>,
    /// Likely corrections of a wrong shape.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mend: Vec<Mend>,
    /// What all that rests on.
    pub fact: Vec<Rest>,
}

/// Whether a prefix may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prefix {
    /// It may, and is put in.
    #[default]
    Optional,
    /// It must stand.
    Required,
    /// It may stand, and is no part of the number.
    Drop,
}

/// A wrong shape and the character that is likely missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mend {
    shape: String,
    at: usize,
    insert: String,
}

/// What a rule rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rest {
    /// One sentence.
    pub statement: String,
    /// Who says so.
    pub source: Source,
    /// How sure we are.
    pub confidence: Confidence,
    /// Doubts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An identifier with its shapes made ready.
#[derive(Debug)]
struct Known {
    file: Identifier,
    shapes: Vec<Regex>,
    mends: Vec<Regex>,
}

/// What can be said of a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Key of the identifier.
    pub identifier: String,
    /// Whether it can be right.
    pub valid: bool,
    /// The number as it is kept: without spaces, in capital letters, with its prefix.
    pub text: String,
    /// What is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong: Option<String>,
    /// What was likely meant, the likeliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub likely: Vec<String>,
    /// How much of it is checked.
    pub checked: String,
}

fn space() -> String {
    " ".to_owned()
}

impl Identifiers {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            #[serde(default)]
            lists: Lists,
            identifier: Vec<Identifier>,
        }
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut all: Vec<Known> = Vec::with_capacity(file.identifier.len());
        for one in file.identifier {
            if all.iter().any(|other| other.file.key == one.key) {
                return Err(format!("\"{}\" stands twice", one.key));
            }
            let ready = |shape: &String| {
                Regex::new(&pattern(shape, &one.prefix))
                    .map_err(|error| format!("{}: shape \"{shape}\": {error}", one.key))
            };
            let shapes = one.shapes.iter().map(ready).collect::<Result<_, _>>()?;
            let mends = one.mend.iter().map(|mend| ready(&mend.shape)).collect::<Result<_, _>>()?;
            for check in &one.check {
                check.sound(&one.shapes, &file.lists).map_err(|says| format!("{}: {says}", one.key))?;
            }
            all.push(Known { file: one, shapes, mends });
        }
        Ok(Self { lists: file.lists, all })
    }

    /// All of them, in the order of the file.
    pub fn all(&self) -> impl Iterator<Item = &Identifier> {
        self.all.iter().map(|known| &known.file)
    }

    /// Looks at a number. A key that several begin with, such as `vat`, means the one whose letters the number has. Nothing for an identifier
    /// that is not known.
    pub fn look(&self, key: &str, text: &str) -> Option<Verdict> {
        let Some(known) = self.all.iter().find(|known| known.file.key == key) else {
            return self.look_among(key, text);
        };
        let (whole, wrong) = if text.chars().count() > LONGEST {
            (text.chars().take(LONGEST).collect(), Some(format!("it is longer than {LONGEST} characters")))
        } else {
            known.judge(&self.lists, text)
        };
        let likely = if wrong.is_some() { known.likely(&self.lists, text) } else { Vec::new() };
        let checked = known.file.checked.clone();
        Some(Verdict { identifier: key.to_owned(), valid: wrong.is_none(), text: whole, wrong, likely, checked })
    }
}

impl Identifiers {
    fn look_among(&self, family: &str, text: &str) -> Option<Verdict> {
        let of = |known: &&Known| known.file.key.strip_prefix(family).is_some_and(|rest| rest.starts_with('.'));
        let mut all = self.all.iter().filter(of).peekable();
        all.peek()?;
        let meant =
            all.find(|known| !known.file.prefix.is_empty() && known.cleaned(text).starts_with(&known.file.prefix));
        match meant {
            Some(known) => self.look(&known.file.key, text),
            None => Some(Verdict {
                identifier: family.to_owned(),
                valid: false,
                text: text.trim().chars().take(LONGEST).collect(),
                wrong: Some("it must begin with the letters of its country".into()),
                likely: Vec::new(),
                checked: "full".into(),
            }),
        }
    }
}

impl Known {
    /// The number as it is kept, and what is wrong with it.
    fn judge(&self, lists: &Lists, text: &str) -> (String, Option<String>) {
        let text = self.cleaned(text);
        if text.is_empty() {
            return (text, Some("it is empty".into()));
        }
        let Some((whole, shape)) = self.matched(&text) else {
            let like =
                if self.file.shown.is_empty() { String::new() } else { format!(": write it as {}", self.file.shown) };
            let says = format!("it does not look like one{like}");
            return (text, Some(says));
        };
        let body = whole.strip_prefix(self.file.prefix.as_str()).unwrap_or(&whole);
        // Of checks in one group one must hold, of the others all.
        let mut groups: BTreeMap<&str, Vec<Option<String>>> = BTreeMap::new();
        for check in self.file.check.iter().filter(|check| check.is_for(&self.file.shapes, shape)) {
            let wrong = check.fault(lists, &whole, body);
            match &check.any {
                Some(group) => groups.entry(group).or_default().push(wrong),
                None if wrong.is_some() => return (whole, wrong),
                None => {}
            }
        }
        let wrong =
            groups.into_values().find(|all| all.iter().all(Option::is_some)).and_then(|mut all| all.swap_remove(0));
        (whole, wrong)
    }

    fn cleaned(&self, text: &str) -> String {
        let upper: String =
            text.trim().chars().filter(|c| !self.file.clean.contains(*c)).flat_map(char::to_uppercase).collect();
        let prefix = self.file.prefix.as_str();
        let also = self
            .file
            .prefix_also
            .iter()
            .filter(|_| !upper.starts_with(prefix))
            .find_map(|also| upper.strip_prefix(also.as_str()));
        let text = also.map_or_else(|| upper.clone(), |rest| format!("{prefix}{rest}"));
        match (self.file.prefix_is, text.strip_prefix(prefix)) {
            (Prefix::Drop, Some(rest)) => rest.to_owned(),
            _ => text,
        }
    }

    /// The number with its prefix, and which shape it has.
    fn matched(&self, text: &str) -> Option<(String, usize)> {
        let with = (self.file.prefix_is == Prefix::Optional).then(|| format!("{}{text}", self.file.prefix));
        std::iter::once(text.to_owned())
            .chain(with)
            .find_map(|text| Some((self.shapes.iter().position(|shape| shape.is_match(&text))?, text)))
            .map(|(shape, text)| (text, shape))
    }
}

/// A shape as a regular expression. Where it begins with the prefix, those characters stand for themselves.
fn pattern(shape: &str, prefix: &str) -> String {
    let (head, rest) = shape.strip_prefix(prefix).map_or(("", shape), |rest| (prefix, rest));
    let mut out = format!("^{}", regex_lite::escape(head));
    let mut signs = rest.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '#' => out.push_str("[0-9]"),
            'A' => out.push_str("[A-Z]"),
            '*' => out.push_str("[0-9A-Z]"),
            '[' | '{' => {
                out.push(sign);
                let end = if sign == '[' { ']' } else { '}' };
                for inner in signs.by_ref() {
                    out.push(inner);
                    if inner == end {
                        break;
                    }
                }
            }
            other => out.push_str(&regex_lite::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    out.push('$');
    out
}
