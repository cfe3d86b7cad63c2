//! Of several drafts that follow one edition, only one can be published: a manifest names the number and the hash of the edition
//! before. So an approved edition that waits for its hour is in danger from every other draft. Officers are warned before
//! (TW702), and told when one was given up.

use super::approve::open_warnings;
use super::{Refusal, Repository};
use crate::checks::{self, Report, Waiting};
use crate::feeds::{GIVEN_UP, News};
use crate::store::edition::{Kept, State};
use crate::store::{self, audit, db::Run, edition};
use jiff::Timestamp;

/// The approved editions of an authority that wait for their hour, but one.
pub(super) async fn waiting(tx: &mut dyn Run, authority: &str, but: &str) -> Result<Vec<Waiting>, Refusal> {
    let all = edition::on_their_way(tx, Some(authority)).await?;
    let scheduled = all.into_iter().filter(|kept| kept.state == State::Scheduled && kept.hash != but);
    let told = |kept: Kept| {
        let until = kept.manifest.not_before?;
        Some(Waiting { edition: kept.hash, number: kept.manifest.number, until })
    };
    Ok(scheduled.filter_map(told).collect())
}

impl Repository {
    /// Writes anew what the reports of an authority's drafts say of editions that wait: one was approved, or given up.
    /// Returns the drafts that wait for one word less.
    pub(super) async fn look_at_waiting(
        &self,
        tx: &mut dyn Run,
        authority: &str,
        now: Timestamp,
    ) -> Result<Vec<String>, Refusal> {
        let mut freed = Vec::new();
        for mut kept in edition::on_their_way(tx, Some(authority)).await? {
            if !matches!(kept.state, State::Draft | State::Checked) {
                continue;
            }
            let mut report: Report =
                serde_json::from_str(&kept.report).map_err(|e| Refusal::Unavailable(e.to_string()))?;
            let waiting = waiting(tx, authority, &kept.hash).await?;
            let old = report.clone();
            let is_new = checks::look_at_waiting(&mut report, &kept.manifest, &waiting);
            if report == old {
                continue;
            }
            kept.report = serde_json::to_string(&report).map_err(|e| Refusal::Unavailable(e.to_string()))?;
            edition::set_report(tx, &kept.hash, &kept.report).await?;
            if is_new {
                // What was said for another edition that waits is not said for this one.
                edition::unsay(tx, &kept.hash, checks::WAITS).await?;
                edition::set_state(tx, &kept.hash, State::Draft).await?;
                audit::note(tx, now, "repository", State::Draft.name(), &kept.hash, "another edition waits").await?;
            } else if open_warnings(tx, &kept).await?.is_empty() {
                freed.push(kept.hash);
            }
        }
        Ok(freed)
    }

    /// Gives an edition up that was not published. Where it was approved, those who asked for its authority are told.
    pub(super) async fn give_up(
        &self,
        tx: &mut dyn Run,
        kept: &Kept,
        actor: &str,
        why: &str,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let m = &kept.manifest;
        let approved = matches!(kept.state, State::Approved | State::Scheduled);
        let name = store::authority::get(tx, &m.authority).await?.map(|(known, _)| known.name);
        let news = News {
            authority: m.authority.clone(),
            authority_name: name.unwrap_or_else(|| m.authority.clone()),
            territory: m.head.territory.clone(),
            number: m.number,
            edition: kept.hash.clone(),
            kind: if approved { GIVEN_UP } else { "abandoned" }.to_owned(),
            concerns: Vec::new(),
            // What was held back is not told.
            title: String::new(),
            reason: Some(why.to_owned()),
            published: now,
            changes: Vec::new(),
        };
        edition::set_state(tx, &kept.hash, State::Abandoned).await?;
        let text = serde_json::to_string(&news).map_err(|e| Refusal::Unavailable(e.to_string()))?;
        edition::set_news(tx, &kept.hash, &text).await?;
        audit::note(tx, now, actor, "abandon", &kept.hash, why).await?;
        if approved {
            self.announce(tx, &news).await?;
        }
        Ok(())
    }
}
