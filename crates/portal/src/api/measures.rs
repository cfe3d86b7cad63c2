//! The tariff of a code: every measure that reaches it, with its history.

use super::economies::no_economy;
use super::fields::{Door, Given, wrong};
use super::reply::{self, Reply};
use super::table::{Field, Kind, goods_code};
use super::work;
use crate::desk::Desk;
use crate::locale::Lang;
use crate::problem::Problem;
use axum::extract::{Path, State};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use tidewaiter::goods::GoodsCode;
use tidewaiter::ratebook::{FactView, MeasureView};
use tidewaiter_finder::Finder;

/// Most measures of an answer.
pub(super) const MOST_MEASURES: usize = 5_000;

const WHICH: &[Field] = &[
    Field::new("origin", "Only measures for goods made there", Kind::Territory).like("CN"),
    Field::new(
        "date",
        "Only measures in force on the day; all, with those of the past and to come, where absent",
        Kind::Day,
    ),
];

/// Which measures.
pub(super) struct Which;

impl Door for Which {
    const FIELDS: &'static [&'static [Field]] = &[WHICH];
}

type WhichFields = Given<Which>;

/// The tariff of a code.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Tariff {
    /// Code of the territory.
    territory: String,
    /// The goods code asked about.
    code: String,
    /// Origin of the goods, where one was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    /// The day, where one was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    date: Option<Date>,
    /// The longest beginning of the code that the tariff has; absent where no line begins so, and where the tariff is not loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    listed: Option<String>,
    /// Every measure that reaches the code or the lines below it, by code, kind and first day. None: no measure is known, which is not the
    /// same as a duty of zero.
    measures: Vec<MeasureView>,
    /// The facts that the measures rest on.
    sources: Vec<FactView>,
}

/// Measures of a goods code
///
/// Every tariff measure of a territory and of its unions that reaches a code or the lines below it: duties, preferences, suspensions,
/// quotas, trade remedies, prohibitions, each with its first and last day and its source. At most 5,000; where there are more, ask with more
/// digits, an origin or a day.
#[utoipa::path(get, path = "/v1/economies/{code}/measures/{goods_code}", operation_id = "readMeasures", tag = "economies",
    params(
        ("code" = String, Path, description = "Code of the territory", max_length = 12, example = "FR"),
        ("goods_code" = String, Path, description = "Goods code, 2 to 12 digits, with or without points", max_length = 40, example = "6109.10"),
        WhichFields),
    responses(
        (status = 200, description = "Measures", body = ref("#/components/schemas/Tariff"), content_type = "application/json"),
        (status = 404, description = "No rules are known for such a territory, or there is no such code: neither in the Harmonized System nor in the tariff")))]
pub(super) async fn read(
    State(desk): State<Desk>,
    Path((territory, goods)): Path<(String, String)>,
    given: WhichFields,
) -> Reply {
    let code = goods_code(&goods)?;
    let (territory, origin, date) = (territory.to_ascii_uppercase(), given.code("origin"), given.day("date"));
    let (book, today, finder) = (desk.book(), desk.today(), desk.finder);
    let tariff = work::beside(move || {
        if let Some(origin) = origin.as_deref().filter(|origin| !book.territories().contains_key(*origin)) {
            return Err(Problem::fields(vec![wrong(
                "origin",
                origin,
                "is no territory known here; /v1/territories lists them",
            )]));
        }
        let mut measures = book.tariff(&territory, code, origin.as_deref()).ok_or_else(no_economy)?;
        // What reaches "6199" from the chapter above does not make it a heading.
        if !is_known(finder, &code.digits()) && !measures.iter().any(|measure| is_within(&measure.code, code)) {
            let text = "There is no such code, neither in the Harmonized System 2022 nor in the tariff. /v1/goods-codes lists the sections.";
            return Err(Problem::not_found(text));
        }
        measures.retain(|measure| date.is_none_or(|day| measure.holds_on(day)));
        if measures.len() > MOST_MEASURES {
            let message = format!(
                "has {} measures, more than {MOST_MEASURES}; give more digits, an origin or a day",
                measures.len()
            );
            return Err(Problem::fields(vec![wrong("goods_code", &code.to_string(), message)]));
        }
        let keys: BTreeSet<&str> = measures.iter().flat_map(|m| &m.cites).map(String::as_str).collect();
        let sources = keys.into_iter().filter_map(|key| book.fact(key)).collect();
        let listed = book.listed(&territory, code, date.unwrap_or(today)).map(|code| code.to_string());
        Ok(Tariff { territory, code: code.to_string(), origin, date, listed, measures, sources })
    });
    let tariff = tariff.await??;
    reply::count(&desk, "/v1/economies/{code}/measures/{goods_code}", "");
    Ok(reply::json(&tariff))
}

/// Whether the chapter, heading or subheading of a code is in the tree of goods.
pub(crate) fn is_known(finder: &Finder, digits: &str) -> bool {
    let place = digits.get(..digits.len().min(6) / 2 * 2).unwrap_or_default();
    finder.page(place, Lang::FIRST.finder()).is_some()
}

/// Whether the code of a measure is a code or below it.
fn is_within(measure: &str, code: GoodsCode) -> bool {
    let digits = measure.bytes().filter(u8::is_ascii_digit);
    let wanted = code.digits();
    digits.take(wanted.len()).eq(wanted.bytes())
}
