//! `quote` and `explain`: what a parcel costs to land, and how each figure came about.

use super::input::{Asked, Given, Tongue, question, question_schema};
use super::words::{Lines, charge, has_figures, headline, kind, missing, rests_on, source, sum};
use super::{Kind, Told};
use crate::desk::Desk;
use crate::problem::{Problem, Wrong};
use crate::suggest::{Suggestions, suggest};
use rmcp::model::JsonObject;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidewaiter::{Ask, Quote};

/// What is taken besides a consignment.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Besides {
    /// Answers to questions about goods without a code, from `suggestions.question` of an earlier answer.
    #[serde(default)]
    answers: Vec<Given>,
    /// Language of suggested codes and of the question about them; English when absent.
    #[serde(default)]
    language: Option<Tongue>,
}

const BESIDES: [&str; 2] = ["answers", "language"];

/// The answer.
#[derive(Debug, Serialize, JsonSchema)]
struct Answer<'a> {
    /// The whole answer. `outcome` first: amounts are a price only where it is `amount`; `total.most` is absent where no upper
    /// limit is known.
    quote: &'a Quote,
    /// For goods without a code: likely codes, what the parcel would cost with each, and the question that tells most. They are
    /// suggestions from words and change nothing in the quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Value>")]
    suggestions: Option<&'a Suggestions>,
}

const QUOTE: &str = "What a parcel costs to land in another country: customs duty, VAT or sales tax and fees, who collects each, under which law, and how sure that is. \
    Give as many fields as are known: goods code (HS, 6 digits or more), where the goods were made (origin), where they are sent from, who carries them (channel) and the seller's registrations. \
    Leave out what is not known; do not invent it. The answer then is a range or \"unknown\" and lists the missing facts as questions: put them to the user and ask again. \
    Always tell the user the outcome (exact, range, unknown, not allowed, prohibited), what was assumed, the warnings, and the sources with their confidence. Never present a range or \"unknown\" as one price.";

const EXPLAIN: &str = "The same as `quote`, with every step of the calculation in words and figures: values, exchange rates, each rule that was taken or passed over, and rounding. \
    Use it when the user asks why, or doubts a figure. The figures are those of `quote`. Pass on uncertainty in the same way: unknown stays unknown.";

/// `quote`.
pub(super) fn quote() -> Kind {
    let names = ("quote", "mcp quote", "What a parcel costs to land");
    Kind::new::<Answer<'static>>(names, QUOTE, question_schema::<Besides>(&[]), |desk, arguments| {
        run(desk, arguments, false)
    })
}

/// `explain`.
pub(super) fn explain() -> Kind {
    let names = ("explain", "mcp explain", "How a landed cost comes about");
    Kind::new::<Answer<'static>>(names, EXPLAIN, question_schema::<Besides>(&[]), |desk, arguments| {
        run(desk, arguments, true)
    })
}

fn run(desk: &Desk, arguments: JsonObject, steps: bool) -> Result<Told, Problem> {
    let Asked { consignment, rest } = question::<Besides>(arguments, &BESIDES)?;
    let book = desk.book();
    let today = Some(desk.today());
    let quote = book.answer(&consignment, &Ask { steps, today })?;
    let said: Vec<_> = rest.answers.into_iter().map(Into::into).collect();
    let language = rest.language.unwrap_or(Tongue::En).into();
    let unfit = |error: crate::suggest::Unfit| {
        Problem::fields(vec![Wrong { field: "answers".into(), value: String::new(), message: error.said() }])
    };
    let suggestions =
        suggest(&book, &consignment, &quote, &said, language, &Ask { steps: false, today }).map_err(unfit)?;
    let answer = Answer { quote: &quote, suggestions: suggestions.as_ref() };
    Told::new(&answer, text(&quote, suggestions.as_ref()), kind(quote.outcome))
}

fn text(quote: &Quote, suggestions: Option<&Suggestions>) -> String {
    let mut lines = Lines::default();
    let from = quote.from.as_ref().map(|from| format!(" from {from}")).unwrap_or_default();
    lines.add(format!(
        "Goods worth {} {asked} and shipping of {} {asked}, sent{from} to {} ({}), under the law of {}.",
        quote.goods,
        quote.shipping,
        quote.to_name,
        quote.to,
        quote.date,
        asked = quote.asked_currency
    ));
    lines.add(headline(quote));
    if has_figures(quote.outcome) {
        lines.list("Charges:", quote.charges.iter().map(|one| charge(one, quote)));
        let terms = &quote.terms;
        let part = |one: &tidewaiter::quote::document::Sum| sum(one.least_asked, one.most_asked, &quote.asked_currency);
        lines.add(format!(
            "Who collects: the seller at the sale {}; at the border or the carrier {}.",
            part(&terms.seller),
            part(&terms.border)
        ));
    }
    lines.list("Not known; ask the user:", quote.missing.iter().map(missing));
    lines.list("Assumed, because nobody said otherwise:", quote.assumptions.iter().map(ToString::to_string));
    lines.list("Messages of the rules:", quote.messages.iter().cloned());
    lines.list("Warnings:", quote.warnings.iter().map(ToString::to_string));
    lines.list("Disputed:", quote.disputes.iter().map(|one| format!("{} Used: {}", one.question, one.used_says)));
    lines.list(
        "Could be less with a claim:",
        quote.savings.iter().map(|one| {
            let by = one.program.as_deref().unwrap_or("documents");
            format!("item {}: {} by {by} saves {} {}", one.item, one.rule, one.saves, quote.currency)
        }),
    );
    lines.list(
        "Announced:",
        quote.upcoming.iter().map(|one| {
            let from = one.from.map_or_else(|| "on a day not fixed".to_owned(), |day| format!("from {day}"));
            format!("{}, {}: {} {from}", one.charge_name, one.name, one.rule.as_deref().unwrap_or("another rule"))
        }),
    );
    if let Some(suggestions) = suggestions {
        suggested(suggestions, quote, &mut lines);
    }
    lines.list("How it came about:", quote.steps.iter().map(|step| step.text.clone()));
    lines.list(
        "Exchange rates:",
        quote.rates.iter().map(|rate| {
            let day = rate.day.map(|day| format!(", {day}")).unwrap_or_default();
            format!("1 {} = {} {} ({}{day}, for the {})", rate.from, rate.rate, rate.to, rate.publisher, rate.purpose)
        }),
    );
    lines.list("Sources:", quote.sources.iter().map(source));
    lines.add(rests_on(&quote.ratebook, &quote.editions));
    lines.text()
}

/// Likely codes, which are no answer.
fn suggested(all: &Suggestions, quote: &Quote, lines: &mut Lines) {
    for one in &all.items {
        let title = format!(
            "Item {}, \"{}\", has no goods code. Suggestions from its words, none of them the answer:",
            one.item, one.description
        );
        if let Some(advice) = one.advice {
            lines.list(&title, [advice.to_owned()]);
        }
        lines.list(
            &title,
            one.codes.iter().map(|code| {
                let pays = code.paid.filter(crate::paid::Paid::has_figures).map_or_else(
                    || "charges unknown".to_owned(),
                    |paid| {
                        format!("charges {}", sum(paid.total.least_asked, paid.total.most_asked, &quote.asked_currency))
                    },
                );
                format!("{} {} ({} % likely): {pays}", code.code, code.title, code.percent)
            }),
        );
    }
    if let Some(question) = &all.question {
        let of = all.question_item.map(|item| format!(" of item {item}")).unwrap_or_default();
        let title = format!(
            "Ask the user{of}: {} [answers: {{\"question\": \"{}\", \"answer\": …}}]",
            question.asks, question.key
        );
        lines.list(&title, question.answers.iter().map(|(key, words)| format!("{key}: {words}")));
    }
}
