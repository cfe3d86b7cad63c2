//! What an application must hold: fields, checks, who decides, how numbers are made. Nothing is kept until it is saved, and all faults are shown.

use super::checks::{kind_key, words};
use super::edited::{CHECKS, CheckRow, Edited, KINDS, Row};
use super::{Officer, Request, field, fields, with};
use crate::form::pairs;
use crate::locale::Lang;
use crate::pages::parts::select;
use crate::say;
use axum::extract::Request as Sent;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use tidewaiter_collect::apply::{Form, FormFault};
use tidewaiter_collect::definition::{Field, FieldKind};
use tidewaiter_collect::service::{Error, Operation};

/// Parts of an address, in the order in which it is written.
pub(super) const ADDRESS: [&str; 5] = ["street", "town", "postcode", "region", "country"];

pub(super) async fn show(request: Request, headers: HeaderMap) -> Result<Response, Response> {
    let officer = Officer::of(request, &headers).await?;
    let saved = field(&pairs(&officer.request.query), "saved") == "1";
    Ok(whole(&officer, &Edited::of(&officer.of.form), None, saved))
}

pub(super) async fn take(request: Request, sent: Sent) -> Result<Response, Response> {
    let officer = Officer::sends(request, sent.headers()).await?;
    let written = fields(sent).await?;
    let mut edited = Edited::read(&written);
    let button = field(&written, "do");
    let at = edited.press(button);
    if button != "save" {
        return Ok(whole(&officer, &edited, at, false));
    }
    let (form, wrong) = edited.form();
    if !wrong.is_empty() {
        return Ok(with(StatusCode::UNPROCESSABLE_ENTITY, whole(&officer, &edited, None, false)));
    }
    match officer.house.service.set_form(&officer.caller, &officer.of.id, &form, Timestamp::now()).await {
        Ok(_) => Ok(officer.go("/form?saved=1")),
        Err(Error::Form(_)) => Ok(with(StatusCode::UNPROCESSABLE_ENTITY, whole(&officer, &edited, None, false))),
        Err(error) => Err(officer.no(&error)),
    }
}

/// Everything that a row of the page needs.
struct Sheet<'a> {
    officer: &'a Officer,
    lang: Lang,
    faults: &'a [FormFault],
    /// The row that was moved: there the keyboard goes on.
    at: Option<usize>,
}

impl Sheet<'_> {
    fn wrong(&self, at: &str) -> Option<&FormFault> {
        self.faults.iter().find(|one| one.at == at)
    }

    fn invalid(&self, at: &str) -> Option<&'static str> {
        self.wrong(at).map(|_| "true")
    }

    /// The name of a fault's element, where there is a fault.
    fn told_at(&self, at: &str) -> Option<String> {
        self.wrong(at).map(|_| id_of(at))
    }

    fn says(&self, at: &str) -> Markup {
        html! { @if let Some(one) = self.wrong(at) { span.fault id=(id_of(at)) { (self.lang.foreign(&one.says)) } } }
    }
}

fn id_of(at: &str) -> String {
    format!("fault-{}", at.replace(['[', ']', '.'], "-"))
}

fn whole(officer: &Officer, edited: &Edited, at: Option<usize>, saved: bool) -> Response {
    let lang = officer.request.lang;
    let service = &officer.house.service;
    let (form, mut faults) = edited.form();
    let definition = service.definitions().get(&officer.of.scheme);
    if let Some(Err(more)) = definition.map(|definition| form.sound(definition, service.identifiers())) {
        faults.extend(more);
    }
    let first = definition.and_then(|definition| form.number(definition, service.identifiers(), 1).ok());
    let sheet = Sheet { officer, lang, faults: &faults, at };
    let may = officer.may(Operation::SetForm);
    let body = html! {
        p { (say!(lang, OFFICE_FORM_VERSION, version = officer.of.form_version.to_string())) }
        @if saved { p.note.good role="status" { (say!(lang, OFFICE_FORM_SAVED)) } }
        @if !faults.is_empty() {
            p.note.stop role="alert" tabindex="-1" autofocus[at.is_none()] { (say!(lang, OFFICE_FORM_FAULTS, count = faults.len())) }
        }
        @if may { (editor(&sheet, edited, first.as_deref())) } @else { p.note { (say!(lang, OFFICE_READ_ONLY)) } }
        (preview(officer, &form))
    };
    officer.page("/form", &say!(lang, OFFICE_TAB_FORM), None, body)
}

fn editor(sheet: &Sheet<'_>, edited: &Edited, first: Option<&str>) -> Markup {
    let lang = sheet.lang;
    let decisions =
        [("officer".to_owned(), say!(lang, OFFICE_BY_OFFICER)), ("at-once".to_owned(), say!(lang, OFFICE_AT_ONCE))];
    let hidden = sheet.wrong("fields");
    html! {
        form.editor method="post" action=(sheet.officer.to("/form")) {
            // What Enter in a field presses.
            button.hidden type="submit" name="do" value="look" tabindex="-1" aria-hidden="true" { (say!(lang, OFFICE_LOOK)) }
            section.stack aria-labelledby="fields" {
                h2 #fields { (say!(lang, OFFICE_FIELDS)) }
                @if let Some(fault) = hidden { p.fault { (lang.foreign(&fault.says)) } }
                ol.rows { @for (n, row) in edited.rows.iter().enumerate() { (field_row(sheet, n, row, edited.rows.len())) } }
                div.row { button.second type="submit" name="do" value="add" { (say!(lang, OFFICE_ADD_FIELD)) } }
            }
            section.stack aria-labelledby="own-checks" {
                h2 #own-checks { (say!(lang, OFFICE_OWN_CHECKS)) }
                p.hint { (say!(lang, OFFICE_OWN_CHECKS_HINT)) }
                ol.rows { @for (n, row) in edited.checks.iter().enumerate() { (check_row(sheet, n, row, &edited.rows)) } }
                div.row { button.second type="submit" name="do" value="more" { (say!(lang, OFFICE_ADD_CHECK)) } }
            }
            section.stack aria-labelledby="decision-head" {
                h2 #decision-head { (say!(lang, OFFICE_HOW_DECIDED)) }
                div.fields {
                    div.field.w4 {
                        label for="decision" { (say!(lang, OFFICE_WHO_DECIDES)) }
                        (select("decision", "decision", if edited.at_once { "at-once" } else { "officer" }, None, &decisions))
                    }
                    div.field.w4 {
                        label for="numbers" { (say!(lang, OFFICE_PATTERN)) }
                        input id="numbers" name="numbers" value=(edited.numbers) maxlength="60" autocomplete="off" aria-invalid=[sheet.invalid("numbers")]
                            aria-describedby={ "numbers-hint " (sheet.told_at("numbers").unwrap_or_default()) };
                        span.hint #numbers-hint {
                            (say!(lang, OFFICE_PATTERN_HINT, digits = "{6}", check = "{check}"))
                            @if let Some(first) = first { " " (say!(lang, OFFICE_PATTERN_FIRST)) " " code { (first) } }
                        }
                        (sheet.says("numbers"))
                    }
                    div.field.w4 {
                        label for="months" { (say!(lang, OFFICE_MONTHS)) }
                        input id="months" name="months" inputmode="numeric" value=(edited.months) maxlength="4" aria-invalid=[sheet.invalid("months")]
                            aria-describedby={ "months-hint " (sheet.told_at("months").unwrap_or_default()) };
                        span.hint #months-hint { (say!(lang, OFFICE_MONTHS_HINT)) }
                        (sheet.says("months"))
                    }
                    div.field.w12 {
                        label for="note" { (say!(lang, OFFICE_NOTE)) }
                        textarea id="note" name="note" rows="3" maxlength="2000" { (edited.note) }
                    }
                }
            }
            div.row {
                button type="submit" name="do" value="save" { (say!(lang, OFFICE_SAVE)) }
                button.second type="submit" name="do" value="look" { (say!(lang, OFFICE_LOOK)) }
            }
            p.hint { (say!(lang, OFFICE_SAVE_HINT)) }
        }
    }
}

fn field_row(sheet: &Sheet<'_>, n: usize, row: &Row, all: usize) -> Markup {
    let lang = sheet.lang;
    let kinds: Vec<(String, String)> =
        KINDS.iter().map(|kind| (kind_key(*kind).to_owned(), lang.word("office-field", kind_key(*kind)))).collect();
    let identifiers: Vec<(String, String)> = sheet
        .officer
        .house
        .service
        .identifiers()
        .all()
        .map(|one| (one.key.clone(), format!("{} ({})", one.name, one.key)))
        .collect();
    let yes_no = [("no".to_owned(), say!(lang, OFFICE_MAY)), ("yes".to_owned(), say!(lang, OFFICE_MUST))];
    let at = |what: &str| format!("fields[{n}].{what}");
    let id = |what: &str| format!("{what}-{n}");
    let name = if row.label.is_empty() { say!(lang, OFFICE_FIELD, number = n + 1) } else { row.label.clone() };
    let input = |what: &str, value: &str, most: usize, focus: bool| {
        html! {
            input id=(id(what)) name=(what) value=(value) maxlength=(most) autocomplete="off" aria-invalid=[sheet.invalid(&at(what))]
                aria-describedby=[sheet.told_at(&at(what))] autofocus[focus];
            (sheet.says(&at(what)))
        }
    };
    let button = |what: &str, sign: &str, words: String| {
        html! {
            button.second.small type="submit" name="do" value={ (what) "-" (n) } {
                @if !sign.is_empty() { span aria-hidden="true" { (sign) } " " }
                (words) span.hidden { (lang.colon()) (name) }
            }
        }
    };
    html! {
        li {
            fieldset {
                legend { (n + 1) ". " (name) }
                (sheet.says(&format!("fields[{n}]")))
                div.fields {
                    div.field.w6 { label for=(id("label")) { (say!(lang, OFFICE_LABEL)) } (input("label", &row.label, 200, sheet.at == Some(n))) }
                    div.field.w3 { label for=(id("key")) { (say!(lang, OFFICE_KEY)) } (input("key", &row.key, 60, false)) }
                    div.field.w3 { label for=(id("kind")) { (say!(lang, OFFICE_COLUMN_KIND)) } (select(&id("kind"), "kind", &row.kind, None, &kinds)) }
                    div.field.w6 { label for=(id("hint")) { (say!(lang, OFFICE_HINT)) } (input("hint", &row.hint, 300, false)) }
                    div.field.w3 { label for=(id("required")) { (say!(lang, OFFICE_REQUIRED)) } (select(&id("required"), "required", if row.required { "yes" } else { "no" }, None, &yes_no)) }
                    @if row.kind == "identifier" {
                        div.field.w3 {
                            label for=(id("identifier")) { (say!(lang, OFFICE_IDENTIFIER)) }
                            (select(&id("identifier"), "identifier", &row.identifier, Some("—"), &identifiers))
                            (sheet.says(&at("identifier")))
                        }
                    } @else {
                        // Columns stay as long as each other.
                        input type="hidden" name="identifier" value=(row.identifier);
                    }
                }
                div.row {
                    @if n > 0 { (button("up", "↑", say!(lang, OFFICE_UP))) }
                    @if n + 1 < all { (button("down", "↓", say!(lang, OFFICE_DOWN))) }
                    (button("remove", "", say!(lang, OFFICE_REMOVE)))
                }
            }
        }
    }
}

fn check_row(sheet: &Sheet<'_>, n: usize, row: &CheckRow, fields: &[Row]) -> Markup {
    let lang = sheet.lang;
    let kinds: Vec<(String, String)> =
        CHECKS.iter().map(|kind| ((*kind).to_owned(), lang.word("office-checks", kind))).collect();
    let mut keys: Vec<(String, String)> = Vec::new();
    for one in fields.iter().filter(|one| !one.key.is_empty()) {
        if one.kind == "address" {
            let part = |part: &&str| {
                let name = format!("{}, {}", one.label, lang.word("office-part", part));
                (format!("{}.{part}", one.key), name)
            };
            keys.extend(ADDRESS.iter().map(part));
        } else {
            keys.push((one.key.clone(), one.label.clone()));
        }
    }
    let at = |what: &str| format!("checks[{n}].{what}");
    let id = |what: &str| format!("check-{what}-{n}");
    let number = |what: &str, value: &str| {
        html! {
            input id=(id(what)) name={ "check_" (what) } value=(value) maxlength="4" inputmode="numeric" aria-invalid=[sheet.invalid(&at(what))]
                aria-describedby=[sheet.told_at(&at(what))];
            (sheet.says(&at(what)))
        }
    };
    html! {
        li {
            fieldset {
                legend { (say!(lang, OFFICE_CHECK)) " " (n + 1) }
                div.fields {
                    div.field.w6 { label for=(id("is")) { (say!(lang, OFFICE_CHECK_WHAT)) } (select(&id("is"), "check", &row.is, None, &kinds)) }
                    div.field.w6 {
                        label for=(id("field")) { (say!(lang, OFFICE_CHECK_FIELD)) }
                        (select(&id("field"), "check_field", &row.field, Some("—"), &keys))
                        (sheet.says(&at("field")))
                    }
                    div.field.w6 {
                        label for=(id("values")) { (say!(lang, OFFICE_CHECK_VALUES)) }
                        input id=(id("values")) name="check_values" value=(row.values) maxlength="1000" autocomplete="off";
                    }
                    div.field.w3 { label for=(id("before")) { (say!(lang, OFFICE_CHECK_BEFORE)) } (number("before", &row.before)) }
                    div.field.w3 { label for=(id("after")) { (say!(lang, OFFICE_CHECK_AFTER)) } (number("after", &row.after)) }
                }
                div.row {
                    button.second.small type="submit" name="do" value={ "check-" (n) } { (say!(lang, OFFICE_REMOVE)) span.hidden { (lang.colon()) (say!(lang, OFFICE_CHECK)) " " (n + 1) } }
                }
            }
        }
    }
}

/// The form as those who apply see it.
fn preview(officer: &Officer, form: &Form) -> Markup {
    let lang = officer.request.lang;
    html! {
        section.stack aria-labelledby="preview" {
            h2 #preview { (say!(lang, OFFICE_PREVIEW)) }
            div.card.stack {
                @if let Some(note) = &form.note { p.note { (lang.foreign(note)) } }
                ol.asked {
                    @for field in &form.fields { (shown(lang, field)) }
                }
                @if !form.checks.is_empty() {
                    h3 { (say!(lang, OFFICE_OWN_CHECKS)) }
                    ul { @for check in &form.checks { li { (words(lang, check)) } } }
                }
            }
        }
    }
}

fn shown(lang: Lang, field: &Field) -> Markup {
    html! {
        li {
            strong { (lang.foreign(&field.label)) } " "
            span.tag { (lang.word("office-field", kind_key(field.kind))) }
            " " span.quiet.small { @if field.required { (say!(lang, OFFICE_MUST)) } @else { (say!(lang, OFFICE_MAY)) } }
            @if let Some(hint) = &field.hint { br; span.hint { (lang.foreign(hint)) } }
            @if field.kind == FieldKind::Address {
                ul { @for part in ADDRESS { li { (lang.word("office-part", part)) } } }
            }
        }
    }
}
