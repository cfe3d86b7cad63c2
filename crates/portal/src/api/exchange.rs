//! Exchange rates as they were published.

use super::compare::Plain;
use super::fields::{Door, Given};
use super::reply::{self, Reply};
use super::table::{Field, Kind};
use crate::desk::Desk;
use crate::problem::Problem;
use axum::extract::{Path, State};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use tidewaiter::ratebook::{ExchangeRateView, SeriesView};

const WHICH: &[Field] = &[
    Field::new("series", "Key of a series; all series, without their rates, where absent", Kind::Text(60)).like("ecb"),
    Field::new("date", "The day: of each currency the newest rate at or before it; today where absent", Kind::Day)
        .like("2026-11-20"),
];

/// Which rates.
pub(super) struct Which;

impl Door for Which {
    const FIELDS: &'static [&'static [Field]] = &[WHICH];
}

type WhichFields = Given<Which>;

/// Exchange rates.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ExchangeRates {
    /// The day asked about.
    #[schemars(with = "String")]
    date: Date,
    /// Each series.
    series: Vec<SeriesOnDay>,
}

/// A series, with its rates where it was asked for by its key.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SeriesOnDay {
    /// The series.
    #[serde(flatten)]
    series: SeriesView,
    /// Of each currency the newest rate at or before the day. A currency that had none by then is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    rates: Option<Vec<ExchangeRateView>>,
}

/// Exchange rates
///
/// The published series of exchange rates, and with `series` the rates of one on a day. Which series a law asks for is in `exchange` of an
/// economy; which rate a quote took, in its `rates`.
#[utoipa::path(get, path = "/v1/exchange-rates", operation_id = "listExchangeRates", tag = "exchange rates", params(WhichFields),
    responses(
        (status = 200, description = "Series and rates", body = ref("#/components/schemas/ExchangeRates"), content_type = "application/json"),
        (status = 404, description = "There is no such series")))]
pub(super) async fn list(State(desk): State<Desk>, given: WhichFields) -> Reply {
    let book = desk.book();
    let date = given.day("date").unwrap_or_else(|| desk.today());
    let mut series: Vec<SeriesOnDay> =
        book.series().into_iter().map(|series| SeriesOnDay { series, rates: None }).collect();
    if let Some(key) = given.get("series") {
        series.retain(|one| one.series.key == key);
        let one = series.first_mut().ok_or_else(no_series)?;
        one.rates = book.exchange_rates(key, date);
    }
    reply::count(&desk, "/v1/exchange-rates", "");
    Ok(reply::json(&ExchangeRates { date, series }))
}

fn no_series() -> Problem {
    Problem::not_found("There is no such series of exchange rates. /v1/exchange-rates lists those that are known.")
}

/// A currency over time
///
/// Every published rate of a currency in a series, the oldest first.
#[utoipa::path(get, path = "/v1/exchange-rates/{series}/{currency}", operation_id = "readExchangeHistory", tag = "exchange rates",
    params(
        ("series" = String, Path, description = "Key of the series", max_length = 60, example = "ecb"),
        ("currency" = String, Path, description = "ISO 4217 letters", max_length = 3, example = "USD")),
    responses(
        (status = 200, description = "Rates", body = ref("#/components/schemas/ExchangeHistory"), content_type = "application/json"),
        (status = 404, description = "There is no such series, or it never quoted the currency")))]
pub(super) async fn history(
    State(desk): State<Desk>,
    Path((series, currency)): Path<(String, String)>,
    _: Given<Plain>,
) -> Reply {
    let history = desk.book().exchange_history(&series, &currency.to_ascii_uppercase());
    reply::count(&desk, "/v1/exchange-rates/{series}/{currency}", "");
    history.map(|history| reply::json(&history)).ok_or_else(no_series)
}
