//! Goods codes for items that have a description and no code, and what the parcel would cost with each.
//!
//! They stand beside the answer and change nothing in it: words do not make a code.

mod show;

pub(crate) use show::show;

use crate::code::{LIKELY_PERCENT, MOST_LIKELY, answers};
use crate::errors::Failure;
use crate::paid::Paid;
use serde::Serialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use tidewaiter::quote::document::Sum;
use tidewaiter::{Ask, Consignment, Decimal, Quote, Ratebook};
use tidewaiter_finder::{Answer, Asking, Finder, Language, Query, Vague, share};

/// Most items that are looked up.
const MOST_ITEMS: usize = 10;

/// An answer to a question about the goods: of one item, or of all without a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// From 1.
    pub(crate) item: Option<usize>,
    pub(crate) question: String,
    pub(crate) answer: String,
}

/// Likely codes, and what they would give.
#[derive(Debug, Serialize)]
pub(crate) struct Suggestions {
    /// Each item without a code and with a description.
    pub(crate) items: Vec<Suggested>,
    /// All charges over these codes: of the cheapest code of each item together, to the dearest of each together. Absent
    /// where some item has no likely code, or no code gives an amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<Sum>,
    /// The item that the question is about, from 1: that whose codes differ most in what they cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) question_item: Option<usize>,
    /// The question whose answer would tell most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) question: Option<Asking>,
    /// Items without a code that were not looked up, because there are too many.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) left_out: Vec<usize>,
}

/// The likely codes of one item.
#[derive(Debug, Serialize)]
pub(crate) struct Suggested {
    /// From 1.
    pub(crate) item: usize,
    pub(crate) description: String,
    /// Why no code can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) vague: Option<Vague>,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) advice: Option<&'static str>,
    /// How likely it is that one of them is right, in percent.
    pub(crate) together: u8,
    pub(crate) codes: Vec<Suggestion>,
}

/// A likely code.
#[derive(Debug, Serialize)]
pub(crate) struct Suggestion {
    pub(crate) code: String,
    pub(crate) title: String,
    /// How likely it is, in percent.
    pub(crate) percent: u8,
    /// What the whole parcel costs with it; the other items without a code have their likeliest.
    #[serde(flatten)]
    pub(crate) paid: Option<Paid>,
}

/// Suggests codes, where the answer needs one and an item without has a description.
///
/// # Errors
/// An `--answer` that no question has, or of no such item.
pub(crate) fn suggest(
    ratebook: &Ratebook,
    asked: &Consignment,
    quote: &Quote,
    said: &[Said],
) -> Result<Option<Suggestions>, Failure> {
    let needed = quote.missing.iter().any(|missing| missing.fact == "code");
    let described = |item: &tidewaiter::Item| item.code.is_none() && item.description.is_some();
    let mut items: Vec<usize> = (0..asked.items.len()).filter(|&at| needed && described(&asked.items[at])).collect();
    check(said, &items)?;
    if items.is_empty() {
        return Ok(None);
    }
    let left_out = items.split_off(items.len().min(MOST_ITEMS)).into_iter().map(|at| at + 1).collect();
    let search = Search { ratebook, asked, said };
    search.run(&items, left_out).map(Some)
}

fn check(said: &[Said], items: &[usize]) -> Result<(), Failure> {
    if !said.is_empty() && items.is_empty() {
        return Err(Failure::usage("--answer: nothing is asked about a goods code here; leave it out"));
    }
    match said.iter().find(|one| one.item.is_some_and(|item| !items.iter().any(|at| at + 1 == item))) {
        Some(Said { item: Some(item), .. }) => {
            Err(Failure::usage(format!("--answer: nothing is asked about a goods code of item {item}")))
        }
        _ => Ok(()),
    }
}

struct Search<'a> {
    ratebook: &'a Ratebook,
    asked: &'a Consignment,
    said: &'a [Said],
}

impl Search<'_> {
    fn run(&self, items: &[usize], left_out: Vec<usize>) -> Result<Suggestions, Failure> {
        let found: Vec<(usize, Answer)> =
            items.iter().map(|&at| Ok((at, self.find(at, None)?))).collect::<Result<_, Failure>>()?;
        // Each item with the likeliest of its codes.
        let mut base = self.asked.clone();
        for (at, answer) in &found {
            base.items[*at].code = answer.codes.first().map(|first| first.code.clone());
        }
        let suggested = found.iter().map(|(at, answer)| {
            let (likely, together) = answer.likeliest(LIKELY_PERCENT, MOST_LIKELY);
            let codes = likely.iter().map(|one| Suggestion {
                code: one.code.clone(),
                title: one.title.clone(),
                percent: one.percent(),
                paid: self.paid(&base, &[(*at, one.code.as_str())]),
            });
            Suggested {
                item: at + 1,
                description: self.asked.items[*at].description.clone().unwrap_or_default(),
                vague: answer.vague,
                advice: answer.advice,
                together,
                codes: codes.collect(),
            }
        });
        let suggested: Vec<Suggested> = suggested.collect();
        let dearest = suggested
            .iter()
            .filter(|one| one.codes.len() > 1)
            .max_by(|a, b| spread(&a.codes).cmp(&spread(&b.codes)).then(b.item.cmp(&a.item)));
        let question_item = dearest.map(|one| one.item);
        let question = match question_item {
            Some(item) => self.find(item - 1, Some(&base))?.question,
            None => None,
        };
        let whole = left_out.is_empty() && suggested.iter().all(|one| !one.codes.is_empty());
        Ok(Suggestions {
            total: self.total(&base, &suggested).filter(|_| whole),
            question_item: question_item.filter(|_| question.is_some()),
            question,
            items: suggested,
            left_out,
        })
    }

    /// The codes of an item; with the parcel that it is in, the question is the one that says most about what is paid.
    fn find(&self, at: usize, within: Option<&Consignment>) -> Result<Answer, Failure> {
        let text = self.asked.items[at].description.as_deref().unwrap_or_default();
        let known: RefCell<BTreeMap<u32, Option<u32>>> = RefCell::default();
        let worth = |digits: u32| {
            let base = within?;
            let share_of = || self.paid(base, &[(at, &format!("{digits:06}"))])?.ten_thousandths(goods(base)?);
            (*known.borrow_mut().entry(digits).or_insert_with(share_of)).map(share)
        };
        let said = self.said.iter().filter(|one| one.item.is_none_or(|item| item == at + 1));
        let query = said.fold(Query::new(text).most(MOST_LIKELY).language(Language::En), |query, one| {
            query.answer(&one.question, &one.answer)
        });
        let query = if within.is_some() { query.worth(&worth) } else { query };
        Finder::embedded().ask(&query).map_err(|wrong| answers::wrong(&wrong))
    }

    /// What the parcel costs with these codes for these items.
    fn paid(&self, base: &Consignment, codes: &[(usize, &str)]) -> Option<Paid> {
        let mut asked = base.clone();
        for (at, code) in codes {
            asked.items.get_mut(*at)?.code = Some((*code).to_owned());
        }
        let ask = Ask { steps: false, today: Some(crate::source::today()) };
        self.ratebook.answer(&asked, &ask).ok().map(|quote| Paid::of(&quote))
    }

    /// The least and the most: each item's cheapest code together, each one's dearest together, and every parcel that was priced
    /// on the way.
    fn total(&self, base: &Consignment, items: &[Suggested]) -> Option<Sum> {
        let at_end = |last: bool| {
            let codes = items.iter().filter_map(|one| {
                let by_cost = |a: &&Suggestion, b: &&Suggestion| cost(a, last).cmp(&cost(b, last));
                let priced = one.codes.iter().filter(|code| figures(code).is_some());
                let code = if last { priced.max_by(by_cost) } else { priced.min_by(by_cost) };
                code.map(|code| (one.item - 1, code.code.as_str()))
            });
            self.paid(base, &codes.collect::<Vec<_>>()).filter(Paid::has_figures).map(|paid| paid.total)
        };
        let priced = items.iter().flat_map(|one| &one.codes).filter_map(figures);
        priced.chain(at_end(false)).chain(at_end(true)).reduce(hull)
    }
}

/// All charges with a code, where there are figures.
fn figures(code: &Suggestion) -> Option<Sum> {
    code.paid.filter(Paid::has_figures).map(|paid| paid.total)
}

/// What a code costs at least, or at most; without a limit above all.
fn cost(code: &Suggestion, most: bool) -> (bool, Decimal) {
    let Some(sum) = figures(code) else { return (false, Decimal::ZERO) };
    if most { (sum.most.is_none(), sum.most.unwrap_or_default()) } else { (false, sum.least) }
}

/// How far apart the codes of an item are; first whether there is no limit.
fn spread(codes: &[Suggestion]) -> (bool, Decimal) {
    let Some(sum) = codes.iter().filter_map(figures).reduce(hull) else { return (false, Decimal::ZERO) };
    match sum.most {
        Some(most) => (false, most.minus(sum.least).unwrap_or_default()),
        None => (true, Decimal::ZERO),
    }
}

/// From the least of both to the most of both.
fn hull(a: Sum, b: Sum) -> Sum {
    let most = |a: Option<Decimal>, b: Option<Decimal>| a.zip(b).map(|(a, b)| a.max(b));
    Sum {
        least: a.least.min(b.least),
        most: most(a.most, b.most),
        least_asked: a.least_asked.min(b.least_asked),
        most_asked: most(a.most_asked, b.most_asked),
    }
}

/// What all goods are worth at their prices, before discounts: only to compare codes.
fn goods(asked: &Consignment) -> Option<Decimal> {
    let mut sum = Decimal::ZERO;
    for item in &asked.items {
        sum = sum.plus(item.price.times(item.quantity).ok()?).ok()?;
    }
    (sum > Decimal::ZERO).then_some(sum)
}
