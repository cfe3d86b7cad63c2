//! The freshness board: for each authority what it published last and when the next is due; for each territory without one,
//! whose transcript stands in until an authority takes over.

use crate::metadata;
use crate::name::UNOFFICIAL;
use crate::store::{self, edition};
use crate::workflow::approve::Standing;
use crate::workflow::{Refusal, Repository};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tough::schema::Targets;

/// One line of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Name of the authority; absent where none publishes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Its name for people, or whose sources the transcript gives.
    pub name: String,
    /// Territory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// Whether this is no authority's word.
    pub unofficial: bool,
    /// What it publishes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub publishes: Vec<String>,
    /// Number of its newest edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Its SHA-256.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// When that was published; for a transcript, the day of its newest source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// By when the next one is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_due: Option<Date>,
    /// Whether its newest edition is not signed by enough of the keys that speak for it now: readers refuse it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsigned: bool,
    /// Whether it was dismissed: readers use what it published no longer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dismissed: bool,
    /// Days since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue_days: Option<u32>,
}

/// The whole board: authorities by name, then territories without one.
///
/// # Errors
/// [`Refusal::Unavailable`] where the database does not answer.
pub async fn rows(repository: &Repository) -> Result<Vec<Line>, Refusal> {
    let today = today(repository.clock.now());
    let mut tx = repository.db.read().await?;
    let mut lines = Vec::new();
    let mut official = BTreeSet::new();
    for (authority, keys) in store::authority::all(&mut *tx).await? {
        let head = edition::head(&mut *tx, &authority.id).await?;
        let dismissed = keys.keys.is_empty();
        if head.is_some() && !authority.unofficial && !dismissed {
            official.extend(authority.territory.clone());
        }
        let unsigned = match store::role::newest(&mut *tx, &authority.id).await? {
            Some((_, bytes)) if !keys.keys.is_empty() => {
                let role = metadata::from_bytes::<Targets>(&bytes)?;
                (metadata::signed_by(&role, &keys).len() as u64) < keys.threshold
            }
            _ => false,
        };
        let next_due = head.as_ref().filter(|_| !dismissed).and_then(|h| h.manifest.next_due);
        lines.push(Line {
            authority: Some(authority.id),
            name: authority.name,
            territory: authority.territory,
            unofficial: authority.unofficial,
            publishes: authority.publishes,
            number: head.as_ref().map(|h| h.manifest.number),
            edition: head.as_ref().map(|h| h.hash.clone()),
            last: head.as_ref().and_then(|h| h.published_at).map(|at| at.to_string()),
            next_due,
            unsigned,
            dismissed,
            overdue_days: next_due.and_then(|due| overdue(due, today)),
        });
    }
    for file in &repository.base.folder.economies {
        let head = &file.economy.economy;
        if official.contains(&head.territory) {
            continue;
        }
        let mut publishers: BTreeMap<&str, usize> = BTreeMap::new();
        for fact in &file.economy.fact {
            *publishers.entry(fact.source.publisher.as_str()).or_default() += 1;
        }
        let mut names: Vec<(&str, usize)> = publishers.into_iter().collect();
        names.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
        let names: Vec<&str> = names.into_iter().take(3).map(|(name, _)| name).collect();
        lines.push(Line {
            authority: None,
            name: format!("{UNOFFICIAL}, from {}", names.join("; ")),
            territory: Some(head.territory.clone()),
            unofficial: true,
            publishes: Vec::new(),
            number: None,
            edition: None,
            last: Some(head.known_from.to_string()),
            next_due: None,
            unsigned: false,
            dismissed: false,
            overdue_days: None,
        });
    }
    Ok(lines)
}

/// A draft on its way, and what it waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Where it stands.
    #[serde(flatten)]
    pub standing: Standing,
    /// Who sent it.
    pub submitted_by: String,
    /// When.
    pub submitted_at: Timestamp,
    /// For whom or what it waits, in words.
    pub awaits: String,
}

/// All drafts on their way, those that wait longest first.
///
/// # Errors
/// [`Refusal::Unavailable`] where the database does not answer.
pub async fn waiting(repository: &Repository) -> Result<Vec<Waiting>, Refusal> {
    let drafts = {
        let mut tx = repository.db.read().await?;
        edition::on_their_way(&mut *tx, None).await?
    };
    let mut all = Vec::new();
    for draft in drafts {
        let standing = repository.standing(&draft.hash).await?;
        let awaits = awaits(&standing);
        all.push(Waiting { standing, submitted_by: draft.submitted_by, submitted_at: draft.submitted_at, awaits });
    }
    Ok(all)
}

fn awaits(standing: &Standing) -> String {
    let lacking = standing.needed.saturating_sub(standing.signed_by.len() as u64);
    let id = &standing.authority;
    if let Some(why) = standing.held_back.first() {
        return format!("officers of {id} to send it again: {why}");
    }
    match (standing.open_warnings.as_slice(), lacking, standing.not_before) {
        ([], 0, Some(at)) => format!("its hour: {at}"),
        ([], 0, None) => "being published".to_owned(),
        ([], 1, _) => format!("1 signature of an officer of {id}"),
        ([], lacking, _) => format!("{lacking} signatures of officers of {id}"),
        (open, ..) => format!("an approver of {id} to speak for {}", open.join(", ")),
    }
}

fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

fn overdue(due: Date, today: Date) -> Option<u32> {
    let days = today.since(due).ok()?.get_days();
    u32::try_from(days).ok().filter(|days| *days > 0)
}
