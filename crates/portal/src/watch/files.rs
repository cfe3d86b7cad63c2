//! Files that are taken in again when they change: the ratebook, the keys, the shops with their tables of goods. A file that cannot be used is told of, and what was there
//! before stays.

use crate::carrier::{Shops, ShopsError};
use crate::desk::{Book, Desk, Held};
use crate::guard::keys::Keys;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tidewaiter::Ratebook;

/// How often they are looked at.
const EACH: Duration = Duration::from_secs(1);

/// What tells a file from the one that was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    changed: Option<SystemTime>,
    inode: u64,
}

impl Stamp {
    async fn of(path: &Path) -> Option<Self> {
        let about = tokio::fs::metadata(path).await.ok().filter(std::fs::Metadata::is_file)?;
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(&about);
        #[cfg(not(unix))]
        let inode = 0;
        Some(Self { bytes: about.len(), changed: about.modified().ok(), inode })
    }
}

/// A file, as it was when it was last taken in or refused, and as it was a moment ago.
struct Watched {
    known: Option<Stamp>,
    seen: Option<Stamp>,
}

impl Watched {
    async fn new(path: &Path) -> Self {
        let known = Stamp::of(path).await;
        Self { known, seen: known }
    }

    /// Whether it is another than before, or gone, and rests: a file that is still being written is left for the next time.
    async fn is_new(&mut self, path: &Path) -> bool {
        let now = Stamp::of(path).await;
        let rests = now == self.seen;
        self.seen = now;
        let new = rests && now != self.known;
        if new {
            self.known = now;
        }
        new
    }
}

/// The file of shops and the tables that it named when it was last read.
struct WatchedShops {
    file: PathBuf,
    watched: Watched,
    tables: Vec<(PathBuf, Watched)>,
}

impl WatchedShops {
    async fn new(desk: &Desk, file: PathBuf) -> Self {
        let mut tables = Vec::new();
        for path in desk.shops.tables() {
            let watched = Watched::new(&path).await;
            tables.push((path, watched));
        }
        Self { watched: Watched::new(&file).await, tables, file }
    }

    async fn is_new(&mut self) -> bool {
        let mut new = self.watched.is_new(&self.file).await;
        for (path, watched) in &mut self.tables {
            new |= watched.is_new(path).await;
        }
        new
    }
}

/// Looks at the files of a desk as long as the service runs.
pub(crate) async fn watch(desk: Desk) {
    let mut clock = tokio::time::interval(EACH);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut forget = tokio::time::interval(crate::guard::caller::FORGET);
    let (ratebook, keys) = (desk.settings.ratebook_file.clone(), desk.settings.keys_file.clone());
    let mut of_ratebook = Watched::new(ratebook.as_deref().unwrap_or(Path::new(""))).await;
    let mut of_keys = Watched::new(keys.as_deref().unwrap_or(Path::new(""))).await;
    let mut of_shops = match desk.settings.shops_file.clone() {
        Some(file) => Some(WatchedShops::new(&desk, file).await),
        None => None,
    };
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            _ = forget.tick() => {
                desk.allowance.forget();
                continue;
            }
        }
        if let Some(path) = &ratebook
            && of_ratebook.is_new(path).await
        {
            take_ratebook(&desk, path).await;
        }
        if let Some(path) = &keys
            && of_keys.is_new(path).await
        {
            take_keys(&desk, path).await;
        }
        if let Some(shops) = &mut of_shops
            && shops.is_new().await
            && take_shops(&desk, shops.file.clone()).await
        {
            // It may name other tables now.
            *shops = WatchedShops::new(&desk, shops.file.clone()).await;
        }
    }
}

async fn take_shops(desk: &Desk, file: PathBuf) -> bool {
    let book = desk.book();
    let read = tokio::task::spawn_blocking(move || {
        let shops = Shops::open(&file)?;
        shops.check(&book)?;
        Ok::<_, ShopsError>(shops)
    });
    match read.await {
        Ok(Ok(shops)) => {
            desk.shops.replace(&shops);
            desk.figures.file(true);
            for summary in shops.summaries() {
                tracing::info!(shop = summary, "the shops were read again");
            }
            true
        }
        failed => {
            let why = failed.map_or_else(
                |_| "it cannot be read".to_owned(),
                |r| r.err().map_or_else(String::new, |e| e.to_string()),
            );
            desk.figures.file(false);
            tracing::error!(
                why,
                "the file of shops or a table that it names changed and cannot be used; the shops before count"
            );
            false
        }
    }
}

async fn take_ratebook(desk: &Desk, path: &Path) {
    let (today, path) = (desk.today(), path.to_owned());
    let opened = tokio::task::spawn_blocking(move || {
        // Into memory of its own: a file that somebody writes over in place must not change under an answer.
        let ratebook = Ratebook::load(&path).map_err(|e| e.to_string())?;
        ratebook.verify().map_err(|e| e.to_string())?;
        let book = Book::new(Held::Opened(Box::new(ratebook)));
        if super::answers(&book, today) { Ok(book) } else { Err("it does not answer a sample question".to_owned()) }
    });
    match opened.await.unwrap_or_else(|_| Err("it cannot be read".to_owned())) {
        Ok(book) => {
            let fingerprint = book.fingerprint().to_owned();
            desk.put(book);
            desk.figures.file(true);
            tracing::info!(fingerprint, "a newer ratebook answers");
        }
        Err(why) => {
            desk.figures.file(false);
            tracing::error!(why, "the ratebook file changed and cannot be used; the one before goes on answering");
        }
    }
}

async fn take_keys(desk: &Desk, path: &Path) {
    let read = tokio::fs::read_to_string(path).await.map_err(|e| e.to_string());
    match read.and_then(|text| Keys::read(&text).map_err(|e| e.to_string())) {
        // Emptied by accident more often than on purpose, and then every holder would be refused.
        Ok(keys) if keys.is_empty() && !desk.keys.is_empty() => {
            desk.figures.file(false);
            tracing::warn!(
                "the file of keys is empty now; the keys before count. To withdraw all, start the service anew"
            );
        }
        Ok(keys) => {
            desk.keys.replace(&keys);
            desk.figures.file(true);
            tracing::info!("the keys were read again");
        }
        Err(why) => {
            desk.figures.file(false);
            tracing::error!(why, "the file of keys changed and cannot be used; the keys before count");
        }
    }
}
