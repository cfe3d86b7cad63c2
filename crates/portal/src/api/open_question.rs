//! A question whose destination is said elsewhere.

use super::body;
use crate::problem::Problem;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::borrow::Cow;
use tidewaiter::Consignment;

/// A consignment in which `to` may be left out.
#[derive(Debug, Deserialize)]
pub(super) struct OpenConsignment(serde_json::Map<String, serde_json::Value>);

impl OpenConsignment {
    /// The consignment, without a destination where none is said.
    ///
    /// # Errors
    /// [`Problem`] naming the field that is wrong, below `within`.
    pub(super) fn read(mut self, within: &str) -> Result<Consignment, Problem> {
        self.0.entry("to").or_insert_with(|| "".into());
        body::part(self.0.into(), within)
    }
}

impl JsonSchema for OpenConsignment {
    fn schema_name() -> Cow<'static, str> {
        "OpenConsignment".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Consignment::json_schema(generator);
        if let Some(required) = schema.get_mut("required").and_then(|r| r.as_array_mut()) {
            required.retain(|name| name != "to");
        }
        schema
            .insert("description".into(), "A consignment in which `to` may be left out: it is said elsewhere.".into());
        schema
    }
}
