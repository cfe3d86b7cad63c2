//! Conditions.

use super::*;

impl<'t> Parser<'t> {
    pub(in crate::record::grammar) fn condition(&mut self) -> Result<Condition, SyntaxError> {
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
    pub(super) fn key(&mut self, expected: &str) -> Result<String, SyntaxError> {
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

    /// A code of an authority: any letters and digits.
    fn code(&mut self, expected: &str) -> Result<String, SyntaxError> {
        let token = self.token();
        let joins = JOINING_WORDS.contains(&token.text);
        if matches!(token.kind, Kind::Number | Kind::Word) && !joins {
            self.at += 1;
            return Ok(token.text.to_owned());
        }
        Err(self.fail(expected))
    }
}
