//! `economy`: what one charges, in words, and the same as a resource.

use super::input::{Day, read, wrong};
use super::words::{Lines, as_data, collector, confidence, fact, verdict as verdict_words};
use super::{Kind, Told, schema_of};
use crate::desk::{Book, Desk};
use crate::problem::Problem;
use jiff::civil::Date;
use rmcp::model::JsonObject;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use tidewaiter::ratebook::{
    AskView, ChargeView, DisputeView, EconomyView, EditionView, FactView, MembershipView, RateView, RungView,
    SchemeView, WaiverView,
};

/// What is taken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Code of the economy or union: `FR`, `EU`.
    code: String,
    /// Day whose rules are told; today when absent.
    #[serde(default)]
    date: Option<Day>,
}

/// The rules of one economy on a day.
#[derive(Debug, Serialize, JsonSchema)]
struct Rules {
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// Day whose rules are told.
    date: Day,
    /// Currency in which charges are assessed.
    currency: String,
    /// What the main tax is called there.
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_name: Option<String>,
    /// What a shopkeeper should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    /// A caution for every quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// The unions and groups it belongs to on that day.
    memberships: Vec<MembershipView>,
    /// Charges in the order in which they are computed, with the rules in force on that day: the first whose condition holds is
    /// taken.
    charges: Vec<ChargeView>,
    /// Rates of taxes on that day.
    rates: Vec<RateView>,
    /// Registrations under which sellers collect.
    schemes: Vec<SchemeView>,
    /// Sums too small to collect.
    waivers: Vec<WaiverView>,
    /// Yes/no questions that decide.
    asks: Vec<AskView>,
    /// Rules that are read in two ways.
    disputes: Vec<DisputeView>,
    /// How many measures of its tariff are loaded. None: a duty from the tariff is unknown here unless the user knows the rate.
    measures: usize,
    /// The facts it rests on.
    sources: Vec<FactView>,
    /// The editions it rests on.
    editions: Vec<EditionView>,
    /// Fingerprint of the ratebook that answered.
    ratebook: String,
}

const ABOUT: &str = "What one economy charges on goods that come in, on a day: each charge with its rules in words (the first whose condition holds is taken), thresholds, tax rates, registrations under which sellers collect, rules in dispute, and the law and confidence behind each. \
    Use it to explain rules; for the cost of goods use `quote`, which applies them. What is not listed is not known here, and not zero.";

/// `economy`.
pub(super) fn tool() -> Kind {
    let names = ("economy", "mcp economy", "The rules of one economy");
    Kind::new::<Rules>(names, ABOUT, schema_of::<Asked>(), run)
}

/// The address of an economy's resource.
pub(super) fn address(code: &str) -> String {
    format!("tidewaiter://economy/{code}")
}

/// The page of an address, by today's rules.
pub(super) fn page(desk: &Desk, uri: &str) -> Option<String> {
    let code = uri.strip_prefix("tidewaiter://economy/")?;
    let book = desk.book();
    let view = book.economy(code)?;
    Some(as_data(&text(&on_day(view, desk.today(), book.fingerprint()))))
}

/// That an economy is not known, with those that are.
pub(super) fn no_such(book: &Book, field: &str, code: &str, day: Date) -> Problem {
    let known: Vec<String> = book.economies(day).into_iter().map(|one| one.code).collect();
    wrong(field, code, format!("is no economy whose rules are known; known are {}", known.join(", ")))
}

fn run(desk: &Desk, arguments: JsonObject) -> Result<Told, Problem> {
    let asked: Asked = read(arguments)?;
    let day = asked.date.map_or_else(|| desk.today(), |day| day.0);
    let code = asked.code.trim().to_ascii_uppercase();
    let book = desk.book();
    let view = book.economy(&code).ok_or_else(|| no_such(&book, "code", &code, desk.today()))?;
    let rules = on_day(view, day, book.fingerprint());
    let text = text(&rules);
    Told::new(&rules, text, "economy")
}

/// What of an economy holds on a day.
fn on_day(view: EconomyView, day: Date, ratebook: &str) -> Rules {
    let holds = |from: Option<Date>, before: Option<Date>| {
        from.is_none_or(|from| from <= day) && before.is_none_or(|before| day < before)
    };
    let mut charges = view.charges;
    for charge in &mut charges {
        charge.rungs.retain(|rung| rung.in_force(day));
    }
    charges.retain(|charge| !charge.rungs.is_empty());
    let mut rates = view.rates;
    for rate in &mut rates {
        rate.values.retain(|value| holds(value.from, value.before));
    }
    rates.retain(|rate| !rate.values.is_empty());
    let (mut schemes, mut waivers, mut memberships) = (view.schemes, view.waivers, view.memberships);
    schemes.retain(|one| holds(one.from, one.before));
    waivers.retain(|one| holds(one.from, one.before));
    memberships.retain(|one| holds(one.from, one.before));
    let mut cited: BTreeSet<&String> = BTreeSet::new();
    for charge in &charges {
        cited.extend(charge.cites.iter().chain(charge.rungs.iter().flat_map(|rung| &rung.cites)));
    }
    cited.extend(rates.iter().flat_map(|rate| &rate.values).flat_map(|value| &value.cites));
    cited.extend(schemes.iter().flat_map(|one| &one.cites));
    cited.extend(waivers.iter().flat_map(|one| &one.cites));
    cited.extend(view.asks.iter().flat_map(|one| &one.cites));
    cited.extend(
        view.disputes.iter().flat_map(|one| one.cites.iter().chain(one.readings.iter().flat_map(|r| &r.cites))),
    );
    let sources = view.facts.into_iter().filter(|fact| cited.contains(&fact.key)).collect();
    Rules {
        code: view.code,
        name: view.name,
        date: Day(day),
        currency: view.currency,
        tax_name: view.tax_name,
        summary: view.summary,
        note: view.note,
        memberships,
        charges,
        rates,
        schemes,
        waivers,
        asks: view.asks,
        disputes: view.disputes,
        measures: view.measures.iter().map(|one| one.count).sum(),
        sources,
        editions: view.editions,
        ratebook: ratebook.to_owned(),
    }
}

fn text(rules: &Rules) -> String {
    let mut lines = Lines::default();
    lines.add(format!("# {} ({}) on {}", rules.name, rules.code, rules.date));
    lines.add(format!("Charges are assessed in {}.", rules.currency));
    [&rules.summary, &rules.note].into_iter().flatten().for_each(|text| lines.add(text));
    lines.list("Belongs to:", rules.memberships.iter().map(|one| format!("{} ({}), {}", one.name, one.code, one.role)));
    for charge in &rules.charges {
        lines.add(format!("## {} (on {})", charge.name, charge.base));
        charge.rungs.iter().for_each(|rung| lines.add(format!("- {}", self::rung(rung))));
    }
    if rules.charges.is_empty() {
        lines.add("No rule of that day is known here. That is not zero.");
    }
    if rules.measures == 0 {
        lines.add("No tariff is loaded: a duty from the tariff is unknown here, unless the user knows the rate.");
    } else {
        lines.add(format!("{} measures of the tariff are loaded.", rules.measures));
    }
    lines.list(
        "## Rates",
        rules.rates.iter().map(|rate| {
            let goods = if rate.goods.is_empty() { String::new() } else { format!(" ({})", rate.goods) };
            let values: Vec<String> =
                rate.values.iter().map(|value| format!("{} % [{}]", value.percent, value.cites.join(", "))).collect();
            format!("{} {}{goods}: {}", rate.table, rate.class, values.join(", "))
        }),
    );
    lines.list(
        "## Registrations of sellers",
        rules
            .schemes
            .iter()
            .map(|one| format!("{} ({}): {} [{}]", one.name, one.key, one.registration, one.cites.join(", "))),
    );
    lines.list(
        "## Too small to collect",
        rules
            .waivers
            .iter()
            .map(|one| format!("{} together {} [{}]", one.charges.join(", "), one.when, one.cites.join(", "))),
    );
    lines.list(
        "## Questions that decide",
        rules.asks.iter().map(|one| {
            let assumed = match one.assume {
                Some(true) => "yes is assumed",
                Some(false) => "no is assumed",
                None => "a range over both answers",
            };
            format!("{} [facts.{}: true or false; {assumed} where nobody answers]", one.question, one.fact)
        }),
    );
    lines.list(
        "## In dispute",
        rules.disputes.iter().map(|one| {
            let readings: Vec<String> = one.readings.iter().map(|r| format!("{}: {}", r.name, r.says)).collect();
            format!("{} Charged by: {}. Readings: {}", one.question, one.default, readings.join(" / "))
        }),
    );
    lines.list("## Sources", rules.sources.iter().map(fact));
    let editions: Vec<String> =
        rules.editions.iter().map(|one| format!("edition {} of {}", one.number, one.authority)).collect();
    lines.add(format!("Ratebook {}; {}", rules.ratebook, editions.join("; ")));
    lines.text()
}

fn rung(rung: &RungView) -> String {
    let mut line = rung.name.clone();
    if let Some(when) = &rung.when {
        let _ = write!(line, ", when {when}");
    }
    match (&rung.amount, rung.outcome) {
        (Some(amount), _) => _ = write!(line, ": {amount}"),
        (None, Some(verdict)) => _ = write!(line, ": {}", verdict_words(verdict)),
        (None, None) => line.push_str(": amount not stated"),
    }
    let _ = write!(line, "; collected {}", collector(rung.collect));
    if let Some(scheme) = &rung.scheme {
        let _ = write!(line, " under {scheme}");
    }
    if let Some(sure) = rung.confidence {
        let _ = write!(line, "; confidence {}", confidence(sure));
    }
    if !rung.cites.is_empty() {
        let _ = write!(line, " [{}]", rung.cites.join(", "));
    }
    line
}
