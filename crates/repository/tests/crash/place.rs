//! Where a repository is: its database, its published files, a reader's copy. All of it can be put back as it was.

use crate::common;
use crate::crash::life::folder;
use std::path::{Path, PathBuf};

/// Copies a folder.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// All tables, in an order in which they can be filled.
const TABLES: [&str; 16] = [
    "repository",
    "authority",
    "role",
    "listed",
    "outbox",
    "file",
    "edition",
    "concern",
    "word",
    "record",
    "submission",
    "audit",
    "token",
    "pull",
    "subscription",
    "delivery",
];

/// Keeps all rows beside. A new database for each state would take a second each.
fn saving() -> String {
    let tables = TABLES.map(|table| format!("CREATE TABLE saved.{table} AS TABLE public.{table};")).concat();
    format!("DROP SCHEMA IF EXISTS saved CASCADE; CREATE SCHEMA saved; {tables}")
}

fn putting_back() -> String {
    let mut sql: Vec<String> = TABLES.map(|table| format!("INSERT INTO {table} SELECT * FROM saved.{table};")).into();
    sql.splice(0..0, TABLES.iter().rev().map(|table| format!("DELETE FROM {table};")));
    sql.concat()
}

/// Where a repository is, so that it can be put back as it was: nobody may have it open meanwhile.
pub struct Place {
    pub address: String,
    pub public: PathBuf,
    pub reader: PathBuf,
    saved: PathBuf,
}

impl Place {
    pub fn new(address: &str) -> Self {
        let at = folder("place");
        let place = Self {
            address: address.to_owned(),
            public: at.join("public"),
            reader: at.join("reader"),
            saved: at.join("saved"),
        };
        std::fs::create_dir_all(&place.public).unwrap();
        std::fs::create_dir_all(&place.reader).unwrap();
        place
    }

    pub async fn save(&self) {
        let _ = std::fs::remove_dir_all(&self.saved);
        copy_folder(&self.public, &self.saved.join("public"));
        copy_folder(&self.reader, &self.saved.join("reader"));
        self.move_database(true).await;
    }

    pub async fn put_back(&self) {
        for (name, to) in [("public", &self.public), ("reader", &self.reader)] {
            std::fs::remove_dir_all(to).unwrap();
            copy_folder(&self.saved.join(name), to);
        }
        self.move_database(false).await;
    }

    async fn move_database(&self, save: bool) {
        if self.address.starts_with("postgres") {
            common::run(&self.address, &if save { saving() } else { putting_back() }).await;
            return;
        }
        let (address, saved) = (Path::new(&self.address), self.saved.join("database"));
        let (from, to) = if save { (address, saved.as_path()) } else { (saved.as_path(), address) };
        for ending in ["", "-wal", "-shm"] {
            let with = |path: &Path| PathBuf::from(format!("{}{ending}", path.display()));
            let _ = std::fs::remove_file(with(to));
            if with(from).exists() {
                std::fs::copy(with(from), with(to)).unwrap();
            }
        }
    }
}
