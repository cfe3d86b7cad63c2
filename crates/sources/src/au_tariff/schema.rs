//! The documents, as they were collected.

use crate::ImportError;
use crate::common::not_this;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    pub(super) number: String,
    #[serde(rename = "title")]
    pub(super) _title: String,
    pub(super) chapters: Vec<Chapter>,
    #[serde(rename = "notes")]
    pub(super) _notes: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chapter {
    #[serde(rename = "number")]
    pub(super) _number: u32,
    pub(super) title: String,
    pub(super) headings: Vec<Heading>,
    #[serde(rename = "notes")]
    pub(super) notes: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(non_snake_case, reason = "names of the file")]
pub(super) struct Heading {
    #[serde(rename = "code")]
    pub(super) _code: String,
    #[serde(rename = "description")]
    pub(super) _description: String,
    pub(super) classifications: Vec<Classification>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(non_snake_case, reason = "names of the file")]
pub(super) struct Classification {
    pub(super) referenceNumber: String,
    pub(super) statisticalCode: String,
    pub(super) unit: String,
    pub(super) description: String,
    pub(super) dutyRate: String,
    #[serde(rename = "tcoReferences")]
    pub(super) _concessions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(non_snake_case, reason = "names of the file")]
pub(super) struct Concession {
    pub(super) schedule: String,
    pub(super) ftaName: String,
    pub(super) hsCode: String,
    pub(super) description: String,
    pub(super) dutyRate: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Country {
    pub(super) country: String,
    pub(super) abbreviation: String,
    #[serde(rename = "part")]
    pub(super) _part: String,
}

/// A schedule, by its shape.
pub(super) enum Schedule {
    Countries(Vec<Country>),
    Classification(Vec<Section>),
    Agreements(BTreeMap<String, Vec<Concession>>),
}

pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Schedule, ImportError> {
    let first = match serde_json::from_slice(bytes) {
        Ok(list) => return Ok(Schedule::Classification(list)),
        Err(error) => error,
    };
    if let Ok(list) = serde_json::from_slice(bytes) {
        return Ok(Schedule::Countries(list));
    }
    match serde_json::from_slice(bytes) {
        Ok(list) => Ok(Schedule::Agreements(list)),
        Err(second) => Err(not_this(
            name,
            format!("neither schedule 3 ({first}), nor schedule 1, nor the schedules of agreements ({second})"),
        )),
    }
}
