//! The table of what the buyer would pay with each likely code.

use super::asked::Basis;
use super::found::Found;
use super::pointed;
use super::voice::Voice;
use crate::desk::Book;
use crate::locale::{Lang, Money, day, percent};
use crate::pages::{Request, parts};
use crate::paid::Paid;
use crate::say;
use maud::{Markup, html};
use tidewaiter::{Decimal, Outcome, RoundingMode};

/// The table, and what its figures rest on.
pub(super) fn table(request: &Request, book: &Book, voice: &Voice, found: &Found, basis: &Basis) -> Markup {
    let lang = request.lang;
    let money = Money::of(book, lang, &basis.asked.currency);
    let open = found
        .paid
        .values()
        .any(|paid| paid.is_none_or(|paid| matches!(paid.outcome, Outcome::Range | Outcome::Unknown)));
    html! {
        section.stack aria-labelledby="pays" {
            h2 #pays { (say!(lang, CODE_PAYS)) }
            @if let Some((codes, sum)) = &found.same {
                @let codes: Vec<String> = codes.iter().map(|code| pointed(code)).collect();
                p.note.good { (say!(lang, CODE_PAYS_SAME, codes = codes.join(", "), sum = money.text(*sum))) }
            }
            div.scroll tabindex="0" role="group" aria-label=(say!(lang, CODE_PAYS_CAPTION)) {
                table.ledger.pays {
                    caption.hidden { (say!(lang, CODE_PAYS_CAPTION)) }
                    thead {
                        tr {
                            th scope="col" { (say!(lang, CODE_COLUMN_CODE)) }
                            th.n scope="col" { (say!(lang, CODE_COLUMN_DUTY)) }
                            th.n scope="col" { (say!(lang, CODE_COLUMN_PAYS, currency = money.code.as_str())) }
                        }
                    }
                    tbody {
                        @for one in &found.answer.codes {
                            @let paid = found.paid.get(&one.code).copied().flatten();
                            tr {
                                th scope="row" { span.digits { (pointed(&one.code)) } " " span.title { (voice.title(&one.code).unwrap_or_default()) } }
                                td.n data-label=(say!(lang, CODE_COLUMN_DUTY)) { span { (duty(lang, paid, basis.value)) } }
                                td.n data-label=(say!(lang, CODE_COLUMN_PAYS, currency = money.code.as_str())) { span { (total(lang, &money, paid)) (why(request, basis, &one.code)) } }
                            }
                        }
                    }
                }
            }
            p.quiet.small {
                (rests_on(lang, book, basis, &money)) " "
                @if open { (say!(lang, CODE_PAYS_OPEN)) " " }
                (say!(lang, CODE_PAYS_TAX))
            }
        }
    }
}

/// Where the figure and its sources are told.
fn why(request: &Request, basis: &Basis, code: &str) -> Markup {
    let code = pointed(code);
    let mut fields = vec![("goods".to_owned(), code.clone()), ("price".to_owned(), basis.value.to_string())];
    let mut put = |name: &str, value: Option<&str>| {
        fields.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    };
    put("origin", basis.origin());
    put("from", basis.asked.from.as_deref());
    put("to", Some(&basis.asked.to));
    put("currency", Some(&basis.asked.currency));
    put("channel", basis.asked.channel.map(channel));
    put("date", Some(&basis.day.to_string()).filter(|_| basis.day != request.desk.today()).map(String::as_str));
    let address = request.to(&format!("/markets?{}", crate::form::address(&fields)));
    html! { a.why-figure href=(address) { (say!(request.lang, CODE_WHY_FIGURE)) span.hidden { " " (code) } } }
}

fn channel(channel: tidewaiter::record::expression::Channel) -> &'static str {
    use tidewaiter::record::expression::Channel;
    match channel {
        Channel::Post => "post",
        Channel::Express => "express",
        Channel::Freight => "freight",
    }
}

/// What the figures are for.
fn rests_on(lang: Lang, book: &Book, basis: &Basis, money: &Money) -> String {
    let to = parts::territory(lang, book, &basis.asked.to);
    let mut text = say!(lang, CODE_PAYS_BASIS, value = money.text(basis.value), to = to, day = day(lang, basis.day));
    let mut add = |sentence: String| {
        text.push(' ');
        text.push_str(&sentence);
    };
    if basis.example {
        add(say!(lang, CODE_PAYS_EXAMPLE));
    }
    match basis.origin().map(|origin| parts::territory(lang, book, origin)) {
        Some(origin) if basis.sent => add(say!(lang, CODE_PAYS_SENT, origin = origin)),
        Some(origin) => add(say!(lang, CODE_PAYS_MADE, origin = origin)),
        None => add(say!(lang, CODE_PAYS_NO_ORIGIN)),
    }
    text
}

/// The duty in percent of the value.
fn duty(lang: Lang, paid: Option<Paid>, value: Decimal) -> Markup {
    let Some(paid) = paid else { return parts::unknown(lang) };
    if !paid.has_figures() {
        return parts::not_applicable(lang);
    }
    let of = |amount: Decimal| share(amount, value).map(|share| percent(lang, share));
    match (of(paid.duties.least_asked), paid.duties.most_asked.map(of)) {
        (Some(least), Some(Some(most))) if least == most => html! { span.figure { (least) } },
        (Some(least), Some(Some(most))) => {
            html! { span.figure { (say!(lang, NUMBER_RANGE, least = least, most = most)) } }
        }
        (Some(least), None) if !paid.duties.least_asked.is_zero() => {
            html! { span.figure { (say!(lang, NUMBER_AT_LEAST, least = least)) } }
        }
        _ => parts::unknown(lang),
    }
}

/// An amount in percent of a value, to two decimals.
fn share(amount: Decimal, value: Decimal) -> Option<Decimal> {
    amount.scaled(Decimal::HUNDRED, value).ok()?.rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(2)).ok()
}

/// Everything the buyer pays.
fn total(lang: Lang, money: &Money, paid: Option<Paid>) -> Markup {
    let Some(paid) = paid else { return parts::unknown(lang) };
    let outcome = match paid.outcome {
        Outcome::NotAllowed => "not-allowed",
        Outcome::FormalEntry => "formal-entry",
        Outcome::Prohibited => "prohibited",
        _ => return parts::number(money, paid.total.least_asked, paid.total.most_asked),
    };
    html! { span.tag.stop { (lang.word("outcome", outcome)) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidewaiter::quote::document::Sum;

    fn sum(least: &str, most: Option<&str>) -> Sum {
        let (least, most) = (least.parse().unwrap(), most.map(|most| most.parse().unwrap()));
        Sum { least, most, least_asked: least, most_asked: most }
    }

    /// Zero, unknown and not applicable are three things.
    #[test]
    fn zero_is_not_unknown() {
        let text = |outcome, duties| {
            let total = sum("0", None);
            let told = duty(Lang::FIRST, Some(Paid { outcome, duties, total }), "80".parse().unwrap());
            told.into_string().replace('\u{a0}', " ")
        };
        assert_eq!(text(Outcome::Amount, sum("0", Some("0"))), "<span class=\"figure\">0 %</span>");
        assert_eq!(text(Outcome::Amount, sum("9.60", Some("9.60"))), "<span class=\"figure\">12 %</span>");
        assert_eq!(text(Outcome::Range, sum("0", Some("9.60"))), "<span class=\"figure\">0 % to 12 %</span>");
        assert!(text(Outcome::Range, sum("2.40", None)).contains("at least 3 %"));
        assert!(text(Outcome::Unknown, sum("0", None)).contains("class=\"unknown\""));
        assert!(text(Outcome::Prohibited, sum("0", Some("0"))).contains("class=\"none\""));
        assert!(duty(Lang::FIRST, None, Decimal::ONE).into_string().contains("class=\"unknown\""));
    }
}
