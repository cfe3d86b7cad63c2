//! The codes that the Harmonized System no longer has, as quotes know them, follow from the correlation tables.
//! `TIDEWAITER_WRITE_CORRELATIONS=1 cargo test -p tidewaiter-sources --test all hs_moved` writes the file anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use jiff::civil::date;
use tidewaiter_sources::hs::Concordance;

#[test]
fn the_file_follows_from_the_tables() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/hs.csv");
    // The edition of 2022 is in force since 1 January 2022.
    let made = Concordance::shipped().moved(&["HS 2022", "HS 2017", "HS 2012"], date(2022, 1, 1));
    if std::env::var_os("TIDEWAITER_WRITE_CORRELATIONS").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    assert!(made == std::fs::read_to_string(path).unwrap(), "{path} is out of date");
    // Read in the tables: mobile telephones were one subheading, and are two; crumbs went elsewhere.
    assert!(made.contains("HS 2017,851712,HS 2022,2022-01-01,851713 851714 "), "telephones");
    assert!(made.contains("HS 2017,040310,HS 2022,2022-01-01,040320\n"), "yogurt");
}
