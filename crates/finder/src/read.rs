//! A text as terms: which words are known, what each may be, and which of them leads.

use crate::Finder;
use crate::index::{Kind, Phrase};
use crate::query::Query;
use crate::text::{Language, fold, is_lack, is_noise, is_packing, is_purpose, is_stop, leading, stop_language, words};

/// How much a word of packing counts beside what is in it.
const PACKED_IN: f32 = 0.1;
/// How much a word counts that says what the thing lacks.
const LACKED: f32 = 0.1;

/// A word of the question.
pub(crate) struct Asked {
    /// Terms that it may be, with how surely.
    pub(crate) terms: Vec<(u32, f32)>,
    /// How much it counts.
    pub(crate) counts: f32,
    /// A size, a colour, a number; a word that fits any goods.
    pub(crate) noise: bool,
    /// The word that says what the thing is.
    pub(crate) head: bool,
}

impl Finder {
    /// Whether no word of a text is known, nor one near it: the letters alone tell nothing that could be given as a reason.
    pub(crate) fn knows_nothing(&self, query: &Query<'_>) -> bool {
        !query.anyway && query.answers.is_empty() && self.read(query.text).0.iter().all(|asked| asked.terms.is_empty())
    }

    /// Whether a text of one word is a name as it stands.
    pub(crate) fn is_name(&self, text: &str) -> bool {
        let Ok([word]) = <[_; 1]>::try_from(words(text)) else { return false };
        let held = self.terms(&word.folded).into_iter().flat_map(|(term, _)| self.index.holding(term));
        held.map(|at| &self.index.phrases[*at as usize]).any(|p| p.kind == Kind::Name && fold(&p.text) == word.folded)
    }

    /// Whether a word alone is a name of goods that are sold in jars, bottles and tins.
    pub(crate) fn is_packed(&self, asked: &Asked) -> bool {
        const CHAPTERS: [u32; 15] = [4, 7, 8, 9, 15, 16, 17, 18, 19, 20, 21, 22, 30, 33, 34];
        asked.terms.iter().flat_map(|(term, _)| self.index.holding(*term)).any(|at| {
            let phrase = &self.index.phrases[*at as usize];
            let first = phrase.to.first().map(|(row, _)| self.index.codes[usize::from(*row)].digits / 10_000);
            phrase.kind == Kind::Name
                && phrase.terms.len() == 1
                && first.is_some_and(|chapter| CHAPTERS.contains(&chapter))
        })
    }

    /// Whether a text is, word for word, a name of several words.
    pub(crate) fn names(&self, text: &str) -> bool {
        self.names_of(&self.read(text).0)
    }

    pub(crate) fn names_of(&self, asked: &[Asked]) -> bool {
        let [first, rest @ ..] = asked else { return false };
        let holds = |phrase: &Phrase, asked: &Asked| asked.terms.iter().any(|(term, _)| phrase.terms.contains(term));
        !rest.is_empty()
            && first.terms.iter().flat_map(|(term, _)| self.index.holding(*term)).any(|at| {
                let phrase = &self.index.phrases[*at as usize];
                phrase.kind == Kind::Name && phrase.terms.len() == asked.len() && asked.iter().all(|a| holds(phrase, a))
            })
    }

    pub(crate) fn saying(&self, asked: &Asked) -> f32 {
        // A word that nobody wrote down says as much as a rare one.
        asked
            .terms
            .iter()
            .map(|(term, _)| self.says[*term as usize])
            .fold(None, |best: Option<f32>, says| Some(best.map_or(says, |b| b.max(says))))
            .unwrap_or(6.0)
    }

    /// The words of a text as terms, those that nothing is known of, and its language.
    pub(crate) fn read(&self, text: &str) -> (Vec<Asked>, Vec<String>, Language) {
        let all: Vec<_> = words(text).into_iter().collect();
        let (mut asked, mut unknown, mut spoken) = (Vec::<Asked>::new(), Vec::new(), [0f32; 3]);
        let mut counts = 1.0f32;
        let mut places: Vec<(String, usize)> = Vec::new();
        let mut lacking = false;
        let mut at = 0;
        while at < all.len() {
            let folded = &all[at].folded;
            let joined = all.get(at + 1).map(|next| format!("{folded}{}", next.folded));
            at += 1;
            if is_purpose(folded) && !asked.is_empty() {
                if let Some(language) = stop_language(folded) {
                    spoken[language as usize] += 0.5;
                }
                counts = self.weights_of.purpose;
                continue;
            }
            // "Gluten-free pasta" lacks what stands before, "free of sugar" what follows.
            let follows = all.get(at).is_some_and(|next| matches!(next.folded.as_str(), "of" | "from"));
            if folded == "free" && !follows {
                if let Some(before) = asked.last_mut() {
                    before.counts = LACKED;
                }
                continue;
            }
            if is_lack(folded) {
                lacking = true;
                continue;
            }
            if is_stop(folded) {
                if let Some(language) = stop_language(folded) {
                    spoken[language as usize] += 0.5;
                }
                continue;
            }
            let mut terms = self.terms(folded);
            // "t shirt", "hand bag": one word elsewhere.
            if let Some(joined) = joined.filter(|j| j.len() > 4) {
                let together = self.terms(&joined);
                if !together.is_empty() && (terms.is_empty() || folded.len() <= 2) {
                    terms = together;
                    at += 1;
                }
            }
            let noise = is_noise(folded);
            let general = self.index.general.binary_search_by(|general| general.as_str().cmp(folded)).is_ok();
            if terms.is_empty() && !noise {
                terms = self.parted(folded);
            }
            if terms.is_empty() && !noise && folded.chars().count() >= 4 {
                terms = self.near(folded);
            }
            if terms.is_empty() {
                if !noise {
                    unknown.push(folded.clone());
                    asked.push(Asked { terms, counts: counts * 0.3, noise, head: false });
                }
                continue;
            }
            // "Veste" as it is written is French; its stem is that of the English vest as well.
            let of_terms = || terms.iter().fold(0, |bits, (term, _)| bits | self.index.spoken[*term as usize]);
            let bits = self.index.form(folded).unwrap_or_else(of_terms);
            for language in Language::ALL.into_iter().filter(|language| bits >> *language as u8 & 1 == 1) {
                spoken[language as usize] += 1.0 / bits.count_ones() as f32;
            }
            let counted = if std::mem::take(&mut lacking) {
                LACKED
            } else if noise {
                0.35
            } else {
                counts
            };
            places.push((folded.clone(), asked.len()));
            asked.push(Asked { terms, counts: counted, noise: noise || general, head: false });
        }
        // Where two languages are as likely, the first of them.
        let language =
            Language::ALL.into_iter().rev().max_by(|a, b| spoken[*a as usize].total_cmp(&spoken[*b as usize]));
        let language = language.unwrap_or(Language::En);
        // "Jar of honey": the honey, where a name of food, drink or care stands beside it alone.
        let packed = places.iter().any(|(word, at)| {
            !is_packing(word)
                && !matches!(word.as_str(), "water" | "eau" | "agua")
                && asked[*at].counts > 0.5
                && self.is_packed(&asked[*at])
        });
        let empty = all
            .iter()
            .any(|word| matches!(word.folded.as_str(), "empty" | "vide" | "vides" | "vacio" | "vacia" | "vacios"));
        if packed && !empty && !self.names_of(&asked) {
            for (_, at) in places.iter().filter(|(word, _)| is_packing(word)) {
                asked[*at].counts *= PACKED_IN;
            }
        }
        // "Hoodie unisex": a word that fits any goods leads nowhere.
        let mut leading = leading(text);
        leading.retain(|lead| places.iter().any(|(word, at)| word == lead && !asked[*at].noise));
        let head = if language == Language::En { leading.last() } else { leading.first() };
        if let Some((_, at)) = places.iter().find(|(word, _)| head == Some(word)) {
            asked[*at].counts *= self.weights_of.head;
            asked[*at].head = true;
        }
        (asked, unknown, language)
    }

    /// The terms that a word is, in any language.
    pub(crate) fn terms(&self, folded: &str) -> Vec<(u32, f32)> {
        let mut out: Vec<(u32, f32)> = Vec::new();
        for language in Language::ALL {
            if let Some(term) = self.index.term(&self.stems.stem(language, folded))
                && self.index.spoken[term as usize] >> language as u8 & 1 == 1
                && !out.iter().any(|(other, _)| *other == term)
            {
                out.push((term, 1.0));
            }
        }
        out
    }

    /// A word made of two: "phonecase".
    pub(crate) fn parted(&self, folded: &str) -> Vec<(u32, f32)> {
        let mut out = Vec::new();
        for (at, _) in folded.char_indices().skip(3) {
            if folded.len() - at < 3 {
                break;
            }
            let left = self.terms(&folded[..at]);
            let right = if left.is_empty() { Vec::new() } else { self.terms(&folded[at..]) };
            if !right.is_empty() {
                out.extend(right.into_iter().map(|(term, _)| (term, 0.8)));
                out.extend(left.into_iter().map(|(term, _)| (term, 0.7)));
                break;
            }
        }
        out
    }
}
