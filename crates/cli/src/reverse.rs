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
        [one] => {
            let text = format!(
                "Goods at {} land at {}, with charges of {}.",
                money.text(one.goods),
                money.text(one.landed),
                money.text(one.quote_total)
            );
            page.paragraph(&text, Tone::Strong)?;
            if one.landed != reverse.wanted {
                page.paragraph(&one.explanation, Tone::Plain)?;
            }
        }
        many => {
            page.paragraph(
                &format!("{} prices of the goods land at {wanted}: a limit lies between them.", many.len()),
                Tone::Strong,
            )?;
            for one in many {
                page.bullet(&format!("{} Charges: {}.", one.explanation, money.text(one.quote_total)))?;
            }
        }
    }
    if let Some(zone) = &reverse.unreachable {
        page.paragraph(&zone.explanation, Tone::Plain)?;
        page.paragraph(
            &format!("What to do: aim at {} or less, or {} or more.", money.text(zone.from), money.text(zone.to)),
            Tone::Plain,
        )?;
    } else if reverse.solutions.is_empty() {
        page.paragraph("What to do: ask for a quote at a price near it; at some prices a fact may be missing, or shipping alone costs more.", Tone::Plain)?;
    }
    Ok(exit)
}
