//! What root holders decide: founding, admitting, rotating keys.

use super::config::Config;
use super::{open_to_publish, wait};
use crate::args::{CeremonyArgs, RepositoryAction};
use crate::errors::{Exit, Failure};
use crate::key;
use crate::page::{Page, Tone};
use crate::sign::{read, refusal, write_ceremony};
use jiff::Timestamp;
use std::path::Path;
use tidewaiter_repository::authority::Authority;
use tidewaiter_repository::key::{PublicKey, SecretKey};
use tidewaiter_repository::metadata::{Keys, RootKeys};
use tidewaiter_repository::name::UNOFFICIAL;
use tidewaiter_repository::workflow::Repository;
use tidewaiter_repository::workflow::ceremony::{Ceremony, current, delegated_keys, root_keys};

/// Where the online key stands in a repository's folder.
const ONLINE_KEY: &str = "online.pem";
/// Where the next one waits until a root that names it is taken in.
const NEXT_KEY: &str = "online-next.pem";
/// Where a ceremony's file is written that could not be signed at once.
const TO_SIGN: &str = "to-sign.json";

/// What the address of a repository is for.
const ADDRESS: &str = "links in feeds and letters begin so; `address` in repository.toml changes it";

pub(super) fn found(action: &RepositoryAction, page: &mut Page) -> Result<Exit, Failure> {
    let RepositoryAction::Found { folder, name, holders, keys, threshold, database, public, data, address, passphrase } =
        action
    else {
        return Ok(Exit::Internal);
    };
    let secret: Vec<SecretKey> = keys.iter().map(|file| key::open(file, passphrase)).collect::<Result<_, _>>()?;
    let mut all: Vec<PublicKey> = holders.iter().map(|typed| key::public(typed)).collect::<Result<_, _>>()?;
    for key in secret.iter().map(SecretKey::public) {
        if !all.contains(&key) {
            all.push(key);
        }
    }
    if all.is_empty() {
        return Err(Failure::usage("name the root holders: --holder PUBLIC KEY, or --key KEY for one that is at hand"));
    }
    if let Some(data) = data {
        // Before anything is written: a folder that cannot be read would make a repository that cannot be opened.
        tidewaiter_reader::read_folder(data)?;
    }
    let online = SecretKey::generate().map_err(Failure::usage)?;
    let offline = Keys { keys: all, threshold: *threshold };
    let online_keys = Keys { keys: vec![online.public()], threshold: 1 };
    let root_keys =
        RootKeys { root: offline.clone(), targets: offline, snapshot: online_keys.clone(), timestamp: online_keys };
    let mut ceremony = Ceremony::found(name, &root_keys, Timestamp::now()).map_err(refusal)?;
    std::fs::create_dir_all(folder).map_err(|e| Failure::usage(format!("cannot make {}: {e}", folder.display())))?;
    let config = Config {
        database: database.clone(),
        public: public.clone(),
        online_key: ONLINE_KEY.into(),
        data: match data {
            Some(data) => Some(whole_path(data)?),
            None => None,
        },
        address: address.clone().unwrap_or_else(super::config::own_address),
        reach_loopback: false,
        mail: None,
        holds: Default::default(),
        limits: Default::default(),
    };
    wait(async { config.open_with(folder, online.clone()).await.map(|_| ()) })?;
    config.write(folder)?;
    let pem = online.to_pem(None).map_err(Failure::usage)?;
    key::secret_file(&folder.join(ONLINE_KEY), pem.as_bytes())?;
    for key in &secret {
        ceremony.sign(key).map_err(refusal)?;
    }
    page.paragraph(&format!("{}: the repository \"{name}\"", folder.display()), Tone::Strong)?;
    page.line(&format!("Database    {database}"))?;
    page.line(&format!("Files       {public}"))?;
    page.line(&format!("Address     {}: {ADDRESS}", config.address))?;
    page.line(&format!("Online key  {ONLINE_KEY}: keep it on this machine, readable by the service alone"))?;
    if data.is_some() {
        page.paragraph(&super::to_publish_data(folder), Tone::Caution)?;
    }
    if (secret.len() as u64) < *threshold {
        return carry(&folder.join(TO_SIGN), &ceremony, folder, page);
    }
    wait(async {
        let repository = config.open_with(folder, online).await?;
        repository.db.migrate().await.map_err(Failure::usage)?;
        repository.accept(&ceremony, "root holders").await.map_err(refusal)?;
        super::say_waiting(&repository, page).await
    })?;
    page.paragraph(
        "Readers begin with its first root: hand them metadata/1.root.json by a way they trust.",
        Tone::Plain,
    )?;
    Ok(Exit::Answered)
}

/// A folder's place that does not depend on where the command was run.
fn whole_path(folder: &Path) -> Result<String, Failure> {
    let whole = folder.canonicalize().map_err(|e| Failure::usage(format!("{}: {e}", folder.display())))?;
    Ok(whole.display().to_string())
}

/// Writes what could not be signed at once, and says what to do with it.
fn carry(file: &Path, ceremony: &Ceremony, folder: &Path, page: &mut Page) -> Result<Exit, Failure> {
    write_ceremony(file, ceremony)?;
    let (file, folder) = (file.display(), folder.display());
    page.paragraph(
        &format!(
            "Nothing has taken effect yet. Carry {file} to the holders (tidewaiter sign {file} --key KEY), then: tidewaiter repository accept {folder} {file}"
        ),
        Tone::Caution,
    )?;
    Ok(Exit::NotAnAmount)
}

/// Signs with the keys at hand; takes effect, or is written to be carried.
async fn sign(
    repository: &Repository,
    mut ceremony: Ceremony,
    args: &CeremonyArgs,
    folder: &Path,
    page: &mut Page,
) -> Result<Exit, Failure> {
    for file in &args.keys {
        ceremony.sign(&key::open(file, &args.passphrase)?).map_err(refusal)?;
    }
    if let Some(file) = &args.output {
        return carry(file, &ceremony, folder, page);
    }
    if args.keys.is_empty() {
        return carry(&folder.join(TO_SIGN), &ceremony, folder, page);
    }
    take_effect(repository, &ceremony, folder, page).await
}

/// Takes a ceremony in. Where its root names the online key that waits, that one signs from now on.
async fn take_effect(
    repository: &Repository,
    ceremony: &Ceremony,
    folder: &Path,
    page: &mut Page,
) -> Result<Exit, Failure> {
    let (place, next) = (folder.join(ONLINE_KEY), folder.join(NEXT_KEY));
    let waiting = if next.is_file() { Some(key::open(&next, &Default::default())?) } else { None };
    let named = |key: &SecretKey| {
        ceremony.root.as_ref().is_some_and(|root| root_keys(&root.signed).timestamp.keys.contains(&key.public()))
    };
    match waiting.filter(named) {
        None => repository.accept(ceremony, "root holders").await.map_err(refusal)?,
        Some(key) => {
            let changed = Repository { online: key, ..repository.clone() };
            changed.accept(ceremony, "root holders").await.map_err(refusal)?;
            let old = folder.join(format!("online-until-{}.pem", Timestamp::now().as_second()));
            let moved = std::fs::rename(&place, &old).and_then(|()| std::fs::rename(&next, &place));
            moved.map_err(|e| Failure::usage(format!("{} could not take its place: {e}", next.display())))?;
            page.paragraph(
                "The online key was replaced: start the service anew, it still holds the old one.",
                Tone::Caution,
            )?;
        }
    }
    page.paragraph(&ceremony.says, Tone::Strong)?;
    page.line("It has taken effect.")?;
    super::say_waiting(repository, page).await?;
    Ok(Exit::Answered)
}

pub(super) fn admit(action: &RepositoryAction, page: &mut Page) -> Result<Exit, Failure> {
    let RepositoryAction::Admit { folder, authority, name, territory, publishes, officers, signatures, ceremony } =
        action
    else {
        return Ok(Exit::Internal);
    };
    let keys: Vec<PublicKey> = officers.iter().map(|typed| key::public(typed)).collect::<Result<_, _>>()?;
    wait(async {
        let repository = open_to_publish(folder).await?;
        let known = &repository.base.folder.world.territories.territory;
        if let Some(code) = territory.as_ref().filter(|code| !known.iter().any(|t| t.code == **code)) {
            return Err(Failure::usage(format!(
                "{code} is no territory known here; `tidewaiter economies` lists them"
            )));
        }
        let (targets, mut list) = {
            let mut tx = repository.db.read().await.map_err(Failure::usage)?;
            let (_, targets, list) = current(&mut *tx).await.map_err(refusal)?;
            (targets, list)
        };
        let new = Authority {
            id: authority.clone(),
            name: name.clone(),
            territory: territory.clone(),
            publishes: publishes.clone(),
            unofficial: authority == UNOFFICIAL,
            officers: *signatures,
        };
        let known = list.find(authority).is_some();
        list.authorities.retain(|old| old.id != *authority);
        list.authorities.push(new);
        list.authorities.sort_by(|a, b| a.id.cmp(&b.id));
        let mut delegations = delegated_keys(&targets.signed);
        delegations.insert(authority.clone(), Keys { keys, threshold: *signatures });
        let says = match known {
            false => format!("Admit {name} as \"{authority}\": {signatures} of {} officers sign.", officers.len()),
            true => format!(
                "Change {name} (\"{authority}\"): {signatures} of {} officers sign from now on.",
                officers.len()
            ),
        };
        let version = targets.signed.version.get() + 1;
        let made = Ceremony::targets(says, version, list, &delegations, Timestamp::now()).map_err(refusal)?;
        let exit = sign(&repository, made, ceremony, folder, page).await?;
        super::say_unpublished(&repository, folder, page).await?;
        if known {
            page.paragraph(
                &format!(
                    "If keys changed, its newest edition must be signed anew, and readers keep the one before until then: tidewaiter publish renew {authority} --key KEY … with as many officers' keys as sign."
                ),
                Tone::Caution,
            )?;
        } else if exit == Exit::Answered {
            page.paragraph(
                &format!(
                    "Next: a token for each of its officers: tidewaiter repository token {} --for NAME --role officer --authority {authority}",
                    folder.display()
                ),
                Tone::Plain,
            )?;
        }
        Ok(exit)
    })
}

pub(super) fn dismiss(
    folder: &Path,
    authority: &str,
    reason: &str,
    ceremony: &CeremonyArgs,
    page: &mut Page,
) -> Result<Exit, Failure> {
    wait(async {
        let repository = open_to_publish(folder).await?;
        let (targets, list) = {
            let mut tx = repository.db.read().await.map_err(Failure::usage)?;
            let (_, targets, list) = current(&mut *tx).await.map_err(refusal)?;
            (targets.signed, list)
        };
        let made = Ceremony::dismiss(authority, reason, &targets, list, Timestamp::now()).map_err(refusal)?;
        let exit = sign(&repository, made, ceremony, folder, page).await?;
        if exit == Exit::Answered {
            page.paragraph(
                "Readers stop using what it published with their next `tidewaiter sync`. Its editions, the tables and the history stay. Its drafts were given up, its tokens were revoked and its addresses are looked at no longer. `tidewaiter repository admit` admits it again.",
                Tone::Plain,
            )?;
        }
        Ok(exit)
    })
}

pub(super) fn rotate(action: &RepositoryAction, page: &mut Page) -> Result<Exit, Failure> {
    let RepositoryAction::Rotate { folder, holders, threshold, online, targets: with_targets, ceremony } = action
    else {
        return Ok(Exit::Internal);
    };
    let new: Vec<PublicKey> = holders.iter().map(|typed| key::public(typed)).collect::<Result<_, _>>()?;
    wait(async {
        let repository = open_to_publish(folder).await?;
        let root = {
            let mut tx = repository.db.read().await.map_err(Failure::usage)?;
            current(&mut *tx).await.map_err(refusal)?.0
        };
        let mut keys = root_keys(&root.signed);
        for of in [&mut keys.root, &mut keys.targets] {
            if !new.is_empty() {
                of.keys.clone_from(&new);
            }
            of.threshold = threshold.unwrap_or(of.threshold);
        }
        if *online {
            let made = SecretKey::generate().map_err(Failure::usage)?;
            let place = folder.join(NEXT_KEY);
            if place.exists() {
                std::fs::remove_file(&place).map_err(|e| Failure::usage(format!("{}: {e}", place.display())))?;
            }
            key::secret_file(&place, made.to_pem(None).map_err(Failure::usage)?.as_bytes())?;
            let only = Keys { keys: vec![made.public()], threshold: 1 };
            (keys.snapshot, keys.timestamp) = (only.clone(), only);
        }
        let version = root.signed.version.get() + 1;
        let says = format!("Root {version}: {} of {} holders sign.", keys.root.threshold, keys.root.keys.len());
        let mut made = Ceremony::root(says, version, &keys, Timestamp::now()).map_err(refusal)?;
        if !new.is_empty() || *with_targets {
            // The new holders answer for who may publish from now on.
            let mut tx = repository.db.read().await.map_err(Failure::usage)?;
            let (_, targets, list) = current(&mut *tx).await.map_err(refusal)?;
            let next = targets.signed.version.get() + 1;
            let delegations = delegated_keys(&targets.signed);
            let again =
                Ceremony::targets(String::new(), next, list, &delegations, Timestamp::now()).map_err(refusal)?;
            (made.targets, made.authorities) = (again.targets, again.authorities);
        }
        sign(&repository, made, ceremony, folder, page).await
    })
}

pub(super) fn accept(folder: &Path, file: &Path, page: &mut Page) -> Result<Exit, Failure> {
    let ceremony = Ceremony::from_bytes(&read(file)?).map_err(refusal)?;
    wait(async {
        let repository = open_to_publish(folder).await?;
        take_effect(&repository, &ceremony, folder, page).await
    })
}
