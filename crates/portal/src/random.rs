//! Names and keys that nobody can guess.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::io;

/// A name of 80 random bits behind a prefix, in letters and digits that survive being read out: `c-7k2m…`.
///
/// # Errors
/// Where the system has no random numbers.
pub(crate) fn name(prefix: &str) -> io::Result<String> {
    // Without those that look alike: 32 of them, so that five bits are one.
    const LETTERS: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz0";
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    let letters = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    Ok(prefix.chars().chain(letters).collect())
}

/// A new key for somebody who may ask more often: 256 random bits.
///
/// # Errors
/// Where the system has no random numbers.
pub fn key() -> io::Result<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(format!("{}{}", crate::guard::keys::PREFIX, URL_SAFE_NO_PAD.encode(bytes)))
}
