//! The name of a scheme and who receives its returns.

use serde::{Deserialize, Serialize};

/// Name of a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Its key, as the economy files have it: `eu.ioss`.
    pub key: String,
    /// Its full name.
    pub name: String,
    /// Territory to which it belongs.
    pub territory: String,
    /// Who receives the returns.
    pub receives: String,
    /// Key of the identifier that a registered seller gets.
    pub number: String,
    /// Facts.
    pub cites: Vec<String>,
}
