//! JSON files that are one long array: its items, one at a time, without holding the array.
//!
//! The framer looks at bytes only: it finds where an item of the top-level array begins and ends, knows strings and
//! escapes, and leaves the rest to `serde_json`. An item may be as long as [`crate::Limits::record`] allows, brackets may
//! nest to [`MAX_DEPTH`].
//!
//! ```
//! use tidewaiter_sources::{Limits, Source, json_items::Items};
//! let mut source = Source::new("a.json", std::io::Cursor::new(r#"[ {"a":"]"}, 7 ]"#), Limits::default())?;
//! let mut items = Items::new(&mut source);
//! let mut item = Vec::new();
//! assert!(items.next_into(&mut item)? && item == br#"{"a":"]"}"#);
//! assert!(items.next_into(&mut item)? && item == b"7");
//! assert!(!items.next_into(&mut item)?);
//! # Ok::<(), tidewaiter_sources::ImportError>(())
//! ```

use crate::{ImportError, Source};
use std::io::BufRead;

/// Most levels of brackets inside an item.
pub const MAX_DEPTH: u32 = 64;

/// Where the reader stands between items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    FirstItem,
    AfterComma,
    AfterItem,
    End,
}

/// The items of a top-level array.
#[derive(Debug)]
pub struct Items<'s> {
    source: &'s mut Source,
    place: Place,
    row: u64,
}

impl<'s> Items<'s> {
    /// Reads the array in a file.
    pub const fn new(source: &'s mut Source) -> Self {
        Self { source, place: Place::Start, row: 0 }
    }

    /// Number of the item that was read last, from 1.
    pub const fn row(&self) -> u64 {
        self.row
    }

    /// Name of the file.
    pub fn name(&self) -> &str {
        self.source.name()
    }

    /// Puts the bytes of the next item into `item`; false at the end of the array.
    ///
    /// # Errors
    /// Where the file cannot be read, is no array, ends too early, goes on after the array, is too large or too deep.
    pub fn next_into(&mut self, item: &mut Vec<u8>) -> Result<bool, ImportError> {
        item.clear();
        self.source.next_record();
        loop {
            let Some(byte) = self.peek()? else {
                return match self.place {
                    Place::End => Ok(false),
                    _ => Err(self.not_this("the file ends before the array does; it was cut short")),
                };
            };
            if byte.is_ascii_whitespace() {
                self.source.consume(1);
                continue;
            }
            match (self.place, byte) {
                // A byte order mark before the array.
                (Place::Start, 0xef | 0xbb | 0xbf) => self.source.consume(1),
                (Place::Start, b'[') => {
                    self.place = Place::FirstItem;
                    self.source.consume(1);
                }
                (Place::Start, _) => return Err(self.not_this("expected a JSON array, \"[\", as the first character")),
                (Place::FirstItem | Place::AfterItem, b']') => {
                    self.place = Place::End;
                    self.source.consume(1);
                }
                (Place::AfterItem, b',') => {
                    self.place = Place::AfterComma;
                    self.source.consume(1);
                }
                (Place::AfterItem, _) => {
                    return Err(self.not_this(&format!("expected \",\" or \"]\" after item {}", self.row)));
                }
                (Place::End, _) => return Err(self.not_this("there is more after the end of the array")),
                (Place::FirstItem | Place::AfterComma, b',' | b']' | b'}' | b':') => {
                    return Err(self.not_this(&format!("expected an item after item {}", self.row)));
                }
                (Place::FirstItem | Place::AfterComma, _) => {
                    self.item(item)?;
                    self.row += 1;
                    self.place = Place::AfterItem;
                    return Ok(true);
                }
            }
        }
    }

    fn item(&mut self, item: &mut Vec<u8>) -> Result<(), ImportError> {
        let (mut depth, mut in_string, mut escaped) = (0u32, false, false);
        loop {
            let buffer = match self.source.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) => return Err(self.source.explain(error)),
            };
            if buffer.is_empty() {
                return Err(self.not_this(&format!("the file ends inside item {}", self.row + 1)));
            }
            let mut used = 0;
            let mut done = false;
            let mut deep = false;
            for &byte in buffer {
                if in_string {
                    used += 1;
                    match byte {
                        _ if escaped => escaped = false,
                        b'\\' => escaped = true,
                        b'"' => {
                            in_string = false;
                            done = depth == 0;
                        }
                        _ => {}
                    }
                } else {
                    match byte {
                        b'"' => in_string = true,
                        b'{' | b'[' => {
                            depth += 1;
                            deep = depth > MAX_DEPTH;
                        }
                        // The end of the array, or the comma after a plain number or word: not of this item.
                        b'}' | b']' | b',' if depth == 0 => {
                            done = true;
                            break;
                        }
                        b'}' | b']' => {
                            depth -= 1;
                            done = depth == 0;
                        }
                        _ => {}
                    }
                    used += 1;
                }
                if done || deep {
                    break;
                }
            }
            item.extend_from_slice(&buffer[..used]);
            self.source.consume(used);
            if deep {
                return Err(ImportError::TooLarge {
                    file: self.source.name().to_owned(),
                    what: "the nesting of brackets in one item",
                    limit: u64::from(MAX_DEPTH),
                    hint: "the file is damaged or not of this format",
                });
            }
            if done {
                while item.last().is_some_and(u8::is_ascii_whitespace) {
                    item.pop();
                }
                return Ok(());
            }
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, ImportError> {
        match self.source.fill_buf() {
            Ok(buffer) => Ok(buffer.first().copied()),
            Err(error) => Err(self.source.explain(error)),
        }
    }

    fn not_this(&self, reason: &str) -> ImportError {
        ImportError::NotThisFormat { file: self.source.name().to_owned(), reason: reason.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn all(text: &str, limits: Limits) -> Result<Vec<String>, String> {
        let mut source = Source::new("a.json", std::io::Cursor::new(text.as_bytes().to_vec()), limits).unwrap();
        let mut items = Items::new(&mut source);
        let (mut item, mut out) = (Vec::new(), Vec::new());
        loop {
            match items.next_into(&mut item) {
                Ok(true) => out.push(String::from_utf8(item.clone()).unwrap()),
                Ok(false) => return Ok(out),
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    fn read(text: &str) -> Result<Vec<String>, String> {
        all(text, Limits::default())
    }

    #[test]
    fn items_are_told_apart() {
        assert_eq!(read("[]").unwrap(), Vec::<String>::new());
        assert_eq!(
            read(" [ 1 , \"a,]\\\"\" ,{\"b\":[1,{}]} , null ]\n").unwrap(),
            ["1", "\"a,]\\\"\"", "{\"b\":[1,{}]}", "null"]
        );
        assert_eq!(read("\u{feff}[1]").unwrap(), ["1"]);
    }

    #[test]
    fn what_is_no_array_is_refused() {
        for (text, said) in [
            ("", "ends before"),
            ("{}", "expected a JSON array"),
            ("[1", "ends inside item 1"),
            ("[{\"a\":1}", "ends before"),
            ("[{\"a\":", "ends inside item 1"),
            ("[\"a", "ends inside item 1"),
            ("[1,]", "after item 1"),
            ("[,1]", "after item 0"),
            ("[1}", "after item 1"),
            ("[{} {}]", "after item 1"),
            ("[] x", "more after the end"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let deep = format!("[{}{}]", "[".repeat(64), "]".repeat(64));
        assert_eq!(read(&deep).unwrap().len(), 1);
        let deeper = format!("[{}", "[".repeat(65));
        assert!(read(&deeper).unwrap_err().contains("nesting"));
        let long = format!("[\"{}\"]", "a".repeat(1 << 18));
        let limits = Limits { bytes: 1 << 20, record: 1 << 12 };
        assert!(all(&long, limits).unwrap_err().contains("one record"));
    }
}
