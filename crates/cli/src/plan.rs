//! `tidewaiter quote --plan`: ways to divide an order into parcels, side by side.

use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::table::{Align, Table};
use crate::words::{Money, sentence};
use tidewaiter::Ratebook;
use tidewaiter::quote::plan::Plan;

pub(crate) fn show(plan: &Plan, ratebook: &Ratebook, json: bool, page: &mut Page) -> Result<Exit, Failure> {
    let exact = plan.options.first().is_some_and(|o| o.total.exact().is_some());
    let exit = if exact { Exit::Answered } else { Exit::NotAnAmount };
    if json {
        page.json(plan)?;
        return Ok(exit);
    }
    let money = Money::of(ratebook, &plan.asked_currency);
    let Some(best) = plan.options.first() else {
        page.paragraph("No way to send this order has a figure. Ask without --plan to see why.", Tone::Strong)?;
        if let Some(why) = &plan.not_tried {
            page.gap()?;
            page.paragraph(why, Tone::Caution)?;
        }
        return Ok(exit);
    };
    let landed = money.range(best.landed.least, best.landed.most);
    let text = if plan.options.len() == 1 && plan.not_tried.is_some() {
        format!("As {}: {landed} landed.", best.name)
    } else if plan.options.len() == 1 {
        format!("There is one way to send this order: {landed} landed.")
    } else {
        format!("The cheapest: {}, {landed} landed.", best.name)
    };
    page.paragraph(&text, Tone::Strong)?;
    page.gap()?;
    let charges = format!("Charges {}", money.code);
    let landed = format!("Landed {}", money.code);
    let mut table = Table::new(
        &[
            ("Way", Align::Left),
            ("Items in each parcel", Align::Left),
            (&charges, Align::Right),
            (&landed, Align::Right),
        ],
        1,
    );
    for option in &plan.options {
        table.row(vec![
            option.name.clone(),
            parcels(&option.parcels),
            money.numbers(option.total.least_asked, option.total.most_asked),
            money.numbers(option.landed.least, option.landed.most),
        ]);
    }
    page.table(&table)?;
    if let Some(why) = &plan.not_tried {
        page.gap()?;
        page.paragraph(why, Tone::Caution)?;
    }
    let mut cautions: Vec<&str> = Vec::new();
    for option in &plan.options {
        if !option.lawful.is_empty() && !cautions.contains(&option.lawful.as_str()) {
            cautions.push(&option.lawful);
        }
    }
    for caution in cautions {
        page.gap()?;
        page.paragraph(&format!("Take care: {}", sentence(caution)), Tone::Caution)?;
    }
    Ok(exit)
}

/// `1, 2 | 3`: the items of each parcel.
fn parcels(groups: &[Vec<usize>]) -> String {
    let all: Vec<String> =
        groups.iter().map(|g| g.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")).collect();
    match all.first() {
        // The same item alone in each parcel: its pieces were divided.
        Some(first) if all.len() > 1 && all.iter().all(|g| g == first) => format!("item {first}, one piece in each"),
        _ => all.join(" | "),
    }
}
