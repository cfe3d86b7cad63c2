//! What is said where an economy is not known: why, and which ones are near.

use super::finish;
use crate::desk::Book;
use crate::pages::Request;
use crate::pages::parts::{self, fold};
use crate::say;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use tidewaiter::goods::GoodsCode;
use tidewaiter::record::world::TerritoryKind;

/// Most names that are offered.
const NEAR: usize = 8;

/// The answer for a code without rules: the page itself where only its letters differ in case, else a page that says no.
pub(super) fn no_economy(request: &Request, code: &str, rest: &str) -> Response {
    let lang = request.lang;
    let book = request.desk.book();
    let same = book.territories().values().find(|t| t.code.eq_ignore_ascii_case(code));
    if let Some(known) = same.filter(|t| t.has_rules && t.code != code) {
        let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
        return Redirect::permanent(&request.to(&format!("/rates/{}{rest}{query}", known.code))).into_response();
    }
    let shown: String = code.chars().filter(|c| !c.is_control()).take(40).collect();
    let title = say!(lang, RATES_MISSING);
    let why = match same {
        Some(t) if t.kind == TerritoryKind::Group => {
            say!(lang, RATES_MISSING_GROUP, name = parts::territory(lang, &book, &t.code))
        }
        Some(t) => say!(lang, RATES_MISSING_RULES, name = parts::territory(lang, &book, &t.code)),
        None => say!(lang, RATES_MISSING_CODE, code = shown.as_str()),
    };
    let near = same.and_then(|t| t.part_of.clone()).map_or_else(|| near(request, &book, &shown), |of| vec![of]);
    let body = html! {
        div.stack {
            h1 { (title) }
            p.lede { (why) }
            @if !near.is_empty() {
                h2 { (say!(lang, RATES_MISSING_NEAR)) }
                ul.choices {
                    @for code in &near {
                        li { a href=(request.to(&format!("/rates/{code}"))) { (parts::territory(lang, &book, code)) } }
                    }
                }
            }
            p { a href=(request.to("/rates")) { (say!(lang, RATES_MISSING_ALL)) } }
        }
    };
    not_found(finish(request, "/{lang}/rates/{territory}", &title, "", body).into_response())
}

/// Whether the Harmonized System has no such heading or subheading, now or in an older edition. Chapters from 98 on are each
/// country's own.
pub(super) fn is_no_code(request: &Request, code: GoodsCode) -> bool {
    let digits: String = code.digits().chars().take(6).collect();
    let known = |digits: &str| request.desk.finder.page(digits, request.lang.finder()).is_some();
    !known(&digits) && request.desk.book().moved(code).is_none()
}

/// A page that says so, with what to do. A code of the Harmonized System may have no line in a tariff that is loaded as a whole.
pub(super) fn no_code(request: &Request, territory: &str, code: GoodsCode, is_harmonized: bool) -> Response {
    let lang = request.lang;
    let name = parts::territory(lang, &request.desk.book(), territory);
    let title = if is_harmonized {
        say!(lang, RATES_NO_LINE, code = code.to_string(), name = name.as_str())
    } else {
        say!(lang, RATES_NO_CODE, code = code.to_string())
    };
    let digits = code.digits();
    let above = [4, 2]
        .into_iter()
        .filter_map(|n| digits.get(..n))
        .find(|up| digits.len() > up.len() && request.desk.finder.page(up, lang.finder()).is_some());
    let body = html! {
        div.stack {
            h1 { (title) }
            p.lede {
                @if is_harmonized { (say!(lang, RATES_NO_CODE_LINE, name = name.as_str())) }
                @else { (say!(lang, RATES_NO_CODE_WHY, name = name.as_str())) }
            }
            ul.plain {
                @if let Some(up) = above {
                    li { (say!(lang, RATES_NO_CODE_ABOVE)) " " a href=(request.to(&format!("/code/{up}"))) { (up) } }
                }
                li { (say!(lang, RATES_NOTHING_CHECK)) " " a href=(request.to("/code")) { (say!(lang, RATES_LOOK_FIND)) } }
                li { a href=(request.to(&format!("/rates/{territory}#look"))) { (say!(lang, RATES_NO_CODE_AGAIN, name = name.as_str())) } }
            }
        }
    };
    not_found(finish(request, "/{lang}/rates/{territory}/{code}", &title, "", body).into_response())
}

/// An answer that nothing is there, which nobody keeps: it may be there tomorrow.
fn not_found(mut answer: Response) -> Response {
    *answer.status_mut() = StatusCode::NOT_FOUND;
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// Economies whose code or name is like what was asked, the nearest first.
fn near(request: &Request, book: &Book, asked: &str) -> Vec<String> {
    let asked: String = asked.chars().map(fold).collect();
    if asked.chars().count() < 2 {
        return Vec::new();
    }
    let with_rules = book.territories().values().filter(|t| t.has_rules);
    let mut all: Vec<(usize, &str)> = with_rules
        .filter_map(|t| {
            let names = [t.name.clone(), parts::territory(request.lang, book, &t.code), t.code.clone()];
            let far = names.iter().map(|name| distance(&asked, &name.chars().map(fold).collect::<String>())).min()?;
            Some((far, t.code.as_str()))
        })
        .collect();
    all.sort_unstable();
    // Of a code of two letters everything is near that shares one; of a name, what differs in a third of its letters.
    let most = (asked.chars().count() / 3).max(1);
    all.into_iter().take_while(|(far, _)| *far <= most).take(NEAR).map(|(_, code)| code.to_owned()).collect()
}

/// How many letters to put in, take out or change; none where one holds the other, from three letters on.
fn distance(a: &str, b: &str) -> usize {
    if a.chars().count() > 2 && (b.contains(a) || a.contains(b) && b.chars().count() > 2) {
        return 0;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut corner = i;
        let mut last = i + 1;
        if let Some(first) = row.first_mut() {
            *first = last;
        }
        for (j, right) in b.iter().enumerate() {
            let Some(above) = row.get(j + 1).copied() else { break };
            let cost = usize::from(left != *right);
            last = (corner + cost).min(above + 1).min(last + 1);
            corner = above;
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = last;
            }
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_differ_are_counted() {
        assert_eq!(distance("germny", "germany"), 1);
        assert_eq!(distance("frnace", "france"), 2);
        assert_eq!(distance("united", "united states"), 0, "a part of the name is near");
        assert_eq!(distance("qq", "de"), 2);
    }
}
