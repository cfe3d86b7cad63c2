//! Files to take away, and their terms.

use super::board::board;
use super::{finish, scroll, tabs};
use crate::desk::Desk;
use crate::pages::{Page, Request};
use crate::say;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

/// Where the data came from and under which terms, as `data/README.md` states it. A test holds both against each other.
const LICENCES: [(&str, &str); 7] = [
    (
        "FirmaPanel Trade Country Data, version 0.3.0, by FirmaPanel (https://firmapanel.com), https://doi.org/10.5281/zenodo.22639118",
        "CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/); changed: names shortened, memberships extended",
    ),
    (
        "European Central Bank, euro foreign exchange reference rates",
        "free reuse when the source is named and the figures are unchanged; for information only",
    ),
    (
        "ISO 3166-1, ISO 4217 codes by way of iso-codes",
        "LGPL-2.1-or-later for the package; no licence in the ISO standards themselves is given or needed for single codes",
    ),
    ("Unicode CLDR (by way of FirmaPanel)", "Unicode License v3"),
    (
        "WTO, European Commission, United Nations, UNCTAD, ASEAN, EFTA, EAC, MERCOSUR, GCC, SACU, USTR, New Zealand MFAT",
        "facts (membership and dates), source named on each line",
    ),
    ("HMRC monthly exchange rates (for checking only)", "Open Government Licence v3.0"),
    (
        "Bank of Korea ECOS, Bank of Russia, Banco de la República",
        "single published figures, source named on each line",
    ),
];

pub(super) async fn show(request: Request) -> Page {
    let lang = request.lang;
    let title = say!(lang, RATES_DOWNLOADS);
    let about = say!(lang, RATES_DOWNLOADS_LEDE);
    let files = [
        ("/v1/ratebook", say!(lang, RATES_FILE_RATEBOOK), say!(lang, RATES_FILE_RATEBOOK_ABOUT)),
        ("/v1/economies", say!(lang, RATES_FILE_ECONOMIES), say!(lang, RATES_FILE_ECONOMIES_ABOUT)),
        ("/rates/standard-rates.csv", say!(lang, RATES_FILE_CSV), say!(lang, RATES_FILE_CSV_ABOUT)),
        ("/feeds/changes.atom", say!(lang, RATES_FILE_FEED), say!(lang, RATES_FILE_FEED_ABOUT)),
    ];
    let body = html! {
        div.stack { h1 { (title) } p.lede { (about) } }
        (tabs(&request, "/rates/downloads"))
        div.two {
            @for (address, name, about) in files {
                section.card.stack { h2 { a href=(address) { (name) } } p { (about) } p.quiet.small { code { (address) } } }
            }
        }
        section.stack aria-labelledby="licences" {
            h2 #licences { (say!(lang, RATES_LICENCES)) }
            p { (say!(lang, RATES_LICENCES_ABOUT)) }
            @if lang != crate::locale::Lang::FIRST { p.quiet.small { (say!(lang, RATES_FOREIGN)) } }
            (scroll(&say!(lang, RATES_LICENCES), licences(&request)))
        }
    };
    finish(&request, "/{lang}/rates/downloads", &title, &about, body)
}

fn licences(request: &Request) -> Markup {
    let lang = request.lang;
    html! {
        table.ledger.licences {
            caption.hidden { (say!(lang, RATES_LICENCES)) }
            thead { tr { th scope="col" { (say!(lang, RATES_COL_SOURCES)) } th scope="col" { (say!(lang, RATES_COL_TERMS)) } } }
            tbody {
                @for (source, terms) in &LICENCES {
                    tr { th scope="row" { (lang.foreign(source)) } td.long data-label=(say!(lang, RATES_COL_TERMS)) { (lang.foreign(terms)) } }
                }
            }
        }
    }
}

/// The standard rates of the day as CSV (RFC 4180), one line for each rate; an economy without one has an empty field.
pub(super) async fn standard_rates(State(desk): State<Desk>) -> Response {
    let book = desk.book();
    let board = board(&desk, &book);
    let mut out = String::from(
        "code,name,currency,tax,table,standard_percent,edition,published,facts_high,facts_medium,facts_low\r\n",
    );
    for row in &board.rows {
        let s = &row.summary;
        let edition = row.newest.as_ref().map(|e| e.number.to_string()).unwrap_or_default();
        let published = row.newest.as_ref().and_then(|e| e.known_from).map(|d| d.to_string()).unwrap_or_default();
        let rates: Vec<(String, String)> = match s.standard_rates.as_slice() {
            [] => vec![(String::new(), String::new())],
            rates => rates.iter().map(|r| (r.table.clone(), r.percent.to_string())).collect(),
        };
        for (table, percent) in rates {
            let fields = [
                s.code.clone(),
                s.name.clone(),
                s.currency.clone(),
                s.tax_name.clone().unwrap_or_default(),
                table,
                percent,
                edition.clone(),
                published.clone(),
                s.facts.high.to_string(),
                s.facts.medium.to_string(),
                s.facts.low.to_string(),
            ];
            out.push_str(&fields.map(|field| quoted(&field)).join(","));
            out.push_str("\r\n");
        }
    }
    let kind = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
    let name = HeaderValue::from_static("attachment; filename=\"standard-rates.csv\"");
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], out).into_response()
}

/// A field; in quotes where it holds a comma, a quote or a new line. A sheet must not take it for a formula.
fn quoted(field: &str) -> String {
    let field = if field.starts_with(['=', '+', '-', '@']) { format!("'{field}") } else { field.to_owned() };
    if field.contains([',', '"', '\r', '\n']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_with_commas_are_quoted_and_formulas_are_not_run() {
        assert_eq!(quoted("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("19"), "19");
    }

    #[test]
    fn licences_are_those_of_the_data() {
        let told = include_str!("../../../../../data/README.md");
        for (source, terms) in &LICENCES {
            assert!(told.contains(&format!("| {source} | {terms} |")), "{source}");
        }
        let section = told.split("## Licences and attribution").nth(1).unwrap();
        let rows = section.lines().filter(|line| line.starts_with("| ")).count() - 1;
        assert_eq!(rows, LICENCES.len(), "a row is missing here");
    }
}
