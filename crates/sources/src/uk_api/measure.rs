//! A measure of a response as a [`Measure`] record.

use super::condition::{self, Compiled, Truth};
use super::document::Node;
use super::{Import, day_after, first_day, trimmed};
use crate::duty_expression::{self, Style, Unsayable};
use std::collections::BTreeMap;
use tidewaiter::record::edition::{Component, MeasureCondition, Official};
use tidewaiter::record::expression::Condition;
use tidewaiter::record::{Dated, DatedValue, Measure, MeasureKind, Places, Rate, Verdict, Written, grammar};

/// Most additional codes of one measure type and area that the code of all others excludes by name.
const MOST_CODES: usize = 500;
/// Most conditions of a measure.
const MOST_CONDITIONS: usize = 500;

/// What is refused: a field, what stands there, what was expected.
pub(super) struct Refused {
    pub(super) column: String,
    pub(super) found: String,
    pub(super) expected: String,
}

impl Refused {
    pub(super) fn new(column: &str, found: &str, expected: &str) -> Self {
        Self { column: column.into(), found: found.into(), expected: expected.into() }
    }
}

/// Where a measure stands in its response.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Trade {
    pub(super) import: bool,
    pub(super) export: bool,
}

/// What a response says about the goods it was asked for.
pub(super) struct Goods<'d> {
    pub(super) code: String,
    /// The supplementary unit, as a key of ours.
    pub(super) supplementary: Option<&'static str>,
    /// Additional codes by measure type and area.
    pub(super) additional: BTreeMap<(&'d str, &'d str), BTreeMap<&'d str, &'d str>>,
    /// How many VAT measures it lists.
    pub(super) vats: usize,
}

impl<'d> Goods<'d> {
    pub(super) fn new(primary: Node<'d>) -> Result<Self, Refused> {
        let item = primary.text("goods_nomenclature_item_id").unwrap_or_default();
        let code =
            trimmed(item).ok_or_else(|| Refused::new("goods_nomenclature_item_id", item, "a code of ten digits"))?;
        let mut goods = Self { code, supplementary: None, additional: BTreeMap::new(), vats: 0 };
        for measure in primary.many("import_measures") {
            let Some(kind) = measure.one("measure_type") else { continue };
            let series = kind.text("measure_type_series_id").unwrap_or_default();
            if series == "P" {
                goods.vats += 1;
            }
            if series == "O" {
                goods.supplementary = supplementary_unit(measure);
            }
            if let Some(additional) = measure.one("additional_code") {
                let area = measure.one("geographical_area").map(|area| area.id()).unwrap_or_default();
                let list = goods.additional.entry((kind.id(), area)).or_default();
                let code = additional.text("code").unwrap_or_default();
                list.insert(code, additional.text("description").unwrap_or_default());
            }
        }
        Ok(goods)
    }

    /// When a measure with an additional code is meant: where that code is stated, or, for the code of all others, where none
    /// of those is.
    fn additional_code(&self, kind: &str, area: &str, code: &str, is_charge_on_goods: bool) -> Truth {
        let Some(all) = self.additional.get(&(kind, area)) else { return Truth::document(code) };
        if all.len() == 1 && is_charge_on_goods {
            // One excise code for all goods of the line: there is nothing to choose.
            return Truth::Always;
        }
        let residual = all.get(code).is_some_and(|says| is_residual(says));
        if residual && (2..=MOST_CODES).contains(&all.len()) {
            let others: Vec<&str> = all.keys().copied().filter(|other| *other != code).collect();
            return Truth::no_document(&others);
        }
        Truth::document(code)
    }

    /// Whether there are too many additional codes to name all others in one condition.
    fn has_too_many_codes(&self, kind: &str, area: &str) -> bool {
        self.additional.get(&(kind, area)).is_some_and(|all| all.len() > MOST_CODES)
    }
}

/// The unit that a measure of series O asks to declare.
pub(super) fn supplementary_unit(measure: Node<'_>) -> Option<&'static str> {
    let part = measure.many("measure_components").into_iter().next()?;
    let unit = part.text("measurement_unit_code")?;
    duty_expression::unit_key(unit, part.text("measurement_unit_qualifier_code")).ok()
}

/// Whether an additional code is the one for everybody else.
fn is_residual(description: &str) -> bool {
    let text = description.trim().to_ascii_lowercase();
    text == "other" || text.starts_with("all other")
}

/// What becomes of one measure.
pub(super) struct Made {
    pub(super) measure: Measure,
    /// A second record: what happens where a code is not allowed, or no excise code is stated.
    pub(super) more: Vec<Measure>,
    pub(super) rate: Option<Rate>,
    /// For an excise of several codes: whether it applies only where its code is stated, not where no other one is.
    pub(super) chosen: Option<bool>,
    /// What no quote can compute.
    pub(super) inexpressible: Vec<String>,
}

/// The kind of a measure by its series and type.
fn kind_of(series: &str, kind: &str, has_components: bool) -> (MeasureKind, Option<&'static str>) {
    match (series, kind) {
        ("C", "103") => (MeasureKind::ThirdCountry, None),
        ("C", "106" | "142" | "145") => (MeasureKind::Preference, None),
        ("C", "105" | "112" | "115" | "117" | "119" | "141") => (MeasureKind::Suspension, None),
        ("C", "122" | "123" | "143" | "146" | "147") => (MeasureKind::Quota, None),
        ("D", "551" | "552") => (MeasureKind::AntiDumping, None),
        ("D", "553" | "554") => (MeasureKind::Countervailing, None),
        ("J", "696") => (MeasureKind::Safeguard, None),
        ("J" | "F", _) if has_components => (MeasureKind::Additional, None),
        ("Q", _) => (MeasureKind::Excise, None),
        ("P", _) => (MeasureKind::Vat, None),
        ("O", _) => (MeasureKind::SupplementaryUnit, None),
        ("A", _) => (MeasureKind::Prohibition, None),
        ("M", _) => (MeasureKind::Control, Some("a standard import value: entry prices are not computed")),
        (_, _) if has_components => (MeasureKind::Control, Some("a measure type that no quote computes with")),
        _ => (MeasureKind::Control, None),
    }
}

/// Class of a VAT rate by additional code and old measure type.
fn vat_class(additional: Option<&str>, kind: &str) -> &'static str {
    match additional.unwrap_or(kind) {
        "VATZ" | "VTZ" => "zero",
        "VATR" | "VATA" | "VTR" | "VTA" => "reduced",
        "VATE" | "VTE" | "VTX" => "exempt",
        _ => "standard",
    }
}

impl Import<'_> {
    /// Makes the record of a measure.
    #[allow(clippy::too_many_lines, reason = "one field after the other, in the order of the record")]
    pub(super) fn measure(&self, node: Node<'_>, goods: &Goods<'_>, trade: Trade) -> Result<Made, Refused> {
        let id = node.id();
        let kind_node = node
            .one("measure_type")
            .ok_or_else(|| Refused::new("measure_type", id, "a measure type in the document"))?;
        let area = node
            .one("geographical_area")
            .ok_or_else(|| Refused::new("geographical_area", id, "a geographical area in the document"))?
            .id();
        let official = self.official(node, kind_node, area, trade)?;
        let series = kind_node.text("measure_type_series_id").unwrap_or_default();
        let type_id = kind_node.id();
        let (kind, unused) = kind_of(series, type_id, !official.components.is_empty());
        let mut inexpressible: Vec<String> = unused.into_iter().map(str::to_owned).collect();
        let mut measure = Measure {
            code: goods.code.clone(),
            kind,
            amount: None,
            outcome: None,
            says: None,
            origin: (area != super::ALL).then(|| Places::One(area.to_owned())),
            not_origin: node.many("excluded_countries").iter().map(|area| area.id().to_owned()).collect(),
            program: None,
            proof: None,
            when: None,
            additional_code: None,
            order_number: None,
            from: first_day(node, "effective_start_date")?,
            before: day_after(node, "effective_end_date")?,
            cites: vec![self.fact.clone()],
            official: None,
            note: None,
        };
        if trade.export && !trade.import {
            measure.note = Some("On export: not for goods that come in.".into());
        }
        let type_text = kind_node.text("description").unwrap_or_default();

        // Who may claim it.
        let order = node.one("order_number").and_then(|order| order.text("number").or(Some(order.id())));
        measure.order_number = order.map(str::to_owned);
        measure.program = match kind {
            MeasureKind::Quota => Some(format!("{}.{}", self.prefix(), order.unwrap_or(area))),
            MeasureKind::Preference => Some(format!("{}.{area}", self.prefix())),
            MeasureKind::Suspension if type_id == "141" => Some(format!("{}.{area}", self.prefix())),
            _ => None,
        }
        .map(Places::One);
        if kind == MeasureKind::Quota && order.is_none() {
            inexpressible.push("a quota without an order number".into());
        }

        // Conditions.
        let additional = node.one("additional_code").and_then(|additional| additional.text("code"));
        let code_truth = additional.map_or(Truth::Always, |code| {
            goods.additional_code(type_id, area, code, matches!(kind, MeasureKind::Excise | MeasureKind::Vat))
        });
        measure.additional_code = additional.map(str::to_owned);
        if additional.is_some() && goods.has_too_many_codes(type_id, area) {
            inexpressible.push("an additional code of all others, among too many to name".into());
        }
        let compiled = condition::compile(&official.conditions, goods.supplementary);
        let mut more = Vec::new();
        match &compiled {
            Err(reason) => {
                inexpressible.push(format!("a condition: {reason}"));
                measure.when = code_truth.written().map(Written::Words);
                if kind.is_charged() {
                    measure.outcome = Some(Verdict::Unknown);
                    measure.says = Some(format!("{type_text}: a condition of this measure cannot be tested here."));
                }
            }
            Ok(compiled) => {
                let truth = match kind {
                    MeasureKind::Control | MeasureKind::Prohibition => {
                        if official.conditions.is_empty() {
                            Truth::Always
                        } else {
                            compiled.open()
                        }
                    }
                    _ => compiled.applies.clone(),
                };
                let truth = match kind {
                    MeasureKind::Vat => truth,
                    _ => Truth::all([code_truth.clone(), truth]),
                };
                // An end use that no document shows is claimed.
                if kind == MeasureKind::Suspension
                    && type_id != "112"
                    && measure.program.is_none()
                    && truth == Truth::Always
                {
                    measure.program = Some(Places::One(format!("{}.authorised-use", self.prefix())));
                }
                measure.when = truth.written().map(Written::Words);
                measure.proof = proof(node, kind);
                if compiled.wrong_code != Truth::Never && kind == MeasureKind::ThirdCountry {
                    let mut refused = measure.clone();
                    refused.when =
                        Truth::all([code_truth.clone(), compiled.wrong_code.clone()]).written().map(Written::Words);
                    refused.outcome = Some(Verdict::NotAllowed);
                    refused.says = Some(
                        "The goods may be declared under this code only with the documents that the tariff names; \
                         without them choose another code."
                            .into(),
                    );
                    refused.note =
                        Some("Made from the action \"declared subheading not allowed\" of the measure.".into());
                    more.push(refused);
                }
            }
        }

        for one in more.iter_mut().chain([&mut measure]) {
            let Some(Written::Words(when)) = &one.when else { continue };
            if grammar::condition(when).is_err() {
                inexpressible.push("a condition that is too long".into());
                one.when = None;
                if kind.is_charged() {
                    one.outcome = Some(Verdict::Unknown);
                    one.says = Some(format!("{type_text}: a condition of this measure is too long to be tested here."));
                }
            }
        }

        // A measure with an additional code says when it is meant, also where there is nothing to choose.
        if kind.is_charged() && measure.additional_code.is_some() && measure.when.is_none() {
            measure.when = Some(Written::Words(Condition::Always.to_string()));
        }

        // Amount.
        if kind == MeasureKind::Vat {
            measure.amount = self.amount_of(&official.components, None)?.ok().flatten().map(Written::Words);
        } else if kind.is_charged() && measure.outcome.is_none() {
            let compiled = compiled.as_ref().ok();
            if compiled.is_some_and(|compiled| compiled.entry_price) {
                measure.outcome = Some(Verdict::FormalEntry);
                measure.says = Some(
                    "The duty depends on the entry price of the goods, which customs set for each consignment; a full \
                     customs entry is needed."
                        .into(),
                );
                inexpressible.push("an entry price".into());
            } else {
                match self.amount_of(&official.components, compiled)? {
                    Ok(Some(amount)) => measure.amount = Some(Written::Words(amount)),
                    Ok(None) => {
                        measure.outcome = Some(Verdict::Unknown);
                        measure.says = Some(format!("{type_text}: the tariff states no amount for it here."));
                        inexpressible.push("a charge without an amount".into());
                    }
                    Err(reason) => {
                        measure.outcome = Some(Verdict::Unknown);
                        measure.says = Some(match &reason {
                            Unsayable::Recipe => {
                                "The duty depends on how much milk fat, milk protein, starch and sugar \
                                                     the goods contain: state the four-digit Meursing code."
                                    .to_owned()
                            }
                            other => format!("{type_text}: the amount cannot be computed: {other}."),
                        });
                        inexpressible.push(match reason {
                            Unsayable::Recipe => "a recipe (Meursing code)".to_owned(),
                            Unsayable::Refund => "a refund on export".to_owned(),
                            Unsayable::Unit(unit) => format!("the unit {unit}"),
                            _ => "parts of a duty in no known order".to_owned(),
                        });
                    }
                }
            }
        } else if kind == MeasureKind::Prohibition {
            measure.outcome = Some(Verdict::Prohibited);
            measure.says = Some(format!("{type_text}: these goods of this origin may not come in."));
        }

        let rate = (kind == MeasureKind::Vat).then(|| self.rate(&measure, goods, type_id, type_text)).flatten();
        measure.official = Some(Box::new(official.clone()));
        for refused in &mut more {
            refused.amount = None;
            refused.official = Some(Box::new(official.clone()));
        }
        let chosen = match additional {
            Some(code) if kind == MeasureKind::Excise && code_truth != Truth::Always => {
                Some(code_truth == Truth::document(code))
            }
            _ => None,
        };
        Ok(Made { measure, more, rate, chosen, inexpressible })
    }

    /// The amount, or why there is none, or what is refused.
    #[allow(clippy::type_complexity, reason = "said in the line above")]
    fn amount_of(
        &self,
        components: &[Component],
        compiled: Option<&Compiled>,
    ) -> Result<Result<Option<String>, Unsayable>, Refused> {
        let retail = "GBP";
        let plain = duty_expression::amount(components, retail);
        let made = match (plain, compiled) {
            (Ok(plain), Some(compiled)) => compiled.amount(plain, retail),
            (plain, _) => plain,
        };
        if let Ok(Some(amount)) = &made
            && let Err(error) = grammar::amount(amount)
        {
            return Err(Refused::new("measure_components", amount, &format!("an amount; {error}")));
        }
        Ok(made)
    }

    fn official(&self, node: Node<'_>, kind: Node<'_>, area: &str, trade: Trade) -> Result<Official, Refused> {
        let refuse = |(column, found): (String, String)| Refused {
            column,
            found,
            expected: "a field of the UK tariff API, numbers in decimal digits".into(),
        };
        let components: Result<Vec<_>, _> =
            node.many("measure_components").into_iter().map(condition::component).collect();
        let components = components.map_err(refuse)?;
        let mut conditions: Vec<MeasureCondition> = Vec::new();
        let all = node.many("measure_conditions");
        if all.len() > MOST_CONDITIONS {
            let found = format!("{} conditions", all.len());
            return Err(Refused::new("measure_conditions", &found, "at most 500 conditions of a measure"));
        }
        for one in all {
            let code = one.text("condition_code").unwrap_or_default();
            let sequence = conditions.iter().filter(|other| other.code == code).count() as u32 + 1;
            conditions.push(condition::condition(one, sequence).map_err(refuse)?);
        }
        let duty = node.one("duty_expression");
        let mut other: BTreeMap<String, String> = BTreeMap::new();
        let mut say = |name: &str, value: Option<&str>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                other.insert(name.to_owned(), value.to_owned());
            }
        };
        for (name, value) in node.fields() {
            if !["id", "effective_start_date", "effective_end_date", "reduction_indicator", "type"].contains(&name) {
                say(
                    name,
                    Some(match value {
                        super::json::Json::Bool(true) => "true",
                        super::json::Json::Bool(false) => "false",
                        other => other.as_text().unwrap_or_default(),
                    }),
                );
            }
        }
        say(
            "trade",
            Some(match (trade.import, trade.export) {
                (true, true) => "import and export",
                (false, true) => "export",
                _ => "import",
            }),
        );
        say("verbose_duty", duty.and_then(|duty| duty.text("verbose_duty")));
        // The markup follows from the parts; only where it does not is it kept.
        let markup = duty.and_then(|duty| duty.stated("formatted_base")).unwrap_or_default();
        if markup != duty_expression::text(&components, Style::Markup) {
            say("formatted_base", Some(markup));
        }
        say("preference_code", node.one("preference_code").and_then(|code| code.text("code")));
        say("scheme_code", node.calculator().and_then(|note| note.get("scheme_code")).and_then(|code| code.as_text()));
        say("measure_type_series_id", kind.text("measure_type_series_id"));
        say("measure_type_description", kind.text("description"));
        let acts = node.many("legal_acts");
        let codes: Vec<&str> = acts.iter().filter_map(|act| act.text("regulation_code")).collect();
        let urls: Vec<&str> = acts.iter().filter_map(|act| act.text("regulation_url")).collect();
        say("regulation_url", Some(&urls.join(" ")));
        let excluded: Vec<&str> = node.many("excluded_countries").iter().map(|area| area.id()).collect();
        say("excluded_countries", Some(&excluded.join(" ")));
        let additional = node.one("additional_code");
        say("additional_code", additional.and_then(|code| code.text("code")));
        say("additional_code_description", additional.and_then(|code| code.text("description")));
        let reduction = node
            .text("reduction_indicator")
            .map(|text| text.parse::<u8>().map_err(|_| Refused::new("reduction_indicator", text, "a number up to 255")))
            .transpose()?;
        Ok(Official {
            id: Some(node.id().to_owned()),
            measure_type: Some(kind.id().to_owned()),
            area: Some(area.to_owned()),
            regulation: (!codes.is_empty()).then(|| codes.join("; ")),
            text: duty.and_then(|duty| duty.text("base")).map(str::to_owned),
            components,
            conditions,
            footnotes: node.many("footnotes").iter().filter_map(|note| note.text("code")).map(str::to_owned).collect(),
            reduction,
            other,
        })
    }

    /// A VAT measure as a rate of the table "vat". It names its code only where it is the only rate of the goods.
    fn rate(&self, measure: &Measure, goods: &Goods<'_>, kind: &str, type_text: &str) -> Option<Rate> {
        let Some(Written::Words(is)) = &measure.amount else { return None };
        let additional = measure.additional_code.as_deref();
        let class = vat_class(additional, kind);
        let only = goods.vats == 1 || class == "standard";
        let rest = if only { "goods of" } else { "some goods of" };
        let with = additional.map(|code| format!(", additional code {code}")).unwrap_or_default();
        Some(Rate {
            name: "vat".into(),
            class: class.into(),
            is: Dated::Values(vec![DatedValue {
                from: measure.from,
                before: measure.before,
                is: is.clone(),
                cites: Vec::new(),
            }]),
            goods: format!("{rest} {} ({type_text}{with})", goods.code),
            codes: if only { vec![goods.code.clone()] } else { Vec::new() },
            cites: measure.cites.clone(),
            note: None,
        })
    }
}

/// The documents that let a measure apply, in words, the alternatives of one condition joined by "or".
fn proof(node: Node<'_>, kind: MeasureKind) -> Option<String> {
    if matches!(kind, MeasureKind::Vat | MeasureKind::SupplementaryUnit) {
        return None;
    }
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for condition in node.many("measure_conditions") {
        let Some(document) = condition.text("document_code") else { continue };
        let action =
            condition.text("action_code").or_else(|| condition.text("action").and_then(condition::action_code));
        if matches!(action, Some("04" | "05" | "06" | "07" | "08" | "09" | "10")) {
            continue;
        }
        let code = condition.text("condition_code").unwrap_or_default();
        let words = condition.text("certificate_description").or_else(|| condition.text("requirement"));
        let says = words.map_or_else(|| document.to_owned(), |words| format!("{document}: {words}"));
        match groups.iter_mut().find(|(other, _)| *other == code) {
            Some((_, list)) => list.push(says),
            None => groups.push((code, vec![says])),
        }
    }
    let text = groups.into_iter().map(|(_, list)| list.join("; or ")).collect::<Vec<_>>().join("; and ");
    (!text.is_empty()).then_some(text)
}
