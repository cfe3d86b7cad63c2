//! How the site is used: counts by day, page, language and kind of answer. There is nothing else to show, since nothing else is counted.

use super::super::Request;
use super::super::layout::{Door, Head, page};
use super::super::parts::nothing_recorded;
use crate::locale::{LANGUAGES, Lang, day, decimal};
use crate::say;
use crate::usage::Use;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use maud::{Markup, html};
use std::collections::BTreeMap;
use tidewaiter::Decimal;

/// How many days the table has.
const DAYS: i64 = 14;
/// How many weeks.
const WEEKS: i64 = 12;
/// Width of the longest bar.
const WIDTH: u64 = 240;

type Counts = Vec<(Date, Use, u64)>;

pub(super) async fn show(request: Request) -> Response {
    let lang = request.lang;
    let today = request.desk.today();
    let counts = request.desk.usage.all();
    let title = say!(lang, HOUSE_USE);
    let about = say!(lang, ABOUT_USE_LEDE);
    let body = html! {
        div.stack {
            nav.crumbs aria-label=(say!(lang, ABOUT_CRUMBS)) {
                ol { li { a href=(request.to("/about")) { (say!(lang, DOOR_ABOUT)) } } li aria-current="page" { (title) } }
            }
            h1 { (title) }
            p.lede { (about) }
        }
        @if counts.is_empty() {
            (nothing_recorded(lang, &say!(lang, ABOUT_USE_NOTHING)))
        } @else {
            (section("days", &say!(lang, ABOUT_USE_DAYS), &say!(lang, ABOUT_COLUMN_DAY), &by_day(lang, &counts, today), lang))
            (section("weeks", &say!(lang, ABOUT_USE_WEEKS), &say!(lang, ABOUT_COLUMN_WEEK), &by_week(lang, &counts, today), lang))
            (section("pages", &say!(lang, ABOUT_USE_PAGES), &say!(lang, ABOUT_COLUMN_PAGE), &by_page(lang, &counts), lang))
            (section("languages", &say!(lang, ABOUT_USE_LANGUAGES), &say!(lang, ABOUT_COLUMN_LANGUAGE), &by_language(lang, &counts), lang))
            (section("answers", &say!(lang, ABOUT_USE_ANSWERS), &say!(lang, ABOUT_COLUMN_ANSWER), &by_answer(lang, &counts), lang))
        }
        section.stack aria-labelledby="not" {
            h2 #not { (say!(lang, ABOUT_USE_NOT)) }
            p { (say!(lang, ABOUT_PRIVACY_NOT)) }
            p { (say!(lang, ABOUT_USE_SINCE)) }
        }
    };
    let mut answer = page(&request, &Head { door: Door::About, title: &title, about: &about }, body).into_response();
    // The counts move with every answer.
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// Rows of a table: what, and how often; nothing where it was not counted.
type Rows = Vec<(Markup, Option<u64>)>;

fn section(id: &str, title: &str, what: &str, rows: &Rows, lang: Lang) -> Markup {
    let most = rows.iter().filter_map(|(_, count)| *count).max().unwrap_or_default().max(1);
    html! {
        section.stack aria-labelledby=(id) {
            h2 id=(id) { (title) }
            div.scroll tabindex="0" role="group" aria-labelledby=(id) {
                table.uses {
                    thead { tr {
                        th scope="col" { (what) }
                        th.n scope="col" { (say!(lang, ABOUT_COLUMN_COUNT)) }
                        th scope="col" aria-hidden="true" {}
                    } }
                    tbody {
                        @for (name, count) in rows {
                            tr {
                                th scope="row" { (name) }
                                td.n {
                                    @match count {
                                        Some(count) => (decimal(lang, Decimal::from_int(i64::try_from(*count).unwrap_or(i64::MAX)))),
                                        None => span.none { (say!(lang, ABOUT_USE_NOT_COUNTED)) },
                                    }
                                }
                                td aria-hidden="true" {
                                    svg viewBox={ "0 0 " (WIDTH) " 12" } width=(WIDTH) height="12" {
                                        rect.use-bar x="0" y="0" height="12" width=(length(count.unwrap_or_default(), most)) rx="2" {}
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A bar that is seen where there is anything, and is not where there is nothing.
fn length(count: u64, most: u64) -> u64 {
    let long = u128::from(count) * u128::from(WIDTH) / u128::from(most.max(1));
    u64::try_from(long).unwrap_or(WIDTH).max(u64::from(count > 0) * 2)
}

fn earlier(day: Date, by: Span) -> Date {
    day.checked_sub(by).unwrap_or(day)
}

fn monday(day: Date) -> Date {
    earlier(day, i64::from(day.weekday().since(Weekday::Monday)).days())
}

/// The first day that was counted: what lies before it is not zero but not known.
fn first_day(counts: &Counts) -> Option<Date> {
    counts.iter().map(|(on, _, _)| *on).min()
}

/// The newest first; a day without use is a day with none, from the first that was counted on.
fn by_day(lang: Lang, counts: &Counts, today: Date) -> Rows {
    let first = first_day(counts);
    let of = |back: i64| {
        let date = earlier(today, back.days());
        let sum = counts.iter().filter(|(on, _, _)| *on == date).map(|(_, _, count)| count).sum();
        (html! { (day(lang, date)) }, Some(sum).filter(|_| first.is_some_and(|first| first <= date)))
    };
    (0..DAYS).map(of).collect()
}

fn by_week(lang: Lang, counts: &Counts, today: Date) -> Rows {
    let (this, first) = (monday(today), first_day(counts).map(monday));
    let of = |back: i64| {
        let week = earlier(this, back.weeks());
        let sum = counts.iter().filter(|(on, _, _)| monday(*on) == week).map(|(_, _, count)| count).sum();
        (
            html! { (say!(lang, ABOUT_USE_WEEK_OF, day = day(lang, week))) },
            Some(sum).filter(|_| first.is_some_and(|first| first <= week)),
        )
    };
    (0..WEEKS).map(of).collect()
}

fn summed<'a>(counts: &'a Counts, of: impl Fn(&Use) -> &'a str) -> Vec<(&'a str, u64)> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, one, count) in counts {
        *sums.entry(of(one)).or_default() += count;
    }
    let mut sums: Vec<(&str, u64)> = sums.into_iter().collect();
    sums.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    sums
}

/// Pages by what people call them; addresses of the API and tools of assistants as programs call them.
fn by_page(lang: Lang, counts: &Counts) -> Rows {
    let name = |door: &str| match lang.find(&format!("use-page-{}", key_of(door))) {
        Some(words) => html! { (words) },
        None => match door.strip_prefix("mcp ") {
            Some(tool) => html! { (say!(lang, ABOUT_USE_TOOL)) " " code { (tool) } },
            None => html! { (say!(lang, ABOUT_USE_API)) " " code { (door) } },
        },
    };
    summed(counts, |one| one.door).into_iter().map(|(door, count)| (name(door), Some(count))).collect()
}

/// The address of a page as the key of its name: `/{lang}/rates/{territory}` as `rates-territory`.
fn key_of(door: &str) -> String {
    let path = door.strip_prefix("/{lang}").unwrap_or(door);
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

fn by_language(lang: Lang, counts: &Counts) -> Rows {
    let name = |tag: &str| match LANGUAGES.iter().find(|l| l.tag == tag) {
        Some(language) => html! { span lang=(language.tag) { (language.name) } },
        None => html! { (say!(lang, ABOUT_USE_PROGRAMS)) },
    };
    summed(counts, |one| one.language).into_iter().map(|(tag, count)| (name(tag), Some(count))).collect()
}

fn by_answer(lang: Lang, counts: &Counts) -> Rows {
    let name = |key: &str| match key {
        "" => html! { (say!(lang, ABOUT_USE_PLAIN)) },
        key => html! { (lang.find(&format!("use-answer-{key}")).unwrap_or_else(|| lang.word("outcome", key))) },
    };
    summed(counts, |one| one.answer).into_iter().map(|(key, count)| (name(key), Some(count))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_week_begins_on_monday() {
        assert_eq!(monday(date(2026, 11, 22)), date(2026, 11, 16));
        assert_eq!(monday(date(2026, 11, 16)), date(2026, 11, 16));
    }

    #[test]
    fn one_use_is_seen_and_none_is_not() {
        assert_eq!(length(0, 1_000_000), 0);
        assert_eq!(length(1, 1_000_000), 2);
        assert_eq!(length(7, 7), WIDTH);
    }

    #[test]
    fn days_without_use_stand_as_zero_and_days_before_the_first_as_not_counted() {
        let used = Use { door: "/markets", language: "en", answer: "amount" };
        let counts = vec![(date(2026, 11, 21), used, 3), (date(2026, 11, 19), used, 1)];
        let rows = by_day(Lang::FIRST, &counts, date(2026, 11, 22));
        let told: Vec<Option<u64>> = rows.iter().map(|(_, count)| *count).collect();
        assert_eq!((told.len(), &told[..5]), (14, &[Some(0), Some(3), Some(0), Some(1), None][..]));
        let weeks: Vec<Option<u64>> =
            by_week(Lang::FIRST, &counts, date(2026, 11, 22)).iter().map(|(_, count)| *count).collect();
        assert_eq!(weeks[..2], [Some(4), None]);
    }

    #[test]
    fn every_page_and_answer_that_is_counted_has_words() {
        let pages = [
            "/markets",
            "/{lang}/code",
            "/{lang}/code/{place}",
            "/{lang}/rates",
            "/{lang}/rates/changes",
            "/{lang}/rates/freshness",
            "/{lang}/rates/downloads",
            "/{lang}/rates/{territory}",
            "/{lang}/rates/{territory}/{code}",
        ];
        let answers = ["code", "codes", "old", "vague", "too-vague", "received", "refused"];
        for lang in Lang::all() {
            for page in pages {
                assert!(lang.find(&format!("use-page-{}", key_of(page))).is_some(), "{page} in {}", lang.tag());
            }
            for answer in answers {
                assert!(lang.find(&format!("use-answer-{answer}")).is_some(), "{answer} in {}", lang.tag());
            }
        }
        assert_eq!(key_of("/{lang}/rates/{territory}/{code}"), "rates-territory-code");
    }
}
