//! An exchange rate that is not known here: the seller takes down what was published.

use super::draft::{Drafted, page};
use super::visitor::{Answer, Visitor, alert, no, posted, status, to, value};
use super::words;
use crate::locale::{Lang, day};
use crate::pages::Request as Asked;
use crate::say;
use axum::extract::Request;
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use tidewaiter::Decimal;
use tidewaiter_collect::draft::{NoRate, Return};
use tidewaiter_collect::event::{Event, RateNoted};
use tidewaiter_collect::service::{Error, Operation};

/// The form for one rate.
pub(super) fn form(asked: &Asked, visitor: &Visitor, made: &Return, missing: &NoRate) -> Markup {
    let lang = asked.lang;
    let (own, other) = (made.currency.as_str(), missing.currency.as_str());
    if missing.wanted > asked.desk.today() {
        return html! {
            section.note.care.stack {
                h2 { (say!(lang, COLLECT_RATE_MISSING, currency = other, day = day(lang, missing.wanted))) }
                p { (say!(lang, COLLECT_RATE_WAIT, day = day(lang, missing.wanted))) }
            }
        };
    }
    let id = format!("rate-{other}-{}", missing.wanted);
    html! {
        section.note.stop.stack {
            h2 { (say!(lang, COLLECT_RATE_MISSING, currency = other, day = day(lang, missing.wanted))) }
            p { (say!(lang, COLLECT_RATE_FIND)) " " (lang.foreign(&missing.published_by)) }
            @if visitor.may(Operation::Record) {
                form method="post" action=(asked.to("/collect/return/rate")) {
                    input type="hidden" name="scheme" value=(made.scheme);
                    input type="hidden" name="period" value=(made.period);
                    input type="hidden" name="other" value=(other);
                    input type="hidden" name="day" value=(missing.wanted);
                    div.fields {
                        div.field.w4 {
                            label for={ (id) "-way" } { (say!(lang, COLLECT_RATE_WAY)) }
                            select id={ (id) "-way" } name="way" {
                                option value="own" { "1 " (own) " = … " (other) }
                                option value="other" { "1 " (other) " = … " (own) }
                            }
                        }
                        div.field.w4 {
                            label for=(id) { (say!(lang, COLLECT_RATE_NUMBER)) }
                            input id=(id) name="rate" inputmode="decimal" autocomplete="off" required maxlength="30";
                        }
                        div.field.w4 {
                            label for={ (id) "-source" } { (say!(lang, COLLECT_RATE_SOURCE)) }
                            input id={ (id) "-source" } name="source" autocomplete="off" required maxlength="200" value=(missing.published_by);
                        }
                    }
                    div.row { button type="submit" { (say!(lang, COLLECT_RATE_KEEP)) } }
                }
            }
        }
    }
}

/// A number as it is written with a point, or with a comma where the language does so.
fn number(lang: Lang, text: &str) -> Option<Decimal> {
    let plain = if lang.tag() == "en" { text.to_owned() } else { text.replace(',', ".") };
    plain.trim().parse().ok()
}

/// Records it.
pub(super) async fn take(mut asked: Asked, request: Request) -> Answer {
    let headers = request.headers().clone();
    let fields = posted(&asked.desk, request).await?;
    let visitor = Visitor::of(&asked, &headers).await?;
    let scheme: String = value(&fields, "scheme").chars().take(60).collect();
    let Ok(period) = value(&fields, "period").parse() else { return Err(super::visitor::nothing()) };
    let drafted = Drafted::of(&asked, &visitor, &scheme, period).await.map_err(|error| no(&asked.desk, &error))?;
    let (own, other) = (drafted.made.currency.clone(), value(&fields, "other").to_owned());
    let noted = match (number(asked.lang, value(&fields, "rate")), value(&fields, "day").parse::<Date>()) {
        (Some(rate), Ok(day)) => {
            let (base, currency) = if value(&fields, "way") == "other" { (other, own) } else { (own, other) };
            Ok(RateNoted {
                // Whoever takes one down again means another number.
                document: format!("{scheme} {base} {currency} {day} {}", Timestamp::now().as_second()),
                scheme: scheme.clone(),
                base,
                rate,
                currency,
                day,
                source: value(&fields, "source").to_owned(),
            })
        }
        _ => Err(Error::Wrong("rate: write the number as it was published, such as 1.0832".into())),
    };
    let address = words::in_address(&scheme, period);
    let error = match noted {
        Err(error) => error,
        Ok(noted) => {
            let (service, now) = (&visitor.house.service, Timestamp::now());
            match service.record(&visitor.caller, &visitor.seller, &[Event::Rate(noted)], now).await {
                Ok(_) => return Ok(to(&asked, &format!("/collect/return?{address}"))),
                Err(error @ (Error::Store(_) | Error::Wrong(_) | Error::Stands(_))) => error,
                Err(error) => return Err(no(&asked.desk, &error)),
            }
        }
    };
    // The page of the return says it: its ways lead there.
    (asked.path, asked.query) = ("/collect/return".into(), address);
    let code = status(&asked.desk, &error);
    Ok(page(&asked, &visitor, &drafted, code, alert(&asked, &error)))
}
