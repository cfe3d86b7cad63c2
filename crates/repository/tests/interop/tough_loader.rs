//! The loader that the crate `tough` brings along: it reads what we publish, and it shows why readers have a client of
//! their own (decision 0024).

use crate::builder::*;
use tidewaiter_repository::client::Client;
use tough::{ExpirationEnforcement, FilesystemTransport, IntoVec, Repository, RepositoryLoader, TargetName};

fn load(world: &World) -> Result<Repository, Box<tough::error::Error>> {
    let address = |folder: &str| format!("file://{}/{folder}/", world.folder.display()).parse().unwrap();
    let root = world.read("metadata/1.root.json");
    let loader = RepositoryLoader::new(&root, address("metadata"), address("targets"))
        .transport(FilesystemTransport)
        // It asks the clock of the machine, which is not the time of the tests.
        .expiration_enforcement(ExpirationEnforcement::Unsafe);
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(loader.load())
        .map_err(Box::new)
}

#[test]
fn it_reads_what_is_published() {
    let (mut world, _) = honest("tough");
    let old = world.root.clone();
    world.root = Ring::new(&["root-3", "root-4"], 2);
    world.sign_root(&Ring { keys: [old.keys, world.root.keys.clone()].concat(), threshold: 2 });
    let sha256 = world.publish("qq", 2);
    world.release();
    let repository = load(&world).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut read = 0;
    for id in ["qq", "yy", "zz"] {
        let manifest = &world.newest[id].manifest;
        let names = manifest.parts.iter().map(|part| part.name.as_str()).chain(["edition.json"]);
        for name in names {
            let target = TargetName::new(format!("{id}--{name}")).unwrap();
            let bytes = runtime
                .block_on(async { repository.read_target(&target).await.unwrap().unwrap().into_vec().await })
                .unwrap();
            read += 1;
            if (id, name) == ("qq", "edition.json") {
                assert_eq!(tidewaiter_repository::sha256_hex(&bytes), sha256);
            }
        }
    }
    assert_eq!(read, 12);
}

/// What decision 0024 rests on: one role that is not good, and nothing at all can be loaded.
#[test]
fn one_bad_authority_fails_it_whole() {
    let (mut world, mut client) = honest("tough-whole");
    assert!(load(&world).is_ok());
    let (manifest, stored) = world.draft("qq", 2);
    let role = world.put(&manifest, &stored);
    world.sign_role("qq", role, &[key("of nobody")]);
    world.release();
    let error = load(&world).unwrap_err();
    assert!(error.to_string().contains("Failed to verify targets metadata"), "{error}");
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "role 2 of qq is not signed by enough of its keys");
    // A target outside its pattern does the same.
    let (mut outside, mut reader) = honest("tough-outside");
    let (manifest, stored) = outside.draft("qq", 2);
    let mut value = serde_json::to_value(outside.put(&manifest, &stored)).unwrap();
    value["targets"]["zz--more"] = value["targets"]["qq--edition.json"].clone();
    outside.sign_role("qq", serde_json::from_value(value).unwrap(), &[key("qq")]);
    outside.release();
    assert!(load(&outside).is_err());
    let report = update(&mut reader, &outside, now());
    refused(&reader, &report, "qq", "which is not among its own files");
    let mut cold = Client::start(folder("tough-whole-cold"), &world.read("metadata/1.root.json")).unwrap();
    let report = update(&mut cold, &world, now());
    unharmed(&cold, &report, &["qq"]);
    assert_eq!(cold.editions(now()).unwrap().len(), 2);
}
