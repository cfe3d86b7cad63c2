//! An officer makes an edition again from the sheet, and finds out where the repository has another one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::common;
use common::{Here, addresses, authority, edition_file, folder, keys, tariff};
use std::collections::BTreeMap;
use tidewaiter_repository::authority::Authorities;
use tidewaiter_repository::package::Package;
use tidewaiter_repository::recompute;
use tidewaiter_repository::workflow::Refusal;
use tidewaiter_repository::workflow::sent::Sent;

/// What an officer finds who holds a file against an edition.
fn found(here: &Here, package: &Package, before: Option<&Package>, file: &Sent) -> Result<u64, Refusal> {
    let about = recompute::about(&package.manifest, file.about.format.clone(), file.about.adds);
    let sheet = Sent { about, files: file.files.clone() };
    recompute::same(package, before, &sheet, &here.repository.base.folder.world)
}

fn told(result: Result<u64, Refusal>) -> String {
    result.unwrap_err().to_string()
}

#[tokio::test]
async fn a_sheet_that_makes_another_edition_is_told_by_what_differs() {
    let here = Here::found(&addresses("recompute").await[0], &folder("recompute-public")).await;
    let first = tariff("QQ", &[("610910", "12 %"), ("610990", "5 %")]);
    here.publish("qq", first.clone()).await;
    let second = tariff("QQ", &[("610910", "10 %"), ("610990", "5 %")]);
    let draft = here.submit("qq", second.clone()).await.unwrap().receipt.edition.unwrap();
    let package = here.repository.package(&draft, true).await.unwrap();
    let bytes = package.to_bytes().unwrap();
    assert!(Package::is_one(&bytes) && !Package::is_one(&bytes[..bytes.len() / 2]));
    // A fact and two measures.
    assert_eq!(found(&here, &package, None, &second).unwrap(), 3);

    let other = told(found(&here, &package, None, &first));
    assert!(other.contains("the sheet does not make this edition"), "{other}");
    assert!(other.contains("only in the edition") && other.contains("10 %"), "{other}");
    assert!(other.contains("only in the sheet") && other.contains("12 %"), "{other}");
    assert!(!other.contains("610990"), "what is the same is not told: {other}");
    // A record said twice is another edition than one said once.
    let twice = tariff("QQ", &[("610910", "10 %"), ("610910", "10 %"), ("610990", "5 %")]);
    assert!(told(found(&here, &package, None, &twice)).contains("only in the sheet"));
    // The head counts as the records do.
    let mut titled = second.clone();
    let text = String::from_utf8(titled.files[0].1.clone()).unwrap();
    titled.files[0].1 = text.replace("Tariff of QQ", "Old tariff of QQ").into_bytes();
    let head = told(found(&here, &package, None, &titled));
    assert!(head.contains("title: \"Tariff of QQ\" in the edition, \"Old tariff of QQ\" in the sheet"), "{head}");
    // Without its parts nothing can be said.
    let light = here.repository.package(&draft, false).await.unwrap();
    assert!(told(found(&here, &light, None, &second)).contains("publish fetch brings it with all of them"));
}

#[tokio::test]
async fn rates_that_were_added_need_the_edition_before() {
    let here = Here::found(&addresses("recompute-adds").await[0], &folder("recompute-adds-public")).await;
    let list = Authorities { authorities: vec![authority("bank", None, 1)], ..Authorities::new("Test") };
    here.admit(3, list, &BTreeMap::from([("bank".to_owned(), keys(&["zz-one"], 1))])).await.unwrap();
    let rates = |day: &str, rate: &str, adds: bool| {
        let mut sent = edition_file(format!(
            r#"{{"edition":{{"authority":"x","title":"Rates","format":"edition","known_from":"{day}","licence":"Free to use"}}}}
{{"exchange-rate":{{"series":"bank","base":"XQD","currency":"XZD","rate":"{rate}","from":"{day}"}}}}
"#
        ));
        sent.about.adds = adds;
        sent
    };
    let first = here.publish("bank", rates("2026-11-20", "1.25", false)).await;
    let second = here.submit("bank", rates("2026-11-21", "1.26", true)).await.unwrap().receipt.edition.unwrap();
    let before = here.repository.package(&first, true).await.unwrap();
    let package = here.repository.package(&second, true).await.unwrap();
    let sheet = rates("2026-11-21", "1.26", true);
    assert_eq!(found(&here, &package, Some(&before), &sheet).unwrap(), 2);
    assert!(told(found(&here, &package, None, &sheet)).contains(&format!("give its package ({first})")));
    assert!(told(found(&here, &package, Some(&package), &sheet)).contains(&format!("give its package ({first})")));
    let without = told(found(&here, &package, None, &sheet));
    assert!(without.contains("--after FILE. `tidewaiter publish fetch bank/1 -o FILE` brings it"), "{without}");
    // Who forgets that it was added is asked; who holds another sheet is not.
    let forgot = "give --adds here too";
    assert!(told(found(&here, &package, None, &rates("2026-11-21", "1.26", false))).contains(forgot));
    assert!(!told(found(&here, &package, None, &rates("2026-11-21", "1.62", false))).contains(forgot));
    let wrong = told(found(&here, &package, Some(&before), &rates("2026-11-21", "1.62", true)));
    assert!(wrong.contains("1.62") && wrong.contains("1.26") && !wrong.contains("1.25"), "{wrong}");
}
