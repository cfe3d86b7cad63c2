//! Conditions and amounts of the rules, in the language of the page.
//!
//! The data writes them in a small language of its own (`goods <= 150 EUR per consignment and sale is b2c`). What cannot be read is
//! shown as it is written, never left out.

use super::{dates::span, terms};
use crate::desk::Book;
use crate::locale::{Lang, Money, decimal, percent};
use crate::{pages::parts, say};
use jiff::civil::Date;
use tidewaiter::ratebook::EconomyView;
use tidewaiter::record::expression::{Amount, Cash, Condition, Family, Scope, Which};
use tidewaiter::record::grammar;
use tidewaiter::record::world::TerritoryKind;
use tidewaiter::{Decimal, RoundingMode};

/// More places than these are told by code.
const NAMED: usize = 5;
/// More codes or places than these are counted.
const LISTED: usize = 12;

/// Tells rules of one economy.
pub(in crate::pages) struct Voice<'a> {
    pub(in crate::pages) lang: Lang,
    pub(in crate::pages) book: &'a Book,
    pub(in crate::pages) view: &'a EconomyView,
    /// The day whose rates are named beside their tables.
    pub(in crate::pages) day: Date,
}

impl Voice<'_> {
    /// A condition as the data writes it.
    pub(in crate::pages) fn when(&self, text: &str) -> String {
        if let Some((key, rung)) = took(text) {
            return say!(self.lang, RATES_WHEN_TOOK, charge = self.charge(key), rung = self.name(rung));
        }
        match grammar::condition(text) {
            Ok(Condition::All(parts)) => {
                parts.iter().map(|part| self.outer(part)).collect::<Vec<_>>().join(self.lang.semicolon())
            }
            Ok(condition) => self.outer(&condition),
            Err(_) => text.to_owned(),
        }
    }

    /// An amount as the data writes it.
    pub(in crate::pages) fn amount(&self, text: &str) -> String {
        grammar::amount(text).map_or_else(|_| text.to_owned(), |amount| self.sum(&amount))
    }

    /// Money: whole numbers without the digits of cents.
    pub(super) fn cash(&self, cash: &Cash) -> String {
        cash_in(self.lang, self.book, cash)
    }

    /// When a rule holds, in words, without the day on which its union's law began or ended to apply here at all.
    pub(super) fn held(&self, from: Option<Date>, before: Option<Date>) -> String {
        let (from, before) = self.own_days(from, before);
        span(self.lang, self.day, from, before)
    }

    /// The days of a rule, without those of joining or leaving a union.
    pub(super) fn own_days(&self, from: Option<Date>, before: Option<Date>) -> (Option<Date>, Option<Date>) {
        let unions = || self.view.memberships.iter().filter(|m| m.kind == TerritoryKind::Union);
        (
            from.filter(|day| !unions().any(|m| m.from == Some(*day))),
            before.filter(|day| !unions().any(|m| m.before == Some(*day))),
        )
    }

    fn charge(&self, key: &str) -> String {
        match key {
            "customs" => say!(self.lang, RATES_PART_CUSTOMS),
            key => {
                let charge = self.view.charges.iter().find(|c| c.key == key);
                charge.map_or_else(|| key.to_owned(), |charge| self.name(&charge.name))
            }
        }
    }

    /// A name or question of the data in the language of the page, where it is written; else as it is.
    fn name(&self, english: &str) -> String {
        self.lang.name(english).unwrap_or_else(|| english.to_owned())
    }

    /// One of the conditions that stand beside each other. What is one of several, some of them of several parts, is told as "either …,
    /// or …": then it needs no parentheses.
    fn outer(&self, condition: &Condition) -> String {
        match condition {
            Condition::Any(parts) if parts.iter().any(|part| matches!(part, Condition::All(_))) => {
                let parts: Vec<String> = parts.iter().map(|part| self.condition(part)).collect();
                let or = format!(", {} ", say!(self.lang, RATES_OR_ELSE));
                say!(self.lang, RATES_EITHER, list = parts.join(&or))
            }
            other => self.condition(other),
        }
    }

    fn condition(&self, condition: &Condition) -> String {
        let lang = self.lang;
        match condition {
            Condition::Always => say!(lang, RATES_WHEN_ALWAYS),
            Condition::All(parts) => self.joined(parts, &say!(lang, RATES_AND)),
            Condition::Any(parts) => self.joined(parts, &say!(lang, RATES_OR)),
            Condition::Not(inner) => self.not(inner),
            Condition::Value { left, compare, right, scope } => say!(
                lang,
                RATES_WHEN_VALUE,
                left = self.sum(left),
                compare = terms::compare(lang, *compare),
                right = self.sum(right),
                scope = terms::scope(lang, *scope)
            ),
            Condition::Imports { compare, count, scope } => say!(
                lang,
                RATES_WHEN_IMPORTS,
                compare = terms::compare(lang, *compare),
                number = decimal(lang, *count),
                scope = terms::scope(lang, *scope)
            ),
            Condition::Weight { compare, kg, scope } => say!(
                lang,
                RATES_WHEN_WEIGHT,
                compare = terms::compare(lang, *compare),
                number = decimal(lang, *kg),
                scope = terms::scope(lang, *scope)
            ),
            Condition::Quantity { unit, compare, number, scope } => say!(
                lang,
                RATES_WHEN_QUANTITY,
                unit = unit.as_str(),
                compare = terms::compare(lang, *compare),
                number = decimal(lang, *number),
                scope = terms::scope(lang, *scope)
            ),
            Condition::Goods { which, of } => self.goods(*which, of),
            Condition::OriginIn(places) => say!(lang, RATES_WHEN_ORIGIN, places = self.places(places)),
            Condition::ShippedFrom(places) => say!(lang, RATES_WHEN_SHIPPED, places = self.places(places)),
            Condition::SellerIn(places) => say!(lang, RATES_WHEN_SELLER, places = self.places(places)),
            Condition::DeliveredTo(places) => say!(lang, RATES_WHEN_DELIVERED, places = self.places(places)),
            Condition::RegionIn(places) => say!(lang, RATES_WHEN_REGION, places = places.join(", ")),
            Condition::SellerRegistered(scheme) => say!(lang, RATES_WHEN_REGISTERED, scheme = self.scheme(scheme)),
            Condition::BuyerRegistered => say!(lang, RATES_WHEN_BUYER),
            Condition::Sale(sale) => terms::sale(lang, *sale),
            Condition::Gift => say!(lang, RATES_WHEN_GIFT),
            Condition::Channel(channel) => terms::channel(lang, *channel),
            Condition::Mode(mode) => terms::mode(lang, *mode),
            Condition::Declaration(kind) => say!(lang, RATES_WHEN_DECLARATION, kind = kind.as_str()),
            Condition::Fact(fact) => say!(lang, RATES_WHEN_FACT, question = self.question(fact)),
            Condition::Claims(program) if program == "any" => say!(lang, RATES_WHEN_CLAIMS_ANY),
            Condition::Claims(program) => say!(lang, RATES_WHEN_CLAIMS, program = program.as_str()),
            Condition::Document(document) => say!(lang, RATES_WHEN_DOCUMENT, document = document.as_str()),
            Condition::Documents(documents) => say!(lang, RATES_WHEN_DOCUMENT, document = documents.join(" / ")),
            Condition::Reading { dispute, reading } => {
                let (question, says) = self.reading(dispute, reading);
                say!(lang, RATES_WHEN_READING, question = question, reading = says)
            }
        }
    }

    /// What must not hold. Common tests have words of their own.
    fn not(&self, inner: &Condition) -> String {
        let lang = self.lang;
        match inner {
            Condition::Goods { which: Which::This, of } => say!(lang, RATES_NOT_GOODS, list = self.list(of)),
            Condition::OriginIn(places) => say!(lang, RATES_NOT_ORIGIN, places = self.places(places)),
            Condition::ShippedFrom(places) => say!(lang, RATES_NOT_SHIPPED, places = self.places(places)),
            Condition::DeliveredTo(places) => say!(lang, RATES_NOT_DELIVERED, places = self.places(places)),
            Condition::SellerRegistered(scheme) => say!(lang, RATES_NOT_REGISTERED, scheme = self.scheme(scheme)),
            Condition::Gift => say!(lang, RATES_NOT_GIFT),
            Condition::Fact(fact) => say!(lang, RATES_NOT_FACT, question = self.question(fact)),
            other => say!(lang, RATES_NOT, what = self.condition(other)),
        }
    }

    fn joined(&self, parts: &[Condition], word: &str) -> String {
        parts.iter().map(|part| self.inner(part)).collect::<Vec<_>>().join(&format!(" {word} "))
    }

    /// One of several: what itself has several parts takes parentheses, so that nobody needs to know which binds first.
    fn inner(&self, part: &Condition) -> String {
        match part {
            Condition::All(_) | Condition::Any(_) => format!("({})", self.condition(part)),
            _ => self.condition(part),
        }
    }

    fn goods(&self, which: Which, of: &[String]) -> String {
        let (lang, list) = (self.lang, self.list(of));
        match which {
            Which::This => say!(lang, RATES_WHEN_GOODS, list = list),
            Which::Any => say!(lang, RATES_WHEN_ANY_GOODS, list = list),
            Which::No => say!(lang, RATES_WHEN_NO_GOODS, list = list),
            Which::Only => say!(lang, RATES_WHEN_ONLY_GOODS, list = list),
        }
    }

    /// Codes and named lists: `22, 24, goods under excise`.
    fn list(&self, of: &[String]) -> String {
        let name = |one: &String| {
            let is_code = one.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-');
            if is_code { one.clone() } else { self.named_list(one) }
        };
        self.some(of, name)
    }

    /// Places by name; many of them by code.
    fn places(&self, of: &[String]) -> String {
        self.some(of, |code| match self.book.territories().get(code) {
            Some(_) if of.len() <= NAMED => parts::territory(self.lang, self.book, code),
            Some(_) => code.clone(),
            None => {
                self.lang.find(&format!("rates-places-{code}")).unwrap_or_else(|| say!(self.lang, RATES_PLACES_LIST))
            }
        })
    }

    /// Goods that a rule knows by a list. Its key is for those who write the rules.
    fn named_list(&self, key: &str) -> String {
        self.lang.find(&format!("rates-list-{}", key.replace('_', "-"))).unwrap_or_else(|| say!(self.lang, RATES_LIST))
    }

    fn some(&self, of: &[String], name: impl Fn(&String) -> String) -> String {
        let mut told: Vec<String> = of.iter().take(LISTED).map(name).collect();
        // Two lists without words of their own are told once.
        told.dedup();
        match of.len().saturating_sub(LISTED) {
            0 => told.join(", "),
            more => say!(self.lang, RATES_MORE, list = told.join(", "), count = more),
        }
    }

    fn scheme(&self, key: &str) -> String {
        let scheme = self.view.schemes.iter().find(|scheme| scheme.key == key);
        scheme.map_or_else(|| key.to_owned(), |s| self.name(if s.short.is_empty() { &s.name } else { &s.short }))
    }

    /// What a dispute asks, and how a reading of it answers.
    fn reading(&self, dispute: &str, reading: &str) -> (String, String) {
        let found = self.view.disputes.iter().find(|one| one.key == dispute);
        let says = found.and_then(|one| one.readings.iter().find(|one| one.name == reading));
        (
            found.map_or_else(|| dispute.to_owned(), |one| self.name(&one.question)),
            says.map_or_else(|| reading.to_owned(), |one| self.name(&one.says).trim_end_matches('.').to_owned()),
        )
    }

    fn question(&self, fact: &str) -> String {
        self.view
            .asks
            .iter()
            .find(|ask| ask.fact == fact)
            .map_or_else(|| fact.to_owned(), |ask| self.name(&ask.question))
    }

    /// An amount.
    fn sum(&self, amount: &Amount) -> String {
        let lang = self.lang;
        let of = |rate: String, of: &Option<Box<Amount>>| match of {
            Some(of) => say!(lang, RATES_AMOUNT_OF, rate = rate, what = self.operand(of)),
            None => rate,
        };
        let list =
            |parts: &[Amount]| parts.iter().map(|part| self.sum(part)).collect::<Vec<_>>().join(lang.semicolon());
        match amount {
            Amount::Relieved => say!(lang, RATES_FREE),
            Amount::Flat(cash) => self.cash(cash),
            Amount::Percent { percent: rate, of: on } => of(share(lang, *rate), on),
            Amount::GrossUp { percent: rate, of: on } => {
                of(say!(lang, RATES_AMOUNT_GROSS_UP, rate = percent(lang, *rate)), on)
            }
            Amount::Specific { cash, unit } => {
                say!(lang, RATES_AMOUNT_PER, cash = self.cash(cash), unit = self.unit(unit))
            }
            Amount::Component(part) => terms::component(lang, *part),
            Amount::Base => say!(lang, RATES_AMOUNT_BASE),
            Amount::Named(key) => self.charge(key),
            Amount::Rate { table, of: on } => of(self.table(table), on),
            Amount::Tariff(Family::Duty) => say!(lang, RATES_AMOUNT_TARIFF),
            Amount::Tariff(family) => terms::family(lang, *family),
            Amount::Sum(parts) => parts.iter().map(|part| self.operand(part)).collect::<Vec<_>>().join(" + "),
            Amount::Less(from, less) => format!("{} − {}", self.sum(from), self.operand(less)),
            Amount::Times(number, inner) => format!("{} × {}", decimal(lang, *number), self.operand(inner)),
            Amount::Max(parts) => say!(lang, RATES_AMOUNT_MAX, list = list(parts)),
            Amount::Min(parts) => say!(lang, RATES_AMOUNT_MIN, list = list(parts)),
            Amount::Clamp { amount, least, most } => say!(
                lang,
                RATES_AMOUNT_CLAMP,
                amount = self.sum(amount),
                least = self.sum(least),
                most = self.sum(most)
            ),
            Amount::If { when, then, otherwise } => say!(
                lang,
                RATES_AMOUNT_IF,
                then = self.sum(then),
                when = self.condition(when),
                otherwise = self.sum(otherwise)
            ),
            Amount::Rounded { amount, .. } => say!(lang, RATES_AMOUNT_ROUNDED, amount = self.sum(amount)),
            Amount::Bands { of, slices } => {
                let slice = |s: &tidewaiter::record::expression::Slice| {
                    say!(lang, RATES_AMOUNT_SLICE, from = self.cash(&s.from), rate = percent(lang, s.percent))
                };
                let slices: Vec<String> = slices.iter().map(slice).collect();
                say!(lang, RATES_AMOUNT_BANDS, what = self.sum(of), slices = slices.join(lang.semicolon()))
            }
            Amount::WholeItems { up_to, otherwise } => {
                say!(lang, RATES_AMOUNT_ITEMS, limit = self.cash(up_to), otherwise = self.sum(otherwise))
            }
        }
    }

    /// What stands beside a sign: sums take parentheses.
    fn operand(&self, amount: &Amount) -> String {
        match amount {
            Amount::Sum(_) | Amount::Less(..) | Amount::WholeItems { .. } => format!("({})", self.sum(amount)),
            _ => self.sum(amount),
        }
    }

    fn unit(&self, unit: &str) -> String {
        match Scope::WORDS.iter().find(|(word, _)| *word == unit) {
            Some((_, scope)) => terms::scope(self.lang, *scope),
            None => unit.to_owned(),
        }
    }

    /// A rate table by its name, with its standard rate of the day.
    fn table(&self, table: &str) -> String {
        let standard = self.view.rates.iter().find(|rate| rate.table == table && rate.class == "standard");
        let name = terms::table(self.lang, table);
        match standard.and_then(|rate| rate.on(self.day)) {
            Some(rate) => say!(self.lang, RATES_AMOUNT_TABLE, table = name, rate = percent(self.lang, rate)),
            None => say!(self.lang, RATES_AMOUNT_TABLE_OPEN, table = name),
        }
    }
}

/// Money: whole numbers without the digits of cents.
pub(super) fn cash_in(lang: Lang, book: &Book, cash: &Cash) -> String {
    let whole = cash.amount.units() % Decimal::ONE.units() == 0;
    let money = Money::of(book, lang, &cash.currency);
    let (fixed, exact) = (money.number(cash.amount), decimal(lang, cash.amount));
    // An amount finer than the smallest unit, as of a price for a kilogram, keeps its digits.
    let number = if whole || exact.len() > fixed.len() { exact } else { fixed };
    say!(lang, NUMBER_MONEY, number = number, currency = cash.currency.as_str())
}

/// A percentage. One that is a fraction in the law, as 22/78, has no end: it is told to three places.
fn share(lang: Lang, rate: Decimal) -> String {
    match rate.rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(3)) {
        Ok(short) if short != rate && rate > Decimal::ONE => say!(lang, NUMBER_ABOUT, number = percent(lang, short)),
        _ => percent(lang, rate),
    }
}

/// The charge and the rung of `us.duty took "gift"`.
pub(super) fn took(text: &str) -> Option<(&str, &str)> {
    let (key, rest) = text.split_once(" took \"")?;
    let rung = rest.strip_suffix('"')?;
    (!key.contains(' ') && !rung.contains('"')).then_some((key, rung))
}
