//! What goods bear when they are sold inside a country, and when they are sent there.

use crate::args::EqualArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::table::{Align, Table};
use crate::words::{self, Money, list};
use crate::{consignment, source};
use tidewaiter::Decimal;
use tidewaiter_collect::equal::{Direction, Equal, compare};

pub(super) fn run(args: &EqualArgs, page: &mut Page) -> Result<Exit, Failure> {
    let asked = consignment::from_flags(&args.question)?;
    if asked.from.is_none() {
        return Err(Failure::usage("say where the goods are sent from: --from CN"));
    }
    let book = source::open(&args.source)?;
    let made = compare(&book, &super::definitions()?, &asked).map_err(Failure::Usage)?;
    let is_known = made.ways.iter().all(|way| way.direction != Direction::Unknown);
    if args.json {
        page.json(&made)?;
    } else {
        shown(&made, &Money::of(&book, &made.currency), page)?;
    }
    Ok(if is_known { Exit::Answered } else { Exit::NotAnAmount })
}

fn shown(made: &Equal, money: &Money, page: &mut Page) -> Result<(), Failure> {
    let title = format!(
        "Goods for {} and shipping for {}: sold inside {}, and sent there from {}. Amounts in {}.",
        money.text(made.goods),
        money.text(made.shipping),
        made.to_name,
        made.from,
        made.currency
    );
    page.paragraph(&title, Tone::Strong)?;
    page.gap()?;
    let columns = [
        ("Seller", Align::Left),
        ("Bears", Align::Right),
        ("More", Align::Right),
        ("Of price", Align::Right),
        ("From abroad", Align::Left),
    ];
    let mut table = Table::new(&columns, 0);
    match &made.domestic {
        Some(inside) => {
            let rates: std::collections::BTreeSet<String> =
                inside.rates.iter().map(|rate| format!("{rate} %")).collect();
            let rates = rates.into_iter().collect::<Vec<_>>().join(" and ");
            let name = format!("inside: {} {rates}", inside.tax_name);
            table.row(vec![name, money.number(inside.tax), String::new(), String::new(), String::new()]);
        }
        None => table.row(vec!["inside".into(), "not known".into(), String::new(), String::new(), String::new()]),
    }
    for way in &made.ways {
        let percent = way.percent.map_or_else(String::new, |percent| format!("{percent} %"));
        let by = way.by.map_or_else(String::new, |by| signed(by, money));
        let words = way.direction.words().to_owned();
        table.row(vec![format!("abroad, {}", way.name), money.numbers(way.least, way.most), by, percent, words]);
    }
    page.table(&table)?;
    if let Some(why) = &made.not_known {
        page.hanging("! ", &format!("What a shop inside charges is not known: {why}."), Tone::Caution)?;
    }
    for way in made.ways.iter().filter(|way| !way.differences.is_empty() || !way.missing.is_empty()) {
        page.heading(&format!("Abroad, {}", way.name))?;
        for one in &way.differences {
            let amount = if one.is_exact {
                signed(one.amount, money)
            } else {
                let most = one.most.map_or_else(|| "any".to_owned(), |most| signed(most, money));
                format!("{} to {most}", signed(one.amount, money))
            };
            page.bullet(&format!("{amount}: {} ({}, {}).", one.cause.words(), one.charge, one.rule))?;
            let sources: Vec<String> = one
                .sources
                .iter()
                .map(|source| {
                    let name = words::source(&source.publisher, source.title.as_deref(), source.date);
                    format!("{} ({name}, {})", source.key, words::confidence(source.confidence))
                })
                .collect();
            if !sources.is_empty() {
                page.paragraph(&format!("  Rests on {}.", list(&sources)), Tone::Quiet)?;
            }
        }
        for question in &way.missing {
            page.hanging("? ", question, Tone::Caution)?;
        }
    }
    page.heading("Taken for granted")?;
    for says in &made.assumptions {
        page.bullet(says)?;
    }
    Ok(())
}

fn signed(amount: Decimal, money: &Money) -> String {
    let plus = if amount.is_negative() || amount.is_zero() { "" } else { "+" };
    format!("{plus}{}", money.number(amount))
}
