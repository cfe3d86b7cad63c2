//! A snapshot of VAT measures.

use super::{Import, ten_digits};
use crate::common::measure;
use crate::document;
use crate::{Entry, ImportError};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::edition::Official;
use tidewaiter::record::{Confidence, MeasureKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VatMeasure {
    pub(super) measure_id: String,
    pub(super) measure_type_id: String,
    pub(super) additional_code: String,
    pub(super) additional_code_id: String,
    pub(super) origin_goods_nomenclature: String,
    pub(super) origin_type: String,
    pub(super) effective_start_date: String,
    pub(super) effective_end_date: Option<String>,
    pub(super) source_url: String,
    pub(super) declarable_commodity_codes: Vec<String>,
    pub(super) connection_commodity_codes: Vec<String>,
    pub(super) source_response_sha256: String,
    pub(super) cohort_sha256: String,
    pub(super) cohort_verified_from_origin_response: bool,
}

impl Import<'_> {
    pub(super) fn vat(&mut self, mut document: Map<String, Value>) -> Result<(), ImportError> {
        let day = document.get("snapshot_date").map(document::text).unwrap_or_default();
        self.date = day.parse().map_err(|_| self.wrong("expected a date in \"snapshot_date\""))?;
        let (Some(Value::Array(measures)), Some(Value::Array(inventory))) =
            (document.remove("measures"), document.remove("commodity_measure_inventory"))
        else {
            return Err(self.wrong("expected the lists \"measures\" and \"commodity_measure_inventory\""));
        };
        let note =
            document.iter().map(|(name, value)| format!("{name}: {}", document::text(value))).collect::<Vec<_>>();
        let fact = self.fact(
            "gb.reference.vat",
            "VAT measures of the UK tariff that are not at the standard rate, for a few commodities.",
            Confidence::Medium,
            Some(note.join("; ")),
        )?;
        let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (row, value) in (1u64..).zip(measures) {
            self.account.read("vat_measure");
            let Some(vat) = document::record::<VatMeasure>(value, self.name, row, "measures", self.account) else {
                continue;
            };
            let goods = &vat.origin_goods_nomenclature;
            let code = match vat.origin_type.as_str() {
                _ if !ten_digits(goods) => None,
                "heading" => goods.ends_with("000000").then(|| goods[..4].to_owned()),
                "subheading" => {
                    let mut code = goods.as_str();
                    while code.len() > 6 {
                        let Some(shorter) = code.strip_suffix("00") else { break };
                        code = shorter;
                    }
                    Some(code.to_owned())
                }
                "commodity" => Some(goods.clone()),
                _ => None,
            };
            let Some(code) = code else {
                let found = format!("{} {goods}", vat.origin_type);
                self.account.refuse(
                    self.name,
                    row,
                    "origin_goods_nomenclature",
                    &found,
                    "a heading, subheading or commodity of ten digits",
                );
                continue;
            };
            let from = vat.effective_start_date.parse::<Date>();
            let last = vat.effective_end_date.as_deref().map(str::parse::<Date>).transpose();
            let (Ok(from), Ok(last)) = (from, last) else {
                self.account.refuse(
                    self.name,
                    row,
                    "effective_start_date",
                    &vat.effective_start_date,
                    "dates such as 2024-09-25",
                );
                continue;
            };
            known.insert(vat.measure_id.clone(), vat.declarable_commodity_codes.iter().cloned().collect());
            let other = [
                ("additional_code_id", vat.additional_code_id),
                ("origin_type", vat.origin_type),
                ("source_url", vat.source_url),
                ("declarable_commodity_codes", vat.declarable_commodity_codes.join(" ")),
                ("connection_commodity_codes", vat.connection_commodity_codes.join(" ")),
                ("source_response_sha256", vat.source_response_sha256),
                ("cohort_sha256", vat.cohort_sha256),
                ("cohort_verified_from_origin_response", vat.cohort_verified_from_origin_response.to_string()),
            ];
            let official = Official {
                id: Some(vat.measure_id),
                measure_type: Some(vat.measure_type_id),
                other: other.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
                ..Official::default()
            };
            let mut measure = measure(&code, MeasureKind::Vat, &fact);
            measure.additional_code = Some(vat.additional_code);
            (measure.from, measure.before) = (Some(from), last.and_then(|last| last.tomorrow().ok()));
            measure.official = Some(Box::new(official));
            self.take("measure", Entry::Measure(measure))?;
        }
        for (row, value) in (1u64..).zip(inventory) {
            self.account.read("vat_commodity");
            let code = value.get("commodity_code").map(document::text).unwrap_or_default();
            let ids = value.get("applicable_non_standard_measure_ids").and_then(Value::as_array);
            let same = ids.is_some_and(|ids| {
                !ids.is_empty()
                    && ids.iter().all(|id| known.get(&document::text(id)).is_some_and(|codes| codes.contains(&code)))
            });
            if same {
                self.account.left_out("a commodity: it stands in its measures");
            } else {
                self.account.refuse(
                    self.name,
                    row,
                    "commodity_measure_inventory",
                    &code,
                    "a commodity of the measures it names",
                );
            }
        }
        Ok(())
    }
}
