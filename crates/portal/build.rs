//! Turns the words of the pages into names that the compiler knows.
//!
//! Every message of `words/en` becomes a constant: one that a page uses and that is not written does not compile, one that
//! no page uses is a warning. Every other language must have the same messages with the same variables, or nothing is built.
//! Files whose names begin with `table-` hold words that are looked up by a key of the data (`kind-vat`); they get no
//! constants, and the languages are held against each other all the same.

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The language that the others are held against.
const FIRST: &str = "en";

/// The variables of each message, by its name; the flag says whether it is looked up by a key.
type Messages = BTreeMap<String, (BTreeSet<String>, bool)>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=words");
    println!("cargo:rerun-if-changed=assets");
    let words = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("words");
    let mut languages: Vec<String> = Vec::new();
    for entry in fs::read_dir(&words)? {
        languages.push(entry?.file_name().to_string_lossy().into_owned());
    }
    languages.sort();
    let mut wrong = Vec::new();
    let mut code = String::from(
        "/// The Fluent files of each language, by its tag.\npub(crate) static FILES: &[(&str, &[&str])] = &[\n",
    );
    let mut all: BTreeMap<&str, Messages> = BTreeMap::new();
    for language in &languages {
        let mut messages = Messages::new();
        writeln!(code, "    ({language:?}, &[")?;
        for file in files(&words.join(language))? {
            writeln!(code, "        include_str!({:?}),", file.display().to_string())?;
            read(&file, &mut messages, &mut wrong)?;
        }
        code.push_str("    ]),\n");
        all.insert(language, messages);
    }
    code.push_str("];\n\n");
    let Some(first) = all.get(FIRST) else { return Err(format!("words/{FIRST} is missing").into()) };
    for (language, messages) in &all {
        for (name, (variables, _)) in first {
            match messages.get(name) {
                None => wrong.push(format!("words/{language}: {name} is missing")),
                Some((other, _)) if other != variables => {
                    wrong.push(format!(
                        "words/{language}: {name} has the variables {other:?}, in {FIRST} {variables:?}"
                    ));
                }
                Some(_) => {}
            }
        }
        for name in messages.keys().filter(|name| !first.contains_key(*name) && !name.starts_with("territory-")) {
            wrong.push(format!("words/{language}: {name} is not in words/{FIRST}"));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n").into());
    }
    code.push_str("/// Names of the messages.\npub(crate) mod key {\n    use super::Key;\n");
    for (name, (variables, table)) in first {
        if !table {
            let constant = name.to_uppercase().replace('-', "_");
            let variables: Vec<&String> = variables.iter().collect();
            writeln!(
                code,
                "    pub(crate) const {constant}: Key = Key {{ name: {name:?}, variables: &{variables:?} }};"
            )?;
        }
    }
    code.push_str("}\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("words.rs"), code)?;
    println!("cargo:rustc-env=TIDEWAITER_MADE_OF={:016x}", made_of()?);
    Ok(())
}

/// What answers are made of, besides the ratebook: this crate, the library and the finder, with their words. It names a build in validators of
/// caches, so that a new program is never taken for the old.
fn made_of() -> Result<u64, Box<dyn Error>> {
    let mut hasher = DefaultHasher::new();
    let mut folders = vec!["src", "words", "assets", "../tidewaiter/src", "../finder/src", "../finder/words"];
    folders.retain(|folder| Path::new(folder).is_dir());
    for folder in folders {
        println!("cargo:rerun-if-changed={folder}");
        take_in(Path::new(folder), &mut hasher)?;
    }
    Ok(hasher.finish())
}

fn take_in(folder: &Path, hasher: &mut DefaultHasher) -> Result<(), Box<dyn Error>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            take_in(&path, hasher)?;
        } else {
            path.hash(hasher);
            fs::read(&path)?.hash(hasher);
        }
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "ftl") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read(file: &Path, messages: &mut Messages, wrong: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(file)?;
    let table = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("table-"));
    let resource = match parser::parse(text.as_str()) {
        Ok(resource) => resource,
        Err((_, errors)) => {
            wrong.extend(errors.iter().map(|e| format!("{}: {e} at byte {}", file.display(), e.pos.start)));
            return Ok(());
        }
    };
    for entry in resource.body {
        if let Entry::Message(message) = entry {
            let mut variables = BTreeSet::new();
            if let Some(pattern) = &message.value {
                in_pattern(pattern, &mut variables);
            }
            if messages.insert(message.id.name.to_owned(), (variables, table)).is_some() {
                wrong.push(format!("{}: {} stands twice", file.display(), message.id.name));
            }
        }
    }
    Ok(())
}

fn in_pattern(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, variables);
        }
    }
}

fn in_expression(expression: &Expression<&str>, variables: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => in_inline(inline, variables),
        Expression::Select { selector, variants } => {
            in_inline(selector, variables);
            for variant in variants {
                in_pattern(&variant.value, variables);
            }
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => in_expression(expression, variables),
        _ => {}
    }
}
