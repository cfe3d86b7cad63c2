//! Collect at the sale, pay by the period.
//!
//! A seller who collects tax for another country at the checkout owes it by the period: registers once, keeps a ledger, sends a return, pays.
//! This crate holds the rules of that as data ([`Definition`]), and a ledger from which every figure of a return can be made again.
//!
//! | module | holds |
//! |---|---|
//! | [`definition`] | what a return is: periods, due days, currency, rounding, rows and boxes, as one file for each scheme |
//! | [`identifier`] | numbers of businesses, accounts and payments: checked, with what was likely meant |
//! | [`advice`] | whether and where to register, from what was sold |
//! | [`doubt`] | what of it can never be right, and what is doubtful |
//! | [`checkout`] | from a quote to a sale |
//! | [`standing`] | which returns were sent, which are late, and what is owed and paid |
//! | [`folder`] | returns and everything behind them as one folder, which can be made again from the ledger in it |
//! | [`deadline`] | days by which returns must be sent and paid |
//! | [`equal`] | whether sellers abroad are taxed as those inside |
//! | [`event`] | what happened: sales, refunds, corrections, returns, payments |
//! | [`ledger`] | what follows from it: postings that balance, tax by the period |
//! | `store` | ledgers in a database, for many sellers and writers |
//! | [`apply`] | the form of an application, and what is wrong with what was written into it |
//! | `service` | sellers apply, keep ledgers and send returns, authorities decide and receive; who may what |
//! | [`draft`] | a return made of the ledger, each figure with the sales behind it |
//! | [`export`] | a return in published shapes, as a document, as tables |
//! | [`import`] | sales, refunds and corrections from CSV, and to it |
//! | [`pay`] | payment files and QR codes for the seller's bank or phone, and its statements matched with the payments |
//!
//! Nothing here is on the path of a quote, nobody's money is held or moved, and nothing is filed: returns and payment files are handed to the seller.

/// Serde by the text of a type.
macro_rules! text_form {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub mod advice;
pub mod apply;
pub mod checkout;
pub mod deadline;
pub mod definition;
pub mod doubt;
pub mod draft;
pub mod equal;
pub mod event;
pub mod export;
pub mod folder;
pub mod identifier;
pub mod import;
pub mod ledger;
pub mod pay;
#[cfg(feature = "store")]
pub mod service;
pub mod standing;
#[cfg(feature = "store")]
pub mod store;

pub use definition::{Definition, Period};
