//! A repository for tests, on both databases: two authorities, two officers each, a clock that the test moves.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test file uses its part; a failing test says so"
)]

use jiff::{SignedDuration, Timestamp};
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tidewaiter::ratebook::compile::{SourceFile, read_economy};
use tidewaiter_repository::assemble::Folder;
use tidewaiter_repository::authority::{Authorities, Authority};
use tidewaiter_repository::impact::Base;
use tidewaiter_repository::key::SecretKey;
use tidewaiter_repository::metadata::{Keys, RootKeys, sign, signable};
use tidewaiter_repository::store::db::{self, Database};
use tidewaiter_repository::workflow::approve::Standing;
use tidewaiter_repository::workflow::ceremony::Ceremony;
use tidewaiter_repository::workflow::sent::{About, Sent};
use tidewaiter_repository::workflow::submit::Taken;
use tidewaiter_repository::workflow::{Clock, Refusal, Repository, Validity};

/// Says where a PostgreSQL server is for tests: `postgres://user@host/`, to which names of databases are added.
pub const POSTGRES: &str = "TIDEWAITER_TEST_POSTGRES";

/// A folder of the test's own, empty.
pub fn folder(name: &str) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let unique = format!("{name}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(unique);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// The databases that a test runs on: a file, and a new database on the server where there is one.
pub async fn addresses(name: &str) -> Vec<String> {
    let mut all = vec![folder(name).join("repository.db").display().to_string()];
    all.extend(postgres(name).await);
    all
}

/// A new database on the server, where there is one.
pub async fn postgres(name: &str) -> Option<String> {
    match std::env::var(POSTGRES) {
        Ok(server) => Some(new_database(&server, name).await),
        Err(_) => {
            eprintln!("{POSTGRES} is not set: {name} runs on SQLite alone");
            None
        }
    }
}

async fn new_database(server: &str, name: &str) -> String {
    use sqlx::{AssertSqlSafe, Connection, Executor};
    let name = format!("t_{}_{}", name.replace('-', "_"), std::process::id());
    let mut connection = sqlx::PgConnection::connect(&format!("{server}postgres")).await.unwrap();
    connection.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))).await.unwrap();
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    // What tests stop is a client of the server, never the server.
    connection.execute(AssertSqlSafe(format!("ALTER DATABASE {name} SET synchronous_commit = off"))).await.unwrap();
    format!("{server}{name}")
}

/// Runs statements on PostgreSQL by a connection of their own.
pub async fn run(address: &str, sql: &str) {
    use sqlx::{AssertSqlSafe, Connection, Executor};
    let mut connection = sqlx::PgConnection::connect(address).await.unwrap();
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    connection.close().await.unwrap();
}

/// Runs a statement on the server of an address, beside its databases.
pub async fn on_server(address: &str, sql: &str) {
    run(&format!("{}/postgres", address.rsplit_once('/').unwrap().0), sql).await;
}

/// The name of the database in an address.
pub fn database_name(address: &str) -> &str {
    address.rsplit_once('/').unwrap().1
}

/// Seeded keys, so that tests are the same each time.
pub fn key(name: &str) -> SecretKey {
    let mut seed = [0; 32];
    for (at, byte) in name.bytes().enumerate() {
        seed[at % 32] ^= byte.rotate_left(u32::try_from(at / 32).unwrap());
    }
    seed[31] ^= 0x5a;
    SecretKey::from_seed(&seed)
}

/// The keys of names.
pub fn keys(names: &[&str], threshold: u64) -> Keys {
    Keys { keys: names.iter().map(|n| key(n).public()).collect(), threshold }
}

/// The root keys of tests: two of three offline, one online.
pub fn root_keys() -> RootKeys {
    let offline = keys(&["root-a", "root-b", "root-c"], 2);
    let online = keys(&["online"], 1);
    RootKeys { root: offline.clone(), targets: offline, snapshot: online.clone(), timestamp: online }
}

/// An authority of tests.
pub fn authority(id: &str, territory: Option<&str>, officers: u64) -> Authority {
    Authority {
        id: id.into(),
        name: format!("Customs of {}", id.to_uppercase()),
        territory: territory.map(str::to_owned),
        publishes: Vec::new(),
        unofficial: id == "unofficial",
        officers,
    }
}

/// A test's repository.
pub struct Here {
    pub repository: Repository,
    pub seconds: Arc<AtomicI64>,
    pub public: PathBuf,
}

impl Here {
    /// A repository with the authorities `qq` (two officers must sign) and `zz` (one).
    pub async fn found(address: &str, public: &Path) -> Self {
        Self::open(address, public).await.founded().await
    }

    /// The same, of a repository that was opened on a new database.
    pub async fn founded(self) -> Self {
        let here = self;
        here.repository.db.migrate().await.unwrap();
        let mut ceremony = Ceremony::found("Test", &root_keys(), here.now()).unwrap();
        for name in ["root-a", "root-b"] {
            ceremony.sign(&key(name)).unwrap();
        }
        here.repository.accept(&ceremony, "founder").await.unwrap();
        let list = Authorities {
            authorities: vec![authority("qq", Some("QQ"), 2), authority("zz", Some("ZZ"), 1)],
            ..Authorities::new("Test")
        };
        let keys = BTreeMap::from([
            ("qq".to_owned(), keys(&["qq-one", "qq-two", "qq-three"], 2)),
            ("zz".to_owned(), keys(&["zz-one"], 1)),
        ]);
        here.admit(2, list, &keys).await.unwrap();
        here
    }

    /// The repository of a database, on static files in a folder.
    pub async fn open(address: &str, public: &Path) -> Self {
        let db: Arc<dyn Database> = Arc::from(db::open(address).await.unwrap());
        Self::with(db, public)
    }

    pub fn with(db: Arc<dyn Database>, public: &Path) -> Self {
        std::fs::create_dir_all(public).unwrap();
        let host: Arc<dyn ObjectStore> = Arc::new(LocalFileSystem::new_with_prefix(public).unwrap());
        let start: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
        let seconds = Arc::new(AtomicI64::new(start.as_second()));
        let ticking = seconds.clone();
        let clock = Clock::new(move || Timestamp::from_second(ticking.load(Ordering::SeqCst)).unwrap());
        let base = Base { folder: world(), ..Base::default() };
        let repository = Repository {
            db,
            public: host,
            online: key("online"),
            address: "https://rates.example".into(),
            base: Arc::new(base),
            validity: Validity::default(),
            clock,
        };
        Self { repository, seconds, public: public.to_owned() }
    }

    pub fn now(&self) -> Timestamp {
        self.repository.clock.now()
    }

    pub fn pass(&self, time: SignedDuration) {
        self.seconds.fetch_add(time.as_secs(), Ordering::SeqCst);
    }

    pub async fn admit(&self, version: u64, list: Authorities, keys: &BTreeMap<String, Keys>) -> Result<(), Refusal> {
        let mut ceremony = Ceremony::targets("Admit.".into(), version, list, keys, self.now())?;
        for name in ["root-a", "root-b"] {
            ceremony.sign(&key(name))?;
        }
        self.repository.accept(&ceremony, "secretariat").await
    }

    pub async fn submit(&self, authority: &str, sent: Sent) -> Result<Taken, Refusal> {
        self.repository.submit(authority, "First officer", None, sent).await
    }

    /// Signs an edition with a key.
    pub async fn sign(&self, hash: &str, name: &str) -> Result<Standing, Refusal> {
        let package = self.repository.package(hash, false).await?;
        let mut role = package.role.clone();
        sign(&mut role, &key(name)).unwrap();
        let signature = key(name).sign(&signable(&role.signed).unwrap());
        self.repository.sign(hash, name, &key(name).public(), &signature).await
    }

    /// Speaks for every warning of a draft.
    pub async fn speak(&self, hash: &str) {
        for check in self.repository.standing(hash).await.unwrap().open_warnings {
            self.repository.speak(hash, "Second officer", &check, "It is meant.").await.unwrap();
        }
    }

    /// Sends, speaks for warnings and signs with both officers.
    pub async fn publish(&self, authority: &str, sent: Sent) -> String {
        let hash = self.submit(authority, sent).await.unwrap().receipt.edition.unwrap();
        self.speak(&hash).await;
        let signers: &[&str] = if authority == "qq" { &["qq-one", "qq-two"] } else { &["zz-one"] };
        for name in signers {
            self.sign(&hash, name).await.unwrap();
        }
        hash
    }
}

/// Territories QQ and ZZ with their currencies.
pub fn world() -> Folder {
    let mut folder = Folder::default();
    folder.world.territories = toml_of(
        "[[territory]]\ncode = \"QQ\"\nname = \"Q\"\nkind = \"country\"\ncurrency = \"XQD\"\n
         [[territory]]\ncode = \"ZZ\"\nname = \"Z\"\nkind = \"country\"\ncurrency = \"XQD\"\n",
    );
    folder.world.currencies = toml_of(
        "[[currency]]\ncode = \"XQD\"\nname = \"Q dollar\"\nminor = 2\n[[currency]]\ncode = \"XZD\"\nname = \"Z dollar\"\nminor = 2\n",
    );
    folder.economies = ["QQ", "ZZ"].map(economy).to_vec();
    folder
}

/// An economy that charges what its tariff says.
pub fn economy(code: &str) -> SourceFile {
    let key = code.to_lowercase();
    let text = format!(
        r#"[economy]
territory = "{code}"
currency = "XQD"
known_from = 2026-01-01

[[fact]]
key = "{key}.act"
topic = "duty"
statement = "Goods that come in pay the duty of the tariff."
source = {{ publisher = "Customs", title = "Customs Act", date = 2025-11-30 }}
confidence = "high"

[[charge]]
key = "{key}.duty"
name = "Duty"
kind = "duty"
base = "goods"
round = "half-up 0.01 per line"

[[charge.rung]]
name = "tariff"
amount = "tariff"
cites = ["{key}.act"]
"#
    );
    read_economy(&format!("economies/{code}.toml"), &text).map_err(|p| p.to_string()).unwrap()
}

fn toml_of<T: serde::de::DeserializeOwned>(text: &str) -> T {
    toml::from_str(text).unwrap()
}

/// An edition file of a territory: one duty a code.
pub fn tariff(territory: &str, duties: &[(&str, &str)]) -> Sent {
    let mut text = format!(
        r#"{{"edition":{{"authority":"x","territory":"{territory}","currency":"XQD","title":"Tariff of {territory}","format":"sheet","nomenclature":"HS 2022","known_from":"2026-11-22","licence":"Free to use"}}}}
{{"fact":{{"key":"t","statement":"The tariff.","source":{{"publisher":"Customs"}},"confidence":"high"}}}}
"#
    );
    for (code, duty) in duties {
        text.push_str(&format!(
            "{{\"measure\":{{\"code\":\"{code}\",\"kind\":\"third-country\",\"amount\":\"{duty}\",\"cites\":[\"t\"]}}}}\n"
        ));
    }
    edition_file(text)
}

pub fn edition_file(text: String) -> Sent {
    Sent {
        about: About { format: "edition".into(), ..About::default() },
        files: vec![("tariff.ndjson".into(), text.into_bytes())],
    }
}
