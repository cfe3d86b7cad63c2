//! What an OpenAPI 3.1 document says of an API, as far as the page shows it. The document is the contract; nothing is said here that it
//! does not say.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// References that lead to references: more than any document needs, fewer than a circle.
const DEEPEST: usize = 8;
/// Methods in the order in which they are shown.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// A document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Document<'a>(pub(super) &'a Value);

/// A door of the API.
#[derive(Debug)]
pub(super) struct Operation<'a> {
    /// `get`, `post`.
    pub(super) method: &'a str,
    /// `/v1/economies/{code}`.
    pub(super) path: &'a str,
    /// The group it belongs to.
    pub(super) tag: &'a str,
    pub(super) summary: &'a str,
    pub(super) description: &'a str,
    pub(super) parameters: Vec<Parameter<'a>>,
    pub(super) body: Option<Content<'a>>,
    pub(super) answers: Vec<Answer<'a>>,
}

/// A parameter in the address or the headers.
#[derive(Debug)]
pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    /// `path`, `query`, `header`.
    pub(super) place: &'a str,
    pub(super) required: bool,
    pub(super) description: &'a str,
    pub(super) schema: &'a Value,
    /// As it would be typed; empty where none is given.
    pub(super) example: String,
}

/// What is sent, or comes back.
#[derive(Debug)]
pub(super) struct Content<'a> {
    /// `application/json`.
    pub(super) kind: &'a str,
    pub(super) schema: &'a Value,
    pub(super) example: Option<String>,
}

/// One kind of answer.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    /// `200`.
    pub(super) status: &'a str,
    pub(super) description: &'a str,
    pub(super) content: Option<Content<'a>>,
}

/// A field of an object.
#[derive(Debug)]
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) required: bool,
    pub(super) schema: &'a Value,
    pub(super) description: &'a str,
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

impl<'a> Document<'a> {
    /// Follows a reference to its end; what leads nowhere stays what it is.
    pub(super) fn resolved(self, mut value: &'a Value) -> &'a Value {
        for _ in 0..DEEPEST {
            let Some(to) = value.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#')) else { break };
            let Some(next) = self.0.pointer(to) else { break };
            value = next;
        }
        value
    }

    /// Groups with what they are, in the order of the document; those that only operations name come last.
    pub(super) fn groups(self) -> Vec<(&'a str, &'a str)> {
        let mut groups: Vec<(&str, &str)> =
            list(self.0, "tags").iter().map(|tag| (text(tag, "name"), text(tag, "description"))).collect();
        for operation in self.operations() {
            if !groups.iter().any(|(name, _)| *name == operation.tag) {
                groups.push((operation.tag, ""));
            }
        }
        groups
    }

    /// Every operation, by path.
    pub(super) fn operations(self) -> Vec<Operation<'a>> {
        let mut all = Vec::new();
        for (path, item) in members(self.0.get("paths")) {
            for method in METHODS {
                if let Some(value) = item.get(method) {
                    all.push(self.operation(method, path, item, value));
                }
            }
        }
        all
    }

    fn operation(self, method: &'a str, path: &'a str, item: &'a Value, value: &'a Value) -> Operation<'a> {
        let shared = list(item, "parameters").iter();
        let body = value.get("requestBody").map(|body| self.resolved(body));
        Operation {
            method,
            path,
            tag: list(value, "tags").first().and_then(Value::as_str).unwrap_or_default(),
            summary: text(value, "summary"),
            description: text(value, "description"),
            parameters: shared.chain(list(value, "parameters")).map(|p| self.parameter(self.resolved(p))).collect(),
            body: body.and_then(|body| self.content(body)),
            answers: members(value.get("responses"))
                .map(|(status, answer)| {
                    let answer = self.resolved(answer);
                    Answer { status, description: text(answer, "description"), content: self.content(answer) }
                })
                .collect(),
        }
    }

    fn parameter(self, value: &'a Value) -> Parameter<'a> {
        let schema = value.get("schema").unwrap_or(&Value::Null);
        let example = value.get("example").or_else(|| self.example_of(schema));
        Parameter {
            name: text(value, "name"),
            place: text(value, "in"),
            required: value.get("required").and_then(Value::as_bool).unwrap_or_default(),
            description: text(value, "description"),
            schema,
            // Of a list the first: a field of a form holds one.
            example: example
                .and_then(|e| e.as_array().map_or(Some(e), |all| all.first()))
                .map(plain)
                .unwrap_or_default(),
        }
    }

    /// The first kind of content, with its example.
    fn content(self, value: &'a Value) -> Option<Content<'a>> {
        let (kind, media) = members(value.get("content")).next()?;
        let schema = media.get("schema").unwrap_or(&Value::Null);
        let named = members(media.get("examples")).next().and_then(|(_, e)| self.resolved(e).get("value"));
        let example = media.get("example").or(named).or_else(|| self.example_of(schema));
        let example = example.map(|e| e.as_str().map_or_else(|| pretty(e), str::to_owned));
        Some(Content { kind, schema, example })
    }

    fn example_of(self, schema: &'a Value) -> Option<&'a Value> {
        let schema = self.resolved(schema);
        schema.get("example").or_else(|| list(schema, "examples").first())
    }

    /// Fields of an object, those that must be given first.
    pub(super) fn fields(self, schema: &'a Value) -> Vec<Field<'a>> {
        let schema = self.resolved(schema);
        let required = list(schema, "required");
        let of = |(name, value): (&'a String, &'a Value)| {
            let described = if value.get("description").is_some() { value } else { self.resolved(value) };
            Field {
                name,
                required: required.iter().any(|r| r.as_str() == Some(name)),
                schema: value,
                description: text(described, "description"),
            }
        };
        let mut fields: Vec<Field<'_>> = members(schema.get("properties")).map(of).collect();
        fields.sort_by_key(|field| !field.required);
        fields
    }

    /// The shapes that these operations take and give, and those that these are made of, by name.
    pub(super) fn shapes(self, operations: &[&Operation<'a>]) -> Vec<(&'a String, &'a Value)> {
        let mut open: Vec<&Value> = operations.iter().flat_map(|operation| operation.schemas()).collect();
        let mut named = BTreeSet::new();
        while let Some(value) = open.pop() {
            if let Some(name) = shape(value)
                && named.insert(name)
            {
                open.push(self.resolved(value));
            }
            open.extend(members(Some(value)).map(|(_, inner)| inner));
            open.extend(value.as_array().into_iter().flatten());
        }
        members(self.0.pointer("/components/schemas")).filter(|(name, _)| named.contains(name.as_str())).collect()
    }
}

impl<'a> Operation<'a> {
    /// What it takes and gives.
    fn schemas(&self) -> impl Iterator<Item = &'a Value> {
        let contents = self.body.iter().chain(self.answers.iter().filter_map(|answer| answer.content.as_ref()));
        self.parameters.iter().map(|parameter| parameter.schema).chain(contents.map(|content| content.schema))
    }
}

/// The name of the shape that a schema refers to.
pub(super) fn shape(schema: &Value) -> Option<&str> {
    schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/components/schemas/"))
}

/// The values that a field may have, where they are few.
pub(super) fn choices(schema: &Value) -> Vec<String> {
    let one = schema.get("const").map(plain);
    let among = list(schema, "enum").iter().filter(|v| !v.is_null()).map(plain);
    let any = ["oneOf", "anyOf"].iter().flat_map(|key| list(schema, key)).filter_map(|s| s.get("const")).map(plain);
    one.into_iter().chain(among).chain(any).collect()
}

/// A value as it is typed into a form.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value on lines of its own.
pub(super) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_are_followed_and_circles_end() {
        let value = json!({ "components": { "schemas": {
            "Sum": { "type": "object", "required": ["least"], "properties": {
                "most": { "type": "string" }, "least": { "type": "string", "description": "At least." } } },
            "Circle": { "$ref": "#/components/schemas/Circle" } } } });
        let document = Document(&value);
        let sum = json!({ "$ref": "#/components/schemas/Sum" });
        let fields = document.fields(&sum).iter().map(|f| (f.name, f.required, f.description)).collect::<Vec<_>>();
        assert_eq!(fields, [("least", true, "At least."), ("most", false, "")]);
        assert_eq!(shape(&sum), Some("Sum"));
        let circle = json!({ "$ref": "#/components/schemas/Circle" });
        assert!(document.fields(&circle).is_empty());
    }

    #[test]
    fn a_document_that_says_nothing_has_no_operations() {
        for value in [json!(null), json!({}), json!({ "paths": [] }), json!({ "paths": { "/x": { "get": 1 } } })] {
            let operations = Document(&value).operations();
            assert!(operations.len() <= 1);
        }
    }

    #[test]
    fn a_form_begins_with_one_of_a_list() {
        let value = json!({ "paths": { "/x": { "get": { "parameters": [
            { "name": "goods", "in": "query", "example": ["6109.10"] },
            { "name": "none", "in": "query", "example": [] } ] } } } });
        let operations = Document(&value).operations();
        let examples = operations[0].parameters.iter().map(|p| p.example.as_str()).collect::<Vec<_>>();
        assert_eq!(examples, ["6109.10", ""]);
    }

    #[test]
    fn choices_come_from_lists_and_constants() {
        assert_eq!(choices(&json!({ "enum": ["post", "express", null] })), ["post", "express"]);
        assert_eq!(choices(&json!({ "oneOf": [{ "const": "high" }, { "const": "low" }] })), ["high", "low"]);
        assert!(choices(&json!({ "type": "string" })).is_empty());
    }
}
