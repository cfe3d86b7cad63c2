//! The payment of a return: how much, by when, what it must say, and a code for the seller's bank. No money is moved.

use super::draft::{Drafted, named};
use super::visitor::{Answer, Visitor, no, nothing, own_head, posted, private, value};
use super::words;
use crate::form::Fields;
use crate::locale::{Money, day};
use crate::pages::Request as Asked;
use crate::say;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::{Markup, PreEscaped, html};
use tidewaiter::Decimal;
use tidewaiter_collect::pay::Faults;
use tidewaiter_collect::pay::epc::{Charset, Transfer, Version};
use tidewaiter_collect::pay::order::Remittance;
use tidewaiter_collect::pay::picture;

/// What is to be paid.
struct Due {
    amount: Option<Decimal>,
    reference: Option<String>,
    fields: Vec<(String, String)>,
    purpose: Option<String>,
}

impl Due {
    fn of(visitor: &Visitor, drafted: &Drafted) -> Self {
        let made = &drafted.made;
        let rules = visitor.house.service.definitions().get(&made.scheme);
        let owed = drafted.sent.as_ref().map(|sent| sent.owed).or(made.owed);
        let (number, state) = (made.number.as_deref().unwrap_or_default(), made.member_state.as_deref());
        Self {
            amount: owed.map(|owed| rules.map_or(owed, |rules| rules.to_pay(owed))),
            reference: rules
                .filter(|_| !number.is_empty())
                .and_then(|rules| rules.payment_reference(number, state, made.period)),
            fields: rules.map_or_else(Vec::new, |rules| {
                let all = rules.payment_fields(number, state, made.period).into_iter();
                all.map(|(name, is)| (name.to_owned(), is)).collect()
            }),
            purpose: rules.and_then(|rules| rules.payment.purpose.clone()),
        }
    }
}

/// The page.
pub(super) async fn show(asked: Asked, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    let (scheme, period) = named(&asked).ok_or_else(nothing)?;
    let drafted = Drafted::of(&asked, &visitor, &scheme, period).await.map_err(|error| no(&asked.desk, &error))?;
    let due = Due::of(&visitor, &drafted);
    Ok(page(&asked, &visitor, &drafted, &due, &Fields::new(), None))
}

/// The code of a payment to the account that the seller names.
pub(super) async fn code(asked: Asked, request: Request) -> Answer {
    let headers = request.headers().clone();
    let fields = posted(&asked.desk, request).await?;
    let visitor = Visitor::of(&asked, &headers).await?;
    let (scheme, period) = named(&asked).ok_or_else(nothing)?;
    let drafted = Drafted::of(&asked, &visitor, &scheme, period).await.map_err(|error| no(&asked.desk, &error))?;
    let due = Due::of(&visitor, &drafted);
    let text = |name: &str| Some(value(&fields, name).to_owned()).filter(|text| !text.is_empty());
    let transfer = Transfer {
        version: Version::V002,
        charset: Charset::Utf8,
        bank: text("bank"),
        name: value(&fields, "name").to_owned(),
        iban: value(&fields, "iban").to_owned(),
        amount: due.amount,
        purpose: due.purpose.clone(),
        remittance: text("reference").map(Remittance::Text),
        note: None,
    };
    let drawn = picture::of_transfer(&transfer, visitor.house.service.identifiers());
    Ok(page(&asked, &visitor, &drafted, &due, &fields, Some(&drawn)))
}

fn page(
    asked: &Asked,
    visitor: &Visitor,
    drafted: &Drafted,
    due: &Due,
    fields: &Fields,
    drawn: Option<&Result<String, Faults>>,
) -> Response {
    let lang = asked.lang;
    let made = &drafted.made;
    let book = asked.desk.book();
    let money = Money::of(&book, lang, &made.currency);
    let title = say!(lang, COLLECT_PAY_TITLE, period = words::period(lang, made.period));
    let name = lang.name(&made.name).unwrap_or_else(|| made.name.clone());
    let pays = due.amount.is_some_and(|amount| !amount.is_zero() && !amount.is_negative());
    let body = html! {
        (own_head(asked, visitor, &title))
        p.note { strong { (say!(lang, COLLECT_PAY_NOTHING_MOVED)) } " " (say!(lang, COLLECT_PAY_SAYS)) }
        section.card.stack {
            dl.facts {
                dt { (say!(lang, COLLECT_SCHEME)) } dd { (name) }
                dt { (say!(lang, COLLECT_AMOUNT)) }
                dd { @match due.amount { Some(amount) => span.figure { (money.text(amount)) }, None => span.unknown { (say!(lang, COLLECT_OWED_UNKNOWN)) } } }
                dt { (say!(lang, COLLECT_PAY_BY)) } dd { (day(lang, made.pay_by)) }
                dt { (say!(lang, COLLECT_REFERENCE)) }
                dd { @match &due.reference { Some(reference) => code { (reference) }, None => (say!(lang, COLLECT_REFERENCE_UNKNOWN)) } }
                @for (name, is) in &due.fields { dt { (lang.foreign(name)) } dd { code { (is) } } }
            }
            @if !drafted.closed { p.note.care { (say!(lang, COLLECT_PAY_BEFORE)) } }
            @if let Some(Ok(svg)) = drawn {
                figure.qr { (PreEscaped(svg)) figcaption { (say!(lang, COLLECT_QR_SAYS)) } }
            }
        }
        @if pays && made.currency == "EUR" {
            section.stack {
                h2 { (say!(lang, COLLECT_QR)) }
                p { (say!(lang, COLLECT_QR_ABOUT)) }
                (form(asked, due, made.scheme.as_str(), made.period, fields, drawn))
            }
        } @else if pays {
            p.quiet { (say!(lang, COLLECT_QR_NOT, currency = made.currency.as_str())) }
        }
    };
    let code = if matches!(drawn, Some(Err(_))) { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    private(asked, code, &title, body)
}

fn form(
    asked: &Asked,
    due: &Due,
    scheme: &str,
    period: tidewaiter_collect::Period,
    fields: &Fields,
    drawn: Option<&Result<String, Faults>>,
) -> Markup {
    let lang = asked.lang;
    let faults: &[tidewaiter_collect::pay::Fault] = match drawn {
        Some(Err(faults)) => &faults.0,
        _ => &[],
    };
    let reference =
        if drawn.is_some() { value(fields, "reference") } else { due.reference.as_deref().unwrap_or_default() };
    let all = [
        ("name", say!(lang, COLLECT_PAYEE), value(fields, "name"), "name", 70, true),
        ("iban", "IBAN".to_owned(), value(fields, "iban"), "iban", 60, true),
        ("bank", "BIC".to_owned(), value(fields, "bank"), "bank", 20, false),
        ("reference", say!(lang, COLLECT_REFERENCE), reference, "remittance", 140, true),
    ];
    html! {
        form.card method="post" action={ (asked.to("/collect/pay")) "?" (words::in_address(scheme, period)) } {
            @if !faults.is_empty() { p.note.stop role="alert" tabindex="-1" autofocus { (say!(lang, COLLECT_FIELDS_WRONG, count = faults.len())) } }
            div.fields {
                @for (id, label, value, field, most, needed) in all {
                    @let own: Vec<_> = faults.iter().filter(|one| one.field == field || one.field.starts_with(&format!("{field}."))).collect();
                    div.field.w6 {
                        label for=(id) { (label) @if !needed { " " span.quiet.small { (say!(lang, COLLECT_OPTIONAL)) } } }
                        input id=(id) name=(id) value=(value) maxlength=(most) required[needed] autocomplete="off" spellcheck="false"
                            aria-invalid=[(!own.is_empty()).then_some("true")] aria-describedby=[(!own.is_empty()).then(|| format!("fault-{id}"))];
                        @if !own.is_empty() { span.fault id={ "fault-" (id) } { @for one in &own { (lang.foreign(&one.says)) " " } } }
                    }
                }
            }
            div.row { button type="submit" { (say!(lang, COLLECT_QR_MAKE)) } }
        }
    }
}
