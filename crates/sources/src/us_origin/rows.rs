//! Rows of the corpora, as they stand in the JSON.

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleRow {
    pub(super) rule_id: String,
    pub(super) regime: String,
    pub(super) htsus: String,
    pub(super) scope: Vec<String>,
    pub(super) alternatives: Vec<Value>,
    pub(super) section: String,
    pub(super) text: String,
    pub(super) vintage: String,
    pub(super) source_url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Alternative {
    pub(super) kind: String,
    pub(super) shift: Option<Shift>,
    pub(super) target: Option<Target>,
    pub(super) text: String,
    pub(super) residual: bool,
    pub(super) condition: Option<String>,
    pub(super) sequence: Option<u32>,
    pub(super) is_fallback: bool,
    pub(super) unparsed_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shift {
    pub(super) sources: Vec<Origin>,
    pub(super) excluded: Vec<String>,
    #[serde(default)]
    pub(super) excluded_when: Vec<ExcludedWhen>,
    pub(super) excluded_descriptions: Vec<String>,
    pub(super) provisos: Vec<String>,
    pub(super) raw_source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Origin {
    pub(super) kind: String,
    pub(super) level: Option<String>,
    #[allow(dead_code, reason = "the text names them")]
    pub(super) ranges: Vec<String>,
    pub(super) outside_that_group: bool,
    pub(super) text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExcludedWhen {
    pub(super) ranges: Vec<String>,
    pub(super) when: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Target {
    pub(super) ranges: Vec<String>,
    pub(super) description: Option<String>,
    pub(super) excluding_description: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    pub(super) section_id: String,
    pub(super) heading: String,
    pub(super) text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Term {
    pub(super) term: String,
    pub(super) defined_in: String,
    pub(super) paragraph: Option<String>,
    pub(super) definition: String,
    pub(super) verb: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Use {
    pub(super) term: String,
    pub(super) used_in: String,
    pub(super) quote: String,
    #[allow(dead_code, reason = "it is in the section's text")]
    pub(super) in_definition: bool,
}
