//! The answer as a table for a spreadsheet: CSV (RFC 4180) with plain decimals.

use super::fields;
use crate::api::quotes::quote;
use crate::pages::Request;
use crate::problem::Problem;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tidewaiter::{Decimal, Outcome, Quote};

/// The sheet.
pub(super) async fn show(request: Request) -> Result<Response, Problem> {
    let mut asked = fields::read(&request.query, Some(request.lang));
    super::covered::check(&request, &mut asked);
    if !asked.wrong.is_empty() {
        return Err(Problem::fields(asked.wrong));
    }
    if asked.consignment.currency.is_empty() {
        "EUR".clone_into(&mut asked.consignment.currency);
    }
    let quote = quote(&request.desk, &request.desk.book(), asked.consignment).await?;
    let name = format!("attachment; filename=\"tidewaiter-{}-{}.csv\"", quote.to, quote.date);
    Ok((
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, name.as_str())],
        sheet(&quote),
    )
        .into_response())
}

/// One row for each rule of each charge, and one for all.
fn sheet(quote: &Quote) -> String {
    let mut out = String::new();
    row(
        &mut out,
        &[
            "charge",
            "kind",
            "rule",
            "rate",
            "base",
            "amount",
            "least",
            "most",
            "currency",
            "collected_by",
            "confidence",
            "facts",
        ],
    );
    let plain = |amount: Option<Decimal>| amount.map(|a| a.to_string()).unwrap_or_default();
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    for charge in &quote.charges {
        for treatment in &charge.treatments {
            row(
                &mut out,
                &[
                    &charge.name,
                    &word(serde_json::to_value(charge.kind).unwrap_or_default()),
                    &treatment.name,
                    treatment.rule.as_deref().unwrap_or_default(),
                    &plain(treatment.base),
                    &plain(charge.sum.exact().map(|_| treatment.amount)),
                    &plain(known(charge.sum.least, charge.sum.most)),
                    &plain(charge.sum.most),
                    &quote.currency,
                    &word(serde_json::to_value(treatment.collect).unwrap_or_default()),
                    &word(serde_json::to_value(treatment.confidence).unwrap_or_default()),
                    &treatment.cites.join(" "),
                ],
            );
        }
    }
    // A refusal has no figure, and nothing is no word for what is not known.
    let figures = matches!(quote.outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown);
    let outcome = word(serde_json::to_value(quote.outcome).unwrap_or_default());
    row(
        &mut out,
        &[
            "total",
            &outcome,
            "",
            "",
            "",
            "",
            &plain(known(quote.total.least, quote.total.most).filter(|_| figures)),
            &plain(quote.total.most.filter(|_| figures)),
            &quote.currency,
            "",
            "",
            "",
        ],
    );
    out
}

/// The least of a sum; none where nothing is known of it.
fn known(least: Decimal, most: Option<Decimal>) -> Option<Decimal> {
    (most.is_some() || !least.is_zero()).then_some(least)
}

/// A row; a cell that a spreadsheet would take for a formula is set in quotes after an apostrophe (OWASP, CSV injection).
fn row(out: &mut String, cells: &[&str]) {
    let cell = |text: &str| {
        let text = if text.starts_with(['=', '+', '-', '@', '\t']) && text.parse::<Decimal>().is_err() {
            format!("'{text}")
        } else {
            text.to_owned()
        };
        if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    };
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    out.push_str(&cells.join(","));
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn formulas_stay_text() {
        let mut out = String::new();
        row(&mut out, &["=1+1", "-5.20", "a, b", "say \"no\""]);
        assert_eq!(out, "'=1+1,-5.20,\"a, b\",\"say \"\"no\"\"\"\r\n");
    }
}
