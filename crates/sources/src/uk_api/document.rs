//! A response as a list of resources, whichever of the two shapes it has.
//!
//! The API answers in JSON:API: resources under `data` and `included` that name each other by type and number. The duty
//! calculator keeps the same resources resolved: an object holds the resources it refers to. [`Node`] reads both alike.

use super::json::Json;
use std::collections::HashMap;
use tidewaiter::Decimal;

type Index<'d> = HashMap<(&'d str, &'d str), &'d Json>;

/// One resource.
#[derive(Clone, Copy)]
pub(super) struct Node<'d> {
    value: &'d Json,
    /// The other resources; absent in the resolved shape.
    index: Option<&'d Index<'d>>,
}

/// A document: every resource with its type, in the order of the file.
pub(super) struct Document<'d> {
    pub(super) resources: Vec<(&'d str, Node<'d>)>,
    /// How many of them the request asked for; they come first.
    pub(super) asked: usize,
}

/// Relations of the resolved shape and the type of what they hold.
const RELATIONS: &[(&str, &str)] = &[
    ("additional_code", "additional_code"),
    ("ancestors", "commodity"),
    ("chapter", "chapter"),
    ("children_geographical_areas", "geographical_area"),
    ("definition", "definition"),
    ("duty_expression", "duty_expression"),
    ("excluded_countries", "geographical_area"),
    ("export_measures", "measure"),
    ("footnotes", "footnote"),
    ("geographical_area", "geographical_area"),
    ("geographical_areas", "geographical_area"),
    ("heading", "heading"),
    ("import_measures", "measure"),
    ("legal_acts", "legal_act"),
    ("measure_components", "measure_component"),
    ("measure_condition_components", "measure_condition_component"),
    ("measure_conditions", "measure_condition"),
    ("measure_type", "measure_type"),
    ("measurement_unit", "measurement_unit"),
    ("measurement_unit_qualifier", "measurement_unit_qualifier"),
    ("order_number", "order_number"),
    ("preference_code", "preference_code"),
    ("resolved_measure_components", "measure_component"),
    ("section", "section"),
];

/// Why a document cannot be read.
pub(super) struct Unknown(pub(super) String);

/// The JSON:API resources by type and number.
pub(super) fn index(json: &Json) -> Index<'_> {
    let mut index = HashMap::new();
    for resource in ["data", "included"].into_iter().flat_map(|key| items(json.get(key))) {
        if let (Some(kind), Some(id)) = (field(resource, "type"), field(resource, "id")) {
            // The first of several stands; the others are counted where resources are read.
            index.entry((kind, id)).or_insert(resource);
        }
    }
    index
}

fn field<'d>(json: &'d Json, key: &str) -> Option<&'d str> {
    json.get(key).and_then(Json::as_text)
}

/// One thing or a list of them.
fn items(json: Option<&Json>) -> &[Json] {
    match json {
        Some(Json::List(items)) => items,
        Some(one @ Json::Object(_)) => std::slice::from_ref(one),
        _ => &[],
    }
}

impl<'d> Document<'d> {
    /// Tells which of the shapes a document has, by its content.
    pub(super) fn new(json: &'d Json, index: &'d Index<'d>) -> Result<Self, Unknown> {
        if json.get("data").is_some() {
            return Self::of_json_api(json, index);
        }
        let mut resources = Vec::new();
        let asked: Vec<(&'d str, &'d Json)> = match json {
            Json::List(all) => {
                let mut asked = Vec::with_capacity(all.len());
                for (place, item) in all.iter().enumerate() {
                    let kind = kind_of_resolved(item).ok_or_else(|| {
                        Unknown(format!("item {} of the list is none of the resources of the UK tariff API", place + 1))
                    })?;
                    asked.push((kind, item));
                }
                asked
            }
            Json::Object(_) => match kind_of_resolved(json) {
                Some(kind) => vec![(kind, json)],
                None => return Err(Unknown(describe(json))),
            },
            _ => return Err(Unknown("it is neither a JSON object nor a list".into())),
        };
        for (kind, item) in &asked {
            resources.push((*kind, Node { value: item, index: None }));
        }
        let asked_count = resources.len();
        for (_, item) in asked {
            inner(item, &mut resources);
        }
        Ok(Self { resources, asked: asked_count })
    }

    fn of_json_api(json: &'d Json, index: &'d Index<'d>) -> Result<Self, Unknown> {
        let mut resources = Vec::new();
        let mut asked = 0;
        for (place, key) in ["data", "included"].into_iter().enumerate() {
            for resource in items(json.get(key)) {
                let kind = field(resource, "type");
                let (Some(kind), Some(_)) = (kind, field(resource, "id")) else {
                    return Err(Unknown(format!("a resource under \"{key}\" has no type and id, as JSON:API demands")));
                };
                resources.push((kind, Node { value: resource, index: Some(index) }));
            }
            if place == 0 {
                asked = resources.len();
            }
        }
        Ok(Self { resources, asked })
    }
}

/// What an object of the resolved shape is.
fn kind_of_resolved(item: &Json) -> Option<&'static str> {
    let has = |key: &str| item.get(key).is_some();
    if has("import_measures") && has("goods_nomenclature_item_id") {
        Some(if field(item, "goods_nomenclature_item_id").is_some_and(|code| code.ends_with("000000")) {
            "heading"
        } else {
            "commodity"
        })
    } else if has("children_geographical_areas") && has("geographical_area_id") {
        Some("geographical_area")
    } else if has("scheme_code") && has("countries") {
        Some("rules_of_origin_scheme")
    } else if item.get("attributes").is_some_and(|inner| inner.get("child_monetary_unit_code").is_some()) {
        Some("monetary_exchange_rate")
    } else {
        None
    }
}

/// What a text is that a web server sends in the place of an answer: an error line (`error code: 1008`), or a page.
pub(super) fn refusal(text: &str) -> Option<String> {
    const NEXT: &str = "Open the address in a browser; if it answers there, ask again later or from another connection, and save that answer";
    let start: String = text.trim_start_matches('\u{feff}').trim().chars().take(60).collect();
    let small = start.to_lowercase();
    if let Some(code) = small.strip_prefix("error code:") {
        let code = code.trim();
        return Some(format!(
            "the web server in front of the tariff refused the request (error code {code}): the file holds that refusal and no tariff. {NEXT}"
        ));
    }
    let is_page = small.starts_with("<!doctype") || small.starts_with("<html");
    is_page.then(|| format!("it is a web page, no JSON document: the file holds no tariff. {NEXT}"))
}

fn describe(json: &Json) -> String {
    let errors = items(json.get("errors")).first();
    if let Some(error) = errors.and_then(|error| field(error, "detail").or_else(|| field(error, "title"))) {
        return format!("it is an error of the API ({error}); ask again and save the answer");
    }
    if let Some(error) = field(json, "error") {
        return format!("it is an error of the API ({error}); ask again and save the answer");
    }
    "it is no response of the UK tariff API: such a document has \"data\" with resources".into()
}

/// The resources inside a resource of the resolved shape.
fn inner<'d>(item: &'d Json, out: &mut Vec<(&'d str, Node<'d>)>) {
    for (key, value) in item.as_object().unwrap_or_default() {
        if key == "meta" || key == "attributes" {
            continue;
        }
        // A relation that is not known is a type by its own name, so that it is counted.
        let kind = RELATIONS.iter().find(|(relation, _)| relation == key).map_or(key.as_str(), |(_, kind)| kind);
        for part in items(Some(value)).iter().filter(|part| part.as_object().is_some()) {
            out.push((kind, Node { value: part, index: None }));
            inner(part, out);
        }
    }
}

impl<'d> Node<'d> {
    /// Its number. Of an area it is the code, also where none stands under `id`.
    pub(super) fn id(&self) -> &'d str {
        field(self.value, "id").or_else(|| self.text("id")).unwrap_or_default()
    }

    /// A field of its own.
    pub(super) fn field(&self, name: &str) -> Option<&'d Json> {
        match self.value.get("attributes") {
            Some(attributes @ Json::Object(_)) => attributes.get(name),
            _ => self.value.get(name),
        }
    }

    /// All its own fields that are no list and no object.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&'d str, &'d Json)> {
        let fields = self.value.get("attributes").unwrap_or(self.value).as_object().unwrap_or_default();
        fields
            .iter()
            .filter(|(_, value)| !matches!(value, Json::List(_) | Json::Object(_) | Json::Null))
            .map(|(name, value)| (name.as_str(), value))
    }

    /// A text or number; nothing if empty.
    pub(super) fn text(&self, name: &str) -> Option<&'d str> {
        self.field(name).and_then(Json::as_text).filter(|text| !text.is_empty())
    }

    /// A text, also an empty one.
    pub(super) fn stated(&self, name: &str) -> Option<&'d str> {
        self.field(name).and_then(Json::as_text)
    }

    /// A number, exact.
    pub(super) fn number(&self, name: &str) -> Result<Option<Decimal>, &'d str> {
        match self.text(name) {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| text),
        }
    }

    /// The note that belongs to the duty calculator, beside the resource.
    pub(super) fn calculator(&self) -> Option<&'d Json> {
        self.value.get("meta").and_then(|meta| meta.get("duty_calculator"))
    }

    fn relation(&self, name: &str) -> Option<&'d Json> {
        match self.index {
            Some(_) => self.value.get("relationships")?.get(name)?.get("data"),
            None => self.value.get(name),
        }
    }

    /// Whether a relation is stated, also if it is empty.
    pub(super) fn states(&self, name: &str) -> bool {
        self.relation(name).is_some()
    }

    /// The resources it refers to under a name, as far as the document holds them.
    pub(super) fn many(&self, name: &str) -> Vec<Self> {
        let Some(index) = self.index else {
            return items(self.relation(name)).iter().map(|value| Self { value, index: None }).collect();
        };
        let found = items(self.relation(name)).iter().filter_map(|link| {
            let key = (field(link, "type")?, field(link, "id")?);
            index.get(&key).map(|value| Self { value, index: self.index })
        });
        found.collect()
    }

    /// Numbers of the resources it refers to, also of those the document does not hold.
    pub(super) fn names(&self, name: &str) -> Vec<&'d str> {
        items(self.relation(name)).iter().filter_map(|link| field(link, "id")).collect()
    }

    /// The names of its relations in JSON:API; none in the resolved shape.
    pub(super) fn relations(&self) -> Vec<&'d str> {
        let relations = self.value.get("relationships").and_then(Json::as_object).unwrap_or_default();
        relations.iter().map(|(name, _)| name.as_str()).collect()
    }

    pub(super) fn one(&self, name: &str) -> Option<Self> {
        self.many(name).into_iter().next()
    }
}
