//! Resources other than measures and areas: lines, coded texts, quotas, exchange rates.

use super::condition::action_code;
use super::document::Node;
use super::json::Json;
use super::measure::{Refused, supplementary_unit};
use super::{Import, date, day_after, first_day, trimmed};
use crate::duty_expression;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::Decimal;
use tidewaiter::record::edition::{Entry, ExchangeRate, Line, Quota, Text, TextKind};

/// What becomes of a resource.
pub(super) enum Fate {
    Made(Vec<Entry>),
    /// A line, whether the resource states that goods may be declared under it, and its note.
    Line(Box<Line>, bool, Vec<Entry>),
    /// A part of another record, which names some coded texts on the way.
    Part(Vec<Entry>, &'static str),
    LeftOut(&'static str),
    Inexpressible(Vec<Entry>, &'static str),
}

fn text(kind: TextKind, code: String, says: Option<&str>) -> Text {
    let says = says.map(|says| BTreeMap::from([("en".to_owned(), says.to_owned())])).unwrap_or_default();
    Text { kind, code, says, from: None, before: None, other: BTreeMap::new() }
}

fn plain(value: &Json) -> String {
    match value {
        Json::Bool(true) => "true".into(),
        Json::Bool(false) => "false".into(),
        other => other.as_text().unwrap_or_default().to_owned(),
    }
}

/// Fields of a resource by their official names, without those that stand elsewhere, and the numbers of what it refers to.
fn rest(node: Node<'_>, without: &[&str]) -> BTreeMap<String, String> {
    let mut rest: BTreeMap<String, String> = node
        .fields()
        .filter(|(name, _)| !without.contains(name) && !["id", "type"].contains(name))
        .map(|(name, value)| (name.to_owned(), plain(value)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    for relation in node.relations() {
        let codes: Vec<&str> = node
            .many(relation)
            .iter()
            .map(|other| other.text("goods_nomenclature_item_id").unwrap_or_else(|| other.id()))
            .collect();
        let names = if codes.is_empty() { node.names(relation) } else { codes };
        if !names.is_empty() && !without.contains(&relation) {
            rest.entry(relation.to_owned()).or_insert_with(|| names.join(" "));
        }
    }
    rest
}

/// Text and other fields of a coded text, with its dates.
fn coded(node: Node<'_>, kind: TextKind, code: String, says: &str) -> Result<Text, Refused> {
    let mut made = text(kind, code, node.text(says));
    made.from = first_day(node, "validity_start_date")?;
    made.before = day_after(node, "validity_end_date")?;
    let mut without = vec![says, "validity_start_date", "validity_end_date"];
    if node.text("formatted_description") == node.text("description") {
        without.push("formatted_description");
    }
    made.other = rest(node, &without);
    Ok(made)
}

impl Import<'_> {
    pub(super) fn other(&self, kind: &str, node: Node<'_>, quotas: &BTreeSet<&str>) -> Result<Fate, Refused> {
        let one = |entry| Ok(Fate::Made(vec![entry]));
        match kind {
            "duty_expression" => Ok(Fate::LeftOut("a part of its measure")),
            "measure_component" => Ok(Fate::Part(duty_expression_text(node), "a part of its measure")),
            "measure_condition_component" => {
                Ok(Fate::Part(duty_expression_text(node), "a part of a condition of its measure"))
            }
            "measure_condition_permutation" | "measure_condition_permutation_group" => {
                Ok(Fate::LeftOut("the conditions of a measure once more, as alternatives"))
            }
            "import_trade_summary" => Ok(Fate::LeftOut("a summary of the measures")),
            "measure_condition" => Ok(Fate::Part(condition_texts(node), "a part of its measure")),
            "legal_act" => one(Entry::Text(coded(
                node,
                TextKind::Regulation,
                node.text("regulation_code").unwrap_or_else(|| node.id()).to_owned(),
                "description",
            )?)),
            "footnote" => one(Entry::Text(coded(
                node,
                TextKind::Footnote,
                node.text("code").unwrap_or_else(|| node.id()).to_owned(),
                "description",
            )?)),
            "measure_type" => {
                one(Entry::Text(coded(node, TextKind::MeasureType, node.id().to_owned(), "description")?))
            }
            "additional_code" => one(Entry::Text(coded(
                node,
                TextKind::AdditionalCode,
                node.text("code").unwrap_or_else(|| node.id()).to_owned(),
                "description",
            )?)),
            "measurement_unit" => one(Entry::Text(coded(
                node,
                TextKind::Unit,
                node.text("measurement_unit_code").unwrap_or_else(|| node.id()).to_owned(),
                "description",
            )?)),
            "certificates" => {
                let code = format!(
                    "{}{}",
                    node.text("certificate_type_code").unwrap_or_default(),
                    node.text("certificate_code").unwrap_or_default()
                );
                one(Entry::Text(coded(node, TextKind::Certificate, code, "description")?))
            }
            "section" => {
                let code = format!("section {}", node.text("numeral").unwrap_or_else(|| node.id()));
                let mut made = text(TextKind::Other, code.clone(), node.text("title"));
                made.other = rest(node, &["title", "section_note"]);
                Ok(Fate::Made(with_note(vec![Entry::Text(made)], node, "section_note", code)))
            }
            "chapter" | "heading" | "subheading" | "commodity" | "goods_nomenclature" => {
                let (line, stated) = line(kind, node)?;
                let code = format!("chapter {}", line.code);
                Ok(Fate::Line(Box::new(line), stated, with_note(Vec::new(), node, "chapter_note", code)))
            }
            "order_number" => {
                let number = node.text("number").unwrap_or_else(|| node.id());
                if quotas.contains(number) {
                    return Ok(Fate::LeftOut("a part of its quota"));
                }
                one(Entry::Quota(quota(number, node.one("definition"))?))
            }
            "definition" => match node.text("quota_order_number_id") {
                Some(number) => one(Entry::Quota(quota(number, Some(node))?)),
                None => Ok(Fate::LeftOut("a part of its quota")),
            },
            "quota_order_number_origin" | "quota_order_number_origin_exclusion" => {
                Ok(Fate::LeftOut("a part of its quota"))
            }
            "exchange_rate" => one(Entry::ExchangeRate(self.exchange_rate(node)?)),
            "monetary_exchange_rate" => one(Entry::ExchangeRate(monthly_euro(node)?)),
            "simplified_procedural_code_measure" => {
                let mut made =
                    text(TextKind::Other, format!("{kind}:{}", node.id()), node.text("goods_nomenclature_label"));
                made.from = first_day(node, "validity_start_date")?;
                made.before = day_after(node, "validity_end_date")?;
                made.other = rest(node, &["goods_nomenclature_label", "validity_start_date", "validity_end_date"]);
                // The label of a week without a value.
                Ok(if made.other.contains_key("duty_amount") {
                    Fate::Inexpressible(
                        vec![Entry::Text(made)],
                        "a standard value for each unit, in place of the price",
                    )
                } else {
                    Fate::Made(vec![Entry::Text(made)])
                })
            }
            "rules_of_origin_scheme" => {
                let mut made = text(TextKind::Other, format!("scheme {}", node.id()), node.text("title"));
                made.other = rest(node, &["title", "fta_intro", "introductory_notes"]);
                let countries: Vec<&str> = node
                    .field("countries")
                    .and_then(Json::as_list)
                    .unwrap_or_default()
                    .iter()
                    .filter_map(Json::as_text)
                    .collect();
                made.other.insert("countries".into(), countries.join(" "));
                let mut all = vec![Entry::Text(made)];
                for note in ["fta_intro", "introductory_notes"] {
                    if let Some(says) = node.text(note) {
                        all.push(Entry::Text(text(TextKind::Note, format!("scheme {} {note}", node.id()), Some(says))));
                    }
                }
                Ok(Fate::Made(all))
            }
            // Code lists, changes, chemicals, files, and what the API may add: kept word for word.
            _ => {
                let says = ["description", "title", "name", "summary", "text"]
                    .into_iter()
                    .find(|name| node.text(name).is_some());
                let mut made =
                    text(TextKind::Other, format!("{kind}:{}", node.id()), says.and_then(|name| node.text(name)));
                made.other = rest(node, &[says.unwrap_or_default()]);
                one(Entry::Text(made))
            }
        }
    }

    /// A monthly, spot or average rate: so much of the currency for one pound.
    fn exchange_rate(&self, node: Node<'_>) -> Result<ExchangeRate, Refused> {
        let from = first_day(node, "validity_start_date")?
            .ok_or_else(|| Refused::new("validity_start_date", "", "a date such as 2025-07-14"))?;
        Ok(ExchangeRate {
            series: format!("hmrc-{}", self.rate_type),
            base: "GBP".into(),
            currency: currency(node, "currency_code")?,
            rate: rate(node, "rate")?,
            from,
            before: day_after(node, "validity_end_date")?,
        })
    }
}

fn with_note(mut entries: Vec<Entry>, node: Node<'_>, field: &str, code: String) -> Vec<Entry> {
    let note = match node.field(field) {
        Some(object @ Json::Object(_)) => object.get("content").and_then(Json::as_text),
        _ => node.text(field),
    };
    if let Some(note) = note.filter(|note| !note.is_empty()) {
        entries.push(Entry::Text(text(TextKind::Note, code, Some(note))));
    }
    entries
}

/// The number of a duty expression and what it means.
fn duty_expression_text(node: Node<'_>) -> Vec<Entry> {
    let Some(number) = node.text("duty_expression_id") else { return Vec::new() };
    let mut made = text(TextKind::DutyExpression, number.to_owned(), node.text("duty_expression_description"));
    if let Some(sign) = node.text("duty_expression_abbreviation") {
        made.other.insert("duty_expression_abbreviation".into(), sign.into());
    }
    vec![Entry::Text(made)]
}

/// The document of a condition, and what its code and its action mean.
fn condition_texts(node: Node<'_>) -> Vec<Entry> {
    let mut texts: Vec<Text> = certificate(node).into_iter().collect();
    if let Some(code) = node.text("condition_code") {
        // "B: Presentation of a certificate/licence/document"
        let says = node
            .text("condition")
            .map(|says| says.strip_prefix(code).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(says));
        texts.push(text(TextKind::Condition, format!("condition {code}"), says));
    }
    if let Some(says) = node.text("action") {
        let code = node.text("action_code").or_else(|| action_code(says)).unwrap_or("without code");
        texts.push(text(TextKind::Condition, format!("action {code}"), Some(says)));
    }
    texts.into_iter().map(Entry::Text).collect()
}

/// The document of a condition, with the guidance on how it is declared.
fn certificate(node: Node<'_>) -> Option<Text> {
    let code = node.text("document_code")?;
    // Older documents write type and text in one field: "UN/EDIFACT certificates: Phytosanitary certificate".
    let requirement = node.text("requirement");
    let says = node
        .text("certificate_description")
        .or_else(|| requirement.map(|says| says.split_once(": ").map_or(says, |(_, says)| says)));
    let mut made = text(TextKind::Certificate, code.to_owned(), says);
    for (name, value) in [("guidance_cds", node.text("guidance_cds")), ("requirement", requirement)] {
        if let Some(value) = value {
            made.other.insert(name.into(), value.into());
        }
    }
    Some(made)
}

fn line(kind: &str, node: Node<'_>) -> Result<(Line, bool), Refused> {
    let item = node.text("goods_nomenclature_item_id").unwrap_or_default();
    let code = match kind {
        "chapter" => trimmed(item).map(|code| code[..2.min(code.len())].to_owned()),
        _ => trimmed(item),
    };
    let code = code.ok_or_else(|| Refused::new("goods_nomenclature_item_id", item, "a code of ten digits"))?;
    let indent = node
        .text("number_indents")
        .map(|text| text.parse::<u8>().map_err(|_| Refused::new("number_indents", text, "a small number")))
        .transpose()?;
    let says = node.text("formatted_description").or_else(|| node.text("description"));
    let without = [
        "goods_nomenclature_item_id",
        "producline_suffix",
        "productline_suffix",
        "number_indents",
        "declarable",
        "formatted_description",
        "validity_start_date",
        "validity_end_date",
        "description_plain",
        "chapter_note",
        "bti_url",
        "consigned",
        "leaf",
        "href",
        "overview_measures",
        "import_measures",
        "export_measures",
        "import_trade_summary",
        "footnotes",
        "section",
        "chapter",
        "heading",
        "headings",
        "ancestors",
        "commodities",
        "children",
        "guides",
    ];
    let note: Vec<String> = rest(node, &without).into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
    // A chapter is never declared; goods shown with their measures are.
    let declarable = match (node.field("declarable"), kind) {
        (Some(Json::Bool(yes)), _) => Some(*yes),
        _ if node.states("import_measures") => Some(true),
        (_, "chapter" | "subheading") => Some(false),
        _ => None,
    };
    let line = Line {
        code,
        suffix: node.text("producline_suffix").or_else(|| node.text("productline_suffix")).map(str::to_owned),
        indent,
        declarable: declarable.unwrap_or(false),
        units: units(node),
        description: says.map(|says| BTreeMap::from([("en".to_owned(), says.to_owned())])).unwrap_or_default(),
        footnotes: node.many("footnotes").iter().filter_map(|note| note.text("code")).map(str::to_owned).collect(),
        from: first_day(node, "validity_start_date")?,
        before: day_after(node, "validity_end_date")?,
        note: (!note.is_empty()).then(|| note.join("; ")),
    };
    Ok((line, declarable.is_some()))
}

/// Adds what another resource says of the same line.
pub(super) fn merge(line: &mut Line, other: Line) {
    line.declarable |= other.declarable;
    line.indent = line.indent.or(other.indent);
    line.from = line.from.or(other.from);
    line.before = line.before.or(other.before);
    for (mine, theirs) in [(&mut line.units, other.units), (&mut line.footnotes, other.footnotes)] {
        let seen: BTreeSet<String> = mine.iter().cloned().collect();
        mine.extend(theirs.into_iter().filter(|one| !seen.contains(one)));
    }
    if line.note.is_none() {
        line.note = other.note;
    }
    for (language, says) in other.description {
        line.description.entry(language).or_insert(says);
    }
}

/// The units to declare of goods that are shown with their measures.
fn units(node: Node<'_>) -> Vec<String> {
    let mut units: Vec<String> = Vec::new();
    for measure in node.many("import_measures") {
        let series = measure.one("measure_type").and_then(|kind| kind.text("measure_type_series_id"));
        if let Some(unit) = (series == Some("O")).then(|| supplementary_unit(measure)).flatten()
            && !units.iter().any(|other| other == unit)
        {
            units.push(unit.to_owned());
        }
    }
    units
}

/// A quota and its period, where the response has one.
fn quota(number: &str, definition: Option<Node<'_>>) -> Result<Quota, Refused> {
    let mut made = Quota {
        order_number: number.to_owned(),
        volume: None,
        balance: None,
        unit: None,
        status: None,
        from: None,
        before: None,
        other: BTreeMap::new(),
    };
    let Some(node) = definition else { return Ok(made) };
    let sum = |name: &str| node.number(name).map_err(|found| Refused::new(name, found, "a number"));
    made.volume = sum("initial_volume")?;
    made.balance = sum("balance")?;
    made.unit = node.text("measurement_unit").map(|words| unit_of(words).unwrap_or(words).to_owned());
    made.status = node.text("status").map(str::to_owned);
    made.from = first_day(node, "validity_start_date")?;
    made.before = day_after(node, "validity_end_date")?;
    made.other = rest(
        node,
        &[
            "initial_volume",
            "balance",
            "status",
            "validity_start_date",
            "validity_end_date",
            "quota_order_number_id",
            "order_number",
        ],
    );
    let mut origins = Vec::new();
    let mut excluded = Vec::new();
    for origin in node.many("quota_order_number_origins") {
        origins.extend(origin.one("geographical_area").map(|area| area.id().to_owned()));
        for exclusion in origin.many("quota_order_number_origin_exclusions") {
            excluded.extend(exclusion.one("geographical_area").map(|area| area.id().to_owned()));
            excluded.extend(
                exclusion
                    .names("geographical_area")
                    .iter()
                    .filter(|_| exclusion.one("geographical_area").is_none())
                    .map(|name| (*name).to_owned()),
            );
        }
    }
    made.other.remove("quota_order_number_origins");
    for (name, list) in [("origins", origins), ("excluded", excluded)] {
        if !list.is_empty() {
            made.other.insert(name.into(), list.join(" "));
        }
    }
    Ok(made)
}

/// `Kilogram (kg)` is our `kg`.
fn unit_of(words: &str) -> Option<&'static str> {
    let inside = words.rsplit_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(words);
    tidewaiter::unit::find(inside).map(|unit| unit.key).or_else(|| duty_expression::unit_of_text(inside))
}

fn currency(node: Node<'_>, name: &str) -> Result<String, Refused> {
    let text = node.text(name).unwrap_or_default();
    if tidewaiter::record::grammar::is_currency(text) {
        return Ok(text.to_owned());
    }
    Err(Refused::new(name, text, "a currency in three capital letters"))
}

fn rate(node: Node<'_>, name: &str) -> Result<Decimal, Refused> {
    let number = node.number(name).map_err(|found| Refused::new(name, found, "a number"))?;
    match number {
        Some(number) if !number.is_zero() && !number.is_negative() => Ok(number),
        _ => Err(Refused::new(name, node.text(name).unwrap_or_default(), "a number above zero")),
    }
}

/// A rate of the Northern Ireland service: so many pounds for one euro, for a calendar month.
fn monthly_euro(node: Node<'_>) -> Result<ExchangeRate, Refused> {
    let stated = node.text("validity_start_date").unwrap_or_default();
    let from = date(stated).ok_or_else(|| Refused::new("validity_start_date", stated, "a date such as 2025-07-14"))?;
    let month = from.first_of_month();
    let before = month
        .last_of_month()
        .tomorrow()
        .map_err(|_| Refused::new("validity_start_date", stated, "a date with a day after its month"))?;
    Ok(ExchangeRate {
        series: "eu-monthly".into(),
        base: "EUR".into(),
        currency: currency(node, "child_monetary_unit_code")?,
        rate: rate(node, "exchange_rate")?,
        from,
        before: Some(before),
    })
}
