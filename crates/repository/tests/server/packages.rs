//! Packages made elsewhere, corrections and withdrawals: what is refused, and what is taken in.

use crate::common::{key, tariff};
use crate::server::service::{Reply, Service, end, field, form, service, services};
use crate::server::signing::twelve;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tidewaiter_repository::manifest::{Kind, Manifest};
use tidewaiter_repository::metadata::{self, unsigned};
use tidewaiter_repository::package::Package;
use tidewaiter_repository::sha256_hex;
use tidewaiter_repository::store::token::Role;

/// A package around a manifest that was changed, with a role that fits it.
fn around(package: &Package, change: impl FnOnce(&mut Manifest)) -> Package {
    let mut manifest = package.manifest.clone();
    change(&mut manifest);
    let manifest_bytes = manifest.to_bytes().unwrap();
    let (version, expires) = (package.role.signed.version.get(), package.role.signed.expires);
    let role = unsigned(metadata::authority(version, expires, &manifest_bytes, &manifest).unwrap());
    Package { manifest, manifest_bytes, role, parts: package.parts.clone() }
}

/// The same edition under a role that holds until a moment and has a version.
fn under(package: &Package, version: u64, expires: Timestamp) -> Package {
    let role = metadata::authority(version, expires, &package.manifest_bytes, &package.manifest).unwrap();
    Package { role: unsigned(role), ..package.clone() }
}

async fn carry(service: &Service, of: &str, token: &str, zip: &[u8]) -> Reply {
    let body = [field("about", None, br#"{"format":"package"}"#), field("file", Some("p.zip"), zip), end()].concat();
    service.submit(of, Some(token), &[], body).await
}

/// A ZIP archive, packed.
fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn packages_that_are_refused() {
    for service in services("packages").await {
        let draft = service.draft(&twelve()).await;
        let good = service.here.repository.package(&draft, true).await.unwrap();
        let others = service.here.submit("zz", tariff("ZZ", &[("610910", "9 %")])).await.unwrap();
        let others = service.here.repository.package(&others.receipt.edition.unwrap(), true).await.unwrap();
        let hidden = others.manifest.parts.iter().find(|p| p.name.starts_with("measures")).unwrap().clone();
        let later = service.here.now() + SignedDuration::from_hours(24);
        let before = service.stand().await;
        let bytes = |package: Package| package.to_bytes().unwrap();
        let previous = Some("a".repeat(64));

        let more = {
            let mut wider = good.manifest.clone();
            wider.parts.push(hidden.clone());
            wider.parts.sort_by(|a, b| a.name.cmp(&b.name));
            let role = metadata::authority(1, later, &good.manifest_bytes, &wider).unwrap();
            Package { role: unsigned(role), ..good.clone() }
        };
        let stranger = {
            let mut package = good.clone();
            metadata::sign(&mut package.role, &key("zz-one")).unwrap();
            package
        };
        let altered = {
            let mut package = good.clone();
            package.parts.values_mut().next().unwrap().push(0);
            package
        };
        let named = |sha256: &str| {
            let mut part = hidden.clone();
            part.sha256 = sha256.to_owned();
            around(&good, |m| {
                m.parts.retain(|p| p.name != part.name);
                m.parts.push(part);
                m.parts.sort_by(|a, b| a.name.cmp(&b.name));
            })
        };
        // What is left of the parts once some are no longer named.
        let only_named = |mut package: Package| {
            let names: Vec<String> = package.manifest.parts.iter().map(|p| p.sha256.clone()).collect();
            package.parts.retain(|sha256, _| names.contains(sha256));
            package
        };
        // Ten million bytes where the manifest says ten.
        let bomb = {
            let stored = zstd::bulk::compress(&vec![b' '; 10_000_000], 19).unwrap();
            let mut package = around(&good, |m| {
                m.parts.truncate(1);
                m.parts[0].bytes = stored.len() as u64;
                m.parts[0].sha256 = sha256_hex(&stored);
                m.parts[0].content_bytes = 10;
            });
            package.parts = BTreeMap::from([(sha256_hex(&stored), stored)]);
            package
        };
        let huge = {
            let mut package = around(&good, |m| {
                let part = m.parts[0].clone();
                m.parts = (0..5)
                    .map(|n| {
                        let mut part = part.clone();
                        part.name = format!("x-{n}.ndjson.zst");
                        part.content_bytes = 256 << 20;
                        part
                    })
                    .collect();
            });
            package.parts.clear();
            package
        };
        let packed = zipped(&[("edition.json", &vec![b' '; 5 << 20]), ("role.json", b"{}")]);
        assert!(packed.len() < 20_000, "a bomb is small");
        for (what, zip, status, kind) in [
            ("its role names more than its manifest", bytes(more), 422, "wrong"),
            ("its role skips a version", bytes(under(&good, 2, later)), 409, "conflict"),
            ("its role has expired", bytes(under(&good, 1, service.here.now())), 422, "wrong"),
            ("a stranger signed its role", bytes(stranger), 403, "signature"),
            ("another authority's", bytes(others.clone()), 422, "wrong"),
            ("number 0", bytes(around(&good, |m| m.number = 0)), 422, "wrong"),
            (
                "the largest number",
                bytes(around(&good, |m| (m.number, m.previous) = (u64::MAX, previous.clone()))),
                409,
                "conflict",
            ),
            (
                "a number skipped",
                bytes(around(&good, |m| (m.number, m.previous) = (2, previous.clone()))),
                409,
                "conflict",
            ),
            ("number 1 after another", bytes(around(&good, |m| m.previous = previous.clone())), 422, "wrong"),
            (
                "known from next year",
                bytes(around(&good, |m| m.head.known_from = "2027-11-22".parse().unwrap())),
                422,
                "checks",
            ),
            (
                "issued next year",
                bytes(around(&good, |m| m.issued = later + SignedDuration::from_hours(8760))),
                422,
                "checks",
            ),
            (
                "a correction of the future",
                bytes(around(&good, |m| {
                    (m.kind, m.concerns, m.reason) = (Kind::Correction, vec![7], Some("x".into()))
                })),
                422,
                "wrong",
            ),
            ("a file that climbs", bytes(around(&good, |m| m.parts[0].file = Some("../x".into()))), 422, "wrong"),
            ("a part whose name climbs", bytes(around(&good, |m| m.parts[0].name = "../x".into())), 422, "wrong"),
            ("another authority in its name", bytes(around(&good, |m| m.authority = "../zz".into())), 422, "wrong"),
            ("a part altered", bytes(altered), 422, "wrong"),
            ("a part that nobody has", bytes(only_named(named(&"b".repeat(64)))), 422, "wrong"),
            ("a part of another's draft", bytes(only_named(named(&hidden.sha256))), 422, "wrong"),
            ("a part that unpacks to more", bytes(bomb), 422, "wrong"),
            ("more than can be unpacked", bytes(huge), 422, "wrong"),
            ("a manifest that unpacks to more", packed, 422, "wrong"),
            ("a name that climbs", zipped(&[("../edition.json", b"{}")]), 422, "wrong"),
            ("a strange name", zipped(&[("edition.json\u{0}", b"{}")]), 422, "wrong"),
            ("no role", zipped(&[("edition.json", &good.manifest_bytes)]), 422, "wrong"),
            ("empty", zipped(&[]), 422, "wrong"),
        ] {
            let answer = carry(&service, "qq", &service.officer, &zip).await;
            assert_eq!(answer.status, status, "{what}: {}", answer.text());
            answer.problem(status, kind);
            assert_eq!(service.stand().await, before, "{what}");
        }
        // What another holds is told in the same words as what nobody has.
        let told = async |sha256: &str| {
            carry(&service, "qq", &service.officer, &bytes(only_named(named(sha256)))).await.json()["detail"].clone()
        };
        assert_eq!(told(&hidden.sha256).await, told(&"b".repeat(64)).await);
        // The package itself, carried by another authority's officer to their own door.
        let zz = service.token("Officer of Z", Role::Officer, Some("zz")).await;
        carry(&service, "zz", &zz, &bytes(good)).await.problem(422, "wrong");
    }
}

/// The package of a draft that was given up, changed a little: taken, and published by two signatures.
async fn published_as(name: &str, change: impl FnOnce(&mut Manifest)) -> Value {
    let service = service(name).await;
    let draft = service.draft(&twelve()).await;
    let package = around(&service.here.repository.package(&draft, true).await.unwrap(), change);
    let taken = carry(&service, "qq", &service.officer, &package.to_bytes().unwrap()).await;
    assert_eq!(taken.status, 201, "{}", taken.text());
    let hash = taken.json()["receipt"]["edition"].as_str().unwrap().to_owned();
    assert_eq!(hash, package.hash());
    service.sign(&hash, &service.officer, "qq-one").await;
    service.sign(&hash, &service.officer, "qq-two").await.json()
}

#[tokio::test]
async fn an_hour_that_is_past_holds_nothing_back() {
    let standing = published_as("past-hour", |m| m.not_before = Some("2026-11-01T00:00:00Z".parse().unwrap())).await;
    assert_eq!(standing["state"], "published", "{standing}");
}

/// An authority may publish the history of what it published before; a first edition rewrites nobody's past.
#[tokio::test]
async fn a_first_edition_may_be_known_from_long_ago() {
    let standing = published_as("long-ago", |m| m.head.known_from = "0001-01-01".parse().unwrap()).await;
    assert_eq!(standing["state"], "published", "{standing}");
}

/// A promise at the end of the calendar: nothing is computed beyond it.
#[tokio::test]
async fn a_promise_at_the_end_of_time() {
    let service = service("end").await;
    for day in ["9999-12-31", "9999-12-15", "9999-12-01"] {
        let mut sent = twelve();
        sent.about.next_due = Some(day.parse().unwrap());
        assert_eq!(service.submit("qq", Some(&service.officer), &[], form(&sent)).await.status, 201, "{day}");
    }
}

/// A role that expires while signatures are collected would be useless to every reader.
#[tokio::test]
async fn an_expired_role_is_not_published() {
    for service in services("expired").await {
        let draft = service.draft(&twelve()).await;
        let package = service.here.repository.package(&draft, true).await.unwrap();
        let hour = service.here.now() + SignedDuration::from_hours(1);
        let short = around(&under(&package, 1, hour), |m| m.head.title = "Short".into());
        let taken = carry(&service, "qq", &service.officer, &short.to_bytes().unwrap()).await.json();
        let hash = taken["receipt"]["edition"].as_str().unwrap();
        assert_eq!(service.sign(hash, &service.officer, "qq-one").await.status, 200);
        service.here.pass(SignedDuration::from_hours(1));
        let before = service.stand().await;
        let problem = service.sign(hash, &service.officer, "qq-two").await.problem(409, "conflict");
        assert!(problem["detail"].as_str().unwrap().contains("expired"), "{problem}");
        assert_eq!(service.stand().await, before);
    }
}

#[tokio::test]
async fn what_is_said_of_an_edition_has_bounds() {
    for service in services("said").await {
        service.publish(&twelve()).await;
        let before = service.stand().await;
        let correction = |concerns: &[u64], reason: &str| {
            let mut sent = tariff("QQ", &[("610910", "10 %")]);
            sent.about.kind = Some(Kind::Correction);
            (sent.about.concerns, sent.about.reason) = (concerns.to_vec(), Some(reason.to_owned()));
            sent
        };
        for (what, sent) in [
            ("of the future", correction(&[2], "A slip.")),
            ("of none", correction(&[], "A slip.")),
            ("of number 0", correction(&[0], "A slip.")),
            ("of one twice", correction(&[1, 1], "A slip.")),
            ("without a reason", correction(&[1], " ")),
            ("with a reason that cannot be seen", correction(&[1], "a\u{0}b")),
            ("with a reason without end", correction(&[1], &"r".repeat(2001))),
        ] {
            let answer = service.submit("qq", Some(&service.officer), &[], form(&sent)).await;
            assert_eq!(answer.status, 422, "{what}: {}", answer.text());
            answer.problem(422, "wrong");
            assert_eq!(service.stand().await, before, "{what}");
        }
        // A file that says the same in its own head: a title, and the key of a fact.
        let text = String::from_utf8(tariff("QQ", &[("610910", "10 %")]).files[0].1.clone()).unwrap();
        for (from, to) in [("Tariff of QQ", "Tariff\\u0000"), ("\"t\"", "\"t\\u0000\"")] {
            let sent = crate::common::edition_file(text.replace(from, to));
            let answer = service.submit("qq", Some(&service.officer), &[], form(&sent)).await;
            assert_eq!(answer.status, 422, "{to}: {}", answer.text());
            assert_eq!(service.stand().await, before, "{to}");
        }
    }
}

#[tokio::test]
async fn withdrawals_that_are_none() {
    for service in services("withdrawals").await {
        let path = "/v1/authorities/qq/withdrawals";
        let ask = async |concerns: Value, reason: &str| {
            service.post(path, Some(&service.officer), json!({ "concerns": concerns, "reason": reason })).await
        };
        ask(json!([1]), "Not signed.").await.problem(404, "not-found");
        service.publish(&twelve()).await;
        service.publish(&tariff("QQ", &[("610910", "11 %")])).await;
        let before = service.stand().await;
        ask(json!([1, 2]), "Not signed.").await.problem(404, "not-found");
        for (concerns, reason) in
            [(json!([9]), "Not signed."), (json!([0]), "Not signed."), (json!([]), "Not signed."), (json!([2]), "")]
        {
            ask(concerns, reason).await.problem(422, "wrong");
        }
        ask(json!([-1]), "Not signed.").await.problem(422, "request");
        ask(json!([u64::MAX]), "Not signed.").await.problem(422, "wrong");
        assert_eq!(service.stand().await, before);
        // A good one is a package that waits for signatures; carried back, it is a draft.
        let package = ask(json!([2]), "Not signed.").await;
        assert_eq!((package.status.as_u16(), package.header("content-type")), (200, "application/zip"));
        assert_eq!(service.stand().await, before);
        let taken = carry(&service, "qq", &service.officer, &package.body).await;
        assert_eq!(taken.status, 201, "{}", taken.text());
        assert_eq!(taken.json()["receipt"]["number"], 3);
    }
}
