//! What is asked of the finder.

use crate::text::Language;

/// What an import of goods of a subheading costs, in any unit that compares: the number of six digits in, a share of the value out, where known.
pub type Worth<'a> = &'a dyn Fn(u32) -> Option<f64>;

/// A question to the finder.
///
/// ```
/// use tidewaiter_finder::{Finder, Language, Query};
/// let query = Query::new("mug").answer("made-of", "porcelain").language(Language::Fr);
/// let answer = Finder::embedded().ask(&query).unwrap();
/// assert_eq!(answer.codes[0].code, "691110");
/// assert!(Finder::embedded().ask(&Query::new("mug").answer("made-of", "cheese")).is_err());
/// ```
#[derive(Clone)]
pub struct Query<'a> {
    /// What the goods are.
    pub text: &'a str,
    /// The language of the answer; that of the text where none is given.
    pub language: Option<Language>,
    /// Questions that were answered: their keys and those of the answers, as in [`crate::Asking`]; an empty answer where none is known, and the
    /// question is not asked again.
    pub answers: Vec<(&'a str, &'a str)>,
    /// Most codes to tell.
    pub most: usize,
    /// Codes are told even where the text says too little.
    pub anyway: bool,
    /// What the buyer pays on goods of a code, as a share of their value: the question that tells dear from cheap is asked first.
    pub worth: Option<Worth<'a>>,
    /// What else speaks for subheadings: the number of six digits, and how much from 0 to about 1. See [`crate::lines::Lines::evidence`].
    pub extra: &'a [(u32, f32)],
}

impl std::fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Query").field("text", &self.text).field("answers", &self.answers).finish_non_exhaustive()
    }
}

impl<'a> Query<'a> {
    /// A question for the five likeliest codes of a text.
    pub const fn new(text: &'a str) -> Self {
        Self { text, language: None, answers: Vec::new(), most: 5, anyway: false, worth: None, extra: &[] }
    }

    /// The same for so many codes.
    #[must_use]
    pub const fn most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// The same, with codes even where the text says too little.
    #[must_use]
    pub const fn anyway(mut self) -> Self {
        self.anyway = true;
        self
    }

    /// The same, answered in a language.
    #[must_use]
    pub const fn language(mut self, language: Language) -> Self {
        self.language = Some(language);
        self
    }

    /// The same, where a question was answered.
    #[must_use]
    pub fn answer(mut self, question: &'a str, answer: &'a str) -> Self {
        self.answers.push((question, answer));
        self
    }

    /// The same, where codes cost differently.
    #[must_use]
    pub const fn worth(mut self, worth: Worth<'a>) -> Self {
        self.worth = Some(worth);
        self
    }

    /// The same, where official words or rulings speak for subheadings too.
    #[must_use]
    pub const fn extra(mut self, extra: &'a [(u32, f32)]) -> Self {
        self.extra = extra;
        self
    }
}

/// What a message says of a text that may be of any length.
pub(crate) fn short(text: &str) -> String {
    const MOST: usize = 60;
    let cut: String = text.chars().take(MOST).collect();
    if cut.len() < text.len() { cut + "…" } else { cut }
}

/// An answer that no question has. Long ones are cut.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchAnswer {
    /// There is no such question.
    #[error("there is no question {0:?}")]
    Question(String),
    /// It has other answers.
    #[error("question {question:?} has no answer {answer:?}; its answers are {known}")]
    Answer {
        /// The key of the question.
        question: String,
        /// What was given.
        answer: String,
        /// The keys of its answers.
        known: String,
    },
}
