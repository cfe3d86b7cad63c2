//! `what_changed`: dated changes of the rules.

use super::input::{Day, read, wrong};
use super::words::{Lines, confidence, fact};
use super::{Kind, Told, schema_of};
use crate::desk::Desk;
use crate::problem::Problem;
use rmcp::model::JsonObject;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use tidewaiter::ratebook::{ChangeView, FactView};
use tidewaiter::record::Status;

/// Most changes of one answer.
const MOST: usize = 100;

/// What is taken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// First day: `2026-01-01`.
    from: Day,
    /// First day no longer looked at: `2027-01-01`. It may be in the future: announced changes are told too.
    before: Day,
    /// Code of one economy, with its unions; all economies when absent.
    #[serde(default)]
    territory: Option<String>,
}

/// What changed.
#[derive(Debug, Serialize, JsonSchema)]
struct Changed {
    /// First day.
    from: Day,
    /// First day no longer looked at.
    before: Day,
    /// The economy asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    territory: Option<String>,
    /// Changes by day, at most 100.
    changes: Vec<ChangeView>,
    /// How many more there are; ask for fewer days or one economy.
    left_out: usize,
    /// The facts they rest on.
    sources: Vec<FactView>,
    /// Fingerprint of the ratebook that answered.
    ratebook: String,
}

const ABOUT: &str = "What changes in duties, taxes, fees, thresholds and memberships between two days, of all economies or of one with its unions: by day, with what was due before and after, whether it is law or only proposed, and the sources. \
    The days may be in the future. Only what is loaded here is told: no change in the list does not mean that nothing changed. Tell the user whether a change is in force, scheduled or only proposed, and how sure it is.";

/// `what_changed`.
pub(super) fn tool() -> Kind {
    let names = ("what_changed", "mcp what_changed", "Changes of the rules between two days");
    Kind::new::<Changed>(names, ABOUT, schema_of::<Asked>(), run)
}

fn run(desk: &Desk, arguments: JsonObject) -> Result<Told, Problem> {
    let asked: Asked = read(arguments)?;
    if asked.before <= asked.from {
        return Err(wrong("before", &asked.before.to_string(), format!("must be later than `from`, {}", asked.from)));
    }
    let book = desk.book();
    let territory = asked.territory.map(|code| code.trim().to_ascii_uppercase());
    if let Some(code) = &territory
        && book.economy(code).is_none()
    {
        return Err(super::economy::no_such(&book, "territory", code, desk.today()));
    }
    let mut changes = book.changes(asked.from.0, asked.before.0, territory.as_deref());
    let left_out = changes.len().saturating_sub(MOST);
    changes.truncate(MOST);
    let mut keys: Vec<&String> = changes.iter().flat_map(|change| &change.cites).collect();
    keys.sort_unstable();
    keys.dedup();
    let sources = keys.into_iter().filter_map(|key| book.fact(key)).collect();
    let ratebook = book.fingerprint().to_owned();
    let kind = if changes.is_empty() { "nothing" } else { "changes" };
    let changed = Changed { from: asked.from, before: asked.before, territory, changes, left_out, sources, ratebook };
    let text = text(&changed);
    Told::new(&changed, text, kind)
}

fn text(changed: &Changed) -> String {
    let mut lines = Lines::default();
    let of = changed.territory.as_deref().unwrap_or("all economies");
    let span = format!("from {} and before {}", changed.from, changed.before);
    match changed.changes.len() {
        0 => lines.add(format!("No change of {of} {span} is loaded here. That does not mean that nothing changed.")),
        many => lines.list(&format!("{many} changes of {of} {span}:"), changed.changes.iter().map(line)),
    }
    if changed.left_out > 0 {
        lines.add(format!("{} more are left out: ask for fewer days, or for one economy.", changed.left_out));
    }
    lines.list("Sources:", changed.sources.iter().map(fact));
    lines.add(format!("Ratebook {}", changed.ratebook));
    lines.text()
}

fn line(change: &ChangeView) -> String {
    let mut line = format!("{}, {} ({}): ", change.day, change.territory_name, change.territory);
    if let Some(charge) = &change.charge_name {
        let _ = write!(line, "{charge}, ");
    }
    line.push_str(&change.name);
    for (word, part) in [("for", &change.goods), ("when", &change.when)] {
        if let Some(part) = part {
            let _ = write!(line, ", {word} {part}");
        }
    }
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => _ = write!(line, ": {after}, before that {before}"),
        (None, Some(after)) => _ = write!(line, ": begins, {after}"),
        (Some(before), None) => _ = write!(line, ": ends, {before}"),
        (None, None) => {}
    }
    if let Some(measures) = change.measures {
        let _ = write!(line, ": {measures} measures begin or end");
    }
    let status = match change.status {
        Status::InForce => "law",
        Status::Scheduled => "adopted, not yet in force",
        Status::Suspended => "suspended",
        Status::Expired => "expired",
        Status::Proposed => "only proposed",
    };
    let _ = write!(line, "; {status}");
    if let Some(sure) = change.confidence {
        let _ = write!(line, "; confidence {}", confidence(sure));
    }
    if !change.cites.is_empty() {
        let _ = write!(line, " [{}]", change.cites.join(", "));
    }
    line
}
