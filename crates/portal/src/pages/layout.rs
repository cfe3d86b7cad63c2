//! What every page has around it: doors, languages, what the answers rest on.

use super::{Page, Request};
use crate::assets;
use crate::form;
use crate::locale::{LANGUAGES, day};
use crate::say;
use maud::{DOCTYPE, Markup, html};

/// A door of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// None of them.
    None,
    /// What a parcel costs to land.
    Markets,
    /// From words to a goods code.
    Code,
    /// What each economy charges.
    Rates,
    /// For those who build shops.
    Shops,
    /// Registrations, ledgers and returns of sellers.
    Collect,
    /// What is known, and how sure.
    About,
}

/// What a page says of itself.
pub(crate) struct Head<'a> {
    /// The door it belongs to.
    pub(crate) door: Door,
    /// Its title, without the name of the house.
    pub(crate) title: &'a str,
    /// One sentence for search engines; may be empty.
    pub(crate) about: &'a str,
}

/// A page with its body.
pub(crate) fn page(request: &Request, head: &Head<'_>, body: Markup) -> Page {
    let lang = request.lang;
    let body = lang.with_notice(body);
    let language = lang.language();
    // Where nothing was asked no numbers stand in the address.
    let query = match request.path.starts_with("/markets") && !request.query.is_empty() {
        true => format!("?{}", form::in_any_language(&request.query, lang)),
        false if request.query.is_empty() => String::new(),
        false => format!("?{}", request.query),
    };
    let doors = [
        (Door::Markets, "/markets", say!(lang, DOOR_MARKETS)),
        (Door::Code, "/code", say!(lang, DOOR_CODE)),
        (Door::Rates, "/rates", say!(lang, DOOR_RATES)),
        (Door::Shops, "/shops", say!(lang, DOOR_SHOPS)),
        (Door::Collect, "/collect", say!(lang, DOOR_COLLECT)),
        (Door::About, "/about", say!(lang, DOOR_ABOUT)),
    ];
    Page(html! {
        (DOCTYPE)
        html lang=(language.tag) dir=(language.direction) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (head.title) " · " (say!(lang, HOUSE_NAME)) }
                @if !head.about.is_empty() { meta name="description" content=(head.about); }
                link rel="stylesheet" href=(assets::address("style.css"));
                // A table that is drawn while its rows still come moves at each of them: a page is drawn when it is whole.
                link rel="expect" href="#foot" blocking="render";
                link rel="icon" type="image/svg+xml" href=(assets::address("mark.svg"));
                @for other in &LANGUAGES {
                    link rel="alternate" hreflang=(other.tag) href={ "/" (other.tag) (request.path) (query) };
                }
                script defer src=(assets::address("portal.js")) {}
            }
            body {
                a.skip href="#main" { (say!(lang, HOUSE_SKIP)) }
                header.top {
                    div.wrap {
                        a.brand href=(request.to("/")) {
                            img src=(assets::address("mark.svg")) alt="" width="30" height="30";
                            (say!(lang, HOUSE_NAME))
                        }
                        nav.doors aria-label=(say!(lang, HOUSE_DOORS)) {
                            ul {
                                @for (door, path, name) in doors {
                                    li { a href=(request.to(path)) aria-current=[(door == head.door).then_some("page")] { (name) } }
                                }
                            }
                        }
                        nav.tongues aria-label=(say!(lang, HOUSE_LANGUAGES)) {
                            ul {
                                @for other in &LANGUAGES {
                                    li {
                                        a href={ "/" (other.tag) (request.path) (query) } lang=(other.tag) hreflang=(other.tag)
                                            aria-current=[(other.tag == language.tag).then_some("true")] { (other.name) }
                                    }
                                }
                            }
                        }
                    }
                }
                main #main.wrap tabindex="-1" { (body) }
                (foot(request))
            }
        }
    })
}

fn foot(request: &Request) -> Markup {
    let lang = request.lang;
    let book = request.desk.book();
    let mark: String = book.fingerprint().chars().take(12).collect();
    html! {
        footer #foot {
            div.wrap {
                p { (say!(lang, HOUSE_NO_RULING)) }
                // The browser's own head and foot may be switched off.
                @let address = request.desk.settings.address.as_deref().unwrap_or_default().trim_end_matches('/');
                @let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
                p.on-paper { (say!(lang, HOUSE_PRINTED)) " " code #here { (address) (request.to(&request.path)) (query) } }
                p { (say!(lang, HOUSE_EDITION, day = day(lang, request.desk.today()))) " " code { (mark) } }
                nav aria-label=(say!(lang, HOUSE_MORE)) {
                    p.row {
                        a href=(request.to("/about")) { (say!(lang, HOUSE_SOURCES)) }
                        a href=(request.to("/rates/freshness")) { (say!(lang, HOUSE_FRESHNESS)) }
                        a href=(request.to("/shops")) { (say!(lang, HOUSE_API)) }
                        a href=(request.to("/about/use")) { (say!(lang, HOUSE_USE)) }
                    }
                }
            }
        }
    }
}
