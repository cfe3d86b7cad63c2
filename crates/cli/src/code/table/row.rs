//! One row: its own cells as they are, then ours.

use crate::args::CodeArgs;
use serde_json::{Map, Value, json};
use tidewaiter_bulk::{RowError, TextRow, TextTable, cells_of};
use tidewaiter_finder::{Answer, Finder, NoSuchAnswer, Query};

/// Our columns.
const OURS: [&str; 7] = ["code", "title", "confidence", "second", "second_confidence", "review", "question"];

/// A code less likely than this, in percent, is for review.
const REVIEW_BELOW: u8 = 60;

/// Whether a person must look, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sure,
    /// The words say too little.
    Vague,
    /// It is one of two codes, and not clear which.
    Close,
    /// No code is likely.
    Unlikely,
    /// The row cannot be read.
    Unreadable,
}

impl Kind {
    pub(super) const ALL: [Self; 5] = [Self::Sure, Self::Vague, Self::Close, Self::Unlikely, Self::Unreadable];

    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Sure => "",
            Self::Vague => "vague",
            Self::Close => "close",
            Self::Unlikely => "unlikely",
            Self::Unreadable => "unreadable",
        }
    }
}

/// How rows are made.
pub(super) struct Rows<'a> {
    args: &'a CodeArgs,
    names: Vec<String>,
    column: usize,
    separator: u8,
    ours: [String; OURS.len()],
}

/// What is told of a row.
struct Told {
    kind: Kind,
    cells: [Value; OURS.len()],
}

impl<'a> Rows<'a> {
    pub(super) fn new(args: &'a CodeArgs, table: &TextTable, column: usize) -> Self {
        let names: Vec<String> = table.names.iter().map(|name| name.trim().to_owned()).collect();
        // A column of the user's keeps its name, and ours gets another.
        let ours = OURS.map(|ours| match names.iter().any(|name| name.eq_ignore_ascii_case(ours)) {
            true => format!("found_{ours}"),
            false => ours.to_owned(),
        });
        Self { args, names, column, separator: table.separator, ours }
    }

    /// The line of names; nothing where each row is a JSON document.
    pub(super) fn head(&self, table: &TextTable) -> Vec<u8> {
        if self.args.json {
            return Vec::new();
        }
        let mark: &[u8] = if table.marked { "\u{feff}".as_bytes() } else { b"" };
        let mut out = [mark, table.head.as_bytes()].concat();
        for name in &self.ours {
            out.push(self.separator);
            out.extend_from_slice(name.as_bytes());
        }
        out.push(b'\n');
        out
    }

    /// The codes of a text.
    pub(super) fn code(&self, text: &str) -> Result<Answer, NoSuchAnswer> {
        let query = self.args.answers.iter().fold(Query::new(text).most(2), |query, (q, a)| query.answer(q, a));
        Finder::embedded().ask(&Query { language: self.args.lang.map(Into::into), ..query })
    }

    /// Writes a row. One that cannot be read is written too, with a mark.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(super) fn write(&self, row: &TextRow, out: &mut Vec<u8>) -> Result<Kind, RowError> {
        let cells = cells_of(row, self.separator, self.names.len());
        let told = match &cells {
            Ok(cells) => self.told(cells.get(self.column).map_or("", String::as_str)),
            Err(error) => Told::of(Kind::Unreadable, error),
        };
        if self.args.json {
            self.write_json(row, cells.as_ref().ok(), &told, out);
        } else {
            self.write_cells(row, &cells, &told, out);
        }
        cells.map(|_| told.kind)
    }

    fn told(&self, text: &str) -> Told {
        // The answers were held against the questions before.
        let Ok(answer) = self.code(text) else { return Told::of(Kind::Vague, &"") };
        if let Some(advice) = answer.advice {
            return Told::of(Kind::Vague, &advice);
        }
        let [first, rest @ ..] = answer.codes.as_slice() else { return Told::of(Kind::Vague, &"") };
        let second = rest.first();
        let (sure, next) = (first.percent(), second.map_or(0, |second| second.percent()));
        let least = self.args.table.review_below.unwrap_or(REVIEW_BELOW);
        let (kind, review) = match second {
            _ if sure >= least => (Kind::Sure, String::new()),
            Some(second) if u16::from(sure) + u16::from(next) >= u16::from(least) => {
                (Kind::Close, format!("close: {} {sure} % / {} {next} %", first.code, second.code))
            }
            _ => (Kind::Unlikely, "unlikely".to_owned()),
        };
        let question = answer.question.filter(|_| kind != Kind::Sure).map(|asking| {
            let answers: Vec<&str> = asking.answers.iter().map(|(_, words)| words.as_str()).collect();
            format!("{} ({})", asking.asks, answers.join("; "))
        });
        let cells = [
            json!(first.code),
            json!(first.title),
            json!(sure),
            json!(second.map(|second| &second.code)),
            json!(second.map(|second| second.percent())),
            json!(review),
            json!(question),
        ];
        Told { kind, cells }
    }

    fn write_cells(&self, row: &TextRow, cells: &Result<Vec<String>, RowError>, told: &Told, out: &mut Vec<u8>) {
        let text = String::from_utf8_lossy(&row.bytes);
        match cells {
            // As it stands, but for bytes that are no text.
            Ok(_) if self.names.len() > 1 => out.extend_from_slice(&row.bytes),
            Err(RowError::NotText(_)) if parted(&text, self.separator, self.names.len()) => {
                out.extend_from_slice(text.as_bytes());
            }
            Ok(cells) => self.put(cells.first().map_or("", String::as_str), out),
            // Its columns cannot be told: the whole row stands in the first.
            Err(_) => {
                self.put(&text, out);
                out.extend(std::iter::repeat_n(self.separator, self.names.len() - 1));
            }
        }
        for cell in &told.cells {
            out.push(self.separator);
            match cell {
                Value::String(text) => self.put(text, out),
                Value::Null => {}
                other => out.extend_from_slice(other.to_string().as_bytes()),
            }
        }
        out.push(b'\n');
    }

    fn write_json(&self, row: &TextRow, cells: Option<&Vec<String>>, told: &Told, out: &mut Vec<u8>) {
        let mut document = Map::new();
        document.insert("line".into(), json!(row.line));
        match cells {
            Some(cells) => {
                let row: Map<String, Value> = self.names.iter().cloned().zip(cells.iter().map(|c| json!(c))).collect();
                document.insert("row".into(), Value::Object(row));
            }
            None => {
                document.insert("text".into(), json!(String::from_utf8_lossy(&row.bytes)));
            }
        }
        document.extend(OURS.iter().map(|name| (*name).to_owned()).zip(told.cells.iter().cloned()));
        out.extend_from_slice(Value::Object(document).to_string().as_bytes());
        out.push(b'\n');
    }

    /// A cell, in quotation marks where it must be.
    fn put(&self, cell: &str, out: &mut Vec<u8>) {
        if cell.bytes().any(|b| b == self.separator || matches!(b, b'"' | b'\n' | b'\r')) {
            out.push(b'"');
            out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
    }
}

/// Whether a text has the cells that it should have.
fn parted(text: &str, separator: u8, expected: usize) -> bool {
    let row = TextRow { line: 0, bytes: text.as_bytes().to_vec() };
    expected > 1 && cells_of(&row, separator, expected).is_ok()
}

impl Told {
    /// Nothing but why a person must look.
    fn of(kind: Kind, why: &dyn std::fmt::Display) -> Self {
        let mut cells = [const { Value::Null }; OURS.len()];
        let why = why.to_string();
        cells[5] = json!(if why.is_empty() { kind.key().to_owned() } else { format!("{}: {why}", kind.key()) });
        Self { kind, cells }
    }
}

#[cfg(test)]
mod tests {
    use tidewaiter_finder::Finder;

    /// What goes into our cells besides numbers and fixed words: a spreadsheet takes none of it for a formula.
    #[test]
    fn no_cell_of_ours_begins_a_formula() {
        let index = Finder::embedded().index();
        let titles = index.codes.iter().flat_map(|code| &code.titles);
        let questions = index.questions.iter().flat_map(|question| &question.asks);
        let mut all = 0;
        for text in titles.chain(questions).flatten() {
            assert!(!text.starts_with(['=', '+', '-', '@', '\t', '\r']), "{text}");
            all += 1;
        }
        assert!(all > 5_613);
    }
}
