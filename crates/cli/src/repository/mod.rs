//! `tidewaiter repository`: found, run and look after a repository.

mod ceremony;
pub(crate) mod config;
mod office;
mod restore;
pub(crate) mod serve;

use crate::args::{RepositoryAction, RepositoryArgs};
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::sign::refusal;
use config::Config;
use std::future::Future;
use std::path::Path;
use tidewaiter_repository::name::UNOFFICIAL;
use tidewaiter_repository::workflow::{Refusal, Repository};

pub(crate) fn run(args: &RepositoryArgs, page: &mut Page) -> Result<Exit, Failure> {
    match &args.action {
        RepositoryAction::Found { .. } => ceremony::found(&args.action, page),
        RepositoryAction::Admit { .. } => ceremony::admit(&args.action, page),
        RepositoryAction::Dismiss { folder, authority, reason, ceremony } => {
            ceremony::dismiss(folder, authority, reason, ceremony, page)
        }
        RepositoryAction::Rotate { .. } => ceremony::rotate(&args.action, page),
        RepositoryAction::Accept { folder, file } => ceremony::accept(folder, file, page),
        RepositoryAction::Serve { folder, listen } => serve::run(folder, *listen, page),
        RepositoryAction::Token { .. } => office::token(&args.action, page),
        RepositoryAction::Board { folder, all, json } => office::board(folder, *all, *json, page),
        RepositoryAction::Audit { folder, receipt: Some(file), json, .. } => office::prove(folder, file, *json, page),
        RepositoryAction::Audit { folder, after, json, .. } => office::audit(folder, *after, *json, page),
        RepositoryAction::PublishData { folder, key, passphrase } => {
            office::publish_data(folder, key, passphrase, page)
        }
        RepositoryAction::Backup { folder, file } => office::backup(folder, file, page),
        RepositoryAction::Restore { folder, file, keep_tokens, yes } => {
            restore::run(folder, file, *keep_tokens, *yes, page)
        }
        RepositoryAction::Migrate { folder } => office::migrate(folder, page),
    }
}

/// Runs what waits for a database or a network.
pub(crate) fn wait<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::Internal(format!("no threads could be started: {e}")))?;
    runtime.block_on(work)
}

/// The same, to publish something: what the static host has and a restored database lacks is taken back first.
async fn open_to_publish(folder: &Path) -> Result<Repository, Failure> {
    let repository = open(folder).await?;
    match repository.take_back().await {
        // What is published waits in the outbox, and the host is asked again before it goes out.
        Ok(_) | Err(Refusal::Unavailable(_)) => Ok(repository),
        Err(other) => Err(crate::sign::refusal(other)),
    }
}

/// The repository of a folder, its database up to date.
async fn open(folder: &Path) -> Result<Repository, Failure> {
    let config = Config::read(folder)?;
    let repository = config.open(folder).await?;
    repository.db.migrate().await.map_err(Failure::usage)?;
    Ok(repository)
}

/// What to do with a data folder of a repository's own, so that readers have it too.
fn to_publish_data(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "Readers do not have this repository's data folder yet. They have the data that comes with their program, and leave out every edition that needs more, such as one of a territory that their data does not know. Publish the folder before the first authority publishes: tidewaiter repository admit {folder} --authority {UNOFFICIAL} --name NAME --officer PUBLIC-KEY --signatures 1 --key KEY, then tidewaiter repository publish-data {folder} --key KEY"
    )
}

/// Says so where drafts are tried beside a data folder that readers do not have.
async fn say_unpublished(repository: &Repository, folder: &Path, page: &mut Page) -> Result<(), Failure> {
    if !Config::read(folder)?.has_own_data() {
        return Ok(());
    }
    let head = {
        let mut tx = repository.db.read().await.map_err(Failure::usage)?;
        tidewaiter_repository::store::edition::head(&mut *tx, UNOFFICIAL).await.map_err(Failure::usage)?
    };
    if head.is_none() {
        page.paragraph(&to_publish_data(folder), Tone::Caution)?;
    }
    Ok(())
}

/// Says so where what was done is not at the static host yet: nobody who reads sees it before it is.
async fn say_waiting(repository: &Repository, page: &mut Page) -> Result<(), Failure> {
    let waiting = repository.waiting_files().await.map_err(refusal)?;
    if waiting > 0 {
        let files = if waiting == 1 { "1 file is".to_owned() } else { format!("{waiting} files are") };
        page.paragraph(
            &format!(
                "{files} not at the static host yet, because it did not take them: readers see what was there before. Nothing is lost and nothing needs to be done again: `tidewaiter repository serve` sends what waits as soon as the host answers."
            ),
            Tone::Caution,
        )?;
    }
    Ok(())
}
