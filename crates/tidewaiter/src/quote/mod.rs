//! Quotes: a consignment in, an explained amount out.

mod answer;
mod apportion;
pub(crate) mod case;
pub mod consignment;
pub mod curve;
pub mod document;
pub(crate) mod evaluate;
pub(crate) mod exchange;
mod explain;
pub(crate) mod ladder;
pub mod plan;
pub(crate) mod prepare;
pub(crate) mod rate;
pub mod reverse;
pub mod said;
mod threshold;
pub(crate) mod trace;
pub(crate) mod worlds;

pub(crate) use answer::verdict_words;
pub use prepare::{InputError, InputProblem};

use crate::decimal::{Decimal, MAX_INPUT};
use crate::goods::GoodsCode;
use crate::ratebook::Ratebook;
use crate::ratebook::layout::Tables;
use crate::ratebook::numbers::kind_of;
use crate::ratebook::rows;
use crate::record::Collector;
use crate::record::expression::Component;
use case::World;
use consignment::Consignment;
use document::Quote;
use evaluate::{Sheet, evaluate};
use jiff::civil::Date;
use prepare::{Prepared, prepare};
use trace::Silent;

/// What is wanted besides the amount.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ask {
    /// How each figure came about, in [`Quote::steps`]. Costs a second evaluation.
    pub steps: bool,
    /// The day taken for today where the question has no date. `None`: 1970-01-01 is never guessed; the newest
    /// publication in the ratebook is.
    pub today: Option<Date>,
}

impl Ratebook {
    /// Answers a question.
    ///
    /// # Errors
    /// [`InputError`] naming every field that is wrong.
    pub fn quote(&self, asked: &Consignment) -> Result<Quote, InputError> {
        self.answer(asked, &Ask::default())
    }

    /// Answers a question, with the derivation where wanted.
    ///
    /// # Errors
    /// [`InputError`] naming every field that is wrong.
    pub fn answer(&self, asked: &Consignment, ask: &Ask) -> Result<Quote, InputError> {
        let tables = self.tables();
        let prepared = prepare(&tables, asked, ask.today.unwrap_or_else(|| newest(&tables)))?;
        let mut quote = answer::answer(&tables, asked, &prepared, ask.steps);
        self.fingerprint().clone_into(&mut quote.ratebook);
        Ok(quote)
    }

    /// Where an address is: the place with rules of its own in which its postcode lies, else the state that it names.
    ///
    /// ```
    /// # use tidewaiter::Ratebook;
    /// # fn places(ratebook: &Ratebook) {
    /// assert_eq!(ratebook.place("ES", Some("38001")), "IC");
    /// assert_eq!(ratebook.place("ES", Some("28001")), "ES");
    /// # }
    /// ```
    pub fn place(&self, to: &str, postcode: Option<&str>) -> String {
        let tables = self.tables();
        let place = postcode.and_then(|postcode| prepare::territory_of(&tables, to, postcode));
        place.map_or(to, |id| tables.territory_code(id)).to_owned()
    }

    /// Keeps working memory between answers: for catalogues.
    pub fn quoter(&self) -> Quoter<'_> {
        Quoter { tables: self.tables(), sheet: Sheet::default(), world: World::default() }
    }
}

/// Goods of one kind, to put in the place of a question's only item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goods {
    /// What they are.
    pub code: GoodsCode,
    /// Where they were made, if known.
    pub origin: Option<TerritoryId>,
    /// How many pieces; above zero.
    pub quantity: Decimal,
    /// Price of one piece, in the currency of the question.
    pub price: Decimal,
    /// Transport of all pieces to the border, in the currency of the question.
    pub freight: Decimal,
    /// Weight of all pieces in kilograms, if known.
    pub weight_kg: Option<Decimal>,
}

impl Ready {
    /// Puts other goods in the place of the only item: for catalogues, where everything else of the question stays.
    ///
    /// # Errors
    /// [`InputError`] where the question has several items, the quantity is not above zero, an amount is below zero or
    /// anything is too large.
    pub fn with_goods(&mut self, goods: &Goods) -> Result<(), InputError> {
        let case = &mut self.0.case;
        let ratio = case.invoice_to_assessed;
        let [line] = case.lines.as_mut_slice() else {
            return Err(plan::input_error("items", "", &said::message::WRONG_ONE_ITEM));
        };
        let amounts = [("price", goods.price), ("freight", goods.freight), ("quantity", goods.quantity)];
        let weight = goods.weight_kg.map(|w| ("weight_kg", w));
        for (field, value) in amounts.into_iter().chain(weight) {
            if value.is_negative() || value > MAX_INPUT {
                return Err(plan::input_error(field, value, &said::message::WRONG_BELOW_ZERO_OR_LARGE));
            }
        }
        if goods.quantity.is_zero() {
            return Err(plan::input_error("quantity", goods.quantity, &said::message::WRONG_NOT_POSITIVE));
        }
        let large = |field: &'static str, value: Decimal| {
            move |_: crate::decimal::NumberError| plan::input_error(field, value, &said::message::WRONG_LARGE)
        };
        line.code = goods.code.padded();
        line.digits = goods.code.digit_count();
        line.origin = goods.origin.map(|o| o.0);
        line.quantity = goods.quantity;
        line.weight = goods.weight_kg;
        case.weight = goods.weight_kg;
        line.unit_price = goods.price;
        let price = if goods.quantity == Decimal::ONE {
            goods.price
        } else {
            goods.price.times(goods.quantity).map_err(large("price", goods.price))?
        };
        if price > MAX_INPUT {
            return Err(plan::input_error("price", price, &said::message::WRONG_LARGE));
        }
        for (which, value) in [(Component::Goods as usize, price), (Component::Freight as usize, goods.freight)] {
            line.components[which] = value;
            line.assessed[which] = ratio.apply(value).map_err(large("price", value))?;
        }
        Ok(())
    }

    /// ISO 4217 code of the currency in which [`Quoter::totals`] answers.
    pub fn currency(&self, ratebook: &Ratebook) -> String {
        ratebook.tables().currency_code(self.0.case.assessed_in).to_owned()
    }

    /// What is said about the question as a whole: exchange rates that stand in, claims that do not count.
    pub fn warnings(&self) -> &[said::Said] {
        &self.0.warnings
    }
}

/// The sums of a complete question, in the economy's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Customs duties and additional duties.
    pub duties: Decimal,
    /// VAT, GST, sales tax, excise, levies.
    pub taxes: Decimal,
    /// Fees, public and the carrier's.
    pub fees: Decimal,
    /// Of all three, what the seller collects at checkout; the rest is paid at the border.
    pub seller: Decimal,
    /// All together.
    pub total: Decimal,
}

/// A territory's number in one ratebook, from [`Quoter::territory`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TerritoryId(u16);

/// The newest publication known to a ratebook.
fn newest(t: &Tables<'_>) -> Date {
    let day = t.editions.iter().map(|e| e.known_from.get()).max().unwrap_or(0);
    exchange::date_of(day).unwrap_or_default()
}

/// Answers many questions with one working memory.
#[derive(Debug)]
pub struct Quoter<'r> {
    tables: Tables<'r>,
    sheet: Sheet,
    world: World,
}

/// A question with its names resolved, ready to be priced again and again.
#[derive(Debug, Clone)]
pub struct Ready(Prepared);

impl Quoter<'_> {
    /// Resolves a question's names and converts its money, once.
    ///
    /// # Errors
    /// [`InputError`] naming every field that is wrong.
    pub fn ready(&self, asked: &Consignment) -> Result<Ready, InputError> {
        prepare(&self.tables, asked, newest(&self.tables)).map(Ready)
    }

    /// What an evaluation reads of the ratebook: rows, and cache lines of 64 bytes.
    pub fn footprint(&mut self, ready: &Ready) -> (usize, usize) {
        let mut counted = trace::Footprint::default();
        let _ = evaluate(&self.tables, &ready.0.case, &self.world, &mut self.sheet, &mut counted);
        (counted.reads, counted.lines.len())
    }

    /// The number of a territory, for [`Ready::with_goods`].
    pub fn territory(&self, code: &str) -> Option<TerritoryId> {
        self.tables.territory(code).map(TerritoryId)
    }

    /// All charges of a complete question in the economy's currency, or nothing where a fact is missing, the outcome is
    /// not an amount or a rate is not known: ask [`Ratebook::quote`] then. Allocates nothing once warm.
    ///
    /// Cost: see `docs/performance.md`.
    pub fn total(&mut self, ready: &Ready) -> Option<Decimal> {
        Some(self.evaluated(ready)?.total())
    }

    /// The same, apart by kind and by who collects. [`Ratebook::quote`] gives the same sums.
    pub fn totals(&mut self, ready: &Ready) -> Option<Totals> {
        let tables = self.tables;
        let charges = rows(tables.charges, tables.programs.get(ready.0.case.program as usize)?.charges);
        let sheet = self.evaluated(ready)?;
        let mut sums = Totals::default();
        let (_, lines) = sheet.size();
        for (at, charge) in charges.iter().enumerate() {
            let kind = kind_of(charge.kind);
            let sum = match kind {
                kind if kind.is_duty() => &mut sums.duties,
                kind if kind.is_fee() => &mut sums.fees,
                _ => &mut sums.taxes,
            };
            for line in 0..lines {
                let amount = sheet.amount(at, line);
                if amount.is_zero() {
                    continue;
                }
                *sum = sum.plus(amount).ok()?;
                sums.total = sums.total.plus(amount).ok()?;
                let rung = tables.rungs.get(sheet.rung(at, line) as usize);
                if rung.is_some_and(|r| r.collect == Collector::Seller as u8) {
                    sums.seller = sums.seller.plus(amount).ok()?;
                }
            }
        }
        Some(sums)
    }

    /// A number for the rules and tariffs that the last [`Quoter::totals`] took. Where it is the same for two kinds of goods
    /// in one question, and nothing is claimed for them, [`Ratebook::quote`] gives both the same warnings.
    pub fn taken(&self) -> u64 {
        let mut number = 0xcbf2_9ce4_8422_2325u64;
        let mut add = |part: u32| number = (number ^ u64::from(part)).wrapping_mul(0x0100_0000_01b3).rotate_left(23);
        let (charges, lines) = self.sheet.size();
        (0..charges).for_each(|charge| (0..lines).for_each(|line| add(self.sheet.rung(charge, line))));
        let applied = self.sheet.applied;
        add(applied as u32);
        add((applied >> 32) as u32);
        number
    }

    /// The sheet of a question whose answer is an amount.
    fn evaluated(&mut self, ready: &Ready) -> Option<&Sheet> {
        // A code that was put in later may be one that is no longer: then the whole way is gone.
        let moved = |line: &case::Line| line.digits >= 6 && prepare::moved_code(&self.tables, line.code).is_some();
        let case = &ready.0.case;
        if case.lines.iter().any(moved) {
            return None;
        }
        evaluate(&self.tables, case, &self.world, &mut self.sheet, &mut Silent).ok()?;
        let sheet = &self.sheet;
        let open = sheet.verdict.is_some() || sheet.ruleless || sheet.uncovered.is_some();
        // So it is where a full tariff does not have it.
        let program = self.tables.programs.get(case.program as usize)?;
        let full = !open && worlds::is_full(&self.tables, program, case.moment());
        let missing = |(at, line): (usize, &case::Line)| {
            let (low, high) = line.code_span();
            !sheet.is_listed(at) && worlds::is_listed(&self.tables, program, case.moment(), low, high) == Some(false)
        };
        if full && case.lines.iter().enumerate().any(missing) {
            return None;
        }
        (!open).then_some(sheet)
    }
}
