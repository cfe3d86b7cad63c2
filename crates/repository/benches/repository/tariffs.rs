//! Monthly tariffs: one authority among two hundred; and what a client fetches, first and later.

use crate::common::{addresses, edition_file, folder};
use crate::measure::*;
use crate::rates::{roles, sent, started, update};
use jiff::SignedDuration;
use jiff::civil::Date;
use std::fmt::Write as _;
use tidewaiter_repository::workflow::sent::Sent;

const LINES: u64 = 5_000;
const MONTHS: u64 = 12;

/// A tariff of a month: each month two lines in a hundred have a new duty.
fn tariff(territory: &str, month: u64) -> Sent {
    let mut text = format!(
        "{{\"edition\":{{\"authority\":\"x\",\"territory\":\"{territory}\",\"currency\":\"EUR\",\"title\":\"Tariff\",\"format\":\"edition\",\"nomenclature\":\"HS 2022\",\"known_from\":\"2026-01-01\",\"licence\":\"Free to use\"}}}}\n{{\"fact\":{{\"key\":\"t\",\"statement\":\"The tariff.\",\"source\":{{\"publisher\":\"Customs\"}},\"confidence\":\"high\"}}}}\n"
    );
    for line in 0..LINES {
        // Fifty chapters of a hundred lines each.
        let (chapter, below) = (1 + line / 100, 100 + line % 100);
        let changed = (0..=month).rev().find(|month| (line + month * 37) % 50 == 0).unwrap_or(0);
        // No two territories have a chapter in common, or a client would fetch it once for both.
        let duty =
            (line * 7 + changed * 3 + territory.bytes().fold(0, |sum, byte| sum * 26 + u64::from(byte - b'A'))) % 997;
        writeln!(text, "{{\"measure\":{{\"code\":\"{chapter:02}{below:03}0\",\"kind\":\"third-country\",\"amount\":\"{}.{} %\",\"cites\":[\"t\"],\"from\":\"2026-01-01\"}}}}", duty / 10, duty % 10).unwrap();
    }
    edition_file(text)
}

pub async fn run() {
    for address in addresses("bench-tariffs").await.into_iter().take(1) {
        let here = two_hundred(&address, 100).await;
        println!("\ntariffs, {}: {LINES} lines, {MONTHS} months", here.repository.db.kind());
        let territories = territories();
        let day = [Date::constant(2026, 11, 20)];
        let mut first = Vec::new();
        for number in 0..200 {
            if number < 100 {
                publish(&here, &name(number), sent(&day, false)).await;
            } else {
                first.push(publish(&here, &name(number), tariff(territories[number - 100], 0)).await);
            }
        }
        let (sending, publishing): (Vec<_>, Vec<_>) = first.into_iter().unzip();
        println!("first editions sent: {}, {}", spread(sending.iter().map(|t| t.wall).collect()), each(&sending));
        println!("published: {}, {}", spread(publishing.iter().map(|t| t.wall).collect()), each(&publishing));
        println!("database {}, static {:?}", mb(stored(&here, &address).await), size(&here.public));
        let at = folder("bench-tariffs-copy");
        let mut copy = started(&here, &at);
        let (files, bytes, time) = update(&mut copy, &here);
        println!("first update, 200 authorities: {files} files, {bytes} bytes in {} ms", time.as_millis());
        let (files, bytes, time) = update(&mut copy, &here);
        println!("nothing new: {files} file, {bytes} bytes in {} ms", time.as_millis());
        let before = (stored(&here, &address).await, size(&here.public));
        let (mut sending, mut signing, mut seen, mut fetched) = (Vec::new(), Vec::new(), Vec::new(), (0, 0));
        for month in 1..=MONTHS {
            here.pass(SignedDuration::from_mins(1));
            let took = publish(&here, &name(100), tariff(territories[0], month)).await;
            let (files, bytes, time) = update(&mut copy, &here);
            sending.push(took.0);
            signing.push(took.1);
            seen.push(took.1.wall + time);
            fetched = (fetched.0 + files, fetched.1 + bytes);
        }
        let after = (stored(&here, &address).await, size(&here.public));
        println!("one more month:");
        println!("  sent: {}, {}", spread(sending.iter().map(|t| t.wall).collect()), each(&sending));
        println!("  last signature: {}, {}", spread(signing.iter().map(|t| t.wall).collect()), each(&signing));
        println!("  last signature to seen by a client: {}", spread(seen));
        println!(
            "  an edition: database {} bytes, static {} files {} bytes, fetched {} files {} bytes",
            (after.0.saturating_sub(before.0)) / MONTHS,
            (after.1.0 - before.1.0) / MONTHS,
            (after.1.1 - before.1.1) / MONTHS,
            fetched.0 / MONTHS,
            fetched.1 / MONTHS
        );
        roles(&here.public);
        drop(copy);
        std::fs::remove_dir_all(&at).unwrap();
        remove(here, &address).await;
    }
}
