//! Signs beside words, as each language sets them: French puts a space that does not break before `: ; ! ?` and inside its quotation
//! marks.
//!
//! In the files of words that space is a plain one: nobody sees in an editor which is which. It becomes one that does not break when the
//! files are read.

use super::Lang;
use std::borrow::Cow;

/// A space at which no line breaks.
const SPACE: char = '\u{a0}';

/// A file of words with the spaces of its language.
pub(super) fn set<'a>(tag: &str, text: &'a str) -> Cow<'a, str> {
    if tag != "fr" {
        return text.into();
    }
    let mut set = String::with_capacity(text.len() + text.len() / 16);
    let mut signs = text.chars().peekable();
    let mut last = '\n';
    while let Some(sign) = signs.next() {
        let before = matches!(signs.peek(), Some(':' | ';' | '!' | '?' | '»' | '%'));
        last = if sign == ' ' && (before || last == '«') { SPACE } else { sign };
        set.push(last);
    }
    set.into()
}

impl Lang {
    /// Between a name and what is said of it.
    pub(crate) fn colon(self) -> &'static str {
        if self.tag() == "fr" { "\u{a0}: " } else { ": " }
    }

    /// Between parts that have commas of their own.
    pub(crate) fn semicolon(self) -> &'static str {
        if self.tag() == "fr" { "\u{a0}; " } else { "; " }
    }

    /// Words of somebody else.
    pub(crate) fn quoted(self, text: &str) -> String {
        match self.tag() {
            "fr" => format!("«\u{a0}{text}\u{a0}»"),
            "es" => format!("«{text}»"),
            _ => format!("“{text}”"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::FILES;
    use super::*;

    /// What is written to programs: it stays as they read it.
    const CODE: [&str; 2] = ["Authorization: Bearer", "Idempotency-Key"];

    /// What breaks the rules of French in a line.
    fn breaks(line: &str) -> Option<String> {
        let line = CODE.iter().fold(line.to_owned(), |line, code| line.replace(code, "code"));
        let signs: Vec<char> = line.chars().collect();
        let narrow = |sign: Option<&char>| matches!(sign, Some('\u{a0}' | '\u{202f}'));
        for (at, sign) in signs.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| signs.get(at));
            let after = signs.get(at + 1);
            // A sign before a letter or digit belongs to an address or a key: https://, EUR:CNY.
            let ends = after.is_none_or(|next| !next.is_alphanumeric() && *next != '/');
            let wrong = match sign {
                ':' | ';' | '!' | '?' => ends && !narrow(before),
                '»' => !narrow(before),
                '«' => !narrow(after),
                '“' | '”' | '"' => true,
                '\'' => before.is_some_and(|b| b.is_alphabetic()) && after.is_some_and(|a| a.is_alphabetic()),
                _ => false,
            };
            if wrong {
                return Some(line);
            }
        }
        None
    }

    #[test]
    fn french_is_set_as_french() {
        let files = FILES.iter().find(|(tag, _)| *tag == "fr").map(|(_, files)| *files).unwrap();
        assert!(files.len() > 10);
        let mut wrong = Vec::new();
        for file in files {
            let lines = set("fr", file);
            wrong.extend(lines.lines().filter(|line| !line.starts_with('#')).filter_map(breaks));
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn what_is_not_set_as_french_is_found() {
        for wrong in ["Attention: ici", "Attention : ici", "Quoi?", "« ici »", "«ici»", "l’unité;", "“ici”", "l'unité"]
        {
            assert!(breaks(wrong).is_some(), "{wrong}");
            assert!(breaks(&format!("écrivez https://… {wrong}")).is_some(), "{wrong}");
        }
        assert_eq!(breaks(&set("fr", "Vouliez-vous dire « { $near } » ; ou https://… ? EUR:CNY:7.8")), None);
    }

    #[test]
    fn other_languages_stay_as_they_are_written() {
        assert_eq!(set("es", "¿Qué : eso ?"), "¿Qué : eso ?");
        assert_eq!(Lang::FIRST.quoted("kept"), "“kept”");
        assert_eq!(Lang::of_tag("fr").unwrap().quoted("gardé"), "«\u{a0}gardé\u{a0}»");
    }
}
