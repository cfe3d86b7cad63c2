//! `tidewaiter bulk`: a table of goods priced.

use crate::args::BulkArgs;
use crate::consignment::wrong_destination;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::progress::Bar;
use crate::words::count;
use crate::{item, source};
use std::time::Instant;
use tidewaiter::Consignment;
use tidewaiter::quote::consignment::Seller;
use tidewaiter_bulk::{Defaults, Report, run as price};

/// Warnings that are printed; the file beside the answers has all.
const WARNINGS_SHOWN: usize = 8;

pub(crate) fn run(args: &BulkArgs, page: &mut Page) -> Result<Exit, Failure> {
    if args.input == args.output {
        return Err(Failure::usage("GOODS and ANSWERS are the same file; name another for the answers"));
    }
    let ratebook = source::load(&args.source)?;
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
    let wrong = defaults.destinations.iter().filter_map(|to| wrong_destination(&ratebook, to));
    let wrong: Vec<String> = wrong.map(|problem| format!("--to {problem}")).collect();
    if !wrong.is_empty() {
        return Err(Failure::Usage(wrong));
    }
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
    Ok(if report.rejected > 0 || report.rows == 0 { Exit::NotAnAmount } else { Exit::Answered })
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
    if report.rows == 0 {
        page.hanging(
            "- ",
            &format!("{} has no rows, so there is nothing to price.", args.input.display()),
            Tone::Caution,
        )?;
    }
    let kinds = &report.outcomes;
    let open = (kinds.range + kinds.unknown).saturating_sub(report.missing);
    let refused = kinds.formal_entry + kinds.not_allowed + kinds.prohibited;
    let told = [
        (
            report.missing,
            "without an exact amount, because something about the goods or the parcel is not stated. The column \"missing\" says what to state first.",
        ),
        (
            open,
            "without an exact amount though nothing is left to state: no rule or rate is known for them, or the law is open. Ask for such a row with `tidewaiter quote`, which says why.",
        ),
        (
            refused,
            "without a figure: the goods need a customs entry first, or may not be sent this way, or not at all. The column \"outcome\" says which.",
        ),
    ];
    for (answers, text) in told.into_iter().filter(|(answers, _)| *answers > 0) {
        page.bullet(&format!("{} {text}", count(answers as usize, "answer")))?;
    }
    for warning in report.warnings.iter().take(WARNINGS_SHOWN) {
        page.bullet(&format!("{} on {}: {}", warning.code, count(warning.answers as usize, "answer"), warning.text))?;
    }
    if let Some(file) = report.warnings_file.as_ref().filter(|_| report.warnings.len() > WARNINGS_SHOWN) {
        page.bullet(&format!("and {} more warnings: see {}", report.warnings.len() - WARNINGS_SHOWN, file.display()))?;
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
