//! The page an answer is written on: as wide as the terminal, in colour only where that helps.

use crate::table::Table;
use std::io::{self, BufWriter, IsTerminal, Write};
use tidewaiter::printed::{self, escaped, obeyed};

/// Widest line, for reading comfort.
const WIDEST: usize = 100;
/// Narrowest line that is laid out; below it lines run over.
const NARROWEST: usize = 40;

/// How a text is set off. No meaning rests on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it is.
    Plain,
    /// Headings and the answer.
    Strong,
    /// Less important.
    Quiet,
    /// Cautions.
    Caution,
}

/// Where answers are written.
pub(crate) struct Page {
    out: Box<dyn Write>,
    /// Characters to a line.
    pub(crate) width: usize,
    colour: bool,
}

impl Page {
    /// Standard output.
    pub(crate) fn stdout() -> Self {
        let out = io::stdout();
        let colour = colour_wanted(&out);
        Self { width: width(), colour, out: Box::new(BufWriter::with_capacity(64 << 10, out)) }
    }

    /// A line as it is, but for control characters.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", plain(text))
    }

    /// An empty line.
    pub(crate) fn gap(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A heading, with an empty line above.
    pub(crate) fn heading(&mut self, text: &str) -> io::Result<()> {
        let text = self.toned(&plain(text), Tone::Strong);
        writeln!(self.out, "\n{text}")
    }

    /// A paragraph.
    pub(crate) fn paragraph(&mut self, text: &str, tone: Tone) -> io::Result<()> {
        self.hanging("", text, tone)
    }

    /// A paragraph whose first line begins with a mark and whose others stand in to match: `- `, `1. `.
    pub(crate) fn hanging(&mut self, mark: &str, text: &str, tone: Tone) -> io::Result<()> {
        let indent = mark.chars().count();
        for (at, line) in wrap(&plain(text), self.width.saturating_sub(indent)).iter().enumerate() {
            let line = self.toned(line, tone);
            match at {
                0 => writeln!(self.out, "{mark}{line}")?,
                _ => writeln!(self.out, "{:indent$}{line}", "")?,
            }
        }
        Ok(())
    }

    /// A bullet.
    pub(crate) fn bullet(&mut self, text: &str) -> io::Result<()> {
        self.hanging("- ", text, Tone::Plain)
    }

    /// A table.
    pub(crate) fn table(&mut self, table: &Table) -> io::Result<()> {
        for (line, tone) in table.lines(self.width) {
            let line = self.toned(line.trim_end(), tone);
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    /// A JSON document, indented, and a line end.
    pub(crate) fn json(&mut self, value: &impl serde::Serialize) -> Result<(), crate::errors::Failure> {
        Ok(self.out.write_all(printed::json(value)?.as_bytes())?)
    }

    /// A JSON document on one line.
    pub(crate) fn json_line(&mut self, value: &impl serde::Serialize) -> Result<(), crate::errors::Failure> {
        Ok(writeln!(self.out, "{}", escaped(serde_json::to_string(value)?))?)
    }

    /// Bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)
    }

    /// Hands over what was written.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn toned(&self, text: &str, tone: Tone) -> String {
        let code = match tone {
            _ if !self.colour || text.is_empty() => return text.to_owned(),
            Tone::Plain => return text.to_owned(),
            Tone::Strong => "1",
            Tone::Quiet => "2",
            Tone::Caution => "33",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// Whether to colour: only on a terminal, and not where `NO_COLOR` is set.
pub(crate) fn colour_wanted(stream: &impl IsTerminal) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    stream.is_terminal() && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
}

fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    let terminal = terminal_size::terminal_size().map(|(w, _)| usize::from(w.0));
    columns.or(terminal).unwrap_or(WIDEST).clamp(NARROWEST, WIDEST)
}

/// The text without characters that could play tricks on a terminal.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if obeyed(c) { ' ' } else { c }).collect()
}

/// A text of any length as a message quotes it.
pub(crate) fn short(text: &str) -> String {
    const MOST: usize = 80;
    let cut: String = text.chars().take(MOST).collect();
    if cut.len() < text.len() { cut + "…" } else { cut }
}

/// Breaks a text at spaces so that lines have at most `width` characters; a longer word stays whole.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split(' ').filter(|w| !w.is_empty()) {
            let length = word.chars().count();
            if used > 0 && used + 1 + length > width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += length;
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_at_spaces() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("indivisible", 3), ["indivisible"]);
        assert_eq!(wrap("", 3), [""]);
        assert_eq!(wrap("a\nb", 3), ["a", "b"]);
    }

    #[test]
    fn strips_controls() {
        assert_eq!(plain("a\x1b[31mb\u{9b}c\n"), "a [31mb c\n");
        assert_eq!(plain("\u{202e}gum\u{2069}\0 خزف"), " gum   خزف");
    }

    #[test]
    fn documents_hold_no_raw_controls() {
        let value = serde_json::json!({ "a": "\u{1b}[2J\u{9b}31m\u{202e}é\n" });
        let text = escaped(value.to_string());
        assert_eq!(text, r#"{"a":"\u001b[2J\u009b31m\u202eé\n"}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).ok(), Some(value));
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!((short("mug"), short(&"é".repeat(81))), ("mug".to_owned(), "é".repeat(80) + "…"));
    }
}
