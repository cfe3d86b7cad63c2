//! The words as tables: terms, what they stand in, and where that leads.

use crate::text::{Language, Stems, fold, is_noise, is_stop, words};
use crate::words::{Chapter, Entry, NoteKind, Notes, Sections, Vaguely};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a text of the words is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// What people call a thing.
    Name,
    /// The title of a subheading.
    Code,
    /// The title of a heading.
    Heading,
    /// The title of a chapter.
    Chapter,
}

/// A text of the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// What it is.
    pub kind: Kind,
    /// In which language.
    pub language: Language,
    /// As it is written.
    pub text: String,
    /// Its terms, sorted.
    pub terms: Vec<u32>,
    /// Rows of the codes where it leads, each with its place among the codes that were written, the likeliest 0: those of a heading
    /// that was written share a place.
    pub to: Vec<(u16, u8)>,
}

/// A subheading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Its six digits.
    pub digits: u32,
    /// Its titles by language.
    pub titles: [Option<String>; 3],
    /// Facts that make goods fall here: number of the question, numbers of the answers.
    pub when: Vec<(u16, Vec<u8>)>,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// Its four digits.
    pub digits: u16,
    /// Its titles by language.
    pub titles: [Option<String>; 3],
    /// Often taken for it: what, by language, and where it belongs.
    pub out: Vec<([Option<String>; 3], String)>,
    /// Facts that make goods fall here, as of a code.
    pub when: Vec<(u16, Vec<u8>)>,
}

/// A question that decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its key: `made-of`, or `61.hair` where it is of one chapter.
    pub key: String,
    /// The question by language.
    pub asks: [Option<String>; 3],
    /// Its answers: key, and words by language.
    pub answers: Vec<(String, [Option<String>; 3])>,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its number, from 1.
    pub number: u8,
    /// Its first and its last chapter.
    pub chapters: (u8, u8),
    /// Its titles by language.
    pub titles: [Option<String>; 3],
}

/// A legal note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Codes that it concerns: 2, 4 or 6 digits.
    pub of: Vec<String>,
    /// What it says of goods.
    pub kind: NoteKind,
    /// The sentence by language.
    pub says: [Option<String>; 3],
    /// Codes where goods belong that it puts elsewhere.
    pub to: Vec<String>,
    /// Where it stands in the law.
    pub law: String,
    /// Its terms, sorted.
    pub terms: Vec<u32>,
}

/// Everything that is looked up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// Chapters: two digits and titles.
    pub chapters: Vec<(u8, [Option<String>; 3])>,
    /// Headings in order.
    pub headings: Vec<Heading>,
    /// Subheadings in order.
    pub codes: Vec<Code>,
    /// Questions.
    pub questions: Vec<Question>,
    /// Terms, sorted.
    pub terms: Vec<String>,
    /// In which languages each term stands: a bit a language.
    pub spoken: Vec<u8>,
    /// Texts.
    pub phrases: Vec<Phrase>,
    /// Where the phrases of each term begin in `held`; one more at the end.
    pub starts: Vec<u32>,
    /// Phrases of each term.
    pub held: Vec<u32>,
    /// Words as they are written, folded and sorted, with the languages of the texts that hold them: a bit a language.
    pub forms: Vec<(String, u8)>,
    /// Words that name no goods, folded and sorted.
    pub general: Vec<String>,
    /// Sections in order.
    pub sections: Vec<Section>,
    /// Legal notes by chapter.
    pub notes: BTreeMap<u8, Vec<Note>>,
}

/// What a text is, in which language, as written, and where it leads.
type Text = (Kind, Language, String, Vec<(u16, u8)>);

/// The terms of a text in a language, without what decides nothing.
pub(crate) fn terms_of(stems: &Stems, language: Language, text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let all = words(text);
    let says = |folded: &str| !is_stop(folded);
    let only_noise = all.iter().filter(|w| says(&w.folded)).all(|w| is_noise(&w.folded));
    for word in &all {
        if says(&word.folded) && (only_noise || !word.folded.chars().all(|c| c.is_ascii_digit())) {
            out.push(stems.stem(language, &word.folded));
        }
    }
    out
}

impl Index {
    /// Makes the tables of all chapters.
    ///
    /// # Errors
    /// What is wrong in which chapter.
    pub fn build(
        shared: &Chapter,
        vague: &BTreeMap<String, Vaguely>,
        chapters: &BTreeMap<u8, Chapter>,
    ) -> Result<Self, Vec<String>> {
        let mut index = Self::default();
        for (code, words) in vague {
            let bit = crate::text::Language::of(code).map_or(0, |language| 1 << language as u8);
            for word in words.general.iter().chain(&words.around) {
                match index.forms.iter_mut().find(|(form, _)| *form == fold(word)) {
                    Some((_, bits)) => *bits |= bit,
                    None => index.forms.push((fold(word), bit)),
                }
            }
        }
        let general: BTreeSet<String> =
            vague.values().flat_map(|v| v.general.iter().chain(&v.around)).map(|w| fold(w)).collect();
        index.general = general.into_iter().collect();
        let mut problems = Vec::new();
        let mut numbers: HashMap<String, u16> = HashMap::new();
        let own = chapters.iter().map(|(number, chapter)| (format!("{number:02}."), chapter));
        for (prefix, chapter) in std::iter::once((String::new(), shared)).chain(own) {
            for (key, question) in &chapter.question {
                let key = format!("{prefix}{key}");
                numbers.insert(key.clone(), index.questions.len() as u16);
                let said = |s: &crate::words::Said| [Some(s.en.clone()), s.fr.clone(), s.es.clone()];
                index.questions.push(Question {
                    key,
                    asks: [Some(question.en.clone()), question.fr.clone(), question.es.clone()],
                    answers: question.answers.iter().map(|(key, words)| (key.clone(), said(words))).collect(),
                });
            }
        }
        let mut rows: HashMap<u32, u16> = HashMap::new();
        for (number, chapter) in chapters {
            let titles = &chapter.chapter;
            index.chapters.push((*number, [Some(titles.en.clone()), titles.fr.clone(), titles.es.clone()]));
            for (digits, entry) in &chapter.heading {
                let Ok(digits) = digits.parse() else {
                    problems.push(format!("{number:02}: heading {digits} is no number"));
                    continue;
                };
                let out = entry.out.iter().map(|o| ([Some(o.en.clone()), o.fr.clone(), o.es.clone()], o.to.clone()));
                let when = index.when(*number, entry, &numbers, &mut problems);
                index.headings.push(Heading { digits, titles: titles_of(entry), out: out.collect(), when });
            }
            for (digits, entry) in &chapter.code {
                let Ok(digits) = digits.parse() else {
                    problems.push(format!("{number:02}: code {digits} is no number"));
                    continue;
                };
                rows.insert(digits, index.codes.len() as u16);
                let when = index.when(*number, entry, &numbers, &mut problems);
                index.codes.push(Code { digits, titles: titles_of(entry), when });
            }
        }
        let texts = index.texts(chapters, &rows, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        index.lay_out(texts);
        Ok(index)
    }

    /// Takes the titles of sections and the legal notes, once the words are laid out.
    ///
    /// # Errors
    /// What is wrong in which file.
    pub fn take(&mut self, sections: Sections, notes: BTreeMap<u8, Notes>) -> Result<(), Vec<String>> {
        let mut problems = Vec::new();
        let said = |en, fr, es| [Some(en), Some(fr), Some(es)];
        for one in sections.section {
            let titles = said(one.en, one.fr, one.es);
            self.sections.push(Section { number: one.number, chapters: one.chapters, titles });
        }
        let stems = Stems::default();
        for (chapter, file) in notes {
            for note in file.note {
                for code in note.of.iter().chain(&note.to).filter(|code| !self.has(code)) {
                    problems.push(format!("notes/{chapter:02}: {code} is no code: {}", note.en));
                }
                let own = format!("{chapter:02}");
                if note.of.is_empty() || note.of.iter().any(|code| !code.starts_with(&own)) {
                    problems.push(format!("notes/{chapter:02}: a note of another chapter: {}", note.en));
                }
                let says = said(note.en, note.fr, note.es);
                let texts = Language::ALL.into_iter().zip(&says);
                let terms = texts.flat_map(|(l, text)| terms_of(&stems, l, text.as_deref().unwrap_or_default()));
                let terms: BTreeSet<u32> = terms.filter_map(|term| self.term(&term)).collect();
                let terms = terms.into_iter().collect();
                let packed = Note { of: note.of, kind: note.kind, says, to: note.to, law: note.law, terms };
                self.notes.entry(chapter).or_default().push(packed);
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Whether there is a chapter, heading or subheading of these digits.
    pub fn has(&self, code: &str) -> bool {
        let Some(digits) = code.parse::<u32>().ok().filter(|_| code.bytes().all(|b| b.is_ascii_digit())) else {
            return false;
        };
        match code.len() {
            2 => self.chapters.iter().any(|(number, _)| u32::from(*number) == digits),
            4 => self.headings.binary_search_by_key(&digits, |heading| heading.digits.into()).is_ok(),
            6 => self.codes.binary_search_by_key(&digits, |code| code.digits).is_ok(),
            _ => false,
        }
    }

    fn when(
        &self,
        number: u8,
        entry: &Entry,
        numbers: &HashMap<String, u16>,
        problems: &mut Vec<String>,
    ) -> Vec<(u16, Vec<u8>)> {
        let mut out = Vec::new();
        for (key, answers) in &entry.when {
            let Some(&at) = numbers.get(&format!("{number:02}.{key}")).or_else(|| numbers.get(key)) else {
                problems.push(format!("{number:02}: there is no question {key}"));
                continue;
            };
            let known = &self.questions[usize::from(at)].answers;
            let mut found = Vec::new();
            for answer in answers.all() {
                match known.iter().position(|(key, _)| key == answer) {
                    Some(position) => found.push(position as u8),
                    None => problems.push(format!("{number:02}: question {key} has no answer {answer}")),
                }
            }
            out.push((at, found));
        }
        out
    }

    /// All texts with where they lead.
    fn texts(
        &self,
        chapters: &BTreeMap<u8, Chapter>,
        rows: &HashMap<u32, u16>,
        problems: &mut Vec<String>,
    ) -> Vec<Text> {
        let below = |digits: u32, places: u32, place: u8| -> Vec<(u16, u8)> {
            let (first, past) = (digits * places, (digits + 1) * places);
            let from = self.codes.partition_point(|code| code.digits < first);
            let to = self.codes.partition_point(|code| code.digits < past);
            (from as u16..to as u16).map(|row| (row, place)).collect()
        };
        let mut out = Vec::new();
        let mut add = |kind: Kind, titles: &[Option<String>; 3], to: &[(u16, u8)]| {
            for (language, title) in Language::ALL.into_iter().zip(titles) {
                if let Some(title) = title {
                    out.push((kind, language, title.clone(), to.to_vec()));
                }
            }
        };
        for (number, titles) in &self.chapters {
            add(Kind::Chapter, titles, &below(u32::from(*number), 10_000, 0));
        }
        for heading in &self.headings {
            add(Kind::Heading, &heading.titles, &below(u32::from(heading.digits), 100, 0));
        }
        for (row, code) in self.codes.iter().enumerate() {
            add(Kind::Code, &code.titles, &[(row as u16, 0)]);
        }
        for (number, chapter) in chapters {
            for name in &chapter.name {
                let mut to: Vec<(u16, u8)> = Vec::new();
                for (place, digits) in (0u8..).zip(&name.to) {
                    let found = match (digits.len(), digits.parse::<u32>()) {
                        (4, Ok(digits)) => below(digits, 100, place),
                        (6, Ok(digits)) => rows.get(&digits).map(|row| (*row, place)).into_iter().collect(),
                        _ => Vec::new(),
                    };
                    // A chapter that is not written yet has no codes.
                    let written =
                        digits.get(..2).and_then(|d| d.parse().ok()).is_some_and(|d: u8| chapters.contains_key(&d));
                    if found.is_empty() && written {
                        problems.push(format!("{number:02}: {:?} leads to {digits}, which is no code", name.en));
                    }
                    to.extend(found);
                }
                for (language, names) in Language::ALL.into_iter().zip([&name.en, &name.fr, &name.es]) {
                    out.extend(names.iter().map(|text| (Kind::Name, language, text.clone(), to.clone())));
                }
            }
        }
        out
    }

    fn lay_out(&mut self, texts: Vec<Text>) {
        let stems = Stems::default();
        let mut spoken: BTreeMap<String, u8> = BTreeMap::new();
        let mut forms: BTreeMap<String, u8> = std::mem::take(&mut self.forms).into_iter().collect();
        for (_, language, text, _) in &texts {
            words(text).into_iter().for_each(|word| *forms.entry(word.folded).or_default() |= 1 << *language as u8);
        }
        self.forms = forms.into_iter().collect();
        let termed: Vec<Vec<String>> = texts
            .iter()
            .map(|(_, language, text, _)| {
                let terms: BTreeSet<String> = terms_of(&stems, *language, text).into_iter().collect();
                terms.iter().for_each(|term| *spoken.entry(term.clone()).or_default() |= 1 << *language as u8);
                terms.into_iter().collect()
            })
            .collect();
        let numbers: HashMap<&str, u32> = spoken.keys().zip(0..).map(|(term, at)| (term.as_str(), at)).collect();
        let mut held: Vec<Vec<u32>> = vec![Vec::new(); spoken.len()];
        let mut seen = BTreeSet::new();
        for ((kind, language, text, to), terms) in texts.into_iter().zip(termed) {
            let mut terms: Vec<u32> = terms.iter().map(|term| numbers[term.as_str()]).collect();
            terms.sort_unstable();
            // The same words in two languages, leading to the same place, are one.
            if terms.is_empty() || to.is_empty() || !seen.insert((kind, terms.clone(), to.clone())) {
                continue;
            }
            terms.iter().for_each(|term| held[*term as usize].push(self.phrases.len() as u32));
            self.phrases.push(Phrase { kind, language, text, terms, to });
        }
        self.starts.push(0);
        for phrases in held {
            self.held.extend(phrases);
            self.starts.push(self.held.len() as u32);
        }
        (self.terms, self.spoken) = spoken.into_iter().unzip();
    }

    /// The phrases that hold a term.
    pub fn holding(&self, term: u32) -> &[u32] {
        let at = term as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&from), Some(&to)) => self.held.get(from as usize..to as usize).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// The languages of a folded word as it is written.
    pub fn form(&self, folded: &str) -> Option<u8> {
        let at = self.forms.binary_search_by(|(form, _)| form.as_str().cmp(folded)).ok()?;
        self.forms.get(at).map(|(_, bits)| *bits)
    }

    /// The number of a term.
    pub fn term(&self, text: &str) -> Option<u32> {
        self.terms.binary_search_by(|term| term.as_str().cmp(text)).ok().map(|at| at as u32)
    }
}

fn titles_of(entry: &Entry) -> [Option<String>; 3] {
    [Some(entry.en.clone()), entry.fr.clone(), entry.es.clone()]
}
