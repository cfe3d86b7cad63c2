//! What one scheme asks of a seller.

use super::fit::{Fit, fit, limit_in_words};
use super::money::Exchange;
use super::place::Places;
use super::turnover::{Gauge, Level};
use super::{Asked, Sold};
use crate::Definition;
use crate::deadline::deadlines;
use crate::definition::{Below, Counts, Field, PerWhat, Side, ThresholdRule, Unknown};
use crate::draft::Rates;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::{Confidence, Fact};
use tidewaiter::{Decimal, RoundingMode};

/// Whether one registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// One must.
    Must,
    /// It depends on what is not known; the questions say what.
    Unknown,
    /// One may.
    May,
    /// One need not now.
    NotNeeded,
    /// The scheme is not for these sales.
    No,
}

impl Verdict {
    /// As people read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Unknown => "unknown",
            Self::May => "may",
            Self::NotNeeded => "not needed",
            Self::No => "no",
        }
    }
}

/// A scheme and a seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SchemeAdvice {
    /// Its key.
    pub scheme: String,
    /// Its name.
    pub name: String,
    /// Whether to register.
    pub verdict: Verdict,
    /// The seller says that it is registered.
    pub is_registered: bool,
    /// Why, a sentence each.
    pub why: Vec<String>,
    /// What the law asks whether or not the seller chooses the scheme: a threshold was passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duty: Option<String>,
    /// What to do next.
    pub next: String,
    /// Orders for which it is, by destination.
    pub orders: BTreeMap<String, u64>,
    /// Orders for which it may be, by destination.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unsure: BTreeMap<String, u64>,
    /// What it is not for, by destination and reason.
    pub left_out: BTreeMap<String, Vec<String>>,
    /// How close turnover is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<ThresholdAdvice>,
    /// Goods for which it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// Goods that stay out of it, whatever they are worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without: Option<String>,
    /// What a registration takes.
    pub takes: Takes,
    /// What only the seller knows.
    pub questions: Vec<String>,
    /// Exchange rates that were used.
    pub rates: Vec<String>,
    /// What the rules rest on.
    pub facts: Vec<Fact>,
    /// The least sure of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// What no source has settled.
    pub unknown: Vec<Unknown>,
}

/// A threshold and turnover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThresholdAdvice {
    /// Turnover of what.
    pub of: String,
    /// The limit; nothing where the first sale counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over: Option<Decimal>,
    /// Whether reaching it is enough.
    pub or_equal: bool,
    /// Its currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Over which time.
    pub window: String,
    /// Turnover that counts for sure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turnover: Option<Level>,
    /// Turnover that may count at most, where that is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Level>,
    /// Turnover of the world that must be passed too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub world_over: Option<Decimal>,
}

/// What a registration takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Takes {
    /// Who may or must.
    pub who: String,
    /// With whom.
    #[serde(skip_serializing_if = "Option::is_none", rename = "where")]
    pub place: Option<String>,
    /// Address of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Time and cost; nothing where no source says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Kind of number that one gets.
    pub number: String,
    /// Who must stand in for the seller, where somebody must.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intermediary: Option<String>,
    /// What the application asks for.
    pub fields: Vec<Field>,
    /// Months of a period.
    pub period_months: u8,
    /// Day by which the first return is due for one who registers today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_return: Option<Date>,
    /// Day by which it is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_payment: Option<Date>,
    /// How a registration ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<String>,
}

pub(super) fn advise(
    definition: &Definition,
    asked: &Asked<'_>,
    sold: &[&Sold],
    places: &Places,
    standard: &BTreeMap<String, Decimal>,
    rates: &Rates<'_>,
) -> SchemeAdvice {
    let mut exchange = Exchange::new(definition, rates, asked.rates, asked.today);
    let (mut orders, mut others) = (BTreeMap::new(), BTreeMap::<(String, Fit), u64>::new());
    let mut fits = Vec::with_capacity(sold.len());
    for one in sold {
        let is = fit(definition, one, asked, places, &mut exchange, standard.get(&one.to).copied());
        if is == Fit::Yes {
            *orders.entry(one.to.clone()).or_default() += one.orders;
        } else {
            *others.entry((one.to.clone(), is)).or_default() += one.orders;
        }
        fits.push((*one, is));
    }
    let mut left_out = BTreeMap::<String, Vec<String>>::new();
    for ((to, is), number) in &others {
        left_out.entry(to.clone()).or_default().extend(is.reason(*number, definition, asked));
    }
    let mut found = Found { why: Vec::new(), questions: BTreeSet::new(), duty: None, threshold: None };
    let verdict = found.verdict(definition, asked, &fits, places, &mut exchange);
    if others.keys().any(|(_, is)| *is == Fit::Unsure)
        && let Some(limit) = &definition.registration.limit
    {
        let column = if limit.per == PerWhat::Item { "item" } else { "value" };
        found.questions.insert(format!(
            "What is the dearest {} in these sales worth? Give it in the column \"{column}\" ({}).",
            limit.per.word(),
            limit_in_words(limit)
        ));
    }
    found.questions.extend(exchange.missing.iter().cloned());
    let is_registered = asked.registered.contains(&definition.scheme.key);
    let next = next(definition, verdict, is_registered, found.duty.is_some());
    let cited: BTreeSet<&String> = definition
        .registration
        .cites
        .iter()
        .chain(definition.threshold.iter().flat_map(|rule| &rule.cites))
        .chain(definition.registration.limit.iter().flat_map(|rule| &rule.cites))
        .chain(definition.registration.intermediary.iter().flat_map(|rule| &rule.cites))
        .collect();
    let facts: Vec<Fact> = cited.iter().filter_map(|key| definition.fact(key).cloned()).collect();
    // What a verdict rests on, not what an application asks for.
    let rests = definition
        .threshold
        .iter()
        .flat_map(|rule| &rule.cites)
        .chain(definition.registration.limit.iter().flat_map(|rule| &rule.cites));
    let confidence = rests.filter_map(|key| definition.fact(key)).map(|fact| fact.confidence).min();
    SchemeAdvice {
        scheme: definition.scheme.key.clone(),
        name: definition.scheme.name.clone(),
        verdict,
        is_registered,
        why: found.why,
        duty: found.duty,
        next,
        orders,
        unsure: others.iter().filter(|((_, is), _)| *is == Fit::Unsure).map(|((to, _), n)| (to.clone(), *n)).collect(),
        left_out,
        threshold: found.threshold,
        limit: definition.registration.limit.as_ref().map(limit_in_words),
        without: definition.registration.limit.as_ref().and_then(|limit| limit.without.clone()),
        takes: takes(definition, asked, &fits, places),
        questions: found.questions.into_iter().collect(),
        rates: exchange.used.into_iter().collect(),
        facts,
        confidence,
        unknown: definition.unknown.clone(),
    }
}

struct Found {
    why: Vec<String>,
    questions: BTreeSet<String>,
    duty: Option<String>,
    threshold: Option<ThresholdAdvice>,
}

impl Found {
    fn verdict(
        &mut self,
        definition: &Definition,
        asked: &Asked<'_>,
        fits: &[(&Sold, Fit)],
        places: &Places,
        exchange: &mut Exchange<'_>,
    ) -> Verdict {
        let has = |wanted: Fit| fits.iter().any(|(_, is)| *is == wanted);
        if !has(Fit::Yes) && !has(Fit::Unsure) {
            self.why.push("None of these sales is one for which the scheme is.".into());
            return Verdict::No;
        }
        let Some(rule) = &definition.threshold else {
            self.why.push("From when one must register is not described here.".into());
            return Verdict::Unknown;
        };
        let window = match (rule.over, rule.months) {
            (None, _) => "from the first sale".to_owned(),
            (_, None) if rule.turnover.year_before => "calendar year, this or the one before".to_owned(),
            (_, None) => "calendar year".to_owned(),
            (_, Some(months)) => format!("any {months} months"),
        };
        self.threshold = Some(ThresholdAdvice {
            of: rule.of.clone(),
            over: rule.over,
            or_equal: rule.or_equal,
            currency: rule.currency.clone(),
            window,
            turnover: None,
            at_most: None,
            world_over: rule.world_over,
        });
        let first_sale_counts = |found: &mut Self| {
            if !rule.must {
                found.why.push("It is a choice, from the first sale.".into());
                found.duty = rule.beyond.clone();
                return Verdict::May;
            }
            if has(Fit::Yes) {
                found.why.push("One must from the first sale.".into());
                return Verdict::Must;
            }
            found
                .why
                .push("One must from the first sale of such goods; whether any of these is one is not known.".into());
            Verdict::Unknown
        };
        let (Some(over), Some(currency)) = (rule.over, &rule.currency) else { return first_sale_counts(self) };
        if !rule.turnover.home.takes(places.reaches(definition, &asked.home)) {
            self.why.push(format!(
                "The threshold of {currency} {over} is for sellers inside {}; for you the first sale counts.",
                definition.scheme.territory
            ));
            return first_sale_counts(self);
        }
        let (mut sure, mut most, mut lacks) = (Vec::new(), Vec::new(), false);
        for (one, is) in fits {
            let (counts, may) = match rule.turnover.counts {
                Counts::All => (is.is_there(), is.is_there()),
                Counts::Covered => (*is == Fit::Yes, matches!(is, Fit::Yes | Fit::Unsure)),
            };
            if !may {
                continue;
            }
            let shipping = if rule.turnover.without_shipping { Decimal::ZERO } else { one.shipping };
            let amount = one.goods.plus(shipping).ok();
            let amount = amount.and_then(|amount| exchange.convert(amount, &one.currency, currency, one.day));
            let Some(amount) = amount else {
                lacks = true;
                continue;
            };
            most.push((one.day, amount));
            if counts {
                sure.push((one.day, amount));
            }
        }
        let gauge = Gauge { over, or_equal: rule.or_equal, months: rule.months, today: asked.today };
        let (Ok(level), Ok(at_most)) = (gauge.level(&sure), gauge.level(&most)) else {
            self.questions.insert("The amounts are too large to add up; are they in the right currency?".into());
            return Verdict::Unknown;
        };
        let passed = |level: &Level| {
            if rule.turnover.year_before {
                level.is_above
                    || level.year_before.is_some_and(|before| before > over || (rule.or_equal && before == over))
            } else {
                level.reached.is_some()
            }
        };
        let (is_passed, may_be_passed) = (passed(&level), passed(&at_most));
        let reached = level.reached;
        let about = level.about;
        if let Some(told) = &mut self.threshold {
            told.at_most = (at_most.amount != level.amount).then_some(at_most);
            told.turnover = Some(level.clone());
        }
        if is_passed {
            if !level.is_above && !rule.turnover.year_before {
                self.why.push("Turnover is below the threshold now: read how a registration ends.".into());
            }
            return self.passed(rule, asked, exchange, currency, reached.unwrap_or(asked.today));
        }
        if may_be_passed || lacks {
            self.why.push(format!("Whether {currency} {over} is passed depends on what is not known."));
            return Verdict::Unknown;
        }
        let is_elsewhere =
            |(one, is): &(&Sold, Fit)| *is == Fit::Yes && one.from.as_deref().is_some_and(|from| from != asked.home);
        if rule.turnover.home == Side::Inside && fits.iter().any(is_elsewhere) {
            self.why.push(format!(
                "{currency} {over} is not passed, but some goods are sent from a store outside {}.",
                asked.home
            ));
            self.questions.insert(format!(
                "Does the threshold hold for goods that you send from a store in another country than {}? It is not described here: ask your tax authority.",
                asked.home
            ));
            return Verdict::Unknown;
        }
        self.why.push(format!("{currency} {} of {over} ({} %).", shown(level.amount), level.percent));
        if level.reached.is_some() && rule.turnover.year_before {
            self.why.push("It was passed in an earlier year, which no longer counts.".into());
        }
        if let Some(day) = about {
            self.why.push(format!("As sales went so far it is reached about {day}."));
        }
        if rule.turnover.expected {
            self.questions.insert(format!(
                "Do you expect to pass {currency} {over} in the coming 12 months? What is expected counts too; then register now."
            ));
        }
        match rule.below {
            Some(Below::May) if rule.turnover.home == Side::Inside => {
                self.questions.insert(format!(
                    "Is your business established in {} alone? The threshold is for sellers in one country only.",
                    asked.home
                ));
                Verdict::May
            }
            Some(Below::May) => Verdict::May,
            Some(Below::Cannot) => {
                self.why.push("Below it one cannot register.".into());
                Verdict::NotNeeded
            }
            None => {
                self.why.push("Whether one may register below it is not known here.".into());
                Verdict::NotNeeded
            }
        }
    }

    fn passed(
        &mut self,
        rule: &ThresholdRule,
        asked: &Asked<'_>,
        exchange: &mut Exchange<'_>,
        currency: &str,
        day: Date,
    ) -> Verdict {
        let over = rule.over.unwrap_or_default();
        let how = if rule.or_equal { "reached" } else { "passed" };
        self.why.push(format!("{currency} {over} was {how} on {day}."));
        if let Some(world) = rule.world_over {
            let told = asked.world.iter().find(|(code, _)| code == currency).map(|(_, amount)| *amount);
            let is_over = told.is_some_and(|told| told > world)
                || asked.all_sold_since(exchange, currency, rule.months) > Some(world);
            match (is_over, told) {
                (true, _) => self.why.push(format!("Turnover worldwide is above {currency} {world} too.")),
                (false, Some(told)) => {
                    self.why.push(format!(
                        "But turnover worldwide is {currency} {told}, not above {world}: both are needed."
                    ));
                    return match rule.below {
                        Some(Below::May) => Verdict::May,
                        _ => Verdict::NotNeeded,
                    };
                }
                (false, None) => {
                    self.questions.insert(format!(
                        "Is your turnover worldwide above {currency} {world} in a year? Give it: --world {currency}=AMOUNT. Only then you must register."
                    ));
                    return Verdict::Unknown;
                }
            }
        }
        if rule.must {
            Verdict::Must
        } else {
            self.duty = rule.beyond.clone();
            Verdict::May
        }
    }
}

/// An amount as people read it.
fn shown(amount: Decimal) -> String {
    amount.rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(2)).unwrap_or(amount).to_at_least(2)
}

fn next(definition: &Definition, verdict: Verdict, is_registered: bool, has_duty: bool) -> String {
    let place = definition.registration.place.as_deref().unwrap_or(&definition.scheme.receives);
    match (verdict, is_registered) {
        (Verdict::No, true) => "You are registered, but none of these sales belongs to it: read how it ends.".into(),
        (Verdict::No, false) => "Nothing.".into(),
        (_, true) => "Charge the tax at the sale, and send the returns.".into(),
        (Verdict::Must, false) => format!("Register: {place}."),
        (Verdict::Unknown, false) => "Answer the questions.".into(),
        (Verdict::May, false) if has_duty => format!("Register, or in each of these countries: {place}."),
        (Verdict::May, false) => format!("Nothing you must. To collect at the sale, register: {place}."),
        (Verdict::NotNeeded, false) => "Nothing now. Look again when sales grow.".into(),
    }
}

fn takes(definition: &Definition, asked: &Asked<'_>, fits: &[(&Sold, Fit)], places: &Places) -> Takes {
    let rule = &definition.registration;
    let intermediary = rule.intermediary.as_ref().and_then(|need| {
        let is_at = |list: &[String]| list.iter().any(|territory| places.is_in(&asked.home, territory));
        let from_home = || {
            let mut covered = fits.iter().filter(|(_, is)| matches!(is, Fit::Yes | Fit::Unsure));
            covered.all(|(one, _)| one.from.as_deref().is_none_or(|from| from == asked.home))
        };
        let is_free = is_at(&need.not_for) || (is_at(&need.not_for_goods_from) && from_home());
        (!is_free).then(|| need.is.clone())
    });
    let first = deadlines(definition, asked.today, asked.today, 1).ok().and_then(|all| all.into_iter().next());
    Takes {
        who: rule.who.clone(),
        place: rule.place.clone(),
        url: rule.url.clone(),
        time: rule.takes.clone(),
        number: definition.scheme.number.clone(),
        intermediary,
        fields: rule.field.clone(),
        period_months: definition.period.is.months(),
        first_return: first.as_ref().map(|one| one.due),
        first_payment: first.as_ref().map(|one| one.pay_by),
        ends: rule.ends.clone(),
    }
}
