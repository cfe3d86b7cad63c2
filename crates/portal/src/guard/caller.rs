//! Who asks, and how often: the holder of a key, or a network.
//!
//! A network is an IPv4 address, or the /64 of an IPv6 one: whoever has one address of such a network has all of them (RFC 6177).
//! The address is that of the connection. Where proxies stand before the service, it is the one that the outermost of ours saw.
//!
//! Each holder has ten times the allowance of a network, wherever they ask from. A key that is not given out is refused: whoever sends
//! one believes to have that allowance.

pub use super::keys::{Keys, KeysError};

use crate::desk::{Desk, Settings};
use crate::problem::{Problem, message};
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;
use tidewaiter::quote::said::{Message, Said};
use tidewaiter_repository::server::network;

/// How often callers who have their whole allowance again are forgotten.
pub(crate) const FORGET: Duration = Duration::from_secs(60);
/// How many times as often the holder of a key may ask.
const KEY_FACTOR: u32 = 10;

/// How many letters a network may write at once; as many more come back each hour.
const LETTERS: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caller {
    /// From a network.
    Network(IpAddr),
    /// With a key, by its hash.
    Holder([u8; 32]),
}

impl Caller {
    /// Names the caller in what only its hash is kept of.
    pub(crate) fn mark(&self) -> String {
        match self {
            Self::Network(network) => format!("network {network}"),
            Self::Holder(hash) => {
                format!("holder {}", hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
            }
        }
    }
}

/// How often each caller may ask.
pub(crate) struct Allowance {
    networks: DefaultKeyedRateLimiter<IpAddr>,
    holders: DefaultKeyedRateLimiter<[u8; 32]>,
    letters: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

impl Allowance {
    /// So many at once and one more each time, and ten times of both for holders of keys.
    pub(crate) fn new(settings: &Settings) -> Self {
        let quota = |factor: u32| {
            let burst = NonZeroU32::new(settings.burst.saturating_mul(factor)).unwrap_or(NonZeroU32::MIN);
            let refill = (settings.refill / factor).max(Duration::from_nanos(1));
            Quota::with_period(refill).unwrap_or_else(|| Quota::per_second(burst)).allow_burst(burst)
        };
        Self {
            networks: RateLimiter::keyed(quota(1)),
            holders: RateLimiter::keyed(quota(KEY_FACTOR)),
            letters: RateLimiter::keyed(Quota::per_hour(LETTERS)),
            clock: DefaultClock::default(),
        }
    }

    /// Takes one from a caller's allowance; how long to wait where nothing is left.
    pub(crate) fn take(&self, caller: &Caller) -> Result<(), Duration> {
        let taken = match caller {
            Caller::Network(network) => self.networks.check_key(network),
            Caller::Holder(hash) => self.holders.check_key(hash),
        };
        taken.map_err(|until| until.wait_time_from(self.clock.now()))
    }

    /// Takes one from a network's letters, which are read by people; how long to wait where none is left.
    pub(crate) fn write(&self, network: IpAddr) -> Result<(), Duration> {
        self.letters.check_key(&network).map_err(|until| until.wait_time_from(self.clock.now()))
    }

    /// Forgets those who have their whole allowance again.
    pub(crate) fn forget(&self) {
        self.networks.retain_recent();
        self.holders.retain_recent();
        self.letters.retain_recent();
        self.networks.shrink_to_fit();
    }
}

/// The network that asks.
pub(crate) fn network_of(request: &Request, settings: &Settings) -> Option<IpAddr> {
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>()?.0.ip();
    Some(network(address(request.headers(), connection, settings.proxies)))
}

/// The key in a request. Other ways to log in are for a proxy before us, as `Basic` is.
enum Shown {
    Nothing,
    Key([u8; 32]),
    Other,
}

fn shown(headers: &HeaderMap) -> Shown {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = lines.next() else { return Shown::Nothing };
    // Two lines are two answers to one question (RFC 9110, 5.3): none is believed.
    if lines.next().is_some() {
        return Shown::Other;
    }
    let Some((scheme, key)) = value.to_str().ok().and_then(|value| value.trim().split_once(' ')) else {
        return Shown::Other;
    };
    // The word is written as one likes (RFC 9110, 11.1).
    if scheme.eq_ignore_ascii_case("Bearer") && key.trim().starts_with(crate::collect::caller::PREFIX) {
        // Of the house of sellers and authorities, which looks at it itself; it asks as often as its network may.
        Shown::Nothing
    } else if scheme.eq_ignore_ascii_case("Bearer") {
        Shown::Key(Keys::hash(key.trim()))
    } else if scheme.eq_ignore_ascii_case("Basic") {
        Shown::Nothing
    } else {
        Shown::Other
    }
}

/// A request that is refused; what answers it stands further in, where refusals get their form.
#[derive(Debug, Clone)]
enum Refused {
    /// Too often: how long to wait.
    Often(Duration),
    /// The key is not known.
    Key,
    /// The connection has no address.
    Fault,
}

/// What machines ask every few seconds, and costs nothing.
fn is_free(path: &str) -> bool {
    matches!(path, "/health/live" | "/health/ready")
}

/// Judges whether the caller may ask, as often as the settings say, and holders of keys ten times as often. Whether it may: who may not
/// is not told either that nothing has changed since it asked.
pub(crate) fn judged(desk: &Desk, request: &mut Request) -> bool {
    if is_free(request.uri().path()) {
        return true;
    }
    match judge(desk, request) {
        Ok(caller) if matches!(*request.method(), Method::POST | Method::PUT) => {
            _ = request.extensions_mut().insert(caller)
        }
        Ok(_) => {}
        Err(refused) => {
            request.extensions_mut().insert(refused);
            return false;
        }
    }
    true
}

fn judge(desk: &Desk, request: &Request) -> Result<Caller, Refused> {
    let network = network_of(request, &desk.settings).ok_or(Refused::Fault)?;
    let (caller, known) = match shown(request.headers()) {
        Shown::Key(hash) if desk.keys.holds(&hash) => (Caller::Holder(hash), true),
        Shown::Nothing => (Caller::Network(network), true),
        Shown::Key(_) | Shown::Other => (Caller::Network(network), false),
    };
    // Wrong keys count too: nobody tries them without end.
    desk.allowance.take(&caller).map_err(Refused::Often)?;
    if known { Ok(caller) } else { Err(Refused::Key) }
}

/// The answer for those that are refused.
pub(crate) fn refusal(desk: &Desk, request: &Request) -> Option<Response> {
    Some(match request.extensions().get::<Refused>()? {
        Refused::Often(wait) => {
            desk.figures.refused("rate");
            too_many(*wait, &message::DOOR_WAIT_OR_KEY)
        }
        Refused::Key => {
            desk.figures.refused("key");
            unknown_key(desk.keys.is_empty())
        }
        Refused::Fault => {
            tracing::error!("a connection has no address");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    })
}

/// Whole seconds, and never none: who comes back at once is refused again.
pub(crate) fn seconds_to_wait(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).max(1)
}

/// Says how long to wait, in the words of `say`.
pub(crate) fn too_many(wait: Duration, say: &'static Message) -> Response {
    let seconds = seconds_to_wait(wait);
    let detail = Said::of(say, [("seconds", seconds.to_string().into())]);
    let mut answer =
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests", detail).into_response();
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    answer
}

/// More are being answered than there are places.
pub(super) fn too_busy() -> Response {
    let detail = &message::DOOR_CROWD;
    let mut answer =
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Try again in a moment", detail).into_response();
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(1));
    answer
}

fn unknown_key(none_given: bool) -> Response {
    let detail = if none_given { &message::DOOR_NO_KEYS } else { &message::DOOR_KEY };
    let mut answer = Problem::new(StatusCode::UNAUTHORIZED, "key", "The key is not known", detail).into_response();
    answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"tidewaiter\""));
    answer
}

/// The address that asks. Each proxy adds the address it was asked from at the end of `X-Forwarded-For`, so the last `proxies` entries are
/// ours to believe; what stands before them, anybody may have written.
fn address(headers: &HeaderMap, connection: IpAddr, proxies: usize) -> IpAddr {
    let Some(back) = proxies.checked_sub(1) else { return connection };
    let told = headers.get_all("x-forwarded-for").iter().map(|v| String::from_utf8_lossy(v.as_bytes()));
    // What is no address stands in its place all the same: those that our proxies wrote are counted from the end.
    let told: Vec<String> =
        told.flat_map(|v| v.split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>()).collect();
    told.iter().rev().nth(back).and_then(|text| bare(text)).unwrap_or(connection)
}

/// An address as proxies write it: alone, in brackets, or with the port it was asked from.
fn bare(text: &str) -> Option<IpAddr> {
    let text = text.trim_matches('"');
    let alone = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|at| at.ip())).or_else(alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_proxies_are_believed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "203.0.113.9, 198.51.100.4".parse().unwrap());
        headers.append("x-forwarded-for", "192.0.2.1".parse().unwrap());
        let connection: IpAddr = "127.0.0.1".parse().unwrap();
        let with = |proxies| address(&headers, connection, proxies).to_string();
        assert_eq!(with(0), "127.0.0.1");
        assert_eq!(with(1), "192.0.2.1");
        assert_eq!(with(2), "198.51.100.4");
        assert_eq!(with(4), "127.0.0.1", "fewer entries than proxies: somebody went around one");
    }

    #[test]
    fn a_port_beside_the_address_does_no_harm() {
        let read = |text: &str| bare(text).map(|address| address.to_string());
        for (text, is) in [
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.2.1:50000", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]:50000", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
        ] {
            assert_eq!(read(text).as_deref(), Some(is), "{text}");
        }
        assert_eq!((read("unknown"), read("_hidden"), read("")), (None, None, None));
    }

    #[test]
    fn holders_have_ten_times_the_allowance() {
        let settings = Settings { burst: 3, refill: Duration::from_secs(3600), ..Settings::default() };
        let allowance = Allowance::new(&settings);
        let many = |caller: Caller| (0..100).take_while(|_| allowance.take(&caller).is_ok()).count();
        assert_eq!(many(Caller::Network("192.0.2.7".parse().unwrap())), 3);
        assert_eq!(many(Caller::Network("192.0.2.8".parse().unwrap())), 3, "each network has its own");
        assert_eq!(many(Caller::Holder([1; 32])), 30);
        assert_eq!(many(Caller::Holder([2; 32])), 30, "each holder has their own");
    }

    #[test]
    fn one_key_is_shown_or_none() {
        let of = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::AUTHORIZATION, line.parse().unwrap());
            }
            shown(&headers)
        };
        assert!(matches!(of(&[]), Shown::Nothing));
        assert!(matches!(of(&["bearer twk_1"]), Shown::Key(hash) if hash == Keys::hash("twk_1")));
        assert!(matches!(of(&["Basic eDp5"]), Shown::Nothing));
        assert!(matches!(of(&["Bearer twc_1"]), Shown::Nothing));
        assert!(matches!(of(&["Digest x"]), Shown::Other));
        assert!(matches!(of(&["Bearer twk_1", "Bearer twk_2"]), Shown::Other));
        assert!(matches!(of(&["Basic eDp5", "Bearer twk_2"]), Shown::Other));
    }

    #[test]
    fn waiting_is_told_in_whole_seconds() {
        let of = |millis| seconds_to_wait(Duration::from_millis(millis));
        assert_eq!((of(0), of(1), of(1000), of(1001)), (1, 1, 1, 2));
    }
}
