//! Which codes a text means, and how surely.

use crate::index::{Index, Kind, Phrase};
use crate::learn::Learned;
use crate::model::{self, Model};
use crate::narrow::{self, Asking, Given, Likely};
use crate::near::Letters;
use crate::query::{NoSuchAnswer, Query, short};
use crate::quick::Map;
use crate::text::{
    Language, Stems, fold, is_lack, is_noise, is_packing, is_purpose, is_stop, leading, stop_language, words,
};
use crate::vague::{Doubt, Vague, vague};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The tables, packed.
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/finder.zst"));
/// What the development sets and the words taught the model; packed.
static MODEL: &[u8] = include_bytes!("../words/model.zst");
/// What the development sets taught.
static LEARNED: &str = include_str!("../words/learned.txt");
/// Most bytes of the tables, unpacked.
const MOST_BYTES: usize = 64 << 20;

/// How much a word of packing counts beside what is in it.
const PACKED_IN: f32 = 0.1;
/// How much a word counts that says what the thing lacks.
const LACKED: f32 = 0.1;
/// Differences of scores tell less than they say: by so much.
const STRETCHED: f64 = 0.444;
/// What the model says at least of a code, as a logarithm.
const LEAST_SAID: f32 = -8.0;

/// How much each kind of evidence counts. Fitted by the example `tune` to the development sets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// A name of a thing.
    pub name: f32,
    /// The title of a code.
    pub code: f32,
    /// The title of a heading.
    pub heading: f32,
    /// The title of a chapter.
    pub chapter: f32,
    /// A fact of the code that the text gives, or contradicts.
    pub fact: f32,
    /// A fact of the heading.
    pub heading_fact: f32,
    /// What examples taught of a heading.
    pub learned_heading: f32,
    /// What they taught of a code.
    pub learned_code: f32,
    /// How much of a phrase must stand in the text, as a power.
    pub covered: f32,
    /// What follows "for".
    pub purpose: f32,
    /// The same letters in another language than the one spoken.
    pub foreign: f32,
    /// The step from one code that a name leads to, to the next.
    pub rank: f32,
    /// The word that says what the thing is.
    pub head: f32,
    /// A name that does not hold that word.
    pub headless: f32,
    /// What the model says of a heading, and of a code of it.
    pub model: f32,
    /// The same of a code within its heading.
    pub model_code: f32,
    /// What was loaded beside the words: official texts, rulings.
    pub extra: f32,
}

impl Weights {
    /// All of them by name, to be read and set.
    pub fn each(&mut self) -> [(&'static str, &mut f32); 17] {
        [
            ("name", &mut self.name),
            ("code", &mut self.code),
            ("heading", &mut self.heading),
            ("chapter", &mut self.chapter),
            ("fact", &mut self.fact),
            ("heading_fact", &mut self.heading_fact),
            ("learned_heading", &mut self.learned_heading),
            ("learned_code", &mut self.learned_code),
            ("covered", &mut self.covered),
            ("purpose", &mut self.purpose),
            ("foreign", &mut self.foreign),
            ("rank", &mut self.rank),
            ("head", &mut self.head),
            ("headless", &mut self.headless),
            ("model", &mut self.model),
            ("model_code", &mut self.model_code),
            ("extra", &mut self.extra),
        ]
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            name: 11.3,
            code: 4.82,
            heading: 2.05,
            chapter: 0.7,
            fact: 1.2,
            heading_fact: 0.48,
            learned_heading: 0.35,
            learned_code: 0.149,
            covered: 0.427,
            purpose: 0.0132,
            foreign: 0.937,
            rank: 0.18,
            head: 1.62,
            headless: 0.75,
            model: 0.701,
            model_code: 0.784,
            extra: 3.0,
        }
    }
}

/// What is told of a text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The language that most of its words are of.
    pub language: Language,
    /// Why no code can be told, where none can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vague: Option<Vague>,
    /// What to write instead, in that language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<&'static str>,
    /// Codes, the likeliest first.
    pub codes: Vec<Candidate>,
    /// Words that nothing is known of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
    /// The question whose answer would tell most; none where no answer would tell much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<Asking>,
    /// What speaks for refusing.
    #[serde(skip)]
    pub doubt: Doubt,
}

/// A code that a text may mean. Titles are in the language of the text, and in English where they were not written in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// Its six digits.
    pub code: String,
    /// How likely it is, from 0 to 1: of codes with 0.7, about seven in ten were right on the development sets.
    pub probability: f64,
    /// Its title.
    pub title: String,
    /// The title of its heading.
    pub heading: String,
    /// The title of its chapter.
    pub chapter: String,
    /// The name or title that decided most.
    pub because: String,
    /// How well that name or title and the text cover each other, from 0 to 1.
    pub fit: f32,
    /// Often taken for goods of the heading, and where they belong instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_here: Vec<NotHere>,
    /// Legal notes that concern it, the narrowest first; at most [`crate::notes::MOST_NOTES`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<crate::notes::Noted>,
}

/// Goods that belong elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotHere {
    /// What.
    pub what: String,
    /// Their codes, with spaces between.
    pub to: String,
}

impl Candidate {
    /// How likely it is, in percent.
    pub fn percent(&self) -> u8 {
        (self.probability * 100.0).round().clamp(0.0, 100.0) as u8
    }
}

/// Finds codes.
#[derive(Debug)]
pub struct Finder {
    index: Index,
    pub(crate) stems: Stems,
    pub(crate) letters: Letters,
    /// How much each term says.
    says: Vec<f32>,
    /// How much all terms of each phrase say.
    weights: Vec<f32>,
    /// Answers to questions that a term gives: number of the question, number of the answer.
    pub(crate) facts: HashMap<u32, Vec<(u16, u8)>>,
    /// The heading of each code.
    heads: Vec<u16>,
    learned: Learned,
    model: Option<Model>,
    weights_of: Weights,
}

/// A word of the question.
pub(crate) struct Asked {
    /// Terms that it may be, with how surely.
    terms: Vec<(u32, f32)>,
    /// How much it counts.
    counts: f32,
    /// A size, a colour, a number; a word that fits any goods.
    noise: bool,
    /// The word that says what the thing is.
    head: bool,
}

/// What speaks for a code.
#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    name: f32,
    code: f32,
    heading: f32,
    chapter: f32,
    best: f32,
    /// The same of the reason that is told.
    told: f32,
    because: u32,
}

impl Finder {
    /// The embedded words. Unpacked once, at the first question.
    ///
    /// # Panics
    /// Never: the bytes were made when this crate was built, and a test opens them.
    pub fn embedded() -> &'static Self {
        static OPEN: OnceLock<Finder> = OnceLock::new();
        #[allow(clippy::expect_used, reason = "the bytes are part of this program and a test opens them")]
        OPEN.get_or_init(|| {
            let learned = Learned::from_text(LEARNED).expect("the embedded words are sound");
            let model = zstd::bulk::decompress(MODEL, MOST_BYTES).expect("the embedded model is sound");
            let model = Model::from_bytes(&model).expect("the embedded model is sound");
            Self::new(Self::words_alone()).with_learned(learned).with_model(model)
        })
    }

    /// The tables of the words alone, as they are before anything is learned.
    ///
    /// # Panics
    /// Never: the bytes were made when this crate was built, and a test opens them.
    pub fn words_alone() -> Index {
        #[allow(clippy::expect_used, reason = "the bytes are part of this program and a test opens them")]
        let bytes = zstd::bulk::decompress(PACKED, MOST_BYTES).expect("the embedded words are sound");
        #[allow(clippy::expect_used, reason = "the bytes are part of this program and a test opens them")]
        postcard::from_bytes(&bytes).expect("the embedded words are sound")
    }

    /// A finder over tables.
    pub fn new(index: Index) -> Self {
        let all = index.phrases.len().max(1) as f32;
        let says: Vec<f32> = (0..index.terms.len() as u32)
            .map(|term| (1.0 + all / (1.0 + index.holding(term).len() as f32)).ln())
            .collect();
        let weight = |terms: &[u32]| terms.iter().map(|term| says[*term as usize]).sum();
        let weights = index.phrases.iter().map(|phrase| weight(&phrase.terms)).collect();
        let stems = Stems::default();
        let facts = facts_of(&index, &stems);
        let heads = index.codes.iter().map(|code| {
            let digits = (code.digits / 100) as u16;
            index.headings.partition_point(|heading| heading.digits < digits) as u16
        });
        let heads = heads.collect();
        let letters = Letters::of(&index.terms);
        Self {
            index,
            stems,
            letters,
            says,
            weights,
            facts,
            heads,
            learned: Learned::default(),
            model: None,
            weights_of: Weights::default(),
        }
    }

    /// The same, with what examples taught.
    #[must_use]
    pub fn with_learned(self, learned: Learned) -> Self {
        Self { learned, ..self }
    }

    /// The same, with a model.
    #[must_use]
    pub fn with_model(self, model: Model) -> Self {
        Self { model: Some(model), ..self }
    }

    /// The same, with other weights.
    #[must_use]
    pub fn with_weights(self, weights_of: Weights) -> Self {
        Self { weights_of, ..self }
    }

    /// The tables.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Codes for a text, at most so many; or why none can be told, and what to write instead.
    ///
    /// ```
    /// let answer = tidewaiter_finder::Finder::embedded().find("cotton t-shirt", 3);
    /// assert_eq!(answer.codes[0].code, "610910");
    /// let answer = tidewaiter_finder::Finder::embedded().find("gift", 3);
    /// assert!(answer.codes.is_empty() && answer.advice.is_some());
    /// ```
    pub fn find(&self, text: &str, most: usize) -> Answer {
        self.answer(&Query::new(text).most(most), &[])
    }

    /// The same, with all that a query may say.
    ///
    /// # Errors
    /// An answer was given to a question that there is not, or one that the question has not.
    pub fn ask(&self, query: &Query<'_>) -> Result<Answer, NoSuchAnswer> {
        Ok(self.answer(query, &self.answers(&query.answers)?))
    }

    fn answer(&self, query: &Query<'_>, given: &[Given]) -> Answer {
        let text = query.text;
        // "Wooden box" is made of general words, and the name of a thing.
        let named = |vague: &Vague| match vague {
            Vague::OnlyGeneral => query.anyway || self.names(text),
            // "Cream" is a colour, and goods.
            Vague::OnlyMeasures => self.is_name(text),
            _ => false,
        };
        let vague = vague(&self.index, text).filter(|vague| !named(vague));
        let vague = vague.or_else(|| self.knows_nothing(query).then_some(Vague::Unknown));
        let mut answer = match vague {
            None => self.rank(query, given),
            Some(_) => {
                let (_, unknown, language) = self.read(text);
                let language = query.language.unwrap_or(language);
                Answer {
                    language,
                    vague,
                    advice: None,
                    codes: Vec::new(),
                    unknown,
                    question: None,
                    doubt: Doubt::default(),
                }
            }
        };
        if answer.codes.is_empty() && answer.vague.is_none() {
            answer.vague = Some(Vague::Unknown);
        } else if answer.vague.is_none()
            && given.is_empty()
            && !query.anyway
            && self.model.is_some()
            && answer.doubt.refuses()
        {
            // The question stays: its answer may be all that was missing. Of words that are not known it would be a guess.
            answer.vague = Some(Vague::TooLittle);
            answer.codes.clear();
            answer.question = answer.question.filter(|_| answer.doubt.known >= 0.5);
        }
        answer.advice = answer.vague.map(|vague| vague.advice(answer.language));
        answer
    }

    /// Whether no word of a text is known, nor one near it: the letters alone tell nothing that could be given as a reason.
    fn knows_nothing(&self, query: &Query<'_>) -> bool {
        !query.anyway && query.answers.is_empty() && self.read(query.text).0.iter().all(|asked| asked.terms.is_empty())
    }

    /// Whether a text of one word is a name as it stands.
    fn is_name(&self, text: &str) -> bool {
        let Ok([word]) = <[_; 1]>::try_from(words(text)) else { return false };
        let held = self.terms(&word.folded).into_iter().flat_map(|(term, _)| self.index.holding(term));
        held.map(|at| &self.index.phrases[*at as usize]).any(|p| p.kind == Kind::Name && fold(&p.text) == word.folded)
    }

    /// Whether a word alone is a name of goods that are sold in jars, bottles and tins.
    fn is_packed(&self, asked: &Asked) -> bool {
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
    fn names(&self, text: &str) -> bool {
        self.names_of(&self.read(text).0)
    }

    fn names_of(&self, asked: &[Asked]) -> bool {
        let [first, rest @ ..] = asked else { return false };
        let holds = |phrase: &Phrase, asked: &Asked| asked.terms.iter().any(|(term, _)| phrase.terms.contains(term));
        !rest.is_empty()
            && first.terms.iter().flat_map(|(term, _)| self.index.holding(*term)).any(|at| {
                let phrase = &self.index.phrases[*at as usize];
                phrase.kind == Kind::Name && phrase.terms.len() == asked.len() && asked.iter().all(|a| holds(phrase, a))
            })
    }

    /// Answers to questions by their numbers.
    fn answers(&self, given: &[(&str, &str)]) -> Result<Vec<Given>, NoSuchAnswer> {
        let mut out = Vec::new();
        for (question, answer) in given {
            let given = self.given(question, answer)?;
            // Said again it is no surer.
            if !out.contains(&given) {
                out.push(given);
            }
        }
        Ok(out)
    }

    fn given(&self, question: &str, answer: &str) -> Result<Given, NoSuchAnswer> {
        let wrong = |known: String| NoSuchAnswer::Answer { question: short(question), answer: short(answer), known };
        for (key, places) in [(narrow::HEADING, 4), (narrow::CODE, 6)] {
            if question == key {
                if answer.is_empty() {
                    return Ok(Given::NotShown(key));
                }
                let digits = answer.parse::<u32>().ok().filter(|_| answer.len() == places);
                let known = |digits: &u32| match places {
                    4 => self.index.headings.iter().any(|heading| u32::from(heading.digits) == *digits),
                    _ => self.row(*digits).is_some(),
                };
                let told = || wrong(format!("the codes of {places} digits"));
                return digits.filter(known).map(Given::Under).ok_or_else(told);
            }
        }
        let all = &self.index.questions;
        let at = all.iter().position(|q| q.key == question);
        let at = at.ok_or_else(|| NoSuchAnswer::Question(short(question)))?;
        let known = &all[at].answers;
        if answer.is_empty() {
            return Ok(Given::Unknown(at as u16));
        }
        let found = known.iter().position(|(key, _)| key == answer).or_else(|| by_word(known, answer));
        let told = || wrong(known.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(", "));
        found.map(|answer| Given::Fact(at as u16, answer as u8)).ok_or_else(told)
    }

    fn rank(&self, query: &Query<'_>, answered: &[Given]) -> Answer {
        let text = query.text;
        let (mut asked, unknown, spoken) = self.read(text);
        // A word of the language that is spoken counts more than the same letters in another.
        for (term, sure) in asked.iter_mut().flat_map(|a| &mut a.terms) {
            if self.index.spoken[*term as usize] >> spoken as u8 & 1 == 0 {
                *sure *= self.weights_of.foreign;
            }
        }
        let whole: f32 = asked.iter().map(|a| a.counts * self.saying(a)).sum();
        let telling: f32 = asked.iter().filter(|a| !a.noise).map(|a| a.counts * self.saying(a)).sum();
        // A name that says nothing of the leading word is of something else: a hamster is no hamster wheel.
        let leads = asked.iter().any(|a| a.head && !a.terms.is_empty());
        let mut matched: Map<u32, (f32, f32, bool)> = Map::default();
        for word in &asked {
            let mut best: Map<u32, f32> = Map::default();
            for &(term, sure) in &word.terms {
                let says = self.says[term as usize] * sure;
                for &phrase in self.index.holding(term) {
                    let old = best.entry(phrase).or_default();
                    *old = old.max(says);
                }
            }
            for (phrase, says) in best {
                let entry = matched.entry(phrase).or_default();
                entry.0 += says;
                entry.1 += says * word.counts;
                entry.2 |= word.head;
            }
        }
        let mut found: Map<u16, Evidence> = Map::default();
        for (number, (says, counted, headed)) in matched {
            let phrase = &self.index.phrases[number as usize];
            let covered = (says / self.weights[number as usize]).min(1.0);
            let answered = (counted / whole.max(0.1)).min(1.0);
            let headless = if leads && !headed { self.weights_of.headless } else { 1.0 };
            let score = headless * answered * covered.powf(self.weights_of.covered);
            if score < 0.05 {
                continue;
            }
            for &(code, rank) in phrase.to.iter().take(400) {
                let one = found.entry(code).or_default();
                let score = match phrase.kind {
                    Kind::Name => score * (1.0 - self.weights_of.rank * f32::from(rank.min(5))).max(0.1),
                    _ => score,
                };
                let slot = match phrase.kind {
                    Kind::Name => &mut one.name,
                    Kind::Code => &mut one.code,
                    Kind::Heading => &mut one.heading,
                    Kind::Chapter => &mut one.chapter,
                };
                *slot = slot.max(score);
                // Of two reasons as good, the one in the language of the text; of two of these, the first: it is the same each time.
                let told = if phrase.language == spoken { score } else { 0.9 * score };
                let nearer = told > one.told || told == one.told && number < one.because;
                if nearer && phrase.kind != Kind::Chapter {
                    (one.told, one.because) = (told, number);
                }
                if phrase.kind != Kind::Chapter {
                    one.best = one.best.max(score);
                }
            }
        }
        let (of_headings, of_codes) = self.learned.speaks(&self.stems, text);
        let digits = |code: u16| self.index.codes[usize::from(code)].digits;
        for code in of_codes.keys().filter_map(|code| self.row(*code)) {
            found.entry(code).or_default();
        }
        let (modelled, too_little) = self.modelled(text);
        for code in modelled.keys() {
            found.entry(*code).or_default();
        }
        let said =
            |code: u16| modelled.get(&code).copied().unwrap_or(if modelled.is_empty() { 0.0 } else { LEAST_SAID });
        // What was loaded beside the words: official texts, rulings.
        let extra: Map<u16, f32> = query
            .extra
            .iter()
            .filter(|(_, s)| s.is_finite())
            .filter_map(|(code, s)| Some((self.row(*code)?, *s)))
            .collect();
        for code in extra.keys() {
            found.entry(*code).or_default();
        }
        let beside = |code: u16| self.weights_of.extra * extra.get(&code).copied().unwrap_or_default();
        let taught = |code: u16| {
            let digits = digits(code);
            let of = |map: &Map<u32, f32>, key: u32| map.get(&key).copied().unwrap_or_default();
            self.weights_of.learned_heading * of(&of_headings, digits / 100)
                + self.weights_of.learned_code * of(&of_codes, digits)
        };
        let given: Vec<(u16, u8)> = asked
            .iter()
            .filter(|a| a.counts >= 0.3)
            .flat_map(|a| &a.terms)
            .filter_map(|(term, _)| self.facts.get(term))
            .flatten()
            .copied()
            .collect();
        let mut ranked: Vec<(u16, f32, Evidence)> = found
            .into_iter()
            .map(|(code, e)| {
                (
                    code,
                    self.logit(&e)
                        + self.agrees(code, &given)
                        + taught(code)
                        + said(code)
                        + beside(code)
                        + self.answered(code, answered),
                    e,
                )
            })
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(200);
        let language = query.language.unwrap_or(spoken);
        let top = ranked.first().map_or(0.0, |r| r.1);
        let sum: f64 = ranked.iter().map(|r| f64::from(r.1 - top).exp()).sum();
        let doubt = Doubt {
            too_little,
            // "Cotton T-shirt, XL, black" names goods as well as "cotton T-shirt" does.
            fit: (ranked.iter().take(5).map(|r| r.2.best).fold(0.0, f32::max) * whole / telling.max(0.1)).min(1.0),
            first: ranked.first().map_or(0.0, |_| (1.0 / sum) as f32),
            known: asked.iter().filter(|a| !a.terms.is_empty()).count() as f32 / asked.len().max(1) as f32,
            words: asked.len() as f32,
        };
        let shares = self.shares(&ranked, &doubt);
        let mut codes: Vec<Candidate> = ranked
            .iter()
            .zip(&shares)
            .take(query.most)
            .map(|((code, _, evidence), p)| self.candidate(*code, *p, evidence, language))
            .collect();
        let terms: Vec<u32> = asked.iter().flat_map(|a| &a.terms).map(|(term, _)| *term).collect();
        self.add_notes(&mut codes, &terms, language);
        let likely: Vec<_> = ranked
            .iter()
            .zip(&shares)
            .map(|((code, ..), p)| {
                let row = &self.index.codes[usize::from(*code)];
                let heading = &self.index.headings[usize::from(self.heads[usize::from(*code)])];
                Likely {
                    p: *p,
                    digits: row.digits,
                    titles: [&row.titles, &heading.titles],
                    facts: narrow::facts(&self.index, *code, self.heads[usize::from(*code)]),
                }
            })
            .collect();
        // What the words say already is not asked.
        let known = given.iter().map(|(question, _)| *question).collect();
        let question = narrow::best(&self.index, &likely, &known, answered, query.worth, language);
        Answer { language, vague: None, advice: None, codes, unknown, question, doubt }
    }

    /// How likely each code is. The scores are stretched and the first is set to what was right as often (`Doubt::sure`); what is left goes to the
    /// others, and where more is left than they had, to none of them.
    fn shares(&self, ranked: &[(u16, f32, Evidence)], doubt: &Doubt) -> Vec<f64> {
        let top = ranked.first().map_or(0.0, |r| r.1);
        let of = |by: f64| -> Vec<f64> {
            let all: Vec<f64> = ranked.iter().map(|r| (by * f64::from(r.1 - top)).exp()).collect();
            let sum: f64 = all.iter().sum();
            all.into_iter().map(|p| p / sum).collect()
        };
        if self.model.is_none() {
            return of(1.0);
        }
        let mut shares = of(STRETCHED);
        let sure = doubt.sure();
        let Some(first) = shares.first().copied() else { return shares };
        let others = if sure > first { (1.0 - sure) / (1.0 - first).max(1e-9) } else { sure / first };
        for (at, share) in shares.iter_mut().enumerate() {
            *share = if at == 0 { sure } else { (*share * others).min(sure) };
        }
        shares
    }

    /// What the model says of the codes of its likeliest headings, as weighed logarithms, and the odds that too little is said.
    fn modelled(&self, text: &str) -> (Map<u16, f32>, f32) {
        let Some(model) = &self.model else { return (Map::default(), 0.0) };
        let features = model::features(&self.stems, text);
        if features.is_empty() {
            return (Map::default(), model.shape.too_little(text));
        }
        let (headings, sum) = model.headings_of(&features);
        let mut out = Map::default();
        for (heading, p) in headings.iter().enumerate().filter(|(_, p)| **p > 0.0005) {
            let within = model.within(heading, &sum);
            let w = &self.weights_of;
            for (code, q) in model.below(heading).zip(within) {
                if let Some(row) = self.row(model.codes[code]) {
                    let said = w.model * p.ln() + w.model_code * (q + 1e-3).ln();
                    out.insert(row, said.max(LEAST_SAID));
                }
            }
        }
        (out, model.shape.too_little(text))
    }

    fn candidate(&self, code: u16, probability: f64, evidence: &Evidence, language: Language) -> Candidate {
        let index = &self.index;
        let said = |titles: &[Option<String>; 3]| {
            let own = titles.get(language as usize).and_then(Option::as_ref).or(titles[0].as_ref());
            own.cloned().unwrap_or_default()
        };
        let row = &index.codes[usize::from(code)];
        let heading = index.headings.get(usize::from(self.heads[usize::from(code)]));
        let chapter = index.chapters.iter().find(|(number, _)| u32::from(*number) == row.digits / 10_000);
        let not_here = heading.into_iter().flat_map(|heading| &heading.out);
        Candidate {
            code: format!("{:06}", row.digits),
            probability,
            title: said(&row.titles),
            heading: heading.map(|heading| said(&heading.titles)).unwrap_or_default(),
            chapter: chapter.map(|(_, titles)| said(titles)).unwrap_or_default(),
            because: index
                .phrases
                .get(evidence.because as usize)
                .filter(|_| evidence.best > 0.0)
                .map(|p| p.text.clone())
                .unwrap_or_default(),
            fit: evidence.best,
            not_here: not_here.map(|(what, to)| NotHere { what: said(what), to: to.clone() }).collect(),
            notes: Vec::new(),
        }
    }

    /// How much speaks for a code.
    fn logit(&self, e: &Evidence) -> f32 {
        let w = &self.weights_of;
        w.name * e.name + w.code * e.code + w.heading * e.heading + w.chapter * e.chapter
    }

    /// What answers say of a code.
    fn answered(&self, code: u16, answers: &[Given]) -> f32 {
        if answers.is_empty() {
            return 0.0;
        }
        let facts = narrow::facts(&self.index, code, self.heads[usize::from(code)]);
        let digits = self.index.codes[usize::from(code)].digits;
        answers.iter().map(|given| given.says(digits, &facts)).sum()
    }

    /// The row of a code.
    fn row(&self, digits: u32) -> Option<u16> {
        self.index.codes.binary_search_by_key(&digits, |code| code.digits).ok().map(|at| at as u16)
    }

    /// How well the facts that a text gives agree with those of a code and its heading.
    fn agrees(&self, code: u16, given: &[(u16, u8)]) -> f32 {
        let own = &self.index.codes[usize::from(code)].when;
        let of_heading = self.index.headings.get(usize::from(self.heads[usize::from(code)])).map(|h| &h.when);
        let mut sum = 0.0;
        let w = &self.weights_of;
        let of_heading = of_heading.into_iter().flatten().map(|when| (w.heading_fact, when));
        for (weight, (question, answers)) in own.iter().map(|when| (w.fact, when)).chain(of_heading) {
            let mut said = given.iter().filter(|(q, _)| q == question).peekable();
            if said.peek().is_some() {
                sum += if said.any(|(_, answer)| answers.contains(answer)) { weight } else { -weight };
            }
        }
        sum
    }

    fn saying(&self, asked: &Asked) -> f32 {
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
    fn terms(&self, folded: &str) -> Vec<(u32, f32)> {
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
    fn parted(&self, folded: &str) -> Vec<(u32, f32)> {
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

/// The one answer that holds a word, in any language: "laine" for wool.
fn by_word(answers: &[(String, [Option<String>; 3])], word: &str) -> Option<usize> {
    let folded = fold(word);
    let holds = |said: &str| words(said).iter().any(|word| word.folded == folded);
    let mut found = answers.iter().enumerate().filter(|(_, (_, said))| said.iter().flatten().any(|said| holds(said)));
    match (found.next(), found.next()) {
        (Some((at, _)), None) if !folded.is_empty() => Some(at),
        _ => None,
    }
}

/// The answers that each term gives: the words of short answers, and their keys.
fn facts_of(index: &Index, stems: &Stems) -> HashMap<u32, Vec<(u16, u8)>> {
    let mut out: HashMap<u32, Vec<(u16, u8)>> = HashMap::new();
    for (question, asked) in index.questions.iter().enumerate() {
        let mut of: HashMap<u32, Vec<u8>> = HashMap::new();
        for (answer, (key, said)) in asked.answers.iter().enumerate() {
            let said =
                Language::ALL.into_iter().zip(said).filter_map(|(language, text)| Some((language, text.as_deref()?)));
            for (language, text) in said.chain([(Language::En, key.as_str())]) {
                // "cotton", "wool or cashmere"; not a sentence.
                for part in text.split([',', ';', '(', ')', ':']) {
                    let terms = crate::index::terms_of(stems, language, part);
                    if terms.len() > 2 {
                        continue;
                    }
                    for term in terms.iter().filter_map(|term| index.term(term)) {
                        let answers = of.entry(term).or_default();
                        if !answers.contains(&(answer as u8)) {
                            answers.push(answer as u8);
                        }
                    }
                }
            }
        }
        for (term, answers) in of {
            // A word of most answers tells none from another.
            if answers.len() * 2 <= asked.answers.len().max(2) {
                out.entry(term).or_default().extend(answers.into_iter().map(|answer| (question as u16, answer)));
            }
        }
    }
    out
}
