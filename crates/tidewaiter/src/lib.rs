//! What a parcel costs to land, and why.
//!
//! ```no_run
//! use tidewaiter::{Consignment, Ratebook};
//!
//! let ratebook = Ratebook::open("rates.twrb")?;
//! let asked: Consignment = serde_json::from_str(r#"{
//!   "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR", "freight": "4.90",
//!   "channel": "post", "seller": { "registrations": ["eu.ioss"] },
//!   "items": [{ "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50" }]
//! }"#)?;
//! let quote = ratebook.quote(&asked)?;
//! println!("{:?} {} {}", quote.outcome, quote.total.least, quote.currency);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | to | use |
//! |---|---|
//! | ask once | [`Ratebook::quote`] |
//! | ask a million times | [`Quoter`]: keeps its working memory, [`Quoter::total`] allocates nothing |
//! | see how an answer came about | [`Ask::steps`] with [`Ratebook::answer`] |
//! | divide an order into parcels | [`Ratebook::plan`] |
//! | find the price that lands at a total | [`Ratebook::reverse`] |
//! | see what is due as the value grows, and where it jumps | [`Ratebook::curve`] |
//! | compile economy files | [`ratebook::compile`] |
//! | show what an economy charges | [`Ratebook::economy`] |
//! | see what changes between two days | [`Ratebook::changes`] |
//! | see how duties went over time | [`Ratebook::duty_history`] |
//! | look up exchange rates | [`Ratebook::exchange_rates`] |
//!
//! The library is synchronous, reads nothing but the ratebook it is handed, and knows no country: every territory,
//! currency and rate is data. Amounts are [`Decimal`], exact, never binary fractions.

pub mod decimal;
pub mod goods;
pub mod printed;
pub mod quote;
pub mod ratebook;
pub mod record;
pub mod unit;

pub use decimal::{Decimal, RoundingMode};
pub use quote::consignment::{Consignment, Item};
pub use quote::document::{Outcome, Quote};
pub use quote::{Ask, InputError, Quoter};
pub use ratebook::{Ratebook, RatebookError};
