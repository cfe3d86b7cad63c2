//! A draft is tried beside what readers really have.

use crate::common::{Here, addresses, authority, economy, edition_file, folder, keys, tariff, world};
use jiff::SignedDuration;
use std::collections::BTreeMap;
use std::sync::Arc;
use tidewaiter::ratebook::compile::{Problem, read_economy};
use tidewaiter::record::edition::Edition as Head;
use tidewaiter_repository::assemble::Folder;
use tidewaiter_repository::authority::{Authorities, Authority};
use tidewaiter_repository::feeds::Interest;
use tidewaiter_repository::feeds::address::Reach;
use tidewaiter_repository::impact::Base;
use tidewaiter_repository::metadata::{self, Keys};
use tidewaiter_repository::name::Place;
use tidewaiter_repository::package::Package;
use tidewaiter_repository::store::edition::{self, State};
use tidewaiter_repository::store::subscription::Channel;
use tidewaiter_repository::workflow::Refusal;
use tidewaiter_repository::workflow::draft::make;
use tidewaiter_repository::workflow::sent::{About, Records, Sent};

/// Reads what "unofficial" publishes in these tests: economies, and more territories.
fn read(files: &[(String, Vec<u8>)]) -> Result<Folder, Vec<Problem>> {
    let mut folder = Folder { economies: Vec::new(), ..world() };
    for (place, bytes) in files {
        let text = String::from_utf8_lossy(bytes);
        if place == "territories.toml" {
            folder.world.territories = toml::from_str(&text).unwrap();
        } else {
            folder.economies.push(read_economy(place, &text).map_err(|problem| vec![problem])?);
        }
    }
    Ok(folder)
}

/// `qq` (Q), `qq-tax` (Q too), `bank` and `bank-zz` (no territory), `unofficial`; one officer each.
async fn found(address: &str, ids: &[&str]) -> Here {
    let mut here = Here::found(address, &folder("beside-public")).await;
    here.repository.base = Arc::new(Base { folder: world(), read: Some(read), ..Base::default() });
    admit(&here, 3, ids).await;
    here
}

async fn admit(here: &Here, version: u64, ids: &[&str]) {
    let territory = |id: &str| id.starts_with("qq").then_some("QQ");
    let list = Authorities {
        authorities: ids.iter().map(|id| authority(id, territory(id), 1)).collect(),
        ..Authorities::new("Test")
    };
    let keys: BTreeMap<String, Keys> = ids.iter().map(|id| ((*id).to_owned(), keys(&["officer"], 1))).collect();
    here.admit(version, list, &keys).await.unwrap();
}

/// A first edition of files, as a package.
fn files(here: &Here, of: &Authority, files: &[(&str, &str)]) -> Sent {
    let head = Head {
        authority: of.name.clone(),
        territory: of.territory.clone(),
        currency: of.territory.as_ref().map(|_| "XQD".to_owned()),
        title: "Files".into(),
        format: "edition".into(),
        nomenclature: Some("HS 2022".into()),
        known_from: "2026-11-22".parse().unwrap(),
        licence: Some("Free to use".into()),
        ..Head::default()
    };
    let files = files.iter().map(|(place, text)| (Place::new(place).unwrap(), text.as_bytes().to_vec())).collect();
    let records = Records { head, files, ..Records::default() };
    let (manifest, stored, _) = make(of, &About::default(), records, None, here.now()).unwrap().unwrap();
    let manifest_bytes = manifest.to_bytes().unwrap();
    let expires = here.repository.expires(&manifest, here.now());
    let role = metadata::unsigned(metadata::authority(1, expires, &manifest_bytes, &manifest).unwrap());
    let parts = stored.into_iter().map(|s| (s.part.sha256, s.bytes)).collect();
    let package = Package { manifest, manifest_bytes, role, parts };
    let about = About { format: "package".into(), ..About::default() };
    Sent { about, files: vec![("first.zip".into(), package.to_bytes().unwrap())] }
}

fn economy_file(code: &str) -> String {
    economy(code).text
}

fn rates(series: &str, base: &str, currency: &str) -> Sent {
    edition_file(format!(
        "{{\"edition\":{{\"authority\":\"x\",\"title\":\"Rates\",\"format\":\"edition\",\"known_from\":\"2026-11-22\",\"licence\":\"Free to use\"}}}}\n\
         {{\"exchange-rate\":{{\"series\":\"{series}\",\"base\":\"{base}\",\"currency\":\"{currency}\",\"rate\":\"2\",\"from\":\"2026-11-20\"}}}}\n"
    ))
}

async fn publish(here: &Here, id: &str, sent: Sent) {
    let hash = here.submit(id, sent).await.unwrap().receipt.edition.unwrap();
    here.speak(&hash).await;
    here.sign(&hash, "officer").await.unwrap();
}

/// What TW701 says, where it alone refuses.
fn misfit(refusal: Refusal) -> (String, String) {
    let Refusal::Checks(report) = refusal else { panic!("{refusal}") };
    let errors: Vec<_> = report.findings.iter().filter(|f| f.check == "TW701").collect();
    let [one] = errors.as_slice() else { panic!("{report:?}") };
    (one.place.clone(), one.says.clone())
}

#[tokio::test]
async fn two_economy_files_of_one_territory_are_refused_naming_both() {
    for address in addresses("beside-files").await {
        let here = found(&address, &["qq", "qq-tax"]).await;
        let (customs, tax) = (authority("qq", Some("QQ"), 1), authority("qq-tax", Some("QQ"), 1));
        publish(&here, "qq", files(&here, &customs, &[("economies/QQ.toml", &economy_file("QQ"))])).await;
        let sent = files(&here, &tax, &[("economies/QQ.toml", &economy_file("QQ"))]);
        let (place, says) = misfit(here.submit("qq-tax", sent).await.unwrap_err());
        assert_eq!(place, "economies/QQ.toml, economy.territory");
        assert_eq!(
            says,
            "no ratebook can be made of it beside edition 1 of Customs of QQ (qq): the economy file of QQ is published by \
             Customs of QQ (qq) already, and Customs of QQ-TAX (qq-tax) publishes one too"
        );
        // Its tariff alone fits.
        publish(&here, "qq-tax", tariff("QQ", &[("610910", "12 %")])).await;
        // Who published first may go on.
        let mut again = economy_file("QQ");
        again.push_str("# Another edition.\n");
        let mut sent = files(&here, &customs, &[("economies/QQ.toml", &again)]);
        let package = Package::from_bytes(&sent.files[0].1).unwrap();
        let head = { edition_head(&here, "qq").await };
        let manifest =
            tidewaiter_repository::manifest::Manifest { number: 2, previous: Some(head), ..package.manifest };
        let manifest_bytes = manifest.to_bytes().unwrap();
        let expires = here.repository.expires(&manifest, here.now());
        let role = metadata::unsigned(metadata::authority(2, expires, &manifest_bytes, &manifest).unwrap());
        sent.files[0].1 = Package { manifest, manifest_bytes, role, parts: package.parts }.to_bytes().unwrap();
        assert_eq!(here.submit("qq", sent).await.unwrap().receipt.number, Some(2));
    }
}

async fn edition_head(here: &Here, id: &str) -> String {
    let mut tx = here.repository.db.read().await.unwrap();
    tidewaiter_repository::store::edition::head(&mut *tx, id).await.unwrap().unwrap().hash
}

/// The same, to be published at an hour.
fn at_hour(here: &Here, sent: &Sent, hour: jiff::Timestamp) -> Sent {
    let package = Package::from_bytes(&sent.files[0].1).unwrap();
    let manifest = tidewaiter_repository::manifest::Manifest { not_before: Some(hour), ..package.manifest };
    let manifest_bytes = manifest.to_bytes().unwrap();
    let expires = here.repository.expires(&manifest, here.now());
    let role = metadata::unsigned(metadata::authority(1, expires, &manifest_bytes, &manifest).unwrap());
    let bytes = Package { manifest, manifest_bytes, role, parts: package.parts }.to_bytes().unwrap();
    Sent { about: sent.about.clone(), files: vec![("later.zip".into(), bytes)] }
}

/// Both drafts were good when they were sent.
#[tokio::test]
async fn a_draft_that_no_longer_fits_when_it_is_signed_is_held_back() {
    for address in addresses("beside-late").await {
        let here = found(&address, &["qq", "qq-tax"]).await;
        let (customs, tax) = (authority("qq", Some("QQ"), 1), authority("qq-tax", Some("QQ"), 1));
        let own = [("economies/QQ.toml", &*economy_file("QQ"))];
        let first = here.submit("qq", files(&here, &customs, &own)).await.unwrap().receipt.edition.unwrap();
        let sent = files(&here, &tax, &own);
        let hour = here.now() + SignedDuration::from_hours(2);
        let later = here.submit("qq-tax", at_hour(&here, &sent, hour)).await.unwrap().receipt.edition.unwrap();
        let second = here.submit("qq-tax", sent).await.unwrap().receipt.edition.unwrap();
        let subscribe = async |interest: Interest| {
            let (channel, reach) = (Channel::Webhook, Reach::AndLoopback);
            let to = "http://127.0.0.1:9/";
            here.repository.subscribe(channel, to, interest, reach, "secretariat").await.unwrap();
        };
        subscribe(Interest { authorities: vec!["qq-tax".into()], ..Interest::default() }).await;
        here.speak(&later).await;
        assert_eq!(here.sign(&later, "officer").await.unwrap().state, State::Scheduled);
        here.speak(&first).await;
        assert_eq!(here.sign(&first, "officer").await.unwrap().state, State::Published);

        here.speak(&second).await;
        let expected = "TW701 economies/QQ.toml, economy.territory: no ratebook can be made of it beside edition 1 of Customs of \
             QQ (qq): the economy file of QQ is published by";
        let Refusal::Conflict(told) = here.sign(&second, "officer").await.unwrap_err() else { panic!("told") };
        assert!(told.starts_with("your word is kept, and edition 1 of qq-tax is not published"), "{told}");
        assert!(told.contains(expected), "{told}");
        let standing = here.repository.standing(&second).await.unwrap();
        assert_eq!((standing.state, standing.signed_by.len()), (State::Draft, 1));
        assert!(standing.held_back[0].starts_with(expected), "{standing:?}");

        // The other's hour comes.
        here.pass(SignedDuration::from_hours(3));
        assert_eq!(here.repository.tick().await.unwrap(), 0);
        assert_eq!(here.repository.standing(&later).await.unwrap().state, State::Draft);
        let mut tx = here.repository.db.read().await.unwrap();
        assert!(edition::head(&mut *tx, "qq-tax").await.unwrap().is_none());
        let sql = "SELECT edition, body FROM delivery";
        let mut messages = tx.rows(sql, vec![]).await.unwrap();
        let [message] = messages.as_mut_slice() else { panic!("one message") };
        assert_eq!(message.text().unwrap(), later);
        assert!(String::from_utf8(message.bytes().unwrap()).unwrap().contains("TW701"));
        drop(tx);
        let board = tidewaiter_repository::board::waiting(&here.repository).await.unwrap();
        let awaits: Vec<&str> = board.iter().map(|draft| draft.awaits.as_str()).collect();
        let words = format!("officers of qq-tax to send it again: {expected}");
        assert!(awaits.len() == 2 && awaits.iter().all(|text| text.starts_with(&words)), "{awaits:?}");
        // The hour has passed once; nothing is done or told again.
        assert_eq!(here.repository.tick().await.unwrap(), 0);

        // Once the other no longer stands there, the same signature publishes it.
        admit(&here, 4, &["qq-tax"]).await;
        let standing = here.sign(&second, "officer").await.unwrap();
        assert_eq!((standing.state, standing.held_back.len()), (State::Published, 0));
        let mut tx = here.repository.db.read().await.unwrap();
        let report = edition::get(&mut *tx, &second).await.unwrap().unwrap().report;
        assert!(!report.contains("TW701"), "{report}");
    }
}

#[tokio::test]
async fn one_series_has_one_publisher_and_a_clash_of_others_harms_nobody() {
    for address in addresses("beside-series").await {
        let all = ["qq", "bank", "bank-zz"];
        let here = found(&address, &all).await;
        publish(&here, "bank-zz", rates("bank-zz", "XQD", "XZD")).await;
        let (place, says) = misfit(here.submit("bank", rates("bank-zz", "XZD", "XQD")).await.unwrap_err());
        assert_eq!(place, "bank 1, exchange rates bank-zz");
        assert!(
            says.contains("Customs of BANK-ZZ (bank-zz) already, and Customs of BANK (bank) publishes one too"),
            "{says}"
        );
        // Under another name it stands beside: it is a series of the bank's own.
        here.submit("bank", rates("zz", "XZD", "XQD")).await.unwrap();
        // While the other is off the list, it takes the name; then both are on it.
        admit(&here, 4, &["qq", "bank"]).await;
        publish(&here, "bank", rates("bank-zz", "XZD", "XQD")).await;
        admit(&here, 5, &all).await;
        here.submit("qq", tariff("QQ", &[("610910", "12 %")])).await.unwrap();
        let (_, says) = misfit(here.submit("bank-zz", rates("bank-zz", "XZD", "XQD")).await.unwrap_err());
        assert!(says.contains("beside edition 1 of Customs of BANK (bank)"), "{says}");
    }
}

#[tokio::test]
async fn what_unofficial_publishes_is_read_at_the_door_and_stands_under_the_others() {
    for address in addresses("beside-unofficial").await {
        let here = found(&address, &["qq", "unofficial"]).await;
        let unofficial = authority("unofficial", None, 1);
        let broken = economy_file("ZZ").replace("currency = \"XQD\"", "currency = ");
        let refusal = here.submit("unofficial", files(&here, &unofficial, &[("economies/ZZ.toml", &broken)])).await;
        let told = refusal.unwrap_err().to_string();
        assert!(told.contains("economies/ZZ.toml:3:"), "{told}");
        let wrong = economy_file("ZZ").replace("cites = [\"zz.act\"]", "cites = [\"zz.law\"]");
        let refusal = here.submit("unofficial", files(&here, &unofficial, &[("economies/ZZ.toml", &wrong)])).await;
        let told = refusal.unwrap_err().to_string();
        assert!(told.contains("economies/ZZ.toml") && told.contains("zz.law"), "{told}");

        // A territory that only the published folder knows.
        let mut from_x = tariff("QQ", &[("610910", "12 %")]);
        let text = String::from_utf8(from_x.files[0].1.clone()).unwrap();
        from_x.files[0].1 = text.replace("\"amount\"", "\"origin\":\"QX\",\"amount\"").into_bytes();
        let Refusal::Checks(report) = here.submit("qq", from_x.clone()).await.unwrap_err() else { panic!("checks") };
        assert!(report.counted.contains_key("TW401"), "{report:?}");
        let mut tables = world().world.territories;
        tables.territory.push(toml::from_str("code = \"QX\"\nname = \"X\"\nkind = \"country\"").unwrap());
        let tables = toml::to_string(&tables).unwrap();
        let good = [("economies/QQ.toml", economy_file("QQ")), ("territories.toml", tables)];
        let good: Vec<(&str, &str)> = good.iter().map(|(place, text)| (*place, text.as_str())).collect();
        publish(&here, "unofficial", files(&here, &unofficial, &good)).await;
        here.submit("qq", from_x).await.unwrap();
    }
}

/// Duties that no rule charges are said: the rules that readers have go on charging what they say.
#[tokio::test]
async fn a_tariff_that_no_rule_takes_needs_a_word() {
    for address in addresses("beside-uncharged").await {
        let mut here = found(&address, &["qq"]).await;
        let flat = economy_file("QQ").replace("amount = \"tariff\"", "amount = \"5 %\"");
        let flat = read_economy("economies/QQ.toml", &flat).unwrap_or_else(|problem| panic!("{problem}"));
        let base = Folder { economies: vec![flat], ..world() };
        here.repository.base = Arc::new(Base { folder: base, read: Some(read), ..Base::default() });
        let hash = here.submit("qq", tariff("QQ", &[("610910", "40 %")])).await.unwrap().receipt.edition.unwrap();
        assert_eq!(here.repository.standing(&hash).await.unwrap().open_warnings, ["TW703"]);
        // Where a rule takes the tariff, nothing is said.
        here.repository.base = Arc::new(Base { folder: world(), read: Some(read), ..Base::default() });
        let hash = here.submit("qq", tariff("QQ", &[("610910", "41 %")])).await.unwrap().receipt.edition.unwrap();
        assert!(here.repository.standing(&hash).await.unwrap().open_warnings.is_empty());
    }
}
