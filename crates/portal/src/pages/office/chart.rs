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
/// Length of the longest bar, in units of the drawing.
const LENGTH: i128 = 1000;

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
    let money = Money::of(&book, lang, currency);
    let bar = |class: &'static str, name: String, amount: Option<Decimal>| {
        let length = amount.map(|amount| LENGTH.saturating_mul(amount.units().abs()) / most).unwrap_or_default();
        html! {
            div.pair-bar {
                svg viewBox={ "0 0 " (LENGTH) " 14" } preserveAspectRatio="none" aria-hidden="true" {
                    rect class=(class) x="0" y="0" width=(length.max(i128::from(amount.is_some()) * 3)) height="14" {}
                }
                span.figure {
                    span.hidden { (name) (lang.colon()) }
                    @match amount { Some(amount) => (money.number(amount)), None => span.none { (say!(lang, OFFICE_NOT_DECLARED)) } }
                }
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
            ol.pair-bars {
                @for one in &rows {
                    li {
                        p.small { (one.number) ", " (period(lang, one.period)) @if let Some(buyer) = &one.buyer { ", " (buyer) } }
                        (bar("p-duties", say!(lang, OFFICE_COLUMN_SEEN), Some(one.border)))
                        (bar("p-taxes", say!(lang, OFFICE_COLUMN_DECLARED), one.declared))
                    }
                }
            }
        }
    }
}
