//! Makes the tables of the words. A mistake in a file fails the build with the reason.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

#[path = "src/index.rs"]
#[allow(dead_code, unreachable_pub, reason = "public in the library that shares it")]
mod index;
#[path = "src/text.rs"]
#[allow(dead_code, unreachable_pub, reason = "public in the library that shares it")]
mod text;
#[path = "src/words.rs"]
#[allow(dead_code, unreachable_pub, reason = "public in the library that shares it")]
mod words;

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
}

fn make() -> Result<Vec<u8>, Vec<String>> {
    let folder = Path::new("words");
    let shared = read(&folder.join("questions.toml")).map_err(|e| vec![e])?;
    let vague = read(&folder.join("vague.toml")).map_err(|e| vec![e])?;
    let (mut chapters, mut notes) = (BTreeMap::new(), BTreeMap::new());
    for number in 1..=99u8 {
        let path = folder.join(format!("{number:02}.toml"));
        if path.is_file() {
            chapters.insert(number, read(&path).map_err(|e| vec![e])?);
        }
        let path = folder.join(format!("notes/{number:02}.toml"));
        if path.is_file() {
            notes.insert(number, read(&path).map_err(|e| vec![e])?);
        }
    }
    let mut index = index::Index::build(&shared, &vague, &chapters)?;
    index.take(read(&folder.join("sections.toml")).map_err(|e| vec![e])?, notes)?;
    let bytes = postcard::to_stdvec(&index).map_err(|e| vec![e.to_string()])?;
    zstd::bulk::compress(&bytes, 19).map_err(|e| vec![e.to_string()])
}

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=words");
    println!("cargo::rerun-if-changed=src/index.rs");
    println!("cargo::rerun-if-changed=src/text.rs");
    println!("cargo::rerun-if-changed=src/words.rs");
    let made = make().and_then(|bytes| {
        let out = std::env::var_os("OUT_DIR").ok_or_else(|| vec!["OUT_DIR is not set".to_owned()])?;
        let (new, path) = (Path::new(&out).join("finder.new"), Path::new(&out).join("finder.zst"));
        std::fs::write(&new, bytes).and_then(|()| std::fs::rename(&new, path)).map_err(|e| vec![e.to_string()])
    });
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(problems) => {
            problems.iter().take(20).for_each(|problem| println!("cargo::error={problem}"));
            ExitCode::FAILURE
        }
    }
}
