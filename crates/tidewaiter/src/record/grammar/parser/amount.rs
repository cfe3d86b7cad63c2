//! Amounts.

use super::*;

impl<'t> Parser<'t> {
    pub(in crate::record::grammar) fn amount(&mut self) -> Result<Amount, SyntaxError> {
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
    pub(super) fn inside<T>(
        &mut self,
        rule: impl FnOnce(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
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
}
