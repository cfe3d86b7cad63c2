//! Which returns are sent, open or late, and what is owed, paid and left.

use super::draft::drafted;
use super::kept::{Kept, exit};
use super::{definitions, known};
use crate::args::LateArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::source;
use crate::table::{Align, Table};
use crate::words::count;
use serde_json::json;
use tidewaiter::Decimal;
use tidewaiter_collect::deadline::{Deadline, calendar, coming};
use tidewaiter_collect::standing::{Standing, State, registered, standings};

/// How many months a calendar looks ahead.
const MONTHS: u16 = 6;

pub(super) fn run(args: &LateArgs, page: &mut Page) -> Result<Exit, Failure> {
    let definitions = definitions()?;
    for scheme in &args.schemes {
        known(&definitions, scheme)?;
    }
    let ledger = Kept::open(&definitions, &args.kept, None)?.ledger;
    let today = args.on.unwrap_or_else(source::today);
    let mut all = standings(&ledger, today).map_err(Failure::usage)?;
    all.retain(|one| args.schemes.is_empty() || args.schemes.contains(&one.scheme));
    let is_clear = !all.iter().any(|one| one.state == State::Missing || one.overdue);
    if args.ics {
        let mut days: Vec<Deadline> = Vec::new();
        let mut schemes: Vec<&str> = all.iter().map(|one| one.scheme.as_str()).collect();
        schemes.dedup();
        for scheme in schemes {
            let rules = known(&definitions, scheme)?;
            days.extend(tidewaiter_collect::deadline::open(rules, ledger.past(), today));
            let begun = registered(ledger.entries(), scheme).unwrap_or(today);
            let ends = ledger.past().registration(scheme).and_then(|one| one.before);
            days.extend(coming(rules, ledger.past(), today.max(begun), MONTHS).into_iter().filter(|one| {
                ends.is_none_or(|ends| one.period.first() < ends)
                    && ledger.past().closed(scheme).is_none_or(|closed| closed < one.period)
            }));
        }
        days.sort_by(|a, b| (a.due, &a.scheme).cmp(&(b.due, &b.scheme)));
        page.bytes(calendar(&days, jiff::Timestamp::now()).as_bytes())?;
        return Ok(Exit::Answered);
    }
    let book = source::open(&args.source)?;
    let mut drafts = Vec::new();
    for one in all.iter().filter(|one| matches!(one.state, State::Open | State::Missing)) {
        let made = drafted(&ledger, known(&definitions, &one.scheme)?, &book, one.period)?;
        let why_not = made.why_not().into_iter().next();
        drafts.push((one, made.to_pay.or(made.owed), made.nil, why_not));
    }
    if args.json {
        let drafts: Vec<_> = drafts
            .iter()
            .map(|(one, owed, nil, _)| json!({ "scheme": one.scheme, "period": one.period, "currency": one.currency, "owed": owed, "nil": nil }))
            .collect();
        page.json(&json!({ "on": today, "late": !is_clear, "returns": all, "drafts": drafts }))?;
        return Ok(exit(is_clear));
    }
    if all.is_empty() {
        page.paragraph(
            "The ledger has no registration and no tax under a scheme whose returns are known: no return is due from it.",
            Tone::Plain,
        )?;
        return Ok(Exit::Answered);
    }
    let late = all.iter().filter(|one| one.state == State::Missing).count();
    let unpaid = all.iter().filter(|one| one.overdue).count();
    let says = match (late, unpaid) {
        (0, 0) => format!("On {today} nothing is late."),
        (late, 0) => format!("On {today}: {} late.", count(late, "return")),
        (0, unpaid) => format!("On {today}: {} late.", count(unpaid, "payment")),
        (late, unpaid) => format!("On {today}: {} and {} late.", count(late, "return"), count(unpaid, "payment")),
    };
    page.paragraph(&says, if is_clear { Tone::Strong } else { Tone::Caution })?;
    page.gap()?;
    let is_done = |one: &&Standing| one.state.is_sent() && one.left.is_zero() && one.to_amend.is_none();
    let done = all.iter().filter(is_done).count();
    let columns = [
        ("Scheme", Align::Left),
        ("Period", Align::Left),
        ("Return", Align::Left),
        ("Send by", Align::Left),
        ("Owed", Align::Right),
        ("Paid", Align::Right),
        ("Left", Align::Right),
        ("In", Align::Left),
        ("Pay by", Align::Left),
    ];
    let mut table = Table::new(&columns, 1).and(2);
    for one in all.iter().filter(|one| args.all || !is_done(one)) {
        let is_sent = one.state.is_sent();
        let amount = |amount: Decimal| if is_sent { amount.to_at_least(2) } else { String::new() };
        let owed = one.owed.unwrap_or_default().plus(one.claims).map_err(Failure::usage)?;
        let tone = if one.state == State::Missing || one.overdue { Tone::Caution } else { Tone::Plain };
        let state = match one.state {
            State::Missing => format!("LATE, {}", count(days(one.due, today), "day")),
            _ => one.words(),
        };
        let pay = match (one.overdue, is_sent && !one.left.is_zero()) {
            (true, _) => format!("{} LATE", one.pay_by),
            (false, true) => one.pay_by.to_string(),
            (false, false) => String::new(),
        };
        table.toned(
            vec![
                one.scheme.clone(),
                one.period.words(),
                state,
                one.due.to_string(),
                amount(owed),
                amount(one.paid),
                amount(one.left),
                if is_sent { one.currency.clone() } else { String::new() },
                pay,
            ],
            tone,
        );
    }
    page.table(&table)?;
    page.gap()?;
    for (one, owed, nil, why_not) in &drafts {
        let says = match owed {
            _ if *nil => "nothing was sold: a nil return".to_owned(),
            Some(owed) if owed.is_negative() => {
                format!(
                    "its draft says that {} {} comes back",
                    one.currency,
                    Decimal::from_units(-owed.units()).to_at_least(2)
                )
            }
            Some(owed) => format!("its draft says {} {} to pay by {}", one.currency, owed.to_at_least(2), one.pay_by),
            None => format!(
                "its draft does not say what is owed: {}",
                why_not.as_deref().unwrap_or("`tidewaiter collect draft` says why")
            ),
        };
        page.bullet(&format!("{}, {}: {says}.", one.scheme, one.period.words()))?;
    }
    for one in &all {
        let way = one.ordered.minus(one.paid).map_err(Failure::usage)?;
        let of = format!("{}, {}", one.scheme, one.period.words());
        let parts: Vec<String> = one
            .instalments
            .iter()
            .enumerate()
            .map(|(n, day)| format!("{} by {day}{}", n + 1, if *day < today { ", which has passed" } else { "" }))
            .collect();
        if !parts.is_empty() && !one.state.is_sent() {
            page.bullet(&format!("{of}: parts are paid before the return: {}.", parts.join("; ")))?;
        }
        if let Some(waits) = &one.to_amend {
            let tax: Vec<String> =
                waits.tax.iter().map(|(code, tax)| format!("{code} {}", tax.to_at_least(2))).collect();
            let rows = count(usize::try_from(waits.lines).unwrap_or(usize::MAX), "row");
            let says = format!("{rows} with tax of {} may stand in no later return", tax.join(", "));
            let shows = format!("`tidewaiter collect draft {} {} --amend` shows", one.scheme, one.period);
            let says = match &known(&definitions, &one.scheme)?.corrections.after {
                Some(after) => format!("{of}: {says}. {after} {shows} the figures."),
                None => format!("{of}: its return is to be amended. {says}: {shows} what to send."),
            };
            page.bullet(&says)?;
        }
        let late_for = u16::try_from(days(one.pay_by, today)).unwrap_or(u16::MAX);
        if one.overdue
            && let Some(more) =
                known(&definitions, &one.scheme)?.late_tax(one.left, late_for).map_err(Failure::usage)?
        {
            page.bullet(&format!(
                "{of}: {currency} {} is {} late. By the rules {currency} {} is added; it is owed when the authority asks for it.",
                one.left.to_at_least(2),
                count(usize::from(late_for), "day"),
                more.to_at_least(2),
                currency = one.currency,
            ))?;
        }
        if !one.claims.is_zero() {
            page.bullet(&format!(
                "{of}: owed has {} {} of penalties, interest or assessments.",
                one.currency,
                one.claims.to_at_least(2)
            ))?;
        }
        if !way.is_zero() {
            page.bullet(&format!(
                "{of}: {} {} was ordered, and the bank has not confirmed it yet.",
                one.currency,
                way.to_at_least(2)
            ))?;
        }
        if one.left.is_negative() {
            page.bullet(&format!(
                "{of}: {} {} is to come back.",
                one.currency,
                Decimal::from_units(-one.left.units()).to_at_least(2)
            ))?;
        }
    }
    if done > 0 && !args.all {
        page.bullet(&format!("{} sent and settled; --all shows them.", count(done, "more return")))?;
    }
    page.paragraph(
        "Paid is what a statement of the bank confirmed. Public holidays are not known here: where the last day is one, send and pay before it.",
        Tone::Quiet,
    )?;
    Ok(exit(is_clear))
}

fn days(due: jiff::civil::Date, today: jiff::civil::Date) -> usize {
    today.since(due).ok().and_then(|span| usize::try_from(span.get_days()).ok()).unwrap_or(0)
}
