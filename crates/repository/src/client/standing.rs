//! The three answers about what an authority publishes: fresh, authentic but stale, refused.

use super::state::{Held, Kept, State};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// What can be said of an authority's newest edition at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Standing {
    /// Authentic, and known to be the newest.
    Fresh,
    /// Authentic, but perhaps no longer the newest. It may be used, and a quote says so.
    Stale {
        /// Since when that is not known.
        since: Timestamp,
        /// Why, for people.
        why: String,
    },
    /// What is published now is not authentic, or there is nothing that could be used.
    Refused {
        /// Why, for people.
        why: String,
        /// The last good edition, which is still used.
        using: Option<Using>,
    },
    /// The repository no longer admits it: what it published is used no longer.
    Dismissed {
        /// Since when, as this copy saw it.
        since: Timestamp,
    },
    /// It was admitted, and has published nothing yet.
    Nothing,
}

/// An edition in use although a later one was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Using {
    /// Its number.
    pub number: u64,
    /// Its SHA-256.
    pub edition: String,
    /// Last moment at which it was known to be the newest.
    pub verified: Timestamp,
    /// Seconds since then.
    pub age_seconds: u64,
}

/// A reason to call something stale.
struct Reason {
    since: Timestamp,
    why: String,
}

/// What can be said of an authority at a moment.
pub(super) fn of(state: &State, held: &Held, now: Timestamp) -> Standing {
    if let Some(since) = held.dismissed {
        return Standing::Dismissed { since };
    }
    if let Some(refused) = &held.refused {
        let using = held.edition.as_ref().map(|edition| Using {
            number: edition.number,
            edition: edition.sha256.clone(),
            verified: edition.verified,
            age_seconds: u64::try_from(now.as_second().saturating_sub(edition.verified.as_second())).unwrap_or(0),
        });
        return Standing::Refused { why: refused.why.clone(), using };
    }
    let Some(edition) = &held.edition else {
        let troubles = [&held.behind, &state.trouble];
        return troubles
            .into_iter()
            .flatten()
            .next()
            .map_or(Standing::Nothing, |trouble| Standing::Refused { why: trouble.why.clone(), using: None });
    };
    let expired = |what: &str, kept: Option<&Kept>| {
        kept.filter(|kept| kept.expires <= now).map(|kept| Reason {
            since: kept.expires,
            why: format!("{what} expired on {}; a newer one has not been seen", kept.expires),
        })
    };
    let root = (state.root_expires <= now).then(|| Reason {
        since: state.root_expires,
        why: format!("the root of the repository expired on {}", state.root_expires),
    });
    let due = edition.next_due.and_then(|day| {
        let since = end_of(day).filter(|end| *end <= now)?;
        Some(Reason { since, why: format!("the authority promised its next edition by {day}") })
    });
    let unknown = state.timestamp.is_none().then(|| Reason {
        since: edition.verified,
        why: "the keys of the repository were changed, and nothing signed with the new ones has been seen".to_owned(),
    });
    let told = [&held.behind, &state.trouble].into_iter().flatten();
    let reasons = [
        root,
        expired("the repository's word on what is newest (timestamp)", state.timestamp.as_ref()),
        expired("the repository's list of what belongs together (snapshot)", state.snapshot.as_ref()),
        expired("the repository's list of authorities (targets)", state.targets.as_ref()),
        expired("the authority's signature", held.role.as_ref()),
        due,
        unknown,
    ];
    let troubles = told.map(|trouble| Reason { since: trouble.since, why: trouble.why.clone() });
    match reasons.into_iter().flatten().chain(troubles).min_by_key(|reason| reason.since) {
        None => Standing::Fresh,
        Some(Reason { since, why }) => Standing::Stale { since, why },
    }
}

/// Last day for the whole of which what is known now is known to be the newest, if nothing more is fetched: that before the first
/// of the signatures ends, or the one by which the next edition was promised; and today, as long as it is fresh.
pub(super) fn until(state: &State, held: &Held, now: Timestamp) -> Date {
    let due = held.edition.as_ref().and_then(|edition| edition.next_due);
    let kept = [&state.timestamp, &state.snapshot, &state.targets, &held.role];
    let expires = kept.into_iter().flatten().map(|kept| kept.expires).chain([state.root_expires]);
    let whole = |at: Timestamp| at.to_zoned(TimeZone::UTC).date().yesterday().unwrap_or(Date::MIN);
    let last = expires.map(whole).chain(due).min().unwrap_or(Date::MAX);
    match of(state, held, now) {
        Standing::Fresh => last.max(now.to_zoned(TimeZone::UTC).date()),
        _ => last,
    }
}

/// The moment at which a day is over, in UTC.
fn end_of(day: Date) -> Option<Timestamp> {
    day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok().map(|midnight| midnight.timestamp())
}
