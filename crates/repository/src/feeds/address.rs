//! To which addresses nothing may be sent. A subscriber names the address, so it may be one inside the network of the
//! repository (server-side request forgery). Names are resolved once, by [`Guard`], and the connection goes to an address that
//! it let through: a name that resolves to another address a moment later gains nothing.

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Longest address, in bytes.
const MOST_BYTES: usize = 2_048;

/// How far messages may go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reach {
    /// Addresses of the public internet, by HTTPS.
    #[default]
    Public,
    /// Those, and this machine itself, also by HTTP: to try things out.
    AndLoopback,
}

/// Why nothing is sent to an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not an address.
    #[error("this is no web address: {0}; write it as https://shop.example/hooks")]
    Form(String),
    /// Not HTTPS.
    #[error("messages go to addresses that begin with https:// only")]
    NotHttps,
    /// A name or password in the address.
    #[error("leave the user name and password out of the address; the signature proves who sent a message")]
    UserInfo,
    /// An address inside some network.
    #[error("{0} is not an address of the public internet; give one that everybody can reach")]
    NotPublic(String),
}

impl Reach {
    /// Checks an address as a subscriber gave it. Whether its name resolves to a public address is checked when something is
    /// sent.
    ///
    /// ```
    /// use tidewaiter_repository::feeds::address::Reach;
    /// assert!(Reach::Public.check("https://shop.example/hooks").is_ok());
    /// assert!(Reach::Public.check("http://shop.example/hooks").is_err());
    /// assert!(Reach::Public.check("https://169.254.169.254/").is_err());
    /// ```
    ///
    /// # Errors
    /// [`AddressError`] with what to give instead.
    pub fn check(self, address: &str) -> Result<Url, AddressError> {
        if address.len() > MOST_BYTES {
            return Err(AddressError::Form(format!("it is longer than {MOST_BYTES} bytes")));
        }
        let url = Url::parse(address).map_err(|e| AddressError::Form(e.to_string()))?;
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or_else(|| AddressError::Form("it has no host".into()))?;
        // What looks like a number was made a number by the parser, so 0x7f.1 is 127.0.0.1 here.
        let ip = host.trim_matches(['[', ']']).parse::<IpAddr>().ok();
        let here = ip.map_or_else(|| host == "localhost", |ip| ip.to_canonical().is_loopback());
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::UserInfo);
        }
        match url.scheme() {
            "https" => {}
            "http" if self == Self::AndLoopback && here => {}
            _ => return Err(AddressError::NotHttps),
        }
        match ip {
            Some(ip) if !self.allows(ip) => Err(AddressError::NotPublic(host.to_owned())),
            _ => Ok(url),
        }
    }

    /// Whether a connection may go to an address.
    pub fn allows(self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        match ip {
            _ if ip.is_loopback() => self == Self::AndLoopback,
            IpAddr::V4(ip) => public_v4(ip),
            IpAddr::V6(ip) => public_v6(ip),
        }
    }
}

/// By the IANA registry of special-purpose addresses (RFC 6890 and later).
fn public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_link_local()
        || ip.is_documentation()
        || matches!(
            (a, b, c),
            (0 | 127 | 224.., _, _) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18 | 19, _)
        ))
}

/// Global unicast (2000::/3) without the blocks for protocols, documentation and tunnels, within which any address of
/// version 4 can be written.
fn public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    (0x2000..=0x3fff).contains(&a) && !matches!((a, b), (0x2001, ..0x0200 | 0x0db8) | (0x2002, _) | (0x3fff, ..0x1000))
}

/// Resolves names for connections, and lets only allowed addresses through.
#[derive(Debug, Clone, Copy)]
pub struct Guard(pub Reach);

impl Guard {
    /// Those of some addresses to which a connection may go.
    ///
    /// # Errors
    /// [`AddressError::NotPublic`] where there is none.
    pub fn filter(
        self,
        name: &str,
        addresses: impl Iterator<Item = SocketAddr>,
    ) -> Result<Vec<SocketAddr>, AddressError> {
        let allowed: Vec<SocketAddr> = addresses.filter(|address| self.0.allows(address.ip())).take(16).collect();
        if allowed.is_empty() {
            return Err(AddressError::NotPublic(name.chars().take(100).collect()));
        }
        Ok(allowed)
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = *self;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed = guard.filter(name.as_str(), found)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_public_internet_are_allowed() {
        let inside = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:db8::1",
            "2002:a00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for text in inside {
            assert!(!Reach::Public.allows(text.parse().unwrap()), "{text}");
        }
        let outside = [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.255.255",
            "198.20.0.1",
            "223.255.255.255",
            "2001:200::1",
            "2606:4700::1",
            "2a00::1",
            "::ffff:1.1.1.1",
        ];
        for text in outside {
            assert!(Reach::Public.allows(text.parse().unwrap()), "{text}");
        }
        for text in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(Reach::AndLoopback.allows(text.parse().unwrap()), "{text}");
        }
        for text in ["10.0.0.1", "169.254.169.254", "0.0.0.0", "fe80::1"] {
            assert!(!Reach::AndLoopback.allows(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn addresses_in_disguise_are_seen_through() {
        let inside = [
            "https://127.0.0.1/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://017700000001/",
            "https://127.1/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::1]:8443/",
            "https://１２７.0.0.1/",
            "https://169.254.169.254/latest/meta-data",
        ];
        for text in inside {
            assert!(matches!(Reach::Public.check(text), Err(AddressError::NotPublic(_))), "{text}");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in
            ["http://shop.example/", "ftp://shop.example/", "file:///etc/passwd", "http://127.0.0.1/", "unix:/run/x"]
        {
            assert!(Reach::Public.check(text).is_err(), "{text}");
        }
        for text in ["https://me@shop.example/", "https://me:pass@shop.example/", "https://:pass@shop.example/"] {
            assert_eq!(Reach::Public.check(text), Err(AddressError::UserInfo), "{text}");
        }
        for text in ["", "shop.example", "https://", "https://a b/"] {
            assert!(Reach::Public.check(text).is_err(), "{text}");
        }
        let long = format!("https://shop.example/{}", "x".repeat(MOST_BYTES));
        assert!(matches!(Reach::Public.check(&long), Err(AddressError::Form(_))));
    }

    #[test]
    fn http_goes_to_this_machine_only() {
        for text in ["http://127.0.0.1:8080/", "http://[::1]/", "http://localhost:1/"] {
            assert!(Reach::AndLoopback.check(text).is_ok(), "{text}");
            assert_eq!(Reach::Public.check(text), Err(AddressError::NotHttps), "{text}");
        }
        assert_eq!(Reach::AndLoopback.check("http://shop.example/"), Err(AddressError::NotHttps));
        assert_eq!(Reach::AndLoopback.check("http://localhost.shop.example/"), Err(AddressError::NotHttps));
    }

    #[test]
    fn of_what_a_name_resolves_to_only_the_public_is_used() {
        let found: Vec<SocketAddr> =
            ["10.0.0.1:0", "1.1.1.1:0", "[::1]:0"].iter().map(|text| text.parse().unwrap()).collect();
        let allowed = Guard(Reach::Public).filter("shop.example", found.iter().copied()).unwrap();
        assert_eq!(allowed, ["1.1.1.1:0".parse::<SocketAddr>().unwrap()]);
        let none = Guard(Reach::Public).filter("shop.example", found.into_iter().take(1));
        assert_eq!(none, Err(AddressError::NotPublic("shop.example".into())));
    }
}
