//! `tidewaiter diff`: what changed between two editions, or what parcels cost under two ratebooks.

use crate::args::DiffArgs;
use crate::edition::{self, Opened};
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
use tidewaiter::goods::GoodsCode;
use tidewaiter::record::edition::Entry;
use tidewaiter::record::{Measure, Places, Written};
use tidewaiter::{Consignment, Decimal, Outcome, Ratebook};

/// Changes that are printed; `--json` has all.
const SHOWN: usize = 200;

pub(crate) fn run(args: &DiffArgs, page: &mut Page) -> Result<Exit, Failure> {
    let book = |path: &Path| path.extension().is_some_and(|e| e == "twrb");
    match (book(&args.old), book(&args.new)) {
        (true, true) => baskets(args, page),
        (false, false) => editions(args, page),
        _ => Err(Failure::usage("give two editions (.ndjson), or two ratebooks (.twrb)")),
    }
}

/// One difference.
#[derive(Debug, Serialize)]
struct Change {
    /// Goods code.
    code: String,
    /// What it is: a kind of measure, or `line`.
    what: String,
    /// For which origins and claims.
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<String>,
}

type State = BTreeMap<(String, String, String), String>;

/// What an edition says on a day: by code, kind and scope.
fn state(entries: &[Entry], day: Date) -> State {
    let holds = |from: Option<Date>, before: Option<Date>| {
        from.is_none_or(|from| from <= day) && before.is_none_or(|before| day < before)
    };
    let mut out = State::new();
    for entry in entries {
        match entry {
            Entry::Measure(m) if holds(m.from, m.before) => {
                let kind = serde_json::to_value(m.kind).ok().and_then(|v| v.as_str().map(str::to_owned));
                let said = out.entry((points(&m.code), kind.unwrap_or_default(), scope(m))).or_default();
                if !said.is_empty() {
                    said.push_str(", ");
                }
                said.push_str(&amount(m));
            }
            Entry::Line(line) if holds(line.from, line.before) => {
                let says = line.description.get("en").or_else(|| line.description.values().next());
                let suffix = line.suffix.clone().unwrap_or_default();
                out.insert((points(&line.code), "line".into(), suffix), says.cloned().unwrap_or_default());
            }
            _ => {}
        }
    }
    out
}

fn points(code: &str) -> String {
    code.parse::<GoodsCode>().map_or_else(|_| code.to_owned(), |c| c.to_string())
}

fn amount(measure: &Measure) -> String {
    match (&measure.amount, measure.outcome) {
        (Some(Written::Words(words)), _) => words.clone(),
        (Some(Written::Tree(tree)), _) => tree.to_string(),
        (None, Some(_)) => measure.says.clone().unwrap_or_else(|| "no amount".into()),
        (None, None) => measure.official.as_ref().and_then(|o| o.text.clone()).unwrap_or_else(|| "no amount".into()),
    }
}

fn scope(measure: &Measure) -> String {
    let names = |places: &Places| match places {
        Places::One(one) => one.clone(),
        Places::Many(many) => many.join(" "),
    };
    let mut parts = Vec::new();
    parts.extend(measure.origin.as_ref().map(names));
    if !measure.not_origin.is_empty() {
        parts.push(format!("not {}", measure.not_origin.join(" ")));
    }
    parts.extend(measure.program.as_ref().map(|p| format!("claim {}", names(p))));
    parts.extend(measure.additional_code.as_ref().map(|c| format!("additional code {c}")));
    parts.extend(measure.order_number.as_ref().map(|c| format!("quota {c}")));
    parts.join("; ")
}

fn editions(args: &DiffArgs, page: &mut Page) -> Result<Exit, Failure> {
    let (old, new) = (edition::read(&args.old)?, edition::read(&args.new)?);
    let day = |opened: &Opened| args.as_of.unwrap_or(opened.head.known_from);
    let (days, states) = ([day(&old), day(&new)], [state(&old.entries, day(&old)), state(&new.entries, day(&new))]);
    let [before, after] = &states;
    let mut changes = Vec::new();
    for (key, was) in before {
        let is = after.get(key);
        if is != Some(was) {
            changes.push(change(key, Some(was), is));
        }
    }
    changes.extend(
        after.iter().filter(|(key, _)| !before.contains_key(*key)).map(|(key, is)| change(key, None, Some(is))),
    );
    changes.sort_by(|a, b| (&a.code, &a.what, &a.scope).cmp(&(&b.code, &b.what, &b.scope)));
    if args.json {
        page.json(&json!({
            "old": { "authority": old.head.authority, "title": old.head.title, "as_of": days[0].to_string() },
            "new": { "authority": new.head.authority, "title": new.head.title, "as_of": days[1].to_string() },
            "changes": changes,
        }))?;
        return Ok(Exit::Answered);
    }
    page.paragraph(
        &format!("{} on {}, against {} on {}", old.head.title, days[0], new.head.title, days[1]),
        Tone::Strong,
    )?;
    if changes.is_empty() {
        page.paragraph("Nothing differs.", Tone::Plain)?;
        return Ok(Exit::Answered);
    }
    page.paragraph(&count(changes.len(), "difference"), Tone::Plain)?;
    page.gap()?;
    let columns = [
        ("Code", Align::Left),
        ("What", Align::Left),
        ("For", Align::Left),
        ("Old", Align::Left),
        ("New", Align::Left),
    ];
    let mut table = Table::new(&columns, 2);
    for change in changes.iter().take(SHOWN) {
        let cell = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
        table.row(vec![
            change.code.clone(),
            change.what.clone(),
            change.scope.clone(),
            short(cell(&change.old)),
            short(cell(&change.new)),
        ]);
    }
    page.table(&table)?;
    if changes.len() > SHOWN {
        page.paragraph(&format!("and {} more; --json shows all", changes.len() - SHOWN), Tone::Quiet)?;
    }
    Ok(Exit::Answered)
}

/// A cell that fits: long sentences are cut.
fn short(text: String) -> String {
    const LONGEST: usize = 36;
    if text.chars().count() <= LONGEST {
        text
    } else {
        format!("{}…", text.chars().take(LONGEST - 1).collect::<String>())
    }
}

fn change(key: &(String, String, String), old: Option<&String>, new: Option<&String>) -> Change {
    let (code, what, scope) = key.clone();
    Change { code, what, scope, old: old.cloned(), new: new.cloned() }
}

/// What one destination's baskets cost under both ratebooks.
#[derive(Debug, Default, Serialize)]
struct Sums {
    baskets: u64,
    more: u64,
    less: u64,
    /// Answers that became, or are no longer, an amount.
    other: u64,
    /// Largest rise and fall, in the currency of the questions, with the goods.
    #[serde(skip_serializing_if = "Option::is_none")]
    largest_rise: Option<(Decimal, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    largest_fall: Option<(Decimal, String)>,
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
        let total = |book: &Ratebook| {
            let quote = book.quote(question).ok()?;
            (quote.outcome == Outcome::Amount).then_some(quote.total.least_asked)
        };
        sums.baskets += 1;
        let goods = question.items.iter().filter_map(|i| i.code.clone()).collect::<Vec<_>>().join(", ");
        match (total(&old), total(&new)) {
            (Some(was), Some(is)) => {
                let (by, slot, counter) = if is > was {
                    (is.minus(was).unwrap_or_default(), &mut sums.largest_rise, &mut sums.more)
                } else if is < was {
                    (was.minus(is).unwrap_or_default(), &mut sums.largest_fall, &mut sums.less)
                } else {
                    continue;
                };
                *counter += 1;
                if slot.as_ref().is_none_or(|(most, _)| by > *most) {
                    *slot = Some((by, goods));
                }
            }
            (None, None) => {}
            _ => sums.other += 1,
        }
    }
    by_destination.retain(|_, s| s.more + s.less + s.other > 0);
    if args.json {
        page.json(&json!({ "as_of": day.to_string(), "baskets": questions.len(), "destinations": by_destination }))?;
        return Ok(Exit::Answered);
    }
    page.paragraph(
        &format!("{} priced with both ratebooks, law of {day}", count(questions.len(), "basket")),
        Tone::Strong,
    )?;
    if by_destination.is_empty() {
        page.paragraph("No total differs.", Tone::Plain)?;
        return Ok(Exit::Answered);
    }
    page.gap()?;
    let columns = [
        ("To", Align::Left),
        ("Baskets", Align::Right),
        ("Pay more", Align::Right),
        ("Pay less", Align::Right),
        ("Otherwise", Align::Right),
        ("Largest change", Align::Left),
    ];
    let mut table = Table::new(&columns, 5);
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

/// The sample's parcels to each economy.
fn sample(ratebook: &Ratebook, day: Date) -> Vec<Consignment> {
    let parcels: Vec<Consignment> =
        tidewaiter_data::baskets().lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let mut out = Vec::new();
    for economy in ratebook.economies(day) {
        for parcel in parcels.iter().filter(|p| p.from.as_ref() != Some(&economy.code)) {
            out.push(Consignment { to: economy.code.clone(), date: Some(day), ..parcel.clone() });
        }
    }
    out
}
