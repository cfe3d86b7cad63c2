//! Time, sizes, and the two hundred authorities that stand in the way.

use crate::common::{Here, authority, economy, folder, keys};
use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tidewaiter::record::world::TerritoryKind;
use tidewaiter_repository::assemble::Folder;
use tidewaiter_repository::authority::Authorities;
use tidewaiter_repository::impact::Base;
use tidewaiter_repository::workflow::sent::Sent;

/// Wall clock and processor time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Took {
    pub wall: Duration,
    pub processor: Duration,
}

impl std::fmt::Display for Took {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ms wall, {} ms processor", self.wall.as_millis(), self.processor.as_millis())
    }
}

/// Processor time of all threads of this process so far, to a hundredth of a second.
pub fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

pub async fn timed<T>(work: impl Future<Output = T>) -> (T, Took) {
    let (start, used) = (Instant::now(), processor());
    let done = work.await;
    (done, Took { wall: start.elapsed(), processor: processor() - used })
}

pub fn timed_now<T>(work: impl FnOnce() -> T) -> (T, Took) {
    let (start, used) = (Instant::now(), processor());
    let done = work();
    (done, Took { wall: start.elapsed(), processor: processor() - used })
}

/// The middle and the last but one in a hundred of some times.
pub fn spread(mut all: Vec<Duration>) -> String {
    all.sort_unstable();
    let at = |percent: usize| all[(all.len() * percent / 100).min(all.len() - 1)];
    let ms = |time: Duration| format!("{}.{:02} ms", time.as_millis(), time.as_micros() / 10 % 100);
    format!("p50 {}, p99 {} of {}", ms(at(50)), ms(at(99)), all.len())
}

/// Average processor time of some work.
pub fn each(all: &[Took]) -> String {
    let sum: Duration = all.iter().map(|took| took.processor).sum();
    format!("{} ms processor each", (sum / u32::try_from(all.len()).unwrap()).as_millis())
}

/// Files below a folder and their bytes.
pub fn size(folder: &Path) -> (u64, u64) {
    let (mut files, mut bytes) = (0, 0);
    for entry in std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        let (more, size) =
            if entry.path().is_dir() { size(&entry.path()) } else { (1, entry.metadata().unwrap().len()) };
        (files, bytes) = (files + more, bytes + size);
    }
    (files, bytes)
}

/// Bytes of the database.
pub async fn stored(here: &Here, address: &str) -> u64 {
    if here.repository.db.kind() == "sqlite" {
        return size(Path::new(address).parent().unwrap()).1;
    }
    let mut tx = here.repository.db.read().await.unwrap();
    tx.first("SELECT pg_database_size(current_database())", vec![]).await.unwrap().unwrap().int().unwrap()
}

pub fn mb(bytes: u64) -> String {
    format!("{}.{:02} MB", bytes / 1_000_000, bytes / 10_000 % 100)
}

/// Removes what a part has left.
pub async fn remove(here: Here, address: &str) {
    here.repository.db.close().await;
    std::fs::remove_dir_all(&here.public).unwrap();
    if !address.contains("://") {
        std::fs::remove_dir_all(Path::new(address).parent().unwrap()).unwrap();
    }
}

/// Name of one of the two hundred.
pub fn name(number: usize) -> String {
    format!("a{number:03}")
}

/// A hundred countries.
pub fn territories() -> Vec<&'static str> {
    let all = tidewaiter_data::world().territories.territory.iter();
    all.filter(|t| t.kind == TerritoryKind::Country).map(|t| t.code.as_str()).take(100).collect()
}

/// A repository with two hundred authorities, one officer each: so many of no territory, the others of one each.
pub async fn two_hundred(address: &str, of_none: usize) -> Here {
    let mut here = Here::found(address, &folder("bench-public")).await;
    let charges = |code: &&str| {
        let mut file = economy(code);
        file.economy.economy.currency = "EUR".into();
        file
    };
    let economies = territories().iter().map(charges).collect();
    let folder = Folder { world: tidewaiter_data::world().clone(), economies, ..Folder::default() };
    here.repository.base = Arc::new(Base { folder, ..Base::default() });
    let territories = territories();
    let (mut list, mut all) = (Authorities::new("Bench"), BTreeMap::new());
    for number in 0..200 {
        let territory = (number >= of_none).then(|| territories[number - of_none]);
        list.authorities.push(authority(&name(number), territory, 1));
        all.insert(name(number), keys(&[&name(number)], 1));
    }
    here.admit(3, list, &all).await.unwrap();
    here
}

/// Sends, speaks for warnings and signs: how long the sending takes, and the last signature.
pub async fn publish(here: &Here, authority: &str, sent: Sent) -> (Took, Took) {
    let (taken, sending) = timed(here.submit(authority, sent)).await;
    let receipt = taken.unwrap().receipt;
    let hash = receipt.edition.unwrap();
    for check in here.repository.standing(&hash).await.unwrap().open_warnings {
        here.repository.speak(&hash, "Second officer", &check, "It is meant.").await.unwrap();
    }
    let (signed, publishing) = timed(here.sign(&hash, authority)).await;
    assert!(signed.unwrap().state.is_public());
    (sending, publishing)
}
