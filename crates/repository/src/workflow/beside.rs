//! A draft tried beside what readers really have: the data folder of "unofficial", and the newest edition of every other authority
//! that could clash with it. What makes no ratebook there reaches nobody, so it is refused before it is kept.

use super::draft::open;
use super::{Refusal, Repository, apart};
use crate::assemble::{Folder, Opened};
use crate::authority::Authority;
use crate::checks::Misfit;
use crate::manifest::Manifest;
use crate::name::UNOFFICIAL;
use crate::store::edition::Kept;
use crate::store::{self, db::Run, edition, role};
use crate::{parts, sha256_hex};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};
use tidewaiter::Ratebook;
use tidewaiter::ratebook::compile::{Problem, Verified, World};
use tidewaiter::record::MeasureKind;
use tidewaiter_sources::Entry;

/// Parts of which the newest exchange rates are remembered: ten years of two hundred banks.
const MOST_PARTS: usize = 8_192;

/// What stands beside a draft.
pub(super) struct Beside {
    /// The rates and rules under all editions.
    pub(super) folder: Arc<Folder>,
    /// Editions of others, by their names.
    others: Vec<Opened>,
    /// SHA-256 of what of the database stands beside the draft: it is the same as long as this is.
    print: String,
}

/// Why no ratebook can be made with a draft.
pub(super) enum Unfit {
    /// It is wrong by itself.
    Alone(Vec<Problem>),
    /// It does not fit beside another's edition.
    Beside(Misfit),
}

/// Which editions stand beside a draft.
pub(super) struct Near {
    folder: Arc<Folder>,
    heads: Vec<(Kept, Much)>,
    pub(super) print: String,
}

/// How much of another's edition could clash with a draft.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Much {
    /// All of it: its charges are those of the same goods.
    All,
    /// Its economy file, and which series of exchange rates it has.
    Names,
    /// Which series it has.
    Series,
    /// Nothing.
    None,
}

impl Repository {
    /// The data folder that readers have: that of the newest edition of "unofficial", or the repository's own.
    pub(super) async fn standing_folder(&self, tx: &mut dyn Run) -> Result<Arc<Folder>, Refusal> {
        let own = || Arc::new(self.base.folder.clone());
        let Some(read) = self.base.read else { return Ok(own()) };
        let admitted = store::authority::get(tx, UNOFFICIAL).await?.is_some_and(|(_, keys)| !keys.keys.is_empty());
        let head = if admitted { edition::head(tx, UNOFFICIAL).await? } else { None };
        let Some(Kept { hash, manifest, .. }) = head else { return Ok(own()) };
        let known = self.base.known.folder.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, folder)) = known.filter(|(of, _)| *of == hash) {
            return Ok(folder);
        }
        let opened = open(tx, &hash, &manifest).await?;
        // One that was published before this was looked at, and cannot be read, is no fault of the draft.
        let folder = match apart(move || read(&opened.files)).await? {
            Ok(folder) => Arc::new(folder),
            Err(problems) => {
                let why = problems.first().map(ToString::to_string).unwrap_or_default();
                tracing::warn!(%why, "what \"unofficial\" publishes cannot be read");
                own()
            }
        };
        *self.base.known.folder.lock().unwrap_or_else(PoisonError::into_inner) = Some((hash, folder.clone()));
        Ok(folder)
    }

    /// The newest editions of those who could clash with a draft of an authority, and a SHA-256 of which they are.
    pub(super) async fn near(&self, tx: &mut dyn Run, authority: &Authority) -> Result<Near, Refusal> {
        let folder = self.standing_folder(tx).await?;
        let near = near(&folder.world, authority.territory.as_deref());
        let mut print = authority.id.clone();
        let mut heads = Vec::new();
        for (other, keys) in store::authority::all(tx).await? {
            let much = if other.unofficial { Much::Names } else { much(authority, &other, &near) };
            if other.id == authority.id || keys.keys.is_empty() || much == Much::None {
                continue;
            }
            let Some(head) = edition::head(tx, &other.id).await? else { continue };
            print.push_str(&format!(" {}", head.hash));
            if !other.unofficial {
                heads.push((head, much));
            }
        }
        Ok(Near { folder, heads, print: sha256_hex(print.as_bytes()) })
    }

    /// What stands beside a draft of an authority.
    pub(super) async fn beside(&self, tx: &mut dyn Run, authority: &Authority) -> Result<Beside, Refusal> {
        let Near { folder, heads, print } = self.near(tx, authority).await?;
        let mut others = Vec::new();
        for (head, much) in heads {
            others.push(match much {
                Much::All => open(tx, &head.hash, &head.manifest).await?,
                _ => self.names(tx, head, much == Much::Names).await?,
            });
        }
        Ok(Beside { folder, others, print })
    }

    /// An edition with the newest rate of each series, and with its files where they are wanted.
    async fn names(&self, tx: &mut dyn Run, head: Kept, with_files: bool) -> Result<Opened, Refusal> {
        let Kept { hash, manifest, .. } = head;
        let (mut entries, mut files) = (Vec::new(), Vec::new());
        for part in &manifest.parts {
            if part.file.is_none() && !part.name.starts_with("exchange-") || part.file.is_some() && !with_files {
                continue;
            }
            if part.file.is_none()
                && let Some(newest) =
                    self.base.known.newest_rates.lock().unwrap_or_else(PoisonError::into_inner).get(&part.sha256)
            {
                entries.extend(newest.iter().cloned());
                continue;
            }
            let bytes = role::bytes(tx, &part.sha256).await?;
            let bytes = bytes.ok_or_else(|| Refusal::Unavailable(format!("part {} is not kept", part.name)))?;
            if let Some(place) = &part.file {
                files.push((place.clone(), parts::content(part, &bytes)?));
                continue;
            }
            let of = part.clone();
            let newest = newest(apart(move || parts::entries(&of, &bytes)).await??);
            let mut known = self.base.known.newest_rates.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= MOST_PARTS {
                known.clear();
            }
            known.insert(part.sha256.clone(), newest.clone());
            entries.extend(newest);
        }
        // One rate of each is enough to know the series, and two of one day would be none.
        Ok(Opened { hash, manifest, entries: newest(entries), files, standing: Verified::default() })
    }
}

/// How much of another's edition could clash with a draft.
fn much(authority: &Authority, other: &Authority, near: &BTreeSet<String>) -> Much {
    match &other.territory {
        // The tables of the whole world: everything rests on them.
        _ if authority.unofficial => Much::All,
        Some(_) if authority.territory.is_none() => Much::Names,
        Some(territory) if near.contains(territory) => Much::All,
        Some(_) => Much::None,
        None => Much::Series,
    }
}

/// Territories whose rules are compiled together with those of one: itself, what it is a union of, and the unions of these all.
fn near(world: &World, territory: Option<&str>) -> BTreeSet<String> {
    let grown = |from: BTreeSet<String>, step: fn(&str, &str, &str) -> Option<String>| {
        let (mut all, mut open) = (from.clone(), Vec::from_iter(from));
        while let Some(one) = open.pop() {
            for member in &world.territories.member {
                if let Some(next) = step(&one, &member.of, &member.territory)
                    && all.insert(next.clone())
                {
                    open.push(next);
                }
            }
        }
        all
    };
    let members = grown(territory.map(str::to_owned).into_iter().collect(), |one, of, territory| {
        (one == of).then(|| territory.to_owned())
    });
    grown(members, |one, of, territory| (one == territory).then(|| of.to_owned()))
}

/// The newest rate of each series and pair of currencies.
fn newest(entries: Vec<Entry>) -> Vec<Entry> {
    let mut out = BTreeMap::new();
    for entry in entries {
        if let Entry::ExchangeRate(rate) = &entry {
            let name = (rate.series.clone(), rate.base.clone(), rate.currency.clone());
            let day = rate.from;
            match out.get(&name) {
                Some((last, _)) if *last > day => {}
                _ => _ = out.insert(name, (day, entry)),
            }
        }
    }
    out.into_values().map(|(_, entry)| entry).collect()
}

impl Beside {
    /// A name for a draft beside just this.
    pub(super) fn name(&self, draft: &str) -> String {
        name(draft, &self.print)
    }

    /// The data folder with the editions of others over it. One that does not fit is left out.
    pub(super) fn laid(&self) -> Folder {
        let mut folder = Folder::clone(&self.folder);
        for other in &self.others {
            let mut with = folder.clone();
            if with.lay(other.clone()).is_ok() {
                folder = with;
            }
        }
        folder
    }

    /// Whether a ratebook can be made of a draft and what stands beside it.
    ///
    /// Costs one ratebook where it can, and one for each authority that is near where it cannot. Returns whether the general duties
    /// of the draft are charged by any rule.
    pub(super) fn fits(&self, draft: &Opened, read: Option<crate::impact::ReadFolder>) -> Result<bool, Unfit> {
        let own = match read.filter(|_| draft.manifest.authority == UNOFFICIAL) {
            Some(read) => Some(read(&draft.files).map_err(Unfit::Alone)?),
            None => None,
        };
        let under = own.as_ref().unwrap_or(&self.folder);
        let try_with = |others: &[&Opened]| compile(under, others, Some(draft));
        let mut others: Vec<&Opened> = self.others.iter().collect();
        let mut problems = match try_with(&others) {
            Ok(bytes) => return Ok(charges(bytes, draft)),
            Err(problems) => problems,
        };
        if let Err(alone) = try_with(&[])
            && alone.first() == problems.first()
        {
            return Err(Unfit::Alone(alone));
        }
        // What does not stand without the draft either is left out, as readers leave it out: it is no fault of the draft.
        if compile(&self.folder, &others, None).is_err() {
            let mut good: Vec<&Opened> = Vec::new();
            for other in others {
                good.push(other);
                if compile(&self.folder, &good, None).is_err() {
                    good.pop();
                }
            }
            others = good;
            match try_with(&others) {
                Ok(bytes) => return Ok(charges(bytes, draft)),
                Err(now) => problems = now,
            }
        }
        for (at, other) in others.iter().enumerate() {
            let rest: Vec<&Opened> =
                others.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, other)| *other).collect();
            if try_with(&rest).is_ok() {
                return Err(Unfit::Beside(misfit(&other.manifest, problems.first())));
            }
        }
        Err(Unfit::Alone(problems))
    }
}

/// Whether what a draft says of general duties is charged, where it says anything of them.
fn charges(ratebook: Vec<u8>, draft: &Opened) -> bool {
    let general = |entry: &Entry| matches!(entry, Entry::Measure(m) if m.is_charged() && m.kind == MeasureKind::ThirdCountry && m.amount.is_some());
    let Some(territory) = draft.manifest.head.territory.as_deref() else { return true };
    !draft.entries.iter().any(general)
        || Ratebook::from_vec(ratebook).is_ok_and(|ratebook| ratebook.takes_tariff(territory))
}

/// A name for a draft beside what has a SHA-256.
pub(super) fn name(draft: &str, print: &str) -> String {
    format!("{draft} {print}")
}

fn compile(under: &Folder, others: &[&Opened], draft: Option<&Opened>) -> Result<Vec<u8>, Vec<Problem>> {
    let mut folder = under.clone();
    for edition in others.iter().copied().chain(draft) {
        folder.lay(edition.clone())?;
    }
    folder.compile()
}

fn misfit(other: &Manifest, problem: Option<&Problem>) -> Misfit {
    let (place, why) = match problem {
        None => ("edition".to_owned(), String::new()),
        Some(problem) if problem.path.is_empty() => (problem.file.clone(), problem.message.clone()),
        Some(problem) => (format!("{}, {}", problem.file, problem.path), problem.message.clone()),
    };
    Misfit { whose: format!("{} ({})", other.head.authority, other.authority), number: other.number, place, why }
}
