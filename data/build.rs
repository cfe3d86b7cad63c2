//! Compiles the economy files of this folder into the embedded ratebook. A mistake in a file fails the build with its
//! line, column and reason.

use std::path::Path;
use std::process::ExitCode;
use tidewaiter::ratebook::compile::compile_with;

#[path = "src/folder.rs"]
#[allow(unreachable_pub, reason = "public in the library that shares it")]
mod folder;
#[path = "src/packed.rs"]
#[allow(unreachable_pub, dead_code, reason = "public in the library that shares it")]
mod packed;
#[path = "src/tariffs.rs"]
#[allow(unreachable_pub, dead_code, reason = "public in the library that shares it")]
mod tariffs;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=economies");
    println!("cargo::rerun-if-changed=lists");
    println!("cargo::rerun-if-changed=exchange");
    println!("cargo::rerun-if-changed=territories.toml");
    println!("cargo::rerun-if-changed=currencies.toml");
    println!("cargo::rerun-if-changed=src/folder.rs");
    println!("cargo::rerun-if-changed=src/tariffs.rs");
    println!("cargo::rerun-if-changed=tariffs");
    println!("cargo::rerun-if-changed=hs.csv");
    println!("cargo::rerun-if-changed=baskets.ndjson");
    println!("cargo::rerun-if-changed=src/packed.rs");
    println!("cargo::rerun-if-changed=returns");
    let fail = |lines: Vec<String>| {
        for line in lines {
            println!("cargo::error={line}");
        }
        ExitCode::FAILURE
    };
    let (world, files, editions) = match folder::read(Path::new(".")) {
        Ok(read) => read,
        Err(problems) => return fail(problems.iter().map(ToString::to_string).collect()),
    };
    let bytes = match compile_with(&world, &files, &editions) {
        Ok(bytes) => bytes,
        Err(problems) => return fail(problems.iter().map(ToString::to_string).collect()),
    };
    let Some(out) = std::env::var_os("OUT_DIR") else { return fail(vec!["OUT_DIR is not set".into()]) };
    let packed = packed::files(Path::new(".")).and_then(|files| packed::pack(&files));
    let written = std::fs::write(Path::new(&out).join("embedded.twrb"), bytes)
        .and_then(|()| std::fs::write(Path::new(&out).join("folder.gz"), packed?));
    let written = written.and_then(|()| returns(Path::new("returns"), &Path::new(&out).join("returns.rs")));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => fail(vec![format!("cannot write the ratebook: {e}")]),
    }
}

/// Writes a list of the files that describe returns, each by its key.
fn returns(folder: &Path, list: &Path) -> std::io::Result<()> {
    let mut files: Vec<_> =
        std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?.iter().map(std::fs::DirEntry::path).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut text = String::from("&[\n");
    for path in files {
        let key = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        text += &format!("    ({key:?}, include_str!({:?})),\n", path.canonicalize()?);
    }
    std::fs::write(list, text + "]\n")
}
