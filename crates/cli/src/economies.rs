//! `tidewaiter economies`: one line for each.

use crate::args::EconomiesArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::source;
use crate::table::{Align, Table};
use crate::words::count;
use tidewaiter::ratebook::EconomySummary;
use tidewaiter::record::world::TerritoryKind;

pub(crate) fn run(args: &EconomiesArgs, page: &mut Page) -> Result<Exit, Failure> {
    let ratebook = source::open(&args.source)?;
    let day = args.date.unwrap_or_else(source::today);
    let all = ratebook.economies(day);
    if args.json {
        page.json(&all)?;
        return Ok(Exit::Answered);
    }
    let columns = [
        ("Code", Align::Left),
        ("Name", Align::Left),
        ("Currency", Align::Left),
        ("Tax", Align::Left),
        ("Standard", Align::Right),
        ("Rules", Align::Right),
        ("Facts h/m/u", Align::Right),
        ("Edition", Align::Left),
    ];
    let mut table = Table::new(&columns, 1);
    for economy in &all {
        table.row(vec![
            economy.code.clone(),
            name(economy),
            economy.currency.clone(),
            short(economy.tax_name.as_deref().unwrap_or("")),
            rate(economy),
            economy.rules.to_string(),
            format!("{}/{}/{}", economy.facts.high, economy.facts.medium, economy.facts.low),
            edition(economy),
        ]);
    }
    page.table(&table)?;
    page.gap()?;
    let told = format!(
        "{}. Standard: the standard rate on {day}; + means that others apply in some regions or cases. Facts: high, medium, unverified. \
`tidewaiter economy DE` shows one.",
        count(all.len(), "economy")
    );
    page.paragraph(&told, Tone::Quiet)?;
    Ok(Exit::Answered)
}

fn name(economy: &EconomySummary) -> String {
    match economy.kind {
        TerritoryKind::Union => format!("{} (union)", economy.name),
        _ => economy.name.clone(),
    }
}

/// Its number, and whose it is where the economy has no file of its own.
fn edition(economy: &EconomySummary) -> String {
    match &economy.edition {
        Some(e) if e.authority == economy.code => e.number.to_string(),
        Some(e) => format!("{} {}", e.authority, e.number),
        None => String::new(),
    }
}

/// A tax name without what stands in brackets.
fn short(name: &str) -> String {
    name.split_once(" (").map_or(name, |(before, _)| before).chars().take(16).collect::<String>().trim_end().to_owned()
}

fn rate(economy: &EconomySummary) -> String {
    let more = if economy.standard_rates.iter().any(|r| Some(r.percent) != economy.standard_rate()) { "+" } else { "" };
    economy.standard_rate().map(|rate| format!("{rate} %{more}")).unwrap_or_default()
}
