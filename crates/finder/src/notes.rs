//! Which legal notes concern an answer: those of the subheading, then of the heading, then of the chapter.

use crate::index::Note;
use crate::text::Language;
use crate::{Candidate, Finder};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

pub use crate::words::NoteKind;

/// Most notes beside a code: more are not read.
pub const MOST_NOTES: usize = 4;
/// Notes on a whole chapter that have nothing to do with the question are told up to so many notes in all.
const FILLED_TO: usize = 2;

/// A legal note, in the language of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "LegalNote")]
pub struct Noted {
    /// What it says, in a sentence of our own.
    pub says: String,
    /// What it says of goods.
    #[schemars(with = "String")]
    pub kind: NoteKind,
    /// Where goods belong that it puts elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// Where it stands in the law of the Harmonized System 2022.
    pub law: String,
}

impl Noted {
    fn of(note: &Note, language: Language) -> Self {
        let says = note.says[language as usize].as_ref().or(note.says[0].as_ref()).cloned().unwrap_or_default();
        Self { says, kind: note.kind, to: note.to.clone(), law: law_in(&note.law, language) }
    }
}

/// Where a note stands, in a language: "Chapter 61, note 2(a)".
fn law_in(law: &str, language: Language) -> String {
    // Longer words first: "subheading note" holds "heading" and "note".
    const WORDS: [(&str, &str, &str); 8] = [
        ("Subheading notes", "Notes de sous-positions", "Notas de subpartida"),
        ("subheading note", "note de sous-position", "nota de subpartida"),
        ("Heading text", "Texte de la position", "Texto de la partida"),
        ("General rule", "Règle générale", "Regla general"),
        ("Chapter", "Chapitre", "Capítulo"),
        ("Section", "Section", "Sección"),
        ("notes", "notes", "notas"),
        ("note", "note", "nota"),
    ];
    let mut law = law.to_owned();
    for (english, french, spanish) in WORDS {
        match language {
            Language::En => {}
            Language::Fr => law = law.replace(english, french),
            // What was put in Spanish already holds "nota".
            Language::Es if english == "note" => law = law.replace("note ", "nota "),
            Language::Es => law = law.replace(english, spanish),
        }
    }
    law
}

impl Finder {
    /// The notes of a chapter, which begins a code.
    fn of_chapter(&self, code: &str) -> &[Note] {
        let chapter = code.get(..2).and_then(|two| two.parse().ok());
        chapter.and_then(|chapter: u8| self.index().notes.get(&chapter)).map_or(&[], Vec::as_slice)
    }

    /// Notes on a chapter, heading or subheading: its own, those above it and those below it, the narrowest that hold for all of it
    /// first.
    pub(crate) fn notes_of(&self, code: &str, language: Language) -> Vec<Noted> {
        let near = |note: &Note| note.of.iter().any(|of| of.starts_with(code) || code.starts_with(of.as_str()));
        let mut all: Vec<&Note> = self.of_chapter(code).iter().filter(|note| near(note)).collect();
        let above = |note: &&Note| note.of.iter().filter(|of| code.starts_with(of.as_str())).map(String::len).max();
        all.sort_by_key(|note| std::cmp::Reverse(above(note)));
        all.into_iter().map(|note| Noted::of(note, language)).collect()
    }

    /// Puts notes beside the codes of an answer to a text of these terms.
    pub(crate) fn add_notes(&self, codes: &mut [Candidate], terms: &[u32], language: Language) {
        let answered: BTreeSet<String> = codes.iter().take(10).map(|one| one.code.clone()).collect();
        for one in codes {
            let others = answered.iter().filter(|code| **code != one.code);
            let others: Vec<&str> = others.map(String::as_str).collect();
            let mut found: Vec<(usize, bool, &Note)> = Vec::new();
            for note in self.of_chapter(&one.code) {
                let above = note.of.iter().filter(|of| one.code.starts_with(of.as_str()));
                let Some(digits) = above.map(String::len).max() else { continue };
                let named = terms.iter().any(|term| note.terms.binary_search(term).is_ok());
                let leads = note.to.iter().any(|to| others.iter().any(|code| code.starts_with(to.as_str())));
                found.push((6 - digits.min(6), !(named || leads), note));
            }
            found.sort_by_key(|(above, foreign, _)| (*above, *foreign));
            for (above, foreign, note) in found {
                let most = if above == 4 && foreign { FILLED_TO } else { MOST_NOTES };
                if one.notes.len() < most {
                    one.notes.push(Noted::of(note, language));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::law_in;
    use crate::text::Language;

    #[test]
    fn the_place_in_the_law_is_told_in_the_language() {
        assert_eq!(law_in("Chapter 61, note 2(a)", Language::Fr), "Chapitre 61, note 2(a)");
        assert_eq!(law_in("Chapter 61, note 2(a)", Language::Es), "Capítulo 61, nota 2(a)");
        assert_eq!(law_in("Section XI, notes 8 and 9", Language::Es), "Sección XI, notas 8 and 9");
        assert_eq!(law_in("Chapter 39, subheading note 1", Language::Es), "Capítulo 39, nota de subpartida 1");
        assert_eq!(law_in("General rule 3(b)", Language::En), "General rule 3(b)");
    }
}
