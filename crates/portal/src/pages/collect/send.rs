//! Sending a return, after a plain question, and its receipt. What goes to an authority that is not here is recorded as sent.

use super::draft::{Drafted, named};
use super::prepare::attachment;
use super::visitor::{Answer, Visitor, alert, no, nothing, own_head, posted, private, status, to, value};
use super::words;
use crate::form::pairs;
use crate::locale::{Money, day};
use crate::pages::Request as Asked;
use crate::say;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use maud::html;
use tidewaiter_collect::Period;
use tidewaiter_collect::event::{Event, Filed};
use tidewaiter_collect::export;
use tidewaiter_collect::service::{Error, Operation};
use tidewaiter_repository::sha256_hex;

/// The address of a receipt.
pub(super) fn address(authority: &str, period: Period, n: u64) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    out.append_pair("authority", authority).append_pair("period", &period.to_string()).append_pair("n", &n.to_string());
    out.finish()
}

/// The question.
pub(super) async fn ask(asked: Asked, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    let (scheme, period) = named(&asked).ok_or_else(nothing)?;
    let drafted = Drafted::of(&asked, &visitor, &scheme, period).await.map_err(|error| no(&asked.desk, &error))?;
    Ok(page(&asked, &visitor, &drafted, None))
}

fn page(asked: &Asked, visitor: &Visitor, drafted: &Drafted, error: Option<&Error>) -> Response {
    let lang = asked.lang;
    let made = &drafted.made;
    let book = asked.desk.book();
    let money = Money::of(&book, lang, &made.currency);
    let name = lang.name(&made.name).unwrap_or_else(|| made.name.clone());
    let title = if drafted.to.is_some() { say!(lang, COLLECT_SEND_TITLE) } else { say!(lang, COLLECT_FILED_TITLE) };
    let back = words::in_address(&made.scheme, made.period);
    let body = html! {
        (own_head(asked, visitor, &title))
        @if let Some(error) = error { (alert(asked, error)) }
        section.card.stack {
            dl.facts {
                dt { (say!(lang, COLLECT_RETURN)) } dd { (name) ", " (words::period(lang, made.period)) }
                @if let Some(to) = &drafted.to { dt { (say!(lang, COLLECT_GOES_TO)) } dd { (to.name) } }
                dt { (say!(lang, COLLECT_OWED)) }
                dd { @match made.owed { Some(owed) => (money.text(owed)), None => span.unknown { (say!(lang, COLLECT_OWED_UNKNOWN)) } } }
            }
            p { @if drafted.to.is_some() { (say!(lang, COLLECT_SEND_MEANS)) } @else { (say!(lang, COLLECT_FILED_MEANS)) } }
            @if visitor.may(Operation::SendReturn) && made.owed.is_some() && !drafted.closed {
                form method="post" action={ (asked.to("/collect/return/send")) "?" (back) } {
                    @if drafted.to.is_none() {
                        div.fields {
                            div.field.w6 { label for="on" { (say!(lang, COLLECT_FILED_DAY)) } input id="on" name="on" type="date" required value=(asked.desk.today()); }
                            div.field.w6 { label for="reference" { (say!(lang, COLLECT_FILED_REFERENCE)) " " span.quiet.small { (say!(lang, COLLECT_OPTIONAL)) } } input id="reference" name="reference" maxlength="140" autocomplete="off"; }
                        }
                    }
                    label.check { input type="checkbox" name="sure" value="yes" required; (say!(lang, COLLECT_SURE)) }
                    div.row {
                        button type="submit" { @if drafted.to.is_some() { (say!(lang, COLLECT_SEND_NOW)) } @else { (say!(lang, COLLECT_FILED_NOW)) } }
                        a href={ (asked.to("/collect/return")) "?" (back) } { (say!(lang, COLLECT_CANCEL)) }
                    }
                }
            } @else {
                p { a href={ (asked.to("/collect/return")) "?" (back) } { (say!(lang, COLLECT_BACK_TO_RETURN)) } }
            }
        }
    };
    let code = error.map_or(StatusCode::OK, |error| status(&asked.desk, error));
    private(asked, code, &title, body)
}

/// Sends it.
pub(super) async fn take(asked: Asked, request: Request) -> Answer {
    let headers = request.headers().clone();
    let fields = posted(&asked.desk, request).await?;
    let visitor = Visitor::of(&asked, &headers).await?;
    let (scheme, period) = named(&asked).ok_or_else(nothing)?;
    let drafted = Drafted::of(&asked, &visitor, &scheme, period).await.map_err(|error| no(&asked.desk, &error))?;
    if value(&fields, "sure") != "yes" {
        return Ok(page(&asked, &visitor, &drafted, Some(&Error::Wrong(say!(asked.lang, COLLECT_NOT_SURE)))));
    }
    let (service, now, today) = (&visitor.house.service, Timestamp::now(), asked.desk.today());
    let book = asked.desk.book();
    let done = match &drafted.to {
        Some(_) => {
            let sent = service.send_return(&visitor.caller, &visitor.seller, &scheme, period, &book, now, today).await;
            sent.map(|(receipt, _)| {
                format!("/collect/receipt?{}", address(&receipt.authority, receipt.period, receipt.n))
            })
        }
        None => {
            let on = value(&fields, "on").parse().unwrap_or(today);
            filed(&visitor, &drafted, on, value(&fields, "reference"), now, today).await
        }
    };
    match done {
        Ok(path) => Ok(to(&asked, &path)),
        Err(error @ (Error::Stands(_) | Error::Wrong(_) | Error::NoRates(_) | Error::Store(_))) => {
            Ok(page(&asked, &visitor, &drafted, Some(&error)))
        }
        Err(error) => Err(no(&asked.desk, &error)),
    }
}

/// Records that the seller sent it.
async fn filed(
    visitor: &Visitor,
    drafted: &Drafted,
    on: Date,
    reference: &str,
    now: Timestamp,
    today: Date,
) -> Result<String, Error> {
    let made = &drafted.made;
    let Some(owed) = made.owed else { return Err(Error::NoRates(made.missing.clone())) };
    if made.period.last() >= today || on <= made.period.last() || on > today {
        return Err(Error::Wrong(format!(
            "the day it was sent is after {} and not after today, {today}",
            made.period.last()
        )));
    }
    let document = export::document(made).map_err(|why| Error::Wrong(why.to_string()))?;
    let event = Event::Return(Filed {
        document: format!("{} {}", made.scheme, made.period),
        scheme: made.scheme.clone(),
        period: made.period,
        date: on,
        reference: Some(reference.to_owned()).filter(|text| !text.is_empty()),
        owed,
        back: made.back,
        currency: made.currency.clone(),
        sha256: sha256_hex(document.as_bytes()),
    });
    visitor.house.service.record(&visitor.caller, &visitor.seller, &[event], now).await?;
    Ok(format!("/collect/return?{}", words::in_address(&made.scheme, made.period)))
}

/// The receipt of a return, as a page or as the signed document.
pub(super) async fn receipt(asked: Asked, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    let fields = pairs(&asked.query);
    let period: Period = value(&fields, "period").parse().map_err(|_| nothing())?;
    let (authority, n) = (value(&fields, "authority"), value(&fields, "n").parse().unwrap_or(1));
    let service = &visitor.house.service;
    let opened = service.open_return(&visitor.caller, authority, &visitor.seller, period, n).await;
    let opened = opened.map_err(|error| no(&asked.desk, &error))?;
    let one = &opened.received;
    let lang = asked.lang;
    if value(&fields, "as") == "json" {
        let text = serde_json::to_vec_pretty(&opened.receipt).unwrap_or_default();
        return Ok(attachment("application/json", &format!("receipt-{}-{period}-{n}.json", one.authority), text));
    }
    let (to, _) = service.form(authority).await.map_err(|error| no(&asked.desk, &error))?;
    let book = asked.desk.book();
    let title = say!(lang, COLLECT_RECEIPT_TITLE, period = words::period(lang, period));
    let body = html! {
        (own_head(&asked, &visitor, &title))
        section.card.stack {
            p { @if one.late { (words::marked("care", "!", &say!(lang, COLLECT_WAS_LATE))) } @else { (words::marked("high", "✓", &say!(lang, COLLECT_IN_TIME))) } }
            dl.facts {
                dt { (say!(lang, COLLECT_GOES_TO)) } dd { (to.name) }
                dt { (say!(lang, COLLECT_REFERENCE)) } dd { code { (one.authority) "/" (one.number) "/" (one.period) "/" (one.n) } }
                dt { (say!(lang, COLLECT_SENT_AT)) } dd { (words::moment(lang, &one.at)) }
                dt { (say!(lang, COLLECT_SEND_BY)) } dd { (day(lang, one.due)) }
                dt { (say!(lang, COLLECT_OWED)) } dd { (Money::of(&book, lang, &one.currency).text(one.owed)) }
                dt { "SHA-256" } dd { code { (one.sha256) } }
            }
            div.row {
                a.button href={ (asked.to("/collect/pay")) "?" (words::in_address(&to.scheme, period)) } { (say!(lang, COLLECT_PAY)) }
                a.button.second href={ (asked.to("/collect/receipt")) "?" (address(authority, period, n)) "&as=json" } { (say!(lang, COLLECT_RECEIPT_FILE)) }
            }
            p.quiet.small { (say!(lang, COLLECT_RECEIPT_SAYS)) }
        }
    };
    Ok(private(&asked, StatusCode::OK, &title, body))
}
