//! An application: which authority, its form, and what came of it.

use super::field::{Filled, answers};
use super::start::SCHEMES;
use super::visitor::{Answer, Visitor, alert, is_country, no, own_head, posted, private, status, to, value};
use super::words;
use crate::form::pairs;
use crate::locale::day;
use crate::pages::Request as Asked;
use crate::say;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use maud::html;
use tidewaiter_collect::apply::{Answers, Wrong};
use tidewaiter_collect::definition::{Field, FieldKind};
use tidewaiter_collect::service::{self, Authority, Error, Kind, Operation, State};

/// Which authority: those that are here, and what can be prepared for others.
pub(super) async fn choose(asked: Asked, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    let lang = asked.lang;
    let fields = pairs(&asked.query);
    let wanted = value(&fields, "scheme");
    let all = visitor.house.service.authorities().await.map_err(|error| no(&asked.desk, &error))?;
    let here: Vec<&Authority> = all.iter().filter(|one| wanted.is_empty() || one.scheme == wanted).collect();
    if let ([one], false) = (here.as_slice(), wanted.is_empty()) {
        return Ok(to(&asked, &format!("/collect/apply/{}", one.id)));
    }
    let name = |key: &str| SCHEMES.iter().find(|one| one.scheme.key == key).map(|one| one.scheme.name.as_str());
    let others: Vec<_> = SCHEMES
        .iter()
        .filter(|one| wanted.is_empty() || one.scheme.key == wanted)
        .filter(|one| !all.iter().any(|authority| authority.scheme == one.scheme.key))
        .collect();
    let title = say!(lang, COLLECT_APPLY);
    let body = html! {
        (own_head(&asked, &visitor, &title))
        p.note { a href=(asked.to("/collect/where")) { (say!(lang, COLLECT_WHERE)) } " " (say!(lang, COLLECT_WHERE_SAYS)) }
        @if !here.is_empty() {
            section.stack {
                h2 { (say!(lang, COLLECT_APPLY_AT)) }
                p { (say!(lang, COLLECT_APPLY_AT_SAYS)) }
                ul.ways-in {
                    @for one in here {
                        li { a.button href={ (asked.to("/collect/apply/")) (one.id) } { (one.name) } span { (lang.foreign(name(&one.scheme).unwrap_or(&one.scheme))) } }
                    }
                }
            }
        }
        @if !others.is_empty() {
            section.stack {
                h2 { (say!(lang, COLLECT_PREPARE_FOR)) }
                p { (say!(lang, COLLECT_PREPARE_FOR_SAYS)) }
                ul.ways-in {
                    @for one in others {
                        li {
                            a href={ (asked.to("/collect/prepare/")) (one.scheme.key) } { (lang.foreign(&one.scheme.name)) }
                            a href={ (asked.to("/collect/number/")) (one.scheme.key) } { (say!(lang, COLLECT_NUMBER_GOT)) }
                        }
                    }
                }
            }
        }
    };
    Ok(private(&asked, StatusCode::OK, &title, body))
}

/// What a form begins with: what is known already, so that nobody writes it twice.
pub(super) async fn begun(
    asked: &Asked,
    visitor: &Visitor,
    fields: &[Field],
    from: Option<&str>,
) -> Result<Answers, Error> {
    let own = visitor.house.service.own_applications(&visitor.caller, &visitor.seller).await?;
    let before = own.iter().filter(|one| from.is_none_or(|from| one.id == from || one.authority == from));
    let known: Option<&Answers> = before.map(|one| &one.answers).find(|answers| !answers.is_empty());
    let known = known.or_else(|| own.iter().map(|one| &one.answers).find(|answers| !answers.is_empty()));
    let mut begun = Answers::new();
    let mut keep = |key: String, value: &str| {
        begun.insert(key, value.to_owned());
    };
    for field in fields {
        for (key, value) in known.into_iter().flatten() {
            let is_own =
                *key == field.key || key.strip_prefix(field.key.as_str()).is_some_and(|rest| rest.starts_with('.'));
            // Days and amounts are those of another time and place.
            let lasts = from.is_some() || !matches!(field.kind, FieldKind::Day | FieldKind::Amount);
            if is_own && lasts {
                keep(key.clone(), value);
            }
        }
    }
    let country = known.and_then(|known| {
        let is_one = |key: &str| key == "country" || key == "home_country" || key == "address.country";
        known.iter().find(|(key, _)| is_one(key)).map(|(_, letters)| letters.clone())
    });
    for field in fields.iter().filter(|field| field.required) {
        if let (FieldKind::Country, Some(country)) = (field.kind, &country) {
            begun.entry(field.key.clone()).or_insert_with(|| country.clone());
        }
        if field.key == "legal_name" && !begun.contains_key("legal_name") {
            begun.insert(field.key.clone(), visitor.house.service.seller_name(&visitor.caller, &visitor.seller).await?);
        }
        if field.kind == FieldKind::Day && !begun.contains_key(&field.key) {
            begun.insert(field.key.clone(), asked.desk.today().to_string());
        }
    }
    Ok(begun)
}

/// What is asked for by the address: a new registration, a change, or an answer to what an authority asked.
enum Aim {
    New,
    Change,
    Answer(String),
}

impl Aim {
    fn of(asked: &Asked) -> Self {
        let fields = pairs(&asked.query);
        match (value(&fields, "answer"), value(&fields, "kind")) {
            ("", "change") => Self::Change,
            ("", _) => Self::New,
            (id, _) => Self::Answer(id.chars().take(100).collect()),
        }
    }
}

/// The form.
pub(super) async fn show(asked: Asked, Path((_, id)): Path<(String, String)>, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    let (authority, form) = visitor.house.service.form(&id).await.map_err(|error| no(&asked.desk, &error))?;
    let from = match Aim::of(&asked) {
        Aim::New => None,
        Aim::Change => Some(id),
        Aim::Answer(id) => Some(id),
    };
    let answers =
        begun(&asked, &visitor, &form.fields, from.as_deref()).await.map_err(|error| no(&asked.desk, &error))?;
    page(&asked, &visitor, &authority, &answers, &[], None).await
}

async fn page(
    asked: &Asked,
    visitor: &Visitor,
    authority: &Authority,
    answers: &Answers,
    wrong: &[Wrong],
    error: Option<&Error>,
) -> Answer {
    let lang = asked.lang;
    let aim = Aim::of(asked);
    let title = match &aim {
        Aim::New => say!(lang, COLLECT_APPLY_TITLE, name = authority.name.as_str()),
        Aim::Change => say!(lang, COLLECT_CHANGE_TITLE, name = authority.name.as_str()),
        Aim::Answer(_) => say!(lang, COLLECT_ANSWER_TITLE, name = authority.name.as_str()),
    };
    let rules = SCHEMES.iter().find(|one| one.scheme.key == authority.scheme);
    let asks = match &aim {
        Aim::Answer(id) => {
            let own = visitor.house.service.own_applications(&visitor.caller, &visitor.seller).await;
            let own = own.map_err(|error| no(&asked.desk, &error))?;
            let one =
                own.into_iter().find(|one| one.id == *id && one.authority == authority.id && one.state == State::Asked);
            Some(one.ok_or_else(super::visitor::nothing)?)
        }
        _ => None,
    };
    let filled = Filled { asked, answers, wrong };
    let asks_day = authority.form.fields.iter().any(|field| field.key == "first_day");
    let query = if asked.query.is_empty() { String::new() } else { format!("?{}", asked.query) };
    let may = visitor.may(Operation::Apply);
    let body = html! {
        (own_head(asked, visitor, &title))
        p { (lang.foreign(rules.map_or(authority.scheme.as_str(), |rules| rules.scheme.name.as_str()))) " · " a href={ (asked.to("/collect/scheme/")) (authority.scheme) } { (say!(lang, COLLECT_SCHEME_MORE)) } }
        @if let Some(note) = &authority.form.note { p.note { (lang.foreign(note)) } }
        @if let Some(asks) = asks.as_ref().and_then(|one| one.says.as_deref()) {
            section.note.care.stack { h2 { (say!(lang, COLLECT_ASKS)) } p { (lang.foreign(asks)) } }
        }
        @if let Some(error) = error { (alert(asked, error)) }
        (filled.summary(&authority.form.fields))
        @if may {
            form.card method="post" action={ (asked.to(&asked.path)) (query) } {
                (filled.all(&authority.form.fields))
                @if !asks_day && matches!(aim, Aim::New) { p.hint { (say!(lang, COLLECT_FROM_TODAY, day = day(lang, asked.desk.today()))) } }
                div.row { button type="submit" { (say!(lang, COLLECT_SEND)) } }
                p.quiet.small { (say!(lang, COLLECT_SEND_SAYS, name = authority.name.as_str())) }
            }
        } @else {
            p.nothing { (say!(lang, COLLECT_MAY_NOT)) }
        }
    };
    let code = match error {
        Some(error) => status(&asked.desk, error),
        None if !wrong.is_empty() => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    Ok(private(asked, code, &title, body))
}

/// Takes the form.
pub(super) async fn take(asked: Asked, Path((_, id)): Path<(String, String)>, request: Request) -> Answer {
    let headers = request.headers().clone();
    let fields = posted(&asked.desk, request).await?;
    let visitor = Visitor::of(&asked, &headers).await?;
    let written = answers(&fields);
    let (now, today) = (Timestamp::now(), asked.desk.today());
    let known = is_country(&asked.desk);
    let made = sent(&visitor, &id, &Aim::of(&asked), &written, &known, now, today).await;
    match made {
        Ok(one) => Ok(to(&asked, &format!("/collect/application/{}", one.id))),
        Err(Error::Fields(wrong)) => {
            let (authority, _) = visitor.house.service.form(&id).await.map_err(|error| no(&asked.desk, &error))?;
            page(&asked, &visitor, &authority, &written, &wrong, None).await
        }
        Err(error @ (Error::Stands(_) | Error::Wrong(_) | Error::NoNumber(_))) => {
            let (authority, _) = visitor.house.service.form(&id).await.map_err(|error| no(&asked.desk, &error))?;
            page(&asked, &visitor, &authority, &written, &[], Some(&error)).await
        }
        Err(error) => Err(no(&asked.desk, &error)),
    }
}

async fn sent(
    visitor: &Visitor,
    id: &str,
    aim: &Aim,
    written: &Answers,
    known: &(dyn Fn(&str) -> bool + Sync),
    now: Timestamp,
    today: jiff::civil::Date,
) -> Result<service::Application, Error> {
    let (service, caller, seller) = (&visitor.house.service, &visitor.caller, visitor.seller.as_str());
    let kind = match aim {
        Aim::Answer(application) => {
            return service.answer(caller, seller, application, written, known, now, today).await;
        }
        Aim::New => Kind::New,
        Aim::Change => Kind::Change,
    };
    let asked = service::Asked { kind, answers: written.clone(), day: None };
    service.apply(caller, seller, id, &asked, known, now, today).await
}

/// What was written, for people.
pub(super) fn particulars(asked: &Asked, fields: &[Field], answers: &Answers) -> maud::Markup {
    let lang = asked.lang;
    let book = asked.desk.book();
    html! {
        dl.facts {
            @for field in fields {
                @let own: Vec<(String, &String)> = Filled::keys(field).into_iter().filter_map(|key| answers.get(&key).map(|value| (key, value))).collect();
                @if !own.is_empty() {
                    dt { (words::label(lang, &field.label)) }
                    dd {
                        @for (key, value) in own {
                            @let is_country = field.kind == FieldKind::Country || key.ends_with(".country");
                            div.kept { @if is_country { (words::place(lang, &book, Some(value))) } @else { (value) } }
                        }
                    }
                }
            }
        }
    }
}
