//! The columns explained: as a table of their own, and as a Frictionless Data Package 2.0 (<https://datapackage.org>) with a Table
//! Schema, by which programs load the tables with the right types.

use super::columns::{COLUMNS, Holds};
use super::comma::safe;
use super::editions;
use super::export::About;
use serde_json::{Value, json};

/// Where a table of the data package stands, relative to it, and its size and hash where they are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Which it is.
    pub form: Form,
    /// Name of the file beside the data package: letters, digits, `.`, `_` and `-`.
    pub file: String,
    /// Its size in bytes.
    pub bytes: Option<u64>,
    /// Its SHA-256.
    pub sha256: Option<String>,
}

/// A table of the data package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Records as CSV.
    Csv,
    /// Records as NDJSON.
    Ndjson,
    /// Records as Parquet.
    Parquet,
    /// Editions as CSV.
    Editions,
}

/// The type of a column in a Table Schema.
const fn schema_type(holds: Holds) -> &'static str {
    match holds {
        Holds::Text => "string",
        Holds::Day => "date",
        Holds::Number => "integer",
        Holds::Record => "object",
    }
}

/// The dictionary as CSV: name, type, whether each row has it, kinds of record that have it, what it says, an example.
pub fn csv() -> String {
    let quote = |text: &str| format!("\"{}\"", safe(text).replace('"', "\"\""));
    let rows = COLUMNS.iter().map(|column| {
        let required = if column.required { "yes" } else { "no" };
        let cells = [column.name, schema_type(column.holds), required, column.of, column.says, column.example];
        cells.map(quote).join(",") + "\r\n"
    });
    std::iter::once("name,type,required,of,says,example\r\n".to_owned()).chain(rows).collect()
}

/// `datapackage.json`: the tables, their columns, and the licences.
///
/// A licence that is a web address or a short name such as `CC-BY-4.0` stands among `licenses` as the specification wants it.
/// All licences stand word for word in `tidewaiter:licences`, and that of each edition in the table of editions.
pub fn data_package(about: &About, tables: &[Table]) -> Value {
    let mut package = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "tidewaiter-open-data",
        "title": format!("Duties, taxes and exchange rates published at {}", about.repository),
        "homepage": about.address,
        "created": about.made.to_string(),
        "tidewaiter:licences": about.licences,
        "resources": tables.iter().map(|table| resource(table, tables)).collect::<Vec<_>>(),
    });
    let licences: Vec<Value> = about.licences.iter().filter_map(|text| licence(text)).collect();
    // An empty list is not allowed.
    if !licences.is_empty() {
        package["licenses"] = licences.into();
    }
    package
}

fn licence(text: &str) -> Option<Value> {
    let text = text.trim();
    let name = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    if text.starts_with("https://") && text.bytes().all(|b| b.is_ascii_graphic()) {
        Some(json!({ "path": text }))
    } else if !text.is_empty() && text.bytes().all(name) {
        Some(json!({ "name": text }))
    } else {
        None
    }
}

fn resource(table: &Table, all: &[Table]) -> Value {
    let with_editions = all.iter().any(|other| other.form == Form::Editions);
    let (name, format, media_type) = match table.form {
        Form::Csv => ("records-csv", "csv", "text/csv"),
        Form::Ndjson => ("records-ndjson", "ndjson", "application/x-ndjson"),
        Form::Parquet => ("records-parquet", "parquet", "application/vnd.apache.parquet"),
        Form::Editions => ("editions", "csv", "text/csv"),
    };
    let mut resource = json!({
        "name": name,
        "type": "table",
        "path": table.file,
        "format": format,
        "mediatype": media_type,
        "encoding": "utf-8",
        "schema": if table.form == Form::Editions { editions_schema() } else { records_schema(with_editions) },
    });
    if let Some(bytes) = table.bytes {
        resource["bytes"] = bytes.into();
    }
    if let Some(sha256) = &table.sha256 {
        resource["hash"] = format!("sha256:{sha256}").into();
    }
    resource
}

fn records_schema(with_editions: bool) -> Value {
    let fields: Vec<Value> = COLUMNS
        .iter()
        .map(|column| {
            let mut field = json!({
                "name": column.name,
                "type": schema_type(column.holds),
                "description": format!("{} (in: {})", column.says, column.of),
                "example": column.example,
            });
            if column.required {
                field["constraints"] = json!({ "required": true });
            }
            field
        })
        .collect();
    let mut schema = json!({ "fields": fields, "missingValues": [""] });
    if with_editions {
        schema["foreignKeys"] = json!([{
            "fields": ["authority", "first_edition"],
            "reference": { "resource": "editions", "fields": ["authority", "number"] },
        }]);
    }
    schema
}

fn editions_schema() -> Value {
    let field = |(name, kind, says): &(&str, &str, &str)| json!({ "name": name, "type": kind, "description": says });
    json!({
        "fields": editions::COLUMNS.iter().map(field).collect::<Vec<_>>(),
        "primaryKey": ["authority", "number"],
        "missingValues": [""],
    })
}
