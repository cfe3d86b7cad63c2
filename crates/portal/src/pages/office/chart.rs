//! Seen at the border and declared, as bars beside each other, for the differences that weigh most. The tables below say the same.

use super::Officer;
use super::parts::period;
use crate::locale::Money;
use crate::say;
use maud::{Markup, html};
use tidewaiter::Decimal;
use tidewaiter_collect::service::Compared;

/// Rows that are drawn.
const MOST: usize = 8;
const WIDTH: i128 = 640;
/// Height of a row: its name, two bars.
const ROW: usize = 62;
/// Room for the amount behind a bar.
const TEXT: i128 = 130;

pub(super) fn chart(officer: &Officer, all: &[&Compared]) -> Markup {
    let lang = officer.request.lang;
    let book = officer.request.desk.book();
    // Bars of one currency alone are as long as each other's amounts.
    let Some(currency) = all.first().map(|one| one.currency.as_str()) else { return html! {} };
    let mut rows: Vec<&&Compared> = all.iter().filter(|one| one.currency == currency).collect();
    rows.sort_by_key(|one| std::cmp::Reverse(one.difference.unwrap_or(one.border).units().abs()));
    rows.truncate(MOST);
    if rows.len() < 2 {
        return html! {};
    }
    let amounts = rows.iter().flat_map(|one| [Some(one.border), one.declared]).flatten();
    let most = amounts.map(|amount| amount.units().abs()).max().unwrap_or_default().max(1);
    let length = |amount: Decimal| ((WIDTH - TEXT).saturating_mul(amount.units().abs()) / most).max(1);
    let money = Money::of(&book, lang, currency);
    let height = rows.len() * ROW;
    let bar = |class: &'static str, y: usize, amount: Option<Decimal>| {
        html! {
            @if let Some(amount) = amount {
                rect class=(class) x="0" y=(y) width=(length(amount)) height="15" rx="2" {}
                text x=(length(amount) + 6) y=(y + 12) { (money.number(amount)) }
            } @else {
                text.quiet x="0" y=(y + 12) { (say!(lang, OFFICE_NOT_CAME)) }
            }
        }
    };
    html! {
        figure.stack {
            figcaption { (say!(lang, OFFICE_CHART, currency = currency)) }
            ul.legend {
                li { span.swatch.p-duties aria-hidden="true" {} (say!(lang, OFFICE_COLUMN_SEEN)) }
                li { span.swatch.p-taxes aria-hidden="true" {} (say!(lang, OFFICE_COLUMN_DECLARED)) }
            }
            svg.chart.pairs-chart viewBox={ "0 0 " (WIDTH) " " (height) } width=(WIDTH) height=(height) role="img" aria-label=(say!(lang, OFFICE_CHART_SAID)) {
                @for (at, one) in rows.iter().enumerate() {
                    @let y = at * ROW;
                    text x="0" y=(y + 14) { (one.number) ", " (period(lang, one.period)) @if let Some(buyer) = &one.buyer { ", " (buyer) } }
                    (bar("p-duties", y + 21, Some(one.border)))
                    (bar("p-taxes", y + 38, one.declared))
                }
            }
        }
    }
}
