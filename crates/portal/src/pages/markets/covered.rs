//! Currencies, days, regions and goods codes for which there are rules. What lies outside is refused by the name of its field; a guess
//! would look like an answer.

use super::{coded, regions};
use crate::desk::Book;
use crate::form::Asked;
use crate::locale::day;
use crate::pages::Request;
use crate::problem::Wrong;
use crate::say;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

/// The first day that is answered for. The law of earlier days is recorded nowhere in the data.
const FIRST: Date = date(2010, 1, 1);
/// Years after today for which law is adopted already: beyond them nothing is.
const YEARS_AHEAD: i32 = 3;

/// Whether a currency is that of some country: the list of currencies has others too, as the one for tests.
pub(super) fn is_in_use(book: &Book, currency: &str) -> bool {
    book.territories().values().any(|territory| territory.currency.as_deref() == Some(currency))
}

/// Adds what is wrong with the currency, the day, the region and the codes of a question. A region that was given by its name gets its
/// letters.
pub(super) fn check(request: &Request, asked: &mut Asked) {
    let (lang, book) = (request.lang, request.desk.book());
    region(request, &book, asked);
    codes(request, &book, asked);
    let currency = asked.consignment.currency.clone();
    if !currency.is_empty() && !is_in_use(&book, &currency) {
        let message = say!(lang, WRONG_CURRENCY);
        asked.wrong.push(Wrong {
            field: "currency".into(),
            value: currency.chars().take(60).collect(),
            message: message.into(),
        });
    }
    let today = request.desk.today();
    let last = today.checked_add(YEARS_AHEAD.years()).unwrap_or(today);
    if let Some(asked_day) = asked.consignment.date.filter(|day| !(FIRST..=last).contains(day)) {
        let message = say!(lang, WRONG_DAY_FAR, first = day(lang, FIRST), last = day(lang, last));
        asked.wrong.push(Wrong { field: "date".into(), value: asked_day.to_string(), message: message.into() });
    }
}

/// A region stands by its letters from here on, in links too.
fn region(request: &Request, book: &Book, asked: &mut Asked) {
    let lang = request.lang;
    let to = asked.consignment.to.clone();
    let all = regions::regions(lang, book, &to);
    let Some(given) = asked.consignment.region.clone().filter(|_| !all.is_empty()) else { return };
    match regions::key(book, &to, &given) {
        Some(key) => {
            for (_, value) in asked.fields.iter_mut().filter(|(name, _)| name == "region") {
                value.clone_from(&key);
            }
            asked.consignment.region = Some(key);
        }
        None => {
            let value: String = asked.field("region").chars().take(60).collect();
            let names: Vec<&str> = all.iter().map(|(_, name)| name.as_str()).collect();
            let place = lang.territory(&to, book.name(&to));
            let message = say!(lang, WRONG_REGION, place = place, list = names.join(", "));
            asked.wrong.push(Wrong { field: "region".into(), value, message: message.into() });
        }
    }
}

fn codes(request: &Request, book: &Book, asked: &mut Asked) {
    let to = asked.consignment.to.clone();
    for (at, item) in asked.consignment.items.iter().enumerate() {
        let Some(code) = &item.code else { continue };
        let Some(part) = coded::unknown_part(book, request.desk.finder, &to, code) else { continue };
        let column = if asked.of_item("code", at).is_empty() { "goods" } else { "code" };
        let message = say!(request.lang, WRONG_CODE, part = part);
        let value = code.chars().take(60).collect();
        asked.wrong.push(Wrong { field: format!("items[{at}].{column}"), value, message: message.into() });
    }
}
