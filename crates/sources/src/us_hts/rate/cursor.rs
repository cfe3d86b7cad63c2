//! Reading a rate text from left to right.

use super::super::program::{self, Symbol};
use super::super::words::{PARTS, PERS, Per, SENTENCES};
use super::{MAX_TEXT, Money, Percent, Rate, Term, Unread};
use tidewaiter::Decimal;

/// A place in a text.
pub(super) struct Cursor<'t> {
    /// What is still to be read.
    pub(super) rest: &'t str,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Result<Self, Unread> {
        if text.len() > MAX_TEXT { Err(Unread::at(text)) } else { Ok(Self { rest: text }) }
    }

    pub(super) fn is_blank(&self) -> bool {
        matches!(self.rest.trim(), "" | ":")
    }

    pub(super) fn rest(&self) -> &'t str {
        self.rest.trim_start()
    }

    fn fail<T>(&self) -> Result<T, Unread> {
        Err(Unread::at(self.rest))
    }

    /// At the end, or before a stray point or slash that ends the text.
    pub(super) fn end(&mut self) -> Result<(), Unread> {
        if matches!(self.rest.trim(), "" | "." | "/") {
            self.rest = "";
            return Ok(());
        }
        self.fail()
    }

    /// Goes past these words, white space, hyphens and case aside.
    fn eat(&mut self, words: &str) -> bool {
        match skip(self.rest, words) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn number(&mut self) -> Option<Decimal> {
        let text = self.rest();
        let end =
            text.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | ',')).unwrap_or(text.len());
        let written = text[..end].trim_end_matches(['.', ',']);
        let number = plain_number(written)?;
        self.rest = &text[written.len()..];
        Some(number)
    }

    pub(super) fn rate(&mut self) -> Result<Rate, Unread> {
        if let Some(rate) = self.sentence() {
            return Ok(rate);
        }
        if self.eat("Free") {
            return Ok(Rate::Free);
        }
        if self.eat("See") {
            return self.codes().map(Rate::See);
        }
        if self.eat("The duty provided in subheadings") {
            let of = self.codes()?;
            let plus = self.surcharge()?;
            return Ok(Rate::Applicable { of, plus });
        }
        if self.eat("The duty provided in the applicable subheading")
            || self.eat("The duty provided for in the applicable subheading")
        {
            let plus = self.surcharge()?;
            return Ok(Rate::Applicable { of: Vec::new(), plus });
        }
        self.sum()
    }

    fn surcharge(&mut self) -> Result<Option<Percent>, Unread> {
        if !self.eat("+") && !self.eat("plus") {
            return Ok(None);
        }
        self.eat("a duty of");
        match self.term()? {
            Term::Percent(percent) => Ok(Some(percent)),
            Term::Money(_) => self.fail(),
        }
    }

    fn sentence(&mut self) -> Option<Rate> {
        let start = self.rest;
        let mut best: Option<(&'t str, Rate)> = None;
        let first = self.rest().chars().next()?;
        for sentence in SENTENCES {
            // Most sentences differ in the first letter, and most rates begin with a digit.
            let begins = sentence.written.chars().next().unwrap_or('{');
            if if begins == '{' { !first.is_ascii_digit() } else { !begins.eq_ignore_ascii_case(&first) } {
                continue;
            }
            self.rest = start;
            let mut numbers = Vec::new();
            let mut pieces = sentence.written.split("{}").peekable();
            let mut fits = true;
            while let Some(piece) = pieces.next() {
                let last = pieces.peek().is_none();
                if !(piece.is_empty() || self.eat(piece)) {
                    fits = false;
                    break;
                }
                if !last {
                    match self.number() {
                        Some(number) => numbers.push(number),
                        None => {
                            fits = false;
                            break;
                        }
                    }
                }
            }
            if fits && best.as_ref().is_none_or(|(rest, _)| self.rest.len() < rest.len()) {
                best = Some((self.rest, Rate::Worded(sentence, numbers)));
            }
        }
        let (rest, rate) = match best {
            Some(best) => best,
            None => {
                self.rest = start;
                return None;
            }
        };
        self.rest = rest;
        Some(rate)
    }

    fn sum(&mut self) -> Result<Rate, Unread> {
        let first = self.term()?;
        if self.eat("less") {
            let Term::Money(full) = first else { return self.fail() };
            let less = self.money_term()?;
            if !self.eat("for each degree under 100 degrees (and fractions of a degree in proportion) but not less than")
                // As printed at one line.
                && !self.eat("for each degree under 100 degrees (and fractions of a degree in proportion) but not less")
            {
                return self.fail();
            }
            let least = self.money_term()?;
            return Ok(Rate::Sugar { full, less, least });
        }
        let mut terms = vec![first];
        while self.eat("+") {
            terms.push(self.term()?);
        }
        Ok(Rate::Sum(terms))
    }

    fn money_term(&mut self) -> Result<Money, Unread> {
        match self.term()? {
            Term::Money(money) => Ok(money),
            Term::Percent(_) => self.fail(),
        }
    }

    fn term(&mut self) -> Result<Term, Unread> {
        if self.eat("$") {
            let Some(number) = self.number() else { return self.fail() };
            return self.per().map(|per| Term::Money(Money { number, cents: false, per }));
        }
        let Some(number) = self.number() else { return self.fail() };
        if self.eat("¢") {
            return self.per().map(|per| Term::Money(Money { number, cents: true, per }));
        }
        let fraction = match self.number() {
            Some(numerator) => {
                if !self.eat("/") {
                    return self.fail();
                }
                let Some(denominator) = self.number().filter(|number| !number.is_zero()) else { return self.fail() };
                Some((numerator, denominator))
            }
            None => None,
        };
        if !self.eat("%") {
            return self.fail();
        }
        let on = PARTS.iter().find(|part| self.eat(part.written));
        Ok(Term::Percent(Percent { number, fraction, on }))
    }

    fn per(&mut self) -> Result<&'static Per, Unread> {
        match PERS.iter().find(|per| self.eat(per.written)) {
            Some(per) => Ok(per),
            None => self.fail(),
        }
    }

    fn codes(&mut self) -> Result<Vec<String>, Unread> {
        let mut codes = vec![self.code()?];
        loop {
            let before = self.rest;
            if self.eat(",") || self.eat("or") {
                match self.code() {
                    Ok(code) => codes.push(code),
                    Err(error) => {
                        self.rest = before;
                        return Err(error);
                    }
                }
            } else if self.rest().starts_with('-') {
                self.rest = &self.rest()[1..];
                let to = self.code()?;
                if let Some(last) = codes.last_mut() {
                    *last = format!("{last}-{to}");
                }
            } else {
                return Ok(codes);
            }
        }
    }

    fn code(&mut self) -> Result<String, Unread> {
        let text = self.rest();
        let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
        let written = text[..end].trim_end_matches('.');
        let digits = written.bytes().filter(u8::is_ascii_digit).count();
        if !matches!(digits, 4 | 6 | 8 | 10) {
            return self.fail();
        }
        self.rest = &text[written.len()..];
        Ok(written.to_owned())
    }

    /// Symbols in brackets; none where no bracket stands here.
    pub(super) fn symbols(&mut self) -> Result<Vec<Symbol>, Unread> {
        let mut symbols = Vec::new();
        if !self.eat("(") {
            return Ok(symbols);
        }
        loop {
            let text = self.rest();
            let Some(symbol) = program::symbol_at(text) else { return self.fail() };
            self.rest = &text[symbol.len()..];
            symbols.push(symbol);
            // As printed at single lines: a comma too many "(B,C,)", a bracket opened twice "(PA (PA)", a point behind a
            // comma "MA,.OM", a comma left out "E IL".
            let apart = self.rest.starts_with(char::is_whitespace);
            let more = self.eat(",");
            if more {
                self.eat(".");
            }
            if self.eat(")") {
                break;
            }
            if more || apart && program::symbol_at(self.rest()).is_some() {
                continue;
            }
            if skip(self.rest, &format!("({symbol})")).is_none() {
                return self.fail();
            }
            self.eat("(");
        }
        symbols.sort_by_key(|symbol| program::order(symbol));
        symbols.dedup();
        Ok(symbols)
    }
}

/// What is left of the text behind these words. White space, hyphens and the case of letters do not count; behind a
/// letter no other letter or digit may follow, behind a digit no other digit.
fn skip<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let mut rest = text;
    let mut last = ' ';
    for wanted in words.chars().filter(|letter| !is_loose(*letter)) {
        rest = rest.trim_start_matches(is_loose);
        let letter = rest.chars().next()?;
        if !letter.eq_ignore_ascii_case(&wanted) {
            return None;
        }
        rest = &rest[letter.len_utf8()..];
        last = wanted;
    }
    let next = rest.chars().next().unwrap_or(' ');
    let inside = match last {
        _ if last.is_alphabetic() => next.is_alphanumeric(),
        _ if last.is_ascii_digit() => next.is_ascii_digit(),
        _ => false,
    };
    (!inside).then_some(rest)
}

fn is_loose(letter: char) -> bool {
    letter.is_whitespace() || letter == '-'
}

/// A number with at most one point, and commas only between thousands.
fn plain_number(text: &str) -> Option<Decimal> {
    if !text.contains(',') {
        return text.starts_with(|letter: char| letter.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let well = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3) && !fraction.contains(',');
    well.then(|| text.replace(',', "").parse().ok()).flatten()
}
