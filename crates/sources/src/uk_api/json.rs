//! JSON read into memory with its numbers as they are written.
//!
//! The usual readers turn `144.1` into a binary fraction first; here a number stays text until it is a [`Decimal`].
//! Nesting is bounded by [`MAX_DEPTH`], the size by the caller.
//!
//! [`Decimal`]: tidewaiter::Decimal

/// Deepest nesting of lists and objects.
pub(super) const MAX_DEPTH: usize = 64;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    Text(String),
    List(Vec<Json>),
    /// In the order of the file.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The value of a key; nothing if there is none or this is no object.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub(super) fn as_object(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Object(fields) => Some(fields),
            _ => None,
        }
    }
}

/// Why a text is no JSON that we read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Slip {
    /// Not JSON, at this byte.
    Syntax { at: usize, expected: &'static str },
    /// Nested deeper than [`MAX_DEPTH`].
    Depth,
}

/// Reads one document.
pub(super) fn read(text: &str) -> Result<Json, Slip> {
    let mut reader = Reader { text, at: 0 };
    // A byte order mark is no content.
    if text.starts_with('\u{feff}') {
        reader.at = 3;
    }
    let value = reader.value(0)?;
    reader.space();
    if reader.at < text.len() {
        return reader.fail("the end of the document");
    }
    Ok(value)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn fail<T>(&self, expected: &'static str) -> Result<T, Slip> {
        Err(Slip::Syntax { at: self.at, expected })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn takes(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.at += 1;
        }
        found
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, Slip> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        self.fail("a value")
    }

    fn value(&mut self, depth: usize) -> Result<Json, Slip> {
        if depth > MAX_DEPTH {
            return Err(Slip::Depth);
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.fail("a value"),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, Slip> {
        self.at += 1;
        let mut fields: Vec<(String, Json)> = Vec::new();
        let mut names = std::collections::BTreeSet::new();
        self.space();
        if self.takes(b'}') {
            return Ok(Json::Object(fields));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return self.fail("the name of a field");
            }
            let start = self.at;
            let name = self.string()?;
            if !names.insert(name.clone()) {
                self.at = start;
                return self.fail("each field once");
            }
            self.space();
            if !self.takes(b':') {
                return self.fail("\":\"");
            }
            let value = self.value(depth + 1)?;
            fields.push((name, value));
            self.space();
            if self.takes(b'}') {
                return Ok(Json::Object(fields));
            }
            if !self.takes(b',') {
                return self.fail("\",\" or \"}\"");
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, Slip> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.takes(b']') {
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            if self.takes(b']') {
                return Ok(Json::List(items));
            }
            if !self.takes(b',') {
                return self.fail("\",\" or \"]\"");
            }
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<Json, Slip> {
        let start = self.at;
        self.takes(b'-');
        if self.digits() == 0 {
            return self.fail("a digit");
        }
        if self.takes(b'.') && self.digits() == 0 {
            return self.fail("a digit");
        }
        if self.takes(b'e') || self.takes(b'E') {
            let _ = self.takes(b'+') || self.takes(b'-');
            if self.digits() == 0 {
                return self.fail("a digit");
            }
        }
        Ok(Json::Number(self.text[start..self.at].to_owned()))
    }

    fn string(&mut self) -> Result<String, Slip> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            // Both ends stand at ASCII bytes or the end, so at borders of characters.
            out.push_str(&self.text[start..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                _ => return self.fail("the closing \" of a text"),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Slip> {
        self.at += 1;
        let Some(byte) = self.peek() else { return self.fail("an escape") };
        self.at += 1;
        Ok(match byte {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => {
                self.at -= 1;
                return self.fail("an escape");
            }
        })
    }

    fn unicode(&mut self) -> Result<char, Slip> {
        let high = self.four()?;
        let code = if (0xd800..0xdc00).contains(&high) {
            if !(self.takes(b'\\') && self.takes(b'u')) {
                return self.fail("the second half of a character");
            }
            let low = self.four()?;
            if !(0xdc00..0xe000).contains(&low) {
                return self.fail("the second half of a character");
            }
            0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
        } else {
            high
        };
        char::from_u32(code).map_or_else(|| self.fail("a character"), Ok)
    }

    fn four(&mut self) -> Result<u32, Slip> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4).and_then(|four| std::str::from_utf8(four).ok());
        let number = digits
            .filter(|four| four.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|four| u32::from_str_radix(four, 16).ok());
        match number {
            Some(number) => {
                self.at += 4;
                Ok(number)
            }
            None => self.fail("four hexadecimal digits"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_numbers_as_written() {
        let json = read(r#" {"a": [1, -0.50, 1e3], "b": null, "c": true} "#).unwrap();
        let numbers: Vec<_> = json.get("a").unwrap().as_list().unwrap().iter().filter_map(Json::as_text).collect();
        assert_eq!(numbers, ["1", "-0.50", "1e3"]);
        assert_eq!(json.get("b"), Some(&Json::Null));
        assert_eq!(json.get("none"), None);
    }

    #[test]
    fn reads_escapes_and_other_scripts() {
        assert_eq!(read(r#""a\u00e9\ud83d\ude00\n\"é""#).unwrap(), Json::Text("aé😀\n\"é".into()));
    }

    #[test]
    fn refuses_what_is_no_json() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "nul",
            "01x",
            "1.",
            "-",
            "1e",
            "\"",
            "\"\\x\"",
            "\"\\ud83d\"",
            "\"\\ud83d\\u0041\"",
            "\"\\u12g4\"",
            "\"\\u1",
            "[1] 2",
            "{\"a\":1,\"a\":2}",
            "\"\n\"",
            "{1:2}",
            "+1",
            "\\",
            "\"\\udc00\"",
            "é",
        ] {
            assert!(matches!(read(text), Err(Slip::Syntax { .. })), "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&deep(MAX_DEPTH)).is_ok());
        assert_eq!(read(&deep(MAX_DEPTH + 2)), Err(Slip::Depth));
        assert_eq!(read(&"[".repeat(1_000_000)), Err(Slip::Depth));
        assert_eq!(read(&"{\"a\":".repeat(100_000)), Err(Slip::Depth));
    }
}
