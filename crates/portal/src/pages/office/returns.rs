//! Returns that an authority may expect, and those that came.

use super::parts::{count, moment, period, scroll, standing};
use super::{Officer, Request, field};
use crate::form::pairs;
use crate::locale::{Money, day};
use crate::pages::parts::select;
use crate::say;
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use std::collections::BTreeMap;
use tidewaiter_collect::Period;
use tidewaiter_collect::service::{Expected, Standing};

/// Most rows on a page.
const MOST: usize = 500;
/// All standings, the most pressing first.
const STANDINGS: [Standing; 4] = [Standing::Missing, Standing::Open, Standing::Late, Standing::InTime];

pub(super) async fn list(request: Request, headers: HeaderMap) -> Result<Response, Response> {
    let officer = Officer::of(request, &headers).await?;
    let (lang, today) = (officer.request.lang, officer.request.desk.today());
    let all = officer.house.service.expected(&officer.caller, &officer.of.id, today).await;
    let all = all.map_err(|error| officer.no(&error))?;
    let asked = pairs(&officer.request.query);
    let (of, is) = (field(&asked, "period"), field(&asked, "standing"));
    let mut periods: Vec<Period> = all.iter().map(|one| one.period).collect();
    periods.sort_by_key(|period| std::cmp::Reverse(period.first()));
    periods.dedup();
    let periods: Vec<(String, String)> = periods.iter().map(|one| (one.to_string(), period(lang, *one))).collect();
    let standings: Vec<(String, String)> =
        STANDINGS.iter().map(|one| (one.word().to_owned(), lang.word("office-standing", one.word()))).collect();
    let fits = |one: &Expected| {
        (of.is_empty() || one.period.to_string() == of) && (is.is_empty() || one.standing.word() == is)
    };
    let found: Vec<Expected> = all.iter().filter(|one| fits(one)).cloned().collect();
    let mut sums: BTreeMap<Standing, u64> = BTreeMap::new();
    found.iter().for_each(|one| *sums.entry(one.standing).or_default() += 1);
    let every = say!(lang, OFFICE_ALL);
    let body = html! {
        form.row.find method="get" action=(officer.to("/returns")) {
            div.field { label for="period" { (say!(lang, OFFICE_COLUMN_PERIOD)) } (select("period", "period", of, Some(&every), &periods)) }
            div.field { label for="standing" { (say!(lang, OFFICE_COLUMN_STANDING)) } (select("standing", "standing", is, Some(&every), &standings)) }
            button.second type="submit" { (say!(lang, OFFICE_SHOW)) }
        }
        @if all.is_empty() { p.nothing { (say!(lang, OFFICE_RETURNS_NOTHING)) } }
        @else if found.is_empty() { p.nothing { (say!(lang, OFFICE_FOUND_NOTHING)) } }
        @else {
            ul.legend {
                @for one in STANDINGS { @if let Some(number) = sums.get(&one) { li { (standing(lang, one)) " " (count(lang, *number)) } } }
            }
            (table(&officer, &found, true))
            @if found.len() > MOST { p.note { (say!(lang, OFFICE_MORE_ROWS, shown = MOST, all = found.len())) } }
        }
    };
    Ok(officer.page("/returns", &say!(lang, OFFICE_RETURNS), None, body))
}

/// Returns, each that came with the way to it.
pub(super) fn table(officer: &Officer, all: &[Expected], with_seller: bool) -> Markup {
    let lang = officer.request.lang;
    let book = officer.request.desk.book();
    let columns = [
        say!(lang, OFFICE_COLUMN_SELLER),
        say!(lang, OFFICE_COLUMN_PERIOD),
        say!(lang, OFFICE_COLUMN_DUE),
        say!(lang, OFFICE_COLUMN_STANDING),
        say!(lang, OFFICE_COLUMN_CAME),
        say!(lang, OFFICE_COLUMN_OWED),
    ];
    let address = |one: &Expected| officer.to(&format!("/returns/{}/{}/{}", one.seller, one.period, one.versions));
    let name = |one: &Expected| period(lang, one.period);
    let table = html! {
        table.ledger {
            thead { tr {
                @for (at, name) in columns.iter().enumerate() { @if at > 0 || with_seller { th.n[at == 5] scope="col" { (name) } } }
            } }
            tbody {
                @for one in all.iter().take(MOST) {
                    tr {
                        @if with_seller {
                            th scope="row" { a href=(officer.to(&format!("/sellers/{}", one.seller))) { (one.name) } " " span.quiet.small { (one.number) } }
                            td data-label=(columns[1]) { @if one.versions > 0 { a href=(address(one)) { (name(one)) } } @else { (name(one)) } }
                        } @else {
                            th scope="row" { @if one.versions > 0 { a href=(address(one)) { (name(one)) } } @else { (name(one)) } }
                        }
                        td data-label=(columns[2]) { (day(lang, one.due)) }
                        td data-label=(columns[3]) { (standing(lang, one.standing)) @if one.versions > 1 { " " span.quiet.small { (say!(lang, OFFICE_VERSIONS, count = one.versions)) } } }
                        td data-label=(columns[4]) { @match &one.at { Some(at) => (moment(lang, at)), None => span.none { (say!(lang, OFFICE_NOT_CAME)) } } }
                        td.n data-label=(columns[5]) { @match one.owed { Some(owed) => (Money::of(&book, lang, &one.currency).text(owed)), None => (crate::pages::parts::not_applicable(lang)) } }
                    }
                }
            }
        }
    };
    scroll(&say!(lang, OFFICE_RETURNS), table)
}
