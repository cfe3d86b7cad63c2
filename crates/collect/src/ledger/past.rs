//! What earlier events leave behind, and what follows from the next one.

use super::posting::{self, Account, Posting};
use super::{Definitions, Refused, TaxLine, Why};
use crate::definition::{Definition, Length, Period};
use crate::doubt;
use crate::event::{Amended, Correction, Event, Filed, Refund, Registration, Row, Sale};
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, HashMap};
use tidewaiter::Decimal;

/// No amount is finer than a ten-thousandth of its currency: no currency has a finer coin.
const FINEST: i128 = 100_000_000;
/// No amount is larger.
const LARGEST: Decimal = Decimal::from_int(100_000_000_000);
/// Longest number of a document, in bytes.
const LONGEST_DOCUMENT: usize = 200;

/// What earlier events leave behind, as far as later ones need it. A store loads as much of it as some events need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// SHA-256 of every event by kind and number.
    pub(crate) seen: HashMap<(&'static str, String), [u8; 32]>,
    pub(crate) sales: HashMap<String, Left>,
    pub(crate) registrations: BTreeMap<String, Vec<Registration>>,
    /// The newest period of each scheme whose return was sent.
    pub(crate) closed: BTreeMap<String, Period>,
    /// Every return that was sent.
    pub(crate) sent: BTreeMap<(String, Period), Sent>,
    /// The oldest period of each scheme for which tax was collected.
    pub(crate) oldest: BTreeMap<String, Period>,
    /// Each payment, and what is left of it that the bank did not carry out yet.
    pub(crate) payments: BTreeMap<String, Ordered>,
    /// Tax by scheme, period of the return, currency of the sales and territory.
    pub(crate) collected: BTreeMap<(String, Period, String, String), Decimal>,
    pub(crate) balances: BTreeMap<(Account, String), Decimal>,
}

/// A return that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    document: String,
    date: Date,
}

/// A payment while the bank carries it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ordered {
    amount: Decimal,
    currency: String,
    left: Decimal,
}

/// What is left of a sale after refunds and corrections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Left {
    sale: Sale,
    goods: Decimal,
    shipping: Decimal,
    /// For each row what is left; rows that a correction added stand after those of the sale.
    rows: Vec<LeftRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeftRow {
    to: String,
    row: Row,
}

/// What follows from one event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Postings that balance.
    pub postings: Vec<Posting>,
    /// Tax that goes into returns.
    pub tax: Vec<TaxLine>,
}

/// How the past changes by an event.
enum Change {
    None,
    Sale(Box<Left>),
    Registration(Registration),
    Closed(String, Period, Sent),
    Payment(String, Ordered),
}

/// SHA-256 of an event: its fields stand in the order of their type, and amounts are texts, so the same event has the same.
fn digest(event: &Event) -> [u8; 32] {
    let text = serde_json::to_vec(event).unwrap_or_default();
    Sha256::digest(text).into()
}

impl Past {
    /// The registration under a scheme, the newest where there are several.
    pub fn registration(&self, scheme: &str) -> Option<&Registration> {
        self.registrations.get(scheme)?.last()
    }

    /// The schemes under which the seller is or was registered.
    pub fn schemes(&self) -> impl Iterator<Item = &str> {
        self.registrations.keys().map(String::as_str)
    }

    /// The newest period of a scheme whose return was sent.
    pub fn closed(&self, scheme: &str) -> Option<Period> {
        self.closed.get(scheme).copied()
    }

    /// What every account holds in every currency. Debits are above zero.
    pub fn balances(&self) -> &BTreeMap<(Account, String), Decimal> {
        &self.balances
    }

    /// Takes an event, or changes nothing. Returns nothing where it was taken before.
    ///
    /// # Errors
    /// [`Refused`]; then all is as it was.
    pub fn take(&mut self, definitions: &Definitions, seq: u64, event: &Event) -> Result<Option<Outcome>, Refused> {
        self.taken(definitions, seq, event, true)
    }

    /// Takes an event that was recorded before. What can never be right was refused then, by what was known then: it is not asked again, so
    /// that what stands in a chain of hashes can always be read.
    ///
    /// # Errors
    /// As for [`Past::take`].
    pub fn retake(&mut self, definitions: &Definitions, seq: u64, event: &Event) -> Result<Option<Outcome>, Refused> {
        self.taken(definitions, seq, event, false)
    }

    fn taken(
        &mut self,
        definitions: &Definitions,
        seq: u64,
        event: &Event,
        is_new: bool,
    ) -> Result<Option<Outcome>, Refused> {
        let (kind, document) = event.name();
        if document.is_empty() || document.len() > LONGEST_DOCUMENT || document.chars().any(char::is_control) {
            return Err(Refused::Document { kind, document: document.chars().take(LONGEST_DOCUMENT).collect() });
        }
        let name = (kind, document.to_owned());
        let body = digest(event);
        if let Some(seen) = self.seen.get(&name) {
            return if *seen == body { Ok(None) } else { Err(Refused::OtherBody { kind, document: name.1 }) };
        }
        let (outcome, change) = self.follows(definitions, seq, event)?;
        if is_new {
            self.can_be_right(definitions, event)?;
        }
        posting::balanced(&outcome.postings)?;
        let too_fine = |amount: Decimal| amount.units() % FINEST != 0 || amount.units().abs() > LARGEST.units();
        let amounts = outcome
            .tax
            .iter()
            .flat_map(|line| [line.net, line.tax])
            .chain(outcome.postings.iter().map(|one| one.amount));
        if let Some(amount) = amounts.into_iter().find(|amount| too_fine(*amount)) {
            return Err(Refused::TooFine { kind, document: name.1, amount });
        }
        // From here on nothing is refused: sums are made before any is kept.
        let mut balances = BTreeMap::new();
        for posting in &outcome.postings {
            let key = (posting.account.clone(), posting.currency.clone());
            let before = balances.get(&key).or_else(|| self.balances.get(&key)).copied().unwrap_or_default();
            balances.insert(key, before.plus(posting.amount)?);
        }
        let mut collected = BTreeMap::new();
        for line in &outcome.tax {
            let Some(declared) = line.declared else { continue };
            let key = (line.scheme.clone(), declared, line.currency.clone(), line.to.clone());
            let before = collected.get(&key).or_else(|| self.collected.get(&key)).copied().unwrap_or_default();
            collected.insert(key, before.plus(line.tax)?);
            self.oldest
                .entry(line.scheme.clone())
                .and_modify(|oldest| *oldest = declared.min(*oldest))
                .or_insert(declared);
        }
        self.balances.extend(balances);
        self.collected.extend(collected);
        self.change(change);
        self.seen.insert(name, body);
        Ok(Some(outcome))
    }

    /// Takes note that an event was recorded before, and nothing else of it.
    #[cfg(feature = "store")]
    pub(crate) fn know(&mut self, event: &Event) {
        let (kind, document) = event.name();
        self.seen.insert((kind, document.to_owned()), digest(event));
    }

    /// Takes note of what an event left behind that was recorded before, as far as later events ask for it. Sums are not made again.
    #[cfg(feature = "store")]
    pub(crate) fn remember(&mut self, definitions: &Definitions, event: &Event) -> Result<(), Refused> {
        match event {
            // Whether its turn had come was decided when it was recorded.
            Event::Return(one) => self.change(one.into()),
            // So was that of a length of periods.
            Event::Registration(one) => self.change(Change::Registration(one.clone())),
            _ => {
                let (_, change) = self.follows(definitions, 0, event)?;
                self.change(change);
            }
        }
        Ok(())
    }

    /// The sums alone.
    #[cfg(feature = "store")]
    pub(crate) fn clone_sums(&self) -> Self {
        Self { balances: self.balances.clone(), collected: self.collected.clone(), ..Self::default() }
    }

    fn change(&mut self, change: Change) {
        match change {
            Change::None => {}
            Change::Sale(left) => drop(self.sales.insert(left.sale.document.clone(), *left)),
            Change::Registration(one) => self.registrations.entry(one.scheme.clone()).or_default().push(one),
            Change::Closed(scheme, period, sent) => {
                let newest = self.closed.get(&scheme).map_or(period, |closed| period.max(*closed));
                self.closed.insert(scheme.clone(), newest);
                self.sent.insert((scheme, period), sent);
            }
            Change::Payment(document, ordered) => drop(self.payments.insert(document, ordered)),
        }
    }

    fn follows(&self, definitions: &Definitions, seq: u64, event: &Event) -> Result<(Outcome, Change), Refused> {
        match event {
            Event::Registration(one) => {
                self.fits(definition(definitions, &one.scheme)?, one)?;
                if one.before.is_some_and(|before| before <= one.from) {
                    return Err(Refused::EndsBeforeItBegins(one.scheme.clone()));
                }
                Ok((Outcome::default(), Change::Registration(one.clone())))
            }
            Event::Sale(one) => self.sale_taken(definitions, seq, one),
            Event::Refund(one) => self.refund_taken(definitions, seq, one),
            Event::Correction(one) => self.correction_taken(definitions, seq, one),
            Event::Rate(one) => {
                let own = &definition(definitions, &one.scheme)?.currency.is;
                if one.rate.is_negative() || one.rate.is_zero() || (one.base == *own) == (one.currency == *own) {
                    return Err(Refused::NoRate { document: one.document.clone(), own: own.clone() });
                }
                Ok((Outcome::default(), Change::None))
            }
            Event::Return(one) => self.return_taken(definitions, one),
            Event::Amendment(one) => self.amendment_taken(definitions, one),
            Event::Payment(one) => {
                self.declared(definitions, &one.scheme, one.period, &one.currency)?;
                Ok((
                    Outcome { postings: posting::payment(one), ..Outcome::default() },
                    Change::Payment(
                        one.document.clone(),
                        Ordered { amount: one.amount, currency: one.currency.clone(), left: one.amount },
                    ),
                ))
            }
            Event::Bank(one) => {
                let ordered = self.payments.get(&one.of).ok_or_else(|| Refused::NoPayment(one.of.clone()))?.clone();
                if one.currency != ordered.currency {
                    return Err(Refused::OtherThanOrdered {
                        is: one.currency.clone(),
                        wanted: ordered.currency.clone(),
                    });
                }
                let Ordered { amount, left, .. } = ordered;
                let rest = left.minus(one.amount)?;
                if !rest.is_zero() && rest.is_negative() != amount.is_negative() {
                    return Err(Refused::MoreThanOrdered { payment: one.of.clone(), left });
                }
                // More is left than was ordered: it would come back without having gone out.
                let beyond = rest.minus(amount)?;
                if !beyond.is_zero() && beyond.is_negative() == amount.is_negative() {
                    return Err(Refused::MoreThanPaid { payment: one.of.clone(), paid: amount.minus(left)? });
                }
                Ok((
                    Outcome { postings: posting::bank(one), ..Outcome::default() },
                    Change::Payment(one.of.clone(), Ordered { left: rest, ..ordered }),
                ))
            }
            Event::Claim(one) => {
                self.declared(definitions, &one.scheme, one.period, &one.currency)?;
                Ok((Outcome { postings: posting::claim(one), ..Outcome::default() }, Change::None))
            }
        }
    }

    /// Refuses what can never be right, although something would follow from it.
    fn can_be_right(&self, definitions: &Definitions, event: &Event) -> Result<(), Refused> {
        let unknown = |row: &&Row| row.scheme.as_ref().is_some_and(|scheme| !definitions.contains_key(scheme));
        match event {
            Event::Sale(sale) => {
                // A ratebook knows schemes whose returns are not described yet.
                let by_hand = sale.rows.iter().filter(|_| sale.quote.is_none());
                if let Some(scheme) = by_hand.clone().find(unknown).and_then(|row| row.scheme.as_ref()) {
                    return definition(definitions, scheme).map(drop);
                }
                match doubt::beyond(sale)? {
                    // One row may be reckoned on what somebody else paid as well: that is told as a doubt.
                    Some(one) if one.rows > 1 && sale.quote.is_none() => {
                        Err(Refused::Beyond { sale: sale.document.clone(), found: Box::new(one) })
                    }
                    _ => Ok(()),
                }
            }
            Event::Refund(one) if one.all && self.sales.get(&one.of).is_some_and(Left::is_nothing) => {
                Err(Refused::NothingLeft(one.of.clone()))
            }
            Event::Correction(one) => {
                let left = self.sales.get(&one.of);
                let is_there =
                    |row: &&Row| left.is_some_and(|left| left.rows.iter().any(|known| known.row.scheme == row.scheme));
                let wrong = one.rows.iter().find(|row| unknown(row) && !is_there(row));
                wrong
                    .and_then(|row| row.scheme.as_ref())
                    .map_or(Ok(()), |scheme| definition(definitions, scheme).map(drop))
            }
            _ => Ok(()),
        }
    }

    /// Whether the return of a period was sent, and is in a currency.
    fn declared(&self, definitions: &Definitions, scheme: &str, period: Period, currency: &str) -> Result<(), Refused> {
        let own = &definition(definitions, scheme)?.currency.is;
        if own != currency {
            return Err(Refused::OtherCurrency { is: currency.to_owned(), wanted: own.clone() });
        }
        match self.closed.get(scheme) {
            Some(closed) if period <= *closed => Ok(()),
            _ => Err(Refused::NoReturn { scheme: scheme.to_owned(), period }),
        }
    }

    fn sale_taken(&self, definitions: &Definitions, seq: u64, sale: &Sale) -> Result<(Outcome, Change), Refused> {
        let negative = |row: &Row| row.net.is_negative() || row.amount.is_negative();
        if sale.goods.is_negative() || sale.shipping.is_negative() || sale.rows.iter().any(negative) {
            return Err(Refused::BelowZero(sale.document.clone()));
        }
        let rows: Vec<LeftRow> =
            sale.rows.iter().map(|row| LeftRow { to: sale.to.clone(), row: row.clone() }).collect();
        let tax = rows
            .iter()
            .map(|left| self.tax_line(definitions, seq, Why::Sale, &sale.document, sale, sale.date, left))
            .collect::<Result<Vec<_>, _>>()?;
        let tax: Vec<TaxLine> = tax.into_iter().flatten().collect();
        let mut postings =
            posting::sale(sale, &rows.iter().map(|left| (left.to.as_str(), &left.row)).collect::<Vec<_>>())?;
        postings.extend(posting::amend(&tax)?);
        let left = Left { sale: sale.clone(), goods: sale.goods, shipping: sale.shipping, rows };
        Ok((Outcome { postings, tax }, Change::Sale(Box::new(left))))
    }

    fn refund_taken(&self, definitions: &Definitions, seq: u64, refund: &Refund) -> Result<(Outcome, Change), Refused> {
        let mut left = self.sales.get(&refund.of).ok_or_else(|| Refused::NoSale(refund.of.clone()))?.clone();
        if refund.date < left.sale.date {
            return Err(Refused::BeforeTheSale(refund.document.clone()));
        }
        let beyond =
            |what: &str, left: Decimal| Refused::MoreThanLeft { sale: refund.of.clone(), what: what.to_owned(), left };
        let take = |what: &str, from: &mut Decimal, part: Decimal| -> Result<(), Refused> {
            let rest = from.minus(part)?;
            if part.is_negative() {
                return Err(Refused::BelowZero(refund.document.clone()));
            }
            if rest.is_negative() {
                return Err(beyond(what, *from));
            }
            *from = rest;
            Ok(())
        };
        let (goods, shipping) = if refund.all { (left.goods, left.shipping) } else { (refund.goods, refund.shipping) };
        take("goods", &mut left.goods, goods)?;
        take("shipping", &mut left.shipping, shipping)?;
        let mut back = Vec::new();
        if refund.all {
            if !refund.rows.is_empty() || !refund.goods.is_zero() || !refund.shipping.is_zero() {
                return Err(Refused::AllAndParts(refund.document.clone()));
            }
            for row in &mut left.rows {
                back.push(row.clone());
                (row.row.net, row.row.amount) = (Decimal::ZERO, Decimal::ZERO);
            }
        }
        for part in &refund.rows {
            let row = usize::from(part.row).checked_sub(1).and_then(|n| left.rows.get_mut(n));
            let row = row.ok_or_else(|| Refused::NoRow { sale: refund.of.clone(), row: part.row })?;
            take("the base of its row", &mut row.row.net, part.net)?;
            take(&row.row.charge.clone(), &mut row.row.amount, part.amount)?;
            let mut part_row = row.clone();
            (part_row.row.net, part_row.row.amount) = (part.net, part.amount);
            back.push(part_row);
        }
        let mut tax = Vec::new();
        for row in &back {
            let negative = row.negated()?;
            tax.extend(self.tax_line(
                definitions,
                seq,
                Why::Refund,
                &refund.document,
                &left.sale,
                refund.date,
                &negative,
            )?);
        }
        let rows: Vec<(&str, &Row)> = back.iter().map(|left| (left.to.as_str(), &left.row)).collect();
        let mut postings = posting::refund(&left.sale.currency, goods, shipping, &rows)?;
        postings.extend(posting::amend(&tax)?);
        Ok((Outcome { postings, tax }, Change::Sale(Box::new(left))))
    }

    fn correction_taken(
        &self,
        definitions: &Definitions,
        seq: u64,
        one: &Correction,
    ) -> Result<(Outcome, Change), Refused> {
        let mut left = self.sales.get(&one.of).ok_or_else(|| Refused::NoSale(one.of.clone()))?.clone();
        let to = one.to.as_deref().unwrap_or(&left.sale.to).to_owned();
        let mut tax = Vec::new();
        for row in &one.rows {
            let is_same = |known: &&mut LeftRow| {
                known.to == to
                    && (&known.row.charge, &known.row.scheme, known.row.rate, known.row.rate_type)
                        == (&row.charge, &row.scheme, row.rate, row.rate_type)
            };
            let change = LeftRow { to: to.clone(), row: row.clone() };
            match left.rows.iter_mut().find(is_same) {
                Some(known) => {
                    known.row.net = known.row.net.plus(row.net)?;
                    known.row.amount = known.row.amount.plus(row.amount)?;
                }
                None => left.rows.push(change.clone()),
            }
            if left.rows.iter().any(|row| row.row.net.is_negative() || row.row.amount.is_negative()) {
                return Err(Refused::BelowZero(one.document.clone()));
            }
            tax.extend(self.tax_line(
                definitions,
                seq,
                Why::Correction,
                &one.document,
                &left.sale,
                one.date,
                &change,
            )?);
        }
        let rows: Vec<(&str, &Row)> = one.rows.iter().map(|row| (to.as_str(), row)).collect();
        if one.amend {
            self.amend_all(&mut tax);
        }
        let mut postings = posting::correction(&left.sale.currency, &rows)?;
        postings.extend(posting::amend(&tax)?);
        Ok((Outcome { postings, tax }, Change::Sale(Box::new(left))))
    }

    fn return_taken(&self, definitions: &Definitions, one: &Filed) -> Result<(Outcome, Change), Refused> {
        let definition = definition(definitions, &one.scheme)?;
        if one.currency != definition.currency.is {
            return Err(Refused::OtherCurrency { is: one.currency.clone(), wanted: definition.currency.is.clone() });
        }
        let due = match (self.behind(&one.scheme).first(), self.closed.get(&one.scheme)) {
            (Some(behind), _) => Some(*behind),
            // At the end of the calendar none is left.
            (None, Some(closed)) => Some(self.after(definition, *closed).unwrap_or(closed.next())),
            (None, None) => self.first_period(definition).or_else(|| self.like(definition, one.period)),
        };
        if let Some(due) = due.filter(|due| *due != one.period) {
            return Err(Refused::OutOfTurn { scheme: one.scheme.clone(), period: one.period, due });
        }
        let range = self
            .collected
            .iter()
            .filter(|((scheme, declared, ..), _)| *scheme == one.scheme && *declared == one.period);
        let postings =
            posting::filed(one, range.map(|((_, _, currency, to), sum)| (currency.as_str(), to.as_str(), *sum)))?;
        Ok((Outcome { postings, tax: Vec::new() }, one.into()))
    }

    fn amendment_taken(&self, definitions: &Definitions, one: &Amended) -> Result<(Outcome, Change), Refused> {
        self.declared(definitions, &one.scheme, one.period, &one.currency)?;
        if self.sent.get(&(one.scheme.clone(), one.period)).is_none_or(|sent| sent.document != one.of) {
            return Err(Refused::NoSuchReturn { of: one.of.clone(), scheme: one.scheme.clone(), period: one.period });
        }
        let postings = posting::amended(one, &self.balances)?;
        Ok((Outcome { postings, tax: Vec::new() }, Change::None))
    }

    /// Lines of periods whose return was sent go into no later one.
    fn amend_all(&self, lines: &mut [TaxLine]) {
        for line in lines {
            if line.about.is_some_and(|about| self.is_closed(&line.scheme, about)) {
                line.missed = line.declared.take().or(line.missed);
            }
        }
    }

    /// Whether a registration leaves every period whole.
    fn fits(&self, definition: &Definition, one: &Registration) -> Result<(), Refused> {
        let Some(length) = one.period else { return Ok(()) };
        let scheme = &one.scheme;
        let known = definition.period.lengths(one.from);
        if !known.contains(&length) {
            return Err(Refused::NoLength { scheme: scheme.clone(), length, known });
        }
        let before = self.length(definition, one.from);
        if length == before {
            return Ok(());
        }
        let registered = self.registered(scheme).unwrap_or(one.from);
        let held = self.collected.keys().map(|key| (&key.0, key.1)).chain(self.sent.keys().map(|key| (&key.0, key.1)));
        let newest = held.filter(|(of, _)| *of == scheme).max_by_key(|(_, period)| period.last());
        let is_first = newest.is_none() && self.registrations.get(scheme).is_none_or(Vec::is_empty);
        if let Some((_, period)) = newest.filter(|(_, period)| period.last() >= one.from) {
            return Err(Refused::LengthTooLate { scheme: scheme.clone(), from: one.from, period });
        }
        let begins = |length| definition.period.of_length(length, one.from, registered).map(Period::first);
        if !is_first && [before, length].into_iter().any(|length| begins(length) != Some(one.from)) {
            return Err(Refused::LengthWithin { scheme: scheme.clone(), from: one.from });
        }
        Ok(())
    }

    /// Whether the return of a period was sent. One that none was sent for is open, however old: a late return is made for it.
    pub(super) fn is_closed(&self, scheme: &str, period: Period) -> bool {
        self.sent.contains_key(&(scheme.to_owned(), period))
    }

    /// Periods that hold tax and have no return, although that of a newer one was sent: theirs are next. The oldest first.
    pub fn behind(&self, scheme: &str) -> Vec<Period> {
        let Some(closed) = self.closed.get(scheme) else { return Vec::new() };
        let own = self.collected.keys().filter(|(of, period, ..)| of == scheme && period < closed);
        let unsent = own.map(|(of, period, ..)| (of.clone(), *period)).filter(|key| !self.sent.contains_key(key));
        unsent.map(|(_, period)| period).collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    /// Where nothing is known of a seller: the period of the scheme that is this one, or has its first day.
    pub(super) fn like(&self, definition: &Definition, period: Period) -> Option<Period> {
        let rule = &definition.period;
        let of = |length| rule.of_length(length, period.first(), period.first());
        let other = rule.others.iter().find_map(|length| of(*length).filter(|other| *other == period));
        other.or_else(|| of(rule.is))
    }

    /// The length of periods of a seller on some day.
    pub fn length(&self, definition: &Definition, day: Date) -> Length {
        let all = self.registrations.get(&definition.scheme.key).map(Vec::as_slice).unwrap_or_default();
        let counts = |one: &&Registration| one.period.is_some();
        let newest = all.iter().rev().filter(counts).find(|one| one.from <= day);
        // What was sold before one registered is declared with the first period.
        let first = all.iter().find(|one| one.from > day).filter(|_| all.iter().all(|one| one.from > day));
        newest.or(first).and_then(|one| one.period).unwrap_or(definition.period.is)
    }

    /// The period of a seller in which a day is. Nothing at the end of the calendar.
    pub fn period(&self, definition: &Definition, day: Date) -> Option<Period> {
        // Who is not registered yet counts from January.
        let registered = self.registered(&definition.scheme.key).unwrap_or(day.first_of_year());
        definition.period.of_length(self.length(definition, day), day, registered)
    }

    /// The period of a seller after one. Where a registration was recorded after sales its periods may begin in other months than theirs did:
    /// none that holds tax is left out.
    pub fn after(&self, definition: &Definition, period: Period) -> Option<Period> {
        let scheme = &definition.scheme.key;
        let mut next = self.period(definition, period.next().first());
        while let Some(gap) = next.filter(|next| self.is_between(scheme, *next)) {
            next = self.period(definition, gap.next().first()).filter(|later| *later > gap);
        }
        let held = self.collected.keys().filter(|(of, declared, ..)| of == scheme && *declared > period);
        held.map(|(_, declared, ..)| *declared).chain(next).min()
    }

    /// Whether a period lies between the end of one registration and the begin of the next: no return is due for it.
    fn is_between(&self, scheme: &str, period: Period) -> bool {
        let all = self.registrations.get(scheme).map(Vec::as_slice).unwrap_or_default();
        // Of those with the same first day the newest says when it ends.
        let counts = |n: usize, one: &Registration| !all.iter().skip(n + 1).any(|later| later.from == one.from);
        let holds =
            |one: &Registration| one.from <= period.last() && one.before.is_none_or(|before| before > period.first());
        all.iter().any(|one| one.from < period.first())
            && all.iter().any(|one| one.from > period.last())
            && !all.iter().enumerate().any(|(n, one)| counts(n, one) && holds(one))
    }

    /// Whether a sale has rows of a scheme. Nothing where the sale is not known here.
    pub fn is_taxed(&self, sale: &str) -> Option<bool> {
        let left = self.sales.get(sale)?;
        Some(left.rows.iter().any(|one| one.row.scheme.is_some()))
    }

    /// First day of the first registration under a scheme.
    pub fn registered(&self, scheme: &str) -> Option<Date> {
        Some(self.registrations.get(scheme)?.first()?.from)
    }

    /// The first period for which a return is due: that of the registration, or of the first sale under the scheme.
    pub fn first_period(&self, definition: &Definition) -> Option<Period> {
        let scheme = &definition.scheme.key;
        let registered = self.registrations.get(scheme).and_then(|all| all.iter().map(|one| one.from).min());
        let sold = self.oldest.get(scheme).copied();
        let registered = registered.and_then(|day| self.period(definition, day));
        match (registered, sold) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other),
        }
    }

    /// Whether a later return may still hold a difference of a period whose return was sent.
    fn is_open_to(&self, definition: &Definition, own: Period, later: Period, tax: Decimal) -> bool {
        match self.sent.get(&(definition.scheme.key.clone(), own)) {
            Some(sent) if tax.is_negative() => definition.is_lowerable(own, sent.date, later),
            _ => definition.is_correctable(own, later),
        }
    }

    /// The tax of a row, if it goes into a return.
    #[allow(clippy::too_many_arguments, reason = "what one line is made of")]
    fn tax_line(
        &self,
        definitions: &Definitions,
        seq: u64,
        why: Why,
        document: &str,
        sale: &Sale,
        date: Date,
        row: &LeftRow,
    ) -> Result<Option<TaxLine>, Refused> {
        let Some(scheme) = &row.row.scheme else { return Ok(None) };
        let period = |day| -> Option<Period> { self.period(definitions.get(scheme)?, day) };
        let about = period(sale.date);
        let own = match (why, definitions.get(scheme).map(|definition| definition.refunds.are)) {
            (Why::Refund, Some(crate::definition::Refunds::Deducted)) => period(date),
            _ => about,
        };
        let (declared, missed) = match (definitions.get(scheme), own, self.closed.get(scheme)) {
            // Its return was sent: it goes into that of the day on which it happened, or the first that is still open, while the law allows it.
            (Some(definition), Some(own), Some(closed)) if self.is_closed(scheme, own) => {
                let later = period(date).zip(self.after(definition, *closed)).map(|(of_day, open)| of_day.max(open));
                let is_open = |later: &Period| self.is_open_to(definition, own, *later, row.row.amount);
                (later.filter(is_open), later.filter(|later| !is_open(later)))
            }
            _ => (own, None),
        };
        Ok(Some(TaxLine {
            seq,
            why,
            document: document.to_owned(),
            of: sale.document.clone(),
            date,
            sold: sale.date,
            scheme: scheme.clone(),
            to: row.to.clone(),
            from: sale.from.clone(),
            charge: row.row.charge.clone(),
            rate: row.row.rate,
            rate_type: row.row.rate_type,
            currency: sale.currency.clone(),
            net: row.row.net,
            tax: row.row.amount,
            about: own,
            declared,
            missed,
        }))
    }
}

impl From<&Filed> for Change {
    fn from(one: &Filed) -> Self {
        let sent = Sent { document: one.document.clone(), date: one.date };
        Self::Closed(one.scheme.clone(), one.period, sent)
    }
}

impl Left {
    /// Whether all of it went back.
    fn is_nothing(&self) -> bool {
        let is_nothing = |one: &LeftRow| one.row.net.is_zero() && one.row.amount.is_zero();
        self.goods.is_zero() && self.shipping.is_zero() && self.rows.iter().all(is_nothing)
    }
}

impl LeftRow {
    fn negated(&self) -> Result<Self, Refused> {
        let mut row = self.clone();
        row.row.net = Decimal::ZERO.minus(row.row.net)?;
        row.row.amount = Decimal::ZERO.minus(row.row.amount)?;
        Ok(row)
    }
}

fn definition<'a>(definitions: &'a Definitions, scheme: &str) -> Result<&'a Definition, Refused> {
    definitions.get(scheme).ok_or_else(|| Refused::NoScheme {
        scheme: scheme.to_owned(),
        near: doubt::near(scheme, definitions.keys().map(String::as_str))
            .map(|near| format!(" (did you mean \"{near}\"?)"))
            .unwrap_or_default(),
        known: definitions.keys().cloned().collect::<Vec<_>>().join(", "),
    })
}
