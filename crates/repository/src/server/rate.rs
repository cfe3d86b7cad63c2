//! How often one caller may ask. A caller is an IPv4 address, or the /64 network of an IPv6 one: whoever has one address of
//! such a network has all of them (RFC 6177).

use super::App;
use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tower_governor::governor::GovernorConfigBuilder;
use tower_governor::key_extractor::KeyExtractor;
use tower_governor::{GovernorError, GovernorLayer};

/// How often callers who have their whole allowance again are forgotten, so that the list of them stays short.
const FORGET: Duration = Duration::from_secs(60);

/// The network from which a request comes.
#[derive(Debug, Clone, Copy)]
struct Network;

impl KeyExtractor for Network {
    type Key = IpAddr;

    fn extract<T>(&self, request: &Request<T>) -> Result<IpAddr, GovernorError> {
        let from = request.extensions().get::<ConnectInfo<SocketAddr>>();
        Ok(network(from.ok_or(GovernorError::UnableToExtractKey)?.0.ip()))
    }
}

/// The network that counts as one caller: the address itself, or the /64 of an IPv6 one. An IPv6 address that carries an IPv4 one counts as
/// that: translated ones (RFC 6052, `64:ff9b::/96`) would all be one network, and 6to4 (RFC 3056, `2002::/16`) gives 65,536 of them to
/// each IPv4 address.
pub fn network(address: IpAddr) -> IpAddr {
    const HALF: u128 = u64::MAX as u128;
    let v4 = |high: u16, low: u16| IpAddr::V4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match address.to_canonical() {
        IpAddr::V6(v6) => match v6.segments() {
            [0x2002, high, low, ..] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
            _ => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !HALF)),
        },
        v4 => v4,
    }
}

/// Lets each caller through these doors `burst` times at once, and once more each `refill`.
pub(super) fn limited(doors: Router<App>, burst: u32, refill: Duration) -> Router<App> {
    let config = GovernorConfigBuilder::default()
        .key_extractor(Network)
        .period(refill.max(Duration::from_nanos(1)))
        .burst_size(burst.max(1))
        .finish();
    let Some(config) = config else { return doors };
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        let limiter = Arc::downgrade(config.limiter());
        runtime.spawn(async move {
            let mut clock = tokio::time::interval(FORGET);
            loop {
                clock.tick().await;
                let Some(limiter) = limiter.upgrade() else { return };
                limiter.retain_recent();
            }
        });
    }
    doors.layer(GovernorLayer::new(config))
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn a_caller_is_an_address_or_a_network() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("2002:c000:207:1:2:3:4:5"), "192.0.2.7");
        assert_eq!(of("64:ff9b::c000:207"), "192.0.2.7");
        assert_eq!(of("64:ff9b:1::c000:207"), "64:ff9b:1::");
    }
}
