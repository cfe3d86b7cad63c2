//! Pieces that pages are made of. Zero, unknown and not-applicable look different in all of them.

use crate::desk::Book;
use crate::locale::{Lang, Money, day};
use crate::say;
use maud::{Markup, html};
use tidewaiter::Decimal;
use tidewaiter::quote::document::SourceAnswer;
use tidewaiter::ratebook::FactView;
use tidewaiter::record::Confidence;

/// An amount, a range, or that it is not known; zero is written as zero.
pub(crate) fn sum(money: &Money, least: Decimal, most: Option<Decimal>) -> Markup {
    match most {
        None if least.is_zero() => html! { span.unknown { (money.range(least, most)) } },
        _ => html! { span.figure { (money.range(least, most)) } },
    }
}

/// The same without the letters of the currency, for a column that names it.
pub(crate) fn number(money: &Money, least: Decimal, most: Option<Decimal>) -> Markup {
    match most {
        None if least.is_zero() => html! { span.unknown { (money.numbers(least, most)) } },
        _ => html! { span.figure { (money.numbers(least, most)) } },
    }
}

/// `97 %`.
pub(crate) fn whole_percent(lang: Lang, percent: u8) -> String {
    crate::locale::percent(lang, Decimal::from_int(i64::from(percent)))
}

/// What is not known.
pub(crate) fn unknown(lang: Lang) -> Markup {
    html! { span.unknown { (say!(lang, NUMBER_UNKNOWN)) } }
}

/// Where a figure would make no sense.
pub(crate) fn not_applicable(lang: Lang) -> Markup {
    html! { span.none { "—" span.hidden { " " (say!(lang, NUMBER_NOT_APPLICABLE)) } } }
}

/// How sure we are, in a word.
pub(crate) fn confidence(lang: Lang, sure: Confidence) -> Markup {
    let (class, key) = match sure {
        Confidence::High => ("tag high", "high"),
        Confidence::Medium => ("tag medium", "medium"),
        Confidence::Low => ("tag low", "low"),
    };
    html! { span class=(class) { (lang.word("confidence", key)) } }
}

/// A register that has nothing yet: said, not hidden.
pub(crate) fn nothing_recorded(lang: Lang, what: &str) -> Markup {
    html! { p.nothing { (say!(lang, HOUSE_NOTHING, what = what)) } }
}

/// A territory's name in the language of the page.
pub(crate) fn territory(lang: Lang, book: &Book, code: &str) -> String {
    lang.territory(code, book.name(code))
}

/// A place to read a fact: who, what, when, how sure.
pub(crate) fn source(lang: Lang, source: &SourceAnswer) -> Markup {
    fact(
        lang,
        &source.key,
        &source.statement,
        source.law.as_deref(),
        &source.publisher,
        source.title.as_deref(),
        source.url.as_deref(),
        source.date,
        source.confidence,
    )
}

/// The same of an economy's file.
pub(crate) fn fact_view(lang: Lang, view: &FactView) -> Markup {
    fact(
        lang,
        &view.key,
        &view.statement,
        view.law.as_deref(),
        &view.publisher,
        view.title.as_deref(),
        view.url.as_deref(),
        view.date,
        view.confidence,
    )
}

#[allow(clippy::too_many_arguments, reason = "the fields of a fact, from two documents")]
fn fact(
    lang: Lang,
    key: &str,
    statement: &str,
    law: Option<&str>,
    publisher: &str,
    title: Option<&str>,
    url: Option<&str>,
    date: Option<jiff::civil::Date>,
    sure: Confidence,
) -> Markup {
    html! {
        li.source id={ "fact-" (key) } {
            p { (lang.foreign(statement)) }
            p.quiet.small {
                @if let Some(law) = law { (lang.foreign(law)) ". " }
                @let name = title.unwrap_or(publisher);
                // An address of the data is followed only where it is one of the web.
                @match url.filter(|url| url.starts_with("https://") || url.starts_with("http://")) {
                    Some(url) => a href=(url) rel="external noreferrer" { (lang.foreign(name)) },
                    None => (lang.foreign(name)),
                }
                @if title.is_some() { ", " (lang.foreign(publisher)) }
                @if let Some(date) = date { ", " (day(lang, date)) }
                " " (confidence(lang, sure))
            }
        }
    }
}

/// A sentence with its full stop.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}

/// Territories that goods can be sent to, for a list to choose from: code and name, by name.
pub(crate) fn destinations(lang: Lang, book: &Book) -> Vec<(String, String)> {
    use tidewaiter::record::world::TerritoryKind;
    let known = book
        .territories()
        .values()
        .filter(|t| t.has_rules && matches!(t.kind, TerritoryKind::Country | TerritoryKind::Special));
    by_name(lang, known.map(|t| (t.code.clone(), lang.territory(&t.code, &t.name))).collect())
}

/// Territories that goods can come from.
pub(crate) fn origins(lang: Lang, book: &Book) -> Vec<(String, String)> {
    use tidewaiter::record::world::TerritoryKind;
    let known =
        book.territories().values().filter(|t| matches!(t.kind, TerritoryKind::Country | TerritoryKind::Special));
    by_name(lang, known.map(|t| (t.code.clone(), lang.territory(&t.code, &t.name))).collect())
}

fn by_name(_: Lang, mut all: Vec<(String, String)>) -> Vec<(String, String)> {
    // Accents are folded so that É stands beside E.
    all.sort_by_cached_key(|(_, name)| name.chars().map(fold).collect::<String>());
    all
}

pub(crate) fn fold(letter: char) -> char {
    match letter.to_lowercase().next().unwrap_or(letter) {
        'á' | 'à' | 'â' | 'ä' | 'å' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'î' | 'ï' => 'i',
        'ó' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

/// A list to choose from.
pub(crate) fn select(id: &str, name: &str, chosen: &str, empty: Option<&str>, all: &[(String, String)]) -> Markup {
    html! {
        select id=(id) name=(name) {
            @if let Some(empty) = empty { option value="" { (empty) } }
            @for (code, text) in all { option value=(code) selected[code == chosen] { (text) } }
        }
    }
}
