//! Answers to questions, as they are typed and as they are asked for.

use super::says::says;
use crate::errors::{Failure, did_you_mean};
use crate::page::{Page, Tone};
use std::io::{BufRead, Read};
use tidewaiter_finder::text::{fold, words};
use tidewaiter_finder::{Asking, Finder, Language, NoSuchAnswer};

/// Times that a person is asked for a number that fits.
const MOST_TRIES: usize = 3;

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
    for _ in 0..MOST_TRIES {
        page.line(says(language).choose)?;
        page.flush()?;
        let mut line = String::new();
        std::io::stdin().lock().take(100).read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(key) = chosen(asking, &line) {
            page.gap()?;
            return Ok(Some(key));
        }
    }
    page.gap()?;
    Ok(None)
}

/// The key of the answer that was typed: its number, its key, or a word that stands in it alone.
fn chosen(asking: &Asking, typed: &str) -> Option<String> {
    let typed = typed.trim();
    if let Ok(number) = typed.parse::<usize>() {
        return asking.answers.get(number.checked_sub(1)?).map(|(key, _)| key.clone());
    }
    let folded = fold(typed);
    let holds = |(key, said): &&(String, String)| *key == typed || words(said).iter().any(|word| word.folded == folded);
    let mut found = asking.answers.iter().filter(holds);
    match (found.next(), found.next()) {
        (Some((key, _)), None) => Some(key.clone()),
        _ => None,
    }
}

/// Shows a question with what to type for each answer.
pub(crate) fn show(asking: &Asking, language: Language, page: &mut Page) -> Result<(), Failure> {
    page.paragraph(&super::says::put(says(language).asks, &[&asking.asks]), Tone::Strong)?;
    for (key, words) in &asking.answers {
        page.bullet(&format!("{words}: --answer {}={key}", asking.key))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::chosen;
    use tidewaiter_finder::Asking;

    #[test]
    fn an_answer_is_a_number_its_key_or_a_word_of_it() {
        let said = |key: &str, words: &str| (key.to_owned(), words.to_owned());
        let answers = vec![said("wool", "laine ou cachemire"), said("other-fibre", "une autre fibre")];
        let asking = Asking { key: "made-of".into(), asks: "?".into(), answers };
        for (typed, key) in [("1", "wool"), (" 2\n", "other-fibre"), ("Laine", "wool"), ("other-fibre", "other-fibre")]
        {
            assert_eq!(chosen(&asking, typed).as_deref(), Some(key), "{typed}");
        }
        for wrong in ["3", "0", "banana", "1.5"] {
            assert_eq!(chosen(&asking, wrong), None, "{wrong}");
        }
    }
}
