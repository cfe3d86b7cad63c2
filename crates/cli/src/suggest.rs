//! Likely codes on the page of a quote: the range first, then what each code would give, then the question that narrows it.

use crate::code::answers;
use crate::code::says::{Says, says};
use crate::errors::Failure;
use crate::page::{Page, Tone, short};
use crate::paid::{Told as _, range};
use crate::table::{Align, Table};
use crate::words::{Money, list};
use tidewaiter::{Quote, Ratebook};
use tidewaiter_finder::Language;
use tidewaiter_portal::paid::Paid;
use tidewaiter_portal::suggest::{Suggested, Suggestion, Suggestions, Unfit};

/// Shows what the likely codes would give.
pub(crate) fn show(all: &Suggestions, quote: &Quote, ratebook: &Ratebook, page: &mut Page) -> Result<(), Failure> {
    let money = Money::of(ratebook, &quote.asked_currency);
    let any = all.items.iter().any(|one| !one.codes.is_empty());
    if any {
        page.paragraph(&headline(all, quote, &money), Tone::Strong)?;
    }
    for one in &all.items {
        item(one, &money, page)?;
    }
    if !all.left_out.is_empty() {
        let numbers: Vec<String> = all.left_out.iter().map(ToString::to_string).collect();
        page.bullet(&format!("Items {} were not looked up: give their codes.", list(&numbers)))?;
    }
    if !any {
        return Ok(page.gap()?);
    }
    page.gap()?;
    // What costs the same is not asked about.
    if let Some(asking) = all.question.as_ref().filter(|_| all.total.is_none_or(|total| total.exact().is_none())) {
        if let Some(number) = all.question_item.filter(|_| all.items.len() > 1) {
            page.paragraph(&format!("Of item {number}, whose codes differ most in what they cost:"), Tone::Plain)?;
        }
        answers::show(asking, Language::En, page)?;
    }
    let together = if all.items.len() > 1 {
        "The total beside a code is for the whole parcel, with the likeliest code for the other items without one. "
    } else {
        ""
    };
    let text = format!(
        "{together}Tax is taken at the rate of most goods; food, books, medicines and children's clothes often pay less (class=... in --item). \
         These codes are suggested by the words alone and none of them is the answer. Give the one that fits (code=... in --item): \
         then the quote is for it, with the law behind each figure. `tidewaiter code` tells more of each."
    );
    page.paragraph(&text, Tone::Quiet)?;
    Ok(page.heading("Without a code")?)
}

/// What the buyer pays over all these codes.
fn headline(all: &Suggestions, quote: &Quote, money: &Money) -> String {
    let before = money.text(quote.goods.plus(quote.shipping).unwrap_or(quote.goods));
    let Some(total) = all.total else {
        return format!(
            "What the buyer pays on top of {before} cannot be told: not every item has a likely code with an amount."
        );
    };
    let pays = money.asked(&total);
    let sure = match all.items.as_slice() {
        [one] if one.codes.len() == 1 => format!("{} % likely", one.together),
        [one] => format!("{} % likely together", one.together),
        _ => "the cheapest of each item together to the dearest of each together".to_owned(),
    };
    let several = all.items.iter().any(|one| one.codes.len() > 1);
    match (total.exact(), several) {
        (Some(_), true) => {
            format!(
                "Whichever of these codes it is ({sure}), the buyer pays {pays} on top of {before}, at the usual tax rate."
            )
        }
        _ => {
            let which = match (all.items.as_slice(), several) {
                ([_], false) => "if the goods are of this code",
                ([_], true) => "if the goods are of one of these codes",
                _ => "if all goods are of these codes",
            };
            format!("The buyer pays {pays} on top of {before} {which} ({sure}), at the usual tax rate.")
        }
    }
}

fn item(one: &Suggested, money: &Money, page: &mut Page) -> Result<(), Failure> {
    page.gap()?;
    let name = format!("Item {}, \"{}\"", one.item, short(one.description.trim_matches('"')));
    if let Some(advice) = one.advice {
        return Ok(
            page.paragraph(&format!("{name}: no goods code can be told from these words. {advice}"), Tone::Caution)?
        );
    }
    page.paragraph(&name, Tone::Plain)?;
    let words = says(Language::En);
    let (duty, pays) = (format!("Duty {}", money.code), format!("Buyer pays {}", money.code));
    let columns = [
        ("Code", Align::Left),
        ("Likely", Align::Right),
        ("What it is", Align::Left),
        (duty.as_str(), Align::Right),
        (pays.as_str(), Align::Right),
    ];
    let mut table = Table::new(&columns, 2);
    for code in &one.codes {
        let [duty, pays] = cells(code, money, words);
        table.row(vec![
            crate::code::pointed(&code.code),
            format!("{} %", code.percent),
            code.title.clone(),
            duty,
            pays,
        ]);
    }
    Ok(page.table(&table)?)
}

fn cells(code: &Suggestion, money: &Money, words: &Says) -> [String; 2] {
    let Some(paid) = &code.paid else { return [words.unknown.into(), words.unknown.into()] };
    let duties = paid.duties;
    let duty = range(duties.least_asked, duties.most_asked, words, |amount| money.number(amount));
    [if Paid::has_figures(paid) { duty } else { String::new() }, paid.total_text(money, words)]
}

/// An `--answer` that does not fit, with what to write instead.
pub(crate) fn unfit(error: &Unfit) -> Failure {
    match error {
        Unfit::NoSuch(wrong) => answers::wrong(wrong),
        other => Failure::usage(format!("--answer: {other}")),
    }
}
