//! `find_goods_code`: from words to goods codes.

use super::input::{Given, Tongue, read, wrong};
use super::words::Lines;
use super::{Kind, Told, schema_of};
use crate::desk::Desk;
use crate::problem::Problem;
use rmcp::model::JsonObject;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tidewaiter_finder::{Candidate, Language, NoSuchAnswer, Query};

/// Most codes that are told.
const MOST: u8 = 20;
/// How many are told where nobody says.
const USUAL: u8 = 8;
/// Longest text, in bytes.
const LONGEST: usize = 2_000;

/// What is taken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// What the goods are, as the seller calls them, in English, French or Spanish: material and purpose help. `men's cotton
    /// t-shirt, knitted`.
    text: String,
    /// Language of titles and of the question; that of the text when absent.
    #[serde(default)]
    language: Option<Tongue>,
    /// Answers to questions of earlier answers.
    #[serde(default)]
    answers: Vec<Given>,
    /// Most codes to tell, 1 to 20; 8 when absent.
    #[serde(default)]
    most: Option<u8>,
}

/// Codes that the words may mean.
#[derive(Debug, Serialize, JsonSchema)]
struct Found {
    /// Why no code can be told, where none can: `only-general`, `unknown`…
    #[serde(skip_serializing_if = "Option::is_none")]
    vague: Option<serde_json::Value>,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
    /// Codes of the Harmonized System 2022, the likeliest first. They are suggestions.
    codes: Vec<Code>,
    /// Words that nothing is known of.
    unknown_words: Vec<String>,
    /// The question whose answer would tell most.
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<Question>,
    /// The tables the codes come from.
    source: &'static str,
}

/// A code that the words may mean.
#[derive(Debug, Serialize, JsonSchema)]
struct Code {
    /// Its six digits.
    code: String,
    /// How likely it is, in percent.
    percent: u8,
    /// Its title.
    title: String,
    /// The title of its heading.
    heading: String,
    /// The title of its chapter.
    chapter: String,
    /// The name or title that decided most.
    because: String,
    /// What is often taken for it, and where that belongs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_here: Vec<Elsewhere>,
    /// Legal notes that concern it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Note>,
}

/// Goods that belong elsewhere.
#[derive(Debug, Serialize, JsonSchema)]
struct Elsewhere {
    /// What.
    what: String,
    /// Their codes, with spaces between.
    to: String,
}

/// A legal note.
#[derive(Debug, Serialize, JsonSchema)]
struct Note {
    /// What it says, in a sentence of our own.
    says: String,
    /// Where it stands in the Harmonized System.
    law: String,
}

/// A question about the goods.
#[derive(Debug, Serialize, JsonSchema)]
struct Question {
    /// Its key, for `answers`.
    key: String,
    /// The question.
    asks: String,
    /// Its answers.
    answers: Vec<Choice>,
}

/// A possible answer.
#[derive(Debug, Serialize, JsonSchema)]
struct Choice {
    /// Its key, for `answers`.
    key: String,
    /// Its words.
    words: String,
}

impl From<&Candidate> for Code {
    fn from(one: &Candidate) -> Self {
        Self {
            code: one.code.clone(),
            percent: one.percent(),
            title: one.title.clone(),
            heading: one.heading.clone(),
            chapter: one.chapter.clone(),
            because: one.because.clone(),
            not_here: one.not_here.iter().map(|o| Elsewhere { what: o.what.clone(), to: o.to.clone() }).collect(),
            notes: one.notes.iter().map(|n| Note { says: n.says.clone(), law: n.law.clone() }).collect(),
        }
    }
}

const SOURCE: &str = "Harmonized System 2022 (World Customs Organization), sections, chapters, headings and subheadings; names of goods and notes in our own words";

const ABOUT: &str = "Goods codes (Harmonized System, 6 digits) that the words for a product may mean, each with how likely it is, and the question that tells them apart best. \
    Put the question to the user and send the answer back in `answers`; do not answer it yourself unless the user already said so. \
    Where the words are too vague no code is given: ask for what the answer advises. A code found here is a suggestion from words alone: say how likely it is, and that customs decides.";

/// `find_goods_code`.
pub(super) fn tool() -> Kind {
    let names = ("find_goods_code", "mcp find_goods_code", "From words to a goods code");
    Kind::new::<Found>(names, ABOUT, schema_of::<Asked>(), run)
}

fn run(desk: &Desk, arguments: JsonObject) -> Result<Told, Problem> {
    let asked: Asked = read(arguments)?;
    let text = asked.text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return Err(wrong("text", text, format!("say what the goods are in 1 to {LONGEST} bytes")));
    }
    let most = asked.most.unwrap_or(USUAL);
    if !(1..=MOST).contains(&most) {
        return Err(wrong("most", &most.to_string(), format!("takes 1 to {MOST}")));
    }
    let query = Query::new(text).most(usize::from(most));
    let query = asked.answers.iter().fold(query, |query, given| query.answer(&given.question, &given.answer));
    let query = Query { language: asked.language.map(Language::from), ..query };
    let answer = desk.finder.ask(&query).map_err(|error| {
        let value = match &error {
            NoSuchAnswer::Question(question) => question.clone(),
            NoSuchAnswer::Answer { answer, .. } => answer.clone(),
        };
        wrong("answers", &value, error.to_string())
    })?;
    let found = Found {
        vague: answer.vague.and_then(|vague| serde_json::to_value(vague).ok()),
        advice: answer.advice.map(str::to_owned),
        codes: answer.codes.iter().take(usize::from(most)).map(Code::from).collect(),
        unknown_words: answer.unknown.clone(),
        question: answer.question.as_ref().map(|question| Question {
            key: question.key.clone(),
            asks: question.asks.clone(),
            answers: question
                .answers
                .iter()
                .map(|(key, words)| Choice { key: key.clone(), words: words.clone() })
                .collect(),
        }),
        source: SOURCE,
    };
    let kind = if found.codes.is_empty() { "unknown" } else { "codes" };
    Told::new(&found, words(&found), kind)
}

fn words(found: &Found) -> String {
    let mut lines = Lines::default();
    match &found.advice {
        Some(advice) => lines.add(format!("UNKNOWN: no goods code can be told from these words. {advice}")),
        None => lines.add("Suggestions from words alone; the user or customs decides which it is:"),
    }
    for (_, one) in found.codes.iter().enumerate().filter(|(at, one)| *at == 0 || one.percent > 0) {
        let path = format!("{} > {}", one.chapter, one.heading);
        lines.add(format!(
            "- {} {} ({} % likely; {path}; because of \"{}\")",
            one.code, one.title, one.percent, one.because
        ));
    }
    if let Some(first) = found.codes.first() {
        lines.list("Not in the first:", first.not_here.iter().map(|one| format!("{} ({})", one.what, one.to)));
        lines.list("Legal notes:", first.notes.iter().map(|one| format!("{} [{}]", one.says, one.law)));
    }
    if !found.unknown_words.is_empty() {
        lines.add(format!("Nothing is known of: {}.", found.unknown_words.join(", ")));
    }
    if let Some(question) = &found.question {
        let title =
            format!("Ask the user: {} [answers: {{\"question\": \"{}\", \"answer\": …}}]", question.asks, question.key);
        lines.list(&title, question.answers.iter().map(|one| format!("{}: {}", one.key, one.words)));
    }
    lines.add(format!("Source: {}", found.source));
    lines.text()
}
