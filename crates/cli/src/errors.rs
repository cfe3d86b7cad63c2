//! What can go wrong, how it is told, and with which exit code.

use crate::page::plain;
use std::fmt;
use std::io;
use std::process::ExitCode;
use tidewaiter::InputError;
use tidewaiter::ratebook::RatebookError;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Answered.
    Answered = 0,
    /// Answered, but not with an exact amount.
    NotAnAmount = 1,
    /// The question or the command was wrong.
    Usage = 2,
    /// This program or its data is broken.
    Internal = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not end well.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The person at the keyboard can put it right: one line for each mistake.
    Usage(Vec<String>),
    /// The same, as a document for the program that asked for JSON.
    Document(serde_json::Value),
    /// Nobody but us can.
    Internal(String),
    /// Writing the answer failed.
    Output(io::Error),
}

impl Failure {
    /// One mistake.
    pub(crate) fn usage(line: impl fmt::Display) -> Self {
        Self::Usage(vec![line.to_string()])
    }

    /// Tells it on standard error and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Self::Usage(lines) => {
                tell(&lines);
                Exit::Usage.into()
            }
            Self::Document(document) => {
                use io::Write;
                // Nothing can be done if standard output is closed.
                let _ = writeln!(io::stdout(), "{document:#}");
                Exit::Usage.into()
            }
            Self::Internal(line) => {
                tell(&[line, "This is a mistake in tidewaiter or its data; please report it.".into()]);
                Exit::Internal.into()
            }
            // The reader has seen enough, as in `tidewaiter economies | head -1`.
            Self::Output(e) if e.kind() == io::ErrorKind::BrokenPipe => Exit::Answered.into(),
            Self::Output(e) => {
                tell(&[format!("cannot write the answer: {e}")]);
                Exit::Internal.into()
            }
        }
    }
}

impl From<tidewaiter_reader::ReaderError> for Failure {
    fn from(e: tidewaiter_reader::ReaderError) -> Self {
        Self::Usage(e.lines)
    }
}

impl From<io::Error> for Failure {
    fn from(e: io::Error) -> Self {
        Self::Output(e)
    }
}

impl From<RatebookError> for Failure {
    fn from(e: RatebookError) -> Self {
        Self::usage(e)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(e: serde_json::Error) -> Self {
        match e.io_error_kind() {
            Some(kind) => Self::Output(kind.into()),
            None => Self::Internal(format!("cannot write JSON: {e}")),
        }
    }
}

/// What is wrong with the flags, or the help that they ask for. A message repeats what was typed: a program may have handed on somebody
/// else's words, so no escape sequence of theirs reaches the terminal.
pub(crate) fn of_flags(error: &clap::Error) -> ExitCode {
    use io::Write;
    let typed = std::env::args_os().skip(1);
    if !error.use_stderr() || typed.into_iter().all(|word| plain(&word.to_string_lossy()) == word.to_string_lossy()) {
        error.exit();
    }
    // Nothing can be done if standard error is closed.
    let _ = write!(io::stderr(), "{}", plain(&error.render().to_string()));
    Exit::Usage.into()
}

/// Mistakes of a question, with the flag beside the field where it was asked by flags.
pub(crate) fn mistakes(error: &InputError, by_flags: bool) -> Failure {
    let line = |p: &tidewaiter::quote::InputProblem| {
        let field = if by_flags { flag_of(&p.field) } else { p.field.clone() };
        let value = if p.value.is_empty() { String::new() } else { format!(" \"{}\"", p.value) };
        format!("{field}{value}: {}", p.message)
    };
    Failure::Usage(error.problems.iter().map(line).collect())
}

/// The flag that sets a field: `items[1].price` is `--item 2, price`.
fn flag_of(field: &str) -> String {
    if let Some(rest) = field.strip_prefix("items[")
        && let Some((number, rest)) = rest.split_once(']')
        && let Ok(number) = number.parse::<usize>()
    {
        let part = rest.trim_start_matches('.');
        let part = part.strip_prefix("quantities.").unwrap_or(part);
        return if part.is_empty() {
            format!("--item {}", number + 1)
        } else {
            format!("--item {}, {part}", number + 1)
        };
    }
    let name = match field {
        "items" => "item",
        "weight_kg" => "weight",
        "seller.territory" => "seller-in",
        other if other.starts_with("rates[") => "rate",
        other if other.starts_with("history.") => "history",
        other => return format!("--{}", other.replace('_', "-")),
    };
    format!("--{name}")
}

fn tell(lines: &[String]) {
    use std::io::Write;
    let mut err = io::stderr().lock();
    let colour = crate::page::colour_wanted(&io::stderr());
    let (on, off) = if colour { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
    // Nothing can be done if standard error is closed.
    for (at, line) in lines.iter().enumerate() {
        let line = plain(line);
        let _ = match at {
            0 => writeln!(err, "{on}error:{off} {line}"),
            _ => writeln!(err, "       {line}"),
        };
    }
}

/// "; did you mean …?" for the nearest of some known words, or nothing.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let word = word.to_lowercase();
    let near = known
        .into_iter()
        .map(|k| (distance(&word, &k.to_lowercase()), k))
        .filter(|(d, k)| *d <= 2 && *d < k.chars().count().max(1))
        .min();
    near.map(|(_, k)| format!("; did you mean \"{k}\"?")).unwrap_or_default()
}

/// Letters to change, add or drop to make one text of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(40).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let next = (diagonal + usize::from(x != *y)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = next;
            left = next;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_flag() {
        for (field, flag) in [
            ("to", "--to"),
            ("known_at", "--known-at"),
            ("items[1].price", "--item 2, price"),
            ("items[0].quantities.l", "--item 1, l"),
            ("items", "--item"),
            ("seller.territory", "--seller-in"),
            ("rates[0].from", "--rate"),
            ("history.year.goods", "--history"),
        ] {
            assert_eq!(flag_of(field), flag);
        }
    }

    #[test]
    fn finds_the_word_meant() {
        assert_eq!(did_you_mean("prise", ["price", "origin"]), "; did you mean \"price\"?");
        assert_eq!(did_you_mean("zzz", ["price", "origin"]), "");
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
    }
}
