//! The words, numbers and signs of a text.

use super::{SyntaxError, shorten};

/// What a token is. Slips that people often make are tokens too, so that they are reported where they matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Digits with at most one point inside: `12.5`.
    Number,
    /// Letters, digits, `.`, `_` and `-`, beginning with a letter or digit, that are not a number: `gb.duty`, `61-63`.
    Word,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `%`
    Percent,
    /// `@`
    At,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `:`
    Colon,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `=`
    Equal,
    /// Not part of the grammar, with a hint.
    Slip(&'static str),
    /// Behind the last token.
    End,
}

impl Kind {
    /// Whether a sum, product or comparison goes on with it, so that what stood before was an amount.
    pub(super) const fn continues_amount(self) -> bool {
        matches!(
            self,
            Self::Plus
                | Self::Minus
                | Self::Star
                | Self::Less
                | Self::AtMost
                | Self::More
                | Self::AtLeast
                | Self::Equal
        )
    }
}

/// A token and where it stands, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    pub(super) offset: usize,
}

/// Splits a text into tokens, the last one [`Kind::End`].
pub(super) fn split(text: &str) -> Result<Vec<Token<'_>>, SyntaxError> {
    if text.len() > super::MAX_TEXT {
        return Err(SyntaxError {
            offset: 0,
            found: format!("a text of {} bytes", text.len()),
            expected: format!("at most {} bytes", super::MAX_TEXT),
            hint: Some("give parts names under [bases], or use several rungs".into()),
        });
    }
    let mut tokens = Vec::with_capacity(text.len() / 4 + 1);
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let offset = text.len() - rest.len();
        let Some(first) = rest.chars().next() else {
            tokens.push(Token { kind: Kind::End, text: "", offset });
            return Ok(tokens);
        };
        let (kind, length) = if first.is_ascii_alphanumeric() {
            let length = rest.bytes().take_while(|byte| is_word_byte(*byte)).count();
            (if is_number(&rest[..length]) { Kind::Number } else { Kind::Word }, length)
        } else {
            sign(rest, first, tokens.last(), offset)
        };
        tokens.push(Token { kind, text: &rest[..length], offset });
        rest = &rest[length..];
    }
}

/// Whether a byte can stand inside a word.
const fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

/// Digits, and digits after one point if there is one.
pub(super) fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(text),
    }
}

/// The sign at the start of `rest`, and its length in bytes.
fn sign(rest: &str, first: char, before: Option<&Token<'_>>, offset: usize) -> (Kind, usize) {
    for (slip, hint) in LONG_SLIPS {
        if rest.starts_with(slip) {
            return (Kind::Slip(hint), slip.len());
        }
    }
    if rest.starts_with("<=") {
        return (Kind::AtMost, 2);
    }
    if rest.starts_with(">=") {
        return (Kind::AtLeast, 2);
    }
    let kind = match first {
        '+' => Kind::Plus,
        '-' => Kind::Minus,
        '*' => Kind::Star,
        '%' => Kind::Percent,
        '@' => Kind::At,
        '(' => Kind::Open,
        ')' => Kind::Close,
        ',' if is_decimal_comma(rest, before, offset) => Kind::Slip(
            "numbers take a point (12.5) and no thousands separators; between two arguments put a space after the comma",
        ),
        ',' => Kind::Comma,
        ';' => Kind::Semicolon,
        ':' => Kind::Colon,
        '<' => Kind::Less,
        '>' => Kind::More,
        '=' => Kind::Equal,
        '/' => Kind::Slip(
            "multiply by a number instead (0.5 * goods), or write per for an amount for each unit (3 EUR per kg)",
        ),
        '.' => Kind::Slip("a number begins with a digit: 0.5"),
        '&' => Kind::Slip("write and"),
        '|' => Kind::Slip("write or"),
        '!' => Kind::Slip("write not"),
        '≤' => Kind::Slip("write <="),
        '≥' => Kind::Slip("write >="),
        '≠' => Kind::Slip("write not (… = …)"),
        '×' | '·' => Kind::Slip("write *"),
        '−' | '–' | '—' => Kind::Slip("write a plain minus sign: -"),
        '€' | '$' | '£' | '¥' => Kind::Slip("write the three letters of the currency after the number: 5 EUR"),
        '\u{a0}' | '\u{202f}' | '\u{2009}' => Kind::Slip("this is a special space; write a plain one"),
        _ => Kind::Slip("this sign has no meaning here"),
    };
    (kind, first.len_utf8())
}

/// Signs of two characters that belong to other languages.
const LONG_SLIPS: &[(&str, &str)] = &[
    ("=<", "write <="),
    ("=>", "write >="),
    ("==", "write ="),
    ("<>", "write not (… = …)"),
    ("!=", "write not (… = …)"),
    ("&&", "write and"),
    ("||", "write or"),
];

/// `12,5`: a comma with a number on its left and a digit on its right, no space between.
fn is_decimal_comma(rest: &str, before: Option<&Token<'_>>, offset: usize) -> bool {
    rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
        && before.is_some_and(|token| token.kind == Kind::Number && token.offset + token.text.len() == offset)
}

impl Token<'_> {
    /// The token as shown in an error.
    pub(super) fn shown(&self) -> String {
        if self.kind == Kind::End { "the end".into() } else { format!("\"{}\"", shorten(self.text)) }
    }
}
