//! `tidewaiter bulk`: a table of goods priced.

use crate::args::BulkArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::progress::Bar;
use crate::words::count;
use crate::{item, source};
use std::time::Instant;
use tidewaiter::Consignment;
use tidewaiter::quote::consignment::Seller;
use tidewaiter_bulk::{Defaults, Report, run as price};

pub(crate) fn run(args: &BulkArgs, page: &mut Page) -> Result<Exit, Failure> {
    if args.input == args.output {
        return Err(Failure::usage("GOODS and ANSWERS are the same file; name another for the answers"));
    }
    let ratebook = source::open(&args.source)?;
    let threads = args
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
        .clamp(1, 256);
    let defaults = Defaults {
        question: Consignment {
            from: args.from.as_deref().map(item::capitals),
            date: Some(args.date.unwrap_or_else(source::today)),
            currency: args.currency.as_deref().map(item::capitals).unwrap_or_default(),
            channel: args.channel.map(Into::into),
            sale: args.sale.map(Into::into),
            seller: (!args.registered.is_empty())
                .then(|| Seller { territory: None, registrations: args.registered.clone() }),
            ..Consignment::default()
        },
        destinations: args.to.iter().map(|to| item::capitals(to)).collect(),
    };
    let started = Instant::now();
    let bar = Bar::rows();
    let report = price(&ratebook, &defaults, &args.input, &args.output, threads, &|done, all| bar.at(done, all));
    bar.clear();
    let report = report.map_err(Failure::usage)?;
    if args.json {
        page.json(&report)?;
    } else {
        show(&report, args, started, page)?;
    }
    Ok(if report.rejected > 0 { Exit::NotAnAmount } else { Exit::Answered })
}

fn show(report: &Report, args: &BulkArgs, started: Instant, page: &mut Page) -> Result<(), Failure> {
    let milliseconds = started.elapsed().as_millis().max(1);
    let each_second = u128::from(report.answers) * 1000 / milliseconds;
    let rows = count(report.rows as usize, "row");
    page.paragraph(
        &format!(
            "{}: {} from {rows}, in {}.{} s ({each_second} a second)",
            args.output.display(),
            count(report.answers as usize, "answer"),
            milliseconds / 1000,
            milliseconds % 1000 / 100
        ),
        Tone::Strong,
    )?;
    if report.supposed > 0 {
        let text = format!(
            "{} with something missing: their outcome is a range or unknown, and the column \"missing\" says what to state.",
            count(report.supposed as usize, "answer")
        );
        page.bullet(&text)?;
    }
    if let Some(file) = &report.rejects {
        let text = format!("{} could not be priced: see {}", count(report.rejected as usize, "row"), file.display());
        page.hanging("- ", &text, Tone::Caution)?;
    }
    if !report.unused.is_empty() {
        page.bullet(&format!("Columns that were not used: {}", report.unused.join(", ")))?;
    }
    Ok(())
}
