//! Which codes a text means, and how surely.

use crate::answer::{Answer, Candidate, NotHere};
use crate::given::facts_of;
use crate::index::{Index, Kind};
use crate::learn::Learned;
use crate::model::{self, Model};
use crate::narrow::{self, Given, Likely};
use crate::near::Letters;
use crate::query::{NoSuchAnswer, Query};
use crate::quick::Map;
use crate::read::Asked;
use crate::text::{Language, Stems};
use crate::vague::{Doubt, Vague, vague};
use crate::weights::Weights;
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

/// Differences of scores tell less than they say: by so much.
const STRETCHED: f64 = 0.444;
/// What the model says at least of a code, as a logarithm.
const LEAST_SAID: f32 = -8.0;

/// Finds codes.
#[derive(Debug)]
pub struct Finder {
    pub(crate) index: Index,
    pub(crate) stems: Stems,
    pub(crate) letters: Letters,
    /// How much each term says.
    pub(crate) says: Vec<f32>,
    /// How much all terms of each phrase say.
    pub(crate) weights: Vec<f32>,
    /// Answers to questions that a term gives: number of the question, number of the answer.
    pub(crate) facts: HashMap<u32, Vec<(u16, u8)>>,
    /// The heading of each code.
    pub(crate) heads: Vec<u16>,
    pub(crate) learned: Learned,
    pub(crate) model: Option<Model>,
    pub(crate) weights_of: Weights,
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
        let mut found = self.evidence(&asked, spoken, whole);
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

    /// What names and titles say of codes, of words that together count `whole`.
    fn evidence(&self, asked: &[Asked], spoken: Language, whole: f32) -> Map<u16, Evidence> {
        // A name that says nothing of the leading word is of something else: a hamster is no hamster wheel.
        let leads = asked.iter().any(|a| a.head && !a.terms.is_empty());
        let mut matched: Map<u32, (f32, f32, bool)> = Map::default();
        for word in asked {
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
        found
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

    /// The row of a code.
    pub(crate) fn row(&self, digits: u32) -> Option<u16> {
        self.index.codes.binary_search_by_key(&digits, |code| code.digits).ok().map(|at| at as u16)
    }
}
