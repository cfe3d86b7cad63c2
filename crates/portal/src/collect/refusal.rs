//! What the service of sellers and authorities says no to, as problem documents.

use crate::desk::Desk;
use crate::problem::{Problem, Wrong, message};
use axum::http::StatusCode;
use tidewaiter::quote::said::Said;
use tidewaiter_collect::service::Error;
use tidewaiter_collect::store::StoreError;

/// A refusal as a problem document. What is wrong inside stands in the log and not in the answer.
pub(crate) fn refused(desk: &Desk, error: &Error) -> Problem {
    let wrong = |field: String, value: String, says: String| Wrong { field, value, message: says.into() };
    let lines = |detail: &'static str, errors: Vec<Wrong>| Problem {
        errors,
        ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "question", "The question is wrong", detail)
    };
    let stands = |says: String| Problem::new(StatusCode::CONFLICT, "stands", "As things stand it cannot be done", says);
    match error {
        // Whether there is something that belongs to another is not told.
        Error::NotYours => Problem::new(StatusCode::FORBIDDEN, "not-yours", "Not allowed", &message::COLLECT_NOT_YOURS),
        Error::Nothing(_) => Problem::not_found(Said::from(error.to_string())),
        Error::Wrong(says) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "question", "The question is wrong", says.clone())
        }
        Error::Fields(fields) => lines(
            "Some fields must be put right; each is named under errors.",
            fields
                .iter()
                .map(|one| {
                    let likely = if one.likely.is_empty() {
                        String::new()
                    } else {
                        format!("; did you mean {}?", one.likely.join(" or "))
                    };
                    wrong(one.field.clone(), String::new(), format!("{}{likely}", one.fault))
                })
                .collect(),
        ),
        Error::Form(faults) => lines(
            "The form cannot be used; each fault is named under errors.",
            faults.iter().map(|one| wrong(one.at.clone(), String::new(), one.says.clone())).collect(),
        ),
        Error::Lines(faults) => lines(
            "Some lines must be put right; nothing of the file was kept.",
            faults.iter().map(|(line, says)| wrong(format!("line {line}"), String::new(), says.clone())).collect(),
        ),
        Error::NoRates(missing) => Problem {
            errors: missing
                .iter()
                .map(|one| wrong("rate".into(), String::new(), serde_json::to_string(one).unwrap_or_default()))
                .collect(),
            ..stands("Exchange rates are not known: record them first. Each is named under errors.".into())
        },
        Error::Stands(says) => stands(says.clone()),
        Error::NoNumber(no) => stands(no.to_string()),
        Error::Store(StoreError::Refused { number, document, why }) => lines(
            "An event was not taken; nothing was recorded.",
            vec![wrong(format!("event {number}"), document.clone(), why.to_string())],
        ),
        Error::Store(StoreError::NoSeller(seller)) => Problem::not_found(format!("There is no seller \"{seller}\".")),
        Error::Store(StoreError::Seller(says)) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "question", "The question is wrong", says.clone())
        }
        Error::Store(inner @ (StoreError::Database(_) | StoreError::Damaged { .. })) => {
            desk.figures.store_failed();
            tracing::error!(error = %inner, "the store of the house did not answer");
            Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "Try again in a moment",
                &message::COLLECT_NOT_NOW,
            )
        }
        Error::Inside(says) => {
            tracing::error!(error = says, "something is wrong in the house");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", "A mistake on our side", &message::COLLECT_FAULT)
        }
    }
}
