//! Which returns of a ledger were sent, which are open or late, and what is owed and paid for each.

use crate::deadline::open;
use crate::definition::{Definition, Period};
use crate::event::{Event, is_nothing};
use crate::ledger::{Entry, Ledger};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tidewaiter::Decimal;
use tidewaiter::decimal::NumberError;

/// How a return stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Sent by its day.
    Sent,
    /// Sent after its day.
    SentLate,
    /// Its period is not over yet.
    Running,
    /// Its period is over, and its day has not passed.
    Open,
    /// Not sent, and its day has passed.
    Missing,
}

impl State {
    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::SentLate => "sent late",
            Self::Running => "period not over",
            Self::Open => "open",
            Self::Missing => "LATE, not sent",
        }
    }

    /// Whether a return was recorded.
    pub const fn is_sent(self) -> bool {
        matches!(self, Self::Sent | Self::SentLate)
    }
}

/// An amendment of a return. Its amounts are differences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Amendment {
    /// Its number.
    pub document: String,
    /// The day on which it was sent.
    pub sent: Date,
    /// How much more is owed; below zero it is less.
    pub owed: Decimal,
    /// How much more comes back beside it, not set off.
    #[serde(skip_serializing_if = "is_nothing")]
    pub back: Decimal,
    /// SHA-256 of it as it was sent.
    pub sha256: String,
}

/// Tax of a period whose return was sent, that no later return may have: the return is to be amended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToAmend {
    /// How many rows of sales, refunds and corrections.
    pub lines: u64,
    /// Their tax, by currency of the sales.
    pub tax: BTreeMap<String, Decimal>,
}

/// A return and what was paid for it. Amounts are in the currency of the return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Key of the scheme.
    pub scheme: String,
    /// Its name.
    pub name: String,
    /// The period.
    pub period: Period,
    /// How it stands.
    pub state: State,
    /// The day by which it must be sent.
    pub due: Date,
    /// The day by which what is owed must be paid.
    pub pay_by: Date,
    /// Days on which parts are paid before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instalments: Vec<Date>,
    /// The day on which it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<Date>,
    /// SHA-256 of the return as it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// What was sent later to amend it, the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amendments: Vec<Amendment>,
    /// What waits until it is amended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_amend: Option<ToAmend>,
    /// ISO 4217 letters.
    pub currency: String,
    /// What the return says is owed, with its amendments; below zero comes back. Nothing where it was not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed: Option<Decimal>,
    /// What comes back beside it, not set off, with its amendments.
    pub back: Decimal,
    /// Penalties, interest and assessments.
    pub claims: Decimal,
    /// Payments ordered to the authority.
    pub ordered: Decimal,
    /// Payments expected from the authority.
    pub expected: Decimal,
    /// What the bank carried out of the first.
    pub paid: Decimal,
    /// What the bank received of the second.
    pub received: Decimal,
    /// What is left to be ordered; below zero is to come back.
    pub to_order: Decimal,
    /// What is left until the bank has carried out everything; below zero is to come back.
    pub left: Decimal,
    /// Whether something is left to be paid and its day has passed.
    pub overdue: bool,
}

impl Standing {
    fn new(definition: &Definition, period: Period, state: State) -> Self {
        Self {
            scheme: definition.scheme.key.clone(),
            name: definition.scheme.name.clone(),
            period,
            state,
            due: definition.due.by.of(period),
            pay_by: definition.payment_due(period),
            instalments: definition.instalments(period),
            sent: None,
            sha256: None,
            amendments: Vec::new(),
            to_amend: None,
            currency: definition.currency.is.clone(),
            owed: None,
            back: Decimal::ZERO,
            claims: Decimal::ZERO,
            ordered: Decimal::ZERO,
            expected: Decimal::ZERO,
            paid: Decimal::ZERO,
            received: Decimal::ZERO,
            to_order: Decimal::ZERO,
            left: Decimal::ZERO,
            overdue: false,
        }
    }

    /// How it stands, for people: with the day of the newest amendment, and whether another is needed.
    pub fn words(&self) -> String {
        let mut says = self.state.words().to_owned();
        if let Some(newest) = self.amendments.last() {
            says.push_str(&format!(", amended {}", newest.sent));
        }
        if self.to_amend.is_some() {
            says.push_str(", TO AMEND");
        }
        says
    }

    fn sums(&mut self, definition: Option<&Definition>, today: Date) -> Result<(), NumberError> {
        let declared = self.owed.unwrap_or_default();
        let is_paid = !(self.ordered.is_zero() && self.expected.is_zero());
        // Less than the least that is paid is not asked for; who paid it all the same has paid what was owed.
        let to_pay = definition.filter(|_| !is_paid).map_or(declared, |definition| definition.to_pay(declared));
        let owed = to_pay.plus(self.claims)?;
        self.to_order = owed.minus(self.ordered)?;
        if self.to_order.is_negative() {
            // What was ordered too much, or is to come back, less what is expected already.
            self.to_order = self.to_order.plus(self.expected)?;
        }
        self.left = owed.minus(self.back)?.minus(self.paid)?.plus(self.received)?;
        self.overdue = owed > self.paid && self.pay_by < today;
        Ok(())
    }
}

/// The day on which a seller first registered under a scheme.
pub fn registered(entries: &[Entry], scheme: &str) -> Option<Date> {
    entries.iter().find_map(|entry| match &entry.event {
        Event::Registration(one) if one.scheme == scheme => Some(one.from),
        _ => None,
    })
}

/// All returns of a ledger by scheme and period, up to the period in which a day is.
///
/// # Errors
/// [`NumberError`] where a sum is out of range.
pub fn standings(ledger: &Ledger<'_>, today: Date) -> Result<Vec<Standing>, NumberError> {
    let (definitions, entries, past) = (ledger.definitions(), ledger.entries(), ledger.past());
    let mut all: BTreeMap<(&str, Period), Standing> = BTreeMap::new();
    let schemes: BTreeSet<&str> = past.schemes().chain(past.oldest.keys().map(String::as_str)).collect();
    for definition in schemes.into_iter().filter_map(|scheme| definitions.get(scheme)) {
        let key = definition.scheme.key.as_str();
        for one in open(definition, past, today) {
            let state = if one.due < today { State::Missing } else { State::Open };
            all.insert((key, one.period), Standing::new(definition, one.period, state));
        }
        let is_over = past.registration(key).and_then(|one| one.before).is_some_and(|before| before <= today);
        let first = registered(entries, key).unwrap_or(today);
        let running = past.period(definition, today).filter(|period| {
            !is_over && past.closed(key).is_none_or(|closed| closed < *period) && first <= period.last()
        });
        if let Some(period) = running {
            all.entry((key, period)).or_insert_with(|| Standing::new(definition, period, State::Running));
        }
    }
    let mut payments: HashMap<&str, (&str, Period, bool)> = HashMap::new();
    let mut amended: BTreeMap<(&str, Period), u64> = BTreeMap::new();
    for entry in entries {
        match &entry.event {
            Event::Return(one) => {
                let Some(definition) = definitions.get(&one.scheme) else { continue };
                let mut standing = Standing::new(definition, one.period, State::Sent);
                if one.date > standing.due {
                    standing.state = State::SentLate;
                }
                (standing.sent, standing.sha256) = (Some(one.date), Some(one.sha256.clone()));
                (standing.owed, standing.back) = (Some(one.owed), one.back);
                all.insert((&definition.scheme.key, one.period), standing);
            }
            Event::Amendment(one) => {
                if let Some(standing) = all.get_mut(&(one.scheme.as_str(), one.period)) {
                    standing.owed = Some(standing.owed.unwrap_or_default().plus(one.owed)?);
                    standing.back = standing.back.plus(one.back)?;
                    standing.amendments.push(Amendment {
                        document: one.document.clone(),
                        sent: one.date,
                        owed: one.owed,
                        back: one.back,
                        sha256: one.sha256.clone(),
                    });
                    amended.insert((&one.scheme, one.period), entry.seq);
                }
            }
            Event::Claim(one) => {
                if let Some(standing) = all.get_mut(&(one.scheme.as_str(), one.period)) {
                    standing.claims = standing.claims.plus(one.amount)?;
                }
            }
            Event::Payment(one) => {
                payments.insert(&one.document, (&one.scheme, one.period, one.amount.is_negative()));
                if let Some(standing) = all.get_mut(&(one.scheme.as_str(), one.period)) {
                    if one.amount.is_negative() {
                        standing.expected = standing.expected.minus(one.amount)?;
                    } else {
                        standing.ordered = standing.ordered.plus(one.amount)?;
                    }
                }
            }
            Event::Bank(one) => {
                let Some((scheme, period, comes_back)) = payments.get(one.of.as_str()) else { continue };
                if let Some(standing) = all.get_mut(&(*scheme, *period)) {
                    if *comes_back {
                        standing.received = standing.received.minus(one.amount)?;
                    } else {
                        standing.paid = standing.paid.plus(one.amount)?;
                    }
                }
            }
            _ => {}
        }
    }
    for line in ledger.tax().iter().filter(|line| line.declared.is_none()) {
        let Some(about) = line.about else { continue };
        let key = (line.scheme.as_str(), about);
        let since = amended.get(&key).copied().unwrap_or_default();
        if let Some(standing) = all.get_mut(&key).filter(|_| line.waits(about, since)) {
            let waits = standing.to_amend.get_or_insert_with(|| ToAmend { lines: 0, tax: BTreeMap::new() });
            waits.lines += 1;
            let sum = waits.tax.entry(line.currency.clone()).or_default();
            *sum = sum.plus(line.tax)?;
        }
    }
    let mut all: Vec<Standing> = all.into_values().collect();
    for one in &mut all {
        one.sums(definitions.get(&one.scheme), today)?;
    }
    Ok(all)
}
