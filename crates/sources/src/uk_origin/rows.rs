//! Schemes and rule sets, as they stand in the JSON.

use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scheme {
    pub(super) scheme_code: String,
    pub(super) title: String,
    #[serde(default)]
    pub(super) validity_start_date: Option<String>,
    #[serde(default)]
    pub(super) validity_end_date: Option<String>,
    #[serde(default)]
    pub(super) proofs: Vec<Value>,
    #[serde(default)]
    pub(super) proof_codes: Map<String, Value>,
    #[serde(default)]
    pub(super) show_proofs_for_geographical_areas: Vec<String>,
    #[serde(default)]
    pub(super) cumulation_methods: Map<String, Value>,
    #[serde(default)]
    pub(super) ord: Map<String, Value>,
    #[serde(default)]
    pub(super) articles: Map<String, Value>,
    #[serde(default)]
    pub(super) features: Map<String, Value>,
    #[serde(default)]
    pub(super) introductory_notes_file: Option<String>,
    #[serde(default)]
    pub(super) fta_intro_file: Option<String>,
    #[serde(default)]
    pub(super) links: Vec<Value>,
    #[serde(default)]
    pub(super) explainers: Vec<Value>,
    #[serde(default)]
    pub(super) countries: Vec<String>,
    #[serde(default)]
    pub(super) footnote: Option<String>,
    #[serde(default)]
    pub(super) notes: Option<String>,
    #[serde(default)]
    pub(super) unilateral: Option<bool>,
    #[serde(default)]
    pub(super) adopted_by_uk: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProofRow {
    pub(super) summary: String,
    pub(super) subtext: String,
    pub(super) proof_class: String,
    pub(super) detail: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CumulationRow {
    pub(super) countries: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkRow {
    pub(super) text: String,
    pub(super) url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleSet {
    pub(super) heading: String,
    #[serde(default)]
    pub(super) chapter: Option<u8>,
    #[serde(default)]
    pub(super) subdivision: Option<String>,
    pub(super) min: String,
    pub(super) max: String,
    pub(super) rules: Vec<Value>,
    pub(super) valid: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleRow {
    pub(super) rule: String,
    pub(super) class: Vec<String>,
    pub(super) footnotes: Vec<String>,
    pub(super) operator: Option<String>,
    pub(super) quota: bool,
    pub(super) import: bool,
    pub(super) export: bool,
}
