//! Whether and where to register, from what was sold.

use super::{definitions, kept};
use crate::args::AdviseArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::table::{Align, Table};
use crate::words::{self, Money, count, list};
use crate::{consignment, item, source};
use std::path::Path;
use tidewaiter::{Decimal, Outcome, Ratebook};
use tidewaiter_collect::advice::{
    Advice, Asked, Burden, DestinationAdvice, Level, SchemeAdvice, Sold, Verdict, advise, read,
};
use tidewaiter_collect::ledger::{Definitions, Ledger};

pub(super) fn run(args: &AdviseArgs, page: &mut Page) -> Result<Exit, Failure> {
    let definitions = definitions()?;
    let sold = sold(&definitions, &args.file)?;
    let book = source::open(&args.source)?;
    let (rates, world) = (consignment::rates(&args.rates)?, world(&args.world)?);
    let asked = Asked {
        home: item::capitals(&args.home),
        today: args.today.unwrap_or_else(source::today),
        registered: &args.registered,
        sold: &sold,
        rates: &rates,
        world: &world,
    };
    let advice = advise(&asked, &definitions, &book).map_err(Failure::Usage)?;
    let is_unknown = advice.schemes.iter().any(|one| one.verdict == Verdict::Unknown);
    if args.json {
        page.json(&advice)?;
    } else {
        shown(&advice, &book, args.explain, page)?;
    }
    Ok(if is_unknown { Exit::NotAnAmount } else { Exit::Answered })
}

/// Sales of a table, or of what happened.
fn sold(definitions: &Definitions, file: &Path) -> Result<Vec<Sold>, Failure> {
    let bytes = kept::bytes(file)?;
    if bytes.trim_ascii_start().starts_with(b"{") {
        let mut ledger = Ledger::new(definitions);
        kept::take(&mut ledger, file, &kept::read(file, &bytes)?)?;
        return Ok(Sold::of_events(ledger.entries().iter().map(|entry| &entry.event)));
    }
    let named = |says: Vec<String>| says.into_iter().map(|says| format!("{}: {says}", file.display())).collect();
    read(bytes.as_slice()).map_err(|says| Failure::Usage(named(says)))
}

fn world(texts: &[String]) -> Result<Vec<(String, Decimal)>, Failure> {
    let read = |text: &String| {
        let (code, amount) = text.split_once('=')?;
        Some((item::capitals(code), amount.parse().ok()?))
    };
    let wrong =
        |text: &String| Failure::usage(format!("--world \"{text}\": write CURRENCY=AMOUNT, such as SGD=1200000"));
    texts.iter().map(|text| read(text).ok_or_else(|| wrong(text))).collect()
}

fn shown(advice: &Advice, book: &Ratebook, explain: bool, page: &mut Page) -> Result<(), Failure> {
    let title = format!("Where to register: a seller in {}, on {}.", advice.home, advice.today);
    page.paragraph(&title, Tone::Strong)?;
    page.gap()?;
    let columns = [
        ("To", Align::Left),
        ("Scheme", Align::Left),
        ("Register", Align::Left),
        ("Orders", Align::Right),
        ("Threshold", Align::Right),
        ("Next", Align::Left),
    ];
    let mut table = Table::new(&columns, 5);
    for to in &advice.destinations {
        rows(to, advice, &mut table);
    }
    page.table(&table)?;
    for to in &advice.destinations {
        page.heading(&format!("{} ({})", to.name, to.to))?;
        page.paragraph(&to.path, Tone::Plain)?;
        for here in &to.schemes {
            for says in &here.left_out {
                page.bullet(&format!("{}: {says}.", here.scheme))?;
            }
        }
        for other in &to.others {
            let sources: Vec<String> = other
                .facts
                .iter()
                .map(|fact| words::source(&fact.publisher, fact.title.as_deref(), fact.date))
                .collect();
            page.bullet(&format!(
                "{}: {} Source: {}.",
                other.scheme,
                words::sentence(&other.registration),
                list(&sources)
            ))?;
        }
        if let Some(example) = &to.example {
            let money = Money::of(book, &example.currency);
            let bears = |burden: &Burden| match burden.outcome {
                Outcome::Amount | Outcome::Range => {
                    let door = money.text(burden.at_the_door);
                    let from = if burden.most == Some(burden.least) { "" } else { "at least " };
                    format!("{}, of it {from}{door} at the door", money.range(burden.least, burden.most))
                }
                _ => "no amount".to_owned(),
            };
            let with: Vec<String> = example
                .registered
                .iter()
                .map(|(key, burden)| format!("; registered under {key} {}", bears(burden)))
                .collect();
            page.bullet(&format!(
                "An order such as {} ({} and {} for shipping) by post: tax, duty and fees without a registration {}{}.",
                example.named,
                money.text(example.goods),
                money.text(example.shipping),
                bears(&example.without),
                with.concat()
            ))?;
        }
        if let Some(law) = &to.otherwise {
            page.bullet(&format!("The law there, in short: {law}"))?;
        }
    }
    for one in advice.schemes.iter().filter(|one| one.verdict != Verdict::No || one.is_registered) {
        scheme(one, book, explain, page)?;
    }
    page.heading("Taken for granted")?;
    for says in &advice.assumptions {
        page.bullet(says)?;
    }
    let told = "What a parcel costs the buyer with and without a registration: `tidewaiter quote`, with and without --registered. This is no legal advice: ask the authority before you act on it.";
    page.paragraph(told, Tone::Quiet)?;
    Ok(())
}

fn rows(to: &DestinationAdvice, advice: &Advice, table: &mut Table) {
    let mut name = to.to.clone();
    for here in &to.schemes {
        let Some(one) = advice.schemes.iter().find(|one| one.scheme == here.scheme) else { continue };
        let is_no = here.verdict == Verdict::No;
        let verdict = match (here.verdict, &one.duty, one.is_registered) {
            (_, _, true) => "registered".to_owned(),
            (Verdict::May, Some(_), _) => "may; tax due".to_owned(),
            (verdict, ..) => verdict.word().to_owned(),
        };
        let level = one.threshold.as_ref().and_then(|threshold| threshold.turnover.as_ref()).filter(|_| !is_no);
        let percent = level.map_or_else(String::new, |level| format!("{} %", level.percent));
        let next = if is_no { "Nothing.".to_owned() } else { one.next.clone() };
        table.row(vec![
            std::mem::take(&mut name),
            here.scheme.clone(),
            verdict,
            here.orders.to_string(),
            percent,
            next,
        ]);
    }
    for other in &to.others {
        let next = "Its returns are not described here.".to_owned();
        table.row(vec![
            std::mem::take(&mut name),
            other.scheme.clone(),
            "not known".into(),
            String::new(),
            String::new(),
            next,
        ]);
    }
    if to.schemes.is_empty() && to.others.is_empty() {
        table.row(vec![
            name,
            "none".into(),
            String::new(),
            String::new(),
            String::new(),
            "No scheme of it is known here.".into(),
        ]);
    }
}

fn scheme(one: &SchemeAdvice, book: &Ratebook, explain: bool, page: &mut Page) -> Result<(), Failure> {
    page.heading(&format!("{}: {}", one.scheme, one.name))?;
    let mut columns = Table::new(&[("", Align::Left), ("", Align::Left)], 1);
    let mut line = |name: &str, text: String| columns.row(vec![name.to_owned(), text]);
    line("Register", one.verdict.word().to_owned());
    line("Why", one.why.join(" "));
    if let Some(duty) = &one.duty {
        line("Due", duty.clone());
    }
    if let Some(limit) = &one.limit {
        let without = one.without.as_ref().map_or_else(String::new, |without| format!("; not for {without}"));
        line("Goods", format!("{limit}{without}"));
    }
    if let Some(threshold) = &one.threshold {
        let over = match (&threshold.over, &threshold.currency) {
            (Some(over), Some(currency)) => {
                format!("{} {currency} {over}, ", if threshold.or_equal { "from" } else { "above" })
            }
            _ => String::new(),
        };
        line("Threshold", format!("{over}{}: {}", threshold.window, threshold.of));
        let money = threshold.currency.as_deref().map(|code| Money::of(book, code));
        if let (Some(level), Some(money)) = (&threshold.turnover, &money) {
            line("Turnover", turnover(level, money));
        }
        if let (Some(level), Some(money)) = (&threshold.at_most, &money) {
            line("At most", turnover(level, money));
        }
    }
    line("Next", one.next.clone());
    line("Where", one.takes.place.clone().unwrap_or_else(|| "not known".into()));
    if let Some(url) = &one.takes.url {
        line("Page", url.clone());
    }
    line("Time and cost", one.takes.time.clone().unwrap_or_else(|| "not known".into()));
    line("Number", one.takes.number.clone());
    if let Some(need) = &one.takes.intermediary {
        line("You need", need.clone());
    }
    let every = match one.takes.period_months {
        1 => "month".to_owned(),
        many => count(usize::from(many), "month"),
    };
    let first = one.takes.first_return.map_or_else(String::new, |day| {
        let pay = one.takes.first_payment.filter(|pay| *pay != day);
        let pay = pay.map_or_else(String::new, |pay| format!(", paid by {pay}"));
        format!("; registered today the first is due by {day}{pay}")
    });
    line("Return", format!("every {every}{first}"));
    if !one.rates.is_empty() {
        line("Rates", one.rates.join("; "));
    }
    if let Some(sure) = one.confidence {
        line("Sources", words::confidence(sure).to_owned());
    }
    page.table(&columns)?;
    for question in &one.questions {
        page.hanging("? ", &words::sentence(question), Tone::Caution)?;
    }
    if explain {
        if let Some(ends) = &one.takes.ends {
            page.bullet(&format!("How it ends: {ends}"))?;
        }
        for field in &one.takes.fields {
            let must = if field.required { "" } else { " (if you have it)" };
            page.bullet(&format!("The application asks: {}{must}.", field.label))?;
        }
        for fact in &one.facts {
            let source = words::source(&fact.source.publisher, fact.source.title.as_deref(), fact.source.date);
            let url = fact.source.url.as_deref().map_or_else(String::new, |url| format!(" {url}"));
            page.bullet(&format!(
                "{}: {} {source}{url} ({})",
                fact.key,
                fact.statement,
                words::confidence(fact.confidence)
            ))?;
        }
    } else {
        page.paragraph("--explain shows what the application asks, how it ends, and every source.", Tone::Quiet)?;
    }
    for unknown in &one.unknown {
        page.hanging("! ", &format!("Not known: {}", unknown.what), Tone::Quiet)?;
    }
    Ok(())
}

fn turnover(level: &Level, money: &Money) -> String {
    let mut text = format!("{} since {} ({} %)", money.text(level.amount), level.from, level.percent);
    if let Some(before) = level.year_before.filter(|before| !before.is_zero()) {
        text.push_str(&format!("; the year before {}", money.text(before)));
    }
    if let Some(day) = level.reached {
        text.push_str(&format!("; reached on {day}"));
    }
    if let Some(day) = level.about {
        text.push_str(&format!("; at this pace about {day}"));
    }
    text
}
