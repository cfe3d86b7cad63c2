//! What a seller sold, as far as thresholds ask for it: single orders, or the sum of a month.

use crate::definition::Percent;
use crate::event::Event;
use jiff::civil::Date;
use serde::Serialize;
use tidewaiter::Decimal;

/// Orders of one day, or of one month together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sold {
    /// Its row in the file, or its number in the ledger, for people.
    pub named: String,
    /// The day; of a month its last.
    pub day: Date,
    /// Territory of the buyer.
    pub to: String,
    /// Territory from which the goods were sent.
    pub from: Option<String>,
    /// ISO 4217 letters.
    pub currency: String,
    /// Price of the goods without tax.
    pub goods: Decimal,
    /// Shipping.
    pub shipping: Decimal,
    /// How many orders.
    pub orders: u64,
    /// Worth of the dearest parcel.
    pub consignment: Option<Decimal>,
    /// Price of the dearest thing.
    pub item: Option<Decimal>,
    /// A marketplace that owes the tax itself sold them.
    pub platform: bool,
    /// The buyer is a business.
    pub business: bool,
    /// Goods code of what was sold, for an example of what the buyer pays.
    pub code: Option<String>,
    /// Rate of the tax, where it is not the standard rate.
    pub rate: Option<Percent>,
}

impl Sold {
    /// The sales among what a ledger holds. Refunds and corrections are left out: what was sold counts.
    pub fn of_events<'a>(events: impl IntoIterator<Item = &'a Event>) -> Vec<Self> {
        let of = |event: &Event| match event {
            Event::Sale(sale) => Some(Self {
                named: sale.document.clone(),
                day: sale.date,
                to: sale.to.clone(),
                from: sale.from.clone(),
                currency: sale.currency.clone(),
                goods: sale.goods,
                shipping: sale.shipping,
                orders: 1,
                consignment: None,
                item: None,
                platform: false,
                business: false,
                code: None,
                rate: match sale.rows.as_slice() {
                    [row] => row.rate,
                    _ => None,
                },
            }),
            _ => None,
        };
        events.into_iter().filter_map(of).collect()
    }
}
