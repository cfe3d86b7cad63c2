//! Answers to questions, as they are typed and as they are asked for.

use super::says::says;
use crate::errors::{Failure, did_you_mean};
use crate::page::{Page, Tone};
use std::io::{BufRead, Read};
use tidewaiter_finder::{Asking, Finder, Language, NoSuchAnswer};

/// What is wrong with an answer that no question has, and the one that was perhaps meant.
pub(crate) fn wrong(error: &NoSuchAnswer) -> Failure {
    let near = match error {
        NoSuchAnswer::Question(key) => {
            let known = Finder::embedded().index().questions.iter().map(|question| question.key.as_str());
            did_you_mean(key, known)
        }
        NoSuchAnswer::Answer { answer, known, .. } => did_you_mean(answer, known.split(", ")),
    };
    let help = match error {
        NoSuchAnswer::Question(_) if near.is_empty() => {
            "; leave --answer out, and the question that helps is shown with its answers".to_owned()
        }
        _ => near,
    };
    Failure::usage(format!("--answer: {error}{help}"))
}

/// Puts a question with numbered answers; nothing where none is chosen.
pub(super) fn ask(asking: &Asking, language: Language, page: &mut Page) -> Result<Option<String>, Failure> {
    page.paragraph(&asking.asks, Tone::Strong)?;
    for (at, (_, words)) in asking.answers.iter().enumerate() {
        page.line(&format!("{:>3}  {words}", at + 1))?;
    }
    page.line(says(language).choose)?;
    page.flush()?;
    let mut line = String::new();
    std::io::stdin().lock().take(100).read_line(&mut line)?;
    let chosen = line.trim().parse::<usize>().ok().and_then(|number| asking.answers.get(number.checked_sub(1)?));
    page.gap()?;
    Ok(chosen.map(|(key, _)| key.clone()))
}

/// Shows a question with what to type for each answer.
pub(crate) fn show(asking: &Asking, language: Language, page: &mut Page) -> Result<(), Failure> {
    page.paragraph(&super::says::put(says(language).asks, &[&asking.asks]), Tone::Strong)?;
    for (key, words) in &asking.answers {
        page.bullet(&format!("{words}: --answer {}={key}", asking.key))?;
    }
    Ok(())
}
