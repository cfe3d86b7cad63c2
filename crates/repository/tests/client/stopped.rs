//! A program stopped at each point at which a copy writes. Opening it again needs no repair, no edition is half there, and
//! the next update ends as an undisturbed one does.

use crate::builder::*;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tidewaiter_repository::client::{Client, ClientError, Watch};

/// The step at which a child process ends itself.
const STOP_AT: &str = "TIDEWAITER_TEST_STOP_AT";
/// The folder with `published/` and `copy/` that it works on.
const STOP_IN: &str = "TIDEWAITER_TEST_STOP_IN";

/// Does something at the n-th step of writing, from 0.
fn at(step: u64, act: impl Fn() -> std::io::Result<()> + Send + Sync + 'static) -> Watch {
    let done = AtomicU64::new(0);
    Arc::new(move |_| if done.fetch_add(1, Ordering::SeqCst) >= step { act() } else { Ok(()) })
}

/// What a copy is: its state, and every file with its content.
fn content(copy: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(copy.join("files")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.push(copy.join("state.json"));
    files.sort();
    files
        .iter()
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
        .collect()
}

/// A copy at edition 1, a mirror with a new root, editions 2 and 3 of one authority and a change of another; and what an
/// undisturbed update makes of it.
fn prepared(name: &str) -> (World, Vec<(String, Vec<u8>)>) {
    let (mut world, _) = honest(name);
    let ring = world.root.clone();
    world.sign_root(&ring);
    world.publish("qq", 2);
    world.publish("qq", 3);
    world.publish("zz", 2);
    world.release();
    let at = world.folder.parent().unwrap();
    copy(&at.join("copy"), &at.join("undisturbed"));
    let mut client = Client::open(at.join("undisturbed")).unwrap();
    assert_eq!(update(&mut client, &world, now()).failed, None);
    // Once more: what the first update no longer needed is gone then.
    update(&mut client, &world, now());
    (world.clone(), content(&at.join("undisturbed")))
}

/// Opens a copy after it was stopped, and checks all that may be asked of it.
fn recovers(world: &World, copy: &Path, undisturbed: &[(String, Vec<u8>)], step: u64) {
    let mut client = Client::open(copy).unwrap();
    assert_eq!(client.notices(), &[] as &[String], "step {step}");
    for (id, new) in [("qq", "3 %"), ("yy", "1 %"), ("zz", "2 %")] {
        let duty = duty(&client, id);
        assert!(duty == "1 %" || duty == new, "step {step}: {id} {duty}");
    }
    for edition in client.editions(now()).unwrap() {
        assert!(edition.manifest.parts.iter().all(|part| edition.content(part).is_ok()), "step {step}");
    }
    let report = update(&mut client, world, now());
    assert_eq!(report.failed, None, "step {step}");
    unharmed(&client, &report, &[]);
    update(&mut client, world, now());
    assert!(content(copy) == undisturbed, "step {step}: it differs from an undisturbed copy");
}

#[test]
fn an_update_that_fails_at_any_write_is_made_good_by_the_next() {
    let (world, undisturbed) = prepared("fails");
    let base = world.folder.with_file_name("copy");
    let broken = world.folder.with_file_name("broken");
    let mut step = 0;
    loop {
        let _ = std::fs::remove_dir_all(&broken);
        copy(&base, &broken);
        let mut client = Client::open(&broken).unwrap();
        client.watch_writes(Some(at(step, || Err(std::io::Error::other("the disk is full")))));
        let ended = client.update(&world.mirror(), now(), &mut |_| {});
        // In memory too, what is answered is one of both.
        client.watch_writes(None);
        assert!(["1 %", "3 %"].contains(&duty(&client, "qq").as_str()), "step {step}");
        drop(client);
        recovers(&world, &broken, &undisturbed, step);
        match ended {
            Ok(_) => break,
            Err(ClientError::Disk { error, .. }) => assert_eq!(error.to_string(), "the disk is full"),
            Err(other) => panic!("{other}"),
        }
        step += 1;
    }
    assert!(step > 60, "only {step} steps were tried");
}

#[test]
fn a_start_that_fails_at_any_write_can_be_made_again() {
    let (world, _) = honest("start-fails");
    let root = world.read("metadata/1.root.json");
    let begun = folder("start-fails-copy");
    for files in 0..8 {
        // What a start leaves behind when stopped: some of its files, in the order in which it writes them.
        let copy = begun.join(files.to_string());
        let whole = begun.join(format!("whole-{files}"));
        drop(Client::start(&whole, &root).unwrap());
        std::fs::create_dir_all(copy.join("files")).unwrap();
        let name = tidewaiter_repository::sha256_hex(&root);
        let steps: [(&str, &str); 4] = [
            ("files/half.part", ""),
            (&format!("files/{name}"), &format!("files/{name}")),
            ("state.part", ""),
            ("state.json", "state.json"),
        ];
        for (target, from) in steps.iter().take(files) {
            let bytes = if from.is_empty() { b"half".to_vec() } else { std::fs::read(whole.join(from)).unwrap() };
            std::fs::write(copy.join(target), bytes).unwrap();
        }
        assert!(matches!(Client::open(&copy), Err(ClientError::NotACopy(_))));
        let mut client = Client::start(&copy, &root).unwrap();
        let report = update(&mut client, &world, now());
        unharmed(&client, &report, &[]);
    }
}

#[test]
fn a_program_that_is_killed_at_any_write_leaves_a_good_copy() {
    let (world, undisturbed) = prepared("killed");
    let base = world.folder.with_file_name("copy");
    let mut step = 0;
    loop {
        let at = folder(&format!("killed-at-{step}"));
        copy(&base, &at.join("copy"));
        copy(&world.folder, &at.join("published"));
        let ended = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "client::stopped::the_program_that_is_killed"])
            .env(STOP_AT, step.to_string())
            .env(STOP_IN, &at)
            .output()
            .unwrap();
        recovers(&world, &at.join("copy"), &undisturbed, step);
        std::fs::remove_dir_all(&at).unwrap();
        if ended.status.success() {
            break;
        }
        // It ended by a signal, not by a failed assertion, and not by itself.
        #[cfg(unix)]
        assert!(std::os::unix::process::ExitStatusExt::signal(&ended.status).is_some(), "{ended:?}");
        step += 1;
    }
    assert!(step > 60, "only {step} steps were tried");
}

#[test]
#[ignore = "it kills itself: the test above starts it"]
fn the_program_that_is_killed() {
    let (step, at_folder) = (std::env::var(STOP_AT).unwrap(), std::env::var(STOP_IN).unwrap());
    let mut client = Client::open(Path::new(&at_folder).join("copy")).unwrap();
    client.watch_writes(Some(at(step.parse().unwrap(), || std::process::abort())));
    let mirror = tidewaiter_repository::client::mirror::FolderMirror::new(Path::new(&at_folder).join("published"));
    client.update(&mirror, now(), &mut |_| {}).unwrap();
}
