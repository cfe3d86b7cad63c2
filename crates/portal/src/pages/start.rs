//! The first page: the question, and the other doors.

use super::layout::{Door, Head, page};
use super::{Page, Request, markets, rates};
use crate::form;
use crate::say;
use maud::html;

pub(super) async fn show(request: Request) -> Page {
    let lang = request.lang;
    let title = say!(lang, START_TITLE);
    let asked = form::read("", Some(lang));
    let economies = rates::economies(&request.desk);
    let doors = [
        ("/code", say!(lang, START_CODE), say!(lang, START_CODE_ABOUT)),
        ("/rates", say!(lang, START_RATES), say!(lang, START_RATES_ABOUT, count = economies)),
        ("/shops", say!(lang, START_SHOPS), say!(lang, START_SHOPS_ABOUT)),
    ];
    let about = say!(lang, START_LEDE);
    let body = html! {
        div.stack {
            h1 { (title) }
            p.lede { (about) }
        }
        section.card aria-label=(say!(lang, DOOR_MARKETS)) { (markets::form(&request, &asked, &[])) }
        div.three {
            @for (path, name, text) in doors {
                section.stack {
                    h2 { a href=(request.to(path)) { (name) } }
                    p.quiet { (text) }
                }
            }
        }
    };
    page(&request, &Head { door: Door::None, title: &title, about: &about }, body)
}
