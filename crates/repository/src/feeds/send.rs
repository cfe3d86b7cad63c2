//! Sending a message to a subscriber's server.

use super::address::{AddressError, Guard, Reach};
use super::delivery::Attempt;
use super::signature::{SignatureError, Signer, headers};
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use std::error::Error;
use std::time::Duration;

/// How long a receiver may take to answer: the specification advises 15 to 30 seconds.
pub const TIMEOUT: Duration = Duration::from_secs(20);
/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Sends messages, and only to where they may go: it has a client of its own, that resolves names by [`Guard`], follows no
/// redirection and uses no proxy.
#[derive(Debug, Clone)]
pub struct Courier {
    client: reqwest::Client,
    reach: Reach,
}

impl Courier {
    /// One that waits [`TIMEOUT`] for an answer.
    ///
    /// # Errors
    /// Where the system's certificates cannot be used.
    pub fn new(reach: Reach) -> Result<Self, reqwest::Error> {
        Self::with_timeout(reach, TIMEOUT)
    }

    /// One that waits so long for an answer.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_timeout(reach: Reach, timeout: Duration) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .dns_resolver(Guard(reach))
            .redirect(reqwest::redirect::Policy::none())
            // A proxy would resolve names itself.
            .no_proxy()
            .referer(false)
            .retry(reqwest::retry::never())
            // Each message resolves anew, so no connection outlives a change of reach.
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(timeout)
            .user_agent(concat!("tidewaiter-repository/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, reach })
    }

    /// Signs and sends a body once. Of the answer only the status and `Retry-After` are read, so nobody can make it long.
    ///
    /// # Errors
    /// [`SignatureError`] where it cannot be signed; what goes wrong on the way is an [`Attempt`].
    pub async fn send(
        &self,
        signers: &[Signer],
        id: &str,
        url: &str,
        body: Vec<u8>,
        now: Timestamp,
    ) -> Result<Attempt, SignatureError> {
        let signed = headers(signers, id, now, &body)?;
        let url = match self.reach.check(url) {
            Ok(url) => url,
            Err(why) => return Ok(Attempt::Forbidden(why.to_string())),
        };
        let mut request = self.client.post(url).header(CONTENT_TYPE, "application/json");
        for (name, value) in signed {
            request = request.header(name, value);
        }
        Ok(match request.body(body).send().await {
            Ok(answer) => Attempt::Answered {
                status: answer.status().as_u16(),
                retry_after_seconds: retry_after(answer.headers(), now),
            },
            Err(error) => failed(&error),
        })
    }
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    u64::try_from(date.as_second() - now.as_second()).ok()
}

/// Why no answer came, without the address, which may hold a secret of the subscriber.
fn failed(error: &reqwest::Error) -> Attempt {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    let mut last = None;
    while let Some(error) = cause {
        if let Some(not_public) = error.downcast_ref::<AddressError>() {
            // Failed and not forbidden: the name may be set right within three days.
            return Attempt::Failed(not_public.to_string());
        }
        last = Some(error.to_string());
        cause = error.source();
    }
    if error.is_timeout() {
        return Attempt::Failed("the receiver did not answer in time".into());
    }
    let why = last.unwrap_or_else(|| "no connection".into());
    Attempt::Failed(format!("the receiver cannot be reached: {}", super::words::line(&why, 200)))
}
