//! Remittance: files and payloads that the seller hands to a bank or shows to a phone, and what the bank says came of it.
//!
//! Nobody's money is held or moved here. An order becomes a file for the bank ([`pain001`]) or a QR code for a phone ([`epc`], [`emv`], drawn by
//! [`picture`]); the statements of the bank ([`camt053`]) are matched with the payments of the ledger ([`matching`]).
//!
//! | module | standard |
//! |---|---|
//! | [`accounts`] | the file in which a seller keeps the accounts that pay and are paid |
//! | [`order`] | a credit transfer as the seller means it, and its checks |
//! | [`letters`] | the letters that every bank of the single euro payments area takes |
//! | [`pain001`] | ISO 20022 pain.001.001.09, customer credit transfer initiation |
//! | [`epc`] | EPC069-12, QR code of a SEPA credit transfer |
//! | [`emv`] | EMVCo QR code, merchant-presented mode |
//! | [`picture`] | QR codes as SVG, or as signs of a terminal |
//! | [`camt053`] | ISO 20022 camt.052, camt.053, camt.054, versions 01 to 08 |
//! | [`statement`] | what such a message says, as plain entries |
//! | [`matching`] | bank entries and the payments they carry out |

pub mod accounts;
pub mod camt053;
pub mod emv;
pub mod epc;
mod fault;
pub mod letters;
pub mod matching;
pub mod order;
pub mod pain001;
pub mod picture;
pub mod statement;
mod tree;

pub use accounts::Accounts;
pub use camt053::Unreadable;
pub use fault::{Fault, Faults};
pub use order::{Account, Address, Order, Party, Remittance};
