//! The answer first: what the buyer pays, who collects it, and of what it is made.

use super::ask::has_questions;
use super::grouped::{self, grouped};
use super::{Told, without_shipping};
use crate::locale::Lang;
use crate::pages::parts::{sentence, sum};
use crate::say;
use maud::{Markup, html};
use tidewaiter::quote::document::Sum;
use tidewaiter::record::Collector;
use tidewaiter::record::Kind;
use tidewaiter::record::expression::Channel;
use tidewaiter::{Decimal, Outcome, RoundingMode};

/// Width of the bar in its own units: the page stretches it.
const WIDTH: i64 = 1_000;

/// The card with the answer.
pub(super) fn card(told: &Told<'_>, whatever: bool) -> Markup {
    let (lang, quote) = (told.lang, told.quote);
    html! {
        section.card.answer aria-labelledby="answer" {
            h2.hidden id="answer" { @if whatever { (say!(lang, ANSWER_WHATEVER)) } @else { (say!(lang, ANSWER_TITLE)) } }
            div.stack {
                p.quiet {
                    (say!(lang, ANSWER_PAYS))
                    @if told.has_figures() { (without_shipping(lang, told.question)) }
                }
                (due(told))
                p.who { (before(told)) }
                p.who { (who(told, whatever)) }
                @if may_add_fee(told) { p.small { (say!(lang, ANSWER_CARRIER_FEE)) } }
            }
            @if told.has_figures() {
                (bar(told))
                (terms(told))
            }
            @for group in &grouped(told.verdicts().map(String::as_str)) { div.note.care { (grouped::told(lang, group, |text| lang.foreign(&sentence(text)))) } }
            @if quote.outcome != Outcome::Amount && told.verdicts().next().is_none() && quote.missing.is_empty() {
                p.note.care { (say!(lang, ANSWER_ASK_CUSTOMS)) }
            }
        }
    }
}

/// Whether the carrier may ask for a fee of its own that is not known here: something is due on delivery, and no fee is recorded.
fn may_add_fee(told: &Told<'_>) -> bool {
    let by_hand = told.question.consignment.channel != Some(Channel::Freight);
    told.has_figures()
        && by_hand
        && !told.quote.terms.on_delivery_dap.is_nothing()
        && !told.quote.charges.iter().any(|charge| charge.kind.is_fee())
}

/// The figure, or the words that stand for it.
fn due(told: &Told<'_>) -> Markup {
    let (lang, quote) = (told.lang, told.quote);
    let words = match quote.outcome {
        Outcome::Amount if quote.total.least_asked.is_zero() => {
            return html! { p.due { (told.asked.text(Decimal::ZERO)) " " span.tag { (say!(lang, ANSWER_NOTHING_DUE)) } } };
        }
        Outcome::Amount => return html! { p.due { (told.asked.asked(&quote.total)) } },
        Outcome::Range | Outcome::Unknown => {
            return html! { p.due { (sum(&told.asked, quote.total.least_asked, quote.total.most_asked)) } };
        }
        Outcome::NotAllowed => say!(lang, ANSWER_NOT_ALLOWED),
        Outcome::FormalEntry => say!(lang, ANSWER_FORMAL_ENTRY),
        Outcome::Prohibited => say!(lang, ANSWER_PROHIBITED),
    };
    html! { p.due { (words) } }
}

/// On top of what, and what it comes to.
fn before(told: &Told<'_>) -> String {
    let quote = told.quote;
    let before = told.asked.text(told.before());
    if told.has_figures() {
        let landed = told.asked.range(quote.landed.least, quote.landed.most);
        match told.question.consignment.freight {
            Some(_) => say!(told.lang, ANSWER_ON_TOP, before = before, landed = landed),
            None => say!(told.lang, ANSWER_ON_TOP_GOODS, before = before, landed = landed),
        }
    } else {
        say!(told.lang, ANSWER_GOODS_WORTH, before = before)
    }
}

/// What to do for an exact answer: the questions are under it, or over it where the goods code is open. Nothing where none is asked.
fn answers(told: &Told<'_>, whatever: bool) -> Markup {
    html! {
        @if whatever { " " (say!(told.lang, ANSWER_ABOVE)) } @else if has_questions(told) { " " (say!(told.lang, ANSWER_BELOW)) }
    }
}

/// Who collects, in a sentence.
fn who(told: &Told<'_>, whatever: bool) -> Markup {
    let narrow = matches!(told.quote.outcome, Outcome::Range | Outcome::Unknown);
    html! { (collects(told)) @if narrow { (answers(told, whatever)) } }
}

fn collects(told: &Told<'_>) -> String {
    let (lang, quote) = (told.lang, told.quote);
    let (shop, delivery) = (&quote.terms.checkout_dap, &quote.terms.on_delivery_dap);
    match quote.outcome {
        Outcome::NotAllowed | Outcome::FormalEntry | Outcome::Prohibited => String::new(),
        Outcome::Range => say!(lang, ANSWER_RANGE),
        Outcome::Unknown => say!(lang, ANSWER_UNKNOWN),
        Outcome::Amount if quote.total.least_asked.is_zero() => String::new(),
        Outcome::Amount => match (shop.is_nothing(), delivery.is_nothing()) {
            (false, true) => say!(lang, ANSWER_BY_SHOP),
            (false, false) => {
                say!(lang, ANSWER_BY_BOTH, shop = told.asked.asked(shop), delivery = told.asked.asked(delivery))
            }
            _ => say!(lang, ANSWER_ON_DELIVERY),
        },
    }
}

/// A part of what it costs to land.
struct Part {
    class: &'static str,
    name: String,
    least: Decimal,
    most: Option<Decimal>,
}

fn parts(told: &Told<'_>) -> Vec<Part> {
    let (lang, quote) = (told.lang, told.quote);
    let plain = |class, name, amount| Part { class, name, least: amount, most: Some(amount) };
    let mut parts = vec![plain("p-goods", say!(lang, PART_GOODS), quote.goods)];
    if !quote.shipping.is_zero() {
        parts.push(plain("p-shipping", say!(lang, PART_SHIPPING), quote.shipping));
    }
    type Of = fn(Kind) -> bool;
    let kinds: [(&'static str, String, &Sum, Of); 3] = [
        ("p-duties", say!(lang, PART_DUTIES), &quote.by_kind.duties, Kind::is_duty),
        ("p-taxes", say!(lang, PART_TAXES), &quote.by_kind.taxes, |k| !k.is_duty() && !k.is_fee()),
        ("p-fees", say!(lang, PART_FEES), &quote.by_kind.fees, Kind::is_fee),
    ];
    for (class, name, sum, is_one) in kinds {
        if quote.charges.iter().any(|c| is_one(c.kind)) {
            let sum = told.kind_sum(is_one, sum);
            parts.push(Part { class, name, least: sum.least_asked, most: sum.most_asked });
        }
    }
    parts
}

/// The bar that shows the parts, with a list that says the same in words. What may be more is hatched; without a known end it runs to the edge.
fn bar(told: &Told<'_>) -> Markup {
    let lang = told.lang;
    let parts = parts(told);
    let open = parts.iter().any(|p| p.most.is_none());
    let sum = |of: fn(&Part) -> Decimal| parts.iter().fold(Decimal::ZERO, |sum, p| sum.plus(of(p)).unwrap_or(sum));
    let most = sum(|p| p.most.unwrap_or(p.least));
    // An open end takes a fifth of the bar.
    let room = if open { WIDTH * 4 / 5 } else { WIDTH };
    let width = |amount: Decimal| share(amount, most, room);
    let mut at = 0;
    let mut pieces = Vec::new();
    for part in &parts {
        let least = width(part.least);
        pieces.push((part.class, at, least, false));
        at += least;
    }
    for part in &parts {
        let more = part.most.and_then(|most| most.minus(part.least).ok()).map_or(0, width);
        if more > 0 {
            pieces.push((part.class, at, more, true));
            at += more;
        }
    }
    if open {
        pieces.push(("open-only", at, WIDTH - at, false));
    }
    let words: Vec<String> =
        parts.iter().map(|p| format!("{} {}", p.name, told.asked.range(p.least, p.most))).collect();
    html! {
        figure.stack {
            svg.bar viewBox="0 0 1000 40" preserveAspectRatio="none" width="1000" height="40" role="img" aria-label=(words.join(", ")) {
                defs {
                    pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                        rect.hatch width="3" height="8" {}
                    }
                    pattern id="open" width="8" height="8" patternUnits="userSpaceOnUse" { circle.spot cx="4" cy="4" r="2" {} }
                }
                @for (class, x, width, maybe) in &pieces {
                    @if *width > 0 {
                        rect class={ (class) @if *maybe { " maybe" } } x=(x) y="0" width=(width) height="40" {}
                        @if *maybe { rect x=(x) y="0" width=(width) height="40" fill="url(#hatch)" {} }
                    }
                }
            }
            @if told.quote.landed.most != Some(told.quote.landed.least) { (ends(told)) }
            figcaption {
                ul.legend {
                    @for part in &parts {
                        li {
                            span class={ "swatch " (part.class) } {}
                            span { (part.name) }
                            strong { (crate::pages::parts::sum(&told.asked, part.least, part.most)) }
                        }
                    }
                    @if parts.iter().any(|p| p.most.is_some_and(|most| most != p.least)) {
                        li { span.swatch.maybe-key {} span { (say!(lang, PART_MAYBE)) } }
                    }
                    @if open { li { span.swatch.open-key {} span { (say!(lang, PART_OPEN)) } } }
                }
            }
        }
    }
}

/// What stands at the ends of a bar that has no single one.
fn ends(told: &Told<'_>) -> Markup {
    let (lang, landed) = (told.lang, told.quote.landed);
    html! {
        p.ends {
            span { (say!(lang, BAR_LEAST)) " " strong.figure { (told.asked.text(landed.least)) } }
            @match landed.most {
                Some(most) => { span { (say!(lang, BAR_MOST)) " " strong.figure { (told.asked.text(most)) } } }
                None => { span { (say!(lang, BAR_MOST)) " " (crate::pages::parts::unknown(lang)) } }
            }
        }
    }
}

/// How much of `room` an amount takes, rounded; nothing where the whole is nothing.
pub(super) fn share(amount: Decimal, whole: Decimal, room: i64) -> i64 {
    let scaled =
        amount.scaled(Decimal::from_int(room), whole).and_then(|w| w.rounded(RoundingMode::HalfUp, Decimal::ONE));
    let units = scaled.map_or(0, |w| w.units() / Decimal::ONE.units());
    i64::try_from(units).unwrap_or(room).clamp(0, room)
}

/// Under each delivery term, what the shop charges and what the buyer meets.
fn terms(told: &Told<'_>) -> Markup {
    let (lang, quote) = (told.lang, told.quote);
    let terms = &quote.terms;
    if terms.checkout_ddp.is_nothing() {
        return html! {};
    }
    let money = |sum: &Sum| match sum.most_asked {
        _ if sum.is_nothing() => say!(lang, TERM_NOTHING),
        None if sum.least_asked.is_zero() => say!(lang, TERM_UNKNOWN),
        _ => told.asked.asked(sum),
    };
    let by_shop = quote.charges.iter().flat_map(|c| &c.treatments).any(|t| t.collect == Collector::Seller);
    let shop = if by_shop { money(&terms.checkout_dap) } else { say!(lang, TERM_NOTHING) };
    html! {
        div.two.terms {
            div {
                h3 { (say!(lang, TERM_DDP)) }
                p { (say!(lang, TERM_DDP_SAYS, all = money(&terms.checkout_ddp))) }
            }
            div {
                h3 { (say!(lang, TERM_DAP)) }
                p { (say!(lang, TERM_DAP_SAYS, shop = shop, delivery = money(&terms.on_delivery_dap))) }
            }
        }
    }
}

/// A language's word for who collects.
pub(super) fn collector(lang: Lang, who: Collector) -> String {
    lang.word(
        "collector",
        match who {
            Collector::Border => "border",
            Collector::Seller => "seller",
            Collector::Carrier => "carrier",
        },
    )
}
