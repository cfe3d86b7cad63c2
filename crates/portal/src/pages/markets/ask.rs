//! What would make the answer exact: goods codes for items without one, and the questions, each with its answers to press.

use super::Told;
use super::classes::{Class, USUAL, classes};
use super::regions::regions;
use crate::form::Fields;
use crate::pages::code::pointed;
use crate::pages::parts;
use crate::pages::parts::{not_applicable, select, unknown};
use crate::say;
use crate::suggest::{Suggested, Suggestion, Suggestions};
use maud::{Markup, html};
use tidewaiter::quote::document::Missing;
use tidewaiter::record::Kind;

/// Questions that stand open; the others are folded.
const MOST_QUESTIONS: usize = 4;
/// Under so many percent together, codes make no figure: it would be one for a guess.
const LEAST_TOGETHER: u8 = 50;

/// Whether the destination has a tax on what is sold there, of which there may be several rates.
fn has_tax(told: &Told<'_>) -> bool {
    let charges = || told.view.iter().flat_map(|view| &view.charges);
    charges().any(|charge| matches!(charge.kind, Kind::Vat | Kind::Gst | Kind::SalesTax))
}

/// Goods codes that the words may mean, and the question that tells them apart.
pub(super) fn codes(told: &Told<'_>, all: &Suggestions) -> Markup {
    let lang = told.lang;
    html! {
        section.card.answer aria-labelledby="codes" {
            @if let Some(total) = all.total.as_ref().filter(|_| all.items.iter().all(|one| one.together >= LEAST_TOGETHER)) {
                div.stack {
                    p.quiet { (say!(lang, CODES_TOTAL)) (super::without_shipping(lang, told.question)) }
                    p.due { (parts::sum(&told.asked, total.least_asked, total.most_asked)) }
                    @if has_tax(told) { p.quiet { (say!(lang, CODES_USUAL)) } }
                }
            }
            h2 id="codes" { (say!(lang, CODES_TITLE)) }
            @if let (Some(asking), Some(item)) = (&all.question, all.question_item) {
                div.stack {
                    h3 { @if all.items.len() > 1 { (told.item_name(item - 1)) (lang.colon()) } (asking.asks) }
                    ul.choices {
                        @for (key, words) in &asking.answers {
                            li { a href={ "?" (told.question.and("answer", &format!("{item}:{}:{key}", asking.key))) "#codes" } { (words) } }
                        }
                        li { a href={ "?" (told.question.and("answer", &format!("{item}:{}:", asking.key))) "#codes" } { (say!(lang, CODES_UNSURE)) } }
                    }
                }
            }
            @for one in &all.items { (suggested(told, one)) }
            @if !all.left_out.is_empty() { p.note { (say!(lang, CODES_LEFT_OUT)) } }
            @if any_code(all) { p.quiet.small { (say!(lang, CODES_CAUTION)) } }
        }
    }
}

/// Whether there is any code to choose.
fn any_code(all: &Suggestions) -> bool {
    all.items.iter().any(|one| !one.codes.is_empty())
}

fn suggested(told: &Told<'_>, one: &Suggested) -> Markup {
    let lang = told.lang;
    let name = told.item_name(one.item - 1);
    html! {
        @if let Some(advice) = one.advice {
            p.note.care { strong { (name) } " " (say!(lang, CODES_VAGUE)) " " (advice) }
        } @else {
            div.scroll tabindex="0" role="group" aria-label=(say!(lang, HOUSE_TABLE, name = name.as_str())) {
                table.ledger {
                    caption { (name) @if one.codes.len() > 1 { " " span.quiet { (say!(lang, CODES_TOGETHER, percent = one.together)) } } }
                    thead {
                        tr {
                            th scope="col" { (say!(lang, CODES_CODE)) }
                            th scope="col" { (say!(lang, CODES_MEANING)) }
                            th.n scope="col" { (say!(lang, CODES_LIKELY)) }
                            th.n scope="col" { (say!(lang, CODES_PAYS, currency = told.quote.asked_currency.as_str())) }
                            th scope="col" { span.hidden { (say!(lang, CODES_USE)) } }
                        }
                    }
                    tbody { @for code in &one.codes { (row(told, one.item, code)) } }
                }
            }
        }
    }
}

fn row(told: &Told<'_>, item: usize, code: &Suggestion) -> Markup {
    let lang = told.lang;
    let dotted = pointed(&code.code);
    html! {
        tr {
            th scope="row" { a href=(told.request.to(&format!("/code/{}", code.code))) { (dotted) } }
            td { (code.title) }
            td.n data-label=(say!(lang, CODES_LIKELY)) { (parts::whole_percent(lang, code.percent)) }
            td.n data-label=(say!(lang, CODES_PAYS, currency = told.quote.asked_currency.as_str())) {
                @match &code.paid {
                    Some(paid) if paid.has_figures() => (parts::number(&told.asked, paid.total.least_asked, paid.total.most_asked)),
                    Some(_) => (not_applicable(lang)),
                    None => (unknown(lang)),
                }
            }
            td { a href={ "?" (told.question.with_item("code", item, &dotted)) } { (say!(lang, CODES_USE)) span.hidden { " " (dotted) } } }
        }
    }
}

/// What is asked. While the code is open, only what would be asked of any goods is: the rest is of goods that it may not be.
fn asked<'a>(told: &Told<'a>, suggested: bool) -> Vec<&'a Missing> {
    let general = |m: &&Missing| !suggested || matches!(m.fact.as_str(), "origin" | "channel" | "from" | "region");
    told.quote.missing.iter().filter(general).collect()
}

/// Whether the answer of goods with a code has questions under it.
pub(super) fn has_questions(told: &Told<'_>) -> bool {
    !asked(told, false).is_empty()
}

/// The questions, the most useful first; beside them which codes the words may mean, where the code is open.
pub(super) fn questions(told: &Told<'_>, suggestions: Option<&Suggestions>) -> Markup {
    let lang = told.lang;
    let suggested = suggestions.is_some();
    let all = asked(told, suggested);
    let (first, more) = all.split_at(all.len().min(MOST_QUESTIONS));
    let classed = !suggested && asks_class(told);
    if all.is_empty() && !classed {
        return html! {};
    }
    html! {
        section.stack aria-labelledby="questions" {
            // Nothing is missing for the answer of usual goods: then it is asked whether these are some.
            h2 id="questions" { @if all.is_empty() { (say!(lang, ASK_TITLE_CLASS)) } @else { (say!(lang, ASK_TITLE)) } }
            @if let Some(codes) = suggestions {
                p { @if any_code(codes) { (say!(lang, ASK_CODE_FIRST)) } @else { (say!(lang, ASK_CODE_NONE)) } }
            }
            ol.plain.questions {
                @for missing in first { (one(told, missing)) }
                @if classed { (tax_class(told)) }
            }
            @if !more.is_empty() {
                details {
                    summary { (say!(lang, ASK_MORE)) }
                    ol.plain.questions { @for missing in more { (one(told, missing)) } }
                }
            }
        }
    }
}

fn one(told: &Told<'_>, missing: &Missing) -> Markup {
    let lang = told.lang;
    html! {
        li.card.stack {
            p {
                @if let Some(item) = missing.item.filter(|_| told.quote.items.len() > 1) { strong { (told.item_name(item - 1)) } (lang.colon()) }
                (words(told, missing))
                @match missing.narrows_by {
                    Some(by) if !by.is_zero() => { " " span.tag { (say!(lang, ASK_WORTH, sum = told.stake(by))) } }
                    None => { " " span.tag.care { (say!(lang, ASK_OPEN)) } }
                    Some(_) => {}
                }
            }
            (controls(told, missing))
        }
    }
}

/// How the engine begins to say that some goods have another tax rate; a test holds it against the engine's words.
const OTHER_RATE: &str = "Some goods have another tax rate:";

/// Whether a caution is about other tax rates.
pub(super) fn is_of_class(text: &str) -> bool {
    text.starts_with(OTHER_RATE)
}

/// Whether the page asks of which tax class the goods are: some have a lower rate there, and nobody said.
pub(super) fn asks_class(told: &Told<'_>) -> bool {
    told.quote.warnings.iter().any(|text| is_of_class(text)) && !of_destination(told).is_empty()
}

fn of_destination(told: &Told<'_>) -> Vec<Class> {
    told.view.as_ref().map(|view| classes(told.lang, view, told.quote.date)).unwrap_or_default()
}

/// Of which tax class are the goods?
fn tax_class(told: &Told<'_>) -> Markup {
    let (lang, question) = (told.lang, told.question);
    let all = of_destination(told);
    let open = (1..=told.quote.items.len()).filter(|item| question.of_item("tax_class", item - 1).is_empty());
    html! {
        li.card.stack {
            p { (say!(lang, ASK_CLASS)) }
            @for item in open.take(MOST_QUESTIONS) {
                @if told.quote.items.len() > 1 { p { strong { (told.item_name(item - 1)) } } }
                ul.choices {
                    @for class in &all {
                        li { a href={ "?" (question.with_item("tax_class", item, &class.key)) } { (class.words) } }
                    }
                    li { a href={ "?" (question.with_item("tax_class", item, USUAL)) } { (say!(lang, ASK_CLASS_USUAL)) } }
                }
            }
        }
    }
}

/// The question in the language of the page where it is one of the engine's; those of an economy's rules stand in its file.
fn words(told: &Told<'_>, missing: &Missing) -> Markup {
    let lang = told.lang;
    let (kind, rest) = missing.fact.split_once(' ').unwrap_or((&missing.fact, ""));
    let own = match (kind, rest) {
        ("code", _) if told.item_has_code(missing.item) => Some(say!(lang, ASK_CODE_LONGER)),
        ("code", _) => Some(say!(lang, ASK_CODE)),
        ("origin", _) => Some(say!(lang, ASK_ORIGIN)),
        ("channel", _) => Some(say!(lang, ASK_CHANNEL)),
        ("region", _) => Some(say!(lang, ASK_REGION)),
        ("from", _) => Some(say!(lang, ASK_FROM)),
        ("weight", _) => Some(say!(lang, ASK_WEIGHT)),
        // Some of its tariff is here: only this code has no rate of its own.
        ("duty", "rate") if told.has_tariff() => Some(say!(lang, ASK_DUTY_RATE_CODE)),
        ("duty", "rate") => Some(say!(lang, ASK_DUTY_RATE, place = told.place())),
        ("additional", "duty") => Some(say!(lang, ASK_ADDITIONAL_DUTY)),
        ("history", _) => Some(say!(lang, ASK_HISTORY, period = lang.word("period", rest))),
        _ => None,
    };
    match own {
        Some(own) => html! { (own) },
        None => lang.said(&missing.question),
    }
}

/// Ways to answer without leaving the page: links where few answers are possible, a field where not.
fn controls(told: &Told<'_>, missing: &Missing) -> Markup {
    let (lang, question) = (told.lang, &told.question);
    let (kind, rest) = missing.fact.split_once(' ').unwrap_or((&missing.fact, ""));
    let item = missing.item.unwrap_or(1);
    let link = |address: String, words: String| html! { li { a href={ "?" (address) } { (words) } } };
    let id = format!("ask-{}-{item}", missing.fact.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let typed = |fields: Fields, name: &str, mode: &str| {
        html! {
            div.row {
                (hidden(&fields, name, item))
                label.hidden for=(id) { (words(told, missing)) }
                input.short id=(id) name=(name) inputmode=(mode) autocomplete="off" required;
                (hidden_after(&fields, name, item))
                button type="submit" { (say!(lang, ASK_ANSWER)) }
            }
        }
    };
    let form = |inside: Markup| html! { form.inline action=(told.request.to("/markets")) method="get" { (inside) } };
    match (kind, rest) {
        ("channel", _) => html! {
            ul.choices { @for key in ["post", "express", "freight"] { (link(question.with("channel", key), lang.word("channel", key))) } }
        },
        ("mode", _) => html! {
            ul.choices { @for key in ["air", "sea", "road", "rail"] { (link(question.with("mode", key), lang.word("mode", key))) } }
        },
        ("fact", name) => html! {
            ul.choices {
                (link(question.and("fact", &format!("{name}:yes")), say!(lang, ASK_YES)))
                (link(question.and("fact", &format!("{name}:no")), say!(lang, ASK_NO)))
            }
        },
        ("origin", _) => {
            let fields = question.fields_with_item("origin", item, "");
            form(html! {
                div.row {
                    (hidden(&fields, "origin", item))
                    label.hidden for=(id) { (words(told, missing)) }
                    (select(&id, "origin", "", Some(&say!(lang, FORM_CHOOSE)), &parts::origins(lang, &told.book)))
                    (hidden_after(&fields, "origin", item))
                    button type="submit" { (say!(lang, ASK_ANSWER)) }
                }
            })
        }
        ("from", _) => form(html! {
            div.row {
                (hidden_all(&question.fields))
                label.hidden for=(id) { (words(told, missing)) }
                (select(&id, "from", "", Some(&say!(lang, FORM_CHOOSE)), &parts::origins(lang, &told.book)))
                button type="submit" { (say!(lang, ASK_ANSWER)) }
            }
        }),
        ("code", _) => html! {
            (super::national::lines(told, item))
            (form(html! {
                (typed(question.fields_with_item("code", item, ""), "code", "numeric"))
                p.small { a href=(told.request.to("/code")) { (say!(lang, ASK_FIND_CODE)) } }
            }))
        },
        ("duty", "rate") => form(html! {
            (typed(question.fields_with_item("duty_rate", item, ""), "duty_rate", "decimal"))
            p.small.quiet { (say!(lang, ASK_DUTY_RATE_HINT)) }
        }),
        ("weight", _) if missing.item.is_some() => {
            form(typed(question.fields_with_item("item_weight_kg", item, ""), "item_weight_kg", "decimal"))
        }
        ("region", _) => form(html! {
            div.row {
                (hidden_all(&question.fields))
                label.hidden for=(id) { (words(told, missing)) }
                (select(&id, "region", "", Some(&say!(lang, FORM_CHOOSE)), &regions(lang, &told.book, &told.quote.to)))
                button type="submit" { (say!(lang, ASK_ANSWER)) }
            }
        }),
        ("weight", _) => form(html! {
            div.row {
                (hidden_all(&question.fields))
                label.hidden for=(id) { (words(told, missing)) }
                input.short id=(id) name="weight_kg" inputmode="decimal" autocomplete="off" required;
                button type="submit" { (say!(lang, ASK_ANSWER)) }
            }
        }),
        ("quantity", unit) => form(number(told, &format!("measure.{unit}.{item}"), &id, &words(told, missing))),
        ("rate", pair) => {
            form(number(told, &format!("rate.{}", pair.replace(['/', ' ', ':'], ".")), &id, &words(told, missing)))
        }
        ("history", period) => form(html! {
            div.row {
                (hidden_all(&question.fields))
                label.small for={ (id) "-n" } { (say!(lang, ASK_PARCELS)) }
                input.short id={ (id) "-n" } name={ "past." (period) ".imports" } inputmode="numeric" autocomplete="off" required;
                label.small for={ (id) "-v" } { (say!(lang, ASK_PARCELS_VALUE)) " " (told.asked.code) }
                input.short id={ (id) "-v" } name={ "past." (period) ".goods" } inputmode="decimal" autocomplete="off" required;
                button type="submit" { (say!(lang, ASK_ANSWER)) }
            }
        }),
        _ => html! { p.small.quiet { (say!(lang, ASK_BY_API)) } },
    }
}

/// A number to type, under a name of its own.
fn number(told: &Told<'_>, name: &str, id: &str, label: &Markup) -> Markup {
    html! {
        div.row {
            (hidden_all(&told.question.fields))
            label.hidden for=(id) { (label) }
            input.short id=(id) name=(name) inputmode="decimal" autocomplete="off" placeholder=(say!(told.lang, ASK_NUMBER)) required;
            button type="submit" { (say!(told.lang, ASK_ANSWER)) }
        }
    }
}

fn hidden_all(fields: &Fields) -> Markup {
    html! { @for (name, value) in fields { input type="hidden" name=(name) value=(value); } }
}

/// Fields before that of an item.
fn hidden(fields: &Fields, name: &str, item: usize) -> Markup {
    hidden_all(&fields[..place(fields, name, item)].to_vec())
}

/// Fields after it.
fn hidden_after(fields: &Fields, name: &str, item: usize) -> Markup {
    hidden_all(&fields[(place(fields, name, item) + 1).min(fields.len())..].to_vec())
}

fn place(fields: &Fields, name: &str, item: usize) -> usize {
    let places = fields.iter().enumerate().filter(|(_, (field, _))| field == name);
    places.map(|(at, _)| at).nth(item.saturating_sub(1)).unwrap_or(fields.len())
}
