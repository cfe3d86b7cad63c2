//! Files that are being written, beside the file they will become.
//!
//! Such a file is named `TARGET.PROCESS-COUNT.body` or `.part`, and locked for as long as its process lives. Where a run was
//! killed, its file stays without the lock: the next run for the same target takes it away.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What these names end in.
const ENDS: [&str; 2] = ["body", "part"];

/// How long a file is left alone after it was last written to: a file that was just made may not be locked yet. Where
/// files cannot be locked, only its age says that it was given up.
const AGE: Duration = Duration::from_secs(if cfg!(unix) { 60 } else { 24 * 60 * 60 });

/// A file beside another that nobody else has: its name holds this process and a count, and it must not be there yet.
/// Those that killed runs left beside the same target are taken away.
pub(crate) fn beside(target: &Path, what: &str) -> io::Result<(PathBuf, File)> {
    clear(target);
    let mut last = None;
    for count in 0..100u32 {
        let name = PathBuf::from(format!("{}.{}-{count}.{what}", target.display(), std::process::id()));
        match File::options().read(true).write(true).create_new(true).open(&name) {
            Ok(file) => {
                lock(&file);
                return Ok((name, file));
            }
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::other("no name is free")))
}

/// Takes away what killed runs left beside a target. What cannot be taken away stays: it is in nobody's way.
fn clear(target: &Path) {
    let folder = target.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Some(name), Ok(files)) = (target.file_name().and_then(|n| n.to_str()), std::fs::read_dir(folder)) else {
        return;
    };
    for file in files.filter_map(Result::ok) {
        let ours = file.file_name().to_str().is_some_and(|other| is_ours(name, other));
        if ours && is_given_up(&file) {
            let _ = std::fs::remove_file(file.path());
        }
    }
}

/// Whether a name is `TARGET.PROCESS-COUNT.body` or `.part`.
fn is_ours(target: &str, name: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    name.strip_prefix(target)
        .and_then(|rest| rest.strip_prefix('.'))
        .and_then(|rest| rest.split_once('.'))
        .filter(|(_, end)| ENDS.contains(end))
        .and_then(|(numbers, _)| numbers.split_once('-'))
        .is_some_and(|(process, count)| digits(process) && digits(count))
}

/// Whether a plain file has not been written to for a while and no process holds its lock.
fn is_given_up(file: &std::fs::DirEntry) -> bool {
    let Ok(about) = file.metadata() else { return false };
    let old = about.modified().is_ok_and(|at| at.elapsed().is_ok_and(|age| age >= AGE));
    about.is_file() && old && File::open(file.path()).is_ok_and(|file| lock(&file))
}

/// Locks a file until it is closed. Whether nobody else had locked it.
#[cfg(unix)]
fn lock(file: &File) -> bool {
    rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_ok()
}

#[cfg(not(unix))]
const fn lock(_: &File) -> bool {
    true
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test says so")]
mod tests {
    use super::*;
    use std::time::SystemTime;

    /// Makes a file that was last written to some days ago.
    fn old(path: &Path) -> File {
        let file = File::create(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(3 * 24 * 60 * 60)).unwrap();
        file
    }

    #[test]
    fn what_killed_runs_left_is_taken_away() {
        let folder = std::env::temp_dir().join(format!("tidewaiter-beside-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let target = folder.join("a.ndjson");
        for left in ["a.ndjson.1-0.body", "a.ndjson.4000000-12.part"] {
            old(&folder.join(left));
        }
        // Of another target, of another pattern, a file of the user's, and one that was just made.
        let others = ["b.ndjson.1-0.body", "a.ndjson.part", "a.ndjson.1-0.part.bak", "a.ndjson.x-0.body", "a.ndjson"];
        for other in others {
            old(&folder.join(other));
        }
        File::create(folder.join("a.ndjson.2-0.part")).unwrap();
        // Another process writes: it has the lock, however long ago it wrote last.
        let live = old(&folder.join("a.ndjson.3-0.body"));
        assert!(lock(&live));

        let (path, _file) = beside(&target, "part").unwrap();
        let mut names: Vec<String> =
            std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        let mut expected: Vec<String> = others.iter().map(|n| (*n).to_owned()).collect();
        expected.push("a.ndjson.2-0.part".into());
        if cfg!(unix) {
            expected.push("a.ndjson.3-0.body".into());
        }
        expected.push(path.file_name().unwrap().to_str().unwrap().to_owned());
        expected.sort();
        assert_eq!(names, expected);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
