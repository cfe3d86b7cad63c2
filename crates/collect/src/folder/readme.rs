//! What each file of the folder is, for who opens it.

use super::{LEDGER, Later, Part, REQUEST, Request, SUMS};
use crate::standing::Standing;
use std::fmt::Write as _;
use tidewaiter::Decimal;

const WIDTH: usize = 100;

/// Lines of a text that begin alike; nothing of it is longer than a line, but for words that are.
struct Text(String);

impl Text {
    fn gap(&mut self) {
        self.0.push('\n');
    }

    fn heading(&mut self, text: &str) {
        let _ = writeln!(self.0, "\n{text}\n{}", "-".repeat(text.chars().count()));
    }

    fn says(&mut self, mark: &str, text: &str) {
        let indent = mark.chars().count();
        let (mut used, mut line) = (indent, mark.to_owned());
        for word in text.split_whitespace() {
            let length = word.chars().count();
            if used > indent && used + 1 + length > WIDTH {
                let _ = writeln!(self.0, "{line}");
                (used, line) = (indent, " ".repeat(indent));
            }
            if used > indent {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += length;
        }
        let _ = writeln!(self.0, "{line}");
    }

    fn file(&mut self, name: &str, says: &str) {
        self.says(&format!("  {name:<16} "), says);
    }
}

pub(super) fn text(request: &Request, parts: &[Part<'_>], standing: &[&Standing]) -> String {
    let mut out = Text(String::new());
    out.says("", &format!("Returns of {}, with everything behind them", request.period.words()));
    out.gap();
    out.says(
        "",
        &format!(
            "Made by {} from a ledger of {} whose newest is of {}. Nothing here was sent to an authority by the program, and no money was moved by it: \"sent\" and \"paid\" are what the seller recorded.",
            request.program,
            count(request.entries, "entry", "entries"),
            request.day
        ),
    );
    out.heading("How it stands");
    for one in standing {
        let mut says = format!("{}, {}: {}", one.name, one.period.words(), one.state.words());
        if let Some(sent) = one.sent {
            let _ = write!(says, " on {sent}");
        }
        if let Some(newest) = one.amendments.last() {
            let _ = write!(says, ", amended on {}", newest.sent);
        }
        let _ = write!(says, ", due {}", one.due);
        if let Some(owed) = one.owed {
            let _ = write!(says, ". {}", money(owed, &one.currency));
            if !one.back.is_zero() {
                let _ = write!(says, ", {} {} comes back beside it", one.currency, one.back.to_at_least(2));
            }
            if !one.claims.is_zero() {
                let _ =
                    write!(says, ", {} {} penalties, interest or assessments", one.currency, one.claims.to_at_least(2));
            }
            let _ =
                write!(says, ", ordered {}, paid by the bank {}", one.ordered.to_at_least(2), one.paid.to_at_least(2));
            let _ = write!(says, ", left {}", one.left.to_at_least(2));
            if one.overdue {
                let _ = write!(says, ", OVERDUE since {}", one.pay_by);
            }
        }
        if let Some(waits) = &one.to_amend {
            let rows = count(waits.lines, "row waits", "rows wait");
            let _ = write!(says, ". {rows} until its return is amended: no later return may have that tax");
        }
        out.says("- ", &says);
    }
    out.heading("Files");
    out.file("README.txt", "this text");
    out.file(LEDGER, &format!("everything that was recorded, one JSON document a line, in order, of all schemes and periods. Each entry has the hash of the one before; the newest is {}", request.head));
    out.file("payments.csv", "returns sent, claims of authorities, payments ordered, and what the bank did with them");
    out.file("rates.csv", "exchange rates that the returns took: an amount is multiplied by \"times\" and divided by \"over\"; who published them, and for which day");
    out.file(REQUEST, "what the folder was made of");
    out.file(SUMS, "a hash of each file; `sha256sum -c SHA256SUMS` tells whether one was changed");
    for part in parts {
        returned(&mut out, part, standing);
    }
    out.heading("How to check it");
    out.says(
        "",
        "`tidewaiter collect folder --check THIS-FOLDER` makes everything again from ledger.ndjson alone and compares every byte. Figures do not have to be believed.",
    );
    out.0
}

fn returned(out: &mut Text, part: &Part<'_>, standing: &[&Standing]) {
    let made = &part.made;
    out.heading(&format!("{}/: {}, {}", part.path, made.name, made.period.words()));
    let number = made.number.as_deref().unwrap_or("no number recorded");
    let owed = made.owed.map_or_else(|| "what is owed is not known".to_owned(), |owed| money(owed, &made.currency));
    out.says("", &format!("Number {number}. {owed}. Received by: {}.", part.definition.scheme.receives));
    let sent = standing.iter().find(|one| one.scheme == made.scheme && one.period == made.period);
    if let Some(sha256) = sent.and_then(|one| one.sha256.as_deref()) {
        if sha256 == part.sha256 {
            out.says("", "It is the return as it was sent: the hash recorded then is that of return.json.");
        } else {
            out.says("! ", &format!("The hash that was recorded when it was sent, {}, is not that of return.json. The figures or the words of the return have changed since: compare it with what was sent.", if sha256.is_empty() { "none" } else { sha256 }));
        }
    }
    out.file("return.json", "the return with every figure, its warnings and sources");
    if part.has_figures {
        out.file("figures.csv", "its figures, one a row");
    } else {
        out.says(
            "! ",
            "There is no figures.csv: what is owed is not known; rates.csv and the warnings of return.json say why.",
        );
    }
    let [sales, refunds, corrections] = part.rows;
    out.file(
        "sales.csv",
        &format!("{} of sales behind it, in the currency of each sale", count(sales as u64, "row", "rows")),
    );
    if refunds > 0 {
        out.file("refunds.csv", &format!("{} of refunds, with a minus", count(refunds as u64, "row", "rows")));
    }
    if corrections > 0 {
        out.file("corrections.csv", &format!("{} of corrections", count(corrections as u64, "row", "rows")));
    }
    for one in &part.later {
        amended(out, one);
    }
    match &part.published {
        Ok((name, told)) => {
            out.file(name, "the return in the published shape; its time is the day of the ledger");
            told.iter().for_each(|says| out.says("  - ", says));
        }
        Err(why) => out.says("- ", &format!("There is no file in a published shape: {why}.")),
    }
    // What is not known of the rules stands last among the warnings, and is the same for every period.
    let unknown = part.definition.unknown.len();
    for warning in made.warnings.iter().take(made.warnings.len().saturating_sub(unknown)) {
        out.says("! ", warning);
    }
    if unknown > 0 {
        let says = count(unknown as u64, "question about the rules is", "questions about the rules are");
        out.says("- ", &format!("{says} not settled by any source yet; return.json names each under \"warnings\"."));
    }
}

fn amended(out: &mut Text, one: &Later) {
    let owed =
        one.made.owed.map_or_else(|| "what is owed is not known".to_owned(), |owed| money(owed, &one.made.currency));
    let rows = count(one.rows as u64, "row", "rows");
    let says = match &one.sent {
        Some((day, sha256)) if *sha256 == one.sha256 => {
            format!(
                "what was sent on {day} to amend the return, as it was sent. Its figures are differences: {owed}; {rows} behind them"
            )
        }
        Some((day, sha256)) => format!(
            "what was sent on {day} to amend the return; its hash then, {sha256}, is NOT that of this file: compare it with what was sent. Its figures are differences: {owed}; {rows} behind them"
        ),
        None => format!(
            "what waits until the return is amended, NOT sent. Its figures are differences: {owed}; {rows} behind them"
        ),
    };
    out.file(&format!("{}.json", one.name), &says);
    out.file(&format!("{}.csv", one.name), "its figures, where all are known");
    out.file(&format!("{}-behind.csv", one.name), "the sales, refunds and corrections behind them");
}

fn money(owed: Decimal, currency: &str) -> String {
    if owed.is_negative() {
        format!("{currency} {} comes back", Decimal::from_units(-owed.units()).to_at_least(2))
    } else {
        format!("{currency} {} owed", owed.to_at_least(2))
    }
}

fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
