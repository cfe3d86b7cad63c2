//! Recursive descent, one function for each rule of the grammar.

mod amount;
mod condition;

use super::tokens::{Kind, Token, is_number, split};
use super::{MAX_DEPTH, Rounding, Stage, SyntaxError, is_currency, is_key, is_name};
use crate::decimal::{Decimal, RoundingMode};
use crate::record::expression::{
    Amount, Cash, Channel, Compare, Component, Condition, Family, Mode, Sale, Scope, Slice, Which,
};
use crate::record::print::ROUNDING_MODES;
use crate::unit;

/// Deepest recursion. A tree level takes at most two, itself and its parentheses.
const MAX_NESTING: usize = 4 * MAX_DEPTH;
/// Most words of a unit's key.
const UNIT_WORDS: usize = 4;

/// Words that begin an amount.
const AMOUNT_WORDS: &[&str] =
    &["relieved", "base", "tariff", "max", "min", "clamp", "if", "rounded", "bands", "gross-up", "relief", "quantity"];
/// Words that begin a condition.
const CONDITION_WORDS: &[&str] = &[
    "always",
    "gift",
    "any",
    "no",
    "only",
    "origin",
    "shipped",
    "seller",
    "region",
    "buyer",
    "sale",
    "channel",
    "mode",
    "declaration",
    "fact",
    "claims",
    "document",
    "quantity",
    "weight",
    "imports",
    "reading",
];
/// Words that join.
const JOINING_WORDS: &[&str] =
    &["and", "or", "not", "of", "per", "in", "is", "from", "else", "registered", "up", "to", "than"];

const COMPARISON: &str = "a comparison (<=, <, >, >= or =)";

/// Whether a word belongs to the language and can name nothing else.
pub(super) fn is_reserved(text: &str) -> bool {
    component(text).is_some()
        || AMOUNT_WORDS.contains(&text)
        || CONDITION_WORDS.contains(&text)
        || JOINING_WORDS.contains(&text)
}

/// What was likely meant by a word that could be a name and looks like a slip: `5eur`, `goods-150`.
pub(super) fn name_slip(text: &str) -> Option<String> {
    if let Some((number, rest)) = joined_number(text) {
        let currency = rest.len() == 3 && rest.bytes().all(|byte| byte.is_ascii_alphabetic());
        if currency || unit::find(rest).is_some() {
            return Some(format!("put a space after the number: {number} {rest}"));
        }
    }
    let part = |text: &str| component(text).is_some() || text == "base";
    let minus = text.match_indices('-').find(|(place, _)| {
        let (left, right) = (&text[..*place], &text[place + 1..]);
        part(left) && (right.is_empty() || is_number(right) || part(right))
    });
    minus.map(|(place, _)| {
        let (left, right) = (&text[..place], &text[place + 1..]);
        format!("put spaces round a minus sign: {}", format!("{left} - {right}").trim_end())
    })
}

/// `5EUR`: a number and the letters that stick to it.
fn joined_number(text: &str) -> Option<(&str, &str)> {
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let (number, rest) = (&text[..digits], &text[digits..]);
    (is_number(number) && rest.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())).then_some((number, rest))
}

fn component(text: &str) -> Option<Component> {
    choose(Component::WORDS, text)
}

fn choose<T: Copy>(words: &[(&str, T)], text: &str) -> Option<T> {
    words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value)
}

fn list<T>(words: &[(&str, T)]) -> String {
    words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}

pub(super) struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    at: usize,
    nesting: usize,
    /// `per item` and the like are left for the comparison around this amount.
    scope_follows: bool,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Result<Self, SyntaxError> {
        Ok(Self { tokens: split(text)?, at: 0, nesting: 0, scope_follows: false })
    }

    // ---- Tokens

    fn ahead(&self, count: usize) -> Token<'t> {
        let end = Token { kind: Kind::End, text: "", offset: 0 };
        self.tokens.get(self.at + count).or(self.tokens.last()).copied().unwrap_or(end)
    }

    fn token(&self) -> Token<'t> {
        self.ahead(0)
    }

    fn step(&mut self) -> Token<'t> {
        let token = self.token();
        self.at += 1;
        token
    }

    fn fail(&self, expected: impl Into<String>) -> SyntaxError {
        let token = self.token();
        let hint = match token.kind {
            Kind::Slip(hint) => Some(hint.to_owned()),
            _ => None,
        };
        SyntaxError { offset: token.offset, found: token.shown(), expected: expected.into(), hint }
    }

    /// The hint of a slip in the text goes before the one given here.
    fn fail_with(&self, expected: impl Into<String>, hint: impl Into<String>) -> SyntaxError {
        let mut error = self.fail(expected);
        error.hint = error.hint.or(Some(hint.into()));
        error
    }

    fn is_word(&self, word: &str) -> bool {
        let token = self.token();
        token.kind == Kind::Word && token.text == word
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.at += 1;
        }
        found
    }

    pub(super) fn word(&mut self, word: &str) -> Result<(), SyntaxError> {
        if self.takes_word(word) { Ok(()) } else { Err(self.fail(format!("\"{word}\""))) }
    }

    fn sign(&mut self, kind: Kind, shown: &str) -> Result<(), SyntaxError> {
        if self.token().kind == kind {
            self.at += 1;
            return Ok(());
        }
        Err(self.fail(shown))
    }

    fn takes(&mut self, kind: Kind) -> bool {
        let found = self.token().kind == kind;
        if found {
            self.at += 1;
        }
        found
    }

    fn enter(&mut self) -> Result<(), SyntaxError> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(
                self.fail_with(format!("at most {MAX_DEPTH} levels of nesting"), "give parts names under [bases]")
            );
        }
        Ok(())
    }

    /// Nothing may follow.
    pub(super) fn end(&self) -> Result<(), SyntaxError> {
        let token = self.token();
        let hint = match token.kind {
            Kind::End => return Ok(()),
            Kind::Comma => "join conditions with and; members of a list stand side by side: origin in US MX",
            Kind::Star => "write the number first: 0.6 * goods",
            kind if kind.continues_amount() => "a comparison stands in a condition: a rung's when, or if(…, …, …)",
            Kind::Close => "there is one ) too many",
            Kind::Word if token.text == "per" => {
                "per goes with an amount and a unit (3 EUR per kg) or ends a comparison"
            }
            Kind::Word if token.text == "of" => "of goes with a percent: 10 % of goods",
            Kind::Word if unit::find(token.text).is_some() => "write per before a unit: 3 EUR per kg",
            Kind::Number | Kind::Word => "join amounts with + or -, conditions with and or or",
            _ => return Err(self.fail("the end")),
        };
        Err(self.fail_with("the end", hint))
    }

    // ---- Numbers and money

    fn number(&mut self) -> Result<Decimal, SyntaxError> {
        let token = self.token();
        if token.kind != Kind::Number {
            return Err(match (token.kind, joined_number(token.text)) {
                (Kind::Word, Some((number, rest))) => {
                    self.fail_with("a number", format!("put a space after the number: {number} {rest}"))
                }
                (Kind::Minus, _) => self.fail_with("a number", "numbers here are not negative"),
                _ => self.fail("a number"),
            });
        }
        let number = token.text.parse().map_err(|error: crate::decimal::NumberError| {
            self.fail_with("a number of at most 12 decimals, up to 1,000,000,000,000,000", error.to_string())
        })?;
        self.at += 1;
        Ok(number)
    }

    pub(super) fn percent(&mut self) -> Result<Decimal, SyntaxError> {
        let number = self.number()?;
        self.sign(Kind::Percent, "\"%\"")?;
        Ok(number)
    }

    pub(super) fn cash(&mut self) -> Result<Cash, SyntaxError> {
        if self.token().kind == Kind::Word && is_currency(self.token().text) {
            return Err(self.fail_with("an amount of money", "write the number first: 5 EUR"));
        }
        let amount = self.number()?;
        let currency = self.currency()?;
        Ok(Cash { amount, currency })
    }

    fn currency(&mut self) -> Result<String, SyntaxError> {
        let token = self.token();
        if token.kind == Kind::Word && is_currency(token.text) {
            self.at += 1;
            return Ok(token.text.to_owned());
        }
        Err(match self.currency_hint() {
            Some(hint) => self.fail_with("a currency such as EUR", hint),
            None => self.fail("a currency such as EUR"),
        })
    }

    /// Where a word stands after a number and is meant as a currency.
    fn currency_hint(&self) -> Option<String> {
        let token = self.token();
        if token.kind != Kind::Word || is_reserved(token.text) {
            return None;
        }
        let letters = token.text.bytes().take_while(u8::is_ascii_alphabetic).count();
        match (letters == token.text.len(), letters) {
            (true, 3) => Some(format!("a currency is three capital letters: {}", token.text.to_ascii_uppercase())),
            (false, 3) if is_currency(&token.text[..3]) => {
                Some(format!("put a space after the currency: {} {}", &token.text[..3], &token.text[3..]))
            }
            _ => Some("a currency is three capital letters: EUR".into()),
        }
    }

    pub(super) fn compare(&mut self) -> Result<Compare, SyntaxError> {
        let compare = match self.token().kind {
            Kind::Less => Compare::Less,
            Kind::AtMost => Compare::AtMost,
            Kind::More => Compare::More,
            Kind::AtLeast => Compare::AtLeast,
            Kind::Equal => Compare::Equal,
            _ => return Err(self.fail_compare()),
        };
        self.at += 1;
        Ok(compare)
    }

    fn fail_compare(&self) -> SyntaxError {
        let wording = [
            "to",
            "up",
            "at",
            "under",
            "below",
            "over",
            "above",
            "exceeds",
            "exceeding",
            "less",
            "more",
            "is",
            "not",
            "until",
            "within",
            "equals",
        ];
        let token = self.token();
        if token.kind == Kind::Word && wording.contains(&token.text) {
            return self
                .fail_with(COMPARISON, "write <= for \"up to\" and \"at most\", < for \"under\", > for \"over\"");
        }
        self.fail(COMPARISON)
    }

    // ---- Units

    /// The longest unit that the next words make. Gives the exact spelling known to [`crate::unit`].
    pub(super) fn unit(&mut self) -> Result<String, SyntaxError> {
        let words: Vec<String> = (1..=UNIT_WORDS).rev().filter_map(|count| self.joined(count)).collect();
        for joined in &words {
            if let Some((_, spelling)) = unit::spelling(joined) {
                self.at += joined.split(' ').count();
                return Ok(spelling.to_owned());
            }
        }
        let token = self.token();
        if self.scope_follows {
            return Err(self.fail(format!("a unit such as kg, or one of {}", list(Scope::WORDS))));
        }
        if Scope::WORDS.iter().any(|(word, _)| *word == token.text) || token.text == "parcel" {
            let hint = "for an amount once for each line, consignment or parcel use the rung's field per";
            return Err(self.fail_with("a unit such as kg", hint));
        }
        let near = words.iter().filter(|joined| !is_number(joined)).find_map(|joined| unit::nearest(joined));
        Err(match near {
            Some(near) => self.fail_with("a unit such as kg", format!("did you mean {}?", near.key)),
            None => self.fail_with("a unit such as kg", "tidewaiter schema units lists the units"),
        })
    }

    /// The next `count` words with single spaces between, if there are as many that a unit can be made of.
    fn joined(&self, count: usize) -> Option<String> {
        let tokens = self.tokens.get(self.at..self.at + count)?;
        let fits = |token: &Token<'_>| matches!(token.kind, Kind::Number | Kind::Word | Kind::Percent);
        tokens.iter().all(fits).then(|| tokens.iter().map(|token| token.text).collect::<Vec<_>>().join(" "))
    }

    // ---- Roundings

    fn rounding_unit(&mut self) -> Result<(RoundingMode, Decimal), SyntaxError> {
        let Some(mode) = choose(ROUNDING_MODES, self.token().text) else {
            return Err(self.fail(format!("one of {}", list(ROUNDING_MODES))));
        };
        self.step();
        let start = self.at;
        let unit = self.number()?;
        if unit.is_zero() {
            self.at = start;
            return Err(self.fail("a number above zero, such as 0.01"));
        }
        Ok((mode, unit))
    }

    pub(super) fn rounding(&mut self) -> Result<Rounding, SyntaxError> {
        let (mode, unit) = self.rounding_unit()?;
        let currency = if self.is_word("per") { None } else { Some(self.currency()?) };
        if !self.takes_word("per") {
            return Err(self.fail_with("\"per line\" or \"per consignment\"", "write: half-up 0.01 per line"));
        }
        let stage = match self.token() {
            Token { kind: Kind::Word, text: "line", .. } => Stage::Line,
            Token { kind: Kind::Word, text: "consignment", .. } => Stage::Consignment,
            Token { text: "charge", .. } => {
                return Err(
                    self.fail_with("\"line\" or \"consignment\"", "the sum of a charge is rounded per consignment")
                );
            }
            _ => return Err(self.fail("\"line\" or \"consignment\"")),
        };
        self.step();
        Ok(Rounding { mode, unit, currency, stage })
    }
}
