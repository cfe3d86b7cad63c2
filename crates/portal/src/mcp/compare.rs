//! `compare_destinations`: one basket, several places.

use super::input::{Asked, question_schema, wrong};
use super::words::{Lines, has_figures, headline, kind, missing, rests_on, source, sum};
use super::{Kind, Told};
use crate::desk::Desk;
use crate::problem::Problem;
use rmcp::model::JsonObject;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tidewaiter::quote::document::{ByKind, EditionUsed, Landed, Missing, SourceAnswer, Sum, Terms};
use tidewaiter::quote::said::Said;
use tidewaiter::record::Confidence;
use tidewaiter::{Ask, Decimal, Outcome, Quote};

/// Most destinations of one question.
const MOST: usize = 20;

/// What is taken besides a consignment without its destination.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Besides {
    /// Codes of the places to compare, 1 to 20: `["FR", "GB"]`.
    destinations: Vec<String>,
}

/// The same basket, sent to each place.
#[derive(Debug, Serialize, JsonSchema)]
struct Compared {
    /// Currency of the question, in which the places can be compared.
    asked_currency: String,
    /// One for each destination, in the order of the question.
    destinations: Vec<Place>,
    /// Every fact cited, once.
    sources: Vec<SourceAnswer>,
    /// Editions the answers rest on.
    editions: Vec<EditionUsed>,
    /// Fingerprint of the ratebook that answered.
    ratebook: String,
}

/// What it costs to land in one place.
#[derive(Debug, Serialize, JsonSchema)]
struct Place {
    /// Its code.
    to: String,
    /// Its name.
    to_name: String,
    /// What kind of answer. Sums are a price only where it is `amount`.
    outcome: Outcome,
    /// Currency of the economy.
    currency: String,
    /// Value of the goods, in the currency of the question.
    goods: Decimal,
    /// Transport, insurance and packing, in the currency of the question.
    shipping: Decimal,
    /// All charges; absent where there is no figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<Sum>,
    /// Goods, shipping and charges, in the currency of the question; absent where there is no figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    landed: Option<Landed>,
    /// The charges by kind; absent where there is no figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    by_kind: Option<ByKind>,
    /// Who collects what; absent where there is no figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<Terms>,
    /// Facts that would narrow the answer.
    missing: Vec<Missing>,
    /// What was assumed.
    assumptions: Vec<Said>,
    /// What the rules say to the buyer and the shop.
    messages: Vec<String>,
    /// Cautions.
    warnings: Vec<Said>,
    /// The least sure of the facts used.
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<Confidence>,
    /// Keys of the facts it rests on; see `sources`.
    cites: Vec<String>,
}

impl Place {
    fn of(quote: &Quote) -> Self {
        let figures = has_figures(quote.outcome);
        Self {
            to: quote.to.clone(),
            to_name: quote.to_name.clone(),
            outcome: quote.outcome,
            currency: quote.currency.clone(),
            goods: quote.goods,
            shipping: quote.shipping,
            total: figures.then_some(quote.total),
            landed: figures.then_some(quote.landed),
            by_kind: figures.then_some(quote.by_kind),
            terms: figures.then_some(quote.terms),
            missing: quote.missing.clone(),
            assumptions: quote.assumptions.clone(),
            messages: quote.messages.clone(),
            warnings: quote.warnings.clone(),
            confidence: quote.confidence,
            cites: quote.sources.iter().map(|source| source.key.clone()).collect(),
        }
    }
}

const ABOUT: &str = "What the same basket costs to land in several countries, side by side in one currency. \
    Takes the fields of `quote` without `to`, and `destinations`. An answer of one place may be a range or \"unknown\" while others are exact: \
    say so for each place, do not rank a place whose outcome is not \"amount\" as if it were, and do not leave it out. `quote` tells more of one place.";

/// `compare_destinations`.
pub(super) fn tool() -> Kind {
    let names = ("compare_destinations", "mcp compare_destinations", "One basket to several countries");
    Kind::new::<Compared>(names, ABOUT, question_schema::<Besides>(&["to"]), run)
}

fn run(desk: &Desk, mut arguments: JsonObject) -> Result<Told, Problem> {
    if let Some(to) = arguments.shift_remove("to") {
        return Err(wrong("to", to.as_str().unwrap_or_default(), "belongs into `destinations`, a list"));
    }
    // The library asks for a destination; each stands in its place in turn.
    arguments.insert("to".into(), serde_json::Value::String(String::new()));
    let Asked { mut consignment, rest } = super::input::question::<Besides>(arguments, &["destinations"])?;
    if rest.destinations.is_empty() || rest.destinations.len() > MOST {
        let message = format!("takes 1 to {MOST} codes of places");
        return Err(wrong("destinations", &rest.destinations.len().to_string(), message));
    }
    let book = desk.book();
    let ask = Ask { steps: false, today: Some(desk.today()) };
    let mut quotes: Vec<Quote> = Vec::new();
    for (at, to) in rest.destinations.iter().enumerate() {
        consignment.to = to.trim().to_ascii_uppercase();
        let quote = book.answer(&consignment, &ask).map_err(|error| {
            let mut problem = Problem::from(error);
            for one in problem.errors.iter_mut().filter(|one| one.field == "to") {
                one.field = format!("destinations[{at}]");
            }
            problem
        })?;
        quotes.push(quote);
    }
    let mut sources: Vec<SourceAnswer> = Vec::new();
    let mut editions: Vec<EditionUsed> = Vec::new();
    for quote in &quotes {
        for one in &quote.sources {
            if !sources.iter().any(|known| known.key == one.key) {
                sources.push(one.clone());
            }
        }
        editions.extend(quote.editions.iter().filter(|one| !editions.contains(one)).cloned().collect::<Vec<_>>());
    }
    let text = text(&quotes, &sources, &editions, book.fingerprint());
    // The counts know one kind: that of the least sure place.
    let worst = quotes.iter().map(|quote| quote.outcome).max().unwrap_or(Outcome::Unknown);
    let compared = Compared {
        asked_currency: consignment.currency,
        destinations: quotes.iter().map(Place::of).collect(),
        sources,
        editions,
        ratebook: book.fingerprint().to_owned(),
    };
    Told::new(&compared, text, kind(worst))
}

fn text(quotes: &[Quote], sources: &[SourceAnswer], editions: &[EditionUsed], ratebook: &str) -> String {
    let mut lines = Lines::default();
    for quote in quotes {
        lines.add(format!("{} ({}): {}", quote.to_name, quote.to, headline(quote)));
        if has_figures(quote.outcome) {
            let kinds = &quote.by_kind;
            let part = |one: &Sum| sum(one.least_asked, one.most_asked, &quote.asked_currency);
            lines.add(format!(
                "- Duties {}; taxes {}; fees {}. At the sale by the seller {}; at the border or the carrier {}.",
                part(&kinds.duties),
                part(&kinds.taxes),
                part(&kinds.fees),
                part(&quote.terms.seller),
                part(&quote.terms.border)
            ));
        }
        lines.list("Not known; ask the user:", quote.missing.iter().map(missing));
        lines.list("Messages of the rules:", quote.messages.iter().cloned());
        lines.list("Warnings:", quote.warnings.iter().map(ToString::to_string));
    }
    let assumed: std::collections::BTreeSet<&Said> = quotes.iter().flat_map(|quote| &quote.assumptions).collect();
    lines.list("Assumed, because nobody said otherwise:", assumed.into_iter().map(ToString::to_string));
    lines.list("Sources:", sources.iter().map(source));
    lines.add(rests_on(ratebook, editions));
    lines.text()
}
