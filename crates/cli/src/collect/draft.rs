//! A return made of what happened.

use super::kept::Kept;
use super::{definitions, known};
use crate::args::DraftArgs;
use crate::errors::{Exit, Failure, did_you_mean};
use crate::input;
use crate::page::{Page, Tone};
use crate::source;
use crate::table::{Align, Table};
use crate::words::{Money, count};
use jiff::Timestamp;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use tidewaiter::record::Confidence;
use tidewaiter::{Decimal, Ratebook};
use tidewaiter_collect::draft::{Collected, Converted, Rates, Return, draft};
use tidewaiter_collect::event::{Event, RateNoted};
use tidewaiter_collect::export::{self, Particulars, Shape};
use tidewaiter_collect::ledger::{Ledger, TaxLine};
use tidewaiter_collect::{Definition, Period};

/// Largest file of particulars.
const MAX_PARTICULARS_BYTES: u64 = 1 << 20;

pub(super) fn run(args: &DraftArgs, page: &mut Page) -> Result<Exit, Failure> {
    let definitions = definitions()?;
    let rules = known(&definitions, &args.scheme)?;
    let ledger = Kept::open(&definitions, &args.kept, args.happened.as_deref())?.ledger;
    let book = source::open(&args.source)?;
    let (made, lines): (Return, Vec<&TaxLine>) = if args.amend {
        (amendment(&ledger, rules, &book, args.period)?, ledger.waiting(&args.scheme, args.period).collect())
    } else {
        let is_own = |line: &&TaxLine| line.scheme == args.scheme && line.declared == Some(args.period);
        (drafted(&ledger, rules, &book, args.period)?, ledger.tax().iter().filter(is_own).collect())
    };
    let exit = if made.owed.is_some() { Exit::Answered } else { Exit::NotAnAmount };
    if let Some(shape) = &args.export {
        return exported(args, shape, rules, &made, &lines, page);
    }
    if args.json {
        let mut document = serde_json::to_value(&made).map_err(|error| Failure::Internal(error.to_string()))?;
        if args.sales {
            document["sales"] = json!(lines);
        }
        page.json(&document)?;
        return Ok(exit);
    }
    let money = Money::of(&book, &made.currency);
    shown(&made, rules, &money, page)?;
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

/// The return of a period as the ledger has it.
pub(super) fn drafted(
    ledger: &Ledger<'_>,
    rules: &Definition,
    book: &Ratebook,
    period: Period,
) -> Result<Return, Failure> {
    ledger.past().has(rules, period).map_err(Failure::usage)?;
    let registration = ledger.past().registration(&rules.scheme.key);
    let collected = Collected::of(rules, registration, ledger.tax(), period).map_err(Failure::usage)?;
    draft(rules, registration, &collected, &Rates::new(book, &noted(ledger)), period).map_err(Failure::usage)
}

/// The amendment of a return that was sent, of what waits for it.
pub(super) fn amendment(
    ledger: &Ledger<'_>,
    rules: &Definition,
    book: &Ratebook,
    period: Period,
) -> Result<Return, Failure> {
    let scheme = &rules.scheme.key;
    let Some(first) = ledger.sent(scheme, period) else {
        return Err(Failure::usage(format!(
            "no return of {scheme} for {} is recorded as sent, so there is none to amend. Leave --amend out to get the return itself",
            period.words()
        )));
    };
    if ledger.waiting(scheme, period).next().is_none() {
        return Err(Failure::usage(format!(
            "nothing of {} waits until its return under {scheme} is amended. What came after it and is in a later return, `tidewaiter collect draft {scheme} PERIOD --sales` shows",
            period.words()
        )));
    }
    let registration = ledger.past().registration(scheme);
    let since = ledger.amended(scheme, period);
    let collected = Collected::amending(rules, registration, ledger.tax(), period, since).map_err(Failure::usage)?;
    let made = draft(rules, registration, &collected, &Rates::new(book, &noted(ledger)), period);
    Ok(made.map_err(Failure::usage)?.amending(rules, &first.document))
}

/// Exchange rates that the seller took down.
fn noted(ledger: &Ledger<'_>) -> Vec<RateNoted> {
    let rate = |event: &Event| if let Event::Rate(rate) = event { Some(rate.clone()) } else { None };
    ledger.entries().iter().filter_map(|entry| rate(&entry.event)).collect()
}

/// What `--export` takes for every scheme, with what it writes.
const ALWAYS: [(&str, &str); 3] =
    [("json", "the return itself"), ("csv", "its figures"), ("sales", "the sales, refunds and corrections behind it")];
/// Published shapes as people type them, with their names in the files of the schemes.
const SHAPES: [(&str, Shape); 4] = [
    ("hmrc-ioss", Shape::HmrcIossJson),
    ("hmrc-oss", Shape::HmrcOssJson),
    ("hmrc-vat", Shape::HmrcVatMtdJson),
    ("ech-0217", Shape::Ech0217),
];

/// What `--export` can write for a scheme.
pub(super) fn exports(rules: &Definition) -> Vec<&'static str> {
    let own = Shape::of(rules).ok();
    let own = SHAPES.iter().filter(|(_, shape)| Some(*shape) == own).map(|(name, _)| *name);
    ALWAYS.iter().map(|(name, _)| *name).chain(own).collect()
}

fn exported(
    args: &DraftArgs,
    shape: &str,
    rules: &Definition,
    made: &Return,
    lines: &[&TaxLine],
    page: &mut Page,
) -> Result<Exit, Failure> {
    let refused = |why: export::Refused| match why {
        export::Refused::Unfit(faults) => {
            let mut all = vec![format!("the return of {} for {} does not fit {shape}:", made.scheme, made.period)];
            all.extend(faults.iter().map(|fault| format!("{}: {}", fault.at, fault.says)));
            if args.particulars.is_none() {
                all.push(
                    "What the shape asks for beside the figures stands in a file that you name with --particulars."
                        .into(),
                );
            }
            Failure::Usage(all)
        }
        other => Failure::usage(other),
    };
    let (bytes, told) = match shape {
        "json" => (export::document(made).map_err(refused)?.into_bytes(), vec![]),
        "csv" => {
            let mut bytes = Vec::new();
            export::figures(made, &mut bytes).map_err(refused)?;
            (bytes, vec![])
        }
        "sales" => {
            let mut bytes = Vec::new();
            export::sales(lines.iter().copied(), &mut bytes).map_err(refused)?;
            (bytes, vec![])
        }
        other => {
            let allowed = exports(rules);
            if !allowed.contains(&other) {
                let known = SHAPES.iter().any(|(name, _)| *name == other);
                let why = if known {
                    format!("\"{other}\" is not the shape of {}", rules.scheme.key)
                } else {
                    let all = ALWAYS.iter().map(|(name, _)| *name).chain(SHAPES.iter().map(|(name, _)| *name));
                    format!("there is no shape \"{other}\"{}", did_you_mean(other, all))
                };
                let none = if allowed.len() == ALWAYS.len() {
                    " Its authority has published none that is written here: type the figures into its portal."
                } else {
                    ""
                };
                return Err(Failure::usage(format!(
                    "{why}. For {} there are: {}.{none}",
                    rules.scheme.key,
                    allowed.join(", ")
                )));
            }
            let mut given = match &args.particulars {
                Some(file) => given_of(&particulars(file)?, made),
                None => Particulars::at(Timestamp::now()),
            };
            given.at = Timestamp::now();
            let file = export::published(rules, made, &given).map_err(refused)?;
            (file.text.into_bytes(), file.told)
        }
    };
    match &args.output {
        Some(file) => {
            crate::sign::write(file, &bytes)?;
            page.paragraph(&format!("Written: {} ({shape}). Nothing was sent.", file.display()), Tone::Plain)?;
            for says in told {
                page.bullet(&says)?;
            }
        }
        None => page.bytes(&bytes)?,
    }
    Ok(if made.owed.is_some() { Exit::Answered } else { Exit::NotAnAmount })
}

/// What the seller says for files in published shapes, by scheme, or by scheme and period.
pub(super) fn particulars(file: &Path) -> Result<BTreeMap<String, Particulars>, Failure> {
    let text = input::text(file, MAX_PARTICULARS_BYTES).map_err(Failure::usage)?;
    toml::from_str(&text)
        .map_err(|error| Failure::usage(format!("{}: {}", file.display(), error.to_string().trim_end())))
}

fn given_of(all: &BTreeMap<String, Particulars>, made: &Return) -> Particulars {
    let found = all.get(&format!("{} {}", made.scheme, made.period)).or_else(|| all.get(&made.scheme));
    found.cloned().unwrap_or_else(|| Particulars::at(Timestamp::UNIX_EPOCH))
}

fn shown(made: &Return, rules: &Definition, money: &Money, page: &mut Page) -> Result<(), Failure> {
    page.paragraph(&format!("{}, {}", made.name, made.period.words()), Tone::Strong)?;
    let number = made.number.as_deref().unwrap_or("no number recorded");
    let says = match &made.amends {
        Some(document) => format!(
            "Draft for {number} that amends the return \"{document}\". All figures are differences in {}: they are added to those that were sent.",
            made.currency
        ),
        None => format!(
            "Draft for {number}. Send by {}, pay by {}. All figures in {}.",
            made.due, made.pay_by, made.currency
        ),
    };
    page.paragraph(&says, Tone::Quiet)?;
    page.gap()?;
    let unknown =
        |amount: Option<Decimal>| amount.map_or_else(|| "not known".to_owned(), |amount| money.number(amount));
    match made.owed {
        None => page.paragraph("What is owed cannot be said yet; the reasons stand below.", Tone::Strong)?,
        Some(owed) => {
            let words = match (made.amends.is_some(), owed.is_negative()) {
                (false, false) => "To pay",
                (false, true) => "To come back",
                (true, false) => "More to pay",
                (true, true) => "Less to pay",
            };
            page.paragraph(
                &format!("{words}: {}", money.text(Decimal::from_units(made.to_pay.unwrap_or(owed).units().abs()))),
                Tone::Strong,
            )?;
        }
    }
    if !made.back.is_zero() {
        page.paragraph(&format!("To come back beside it, not set off: {}", money.text(made.back)), Tone::Strong)?;
    }
    if made.nil {
        page.paragraph("Nothing was sold: a nil return.", Tone::Plain)?;
    }
    if !made.rows.is_empty() {
        page.heading("Rows")?;
        // Where goods came from tells rows apart only where the return asks for it and some row says it.
        let has_from = made.rows.iter().any(|row| row.key.dispatched_from.is_some());
        let columns = [("To", Align::Left), ("From", Align::Left), ("Rate", Align::Right), ("Net", Align::Right)];
        let columns: Vec<(&str, Align)> = columns
            .into_iter()
            .filter(|(name, _)| has_from || *name != "From")
            .chain([("Tax", Align::Right), ("Of", Align::Left)])
            .collect();
        let mut table = Table::new(&columns, columns.len() - 1);
        let is_nothing = |amount: Option<Decimal>| amount.is_some_and(|amount| amount.is_zero());
        for row in made.rows.iter().filter(|row| !is_nothing(row.net) || !is_nothing(row.tax)) {
            let mut cells = vec![row.key.member_state.clone().unwrap_or_default()];
            if has_from {
                cells.push(row.key.dispatched_from.clone().unwrap_or_else(|| "not said".into()));
            }
            let rate = row.key.rate.map(|rate| rate.to_string()).unwrap_or_default();
            cells.extend([rate, unknown(row.net), unknown(row.tax), of(&row.of, row.lines)]);
            table.row(cells);
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
        let says = if none.wanted > source::today() {
            "it is published on that day or after it; wait until then".to_owned()
        } else {
            none.says.clone()
        };
        page.bullet(&format!("No rate of {} for {}: {says}.", none.currency, none.wanted))?;
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
    warned(made, rules, page)?;
    if made.confidence == Confidence::Low {
        page.hanging(
            "! ",
            "Some of the rules are not verified; `tidewaiter collect scheme` tells which.",
            Tone::Caution,
        )?;
    }
    Ok(())
}

/// The warnings of this return alone: what is not known of the rules stands last among them, is the same for every period, and is only counted.
pub(super) fn warned(made: &Return, rules: &Definition, page: &mut Page) -> Result<(), Failure> {
    let own = made.warnings.len().saturating_sub(rules.unknown.len());
    for warning in made.warnings.iter().take(own) {
        page.hanging("! ", warning, Tone::Caution)?;
    }
    if !rules.unknown.is_empty() {
        page.bullet(&format!(
            "{} about the rules no source has settled yet: `tidewaiter collect scheme {}`.",
            count(rules.unknown.len(), "question"),
            rules.scheme.key
        ))?;
    }
    Ok(())
}

/// "3 rows: USD 12.00, GBP 3.00"
fn of(parts: &[Converted], lines: u64) -> String {
    let sums: Vec<String> = parts.iter().map(|one| format!("{} {}", one.currency, one.tax.to_at_least(2))).collect();
    format!("{}: tax {}", count(usize::try_from(lines).unwrap_or(usize::MAX), "row"), sums.join(", "))
}
