//! A draft is tried beside what others publish when it is sent, and once more when it is published: others may have published
//! meanwhile. What makes no ratebook any longer reaches nobody, so it is held back and its officers are told.

use super::beside::{self, Unfit};
use super::draft::open;
use super::{Refusal, Repository, apart};
use crate::checks::{self, Misfit, Report};
use crate::feeds::{GIVEN_UP, News};
use crate::impact::Base;
use crate::name::UNOFFICIAL;
use crate::store::edition::{Kept, State};
use crate::store::{self, audit, db::Run, edition};
use jiff::Timestamp;
use std::sync::{Arc, PoisonError};

/// Drafts that are remembered to fit.
const MOST_FITTING: usize = 10_000;

/// Remembers that a ratebook could be made of a draft beside what stands.
pub(super) fn remember(base: &Base, name: String) {
    let mut fitting = base.known.fitting.lock().unwrap_or_else(PoisonError::into_inner);
    if fitting.len() >= MOST_FITTING {
        fitting.clear();
    }
    fitting.insert(name);
}

impl Repository {
    /// Tries a draft beside what stands now, before a turn is taken: it may take seconds, and others wait for the turn.
    pub(super) async fn foresee(&self, hash: &str) -> Result<(), Refusal> {
        let mut tx = self.db.read().await?;
        if let Some(kept) = edition::get(&mut *tx, hash).await?.filter(|kept| !kept.state.is_public()) {
            self.misfit(&mut *tx, &kept).await?;
        }
        Ok(())
    }

    /// The edition beside which a draft cannot stand now. Costs a look at the newest editions of those near it where nothing
    /// changed since it was tried.
    async fn misfit(&self, tx: &mut dyn Run, kept: &Kept) -> Result<Option<Misfit>, Refusal> {
        let Some((known, _)) = store::authority::get(tx, &kept.manifest.authority).await? else { return Ok(None) };
        let name = beside::name(&kept.hash, &self.near(tx, &known).await?.print);
        if self.base.known.fitting.lock().unwrap_or_else(PoisonError::into_inner).contains(&name) {
            return Ok(None);
        }
        let beside = Arc::new(self.beside(tx, &known).await?);
        let draft = open(tx, &kept.hash, &kept.manifest).await?;
        let read = self.base.read;
        let name = beside.name(&kept.hash);
        match apart(move || beside.fits(&draft, read)).await? {
            Ok(_) => {
                remember(&self.base, name);
                Ok(None)
            }
            Err(Unfit::Beside(misfit)) => Ok(Some(misfit)),
            // The rates and rules under all editions changed.
            Err(Unfit::Alone(problems)) => {
                let number = edition::head(tx, UNOFFICIAL).await?.map_or(0, |head| head.manifest.number);
                let problem = problems.into_iter().next();
                let (place, why) = problem.map(|problem| (problem.file, problem.message)).unwrap_or_default();
                Ok(Some(Misfit { whose: format!("\"{UNOFFICIAL}\""), number, place, why }))
            }
        }
    }

    /// Holds a draft back that cannot be published beside what stands now: it is a draft again, with the finding. Returns whether
    /// it is.
    pub(super) async fn held_back(
        &self,
        tx: &mut dyn Run,
        kept: &Kept,
        actor: &str,
        now: Timestamp,
    ) -> Result<bool, Refusal> {
        let misfit = self.misfit(tx, kept).await?;
        let mut report: Report = serde_json::from_str(&kept.report).map_err(|e| Refusal::Unavailable(e.to_string()))?;
        let old = report.clone();
        checks::look_beside(&mut report, misfit.as_slice());
        if report != old {
            let text = serde_json::to_string(&report).map_err(|e| Refusal::Unavailable(e.to_string()))?;
            edition::set_report(tx, &kept.hash, &text).await?;
        }
        if misfit.is_none() {
            return Ok(false);
        }
        let why = findings(&report).into_iter().next().unwrap_or_default();
        if kept.state != State::Draft || report != old {
            edition::set_state(tx, &kept.hash, State::Draft).await?;
            audit::note(tx, now, actor, State::Draft.name(), &kept.hash, &why).await?;
        }
        // Whoever signs is told at once; when an hour comes, nobody is there.
        if kept.state == State::Scheduled {
            let news = kept.news.as_deref().and_then(|text| serde_json::from_str::<News>(text).ok());
            if let Some(news) = news {
                let told = News {
                    kind: GIVEN_UP.to_owned(),
                    reason: Some(why),
                    published: now,
                    title: String::new(),
                    concerns: Vec::new(),
                    changes: Vec::new(),
                    ..news
                };
                self.announce(tx, &told).await?;
            }
            self.look_at_waiting(tx, &kept.manifest.authority, now).await?;
        }
        Ok(true)
    }
}

/// What holds a draft back, in words.
pub(super) fn findings(report: &Report) -> Vec<String> {
    report.findings.iter().filter(|found| found.check == checks::FITS).map(ToString::to_string).collect()
}
