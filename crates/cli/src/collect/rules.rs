//! What the rules of a scheme say: its returns, its days, its number.

use super::{definitions, known};
use crate::args::{DueArgs, NumberArgs, SchemeArgs};
use crate::errors::{Exit, Failure, did_you_mean};
use crate::input;
use crate::page::{Page, Tone};
use crate::source;
use crate::table::{Align, Table};
use crate::words::{self, count};
use std::path::Path;
use tidewaiter::record::Confidence;
use tidewaiter_collect::Definition;
use tidewaiter_collect::deadline::{calendar, deadlines};
use tidewaiter_collect::definition::{Corrections, DayOfMonth, DayOff, DueDay, Length, Refunds};
use tidewaiter_collect::identifier::Verdict;
use tidewaiter_collect::identifier::lei::{self, Judged, Record, Use};

pub(super) fn scheme(args: &SchemeArgs, page: &mut Page) -> Result<Exit, Failure> {
    let definitions = definitions()?;
    match &args.scheme {
        Some(key) => one(known(&definitions, key)?, args.json, page)?,
        None if args.json => page.json(&definitions.values().collect::<Vec<_>>())?,
        None => {
            let columns = [
                ("Scheme", Align::Left),
                ("Name", Align::Left),
                ("Return", Align::Left),
                ("Due", Align::Left),
                ("In", Align::Left),
                ("Unknown", Align::Right),
            ];
            let mut table = Table::new(&columns, 1).and(3);
            for one in definitions.values() {
                let unknown = one.unknown.len().to_string();
                let row = [
                    &one.scheme.key,
                    &one.scheme.name,
                    length(one.period.is),
                    &day(&one.due.by),
                    &one.currency.is,
                    &unknown,
                ];
                table.row(row.map(|cell: &str| cell.to_owned()).to_vec());
            }
            page.table(&table)?;
            page.gap()?;
            let told = "Due: the day after the end of the period. Unknown: questions that no source has settled yet. `tidewaiter collect scheme eu.ioss` shows one.";
            page.paragraph(told, Tone::Quiet)?;
        }
    }
    Ok(Exit::Answered)
}

fn one(rules: &Definition, json: bool, page: &mut Page) -> Result<(), Failure> {
    if json {
        return page.json(rules);
    }
    page.paragraph(&format!("{}: {}", rules.scheme.key, rules.scheme.name), Tone::Strong)?;
    let mut lines: Vec<(&str, String)> = vec![
        ("Who", rules.registration.who.clone()),
        ("Received by", rules.scheme.receives.clone()),
        (
            "Return for",
            format!(
                "{}{}",
                length(rules.period.is),
                if rules.period.begins.is_none() { ", counted from the month of registration" } else { "" }
            ),
        ),
        ("Due", format!("{}{}", day(&rules.due.by), if rules.due.nil { "; also where nothing was sold" } else { "" })),
    ];
    if let Some(by) = &rules.payment.by {
        lines.push(("Pay by", day(by)));
    }
    let rate = &rules.currency.rate;
    let on = serde_json::to_value(rate.on)
        .map_or_else(|_| String::new(), |value| value.as_str().unwrap_or_default().to_owned());
    lines.push(("Currency", format!("{}, at the rate of the {on} ({})", rules.currency.is, rate.published_by)));
    lines.push((
        "Refunds",
        match rules.refunds.are {
            Refunds::Corrections => "change the period of the sale: a correction, where its return was sent".into(),
            Refunds::Deducted => "are taken off in the period in which the money went back".into(),
        },
    ));
    let until = rules.corrections.months.map(|months| format!(", {}", count_months(months))).unwrap_or_default();
    lines.push((
        "Past periods",
        match rules.corrections.go {
            Corrections::Apart => format!("are set right in a later return, in a part of its own{until}"),
            Corrections::Among => format!("are set right among the figures of a later return{until}"),
            Corrections::Amended => format!("are set right in an amended return{until}"),
        },
    ));
    lines.push(("Written as", super::draft::exports(rules).join(", ")));
    if let Some(late) = &rules.due.late {
        lines.push(("Late", late.clone()));
    }
    for (label, says) in lines {
        page.hanging(&format!("{label:<13}"), &says, Tone::Plain)?;
    }
    if !rules.boxes.is_empty() {
        page.heading("Boxes")?;
        let mut table = Table::new(&[("Box", Align::Left), ("Name", Align::Left), ("Holds", Align::Left)], 1);
        for one in &rules.boxes {
            table.row(vec![one.key.clone(), one.name.clone(), one.is.to_string()]);
        }
        page.table(&table)?;
    }
    if !rules.unknown.is_empty() {
        page.heading("Not known yet")?;
        for one in &rules.unknown {
            page.bullet(&format!("{} What would settle it: {}", words::sentence(&one.what), one.settles))?;
        }
    }
    page.heading("Sources")?;
    for fact in &rules.fact {
        let mark = match fact.confidence {
            Confidence::High => "",
            Confidence::Medium => " (medium)",
            Confidence::Low => " (not verified)",
        };
        page.bullet(&format!(
            "{}{mark} {}",
            fact.statement,
            words::source(&fact.source.publisher, fact.source.title.as_deref(), fact.source.date)
        ))?;
    }
    Ok(())
}

fn count_months(months: u16) -> String {
    match months % 12 {
        0 => format!("within {} of its due day", count(usize::from(months / 12), "year")),
        _ => format!("within {} of its due day", count(usize::from(months), "month")),
    }
}

fn length(length: Length) -> &'static str {
    match length {
        Length::Month => "a month",
        Length::TwoMonths => "two months",
        Length::Quarter => "a quarter",
        Length::HalfYear => "half a year",
        Length::Year => "a year",
    }
}

/// "last day of the next month", "28th of the next month", "60 days after the end".
fn day(due: &DueDay) -> String {
    let month = match due.months {
        0 => "the last month".to_owned(),
        1 => "the next month".to_owned(),
        n => format!("the {} month after", ordinal(n)),
    };
    let base = match due.day {
        DayOfMonth::Last if due.months == 0 && due.extra_days > 0 => {
            return format!("{} after the end", count(usize::from(due.extra_days), "day"));
        }
        DayOfMonth::Last => format!("last day of {month}"),
        DayOfMonth::Number(day) => format!("{} of {month}", ordinal(day)),
    };
    let extra =
        if due.extra_days == 0 { String::new() } else { format!(" and {}", count(usize::from(due.extra_days), "day")) };
    let off = match due.if_day_off {
        DayOff::Same => "",
        DayOff::Next => ", or the Monday after a weekend",
        DayOff::Previous => ", or the Friday before a weekend",
    };
    let except = if due.except.is_empty() { "" } else { ", with exceptions" };
    format!("{base}{extra}{off}{except}")
}

fn ordinal(n: u8) -> String {
    let end = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

pub(super) fn number(args: &NumberArgs, page: &mut Page) -> Result<Exit, Failure> {
    let all = super::identifiers()?;
    let (Some(kind), Some(number)) = (&args.kind, &args.number) else {
        if let Some(kind) = &args.kind {
            return Err(Failure::usage(format!("which number? Write: tidewaiter collect number {kind} NUMBER")));
        }
        if args.json {
            page.json(&all.all().collect::<Vec<_>>())?;
            return Ok(Exit::Answered);
        }
        let mut table = Table::new(
            &[("Kind", Align::Left), ("Name", Align::Left), ("Looks like", Align::Left), ("Checked", Align::Left)],
            1,
        );
        for one in all.all() {
            table.row(vec![
                one.key.clone(),
                one.name.clone(),
                if one.shown.is_empty() { "not known".to_owned() } else { one.shown.clone() },
                if one.checked.starts_with("full") { "digits" } else { "shape" }.into(),
            ]);
        }
        page.table(&table)?;
        return Ok(Exit::Answered);
    };
    let Some(verdict) = all.look(kind, number) else {
        // "ioss" for eu.ioss, before what only looks alike.
        let short = kind.to_lowercase();
        let own: Vec<&str> = all
            .all()
            .map(|one| one.key.as_str())
            .filter(|key| key.split('.').any(|part| part.eq_ignore_ascii_case(&short)))
            .take(3)
            .collect();
        let near = if own.is_empty() {
            did_you_mean(kind, all.all().map(|one| one.key.as_str()))
        } else {
            format!("; did you mean {}?", own.iter().map(|key| format!("\"{key}\"")).collect::<Vec<_>>().join(" or "))
        };
        return Err(Failure::usage(format!(
            "there is no kind of number \"{kind}\"{near}. `tidewaiter collect number` lists them"
        )));
    };
    let record = match &args.record {
        Some(file) => Some(lei_record(file, &verdict)?),
        None => None,
    };
    let judged = record.as_ref().map(|one| one.judged(args.on.unwrap_or_else(source::today)));
    if args.json {
        let mut document = serde_json::to_value(&verdict).map_err(|error| Failure::Internal(error.to_string()))?;
        if let (Some(record), Some(judged)) = (&record, &judged) {
            document["record"] = serde_json::json!(record);
            document["judged"] = serde_json::json!(judged);
        }
        page.json(&document)?;
    } else if let (Some(record), Some(judged)) = (&record, &judged) {
        shown(record, judged, page)?;
    } else {
        match &verdict.wrong {
            None => {
                page.paragraph(&format!("{} can be right ({}).", verdict.text, verdict.identifier), Tone::Strong)?;
                let checked = if verdict.checked == "full" {
                    "Shape and check digits fit.".to_owned()
                } else {
                    format!("Checked: {}.", verdict.checked)
                };
                page.paragraph(
                    &format!("{checked} Whether it was issued, and to whom, only its register can say."),
                    Tone::Quiet,
                )?;
            }
            Some(wrong) => {
                page.paragraph(
                    &format!("{} cannot be right ({}): {wrong}.", verdict.text, verdict.identifier),
                    Tone::Strong,
                )?;
                if !verdict.likely.is_empty() {
                    page.paragraph(&format!("Did you mean {}?", verdict.likely.join(", or ")), Tone::Plain)?;
                }
            }
        }
    }
    let is_usable = judged.is_none_or(|judged| judged.is == Use::Usable);
    Ok(if verdict.valid && is_usable { Exit::Answered } else { Exit::NotAnAmount })
}

/// What GLEIF says of an LEI that can be right.
fn lei_record(file: &Path, verdict: &Verdict) -> Result<Record, Failure> {
    if verdict.identifier != "lei" {
        return Err(Failure::usage(format!("--record is for an LEI, not for {}", verdict.identifier)));
    }
    if let Some(wrong) = &verdict.wrong {
        let likely = if verdict.likely.is_empty() {
            String::new()
        } else {
            format!(". Did you mean {}?", verdict.likely.join(", or "))
        };
        return Err(Failure::usage(format!("{} cannot be an LEI: {wrong}{likely}", verdict.text)));
    }
    let text = input::text(file, lei::LARGEST as u64).map_err(Failure::usage)?;
    let all = Record::all(&text).map_err(|says| Failure::usage(format!("{}: {says}", file.display())))?;
    let known: Vec<String> = all.iter().take(5).map(|one| one.lei.clone()).collect();
    all.into_iter().find(|one| one.lei == verdict.text).ok_or_else(|| {
        let holds =
            if known.is_empty() { "it has no record".to_owned() } else { format!("it is about {}", known.join(", ")) };
        Failure::usage(format!(
            "{} has no record of {}: {holds}. Get it from https://api.gleif.org/api/v1/lei-records/{}",
            file.display(),
            verdict.text,
            verdict.text
        ))
    })
}

fn shown(record: &Record, judged: &Judged, page: &mut Page) -> Result<(), Failure> {
    let tone = if judged.is == Use::Usable { Tone::Strong } else { Tone::Caution };
    page.paragraph(&format!("{}: {}", record.lei, judged.is.words()), tone)?;
    let country = record.country.as_deref().map(|country| format!(", {country}")).unwrap_or_default();
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(|| "not told".to_owned(), |day| day.to_string());
    for (label, says) in [
        ("Name", format!("{}{country}", record.name)),
        ("Business", format!("{}: {}", record.entity, judged.entity)),
        ("Registration", format!("{}: {}", record.registration, judged.registration)),
        ("Renew by", day(record.renewal)),
        ("Changed on", day(record.updated)),
    ] {
        page.hanging(&format!("{label:<13}"), &says, Tone::Plain)?;
    }
    for says in &judged.says {
        page.hanging("! ", says, Tone::Caution)?;
    }
    page.paragraph(
        "The file says what GLEIF knew when it was saved. That a business exists does not say that it is the one you deal with: compare name and address.",
        Tone::Quiet,
    )?;
    Ok(())
}

pub(super) fn due(args: &DueArgs, page: &mut Page) -> Result<Exit, Failure> {
    let definitions = definitions()?;
    let registered = args.registered.unwrap_or_else(source::today);
    let from = args.from.unwrap_or(registered);
    let mut all = Vec::new();
    for key in &args.schemes {
        all.extend(deadlines(known(&definitions, key)?, registered, from, args.months).map_err(Failure::usage)?);
    }
    all.sort_by(|a, b| (a.due, &a.scheme).cmp(&(b.due, &b.scheme)));
    if args.json {
        page.json(&all)?;
    } else if args.ics {
        page.bytes(calendar(&all, jiff::Timestamp::now()).as_bytes())?;
    } else {
        let mut table = Table::new(
            &[("Send by", Align::Left), ("Pay by", Align::Left), ("Scheme", Align::Left), ("Period", Align::Left)],
            3,
        );
        for one in &all {
            table.row(vec![one.due.to_string(), one.pay_by.to_string(), one.scheme.clone(), one.period.words()]);
        }
        page.table(&table)?;
        page.gap()?;
        page.paragraph(
            "Public holidays are not known here: where the last day is one, send the return before it.",
            Tone::Quiet,
        )?;
    }
    Ok(Exit::Answered)
}
