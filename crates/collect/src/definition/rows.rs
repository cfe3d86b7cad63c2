//! Returns of rows: what tells one from another.

use serde::{Deserialize, Serialize};

/// For returns of rows: what tells one row from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowsRule {
    /// What sales of one row have in common.
    pub by: Vec<RowKey>,
    /// Names of its two figures, for people.
    #[serde(default)]
    pub columns: Columns,
    /// Facts.
    pub cites: Vec<String>,
}

/// What may tell rows apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKey {
    /// The territory of the buyer.
    MemberState,
    /// The territory from which the goods were sent.
    DispatchedFrom,
    /// Standard or reduced.
    RateType,
    /// The rate itself.
    Rate,
}

/// Names of the figures of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// Of what tax is reckoned on.
    pub net: String,
    /// Of the tax.
    pub tax: String,
}

impl Default for Columns {
    fn default() -> Self {
        Self { net: "Taxable amount".into(), tax: "Tax".into() }
    }
}
