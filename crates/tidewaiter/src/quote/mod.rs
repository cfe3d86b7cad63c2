//! Quotes: a consignment in, an explained amount out.

mod answer;
mod apportion;
pub(crate) mod case;
pub mod consignment;
pub mod document;
pub(crate) mod evaluate;
pub(crate) mod exchange;
mod explain;
pub mod plan;
mod prepare;
pub mod reverse;
pub(crate) mod trace;
pub(crate) mod worlds;

pub use prepare::{InputError, InputProblem};

use crate::decimal::Decimal;
use crate::goods::GoodsCode;
use crate::ratebook::Ratebook;
use crate::ratebook::layout::Tables;
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
        Ok(answer::answer(&tables, asked, &prepared, ask.steps))
    }

    /// Keeps working memory between answers: for catalogues.
    pub fn quoter(&self) -> Quoter<'_> {
        Quoter { tables: self.tables(), sheet: Sheet::default(), world: World::default() }
    }
}

impl Ready {
    /// Puts other goods in the place of the only item: for catalogues, where everything else of the question stays.
    /// Transport and the rest stay as they were; `price` is for all pieces together, in the currency of the question.
    ///
    /// # Errors
    /// [`InputError`] where the question has several items, or the territory of origin is unknown.
    pub fn with_goods(
        &mut self,
        code: GoodsCode,
        origin: Option<TerritoryId>,
        price: Decimal,
    ) -> Result<(), InputError> {
        let case = &mut self.0.case;
        let ratio = case.invoice_to_assessed;
        let [line] = case.lines.as_mut_slice() else {
            return Err(plan::input_error("items", "", "only a question with one item can have its goods replaced"));
        };
        line.code = code.padded();
        line.digits = code.digit_count();
        line.origin = origin.map(|o| o.0);
        let goods = Component::Goods as usize;
        line.components[goods] = price;
        line.unit_price =
            if line.quantity == Decimal::ONE { price } else { price.divided_by(line.quantity).unwrap_or(price) };
        line.assessed[goods] = ratio.apply(price).map_err(|_| plan::input_error("price", price, "is too large"))?;
        Ok(())
    }
}

/// A territory's number in one ratebook, from [`Quoter::territory`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
        let _ = evaluate(self.tables, &ready.0.case, &self.world, &mut self.sheet, &mut counted);
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
        evaluate(self.tables, &ready.0.case, &self.world, &mut self.sheet, &mut Silent).ok()?;
        let sheet = &self.sheet;
        if sheet.verdict.is_some() || sheet.ruleless || sheet.uncovered.is_some() {
            return None;
        }
        Some(sheet.total())
    }
}
