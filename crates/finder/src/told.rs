//! What is told of goods beyond their words: the answers that were given, and the facts that the words hold, in every language.

use crate::index::terms_of;
use crate::text::Language;
use crate::{Finder, Query};
use std::collections::BTreeSet;

/// Longest answer that names a fact; a sentence does not.
const MOST_TERMS: usize = 2;

impl Finder {
    /// The language that most words of a text are of; English where it has none.
    ///
    /// ```
    /// use tidewaiter_finder::{Finder, Language};
    /// assert_eq!(Finder::embedded().language("chaussures en cuir"), Language::Fr);
    /// assert_eq!(Finder::embedded().language(""), Language::En);
    /// ```
    pub fn language(&self, text: &str) -> Language {
        self.read(text).2
    }

    /// The facts that a query's words hold, and its answers, as words by language: "merino" is also "wool", "laine" and "lana". For
    /// national lines that are in another language than the text.
    ///
    /// ```
    /// use tidewaiter_finder::{Finder, Language, Query};
    /// let told = Finder::embedded().facts_told(&Query::new("chemise en coton"), Language::Fr);
    /// assert!(told.contains(&(Language::En, "cotton".to_owned())));
    /// ```
    pub fn facts_told(&self, query: &Query<'_>, language: Language) -> Vec<(Language, String)> {
        let index = self.index();
        let terms = terms_of(&self.stems, language, query.text);
        let numbers: Vec<u32> = terms.iter().filter_map(|term| index.term(term)).collect();
        let held = numbers.iter().filter_map(|term| self.facts.get(term)).flatten().copied();
        let given = query.answers.iter().filter_map(|(question, answer)| {
            let at = index.questions.iter().position(|one| one.key == *question)?;
            let answer = index.questions[at].answers.iter().position(|(key, _)| key == answer)?;
            Some((at as u16, answer as u8))
        });
        let mut out = BTreeSet::new();
        for (question, answer) in held.chain(given) {
            let answers = index.questions.get(usize::from(question)).map(|one| &one.answers);
            let Some((_, said)) = answers.and_then(|all| all.get(usize::from(answer))) else { continue };
            for (language, text) in Language::ALL.into_iter().zip(said) {
                for part in text.iter().flat_map(|text| text.split([',', ';', '(', ')', ':'])) {
                    let terms = terms_of(&self.stems, language, part);
                    if !terms.is_empty() && terms.len() <= MOST_TERMS {
                        out.insert((language, part.trim().to_owned()));
                    }
                }
            }
        }
        out.into_iter().collect()
    }
}
