//! A quote in plain words: the answer in a sentence, then the figures, then what is behind them.

mod behind;

pub(crate) use behind::show_origin;

use crate::args::Terms;
use crate::page::{Page, Tone};
use crate::quote::Wanted;
use crate::table::{Align, Table};
use crate::words::{Money, collector, confidence, list, sentence, source, status};
use jiff::civil::Date;
use std::io;
use tidewaiter::quote::document::{ChargeAnswer, Missing, RateUsed, SourceAnswer, Sum, Upcoming};
use tidewaiter::record::{Collector, Confidence, Kind, Status};
use tidewaiter::{Decimal, Outcome, Quote, Ratebook, RoundingMode};

/// Sources and changes shown without `--explain`.
const SHORT_LIST: usize = 4;

pub(crate) fn show(quote: &Quote, ratebook: &Ratebook, wanted: Wanted, page: &mut Page) -> io::Result<()> {
    let writer = Writer {
        quote,
        asked: Money::of(ratebook, &quote.asked_currency),
        local: Money::of(ratebook, &quote.currency),
        two: quote.currency != quote.asked_currency,
        from: quote.from.as_ref().map(|code| place(ratebook, code)),
        wanted,
    };
    writer.write(page)
}

struct Writer<'a> {
    quote: &'a Quote,
    /// Currency of the question.
    asked: Money,
    /// Currency of the economy.
    local: Money,
    /// Whether they differ.
    two: bool,
    /// Where it is sent from.
    from: Option<String>,
    wanted: Wanted,
}

impl Writer<'_> {
    fn write(&self, page: &mut Page) -> io::Result<()> {
        page.paragraph(&self.headline(), Tone::Strong)?;
        if self.quote.outcome != Outcome::Amount {
            self.what_to_do(page)?;
        }
        page.paragraph(&self.route(), Tone::Quiet)?;
        if self.has_figures() {
            self.charges(page)?;
            self.bill(page)?;
            self.terms(page)?;
        }
        self.questions(page)?;
        let messages: Vec<&String> = self.quote.messages.iter().filter(|m| self.is_of_treatment(m)).collect();
        section(page, "Good to know", &messages, |m| sentence(m))?;
        section(page, "Take care", &self.quote.warnings, |m| sentence(m))?;
        section(page, "Assumed", &self.quote.assumptions, |m| sentence(m))?;
        self.disputes(page)?;
        self.savings(page)?;
        self.origins(page)?;
        self.upcoming(page)?;
        section(page, "Exchange rates", &self.quote.rates, |r| self.rate(r))?;
        if self.wanted.explain {
            section(page, "How each figure came about", &self.quote.steps, |s| match &s.charge {
                Some(charge) => format!("{charge}: {}", s.text),
                None => s.text.clone(),
            })?;
        }
        self.sources(page)?;
        self.editions(page)
    }

    /// Whether the answer has amounts at all.
    fn has_figures(&self) -> bool {
        matches!(self.quote.outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown)
            && !self.quote.charges.is_empty()
    }

    /// Goods and shipping.
    fn before(&self) -> Decimal {
        self.quote.goods.plus(self.quote.shipping).unwrap_or(self.quote.goods)
    }

    /// The answer in a sentence or two.
    fn headline(&self) -> String {
        let quote = self.quote;
        let total = self.asked.asked(&quote.total);
        let before = self.asked.text(self.before());
        let landed = self.asked.range(quote.landed.least, quote.landed.most);
        let place = &quote.to_name;
        match quote.outcome {
            Outcome::Amount if quote.total.least_asked.is_zero() => {
                format!("Nothing is due on top of {before}.")
            }
            Outcome::Amount => format!("The buyer pays {total} on top of {before}: {landed} landed. {}", self.who()),
            Outcome::Range => format!("The buyer pays {total} on top of {before}: {landed} landed."),
            Outcome::Unknown if quote.total.least_asked.is_zero() => {
                format!("It is not known what the buyer pays on top of {before}.")
            }
            Outcome::Unknown => format!("The buyer pays {total} on top of {before}; how much more is not known."),
            Outcome::NotAllowed => format!("These goods cannot be sent to {place} in this way."),
            Outcome::FormalEntry => {
                format!("{place} asks for a full customs entry for this parcel, so there is no simple figure.")
            }
            Outcome::Prohibited => format!("These goods may not be brought into {place}."),
        }
    }

    /// Who collects, in a sentence.
    fn who(&self) -> String {
        let terms = &self.quote.terms;
        let (shop, delivery) = (terms.checkout_dap, terms.on_delivery_dap);
        match (shop.is_nothing(), delivery.is_nothing()) {
            (false, true) => "The shop charges it at checkout; nothing more is due on delivery.".into(),
            (false, false) => format!(
                "The shop charges {} at checkout; {} is due on delivery.",
                self.asked.asked(&shop),
                self.asked.asked(&delivery)
            ),
            _ => "It is due on delivery, unless the shop pays it for the buyer.".into(),
        }
    }

    /// What to do where there is no exact amount.
    fn what_to_do(&self, page: &mut Page) -> io::Result<()> {
        let quote = self.quote;
        // What the rule behind an "unknown" or a refusal says comes first: it tells whom to ask.
        let mut verdicts: Vec<String> = Vec::new();
        for message in quote.messages.iter().filter(|m| !self.is_of_treatment(m)).map(|m| sentence(m)) {
            if !verdicts.contains(&message) {
                verdicts.push(message);
            }
        }
        let text = match quote.outcome {
            Outcome::Range if quote.missing.first().is_some_and(is_worth_most(&quote.missing)) => {
                "answer the first question below; it narrows the range most.".into()
            }
            Outcome::Range => "answer the first question below; what the others are worth depends on it.".into(),
            _ if !verdicts.is_empty() => verdicts.join(" "),
            _ if !quote.missing.is_empty() => "answer the questions below.".into(),
            _ => "ask customs of the destination, or a customs broker.".into(),
        };
        page.paragraph(&format!("What to do: {text}"), Tone::Plain)
    }

    /// Whether a message comes with a charge that is computed.
    fn is_of_treatment(&self, message: &str) -> bool {
        self.quote
            .charges
            .iter()
            .flat_map(|c| &c.treatments)
            .any(|t| t.rule.is_some() && t.says.as_deref() == Some(message))
    }

    fn route(&self) -> String {
        let quote = self.quote;
        let from = self.from.as_ref().map(|f| format!("From {f} to")).unwrap_or_else(|| "To".into());
        let known = quote.known_at.map(|d| format!(", as published by {d}")).unwrap_or_default();
        format!("{from} {} ({}), law of {}{known}.", quote.to_name, quote.to, quote.date)
    }

    fn charges(&self, page: &mut Page) -> io::Result<()> {
        let (local, asked) = (&self.local.code, &self.asked.code);
        let (on, due, due_asked) = (format!("On {local}"), format!("Due {local}"), format!("Due {asked}"));
        let mut columns = vec![
            ("Charge", Align::Left),
            ("Rule", Align::Left),
            (on.as_str(), Align::Right),
            (due.as_str(), Align::Right),
        ];
        if self.two {
            columns.push((due_asked.as_str(), Align::Right));
        }
        columns.push(("Collected", Align::Left));
        let mut table = Table::new(&columns, 1);
        for charge in &self.quote.charges {
            self.charge(charge, &mut table);
        }
        page.gap()?;
        page.table(&table)
    }

    fn charge(&self, charge: &ChargeAnswer, table: &mut Table) {
        let numbers = self.local.numbers(charge.sum.least, charge.sum.most);
        let asked = self.asked.numbers(charge.sum.least_asked, charge.sum.most_asked);
        let waived = if charge.waived { "; too small, so not collected" } else { "" };
        let mut who: Vec<String> = Vec::new();
        for treatment in &charge.treatments {
            let word = collector(treatment.collect).to_owned();
            if !who.contains(&word) {
                who.push(word);
            }
        }
        let mut row = |name: &str, rule: String, on: String, due: String, asked: String, who: String| {
            let mut cells = vec![name.to_owned(), rule, on, due];
            if self.two {
                cells.push(asked);
            }
            cells.push(who);
            table.row(cells);
        };
        match charge.treatments.as_slice() {
            [one] => {
                // A rule without an amount has no base worth showing.
                let base = one.base.filter(|_| one.rule.is_some()).map(|b| self.local.number(b)).unwrap_or_default();
                // One rule and a range from nothing up: there is a case without it.
                let some = charge.sum.exact().is_none() && charge.sum.least.is_zero() && !one.amount.is_zero();
                let some = if some { "in some cases, " } else { "" };
                row(&charge.name, format!("{some}{}{waived}", one.in_words()), base, numbers, asked, list(&who));
            }
            many => {
                let several = if many.is_empty() {
                    "not applicable in every case".into()
                } else {
                    format!("{} rules{waived}", many.len())
                };
                row(&charge.name, several, String::new(), numbers, asked, list(&who));
                for one in many {
                    let on = one.base.map(|b| format!(" on {}", self.local.number(b))).unwrap_or_default();
                    let part = format!("- {}: {}{on}", one.in_words(), self.local.number(one.amount));
                    row("", part, String::new(), String::new(), String::new(), String::new());
                }
            }
        }
    }

    fn bill(&self, page: &mut Page) -> io::Result<()> {
        let quote = self.quote;
        let mut columns = vec![("", Align::Left), (self.asked.code.as_str(), Align::Right)];
        if self.two {
            columns.push((self.local.code.as_str(), Align::Right));
        }
        let mut table = Table::new(&columns, 0);
        let mut row = |name: &str, asked: String, local: String, tone| {
            let mut cells = vec![name.to_owned(), asked];
            if self.two {
                cells.push(local);
            }
            table.toned(cells, tone);
        };
        row("Goods", self.asked.number(quote.goods), String::new(), Tone::Plain);
        if !quote.shipping.is_zero() {
            row("Shipping", self.asked.number(quote.shipping), String::new(), Tone::Plain);
        }
        type Of = fn(Kind) -> bool;
        let kinds: [(&str, &Sum, Of); 3] = [
            ("Duties", &quote.by_kind.duties, Kind::is_duty),
            ("Taxes", &quote.by_kind.taxes, |k| !k.is_duty() && !k.is_fee()),
            ("Fees", &quote.by_kind.fees, Kind::is_fee),
        ];
        for (name, sum, is_one) in kinds {
            if quote.charges.iter().any(|c| is_one(c.kind)) {
                row(
                    name,
                    self.asked.numbers(sum.least_asked, sum.most_asked),
                    self.local.numbers(sum.least, sum.most),
                    Tone::Plain,
                );
            }
        }
        row("Landed", self.asked.numbers(quote.landed.least, quote.landed.most), String::new(), Tone::Strong);
        page.gap()?;
        page.table(&table)
    }

    fn terms(&self, page: &mut Page) -> io::Result<()> {
        let terms = &self.quote.terms;
        if terms.checkout_ddp.is_nothing() {
            return Ok(());
        }
        page.gap()?;
        let all = self.asked.asked(&terms.checkout_ddp);
        if terms.on_delivery_dap.is_nothing() && self.wanted.terms == Terms::Both {
            return page.hanging(
                "DDP and DAP  ",
                &format!(
                    "Both delivery terms: the shop charges {all} at checkout; the buyer pays nothing on delivery."
                ),
                Tone::Plain,
            );
        }
        if self.wanted.terms != Terms::Dap {
            page.hanging("DDP  ", &format!("Delivered duty paid: the shop charges {all} at checkout and pays it; the buyer pays nothing on delivery."), Tone::Plain)?;
        }
        if self.wanted.terms != Terms::Ddp {
            let by_shop = self.quote.charges.iter().flat_map(|c| &c.treatments).any(|t| t.collect == Collector::Seller);
            let shop = if by_shop && !terms.checkout_dap.is_nothing() {
                self.asked.asked(&terms.checkout_dap)
            } else {
                "nothing".into()
            };
            let rest = if terms.on_delivery_dap.is_nothing() {
                "nothing".into()
            } else {
                self.asked.asked(&terms.on_delivery_dap)
            };
            page.hanging("DAP  ", &format!("Delivered at place: the shop charges {shop} for taxes and duties at checkout; the buyer pays {rest} on delivery."), Tone::Plain)?;
        }
        Ok(())
    }

    fn questions(&self, page: &mut Page) -> io::Result<()> {
        if self.quote.missing.is_empty() {
            return Ok(());
        }
        page.heading("Questions that would make it exact")?;
        for (at, missing) in self.quote.missing.iter().enumerate() {
            page.hanging(&format!("{}. ", at + 1), &self.question(missing), Tone::Plain)?;
        }
        Ok(())
    }

    fn question(&self, missing: &Missing) -> String {
        let item = missing.item.map(|n| format!("Item {n}: ")).unwrap_or_default();
        let narrows = match missing.narrows_by {
            Some(by) if !by.is_zero() => format!(" (worth up to {})", self.local.text(by)),
            _ => String::new(),
        };
        format!("{item}{}{narrows}{}", missing.question, how_to_answer(&missing.fact))
    }

    fn more(&self, page: &mut Page, left: usize) -> io::Result<()> {
        if left == 0 {
            Ok(())
        } else {
            page.paragraph(&format!("  and {left} more (--explain shows all)"), Tone::Quiet)
        }
    }
}

/// `China (CN)`.
fn place(ratebook: &Ratebook, code: &str) -> String {
    let name = ratebook.territories().into_iter().find(|t| t.code == code).map(|t| t.name);
    name.map(|name| format!("{name} ({code})")).unwrap_or_else(|| code.to_owned())
}

/// Whether a question narrows the range as much as any.
fn is_worth_most(all: &[Missing]) -> impl FnOnce(&Missing) -> bool {
    let most = all.iter().map(|missing| missing.narrows_by).max().flatten();
    let open = all.iter().any(|missing| missing.narrows_by.is_none());
    move |first| first.narrows_by.is_none() || (!open && first.narrows_by == most)
}

/// A heading and bullets, or nothing.
fn section<T>(page: &mut Page, heading: &str, items: &[T], text: impl Fn(&T) -> String) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    page.heading(heading)?;
    items.iter().try_for_each(|item| page.bullet(&text(item)))
}

/// The flag that answers a question, where there is one.
fn how_to_answer(fact: &str) -> String {
    let flag = match fact {
        "code" => "code=... in --item",
        "origin" => "origin=... in --item",
        "channel" => "--channel",
        "mode" => "--mode",
        "region" => "--region",
        "from" => "--from",
        "weight" => "--weight",
        "duty rate" => "duty=... in --item",
        other => match other.split_once(' ') {
            Some(("fact", name)) => return format!(" [--fact {name}=yes or no]"),
            Some(("rate", pair)) => return format!(" [--rate {pair}=...]"),
            Some(("history", period)) => return format!(" [--history {period}=NUMBER,VALUE]"),
            Some(("quantity", unit)) => return format!(" [{unit}=... in --item]"),
            _ => return String::new(),
        },
    };
    format!(" [{flag}]")
}
