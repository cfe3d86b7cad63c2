//! Sending letters by SMTP.

use super::digest::Digest;
use super::words;
use crate::sha256_hex;
use async_trait::async_trait;
use jiff::Timestamp;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MessageBuilder};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

/// How long a mail server may take for one step.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Why a letter is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// It cannot be written.
    #[error("the letter cannot be written: {0}")]
    Letter(String),
    /// The settings are wrong.
    #[error("the mail settings are wrong: {0}")]
    Settings(String),
    /// The server takes it never: do not send it again.
    #[error("the mail server refused the letter: {0}")]
    Refused(String),
    /// The server cannot be reached or takes it later: send it again.
    #[error("the mail server did not take the letter now: {0}")]
    Later(String),
}

/// A header whose value is ASCII and was checked.
macro_rules! header {
    ($type:ident, $name:literal) => {
        #[derive(Clone)]
        struct $type(String);

        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(text.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}
header!(ListUnsubscribe, "List-Unsubscribe");
header!(ListUnsubscribePost, "List-Unsubscribe-Post");
header!(AutoSubmitted, "Auto-Submitted");

/// The letter as it is sent: with the headers by which mail programs offer to end it in one step (RFC 2369, RFC 8058), and the
/// one by which absent people's programs do not answer it (RFC 3834). The id is the same for the same reader, subject and
/// time, so a letter that is sent twice is seen as one.
///
/// # Errors
/// [`MailError::Letter`] where an address is none.
pub fn letter(digest: &Digest, from: &str, to: &str, leave: &str, at: Timestamp) -> Result<Message, MailError> {
    let (from, to) = (mailbox(from)?, mailbox(to)?);
    let plain = |b: u8| b.is_ascii_graphic() && !b"<>,\"".contains(&b);
    if !leave.starts_with("https://") || leave.len() > 500 || !leave.bytes().all(plain) {
        return Err(MailError::Letter(
            "the address to end the letters must begin with https:// and have no spaces".into(),
        ));
    }
    dated(digest, from, to, at)
        .header(ListUnsubscribe(format!("<{leave}>")))
        .header(ListUnsubscribePost("List-Unsubscribe=One-Click".into()))
        .header(AutoSubmitted("auto-generated".into()))
        .header(ContentType::TEXT_PLAIN)
        .body(digest.body.replace('\n', "\r\n"))
        .map_err(|e| MailError::Letter(e.to_string()))
}

/// A notice to those who run the repository: nobody subscribed to it, so nothing offers to end it.
///
/// # Errors
/// [`MailError::Letter`] where an address is none.
pub fn notice(text: &Digest, from: &str, to: &str, at: Timestamp) -> Result<Message, MailError> {
    let (from, to) = (mailbox(from)?, mailbox(to)?);
    dated(text, from, to, at)
        .header(AutoSubmitted("auto-generated".into()))
        .header(ContentType::TEXT_PLAIN)
        .body(text.body.replace('\n', "\r\n"))
        .map_err(|e| MailError::Letter(e.to_string()))
}

fn mailbox(text: &str) -> Result<Mailbox, MailError> {
    text.parse().map_err(|_| MailError::Letter(format!("\"{}\" is no mail address", words::line(text, 100))))
}

fn dated(text: &Digest, from: Mailbox, to: Mailbox, at: Timestamp) -> MessageBuilder {
    let seed = format!("{}\n{}\n{}", to.email, text.subject, at.as_second());
    let seed = sha256_hex(seed.as_bytes());
    let id = format!("<{}@{}>", seed.get(..32).unwrap_or(&seed), from.email.domain());
    let since_1970 = Duration::from_secs(u64::try_from(at.as_second()).unwrap_or(0));
    Message::builder()
        .from(from)
        .to(to)
        .subject(words::line(&text.subject, 200))
        .date(SystemTime::UNIX_EPOCH + since_1970)
        .message_id(Some(id))
}

/// Something that sends letters.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one.
    ///
    /// # Errors
    /// [`MailError::Refused`] or [`MailError::Later`].
    async fn send(&self, letter: Message) -> Result<(), MailError>;
}

/// How to reach a mail server.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// Its name or address.
    pub host: String,
    /// Its port: 465 for `tls`, 587 for `starttls` as a rule.
    pub port: u16,
    /// How the connection is kept secret.
    #[serde(default)]
    pub encryption: Encryption,
    /// Who we are there, where it asks.
    #[serde(default)]
    pub user: Option<String>,
    /// Our password there.
    #[serde(default)]
    pub password: Option<String>,
}

impl std::fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { host, port, encryption, user, .. } = self;
        write!(f, "SmtpSettings({host}:{port}, {encryption:?}, user {user:?})")
    }
}

/// How a connection to a mail server is kept secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// From the first byte.
    #[default]
    Tls,
    /// From the command STARTTLS on, without which nothing is sent.
    Starttls,
    /// Not at all: only to this machine itself.
    None,
}

/// A mail server.
#[derive(Debug, Clone)]
pub struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

impl Smtp {
    /// One that is reached so. Nothing is sent yet.
    ///
    /// # Errors
    /// [`MailError::Settings`], also where letters and passwords would go through a network unencrypted.
    pub fn new(settings: &SmtpSettings) -> Result<Self, MailError> {
        let host = settings.host.as_str();
        let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        let builder = match settings.encryption {
            Encryption::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(host),
            Encryption::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host),
            Encryption::None if here => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)),
            Encryption::None => {
                return Err(MailError::Settings(format!(
                    "write encryption = \"tls\" or \"starttls\" for {host}: only this machine may be reached without"
                )));
            }
        };
        let mut builder =
            builder.map_err(|e| MailError::Settings(e.to_string()))?.port(settings.port).timeout(Some(TIMEOUT));
        match (&settings.user, &settings.password) {
            (Some(user), Some(password)) => {
                builder = builder.credentials(Credentials::new(user.clone(), password.clone()))
            }
            (None, None) => {}
            _ => return Err(MailError::Settings("give both user and password, or neither".into())),
        }
        Ok(Self(builder.build()))
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, letter: Message) -> Result<(), MailError> {
        match AsyncTransport::send(&self.0, letter).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let why = words::line(&error.to_string(), 300);
                Err(if error.is_permanent() { MailError::Refused(why) } else { MailError::Later(why) })
            }
        }
    }
}
