//! `tidewaiter tariff`: the tariff of a code, and how the duty went over time.

use crate::args::TariffArgs;
use crate::chart::{self, Step};
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::table::{Align, Table};
use crate::words::{list, span};
use crate::{item, source};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;
use std::collections::BTreeSet;
use tidewaiter::goods::GoodsCode;
use tidewaiter::ratebook::{EconomyView, MeasureView};
use tidewaiter::record::expression::{Channel, Sale};
use tidewaiter::record::world::TerritoryKind;
use tidewaiter::record::{MeasureKind, Status};
use tidewaiter::{Consignment, Decimal, Item, Outcome, Ratebook};

/// Value of the consignment that the chart is drawn for, in the currency of the destination: above every relief.
const SAMPLE: i64 = 1_000_000;
/// The chart begins here: what was before is not loaded for most economies.
const BEGINS: Date = jiff::civil::date(2025, 1, 1);

pub(crate) fn run(args: &TariffArgs, page: &mut Page) -> Result<Exit, Failure> {
    let ratebook = source::open(&args.source)?;
    let to = item::capitals(&args.to);
    let code: GoodsCode = args.code.parse().map_err(|e| Failure::usage(format!("CODE: {e}")))?;
    if code.digit_count() < 4 {
        return Err(Failure::usage("CODE: give 4 digits or more; `tidewaiter economy` shows what is loaded in all"));
    }
    let origin = args.origin.as_deref().map(item::capitals);
    let Some(economy) = ratebook.economy(&to) else {
        return Err(Failure::usage(format!("no rules of \"{to}\" are loaded; `tidewaiter economies` lists the codes")));
    };
    let Some(measures) = ratebook.tariff(&to, code, origin.as_deref()) else {
        let origin = origin.unwrap_or_default();
        return Err(Failure::usage(format!("--origin: \"{origin}\" is not a territory; use a code such as CN")));
    };
    let day = args.as_of.unwrap_or_else(source::today);
    let steps = origin.as_deref().map(|origin| history(&ratebook, &economy, code, origin, &measures, day));
    if args.json {
        page.json(&json!({
            "to": to, "code": code.to_string(), "origin": origin, "as_of": day.to_string(), "measures": measures,
            "duties_in_percent": steps.as_ref().map(|steps| steps.iter().map(|s| json!({
                "from": s.from.to_string(), "percent": s.percent.map(|p| p.to_string()),
            })).collect::<Vec<_>>()),
        }))?;
        return Ok(if measures.is_empty() { Exit::NotAnAmount } else { Exit::Answered });
    }
    let made = origin.as_deref().map(|o| format!(", goods made in {o}")).unwrap_or_default();
    page.paragraph(&format!("{} ({to}), {code}{made}, on {day}", economy.name), Tone::Strong)?;
    show(&measures, day, args.all, page)?;
    if let Some(steps) = &steps {
        draw(steps, &economy, day, page)?;
    } else if !measures.is_empty() {
        page.gap()?;
        page.paragraph(
            "Name an origin (--origin CN) to see what reaches its goods, additional duties too, and the history.",
            Tone::Quiet,
        )?;
    }
    Ok(if measures.is_empty() { Exit::NotAnAmount } else { Exit::Answered })
}

fn show(measures: &[MeasureView], day: Date, all: bool, page: &mut Page) -> Result<(), Failure> {
    let shown: Vec<&MeasureView> = measures.iter().filter(|m| all || m.holds_on(day)).collect();
    if shown.is_empty() {
        let text = match measures.first() {
            None => {
                "No measure is loaded for this code. Check the code: it may be of another country or of an older edition of the nomenclature. For a whole tariff, load the official file (`tidewaiter import list`)."
            }
            Some(_) => "No measure holds on that day; --all shows those of other days.",
        };
        return Ok(page.paragraph(text, Tone::Caution)?);
    }
    page.gap()?;
    let mut table = Table::new(
        &[
            ("Code", Align::Left),
            ("What", Align::Left),
            ("Rate", Align::Left),
            ("For", Align::Left),
            ("In force", Align::Left),
        ],
        3,
    );
    let mut said: Vec<&str> = Vec::new();
    for measure in &shown {
        table.row(vec![
            measure.code.clone(),
            kind(measure.kind).to_owned(),
            measure.amount.clone(),
            who(measure, day),
            span(measure.from, measure.before),
        ]);
        said.extend(measure.says.as_deref());
    }
    page.table(&table)?;
    said.sort_unstable();
    said.dedup();
    for says in said {
        page.bullet(says)?;
    }
    Ok(())
}

/// For which goods, and on which claim.
fn who(measure: &MeasureView, day: Date) -> String {
    let mut parts = Vec::new();
    if !measure.origin.is_empty() {
        parts.push(places(&measure.origin));
    }
    if !measure.not_origin.is_empty() {
        parts.push(format!("not {}", places(&measure.not_origin)));
    }
    let mut programs: Vec<String> = measure
        .programs
        .iter()
        .filter(|p| p.from.is_none_or(|f| f <= day) && p.before.is_none_or(|b| day < b))
        .map(|p| p.key.clone())
        .collect();
    programs.dedup();
    if !programs.is_empty() {
        parts.push(format!("who claims {}", list(&programs).replace(" and ", " or ")));
    } else if !measure.programs.is_empty() {
        parts.push("a programme not open that day".to_owned());
    }
    parts.extend(measure.additional_code.as_ref().map(|c| format!("additional code {c}")));
    parts.extend(measure.order_number.as_ref().map(|c| format!("quota {c}")));
    if measure.conditional {
        parts.push("on a condition".to_owned());
    }
    if parts.is_empty() { "all".to_owned() } else { parts.join("; ") }
}

/// A few places by code, many by number.
fn places(codes: &[String]) -> String {
    match codes.len() {
        0..=12 => codes.join(" "),
        n => format!("{} and {} more", codes[..10].join(" "), n - 10),
    }
}

const fn kind(kind: MeasureKind) -> &'static str {
    match kind {
        MeasureKind::ThirdCountry => "duty",
        MeasureKind::Preference => "preference",
        MeasureKind::Suspension => "suspension",
        MeasureKind::Quota => "quota",
        MeasureKind::Additional => "additional duty",
        MeasureKind::AntiDumping => "anti-dumping",
        MeasureKind::Countervailing => "countervailing",
        MeasureKind::Safeguard => "safeguard",
        MeasureKind::Excise => "excise",
        MeasureKind::Vat => "VAT",
        MeasureKind::Control => "control",
        MeasureKind::Prohibition => "prohibition",
        MeasureKind::SupplementaryUnit => "unit",
    }
}

/// All duties together in percent of the value, from day to day, for a business consignment with no claims.
fn history(
    ratebook: &Ratebook,
    economy: &EconomyView,
    code: GoodsCode,
    origin: &str,
    measures: &[MeasureView],
    day: Date,
) -> Vec<Step> {
    let until = day.saturating_add(1.year());
    let mut days = BTreeSet::from([BEGINS.min(day)]);
    let rungs = economy.charges.iter().filter(|c| c.kind.is_duty()).flat_map(|c| &c.rungs);
    let rules = rungs.filter(|r| r.status == Status::InForce).flat_map(|r| [r.from, r.before]);
    for date in rules.chain(measures.iter().flat_map(|m| [m.from, m.before])).flatten() {
        if date > BEGINS && date <= until {
            days.insert(date);
        }
    }
    let mut steps: Vec<Step> = Vec::new();
    for from in days {
        let asked = Consignment {
            from: Some(origin.to_owned()),
            to: economy.code.clone(),
            date: Some(from),
            currency: economy.currency.clone(),
            sale: Some(Sale::B2b),
            channel: Some(Channel::Freight),
            items: vec![Item {
                code: Some(code.to_string()),
                origin: Some(origin.to_owned()),
                price: Decimal::from_int(SAMPLE),
                quantity: Decimal::ONE,
                ..Item::default()
            }],
            ..Consignment::default()
        };
        let percent = ratebook.quote(&asked).ok().and_then(|quote| {
            let duties = quote.by_kind.duties;
            let counts = matches!(quote.outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown);
            let exact = duties.most == Some(duties.least);
            (counts && exact).then(|| duties.least.scaled(Decimal::HUNDRED, Decimal::from_int(SAMPLE)).ok()).flatten()
        });
        if steps.last().is_none_or(|s| s.percent != percent) {
            steps.push(Step { from, percent });
        }
    }
    steps
}

fn draw(steps: &[Step], economy: &EconomyView, day: Date, page: &mut Page) -> Result<(), Failure> {
    if steps.iter().all(|s| s.percent.is_none()) {
        let why = if economy.kind == TerritoryKind::Union {
            "To see the duties over time, name a member of the union."
        } else {
            "The duties are no one percentage of the value: ask for your goods with `tidewaiter quote`."
        };
        page.gap()?;
        return Ok(page.paragraph(why, Tone::Quiet)?);
    }
    page.heading(&format!(
        "All customs duties together, in percent of the value (business consignment of {} {SAMPLE}, nothing claimed)",
        economy.currency
    ))?;
    for line in chart::lines(steps, day.saturating_add(1.month()).max(BEGINS.saturating_add(1.year())), page.width) {
        page.line(&line)?;
    }
    page.gap()?;
    let mut table = Table::new(&[("From", Align::Left), ("Duties", Align::Right)], 0);
    for step in steps {
        let text = step.percent.map_or_else(|| "no one number".to_owned(), |p| format!("{p} %"));
        let mark = if step.from > day { " (to come)" } else { "" };
        table.row(vec![step.from.to_string(), format!("{text}{mark}")]);
    }
    page.table(&table)?;
    Ok(())
}
