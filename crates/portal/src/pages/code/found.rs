//! The likely codes of a text, and what the buyer would pay on goods of each.

use super::asked::{Asked, Basis};
use crate::desk::Book;
use crate::locale::Lang;
use crate::paid::Paid;
use crate::suggest::{LIKELY_PERCENT, MOST_LIKELY};
use std::cell::RefCell;
use std::collections::BTreeMap;
use tidewaiter::Decimal;
use tidewaiter_finder::{Answer, Candidate, Finder, Language, Query, Vague, share};

/// Most codes that are shown.
const MOST_SHOWN: usize = 5;
/// Percent that the likely codes must hold together for anything to be said of all of them.
const HELD_PERCENT: u8 = 60;

/// What was found.
pub(super) struct Found {
    /// The answer of the finder, with the codes that are shown.
    pub(super) answer: Answer,
    /// How many percent the shown codes hold together, as they are shown.
    pub(super) held: u8,
    /// What the buyer pays with each shown code; empty where no destination was chosen.
    pub(super) paid: BTreeMap<String, Option<Paid>>,
    /// Likely codes with which the buyer pays the same, and how much; nothing where that differs or is open.
    pub(super) same: Option<(Vec<String>, Decimal)>,
}

/// Looks the words up. With a destination, the question that is asked first is the one that moves what the buyer pays.
pub(super) fn find(book: &Book, finder: &Finder, asked: &Asked, basis: Option<&Basis>, lang: Lang) -> Option<Found> {
    let known: RefCell<BTreeMap<u32, Option<Paid>>> = RefCell::default();
    let paid = |digits: u32| -> Option<Paid> {
        let basis = basis?;
        *known.borrow_mut().entry(digits).or_insert_with(|| pay(book, basis, digits))
    };
    let worth = |digits: u32| paid(digits)?.ten_thousandths(basis?.value).map(share);
    let language: Language = lang.finder();
    let query = Query::new(&asked.text).most(MOST_LIKELY).language(language);
    let query = asked.answers.iter().fold(query, |query, (question, answer)| query.answer(question, answer));
    let query = if basis.is_some() { query.worth(&worth) } else { query };
    // Every answer was checked when the address was read.
    let mut answer = finder.ask(&query).ok()?;
    let of = |code: &str| paid(code.parse().ok()?);
    let (likely, held) = answer.likeliest(LIKELY_PERCENT, MOST_LIKELY);
    let same = if held >= HELD_PERCENT { same(likely, of) } else { None };
    let shown = |(at, one): &(usize, &Candidate)| *at == 0 || one.percent() > 0;
    let most = answer.codes.iter().enumerate().take(MOST_SHOWN).take_while(shown).count();
    answer.codes.truncate(most);
    // The sum of the figures that are shown.
    let held = answer.codes.iter().map(|one| one.percent()).fold(0, u8::saturating_add);
    let codes = answer.codes.iter().filter(|_| basis.is_some());
    let paid = codes.map(|one| (one.code.clone(), of(&one.code))).collect();
    Some(Found { answer, held, paid, same })
}

fn pay(book: &Book, basis: &Basis, digits: u32) -> Option<Paid> {
    let mut asked = basis.asked.clone();
    asked.items.iter_mut().for_each(|item| item.code = Some(format!("{digits:06}")));
    book.answer(&asked, &basis.ask).ok().map(|quote| Paid::of(&quote))
}

/// Several codes, and what the buyer pays whichever of them it is; nothing where that differs or is open.
fn same(codes: &[Candidate], of: impl Fn(&str) -> Option<Paid>) -> Option<(Vec<String>, Decimal)> {
    let [first, others @ ..] = codes else { return None };
    let amount = of(&first.code)?.exact()?;
    let same = |other: &Candidate| of(&other.code).and_then(|paid| paid.exact()) == Some(amount);
    let all = !others.is_empty() && others.iter().all(same);
    all.then(|| (codes.iter().map(|one| one.code.clone()).collect(), amount))
}

impl Found {
    /// The kind of answer, for the counts of use.
    pub(super) fn kind(&self) -> &'static str {
        match self.answer.vague {
            None => "codes",
            Some(Vague::Unknown) => "unknown",
            Some(_) => "too-vague",
        }
    }
}
