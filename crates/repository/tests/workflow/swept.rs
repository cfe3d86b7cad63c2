//! Old metadata does not stay at the static host for ever, and no reader misses any.

use crate::common::{Here, addresses, folder, tariff};
use jiff::SignedDuration;
use std::collections::BTreeSet;
use std::path::Path;
use tidewaiter_repository::client::mirror::FolderMirror;
use tidewaiter_repository::client::{Client, Standing};

fn names(public: &Path, part: &str) -> BTreeSet<String> {
    let files = std::fs::read_dir(public.join(part)).unwrap();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

/// A day passes, and the service does what is due.
async fn a_day(here: &Here) {
    here.pass(SignedDuration::from_hours(24));
    here.repository.tick().await.unwrap();
}

/// What a new reader has of `qq`.
fn read(public: &Path, here: &Here) -> (u64, bool) {
    let root = std::fs::read(public.join("metadata/1.root.json")).unwrap();
    let mut client = Client::start(folder("swept-copy").join("copy"), &root).unwrap();
    let report = client.update(&FolderMirror::new(public), here.now(), &mut |_| {}).unwrap();
    assert_eq!(report.failed, None);
    (report.authorities["qq"].number.unwrap(), matches!(report.authorities["qq"].standing, Standing::Fresh))
}

#[tokio::test]
async fn old_snapshots_and_roles_go_and_what_is_needed_stays() {
    for address in addresses("swept").await {
        let here = Here::found(&address, &folder("swept-public")).await;
        here.publish("qq", tariff("QQ", &[("610910", "12 %")])).await;
        for _ in 0..70 {
            a_day(&here).await;
        }
        // Three by the ceremonies and the edition, one a day. Those that another took the place of more than two days ago are gone.
        let snapshots = |public: &Path| -> BTreeSet<String> {
            names(public, "metadata").into_iter().filter(|name| name.ends_with(".snapshot.json")).collect()
        };
        let newest: BTreeSet<String> = [70, 71, 72, 73].map(|n| format!("{n}.snapshot.json")).into();
        assert_eq!(snapshots(&here.public), newest);
        let targets = names(&here.public, "targets");

        // A reader has the timestamp of the state before, and asks for the rest when the next edition is there already.
        let slow = folder("swept-slow");
        std::fs::create_dir_all(slow.join("metadata")).unwrap();
        std::fs::copy(here.public.join("metadata/timestamp.json"), slow.join("metadata/timestamp.json")).unwrap();
        here.publish("qq", tariff("QQ", &[("610910", "10 %")])).await;
        a_day(&here).await;
        for part in ["metadata", "targets"] {
            std::fs::create_dir_all(slow.join(part)).unwrap();
            for name in names(&here.public, part).into_iter().filter(|name| name != "timestamp.json") {
                std::fs::copy(here.public.join(part).join(&name), slow.join(part).join(&name)).unwrap();
            }
        }
        assert_eq!(read(&slow, &here).0, 1);
        assert_eq!(read(&here.public, &here), (2, true));
        assert!(here.public.join("metadata/1.qq.json").exists(), "the snapshot before names it, and it is old");

        for _ in 0..3 {
            a_day(&here).await;
        }
        let left: BTreeSet<String> =
            names(&here.public, "metadata").difference(&snapshots(&here.public)).cloned().collect();
        let kept = ["1.root.json", "1.targets.json", "2.targets.json", "2.qq.json", "timestamp.json"];
        assert_eq!(left, kept.map(str::to_owned).into());
        assert_eq!(snapshots(&here.public).len(), 4);
        assert!(names(&here.public, "targets").is_superset(&targets), "manifests and parts stay");
        assert_eq!(read(&here.public, &here), (2, true));
        // The 2nd role is of this week, and stays though another takes its place.
        here.publish("qq", tariff("QQ", &[("610910", "9 %")])).await;
        for _ in 0..5 {
            a_day(&here).await;
        }
        assert!(here.public.join("metadata/2.qq.json").exists());
    }
}
