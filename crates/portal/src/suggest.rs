//! Goods codes for items that have a description and no code, and what the parcel would cost with each.
//!
//! They stand beside the answer and change nothing in it: words do not make a code.

use crate::paid::Paid;
use crate::problem::message;
use schemars::JsonSchema;
use serde::Serialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use tidewaiter::quote::document::Sum;
use tidewaiter::quote::said::Said as Sentence;
use tidewaiter::{Ask, Consignment, Decimal, Quote, Ratebook};
use tidewaiter_finder::{Answer, Asking, Finder, Language, NoSuchAnswer, Query, Vague, share};

/// Most items that are looked up.
const MOST_ITEMS: usize = 10;
/// The likely codes of a text are the fewest that together are right so often, in percent…
pub const LIKELY_PERCENT: u8 = 90;
/// … and at most so many.
pub const MOST_LIKELY: usize = 8;

/// An answer to a question about the goods: of one item, or of all without a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// From 1.
    pub item: Option<usize>,
    /// Key of the question, as in [`Asking`].
    pub question: String,
    /// Key of the answer.
    pub answer: String,
}

/// An answer that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nothing is asked about a goods code.
    #[error("nothing is asked about a goods code here; leave it out")]
    NotAsked,
    /// Nothing is asked about the code of this item, from 1.
    #[error("nothing is asked about a goods code of item {0}")]
    NotOf(usize),
    /// There is no such question or answer.
    #[error(transparent)]
    NoSuch(#[from] NoSuchAnswer),
}

impl Unfit {
    /// The same as a sentence that pages can say.
    pub(crate) fn said(&self) -> Sentence {
        match self {
            Self::NotAsked => (&message::FORM_NOT_ASKED).into(),
            Self::NotOf(item) => Sentence::of(&message::FORM_NOT_ASKED_OF, [("item", (*item).into())]),
            Self::NoSuch(why) => Sentence::of(&message::FORM_NO_SUCH_ANSWER, [("why", why.to_string().into())]),
        }
    }
}

/// Likely codes, and what they would give.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Suggestions {
    /// Each item without a code and with a description.
    pub items: Vec<Suggested>,
    /// All charges over these codes: of the cheapest code of each item together, to the dearest of each together. Absent
    /// where some item has no likely code, or no code gives an amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Sum>,
    /// The item that the question is about, from 1: that whose codes differ most in what they cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question_item: Option<usize>,
    /// The question whose answer would tell most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<Asking>,
    /// Items without a code that were not looked up, because there are too many.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<usize>,
}

/// The likely codes of one item.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Suggested {
    /// From 1.
    pub item: usize,
    /// What the seller calls it.
    pub description: String,
    /// Why no code can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vague: Option<Vague>,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<&'static str>,
    /// How likely it is that one of them is right, in percent.
    pub together: u8,
    /// The likeliest first.
    pub codes: Vec<Suggestion>,
}

/// A likely code.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Suggestion {
    /// Its six digits.
    pub code: String,
    /// What it is.
    pub title: String,
    /// How likely it is, in percent.
    pub percent: u8,
    /// What the whole parcel costs with it; the other items without a code have their likeliest.
    #[serde(flatten)]
    pub paid: Option<Paid>,
}

/// Suggests codes, where the answer needs one and an item without has a description. Titles and the question are in the language.
///
/// # Errors
/// An answer to a question that is not asked, that no question has, or of no such item.
pub fn suggest(
    ratebook: &Ratebook,
    asked: &Consignment,
    quote: &Quote,
    said: &[Said],
    language: Language,
    ask: &Ask,
) -> Result<Option<Suggestions>, Unfit> {
    let needed = quote.missing.iter().any(|missing| missing.fact == "code");
    let described = |item: &tidewaiter::Item| item.code.is_none() && item.description.is_some();
    let mut items: Vec<usize> = (0..asked.items.len()).filter(|&at| needed && described(&asked.items[at])).collect();
    check(said, &items)?;
    if items.is_empty() {
        return Ok(None);
    }
    let left_out = items.split_off(items.len().min(MOST_ITEMS)).into_iter().map(|at| at + 1).collect();
    let search = Search { ratebook, asked, said, language, ask };
    search.run(&items, left_out).map(Some)
}

fn check(said: &[Said], items: &[usize]) -> Result<(), Unfit> {
    if !said.is_empty() && items.is_empty() {
        return Err(Unfit::NotAsked);
    }
    match said.iter().find(|one| one.item.is_some_and(|item| !items.iter().any(|at| at + 1 == item))) {
        Some(Said { item: Some(item), .. }) => Err(Unfit::NotOf(*item)),
        _ => Ok(()),
    }
}

struct Search<'a> {
    ratebook: &'a Ratebook,
    asked: &'a Consignment,
    said: &'a [Said],
    language: Language,
    ask: &'a Ask,
}

impl Search<'_> {
    fn run(&self, items: &[usize], left_out: Vec<usize>) -> Result<Suggestions, Unfit> {
        let found: Vec<(usize, Answer)> =
            items.iter().map(|&at| Ok((at, self.find(at, None)?))).collect::<Result<_, Unfit>>()?;
        // Each item with the likeliest of its codes.
        let mut base = self.asked.clone();
        for (at, answer) in &found {
            base.items[*at].code = answer.codes.first().map(|first| first.code.clone());
        }
        let suggested = found.iter().map(|(at, answer)| {
            let (likely, _) = answer.likeliest(LIKELY_PERCENT, MOST_LIKELY);
            // The sum of the figures that are shown: another one beside them would look like a mistake.
            let together = likely.iter().map(|one| one.percent()).fold(0, u8::saturating_add).min(100);
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
    fn find(&self, at: usize, within: Option<&Consignment>) -> Result<Answer, Unfit> {
        let text = self.asked.items[at].description.as_deref().unwrap_or_default();
        let known: RefCell<BTreeMap<u32, Option<u32>>> = RefCell::default();
        let worth = |digits: u32| {
            let base = within?;
            let share_of = || self.paid(base, &[(at, &format!("{digits:06}"))])?.ten_thousandths(goods(base)?);
            (*known.borrow_mut().entry(digits).or_insert_with(share_of)).map(share)
        };
        let said = self.said.iter().filter(|one| one.item.is_none_or(|item| item == at + 1));
        let query = said.fold(Query::new(text).most(MOST_LIKELY).language(self.language), |query, one| {
            query.answer(&one.question, &one.answer)
        });
        let query = if within.is_some() { query.worth(&worth) } else { query };
        Finder::embedded().ask(&query).map_err(Unfit::NoSuch)
    }

    /// What the parcel costs with these codes for these items.
    fn paid(&self, base: &Consignment, codes: &[(usize, &str)]) -> Option<Paid> {
        let mut asked = base.clone();
        for (at, code) in codes {
            asked.items.get_mut(*at)?.code = Some((*code).to_owned());
        }
        self.ratebook.answer(&asked, self.ask).ok().map(|quote| Paid::of(&quote))
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
