//! The engine knows no country: no string in its code is a territory, a group, a currency or a rate. What differs between
//! countries stands in `data/`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A string literal and where it stands.
struct Literal {
    file: String,
    line: usize,
    text: String,
}

/// Literals that look like a code or a key and are none: file, text, why. Keep it tiny.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("mod.rs", "XXX", "ISO 4217 for \"no currency\": shown where a damaged ratebook names none"),
    ("unit.rs", "EA", "UN/CEFACT unit: each"),
    ("unit.rs", "PR", "UN/CEFACT unit: pair"),
    ("unit.rs", "NPR", "TARIC unit: number of pairs"),
    ("unit.rs", "TJ", "unit: terajoule"),
    ("unit.rs", "GT", "unit: gross tonnage"),
    ("unit.rs", "EUR", "TARIC unit of statistical surveillance; no charge is computed with it"),
    ("args.rs", "KG", "name of a command-line value: kilograms"),
    ("consignment.rs", "eu.ioss", "what the command line's --ioss stands for; the library does not know it"),
];

fn allowed(literal: &Literal) -> bool {
    ALLOWED.iter().any(|(file, text, _)| literal.text == *text && literal.file.ends_with(file))
}

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.map(|e| e.unwrap().path()) {
        if path.is_dir() {
            // Folders of tests hold examples of every kind.
            if path.file_name().is_some_and(|n| n != "tests") {
                rust_files(&path, out);
            }
        } else if path.extension().is_some_and(|x| x == "rs") && path.file_name().is_some_and(|n| n != "tests.rs") {
            out.push(path);
        }
    }
}

/// Reads the string literals of Rust source, without comments and without `#[cfg(test)]` modules.
fn literals(file: &str, source: &str) -> Vec<Literal> {
    let chars: Vec<char> = source.chars().collect();
    let mut out: Vec<(usize, Literal)> = Vec::new();
    let mut skipped: Vec<(usize, usize)> = Vec::new();
    let (mut at, mut line, mut depth) = (0usize, 1usize, 0usize);
    // Where a test module's `#[cfg(test)]` was seen, and at which depth its braces opened.
    let mut pending: Option<usize> = None;
    let mut inside: Option<(usize, usize)> = None;
    let starts = |at: usize, text: &str| text.chars().enumerate().all(|(n, c)| chars.get(at + n) == Some(&c));
    let word_before = |at: usize| at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    while at < chars.len() {
        let c = chars[at];
        if c == '\n' {
            line += 1;
        }
        if starts(at, "//") {
            while at < chars.len() && chars[at] != '\n' {
                at += 1;
            }
            continue;
        }
        if starts(at, "/*") {
            let mut level = 0;
            while at < chars.len() {
                if starts(at, "/*") {
                    level += 1;
                    at += 2;
                } else if starts(at, "*/") {
                    level -= 1;
                    at += 2;
                    if level == 0 {
                        break;
                    }
                } else {
                    line += usize::from(chars[at] == '\n');
                    at += 1;
                }
            }
            continue;
        }
        if starts(at, "#[cfg(test)]") {
            pending = pending.or(Some(at));
            at += "#[cfg(test)]".len();
            continue;
        }
        if c == 'r' && !word_before(at) && (chars.get(at + 1) == Some(&'"') || chars.get(at + 1) == Some(&'#'))
            || (c == 'b' && starts(at + 1, "r") && !word_before(at))
        {
            let mut open = at + 1 + usize::from(c == 'b');
            let mut hashes = 0;
            while chars.get(open) == Some(&'#') {
                hashes += 1;
                open += 1;
            }
            if chars.get(open) == Some(&'"') {
                let begun = line;
                let mut text = String::new();
                let close: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
                let mut end = open + 1;
                while end < chars.len() && !starts(end, &close) {
                    line += usize::from(chars[end] == '\n');
                    text.push(chars[end]);
                    end += 1;
                }
                out.push((at, Literal { file: file.to_owned(), line: begun, text }));
                at = end + close.len();
                continue;
            }
        }
        if c == '"' {
            let begun = (at, line);
            let mut text = String::new();
            at += 1;
            while at < chars.len() && chars[at] != '"' {
                line += usize::from(chars[at] == '\n');
                if chars[at] == '\\' {
                    at += 1;
                }
                text.extend(chars.get(at));
                at += 1;
            }
            at += 1;
            out.push((begun.0, Literal { file: file.to_owned(), line: begun.1, text }));
            continue;
        }
        if c == '\'' {
            // A character, or a lifetime.
            if chars.get(at + 1) == Some(&'\\') {
                at += 3;
                while at < chars.len() && chars[at] != '\'' {
                    at += 1;
                }
                at += 1;
            } else if chars.get(at + 2) == Some(&'\'') {
                at += 3;
            } else {
                at += 1;
            }
            continue;
        }
        match c {
            '{' => {
                depth += 1;
                if let (Some(from), None) = (pending, inside) {
                    inside = Some((from, depth));
                    pending = None;
                }
            }
            '}' => {
                if let Some((from, opened)) = inside
                    && opened == depth
                {
                    skipped.push((from, at));
                    inside = None;
                }
                depth = depth.saturating_sub(1);
            }
            // `#[cfg(test)] mod tests;` or a use: nothing to skip in this file.
            ';' if inside.is_none() => pending = None,
            _ => {}
        }
        at += 1;
    }
    out.into_iter().filter(|(at, _)| !skipped.iter().any(|(from, to)| from < at && at < to)).map(|(_, l)| l).collect()
}

fn engine() -> Vec<Literal> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    rust_files(&here.join("src"), &mut files);
    rust_files(&here.join("../cli/src"), &mut files);
    files.sort();
    assert!(files.len() > 20, "only {} source files found", files.len());
    files
        .iter()
        .flat_map(|f| {
            literals(&f.strip_prefix(here).unwrap_or(f).display().to_string(), &std::fs::read_to_string(f).unwrap())
        })
        .collect()
}

/// `code = "…"` lines of a table of the world.
fn codes(file: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let found: Vec<String> =
        text.lines().filter_map(|l| l.trim().strip_prefix("code = \"")?.split('"').next().map(String::from)).collect();
    assert!(found.len() > 150, "{file} has only {} codes", found.len());
    found
}

#[test]
fn no_territory_group_or_currency_stands_in_the_engine() {
    let mut known: BTreeMap<String, &str> = codes("currencies.toml").into_iter().map(|c| (c, "currency")).collect();
    known.extend(codes("territories.toml").into_iter().map(|c| (c, "territory or group")));
    let literals = engine();
    assert!(literals.len() > 1000, "only {} literals found", literals.len());
    let found: Vec<String> = literals
        .iter()
        .filter(|l| !allowed(l))
        .filter_map(|l| known.get(&l.text).map(|what| format!("{}:{}: \"{}\" is a {what}", l.file, l.line, l.text)))
        .collect();
    assert!(found.is_empty(), "countries belong in data/:\n{}", found.join("\n"));
}

#[test]
fn no_rate_stands_in_the_engine() {
    let is_rate = |text: &str| {
        let number = text.trim().trim_end_matches('%').trim();
        text.trim().ends_with('%') && number.parse::<tidewaiter::Decimal>().is_ok()
    };
    let found: Vec<String> = engine()
        .iter()
        .filter(|l| is_rate(&l.text))
        .map(|l| format!("{}:{}: \"{}\"", l.file, l.line, l.text))
        .collect();
    assert!(found.is_empty(), "rates belong in data/:\n{}", found.join("\n"));
}

/// No published key, scheme or economy file is named in the engine either: a key begins with its territory and a dot.
#[test]
fn no_fact_key_stands_in_the_engine() {
    let territories: Vec<String> = codes("territories.toml").into_iter().map(|c| c.to_lowercase()).collect();
    let is_key = |text: &str| {
        text.split_once('.').is_some_and(|(place, rest)| {
            territories.iter().any(|t| t == place)
                && !rest.is_empty()
                && rest.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
                && rest != "toml"
        })
    };
    let found: Vec<String> = engine()
        .iter()
        .filter(|l| is_key(&l.text) && !allowed(l))
        .map(|l| format!("{}:{}: \"{}\"", l.file, l.line, l.text))
        .collect();
    assert!(found.is_empty(), "keys belong in data/:\n{}", found.join("\n"));
}

#[test]
fn the_reader_of_source_sees_what_it_should() {
    let source = r##"
        // "DE" in a comment
        /* "FR" /* nested "IT" */ */
        /// "ES"
        fn f<'a>(x: &'a str) -> char { let _ = ("US", b"GB", r#"JP "quoted""#, '"', '\'', "a\"b"); 'c' }
        #[cfg(test)]
        mod tests { fn g() { let _ = "CN"; if true { let _ = "KR"; } } }
        const LAST: &str = "NO";
        #[cfg(test)]
        mod far;
        const AFTER: &str = "SE";
    "##;
    let found: Vec<String> = literals("f.rs", source).into_iter().map(|l| l.text).collect();
    assert_eq!(found, ["US", "GB", "JP \"quoted\"", "a\"b", "NO", "SE"]);
    for (file, text, reason) in ALLOWED {
        assert!(!reason.is_empty(), "{file}: {text} needs a reason");
    }
    // An exception that nothing uses any more is taken off the list.
    let all = engine();
    let unused: Vec<_> = ALLOWED
        .iter()
        .filter(|(file, text, _)| !all.iter().any(|l| l.text == *text && l.file.ends_with(file)))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}
