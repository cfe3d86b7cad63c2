//! What each economy charges, and the codes of territories and currencies.

use super::compare::Plain;
use super::fields::{Door, Given};
use super::reply::{self, Reply};
use super::table::{Field, Kind};
use super::work;
use crate::desk::Desk;
use crate::problem::Problem;
use axum::extract::{Path, State};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use tidewaiter::ratebook::{CurrencyView, EconomySummary, TerritoryView};

/// A day whose rates are shown.
pub(super) const DAY: &[Field] = &[Field::new("date", "The day whose rates count; today where absent", Kind::Day)];

/// Economies on a day.
pub(super) struct OnDay;

impl Door for OnDay {
    const FIELDS: &'static [&'static [Field]] = &[DAY];
}

type DayFields = Given<OnDay>;

/// Economies whose rules are known.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Economies {
    /// The day whose rates are shown.
    #[schemars(with = "String")]
    date: Date,
    /// The economies, by code.
    economies: Vec<EconomySummary>,
}

/// Territories and groups.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Territories {
    /// By code.
    territories: Vec<TerritoryView>,
}

/// Currencies.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Currencies {
    /// In the order of the list.
    currencies: Vec<CurrencyView>,
}

/// Economies
///
/// Every economy whose rules are known, each in a line: standard rates of a day, how many rules it has, and how sure the facts behind them
/// are.
#[utoipa::path(get, path = "/v1/economies", operation_id = "listEconomies", tag = "economies", params(DayFields),
    responses((status = 200, description = "Economies", body = ref("#/components/schemas/Economies"), content_type = "application/json")))]
pub(super) async fn list(State(desk): State<Desk>, given: DayFields) -> Reply {
    let date = given.day("date").unwrap_or_else(|| desk.today());
    let book = desk.book();
    let economies = work::beside(move || book.economies(date)).await?;
    reply::count(&desk, "/v1/economies", "");
    Ok(reply::json(&Economies { date, economies }))
}

/// An economy
///
/// Everything an economy charges: each charge with the rules from which the first that holds is taken, rates with their history,
/// registrations under which sellers collect, disputed rules, which exchange rates count, and every fact with its source.
#[utoipa::path(get, path = "/v1/economies/{code}", operation_id = "readEconomy", tag = "economies",
    params(("code" = String, Path, description = "Code of the territory", max_length = 12, example = "FR")),
    responses(
        (status = 200, description = "The economy", body = ref("#/components/schemas/EconomyView"), content_type = "application/json"),
        (status = 404, description = "No rules are known for such a territory")))]
pub(super) async fn read(State(desk): State<Desk>, Path(code): Path<String>, _: Given<Plain>) -> Reply {
    let code = code.to_ascii_uppercase();
    let view = desk.book().economy(&code).ok_or_else(no_economy)?;
    reply::count(&desk, "/v1/economies/{code}", "");
    Ok(reply::json(&view))
}

/// What is said where no rules are known.
pub(super) fn no_economy() -> Problem {
    Problem::not_found("No rules are known for such a territory. /v1/economies lists those that are.")
}

/// Territories and groups
///
/// Every territory and group of territories that questions and answers name: countries, unions, special areas, and the groups whose
/// members have preferences.
#[utoipa::path(get, path = "/v1/territories", operation_id = "listTerritories", tag = "economies",
    responses((status = 200, description = "Territories", body = ref("#/components/schemas/Territories"), content_type = "application/json")))]
pub(super) async fn territories(State(desk): State<Desk>, _: Given<Plain>) -> Reply {
    let territories = desk.book().territories().values().cloned().collect();
    Ok(reply::json(&Territories { territories }))
}

/// Currencies
///
/// Every currency with the digits of its smallest unit: 2 for EUR, 0 for JPY.
#[utoipa::path(get, path = "/v1/currencies", operation_id = "listCurrencies", tag = "economies",
    responses((status = 200, description = "Currencies", body = ref("#/components/schemas/Currencies"), content_type = "application/json")))]
pub(super) async fn currencies(State(desk): State<Desk>, _: Given<Plain>) -> Reply {
    Ok(reply::json(&Currencies { currencies: desk.book().currencies().to_vec() }))
}
