//! Reading what others wrote: with limits, and with errors that name the place.

use crate::errors::{Failure, did_you_mean};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use tidewaiter::Consignment;

/// Largest file with one question.
pub(crate) const MAX_QUESTION_BYTES: u64 = 16 << 20;
/// Longest line of a stream.
pub(crate) const MAX_LINE_BYTES: usize = 1 << 20;
/// Largest economy file or table.
pub(crate) const MAX_TABLE_BYTES: u64 = 64 << 20;

/// Reads a text file of bounded size.
///
/// # Errors
/// A sentence with the file's name.
pub(crate) fn text(path: &Path, most: u64) -> Result<String, String> {
    let name = path.display();
    let file = File::open(path).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => format!("there is no file {name}"),
        _ => format!("cannot open {name}: {e}"),
    })?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(format!("{name} is a folder, not a file"));
    }
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(|e| format!("cannot read {name}: {e}"))?;
    if bytes.len() as u64 > most {
        return Err(format!("{name} is larger than {} MB", most >> 20));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(format!("{name} is empty"));
    }
    // Windows editors put a mark before UTF-8 text; it means nothing.
    let start = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    String::from_utf8(bytes.split_off(start)).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        let line = e.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1;
        format!("{name}:{line}: the text is not UTF-8 (byte {at}); save it as UTF-8")
    })
}

/// Reads a question file.
///
/// # Errors
/// [`Failure::Usage`] with file, line, column and field.
pub(crate) fn question_file(path: &Path) -> Result<Consignment, Failure> {
    let text = text(path, MAX_QUESTION_BYTES).map_err(Failure::usage)?;
    question(&text).map_err(|e| Failure::usage(format!("{}:{}:{}: {}", path.display(), e.line, e.column, e.message)))
}

/// Why a JSON text is no question.
#[derive(Debug)]
pub(crate) struct QuestionError {
    /// From 1.
    pub(crate) line: usize,
    /// From 1.
    pub(crate) column: usize,
    /// The field, what is wrong and what to do.
    pub(crate) message: String,
}

/// Reads a question.
///
/// # Errors
/// [`QuestionError`] for the first place that does not fit.
pub(crate) fn question(text: &str) -> Result<Consignment, QuestionError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let wrong = |e: &serde_json::Error, path: String| QuestionError {
        line: e.line(),
        column: e.column(),
        message: message(e, &path),
    };
    let asked = serde_path_to_error::deserialize(&mut reader).map_err(|e| wrong(e.inner(), e.path().to_string()))?;
    reader.end().map_err(|e| wrong(&e, ".".into()))?;
    Ok(asked)
}

/// serde's message in our words, with the field before it.
fn message(error: &serde_json::Error, path: &str) -> String {
    let text = error.to_string();
    // The place is told by the caller.
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(before, _)| before);
    let text = match text.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`')) {
        Some((field, known)) => {
            let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
            let near = did_you_mean(field, known.iter().copied());
            let help = if near.is_empty() { format!("; known here: {}", known.join(", ")) } else { near };
            format!("there is no such field{help}")
        }
        None if text.starts_with("missing field") => {
            format!("{text} (`tidewaiter schema consignment` lists the fields)")
        }
        None if error.is_eof() => "the JSON ends before it is complete".into(),
        None if text.starts_with("recursion limit") => "the JSON is nested too deeply".into(),
        None => text.to_owned(),
    };
    if path == "." || path.ends_with('?') || path.is_empty() { text } else { format!("{path}: {text}") }
}

/// A line of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Its text.
    Text(String),
    /// Why it cannot be used.
    Bad(&'static str),
}

/// Reads lines of bounded length: whatever comes in, memory stays constant.
pub(crate) struct Lines<R> {
    reader: BufReader<R>,
    bytes: Vec<u8>,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(reader: BufReader<R>) -> Self {
        Self { reader, bytes: Vec::new() }
    }

    /// Whether everything that has arrived was taken.
    pub(crate) fn is_drained(&self) -> bool {
        self.reader.buffer().is_empty()
    }

    /// The next line, or nothing at the end.
    ///
    /// # Errors
    /// What the reader gives.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line>> {
        self.bytes.clear();
        let mut any = false;
        let mut long = false;
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            if chunk.is_empty() {
                break;
            }
            any = true;
            let end = chunk.iter().position(|b| *b == b'\n');
            let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            long = long || self.bytes.len() + part.len() > MAX_LINE_BYTES;
            if !long {
                self.bytes.extend_from_slice(part);
            }
            let used = end.map_or(chunk.len(), |at| at + 1);
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        if long {
            return Ok(Some(Line::Bad("the line is longer than 1 MB")));
        }
        Ok(Some(match std::str::from_utf8(&self.bytes) {
            Ok(text) => Line::Text(text.trim().trim_start_matches('\u{feff}').to_owned()),
            Err(_) => Line::Bad("the line is not UTF-8"),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        question(text).unwrap_err().message
    }

    #[test]
    fn names_the_field() {
        let head = r#"{"to":"DE","currency":"EUR","items":[{"#;
        assert!(
            wrong(&format!(r#"{head}"price":"12,50"}}]}}"#)).starts_with("items[0].price: \"12,50\" is not a number")
        );
        assert!(
            wrong(&format!(r#"{head}"prise":"1"}}]}}"#))
                .contains("items[0].prise: there is no such field; did you mean \"price\"?")
        );
        assert!(wrong(r#"{"to":"DE","items":[]}"#).contains("missing field `currency`"));
        assert!(wrong(&format!("{}{}", "[".repeat(500), "]".repeat(500))).len() < 200);
        assert!(wrong("{} {}").contains("missing field"));
        assert!(
            wrong(&format!(r#"{{"to":"DE","currency":"EUR","items":[],"facts":{}"#, "{\"a\":".repeat(300)))
                .contains("boolean")
        );
    }

    #[test]
    fn bounds_lines() {
        let mut text = vec![b'x'; MAX_LINE_BYTES + 5];
        text.extend_from_slice(b"\nok\n\xff\n\nlast");
        let mut lines = Lines::new(BufReader::with_capacity(1000, text.as_slice()));
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push(line);
        }
        let text = |t: &str| Line::Text(t.into());
        assert_eq!(
            all,
            [
                Line::Bad("the line is longer than 1 MB"),
                text("ok"),
                Line::Bad("the line is not UTF-8"),
                text(""),
                text("last")
            ]
        );
    }
}
