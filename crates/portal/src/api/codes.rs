//! From words to goods codes, and the tree of the Harmonized System.

use super::fields::{Door, Given, wrong};
use super::reply::{self, Reply};
use super::suggestions::{LANG, language};
use super::table::{Field, Kind, said};
use super::work;
use crate::desk::Desk;
use crate::locale::Lang;
use crate::problem::Problem;
use axum::extract::{Path, State};
use tidewaiter_finder::Query;

/// Codes that are told where the asker does not say how many.
const USUAL: usize = 5;

const SEARCH: &[Field] = &[
    Field::new("q", "What the goods are, in English, French or Spanish; the root of the tree where absent", Kind::Text(500)).like("wooden toy train"),
    LANG,
    Field::new(
        "answer",
        "An answer to `question` of an earlier reply, by its keys: `made-of:cotton`; an empty answer where it is not known: `made-of:`",
        Kind::Answer,
    )
    .many(),
    Field::new("most", "Most codes to tell; 5 where absent", Kind::Whole(1, 50)),
];

/// The search.
pub(super) struct Search;

impl Door for Search {
    const FIELDS: &'static [&'static [Field]] = &[SEARCH];
}

/// A place of the tree.
pub(super) struct Place;

impl Door for Place {
    const FIELDS: &'static [&'static [Field]] = &[&[LANG]];
}

type SearchFields = Given<Search>;
type PlaceFields = Given<Place>;

/// Find a goods code
///
/// With `q`: the codes that words may mean, each with how likely it is and why, and the question that tells them apart best; answer it with
/// `answer=` and ask again. Texts that say too little have no codes and an advice. Without `q`: the root of the tree, its sections.
#[utoipa::path(get, path = "/v1/goods-codes", operation_id = "findGoodsCode", tag = "goods codes", params(SearchFields),
    responses((status = 200, description = "With `q` likely codes, without it the root of the tree", body = ref("#/components/schemas/GoodsFound"), content_type = "application/json")))]
pub(super) async fn search(State(desk): State<Desk>, given: SearchFields) -> Reply {
    let lang = language(&given);
    let Some(text) = given.get("q").map(str::to_owned) else {
        if given.get("answer").is_some() || given.get("most").is_some() {
            let message = "is needed where answer or most is given: what the goods are";
            return Err(Problem::fields(vec![wrong("q", "", message)]));
        }
        let root = desk.finder.page("", lang.unwrap_or(Lang::FIRST).finder());
        return root.map(|page| reply::json(&page)).ok_or_else(|| Problem::not_found("The tree has no root."));
    };
    let answers: Vec<_> = given.all("answer").filter_map(said).collect();
    if let Some(one) = answers.iter().find(|one| one.item.is_some()) {
        let message = "has the number of an item, and there are no items here: leave the number out";
        return Err(Problem::fields(vec![wrong("answer", &one.question, message)]));
    }
    let most = given.get("most").and_then(|most| most.parse().ok()).unwrap_or(USUAL);
    let finder = desk.finder;
    let answer = work::beside(move || {
        let query =
            answers.iter().fold(Query::new(&text).most(most), |query, one| query.answer(&one.question, &one.answer));
        finder.ask(&lang.map_or(query.clone(), |lang| query.language(lang.finder())))
    });
    let answer = answer.await?.map_err(|error| Problem::fields(vec![wrong("answer", "", error.to_string())]))?;
    reply::count(&desk, "/v1/goods-codes", if answer.vague.is_some() { "vague" } else { "codes" });
    Ok(reply::json(&answer))
}

/// A place of the tree
///
/// A section (`XI`), or a chapter, heading or subheading of 2, 4 or 6 digits: its title, what is above and below it, names of goods in it,
/// what belongs elsewhere, what must be so for goods to fall here, and legal notes.
#[utoipa::path(get, path = "/v1/goods-codes/{code}", operation_id = "readGoodsCode", tag = "goods codes",
    params(("code" = String, Path, description = "Roman number of a section, or 2, 4 or 6 digits, with or without points", max_length = 40, example = "6109"), PlaceFields),
    responses(
        (status = 200, description = "The place", body = ref("#/components/schemas/GoodsPage"), content_type = "application/json"),
        (status = 404, description = "There is no such place")))]
pub(super) async fn place(State(desk): State<Desk>, Path(code): Path<String>, given: PlaceFields) -> Reply {
    let lang = language(&given).unwrap_or(Lang::FIRST);
    let page = desk.finder.page(&code, lang.finder()).filter(|page| !page.code.is_empty());
    reply::count(&desk, "/v1/goods-codes/{code}", "");
    page.map(|page| reply::json(&page)).ok_or_else(|| {
        Problem::not_found(
            "There is no such section, chapter, heading or subheading in the Harmonized System 2022. /v1/goods-codes lists the sections.",
        )
    })
}
