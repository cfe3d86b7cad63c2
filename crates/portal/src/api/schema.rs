//! The shapes of the documents, for programs that write or read them.

use super::compare::{Compared, Comparison, Plain};
use super::fields::{Door, Given};
use super::reply::{self, Reply};
use super::table::Field;
use super::{batch, changes, economies, editions, exchange, measures, plan, suggestions};
use crate::carrier::asked::CarrierQuestion;
use crate::carrier::rates::CarrierRates;
use crate::desk::Desk;
use crate::problem::Problem;
use crate::store::{Letter, Receipt};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value};
use tidewaiter::quote::plan::Plan;
use tidewaiter::quote::reverse::Reverse;
use tidewaiter::ratebook::{EconomyView, ExchangeHistory};
use tidewaiter::record::Economy;
use tidewaiter::record::edition::Entry;
use tidewaiter::{Consignment, Quote};
use tidewaiter_finder::Answer;
use tidewaiter_finder::tree::Page;

/// Media type of a schema.
const SCHEMA_JSON: &str = "application/schema+json";

/// A document that has a schema of its own.
struct Document {
    name: &'static str,
    about: &'static str,
    schema: fn() -> Schema,
}

/// The schema of what is read.
fn asked<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}

/// The schema of what is written: what is always there is required.
fn told<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

const DOCUMENTS: &[Document] = &[
    Document { name: "consignment", about: "The question", schema: asked::<Consignment> },
    Document { name: "quote", about: "The answer", schema: told::<Quote> },
    Document { name: "batch-line", about: "One answer of many", schema: told::<batch::BatchLine> },
    Document { name: "comparison", about: "The same basket to many destinations", schema: asked::<Comparison> },
    Document { name: "compared", about: "What it costs at each", schema: told::<Compared> },
    Document {
        name: "suggested-quote",
        about: "A quote with goods codes beside it",
        schema: told::<suggestions::SuggestedQuote>,
    },
    Document { name: "plan", about: "Ways to divide an order", schema: told::<Plan> },
    Document {
        name: "reverse-question",
        about: "Which price lands at a total",
        schema: asked::<plan::ReverseQuestion>,
    },
    Document { name: "reverse", about: "Prices that land there", schema: told::<Reverse> },
    Document { name: "goods-answer", about: "Codes that words may mean", schema: told::<Answer> },
    Document { name: "goods-page", about: "A place of the tree of goods", schema: told::<Page> },
    Document { name: "economy", about: "Everything an economy charges", schema: told::<EconomyView> },
    Document { name: "tariff", about: "Measures of a goods code", schema: told::<measures::Tariff> },
    Document { name: "editions", about: "How fresh everything is", schema: told::<editions::Editions> },
    Document { name: "exchange-rates", about: "Exchange rates of a day", schema: told::<exchange::ExchangeRates> },
    Document { name: "changes", about: "What changes, and when", schema: told::<changes::Changes> },
    Document { name: "record", about: "The file of an economy, as it is written", schema: asked::<Economy> },
    Document { name: "edition", about: "A line of a published edition", schema: asked::<Entry> },
    Document { name: "carrier-question", about: "What a checkout asks a carrier", schema: asked::<CarrierQuestion> },
    Document { name: "carrier-rates", about: "What the checkout is told", schema: told::<CarrierRates> },
    Document { name: "letter", about: "What somebody says is wrong in the data", schema: asked::<Letter> },
    Document { name: "problem", about: "An answer that says no", schema: told::<Problem> },
];

/// The list of schemas.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Schemas {
    /// Each.
    schemas: Vec<SchemaOf>,
}

/// A document that has a schema.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SchemaOf {
    /// Its name, as in `/v1/schemas/{name}`.
    name: String,
    /// What it is.
    about: String,
}

/// Schemas
///
/// The documents that have a JSON Schema of their own, each by its name.
#[utoipa::path(get, path = "/v1/schemas", operation_id = "listSchemas", tag = "data",
    responses((status = 200, description = "Their names", body = ref("#/components/schemas/Schemas"), content_type = "application/json")))]
pub(super) async fn list(_: State<Desk>, _: Given<Plain>) -> Reply {
    let of = |one: &Document| SchemaOf { name: one.name.to_owned(), about: one.about.to_owned() };
    Ok(reply::json(&Schemas { schemas: DOCUMENTS.iter().map(of).collect() }))
}

/// A schema in its own media type.
pub(super) struct Shape;

impl Door for Shape {
    const FIELDS: &'static [&'static [Field]] = &[];
    const GIVES: &'static [&'static str] = &[SCHEMA_JSON, super::fields::JSON];
}

/// A schema
///
/// The JSON Schema (2020-12) of a document, made from the code that reads or writes it.
#[utoipa::path(get, path = "/v1/schemas/{name}", operation_id = "readSchema", tag = "data",
    params(("name" = String, Path, description = "Name of the document", max_length = 40, example = "quote")),
    responses(
        (status = 200, description = "The schema", body = ref("#/components/schemas/Schema"), content_type = "application/schema+json"),
        (status = 404, description = "There is no such document")))]
pub(super) async fn read(_: State<Desk>, Path(name): Path<String>, _: Given<Shape>) -> Reply {
    let document = DOCUMENTS.iter().find(|one| one.name == name);
    let document = document.ok_or_else(|| {
        Problem::not_found("There is no schema of that name. /v1/schemas lists those that there are.")
    })?;
    let mut answer = reply::json(&(document.schema)());
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(SCHEMA_JSON));
    Ok(answer)
}

/// Every shape that the OpenAPI document names, by its name there.
pub(super) fn components() -> Map<String, Value> {
    let place = |settings: SchemaSettings| settings.with(|s| s.definitions_path = "/components/schemas".into());
    let mut read = place(SchemaSettings::draft2020_12()).into_generator();
    name::<Consignment>(&mut read);
    name::<Comparison>(&mut read);
    name::<plan::ReverseQuestion>(&mut read);
    name::<Letter>(&mut read);
    name::<CarrierQuestion>(&mut read);
    let mut written = place(SchemaSettings::draft2020_12().for_serialize()).into_generator();
    name::<Quote>(&mut written);
    name::<batch::BatchLine>(&mut written);
    name::<Compared>(&mut written);
    name::<CarrierRates>(&mut written);
    name::<suggestions::SuggestedQuote>(&mut written);
    name::<Plan>(&mut written);
    name::<Reverse>(&mut written);
    name::<Answer>(&mut written);
    name::<Page>(&mut written);
    name::<economies::Economies>(&mut written);
    name::<economies::Territories>(&mut written);
    name::<economies::Currencies>(&mut written);
    name::<EconomyView>(&mut written);
    name::<measures::Tariff>(&mut written);
    name::<editions::Editions>(&mut written);
    name::<exchange::ExchangeRates>(&mut written);
    name::<ExchangeHistory>(&mut written);
    name::<changes::Changes>(&mut written);
    name::<Schemas>(&mut written);
    name::<Problem>(&mut written);
    name::<Receipt>(&mut written);
    let mut all = written.take_definitions(true);
    all.extend(read.take_definitions(true));
    super::collect::shapes::add(&mut all);
    all
}

fn name<T: JsonSchema>(generator: &mut SchemaGenerator) {
    let _ = generator.subschema_for::<T>();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_and_what_is_written_share_only_shapes_that_are_the_same() {
        let made = |settings: SchemaSettings, question: bool| {
            let mut generator = settings.into_generator();
            if question {
                name::<Consignment>(&mut generator);
                name::<Comparison>(&mut generator);
                name::<plan::ReverseQuestion>(&mut generator);
            } else {
                name::<Quote>(&mut generator);
                name::<EconomyView>(&mut generator);
            }
            generator.take_definitions(true)
        };
        let read = made(SchemaSettings::draft2020_12(), true);
        let written = made(SchemaSettings::draft2020_12().for_serialize(), false);
        for (name, shape) in &read {
            assert!(written.get(name).is_none_or(|other| other == shape), "{name} is two things");
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = DOCUMENTS.iter().map(|one| one.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), DOCUMENTS.len());
        assert!(!components().keys().any(|name| name.ends_with(char::is_numeric)), "two shapes have one name");
    }
}
