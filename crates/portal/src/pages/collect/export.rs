//! A return as a file: the document itself, its figures as a table, the shape that its authority published. Each stands in the log.

use super::draft::named;
use super::prepare::attachment;
use super::visitor::{Answer, Visitor, no, nothing, own_head, private, value};
use super::words;
use crate::form::pairs;
use crate::pages::Request as Asked;
use crate::say;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use maud::html;
use tidewaiter_collect::Definition;
use tidewaiter_collect::draft::Return;
use tidewaiter_collect::export::{self, Particulars, Refused};
use tidewaiter_collect::service::Error;

/// A file: its media type, name and bytes.
type File = (&'static str, String, Vec<u8>);

/// The file.
pub(super) async fn show(asked: Asked, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    let (scheme, period) = named(&asked).ok_or_else(nothing)?;
    let fields = pairs(&asked.query);
    let kind = value(&fields, "as");
    let service = &visitor.house.service;
    let book = asked.desk.book();
    let made = service.draft(&visitor.caller, &visitor.seller, &scheme, period, &book).await;
    let made = made.map_err(|error| no(&asked.desk, &error))?;
    let rules = service.definitions().get(&scheme).ok_or_else(nothing)?;
    let (kind, name, bytes) = match written(rules, &made, kind) {
        Ok(Some(file)) => file,
        Ok(None) => return Err(nothing()),
        Err(why) => return Ok(refused(&asked, &visitor, &made, &why)),
    };
    let what = format!("{scheme} {period} as {}", value(&fields, "as"));
    service
        .note_export(&visitor.caller, &visitor.seller, &what, Timestamp::now())
        .await
        .map_err(|error: Error| no(&asked.desk, &error))?;
    Ok(attachment(kind, &name, bytes))
}

fn written(rules: &Definition, made: &Return, kind: &str) -> Result<Option<File>, Refused> {
    let name = |end: &str| format!("{}-{}.{end}", made.scheme, made.period);
    Ok(match kind {
        "json" => Some(("application/json", name("json"), export::document(made)?.into_bytes())),
        "csv" => {
            let mut bytes = Vec::new();
            export::figures(made, &mut bytes)?;
            Some(("text/csv; charset=utf-8", name("csv"), bytes))
        }
        "shape" => {
            let file = export::published(rules, made, &Particulars::at(Timestamp::now()))?;
            Some((file.shape.media_type(), file.file_name, file.text.into_bytes()))
        }
        _ => None,
    })
}

fn refused(asked: &Asked, visitor: &Visitor, made: &Return, why: &Refused) -> Response {
    let lang = asked.lang;
    let title = say!(lang, COLLECT_FILE_NOT);
    let body = html! {
        (own_head(asked, visitor, &title))
        div.note.stop.stack role="alert" {
            @match why {
                Refused::Unfit(faults) => { ul { @for one in faults { li { code { (one.at) } ": " (lang.foreign(&one.says)) } } } }
                other => p { (lang.foreign(&other.to_string())) },
            }
        }
        @if matches!(why, Refused::Unfit(_)) { p { (say!(lang, COLLECT_FILE_COMMAND)) " " code { "tidewaiter collect draft " (made.scheme) " " (made.period) " --export … --particulars FILE" } } }
        p { a href={ (asked.to("/collect/return")) "?" (words::in_address(&made.scheme, made.period)) } { (say!(lang, COLLECT_BACK_TO_RETURN)) } }
    };
    private(asked, StatusCode::UNPROCESSABLE_ENTITY, &title, body)
}
