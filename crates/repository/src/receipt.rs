//! Receipts: proof for the sender that the repository has what was sent. A receipt is a DSSE envelope, so any program that
//! reads that format can check it with the repository's online key.

use crate::key::{PublicKey, SecretKey, hex, unhex};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// What the envelope says it holds.
pub const PAYLOAD_TYPE: &str = "application/vnd.tidewaiter.receipt+json";

/// A signed envelope (DSSE, `docs/formats/repository-api.md`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Base64 of what is signed.
    pub payload: String,
    /// What that is.
    #[serde(rename = "payloadType")]
    pub payload_type: String,
    /// Signatures.
    pub signatures: Vec<EnvelopeSignature>,
}

/// One signature of an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvelopeSignature {
    /// Name of the key.
    pub keyid: String,
    /// Base64 of the signature.
    pub sig: String,
}

/// What is signed: type and payload with their lengths, so that neither can be mistaken for the other.
fn signable(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

/// Signs a payload.
pub fn seal(payload: &[u8], key: &SecretKey) -> Envelope {
    let signature = unhex(&key.sign(&signable(PAYLOAD_TYPE, payload))).unwrap_or_default();
    Envelope {
        payload: STANDARD.encode(payload),
        payload_type: PAYLOAD_TYPE.to_owned(),
        signatures: vec![EnvelopeSignature { keyid: key.public().id(), sig: STANDARD.encode(signature) }],
    }
}

/// The payload of an envelope that the key signed.
///
/// ```
/// use tidewaiter_repository::{key::SecretKey, receipt};
/// let key = SecretKey::from_seed(&[7; 32]);
/// let envelope = receipt::seal(b"{}", &key);
/// assert_eq!(receipt::open(&envelope, &key.public()).as_deref(), Some(b"{}".as_slice()));
/// assert_eq!(receipt::open(&envelope, &SecretKey::from_seed(&[8; 32]).public()), None);
/// ```
pub fn open(envelope: &Envelope, key: &PublicKey) -> Option<Vec<u8>> {
    let payload = STANDARD.decode(&envelope.payload).ok()?;
    let bytes = signable(&envelope.payload_type, &payload);
    let signed = envelope.signatures.iter().any(|signature| {
        signature.keyid == key.id()
            && STANDARD.decode(&signature.sig).is_ok_and(|signature| key.verifies(&bytes, &hex(&signature)))
    });
    (signed && envelope.payload_type == PAYLOAD_TYPE).then_some(payload)
}
