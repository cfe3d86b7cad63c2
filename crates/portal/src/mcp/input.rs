//! Arguments of tools, and what is wrong with them.

use crate::problem::{Problem, Wrong};
use crate::suggest::Said;
use jiff::civil::Date;
use rmcp::model::JsonObject;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use tidewaiter::Consignment;

/// A language of goods names and questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Tongue {
    /// English.
    En,
    /// French.
    Fr,
    /// Spanish.
    Es,
}

impl From<Tongue> for tidewaiter_finder::Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::En => Self::En,
            Tongue::Fr => Self::Fr,
            Tongue::Es => Self::Es,
        }
    }
}

/// An answer to a question about what the goods are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    /// The item it is about, from 1; all items without a code when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) item: Option<usize>,
    /// Key of the question, as it was put: `made-of`.
    pub(super) question: String,
    /// Key of the answer: `cotton`.
    pub(super) answer: String,
}

impl From<Given> for Said {
    fn from(given: Given) -> Self {
        Self { item: given.item, question: given.question, answer: given.answer }
    }
}

/// A wrong argument.
pub(super) fn wrong(field: &str, value: &str, message: impl Into<tidewaiter::quote::said::Said>) -> Problem {
    let value = value.chars().take(60).collect();
    Problem::fields(vec![Wrong { field: field.to_owned(), value, message: message.into() }])
}

/// Reads arguments.
///
/// # Errors
/// The field that is wrong, and why.
pub(super) fn read<T: DeserializeOwned>(arguments: JsonObject) -> Result<T, Problem> {
    serde_path_to_error::deserialize(Value::Object(arguments)).map_err(|error| {
        let field = error.path().to_string();
        let field = if field == "." { "" } else { field.as_str() };
        wrong(field, "", error.inner().to_string())
    })
}

/// A question, with what a tool takes besides.
pub(super) struct Asked<Rest> {
    pub(super) consignment: Consignment,
    pub(super) rest: Rest,
}

/// Reads a consignment whose fields stand among those of `Rest`, which are named.
///
/// # Errors
/// As [`read`].
pub(super) fn question<Rest: DeserializeOwned>(
    mut arguments: JsonObject,
    names: &[&str],
) -> Result<Asked<Rest>, Problem> {
    let mut rest = JsonObject::new();
    for name in names {
        rest.extend(arguments.shift_remove_entry(*name));
    }
    let rest = read(rest)?;
    Ok(Asked { consignment: read(arguments)?, rest })
}

/// The shape of a consignment with the fields of `Rest` beside its own, and without some.
pub(super) fn question_schema<Rest: JsonSchema + 'static>(without: &[&str]) -> Arc<JsonObject> {
    let mut whole = super::schema_of::<Consignment>().as_ref().clone();
    let rest = super::schema_of::<Rest>();
    for key in ["properties", "$defs"] {
        let more = rest.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
        if let Some(own) = whole.get_mut(key).and_then(Value::as_object_mut) {
            own.extend(more);
            own.retain(|name, _| !without.contains(&name.as_str()));
        } else if !more.is_empty() {
            whole.insert(key.to_owned(), Value::Object(more));
        }
    }
    let more = rest.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some(own) = whole.get_mut("required").and_then(Value::as_array_mut) {
        own.extend(more);
        own.retain(|name| name.as_str().is_none_or(|name| !without.contains(&name)));
    }
    Arc::new(whole)
}

/// A day, as `2026-11-22`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(pub(super) Date);

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let day = text.parse().map_err(|_| serde::de::Error::custom("must be a day such as 2026-11-22"))?;
        Ok(Self(day))
    }
}

impl JsonSchema for Day {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}
