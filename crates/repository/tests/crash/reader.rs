//! A reader stopped at each point of an update while the server publishes on.

use crate::crash::life::{before, files, folder, read, root, step, undisturbed};
use crate::crash::place::copy_folder;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tidewaiter_repository::client::mirror::FolderMirror;
use tidewaiter_repository::client::{Client, ClientError};

/// Publishes files in the order in which the server does: the timestamp after all that it names, a root at the end.
fn lay(public: &Path, all: &BTreeMap<String, Vec<u8>>) {
    let late = |path: &str| (path.ends_with(".root.json"), path == "metadata/timestamp.json");
    let mut order: Vec<_> = all.iter().collect();
    order.sort_by_key(|(path, _)| late(path));
    for (path, bytes) in order {
        let to = public.join(path);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(public.join("half"), bytes).unwrap();
        std::fs::rename(public.join("half"), to).unwrap();
    }
}

#[tokio::test]
async fn an_update_stopped_while_the_server_publishes_is_made_good_by_the_next() {
    let states = undisturbed().await;
    let at = folder("reader");
    let first = step("publish") + 1;
    let (second, third) = (step("publish the correction") + 1, step("rotate root and targets") + 1);
    let (public, base) = (at.join("first"), at.join("base"));
    lay(&public, &states[first].files);
    Client::start(&base, &root()).unwrap();
    assert_eq!(read(&base, &public, before(first)), states[first].view);
    for stops in [false, true] {
        let mut n = 0;
        loop {
            let (public, copy) = (at.join(format!("public-{stops}-{n}")), at.join(format!("copy-{stops}-{n}")));
            copy_folder(&base, &copy);
            lay(&public, &states[second].files);
            let mut client = Client::open(&copy).unwrap();
            let (count, newer, there) = (Arc::new(AtomicU64::new(0)), states[third].files.clone(), public.clone());
            let counted = count.clone();
            client.watch_writes(Some(Arc::new(move |_| {
                if counted.fetch_add(1, Ordering::SeqCst) != n {
                    return Ok(());
                }
                lay(&there, &newer);
                if stops { Err(std::io::Error::other("stopped")) } else { Ok(()) }
            })));
            let done =
                client.update(&FolderMirror::new(&public), crate::crash::life::moment(before(second)), &mut |_| {});
            let reached = count.load(Ordering::SeqCst) > n;
            match done {
                Ok(report) => assert!(report.failed.is_none() && !(stops && reached), "step {n}: {report:?}"),
                Err(error) => assert!(stops && matches!(error, ClientError::Disk { .. }), "step {n}: {error}"),
            }
            drop(client);
            let client = Client::open(&copy).unwrap();
            assert_eq!(client.notices(), &[] as &[String], "step {n}");
            let minute = before(third);
            let number = |client: &Client| {
                let all = client.editions(crate::crash::life::moment(minute)).unwrap();
                all.into_iter().find(|edition| edition.authority == "qq").unwrap().manifest.number
            };
            assert!([1, 2].contains(&number(&client)), "step {n}");
            drop(client);
            if reached {
                assert_eq!(files(&public), states[third].files);
                assert_eq!(read(&copy, &public, minute), states[third].view, "step {n}");
            }
            std::fs::remove_dir_all(&public).unwrap();
            std::fs::remove_dir_all(&copy).unwrap();
            if !reached {
                break;
            }
            n += 1;
        }
        assert!(n > 20, "only {n} steps were tried");
    }
    std::fs::remove_dir_all(at).unwrap();
}
