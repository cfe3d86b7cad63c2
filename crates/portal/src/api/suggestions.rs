//! Goods codes for items that have none, beside the quote.

use super::fields::{Door, Given, wrong};
use super::reply::{self, Reply};
use super::table::{Field, Kind, said};
use super::{body, work};
use crate::desk::Desk;
use crate::locale::Lang;
use crate::problem::Problem;
use crate::suggest::{self, Said, Suggestions, Unfit};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use schemars::JsonSchema;
use serde::Serialize;
use tidewaiter::{Ask, Consignment, Quote};

/// The language of names and questions.
pub(super) const LANG: Field = Field::new(
    "lang",
    "Language of names and questions; of the text, or English, where absent",
    Kind::Choice(&["en", "fr", "es"]),
);

const ANSWERS: &[Field] = &[
    LANG,
    Field::new(
        "answer",
        "An answer to `goods_code_suggestions.question` of an earlier reply: question and answer by their keys, after the number of the item where \
         it is for one: `made-of:cotton`, `2:made-of:cotton`; an empty answer where it is not known",
        Kind::Answer,
    )
    .many(),
];

/// Suggestions.
pub(super) struct Suggest;

impl Door for Suggest {
    const FIELDS: &'static [&'static [Field]] = &[ANSWERS];
}

type SuggestFields = Given<Suggest>;

/// A quote with goods codes beside it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SuggestedQuote {
    /// The quote, as without suggestions: words do not make a code.
    quote: Quote,
    /// Likely codes, and what each would give; absent where no item needs one.
    #[serde(skip_serializing_if = "Option::is_none")]
    goods_code_suggestions: Option<Suggestions>,
}

/// The language that is asked for.
pub(super) fn language<D: Door>(given: &Given<D>) -> Option<Lang> {
    given.get("lang").and_then(Lang::of_tag)
}

/// Suggest goods codes
///
/// For items with a description and without a code: the codes that are likely, what the parcel costs with each, and the question whose
/// answer tells most. Answer it with `answer=` and ask again. The quote itself does not change: choose a code and ask for the quote with it.
#[utoipa::path(post, path = "/v1/quotes/suggestions", operation_id = "suggestCodes", tag = "quotes", params(SuggestFields),
    request_body(content = ref("#/components/schemas/Consignment"), content_type = "application/json", example = json!({
        "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR",
        "items": [{ "description": "cotton t-shirt", "origin": "CN", "quantity": 2, "price": "12.50" }]
    })),
    responses((status = 200, description = "The quote, and likely codes", body = ref("#/components/schemas/SuggestedQuote"), content_type = "application/json")))]
pub(super) async fn ask(State(desk): State<Desk>, given: SuggestFields, headers: HeaderMap, body: Bytes) -> Reply {
    let asked: Consignment = body::json(&headers, &body)?;
    let answers: Vec<Said> = given.all("answer").filter_map(said).collect();
    let language = language(&given).unwrap_or(Lang::FIRST).finder();
    let (book, today) = (desk.book(), desk.today());
    let suggested = work::beside(move || {
        let ask = Ask { steps: false, today: Some(today) };
        let quote = book.answer(&asked, &ask)?;
        let goods_code_suggestions =
            suggest::suggest(&book, &asked, &quote, &answers, language, &ask).map_err(|error| unfit(&error))?;
        Ok::<_, Problem>(SuggestedQuote { quote, goods_code_suggestions })
    });
    let suggested = suggested.await??;
    reply::count_quote(&desk, "/v1/quotes/suggestions", &suggested.quote);
    Ok(reply::json(&suggested))
}

fn unfit(error: &Unfit) -> Problem {
    Problem::fields(vec![wrong("answer", "", error.to_string())])
}
