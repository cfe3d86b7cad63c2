//! How things of this house are said in each language.

use crate::desk::Book;
use crate::locale::{Lang, Money, day};
use crate::say;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use tidewaiter::Decimal;
use tidewaiter::record::Fact;
use tidewaiter_collect::Period;
use tidewaiter_collect::apply::Fault;
use tidewaiter_collect::definition::{DayOfMonth, DayOff, DueDay, Length, Percent};
use tidewaiter_collect::service::{Kind, State};

/// "October 2026", "October to December 2026".
pub(super) fn period(lang: Lang, period: Period) -> String {
    let month = |at: jiff::civil::Date| lang.word("collect-month", &at.month().to_string());
    let (first, last) = (period.first(), period.last());
    let (year, other) = (first.year().to_string(), last.year().to_string());
    if period.months() == 1 {
        say!(lang, COLLECT_PERIOD_MONTH, month = month(first), year = year)
    } else if year == other {
        say!(lang, COLLECT_PERIOD_MONTHS, first = month(first), last = month(last), year = year)
    } else {
        let one = say!(lang, COLLECT_PERIOD_MONTH, month = month(first), year = year);
        let two = say!(lang, COLLECT_PERIOD_MONTH, month = month(last), year = other);
        say!(lang, COLLECT_PERIOD_YEARS, first = one, last = two)
    }
}

/// As a field of an address.
pub(super) fn in_address(scheme: &str, period: Period) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    out.append_pair("scheme", scheme).append_pair("period", &period.to_string()).finish()
}

/// A moment as it is kept.
pub(super) fn moment(lang: Lang, at: &str) -> Markup {
    match at.parse::<Timestamp>().map(|at| at.to_zoned(TimeZone::UTC)) {
        Ok(time) => {
            html! { time datetime=(at) { (day(lang, time.date())) " " (format!("{:02}:{:02} UTC", time.hour(), time.minute())) } }
        }
        Err(_) => html! { (at) },
    }
}

/// How long a period is.
pub(super) fn length(lang: Lang, length: Length) -> String {
    lang.word("collect-length", &length.word().replace(' ', "-"))
}

/// The day on which something is due.
pub(super) fn due(lang: Lang, due: &DueDay) -> String {
    let number = match due.day {
        DayOfMonth::Last => 0,
        DayOfMonth::Number(day) => day,
    };
    let mut text = say!(lang, COLLECT_DUE_DAY, day = number, months = due.months);
    if due.extra_days > 0 {
        text.push(' ');
        text.push_str(&say!(lang, COLLECT_DUE_EXTRA, extra = due.extra_days));
    }
    text.push_str(&match due.if_day_off {
        DayOff::Same => String::new(),
        DayOff::Next => say!(lang, COLLECT_DUE_NEXT),
        DayOff::Previous => say!(lang, COLLECT_DUE_PREVIOUS),
    });
    for one in &due.except {
        let number = match one.day {
            DayOfMonth::Last => 0,
            DayOfMonth::Number(day) => day,
        };
        let ends = lang.word("collect-month", &one.ends_in.to_string());
        text.push_str(&say!(lang, COLLECT_DUE_EXCEPT, ends = ends, day = number, months = one.months));
    }
    text
}

/// A word with a sign beside it: neither is understood by its colour alone.
pub(super) fn marked(class: &str, sign: &str, word: &str) -> Markup {
    html! { span class={ "tag " (class) } { span aria-hidden="true" { (sign) " " } (word) } }
}

/// Where an application stands.
pub(super) fn state(lang: Lang, is: State) -> Markup {
    let (class, sign) = match is {
        State::Sent => ("", "…"),
        State::Asked => ("care", "?"),
        State::Accepted => ("high", "✓"),
        State::Refused => ("stop", "✕"),
        State::Withdrawn => ("", "–"),
    };
    marked(class, sign, &lang.word("collect-state", is.word()))
}

/// What an application is for.
pub(super) fn kind(lang: Lang, is: Kind) -> String {
    lang.word("collect-kind", is.word())
}

/// What a field is called: labels of forms that recur have words, others stand as their authority wrote them.
pub(super) fn label(lang: Lang, label: &str) -> Markup {
    match lang.find(&format!("collect-label-{}", slug(label))) {
        Some(text) => html! { (text) },
        None => lang.foreign(label),
    }
}

/// Small letters and digits with hyphens between.
pub(super) fn slug(text: &str) -> String {
    let mut out = String::new();
    for sign in text.chars().flat_map(char::to_lowercase).map(crate::pages::parts::fold) {
        if sign.is_ascii_alphanumeric() {
            out.push(sign);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// What is wrong with a field.
pub(super) fn fault(lang: Lang, fault: &Fault) -> Markup {
    let text = match fault {
        Fault::Missing => say!(lang, COLLECT_FAULT_MISSING),
        Fault::TooLong(most) => say!(lang, COLLECT_FAULT_LONG, most = *most),
        Fault::Unseen => say!(lang, COLLECT_FAULT_UNSEEN),
        Fault::NotEmail => say!(lang, COLLECT_FAULT_EMAIL),
        Fault::NotPhone => say!(lang, COLLECT_FAULT_PHONE),
        Fault::NotUrl(text) => say!(lang, COLLECT_FAULT_URL, text = text.as_str()),
        Fault::NotCountry => say!(lang, COLLECT_FAULT_COUNTRY),
        Fault::NotDay => say!(lang, COLLECT_FAULT_DAY),
        Fault::NotYesNo => say!(lang, COLLECT_FAULT_YES_NO),
        Fault::NotAmount => say!(lang, COLLECT_FAULT_AMOUNT),
        Fault::Number(says) => return html! { (say!(lang, COLLECT_FAULT_NUMBER)) " " (lang.foreign(says)) },
        Fault::NotAsked => say!(lang, COLLECT_FAULT_NOT_ASKED),
        Fault::NotAmong(values) => say!(lang, COLLECT_FAULT_AMONG, values = values.join(", ")),
        Fault::Refused(value) => say!(lang, COLLECT_FAULT_REFUSED, text = value.as_str()),
        Fault::DayOutside(first, last) => {
            say!(lang, COLLECT_FAULT_OUTSIDE, first = day(lang, *first), last = day(lang, *last))
        }
        Fault::Taken => say!(lang, COLLECT_FAULT_TAKEN),
    };
    html! { (text) }
}

/// A fact of a scheme's file.
pub(super) fn fact(lang: Lang, fact: &Fact) -> Markup {
    let name = fact.source.title.as_deref().unwrap_or(&fact.source.publisher);
    let url = fact.source.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    html! {
        li.source {
            p { (lang.foreign(&fact.statement)) }
            p.quiet.small {
                @if let Some(law) = &fact.law { (lang.foreign(law)) ". " }
                @match url {
                    Some(url) => a href=(url) rel="external noreferrer" { (lang.foreign(name)) },
                    None => (lang.foreign(name)),
                }
                @if fact.source.title.is_some() { ", " (lang.foreign(&fact.source.publisher)) }
                @if let Some(date) = fact.source.date { ", " (day(lang, date)) }
                " " (crate::pages::parts::confidence(lang, fact.confidence))
            }
            @if let Some(note) = &fact.note { p.quiet.small { (lang.foreign(note)) } }
        }
    }
}

/// An amount, or that it is not known.
pub(super) fn amount(lang: Lang, money: &Money, amount: Option<Decimal>) -> Markup {
    match amount {
        Some(amount) => html! { span.figure { (money.number(amount)) } },
        None => crate::pages::parts::unknown(lang),
    }
}

/// A rate.
pub(super) fn rate(lang: Lang, rate: Option<Percent>) -> Markup {
    match rate {
        Some(rate) => html! { (crate::locale::percent(lang, rate.0)) },
        None => crate::pages::parts::not_applicable(lang),
    }
}

/// A territory; nothing where the return does not tell them apart.
pub(super) fn place(lang: Lang, book: &Book, code: Option<&str>) -> String {
    code.map_or_else(String::new, |code| crate::pages::parts::territory(lang, book, code))
}
