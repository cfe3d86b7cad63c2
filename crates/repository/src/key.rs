//! Ed25519 signing keys. A key is kept in a file of its own (PKCS#8 PEM, encrypted under a passphrase) on a machine of its
//! holder; what others need of it is its public text and its name, the key ID of The Update Framework.

use crate::sha256_hex;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt;

/// Why a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The file is no key.
    #[error("this is no Ed25519 key in PKCS#8 PEM; \"tidewaiter key new\" makes one")]
    NotAKey,
    /// It is encrypted, and no passphrase was given.
    #[error("the key is encrypted: give its passphrase")]
    Encrypted,
    /// The passphrase does not fit.
    #[error("the passphrase does not open the key")]
    Passphrase,
    /// The public text is no key.
    #[error("\"{0}\" is no public key: it has 64 hexadecimal digits, as \"tidewaiter key show\" prints")]
    NotPublic(String),
    /// The system gave no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
}

/// A public key, as 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicKey(String);

impl PublicKey {
    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// [`KeyError::NotPublic`] where they are none, or name no point of the curve.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let key = Self(text.trim().to_ascii_lowercase());
        key.point().map(|_| key.clone())
    }

    fn point(&self) -> Result<VerifyingKey, KeyError> {
        let wrong = || KeyError::NotPublic(self.0.chars().take(80).collect());
        let bytes: [u8; 32] = unhex(&self.0).and_then(|b| b.try_into().ok()).ok_or_else(wrong)?;
        VerifyingKey::from_bytes(&bytes).map_err(|_| wrong())
    }

    /// The 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key as The Update Framework writes it in metadata.
    pub fn to_tuf(&self) -> serde_json::Value {
        json!({ "keytype": "ed25519", "keyval": { "public": self.0 }, "scheme": "ed25519" })
    }

    /// Its name: SHA-256 of the canonical form of [`Self::to_tuf`].
    pub fn id(&self) -> String {
        // Canonical JSON of three fixed fields in the order of their names.
        let text = format!(r#"{{"keytype":"ed25519","keyval":{{"public":"{}"}},"scheme":"ed25519"}}"#, self.0);
        sha256_hex(text.as_bytes())
    }

    /// Both its names, for messages: people know it as `tidewaiter key show` prints it, metadata and the audit log by its ID.
    pub fn both(&self) -> String {
        format!("the key {} (ID {})", self.0, self.id())
    }

    /// Whether a signature over the bytes was made with this key. Strict: no weak keys, no second form of a signature.
    pub fn verifies(&self, bytes: &[u8], signature: &str) -> bool {
        let signature: Option<[u8; 64]> = unhex(signature).and_then(|b| b.try_into().ok());
        match (self.point(), signature) {
            (Ok(key), Some(signature)) => key.verify_strict(bytes, &Signature::from_bytes(&signature)).is_ok(),
            _ => false,
        }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A signing key in memory; wiped when dropped.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.public())
    }
}

impl SecretKey {
    /// A new key from the system's random numbers.
    ///
    /// # Errors
    /// [`KeyError::Random`] where the system gives none.
    pub fn generate() -> Result<Self, KeyError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|e| KeyError::Random(e.to_string()))?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// A key from 32 bytes. For tests, and for keys that are derived elsewhere.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Its public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(hex(self.0.verifying_key().as_bytes()))
    }

    /// Signs bytes; 128 hexadecimal digits.
    pub fn sign(&self, bytes: &[u8]) -> String {
        hex(&self.0.sign(bytes).to_bytes())
    }

    /// PKCS#8 PEM of version 1, encrypted (PBES2: scrypt, AES-256-CBC) where there is a passphrase.
    ///
    /// # Errors
    /// [`KeyError::Random`] where it cannot be encrypted.
    pub fn to_pem(&self, passphrase: Option<&str>) -> Result<String, KeyError> {
        let random = |e: ed25519_dalek::pkcs8::Error| KeyError::Random(e.to_string());
        // Version 1 (RFC 8410, section 7), without the public half: several programs do not read version 2.
        let bytes = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        match passphrase {
            None => bytes.to_pkcs8_pem(LineEnding::LF).map(|pem| pem.to_string()).map_err(random),
            Some(word) => {
                let der = bytes.to_pkcs8_der().map_err(random)?;
                let info =
                    pkcs8::PrivateKeyInfoRef::try_from(der.as_bytes()).map_err(|e| KeyError::Random(e.to_string()))?;
                let document = info.encrypt(word).map_err(|e| KeyError::Random(e.to_string()))?;
                let pem = document.to_pem("ENCRYPTED PRIVATE KEY", pkcs8::LineEnding::LF);
                pem.map(|pem| pem.to_string()).map_err(|e| KeyError::Random(e.to_string()))
            }
        }
    }

    /// Reads PKCS#8 PEM.
    ///
    /// # Errors
    /// [`KeyError`] where it is no key, is encrypted and there is no passphrase, or the passphrase does not fit.
    pub fn from_pem(pem: &str, passphrase: Option<&str>) -> Result<Self, KeyError> {
        if !pem.contains("ENCRYPTED PRIVATE KEY") {
            return SigningKey::from_pkcs8_pem(pem.trim_start()).map(Self).map_err(|_| KeyError::NotAKey);
        }
        let word = passphrase.ok_or(KeyError::Encrypted)?;
        let (_, document) = pkcs8::SecretDocument::from_pem(pem.trim_start()).map_err(|_| KeyError::NotAKey)?;
        let info = pkcs8::EncryptedPrivateKeyInfoRef::try_from(document.as_bytes()).map_err(|_| KeyError::NotAKey)?;
        let plain = info.decrypt(word).map_err(|_| KeyError::Passphrase)?;
        SigningKey::from_pkcs8_der(plain.as_bytes()).map(Self).map_err(|_| KeyError::NotAKey)
    }
}

/// The bytes of a SHA-256 in hexadecimal.
pub fn sha256_bytes(text: &str) -> Option<[u8; 32]> {
    unhex(text)?.try_into().ok()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Bytes of lower- or upper-case hexadecimal.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test says so")]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_file() {
        let key = SecretKey::generate().unwrap();
        let plain = SecretKey::from_pem(&key.to_pem(None).unwrap(), None).unwrap();
        assert_eq!(plain.public(), key.public());
        let pem = key.to_pem(Some("tide")).unwrap();
        assert_eq!(SecretKey::from_pem(&pem, Some("tide")).unwrap().public(), key.public());
        assert_eq!(SecretKey::from_pem(&pem, None).unwrap_err(), KeyError::Encrypted);
        assert_eq!(SecretKey::from_pem(&pem, Some("ebb")).unwrap_err(), KeyError::Passphrase);
        assert_eq!(SecretKey::from_pem("nothing", None).unwrap_err(), KeyError::NotAKey);
    }

    /// The examples of RFC 8410, section 10.3: version 1; and version 2, with an attribute and the public half.
    #[test]
    fn reads_both_versions_and_writes_the_first() {
        let first = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
        let public = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
        let key = SecretKey::from_pem(first, None).unwrap();
        assert_eq!(key.public().as_str(), public);
        assert_eq!(key.to_pem(None).unwrap(), first);
        let attribute = "-----BEGIN PRIVATE KEY-----\nMHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\noB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB\nZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PRIVATE KEY-----\n";
        assert_eq!(SecretKey::from_pem(attribute, None).unwrap().public(), key.public());
        // Version 2 as earlier versions of this program wrote it.
        let (secret, half) = (key.0.to_bytes(), ed25519_dalek::pkcs8::PublicKeyBytes(key.0.verifying_key().to_bytes()));
        let second = KeypairBytes { secret_key: secret, public_key: Some(half) }.to_pkcs8_pem(LineEnding::LF).unwrap();
        assert_ne!(second.as_str(), first);
        assert_eq!(SecretKey::from_pem(&second, None).unwrap().public(), key.public());
    }

    /// RFC 8032, section 7.1, test 2.
    #[test]
    fn signs_as_the_standard_says() {
        let seed = unhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").unwrap();
        let key = SecretKey::from_seed(&seed.try_into().unwrap());
        assert_eq!(key.public().as_str(), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        let signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
        assert_eq!(key.sign(&[0x72]), signature);
        assert!(key.public().verifies(&[0x72], signature));
        assert!(!key.public().verifies(&[0x73], signature));
    }
}
