//! Hosts that never stop, send on, or dawdle; bundles that were altered or hold other names.

use crate::builder::*;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;
use tidewaiter_repository::client::bundle::BundleMirror;
use tidewaiter_repository::client::http::{HttpMirror, Patience};
use tidewaiter_repository::client::{Client, Mirror, MirrorError, Standing};

/// A host on this machine that answers each request as told.
fn host(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let answer = std::sync::Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, answer) = (stream.unwrap(), answer.clone());
            std::thread::spawn(move || {
                let mut asked = Vec::new();
                let mut byte = [0];
                while !asked.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                    asked.push(byte[0]);
                }
                let asked = String::from_utf8(asked).unwrap();
                let path = asked.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
                answer(&path, &mut stream);
            });
        }
    });
    address
}

fn serve(folder: &Path, path: &str, stream: &mut TcpStream) {
    let (status, bytes) = match std::fs::read(folder.join(path)) {
        Ok(bytes) => ("200 OK", bytes),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", bytes.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&bytes));
}

fn for_ever(stream: &mut TcpStream) {
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    while stream.write_all(&[b' '; 4096]).is_ok() {}
}

#[test]
fn data_without_end_is_refused() {
    let (mut world, mut client) = honest("endless");
    world.publish("qq", 2);
    world.publish("zz", 2);
    world.release();
    let endless = world.part_path("qq", "measures");
    let published = world.folder.clone();
    let address =
        host(move |path, stream| if path == endless { for_ever(stream) } else { serve(&published, path, stream) });
    let report = client.update(&HttpMirror::new(&address).unwrap(), now(), &mut |_| {}).unwrap();
    refused(&client, &report, "qq", "bytes that it may have");
    assert_eq!(duty(&client, "zz"), "2 %");
    // Of the timestamp nobody knows the size; the limit is our own.
    let address = host(|path, stream| {
        if path.ends_with("timestamp.json") { for_ever(stream) } else { serve(Path::new("/nowhere"), path, stream) }
    });
    let report = client.update(&HttpMirror::new(&address).unwrap(), now(), &mut |_| {}).unwrap();
    assert_eq!(report.failed.unwrap(), "metadata/timestamp.json is larger than the 16384 bytes that it may have");
    assert_eq!(duty(&client, "zz"), "2 %");
}

#[test]
fn a_length_that_is_too_large_is_not_read() {
    let address = host(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
    });
    let error = HttpMirror::new(&address).unwrap().read("metadata/timestamp.json", 10).unwrap_err();
    assert_eq!(error, MirrorError::TooLarge { path: "metadata/timestamp.json".into(), most: 10 });
}

#[test]
fn a_host_that_dawdles_is_left() {
    // A byte now and then: each comes in time, all of them never. The host waits on the closing of the connection.
    let address = host(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        while stream.write_all(b" ").is_ok() && stream.read(&mut [0]).is_err() {}
    });
    let patience = Patience { file: Duration::from_millis(200), ..Patience::default() };
    let mirror = HttpMirror::with_patience(&address, patience).unwrap();
    let error = mirror.read("metadata/timestamp.json", 1000).unwrap_err();
    assert!(matches!(error, MirrorError::TooSlow { .. }), "{error}");
}

#[test]
fn a_host_that_sends_on_is_not_followed() {
    let address = host(|path, stream| {
        assert!(!path.starts_with("elsewhere"), "it was followed");
        let _ = stream
            .write_all(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    });
    let error = HttpMirror::new(&address).unwrap().read("metadata/timestamp.json", 1000).unwrap_err();
    assert_eq!(error, MirrorError::Elsewhere { path: "metadata/timestamp.json".into(), to: "/elsewhere".into() });
    assert!(matches!(HttpMirror::new("file:///etc/passwd"), Err(MirrorError::Path(_))));
}

#[test]
fn a_large_file_in_a_folder_is_not_read_whole() {
    let (world, mut client) = honest("large");
    let file = std::fs::File::create(world.folder.join("metadata/timestamp.json")).unwrap();
    file.set_len(1 << 40).unwrap();
    let report = update(&mut client, &world, now());
    all_kept(&client, &report, "metadata/timestamp.json is larger than the 16384 bytes that it may have");
}

/// A host that was asked too often says so; the reader waits as told and goes on, and no longer than it is patient.
#[test]
fn a_busy_host_is_waited_for_but_not_for_ever() {
    let (mut world, mut client) = honest("busy");
    world.publish("qq", 2);
    world.release();
    let (published, asked) = (world.folder.clone(), std::sync::Mutex::new(std::collections::BTreeSet::new()));
    let busy = |stream: &mut TcpStream| {
        let head = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let _ = stream.write_all(head.as_bytes());
    };
    let address = host(move |path, stream| {
        if asked.lock().unwrap().insert(path.to_owned()) { busy(stream) } else { serve(&published, path, stream) }
    });
    let report = client.update(&HttpMirror::new(&address).unwrap(), now(), &mut |_| {}).unwrap();
    assert_eq!(report.failed, None);
    assert_eq!((report.authorities["qq"].number, &report.authorities["qq"].standing), (Some(2), &Standing::Fresh));
    let address = host(move |_, stream| busy(stream));
    // A wait that no clock can hold is as long as any other.
    let first = std::sync::atomic::AtomicBool::new(true);
    let endless = host(move |_, stream| {
        let wait = if first.swap(false, std::sync::atomic::Ordering::SeqCst) { "0" } else { "18446744073709551615" };
        let head =
            format!("HTTP/1.1 503 Busy\r\nRetry-After: {wait}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let _ = stream.write_all(head.as_bytes());
    });
    let report = client.update(&HttpMirror::new(&endless).unwrap(), now(), &mut |_| {}).unwrap();
    assert!(report.unreachable && report.failed.unwrap().contains("status 503"));
    let patience = Patience { busy: Duration::from_millis(120), ..Patience::default() };
    let mirror = HttpMirror::with_patience(&address, patience).unwrap();
    let report = client.update(&mirror, now(), &mut |_| {}).unwrap();
    assert!(report.unreachable && report.failed.unwrap().contains("status 429"));
    assert_eq!(report.authorities["qq"].number, Some(2));
}

#[test]
fn a_host_that_is_down_leaves_the_copy_as_it_is() {
    let (_, mut client) = honest("down");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mirror = HttpMirror::new(&format!("http://127.0.0.1:{port}")).unwrap();
    let report = client.update(&mirror, now(), &mut |_| {}).unwrap();
    assert!(report.unreachable && report.failed.is_some());
    unharmed(&client, &report, &[]);
}

/// A folder that can be reached only for some requests, and counts the others.
struct Breaking<'a>(&'a World, std::cell::Cell<u32>);

impl Mirror for Breaking<'_> {
    fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, MirrorError> {
        if path.starts_with("metadata/2.") && path.ends_with("a.json") {
            self.1.set(self.1.get() + 1);
            return Err(MirrorError::Unreachable { path: path.into(), why: "the line is cut".into() });
        }
        self.0.mirror().read(path, most)
    }
}

#[test]
fn a_line_that_breaks_leaves_what_is_not_reached_stale() {
    let at = folder("breaks");
    let ids = ["ba", "ca", "da", "ea", "fa", "gx"];
    let mut world = World::new(&at.join("published"), &ids);
    ids.iter().for_each(|id| drop(world.publish(id, 1)));
    world.release();
    let mut client = Client::start(at.join("copy"), &world.read("metadata/1.root.json")).unwrap();
    let report = update(&mut client, &world, now());
    unharmed(&client, &report, &[]);
    for id in &ids[..5] {
        world.publish(id, 2);
    }
    world.release();
    let mirror = Breaking(&world, std::cell::Cell::new(0));
    let report = client.update(&mirror, now(), &mut |_| {}).unwrap();
    assert_eq!(mirror.1.get(), 3, "after three failures the mirror is left alone");
    for id in &ids[..5] {
        let Standing::Stale { why, .. } = &report.authorities[*id].standing else { panic!("{id}: {report:?}") };
        assert!(why.ends_with("cannot be read from the mirror: the line is cut"), "{why}");
        assert_eq!(duty(&client, id), "1 %");
    }
    assert_eq!(report.authorities["gx"].standing, Standing::Fresh, "nothing had to be fetched for it");
    let report = update(&mut client, &world, now());
    unharmed(&client, &report, &[]);
    assert_eq!(duty(&client, "ea"), "2 %");
}

fn bundled(name: &str, client: &Client, only: Option<&[&str]>) -> (std::path::PathBuf, std::path::PathBuf) {
    let at = folder(name);
    let file = at.join("bundle.zip");
    client.bundle(only, std::fs::File::create(&file).unwrap()).unwrap();
    (at.join("copy"), file)
}

#[test]
fn a_bundle_serves_without_a_network() {
    let (mut world, mut client) = honest("bundle");
    let root = world.read("metadata/1.root.json");
    let (copy, file) = bundled("bundle-1", &client, None);
    let mut reader = Client::start(&copy, &root).unwrap();
    let report = reader.update(&BundleMirror::open(&file).unwrap(), now(), &mut |_| {}).unwrap();
    unharmed(&reader, &report, &[]);
    assert_eq!((duty(&reader, "qq"), report.authorities.len()), ("1 %".to_owned(), 3));
    // Three editions later, with a changed root, through a later bundle: the manifests between are in it.
    let ring = world.root.clone();
    world.sign_root(&ring);
    for percent in 2..5 {
        world.publish("qq", percent);
        world.release();
    }
    update(&mut client, &world, now());
    let (_, file) = bundled("bundle-2", &client, None);
    let report = reader.update(&BundleMirror::open(&file).unwrap(), now(), &mut |_| {}).unwrap();
    unharmed(&reader, &report, &[]);
    assert_eq!((report.root, duty(&reader, "qq").as_str()), (2, "4 %"));
    // Read long after its timestamp has expired it is authentic and stale, also by who reads it first.
    let late = hours(24 * 30);
    let mut first = Client::start(folder("bundle-3").join("copy"), &root).unwrap();
    let report = first.update(&BundleMirror::open(&file).unwrap(), late, &mut |_| {}).unwrap();
    assert_eq!(report.failed, None);
    for (id, answer) in &report.authorities {
        assert!(matches!(&answer.standing, Standing::Stale { since, .. } if *since == hours(24)), "{id}: {answer:?}");
    }
    assert_eq!(duty(&first, "qq"), "4 %");
}

#[test]
fn a_bundle_of_some_refuses_no_other() {
    let (mut world, mut client) = honest("some");
    let root = world.read("metadata/1.root.json");
    let (copy, file) = bundled("some-1", &client, None);
    let mut reader = Client::start(&copy, &root).unwrap();
    reader.update(&BundleMirror::open(&file).unwrap(), now(), &mut |_| {}).unwrap();
    world.publish("qq", 2);
    world.publish("zz", 2);
    world.release();
    update(&mut client, &world, now());
    let (_, file) = bundled("some-2", &client, Some(&["qq"]));
    let report = reader.update(&BundleMirror::open(&file).unwrap(), now(), &mut |_| {}).unwrap();
    assert_eq!((&report.authorities["qq"].standing, report.authorities["qq"].number), (&Standing::Fresh, Some(2)));
    assert_eq!(report.authorities["yy"].standing, Standing::Fresh, "what it holds is still the newest");
    let Standing::Stale { why, .. } = &report.authorities["zz"].standing else { panic!("{report:?}") };
    assert_eq!(why, "metadata/2.zz.json is listed, and the mirror does not have it");
    assert_eq!(duty(&reader, "zz"), "1 %");
}

#[test]
fn an_altered_bundle_is_refused() {
    let (mut world, mut client) = honest("altered-bundle");
    let root = world.read("metadata/1.root.json");
    world.publish("qq", 2);
    world.release();
    update(&mut client, &world, now());
    let (copy, file) = bundled("altered-bundle-1", &client, None);
    // Every file of the bundle in turn: one byte changed, cut short, empty. The ZIP file itself is in order.
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&file).unwrap()).unwrap();
    let files: Vec<(String, Vec<u8>)> = (0..zip.len())
        .map(|at| {
            let mut entry = zip.by_index(at).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().to_string(), bytes)
        })
        .collect();
    assert!(files.len() > 15, "{}", files.len());
    let ways: [fn(&mut Vec<u8>); 3] = [
        |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        },
        |bytes| bytes.truncate(bytes.len() / 2),
        Vec::clear,
    ];
    for ((altered, _), way) in files.iter().flat_map(|file| ways.iter().map(move |way| (file, way))) {
        let bad = file.with_extension("bad");
        write_zip(
            &bad,
            files.iter().map(|(name, bytes)| {
                let mut bytes = bytes.clone();
                if name == altered {
                    way(&mut bytes);
                }
                (name.clone(), bytes)
            }),
        );
        let _ = std::fs::remove_dir_all(&copy);
        let mut reader = Client::start(&copy, &root).unwrap();
        let report = reader.update(&BundleMirror::open(&bad).unwrap(), now(), &mut |_| {}).unwrap();
        let harmed = report.authorities.values().filter(|answer| answer.standing != Standing::Fresh).count();
        // The root it began with is not read from the bundle, nor is an edition that a first update does not follow back.
        let unread = altered == "metadata/1.root.json"
            || *altered == world.manifest_path("qq", world.newest["qq"].manifest.previous.as_ref().unwrap());
        match (unread, altered.starts_with("metadata/")) {
            (true, _) => assert_eq!((harmed, &report.failed), (0, &None), "{altered}"),
            _ if report.failed.is_some() => assert!(report.authorities.is_empty(), "{altered}"),
            _ => assert_eq!(harmed, 1, "{altered}: {report:?}"),
        }
    }
}

fn write_zip(path: &Path, files: impl Iterator<Item = (String, Vec<u8>)>) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, bytes) in files {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn a_bundle_with_other_names_is_not_opened() {
    let at = folder("zip-names");
    for name in ["../x", "/etc/passwd", "metadata/../x", "targets/a\\b", "targets/%2e%2e/x", "targets/.x", "readme.txt"]
    {
        let file = at.join("bundle.zip");
        write_zip(&file, [("metadata/timestamp.json".to_owned(), vec![]), (name.to_owned(), vec![])].into_iter());
        assert!(matches!(BundleMirror::open(&file), Err(MirrorError::Path(_))), "{name}");
    }
    std::fs::write(at.join("x"), b"no zip").unwrap();
    assert!(BundleMirror::open(at.join("x")).unwrap_err().to_string().contains("it is no bundle"));
}

#[test]
fn a_file_that_unpacks_without_end_is_left() {
    let file = folder("zip-bomb").join("bundle.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&file).unwrap());
    let packed = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("metadata/timestamp.json", packed).unwrap();
    for _ in 0..64 {
        zip.write_all(&vec![0; 1 << 20]).unwrap();
    }
    zip.finish().unwrap();
    assert!(std::fs::metadata(&file).unwrap().len() < 1 << 20);
    let error = BundleMirror::open(&file).unwrap().read("metadata/timestamp.json", 16_384).unwrap_err();
    assert_eq!(error, MirrorError::TooLarge { path: "metadata/timestamp.json".into(), most: 16_384 });
}
