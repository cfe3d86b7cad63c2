//! Pieces that the pages of an authority are made of.

use crate::locale::{Lang, day};
use crate::say;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use maud::{Markup, html};
use tidewaiter::Decimal;
use tidewaiter::record::Confidence;
use tidewaiter::record::Fact;
use tidewaiter_collect::Period;
use tidewaiter_collect::service::{Application, Standing, State};

/// A moment as it is kept: the day and the time of day.
pub(super) fn moment(lang: Lang, at: &str) -> Markup {
    match at.parse::<Timestamp>().map(|at| at.to_zoned(TimeZone::UTC)) {
        Ok(time) => html! { time datetime=(at) { (day(lang, time.date())) " " (clock(&time)) } },
        Err(_) => html! { (at) },
    }
}

fn clock(time: &Zoned) -> String {
    format!("{:02}:{:02} UTC", time.hour(), time.minute())
}

/// How long ago, in whole days.
pub(super) fn days_since(at: &str, today: jiff::civil::Date) -> Option<i64> {
    let then = at.parse::<Timestamp>().ok()?.to_zoned(TimeZone::UTC).date();
    today.since(then).ok().map(|span| i64::from(span.get_days()).max(0))
}

/// A period as people of a language say it.
pub(super) fn period(lang: Lang, period: Period) -> String {
    let (first, last) = (period.first(), period.last());
    let year = first.year().to_string();
    match (period.months(), (first.month() - 1) % 3) {
        (1, _) => format!("{} {year}", lang.word("office-month", &first.month().to_string())),
        (3, 0) => say!(lang, OFFICE_QUARTER, quarter = ((first.month() - 1) / 3 + 1).to_string(), year = year),
        _ => say!(lang, OFFICE_DAYS, first = day(lang, first), last = day(lang, last)),
    }
}

/// A sign beside the word: neither is understood by its colour alone.
fn marked(class: &str, sign: &str, word: &str) -> Markup {
    html! { span class={ "tag " (class) } { span aria-hidden="true" { (sign) " " } (word) } }
}

/// How a return stands.
pub(super) fn standing(lang: Lang, is: Standing) -> Markup {
    let (class, sign) = match is {
        Standing::Missing => ("stop", "✕"),
        Standing::Late => ("care", "!"),
        Standing::Open => ("", "…"),
        Standing::InTime => ("high", "✓"),
    };
    marked(class, sign, &lang.word("office-standing", is.word()))
}

/// Where an application stands.
pub(super) fn state(lang: Lang, is: State) -> Markup {
    let (class, sign) = match is {
        State::Sent => ("care", "!"),
        State::Asked => ("", "?"),
        State::Accepted => ("high", "✓"),
        State::Refused => ("stop", "✕"),
        State::Withdrawn => ("", "–"),
    };
    marked(class, sign, &lang.word("office-state", is.word()))
}

/// Whether a check is passed.
pub(super) fn passed(lang: Lang, is: bool) -> Markup {
    if is {
        marked("high", "✓", &say!(lang, OFFICE_PASSED))
    } else {
        marked("stop", "✕", &say!(lang, OFFICE_FAILED))
    }
}

/// Who applies: the first words of the answers that are a name, else the short name.
pub(super) fn applicant(application: &Application) -> &str {
    ["legal_name", "name", "trading_name"]
        .into_iter()
        .find_map(|key| application.answers.get(key))
        .map_or(application.seller.as_str(), String::as_str)
}

/// A whole number as a language writes it.
pub(super) fn count(lang: Lang, number: u64) -> String {
    crate::locale::decimal(lang, Decimal::from_int(i64::try_from(number).unwrap_or(i64::MAX)))
}

/// A table that scrolls inside its frame.
pub(super) fn scroll(label: &str, table: Markup) -> Markup {
    html! { div.scroll tabindex="0" role="group" aria-label=(label) { (table) } }
}

/// What is wrong, above a form.
pub(super) fn alert(lang: Lang, says: &[String]) -> Markup {
    html! {
        @if !says.is_empty() {
            div.note.stop.stack role="alert" tabindex="-1" autofocus {
                p { (say!(lang, OFFICE_WRONG)) }
                ul { @for one in says { li { (lang.foreign(one)) } } }
            }
        }
    }
}

/// A sentence of the crate that recurs, in the language of the page; any other in English.
pub(super) fn says(lang: Lang, english: &str) -> Markup {
    let words = english.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let key = words.fold("says".to_owned(), |key, word| format!("{key}-{}", word.to_ascii_lowercase()));
    match lang.find(&key) {
        Some(told) => html! { (told) },
        None => lang.foreign(english),
    }
}

/// A fact of a scheme's file.
pub(super) fn fact(lang: Lang, fact: &Fact) -> Markup {
    let name = fact.source.title.as_deref().unwrap_or(&fact.source.publisher);
    html! {
        li.source {
            p { (lang.foreign(&fact.statement)) }
            p.quiet.small {
                @if let Some(law) = &fact.law { (lang.foreign(law)) ". " }
                @match fact.source.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://")) {
                    Some(url) => a href=(url) rel="external noreferrer" { (lang.foreign(name)) },
                    None => (lang.foreign(name)),
                }
                @if fact.source.title.is_some() { ", " (lang.foreign(&fact.source.publisher)) }
                @if let Some(date) = fact.source.date { ", " (day(lang, date)) }
                " " (crate::pages::parts::confidence(lang, fact.confidence))
                @if fact.confidence == Confidence::Low { " " (say!(lang, WHERE_LOW)) }
            }
        }
    }
}
