//! What changes, and when.

use super::fields::{Door, Given, wrong};
use super::reply::{self, Reply};
use super::suggestions::language;
use super::table::{Field, Kind};
use super::work;
use crate::desk::Desk;
use crate::problem::Problem;
use axum::extract::State;
use jiff::ToSpan as _;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use tidewaiter::ratebook::{ChangeView, FactView, ProposalView};

/// Days before and after today that are told where the asker does not say.
const PAST_DAYS: i32 = 90;
const COMING_DAYS: i32 = 366;
/// Most changes of an answer.
pub(super) const MOST_CHANGES: usize = 5_000;

const WHICH: &[Field] = &[
    Field::new("from", "First day; 90 days ago where absent", Kind::Day).like("2026-01-01"),
    Field::new("before", "First day no longer; 366 days from today where absent", Kind::Day).like("2027-01-01"),
    Field::new("territory", "Only changes there, and of its unions while it is a member", Kind::Territory).like("FR"),
    Field::new(
        "lang",
        "Language of the names of territories, where they are written in it; other texts of the data are English",
        Kind::Choice(&["en", "fr", "es"]),
    ),
];

/// Which changes.
pub(super) struct Which;

impl Door for Which {
    const FIELDS: &'static [&'static [Field]] = &[WHICH];
}

type WhichFields = Given<Which>;

/// What changes, and when.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Changes {
    /// First day.
    #[schemars(with = "String")]
    from: Date,
    /// First day no longer.
    #[schemars(with = "String")]
    before: Date,
    /// Changes, by day, territory and charge.
    changes: Vec<ChangeView>,
    /// Rules that are proposed or announced and have no first day yet.
    proposed: Vec<ProposalView>,
    /// The facts that they rest on.
    sources: Vec<FactView>,
}

/// What changes
///
/// Every dated change of the rules from a day on and before another: rules and rates that begin, change or end, registrations, unions joined
/// and left, and how many tariff measures begin or end; then rules that are proposed and have no day yet. At most 5,000 changes; where there
/// are more, ask for fewer days or for one territory.
#[utoipa::path(get, path = "/v1/changes", operation_id = "listChanges", tag = "data", params(WhichFields),
    responses((status = 200, description = "Changes", body = ref("#/components/schemas/Changes"), content_type = "application/json")))]
pub(super) async fn list(State(desk): State<Desk>, given: WhichFields) -> Reply {
    let today = desk.today();
    let from = given.day("from").unwrap_or_else(|| today.saturating_sub(PAST_DAYS.days()));
    let before = given.day("before").unwrap_or_else(|| today.saturating_add(COMING_DAYS.days()));
    if before <= from {
        return Err(Problem::fields(vec![wrong("before", &before.to_string(), format!("must be after {from}"))]));
    }
    let territory = given.code("territory");
    let lang = language(&given);
    let book = desk.book();
    let changes = work::beside(move || {
        if let Some(code) = territory.as_deref().filter(|code| !book.territories().contains_key(*code)) {
            return Err(Problem::fields(vec![wrong(
                "territory",
                code,
                "is no territory known here; /v1/territories lists them",
            )]));
        }
        let mut changes = book.changes(from, before, territory.as_deref());
        if changes.len() > MOST_CHANGES {
            let message = format!(
                "{} changes are more than {MOST_CHANGES}; ask for fewer days or for one territory",
                changes.len()
            );
            return Err(Problem::fields(vec![wrong("before", &before.to_string(), message)]));
        }
        let mut proposed = book.proposed();
        if let Some(code) = &territory {
            let unions: Vec<&str> = book
                .territories()
                .get(code)
                .map(|view| view.memberships.iter().map(|of| of.code.as_str()).collect())
                .unwrap_or_default();
            proposed.retain(|one| one.territory == *code || unions.contains(&one.territory.as_str()));
        }
        let cited = changes.iter().flat_map(|one| &one.cites).chain(proposed.iter().flat_map(|one| &one.cites));
        let keys: BTreeSet<&str> = cited.map(String::as_str).collect();
        let sources = keys.into_iter().filter_map(|key| book.fact(key)).collect();
        if let Some(lang) = lang {
            changes.iter_mut().for_each(|one| one.territory_name = lang.territory(&one.territory, &one.territory_name));
            proposed
                .iter_mut()
                .for_each(|one| one.territory_name = lang.territory(&one.territory, &one.territory_name));
        }
        Ok(Changes { from, before, changes, proposed, sources })
    });
    let changes = changes.await??;
    reply::count(&desk, "/v1/changes", "");
    Ok(reply::json(&changes))
}
