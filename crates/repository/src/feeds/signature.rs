//! Signatures of webhooks by the Standard Webhooks specification 1.0.0
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).
//!
//! A message is signed with a shared secret (`v1`, HMAC-SHA256) or a key of which the receiver has only the public half
//! (`v1a`, Ed25519). While a key is changed, both the old and the new one sign.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use std::fmt;
use std::str::FromStr;

/// Header with the id of the message.
pub const ID: &str = "webhook-id";
/// Header with the time of sending, in seconds since 1970 (UTC).
pub const TIMESTAMP: &str = "webhook-timestamp";
/// Header with the signatures, with spaces between.
pub const SIGNATURE: &str = "webhook-signature";
/// How far the time of sending may be from the receiver's clock, in seconds.
pub const TOLERANCE_SECONDS: i64 = 300;
/// Most signatures of a message that are looked at.
const MOST_SIGNATURES: usize = 20;

/// Why a message cannot be signed or is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The text is no key.
    #[error("this is no {0}")]
    Key(&'static str),
    /// The id could make another message look signed.
    #[error("a message id is 1 to 100 letters, digits, _ and -")]
    Id,
    /// No source of randomness.
    #[error("the system gives no random bytes: {0}")]
    Random(String),
    /// The time is not a number of seconds, or too far away.
    #[error(
        "the message was sent at \"{0}\", more than {TOLERANCE_SECONDS} seconds from now, or its time cannot be read; check your clock"
    )]
    Time(String),
    /// None of the signatures is by the key.
    #[error("no signature of this message is by the key: it was altered, or signed with another key")]
    NotSigned,
}

/// A secret that both sides know: 24 to 64 bytes, written `whsec_` and Base64.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// A new secret of 32 random bytes. Use another for each subscription.
    ///
    /// # Errors
    /// [`SignatureError::Random`].
    pub fn generate() -> Result<Self, SignatureError> {
        Ok(Self(random()?.to_vec()))
    }

    /// The text to show to the subscriber once, and to keep safe.
    pub fn to_text(&self) -> String {
        format!("whsec_{}", BASE64.encode(&self.0))
    }

    fn mac(&self, signed: &[u8]) -> Option<Hmac<hmac_sha2::Sha256>> {
        // A key of any length is taken.
        Some(Hmac::<hmac_sha2::Sha256>::new_from_slice(&self.0).ok()?.chain_update(signed))
    }
}

impl FromStr for Secret {
    type Err = SignatureError;

    fn from_str(text: &str) -> Result<Self, SignatureError> {
        let wrong = SignatureError::Key("secret: it begins with whsec_ and holds 24 to 64 bytes in Base64");
        let bytes =
            text.strip_prefix("whsec_").filter(|rest| rest.len() <= 88).and_then(|rest| BASE64.decode(rest).ok());
        bytes.filter(|bytes| (24..=64).contains(&bytes.len())).map(Self).ok_or(wrong)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What signs.
#[derive(Debug, Clone)]
pub enum Signer {
    /// `v1`: HMAC-SHA256 with a shared secret.
    Shared(Secret),
    /// `v1a`: Ed25519.
    Key(Box<SigningKey>),
}

impl Signer {
    /// A new Ed25519 key.
    ///
    /// # Errors
    /// [`SignatureError::Random`].
    pub fn generate_key() -> Result<Self, SignatureError> {
        Ok(Self::Key(Box::new(SigningKey::from_bytes(&random()?))))
    }

    /// What to keep: `whsec_…` or `whsk_…`.
    pub fn to_text(&self) -> String {
        match self {
            Self::Shared(secret) => secret.to_text(),
            Self::Key(key) => format!("whsk_{}", BASE64.encode(key.to_bytes())),
        }
    }

    /// What the receiver checks with.
    pub fn verifier(&self) -> Verifier {
        match self {
            Self::Shared(secret) => Verifier::Shared(secret.clone()),
            Self::Key(key) => Verifier::Key(key.verifying_key()),
        }
    }

    fn sign(&self, signed: &[u8]) -> Option<String> {
        Some(match self {
            Self::Shared(secret) => format!("v1,{}", BASE64.encode(secret.mac(signed)?.finalize().into_bytes())),
            Self::Key(key) => format!("v1a,{}", BASE64.encode(key.sign(signed).to_bytes())),
        })
    }
}

impl FromStr for Signer {
    type Err = SignatureError;

    fn from_str(text: &str) -> Result<Self, SignatureError> {
        match text.strip_prefix("whsk_") {
            None => text.parse().map(Self::Shared),
            Some(rest) => {
                let bytes = thirty_two(rest).ok_or(SignatureError::Key("key: after whsk_ stand 32 bytes in Base64"))?;
                Ok(Self::Key(Box::new(SigningKey::from_bytes(&bytes))))
            }
        }
    }
}

/// What a receiver checks with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verifier {
    /// The shared secret.
    Shared(Secret),
    /// The public half of the key.
    Key(VerifyingKey),
}

impl Verifier {
    /// What to hand to the receiver: `whsec_…`, which is secret, or `whpk_…`, which is not.
    pub fn to_text(&self) -> String {
        match self {
            Self::Shared(secret) => secret.to_text(),
            Self::Key(key) => format!("whpk_{}", BASE64.encode(key.to_bytes())),
        }
    }

    fn believes(&self, signature: &str, signed: &[u8]) -> bool {
        let Some((version, bytes)) = signature.split_once(',') else { return false };
        let Ok(bytes) = BASE64.decode(bytes) else { return false };
        match (self, version) {
            // `verify_slice` compares in constant time.
            (Self::Shared(secret), "v1") => secret.mac(signed).is_some_and(|mac| mac.verify_slice(&bytes).is_ok()),
            (Self::Key(key), "v1a") => {
                Signature::from_slice(&bytes).is_ok_and(|signature| key.verify_strict(signed, &signature).is_ok())
            }
            _ => false,
        }
    }
}

impl FromStr for Verifier {
    type Err = SignatureError;

    fn from_str(text: &str) -> Result<Self, SignatureError> {
        let wrong = SignatureError::Key("key: after whpk_ stand the 32 bytes of an Ed25519 public key in Base64");
        match text.strip_prefix("whpk_") {
            None => text.parse().map(Self::Shared),
            Some(rest) => {
                let key = thirty_two(rest).and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
                key.map(Self::Key).ok_or(wrong)
            }
        }
    }
}

/// The three headers of a message that is sent now.
///
/// # Errors
/// [`SignatureError::Id`] for an id that could be taken for something else.
pub fn headers(
    signers: &[Signer],
    id: &str,
    now: Timestamp,
    body: &[u8],
) -> Result<[(&'static str, String); 3], SignatureError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if id.is_empty() || id.len() > 100 || !id.bytes().all(plain) {
        return Err(SignatureError::Id);
    }
    let sent = now.as_second().to_string();
    let signed = content(id, &sent, body);
    let signatures: Option<Vec<String>> = signers.iter().map(|signer| signer.sign(&signed)).collect();
    let signatures = signatures.filter(|all| !all.is_empty()).ok_or(SignatureError::Key("key to sign with"))?;
    Ok([(ID, id.to_owned()), (TIMESTAMP, sent), (SIGNATURE, signatures.join(" "))])
}

/// What a receiver does with the three headers and the body as it came, before it reads it.
///
/// ```
/// use tidewaiter_repository::feeds::signature::{Signer, headers, verify};
/// let signer: Signer = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
/// let now = jiff::Timestamp::from_second(1_614_265_330)?;
/// let body = br#"{"test": 2432232314}"#;
/// let [(_, id), (_, sent), (_, signatures)] = headers(&[signer.clone()], "msg_1", now, body)?;
/// verify(&signer.verifier(), &id, &sent, &signatures, body, now)?;
/// assert!(verify(&signer.verifier(), &id, &sent, &signatures, b"altered", now).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SignatureError::Time`] for a message that is too old or from the future; [`SignatureError::NotSigned`].
pub fn verify(
    verifier: &Verifier,
    id: &str,
    timestamp: &str,
    signatures: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<(), SignatureError> {
    let away = timestamp.parse::<i64>().ok().and_then(|sent| now.as_second().checked_sub(sent));
    if away.is_none_or(|seconds| seconds.unsigned_abs() > TOLERANCE_SECONDS.unsigned_abs()) {
        return Err(SignatureError::Time(timestamp.chars().take(40).collect()));
    }
    let signed = content(id, timestamp, body);
    let mut all = signatures.split(' ').take(MOST_SIGNATURES);
    all.any(|signature| verifier.believes(signature, &signed)).then_some(()).ok_or(SignatureError::NotSigned)
}

fn content(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat()
}

fn thirty_two(base64: &str) -> Option<[u8; 32]> {
    BASE64.decode(base64.get(..44).filter(|_| base64.len() == 44)?).ok()?.try_into().ok()
}

fn random() -> Result<[u8; 32], SignatureError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|e| SignatureError::Random(e.to_string()))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const MESSAGE: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const SENT: i64 = 1_614_265_330;
    const SHARED: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const PRIVATE: &str = "whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn signature(signers: &[&str]) -> String {
        let signers: Vec<Signer> = signers.iter().map(|text| text.parse().unwrap()).collect();
        headers(&signers, MESSAGE, at(SENT), BODY).unwrap()[2].1.clone()
    }

    /// Vectors of the reference libraries of the specification: `test_sign_function` of the Python one,
    /// `TestAsymmetricWebhookSign` of the Go one.
    #[test]
    fn signs_as_the_reference_libraries_do() {
        let shared = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        let public = "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==";
        assert_eq!(signature(&[SHARED]), shared);
        assert_eq!(signature(&[PRIVATE]), public);
        assert_eq!(signature(&[SHARED, PRIVATE]), format!("{shared} {public}"));
        let [id, sent, _] = headers(&[SHARED.parse().unwrap()], MESSAGE, at(SENT), BODY).unwrap();
        assert_eq!((id, sent), (("webhook-id", MESSAGE.into()), ("webhook-timestamp", "1614265330".into())));
    }

    #[test]
    fn a_receiver_believes_what_was_signed_and_nothing_else() {
        let sent = SENT.to_string();
        for text in [SHARED, PRIVATE] {
            let verifier = text.parse::<Signer>().unwrap().verifier();
            // As a receiver gets it: by its text.
            let verifier: Verifier = verifier.to_text().parse().unwrap();
            let good = signature(&[text]);
            let check = |id: &str, time: &str, signatures: &str, body: &[u8]| {
                verify(&verifier, id, time, signatures, body, at(SENT))
            };
            assert_eq!(check(MESSAGE, &sent, &good, BODY), Ok(()));
            let among = format!("v1,AAAA v2,x {good} v1a,AAAA");
            assert_eq!(check(MESSAGE, &sent, &among, BODY), Ok(()));
            assert_eq!(check(MESSAGE, &sent, &good, b"{}"), Err(SignatureError::NotSigned));
            assert_eq!(check("msg_other", &sent, &good, BODY), Err(SignatureError::NotSigned));
            assert_eq!(check(MESSAGE, &(SENT + 1).to_string(), &good, BODY), Err(SignatureError::NotSigned));
            let other_version = good.replacen("v1", "v3", 1);
            for bad in ["", "v1,", "v1a,", "v1,%%", other_version.as_str(), good.get(..good.len() - 4).unwrap()] {
                assert_eq!(check(MESSAGE, &sent, bad, BODY), Err(SignatureError::NotSigned), "{bad}");
            }
        }
        let other = Signer::Shared(Secret::generate().unwrap()).verifier();
        assert_eq!(
            verify(&other, MESSAGE, &sent, &signature(&[SHARED]), BODY, at(SENT)),
            Err(SignatureError::NotSigned)
        );
    }

    #[test]
    fn a_message_counts_for_five_minutes_around_its_time() {
        let verifier = SHARED.parse::<Signer>().unwrap().verifier();
        let good = signature(&[SHARED]);
        let check = |time: &str, now: i64| verify(&verifier, MESSAGE, time, &good, BODY, at(now));
        let sent = SENT.to_string();
        for now in [SENT - 300, SENT, SENT + 300] {
            assert_eq!(check(&sent, now), Ok(()));
        }
        for now in [SENT - 301, SENT + 301] {
            assert_eq!(check(&sent, now), Err(SignatureError::Time(sent.clone())));
        }
        for time in ["", "hello", "1614265330.0", "-9223372036854775808", "99999999999999999999"] {
            assert!(matches!(check(time, SENT), Err(SignatureError::Time(_))), "{time}");
        }
    }

    #[test]
    fn during_a_rotation_old_and_new_receivers_believe() {
        let (old, new) = (Signer::Shared(Secret::generate().unwrap()), Signer::generate_key().unwrap());
        let [id, sent, signatures] = headers(&[new.clone(), old.clone()], MESSAGE, at(SENT), BODY).unwrap();
        for signer in [old, new] {
            assert_eq!(verify(&signer.verifier(), &id.1, &sent.1, &signatures.1, BODY, at(SENT)), Ok(()));
            assert_eq!(signer.to_text().parse::<Signer>().unwrap().to_text(), signer.to_text());
        }
    }

    #[test]
    fn what_is_no_key_is_refused_and_secrets_are_not_printed() {
        // 23 and 65 bytes.
        let (short, long) = (format!("whsec_{}", BASE64.encode([7; 23])), format!("whsec_{}", BASE64.encode([7; 65])));
        for text in ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsk_AAAA", "whpk_AAAA", &short, &long] {
            assert!(text.parse::<Signer>().is_err(), "{text}");
            assert!(text.parse::<Verifier>().is_err(), "{text}");
        }
        assert!(format!("whsec_{}", BASE64.encode([7; 24])).parse::<Signer>().is_ok());
        assert!(format!("whsec_{}", BASE64.encode([7; 64])).parse::<Signer>().is_ok());
        assert_eq!(format!("{:?}", SHARED.parse::<Secret>().unwrap()), "Secret(…)");
    }

    #[test]
    fn an_id_cannot_hold_what_ends_it() {
        let signer = [SHARED.parse::<Signer>().unwrap()];
        for id in ["", "a.b", "a b", "a\r\nx: y", "ä"] {
            assert_eq!(headers(&signer, id, at(SENT), BODY), Err(SignatureError::Id), "{id:?}");
        }
        assert_eq!(headers(&[], MESSAGE, at(SENT), BODY), Err(SignatureError::Key("key to sign with")));
    }
}
