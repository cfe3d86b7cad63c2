//! `tidewaiter tariff`: the tariff of a code, and how the duty went over time.

use crate::args::TariffArgs;
use crate::consignment::wrong_destination;
use crate::errors::{Exit, Failure};
use crate::history;
use crate::page::{Page, Tone};
use crate::table::{Align, Table};
use crate::words::{list, span};
use crate::{answer, item, origin, source};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;
use tidewaiter::Ratebook;
use tidewaiter::goods::GoodsCode;
use tidewaiter::ratebook::MeasureView;
use tidewaiter::record::MeasureKind;
use tidewaiter_sources::origin_rules::Goods;

pub(crate) fn run(args: &TariffArgs, page: &mut Page) -> Result<Exit, Failure> {
    let ratebook = source::open(&args.source)?;
    let to = item::capitals(&args.to);
    let asked: GoodsCode = args.code.parse().map_err(|e| Failure::usage(format!("CODE: {e}")))?;
    if asked.digit_count() < 4 {
        return Err(Failure::usage("CODE: give 4 digits or more; `tidewaiter economy` shows what is loaded in all"));
    }
    let origin = args.origin.as_deref().map(item::capitals);
    let Some(economy) = ratebook.economy(&to) else {
        let none = || format!("no rules of \"{to}\" are loaded; `tidewaiter economies` lists the codes");
        return Err(Failure::usage(wrong_destination(&ratebook, &to).unwrap_or_else(none)));
    };
    let day = args.as_of.unwrap_or_else(source::today);
    let code = listed(&ratebook, &to, asked, day);
    let Some(measures) = ratebook.tariff(&to, code, origin.as_deref()) else {
        let origin = origin.unwrap_or_default();
        return Err(Failure::usage(format!("--origin: \"{origin}\" is not a territory; use a code such as CN")));
    };
    let history = origin.as_deref().and_then(|origin| ratebook.duty_history(&to, code, origin, history::BEGINS, day));
    let steps = history.as_ref().map(|history| history::steps(&history.steps));
    let rules = origin::open(&args.origin_rules)?;
    let book = rules.book();
    let origins = match origin.as_deref().filter(|_| !rules.is_empty()) {
        Some(origin) => {
            let programs = claimable(&measures, day);
            let programs: Vec<(&str, bool)> = programs.into_iter().map(|program| (program, false)).collect();
            book.of_goods(Goods { to: &to, code: &code.to_string(), origin, date: day }, &programs)
        }
        None => Vec::new(),
    };
    let sources = book.facts_of(&origins);
    if args.json {
        let mut out = json!({
            "to": to, "code": code.to_string(), "asked": asked.to_string(), "origin": origin, "as_of": day.to_string(), "measures": measures,
            "duties": history.as_ref().map(|all| all.reached.iter().map(history::part_json).collect::<Vec<_>>()),
            "duties_in_percent": steps.as_ref().map(|steps| steps.iter().map(|s| json!({
                "from": s.from.to_string(), "percent": s.percent.map(|p| p.to_string()), "changed": s.changed,
            })).collect::<Vec<_>>()),
        });
        if let Some(fields) = out.as_object_mut().filter(|_| !rules.is_empty()) {
            fields.insert("origin_rules".into(), serde_json::to_value(&origins)?);
            fields.insert("sources".into(), serde_json::to_value(&sources)?);
        }
        page.json(&out)?;
        return Ok(if measures.is_empty() { Exit::NotAnAmount } else { Exit::Answered });
    }
    let made = origin.as_deref().map(|o| format!(", goods made in {o}")).unwrap_or_default();
    page.paragraph(&format!("{} ({to}), {code}{made}, on {day}", economy.name), Tone::Strong)?;
    if let Some(zero) = asked.with_lost_zero() {
        let text = format!("{asked} has an odd number of digits: is a zero missing at the start ({zero})?");
        page.paragraph(&text, Tone::Caution)?;
    }
    if code != asked {
        let text = format!(
            "The tariff of {to} has no code {asked} on that day; shown is {code}. It may be a code of another country or of an older edition: check it."
        );
        page.paragraph(&text, Tone::Caution)?;
    }
    show(&measures, day, args.all, page)?;
    if !origins.is_empty() {
        page.heading("Rules of origin")?;
        origins.iter().try_for_each(|one| answer::show_origin(one, &sources, args.all, page))?;
    }
    if let (Some(history), Some(steps)) = (&history, &steps) {
        history::list_reached(&history.reached, day, page)?;
        history::draw(steps, &measures, &economy, history, page)?;
    } else if !measures.is_empty() {
        page.gap()?;
        page.paragraph(
            "Name an origin (--origin CN) to see what reaches its goods, additional duties too, and the history.",
            Tone::Quiet,
        )?;
    }
    Ok(if measures.is_empty() { Exit::NotAnAmount } else { Exit::Answered })
}

/// A code as a quote takes it: one that the whole tariff does not have is cut to the digits that it has.
fn listed(ratebook: &Ratebook, to: &str, asked: GoodsCode, day: Date) -> GoodsCode {
    ratebook.listed(to, asked, day).filter(|listed| listed.digit_count() >= 4).unwrap_or(asked)
}

/// The tariff of a code and of the lines below it, on a day.
#[derive(Debug, Serialize)]
pub(crate) struct Lines {
    /// The code, cut to the digits that the tariff has.
    pub(crate) code: String,
    /// What is in force for it on that day.
    pub(crate) measures: Vec<MeasureView>,
}

/// The tariff of a code and of the lines below it; nothing where no such place or origin is known.
pub(crate) fn lines(ratebook: &Ratebook, to: &str, asked: GoodsCode, origin: Option<&str>, day: Date) -> Option<Lines> {
    let code = listed(ratebook, to, asked, day);
    let mut measures = ratebook.tariff(to, code, origin)?;
    measures.retain(|measure| measure.holds_on(day));
    Some(Lines { code: code.to_string(), measures })
}

/// The programmes of measures in force that may be claimed on a day, once each.
fn claimable(measures: &[MeasureView], day: Date) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    for program in measures.iter().filter(|m| m.holds_on(day)).flat_map(|m| &m.programs) {
        let open = program.from.is_none_or(|from| from <= day) && program.before.is_none_or(|before| day < before);
        if open && !out.contains(&program.key.as_str()) {
            out.push(&program.key);
        }
    }
    out
}

/// The measures of a day as a table, or of all days.
pub(crate) fn show(measures: &[MeasureView], day: Date, all: bool, page: &mut Page) -> Result<(), Failure> {
    let shown: Vec<&MeasureView> = measures.iter().filter(|m| all || m.holds_on(day)).collect();
    if shown.is_empty() {
        let text = match measures.first() {
            None => {
                "No measure is loaded for this code. Check the code: it may be of another country or of an older edition of the nomenclature. For a whole tariff, load the official file (`tidewaiter import list`)."
            }
            Some(_) => &none_on(measures, day),
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
    let mut rows: Vec<Vec<String>> = Vec::new();
    for measure in &shown {
        let row = vec![
            measure.code.clone(),
            kind(measure.kind).to_owned(),
            measure.amount.clone(),
            who(measure, day),
            span(measure.from, measure.before),
        ];
        // One measure may stand in two files: the sources tell them apart, this table does not.
        if !rows.contains(&row) {
            rows.push(row.clone());
            table.row(row);
        }
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

/// What to say where all measures are of other days.
pub(crate) fn none_on(measures: &[MeasureView], day: Date) -> String {
    let first = measures.iter().filter_map(|measure| measure.from).min().filter(|first| *first > day);
    let begins = first.map(|first| format!(": what is loaded begins on {first}")).unwrap_or_default();
    format!("No tariff of these goods is loaded for {day}{begins}. --all shows the measures of other days.")
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
