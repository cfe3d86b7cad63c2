//! The embedded rates and rules: one reviewable file per economy in `economies/`, compiled into a ratebook when this
//! crate is built.
//!
//! ```
//! let ratebook = tidewaiter_data::ratebook();
//! let asked = serde_json::from_str(r#"{
//!   "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR", "freight": "4.90",
//!   "channel": "post", "seller": { "registrations": ["eu.ioss"] },
//!   "items": [{ "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50" }]
//! }"#)?;
//! let quote = ratebook.quote(&asked)?;
//! assert_eq!(quote.outcome, tidewaiter::Outcome::Amount);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod folder;
pub mod packed;
pub mod tariffs;

use std::sync::OnceLock;
use tidewaiter::Ratebook;
use tidewaiter::ratebook::compile::{SourceFile, World, read_economy};

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/embedded.twrb"));

/// The embedded ratebook. Opened once, in well under a millisecond.
///
/// # Panics
/// Never: the bytes were checked when this crate was built, and a test opens them.
pub fn ratebook() -> &'static Ratebook {
    static OPEN: OnceLock<Ratebook> = OnceLock::new();
    #[allow(clippy::expect_used, reason = "the bytes are part of this program and a test opens them")]
    OPEN.get_or_init(|| Ratebook::from_static(BYTES).expect("the embedded ratebook is sound"))
}

/// The bytes of the embedded ratebook, for writing it to a file.
pub fn bytes() -> &'static [u8] {
    BYTES
}

/// What the returns of each scheme are, by the key of the scheme: the text of its file in `returns/`.
pub fn returns() -> &'static [(&'static str, &'static str)] {
    include!(concat!(env!("OUT_DIR"), "/returns.rs"))
}

/// Shapes and check digits of identifiers: the text of `identifiers.toml`.
pub fn identifiers() -> &'static str {
    include_str!("../identifiers.toml")
}

/// The world's tables, for checking economy files.
pub fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let mut world = World {
            territories: toml::from_str(include_str!("../territories.toml")).unwrap_or_default(),
            currencies: toml::from_str(include_str!("../currencies.toml")).unwrap_or_default(),
            series: toml::from_str(include_str!("../exchange/series.toml")).unwrap_or_default(),
            ..World::default()
        };
        world.moved = include_str!("../hs.csv").into();
        world.rates.insert("ecb.csv".into(), include_str!("../exchange/ecb.csv").into());
        world.rates.insert("indicative.csv".into(), include_str!("../exchange/indicative.csv").into());
        world
    })
}

/// The long code lists of the unions' files.
const LISTS: [(&str, &str); 2] = [
    ("lists/US.toml", include_str!("../lists/US.toml")),
    ("lists/US.transcribed.toml", include_str!("../lists/US.transcribed.toml")),
];

fn belongs(name: &str, territory: &str) -> bool {
    name.trim_start_matches("lists/").split('.').next() == Some(territory)
}

/// Addresses of official files, as TOML.
pub fn addresses() -> &'static str {
    include_str!("../addresses.toml")
}

/// Small parcels of what people buy across borders most, one question a line, without a destination: a sample to compare
/// ratebooks with.
pub fn baskets() -> &'static str {
    include_str!("../baskets.ndjson")
}

/// The data folder that the embedded ratebook was made of: the place and bytes of each file.
#[cfg(feature = "folder")]
pub fn files() -> Vec<(String, Vec<u8>)> {
    static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/folder.gz"));
    // The bytes are part of this program, and a test unpacks them.
    packed::unpack(PACKED).unwrap_or_default()
}

/// The subheadings of the Harmonized System in force, six digits each: those of the complete schedule in the folder, without
/// chapters 98 and 99, which each country uses for itself.
#[cfg(feature = "folder")]
pub fn subheadings() -> std::collections::BTreeSet<String> {
    let schedule = files().into_iter().find(|(name, _)| name == "tariffs/US.csv").map(|(_, bytes)| bytes);
    let text = String::from_utf8(schedule.unwrap_or_default()).unwrap_or_default();
    let codes = text.lines().skip(1).filter_map(|line| line.get(..6)).filter(|code| *code < "980000");
    codes.filter(|code| code.bytes().all(|b| b.is_ascii_digit())).map(str::to_owned).collect()
}

/// The files of unions, which a member's file leans on.
pub fn unions() -> &'static [SourceFile] {
    static FILES: OnceLock<Vec<SourceFile>> = OnceLock::new();
    FILES.get_or_init(|| {
        [
            ("economies/EU.toml", include_str!("../economies/EU.toml")),
            ("economies/EAEU.toml", include_str!("../economies/EAEU.toml")),
            ("economies/CH.toml", include_str!("../economies/CH.toml")),
            ("economies/US.toml", include_str!("../economies/US.toml")),
        ]
        .into_iter()
        .filter_map(|(name, text)| read_economy(name, text).ok())
        .map(|mut file| {
            // The build has merged the same files, so nothing is lost here; a test compares.
            let territory = file.economy.economy.territory.clone();
            for (name, text) in LISTS.iter().filter(|(n, _)| belongs(n, &territory)) {
                let _ = folder::merge(&mut file, name, text);
            }
            file
        })
        .collect()
    })
}
