//! The ledger of one seller: events in their order, each chained to the one before by its hash, and what follows from them.
//!
//! An event is taken or refused; what is taken never changes. Postings balance in every currency, and tax has the period in which it is
//! declared from the moment it is recorded: a period whose return was sent stays as it is, and what comes later goes into a later return.

mod chain;
mod posting;
mod refused;
mod tax;

pub use chain::{Entry, GENESIS};
pub use posting::{Account, Posting};
pub use refused::Refused;
pub use tax::{TaxLine, Why};

use crate::definition::{Definition, Period};
use crate::event::{Correction, Event, Filed, Refund, Registration, Row, Sale};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap, HashSet};
use tidewaiter::Decimal;

/// The rules of all schemes by their keys.
pub type Definitions = BTreeMap<String, Definition>;

/// A ledger in memory.
#[derive(Debug)]
pub struct Ledger<'a> {
    definitions: &'a Definitions,
    entries: Vec<Entry>,
    past: Past,
}

/// What earlier events leave behind, as far as later ones need it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    seen: HashSet<(&'static str, String)>,
    sales: HashMap<String, Left>,
    registrations: BTreeMap<String, Vec<Registration>>,
    /// The newest period of each scheme whose return was sent.
    closed: BTreeMap<String, Period>,
    payments: BTreeMap<String, Decimal>,
    tax: Vec<TaxLine>,
    balances: BTreeMap<(Account, String), Decimal>,
}

/// What is left of a sale after refunds and corrections.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Left {
    sale: Sale,
    goods: Decimal,
    shipping: Decimal,
    /// For each row what is left; rows that a correction added stand after those of the sale.
    rows: Vec<LeftRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct LeftRow {
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

impl<'a> Ledger<'a> {
    /// An empty one.
    pub fn new(definitions: &'a Definitions) -> Self {
        Self { definitions, entries: Vec::new(), past: Past::default() }
    }

    /// Makes a ledger again from nothing but its entries.
    ///
    /// # Errors
    /// [`Refused`] where the chain is broken, or an event does not stand where it is.
    pub fn replay(definitions: &'a Definitions, entries: impl IntoIterator<Item = Entry>) -> Result<Self, Refused> {
        let mut ledger = Self::new(definitions);
        for entry in entries {
            entry.check(ledger.entries.last())?;
            ledger.past.take(definitions, ledger.entries.len() as u64 + 1, &entry.event)?;
            ledger.entries.push(entry);
        }
        Ok(ledger)
    }

    /// Takes an event. The same one again changes nothing, and returns nothing.
    ///
    /// # Errors
    /// [`Refused`]; then the ledger is as it was.
    pub fn append(&mut self, at: Timestamp, event: Event) -> Result<Option<Outcome>, Refused> {
        let (kind, document) = event.name();
        if self.past.seen.contains(&(kind, document.to_owned())) {
            let same = self.entries.iter().any(|entry| entry.event == event);
            return if same { Ok(None) } else { Err(Refused::OtherBody { kind, document: document.to_owned() }) };
        }
        let outcome = self.past.take(self.definitions, self.entries.len() as u64 + 1, &event)?;
        self.entries.push(Entry::after(self.entries.last(), at, event));
        Ok(Some(outcome))
    }

    /// All entries, the oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// All tax that goes into returns.
    pub fn tax(&self) -> &[TaxLine] {
        &self.past.tax
    }

    /// What every account holds in every currency. Debits are above zero.
    pub fn balances(&self) -> &BTreeMap<(Account, String), Decimal> {
        &self.past.balances
    }

    /// What earlier events left behind.
    pub fn past(&self) -> &Past {
        &self.past
    }

    /// The rules it goes by.
    pub fn definitions(&self) -> &'a Definitions {
        self.definitions
    }

    /// Hash of the newest entry: it stands for all of them.
    pub fn head(&self) -> &str {
        self.entries.last().map_or(GENESIS, |entry| &entry.hash)
    }
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

    /// Takes an event, or changes nothing.
    fn take(&mut self, definitions: &Definitions, seq: u64, event: &Event) -> Result<Outcome, Refused> {
        let outcome = match event {
            Event::Registration(one) => self.registration_taken(definitions, one)?,
            Event::Sale(one) => self.sale_taken(definitions, seq, one)?,
            Event::Refund(one) => self.refund_taken(definitions, seq, one)?,
            Event::Correction(one) => self.correction_taken(definitions, seq, one)?,
            Event::Rate(one) => {
                let own = &definition(definitions, &one.scheme)?.currency.is;
                if one.rate.is_negative() || one.rate.is_zero() || (one.base == *own) == (one.currency == *own) {
                    return Err(Refused::NoRate { document: one.document.clone(), own: own.clone() });
                }
                Outcome::default()
            }
            Event::Return(one) => self.return_taken(definitions, one)?,
            Event::Payment(one) => {
                let closed = self
                    .closed
                    .get(&one.scheme)
                    .ok_or_else(|| Refused::NoReturn { scheme: one.scheme.clone(), period: one.period })?;
                if one.period > *closed {
                    return Err(Refused::NoReturn { scheme: one.scheme.clone(), period: one.period });
                }
                self.payments.insert(one.document.clone(), one.amount);
                Outcome { postings: posting::payment(one), ..Outcome::default() }
            }
            Event::Bank(one) => {
                let left = self.payments.get_mut(&one.of).ok_or_else(|| Refused::NoPayment(one.of.clone()))?;
                let rest = left.minus(one.amount)?;
                let is_more = rest.is_negative() != left.is_negative() && !rest.is_zero();
                if is_more {
                    return Err(Refused::MoreThanOrdered { payment: one.of.clone(), left: *left });
                }
                *left = rest;
                Outcome { postings: posting::bank(one), ..Outcome::default() }
            }
            Event::Claim(one) => Outcome { postings: posting::claim(one), ..Outcome::default() },
        };
        posting::balanced(&outcome.postings)?;
        for posting in &outcome.postings {
            let balance = self.balances.entry((posting.account.clone(), posting.currency.clone())).or_default();
            *balance = balance.plus(posting.amount)?;
        }
        self.tax.extend(outcome.tax.iter().cloned());
        let (kind, document) = event.name();
        self.seen.insert((kind, document.to_owned()));
        Ok(outcome)
    }

    fn registration_taken(&mut self, definitions: &Definitions, one: &Registration) -> Result<Outcome, Refused> {
        definition(definitions, &one.scheme)?;
        if one.before.is_some_and(|before| before <= one.from) {
            return Err(Refused::EndsBeforeItBegins(one.scheme.clone()));
        }
        self.registrations.entry(one.scheme.clone()).or_default().push(one.clone());
        Ok(Outcome::default())
    }

    fn sale_taken(&mut self, definitions: &Definitions, seq: u64, sale: &Sale) -> Result<Outcome, Refused> {
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
        let postings = posting::sale(sale, &rows.iter().map(|left| (left.to.as_str(), &left.row)).collect::<Vec<_>>())?;
        self.sales.insert(
            sale.document.clone(),
            Left { sale: sale.clone(), goods: sale.goods, shipping: sale.shipping, rows },
        );
        Ok(Outcome { postings, tax: tax.into_iter().flatten().collect() })
    }

    fn refund_taken(&mut self, definitions: &Definitions, seq: u64, refund: &Refund) -> Result<Outcome, Refused> {
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
        let postings = posting::refund(&left.sale.currency, goods, shipping, &rows)?;
        self.sales.insert(refund.of.clone(), left);
        Ok(Outcome { postings, tax })
    }

    fn correction_taken(&mut self, definitions: &Definitions, seq: u64, one: &Correction) -> Result<Outcome, Refused> {
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
        let postings = posting::correction(&left.sale.currency, &rows)?;
        self.sales.insert(one.of.clone(), left);
        Ok(Outcome { postings, tax })
    }

    fn return_taken(&mut self, definitions: &Definitions, one: &Filed) -> Result<Outcome, Refused> {
        let definition = definition(definitions, &one.scheme)?;
        if one.currency != definition.currency.is {
            return Err(Refused::OtherCurrency { is: one.currency.clone(), wanted: definition.currency.is.clone() });
        }
        let due = match self.closed.get(&one.scheme) {
            Some(closed) => Some(closed.next()),
            None => self.first_period(definition),
        };
        if let Some(due) = due.filter(|due| *due != one.period) {
            return Err(Refused::OutOfTurn { scheme: one.scheme.clone(), period: one.period, due });
        }
        let lines = self.tax.iter().filter(|line| line.scheme == one.scheme && line.declared == Some(one.period));
        let postings = posting::filed(one, lines)?;
        self.closed.insert(one.scheme.clone(), one.period);
        Ok(Outcome { postings, tax: Vec::new() })
    }

    /// The first period for which a return is due: that of the registration, or of the first sale under the scheme.
    pub fn first_period(&self, definition: &Definition) -> Option<Period> {
        let scheme = &definition.scheme.key;
        let registered = self.registrations.get(scheme).and_then(|all| all.iter().map(|one| one.from).min());
        let sold = self.tax.iter().filter(|line| line.scheme == *scheme).filter_map(|line| line.declared).min();
        let registered = registered.and_then(|day| definition.period.of(day, day));
        match (registered, sold) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other),
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
        date: jiff::civil::Date,
        row: &LeftRow,
    ) -> Result<Option<TaxLine>, Refused> {
        let Some(scheme) = &row.row.scheme else { return Ok(None) };
        let period = |day| -> Option<Period> {
            let definition = definitions.get(scheme)?;
            let registered = self.registrations.get(scheme).and_then(|all| all.first()).map_or(day, |one| one.from);
            definition.period.of(day, registered)
        };
        let about = period(sale.date);
        let own = match (why, definitions.get(scheme).map(|definition| definition.refunds.are)) {
            (Why::Refund, Some(crate::definition::Refunds::Deducted)) => period(date),
            _ => about,
        };
        let declared = match (own, self.closed.get(scheme)) {
            // Its return was sent: it goes into that of the day on which it happened, or the first that is still open, while the law allows it.
            (Some(own), Some(closed)) if own <= *closed => definitions
                .get(scheme)
                .filter(|definition| definition.is_correctable(own, date))
                .and_then(|_| period(date).map(|now| now.max(closed.next()))),
            (own, _) => own,
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
        }))
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
        known: definitions.keys().cloned().collect::<Vec<_>>().join(", "),
    })
}
