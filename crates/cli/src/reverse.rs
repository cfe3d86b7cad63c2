//! `tidewaiter quote --landed`: the price of the goods that lands at a given total.

use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::words::Money;
use tidewaiter::Ratebook;
use tidewaiter::quote::reverse::Reverse;

pub(crate) fn show(reverse: &Reverse, ratebook: &Ratebook, json: bool, page: &mut Page) -> Result<Exit, Failure> {
    let exit = if reverse.solutions.is_empty() { Exit::NotAnAmount } else { Exit::Answered };
    if json {
        page.json(reverse)?;
        return Ok(exit);
    }
    let money = Money::of(ratebook, &reverse.currency);
    let wanted = money.text(reverse.wanted);
    match reverse.solutions.as_slice() {
        [] => page.paragraph(&format!("No price of the goods lands at {wanted}."), Tone::Strong)?,
        [one] => page.paragraph(&format!("Goods at {} land at {}.", money.text(one.goods), money.text(one.landed)), Tone::Strong)?,
        many => {
            page.paragraph(&format!("{} prices of the goods land at {wanted}: a limit lies between them.", many.len()), Tone::Strong)?;
        }
    }
    for one in &reverse.solutions {
        page.bullet(&format!("{} Charges: {}.", one.explanation, money.text(one.quote_total)))?;
    }
    if let Some(zone) = &reverse.unreachable {
        page.paragraph(&zone.explanation, Tone::Plain)?;
        page.paragraph(&format!("What to do: aim at {} or less, or {} or more.", money.text(zone.from), money.text(zone.to)), Tone::Plain)?;
    }
    Ok(exit)
}
