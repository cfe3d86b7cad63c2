//! The question as a form: what, from where, to where, worth how much.

use super::classes::{USUAL, classes};
use super::covered::is_in_use;
use super::regions::regions;
use crate::desk::Book;
use crate::form::{Asked, COLUMNS};
use crate::locale::Lang;
use crate::pages::Request;
use crate::pages::parts::{destinations, origins, select, territory};
use crate::problem::Wrong;
use crate::say;
use maud::{Markup, html};
use tidewaiter::ratebook::{AskView, EconomyView};

/// Rows of goods that are offered beyond those that are filled in.
const SPARE: usize = 1;
/// Currencies offered first: those of most of the world's trade.
const FIRST: [&str; 6] = ["EUR", "USD", "GBP", "CNY", "JPY", "CHF"];
/// Fields of the parcel that the form shows.
const SHOWN: [&str; 11] =
    ["from", "to", "freight", "currency", "channel", "sale", "date", "insurance", "weight_kg", "registration", "gift"];
/// The field of the parcel that the form shows only for destinations whose rules differ by region.
const REGION: &str = "region";
/// Fields of the page: not of the question.
const OF_PAGE: [&str; 4] = ["more", "edit", "with", "group"];
/// Columns of an item that stand in the form only where they were filled in, with their width and how they are typed.
const RARE: [(&str, &str, &str); 3] =
    [("code", "w4", "numeric"), ("item_weight_kg", "w4", "decimal"), ("duty_rate", "w4", "decimal")];

/// The form, filled in as it was asked. Questions whose answer was assumed are put among what is rarely said.
pub(crate) fn form(request: &Request, asked: &Asked, assumed: &[&AskView]) -> Markup {
    let lang = request.lang;
    let book = request.desk.book();
    let (to, from) = (destinations(lang, &book), origins(lang, &book));
    let currency = if asked.field("currency").is_empty() { "EUR" } else { asked.field("currency") };
    let offered = |code: &&str| !FIRST.contains(code) && is_in_use(&book, code);
    let others = book.currencies().iter().map(|c| c.code.as_str()).filter(offered);
    let currencies: Vec<(String, String)> =
        FIRST.into_iter().chain(others).map(|code| (code.to_owned(), code.to_owned())).collect();
    let rows = (0..asked.consignment.items.len()).map(Some).collect::<Vec<_>>();
    let spare = if rows.is_empty() { SPARE } else { usize::from(asked.has("more", "1")) };
    let rows: Vec<Option<usize>> = rows.into_iter().chain(std::iter::repeat_n(None, spare)).collect();
    let view = book.economy(&asked.consignment.to);
    let items =
        Items { lang, asked, rows: rows.len(), places: &from, classes: tax_classes(request, asked, view.as_ref()) };
    let regions = regions(lang, &book, &asked.consignment.to);
    let is_kept = |name: &str, value: &str| (name != REGION || regions.is_empty()) && is_kept(name, value, assumed);
    let is_rare = |wrong: &Wrong| matches!(wrong.field.as_str(), "date" | "known_at" | "insurance" | "weight_kg");
    html! {
        form.ask-form action=(request.to("/markets")) method="get" {
            @for (at, row) in rows.iter().enumerate() { (item(&items, at, *row)) }
            div.fields {
                (field("from", &say!(lang, FORM_FROM), "w4", fault(asked, "from"), select("from", "from", asked.field("from"), Some(&say!(lang, FORM_CHOOSE)), &from)))
                (field("to", &say!(lang, FORM_TO), "w4", fault(asked, "to"), select("to", "to", asked.field("to"), Some(&say!(lang, FORM_CHOOSE)), &to)))
                @if !regions.is_empty() {
                    (field(REGION, &say!(lang, FORM_REGION), "w4", fault(asked, REGION), select(REGION, REGION, asked.field(REGION), Some(&say!(lang, FORM_NOT_KNOWN)), &regions)))
                }
                (field("freight", &say!(lang, FORM_FREIGHT), "w2", fault(asked, "freight"), input("freight", "freight", asked.field("freight"), "decimal", fault(asked, "freight"), "")))
                (field("currency", &say!(lang, FORM_CURRENCY), "w2", fault(asked, "currency"), select("currency", "currency", currency, None, &currencies)))
            }
            (registrations(lang, &book, asked, view.as_ref()))
            details open[asked.wrong.iter().any(is_rare)] {
                summary { (say!(lang, FORM_MORE)) }
                (more(lang, asked, assumed))
            }
            @for (name, value) in asked.fields.iter().filter(|(name, value)| is_kept(name, value)) {
                input type="hidden" name=(name) value=(value);
            }
            div.row {
                button type="submit" { (say!(lang, FORM_SUBMIT)) }
                button.second type="submit" name="more" value="1" { (say!(lang, FORM_ANOTHER)) }
                @if asked.fields.is_empty() {
                    a href=(format!("{}?{EXAMPLE}", request.to("/markets"))) { (say!(lang, FORM_EXAMPLE)) }
                }
            }
        }
    }
}

/// A basket to begin with: the one of the README.
const EXAMPLE: &str = "goods=t-shirt&code=6109.10&origin=CN&quantity=2&price=12.50&goods=watch&code=9102.11&origin=CN&quantity=1&price=79\
    &from=CN&to=FR&freight=4.90&currency=EUR&channel=post&registration=eu.ioss";

/// Whether a field is sent again though the form does not show it: nothing that was said gets lost.
fn is_kept(name: &str, value: &str, assumed: &[&AskView]) -> bool {
    let asked_here = name == "fact" && assumed.iter().any(|ask| is_of(value, &ask.fact));
    !COLUMNS.contains(&name) && !SHOWN.contains(&name) && !OF_PAGE.contains(&name) && !asked_here
}

/// Whether `personal-use:yes` is about `personal-use`.
fn is_of(value: &str, fact: &str) -> bool {
    value.rsplit_once(':').is_some_and(|(name, _)| name == fact)
}

/// Lower tax rates of the destination to choose from: key and words.
fn tax_classes(request: &Request, asked: &Asked, view: Option<&EconomyView>) -> Vec<(String, String)> {
    let day = asked.consignment.date.unwrap_or_else(|| request.desk.today());
    let lower = view.map(|view| classes(request.lang, view, day)).unwrap_or_default();
    if lower.is_empty() && asked.fields.iter().all(|(name, value)| name != "tax_class" || value.is_empty()) {
        return Vec::new();
    }
    let mut all = vec![(USUAL.to_owned(), say!(request.lang, CLASS_USUAL))];
    all.extend(lower.into_iter().map(|class| (class.key, class.words)));
    // A class that was named stays chosen, of whichever place it is.
    for (_, value) in asked.fields.iter().filter(|(name, value)| name == "tax_class" && !value.is_empty()) {
        if all.iter().all(|(key, _)| key != value) {
            all.push((value.clone(), value.clone()));
        }
    }
    all
}

/// What rows of goods have in common.
struct Items<'a> {
    lang: Lang,
    asked: &'a Asked,
    rows: usize,
    places: &'a [(String, String)],
    classes: Vec<(String, String)>,
}

/// A row of goods; `at` counts rows of the form, `row` items of the question.
fn item(all: &Items<'_>, at: usize, row: Option<usize>) -> Markup {
    let (lang, asked) = (all.lang, all.asked);
    let value = |name: &str| row.map_or("", |row| asked.of_item(name, row));
    let id = |name: &str| format!("{name}-{at}");
    let wrong = |name: &str| row.and_then(|row| fault(asked, &format!("items[{row}].{name}")));
    let typed = if value("goods").is_empty() { value("description") } else { value("goods") };
    let quantity = if value("quantity").is_empty() { "1" } else { value("quantity") };
    // A column of one item is one of all, so that each value stands beside its own.
    let used = |name: &str| asked.fields.iter().any(|(field, _)| field == name);
    let rare = |(name, width, mode): (&str, &str, &str)| {
        html! {
            @if !value(name).is_empty() {
                (field(&id(name), &label(lang, name), width, wrong(name), input(&id(name), name, value(name), mode, wrong(name), "")))
            } @else if used(name) {
                input type="hidden" name=(name) value="";
            }
        }
    };
    let few = all.classes.is_empty() && RARE.iter().all(|(name, ..)| value(name).is_empty());
    html! {
        fieldset {
            legend class=[(all.rows == 1).then_some("hidden")] { (say!(lang, FORM_ITEM, number = at + 1)) }
            div.fields {
                (field(&id("goods"), &say!(lang, FORM_GOODS), "w4", wrong("goods"), input(&id("goods"), "goods", typed, "text", wrong("goods"), &say!(lang, FORM_GOODS_HINT))))
                (field(&id("origin"), &say!(lang, FORM_ORIGIN), "w3", wrong("origin"), select(&id("origin"), "origin", value("origin"), Some(&say!(lang, FORM_NOT_KNOWN)), all.places)))
                (field(&id("quantity"), &say!(lang, FORM_QUANTITY), "w2", wrong("quantity"), input(&id("quantity"), "quantity", quantity, "decimal", wrong("quantity"), "")))
                (field(&id("price"), &say!(lang, FORM_PRICE), "w3", wrong("price"), input(&id("price"), "price", value("price"), "decimal", wrong("price"), &say!(lang, FORM_PRICE_HINT))))
            }
            div class=[(!few).then_some("fields")] {
                @for column in RARE { (rare(column)) }
                @if !all.classes.is_empty() {
                    (field(&id("tax_class"), &say!(lang, FORM_CLASS), "w8", None, select(&id("tax_class"), "tax_class", value("tax_class"), Some(&say!(lang, FORM_CLASS_USUAL)), &all.classes)))
                }
                @if !value("description").is_empty() && !value("goods").is_empty() {
                    input type="hidden" name="description" value=(value("description"));
                } @else if used("description") && used("goods") {
                    input type="hidden" name="description" value="";
                }
            }
        }
    }
}

/// What the shop collects abroad already: every registration there is, those for the destination first. A seller knows them before the
/// destination is chosen.
fn registrations(lang: Lang, book: &Book, asked: &Asked, view: Option<&EconomyView>) -> Markup {
    let here = |key: &str| view.is_some_and(|view| view.schemes.iter().any(|scheme| scheme.key == key));
    let mut all: Vec<_> =
        book.registrations().iter().map(|one| (!here(&one.key), territory(lang, book, &one.place), one)).collect();
    all.sort_by(|a, b| (a.0, &a.1, &a.2.key).cmp(&(b.0, &b.1, &b.2.key)));
    let held: Vec<&str> =
        asked.fields.iter().filter(|(name, _)| name == "registration").map(|(_, v)| v.as_str()).collect();
    let unknown = held.iter().filter(|key| book.registrations().iter().all(|one| one.key != **key));
    html! {
        details.registrations open[!held.is_empty()] {
            summary { (say!(lang, FORM_SCHEMES)) }
            fieldset {
                legend.hidden { (say!(lang, FORM_SCHEMES)) }
                p.hint { (say!(lang, FORM_SCHEMES_ABOUT)) }
                div.checks {
                    @for (_, place, one) in &all {
                        label.check {
                            input type="checkbox" name="registration" value=(one.key) checked[held.contains(&one.key.as_str())];
                            span {
                                strong { (lang.foreign(&one.short)) } " · " (place)
                                @if one.name != one.short { br; span.hint { (lang.foreign(&one.name)) } }
                            }
                        }
                    }
                }
            }
            @for key in unknown { input type="hidden" name="registration" value=(key); }
        }
    }
}

fn more(lang: Lang, asked: &Asked, assumed: &[&AskView]) -> Markup {
    let words = |group: &str, keys: &[&str]| {
        keys.iter().map(|key| ((*key).to_owned(), lang.word(group, key))).collect::<Vec<_>>()
    };
    let amount = |name: &str, width: &str| {
        field(
            name,
            &label(lang, name),
            width,
            fault(asked, name),
            input(name, name, asked.field(name), "decimal", fault(asked, name), ""),
        )
    };
    html! {
        div.fields {
            (field("channel", &say!(lang, FORM_CHANNEL), "w4", None, select("channel", "channel", asked.field("channel"), Some(&say!(lang, FORM_NOT_KNOWN)), &words("channel", &["post", "express", "freight"]))))
            (field("sale", &say!(lang, FORM_SALE), "w4", None, select("sale", "sale", asked.field("sale"), None, &words("sale", &["b2c", "b2b", "c2c"]))))
            (field("date", &say!(lang, FORM_DATE), "w4", fault(asked, "date"), html! {
                input id="date" name="date" type="date" value=(asked.field("date")) aria-invalid=[fault(asked, "date").map(|_| "true")]
                    aria-describedby=[fault(asked, "date").map(|_| "date-fault")];
            }))
            (amount("insurance", "w4"))
            (amount("weight_kg", "w4"))
        }
        label.check {
            input type="checkbox" name="gift" value="yes" checked[asked.consignment.gift];
            span { (say!(lang, FORM_GIFT)) }
        }
        @for (at, ask) in assumed.iter().enumerate() { (assumption(lang, asked, at, ask)) }
    }
}

/// A question whose answer is assumed until somebody gives it.
fn assumption(lang: Lang, asked: &Asked, at: usize, ask: &AskView) -> Markup {
    let id = format!("assumed-{at}");
    let said = asked.consignment.facts.get(&ask.fact).copied();
    let usual = if ask.assume == Some(true) { say!(lang, ASK_YES) } else { say!(lang, ASK_NO) };
    html! {
        div.field {
            label for=(id) { (lang.foreign(&ask.question)) }
            select id=(id) name="fact" {
                option value="" { (say!(lang, FORM_ASSUMED, answer = usual)) }
                option value={ (ask.fact) ":yes" } selected[said == Some(true)] { (say!(lang, ASK_YES)) }
                option value={ (ask.fact) ":no" } selected[said == Some(false)] { (say!(lang, ASK_NO)) }
            }
        }
    }
}

/// What a field is called on the page; its name where it is not one of the form: `items[1].price` is "Product 2, Price of one".
pub(super) fn label(lang: Lang, field: &str) -> String {
    let (item, name) = match field.strip_prefix("items[").and_then(|rest| rest.split_once("].")) {
        Some((item, name)) => (item.parse::<usize>().ok(), name),
        None => (None, field),
    };
    let label = match name {
        "goods" | "description" => say!(lang, FORM_GOODS),
        "origin" => say!(lang, FORM_ORIGIN),
        "quantity" => say!(lang, FORM_QUANTITY),
        "price" => say!(lang, FORM_PRICE),
        "code" => say!(lang, FORM_CODE),
        "item_weight_kg" => say!(lang, FORM_ITEM_WEIGHT),
        "weight_kg" if item.is_some() => say!(lang, FORM_ITEM_WEIGHT),
        "duty_rate" => say!(lang, FORM_DUTY_RATE),
        "tax_class" => say!(lang, FORM_CLASS),
        "from" => say!(lang, FORM_FROM),
        "to" => say!(lang, FORM_TO),
        "region" => say!(lang, FORM_REGION),
        "freight" => say!(lang, FORM_FREIGHT),
        "insurance" => say!(lang, FORM_INSURANCE),
        "weight_kg" => say!(lang, FORM_WEIGHT),
        "currency" => say!(lang, FORM_CURRENCY),
        "date" => say!(lang, FORM_DATE),
        other => other.to_owned(),
    };
    item.map_or_else(|| label.clone(), |item| format!("{}, {label}", say!(lang, FORM_ITEM, number = item + 1)))
}

/// What is wrong with a field.
fn fault<'a>(asked: &'a Asked, name: &str) -> Option<&'a Wrong> {
    asked.wrong.iter().find(|wrong| wrong.field == name)
}

/// A field with its label, and what is wrong with it.
fn field(id: &str, label: &str, width: &str, wrong: Option<&Wrong>, control: Markup) -> Markup {
    html! {
        div class={ "field " (width) } {
            label for=(id) { (label) }
            (control)
            @if let Some(wrong) = wrong { p.fault id={ (id) "-fault" } { "! " (begun(&wrong.message)) } }
        }
    }
}

/// What is wrong as a sentence of its own: below its field nothing stands before it.
fn begun(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A field to type into.
fn input(id: &str, name: &str, value: &str, mode: &str, wrong: Option<&Wrong>, hint: &str) -> Markup {
    let described = wrong.map(|_| format!("{id}-fault"));
    html! {
        input id=(id) name=(name) value=(value) inputmode=(mode) autocomplete="off" placeholder=[(!hint.is_empty()).then_some(hint)]
            aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described];
    }
}
