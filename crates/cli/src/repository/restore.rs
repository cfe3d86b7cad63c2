//! `tidewaiter repository restore`: a repository of a backup, and what readers have seen beyond it.

use super::office::send_what_waits;
use super::{open, wait};
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::progress::Bar;
use crate::sign::{confirm, refusal};
use crate::table::{Align, Table};
use std::path::Path;
use tidewaiter_repository::store::copy::Tokens;
use tidewaiter_repository::store::token::{self, Listed};
use tidewaiter_repository::store::{self, copy};
use tidewaiter_repository::workflow::Repository;
use tidewaiter_repository::workflow::take_back::TakenBack;

/// What happens where the published files are not put in their place first.
const NO_FILES: &str = "Nothing is published where this repository.toml says, so what was published after the backup cannot be taken \
    back. Readers who saw it would refuse everything from here: \"an older state is replayed\". First put the published files in \
    their place: from the old machine, a mirror, or a copy of the folder. If they are lost, go on; readers who saw more than the \
    backup holds then begin a new copy: they delete its folder and run `tidewaiter sync` with --root. Where nothing was published \
    after the backup, no reader notices.";

pub(super) fn run(folder: &Path, file: &Path, keep_tokens: bool, yes: bool, page: &mut Page) -> Result<Exit, Failure> {
    wait(async {
        let repository = open(folder).await?;
        if repository.host_is_empty().await.map_err(refusal)? {
            page.paragraph(NO_FILES, Tone::Caution)?;
            page.flush()?;
            confirm(yes, "Restore without them?", "nothing was restored")?;
        }
        let now = repository.clock.now();
        let bar = Bar::doing("reading the backup");
        let tokens = if keep_tokens { Tokens::Kept } else { Tokens::Revoked(now) };
        let rows = copy::restore(repository.db.as_ref(), file, tokens).await;
        bar.clear();
        let rows = rows.map_err(Failure::usage)?;
        page.line(&format!("{rows} rows restored."))?;
        taken_back(&repository.take_back().await.map_err(refusal)?, page)?;
        say_tokens(&repository, tokens, folder, page).await?;
        send_what_waits(&repository, page).await?;
        if repository.waiting_files().await.map_err(refusal)? == 0 {
            repository.tick().await.map_err(refusal)?;
            page.line("Every published file is written anew.")?;
        }
        Ok(Exit::Answered)
    })
}

/// Whose tokens no longer count, or count again.
async fn say_tokens(repository: &Repository, tokens: Tokens, folder: &Path, page: &mut Page) -> Result<(), Failure> {
    let now = repository.clock.now();
    let counts =
        |one: &Listed| one.revoked_at.is_none() && one.expires_at.parse::<jiff::Timestamp>().is_ok_and(|end| end > now);
    let (kept, revoked_at) = match tokens {
        Tokens::Kept => (true, String::new()),
        Tokens::Revoked(at) => (false, store::moment(at)),
    };
    let mut tx = repository.db.read().await.map_err(Failure::usage)?;
    let all = token::all(&mut *tx).await.map_err(Failure::usage)?;
    let concerned = |one: &Listed| if kept { counts(one) } else { one.revoked_at.as_deref() == Some(&revoked_at) };
    let all: Vec<Listed> = all.into_iter().filter(concerned).collect();
    if all.is_empty() {
        return Ok(());
    }
    let (heading, next) = if kept {
        let revoke = format!("tidewaiter repository token {} --revoke TOKEN", folder.display());
        (
            "Tokens that count again",
            format!("The backup does not know which of them were revoked since. Look through them: {revoke}"),
        )
    } else {
        let new = format!("tidewaiter repository token {} --for NAME --role ROLE", folder.display());
        (
            "Tokens that no longer count",
            format!(
                "The backup does not know which of them were revoked since, so none counts. Give out new ones: {new}"
            ),
        )
    };
    page.heading(heading)?;
    let columns = ["Token", "Holder", "Role", "Authority", "Until"].map(|name| (name, Align::Left));
    let mut table = Table::new(&columns, 1);
    for Listed { id, account, expires_at, .. } in all {
        table.row(vec![id, account.label, account.role.to_string(), account.authority.unwrap_or_default(), expires_at]);
    }
    page.table(&table)?;
    Ok(page.paragraph(&next, Tone::Caution)?)
}

/// Says what the static host had and the backup did not.
pub(super) fn taken_back(back: &TakenBack, page: &mut Page) -> Result<(), Failure> {
    let Some((there, here)) = back.timestamp else { return Ok(()) };
    page.line(&format!(
        "The static host was newer than the backup (timestamp {there} after {here}). What readers have seen was taken back:"
    ))?;
    for (authority, number, edition) in &back.editions {
        page.bullet(&format!("edition {number} of {authority}: {edition}"))?;
    }
    for role in &back.roles {
        page.bullet(&format!("role {role}"))?;
    }
    page.paragraph(
        "Drafts, words for warnings, tokens, subscriptions and rows of the audit log since the backup are lost: ask officers to send \
         again what was not published.",
        Tone::Caution,
    )?;
    Ok(())
}
