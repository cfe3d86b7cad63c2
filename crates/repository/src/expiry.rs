//! What runs out unless somebody signs in time: the root, the list of authorities, each authority's role, and the tokens by
//! which people knock. Each says how many days are left and what to do.

use crate::feeds::digest::Digest;
use crate::metadata;
use crate::store::{self, audit, db::Run, role, token};
use crate::workflow::Refusal;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use tough::schema::{Root, Targets};

/// Days before its end at which something is warned of.
pub const WARNED_AT_DAYS: [i64; 2] = [30, 7];

/// What can run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// The root role.
    Root,
    /// The targets role.
    Targets,
    /// An authority's role.
    Authority,
    /// A token.
    Token,
}

impl What {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Targets => "targets",
            Self::Authority => "authority",
            Self::Token => "token",
        }
    }
}

/// Something that runs out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ending {
    /// What.
    pub what: What,
    /// Whose: the name of an authority; a token's beginning and holder. Empty for root and targets.
    pub of: String,
    /// When.
    pub expires: Timestamp,
    /// Whole days until then; below zero once it is over.
    pub days: i64,
    /// What to do in time.
    pub next: String,
}

impl Ending {
    fn new(what: What, of: &str, expires: Timestamp, now: Timestamp, next: String) -> Self {
        let days = (expires.as_second() - now.as_second()).div_euclid(24 * 3600);
        Self { what, of: of.to_owned(), expires, days, next }
    }

    /// How urgent it is: 0 not yet, then 1 and 2 after each of [`WARNED_AT_DAYS`], 3 once it is over.
    fn urgency(&self) -> u8 {
        match self.days {
            ..0 => 3,
            days if days < WARNED_AT_DAYS[1] => 2,
            days if days < WARNED_AT_DAYS[0] => 1,
            _ => 0,
        }
    }

    /// A name for this step before its end: `authority qq 2027-01-01T00:00:00Z, step 2`.
    fn step(&self) -> String {
        format!("{} {} {}, step {}", self.what.name(), self.of, self.expires, self.urgency())
    }
}

/// All that runs out, the soonest first. Tokens are the secretariat's business, and left out for others.
///
/// # Errors
/// [`Refusal::Unavailable`] where the database does not answer.
pub async fn endings(tx: &mut dyn Run, now: Timestamp, with_tokens: bool) -> Result<Vec<Ending>, Refusal> {
    let mut all = Vec::new();
    let next = "root holders sign a new one: tidewaiter repository rotate FOLDER";
    if let Some((_, bytes)) = role::newest(tx, "root").await? {
        let expires = metadata::from_bytes::<Root>(&bytes)?.signed.expires;
        all.push(Ending::new(What::Root, "", expires, now, next.into()));
    }
    if let Some((_, bytes)) = role::newest(tx, "targets").await? {
        let expires = metadata::from_bytes::<Targets>(&bytes)?.signed.expires;
        let next = format!("{next} --targets");
        all.push(Ending::new(What::Targets, "", expires, now, next));
    }
    for (authority, keys) in store::authority::all(tx).await? {
        if keys.keys.is_empty() {
            continue;
        }
        if let Some((_, bytes)) = role::newest(tx, &authority.id).await? {
            let expires = metadata::from_bytes::<Targets>(&bytes)?.signed.expires;
            let next = format!("its officers sign anew: tidewaiter publish renew {}", authority.id);
            all.push(Ending::new(What::Authority, &authority.id, expires, now, next));
        }
    }
    if with_tokens {
        for one in token::all(tx).await?.into_iter().filter(|one| one.revoked_at.is_none()) {
            let Ok(expires) = one.expires_at.parse::<Timestamp>() else { continue };
            // A token that ended is no loss to those who no longer use it.
            if expires > now {
                let whose = format!("{} ({})", one.id, one.account.label);
                let next = "the secretariat gives a new one: tidewaiter repository token FOLDER".into();
                all.push(Ending::new(What::Token, &whose, expires, now, next));
            }
        }
    }
    all.sort_by(|a, b| (a.expires, a.what, &a.of).cmp(&(b.expires, b.what, &b.of)));
    Ok(all)
}

/// What runs out, as a letter to those who run the repository.
pub fn letter(repository: &str, endings: &[Ending]) -> Digest {
    let mut body = String::new();
    for Ending { what, of, expires, days, next } in endings {
        let name = format!("{} {of}", what.name());
        let left = match days {
            ..0 => "is over".to_owned(),
            days => format!("has {days} days left"),
        };
        body.push_str(&format!("- {}: {left} ({}). Next: {next}\n", name.trim(), expires.strftime("%Y-%m-%d")));
    }
    body.push_str("\nAll that runs out: tidewaiter repository board FOLDER\n");
    Digest { subject: format!("{repository}: signatures or tokens run out"), body }
}

/// Remembers what was warned of, so that each is told once at each step.
#[derive(Debug, Default)]
pub struct Warned(BTreeMap<(What, String, Timestamp), u8>);

impl Warned {
    /// What is to be warned of now, and was not at this step.
    pub fn news(&mut self, endings: Vec<Ending>) -> Vec<Ending> {
        let key = |ending: &Ending| (ending.what, ending.of.clone(), ending.expires);
        let stand: BTreeMap<_, _> = endings.iter().map(|ending| (key(ending), ending.urgency())).collect();
        let news = |ending: &Ending| ending.urgency() > self.0.get(&key(ending)).copied().unwrap_or_default();
        let news = endings.into_iter().filter(news).collect();
        self.0 = stand;
        news
    }
}

/// What the audit log calls a warning.
const WARN: &str = "warn";

/// What nobody was warned of at this step yet, also before the service was started anew.
///
/// # Errors
/// [`Refusal::Unavailable`] where the database does not answer.
pub async fn untold(tx: &mut dyn Run, news: Vec<Ending>) -> Result<Vec<Ending>, Refusal> {
    let mut new = Vec::new();
    for ending in news {
        if !audit::has(tx, WARN, &ending.step()).await? {
            new.push(ending);
        }
    }
    Ok(new)
}

/// Notes what was warned of, in a transaction that has its turn.
///
/// # Errors
/// [`Refusal::Unavailable`] where the database does not answer.
pub async fn told(tx: &mut dyn Run, news: &[Ending], now: Timestamp) -> Result<(), Refusal> {
    for ending in news {
        audit::note(tx, now, "repository", WARN, &ending.step(), &ending.next).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_thirty_and_seven_days_before_and_when_it_is_over() {
        let end = Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(100 * 24);
        let mut warned = Warned::default();
        let mut told = Vec::new();
        // Each hour of a hundred and two days.
        for hour in 0..102 * 24 {
            let now = Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(hour);
            for one in warned.news(vec![Ending::new(What::Root, "", end, now, String::new())]) {
                told.push((hour, one.days));
            }
        }
        // The last hour with 30 whole days left is hour 1680; then the last with 7, then the end itself.
        assert_eq!(told, [(70 * 24 + 1, 29), (93 * 24 + 1, 6), (100 * 24 + 1, -1)]);
    }
}
