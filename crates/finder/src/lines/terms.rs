//! The words of official texts: terms with numbers, what a line names and what it leaves out.

use crate::text::{Language, Stems, is_lack, is_purpose, is_stop, words};
use std::collections::{BTreeSet, HashMap};

/// Most different terms of one text.
const MOST_TERMS: usize = 400;

/// Words of official texts that name no goods: measures, references, and the words between.
const NAMELESS: &[&str] = &[
    "valued",
    "value",
    "weighing",
    "weight",
    "weighs",
    "exceeding",
    "exceed",
    "over",
    "more",
    "less",
    "than",
    "least",
    "each",
    "per",
    "containing",
    "thickness",
    "width",
    "length",
    "diameter",
    "measuring",
    "greater",
    "under",
    "between",
    "capacity",
    "percent",
    "but",
    "having",
    "imported",
    "provided",
    "described",
    "whether",
    "heading",
    "headings",
    "subheading",
    "subheadings",
    "note",
    "notes",
    "chapter",
    "chapters",
    "additional",
    "statistical",
    "nesoi",
    "nesi",
    "elsewhere",
    "specified",
    "included",
    "such",
    "only",
    "other",
    "others",
    "not",
    "cm",
    "mm",
    "kg",
    "cc",
    "km",
    "ml",
    "for",
    "use",
    "used",
    "be",
    "which",
    "their",
    "any",
    "all",
    "if",
    "entered",
    "pursuant",
    "provisions",
    "general",
    "valor",
    "peso",
    "superior",
    "inferior",
    "igual",
    "mas",
    "menos",
    "pero",
    "espesor",
    "anchura",
    "longitud",
    "demas",
    "otros",
    "otras",
    "no",
    "expresados",
    "expresadas",
    "comprendidos",
    "comprendidas",
    "parte",
    "valeur",
    "poids",
    "excedant",
    "plus",
    "moins",
    "superieur",
    "superieure",
    "inferieur",
    "inferieure",
    "egal",
    "egale",
    "pas",
    "mais",
    "dont",
    "ayant",
    "epaisseur",
    "largeur",
    "longueur",
    "autres",
    "autre",
    "non",
    "denommes",
    "denommees",
    "compris",
    "comprises",
    "ailleurs",
    "n",
    "ne",
];

/// What a text names, and what it says that its goods are not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// Numbers of terms, sorted.
    pub(super) with: Vec<u32>,
    /// Those after "not", "except", "other than".
    pub(super) without: Vec<u32>,
    /// Whether it takes what its neighbours do not name.
    pub(super) rest: bool,
}

/// A word of a question.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    /// As it was written.
    pub(super) written: String,
    /// Terms that it may be.
    pub(super) terms: Vec<u32>,
    /// How much it says, from its rarity and its place.
    pub(super) says: f32,
}

/// All terms, and how many texts hold each.
#[derive(Debug, Default)]
pub(super) struct Terms {
    numbers: HashMap<String, u32>,
    held: Vec<u32>,
    texts: u32,
    languages: BTreeSet<Language>,
    stems: Stems,
    /// Numbers of words that were stemmed before.
    seen: HashMap<(Language, String), Option<u32>>,
}

impl Terms {
    /// Reads an official text and counts its terms. Punctuation ends what a "not" takes out.
    pub(super) fn read(&mut self, language: Language, text: &str) -> Named {
        self.languages.insert(language);
        self.texts = self.texts.saturating_add(1);
        let mut named = Named::default();
        for (number, clause) in text.split([',', ';', ':', '(', ')', '\n', '\r', '>']).enumerate() {
            let mut without = false;
            let mut before = String::new();
            for (at, word) in words(clause).into_iter().enumerate() {
                let folded = word.folded;
                named.rest |= number == 0 && at <= 1 && is_rest(&folded);
                named.rest |= folded == "nesoi" || folded == "nesi";
                if is_not(&folded) && !matches!(before.as_str(), "or" | "ou" | "o")
                    || folded == "than" && before == "other"
                {
                    without = true;
                } else if let Some(term) = self.number(language, &folded)
                    && named.with.len() + named.without.len() < MOST_TERMS
                {
                    if without { &mut named.without } else { &mut named.with }.push(term);
                }
                before = folded;
            }
        }
        for all in [&mut named.with, &mut named.without] {
            all.sort_unstable();
            all.dedup();
        }
        for term in &named.with {
            self.held[*term as usize] += 1;
        }
        named
    }

    /// The number of a word's term, given where it is new; none for words that name nothing.
    fn number(&mut self, language: Language, folded: &str) -> Option<u32> {
        let key = (language, folded.to_owned());
        if let Some(known) = self.seen.get(&key) {
            return *known;
        }
        let number = names_something(folded).then(|| {
            let next = self.numbers.len() as u32;
            *self.numbers.entry(self.stems.stem(language, folded)).or_insert(next)
        });
        if number.is_some_and(|number| number as usize == self.held.len()) {
            self.held.push(0);
        }
        self.seen.insert(key, number);
        number
    }

    /// The texts are read: what helped to read them goes.
    pub(super) fn done(&mut self) {
        self.seen = HashMap::new();
    }

    /// How much a term says: the rarer the more.
    pub(super) fn says(&self, term: u32) -> f32 {
        let held = self.held.get(term as usize).copied().unwrap_or_default();
        (1.0 + self.texts as f32 / (1.0 + held as f32)).ln()
    }

    /// The words of a question. What follows "for" says less, what follows "without" nothing. Words in a language that the texts are not in are
    /// tried in all of theirs: many words of trade are much the same.
    pub(super) fn asked(&self, language: Language, text: &str, counts: f32) -> Vec<Word> {
        let tried: Vec<Language> = if self.languages.contains(&language) {
            vec![language]
        } else {
            self.languages.iter().copied().chain([language]).collect()
        };
        let unknown = self.says(u32::MAX);
        let mut out: Vec<Word> = Vec::new();
        let (mut place, mut lacking) = (1.0f32, false);
        for word in words(text) {
            let folded = &word.folded;
            if is_lack(folded) {
                lacking = true;
                continue;
            }
            if is_purpose(folded) && !out.is_empty() {
                place = 0.5;
            }
            if !names_something(folded) || out.iter().any(|one| one.written == word.written) {
                continue;
            }
            if std::mem::take(&mut lacking) {
                continue;
            }
            let mut terms: Vec<u32> = Vec::new();
            for tried in &tried {
                terms.extend(self.numbers.get(&self.stems.stem(*tried, folded)));
            }
            terms.sort_unstable();
            terms.dedup();
            let rare = terms
                .iter()
                .map(|term| self.says(*term))
                .fold(None, |a: Option<f32>, b| Some(a.map_or(b, |a| a.max(b))));
            out.push(Word { written: word.written, terms, says: counts * place * rare.unwrap_or(unknown) });
        }
        out
    }
}

fn names_something(folded: &str) -> bool {
    folded.chars().count() > 1
        && !folded.starts_with(|c: char| c.is_ascii_digit())
        && !is_stop(folded)
        && !NAMELESS.contains(&folded)
}

fn is_rest(folded: &str) -> bool {
    matches!(folded, "other" | "others" | "autres" | "autre" | "demas" | "otros" | "otras")
}

fn is_not(folded: &str) -> bool {
    matches!(
        folded,
        "not"
            | "except"
            | "excluding"
            | "without"
            | "sans"
            | "sauf"
            | "exception"
            | "exclusion"
            | "excepte"
            | "sin"
            | "excepto"
            | "salvo"
            | "excluidos"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_and_what_is_not() {
        let mut terms = Terms::default();
        let mut of = |text: &str| terms.read(Language::En, text);
        let cotton = of("cotton").with;
        assert_eq!(of("Of cotton").with, cotton);
        assert_eq!(of("Other than of cotton").without, cotton);
        assert_eq!(of("Knitted, not of cotton").without, cotton);
        // "Whether or not" takes nothing out, and punctuation ends what "not" does.
        assert_eq!(of("whether or not of cotton").with, cotton);
        assert_eq!(of("not dyed, of cotton").with, cotton);
        // Measures name nothing.
        assert_eq!(of("Valued over $3 each, weighing not more than 1 kg"), Named::default());
        assert!(of("Other").rest && of("Other cotton goods").rest && !of("Of cotton").rest);
    }

    #[test]
    fn rare_words_say_more() {
        let mut terms = Terms::default();
        for text in ["leather bag", "leather belt", "leather saddle"] {
            terms.read(Language::En, text);
        }
        let asked = terms.asked(Language::En, "saddles of leather, without bells, for horses", 1.0);
        let says = |written: &str| asked.iter().find(|word| word.written == written).map(|word| word.says);
        // Three texts: ln(1 + 3/2) for one that holds it, ln(1 + 3/4) for three, ln(1 + 3) for none; half of it after "for".
        let close = |a: Option<f32>, b: f32| a.is_some_and(|a| (a - b.ln()).abs() < 1e-6);
        assert!(close(says("saddles"), 2.5) && close(says("leather"), 1.75), "{asked:?}");
        assert!(close(says("horses"), 2.0), "half of ln 4 is ln 2: {asked:?}");
        assert_eq!(says("bells"), None, "what the goods lack says nothing");
    }
}
