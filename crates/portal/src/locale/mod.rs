//! Languages: words, numbers, money and dates as each writes them.
//!
//! A language is a folder of Fluent files in `words/` and a row in [`LANGUAGES`]. `build.rs` refuses a language that lacks a
//! message or has other variables than English. What comes from the data (names of rules, statements of law) is in English;
//! [`Lang::foreign`] marks it so, for the reader and for screen readers.

mod number;
mod said;
mod typography;

pub(crate) use number::{Money, day, decimal, percent};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use maud::{Markup, html};
use std::sync::LazyLock;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// A message by its name, with the names of its variables.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    name: &'static str,
    variables: &'static [&'static str],
}

/// A language of the pages.
#[derive(Debug)]
pub(crate) struct Language {
    /// BCP 47 tag, as in addresses.
    pub(crate) tag: &'static str,
    /// What it calls itself.
    pub(crate) name: &'static str,
    /// `ltr` or `rtl`.
    pub(crate) direction: &'static str,
    /// The language of goods names and questions of the finder.
    pub(crate) finder: tidewaiter_finder::Language,
}

/// The languages, the first for those whose own is not among them.
pub(crate) static LANGUAGES: [Language; 3] = [
    Language { tag: "en", name: "English", direction: "ltr", finder: tidewaiter_finder::Language::En },
    Language { tag: "fr", name: "Français", direction: "ltr", finder: tidewaiter_finder::Language::Fr },
    Language { tag: "es", name: "Español", direction: "ltr", finder: tidewaiter_finder::Language::Es },
];

static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> = LazyLock::new(|| {
    let of = |language: &Language| {
        let tag = language.tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Marks of direction around each variable are for texts of mixed direction; they would show in plain text.
        bundle.set_use_isolating(language.direction == "rtl");
        let files = FILES.iter().find(|(tag, _)| *tag == language.tag).map_or(&[][..], |(_, files)| files);
        for file in files {
            // build.rs has read each of them.
            if let Ok(resource) = FluentResource::try_new(typography::set(language.tag, file).into_owned()) {
                let _ = bundle.add_resource(resource);
            }
        }
        bundle
    };
    LANGUAGES.iter().map(of).collect()
});

/// A language, by its place in [`LANGUAGES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Lang(u8);

impl Default for Lang {
    fn default() -> Self {
        Self::FIRST
    }
}

impl Lang {
    /// English.
    pub(crate) const FIRST: Self = Self(0);

    /// All of them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0u8..).take(LANGUAGES.len()).map(Self)
    }

    /// The language of a tag in an address.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        Self::all().find(|lang| lang.tag() == tag)
    }

    /// The language that a browser asks for, by RFC 9110's `Accept-Language`; the first where it asks for none of ours.
    pub(crate) fn accepted(header: &str) -> Self {
        let mut best = (Self::FIRST, 0u16);
        for part in header.split(',').take(32) {
            let mut pieces = part.split(';');
            let range = pieces.next().unwrap_or_default().trim();
            let weight = pieces.find_map(|p| p.trim().strip_prefix("q=")).map_or(1000, thousandths);
            let primary = range.split('-').next().unwrap_or_default().to_ascii_lowercase();
            if let Some(lang) = Self::of_tag(&primary)
                && weight > best.1
            {
                best = (lang, weight);
            }
        }
        best.0
    }

    /// Its row.
    pub(crate) fn language(self) -> &'static Language {
        &LANGUAGES[usize::from(self.0)]
    }

    /// Its BCP 47 tag.
    pub(crate) fn tag(self) -> &'static str {
        self.language().tag
    }

    /// Of the finder.
    pub(crate) fn finder(self) -> tidewaiter_finder::Language {
        self.language().finder
    }

    /// A message with its variables. Use [`crate::say!`].
    pub(crate) fn say(self, key: &Key, values: &[(&'static str, FluentValue<'_>)]) -> String {
        debug_assert!(
            key.variables.len() == values.len() && values.iter().all(|(name, _)| key.variables.contains(name)),
            "{} takes {:?}",
            key.name,
            key.variables
        );
        self.format(key.name, values).unwrap_or_else(|| key.name.to_owned())
    }

    /// A message that is looked up by a key of the data, such as `kind-vat`; none where it is not written.
    pub(crate) fn find(self, name: &str) -> Option<String> {
        self.format(name, &[])
    }

    /// The word of a key that the data knows, such as `kind` and `vat`. The key itself where there is none: a test looks for those.
    pub(crate) fn word(self, group: &str, key: &str) -> String {
        self.find(&format!("{group}-{key}")).unwrap_or_else(|| key.to_owned())
    }

    fn format(self, name: &str, values: &[(&'static str, FluentValue<'_>)]) -> Option<String> {
        self.formatted(name, values).map(|(text, _)| text)
    }

    /// The same; none where the message asks for a value that is not among these.
    fn format_whole(self, name: &str, values: &[(&'static str, FluentValue<'_>)]) -> Option<String> {
        self.formatted(name, values).filter(|(_, whole)| *whole).map(|(text, _)| text)
    }

    fn formatted(self, name: &str, values: &[(&'static str, FluentValue<'_>)]) -> Option<(String, bool)> {
        let bundle = BUNDLES.get(usize::from(self.0))?;
        let pattern = bundle.get_message(name)?.value()?;
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(*name, value.clone());
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        Some((text, errors.is_empty()))
    }

    /// A territory's name; the English one of the data where no other is written.
    pub(crate) fn territory(self, code: &str, english: &str) -> String {
        if self == Self::FIRST {
            english.to_owned()
        } else {
            self.find(&format!("territory-{code}")).unwrap_or_else(|| english.to_owned())
        }
    }

    /// Text of the data, which is in English: in the language of the page where it is one that recurs, else marked as English.
    pub(crate) fn foreign(self, text: &str) -> Markup {
        match self.name(text) {
            Some(name) => html! { (name) },
            None => html! { span lang="en" dir="ltr" { (text) } },
        }
    }
}

/// `0.8` as 800; what cannot be read counts as nothing.
fn thousandths(weight: &str) -> u16 {
    let weight = weight.trim();
    let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    match (whole, digits.parse::<u16>()) {
        ("1", _) => 1000,
        ("0", Ok(part)) => part,
        _ => 0,
    }
}

/// A message in a language: `say!(lang, MARKETS_TITLE)`, `say!(lang, QUOTE_LANDED, sum = text)`.
#[macro_export]
#[doc(hidden)]
macro_rules! say {
    ($lang:expr, $key:ident) => { $lang.say(&$crate::locale::key::$key, &[]) };
    ($lang:expr, $key:ident, $($name:ident = $value:expr),+ $(,)?) => {
        $lang.say(&$crate::locale::key::$key, &[$((stringify!($name), ::fluent_bundle::FluentValue::from($value))),+])
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_the_browser_prefers() {
        assert_eq!(Lang::accepted("fr-CA, en;q=0.8").tag(), "fr");
        assert_eq!(Lang::accepted("de, es;q=0.5, fr;q=0.4").tag(), "es");
        assert_eq!(Lang::accepted("de").tag(), "en");
        assert_eq!(Lang::accepted("fr;q=0, en;q=0.1").tag(), "en");
        assert_eq!(Lang::accepted(";;q=,,=").tag(), "en");
    }

    #[test]
    fn every_folder_of_words_is_a_language() {
        let tags: Vec<&str> = LANGUAGES.iter().map(|l| l.tag).collect();
        let mut folders: Vec<&str> = FILES.iter().map(|(tag, _)| *tag).collect();
        folders.sort_by_key(|tag| tags.iter().position(|t| t == tag));
        assert_eq!(tags, folders);
    }
}
