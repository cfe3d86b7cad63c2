//! The question as the evaluator sees it: names resolved to numbers, money converted, lines merged and sorted.

use super::exchange::Ratio;
use super::ladder::Ladders;
use crate::decimal::Decimal;
use crate::ratebook::Moment;
use crate::record::expression::{COMPONENT_COUNT, Channel, Mode, Sale};

/// Largest code: twelve nines.
pub(crate) const CODE_DIGITS: u8 = 12;

/// A prepared question.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) program: u32,
    pub(crate) day: i32,
    pub(crate) known: i32,
    pub(crate) ship_from: Option<u16>,
    pub(crate) seller_in: Option<u16>,
    /// Text id of the region, or [`OTHER_TEXT`] for one that no rule names.
    pub(crate) region: Option<u32>,
    pub(crate) sale: Sale,
    pub(crate) gift: bool,
    pub(crate) channel: Option<Channel>,
    pub(crate) mode: Option<Mode>,
    pub(crate) declaration: Option<u32>,
    pub(crate) registrations: Vec<u32>,
    pub(crate) buyer_registered: bool,
    pub(crate) facts: Vec<(u32, bool)>,
    /// Earlier parcels by period: day, month, quarter, half-year, year.
    pub(crate) history: [Option<(u32, Decimal)>; 5],
    pub(crate) parcels: Decimal,
    /// Gross weight in kilograms.
    pub(crate) weight: Option<Decimal>,
    pub(crate) lines: Vec<Line>,
    /// Currency of the question.
    pub(crate) invoice: u16,
    /// Currency in which charges are computed; the invoice's when no rate to the economy's is known.
    pub(crate) assessed_in: u16,
    pub(crate) invoice_to_assessed: Ratio,
    /// Currencies that the program's rules are written in; the next two lists follow it.
    pub(crate) currencies: Vec<u16>,
    /// For each of them: from the invoice's currency, for tests of thresholds.
    pub(crate) threshold: Vec<Option<Ratio>>,
    /// For each of them: to the currency of assessment.
    pub(crate) to_assessed: Vec<Option<Ratio>>,
    /// Smallest unit of the currency of assessment.
    pub(crate) minor: Decimal,
    /// The rungs that count on the day, as published by [`Case::known`]: all charges', one after the other.
    pub(crate) ladders: Ladders,
}

impl Case {
    /// The day, and what had been published.
    #[inline]
    pub(crate) const fn moment(&self) -> Moment {
        Moment { day: self.day, known: self.known }
    }

    /// From the invoice's currency into another, for tests.
    #[inline]
    pub(crate) fn for_test(&self, currency: u16) -> Option<Ratio> {
        let at = self.currencies.iter().position(|c| *c == currency)?;
        self.threshold.get(at).copied().flatten()
    }

    /// From a currency that a rule is written in to the currency of assessment.
    #[inline]
    pub(crate) fn for_charge(&self, currency: u16) -> Option<Ratio> {
        let at = self.currencies.iter().position(|c| *c == currency)?;
        self.to_assessed.get(at).copied().flatten()
    }
}

/// Text id that matches no text.
pub(crate) const OTHER_TEXT: u32 = u32::MAX - 1;

/// Goods of one code, origin, unit price and treatment.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line {
    /// Code padded with zeros to twelve digits.
    pub(crate) code: u64,
    /// How many digits are known.
    pub(crate) digits: u8,
    pub(crate) origin: Option<u16>,
    pub(crate) tax_class: Option<u32>,
    pub(crate) claims: Vec<u32>,
    pub(crate) documents: Vec<u32>,
    /// Price of one after the item's own discount, in the invoice's currency.
    pub(crate) unit_price: Decimal,
    /// Measured quantities of all pieces by text id of the base unit.
    pub(crate) quantities: Vec<(u32, Decimal)>,
    pub(crate) weight: Option<Decimal>,
    /// Duty in percent that the asker states.
    pub(crate) duty_rate: Option<Decimal>,
    pub(crate) quantity: Decimal,
    /// In the invoice's currency.
    pub(crate) components: [Decimal; COMPONENT_COUNT],
    /// In the currency of assessment.
    pub(crate) assessed: [Decimal; COMPONENT_COUNT],
}

impl Line {
    /// First and last code the known digits allow.
    pub(crate) fn code_span(&self) -> (u64, u64) {
        let free = 10u64.pow(u32::from(CODE_DIGITS - self.digits.min(CODE_DIGITS)));
        (self.code, self.code + (free - 1))
    }
}

/// A fact that is missing and matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    /// The line's code.
    Code(u16),
    /// The line's origin.
    Origin(u16),
    Channel,
    Mode,
    Region,
    ShipFrom,
    /// A yes/no fact by text id.
    Fact(u32),
    /// The truth of one test that needs the weight, a quantity or the buyer's history: node, line.
    Test(u32, u16, TestOf),
    /// A measured quantity of a line: text id of the unit.
    Quantity(u16, u32),
    /// The rate of a tariff family for a line.
    Tariff(u16, u8),
    /// The reading of a dispute; decided from outside only.
    Reading(u16),
}

/// What a [`Key::Test`] lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum TestOf {
    Weight,
    Quantity,
    History(u8),
}

/// A value supposed for a missing fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Value {
    Code(u64),
    Territory(u16),
    Flag(bool),
    Small(u8),
    Text(u32),
    Number(Decimal),
}

/// What is supposed in one world.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct World(pub(crate) Vec<(Key, Value)>);

impl World {
    #[inline]
    pub(crate) fn get(&self, key: Key) -> Option<Value> {
        self.0.iter().find(|(k, _)| *k == key).map(|(_, v)| *v)
    }
}
