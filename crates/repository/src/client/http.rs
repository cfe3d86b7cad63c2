//! A mirror at a web address: any static host.

use super::mirror::{Mirror, MirrorError, check, read_bounded};
use std::time::Duration;

/// How long to wait for a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the connection.
    pub connect: Duration,
    /// For a file, beside the time that its bytes take.
    pub file: Duration,
    /// Slowest speed that is borne, in bytes a second; at least 1.
    pub slowest: u64,
    /// How long to wait for a file of a host that says that it was asked too often (status 429 or 503).
    pub busy: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            file: Duration::from_secs(30),
            slowest: 32 << 10,
            busy: Duration::from_secs(60),
        }
    }
}

impl Patience {
    /// Longest time for a file of at most so many bytes.
    fn for_bytes(self, most: u64) -> Duration {
        self.file.saturating_add(Duration::from_secs(most / self.slowest.max(1)))
    }
}

/// A web address under which `metadata/` and `targets/` stand. Redirects are not followed.
#[derive(Debug, Clone)]
pub struct HttpMirror {
    base: String,
    agent: ureq::Agent,
    patience: Patience,
}

impl HttpMirror {
    /// The mirror at an address that begins with `https://` or `http://`.
    ///
    /// # Errors
    /// [`MirrorError::Path`] for another address.
    pub fn new(url: &str) -> Result<Self, MirrorError> {
        Self::with_patience(url, Patience::default())
    }

    /// As [`Self::new`], with other times to wait.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_patience(url: &str, patience: Patience) -> Result<Self, MirrorError> {
        let base = url.trim_end_matches('/').to_owned();
        let host = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"));
        if host.is_none_or(|host| host.is_empty() || host.contains(['?', '#'])) {
            return Err(MirrorError::Path(url.escape_debug().take(80).collect()));
        }
        let agent = ureq::Agent::config_builder()
            .timeout_connect(Some(patience.connect))
            // What another address sends is still verified; it is not followed so that a host cannot make readers ask others.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(concat!("tidewaiter/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        Ok(Self { base, agent, patience })
    }
}

impl Mirror for HttpMirror {
    fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, MirrorError> {
        check(path)?;
        let limit = self.patience.for_bytes(most);
        let unreachable = |why: String| MirrorError::Unreachable { path: path.to_owned(), why };
        let slow = || MirrorError::TooSlow { path: path.to_owned(), seconds: limit.as_secs() };
        let mut waited = Duration::ZERO;
        let mut response = loop {
            let request = self.agent.get(format!("{}/{path}", self.base)).config().timeout_global(Some(limit)).build();
            let response = match request.call() {
                Ok(response) => response,
                Err(ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve)) => {
                    return Err(unreachable("the host does not answer".into()));
                }
                Err(ureq::Error::Timeout(_)) => return Err(slow()),
                Err(other) => return Err(unreachable(other.to_string())),
            };
            match later(&response) {
                Some(wait) if waited.saturating_add(wait) <= self.patience.busy => {
                    std::thread::sleep(wait);
                    waited += wait;
                }
                _ => break response,
            }
        };
        match response.status().as_u16() {
            200 => {}
            // Object stores answer 403 for what is not there to those who may not list.
            403 | 404 | 410 => return Ok(None),
            300..=399 => {
                let to = response.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or("not said");
                return Err(MirrorError::Elsewhere { path: path.to_owned(), to: to.chars().take(200).collect() });
            }
            other => return Err(unreachable(format!("the host answers with status {other}"))),
        }
        if response.body().content_length().is_some_and(|length| length > most) {
            return Err(MirrorError::TooLarge { path: path.to_owned(), most });
        }
        let reader = response.body_mut().with_config().limit(u64::MAX).reader();
        let timed = std::cell::Cell::new(false);
        let read = read_bounded(Watched(reader, &timed), path, most);
        if timed.get() { Err(slow()) } else { read.map(Some) }
    }
}

/// How long a busy host asks to be left alone; a second where it does not say (RFC 9110, section 10.2.3).
fn later(response: &ureq::http::Response<ureq::Body>) -> Option<Duration> {
    if !matches!(response.status().as_u16(), 429 | 503) {
        return None;
    }
    let said = response.headers().get("retry-after").and_then(|wait| wait.to_str().ok()?.parse().ok());
    // A wait of nothing, again and again, would be no wait.
    Some(Duration::from_secs(said.unwrap_or(1)).max(Duration::from_millis(50)))
}

/// Notices whether reading ended because time was up.
struct Watched<'a, R>(R, &'a std::cell::Cell<bool>);

impl<R: std::io::Read> std::io::Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buffer).inspect_err(|e| {
            let inner = e.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
            let late = matches!(inner, Some(ureq::Error::Timeout(_))) || e.kind() == std::io::ErrorKind::TimedOut;
            self.1.set(late);
        })
    }
}
