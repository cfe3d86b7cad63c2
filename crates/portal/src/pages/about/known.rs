//! What is known and how sure, how an answer is made, what is missing, and how to correct it.

use super::super::layout::{Door, Head, page};
use super::super::parts::{confidence, territory};
use super::super::{Page, Request};
use super::counts::{Counts, Tariff};
use super::licences;
use crate::locale::{Lang, decimal, percent};
use crate::say;
use maud::{Markup, html};
use tidewaiter::Decimal;
use tidewaiter::record::Confidence;

/// The most sure first.
const SURE: [(Confidence, &str); 3] =
    [(Confidence::High, "c-high"), (Confidence::Medium, "c-medium"), (Confidence::Low, "c-low")];
/// How many of the largest tariffs stand open.
const LARGEST: usize = 12;
/// Width of the bar, in its own units.
const WIDTH: usize = 1000;

pub(super) async fn show(request: Request) -> Page {
    let lang = request.lang;
    let book = request.desk.book();
    let counts = Counts::of(&book);
    let title = say!(lang, DOOR_ABOUT);
    let about = say!(lang, ABOUT_LEDE);
    let body = html! {
        div.stack { h1 { (title) } p.lede { (about) } }
        nav.card aria-label=(say!(lang, ABOUT_ON_THIS_PAGE)) {
            ul.plain.two {
                li { a href="#known" { (say!(lang, ABOUT_KNOWN)) } }
                li { a href="#sure" { (say!(lang, ABOUT_SURE)) } }
                li { a href="#tariffs" { (say!(lang, ABOUT_TARIFFS)) } }
                li { a href="#missing" { (say!(lang, ABOUT_MISSING)) } }
                li { a href="#made" { (say!(lang, ABOUT_MADE)) } }
                li { a href="#correct" { (say!(lang, ABOUT_CORRECT)) } }
                li { a href="#licences" { (say!(lang, ABOUT_LICENCES)) } }
                li { a href="#privacy" { (say!(lang, ABOUT_PRIVACY)) } }
            }
        }
        (known(lang, &counts))
        (sure(&request, &counts))
        (tariffs(&request, &counts))
        (missing(&request))
        (made(&request))
        (correct(&request))
        (sources(lang))
        (who(&request))
    };
    page(&request, &Head { door: Door::About, title: &title, about: &about }, body)
}

fn whole(lang: Lang, number: usize) -> String {
    decimal(lang, Decimal::from_int(i64::try_from(number).unwrap_or(i64::MAX)))
}

fn known(lang: Lang, counts: &Counts) -> Markup {
    let figures = [
        (counts.destinations, say!(lang, ABOUT_DESTINATIONS)),
        (counts.unions, say!(lang, ABOUT_UNIONS)),
        (counts.all_facts(), say!(lang, ABOUT_FACTS)),
        (counts.schemes, say!(lang, ABOUT_SCHEMES)),
        (counts.disputes, say!(lang, ABOUT_DISPUTES)),
    ];
    html! {
        section.stack aria-labelledby="known" {
            h2 #known { (say!(lang, ABOUT_KNOWN)) }
            dl.tallies {
                @for (count, what) in &figures { div { dt { (what) } dd.figure { (whole(lang, *count)) } } }
            }
            p { (say!(lang, ABOUT_KNOWN_NOTE)) }
        }
    }
}

/// Parts of a whole in whole percent that come to 100 together: what rounding down leaves goes to the largest remainders.
fn shares<const N: usize>(parts: [usize; N]) -> [usize; N] {
    let all = parts.iter().sum::<usize>().max(1);
    let mut shares = parts.map(|part| part * 100 / all);
    let left = if parts.iter().any(|part| *part > 0) { 100_usize.saturating_sub(shares.iter().sum()) } else { 0 };
    let mut order: Vec<usize> = (0..N).collect();
    order.sort_by_key(|at| std::cmp::Reverse(parts.get(*at).map_or(0, |part| part * 100 % all)));
    for at in order.into_iter().take(left) {
        if let Some(share) = shares.get_mut(at) {
            *share += 1;
        }
    }
    shares
}

fn sure(request: &Request, counts: &Counts) -> Markup {
    let lang = request.lang;
    let all = counts.all_facts().max(1);
    let shares = shares(SURE.map(|(sure, _)| counts.facts_of(sure)));
    let percent = |share: usize| percent(lang, Decimal::from_int(i64::try_from(share).unwrap_or_default()));
    let rows: Vec<(Confidence, &str, usize, String)> = SURE
        .into_iter()
        .zip(shares)
        .map(|((sure, class), share)| (sure, class, counts.facts_of(sure), percent(share)))
        .collect();
    let said = rows
        .iter()
        .map(|(sure, _, _, share)| format!("{}{}{share}", lang.word("confidence", sure_key(*sure)), lang.colon()));
    let said = said.collect::<Vec<_>>().join(", ");
    html! {
        section.stack aria-labelledby="sure" {
            h2 #sure { (say!(lang, ABOUT_SURE)) }
            p { (say!(lang, ABOUT_SURE_ABOUT)) }
            svg.bar viewBox={ "0 0 " (WIDTH) " 40" } width=(WIDTH) height="40" preserveAspectRatio="none" role="img" aria-label=(said) {
                @for (at, (_, class, count, _)) in rows.iter().enumerate() {
                    @let counted: usize = rows.iter().take(at).map(|(_, _, count, _)| count).sum();
                    @let (from, to) = (counted * WIDTH / all, (counted + count) * WIDTH / all);
                    rect class=(class) x=(from) y="0" width=((to - from).saturating_sub(2)) height="40" {}
                }
            }
            div.scroll tabindex="0" role="group" aria-labelledby="sure" {
            table.ledger.sure {
                thead { tr {
                    th scope="col" { (say!(lang, ABOUT_COLUMN_WORD)) }
                    th scope="col" { (say!(lang, ABOUT_COLUMN_MEANS)) }
                    th scope="col" { (say!(lang, ABOUT_COLUMN_API)) }
                    th.n scope="col" { (say!(lang, ABOUT_FACTS)) }
                    th.n scope="col" { (say!(lang, ABOUT_COLUMN_SHARE)) }
                } }
                tbody {
                    @for (sure, class, count, share) in &rows {
                        tr {
                            th scope="row" { span class={ "swatch inline " (class) } {} " " (confidence(lang, *sure)) }
                            td.long data-label=(say!(lang, ABOUT_COLUMN_MEANS)) { (meaning(lang, *sure)) }
                            td data-label=(say!(lang, ABOUT_COLUMN_API)) { code { (sure_key(*sure)) } }
                            td.n data-label=(say!(lang, ABOUT_FACTS)) { (whole(lang, *count)) }
                            td.n data-label=(say!(lang, ABOUT_COLUMN_SHARE)) { (share) }
                        }
                    }
                }
            }
            }
            h3 { (say!(lang, ABOUT_UNVERIFIED)) }
            p { (say!(lang, ABOUT_UNVERIFIED_ABOUT)) }
            p { (say!(lang, ABOUT_LEAST_SURE)) " " a href=(request.to("/rates")) { (say!(lang, ABOUT_EACH_ECONOMY)) } }
        }
    }
}

fn sure_key(sure: Confidence) -> &'static str {
    match sure {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

fn meaning(lang: Lang, sure: Confidence) -> String {
    match sure {
        Confidence::High => say!(lang, ABOUT_HIGH),
        Confidence::Medium => say!(lang, ABOUT_MEDIUM),
        Confidence::Low => say!(lang, ABOUT_LOW),
    }
}

fn tariffs(request: &Request, counts: &Counts) -> Markup {
    let lang = request.lang;
    let book = request.desk.book();
    let row = |tariff: &Tariff| {
        html! {
            tr {
                th scope="row" { a href=(request.to(&format!("/rates/{}", tariff.code))) { (territory(lang, &book, &tariff.code)) } }
                td data-label=(say!(lang, ABOUT_COLUMN_LOADED)) { @if tariff.is_whole() { (say!(lang, ABOUT_WHOLE)) } @else { (say!(lang, ABOUT_SINGLE)) } }
                td.n data-label=(say!(lang, ABOUT_COLUMN_LINES)) { (whole(lang, tariff.lines)) }
                td.n data-label=(say!(lang, ABOUT_COLUMN_OTHERS)) { (whole(lang, tariff.others)) }
            }
        }
    };
    let head = html! {
        tr {
            th scope="col" { (say!(lang, ABOUT_COLUMN_WHOSE)) }
            th scope="col" { (say!(lang, ABOUT_COLUMN_LOADED)) }
            th.n scope="col" { (say!(lang, ABOUT_COLUMN_LINES)) }
            th.n scope="col" { (say!(lang, ABOUT_COLUMN_OTHERS)) }
        }
    };
    let (first, more) = counts.tariffs.split_at(counts.tariffs.len().min(LARGEST));
    html! {
        section.stack aria-labelledby="tariffs" {
            h2 #tariffs { (say!(lang, ABOUT_TARIFFS)) }
            p { (say!(lang, ABOUT_TARIFFS_ABOUT)) }
            div.scroll tabindex="0" role="group" aria-labelledby="tariffs" {
                table.tariffs.ledger {
                    thead { (head) }
                    tbody { @for tariff in first { (row(tariff)) } }
                }
            }
            @if !more.is_empty() {
                details {
                    summary { (say!(lang, ABOUT_TARIFFS_MORE, count = more.len())) }
                    div.scroll tabindex="0" role="group" aria-label=(say!(lang, ABOUT_TARIFFS_MORE, count = more.len())) {
                        table.tariffs.ledger {
                            thead { (head) }
                            tbody { @for tariff in more { (row(tariff)) } }
                        }
                    }
                }
            }
            p.hint { (say!(lang, ABOUT_TARIFFS_ELSEWHERE)) }
        }
    }
}

fn missing(request: &Request) -> Markup {
    let lang = request.lang;
    let all = [
        say!(lang, ABOUT_MISSING_TARIFFS),
        say!(lang, ABOUT_MISSING_DEFENCE),
        say!(lang, ABOUT_MISSING_EXCISE),
        say!(lang, ABOUT_MISSING_CODES),
        say!(lang, ABOUT_MISSING_EXCHANGE),
        say!(lang, ABOUT_MISSING_CARRIERS),
        say!(lang, ABOUT_MISSING_AUTHORITIES),
        say!(lang, ABOUT_MISSING_FILING),
    ];
    html! {
        section.stack aria-labelledby="missing" {
            h2 #missing { (say!(lang, ABOUT_MISSING)) }
            ul { @for one in &all { li { (one) } } }
            p { (say!(lang, ABOUT_MISSING_STALE)) " " a href=(request.to("/rates/freshness")) { (say!(lang, HOUSE_FRESHNESS)) } }
        }
    }
}

fn made(request: &Request) -> Markup {
    let lang = request.lang;
    let steps = [
        (say!(lang, ABOUT_STEP_FACTS), say!(lang, ABOUT_STEP_FACTS_ABOUT)),
        (say!(lang, ABOUT_STEP_RULES), say!(lang, ABOUT_STEP_RULES_ABOUT)),
        (say!(lang, ABOUT_STEP_WORLDS), say!(lang, ABOUT_STEP_WORLDS_ABOUT)),
        (say!(lang, ABOUT_STEP_UNKNOWN), say!(lang, ABOUT_STEP_UNKNOWN_ABOUT)),
        (say!(lang, ABOUT_STEP_DISPUTES), say!(lang, ABOUT_STEP_DISPUTES_ABOUT)),
        (say!(lang, ABOUT_STEP_AGAIN), say!(lang, ABOUT_STEP_AGAIN_ABOUT)),
    ];
    html! {
        section.stack aria-labelledby="made" {
            h2 #made { (say!(lang, ABOUT_MADE)) }
            ol.stack { @for (name, about) in &steps { li { strong { (name) } " " (about) } } }
            p { a href=(request.to("/markets")) { (say!(lang, ABOUT_MADE_TRY)) } }
        }
    }
}

fn correct(request: &Request) -> Markup {
    let lang = request.lang;
    html! {
        section.stack aria-labelledby="correct" {
            h2 #correct { (say!(lang, ABOUT_CORRECT)) }
            p { (say!(lang, ABOUT_CORRECT_ABOUT)) }
            ol {
                li { (say!(lang, ABOUT_CORRECT_FIND)) " " a href=(request.to("/rates")) { (say!(lang, DOOR_RATES)) } }
                li { (say!(lang, ABOUT_CORRECT_EDIT)) " " code { "data/economies/XX.toml" } }
                li { (say!(lang, ABOUT_CORRECT_EXAMPLE)) " " code { "data/examples/XX.toml" } }
                li { (say!(lang, ABOUT_CORRECT_TEST)) " " code { "./test --quick" } }
            }
            // A form that keeps nothing is no help.
            @if request.desk.store().is_some() { p { a href=(request.to("/about/corrections")) { (say!(lang, ABOUT_CORRECT_FORM)) } } }
            @match &request.desk.settings.contact {
                Some(contact) => p { (say!(lang, ABOUT_CONTACT)) " " (address(contact)) },
                None => p.quiet { (say!(lang, ABOUT_NO_CONTACT)) },
            }
            p.hint { (say!(lang, ABOUT_CORRECT_AUTHORITIES)) }
        }
    }
}

/// Where people write: a link where it is one, or an address of post.
fn address(contact: &str) -> Markup {
    let to = if contact.starts_with("https://") || contact.starts_with("mailto:") {
        Some(contact.to_owned())
    } else if contact.contains('@') && !contact.contains(char::is_whitespace) {
        Some(format!("mailto:{contact}"))
    } else {
        None
    };
    let shown = contact.strip_prefix("mailto:").unwrap_or(contact);
    html! { @match to { Some(to) => a href=(to) rel="noreferrer" { (shown) }, None => (shown) } }
}

fn sources(lang: Lang) -> Markup {
    html! {
        section.stack aria-labelledby="licences" {
            h2 #licences { (say!(lang, ABOUT_LICENCES)) }
            p { (say!(lang, ABOUT_METHOD)) }
            p { (say!(lang, ABOUT_LICENCE_OURS)) }
            @if lang != Lang::FIRST { p.quiet { (say!(lang, ABOUT_FOREIGN)) } }
            div.scroll tabindex="0" role="group" aria-labelledby="licences" {
                table.ledger.licences {
                    thead { tr {
                        th scope="col" { (say!(lang, ABOUT_COLUMN_SOURCE)) }
                        th scope="col" { (say!(lang, ABOUT_COLUMN_TERMS)) }
                    } }
                    tbody { @for (source, terms) in licences::all() {
                        tr { th scope="row" { (lang.foreign(source)) } td.long data-label=(say!(lang, ABOUT_COLUMN_TERMS)) { (lang.foreign(terms)) } }
                    } }
                }
            }
            p.hint { (say!(lang, ABOUT_LICENCE_FACTS)) }
        }
    }
}

fn who(request: &Request) -> Markup {
    let lang = request.lang;
    html! {
        section.stack aria-labelledby="who" {
            h2 #who { (say!(lang, ABOUT_WHO)) }
            p { (say!(lang, ABOUT_WHO_ABOUT)) }
        }
        section.stack aria-labelledby="privacy" {
            h2 #privacy { (say!(lang, ABOUT_PRIVACY)) }
            p { (say!(lang, ABOUT_PRIVACY_COUNTED)) " " a href=(request.to("/about/use")) { (say!(lang, HOUSE_USE)) } }
            p { (say!(lang, ABOUT_PRIVACY_NOT)) }
            p { (say!(lang, ABOUT_PRIVACY_PASSING)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn shares_come_to_a_hundred() {
        assert_eq!(shares([16, 58, 26]), [16, 58, 26]);
        assert_eq!(shares([1, 1, 1]), [34, 33, 33]);
        assert_eq!(shares([125, 875, 0]), [13, 87, 0], "not 13 and 88");
        assert_eq!(shares([0, 0, 0]), [0, 0, 0]);
    }
}
