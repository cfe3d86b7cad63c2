//! Whether a checkout has asked, and nobody else: the SHA-256 of the body, keyed with a secret that both know (RFC 2104), in a header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The header in which Shopify sends it.
pub(crate) const HEADER: &str = "x-shopify-hmac-sha256";

/// Longest text that is taken for a signature; one is 44 letters long.
pub(crate) const LONGEST: usize = 100;

/// Whether a signature is of this body and secret. It takes as long for a wrong one as for the right one.
pub(crate) fn is_of(signature: &str, secret: &str, body: &[u8]) -> bool {
    let (Ok(sent), Ok(mut mac)) =
        (STANDARD.decode(signature.trim()), Hmac::<Sha256>::new_from_slice(secret.as_bytes()))
    else {
        return false;
    };
    mac.update(body);
    mac.verify_slice(&sent).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second test case of RFC 4231, section 4.3.
    const MAC: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    #[test]
    fn a_signature_counts_for_its_body_and_secret_alone() {
        let bytes: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&MAC[2 * at..2 * at + 2], 16).unwrap()).collect();
        let signature = STANDARD.encode(bytes);
        assert!(is_of(&signature, "Jefe", b"what do ya want for nothing?"));
        assert!(!is_of(&signature, "Jefe", b"what do ya want for something?"));
        assert!(!is_of(&signature, "jefe", b"what do ya want for nothing?"));
        for wrong in ["", "?", "AAAA", &signature[..20]] {
            assert!(!is_of(wrong, "Jefe", b"what do ya want for nothing?"), "{wrong}");
        }
    }
}
