//! Names of authorities and parts. They become file names, target names and web addresses, so only what is safe in all
//! of these is a name: there is nothing to escape, and no path to climb out of.

use std::fmt;

/// Longest name, in bytes.
const MOST_BYTES: usize = 64;
/// Names that the framework's own roles have.
const RESERVED: &[&str] = &["root", "targets", "snapshot", "timestamp", "mirrors", "authorities"];
/// The role that publishes the project's own data: estimates and transcripts, no authority's word.
pub const UNOFFICIAL: &str = "unofficial";
/// Between an authority and what it publishes, in a target's name.
const BETWEEN: &str = "--";

/// Why something is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{found}\" is not a name of {of}: {why}")]
pub struct NameError {
    /// What was given, cut short.
    pub found: String,
    /// What it should name.
    pub of: &'static str,
    /// What is wrong with it, and what to write.
    pub why: &'static str,
}

/// Checks the name of an authority: small letters and digits, words joined by one hyphen, at most 64 bytes.
///
/// ```
/// use tidewaiter_repository::name::authority;
/// assert!(authority("fr-central-bank").is_ok());
/// assert!(authority("../fr").is_err());
/// assert!(authority("fr--x").is_err());
/// assert!(authority("root").is_err());
/// ```
///
/// # Errors
/// [`NameError`] with what to write instead.
pub fn authority(name: &str) -> Result<(), NameError> {
    words(name, "-", "an authority")?;
    if RESERVED.contains(&name) {
        return Err(error(name, "an authority", "it is a role of the repository itself; choose another"));
    }
    Ok(())
}

/// Checks the name of a part: as an authority's, and full stops may join words too.
///
/// ```
/// use tidewaiter_repository::name::part;
/// assert!(part("tariff-61.ndjson.zst").is_ok());
/// assert!(part("..").is_err());
/// assert!(part("a/b").is_err());
/// ```
///
/// # Errors
/// [`NameError`] with what to write instead.
pub fn part(name: &str) -> Result<(), NameError> {
    words(name, "-.", "a part")
}

fn words(name: &str, joins: &str, of: &'static str) -> Result<(), NameError> {
    if name.is_empty() || name.len() > MOST_BYTES {
        return Err(error(name, of, "give 1 to 64 letters, digits and hyphens"));
    }
    for word in name.split(|c| joins.contains(c)) {
        if word.is_empty() {
            return Err(error(name, of, "a hyphen or full stop stands between two words, and only one at a time"));
        }
        if !word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            return Err(error(name, of, "use small letters a to z, digits, and a hyphen between words"));
        }
    }
    Ok(())
}

fn error(name: &str, of: &'static str, why: &'static str) -> NameError {
    NameError { found: name.chars().take(80).collect(), of, why }
}

/// The name of a target: `fr--tariff-61.ndjson.zst`. Flat, so that every client finds the same file for it.
pub fn target(authority: &str, part: &str) -> String {
    format!("{authority}{BETWEEN}{part}")
}

/// The authority and part that a target's name says.
///
/// ```
/// use tidewaiter_repository::name::split_target;
/// assert_eq!(split_target("fr--edition.json"), Some(("fr", "edition.json")));
/// assert_eq!(split_target("fr--../x"), None);
/// ```
pub fn split_target(name: &str) -> Option<(&str, &str)> {
    let (who, what) = name.split_once(BETWEEN)?;
    (authority(who).is_ok() && part(what).is_ok()).then_some((who, what))
}

/// The pattern of all targets that an authority may sign.
pub fn pattern(authority: &str) -> String {
    format!("{authority}{BETWEEN}*")
}

/// Checks a SHA-256 in lower-case hexadecimal.
pub fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Where a part that is a file stands in a data folder: `economies/FR.toml`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(String);

impl Place {
    /// Checks a path: up to four words of letters, digits, `.`, `_` and `-`, joined by `/`, none beginning with a full stop.
    ///
    /// # Errors
    /// [`NameError`] with what to write instead.
    pub fn new(path: &str) -> Result<Self, NameError> {
        let of = "a file of a data folder";
        if path.len() > 120 || path.split('/').count() > 4 {
            return Err(error(path, of, "it is too long or too deep"));
        }
        for word in path.split('/') {
            let safe = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
            if word.is_empty() || word.starts_with('.') || !word.bytes().all(safe) {
                return Err(error(path, of, "write it as economies/XX.toml, without dots before a name"));
            }
        }
        Ok(Self(path.to_owned()))
    }

    /// The path, with `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
