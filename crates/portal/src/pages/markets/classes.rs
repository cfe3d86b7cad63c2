//! Tax classes: the lower rates of a destination that goods may be of, for a list to choose from.

use crate::locale::{Lang, percent};
use crate::say;
use jiff::civil::Date;
use tidewaiter::ratebook::EconomyView;

/// The class of most goods.
pub(super) const USUAL: &str = "standard";

/// A class of goods with a rate of its own.
pub(super) struct Class {
    /// As in the question: `reduced`.
    pub(super) key: String,
    /// In words: `reduced, 7 %: most food, books and newspapers`.
    pub(super) words: String,
}

/// The classes of an economy on a day, besides the usual one. Which goods they hold is told as the data tells it.
pub(super) fn classes(lang: Lang, view: &EconomyView, day: Date) -> Vec<Class> {
    let mut all: Vec<Class> = Vec::new();
    for rate in view.rates.iter().filter(|rate| rate.class != USUAL) {
        let Some(held) = rate.on(day).filter(|_| all.iter().all(|class| class.key != rate.class)) else { continue };
        let name = lang.find(&format!("rates-class-{}", rate.class)).unwrap_or_else(|| rate.class.replace('-', " "));
        let words = if rate.goods.is_empty() {
            say!(lang, CLASS_RATE, name = name, rate = percent(lang, held))
        } else {
            let goods = lang.name(&rate.goods).unwrap_or_else(|| rate.goods.clone());
            say!(lang, CLASS_GOODS, name = name, rate = percent(lang, held), goods = goods)
        };
        all.push(Class { key: rate.class.clone(), words });
    }
    all
}
