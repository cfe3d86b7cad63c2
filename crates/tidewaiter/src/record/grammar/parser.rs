//! Recursive descent, one function for each rule of the grammar.

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

    // ---- Amounts

    pub(super) fn amount(&mut self) -> Result<Amount, SyntaxError> {
        let mut whole = self.operand()?;
        // A sum takes further parts as long as it was not made by parentheses.
        let mut open_sum = false;
        loop {
            if self.takes(Kind::Plus) {
                let part = self.operand()?;
                whole = match whole {
                    Amount::Sum(mut parts) if open_sum => {
                        parts.push(part);
                        Amount::Sum(parts)
                    }
                    first => Amount::Sum(vec![first, part]),
                };
                open_sum = true;
            } else if self.takes(Kind::Minus) {
                whole = Amount::Less(Box::new(whole), Box::new(self.operand()?));
                open_sum = false;
            } else {
                return Ok(whole);
            }
        }
    }

    fn operand(&mut self) -> Result<Amount, SyntaxError> {
        self.enter()?;
        let token = self.token();
        let amount = match token.kind {
            Kind::Open => self.inside(Self::amount),
            Kind::Number => self.after_number(),
            Kind::At => {
                self.at += 1;
                let table = self.key("the name of a rate table")?;
                Ok(Amount::Rate { table, of: self.of()? })
            }
            Kind::Word => self.after_word(token),
            Kind::Minus => {
                Err(self.fail_with("an amount", "an amount is not negative; subtract it from another: a - b"))
            }
            Kind::Percent => Err(self.fail_with("an amount", "write the number first: 5 %")),
            _ => Err(self.fail("an amount")),
        };
        self.nesting -= 1;
        amount
    }

    /// Something in parentheses, where no scope of a comparison around them is awaited.
    fn inside<T>(&mut self, rule: impl FnOnce(&mut Self) -> Result<T, SyntaxError>) -> Result<T, SyntaxError> {
        self.sign(Kind::Open, "\"(\"")?;
        let scope_follows = std::mem::replace(&mut self.scope_follows, false);
        let inner = rule(self)?;
        self.scope_follows = scope_follows;
        self.sign(Kind::Close, "\")\"")?;
        Ok(inner)
    }

    /// `of X`, if it stands there.
    fn of(&mut self) -> Result<Option<Box<Amount>>, SyntaxError> {
        if self.takes_word("of") { Ok(Some(Box::new(self.operand()?))) } else { Ok(None) }
    }

    fn after_number(&mut self) -> Result<Amount, SyntaxError> {
        let shown = self.token().text;
        let number = self.number()?;
        let next = self.token();
        match next.kind {
            Kind::Percent => {
                self.at += 1;
                Ok(Amount::Percent { percent: number, of: self.of()? })
            }
            Kind::Star => {
                self.at += 1;
                Ok(Amount::Times(number, Box::new(self.operand()?)))
            }
            Kind::Word if is_currency(next.text) => {
                self.at += 1;
                let cash = Cash { amount: number, currency: next.text.to_owned() };
                if self.is_word("per") && !(self.scope_follows && choose(Scope::WORDS, self.ahead(1).text).is_some()) {
                    self.at += 1;
                    return Ok(Amount::Specific { cash, unit: self.unit()? });
                }
                Ok(Amount::Flat(cash))
            }
            _ => {
                let expected = format!("\"%\", \"*\" or a currency such as EUR after the number {shown}");
                let hint = match next.kind {
                    Kind::Number => "numbers have no thousands separators: 1000".to_owned(),
                    Kind::Word if next.text.eq_ignore_ascii_case("percent") => "write %".to_owned(),
                    Kind::Word if unit::all().iter().any(|unit| unit.key == next.text) => {
                        "a quantity is not an amount; say what each unit costs: 3 EUR per kg".to_owned()
                    }
                    _ => self.currency_hint().unwrap_or_else(|| {
                        format!("a number alone is not an amount: write {shown} %, {shown} EUR or {shown} * …")
                    }),
                };
                Err(self.fail_with(expected, hint))
            }
        }
    }

    fn after_word(&mut self, token: Token<'t>) -> Result<Amount, SyntaxError> {
        let text = token.text;
        if let Some(component) = component(text) {
            self.at += 1;
            return Ok(Amount::Component(component));
        }
        match text {
            "relieved" => {
                self.at += 1;
                Ok(Amount::Relieved)
            }
            "base" => {
                self.at += 1;
                Ok(Amount::Base)
            }
            "gross-up" => {
                self.at += 1;
                let start = self.at;
                let percent = self.percent()?;
                if percent >= Decimal::HUNDRED {
                    self.at = start;
                    return Err(self.fail_with("a rate below 100 %", "tax inside its own base is base × r / (1 − r)"));
                }
                Ok(Amount::GrossUp { percent, of: self.of()? })
            }
            "tariff" => {
                self.at += 1;
                if self.token().kind != Kind::Open {
                    return Ok(Amount::Tariff(Family::Duty));
                }
                self.inside(Self::family).map(Amount::Tariff)
            }
            "max" => self.several().map(Amount::Max),
            "min" => self.several().map(Amount::Min),
            "clamp" => self.clamp(),
            "if" => self.if_else(),
            "rounded" => self.rounded(),
            "bands" => self.bands(),
            "relief" => self.whole_items(),
            _ if is_name(text) => {
                self.at += 1;
                Ok(Amount::Named(text.to_owned()))
            }
            _ => Err(self.fail_name(text)),
        }
    }

    /// A word that is no amount.
    fn fail_name(&self, text: &str) -> SyntaxError {
        let hint = if let Some(slip) = name_slip(text) {
            slip
        } else if text == "quantity" {
            "write what each unit costs: 3 EUR per item".into()
        } else if CONDITION_WORDS.contains(&text) {
            "this begins a condition; it stands in a rung's when, or in if(…, …, …)".into()
        } else if is_currency(text) {
            "write the number first: 5 EUR".into()
        } else if text.bytes().next().is_some_and(|byte| byte.is_ascii_digit()) {
            "numbers are written 1000 or 12.5".into()
        } else {
            "names have small letters, digits, dots, hyphens and underscores: gb.duty".into()
        };
        self.fail_with("an amount", hint)
    }

    fn family(&mut self) -> Result<Family, SyntaxError> {
        let token = self.token();
        if token.text == "duty" {
            return Err(
                self.fail_with("a family of measures", "the duty itself is written tariff, without parentheses")
            );
        }
        match choose(Family::WORDS, token.text) {
            Some(family) => {
                self.at += 1;
                Ok(family)
            }
            None => Err(self.fail(format!("one of {}", list(&Family::WORDS[1..])))),
        }
    }

    fn several(&mut self) -> Result<Vec<Amount>, SyntaxError> {
        self.at += 1;
        self.inside(|parser| {
            let mut parts = vec![parser.amount()?];
            parser.sign(Kind::Comma, "\",\" and a second amount")?;
            parts.push(parser.amount()?);
            while parser.takes(Kind::Comma) {
                parts.push(parser.amount()?);
            }
            Ok(parts)
        })
    }

    fn clamp(&mut self) -> Result<Amount, SyntaxError> {
        self.at += 1;
        self.inside(|parser| {
            let amount = Box::new(parser.amount()?);
            parser.sign(Kind::Comma, "\",\" and a floor")?;
            let least = Box::new(parser.amount()?);
            parser.sign(Kind::Comma, "\",\" and a ceiling")?;
            Ok(Amount::Clamp { amount, least, most: Box::new(parser.amount()?) })
        })
    }

    fn if_else(&mut self) -> Result<Amount, SyntaxError> {
        self.at += 1;
        self.inside(|parser| {
            let when = Box::new(parser.condition()?);
            parser.sign(Kind::Comma, "\",\" and the amount where the condition holds")?;
            let then = Box::new(parser.amount()?);
            parser.sign(Kind::Comma, "\",\" and the amount where it does not hold")?;
            Ok(Amount::If { when, then, otherwise: Box::new(parser.amount()?) })
        })
    }

    fn rounded(&mut self) -> Result<Amount, SyntaxError> {
        self.at += 1;
        self.inside(|parser| {
            let amount = Box::new(parser.amount()?);
            parser.sign(Kind::Semicolon, "\";\" and how it is rounded, such as down 0.01")?;
            let (mode, unit) = parser.rounding_unit()?;
            Ok(Amount::Rounded { amount, mode, unit })
        })
    }

    fn bands(&mut self) -> Result<Amount, SyntaxError> {
        self.at += 1;
        self.inside(|parser| {
            let of = Box::new(parser.amount()?);
            parser.sign(Kind::Semicolon, "\";\" and the first slice, such as 0 EUR: 5 %")?;
            let mut slices: Vec<Slice> = Vec::new();
            loop {
                let start = parser.at;
                let from = parser.cash()?;
                let wrong = match slices.last() {
                    None if !from.amount.is_zero() => Some("0: the first slice begins at zero".to_owned()),
                    Some(last) if last.from.currency != from.currency => {
                        Some(format!("an amount in {}, like the slice before", last.from.currency))
                    }
                    Some(last) if last.from.amount >= from.amount => {
                        Some(format!("more than {}: slices rise", last.from))
                    }
                    _ => None,
                };
                if let Some(expected) = wrong {
                    parser.at = start;
                    return Err(parser.fail(expected));
                }
                parser.sign(Kind::Colon, "\":\" and the rate of the slice")?;
                slices.push(Slice { from, percent: parser.percent()? });
                if !parser.takes(Kind::Semicolon) {
                    return Ok(Amount::Bands { of, slices });
                }
            }
        })
    }

    fn whole_items(&mut self) -> Result<Amount, SyntaxError> {
        for word in ["relief", "for", "whole", "items", "up", "to"] {
            if !self.takes_word(word) {
                return Err(
                    self.fail_with(format!("\"{word}\""), "write: relief for whole items up to 45 EUR, else 20 %")
                );
            }
        }
        let up_to = self.cash()?;
        self.sign(Kind::Comma, "\", else\" and what the rest pays")?;
        self.word("else")?;
        Ok(Amount::WholeItems { up_to, otherwise: Box::new(self.amount()?) })
    }

    // ---- Conditions

    pub(super) fn condition(&mut self) -> Result<Condition, SyntaxError> {
        let first = self.term()?;
        let (word, other) = match () {
            () if self.is_word("and") => ("and", "or"),
            () if self.is_word("or") => ("or", "and"),
            () => return Ok(first),
        };
        let mut parts = vec![first];
        while self.takes_word(word) {
            parts.push(self.term()?);
        }
        if self.is_word(other) {
            return Err(self.fail_with(
                format!("\"{word}\" or the end"),
                "put parentheses where and meets or, so that nobody has to guess: (… and …) or …",
            ));
        }
        Ok(if word == "and" { Condition::All(parts) } else { Condition::Any(parts) })
    }

    fn term(&mut self) -> Result<Condition, SyntaxError> {
        self.enter()?;
        let token = self.token();
        let condition = match token.kind {
            Kind::Word if token.text == "not" => {
                self.at += 1;
                self.term().map(|inner| Condition::Not(Box::new(inner)))
            }
            Kind::Open if !self.is_amount_in_parentheses() => self.inside(Self::condition),
            Kind::Word => self.test(token),
            _ => self.value(),
        };
        self.nesting -= 1;
        condition
    }

    /// Whether the parentheses that open here hold an amount: then a sum or comparison goes on behind them.
    fn is_amount_in_parentheses(&self) -> bool {
        let mut open = 0usize;
        for (place, token) in self.tokens.iter().enumerate().skip(self.at) {
            match token.kind {
                Kind::Open => open += 1,
                Kind::Close => open = open.saturating_sub(1),
                _ => {}
            }
            if open == 0 {
                return self.tokens.get(place + 1).is_some_and(|next| next.kind.continues_amount());
            }
        }
        false
    }

    fn test(&mut self, token: Token<'t>) -> Result<Condition, SyntaxError> {
        let next = self.ahead(1);
        if token.text == "goods" && next.kind == Kind::Word && next.text == "of" {
            return self.goods(Which::This);
        }
        match token.text {
            "any" => self.goods_after(Which::Any),
            "no" => self.goods_after(Which::No),
            "only" => self.goods_after(Which::Only),
            "weight" => self.weight(),
            "imports" => self.imports(),
            "quantity" => self.quantity(),
            "always" => self.done(Condition::Always),
            "gift" => self.done(Condition::Gift),
            "origin" => self.places("in", Condition::OriginIn),
            "shipped" => self.places("from", Condition::ShippedFrom),
            "delivered" => self.places("to", Condition::DeliveredTo),
            "region" => self.places("in", Condition::RegionIn),
            "seller" if next.text == "registered" => {
                self.at += 2;
                self.key("the key of a scheme, such as eu.ioss").map(Condition::SellerRegistered)
            }
            "seller" => self.places("in", Condition::SellerIn).map_err(|mut error| {
                if error.expected == "\"in\"" {
                    error.expected = "\"in\" or \"registered\"".into();
                }
                error
            }),
            "buyer" => {
                self.at += 1;
                self.word("registered")?;
                Ok(Condition::BuyerRegistered)
            }
            "sale" => self.is_one_of(Sale::WORDS).map(Condition::Sale),
            "channel" => self.is_one_of(Channel::WORDS).map(Condition::Channel),
            "mode" => self.is_one_of(Mode::WORDS).map(Condition::Mode),
            "declaration" => {
                self.at += 1;
                self.is()?;
                self.code("a type of declaration such as H1").map(Condition::Declaration)
            }
            "fact" => {
                self.at += 1;
                self.key("the name of a fact, such as personal-use").map(Condition::Fact)
            }
            "claims" => {
                self.at += 1;
                self.code("a program such as GSP, or any").map(Condition::Claims)
            }
            "document" => {
                self.at += 1;
                let mut codes = vec![self.code("a document code such as N954")?];
                codes.extend(self.more_documents()?);
                Ok(if codes.len() == 1 { Condition::Document(codes.remove(0)) } else { Condition::Documents(codes) })
            }
            "reading" => self.reading(),
            _ => self.value(),
        }
    }

    fn done(&mut self, condition: Condition) -> Result<Condition, SyntaxError> {
        self.at += 1;
        Ok(condition)
    }

    fn value(&mut self) -> Result<Condition, SyntaxError> {
        let start = self.at;
        let left = self.amount()?;
        let compare = match self.compare() {
            Ok(compare) => compare,
            Err(error) => return Err(self.fail_value(start, &left, error)),
        };
        let scope_follows = std::mem::replace(&mut self.scope_follows, true);
        let right = self.amount()?;
        self.scope_follows = scope_follows;
        let scope = if self.takes_word("per") { self.scope(Scope::WORDS)? } else { Scope::default() };
        match self.token().kind {
            Kind::Plus | Kind::Minus | Kind::Star => Err(self.fail_with(
                "\"and\", \"or\" or the end",
                "per ends a comparison; put an amount for each item in parentheses: (3 EUR per item)",
            )),
            kind if kind.continues_amount() => {
                Err(self.fail_with("\"and\", \"or\" or the end", "a test has one comparison; join two tests with and"))
            }
            _ => Ok(Condition::Value { left, compare, right, scope }),
        }
    }

    /// No comparison came: an unknown word alone is a test that does not exist.
    fn fail_value(&mut self, start: usize, left: &Amount, error: SyntaxError) -> SyntaxError {
        match left {
            Amount::Named(name) if error.hint.is_none() => {
                let hint = format!("no test is called {name}; a yes/no fact is written fact {name}");
                self.at = start;
                self.fail_with("a condition", hint)
            }
            _ => error,
        }
    }

    fn scope(&mut self, among: &[(&str, Scope)]) -> Result<Scope, SyntaxError> {
        match choose(among, self.token().text) {
            Some(scope) => {
                self.at += 1;
                Ok(scope)
            }
            None => Err(self.fail(format!("one of {}", list(among)))),
        }
    }

    fn weight(&mut self) -> Result<Condition, SyntaxError> {
        self.at += 1;
        let compare = self.compare()?;
        let kg = self.number()?;
        if !self.takes_word("kg") {
            return Err(self.fail_with("\"kg\"", "gross weight is tested in kilograms"));
        }
        let scope = if self.takes_word("per") { self.scope(&Scope::WORDS[..3])? } else { Scope::Consignment };
        Ok(Condition::Weight { compare, kg, scope })
    }

    fn imports(&mut self) -> Result<Condition, SyntaxError> {
        self.at += 1;
        let compare = self.compare()?;
        let start = self.at;
        let count = self.number()?;
        if !count.rounded(crate::decimal::RoundingMode::Down, Decimal::ONE).is_ok_and(|whole| whole == count) {
            self.at = start;
            return Err(self.fail("a whole number of parcels"));
        }
        if !self.takes_word("per") {
            return Err(self.fail_with("\"per\"", "say in which period: imports <= 4 per year"));
        }
        Ok(Condition::Imports { compare, count, scope: self.scope(&Scope::WORDS[3..])? })
    }

    fn quantity(&mut self) -> Result<Condition, SyntaxError> {
        self.at += 1;
        let unit = self.unit()?;
        let compare = self.compare()?;
        let number = self.number()?;
        let scope = if self.takes_word("per") { self.scope(&Scope::WORDS[..3])? } else { Scope::Item };
        Ok(Condition::Quantity { unit, compare, number, scope })
    }

    fn goods_after(&mut self, which: Which) -> Result<Condition, SyntaxError> {
        self.at += 1;
        if self.is_word("goods") {
            return self.goods(which);
        }
        Err(self.fail_with("\"goods of\"", format!("write {which} of 22 24")))
    }

    fn goods(&mut self, which: Which) -> Result<Condition, SyntaxError> {
        self.at += 1;
        self.word("of")?;
        let of = self.members(Self::code_or_list)?;
        Ok(Condition::Goods { which, of })
    }

    /// A list without commas that runs to `and`, `or`, a parenthesis, a comma or the end.
    fn members(&mut self, one: impl Fn(&mut Self) -> Result<String, SyntaxError>) -> Result<Vec<String>, SyntaxError> {
        let mut members = vec![one(self)?];
        loop {
            let ends = match self.token().kind {
                Kind::End | Kind::Close | Kind::Comma => true,
                _ => self.is_word("and") || self.is_word("or"),
            };
            if ends {
                return Ok(members);
            }
            members.push(one(self)?);
        }
    }

    fn code_or_list(&mut self) -> Result<String, SyntaxError> {
        const EXPECTED: &str = "a goods code, a range such as 61-63, or the name of a list";
        let token = self.token();
        let is_code = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
        match token.kind {
            Kind::Number | Kind::Word if is_code(token.text) => {
                if let Err(error) = token.text.parse::<crate::goods::CodeRange>() {
                    return Err(self.fail_with(EXPECTED, error.to_string()));
                }
            }
            Kind::Word if is_name(token.text) => {}
            Kind::Minus => return Err(self.fail_with(EXPECTED, "write a range without spaces: 61-63")),
            Kind::Word if token.text == "to" => {
                return Err(self.fail_with(EXPECTED, "write a range with a hyphen: 61-63"));
            }
            Kind::Slip(_) if token.text == "," => {
                let mut error = self.fail(EXPECTED);
                error.hint = Some("codes stand side by side without commas: goods of 22 24".into());
                return Err(error);
            }
            Kind::Word => return Err(self.fail_with(EXPECTED, "join conditions with and or or")),
            _ => return Err(self.fail(EXPECTED)),
        }
        self.at += 1;
        Ok(token.text.to_owned())
    }

    /// `origin in …`, `origin not in …`.
    fn places(&mut self, word: &str, make: fn(Vec<String>) -> Condition) -> Result<Condition, SyntaxError> {
        self.at += 1;
        let not = self.takes_word("not");
        self.word(word)?;
        let condition = make(self.members(Self::place)?);
        Ok(if not { Condition::Not(Box::new(condition)) } else { condition })
    }

    fn place(&mut self) -> Result<String, SyntaxError> {
        const EXPECTED: &str = "a territory or group, such as US or EU";
        let token = self.token();
        let is_code = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
                && !text.contains("--")
                && !text.ends_with('-')
        };
        match token.kind {
            Kind::Number | Kind::Word if is_code(token.text) || is_name(token.text) => {
                self.at += 1;
                Ok(token.text.to_owned())
            }
            Kind::Word if is_reserved(token.text) => Err(self.fail_with(EXPECTED, "join conditions with and or or")),
            Kind::Word => {
                Err(self.fail_with(EXPECTED, "territories have capital letters; groups of the file small ones"))
            }
            _ => Err(self.fail(EXPECTED)),
        }
    }

    fn is(&mut self) -> Result<(), SyntaxError> {
        if !self.takes_word("is") {
            return Err(self.fail("\"is\""));
        }
        if self.is_word("not") {
            return Err(self.fail_with("what it is", "write not before the test: not sale is b2c"));
        }
        Ok(())
    }

    fn is_one_of<T: Copy>(&mut self, words: &[(&str, T)]) -> Result<T, SyntaxError> {
        self.at += 1;
        self.is()?;
        match choose(words, self.token().text) {
            Some(value) => {
                self.at += 1;
                Ok(value)
            }
            None => Err(self.fail(format!("one of {}", list(words)))),
        }
    }

    fn reading(&mut self) -> Result<Condition, SyntaxError> {
        self.at += 1;
        let dispute = self.key("the key of a dispute")?;
        self.sign(Kind::Equal, "\"=\" and the name of a reading")?;
        Ok(Condition::Reading { dispute, reading: self.key("the name of a reading")? })
    }

    /// A key of the file: small letters.
    fn key(&mut self, expected: &str) -> Result<String, SyntaxError> {
        let token = self.token();
        match token.kind {
            Kind::Number | Kind::Word if is_key(token.text) => {
                self.at += 1;
                Ok(token.text.to_owned())
            }
            Kind::Word => {
                Err(self.fail_with(expected, "keys have small letters, digits, dots, hyphens and underscores"))
            }
            _ => Err(self.fail(expected)),
        }
    }

    /// A code of an authority: any letters and digits.
    /// Further documents, of which any will do. Small letters begin another condition, whose joining word is missing.
    fn more_documents(&mut self) -> Result<Vec<String>, SyntaxError> {
        let mut more = Vec::new();
        while matches!(self.token().kind, Kind::Number | Kind::Word) && !JOINING_WORDS.contains(&self.token().text) {
            if self.token().text.bytes().any(|byte| byte.is_ascii_lowercase()) {
                return Err(self.fail_with(
                    "\"and\", \"or\", another document code or the end",
                    "join conditions with and or or; of several documents, the second and later ones have no small letters",
                ));
            }
            more.push(self.code("a document code such as N954")?);
        }
        Ok(more)
    }

    fn code(&mut self, expected: &str) -> Result<String, SyntaxError> {
        let token = self.token();
        let joins = JOINING_WORDS.contains(&token.text);
        if matches!(token.kind, Kind::Number | Kind::Word) && !joins {
            self.at += 1;
            return Ok(token.text.to_owned());
        }
        Err(self.fail(expected))
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
