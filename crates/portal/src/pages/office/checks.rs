//! Which checks of the form an application passes: those of its fields, and those of the authority's own.

use super::Officer;
use super::parts::{passed, scroll};
use crate::locale::Lang;
use crate::say;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use tidewaiter::record::world::TerritoryKind;
use tidewaiter_collect::apply::{Beside, Check, Wrong};
use tidewaiter_collect::service::Application;

pub(super) fn checks(officer: &Officer, one: &Application) -> Markup {
    let lang = officer.request.lang;
    let form = &officer.of.form;
    let book = officer.request.desk.book();
    let is_country = |code: &str| {
        let kind = book.territories().get(code).map(|one| one.kind);
        code.len() == 2 && kind.is_some_and(|kind| !matches!(kind, TerritoryKind::Union | TerritoryKind::Group))
    };
    let sent = one.sent_at.parse::<Timestamp>().map(|at| at.to_zoned(TimeZone::UTC).date());
    let beside = Beside {
        identifiers: officer.house.service.identifiers(),
        is_country: &is_country,
        today: sent.unwrap_or_else(|_| officer.request.desk.today()),
    };
    let wrong = form.check(&one.answers, &beside).err().unwrap_or_default();
    let of = |key: &str| -> Vec<&Wrong> {
        let is_own = |field: &str| field == key || field.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
        wrong.iter().filter(|one| is_own(&one.field)).collect()
    };
    let columns = [say!(lang, OFFICE_CHECK), say!(lang, OFFICE_CHECK_RESULT)];
    let is_empty = |key: &str| {
        let is_own = |of: &String| of == key || of.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
        !one.answers.keys().any(is_own)
    };
    let row = |name: Markup, faults: &[&Wrong], empty: bool, beyond: Option<String>| {
        html! {
            tr {
                th scope="row" { (name) }
                td data-label=(columns[1]) {
                    @if empty && faults.is_empty() { span.none { (say!(lang, OFFICE_EMPTY)) } } @else { (passed(lang, faults.is_empty())) }
                    @for one in faults { " " (lang.foreign(&one.fault.to_string())) }
                    @if let Some(says) = &beyond { " " span.quiet.small { (says) } }
                }
            }
        }
    };
    let table = html! {
        table.ledger {
            thead { tr { @for name in &columns { th scope="col" { (name) } } } }
            tbody {
                @for field in &form.fields {
                    (row(html! { (lang.foreign(&field.label)) " " span.quiet.small { (lang.word("office-field", kind_key(field.kind))) } }, &of(&field.key), is_empty(&field.key), None))
                }
                @for check in &form.checks {
                    @let is_unique = matches!(check, Check::Unique { .. });
                    (row(html! { (words(lang, check)) }, &of(check.field()), is_empty(check.field()), is_unique.then(|| say!(lang, OFFICE_CHECK_AT_SENDING))))
                }
            }
        }
    };
    html! {
        section.stack aria-labelledby="checks" {
            h2 #checks { (say!(lang, OFFICE_CHECKS)) }
            @if one.form_version != officer.of.form_version {
                p.note.care { (say!(lang, OFFICE_OTHER_VERSION, then = one.form_version.to_string(), now = officer.of.form_version.to_string())) }
            }
            (scroll(&say!(lang, OFFICE_CHECKS), table))
        }
    }
}

/// A check in words.
pub(super) fn words(lang: Lang, check: &Check) -> String {
    let field = check.field();
    match check {
        Check::Unique { .. } => say!(lang, OFFICE_CHECK_UNIQUE, field = field),
        Check::Among { values, .. } => say!(lang, OFFICE_CHECK_AMONG, field = field, values = values.join(", ")),
        Check::NotAmong { values, .. } => say!(lang, OFFICE_CHECK_NOT_AMONG, field = field, values = values.join(", ")),
        Check::Within { before, after, .. } => {
            say!(lang, OFFICE_CHECK_WITHIN, field = field, before = before.to_string(), after = after.to_string())
        }
    }
}

/// The key of a kind of field, as words and forms have it.
pub(super) const fn kind_key(kind: tidewaiter_collect::definition::FieldKind) -> &'static str {
    use tidewaiter_collect::definition::FieldKind;
    match kind {
        FieldKind::Text => "text",
        FieldKind::Email => "email",
        FieldKind::Phone => "phone",
        FieldKind::Urls => "urls",
        FieldKind::Country => "country",
        FieldKind::Address => "address",
        FieldKind::Day => "day",
        FieldKind::Identifier => "identifier",
        FieldKind::YesNo => "yes-no",
        FieldKind::Amount => "amount",
    }
}
