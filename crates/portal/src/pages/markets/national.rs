//! The lines of the destination's own tariff under a code, to choose from where its digits are not enough.

use super::Told;
use crate::locale::percent;
use crate::say;
use maud::{Markup, html};
use tidewaiter::goods::GoodsCode;
use tidewaiter::ratebook::MeasureView;
use tidewaiter::record::MeasureKind;

/// Most lines to press. Where there are more, the page of the code has them.
const MOST: usize = 12;

/// Lines with their general duty; or that none is recorded. Nothing where no code was given.
pub(super) fn lines(told: &Told<'_>, item: usize) -> Markup {
    let lang = told.lang;
    let code = told.question.of_item("code", item.saturating_sub(1));
    let code = if code.is_empty() { told.question.of_item("goods", item.saturating_sub(1)) } else { code };
    let Ok(code) = code.trim().parse::<GoodsCode>() else { return html! {} };
    let to = told.quote.to.as_str();
    let all = told.book.tariff(to, code, None).unwrap_or_default();
    let longer = |one: &&MeasureView| {
        let digits = one.code.bytes().filter(u8::is_ascii_digit).count();
        let open = one.origin.is_empty() && one.programs.is_empty() && !one.conditional;
        one.kind == MeasureKind::ThirdCountry
            && open
            && digits > usize::from(code.digit_count())
            && one.holds_on(told.quote.date)
    };
    let mut lines: Vec<&MeasureView> = all.iter().filter(longer).collect();
    lines.dedup_by(|a, b| a.code == b.code);
    let page = told.request.to(&format!("/rates/{to}/{code}"));
    html! {
        @if lines.is_empty() {
            p.small.quiet { (say!(lang, ASK_NATIONAL_NONE, place = told.place())) }
        } @else {
            p.small { (say!(lang, ASK_NATIONAL, place = told.place())) }
            ul.choices {
                @for line in lines.iter().take(MOST) {
                    li {
                        a href={ "?" (told.question.with_item("code", item, &line.code)) } {
                            (line.code) " " span.quiet {
                                @match line.percent {
                                    Some(rate) => (percent(lang, rate)),
                                    None => (lang.foreign(&line.amount)),
                                }
                            }
                        }
                    }
                }
            }
            @if lines.len() > MOST { p.small { a href=(page) { (say!(lang, ASK_NATIONAL_ALL, count = lines.len())) } } }
        }
    }
}
