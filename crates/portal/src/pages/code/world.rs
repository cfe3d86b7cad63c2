//! What each economy charges on goods of one code: the general duty, and the standard rate of VAT or GST.

use super::voice::Voice;
use super::{pointed, strip};
use crate::desk::Book;
use crate::locale::{Lang, day, percent};
use crate::pages::{Request, parts};
use crate::say;
use jiff::civil::Date;
use maud::{Markup, html};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use tidewaiter::Decimal;
use tidewaiter::goods::GoodsCode;
use tidewaiter::ratebook::{EconomySummary, MeasureView};
use tidewaiter::record::world::TerritoryKind;
use tidewaiter::record::{Kind, MeasureKind, Verdict};

/// Digits that all countries share.
const SHARED: usize = 6;
/// Most amounts in words in a cell.
const MOST_AMOUNTS: usize = 2;

/// The general duty of one economy: that on goods of any origin, without a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Duty {
    /// No tariff of these goods is loaded.
    Unknown,
    /// From the least to the most of the lines; percent. Whether these are all lines of the code.
    Percent { least: Decimal, most: Decimal, whole: bool },
    /// Not a percentage: the amounts in English words, each once.
    Words(Vec<String>),
    /// No amount at all.
    Outcome(Verdict),
}

/// The general tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tax {
    /// The rules have one, and no rate of it.
    Unknown,
    /// The rules have none.
    None,
    /// Its standard rate; whether others hold in some regions.
    Rate(Decimal, bool),
}

/// A row.
#[derive(Debug, Clone)]
pub(super) struct Rate {
    /// Territory code.
    pub(super) territory: String,
    pub(super) duty: Duty,
    pub(super) tax: Tax,
}

/// Standard rates by economy, percent.
pub(super) type Standard = BTreeMap<String, Vec<Decimal>>;

/// The rates of every economy on a day.
/// `standard` has the standard rates of the main tax by economy, the first first.
pub(super) fn rates(book: &Book, code: GoodsCode, day: Date, standard: &Standard) -> Vec<Rate> {
    let countries = book.economies(day).into_iter().filter(|one| one.kind != TerritoryKind::Union);
    let rate = |one: EconomySummary| {
        let measures = book.tariff(&one.code, code, None).unwrap_or_default();
        // A line that no tariff has: one that is there in full does not list it.
        let probe = GoodsCode::from_padded(code.span().1, 12);
        let full = probe.is_some_and(|probe| book.listed(&one.code, probe, day) != Some(probe));
        Rate { duty: general(&measures, day, full), tax: tax(book, &one, standard), territory: one.code }
    };
    countries.map(rate).collect()
}

/// The duty on goods of all origins.
fn general(measures: &[MeasureView], day: Date, full: bool) -> Duty {
    let digits = |one: &MeasureView| one.code.bytes().filter(u8::is_ascii_digit).count();
    let open = |one: &&MeasureView| {
        one.kind == MeasureKind::ThirdCountry
            && one.holds_on(day)
            && one.origin.is_empty()
            && one.programs.is_empty()
            && !one.conditional
            && one.additional_code.is_none()
    };
    let mut lines: Vec<&MeasureView> = measures.iter().filter(open).collect();
    // What is said of the code itself goes before what is said of its heading.
    let above = lines.iter().map(|one| digits(one)).filter(|count| *count <= SHARED).max();
    lines.retain(|one| digits(one) > SHARED || Some(digits(one)) == above);
    if let Some(verdict) = lines.iter().find_map(|one| one.outcome) {
        return if verdict == Verdict::Unknown { Duty::Unknown } else { Duty::Outcome(verdict) };
    }
    let percents: Option<Vec<Decimal>> = lines.iter().map(|one| one.percent).collect();
    match percents {
        Some(percents) => match (percents.iter().min(), percents.iter().max()) {
            (Some(&least), Some(&most)) => Duty::Percent { least, most, whole: full || above.is_some() },
            _ => Duty::Unknown,
        },
        None => {
            let mut words: Vec<String> = lines.iter().map(|one| one.amount.clone()).collect();
            words.sort();
            words.dedup();
            Duty::Words(words)
        }
    }
}

fn tax(book: &Book, one: &EconomySummary, standard: &Standard) -> Tax {
    let rates = standard.get(&one.code).map(Vec::as_slice).unwrap_or_default();
    match rates.first() {
        Some(rate) => Tax::Rate(*rate, rates.iter().any(|other| other != rate)),
        None => {
            let general = |kind: Kind| matches!(kind, Kind::Vat | Kind::Gst | Kind::SalesTax);
            let charges = book.economy(&one.code).map(|economy| economy.charges).unwrap_or_default();
            if charges.iter().any(|charge| general(charge.kind)) { Tax::Unknown } else { Tax::None }
        }
    }
}

impl Duty {
    /// Known before unknown, low before high.
    fn order(&self) -> (u8, Decimal, Decimal) {
        match self {
            Self::Percent { least, most, .. } => (0, *most, *least),
            Self::Words(_) => (1, Decimal::ZERO, Decimal::ZERO),
            Self::Outcome(_) => (2, Decimal::ZERO, Decimal::ZERO),
            Self::Unknown => (3, Decimal::ZERO, Decimal::ZERO),
        }
    }
}

/// How the rows are sorted: by duty, the lowest first, or by name.
fn by_name(query: &str) -> bool {
    query.split('&').any(|field| field == "sort=name")
}

/// The section of a page.
pub(super) fn show(request: &Request, book: &Book, voice: &Voice, code: &str, rates: &[Rate]) -> Markup {
    let lang = request.lang;
    let code = pointed(code);
    let mut rows: Vec<(String, &Rate)> =
        rates.iter().map(|rate| (parts::territory(lang, book, &rate.territory), rate)).collect();
    // The names are sorted as in every list of places.
    let order: Vec<String> = parts::destinations(lang, book).into_iter().map(|(code, _)| code).collect();
    rows.sort_by_cached_key(|(_, rate)| order.iter().position(|code| *code == rate.territory).unwrap_or(usize::MAX));
    let named = by_name(&request.query);
    if !named {
        rows.sort_by(|(_, a), (_, b)| a.duty.order().partial_cmp(&b.duty.order()).unwrap_or(Ordering::Equal));
    }
    let unknown = rates.iter().filter(|rate| rate.duty == Duty::Unknown).count();
    let known = rates.len() - unknown;
    let here = format!("{}?sort=", request.to(&format!("/code/{code}")));
    let split = if named { rows.len() } else { known };
    let (first, rest) = rows.split_at(split.min(rows.len()));
    html! {
        section.stack aria-labelledby="world" {
            h2 #world { (say!(lang, CODE_WORLD)) }
            p { (say!(lang, CODE_WORLD_LEDE, code = code.as_str(), day = day(lang, request.desk.today()))) }
            @if known == 0 {
                p.nothing { (say!(lang, CODE_WORLD_NOTHING, all = rates.len())) }
            } @else {
                p { (say!(lang, CODE_WORLD_KNOWN, known = known, all = rates.len())) " " strong { (say!(lang, CODE_WORLD_NOT_ZERO)) } }
                (strip::draw(lang, rates))
            }
            nav.sort.noprint aria-label=(say!(lang, CODE_SORT)) {
                span.quiet { (say!(lang, CODE_SORT)) }
                a href={ (here) "duty#world" } aria-current=[(!named).then_some("true")] { (say!(lang, CODE_COLUMN_DUTY)) }
                a href={ (here) "name#world" } aria-current=[named.then_some("true")] { (say!(lang, CODE_COLUMN_ECONOMY)) }
            }
            @if !first.is_empty() { (table(request, voice, &code, &say!(lang, CODE_WORLD_CAPTION, code = code.as_str()), first)) }
            @if !rest.is_empty() {
                details open[first.is_empty()] {
                    summary { (say!(lang, CODE_WORLD_REST, count = rest.len())) }
                    (table(request, voice, &code, &say!(lang, CODE_WORLD_REST_CAPTION), rest))
                }
            }
        }
    }
}

fn table(request: &Request, voice: &Voice, code: &str, caption: &str, rows: &[(String, &Rate)]) -> Markup {
    let lang = request.lang;
    html! {
        div.scroll tabindex="0" role="group" aria-label=(caption) {
            table.world {
                caption.hidden { (caption) }
                thead {
                    tr {
                        th scope="col" { (say!(lang, CODE_COLUMN_ECONOMY)) }
                        th.n scope="col" { (say!(lang, CODE_COLUMN_GENERAL)) }
                        th.n scope="col" { (say!(lang, CODE_COLUMN_TAX)) }
                    }
                }
                tbody {
                    @for (name, rate) in rows {
                        tr {
                            th scope="row" { a href=(request.to(&format!("/rates/{}/{code}", rate.territory))) { (name) } }
                            td.n data-label=(say!(lang, CODE_COLUMN_GENERAL)) { span { (duty(voice, &rate.duty)) } }
                            td.n data-label=(say!(lang, CODE_COLUMN_TAX)) {
                                @let tax = general_tax(lang, &rate.tax);
                                @if matches!(rate.tax, Tax::Rate(..)) { a href=(request.to(&format!("/rates/{}#rates", rate.territory))) { (tax) } }
                                @else { (tax) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn duty(voice: &Voice, duty: &Duty) -> Markup {
    let lang = voice.lang;
    match duty {
        Duty::Unknown => parts::unknown(lang),
        Duty::Percent { least, most, whole } => html! {
            span.figure {
                @if least == most { (percent(lang, *least)) }
                @else { (say!(lang, NUMBER_RANGE, least = percent(lang, *least), most = percent(lang, *most))) }
            }
            @if !whole { " " span.tag.care { (say!(lang, CODE_WORLD_SOME)) } }
        },
        Duty::Words(words) => html! {
            @for (at, one) in words.iter().take(MOST_AMOUNTS).enumerate() { @if at > 0 { br; } (voice.data(one)) }
            @if words.len() > MOST_AMOUNTS { br; (say!(lang, CODE_WORLD_MORE, count = words.len() - MOST_AMOUNTS)) }
        },
        Duty::Outcome(verdict) => {
            let key = match verdict {
                Verdict::Unknown => "unknown",
                Verdict::NotAllowed => "not-allowed",
                Verdict::FormalEntry => "formal-entry",
                Verdict::Prohibited => "prohibited",
            };
            html! { span.tag.stop { (lang.word("outcome", key)) } }
        }
    }
}

fn general_tax(lang: Lang, tax: &Tax) -> Markup {
    match tax {
        Tax::Unknown => parts::unknown(lang),
        Tax::None => parts::not_applicable(lang),
        Tax::Rate(rate, others) => html! {
            span.figure { (percent(lang, *rate)) }
            @if *others { " " span.quiet { "+" span.hidden { " " (say!(lang, CODE_TAX_OTHERS)) } } }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const DAY: Date = date(2026, 11, 22);

    fn line(code: &str, percent: Option<&str>) -> MeasureView {
        MeasureView {
            authority: "QQ".into(),
            code: code.into(),
            kind: MeasureKind::ThirdCountry,
            amount: "3 XQD per kg".into(),
            percent: percent.map(|percent| percent.parse().unwrap()),
            outcome: None,
            says: None,
            origin: Vec::new(),
            not_origin: Vec::new(),
            programs: Vec::new(),
            conditional: false,
            additional_code: None,
            order_number: None,
            from: None,
            before: None,
            note: None,
            cites: Vec::new(),
        }
    }

    fn percent(least: &str, most: &str, whole: bool) -> Duty {
        Duty::Percent { least: least.parse().unwrap(), most: most.parse().unwrap(), whole }
    }

    #[test]
    fn a_duty_is_that_of_all_lines_in_force() {
        let general = |lines: &[MeasureView]| general(lines, DAY, false);
        assert_eq!(general(&[]), Duty::Unknown, "no tariff is no zero");
        assert_eq!(general(&[line("6109.10", Some("0"))]), percent("0", "0", true));
        assert_eq!(general(&[line("61", Some("8")), line("6109", Some("12"))]), percent("12", "12", true));
        let split = [line("6109.10.10", Some("5")), line("6109.10.90", Some("12"))];
        assert_eq!(general(&split), percent("5", "12", false), "other lines may bear another duty");
        assert_eq!(super::general(&split, DAY, true), percent("5", "12", true));
        assert_eq!(general(&[line("6109.10", None)]), Duty::Words(vec!["3 XQD per kg".into()]));
        let ended = MeasureView { before: Some(date(2026, 1, 1)), ..line("6109.10", Some("5")) };
        let other = MeasureView { origin: vec!["XX".into()], ..line("6109.10", Some("90")) };
        let claimed = MeasureView { kind: MeasureKind::Preference, ..line("6109.10", Some("0")) };
        assert_eq!(general(&[ended, other, claimed]), Duty::Unknown);
        let banned = MeasureView { outcome: Some(Verdict::Prohibited), ..line("6109.10", None) };
        assert_eq!(general(&[banned]), Duty::Outcome(Verdict::Prohibited));
    }

    #[test]
    fn zero_unknown_and_not_applicable_look_different() {
        let voice = Voice::new(tidewaiter_finder::Finder::embedded(), Lang::FIRST);
        let cell = |one: Duty| duty(&voice, &one).into_string().replace('\u{a0}', " ");
        assert_eq!(cell(percent("0", "0", true)), "<span class=\"figure\">0 %</span>");
        assert!(cell(Duty::Unknown).contains("class=\"unknown\""));
        assert!(cell(percent("5", "5", false)).contains("tag care"));
        let tax = |one: Tax| general_tax(Lang::FIRST, &one).into_string().replace('\u{a0}', " ");
        assert!(tax(Tax::None).contains("class=\"none\"") && tax(Tax::Unknown).contains("class=\"unknown\""));
        assert_eq!(tax(Tax::Rate(Decimal::ZERO, false)), "<span class=\"figure\">0 %</span>");
    }
}
