//! From the question document to a [`Case`]: names to numbers, discounts and transport spread, money converted,
//! equal goods merged, lines sorted, so that the order or splitting of items cannot change the answer.

use super::apportion::apportion;
use super::case::{Case, Line, OTHER_TEXT};
use super::consignment::{Consignment, Item, MAX_ITEMS};
use super::exchange::{Found, Market, Ratio, given_rates};
use super::ladder::Ladders;
use crate::decimal::{Decimal, MAX_INPUT, NumberError};
use crate::goods::GoodsCode;
use crate::ratebook::Moment;
use crate::ratebook::compile::{day_number, nearest};
use crate::ratebook::layout::{NONE, ProgramRow, Tables, op};
use crate::ratebook::rows;
use crate::record::expression::{COMPONENT_COUNT, Component, Sale};
use crate::unit;
use serde::Serialize;
use std::fmt;

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
    pub message: String,
}

/// A case with what the answer needs to speak of it.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    pub(crate) case: Case,
    /// For each item of the question: its line and its value of goods after discounts.
    pub(crate) items: Vec<(usize, Decimal)>,
    pub(crate) assumptions: Vec<String>,
    pub(crate) warnings: Vec<String>,
    pub(crate) assessment: Option<Found>,
    /// Threshold rates by slot.
    pub(crate) thresholds: Vec<Option<Found>>,
    /// Which line came first from which item, for questions.
    pub(crate) line_items: Vec<usize>,
}

struct Problems(Vec<InputProblem>);

impl Problems {
    fn add(&mut self, field: impl Into<String>, value: impl fmt::Display, message: impl Into<String>) {
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
    let p = &mut problems;

    let territory = |p: &mut Problems, field: &str, code: &str| -> Option<u16> {
        let found = t.territory(code).filter(|&id| t.territories[usize::from(id)].kind != 3);
        if found.is_none() {
            let close = nearest(code, t.territories.iter().map(|r| t.text(r.code.get())));
            let named = t.territories.iter().find(|r| {
                let (name, own) = (t.text(r.name.get()), t.text(r.code.get()));
                name.eq_ignore_ascii_case(code) || own.eq_ignore_ascii_case(code) || has_initials(name, code)
            });
            let help = match named {
                Some(row) => format!("; did you mean \"{}\"?", t.text(row.code.get())),
                None => close,
            };
            p.add(field, code, format!("is not a territory known here; use a two-letter code such as DE or US{help} (`tidewaiter economies` lists them)"));
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
        let message = if union {
            "is a union: name the member the goods go to, since taxes are the member's"
        } else {
            "has no rules loaded: nothing is known about what it charges"
        };
        p.add("to", &asked.to, message);
    }
    if let (Some(to), Some(from)) = (to, from)
        && to == from
    {
        p.add("to", &asked.to, "is where the goods already are: nothing crosses a border, so no import charge arises");
    }
    let invoice = t.currency(&asked.currency);
    if invoice.is_none() {
        let close = nearest(
            &asked.currency.to_uppercase(),
            t.currencies.iter().filter_map(|c| std::str::from_utf8(&c.code).ok()),
        );
        p.add("currency", &asked.currency, format!("is not an ISO 4217 currency code such as EUR or USD{close}"));
    }
    if asked.items.is_empty() {
        p.add("items", "", "name at least one item");
    }
    if asked.items.len() > MAX_ITEMS {
        p.add(
            "items",
            asked.items.len(),
            format!("is more than the {MAX_ITEMS} items one consignment may have; divide it"),
        );
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
        p.add("gift", "true", "goes with sale c2c only: it is sent free from a private person to a private person. A present bought from a shop is a sale: leave gift out");
    }
    let parcels = asked.parcels.unwrap_or(1);
    if parcels == 0 || parcels > 10_000 {
        p.add("parcels", parcels, "must be between 1 and 10000");
    }
    for (at, rate) in asked.rates.iter().enumerate() {
        for (name, code) in [("from", &rate.from), ("to", &rate.to)] {
            if t.currency(code).is_none() {
                p.add(format!("rates[{at}].{name}"), code, "is not an ISO 4217 currency code such as EUR or USD");
            }
        }
        if rate.rate <= Decimal::ZERO || rate.rate > MAX_INPUT {
            p.add(format!("rates[{at}].rate"), rate.rate, "must be above zero: one `from` is so many `to`");
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
            None => p.add(format!("history.{name}"), "", "is not a period; use day, month, quarter, half-year or year"),
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
                message: "has no rules loaded".into(),
            }],
        });
    };

    let date = asked.date.unwrap_or(today);
    if asked.date.is_none() {
        assumptions.push(format!("The date is today, {today}."));
    }
    let day = day_number(date);
    let known = asked.known_at.map_or(i32::MAX - 1, day_number);
    if asked.sale.is_none() && !asked.gift {
        assumptions.push("A business sells to a private person (sale: b2c).".into());
    }
    if asked.freight.is_none() {
        assumptions.push("The buyer pays no shipping (freight: 0).".into());
    }
    let weight = asked
        .weight_kg
        .or_else(|| lines.iter().try_fold(Decimal::ZERO, |sum, l| l.line.weight.and_then(|w| sum.plus(w).ok())));

    let given = given_rates(t, &asked.rates);
    let market = Market { tables: *t, given: &given };
    let assessment = market.rate(&program.assessment, invoice, program.currency.get(), day);
    let (assessed_in, invoice_to_assessed) = match &assessment {
        Some(found) => (program.currency.get(), found.ratio),
        None => {
            warnings.push(format!(
                "No exchange rate from {} to {} is known here, so the charges are computed and rounded in {}. Give one (rates: from {}, to {}) for the amount in {}.",
                t.currency_code(invoice), t.currency_code(program.currency.get()), t.currency_code(invoice),
                t.currency_code(invoice), t.currency_code(program.currency.get()), t.currency_code(program.currency.get()),
            ));
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
    for found in assessment.iter().chain(thresholds.iter().flatten()) {
        note_rate(t, found, &mut warnings);
    }

    let moment = Moment { day, known };
    for (at, draft) in lines.iter_mut().enumerate() {
        translate_moved(t, program, moment, at, &mut draft.line, &mut assumptions, &mut warnings);
        shorten_unlisted(t, program, moment, at, &asked.to, &mut draft.line, &mut warnings);
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
        warnings.push(format!(
            "No rule of {} names the region \"{region}\", so the rule for other regions is used. Check the code.",
            asked.to
        ));
    }
    for registration in asked.seller.iter().flat_map(|s| s.registrations.iter()) {
        let known = rows(t.schemes, program.schemes).iter().any(|s| t.text(s.key.get()) == registration);
        if !known {
            let close = nearest(registration, rows(t.schemes, program.schemes).iter().map(|s| t.text(s.key.get())));
            warnings.push(format!("The registration \"{registration}\" plays no part in {}{close}", asked.to));
        }
    }
    let published = t.editions.iter().map(|e| e.known_from.get()).max().unwrap_or(day);
    if day > published.saturating_add(366) {
        warnings.push(
            "That day is more than a year after these rules were published: they may have changed by then.".into(),
        );
    }
    note_classes(t, program, asked, &mut warnings);
    note_claims(t, program, asked, &mut warnings);
    note_components(program, asked, &mut assumptions);
    for name in asked.facts.keys() {
        if !rows(t.asks, program.asks).iter().any(|a| t.text(a.fact.get()) == name) {
            warnings.push(format!("The fact \"{name}\" plays no part in {}.", asked.to));
        }
    }
    Ok(Prepared { case, items, assumptions, warnings, assessment, thresholds, line_items })
}

/// A code that the Harmonized System no longer has is put into the edition in force: into its one successor, or into the
/// digits that its successors under the same heading share, with the question which it is. A code on which the destination still has measures
/// stays as it is.
fn translate_moved(
    t: &Tables<'_>,
    program: &ProgramRow,
    moment: Moment,
    at: usize,
    line: &mut Line,
    assumptions: &mut Vec<String>,
    warnings: &mut Vec<String>,
) {
    if line.digits < 6 {
        return;
    }
    let Some(moved) = moved_code(t, line.code).filter(|m| m.from.get() <= moment.day) else { return };
    let Some(asked) = GoodsCode::from_padded(line.code, line.digits) else { return };
    let (low, high) = asked.span();
    if super::worlds::has_measures(t, program, moment, low, high) {
        return;
    }
    let shown = |code: u64, digits| GoodsCode::from_padded(code, digits).map_or_else(String::new, |c| c.to_string());
    let to: Vec<u64> = rows(t.kids, moved.to).iter().map(|k| u64::from(k.get()) * SIX).collect();
    let (edition, newer) = (t.text(moved.edition.get()), t.text(moved.newer.get()));
    match to.as_slice() {
        [] => warnings.push(format!(
            "Item {}: {asked} is a code of {edition}; {newer} has no code in its place. Check it.",
            at + 1
        )),
        [one] => {
            line.code = *one;
            line.digits = 6;
            let is = shown(*one, 6);
            assumptions.push(format!(
                "Item {}: {asked} is a code of {edition}; in {newer} these goods are {is}, which is used.",
                at + 1
            ));
        }
        all => {
            // Tables of correlation name every crumb: codes under the same heading come first.
            let near: Vec<u64> =
                all.iter().copied().filter(|code| code / (100 * SIX) == line.code / (100 * SIX)).collect();
            let many = if near.is_empty() { all } else { near.as_slice() };
            let digits = (1..=2u8)
                .rev()
                .map(|pairs| pairs * 2)
                .find(|digits| {
                    let step = 10u64.pow(u32::from(12 - digits));
                    many.iter().all(|code| code / step == many[0] / step)
                })
                .unwrap_or(0);
            line.code = GoodsCode::from_padded(many[0], digits).map_or(0, GoodsCode::padded);
            line.digits = digits;
            const NAMED: usize = 6;
            let codes: Vec<String> = many.iter().take(NAMED).map(|code| shown(*code, 6)).collect();
            let rest = match all.len() - codes.len() {
                0 => String::new(),
                1 => " (for a few of them another code)".to_owned(),
                n => format!(" (for a few of them one of {n} other codes)"),
            };
            warnings.push(format!(
                "Item {}: {asked} is a code of {edition}; in {newer} these goods are {}{rest}. Say which.",
                at + 1,
                codes.join(" or ")
            ));
        }
    }
}

/// One six-digit code, in twelve digits.
const SIX: u64 = 1_000_000;

/// What became of a code's first six digits, if the Harmonized System no longer has them.
pub(super) fn moved_code<'a>(t: &Tables<'a>, code: u64) -> Option<&'a crate::ratebook::layout::MovedRow> {
    let six = u32::try_from(code / SIX).ok()?;
    let at = t.moved.partition_point(|m| m.code.get() < six);
    t.moved.get(at).filter(|m| m.code.get() == six)
}

/// A code that the destination's full tariff does not have is cut to the digits that it has, and that is said: it may be
/// of another country or of another edition of the nomenclature.
fn shorten_unlisted(
    t: &Tables<'_>,
    program: &ProgramRow,
    moment: Moment,
    at: usize,
    to: &str,
    line: &mut Line,
    warnings: &mut Vec<String>,
) {
    let Some(asked) = GoodsCode::from_padded(line.code, line.digits) else { return };
    let mut code = asked;
    loop {
        let (low, high) = code.span();
        if super::worlds::is_listed(t, program, moment, low, high) != Some(false) {
            break;
        }
        match GoodsCode::from_padded(code.padded(), code.digit_count().saturating_sub(1)) {
            Some(shorter) => code = shorter,
            None => {
                line.digits = 0;
                line.code = 0;
                warnings.push(format!("Item {}: no code of the tariff of {to} begins as {asked} does, so the code is taken as unknown. Check it.", at + 1));
                return;
            }
        }
    }
    if code != asked {
        line.code = code.padded();
        line.digits = code.digit_count();
        warnings.push(format!(
            "Item {}: the tariff of {to} has no code {asked} on that day, so only {code} is used. It may be a code of another country or of an older edition: check it.",
            at + 1
        ));
    }
}

/// Whether a code is made of the first letters of a name, as people write them.
fn has_initials(name: &str, code: &str) -> bool {
    code.len() >= 2 && name.split_whitespace().filter_map(|w| w.chars().next()).eq(code.chars())
}

/// Says which tax classes the destination does not have.
fn note_classes(t: &Tables<'_>, program: &ProgramRow, asked: &Consignment, warnings: &mut Vec<String>) {
    let mut classes: Vec<&str> = rows(t.kids, program.rates)
        .iter()
        .filter_map(|id| t.arms.get(id.get() as usize))
        .map(|arm| t.text(arm.class.get()))
        .collect();
    classes.sort_unstable();
    classes.dedup();
    for (at, item) in asked.items.iter().enumerate() {
        if let Some(class) = item.tax_class.as_deref().filter(|c| !classes.contains(c)) {
            warnings.push(format!(
                "Item {}: {} has no tax class \"{class}\" (it has: {}), so the standard rate is used.",
                at + 1,
                asked.to,
                classes.join(", ")
            ));
        }
    }
}

/// Says which claims cannot count, and why.
fn note_claims(t: &Tables<'_>, program: &ProgramRow, asked: &Consignment, warnings: &mut Vec<String>) {
    let named = |name: &str| {
        t.text_id(name).is_some_and(|id| {
            super::worlds::programs_of(t, program).any(|known| known == id)
                || rows(t.kids, program.claims).iter().any(|known| known.get() == id)
        })
    };
    let destination = program;
    for (at, item) in asked.items.iter().enumerate() {
        for claim in &item.claims {
            let (item, program) = (at + 1, &claim.program);
            if claim.proof.as_deref().is_none_or(|p| p.trim().is_empty()) {
                warnings.push(format!(
                    "Item {item}: the claim of {program} does not count without a proof; say which proof you hold."
                ));
            } else if !named(program) {
                let known = super::worlds::programs_of(t, destination).map(|id| t.text(id));
                warnings.push(format!(
                    "Item {item}: no preference named {program} is known here, so the claim changes nothing{}",
                    nearest(program, known)
                ));
            }
        }
    }
}

/// Names the parts of value that the rules use and the question leaves out.
fn note_components(program: &ProgramRow, asked: &Consignment, assumptions: &mut Vec<String>) {
    let used = |c: Component| program.components.get() >> (c as u8).min(31) & 1 == 1;
    let left_out: Vec<&str> = [
        (Component::Insurance, asked.insurance.is_none(), "insurance"),
        (Component::CarrierFee, asked.carrier_fee.is_none(), "the carrier's clearance fee"),
    ]
    .into_iter()
    .filter(|(c, absent, _)| *absent && used(*c))
    .map(|(.., name)| name)
    .collect();
    if !left_out.is_empty() {
        assumptions.push(format!(
            "Nothing is paid for {} (not stated); what is paid raises the charges.",
            left_out.join(" and ")
        ));
    }
}

/// Whether any rule of a program names a region, or none names any.
fn names_region(t: &Tables<'_>, program: &ProgramRow, region: &str) -> bool {
    let named = rows(t.kids, program.regions);
    named.is_empty() || named.iter().any(|name| t.text(name.get()) == region)
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
            message: "the amounts are too large to compute exactly".into(),
        }],
    }
}

fn note_rate(t: &Tables<'_>, found: &Found, warnings: &mut Vec<String>) {
    let mut add = |text: String| {
        if !warnings.contains(&text) {
            warnings.push(text);
        }
    };
    let series = found.series.and_then(|s| t.series.get(s)).map_or("", |s| t.text(s.name.get()));
    let date = found.day.and_then(super::exchange::date_of).map(|d| d.to_string()).unwrap_or_default();
    if found.stand_in {
        add(format!("The exchange rate that the law names is not loaded; {series} of {date} stands in for it."));
    }
    if found.stale {
        add(format!("The newest exchange rate known here is of {date}."));
    }
    if let Some(via) = found.via.and_then(|s| t.series.get(s)) {
        add(format!("An exchange rate is only indicative (unverified): {} of {date}.", t.text(via.publisher.get())));
    }
}

fn check_amount(p: &mut Problems, field: &str, value: Option<Decimal>) {
    if let Some(value) = value {
        if value.is_negative() {
            p.add(field, value, "cannot be below zero");
        } else if value > MAX_INPUT {
            p.add(field, value, "is too large");
        }
    }
}

/// An item before discounts of the order and transport are spread over it.
struct Draft {
    line: Line,
    goods: Decimal,
    /// The code as asked and its digits, before it is cut to what the destination's tariff has.
    asked: (u64, u8),
}

fn read_item(
    t: &Tables<'_>,
    p: &mut Problems,
    at: usize,
    item: &Item,
    territory: &impl Fn(&mut Problems, &str, &str) -> Option<u16>,
) -> Draft {
    let field = |name: &str| format!("items[{at}].{name}");
    let mut line = Line::default();
    match item.code.as_deref().map(str::trim).filter(|c| !c.is_empty()) {
        Some(text) => match text.parse::<GoodsCode>() {
            Ok(code) => {
                line.code = code.padded();
                line.digits = code.digit_count();
            }
            Err(e) => p.add(field("code"), text, e.to_string()),
        },
        None => line.digits = 0,
    }
    if let Some(code) = &item.origin {
        line.origin = territory(p, &field("origin"), code);
    }
    check_amount(p, &field("price"), Some(item.price));
    check_amount(p, &field("discount"), item.discount);
    check_amount(p, &field("weight_kg"), item.weight_kg);
    if item.duty_rate.is_some_and(|r| r > Decimal::from_int(10_000)) {
        p.add(field("duty_rate"), item.duty_rate.unwrap_or_default(), "is in percent: 12 means 12 %");
    }
    check_amount(p, &field("duty_rate"), item.duty_rate);
    line.duty_rate = item.duty_rate;
    if item.quantity <= Decimal::ZERO || item.quantity > Decimal::from_int(1_000_000_000) {
        p.add(field("quantity"), item.quantity, "must be above zero and at most 1000000000");
    }
    let mut goods = Decimal::ZERO;
    match item.price.times(item.quantity) {
        Ok(value) if value <= MAX_INPUT => goods = value,
        _ => p.add(field("price"), item.price, "times the quantity is too large"),
    }
    if let Some(discount) = item.discount {
        if discount > goods {
            p.add(field("discount"), discount, "is more than the item costs");
        } else if let Ok(less) = goods.minus(discount) {
            goods = less;
        }
    }
    line.quantity = item.quantity;
    line.tax_class = item.tax_class.as_deref().map(|c| t.text_id(c).unwrap_or(OTHER_TEXT));
    line.claims = item
        .claims
        .iter()
        .filter(|c| c.proof.as_deref().is_some_and(|p| !p.trim().is_empty()))
        .map(|c| t.text_id(&c.program).unwrap_or(OTHER_TEXT))
        .collect();
    line.claims.sort_unstable();
    line.documents = item.documents.iter().map(|d| t.text_id(d).unwrap_or(OTHER_TEXT)).collect();
    line.documents.sort_unstable();
    line.weight = item.weight_kg.and_then(|w| w.times(item.quantity).ok());
    for (name, number) in &item.quantities {
        let Some(found) = unit::find(name) else {
            let close = unit::nearest(name).map(|u| format!("; did you mean \"{}\"?", u.key)).unwrap_or_default();
            p.add(field(&format!("quantities.{name}")), number, format!("is in a unit not known here{close}"));
            continue;
        };
        check_amount(p, &field(&format!("quantities.{name}")), Some(*number));
        if found.facts.len() != 1 {
            p.add(
                field(&format!("quantities.{name}")),
                number,
                format!("is made of several quantities; give {} instead", found.facts.join(" and ")),
            );
            continue;
        }
        // Into the base unit: divide by the multiplier.
        let all = number.times(item.quantity).and_then(|n| {
            n.scaled(Decimal::from_int(found.denominator as i64), Decimal::from_int(found.numerator as i64))
        });
        match (all, t.text_id(found.facts[0])) {
            (Ok(all), _) if found.facts[0] == "kg" => line.weight = Some(all),
            (Ok(all), Some(id)) => line.quantities.push((id, all)),
            _ => {}
        }
    }
    line.quantities.sort_unstable();
    let asked = (line.code, line.digits);
    Draft { line, goods, asked }
}

/// A discount on the order cannot be more than the goods cost.
fn check_discount(p: &mut Problems, asked: &Consignment, drafts: &[Draft]) {
    match drafts.iter().try_fold(Decimal::ZERO, |s, d| s.plus(d.goods)) {
        Ok(total) => {
            if let Some(discount) = asked.discount.filter(|d| *d > total) {
                p.add("discount", discount, "is more than the goods cost");
            }
        }
        Err(_) => p.add("items", "", "the amounts are too large"),
    }
}

/// For each item its line and value, the lines, and from which item each line first came.
type Merged = (Vec<(usize, Decimal)>, Vec<Line>, Vec<usize>);

/// Merges items that the law cannot tell apart and sorts the lines, before anything is spread over them: so that the
/// order and division of items cannot reach the last decimal of a share.
fn merge(drafts: Vec<Draft>) -> Result<Merged, NumberError> {
    // What tells goods apart: everything but how many there are and what is spread by value.
    type Identity = (
        u64,
        u8,
        Option<u16>,
        Option<u32>,
        Vec<u32>,
        Vec<u32>,
        Decimal,
        Vec<(u32, Decimal)>,
        Option<Decimal>,
        Option<Decimal>,
    );
    let mut keyed: Vec<(Identity, usize, Draft)> = Vec::with_capacity(drafts.len());
    for (at, draft) in drafts.into_iter().enumerate() {
        let line = &draft.line;
        let each = |value: Decimal| value.divided_by(line.quantity);
        let quantities =
            line.quantities.iter().map(|(u, q)| Ok((*u, each(*q)?))).collect::<Result<Vec<_>, NumberError>>()?;
        let weight = line.weight.map(each).transpose()?;
        // Of a code that the tariff does not have nothing is known, but that it is the same in two items.
        let (code, digits) = if line.digits == 0 { draft.asked } else { (line.code, line.digits) };
        let identity = (
            code,
            digits,
            line.origin,
            line.tax_class,
            line.claims.clone(),
            line.documents.clone(),
            each(draft.goods)?,
            quantities,
            weight,
            line.duty_rate,
        );
        keyed.push((identity, at, draft));
    }
    keyed.sort_by(|a, b| a.0.cmp(&b.0).then(a.2.goods.cmp(&b.2.goods)).then(a.1.cmp(&b.1)));
    let goods_at = Component::Goods as usize;
    let mut lines: Vec<Line> = Vec::new();
    let mut items = vec![(0usize, Decimal::ZERO); keyed.len()];
    let mut line_items = Vec::new();
    let mut last: Option<Identity> = None;
    for (identity, at, draft) in keyed {
        // Lines whose code is not given stay apart: they may be different goods.
        let same = identity.1 > 0 && last.as_ref() == Some(&identity);
        if let (true, Some(line)) = (same, lines.last_mut()) {
            line.quantity = line.quantity.plus(draft.line.quantity)?;
            line.components[goods_at] = line.components[goods_at].plus(draft.goods)?;
            line.weight = match (line.weight, draft.line.weight) {
                (Some(a), Some(b)) => Some(a.plus(b)?),
                _ => None,
            };
            for ((_, a), (_, b)) in line.quantities.iter_mut().zip(&draft.line.quantities) {
                *a = a.plus(*b)?;
            }
        } else {
            let mut line = draft.line;
            line.components[goods_at] = draft.goods;
            lines.push(line);
            line_items.push(at);
            last = Some(identity);
        }
        items[at] = (lines.len() - 1, draft.goods);
    }
    Ok((items, lines, line_items))
}

/// Spreads the order's discount, transport, insurance and packing over the lines by value of goods, converts the lines,
/// and gives each item its part of its line's value.
fn spread(asked: &Consignment, merged: Merged, ratio: Ratio) -> Result<Merged, NumberError> {
    let (mut items, mut lines, line_items) = merged;
    let fine = Decimal::from_units(1);
    let goods_at = Component::Goods as usize;
    if let Some(discount) = asked.discount.filter(|d| !d.is_zero()) {
        let before: Vec<Decimal> = lines.iter().map(|l| l.components[goods_at]).collect();
        for (line, part) in lines.iter_mut().zip(apportion(discount, &before, fine)?) {
            line.components[goods_at] = line.components[goods_at].minus(part)?;
        }
        for (at, line) in lines.iter().enumerate() {
            let members: Vec<usize> = (0..items.len()).filter(|&i| items[i].0 == at).collect();
            let values: Vec<Decimal> = members.iter().map(|&i| items[i].1).collect();
            for (&item, part) in members.iter().zip(apportion(line.components[goods_at], &values, fine)?) {
                items[item].1 = part;
            }
        }
    }
    let goods: Vec<Decimal> = lines.iter().map(|l| l.components[goods_at]).collect();
    for (which, value) in [
        (Component::Freight, asked.freight),
        (Component::InlandFreight, asked.inland_freight),
        (Component::Insurance, asked.insurance),
        (Component::Packing, asked.packing),
        (Component::CarrierFee, asked.carrier_fee),
        (Component::SellerTax, asked.seller_tax),
    ] {
        if let Some(value) = value.filter(|v| !v.is_zero()) {
            for (line, part) in lines.iter_mut().zip(apportion(value, &goods, fine)?) {
                line.components[which as usize] = part;
            }
        }
    }
    for line in &mut lines {
        line.unit_price = line.components[goods_at].divided_by(line.quantity)?;
        for c in 0..COMPONENT_COUNT {
            line.assessed[c] = ratio.apply(line.components[c])?;
        }
    }
    Ok((items, lines, line_items))
}
