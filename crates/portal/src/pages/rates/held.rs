//! Rate tables with their history.

use super::board::whole_rate;
use super::dates::{self, span};
use super::phrase::Voice;
use super::steps::{self, Step};
use super::{scroll, sources, terms};
use crate::locale::percent;
use crate::pages::parts;
use crate::say;
use jiff::ToSpan;
use maud::{Markup, html};
use tidewaiter::ratebook::RateView;

/// Histories drawn; the others stand in the table alone.
const DRAWN: usize = 3;
/// Ranges of codes named in a row; more are counted.
const CODES: usize = 12;

/// The table of rates, and a chart of each that changed.
pub(super) fn rates(voice: &Voice<'_>) -> Markup {
    let lang = voice.lang;
    let drawn = voice.view.rates.iter().filter(|rate| steps_of(rate).len() > 1).take(DRAWN);
    html! {
        (scroll(&say!(lang, RATES_TABLES), html! {
            table.ledger.held-rates {
                caption.hidden { (say!(lang, RATES_TABLES)) }
                thead {
                    tr {
                        th scope="col" { (say!(lang, RATES_COL_CLASS)) }
                        th.n scope="col" { (say!(lang, RATES_COL_TODAY)) }
                        th scope="col" { (say!(lang, RATES_COL_GOODS)) }
                        th scope="col" { (say!(lang, RATES_COL_HISTORY)) }
                    }
                }
                tbody { @for rate in &voice.view.rates { (row(voice, rate)) } }
            }
        }))
        @for rate in drawn { (chart(voice, rate)) }
    }
}

/// `VAT, standard`.
pub(super) fn name(voice: &Voice<'_>, rate: &RateView) -> String {
    let class = voice.lang.find(&format!("rates-class-{}", rate.class)).unwrap_or_else(|| rate.class.replace('-', " "));
    format!("{}, {class}", terms::table(voice.lang, &rate.table))
}

fn row(voice: &Voice<'_>, rate: &RateView) -> Markup {
    let lang = voice.lang;
    html! {
        tr {
            th scope="row" { (name(voice, rate)) }
            td.n data-label=(say!(lang, RATES_COL_TODAY)) {
                @match rate.on(voice.day) {
                    Some(now) => {
                        @let whole = whole_rate(voice.view, now, voice.day);
                        (percent(lang, whole))
                        @if whole != now { span.small.quiet.part { (say!(lang, RATES_RATE_PART, part = percent(lang, now))) } }
                    }
                    None => (parts::not_applicable(lang)),
                }
            }
            td.long data-label=(say!(lang, RATES_COL_GOODS)) {
                @if !rate.goods.is_empty() { (lang.foreign(&rate.goods)) }
                @if !rate.codes.is_empty() {
                    div.small.quiet {
                        (say!(lang, RATES_CODES, codes = rate.codes.iter().take(CODES).cloned().collect::<Vec<_>>().join(", ")))
                        @if rate.codes.len() > CODES { " " (say!(lang, RATES_AND_MORE, count = rate.codes.len() - CODES)) }
                    }
                }
            }
            td.long data-label=(say!(lang, RATES_COL_HISTORY)) {
                ul.plain.small {
                    @for value in rate.values.iter().rev() {
                        @let held = span(lang, voice.day, value.from, value.before);
                        li {
                            (percent(lang, value.percent))
                            @if !held.is_empty() { " " span.quiet { (held) } }
                            " " span.quiet { (sources::cited(voice, &value.cites)) }
                        }
                    }
                }
            }
        }
    }
}

/// The history as steps: nothing between values, before the first where its day is known, after the last where it ended.
pub(super) fn steps_of(rate: &RateView) -> Vec<Step> {
    let mut values: Vec<_> = rate.values.iter().collect();
    values.sort_by_key(|value| value.from);
    let mut out: Vec<Step> = Vec::new();
    let mut ended: Option<jiff::civil::Date> = None;
    for value in values {
        let from = value.from.unwrap_or(dates::BEGINS.min(value.before.unwrap_or(dates::BEGINS)));
        if let Some(gap) = ended.filter(|ended| *ended < from) {
            out.push(Step { from: gap, percent: None });
        }
        out.push(Step { from, percent: Some(value.percent) });
        ended = value.before;
    }
    out.extend(ended.map(|from| Step { from, percent: None }));
    out
}

fn chart(voice: &Voice<'_>, rate: &RateView) -> Markup {
    let lang = voice.lang;
    let steps = steps_of(rate);
    let last = steps.last().map_or(voice.day, |step| step.from);
    let until = voice.day.max(last).saturating_add(1.year());
    let label = say!(lang, RATES_HISTORY_OF, name = name(voice, rate));
    html! {
        figure.stack {
            figcaption { strong { (label) } }
            (scroll(&label, steps::draw(lang, &label, &steps, until, voice.day)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_history_has_a_step_for_each_value() {
        let germany = tidewaiter_data::ratebook().economy("DE").unwrap();
        let standard = germany.rates.iter().find(|rate| rate.class == "standard").unwrap();
        let steps = steps_of(standard);
        let told: Vec<String> = steps.iter().map(|s| s.percent.map_or("-".into(), |p| p.to_string())).collect();
        assert_eq!(told, ["19", "16", "19"]);
        assert_eq!(steps[1].from, date(2020, 7, 1));
    }
}
