//! From the question document to a [`Case`]: names to numbers, discounts and transport spread, money converted,
//! equal goods merged, lines sorted, so that the order or splitting of items cannot change the answer.

use super::apportion::apportion;
use super::case::{Case, Line, OTHER_TEXT};
use super::consignment::{Consignment, Item, MAX_ITEMS};
use super::exchange::{Found, Market, Ratio, given_rates};
use super::ladder::Ladders;
use super::said::{self, Joined, Said, Value, message};
use crate::decimal::{Decimal, MAX_INPUT, NumberError};
use crate::goods::GoodsCode;
use crate::ratebook::Moment;
use crate::ratebook::compile::{day_number, near};
use crate::ratebook::layout::{NONE, ProgramRow, Tables, op};
use crate::ratebook::{editions_of, rows};
use crate::record::expression::{COMPONENT_COUNT, Component, Sale};
use crate::unit;
use serde::Serialize;
use std::fmt;

mod code;
mod line;
mod note;
mod place;

pub(super) use code::moved_code;
pub(super) use place::territory_of;

use code::{note_line_above, note_lost_zero, shorten_unlisted, translate_moved};
use line::{Draft, check_discount, merge, read_item, spread};
use note::{names_region, note_claims, note_classes, note_components, note_rate, note_standing};

/// Everything wrong with a question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
pub struct InputError {
    /// One entry for each field.
    pub problems: Vec<InputProblem>,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.problems.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}", problem.field)?;
            if !problem.value.is_empty() {
                write!(f, " \"{}\"", problem.value)?;
            }
            write!(f, ": {}", problem.message)?;
        }
        Ok(())
    }
}

/// One thing wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputProblem {
    /// The field: `items[2].price`.
    pub field: String,
    /// What was given, shortened.
    pub value: String,
    /// What was expected, and what to do.
    pub message: Said,
}

/// A case with what the answer needs to speak of it.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    pub(crate) case: Case,
    /// For each item of the question: its line and its value of goods after discounts.
    pub(crate) items: Vec<(usize, Decimal)>,
    pub(crate) assumptions: Vec<Said>,
    pub(crate) warnings: Vec<Said>,
    pub(crate) assessment: Option<Found>,
    /// Threshold rates by slot.
    pub(crate) thresholds: Vec<Option<Found>>,
    /// Which line came first from which item, for questions.
    pub(crate) line_items: Vec<usize>,
}

impl Prepared {
    /// Rows of the exchange-rate series that were used.
    pub(crate) fn series(&self) -> impl Iterator<Item = usize> + '_ {
        series_of(self.assessment.as_ref(), &self.thresholds)
    }
}

fn series_of<'a>(assessment: Option<&'a Found>, thresholds: &'a [Option<Found>]) -> impl Iterator<Item = usize> + 'a {
    let found = assessment.into_iter().chain(thresholds.iter().flatten());
    found.flat_map(|found| found.series.into_iter().chain(found.via))
}

struct Problems(Vec<InputProblem>);

impl Problems {
    fn add(&mut self, field: impl Into<String>, value: impl fmt::Display, message: impl Into<Said>) {
        let mut value: String = value.to_string().chars().take(60).collect();
        value.retain(|c| !c.is_control());
        self.0.push(InputProblem { field: field.into(), value, message: message.into() });
    }
}

/// Prepares a question for the ratebook's tables.
pub(crate) fn prepare(t: &Tables<'_>, asked: &Consignment, today: jiff::civil::Date) -> Result<Prepared, InputError> {
    let mut problems = Problems(Vec::new());
    let mut assumptions = Vec::new();
    let mut warnings = Vec::new();
    let asked = &*place::by_postcode(t, asked, &mut assumptions);
    let p = &mut problems;

    let territory = |p: &mut Problems, field: &str, code: &str| -> Option<u16> {
        let found = t.territory(code).filter(|&id| t.territories[usize::from(id)].kind != 3);
        if found.is_none() {
            let lists = ("where", "`tidewaiter economies`".into());
            let message = match meant_territory(t, code) {
                Some(near) => Said::of(&message::WRONG_TERRITORY_NEAR, [("near", near.into()), lists]),
                None => Said::of(&message::WRONG_TERRITORY, [lists]),
            };
            p.add(field, code, message);
        }
        found
    };
    let to = territory(p, "to", &asked.to);
    let from = asked.from.as_ref().and_then(|code| territory(p, "from", code));
    let seller_in = asked
        .seller
        .as_ref()
        .and_then(|s| s.territory.as_ref())
        .and_then(|code| territory(p, "seller.territory", code))
        .or(from);
    let program_id = to.map(|id| t.territories[usize::from(id)].program.get());
    let union = to.is_some_and(|id| {
        t.territories[usize::from(id)].kind == 1
            && t.members.iter().any(|m| {
                m.of.get() == id
                    && t.territories[usize::from(m.territory.get())].program.get() != NONE
                    && m.territory.get() != id
            })
    });
    if let Some(id) = program_id
        && (id == NONE
            || (union && t.programs.get(id as usize).is_some_and(|p| p.flags.get() == 1 && lacks_rates(t, p))))
    {
        let left_out = to.is_some_and(|to| t.left_out.iter().any(|row| row.territory.get() == to));
        match (union, left_out) {
            (true, _) => p.add("to", &asked.to, &message::WRONG_UNION),
            (false, true) => {
                let kept: Vec<String> = t.destinations().map(|id| t.territory_code(id).to_owned()).collect();
                p.add("to", &asked.to, Said::of(&message::WRONG_LEFT_OUT, [("kept", (kept, Joined::Comma).into())]));
            }
            (false, false) => p.add("to", &asked.to, &message::WRONG_NO_RULES),
        }
    }
    if let (Some(to), Some(from)) = (to, from)
        && to == from
    {
        p.add("to", &asked.to, &message::WRONG_SAME_PLACE);
    }
    let invoice = t.currency(&asked.currency);
    if invoice.is_none() {
        let message = match meant_currency(t, &asked.currency) {
            Some(near) => Said::of(&message::WRONG_CURRENCY_NEAR, [("near", near.into())]),
            None => Said::from(&message::WRONG_CURRENCY),
        };
        p.add("currency", &asked.currency, message);
    }
    if asked.items.is_empty() {
        p.add("items", "", &message::WRONG_NO_ITEMS);
    }
    if asked.items.len() > MAX_ITEMS {
        p.add("items", asked.items.len(), Said::of(&message::WRONG_MANY_ITEMS, [("most", MAX_ITEMS.into())]));
    }
    for (field, value) in [
        ("freight", asked.freight),
        ("inland_freight", asked.inland_freight),
        ("insurance", asked.insurance),
        ("packing", asked.packing),
        ("discount", asked.discount),
        ("carrier_fee", asked.carrier_fee),
        ("seller_tax", asked.seller_tax),
        ("weight_kg", asked.weight_kg),
    ] {
        check_amount(p, field, value);
    }
    if asked.gift && asked.sale.is_some_and(|s| s != Sale::C2c) {
        p.add("gift", "true", &message::WRONG_GIFT);
    }
    let parcels = asked.parcels.unwrap_or(1);
    if parcels == 0 || parcels > 10_000 {
        p.add("parcels", parcels, &message::WRONG_PARCELS);
    }
    for (at, rate) in asked.rates.iter().enumerate() {
        for (name, code) in [("from", &rate.from), ("to", &rate.to)] {
            if t.currency(code).is_none() {
                p.add(format!("rates[{at}].{name}"), code, &message::WRONG_CURRENCY);
            }
        }
        if rate.rate <= Decimal::ZERO || rate.rate > MAX_INPUT {
            p.add(format!("rates[{at}].rate"), rate.rate, &message::WRONG_RATE);
        }
    }
    const PERIODS: [&str; 5] = ["day", "month", "quarter", "half-year", "year"];
    let mut history = [None; 5];
    for (name, earlier) in &asked.history {
        match PERIODS.iter().position(|n| n == name) {
            Some(at) => {
                check_amount(p, &format!("history.{name}.goods"), Some(earlier.goods));
                history[at] = Some((earlier.imports, earlier.goods));
            }
            None => p.add(format!("history.{name}"), "", &message::WRONG_PERIOD),
        }
    }

    let mut lines: Vec<Draft> = Vec::with_capacity(asked.items.len());
    for (at, item) in asked.items.iter().enumerate().take(MAX_ITEMS) {
        lines.push(read_item(t, p, at, item, &territory));
    }
    check_discount(p, asked, &lines);
    if !p.0.is_empty() {
        return Err(InputError { problems: problems.0 });
    }
    let (Some(program_id), Some(invoice)) = (program_id, invoice) else {
        return Err(InputError { problems: problems.0 });
    };
    let Some(program) = t.programs.get(program_id as usize) else {
        return Err(InputError {
            problems: vec![InputProblem {
                field: "to".into(),
                value: asked.to.clone(),
                message: (&message::WRONG_NO_RULES_SHORT).into(),
            }],
        });
    };

    let date = asked.date.unwrap_or(today);
    if asked.date.is_none() {
        assumptions.push(Said::of(&message::DATE_TODAY, [("day", today.into())]));
    }
    let day = day_number(date);
    let known = asked.known_at.map_or(i32::MAX - 1, day_number);
    if asked.sale.is_none() && !asked.gift {
        assumptions.push((&message::SALE_B2C).into());
    }
    if asked.freight.is_none() {
        assumptions.push((&message::NO_FREIGHT).into());
    }
    let weight = asked
        .weight_kg
        .or_else(|| lines.iter().try_fold(Decimal::ZERO, |sum, l| l.line.weight.and_then(|w| sum.plus(w).ok())));

    let given = given_rates(t, &asked.rates);
    let market = Market::new(*t, &given, program.territory.get(), day);
    let assessment = market.rate(&program.assessment, invoice, program.currency.get(), day);
    let (assessed_in, invoice_to_assessed) = match &assessment {
        Some(found) => (program.currency.get(), found.ratio),
        None => {
            let code = |currency| t.currency_code(currency).into();
            let (from, to) = (code(invoice), code(program.currency.get()));
            warnings.push(Said::of(&message::NO_RATE, [("from", from), ("to", to)]));
            (invoice, Ratio::SAME)
        }
    };
    let slots = rows(t.kids, program.slots);
    let thresholds: Vec<Option<Found>> =
        slots.iter().map(|s| market.rate(&program.threshold, invoice, s.get() as u16, day)).collect();
    let to_assessed: Vec<Option<Ratio>> = slots
        .iter()
        .map(|s| market.rate(&program.assessment, s.get() as u16, assessed_in, day).map(|f| f.ratio))
        .collect();
    if let Some(wanted) = market.too_early() {
        let said = |day| super::exchange::date_of(day).unwrap_or_default().into();
        let since = t.sliced.first().map_or(wanted, |sliced| sliced.since.get());
        let message = Said::of(&message::WRONG_RATES_BEFORE, [("day", said(wanted)), ("since", said(since))]);
        return Err(InputError {
            problems: vec![InputProblem { field: "date".into(), value: date.to_string(), message }],
        });
    }
    for found in assessment.iter().chain(thresholds.iter().flatten()) {
        note_rate(t, found, &mut warnings);
    }

    let moment = Moment { day, known };
    for (at, draft) in lines.iter_mut().enumerate() {
        note_lost_zero(at, &draft.line, &mut warnings);
        translate_moved(t, program, moment, at, &mut draft.line, &mut assumptions, &mut warnings);
        shorten_unlisted(t, program, moment, at, &asked.to, &mut draft.line, &mut warnings);
        note_line_above(t, program, moment, at, &asked.to, &draft.line, &mut assumptions);
    }
    let minor = Decimal::ten_to_minus(t.minor(assessed_in));
    let (items, lines, line_items) =
        merge(lines).and_then(|merged| spread(asked, merged, invoice_to_assessed)).map_err(|_| too_large())?;
    let text = |word: &str| t.text_id(word).unwrap_or(OTHER_TEXT);
    let mut case = Case {
        program: program_id,
        day,
        known,
        ship_from: from,
        seller_in,
        region: asked.region.as_deref().map(text),
        sale: asked.sale.unwrap_or(if asked.gift { Sale::C2c } else { Sale::B2c }),
        gift: asked.gift,
        channel: asked.channel,
        mode: asked.mode,
        declaration: asked.declaration.as_deref().map(text),
        registrations: asked.seller.iter().flat_map(|s| s.registrations.iter()).map(|r| text(r)).collect(),
        buyer_registered: asked.buyer.as_ref().is_some_and(|b| b.registered),
        facts: asked.facts.iter().map(|(name, held)| (text(name), *held)).collect(),
        history,
        parcels: Decimal::from_int(i64::from(parcels)),
        weight,
        lines,
        invoice,
        assessed_in,
        invoice_to_assessed,
        currencies: slots.iter().map(|s| s.get() as u16).collect(),
        threshold: thresholds.iter().map(|f| f.map(|f| f.ratio)).collect(),
        to_assessed,
        minor,
        ladders: Ladders::default(),
    };
    case.ladders = Ladders::of(t, program, &case);
    if let Some(region) = &asked.region
        && !names_region(t, program, region)
    {
        let to = said::territory(asked.to.as_str());
        warnings.push(Said::of(&message::REGION, [("to", to), ("region", region.as_str().into())]));
    }
    for registration in asked.seller.iter().flat_map(|s| s.registrations.iter()) {
        let known = rows(t.schemes, program.schemes).iter().any(|s| t.text(s.key.get()) == registration);
        if !known {
            let close = meant_scheme(t, program, registration);
            let places = [("registration", registration.as_str().into()), ("to", said::territory(asked.to.as_str()))];
            warnings.push(match (close, places) {
                (Some(near), [given, to]) => Said::of(&message::REGISTRATION_NEAR, [given, to, ("near", near.into())]),
                (None, places) => Said::of(&message::REGISTRATION, places),
            });
        }
    }
    // What others publish says nothing of these rules.
    let editions = || editions_of(t, program, std::iter::empty());
    let published = editions().map(|e| e.known_from.get()).max().unwrap_or(day);
    if day > published.saturating_add(366) {
        warnings.push((&message::RULES_OLD).into());
    }
    note_standing(t, program, series_of(assessment.as_ref(), &thresholds), day, &mut warnings);
    note_classes(t, program, asked, &mut warnings);
    note_claims(t, program, asked, &mut warnings);
    note_components(program, asked, &mut assumptions);
    for name in asked.facts.keys() {
        if !rows(t.asks, program.asks).iter().any(|a| t.text(a.fact.get()) == name) {
            let to = said::territory(asked.to.as_str());
            warnings.push(Said::of(&message::FACT, [("fact", name.as_str().into()), ("to", to)]));
        }
    }
    Ok(Prepared { case, items, assumptions, warnings, assessment, thresholds, line_items })
}

/// The territory that was probably meant: of that name, of its initials, or of a code with one slip.
pub(crate) fn meant_territory<'t>(t: &Tables<'t>, code: &str) -> Option<&'t str> {
    let named = t.territories.iter().find(|r| {
        let (name, own) = (t.text(r.name.get()), t.text(r.code.get()));
        name.eq_ignore_ascii_case(code) || own.eq_ignore_ascii_case(code) || has_initials(name, code)
    });
    named.map(|row| t.text(row.code.get())).or_else(|| near(code, t.territories.iter().map(|r| t.text(r.code.get()))))
}

/// The currency that was probably meant: of a name that is one word, or of a code with one slip.
fn meant_currency<'t>(t: &Tables<'t>, asked: &str) -> Option<&'t str> {
    let code = |row: &'t crate::ratebook::layout::CurrencyRow| std::str::from_utf8(&row.code).ok();
    let named = t.currencies.iter().find(|row| t.text(row.name.get()).eq_ignore_ascii_case(asked));
    named.and_then(code).or_else(|| near(&asked.to_uppercase(), t.currencies.iter().filter_map(code)))
}

/// The scheme that was probably meant: of that short name, or of a key with slips.
fn meant_scheme<'t>(t: &Tables<'t>, program: &ProgramRow, asked: &str) -> Option<&'t str> {
    let schemes = || rows(t.schemes, program.schemes).iter();
    let short = schemes().find(|scheme| t.text(scheme.short.get()).eq_ignore_ascii_case(asked));
    short
        .map(|scheme| t.text(scheme.key.get()))
        .or_else(|| near(asked, schemes().map(|scheme| t.text(scheme.key.get()))))
}

/// Whether a code is made of the first letters of a name, as people write them.
fn has_initials(name: &str, code: &str) -> bool {
    code.len() >= 2 && name.split_whitespace().filter_map(|w| w.chars().next()).eq(code.chars())
}

/// Whether a union's program leaves a rate table to its members.
fn lacks_rates(t: &Tables<'_>, program: &ProgramRow) -> bool {
    rows(t.kids, program.rates).is_empty()
        && !rows(t.charges, program.charges).is_empty()
        && t.nodes.iter().any(|n| n.op == op::RATE)
}

fn too_large() -> InputError {
    InputError {
        problems: vec![InputProblem {
            field: "items".into(),
            value: String::new(),
            message: (&message::WRONG_AMOUNTS_EXACT).into(),
        }],
    }
}

fn check_amount(p: &mut Problems, field: &str, value: Option<Decimal>) {
    if let Some(value) = value {
        if value.is_negative() {
            p.add(field, value, &message::WRONG_BELOW_ZERO);
        } else if value > MAX_INPUT {
            p.add(field, value, &message::WRONG_LARGE);
        }
    }
}
