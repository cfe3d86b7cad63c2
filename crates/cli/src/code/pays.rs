//! What the buyer pays for goods of each code, as the quoting library answers.

use super::pointed;
use super::says::{Says, put};
use crate::args::PaysArgs;
use crate::consignment::wrong_destination;
use crate::errors::Failure;
use crate::page::{Page, Tone};
use crate::paid::Told as _;
use crate::table::{Align, Table};
use crate::tariff::{self, Lines};
use crate::words::Money;
use crate::{item, source};
use serde::Serialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use tidewaiter::goods::GoodsCode;
use tidewaiter::{Ask, Consignment, Decimal, InputError, Item, Outcome, Ratebook};
use tidewaiter_finder::Candidate;
use tidewaiter_portal::paid::Paid;

/// Asks for goods of one code after another.
pub(super) struct Pays<'r> {
    ratebook: &'r Ratebook,
    /// Everything but the code.
    asked: Consignment,
    value: Decimal,
    pub(super) money: Money,
    to_name: String,
    /// Whether the origin was taken from where it is sent.
    assumed: bool,
    known: RefCell<BTreeMap<String, Option<Paid>>>,
}

/// What is told of it as JSON.
#[derive(Serialize)]
pub(super) struct Told<'p> {
    to: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'p str>,
    /// Whether the origin was not said, and where it is sent from was taken for it.
    origin_assumed: bool,
    value: Decimal,
    currency: &'p str,
    date: String,
    /// In the order of the codes.
    codes: Vec<Code>,
    /// What the buyer pays whichever of the likely codes it is, where that is the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    same: Option<Decimal>,
    /// The tariff lines of the likeliest.
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Lines>,
}

#[derive(Serialize)]
struct Code {
    code: String,
    #[serde(flatten)]
    paid: Option<Paid>,
}

impl<'r> Pays<'r> {
    /// # Errors
    /// Every flag that is wrong.
    pub(super) fn open(args: &PaysArgs, to: &str, ratebook: &'r Ratebook) -> Result<Self, Failure> {
        let to = item::capitals(to);
        let said = args.value.as_ref().map(|text| {
            let value: Decimal = text.parse().map_err(|e| Failure::usage(format!("--value: {e}")))?;
            if value <= Decimal::ZERO {
                return Err(Failure::usage(format!("--value \"{text}\": must be above zero")));
            }
            Ok(value)
        });
        let said = said.transpose()?;
        let Some(local) = ratebook.economy(&to).map(|economy| economy.currency) else {
            let none = || format!("\"{to}\": no rules of it are loaded; `tidewaiter economies` lists the codes");
            return Err(Failure::usage(format!("--to {}", wrong_destination(ratebook, &to).unwrap_or_else(none))));
        };
        let currency = args.currency.as_deref().map(item::capitals).unwrap_or(local);
        // A hundred yen buy nothing that customs looks at.
        let usual = if ratebook.currency_minor(&currency) == Some(0) { 10_000 } else { 100 };
        let value = said.unwrap_or_else(|| Decimal::from_int(usual));
        let from = args.from.as_deref().map(item::capitals);
        let origin = args.origin.as_deref().map(item::capitals).or_else(|| from.clone());
        let item = Item { origin, price: value, quantity: Decimal::ONE, ..Item::default() };
        let asked = Consignment {
            from,
            to,
            date: Some(args.date.unwrap_or_else(source::today)),
            currency,
            items: vec![item],
            channel: args.channel.map(Into::into),
            ..Consignment::default()
        };
        let quote = ratebook.answer(&asked, &Ask::default()).map_err(|wrong| mistakes(&wrong, args))?;
        Ok(Self {
            ratebook,
            value,
            money: Money::of(ratebook, &asked.currency),
            to_name: quote.to_name,
            assumed: args.origin.is_none() && asked.from.is_some(),
            asked,
            known: RefCell::default(),
        })
    }

    /// What the buyer pays on goods of a code; nothing where the question cannot be put.
    pub(super) fn of(&self, code: &str) -> Option<Paid> {
        if let Some(known) = self.known.borrow().get(code) {
            return *known;
        }
        let mut asked = self.asked.clone();
        asked.items.iter_mut().for_each(|item| item.code = Some(code.to_owned()));
        let paid = self.ratebook.answer(&asked, &Ask::default()).ok().map(|quote| Paid::of(&quote));
        self.known.borrow_mut().insert(code.to_owned(), paid);
        paid
    }

    /// The same as a share of the value, in ten-thousandths, of a code as a number of six digits.
    pub(super) fn ten_thousandths(&self, digits: u32) -> Option<u32> {
        self.of(&format!("{digits:06}"))?.ten_thousandths(self.value)
    }

    /// The cells of a code's row: duty, and what the buyer pays.
    pub(super) fn cells(&self, code: &str, says: &Says) -> [String; 2] {
        self.of(code).map_or_else(
            || [says.unknown.to_owned(), says.unknown.to_owned()],
            |paid| [paid.duty_text(self.value, says), paid.total_text(&self.money, says)],
        )
    }

    /// What the buyer pays whichever of several codes it is; nothing where that differs or is open.
    fn same(&self, codes: &[Candidate]) -> Option<Decimal> {
        let [first, others @ ..] = codes else { return None };
        let amount = self.of(&first.code)?.exact()?;
        let same = |other: &Candidate| self.of(&other.code).and_then(|paid| paid.exact()) == Some(amount);
        (!others.is_empty() && others.iter().all(same)).then_some(amount)
    }

    /// What the figures are for.
    pub(super) fn show_basis(&self, codes: &[&str], says: &Says, page: &mut Page) -> Result<(), Failure> {
        let place = format!("{} ({})", self.to_name, self.asked.to);
        let day = self.asked.date.map(|day| day.to_string()).unwrap_or_default();
        let mut text = put(says.for_goods, &[&self.money.text(self.value), &place, &day]);
        let origin = self.origin();
        text.push(' ');
        text.push_str(&match origin {
            Some(origin) if self.assumed => put(says.made_there, &[origin]),
            Some(origin) => put(says.made_in, &[origin]),
            None => says.made_unknown.to_owned(),
        });
        let open = codes
            .iter()
            .any(|code| self.of(code).is_none_or(|paid| matches!(paid.outcome, Outcome::Range | Outcome::Unknown)));
        if open {
            text.push(' ');
            text.push_str(says.ranges);
        }
        text.push(' ');
        text.push_str(says.usual_tax);
        Ok(page.paragraph(&text, Tone::Quiet)?)
    }

    /// That it does not matter which of the likely codes it is, where it does not.
    pub(super) fn show_same(&self, likely: &[Candidate], says: &Says, page: &mut Page) -> Result<(), Failure> {
        if let Some(amount) = self.same(likely) {
            page.paragraph(&put(says.same, &[&self.money.text(amount)]), Tone::Strong)?;
        }
        Ok(())
    }

    /// What is paid on goods of one code that is certain, and its tariff lines.
    pub(super) fn show_alone(&self, code: &str, says: &Says, page: &mut Page) -> Result<(), Failure> {
        let paid = put(says.pays, &[&self.money.code]);
        let columns = [(says.code, Align::Left), (says.duty, Align::Right), (paid.as_str(), Align::Right)];
        let mut table = Table::new(&columns, 1);
        let [duty, total] = self.cells(code, says);
        table.row(vec![pointed(code), duty, total]);
        page.table(&table)?;
        self.show_basis(&[code], says, page)?;
        self.show_lines(code, says, page)
    }

    /// The tariff lines of a code.
    pub(super) fn show_lines(&self, code: &str, says: &Says, page: &mut Page) -> Result<(), Failure> {
        let (Some(lines), Some(day)) = (self.lines(code), self.asked.date) else { return Ok(()) };
        page.heading(&put(says.lines, &[&lines.code, &self.to_name]))?;
        page.paragraph(says.lines_alone, Tone::Quiet)?;
        tariff::show(&lines.measures, day, false, page)
    }

    fn lines(&self, code: &str) -> Option<Lines> {
        let code: GoodsCode = code.parse().ok()?;
        tariff::lines(self.ratebook, &self.asked.to, code, self.origin(), self.asked.date?)
    }

    fn origin(&self) -> Option<&str> {
        self.asked.items.first().and_then(|item| item.origin.as_deref())
    }

    /// All of it, for JSON.
    pub(super) fn told(&self, codes: &[Candidate], likely: &[Candidate]) -> Told<'_> {
        let code = |one: &Candidate| Code { code: one.code.clone(), paid: self.of(&one.code) };
        Told {
            to: &self.asked.to,
            from: self.asked.from.as_deref(),
            origin: self.origin(),
            origin_assumed: self.assumed,
            value: self.value,
            currency: &self.asked.currency,
            date: self.asked.date.map(|day| day.to_string()).unwrap_or_default(),
            codes: codes.iter().map(code).collect(),
            same: self.same(likely),
            lines: codes.first().and_then(|first| self.lines(&first.code)),
        }
    }
}

/// Mistakes, each with the flag in which it stands.
fn mistakes(error: &InputError, args: &PaysArgs) -> Failure {
    let mut lines = Vec::new();
    for problem in &error.problems {
        let flag = match problem.field.as_str() {
            "items[0].price" => "--value".to_owned(),
            // Where it is sent from was taken for it, and is told already.
            "items[0].origin" if args.origin.is_none() => continue,
            "items[0].origin" => "--origin".to_owned(),
            field => format!("--{field}"),
        };
        let value = if problem.value.is_empty() { String::new() } else { format!(" \"{}\"", problem.value) };
        lines.push(format!("{flag}{value}: {}", problem.message));
    }
    if lines.is_empty() {
        lines.push(error.to_string());
    }
    Failure::Usage(lines)
}
