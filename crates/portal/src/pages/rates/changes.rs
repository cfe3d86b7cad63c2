//! What changes, and when: what comes first, then what has come; proposals apart.

use super::dates;
use super::phrase::Voice;
use super::{finish, in_english, tabs, terms};
use crate::desk::Book;
use crate::form;
use crate::locale::{Lang, day};
use crate::pages::parts;
use crate::pages::{Page, Request};
use crate::say;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::ratebook::{ChangeKind, ChangeView, EconomyView, ProposalView};
use tidewaiter::record::{Confidence, Status};

/// Most changes of a part on a page; links lead to those before and after.
const MOST: usize = 20;

/// How the library tells answers that are not a number, with their keys.
const VERDICTS: [(&str, &str); 4] = [
    ("the amount is unknown", "unknown"),
    ("not allowed in this regime", "not-allowed"),
    ("a formal customs entry is needed", "formal-entry"),
    ("the goods may not come in", "prohibited"),
];

/// From when to when, and of which territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) from: Date,
    pub(super) before: Date,
    pub(super) territory: Option<String>,
}

impl Range {
    /// Half a year back and three years ahead, unless the fields say otherwise.
    pub(super) fn read(asked: &form::Asked, today: Date) -> Self {
        let code = asked.field("territory").trim().to_ascii_uppercase();
        Self {
            from: dates::read(asked.field("from")).unwrap_or_else(|| today.saturating_sub(6.months())),
            before: dates::read(asked.field("before")).unwrap_or_else(|| today.saturating_add(3.years())),
            territory: Some(code).filter(|code| !code.is_empty()),
        }
    }
}

pub(super) async fn show(request: Request) -> Page {
    let lang = request.lang;
    let book = request.desk.book();
    let today = request.desk.today();
    let asked = form::read(&request.query, Some(lang));
    let range = Range::read(&asked, today);
    let known = range.territory.as_ref().is_none_or(|code| book.territories().contains_key(code));
    let all = if known { book.changes(range.from, range.before, range.territory.as_deref()) } else { Vec::new() };
    let is_proposal = |change: &ChangeView| change.status == Status::Proposed;
    let (proposed, law): (Vec<&ChangeView>, Vec<&ChangeView>) = all.iter().partition(|change| is_proposal(change));
    let (mut past, coming): (Vec<&ChangeView>, Vec<&ChangeView>) = law.into_iter().partition(|c| c.day <= today);
    past.reverse();
    let undated: Vec<ProposalView> = book
        .proposed()
        .into_iter()
        .filter(|p| range.territory.as_ref().is_none_or(|code| is_of(&book, code, &p.territory)))
        .collect();
    let teller = Teller::new(lang, &book, &all);
    let title = say!(lang, RATES_CHANGES);
    let about = say!(lang, RATES_CHANGES_LEDE);
    let body = html! {
        div.stack {
            h1 { (title) }
            p.lede { (about) }
            (in_english(&request))
        }
        (tabs(&request, "/rates/changes"))
        (ask(&request, &range))
        @if !known { p.note.care { (say!(lang, RATES_CHANGES_UNKNOWN)) } }
        section.stack aria-labelledby="coming" {
            h2 #coming { (say!(lang, RATES_COMING)) }
            (days(&request, &teller, &coming, "coming"))
        }
        section.stack aria-labelledby="past" {
            h2 #past { (say!(lang, RATES_PAST)) }
            (days(&request, &teller, &past, "past"))
        }
        section.stack aria-labelledby="proposed" {
            h2 #proposed { (say!(lang, RATES_PROPOSED)) }
            p.quiet { (say!(lang, RATES_PROPOSED_ABOUT)) }
            @if !proposed.is_empty() { (days(&request, &teller, &proposed, "proposed")) }
            @if undated.is_empty() && proposed.is_empty() { p.nothing { (say!(lang, RATES_CHANGES_NONE)) } }
            @if !undated.is_empty() { ul.plain.changes { @for one in &undated { li { (proposal(&request, one)) } } } }
        }
        (feeds(&request, &range))
    };
    finish(&request, "/{lang}/rates/changes", &title, &about, body)
}

/// Whether a rule of one territory counts in another: its own, or its union's.
fn is_of(book: &Book, code: &str, other: &str) -> bool {
    code == other || book.territories().get(code).is_some_and(|t| t.memberships.iter().any(|m| m.code == other))
}

fn ask(request: &Request, range: &Range) -> Markup {
    let lang = request.lang;
    let book = request.desk.book();
    let mut all = parts::destinations(lang, &book);
    let unions = book.territories().values().filter(|t| t.has_rules && !all.iter().any(|(code, _)| *code == t.code));
    let unions: Vec<_> = unions.map(|t| (t.code.clone(), parts::territory(lang, &book, &t.code))).collect();
    all.extend(unions);
    html! {
        form.card action=(request.to("/rates/changes")) method="get" {
            div.fields {
                div.field.w4 {
                    label for="territory" { (say!(lang, RATES_COL_ECONOMY)) }
                    (parts::select("territory", "territory", range.territory.as_deref().unwrap_or_default(), Some(&say!(lang, RATES_ALL_ECONOMIES)), &all))
                }
                div.field.w3 { label for="from" { (say!(lang, RATES_FROM)) } input #from type="date" name="from" value=(range.from); }
                div.field.w3 { label for="before" { (say!(lang, RATES_BEFORE)) } input #before type="date" name="before" value=(range.before); }
                div.field.w2 { button { (say!(lang, RATES_SHOW)) } }
            }
        }
    }
}

fn feeds(request: &Request, range: &Range) -> Markup {
    let lang = request.lang;
    let territory = range.territory.as_deref().map(|code| format!("&territory={code}")).unwrap_or_default();
    let query = format!("lang={}{territory}", lang.tag());
    html! {
        p.note {
            (say!(lang, RATES_FEEDS)) " "
            a href={ "/feeds/changes.atom?" (query) } type="application/atom+xml" { "Atom" } ", "
            a href={ "/feeds/changes.json?" (query) } type="application/feed+json" { "JSON Feed" } "."
        }
    }
}

/// Changes by day, at most [`MOST`] of them, from the place that the address names for this part of the page.
fn days(request: &Request, teller: &Teller<'_>, all: &[&ChangeView], part: &'static str) -> Markup {
    let lang = request.lang;
    let asked = form::read(&request.query, Some(lang));
    let skip = asked.field(&format!("{part}-after")).parse::<usize>().unwrap_or_default().min(all.len());
    let rest = all.get(skip..).unwrap_or_default();
    let shown = rest.get(..MOST).unwrap_or(rest);
    let to = |skip: usize| {
        let name = format!("{part}-after");
        let mut fields: form::Fields = asked.fields.iter().filter(|(field, _)| *field != name).cloned().collect();
        fields.push((name, skip.to_string()));
        format!("{}?{}#{part}", request.to("/rates/changes"), form::address(&fields))
    };
    html! {
        @if all.is_empty() { p.nothing { (say!(lang, RATES_CHANGES_NONE)) } }
        @for of_day in shown.chunk_by(|a, b| a.day == b.day) {
            @if let Some(first) = of_day.first() {
                h3 { time datetime=(first.day) { (day(lang, first.day)) } }
            }
            ul.plain.changes { @for change in of_day { li { (one(request, teller, change)) } } }
        }
        @if all.len() > MOST {
            p.row {
                (say!(lang, RATES_CHANGES_MORE, first = (skip + 1).min(all.len()), last = skip + shown.len(), count = all.len()))
                @if skip > 0 { " " a.button.second href=(to(skip.saturating_sub(MOST))) { (say!(lang, RATES_CHANGES_BACK)) } }
                @if skip + shown.len() < all.len() { " " a.button.second href=(to(skip + shown.len())) { (say!(lang, RATES_CHANGES_ON)) } }
            }
        }
    }
}

fn one(request: &Request, teller: &Teller<'_>, change: &ChangeView) -> Markup {
    let lang = request.lang;
    let told = teller.tell(change);
    html! {
        a href=(request.to(&format!("/rates/{}{}", change.territory, anchor(change)))) { (told.place) } (lang.colon())
        (told.what)
        @if let Some(due) = &told.due { (lang.colon()) span.figure { (due) } }
        (terms::status_tag(lang, change.status))
        @if change.confidence == Some(Confidence::Low) { " " (parts::confidence(lang, Confidence::Low)) }
        @if let Some(when) = told.when { p.small.when { (say!(lang, RATES_WHEN, when = when)) } }
        @if let Some(goods) = &change.goods { p.small.quiet { (lang.foreign(goods)) } }
    }
}

/// A change in words.
pub(super) struct Told {
    /// The economy.
    pub(super) place: String,
    /// What happens to what.
    pub(super) what: String,
    /// What is due before and after.
    pub(super) due: Option<String>,
    /// In which case.
    pub(super) when: Option<String>,
}

/// Tells changes. The questions and charges that conditions name are those of the economies' own views, read once each.
pub(super) struct Teller<'a> {
    lang: Lang,
    book: &'a Book,
    views: BTreeMap<String, EconomyView>,
}

impl<'a> Teller<'a> {
    /// For some changes.
    pub(super) fn new<'c>(lang: Lang, book: &'a Book, all: impl IntoIterator<Item = &'c ChangeView>) -> Self {
        let codes: BTreeSet<&str> = all.into_iter().map(|change| change.territory.as_str()).collect();
        let views = codes.into_iter().filter_map(|code| Some((code.to_owned(), book.economy(code)?))).collect();
        Self { lang, book, views }
    }

    /// A change in words.
    pub(super) fn tell(&self, change: &ChangeView) -> Told {
        words(self.lang, self.book, self.views.get(&change.territory), change)
    }
}

/// A change in words; conditions and amounts as the data writes them where the economy has no rules.
fn words(lang: Lang, book: &Book, view: Option<&EconomyView>, change: &ChangeView) -> Told {
    let place = parts::territory(lang, book, &change.territory);
    let name = match change.kind {
        ChangeKind::MembershipBegins | ChangeKind::MembershipEnds => parts::territory(lang, book, &change.name),
        ChangeKind::RateBegins | ChangeKind::RateChanges | ChangeKind::RateEnds => rate_name(lang, &change.name),
        ChangeKind::Measures => String::new(),
        _ => {
            let name = named(lang, &change.name);
            change.charge_name.as_ref().map_or(name.clone(), |charge| format!("{}, {name}", named(lang, charge)))
        }
    };
    let what = match change.kind {
        ChangeKind::Measures => say!(lang, RATES_CHANGE_MEASURES, count = change.measures.unwrap_or_default()),
        kind => {
            let key = match kind {
                ChangeKind::RungBegins
                | ChangeKind::RateBegins
                | ChangeKind::WaiverBegins
                | ChangeKind::SchemeBegins => "begins",
                ChangeKind::RungEnds | ChangeKind::RateEnds | ChangeKind::WaiverEnds | ChangeKind::SchemeEnds => "ends",
                ChangeKind::MembershipBegins => "joins",
                ChangeKind::MembershipEnds => "leaves",
                _ => "changes",
            };
            format!("{} {}", lang.word("rates-change", key), name)
        }
    };
    let voice = view.map(|view| Voice { lang, book, view, day: change.day });
    let is_membership = matches!(change.kind, ChangeKind::MembershipBegins | ChangeKind::MembershipEnds);
    let amount = |text: &String| match VERDICTS.iter().find(|(words, _)| words == text) {
        Some((_, key)) => lang.word("outcome", key),
        None => voice.as_ref().map_or_else(|| text.clone(), |voice| voice.amount(text)),
    };
    let due = match (&change.before, &change.after) {
        _ if is_membership => None,
        (Some(before), Some(after)) => {
            Some(say!(lang, RATES_CHANGE_FROM_TO, before = amount(before), after = amount(after)))
        }
        (Some(before), None) => Some(amount(before)),
        (None, Some(after)) => Some(amount(after)),
        (None, None) => None,
    };
    Told {
        place,
        what,
        due,
        when: change.when.as_ref().map(|when| voice.as_ref().map_or_else(|| when.clone(), |voice| voice.when(when))),
    }
}

/// `vat reduced` as `VAT, reduced`.
fn rate_name(lang: Lang, name: &str) -> String {
    let (table, class) = name.split_once(' ').unwrap_or((name, ""));
    let class = lang.find(&format!("rates-class-{class}")).unwrap_or_else(|| class.replace('-', " "));
    format!("{}, {class}", terms::table(lang, table))
}

/// A name of the data in the language of the page, where it is written; a name of its own stands between quotation marks.
fn named(lang: Lang, english: &str) -> String {
    lang.name(english).unwrap_or_else(|| lang.quoted(english))
}

/// The amount of a proposal in words.
fn told_amount(request: &Request, one: &ProposalView, amount: &str) -> String {
    let book = request.desk.book();
    let view = book.economy(&one.territory);
    let voice = view.as_ref().map(|view| Voice { lang: request.lang, book: &book, view, day: request.desk.today() });
    voice.map_or_else(|| amount.to_owned(), |voice| voice.amount(amount))
}

/// Where on the economy's page the change is told.
pub(super) fn anchor(change: &ChangeView) -> String {
    match (&change.charge, change.kind) {
        (Some(charge), _) => format!("#{}", super::ladder::anchor(charge)),
        (None, ChangeKind::RateBegins | ChangeKind::RateChanges | ChangeKind::RateEnds) => "#rates".into(),
        _ => String::new(),
    }
}

fn proposal(request: &Request, one: &ProposalView) -> Markup {
    let lang = request.lang;
    let book = request.desk.book();
    html! {
        a href=(request.to(&format!("/rates/{}#{}", one.territory, super::ladder::anchor(&one.charge)))) {
            (parts::territory(lang, &book, &one.territory))
        }
        (lang.colon()) (lang.foreign(&one.charge_name)) ", " (lang.foreign(&one.name))
        @if let Some(amount) = &one.amount { (lang.colon()) span.figure { (told_amount(request, one, amount)) } }
        (terms::status_tag(lang, one.status)) " " span.quiet.small { (say!(lang, RATES_NO_DAY)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidewaiter::record::grammar;

    #[test]
    fn what_is_due_before_and_after_can_be_told_in_every_language() {
        let book = tidewaiter_data::ratebook();
        let all = book.changes(jiff::civil::date(2000, 1, 1), jiff::civil::date(2040, 1, 1), None);
        let rungs = all
            .iter()
            .filter(|c| matches!(c.kind, ChangeKind::RungBegins | ChangeKind::RungChanges | ChangeKind::RungEnds));
        for text in rungs.flat_map(|change| [&change.before, &change.after]).flatten() {
            let is_known = VERDICTS.iter().any(|(words, _)| words == text) || grammar::amount(text).is_ok();
            assert!(is_known, "{text}");
        }
    }
}
