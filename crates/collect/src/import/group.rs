//! Rows with the same document become one event.

use super::fault::Faults;
use super::layout::Column;
use crate::event::{Correction, Event, Part, QuoteNamed, Refund, Row, Sale};
use jiff::civil::Date;
use tidewaiter::Decimal;

/// The most rows of one document.
pub(super) const MOST_ROWS: usize = 1_000;

/// What an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Sale,
    Refund,
    Correction,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Refund => "refund",
            Self::Correction => "correction",
        }
    }

    /// Why nothing may stand in a column. Nothing where something may.
    pub(super) fn has_no(self, column: Column) -> Option<&'static str> {
        use Column as C;
        match (self, column) {
            (Self::Sale, C::Of) => Some("a sale is of no other document; leave it empty"),
            (Self::Sale, C::Reason) => Some("only a correction has a reason; leave it empty"),
            (Self::Sale | Self::Correction, C::Row | C::All) => Some("only a refund has it; leave it empty"),
            (Self::Refund | Self::Correction, C::From | C::Currency) => Some("it is that of the sale; leave it empty"),
            (Self::Refund | Self::Correction, C::QuoteSha256 | C::Ratebook | C::Edition | C::QuoteDate) => {
                Some("only a sale names its quote; leave it empty")
            }
            (Self::Refund, C::To | C::Charge | C::Scheme | C::Rate | C::RateType) => {
                Some("it is that of the sale; leave it empty, and write the row of the sale in the column row")
            }
            (Self::Refund, C::Reason) => Some("only a correction has a reason; leave it empty"),
            (Self::Correction, C::Goods | C::Shipping) => {
                Some("a correction changes charges; leave it empty, and write what changes in net and amount")
            }
            _ => None,
        }
    }
}

/// Something that all rows of a document have in common: it stands in one of them, or is the same in several.
#[derive(Debug)]
pub(super) struct Once<T>(Option<(u64, T)>);

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: PartialEq> Once<T> {
    /// Notes what a row says, or returns the row that says something else.
    pub(super) fn say(&mut self, row: u64, value: T) -> Result<(), u64> {
        match &self.0 {
            Some((at, known)) if *known != value => Err(*at),
            Some(_) => Ok(()),
            None => {
                self.0 = Some((row, value));
                Ok(())
            }
        }
    }

    fn take(self) -> Option<T> {
        self.0.map(|(_, value)| value)
    }
}

/// A document whose rows are being read.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) kind: Kind,
    pub(super) document: String,
    /// Where its first row is.
    pub(super) row: u64,
    pub(super) date: Once<Date>,
    pub(super) of: Once<String>,
    pub(super) to: Once<String>,
    pub(super) from: Once<String>,
    pub(super) currency: Once<String>,
    pub(super) goods: Once<Decimal>,
    pub(super) shipping: Once<Decimal>,
    pub(super) all: Once<bool>,
    pub(super) reason: Once<String>,
    pub(super) sha256: Once<String>,
    pub(super) ratebook: Once<String>,
    pub(super) editions: Once<Vec<String>>,
    pub(super) quote_date: Once<Date>,
    pub(super) charges: Vec<Row>,
    pub(super) parts: Vec<Part>,
    /// How many rows it has.
    pub(super) rows: usize,
    /// Whether a mistake was found in one of its rows, so that what is missing may be there.
    pub(super) is_spoiled: bool,
}

impl Open {
    pub(super) fn new(kind: Kind, document: String, row: u64) -> Self {
        Self {
            kind,
            document,
            row,
            date: Once::default(),
            of: Once::default(),
            to: Once::default(),
            from: Once::default(),
            currency: Once::default(),
            goods: Once::default(),
            shipping: Once::default(),
            all: Once::default(),
            reason: Once::default(),
            sha256: Once::default(),
            ratebook: Once::default(),
            editions: Once::default(),
            quote_date: Once::default(),
            charges: Vec::new(),
            parts: Vec::new(),
            rows: 0,
            is_spoiled: false,
        }
    }

    /// The event, or nothing where something is missing.
    pub(super) fn close(self, faults: &mut Faults) -> Option<Event> {
        if self.is_spoiled {
            return None;
        }
        let (kind, row) = (self.kind.name(), self.row);
        let mut missing = |column: Column, what: &str| {
            faults.add(row, column.name(), format!("a {kind} needs {what}, in one of the rows of its document"));
        };
        let date = self.date.take();
        if date.is_none() {
            missing(Column::Date, "its day");
        }
        match self.kind {
            Kind::Sale => {
                let (to, currency, goods) = (self.to.take(), self.currency.take(), self.goods.take());
                for (is_there, column, what) in [
                    (to.is_some(), Column::To, "the territory of its buyer"),
                    (currency.is_some(), Column::Currency, "its currency"),
                    (goods.is_some(), Column::Goods, "the price of its goods without tax"),
                ] {
                    if !is_there {
                        missing(column, what);
                    }
                }
                let quote = QuoteNamed {
                    sha256: self.sha256.take(),
                    ratebook: self.ratebook.take(),
                    editions: self.editions.take().unwrap_or_default(),
                    date: self.quote_date.take(),
                };
                let is_named = quote.sha256.is_some()
                    || quote.ratebook.is_some()
                    || !quote.editions.is_empty()
                    || quote.date.is_some();
                Some(Event::Sale(Sale {
                    document: self.document,
                    date: date?,
                    to: to?,
                    from: self.from.take(),
                    currency: currency?,
                    goods: goods?,
                    shipping: self.shipping.take().unwrap_or_default(),
                    rows: self.charges,
                    quote: is_named.then_some(quote),
                }))
            }
            Kind::Refund => {
                let of = self.of.take();
                if of.is_none() {
                    missing(Column::Of, "the document of its sale");
                }
                let all = self.all.take().unwrap_or_default();
                let (goods, shipping) = (self.goods.take(), self.shipping.take());
                let names_parts = goods.is_some() || shipping.is_some() || !self.parts.is_empty();
                match (all, names_parts) {
                    (true, true) => {
                        faults.add(row, Column::All.name(), "a refund of everything names no amounts; leave goods, shipping, row, net and amount empty, or all");
                        return None;
                    }
                    (false, false) => {
                        missing(
                            Column::Goods,
                            "what went back: goods, shipping, a row with net and amount, or yes in the column all",
                        );
                        return None;
                    }
                    _ => {}
                }
                Some(Event::Refund(Refund {
                    document: self.document,
                    date: date?,
                    of: of?,
                    goods: goods.unwrap_or_default(),
                    shipping: shipping.unwrap_or_default(),
                    rows: self.parts,
                    all,
                }))
            }
            Kind::Correction => {
                let (of, reason) = (self.of.take(), self.reason.take());
                for (is_there, column, what) in [
                    (of.is_some(), Column::Of, "the document of its sale"),
                    (reason.is_some(), Column::Reason, "a reason"),
                    (!self.charges.is_empty(), Column::Charge, "a charge with net and amount"),
                ] {
                    if !is_there {
                        missing(column, what);
                    }
                }
                if self.charges.is_empty() {
                    return None;
                }
                Some(Event::Correction(Correction {
                    amend: false,
                    document: self.document,
                    date: date?,
                    of: of?,
                    reason: reason?,
                    to: self.to.take(),
                    rows: self.charges,
                }))
            }
        }
    }
}
