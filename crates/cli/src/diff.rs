//! `tidewaiter diff`: what changed between two editions, or what parcels cost under two ratebooks.

mod editions;

use crate::args::DiffArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::table::{Align, Table};
use crate::words::count;
use crate::{input, source};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use tidewaiter::quote::document::Quote;
use tidewaiter::record::expression::Channel;
use tidewaiter::{Consignment, Decimal, Outcome, Ratebook};

pub(crate) fn run(args: &DiffArgs, page: &mut Page) -> Result<Exit, Failure> {
    let book = |path: &Path| path.extension().is_some_and(|e| e == "twrb");
    match (book(&args.old), book(&args.new)) {
        (true, true) => baskets(args, page),
        (false, false) => editions::run(args, page),
        _ => Err(Failure::usage("give two editions (.ndjson), or two ratebooks (.twrb)")),
    }
}

/// What one destination's baskets cost under both ratebooks.
#[derive(Debug, Default, Serialize)]
struct Sums {
    baskets: u64,
    more: u64,
    less: u64,
    /// Answers that became an amount or are none any longer, and those that are none and changed.
    other: u64,
    /// Answers in which the sum of this kind changed.
    duties: u64,
    taxes: u64,
    fees: u64,
    /// Largest rise and fall, in the currency of the questions, with the goods.
    #[serde(skip_serializing_if = "Option::is_none")]
    largest_rise: Option<(Decimal, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    largest_fall: Option<(Decimal, String)>,
}

impl Sums {
    fn compare(&mut self, old: Option<&Quote>, new: Option<&Quote>, goods: &str) {
        if let (Some(old), Some(new)) = (old, new) {
            let (was, is) = (&old.by_kind, &new.by_kind);
            self.duties += u64::from(was.duties != is.duties);
            self.taxes += u64::from(was.taxes != is.taxes);
            self.fees += u64::from(was.fees != is.fees);
        }
        let amount =
            |quote: Option<&Quote>| quote.filter(|q| q.outcome == Outcome::Amount).map(|q| q.total.least_asked);
        match (amount(old), amount(new)) {
            (Some(was), Some(is)) if was == is => {}
            (Some(was), Some(is)) => {
                let (by, slot, counter) = if is > was {
                    (is.minus(was).unwrap_or_default(), &mut self.largest_rise, &mut self.more)
                } else {
                    (was.minus(is).unwrap_or_default(), &mut self.largest_fall, &mut self.less)
                };
                *counter += 1;
                if slot.as_ref().is_none_or(|(most, _)| by > *most) {
                    *slot = Some((by, goods.to_owned()));
                }
            }
            (None, None) => {
                let said = |quote: Option<&Quote>| quote.map(|q| (q.outcome, q.total));
                self.other += u64::from(said(old) != said(new));
            }
            _ => self.other += 1,
        }
    }

    /// Whether anything changed, be it only which charge an unchanged total is made of.
    const fn changed(&self) -> bool {
        self.more + self.less + self.other + self.duties + self.taxes + self.fees > 0
    }
}

fn baskets(args: &DiffArgs, page: &mut Page) -> Result<Exit, Failure> {
    let (old, new) = (source::open_file(&args.old)?, source::open_file(&args.new)?);
    let day = args.as_of.unwrap_or_else(source::today);
    let questions = match &args.baskets {
        Some(file) => asked(file)?,
        None => sample(&new, day),
    };
    let mut by_destination: BTreeMap<String, Sums> = BTreeMap::new();
    for question in &questions {
        let sums = by_destination.entry(question.to.clone()).or_default();
        let quote = |book: &Ratebook| book.quote(question).ok();
        sums.baskets += 1;
        let goods = question.items.iter().filter_map(|i| i.code.clone()).collect::<Vec<_>>().join(", ");
        sums.compare(quote(&old).as_ref(), quote(&new).as_ref(), &goods);
    }
    by_destination.retain(|_, s| s.changed());
    if args.json {
        page.json(&json!({ "as_of": day.to_string(), "baskets": questions.len(), "destinations": by_destination }))?;
        return Ok(Exit::Answered);
    }
    page.paragraph(
        &format!("{} priced with both ratebooks, law of {day}", count(questions.len(), "basket")),
        Tone::Strong,
    )?;
    if by_destination.is_empty() {
        page.paragraph("Nothing differs.", Tone::Plain)?;
        return Ok(Exit::Answered);
    }
    page.gap()?;
    let columns = [
        ("To", Align::Left),
        ("Baskets", Align::Right),
        ("Pay more", Align::Right),
        ("Pay less", Align::Right),
        ("Otherwise", Align::Right),
        ("Duties", Align::Right),
        ("Taxes", Align::Right),
        ("Fees", Align::Right),
        ("Largest change", Align::Left),
    ];
    let mut table = Table::new(&columns, 8);
    for (to, sums) in &by_destination {
        let rise = sums.largest_rise.as_ref().map(|(by, goods)| format!("+{by} for {goods}"));
        let fall = sums.largest_fall.as_ref().map(|(by, goods)| format!("-{by} for {goods}"));
        let largest = rise.into_iter().chain(fall).collect::<Vec<_>>().join("; ");
        let number = |n: u64| n.to_string();
        table.row(vec![
            to.clone(),
            number(sums.baskets),
            number(sums.more),
            number(sums.less),
            number(sums.other),
            number(sums.duties),
            number(sums.taxes),
            number(sums.fees),
            largest,
        ]);
    }
    page.table(&table)?;
    Ok(Exit::Answered)
}

/// Questions of a file, one a line.
fn asked(file: &Path) -> Result<Vec<Consignment>, Failure> {
    let text = input::text(file, input::MAX_TABLE_BYTES).map_err(Failure::usage)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            input::question(line)
                .map_err(|e| Failure::usage(format!("{}:{}:{}: {}", file.display(), at + 1, e.column, e.message)))
        })
        .collect()
}

/// The sample's parcels to each economy: as they stand, by post, and four of each, since fees differ by who carries a
/// parcel and begin at values that small parcels do not reach.
fn sample(ratebook: &Ratebook, day: Date) -> Vec<Consignment> {
    let parcels: Vec<Consignment> =
        tidewaiter_data::baskets().lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let mut out = Vec::new();
    for economy in ratebook.economies(day) {
        for parcel in parcels.iter().filter(|p| p.from.as_ref() != Some(&economy.code)) {
            let parcel = Consignment { to: economy.code.clone(), date: Some(day), ..parcel.clone() };
            let by_post = Consignment { channel: Some(Channel::Post), ..parcel.clone() };
            let mut many = parcel.clone();
            for item in &mut many.items {
                item.quantity = Decimal::from_int(4);
            }
            out.extend([parcel, by_post, many]);
        }
    }
    out
}
