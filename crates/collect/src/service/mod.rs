//! The service: sellers apply, keep ledgers and send returns, authorities decide and receive. Each sees its own and nothing else.
//!
//! Every function that reads or changes something asks [`permission`] first, with who calls. Doors (pages, API) add nothing to that.

mod application;
mod authority;
mod border;
mod declaration;
mod filing;
mod log;
pub mod permission;
mod seller;
mod token;

pub use application::{Application, Asked, Kind, State, Verdict};
pub use authority::{Authority, Expected, Held, Standing, Vendor};
pub use border::{Compared, Finding, Uploaded};
pub use declaration::{Declaration, DeclaredBox, DeclaredCorrection, DeclaredRow};
pub use filing::{Opened, Receipt, Received};
pub use permission::{Caller, Operation, Role};
pub use token::Listed;

use crate::apply::{FormFault, NoNumber, Wrong};
use crate::draft::NoRate;
use crate::identifier::Identifiers;
use crate::ledger::Definitions;
use crate::store::{Store, StoreError};
use tidewaiter_repository::key::SecretKey;
use tidewaiter_repository::store::db::DbError;

/// The service: a store with the rules, and a key that signs receipts.
#[derive(Debug)]
pub struct Service {
    store: Store,
    definitions: Definitions,
    identifiers: Identifiers,
    key: Option<SecretKey>,
}

/// Why something was not done. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller may not.
    #[error("this token does not allow that")]
    NotYours,
    /// There is no such thing, or the caller may not know of it.
    #[error("there is nothing called \"{0}\" here")]
    Nothing(String),
    /// What was handed over is wrong.
    #[error("{0}")]
    Wrong(String),
    /// An application that is not complete or right.
    #[error("{} of the fields must be put right", .0.len())]
    Fields(Vec<Wrong>),
    /// A form that cannot be used.
    #[error("{} things are wrong with the form", .0.len())]
    Form(Vec<FormFault>),
    /// Lines of a file, with what is wrong with each.
    #[error("{} lines of the file must be put right; nothing of it was kept", .0.len())]
    Lines(Vec<(u64, String)>),
    /// As things stand it cannot be done.
    #[error("{0}")]
    Stands(String),
    /// A return whose exchange rates are not known.
    #[error("{} exchange rates are not known: record them first", .0.len())]
    NoRates(Vec<NoRate>),
    /// The ledger did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A number could not be issued.
    #[error(transparent)]
    NoNumber(#[from] NoNumber),
    /// A mistake on our side.
    #[error("something is wrong inside: {0}")]
    Inside(String),
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        Self::Store(StoreError::Database(error))
    }
}

impl Service {
    /// Puts it together. Without a key no return can be received.
    pub fn new(store: Store, definitions: Definitions, identifiers: Identifiers, key: Option<SecretKey>) -> Self {
        Self { store, definitions, identifiers, key }
    }

    /// The ledgers: for those who run the machine. It asks nobody.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The rules.
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// Numbers with shapes and check digits.
    pub fn identifiers(&self) -> &Identifiers {
        &self.identifiers
    }

    fn definition(&self, scheme: &str) -> Result<&crate::Definition, Error> {
        self.definitions.get(scheme).ok_or_else(|| Error::Nothing(scheme.chars().take(60).collect()))
    }

    fn permit(&self, caller: &Caller, operation: Operation, of: &str) -> Result<(), Error> {
        if caller.may(operation, of) { Ok(()) } else { Err(Error::NotYours) }
    }
}

/// Nothing is an empty text in the tables.
fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// What was kept by this program and cannot be read is damaged.
fn kept<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|error| Error::Inside(format!("\"{text}\" as kept cannot be read: {error}")))
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::Inside(format!("what was kept cannot be read: {error}")))
}

fn written<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Inside(error.to_string()))
}
