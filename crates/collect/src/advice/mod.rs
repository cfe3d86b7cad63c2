//! "Do I have to register, and where?": what sales mean under the schemes that are described, and what is known of others.
//!
//! Thresholds, windows, limits and conditions stand in the files of the schemes ([`crate::definition`]), memberships and exchange rates in the
//! ratebook. Where a fact or a rate is missing the answer is "unknown" with the question that would settle it.

mod example;
mod fit;
mod money;
pub(crate) mod place;
mod scheme;
mod sold;
mod table;
mod turnover;

pub use example::{Burden, Example};
pub use scheme::{SchemeAdvice, Takes, ThresholdAdvice, Verdict};
pub use sold::Sold;
pub use table::{COLUMNS, MOST_ROWS, read};
pub use turnover::Level;

use crate::definition::Side;
use crate::draft::Rates;
use crate::ledger::Definitions;
use jiff::Span;
use jiff::civil::Date;
use money::Exchange;
pub(crate) use place::Places;
use serde::Serialize;
use std::collections::BTreeMap;
use tidewaiter::quote::consignment::GivenRate;
use tidewaiter::ratebook::FactView;
use tidewaiter::{Decimal, Ratebook};

/// The question.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Where the seller is established.
    pub home: String,
    /// The day of the question.
    pub today: Date,
    /// Keys of the schemes under which it is registered.
    pub registered: &'a [String],
    /// What it sold.
    pub sold: &'a [Sold],
    /// Exchange rates that the seller knows; they come first.
    pub rates: &'a [GivenRate],
    /// Turnover of the whole world in a year, by currency.
    pub world: &'a [(String, Decimal)],
}

impl Asked<'_> {
    /// Everything that was sold in so many months up to today; nothing where a rate is missing. Only what is in the question is known.
    fn all_sold_since(&self, exchange: &mut Exchange<'_>, currency: &str, months: Option<u8>) -> Option<Decimal> {
        let since = self.today.saturating_sub(Span::new().months(i64::from(months.unwrap_or(12))));
        let mut sum = Decimal::ZERO;
        for one in self.sold.iter().filter(|one| since < one.day && one.day <= self.today) {
            let amount = one.goods.plus(one.shipping).ok()?;
            sum = sum.plus(exchange.convert(amount, &one.currency, currency, one.day)?).ok()?;
        }
        Some(sum)
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// The day of the question.
    pub today: Date,
    /// Where the seller is.
    pub home: String,
    /// Each destination of the sales.
    pub destinations: Vec<DestinationAdvice>,
    /// Each scheme that reaches one of them.
    pub schemes: Vec<SchemeAdvice>,
    /// What was taken for granted.
    pub assumptions: Vec<String>,
    /// Fingerprint of the ratebook.
    pub ratebook: String,
}

/// A destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DestinationAdvice {
    /// Its code.
    pub to: String,
    /// Its name.
    pub name: String,
    /// Orders sent there.
    pub orders: u64,
    /// What holds there of the schemes whose returns are described.
    pub schemes: Vec<AtDestination>,
    /// Schemes of its law whose returns are not described here.
    pub others: Vec<OtherScheme>,
    /// The simplest lawful way.
    pub path: String,
    /// One of the orders with and without a registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<Example>,
    /// What the law there does with parcels, in short: what happens to one without a registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
}

/// A scheme at one destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AtDestination {
    /// Its key.
    pub scheme: String,
    /// Whether to register for sales to this destination.
    pub verdict: Verdict,
    /// Orders for which the scheme is.
    pub orders: u64,
    /// What it is not for.
    pub left_out: Vec<String>,
    /// The goods cross no border and the seller is below the threshold: it may go on charging the tax of the place it sends them from.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own_tax: bool,
    /// The other scheme there whose place a registration takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
}

/// A scheme whose returns are not described here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherScheme {
    /// Its key.
    pub scheme: String,
    /// Its name.
    pub name: String,
    /// Who must register, where it is known.
    pub registration: String,
    /// What it rests on.
    pub facts: Vec<FactView>,
}

/// Answers.
///
/// # Errors
/// Where the question cannot be understood: a sentence for each reason.
pub fn advise(asked: &Asked<'_>, definitions: &Definitions, ratebook: &Ratebook) -> Result<Advice, Vec<String>> {
    let places = Places::on(ratebook, asked.today);
    let mut wrong = Vec::new();
    if !places.is_known(&asked.home) {
        wrong.push(format!("home is \"{}\"; {}", asked.home, meant(ratebook, &asked.home, "CN")));
    }
    for one in asked.sold {
        for code in std::iter::once(&one.to).chain(&one.from).filter(|code| !places.is_known(code)) {
            wrong.push(format!("{}: there is no place \"{code}\"; {}", one.named, meant(ratebook, code, "DE")));
        }
        // One of them is enough to put it right.
        if wrong.len() >= 20 {
            break;
        }
    }
    for key in asked.registered.iter().filter(|key| !definitions.contains_key(*key)) {
        let all: Vec<&str> = definitions.keys().map(String::as_str).collect();
        wrong.push(format!("there is no scheme \"{key}\"; known are {}", all.join(", ")));
    }
    // A month that is not over yet counts as far as it went.
    let to_come = |one: &Sold| one.day > asked.today && one.day.first_of_month() > asked.today;
    if asked.sold.iter().all(to_come) {
        wrong.push(if asked.sold.is_empty() {
            "no sale was read; give at least one".to_owned()
        } else {
            format!("no sale was read up to {}: all of them are later", asked.today)
        });
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut assumptions = vec![
        "Sales that are not in the file are not known: give those of two calendar years.".to_owned(),
        "Refunds are not taken off turnover.".to_owned(),
    ];
    assumptions.push(format!(
        "Your business is established in {} alone, and keeps goods nowhere but where the file says they are sent from.",
        asked.home
    ));
    if !asked.sold.iter().any(|one| one.platform) {
        assumptions.push("Nothing was sold through a marketplace that owes the tax itself.".to_owned());
    }
    if asked.sold.iter().any(|one| one.from.is_none()) {
        assumptions.push(format!("Where the file does not say it, goods are sent from {}.", asked.home));
    }
    if asked.sold.iter().any(|one| one.orders > 1) {
        assumptions.push("The sum of several orders counts on its last day.".to_owned());
    }
    if asked.sold.iter().any(to_come) {
        assumptions.push(format!("Sales after {} are left out.", asked.today));
    }
    let mut sold: Vec<Sold> = asked.sold.iter().filter(|one| !to_come(one)).cloned().collect();
    for one in &mut sold {
        one.day = one.day.min(asked.today);
    }
    sold.sort_by_key(|one| one.day);
    let standard: BTreeMap<String, Decimal> = ratebook
        .economies(asked.today)
        .into_iter()
        .filter_map(|one| Some((one.code.clone(), one.standard_rate()?)))
        .collect();
    let rates = Rates::new(ratebook, &[]);
    let mut schemes = Vec::new();
    for definition in definitions.values() {
        let there: Vec<&Sold> = sold.iter().filter(|one| places.reaches(definition, &one.to)).collect();
        if !there.is_empty() {
            schemes.push(scheme::advise(definition, asked, &there, &places, &standard, &rates));
        }
    }
    let mut orders = BTreeMap::<&str, u64>::new();
    for one in &sold {
        *orders.entry(&one.to).or_default() += one.orders;
    }
    let mut destinations: Vec<DestinationAdvice> =
        orders.into_iter().map(|(to, orders)| at(to, orders, &schemes, definitions, ratebook, &places)).collect();
    for one in &mut destinations {
        let here: Vec<&str> =
            one.schemes.iter().filter(|here| here.orders > 0).map(|here| here.scheme.as_str()).collect();
        let own_tax = one.schemes.iter().any(|here| here.own_tax);
        let wanted = example::Wanted { to: &one.to, home: &asked.home, today: asked.today, schemes: &here, own_tax };
        one.example = example::example(&wanted, &sold, asked.rates, ratebook);
    }
    let ratebook = ratebook.fingerprint().to_owned();
    Ok(Advice { today: asked.today, home: asked.home.clone(), destinations, schemes, assumptions, ratebook })
}

/// What to write in place of a code that no place has.
fn meant(ratebook: &Ratebook, code: &str, such_as: &str) -> String {
    match ratebook.meant_territory(code) {
        Some(near) => format!("did you mean {near}? Write the code of a country such as {such_as}"),
        None => format!("write the code of a country such as {such_as}"),
    }
}

fn at(
    to: &str,
    orders: u64,
    schemes: &[SchemeAdvice],
    definitions: &Definitions,
    ratebook: &Ratebook,
    places: &Places,
) -> DestinationAdvice {
    let economy = ratebook.economy(to);
    let here = |one: &&SchemeAdvice| one.orders.contains_key(to) || one.left_out.contains_key(to);
    let mut found: Vec<AtDestination> = schemes
        .iter()
        .filter(here)
        .map(|one| {
            let orders = one.orders.get(to).copied().unwrap_or_default();
            let left_out = one.left_out.get(to).cloned().unwrap_or_default();
            let verdict = if orders == 0 && !one.unsure.contains_key(to) { Verdict::No } else { one.verdict };
            let is_inside =
                definitions.get(&one.scheme).is_some_and(|rules| rules.registration.dispatch == Side::Inside);
            let own_tax = is_inside && verdict == Verdict::May && one.duty.is_none() && !one.is_registered;
            AtDestination { scheme: one.scheme.clone(), verdict, orders, left_out, own_tax, instead_of: None }
        })
        .collect();
    let wanted: Vec<(String, String)> = found
        .iter()
        .filter(|here| here.verdict != Verdict::No)
        .filter_map(|here| Some((here, definitions.get(&here.scheme)?)))
        .flat_map(|(here, rules)| rules.registration.instead.iter().map(move |rule| (here, rule)))
        .filter(|(_, rule)| rule.to.iter().any(|place| place == to))
        .map(|(here, rule)| (rule.scheme.clone(), here.scheme.clone()))
        .collect();
    for here in found.iter_mut().filter(|here| here.verdict != Verdict::No) {
        let of = wanted.iter().find(|(scheme, _)| *scheme == here.scheme);
        here.instead_of = of.map(|(_, other)| other.clone());
    }
    found.sort_by_key(|one| one.verdict);
    let others: Vec<OtherScheme> = economy
        .iter()
        .flat_map(|economy| economy.schemes.iter().map(move |scheme| (economy, scheme)))
        .filter(|(_, scheme)| !definitions.contains_key(&scheme.key))
        .map(|(economy, scheme)| OtherScheme {
            scheme: scheme.key.clone(),
            name: scheme.name.clone(),
            registration: scheme.registration.clone(),
            facts: scheme.cites.iter().filter_map(|key| economy.fact(key).cloned()).collect(),
        })
        .collect();
    let path = path(&found, schemes, &others);
    let otherwise = economy.and_then(|economy| economy.summary);
    DestinationAdvice {
        to: to.to_owned(),
        name: places.name(to),
        orders,
        schemes: found,
        others,
        path,
        example: None,
        otherwise,
    }
}

fn path(found: &[AtDestination], schemes: &[SchemeAdvice], others: &[OtherScheme]) -> String {
    let of = |key: &str| schemes.iter().find(|one| one.scheme == key);
    let reach = |one: &SchemeAdvice| match one.orders.len() {
        0 | 1 => String::new(),
        many => format!(" One registration serves {many} of your destinations."),
    };
    let mut says = Vec::new();
    for here in found.iter().filter(|here| here.verdict != Verdict::No) {
        let Some(one) = of(&here.scheme) else { continue };
        let name = &one.name;
        let orders = here.orders;
        says.push(match (one.is_registered, here.verdict) {
            (true, _) => format!("Go on under {name} ({orders} orders)."),
            (_, Verdict::Must) => format!("Register under {name} and charge the tax at the sale.{}", reach(one)),
            (_, Verdict::May) if here.instead_of.is_some() => {
                let other = here.instead_of.as_deref().and_then(of).map_or("it", |other| other.name.as_str());
                format!("Or register under {name}: for goods there it takes the place of {other}.{}", reach(one))
            }
            (_, Verdict::May) if here.own_tax => format!(
                "The goods cross no border, and nothing is asked for at the door. Below the threshold you charge the tax of the place you send them from, unless you are free of it there. By choice you charge the tax of the destination at once, and {name} is the simplest way to declare it.{}",
                reach(one)
            ),
            (_, Verdict::Unknown) => format!("Whether to register under {name} is not known yet; answer its questions."),
            (_, Verdict::May) if one.duty.is_some() => {
                format!("The tax of the destination is due at the sale. {name} is the simplest way to declare it.{}", reach(one))
            }
            (_, Verdict::May) => format!(
                "You need not register: then the law there decides what the buyer pays at the door. Under {name} you may charge the tax at the sale, and it is not asked for at the door.{}",
                reach(one)
            ),
            _ => format!("Nothing to register under {name} now."),
        });
    }
    if says.is_empty() {
        says.push("No scheme described here is for these sales.".to_owned());
    }
    for other in others {
        says.push(format!("A scheme exists whose returns are not described here: {}.", other.name));
    }
    says.join(" ")
}
