//! A return made of what happened.

use super::{definitions, known, recorded};
use crate::args::DraftArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::source;
use crate::table::{Align, Table};
use crate::words::{Money, count};
use serde_json::json;
use tidewaiter::Decimal;
use tidewaiter::record::Confidence;
use tidewaiter_collect::draft::{Collected, Converted, Rates, Return, draft};
use tidewaiter_collect::event::Event;
use tidewaiter_collect::ledger::TaxLine;

pub(super) fn run(args: &DraftArgs, page: &mut Page) -> Result<Exit, Failure> {
    let definitions = definitions()?;
    let rules = known(&definitions, &args.scheme)?;
    let ledger = recorded(&definitions, &args.file)?;
    let book = source::open(&args.source)?;
    let noted: Vec<_> = ledger
        .entries()
        .iter()
        .filter_map(|entry| if let Event::Rate(rate) = &entry.event { Some(rate.clone()) } else { None })
        .collect();
    let registration = ledger.past().registration(&args.scheme);
    let collected = Collected::of(rules, registration, ledger.tax(), args.period).map_err(Failure::usage)?;
    let rates = Rates::new(&book, &noted);
    let made = draft(rules, registration, &collected, &rates, args.period).map_err(Failure::usage)?;
    let exit = if made.owed.is_some() { Exit::Answered } else { Exit::NotAnAmount };
    let lines: Vec<&TaxLine> =
        ledger.tax().iter().filter(|line| line.scheme == args.scheme && line.declared == Some(args.period)).collect();
    if args.json {
        let mut document = serde_json::to_value(&made).map_err(|error| Failure::Internal(error.to_string()))?;
        if args.sales {
            document["sales"] = json!(lines);
        }
        page.json(&document)?;
        return Ok(exit);
    }
    let money = Money::of(&book, &made.currency);
    shown(&made, &money, page)?;
    if args.sales {
        page.heading("What stands behind it")?;
        let columns = [
            ("Day", Align::Left),
            ("Document", Align::Left),
            ("To", Align::Left),
            ("Rate", Align::Right),
            ("Net", Align::Right),
            ("Tax", Align::Right),
            ("", Align::Left),
            ("Of", Align::Left),
        ];
        let mut table = Table::new(&columns, 1);
        for line in lines {
            let own = Money::of(&book, &line.currency);
            let rate = line.rate.map(|rate| rate.to_string()).unwrap_or_default();
            let about = line.about.map(|period| period.to_string()).unwrap_or_default();
            table.row(vec![
                line.date.to_string(),
                line.document.clone(),
                line.to.clone(),
                rate,
                own.number(line.net),
                own.number(line.tax),
                own.code,
                about,
            ]);
        }
        page.table(&table)?;
    }
    Ok(exit)
}

fn shown(made: &Return, money: &Money, page: &mut Page) -> Result<(), Failure> {
    page.paragraph(&format!("{}, {}", made.name, made.period.words()), Tone::Strong)?;
    let number = made.number.as_deref().unwrap_or("no number recorded");
    page.paragraph(
        &format!("Draft for {number}. Send by {}, pay by {}. All figures in {}.", made.due, made.pay_by, made.currency),
        Tone::Quiet,
    )?;
    page.gap()?;
    let unknown =
        |amount: Option<Decimal>| amount.map_or_else(|| "not known".to_owned(), |amount| money.number(amount));
    match made.owed {
        None => page.paragraph("What is owed cannot be said yet: an exchange rate is missing.", Tone::Strong)?,
        Some(owed) if owed.is_negative() => {
            page.paragraph(&format!("To come back: {}", money.text(Decimal::from_units(-owed.units()))), Tone::Strong)?
        }
        Some(owed) => page.paragraph(&format!("To pay: {}", money.text(owed)), Tone::Strong)?,
    }
    if !made.back.is_zero() {
        page.paragraph(&format!("To come back beside it, not set off: {}", money.text(made.back)), Tone::Strong)?;
    }
    if made.nil {
        page.paragraph("Nothing was sold: a nil return.", Tone::Plain)?;
    }
    if !made.rows.is_empty() {
        page.heading("Rows")?;
        let columns = [
            ("To", Align::Left),
            ("Rate", Align::Right),
            ("Net", Align::Right),
            ("Tax", Align::Right),
            ("Of", Align::Left),
        ];
        let mut table = Table::new(&columns, 4);
        for row in &made.rows {
            let to = row.key.member_state.clone().unwrap_or_default();
            let rate = row.key.rate.map(|rate| rate.to_string()).unwrap_or_default();
            table.row(vec![to, rate, unknown(row.net), unknown(row.tax), of(&row.of, row.lines)]);
        }
        page.table(&table)?;
    }
    if !made.boxes.is_empty() {
        page.heading("Boxes")?;
        let mut table = Table::new(&[("Box", Align::Left), ("Name", Align::Left), ("Amount", Align::Right)], 1);
        for one in &made.boxes {
            table.row(vec![one.key.clone(), one.name.clone(), unknown(one.value)]);
        }
        page.table(&table)?;
    }
    if !made.corrections.is_empty() {
        page.heading("Past periods set right")?;
        let mut table =
            Table::new(&[("Period", Align::Left), ("To", Align::Left), ("Tax", Align::Right), ("Of", Align::Left)], 3);
        for one in &made.corrections {
            table.row(vec![one.period.to_string(), one.member_state.clone(), unknown(one.tax), of(&one.of, one.lines)]);
        }
        page.table(&table)?;
    }
    for none in &made.missing {
        page.bullet(&format!("No rate of {} for {}: {}.", none.currency, none.wanted, none.says))?;
    }
    for rate in &made.rates {
        let (times, over) = (rate.times, rate.over);
        let says = if over == Decimal::ONE {
            format!("1 {} = {times} {}", rate.from, rate.to)
        } else if times == Decimal::ONE {
            format!("1 {} = {over} {}", rate.to, rate.from)
        } else {
            format!("{over} {} = {times} {}", rate.from, rate.to)
        };
        page.bullet(&format!("{says}, {} of {}", rate.publisher, rate.day))?;
    }
    for warning in &made.warnings {
        page.hanging("! ", warning, Tone::Caution)?;
    }
    if made.confidence == Confidence::Low {
        page.hanging(
            "! ",
            "Some of the rules are not verified; `tidewaiter collect scheme` tells which.",
            Tone::Caution,
        )?;
    }
    Ok(())
}

/// "3 rows: USD 12.00, GBP 3.00"
fn of(parts: &[Converted], lines: u64) -> String {
    let sums: Vec<String> = parts.iter().map(|one| format!("{} {}", one.currency, one.tax.to_at_least(2))).collect();
    format!("{}: tax {}", count(usize::try_from(lines).unwrap_or(usize::MAX), "row"), sums.join(", "))
}
