//! The page about the widget: it at work, a form that writes the lines to paste, and everything it can be told.

use super::super::layout::{Door, Head, page};
use super::super::parts::{destinations, origins, select};
use super::super::{Page, Request};
use super::{code, host, tabs};
use crate::form::{self, Fields, address};
use crate::locale::{LANGUAGES, Money};
use crate::say;
use axum::http::HeaderMap;
use maud::{Markup, html};

/// What the form begins with.
const EXAMPLE: [(&str, &str); 8] = [
    ("from", "CN"),
    ("origin", "CN"),
    ("code", "6109.10"),
    ("price", "19.90"),
    ("currency", "EUR"),
    ("freight", "4.90"),
    ("channel", "post"),
    ("to", "FR"),
];
/// Attributes that the form sets, in the order in which they are written.
const ATTRIBUTES: [&str; 12] = [
    "from",
    "origin",
    "code",
    "price",
    "currency",
    "freight",
    "channel",
    "registrations",
    "terms",
    "to",
    "lang",
    "theme",
];
/// The fields of a question that an attribute becomes, where they are called otherwise or are none.
const FIELDS: [(&str, &str); 4] = [("registrations", "registration"), ("terms", ""), ("lang", ""), ("theme", "")];

/// What the form says.
struct Chosen(Vec<(&'static str, String)>);

impl Chosen {
    fn read(query: &str) -> Self {
        let fields: Fields = form::pairs(query);
        let of = |name: &'static str| {
            let value = match fields.iter().find(|(n, _)| n == name) {
                Some((_, value)) => value.trim().chars().take(100).collect(),
                None if fields.is_empty() => EXAMPLE.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v).to_owned(),
                None => String::new(),
            };
            (name, value)
        };
        Self(ATTRIBUTES.into_iter().map(of).collect())
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value)
    }

    /// An attribute of the element; none where nothing was chosen.
    fn attribute(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// The price as the language of the page writes it; as it was typed where it is no amount.
    fn money(&self, request: &Request) -> String {
        let (price, currency) = (self.get("price"), self.get("currency"));
        match form::amount(price, Some(request.lang)) {
            Ok(amount) => Money::of(&request.desk.book(), request.lang, currency).text(amount),
            Err(_) => format!("{price} {currency}"),
        }
    }

    /// The same question on the page that explains it.
    fn question(&self) -> String {
        let mut fields = Fields::new();
        for (name, value) in &self.0 {
            match FIELDS.iter().find(|(attribute, _)| attribute == name) {
                Some((_, "")) => {}
                Some((_, field)) => {
                    let keys = value.split([' ', ',']).filter(|key| !key.is_empty());
                    fields.extend(keys.map(|key| ((*field).to_owned(), key.to_owned())));
                }
                None => fields.push(((*name).to_owned(), value.clone())),
            }
        }
        address(&fields)
    }

    /// The element. What stands inside it is for readers without script.
    fn element(&self, explained: &str, words: &str) -> Markup {
        let of = |name| self.attribute(name);
        html! {
            tidewaiter-duties from=[of("from")] origin=[of("origin")] code=[of("code")] price=[of("price")]
                currency=[of("currency")] freight=[of("freight")] channel=[of("channel")]
                registrations=[of("registrations")] terms=[of("terms")] to=[of("to")] lang=[of("lang")] theme=[of("theme")] {
                a href=(explained) { (words) }
            }
        }
    }
}

pub(super) async fn show(request: Request, headers: HeaderMap) -> Page {
    let lang = request.lang;
    let chosen = Chosen::read(&request.query);
    let host = host(&request.desk, &headers);
    let title = say!(lang, SHOPS_WIDGET_TITLE);
    let about = say!(lang, SHOPS_WIDGET_LEDE);
    let words = say!(lang, SHOPS_WIDGET_FALLBACK);
    let explained = format!("{}?{}", request.to("/markets"), chosen.question());
    let inside = chosen.element(&format!("{host}{explained}"), &words).into_string();
    let inside = inside.replace("<a ", "\n  <a ").replace("</a>", "</a>\n");
    let snippet = format!("<script src=\"{host}/widget/v1.js\" async></script>\n{inside}");
    let policy = format!("script-src {host}; connect-src {host}");
    let body = html! {
        div.stack { h1 { (title) } p.lede { (about) } (tabs(&request)) }
        div.two {
            section.stack aria-labelledby="demo" {
                h2 #demo { (say!(lang, SHOPS_WIDGET_DEMO)) }
                div.product.card.stack {
                    div.row {
                        (shirt())
                        div {
                            strong { (say!(lang, SHOPS_WIDGET_PRODUCT)) }
                            br;
                            span.figure { (chosen.money(&request)) }
                        }
                    }
                    (chosen.element(&explained, &words))
                }
                script src="/widget/v1.js" async {}
            }
            section.stack aria-labelledby="paste" {
                h2 #paste { (say!(lang, SHOPS_WIDGET_PASTE)) }
                p { (say!(lang, SHOPS_WIDGET_PASTE_ABOUT)) }
                (code(&request, &say!(lang, SHOPS_WIDGET_PASTE), &snippet))
                p.hint { (say!(lang, SHOPS_WIDGET_INSIDE)) }
                h3 { (say!(lang, SHOPS_WIDGET_POLICY)) }
                p { (say!(lang, SHOPS_WIDGET_POLICY_ABOUT)) }
                (code(&request, &say!(lang, SHOPS_WIDGET_POLICY), &policy))
            }
        }
        section.card.stack aria-labelledby="build" {
            h2 #build { (say!(lang, SHOPS_WIDGET_BUILD)) }
            (form(&request, &chosen))
        }
        (attributes(&request))
        (looks(&request))
        section.stack aria-labelledby="events" {
            h2 #events { (say!(lang, SHOPS_WIDGET_EVENTS)) }
            p { code { "tidewaiter-quote" } " — " (say!(lang, SHOPS_WIDGET_EVENT_QUOTE)) }
            p { code { "tidewaiter-error" } " — " (say!(lang, SHOPS_WIDGET_EVENT_ERROR)) }
            p { (say!(lang, SHOPS_WIDGET_PRIVACY)) }
        }
    };
    page(&request, &Head { door: Door::Shops, title: &title, about: &about }, body)
}

/// A picture of the goods of the demonstration.
fn shirt() -> Markup {
    html! {
        svg.shirt viewBox="0 0 64 64" width="64" height="64" aria-hidden="true" {
            path d="M22 8 L8 16 L14 28 L19 25 L19 56 L45 56 L45 25 L50 28 L56 16 L42 8 C39 14 25 14 22 8 Z" {}
        }
    }
}

/// A form whose answer is this page with other lines to paste.
fn form(request: &Request, chosen: &Chosen) -> Markup {
    let lang = request.lang;
    let book = request.desk.book();
    let places = origins(lang, &book);
    let currencies: Vec<(String, String)> =
        book.currencies().iter().map(|c| (c.code.clone(), format!("{} {}", c.code, c.name))).collect();
    let channels: Vec<(String, String)> =
        ["post", "express", "freight"].iter().map(|key| ((*key).to_owned(), lang.word("channel", key))).collect();
    let terms = vec![("dap".to_owned(), say!(lang, SHOPS_TERMS_DAP)), ("ddp".to_owned(), say!(lang, SHOPS_TERMS_DDP))];
    let languages: Vec<(String, String)> = LANGUAGES.iter().map(|l| (l.tag.to_owned(), l.name.to_owned())).collect();
    let themes =
        vec![("light".to_owned(), say!(lang, SHOPS_THEME_LIGHT)), ("dark".to_owned(), say!(lang, SHOPS_THEME_DARK))];
    let unsaid = say!(lang, SHOPS_TRY_NOTHING);
    let pick = |name: &str, label: String, all: &[(String, String)]| {
        let id = format!("w-{name}");
        html! {
            div.field.w4 { label for=(id) { (label) } (select(&id, name, chosen.get(name), Some(&unsaid), all)) }
        }
    };
    let write = |name: &str, label: String, mode: &str| {
        let id = format!("w-{name}");
        html! {
            div.field.w4 {
                label for=(id) { (label) }
                input id=(id) name=(name) value=(chosen.get(name)) inputmode=(mode) maxlength="100" autocomplete="off";
            }
        }
    };
    html! {
        form method="get" action=(request.to("/shops/widget")) {
            div.fields {
                (pick("from", say!(lang, SHOPS_ATTRIBUTE_FROM), &places))
                (pick("origin", say!(lang, SHOPS_ATTRIBUTE_ORIGIN), &places))
                (write("code", say!(lang, SHOPS_ATTRIBUTE_CODE), "text"))
                (write("price", say!(lang, SHOPS_ATTRIBUTE_PRICE), "decimal"))
                (pick("currency", say!(lang, SHOPS_ATTRIBUTE_CURRENCY), &currencies))
                (write("freight", say!(lang, SHOPS_ATTRIBUTE_FREIGHT), "decimal"))
                (pick("channel", say!(lang, SHOPS_ATTRIBUTE_CHANNEL), &channels))
                (write("registrations", say!(lang, SHOPS_ATTRIBUTE_REGISTRATIONS), "text"))
                (pick("terms", say!(lang, SHOPS_ATTRIBUTE_TERMS), &terms))
                (pick("to", say!(lang, SHOPS_ATTRIBUTE_TO), &destinations(lang, &book)))
                (pick("lang", say!(lang, SHOPS_ATTRIBUTE_LANG), &languages))
                (pick("theme", say!(lang, SHOPS_ATTRIBUTE_THEME), &themes))
            }
            p { button type="submit" { (say!(lang, SHOPS_WIDGET_WRITE)) } }
        }
    }
}

fn attributes(request: &Request) -> Markup {
    let lang = request.lang;
    let unsaid = say!(lang, SHOPS_WHEN_UNSAID);
    let asked = say!(lang, SHOPS_WHEN_ASKED);
    let rows = [
        ("price", say!(lang, SHOPS_ATTRIBUTE_PRICE_ABOUT), say!(lang, SHOPS_WHEN_NEEDED)),
        ("currency", say!(lang, SHOPS_ATTRIBUTE_CURRENCY_ABOUT), say!(lang, SHOPS_WHEN_NEEDED)),
        ("code", say!(lang, SHOPS_ATTRIBUTE_CODE_ABOUT), asked.clone()),
        ("description", say!(lang, SHOPS_ATTRIBUTE_DESCRIPTION_ABOUT), unsaid.clone()),
        ("origin", say!(lang, SHOPS_ATTRIBUTE_ORIGIN_ABOUT), asked.clone()),
        ("from", say!(lang, SHOPS_ATTRIBUTE_FROM_ABOUT), asked.clone()),
        ("to, region", say!(lang, SHOPS_ATTRIBUTE_TO_ABOUT), say!(lang, SHOPS_WHEN_TO)),
        ("quantity", say!(lang, SHOPS_ATTRIBUTE_QUANTITY_ABOUT), "1".to_owned()),
        ("weight", say!(lang, SHOPS_ATTRIBUTE_WEIGHT_ABOUT), asked.clone()),
        ("freight", say!(lang, SHOPS_ATTRIBUTE_FREIGHT_ABOUT), say!(lang, SHOPS_WHEN_FREIGHT)),
        ("channel", say!(lang, SHOPS_ATTRIBUTE_CHANNEL_ABOUT), asked),
        ("registrations", say!(lang, SHOPS_ATTRIBUTE_REGISTRATIONS_ABOUT), say!(lang, SHOPS_WHEN_NONE)),
        ("terms", say!(lang, SHOPS_ATTRIBUTE_TERMS_ABOUT), "dap".to_owned()),
        ("lang", say!(lang, SHOPS_ATTRIBUTE_LANG_ABOUT), say!(lang, SHOPS_WHEN_LANG)),
        ("theme", say!(lang, SHOPS_ATTRIBUTE_THEME_ABOUT), say!(lang, SHOPS_WHEN_THEME)),
    ];
    html! {
        section.stack aria-labelledby="attributes" {
            h2 #attributes { (say!(lang, SHOPS_WIDGET_ATTRIBUTES)) }
            p { (say!(lang, SHOPS_WIDGET_ATTRIBUTES_ABOUT)) }
            div.scroll tabindex="0" role="group" aria-labelledby="attributes" {
                table.broad.ledger {
                    thead { tr {
                        th scope="col" { (say!(lang, SHOPS_COLUMN_NAME)) }
                        th scope="col" { (say!(lang, SHOPS_COLUMN_MEANS)) }
                        th scope="col" { (say!(lang, SHOPS_COLUMN_UNSAID)) }
                    } }
                    tbody { @for (name, means, when) in rows {
                        tr { th scope="row" { code { (name) } } td { (means) } td data-label=(say!(lang, SHOPS_COLUMN_UNSAID)) { span { (when) } } }
                    } }
                }
            }
        }
    }
}

/// How a shop gives it its own looks.
fn looks(request: &Request) -> Markup {
    let lang = request.lang;
    let properties = [
        ("--tidewaiter-ink", say!(lang, SHOPS_LOOK_INK)),
        ("--tidewaiter-quiet", say!(lang, SHOPS_LOOK_QUIET)),
        ("--tidewaiter-paper", say!(lang, SHOPS_LOOK_PAPER)),
        ("--tidewaiter-line", say!(lang, SHOPS_LOOK_LINE)),
        ("--tidewaiter-accent", say!(lang, SHOPS_LOOK_ACCENT)),
        ("--tidewaiter-care", say!(lang, SHOPS_LOOK_CARE)),
        ("--tidewaiter-font", say!(lang, SHOPS_LOOK_FONT)),
        ("--tidewaiter-radius", say!(lang, SHOPS_LOOK_RADIUS)),
    ];
    let sheet = "tidewaiter-duties {\n  --tidewaiter-accent: #8a1c4a;\n  --tidewaiter-radius: 0;\n}\n\
        tidewaiter-duties::part(total) { color: #8a1c4a; }";
    let parts = "box, chooser, label, select, hint, answer, total, lines, row, split, sum, unknown, note, tag, stop, link, button";
    html! {
        section.stack aria-labelledby="looks" {
            h2 #looks { (say!(lang, SHOPS_LOOKS)) }
            p { (say!(lang, SHOPS_LOOKS_ABOUT)) }
            div.two {
                div.scroll tabindex="0" role="group" aria-labelledby="looks" {
                    table {
                        thead { tr {
                            th scope="col" { (say!(lang, SHOPS_COLUMN_NAME)) }
                            th scope="col" { (say!(lang, SHOPS_COLUMN_MEANS)) }
                        } }
                        tbody { @for (name, means) in properties { tr { th scope="row" { code { (name) } } td { (means) } } } }
                    }
                }
                div.stack {
                    (code(request, &say!(lang, SHOPS_LOOKS), sheet))
                    p { (say!(lang, SHOPS_LOOKS_PARTS)) " " code { (parts) } }
                }
            }
        }
    }
}
