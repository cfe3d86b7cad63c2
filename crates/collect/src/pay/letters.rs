//! The letters that every bank takes, and what is written in place of others.
//!
//! Guidelines of the European Payments Council (EPC132-08): `a-z A-Z 0-9 / - ? : ( ) . , ' +` and the space. What others become follows the best
//! practices for the extended character set (EPC217-08): a letter with a mark loses it, and what has no counterpart becomes a full stop. Our table of the
//! letters of other alphabets was not compared with the conversion table of that document.

use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Letters that have no mark to lose, and other signs.
const WRITTEN: &[(char, &str)] = &[
    ('ß', "s"),
    ('Æ', "AE"),
    ('æ', "ae"),
    ('Œ', "OE"),
    ('œ', "oe"),
    ('Ø', "O"),
    ('ø', "o"),
    ('Ł', "L"),
    ('ł', "l"),
    ('Đ', "D"),
    ('đ', "d"),
    ('Ð', "D"),
    ('ð', "d"),
    ('Þ', "TH"),
    ('þ', "th"),
    ('Ħ', "H"),
    ('ħ', "h"),
    ('ı', "i"),
    ('ŋ', "n"),
    ('Ŋ', "N"),
    ('ŧ', "t"),
    ('Ŧ', "T"),
    ('&', "+"),
    ('_', "-"),
    ('–', "-"),
    ('—', "-"),
    ('‐', "-"),
    ('‑', "-"),
    (';', ","),
    ('[', "("),
    (']', ")"),
    ('{', "("),
    ('}', ")"),
    ('|', "/"),
    ('\\', "/"),
    ('’', "'"),
    ('‘', "'"),
    ('`', "'"),
    ('´', "'"),
    ('€', "E"),
    ('\u{a0}', " "),
    ('\u{202f}', " "),
    ('Α', "A"),
    ('Β', "V"),
    ('Γ', "G"),
    ('Δ', "D"),
    ('Ε', "E"),
    ('Ζ', "Z"),
    ('Η', "I"),
    ('Θ', "TH"),
    ('Ι', "I"),
    ('Κ', "K"),
    ('Λ', "L"),
    ('Μ', "M"),
    ('Ν', "N"),
    ('Ξ', "X"),
    ('Ο', "O"),
    ('Π', "P"),
    ('Ρ', "R"),
    ('Σ', "S"),
    ('Τ', "T"),
    ('Υ', "Y"),
    ('Φ', "F"),
    ('Χ', "CH"),
    ('Ψ', "PS"),
    ('Ω', "O"),
    ('ς', "s"),
    ('А', "A"),
    ('Б', "B"),
    ('В', "V"),
    ('Г', "G"),
    ('Д', "D"),
    ('Е', "E"),
    ('Ж', "ZH"),
    ('З', "Z"),
    ('И', "I"),
    ('К', "K"),
    ('Л', "L"),
    ('М', "M"),
    ('Н', "N"),
    ('О', "O"),
    ('П', "P"),
    ('Р', "R"),
    ('С', "S"),
    ('Т', "T"),
    ('У', "U"),
    ('Ф', "F"),
    ('Х', "H"),
    ('Ц', "TS"),
    ('Ч', "CH"),
    ('Ш', "SH"),
    ('Щ', "SHT"),
    ('Ъ', "A"),
    ('Ы', "Y"),
    ('Ь', "Y"),
    ('Э', "E"),
    ('Ю', "YU"),
    ('Я', "YA"),
];

/// A text that is written otherwise than it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replaced {
    /// The field.
    pub field: String,
    /// As it was given.
    pub was: String,
    /// As it is written.
    pub is: String,
}

/// Whether every bank takes a letter as it is.
pub fn is_taken(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(sign)
}

/// The text in letters that every bank takes.
pub fn taken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.nfc() {
        write(&mut out, sign);
    }
    out
}

fn write(out: &mut String, sign: char) {
    if is_taken(sign) {
        return out.push(sign);
    }
    if is_combining_mark(sign) {
        return;
    }
    if let Some(other) = other(sign) {
        return out.push_str(&other);
    }
    // The letter beneath the marks, of its kind: the second sign of the decomposition on are marks.
    let bare = std::iter::once(sign).nfd().next().unwrap_or(sign);
    match other(bare) {
        Some(other) => out.push_str(&other),
        None if is_taken(bare) => out.push(bare),
        None => out.push('.'),
    }
}

fn other(sign: char) -> Option<String> {
    let found = |sign: char| WRITTEN.iter().find(|(one, _)| *one == sign).map(|(_, text)| *text);
    if let Some(text) = found(sign) {
        return Some(text.to_owned());
    }
    let mut capital = sign.to_uppercase();
    match (capital.next(), capital.next()) {
        (Some(capital), None) if capital != sign => found(capital).map(str::to_ascii_lowercase),
        _ => None,
    }
}
