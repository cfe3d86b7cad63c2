//! From flags to the question document.

use crate::args::{Channel, Mode, QuestionArgs, Sale};
use crate::errors::{Failure, did_you_mean};
use crate::item;
use std::collections::BTreeMap;
use tidewaiter::quote::consignment::{Buyer, Earlier, GivenRate, Seller};
use tidewaiter::record::expression;
use tidewaiter::{Consignment, Decimal, Ratebook};

const PERIODS: [&str; 5] = ["day", "month", "quarter", "half-year", "year"];

/// Collects mistakes, so that all are told at once.
#[derive(Default)]
struct Mistakes(Vec<String>);

impl Mistakes {
    fn add(&mut self, line: impl Into<String>) {
        self.0.push(line.into());
    }

    fn amount(&mut self, flag: &str, text: Option<&String>) -> Option<Decimal> {
        match text?.parse() {
            Ok(amount) => Some(amount),
            Err(e) => {
                self.add(format!("{flag}: {e}"));
                None
            }
        }
    }
}

/// Builds the question.
///
/// # Errors
/// Every flag that is missing or cannot be read.
pub(crate) fn from_flags(args: &QuestionArgs) -> Result<Consignment, Failure> {
    let mut m = Mistakes::default();
    let to = args.to.as_deref().map(item::capitals).unwrap_or_else(|| {
        m.add("say where it goes: --to DE (`tidewaiter economies` lists the codes)");
        String::new()
    });
    if args.items.is_empty() {
        m.add("say what is in it: --item t-shirt,6109.10,2,12.50 (description, goods code, quantity, price of one)");
    }
    let currency = args.currency.as_deref().map(item::capitals).unwrap_or_else(|| {
        m.add("say the currency of your prices: --currency EUR");
        String::new()
    });
    let items = args.items.iter().enumerate().filter_map(|(at, text)| match item::read(text) {
        Ok(item) => Some(item),
        Err(problems) => {
            problems.iter().for_each(|p| m.add(format!("--item {}: {p}", at + 1)));
            None
        }
    });
    let items = items.collect();
    let freight = m.amount("--freight", args.freight.as_ref());
    let inland_freight = m.amount("--inland-freight", args.inland_freight.as_ref());
    let insurance = m.amount("--insurance", args.insurance.as_ref());
    let packing = m.amount("--packing", args.packing.as_ref());
    let discount = m.amount("--discount", args.discount.as_ref());
    let carrier_fee = m.amount("--carrier-fee", args.carrier_fee.as_ref());
    let weight_kg = m.amount("--weight", args.weight.as_ref());
    let facts = args.facts.iter().filter_map(|text| fact(text, &mut m)).collect();
    let history: BTreeMap<String, Earlier> = args.history.iter().filter_map(|text| earlier(text, &mut m)).collect();
    let rates = args.rates.iter().filter_map(|text| rate(text, &mut m)).collect();
    let mut registrations = args.registered.clone();
    if args.ioss && !registrations.iter().any(|r| r == "eu.ioss") {
        registrations.push("eu.ioss".into());
    }
    if !m.0.is_empty() {
        return Err(Failure::Usage(m.0));
    }
    Ok(Consignment {
        from: args.from.as_deref().map(item::capitals),
        to,
        region: args.region.clone(),
        postcode: args.postcode.clone(),
        date: args.date,
        known_at: args.known_at,
        currency,
        items,
        freight,
        inland_freight,
        insurance,
        packing,
        discount,
        carrier_fee,
        seller_tax: None,
        weight_kg,
        sale: args.sale.map(Into::into),
        gift: args.gift,
        channel: args.channel.map(Into::into),
        mode: args.mode.map(|mode| match mode {
            Mode::Air => expression::Mode::Air,
            Mode::Sea => expression::Mode::Sea,
            Mode::Road => expression::Mode::Road,
            Mode::Rail => expression::Mode::Rail,
        }),
        declaration: args.declaration.clone(),
        parcels: args.parcels,
        seller: (args.seller_in.is_some() || !registrations.is_empty())
            .then(|| Seller { territory: args.seller_in.clone(), registrations }),
        buyer: args.buyer_registered.then_some(Buyer { registered: true }),
        facts,
        history,
        rates,
    })
}

/// Why goods cannot be sent to a place, as a quote says it; nothing where they can.
pub(crate) fn wrong_destination(ratebook: &Ratebook, to: &str) -> Option<String> {
    let asked = Consignment { to: to.to_owned(), ..Consignment::default() };
    let problems = ratebook.quote(&asked).err()?.problems;
    let wrong = problems.into_iter().find(|problem| problem.field == "to")?;
    Some(format!("\"{to}\": {}", wrong.message))
}

impl From<Sale> for expression::Sale {
    fn from(sale: Sale) -> Self {
        match sale {
            Sale::B2c => Self::B2c,
            Sale::B2b => Self::B2b,
            Sale::C2c => Self::C2c,
        }
    }
}

impl From<Channel> for expression::Channel {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Post => Self::Post,
            Channel::Express => Self::Express,
            Channel::Freight => Self::Freight,
        }
    }
}

fn fact(text: &str, m: &mut Mistakes) -> Option<(String, bool)> {
    let Some((name, answer)) = text.split_once('=') else {
        m.add(format!("--fact \"{text}\": write the answer too: {text}=yes or {text}=no"));
        return None;
    };
    match answer.to_ascii_lowercase().as_str() {
        "yes" | "true" => Some((name.to_owned(), true)),
        "no" | "false" => Some((name.to_owned(), false)),
        _ => {
            m.add(format!("--fact \"{text}\": the answer is yes or no"));
            None
        }
    }
}

fn earlier(text: &str, m: &mut Mistakes) -> Option<(String, Earlier)> {
    let shape = "write PERIOD=NUMBER,VALUE, for example year=2,100.00: 2 earlier parcels worth 100.00 in all";
    let read = || -> Result<(String, Earlier), String> {
        let (period, rest) = text.split_once('=').ok_or(shape)?;
        if !PERIODS.contains(&period) {
            return Err(format!(
                "\"{period}\" is not a period; use day, month, quarter, half-year or year{}",
                did_you_mean(period, PERIODS)
            ));
        }
        let (imports, goods) = rest.split_once(',').ok_or(shape)?;
        let imports =
            imports.trim().parse().map_err(|_| format!("\"{imports}\" is not a number of parcels; {shape}"))?;
        let goods = goods.trim().parse().map_err(|e| format!("{e}; {shape}"))?;
        Ok((period.to_owned(), Earlier { imports, goods }))
    };
    read().map_err(|e| m.add(format!("--history \"{text}\": {e}"))).ok()
}

/// Exchange rates as they are typed.
///
/// # Errors
/// Every one that cannot be read.
pub(crate) fn rates(texts: &[String]) -> Result<Vec<GivenRate>, Failure> {
    let mut m = Mistakes::default();
    let rates = texts.iter().filter_map(|text| rate(text, &mut m)).collect();
    if m.0.is_empty() { Ok(rates) } else { Err(Failure::Usage(m.0)) }
}

fn rate(text: &str, m: &mut Mistakes) -> Option<GivenRate> {
    let shape = "write FROM/TO=RATE, for example EUR/USD=1.08: 1 EUR is 1.08 USD";
    let read = || -> Result<GivenRate, String> {
        let (pair, rate) = text.split_once('=').ok_or(shape)?;
        let (from, to) = pair.split_once('/').ok_or(shape)?;
        let rate = rate.trim().parse().map_err(|e| format!("{e}"))?;
        Ok(GivenRate { from: from.trim().to_owned(), to: to.trim().to_owned(), rate })
    };
    read().map_err(|e| m.add(format!("--rate \"{text}\": {e}"))).ok()
}
