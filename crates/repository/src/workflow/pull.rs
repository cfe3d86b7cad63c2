//! Looking at an authority's own address on a schedule. What changed there is sent in as an officer would send it, and waits
//! for signatures as everything does: an address can be taken over, keys cannot.

use super::sent::{About, Sent};
use super::{Refusal, Repository};
use crate::feeds::address::{Guard, Reach};
use crate::sha256_hex;
use crate::store::{self, audit, pull};
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use std::time::Duration;

/// Most often an address is looked at, and least.
pub const EVERY_SECONDS: std::ops::RangeInclusive<u64> = 60..=31 * 86_400;
/// Largest file.
const MOST_BYTES: usize = 256 << 20;
/// How long a file may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Fetches files from authorities' addresses: no redirects, no private networks unless they are allowed.
#[derive(Debug, Clone)]
pub struct Runner {
    client: reqwest::Client,
    reach: Reach,
}

impl Runner {
    /// One that reaches so far.
    ///
    /// # Errors
    /// Where the system's certificates cannot be used.
    pub fn new(reach: Reach) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .dns_resolver(Guard(reach))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(10))
            .timeout(PATIENCE)
            .user_agent(concat!("tidewaiter-repository/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, reach })
    }

    /// The file where it changed since it was seen last.
    async fn fetch(&self, seen: &mut pull::Pull) -> Result<Option<Vec<u8>>, String> {
        let url = self.reach.check(&seen.url).map_err(|e| e.to_string())?;
        let mut request = self.client.get(url);
        if let Some(tag) = &seen.etag {
            request = request.header(IF_NONE_MATCH, tag);
        }
        if let Some(day) = &seen.modified {
            request = request.header(IF_MODIFIED_SINCE, day);
        }
        let mut answer = request.send().await.map_err(|e| format!("the address does not answer: {e}"))?;
        if answer.status() == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        if answer.status() != StatusCode::OK {
            return Err(format!("the address answered with status {}", answer.status().as_u16()));
        }
        let (etag, modified) = (header(answer.headers(), &ETAG), header(answer.headers(), &LAST_MODIFIED));
        let mut bytes = Vec::new();
        while let Some(more) = answer.chunk().await.map_err(|e| format!("the file broke off: {e}"))? {
            if bytes.len() + more.len() > MOST_BYTES {
                return Err(format!("the file is larger than {} MB", MOST_BYTES >> 20));
            }
            bytes.extend_from_slice(&more);
        }
        let sha256 = sha256_hex(&bytes);
        let same = seen.sha256.as_deref() == Some(sha256.as_str());
        (seen.etag, seen.modified, seen.sha256) = (etag, modified, Some(sha256));
        Ok((!same).then_some(bytes))
    }
}

fn header(headers: &HeaderMap, name: &reqwest::header::HeaderName) -> Option<String> {
    headers.get(name).and_then(|v| v.to_str().ok()).filter(|v| v.len() <= 500).map(str::to_owned)
}

impl Repository {
    /// Looks at the addresses that are due. Returns how many were looked at.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the database does not answer. What an address does wrong is noted beside it.
    pub async fn look(&self, runner: &Runner) -> Result<u64, Refusal> {
        let mut looked = 0;
        loop {
            let now = self.clock.now();
            let due = {
                let mut tx = self.db.write().await?;
                store::take_turn(&mut *tx).await?;
                let due = pull::take_due(&mut *tx, now).await?;
                tx.commit().await?;
                due
            };
            let Some(mut due) = due else { return Ok(looked) };
            let before = due.clone();
            let (seen, outcome) = match runner.fetch(&mut due).await {
                Err(why) => (before, why),
                Ok(None) => (due, "unchanged".to_owned()),
                Ok(Some(bytes)) => match self.take_pulled(&due, bytes).await {
                    Ok(outcome) => (due, outcome),
                    // It is fetched again: the mistake may be ours, or mended without a new tag.
                    Err(refusal) => (before, refused(&refusal)),
                },
            };
            self.note_look(&seen, &outcome, now).await?;
            looked += 1;
        }
    }

    async fn take_pulled(&self, from: &pull::Pull, bytes: Vec<u8>) -> Result<String, Refusal> {
        let name = from.url.rsplit('/').next().unwrap_or("file").split('?').next().unwrap_or("file");
        let sent = Sent { about: from.about.clone(), files: vec![(name.to_owned(), bytes)] };
        let taken = self.submit(&from.authority, &format!("pull from {}", from.url), None, sent).await?;
        Ok(match (taken.receipt.outcome.as_str(), taken.receipt.number) {
            ("new", Some(number)) => format!("edition {number} waits for signatures"),
            _ => "says what the newest edition says".to_owned(),
        })
    }

    async fn note_look(&self, seen: &pull::Pull, outcome: &str, now: Timestamp) -> Result<(), Refusal> {
        let mut tx = self.db.write().await?;
        pull::seen(&mut *tx, seen, outcome, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Has an address looked at from now on.
    ///
    /// # Errors
    /// [`Refusal::Wrong`] where the address, the format or the interval is none.
    pub async fn pull_from(
        &self,
        authority: &str,
        url: &str,
        about: &About,
        every_seconds: u64,
        reach: Reach,
        actor: &str,
    ) -> Result<(), Refusal> {
        reach.check(url).map_err(|e| Refusal::Wrong(e.to_string()))?;
        if !EVERY_SECONDS.contains(&every_seconds) {
            let (least, most) = (EVERY_SECONDS.start(), EVERY_SECONDS.end());
            return Err(Refusal::Wrong(format!("an address is looked at every {least} to {most} seconds")));
        }
        if about.format.is_empty() {
            return Err(Refusal::Wrong("say which format the file has".into()));
        }
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        if store::authority::get(&mut *tx, authority).await?.is_none_or(|(_, keys)| keys.keys.is_empty()) {
            return Err(Refusal::NotFound(format!("no authority \"{authority}\" is admitted here")));
        }
        pull::put(&mut *tx, authority, url, about, every_seconds, now).await?;
        audit::note(&mut *tx, now, actor, "pull", authority, url).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A refusal in one line, with its first rows.
fn refused(refusal: &Refusal) -> String {
    let first: Vec<String> = match refusal {
        Refusal::Rows(account) => account.refusals.iter().take(3).map(ToString::to_string).collect(),
        Refusal::Checks(report) => {
            report.findings.iter().take(3).map(|f| format!("{} {}: {}", f.check, f.place, f.says)).collect()
        }
        _ => Vec::new(),
    };
    format!("refused: {refusal}; {}", first.join("; "))
}
