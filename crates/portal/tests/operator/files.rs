//! Files that are taken in again, while the service answers.

use crate::operator::settings;
use std::path::Path;
use std::time::Duration;
use tidewaiter::Ratebook;
use tidewaiter_portal::guard::keys::Keys;
use tidewaiter_portal::usage::Usage;
use tidewaiter_portal::{Desk, Held, Settings, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Two ratebooks that differ: the program's own, and one compiled from an example.
fn bytes() -> Vec<u8> {
    tidewaiter_data::bytes().to_vec()
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..100 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{what} did not come");
}

fn write(path: &Path, bytes: &[u8]) {
    let beside = path.with_extension("new");
    std::fs::write(&beside, bytes).unwrap();
    std::fs::rename(&beside, path).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_ratebook_answers_and_a_damaged_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let (file, keys) = (folder.path().join("rates.twrb"), folder.path().join("keys.toml"));
    write(&file, &bytes());
    write(&keys, Keys::row("Ana", "twk_1").as_bytes());
    let settings = Settings {
        ratebook_file: Some(file.clone()),
        keys_file: Some(keys.clone()),
        drain: Duration::ZERO,
        ..settings()
    };
    // What is open at first says that it is another: only its address in memory tells them apart.
    let held = Held::Embedded(tidewaiter_data::ratebook());
    let given = Keys::read(&Keys::row("Ana", "twk_1")).unwrap();
    let desk = Desk::new(held, settings, given.clone(), Usage::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(serve(listener, desk.clone(), async { _ = stopped.await }));
    let is_embedded = |desk: &Desk| std::ptr::eq::<Ratebook>(&**desk.book(), tidewaiter_data::ratebook());
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(is_embedded(&desk), "a file that did not change is not read again");
    let mut damaged = bytes();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    write(&file, &damaged);
    tokio::time::sleep(Duration::from_millis(3500)).await;
    assert!(is_embedded(&desk), "one damaged bit is enough");
    write(&file, &bytes());
    until("the newer ratebook", || !is_embedded(&desk)).await;
    write(&keys, b"[[key]]");
    tokio::time::sleep(Duration::from_millis(3500)).await;
    assert!(!given.is_empty(), "a file of keys that cannot be read changes nothing");
    write(&keys, b"# nobody\n");
    tokio::time::sleep(Duration::from_millis(3500)).await;
    assert!(!given.is_empty(), "nor does one that was emptied");
    stop.send(()).unwrap();
    served.await.unwrap().unwrap();
}
