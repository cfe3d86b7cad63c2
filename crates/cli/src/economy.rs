//! `tidewaiter economy`: what one economy charges, in words.

use crate::args::EconomyArgs;
use crate::errors::{Exit, Failure, did_you_mean};
use crate::page::{Page, Tone};
use crate::source;
use crate::table::{Align, Table};
use crate::words::{
    collector, confidence, count, day_rule, kind, list, sentence, source as read_at, span, status, verdict,
};
use jiff::civil::Date;
use std::io;
use tidewaiter::Ratebook;
use tidewaiter::ratebook::{ChargeView, EconomyView, FactView, MembershipView, RateView, RungView, SchemeView};
use tidewaiter::record::expression::{Amount, Condition, Per};
use tidewaiter::record::grammar;
use tidewaiter::record::world::TerritoryKind;
use tidewaiter::record::{Confidence, Status};

pub(crate) fn run(args: &EconomyArgs, page: &mut Page) -> Result<Exit, Failure> {
    let ratebook = source::open(&args.source)?;
    let Some(view) = ratebook.economy(&args.code).or_else(|| ratebook.economy(&args.code.to_uppercase())) else {
        return Err(Failure::usage(unknown(&ratebook, &args.code)));
    };
    if args.json {
        page.json(&view)?;
        return Ok(Exit::Answered);
    }
    let day = args.date.unwrap_or_else(source::today);
    Writer { view: &view, day, all: args.all }.write(page)?;
    Ok(Exit::Answered)
}

/// What to say of a code that has no rules here.
fn unknown(ratebook: &Ratebook, code: &str) -> String {
    let all = ratebook.territories();
    let same = |t: &&tidewaiter::ratebook::TerritoryView| {
        t.code.eq_ignore_ascii_case(code) || t.name.eq_ignore_ascii_case(code)
    };
    let list = "`tidewaiter economies` lists those that are known";
    match all.iter().find(same) {
        Some(t) if t.has_rules => format!("\"{code}\" is not a code; did you mean \"{}\"?", t.code),
        Some(t) if t.kind == TerritoryKind::Group => {
            format!("\"{code}\" ({}) is a group of countries and charges nothing itself; {list}", t.name)
        }
        Some(t) => format!("no rules of {} ({}) are loaded; {list}", t.name, t.code),
        None => {
            let near =
                did_you_mean(code, all.iter().filter(|t| t.has_rules).flat_map(|t| [t.code.as_str(), t.name.as_str()]));
            format!("\"{code}\" is not an economy known here{near} ({list})")
        }
    }
}

struct Writer<'a> {
    view: &'a EconomyView,
    day: Date,
    all: bool,
}

impl Writer<'_> {
    fn write(&self, page: &mut Page) -> io::Result<()> {
        self.head(page)?;
        self.rules(page)?;
        self.thresholds(page)?;
        self.rates(page)?;
        self.tariff(page)?;
        self.schemes(page)?;
        self.questions(page)?;
        self.disputes(page)?;
        self.exchange(page)?;
        self.facts(page)
    }

    fn head(&self, page: &mut Page) -> io::Result<()> {
        let view = self.view;
        page.paragraph(&format!("{} ({})", view.name, view.code), Tone::Strong)?;
        if let Some(summary) = &view.summary {
            page.paragraph(summary, Tone::Plain)?;
        }
        if let Some(note) = &view.note {
            page.paragraph(&format!("Take care: {note}"), Tone::Caution)?;
        }
        page.gap()?;
        let tax = view.tax_name.as_ref().map(|t| format!(" Main tax: {t}.")).unwrap_or_default();
        page.paragraph(&format!("Charges are computed in {}.{tax}", view.currency), Tone::Plain)?;
        let now = |m: &&tidewaiter::ratebook::MembershipView| {
            self.all || (m.from.is_none_or(|d| d <= self.day) && m.before.is_none_or(|d| self.day < d))
        };
        let of: Vec<String> = view
            .memberships
            .iter()
            .filter(now)
            .map(|m| {
                let role = if m.role.is_empty() || m.role == "member" || m.role == "party" {
                    String::new()
                } else {
                    format!(" ({})", m.role)
                };
                format!("{}{role} {}", m.code, span(m.from, m.before)).trim_end().to_owned()
            })
            .collect();
        if !of.is_empty() {
            page.paragraph(&format!("Belongs to {}.", list(&of)), Tone::Plain)?;
        }
        // Areas that only follow some of the union's rules are no members.
        let full = |m: &&MembershipView| matches!(m.role.as_str(), "" | "member" | "party");
        let members: Vec<String> = view.members.iter().filter(now).filter(full).map(|m| m.code.clone()).collect();
        if !members.is_empty() {
            page.paragraph(&format!("Members: {}.", list(&members)), Tone::Plain)?;
        }
        let editions: Vec<String> = view
            .editions
            .iter()
            .map(|e| {
                let day = e.known_from.map(|d| format!(" of {d}")).unwrap_or_default();
                let hash = if self.all { format!(" (sha256 {})", e.sha256) } else { String::new() };
                format!("{} {}{day}{hash}", e.authority, e.number)
            })
            .collect();
        page.paragraph(&format!("Editions: {}.", list(&editions)), Tone::Quiet)
    }

    fn rules(&self, page: &mut Page) -> io::Result<()> {
        let shown = |r: &&RungView| self.all || r.in_force(self.day);
        page.heading(&format!("Rules in force on {}", self.day))?;
        if !self.view.charges.iter().any(|c| c.rungs.iter().any(|r| shown(&r))) {
            return page.paragraph("None is recorded for that day.", Tone::Plain);
        }
        for charge in &self.view.charges {
            let rungs: Vec<&RungView> = charge.rungs.iter().filter(shown).collect();
            if rungs.is_empty() {
                continue;
            }
            page.paragraph(&title(charge), Tone::Strong)?;
            page.hanging("  ", &format!("On {}; collected {}.", computed_on(charge), by(charge)), Tone::Quiet)?;
            for (at, rung) in rungs.into_iter().enumerate() {
                let tone = if rung.in_force(self.day) { Tone::Plain } else { Tone::Quiet };
                page.hanging(&format!("  {}. ", at + 1), &self.rung(charge, rung), tone)?;
            }
        }
        page.paragraph("The first rule that fits the goods decides.", Tone::Quiet)
    }

    fn rung(&self, charge: &ChargeView, rung: &RungView) -> String {
        let mut text = format!("{}: ", rung.name);
        match (&rung.amount, rung.outcome) {
            (Some(amount), _) if amount == "relieved" => text.push_str("free"),
            (Some(amount), _) => text.push_str(amount),
            (None, Some(outcome)) => text.push_str(verdict(outcome)),
            (None, None) => {}
        }
        if rung.per != Per::Line && rung.amount.is_some() {
            text.push_str(&format!(", once for each {}", rung.per));
        }
        if let Some(when) = &rung.when {
            text.push_str(&format!(", when {when}"));
        }
        if rung.collect != charge.collect {
            text.push_str(&format!("; collected {}", by_whom(rung.collect)));
        }
        if let Some(scheme) = &rung.scheme {
            text.push_str(&format!(" under {scheme}"));
        }
        let held = self.held(rung.from, rung.before);
        if !held.is_empty() {
            text.push_str(&format!(" ({held})"));
        }
        if rung.status != Status::InForce {
            text.push_str(&format!(" [{}]", status(rung.status)));
        } else if !rung.in_force(self.day) {
            text.push_str(" [not on this day]");
        }
        if rung.confidence == Some(Confidence::Low) {
            text.push_str(" (unverified)");
        }
        if let Some(says) = &rung.says {
            text.push_str(&format!(". {}", sentence(says)));
        }
        if self.all {
            if let Some(note) = &rung.note {
                text.push_str(&format!(" Note: {}", sentence(note)));
            }
            text.push_str(&format!(" [{}]", rung.cites.join(", ")));
        }
        text
    }

    /// When a rule holds, without the day on which its union's law began to apply here at all.
    fn held(&self, from: Option<Date>, before: Option<Date>) -> String {
        let joined = |day: &Date| self.view.memberships.iter().any(|m| m.from == Some(*day));
        let left = |day: &Date| self.view.memberships.iter().any(|m| m.before == Some(*day));
        span(from.filter(|d| !joined(d)), before.filter(|d| !left(d)))
    }

    /// Limits in money that decide which rule is taken, and sums too small to collect.
    fn thresholds(&self, page: &mut Page) -> io::Result<()> {
        let mut limits: Vec<(String, Vec<String>)> = Vec::new();
        for charge in &self.view.charges {
            for rung in charge.rungs.iter().filter(|r| r.in_force(self.day)) {
                let tests = rung
                    .when
                    .as_deref()
                    .and_then(|w| grammar::condition(w).ok())
                    .map(|c| money_tests(&c))
                    .unwrap_or_default();
                for test in tests {
                    let use_of = format!("{}, {}", charge.name, rung.name);
                    match limits.iter_mut().find(|(known, _)| *known == test) {
                        Some((_, uses)) if uses.contains(&use_of) => {}
                        Some((_, uses)) => uses.push(use_of),
                        None => limits.push((test, vec![use_of])),
                    }
                }
            }
        }
        let mut lines: Vec<String> =
            limits.into_iter().map(|(test, uses)| format!("{test}: {}", uses.join("; "))).collect();
        for waiver in &self.view.waivers {
            let now = waiver.from.is_none_or(|d| d <= self.day) && waiver.before.is_none_or(|d| self.day < d);
            if now || self.all {
                lines.push(format!("sum of {} {}: not collected", list(&waiver.charges), waiver.when));
            }
        }
        self.section(page, "Limits", lines)
    }

    fn rates(&self, page: &mut Page) -> io::Result<()> {
        if self.view.rates.is_empty() {
            return Ok(());
        }
        page.heading("Tax rates")?;
        let columns = [
            ("Table", Align::Left),
            ("Class", Align::Left),
            ("Rate", Align::Right),
            ("Goods and history", Align::Left),
        ];
        let mut table = Table::new(&columns, 3);
        for rate in &self.view.rates {
            let now = rate.on(self.day).map(|p| format!("{p} %")).unwrap_or_else(|| "none".into());
            table.row(vec![rate.table.clone(), rate.class.clone(), now, self.goods(rate)]);
        }
        page.table(&table)
    }

    fn goods(&self, rate: &RateView) -> String {
        let mut parts: Vec<String> = Vec::new();
        if !rate.goods.is_empty() {
            parts.push(rate.goods.clone());
        }
        if !rate.codes.is_empty() {
            parts.push(format!("codes {}", rate.codes.join(" ")));
        }
        let history: Vec<String> = rate
            .values
            .iter()
            .rev()
            .filter(|v| v.from.is_some() || v.before.is_some())
            .map(|v| format!("{} % {}", v.percent, span(v.from, v.before)))
            .collect();
        parts.extend(history);
        parts.join("; ")
    }

    fn tariff(&self, page: &mut Page) -> io::Result<()> {
        let mut lines: Vec<String> = self
            .view
            .measures
            .iter()
            .map(|m| {
                let kind =
                    serde_json::to_value(m.kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
                format!("{} of {} ({kind})", count(m.count, "measure"), m.authority)
            })
            .collect();
        if self.view.bounds > 0 {
            lines.push(format!(
                "for {} only the least and the most of the duty is known",
                count(self.view.bounds, "code range")
            ));
        }
        self.section(page, "Tariff loaded", lines)
    }

    fn schemes(&self, page: &mut Page) -> io::Result<()> {
        self.section(page, "Registrations for sellers", self.view.schemes.iter().map(|s| self.scheme(s)).collect())
    }

    fn scheme(&self, s: &SchemeView) -> String {
        let mut text = format!("{}: {}", s.key, s.name);
        for (label, part) in [("register", &s.registration), ("returns", &s.returns), ("due", &s.due)] {
            if !part.is_empty() {
                text.push_str(&format!("; {label}: {part}"));
            }
        }
        if let Some(currency) = &s.currency {
            text.push_str(&format!("; in {currency}"));
        }
        let held = span(s.from, s.before);
        if !held.is_empty() {
            text.push_str(&format!(" ({held})"));
        }
        text
    }

    fn questions(&self, page: &mut Page) -> io::Result<()> {
        let line = |a: &tidewaiter::ratebook::AskView| {
            let assumed = match a.assume {
                Some(true) => " Yes is assumed.",
                Some(false) => " No is assumed.",
                None => "",
            };
            format!("{}: {}{assumed}", a.fact, a.question)
        };
        self.section(page, "Questions a quote may put", self.view.asks.iter().map(line).collect())
    }

    fn disputes(&self, page: &mut Page) -> io::Result<()> {
        for dispute in &self.view.disputes {
            page.heading(&format!("Disputed: {}", dispute.key))?;
            page.paragraph(&dispute.question, Tone::Plain)?;
            for reading in &dispute.readings {
                let used = if reading.name == dispute.default { " (used here)" } else { "" };
                page.bullet(&format!("{}{used}: {}", reading.name, sentence(&reading.says)))?;
            }
        }
        Ok(())
    }

    fn exchange(&self, page: &mut Page) -> io::Result<()> {
        let line = |p: &tidewaiter::ratebook::PolicyView| {
            let fallback = p.fallback.as_ref().map(|f| format!("; {f} where it is not loaded")).unwrap_or_default();
            let loaded = if p.loaded { "" } else { " (not loaded here)" };
            format!("{}: {} rate {}{loaded}{fallback}", p.purpose, p.series, day_rule(p.rule))
        };
        self.section(page, "Exchange rates by law", self.view.exchange.iter().map(line).collect())
    }

    fn facts(&self, page: &mut Page) -> io::Result<()> {
        self.section(page, "Facts and sources", self.view.facts.iter().map(|f| self.fact(f)).collect())
    }

    fn fact(&self, f: &FactView) -> String {
        let whose = if f.territory == self.view.code { String::new() } else { format!("{}, ", f.territory) };
        let held = span(f.from, f.before);
        let held = if held.is_empty() { held } else { format!(" ({held})") };
        let mark = if f.confidence == Confidence::Low { "(unverified) " } else { "" };
        let read = read_at(&f.publisher, f.title.as_deref(), f.date);
        let mut text =
            format!("{mark}{}{held} [{whose}{}; {read}; {}]", sentence(&f.statement), f.key, confidence(f.confidence));
        if self.all {
            for (label, part) in [("Law", &f.law), ("Address", &f.url), ("Note", &f.note)] {
                if let Some(part) = part {
                    text.push_str(&format!(" {label}: {part}"));
                }
            }
        }
        text
    }

    fn section(&self, page: &mut Page, heading: &str, lines: Vec<String>) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        page.heading(heading)?;
        lines.iter().try_for_each(|line| page.bullet(line))
    }
}

fn title(charge: &ChargeView) -> String {
    format!("{} ({}, {})", charge.name, kind(charge.kind), charge.key)
}

fn computed_on(charge: &ChargeView) -> String {
    let mut text = charge.base.clone();
    if let Some(round) = &charge.base_round {
        text.push_str(&format!(", first rounded {round}"));
    }
    if let Some(round) = &charge.round {
        text.push_str(&format!("; the charge is rounded {round}"));
    }
    text
}

fn by(charge: &ChargeView) -> &'static str {
    by_whom(charge.collect)
}

fn by_whom(who: tidewaiter::record::Collector) -> &'static str {
    match collector(who) {
        "the shop" => "by the shop",
        "the carrier" => "by the carrier",
        other => other,
    }
}

/// The tests of a condition that compare money.
fn money_tests(condition: &Condition) -> Vec<String> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(money_tests).collect(),
        Condition::Not(inner) => money_tests(inner).into_iter().map(|t| format!("not {t}")).collect(),
        Condition::Value { left, right, .. } if has_cash(left) || has_cash(right) => vec![condition.to_string()],
        _ => Vec::new(),
    }
}

fn has_cash(amount: &Amount) -> bool {
    match amount {
        Amount::Flat(_) => true,
        Amount::Sum(parts) | Amount::Max(parts) | Amount::Min(parts) => parts.iter().any(has_cash),
        Amount::Less(a, b) => has_cash(a) || has_cash(b),
        Amount::Times(_, inner) => has_cash(inner),
        _ => false,
    }
}
