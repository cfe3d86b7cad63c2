//! Two hundred authorities: what a first update and a later one fetch.

use crate::builder::*;
use std::time::Instant;
use tidewaiter_repository::client::{Client, Standing};

#[test]
fn two_hundred_authorities() {
    // Files of each: role, manifest, a part of measures, one of rates, the economy file.
    scale("scale", (1, 1), 5);
}

#[test]
#[ignore = "it takes a while; run it to measure"]
fn two_hundred_authorities_with_tariffs() {
    // Thirty chapters of a hundred measures each: 600,000 measures in all.
    scale("scale-tariffs", (30, 100), 34);
}

fn scale(name: &str, size: (u64, u64), files: u64) {
    let at = folder(name);
    let ids: Vec<String> = (0..200).map(|number| format!("a{number:03}")).collect();
    let names: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut world = World { size, ..World::new(&at.join("published"), &names) };
    for id in &ids {
        world.publish(id, 1);
    }
    world.release();
    let mut client = Client::start(at.join("copy"), &world.read("metadata/1.root.json")).unwrap();
    let begun = Instant::now();
    let cold = update(&mut client, &world, now());
    println!("cold: {:?} in {:?}", cold.fetched, begun.elapsed());
    assert!(
        cold.authorities.len() == 200 && cold.authorities.values().all(|answer| answer.standing == Standing::Fresh)
    );
    // Timestamp, snapshot, targets, the list; and the files of each authority.
    assert_eq!(cold.fetched.files, 4 + 200 * files);
    // Nothing new: the timestamp.
    let begun = Instant::now();
    let idle = update(&mut client, &world, now());
    println!("idle: {:?} in {:?}", idle.fetched, begun.elapsed());
    assert_eq!(idle.fetched.files, 1);
    // One duty changed: timestamp, snapshot, one role, its manifest, one part.
    world.publish("a123", 2);
    world.release();
    let begun = Instant::now();
    let one = update(&mut client, &world, now());
    println!("one edition: {:?} in {:?}", one.fetched, begun.elapsed());
    assert_eq!(one.fetched.files, 5);
    assert_eq!(one.authorities.values().filter(|answer| answer.new).count(), 1);
    let snapshot = world.read("metadata/2.snapshot.json").len() as u64;
    let beside = one.fetched.bytes - snapshot;
    println!("the snapshot has {snapshot} of these bytes, the rest {beside}");
    assert!(beside < 1024 * files, "{beside} bytes beside the snapshot");
    std::fs::remove_dir_all(&at).unwrap();
}
