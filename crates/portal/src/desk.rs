//! What every door needs: the ratebook in use, the finder, the settings.

use crate::carrier::Shops;
use crate::collect::House;
use crate::guard::bodies::Bodies;
use crate::guard::caller::Allowance;
use crate::guard::kept::Kept;
use crate::guard::keys::Keys;
use crate::store::Store;
use crate::usage::{Usage, Use};
use crate::watch::{Figures, Readiness};
use arc_swap::ArcSwap;
use axum::response::Response;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tidewaiter::Ratebook;
use tidewaiter::ratebook::{CurrencyView, TerritoryView};
use tidewaiter::record::world::TerritoryKind;
use tidewaiter_finder::Finder;
use tokio::sync::Semaphore;

/// A ratebook, of the program or of a file.
#[derive(Debug)]
pub enum Held {
    /// Inside the program.
    Embedded(&'static Ratebook),
    /// Opened from a file.
    Opened(Box<Ratebook>),
}

impl Deref for Held {
    type Target = Ratebook;

    fn deref(&self) -> &Ratebook {
        match self {
            Self::Embedded(ratebook) => ratebook,
            Self::Opened(ratebook) => ratebook,
        }
    }
}

/// A registration under which shops collect taxes of another place.
#[derive(Debug, Clone)]
pub(crate) struct Registration {
    /// As in the question: `eu.ioss`.
    pub(crate) key: String,
    /// Its full name.
    pub(crate) name: String,
    /// What people call it; its full name where nothing shorter is used.
    pub(crate) short: String,
    /// The territory whose taxes it is for.
    pub(crate) place: String,
}

/// The ratebook in use, with what is looked up in it again and again. It never changes; a newer one takes its place.
#[derive(Debug)]
pub struct Book {
    ratebook: Held,
    territories: OnceLock<BTreeMap<String, TerritoryView>>,
    currencies: OnceLock<Vec<CurrencyView>>,
    registrations: OnceLock<Vec<Registration>>,
    /// Names the program's words and looks and the ratebook, for validators of caches.
    mark: [u8; 32],
}

impl Book {
    /// Over a ratebook.
    pub fn new(ratebook: Held) -> Self {
        let mut hash = Sha256::new();
        hash.update(env!("CARGO_PKG_VERSION"));
        hash.update(env!("TIDEWAITER_MADE_OF"));
        hash.update(crate::assets::mark());
        hash.update(ratebook.fingerprint());
        Self {
            territories: OnceLock::new(),
            currencies: OnceLock::new(),
            registrations: OnceLock::new(),
            mark: hash.finalize().into(),
            ratebook,
        }
    }

    /// Every territory and group, by code.
    pub fn territories(&self) -> &BTreeMap<String, TerritoryView> {
        self.territories.get_or_init(|| self.ratebook.territories().into_iter().map(|t| (t.code.clone(), t)).collect())
    }

    /// The English name of a territory; its code where there is none.
    pub fn name<'a>(&'a self, code: &'a str) -> &'a str {
        self.territories().get(code).map_or(code, |t| t.name.as_str())
    }

    /// Every currency.
    pub fn currencies(&self) -> &[CurrencyView] {
        self.currencies.get_or_init(|| self.ratebook.currencies())
    }

    /// Every registration under which shops collect, once: a union's stands with the union.
    pub(crate) fn registrations(&self) -> &[Registration] {
        self.registrations.get_or_init(|| {
            // How well a place fits: keys begin with the letters of their place.
            let mut best: BTreeMap<String, (u8, Registration)> = BTreeMap::new();
            for territory in self.territories().values().filter(|t| t.has_rules) {
                for scheme in self.ratebook.economy(&territory.code).map(|e| e.schemes).unwrap_or_default() {
                    let owns = scheme.key.split('.').next().is_some_and(|p| p.eq_ignore_ascii_case(&territory.code));
                    let rank = match (owns, territory.kind) {
                        (true, _) => 0,
                        (false, TerritoryKind::Union) => 1,
                        (false, _) => 2,
                    };
                    if best.get(&scheme.key).is_none_or(|(known, _)| rank < *known) {
                        let short = if scheme.short.is_empty() { scheme.name.clone() } else { scheme.short };
                        let place = territory.code.clone();
                        let one = Registration { key: scheme.key.clone(), name: scheme.name, short, place };
                        best.insert(scheme.key, (rank, one));
                    }
                }
            }
            best.into_values().map(|(_, one)| one).collect()
        })
    }

    /// What a validator of caches begins with.
    pub(crate) fn mark(&self) -> &[u8; 32] {
        &self.mark
    }
}

impl Deref for Book {
    type Target = Ratebook;

    fn deref(&self) -> &Ratebook {
        &self.ratebook
    }
}

/// Settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Most bytes of a request.
    pub body_bytes: usize,
    /// Most bytes of a request with many questions.
    pub batch_bytes: usize,
    /// How long a request may take.
    pub time: Duration,
    /// How long the answer to a checkout that asks for delivery options may take: Shopify waits three seconds when it has much to ask, and
    /// then shows the fallback of the shop.
    pub checkout_time: Duration,
    /// How many requests one caller may make at once; it gets one more each `refill`.
    pub burst: u32,
    /// How often a caller may make one more.
    pub refill: Duration,
    /// How many proxies stand before the service, each of which adds the address it was asked from to `X-Forwarded-For`. None: that
    /// header counts for nothing, since anybody may send it.
    pub proxies: usize,
    /// The address at which people reach it, for links that leave the page: `https://duties.example`. Taken from the request where
    /// none is given.
    pub address: Option<String>,
    /// The day that counts as today; that of the clock, in UTC, where none is given.
    pub today: Option<Date>,
    /// Where people write about mistakes in the data, where the operator wants letters.
    pub contact: Option<String>,
    /// How many requests are answered at once; who comes then is told to come again.
    pub at_once: usize,
    /// How many connections are open at once; who comes then waits.
    pub connections: usize,
    /// How many of them one network may hold; more are closed at once. Not looked at behind proxies, from which all come.
    pub connections_each: usize,
    /// Most bytes of answers that are kept to be given again; none keeps nothing.
    pub kept_bytes: u64,
    /// How long the body of a request may take to come.
    pub body_time: Duration,
    /// How many bodies of one caller may be on their way at once.
    pub bodies_each: usize,
    /// Most bytes of all bodies that are on their way or being answered; one caller may hold a quarter.
    pub bodies_bytes: usize,
    /// How long one who asks may take for the head of a request, may be idle, and may leave an answer unread.
    pub slow: Duration,
    /// How long new requests are still taken when the service ends, while it says already that it is not ready.
    pub drain: Duration,
    /// How long requests under way are waited for after that.
    pub grace: Duration,
    /// The file of the ratebook, taken in again when it changes.
    pub ratebook_file: Option<PathBuf>,
    /// The file of keys, read again when it changes.
    pub keys_file: Option<PathBuf>,
    /// The file of shops whose checkout asks for delivery options, read again when it or a table that it names changes.
    pub shops_file: Option<PathBuf>,
    /// Whether a span is made of each request; [`crate::Traces`] sends them.
    pub traces: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            body_bytes: 256 << 10,
            batch_bytes: 16 << 20,
            time: Duration::from_secs(20),
            checkout_time: Duration::from_millis(2500),
            burst: 200,
            refill: Duration::from_millis(20),
            proxies: 0,
            address: None,
            today: None,
            contact: None,
            at_once: 512,
            connections: 10_000,
            connections_each: 1_000,
            kept_bytes: 64 << 20,
            body_time: Duration::from_secs(10),
            bodies_each: 128,
            bodies_bytes: 128 << 20,
            slow: Duration::from_secs(30),
            drain: Duration::from_secs(2),
            grace: Duration::from_secs(25),
            ratebook_file: None,
            keys_file: None,
            shops_file: None,
            traces: false,
        }
    }
}

tokio::task_local! {
    /// The ratebook of the request that is being answered.
    static BOOK: Arc<Book>;
    /// As what it was counted last.
    static USED: Cell<Option<Use>>;
}

/// An answer with what it was counted as.
pub(crate) async fn counted(answer: impl Future<Output = Response>) -> (Response, Option<Use>) {
    USED.scope(Cell::new(None), async move {
        let answer = answer.await;
        (answer, USED.with(Cell::get))
    })
    .await
}

/// What every door needs. A copy is the same desk.
#[derive(Clone)]
pub struct Desk(Arc<Inner>);

/// Behind a [`Desk`].
pub struct Inner {
    book: ArcSwap<Book>,
    /// From words to goods codes.
    pub(crate) finder: &'static Finder,
    /// Settings.
    pub(crate) settings: Settings,
    /// Who may ask more often.
    pub(crate) keys: Keys,
    /// Shops whose checkout asks for delivery options.
    pub shops: Shops,
    /// Figures for those who run it.
    pub(crate) figures: Figures,
    /// Counts of use, for everybody.
    pub(crate) usage: Usage,
    /// How often each caller may ask.
    pub(crate) allowance: Allowance,
    /// Places for requests that are being answered.
    pub(crate) places: Semaphore,
    /// Bodies that are on their way or being answered.
    pub(crate) bodies: Bodies,
    /// Answers that were given before.
    pub(crate) kept: Kept,
    /// What was last found out about being ready.
    pub(crate) readiness: Readiness,
    /// Whether the service is about to end.
    pub(crate) stopping: AtomicBool,
    store: OnceLock<Store>,
    house: OnceLock<Arc<House>>,
}

impl Deref for Desk {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Desk {
    /// A desk with a ratebook, keys and counts.
    pub fn new(ratebook: Held, settings: Settings, keys: Keys, usage: Usage) -> Self {
        Self(Arc::new(Inner {
            book: ArcSwap::from_pointee(Book::new(ratebook)),
            finder: Finder::embedded(),
            allowance: Allowance::new(&settings),
            places: Semaphore::new(settings.at_once.clamp(1, Semaphore::MAX_PERMITS)),
            bodies: Bodies::default(),
            kept: Kept::new(settings.kept_bytes),
            readiness: Readiness::default(),
            stopping: AtomicBool::new(false),
            store: OnceLock::new(),
            house: OnceLock::new(),
            settings,
            keys,
            shops: Shops::default(),
            figures: Figures::default(),
            usage,
        }))
    }

    /// A desk with what is inside the program.
    pub fn embedded(settings: Settings) -> Self {
        Self::new(Held::Embedded(tidewaiter_data::ratebook()), settings, Keys::default(), Usage::default())
    }

    /// The ratebook in use: within a request the one it began with, to its end, whatever comes meanwhile.
    pub fn book(&self) -> Arc<Book> {
        BOOK.try_with(Arc::clone).unwrap_or_else(|_| self.book.load_full())
    }

    /// Puts a newer ratebook in its place: answers that are under way end with the one they began with.
    pub fn replace(&self, ratebook: Held) {
        self.put(Book::new(ratebook));
    }

    pub(crate) fn put(&self, book: Book) {
        self.book.store(Arc::new(book));
    }

    /// Gives it a store, once.
    pub fn keep_in(&self, store: Store) {
        _ = self.store.set(store);
    }

    /// The store, where there is one.
    pub fn store(&self) -> Option<&Store> {
        self.store.get()
    }

    /// Gives it the house of sellers and authorities, once.
    pub fn open_house(&self, house: House) {
        _ = self.house.set(Arc::new(house));
    }

    /// The house, where there is one.
    pub fn house(&self) -> Option<&Arc<House>> {
        self.house.get()
    }

    /// Gives a request one ratebook for all that is said of it: its tag, its figures, the fingerprint at its foot.
    pub(crate) async fn with_one_book(&self, answer: impl Future<Output = Response>) -> Response {
        BOOK.scope(self.0.book.load_full(), answer).await
    }

    /// Counts of use.
    pub fn usage(&self) -> &Usage {
        &self.usage
    }

    /// Counts a use of today.
    pub(crate) fn count(&self, one: Use) {
        self.usage.count(self.today(), one);
        // Work of no request is counted all the same.
        _ = USED.try_with(|used| used.set(Some(one)));
    }

    /// Today, in UTC.
    pub fn today(&self) -> Date {
        self.settings.today.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date())
    }
}
