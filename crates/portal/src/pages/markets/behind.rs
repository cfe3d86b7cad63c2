//! What is behind the figures: what could be saved, what changes, disputes, cautions, sources, editions.

use super::grouped::{self, grouped};
use super::{Told, ask, why};
use crate::locale::{day, decimal};
use crate::pages::parts::{nothing_recorded, sentence, source, sum};
use crate::say;
use maud::{Markup, html};
use tidewaiter::quote::document::Saving;
use tidewaiter::quote::said::Said;
use tidewaiter::record::{MeasureKind, Status};

/// Lower duties that could be claimed.
pub(super) fn savings(told: &Told<'_>) -> Markup {
    let lang = told.lang;
    html! {
        section.stack aria-labelledby="savings" {
            h2 id="savings" { (say!(lang, SAVE_TITLE)) }
            @if told.quote.savings.is_empty() {
                p { @if is_known_without(told) { span.quiet { (say!(lang, SAVE_NONE)) } } @else if is_open(told) { span.unknown { (say!(lang, SAVE_UNKNOWN)) } " " (say!(lang, SAVE_OPEN)) } @else { span.unknown { (say!(lang, SAVE_UNKNOWN)) } " " (say!(lang, SAVE_UNKNOWN_WHY, place = told.place())) } }
            } @else {
                ul.plain { @for one in &told.quote.savings { li.note.good { (saving(told, one)) } } }
            }
        }
    }
}

/// Whether it hangs on what was not said: other goods, or goods made elsewhere, may have a lower duty.
fn is_open(told: &Told<'_>) -> bool {
    let none_due = told.has_figures() && told.quote.by_kind.duties.is_nothing();
    !none_due && told.quote.missing.iter().any(|missing| matches!(missing.fact.as_str(), "code" | "origin"))
}

/// Whether it is known that no lower duty can be claimed: no duty is due, or the preferences of the destination are recorded.
fn is_known_without(told: &Told<'_>) -> bool {
    let none_due = told.has_figures() && told.quote.by_kind.duties.is_nothing();
    let kinds = || told.view.iter().flat_map(|view| &view.measures);
    let recorded = kinds().any(|of| of.kind == MeasureKind::Preference && of.count > 0);
    none_due || !is_open(told) && recorded && !told.quote.warnings.iter().any(|text| text.starts_with(GENERAL_ALONE))
}

/// How the data begins to say that preferences are not recorded; a test holds it against the data's words.
const GENERAL_ALONE: &str = "Of this destination's tariff only the duty for all origins";

fn saving(told: &Told<'_>, one: &Saving) -> Markup {
    let lang = told.lang;
    html! {
        p {
            strong { (told.local.range(one.saves, Some(one.saves_most.unwrap_or(one.saves)))) }
            " " (say!(lang, SAVE_LESS, item = told.item_name(one.item.saturating_sub(1)))) " "
            @if let Some(program) = &one.program { (say!(lang, SAVE_CLAIM, program = program.as_str())) " " }
            @if let Some(proof) = &one.proof { (say!(lang, SAVE_PROOF)) " " (lang.foreign(&sentence(proof))) " " }
            @if !one.documents.is_empty() { (say!(lang, SAVE_DOCUMENTS, documents = one.documents.join(", "))) " " }
            @if let Some(code) = &one.additional_code { (say!(lang, SAVE_ADDITIONAL, code = code.as_str())) " " }
            (say!(lang, SAVE_RULE)) " " (told.rule(&one.rule.as_str().into())) ". "
            (say!(lang, SAVE_TOTAL, total = told.local.range(one.total, Some(one.total_most.unwrap_or(one.total)))))
        }
    }
}

/// What was announced.
pub(super) fn upcoming(told: &Told<'_>) -> Markup {
    let (lang, quote) = (told.lang, told.quote);
    html! {
        section.stack aria-labelledby="next" {
            h2 id="next" { (say!(lang, NEXT_TITLE)) }
            @if quote.upcoming.is_empty() {
                p.quiet { (say!(lang, NEXT_NONE)) }
            } @else {
                ul.plain {
                    @for next in &quote.upcoming {
                        li {
                            strong { @match next.from.filter(|d| *d > quote.date) { Some(from) => (day(lang, from)), None => (say!(lang, NEXT_NO_DAY)) } }
                            (lang.colon()) (lang.foreign(&next.charge_name)) ", " (lang.foreign(&next.name))
                            @if let Some(rule) = &next.rule { (lang.colon()) (told.rule(&rule.as_str().into())) }
                            @if next.status != Status::InForce { " " span.tag.care { (status(told, next.status)) } }
                            @for key in &next.cites {
                                @if let Some(at) = quote.sources.iter().position(|s| s.key == *key) { " " a href={ "#fact-" (key) } { "[" (at + 1) "]" } }
                            }
                        }
                    }
                }
            }
            p.small { a href=(told.request.to(&format!("/rates/changes?territory={}", quote.to))) { (say!(lang, NEXT_ALL, place = told.place())) } }
        }
    }
}

fn status(told: &Told<'_>, status: Status) -> String {
    let key = match status {
        Status::InForce => "in-force",
        Status::Scheduled => "scheduled",
        Status::Suspended => "suspended",
        Status::Expired => "expired",
        Status::Proposed => "proposed",
    };
    told.lang.word("status", key)
}

/// Rules that are read in two ways.
pub(super) fn disputes(told: &Told<'_>) -> Markup {
    let lang = told.lang;
    html! {
        @for dispute in &told.quote.disputes {
            section.note.care.stack {
                h2 { (say!(lang, DISPUTE_TITLE)) }
                p { (lang.foreign(&dispute.question)) }
                p { strong { (say!(lang, DISPUTE_USED)) } " " (lang.foreign(&sentence(&dispute.used_says))) }
                @for other in &dispute.others {
                    p {
                        strong { (say!(lang, DISPUTE_OTHER)) } " " (lang.foreign(&sentence(&other.says))) " "
                        (say!(lang, DISPUTE_TOTAL)) " " (sum(&told.asked, other.total.least_asked, other.total.most_asked))
                    }
                }
            }
        }
    }
}

/// What the rules say to buyer and shop, cautions, and what was assumed. What is said of several cases is told once.
pub(super) fn notes(told: &Told<'_>) -> Markup {
    let (lang, quote) = (told.lang, told.quote);
    let of = |said: &[Said], text: &str| {
        said.iter().find(|one| *one == text).map_or_else(|| lang.foreign(&sentence(text)), |one| lang.sentence(one))
    };
    let list = |texts: &mut dyn Iterator<Item = &str>| {
        html! {
            ul { @for group in &grouped(texts) { li { (grouped::told(lang, group, |text| of(&quote.warnings, text))) } } }
        }
    };
    let mut good = quote.messages.iter().filter(|m| told.is_of_treatment(m)).map(String::as_str).peekable();
    let mut care = quote.warnings.iter().map(Said::as_str).filter(|text| !is_told_elsewhere(told, text)).peekable();
    html! {
        @if good.peek().is_some() {
            section.stack aria-labelledby="good" {
                h2 id="good" { (say!(lang, NOTES_GOOD)) }
                (list(&mut good))
            }
        }
        @if care.peek().is_some() {
            section.note.care.stack aria-labelledby="care" {
                h2 id="care" { (say!(lang, NOTES_CARE)) }
                (list(&mut care))
            }
        }
        @if !quote.assumptions.is_empty() {
            section.stack aria-labelledby="assumed" {
                h2 id="assumed" { (say!(lang, NOTES_ASSUMED)) }
                ul {
                    @for group in &grouped(quote.assumptions.iter().map(Said::as_str)) {
                        li { (grouped::told(lang, group, |text| of(&quote.assumptions, text))) }
                    }
                }
            }
        }
    }
}

/// A caution that says nothing new here: the page asks for the tax class itself, knows the regions that no rule names, and a registration
/// of another place is no mistake.
fn is_told_elsewhere(told: &Told<'_>, text: &str) -> bool {
    // The page refuses a region that there is not.
    if told.quote.warnings.iter().any(|one| one.code() == Some("region") && *one == text) {
        return true;
    }
    let of_elsewhere = |key: &str| told.book.registrations().iter().any(|known| known.key == key);
    let registration = text.strip_prefix(NO_PART).and_then(|rest| rest.split_once('"'));
    registration.is_some_and(|(key, _)| of_elsewhere(key)) || (ask::asks_class(told) && ask::is_of_class(text))
}

/// How the engine begins to say that a registration plays no part; a test holds it against the engine's words.
const NO_PART: &str = "The registration \"";

/// Registers that stand beside a market, and have nothing yet: said once.
pub(super) fn registers(told: &Told<'_>) -> Markup {
    let lang = told.lang;
    html! {
        section.stack aria-labelledby="papers" {
            h2 id="papers" { (say!(lang, PAPERS_TITLE)) }
            (nothing_recorded(lang, &say!(lang, PAPERS_WHAT, place = told.place())))
        }
    }
}

/// Where everything was read.
pub(super) fn sources(told: &Told<'_>) -> Markup {
    let (lang, quote) = (told.lang, told.quote);
    html! {
        section.stack aria-labelledby="sources" {
            h2 id="sources" { (say!(lang, SOURCES_TITLE)) }
            ol.sources { @for one in &quote.sources { (source(lang, one)) } }
            @if !quote.rates.is_empty() {
                h3 { (say!(lang, SOURCES_RATES)) }
                ul.plain {
                    @for rate in &quote.rates {
                        li {
                            "1 " (rate.from) " = " span.figure { (why::rate(told, rate.rate)) } " " (rate.to) ", "
                            (lang.said(&rate.publisher)) @if let Some(at) = rate.day { ", " (day(lang, at)) } ", "
                            (lang.word("purpose", &rate.purpose))
                        }
                    }
                }
            }
            @if !quote.editions.is_empty() {
                h3 { (say!(lang, SOURCES_EDITIONS)) }
                ul.plain.small {
                    @for edition in &quote.editions {
                        li { (edition.authority) " " (decimal(lang, tidewaiter::Decimal::from_int(i64::from(edition.number)))) ", " (day(lang, edition.published)) ", SHA-256 " code { (edition.sha256) } }
                    }
                }
            }
        }
    }
}
