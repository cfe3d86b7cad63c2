//! Differences between the border and the returns: what each may mean, and what to ask. The most telling first.

use super::Officer;
use super::chart::chart;
use super::parts::{count, period, scroll};
use crate::locale::Money;
use crate::pages::parts::{not_applicable, territory};
use crate::say;
use maud::{Markup, html};
use std::cmp::Reverse;
use tidewaiter_collect::service::{Compared, Finding};

/// Most rows of one finding.
const MOST: usize = 200;

/// All findings, by what they are.
pub(super) fn found(officer: &Officer, all: &[Compared]) -> Markup {
    let lang = officer.request.lang;
    let mut kinds: Vec<Finding> = all.iter().map(|one| one.finding).collect();
    kinds.sort();
    kinds.dedup();
    let of = |kind: Finding| {
        let mut rows: Vec<&Compared> = all.iter().filter(|one| one.finding == kind).collect();
        rows.sort_by_key(|one| Reverse(weight(one)));
        rows
    };
    let differ: Vec<&Compared> = kinds.iter().filter(|kind| !is_calm(**kind)).flat_map(|kind| of(*kind)).collect();
    html! {
        section.stack.wide aria-labelledby="differences" {
            h2 #differences { (say!(lang, OFFICE_DIFFERENCES)) }
            @if all.is_empty() { p.nothing { (say!(lang, OFFICE_DIFFERENCES_NOTHING)) } }
            @else if differ.is_empty() { p.note.good { (say!(lang, OFFICE_ALL_AGREE)) } }
            @else { p { (say!(lang, OFFICE_QUESTION)) } (chart(officer, &differ)) }
            @for kind in &kinds {
                @let rows = of(*kind);
                @let head = say!(lang, OFFICE_FINDING, what = lang.word("office-finding", kind.word()), count = count(lang, u64::try_from(rows.len()).unwrap_or(u64::MAX)));
                @if is_calm(*kind) {
                    details { summary { (head) } p { (lang.word("office-means", kind.word())) } (table(officer, &rows)) }
                } @else {
                    section.stack aria-labelledby=(kind.word()) {
                        h3 id=(kind.word()) { (head) }
                        p { strong { (say!(lang, OFFICE_MEANS)) } (lang.colon()) (lang.word("office-means", kind.word())) }
                        p { strong { (say!(lang, OFFICE_TO_ASK)) } (lang.colon()) (lang.word("office-ask", kind.word())) }
                        (table(officer, &rows))
                    }
                }
            }
        }
    }
}

/// Nothing to ask the seller.
fn is_calm(kind: Finding) -> bool {
    matches!(kind, Finding::Agrees | Finding::NotCompared)
}

/// What is at stake in a row: the difference where there is one, else what came.
fn weight(one: &Compared) -> i128 {
    one.difference.map_or_else(|| one.border.units(), |difference| difference.units().abs())
}

fn table(officer: &Officer, all: &[&Compared]) -> Markup {
    let lang = officer.request.lang;
    let book = officer.request.desk.book();
    let columns = [
        say!(lang, OFFICE_COLUMN_NUMBER),
        say!(lang, OFFICE_COLUMN_PERIOD),
        say!(lang, OFFICE_COLUMN_BUYER),
        say!(lang, OFFICE_COLUMN_PARCELS),
        say!(lang, OFFICE_COLUMN_SEEN),
        say!(lang, OFFICE_COLUMN_DECLARED),
        say!(lang, OFFICE_COLUMN_DIFFERENCE),
    ];
    let rows = html! {
        table.ledger {
            thead { tr { @for (at, name) in columns.iter().enumerate() { th.n[at > 2] scope="col" { (name) } } } }
            tbody {
                @for one in all.iter().take(MOST) {
                    @let money = Money::of(&book, lang, &one.currency);
                    tr {
                        th scope="row" {
                            @match &one.name { Some(name) => { (name) " " span.quiet.small { (one.number) } }, None => code { (one.number) } }
                        }
                        td data-label=(columns[1]) { (period(lang, one.period)) }
                        td data-label=(columns[2]) { @match &one.buyer { Some(code) => (territory(lang, &book, code)), None => (not_applicable(lang)) } }
                        td.n data-label=(columns[3]) { (count(lang, one.consignments)) }
                        td.n data-label=(columns[4]) { (money.text(one.border)) }
                        td.n data-label=(columns[5]) { @match one.declared { Some(net) => (money.text(net)), None => (not_applicable(lang)) } }
                        td.n data-label=(columns[6]) { @match one.difference { Some(by) => (money.text(by)), None => (not_applicable(lang)) } }
                    }
                }
            }
        }
    };
    html! {
        (scroll(&say!(lang, OFFICE_DIFFERENCES), rows))
        @if all.len() > MOST { p.note { (say!(lang, OFFICE_MORE_ROWS, shown = MOST, all = all.len())) } }
    }
}
