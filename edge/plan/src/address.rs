//! Which IP addresses are public, for the connector that must reach no other (SSRF).
//!
//! After the IANA special-purpose registries (RFC 6890 and its updates): what is not globally
//! reachable is refused, and an IPv6 address that carries an IPv4 one is judged by that one too.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether `address` belongs to the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// Whether an authority (host and port of a request) names the machine at hand. Unsigned addresses
/// are served nowhere else.
pub fn is_loopback(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        // The colons in `[::1]` begin no port.
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    };
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || literal.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127, _, _)            // this network, private, loopback
            | (100, 64..=127, _)        // carrier-grade NAT, RFC 6598
            | (169, 254, _)             // link-local, cloud metadata
            | (172, 16..=31, _)         // private
            | (192, 0, 0 | 2)           // protocol assignments, documentation
            | (192, 88, 99)             // 6to4 relay anycast, RFC 7526
            | (192, 168, _)             // private
            | (198, 18 | 19, _)         // benchmarking
            | (198, 51, 100)            // documentation
            | (203, 0, 113)             // documentation
            | (224..=255, _, _) // multicast, reserved, broadcast
    ) && address != Ipv4Addr::new(100, 100, 100, 200)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [s0, s1, s2, s3, s4, s5, s6, s7] = address.segments();
    let v4 = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (s0, s1, s2) {
        // 64:ff9b::/96, RFC 6052: an IPv4 address in the last 32 bits.
        (0x64, 0xff9b, 0) if (s3, s4, s5) == (0, 0, 0) => v4(s6, s7),
        // 6to4, RFC 3056: in the 32 bits after the prefix.
        (0x2002, high, low) => v4(high, low),
        // Teredo and other protocol assignments 2001::/23, documentation 2001:db8::/32.
        (0x2001, 0x0000..=0x01ff | 0x0db8, _) => false,
        // Documentation 3fff::/20, RFC 9637.
        (0x3fff, 0x0000..=0x0fff, _) => false,
        // ISATAP, RFC 5214 §6.1: an interface identifier of 0:5efe or 200:5efe and an IPv4 address.
        _ if matches!((s4, s5), (0 | 0x0200, 0x5efe)) => v4(s6, s7) && is_global_unicast(s0),
        // All the rest outside 2000::/3: unspecified, loopback, mapped, NAT64 for local use,
        // discard-only, unique local, link-local, site-local, multicast.
        _ => is_global_unicast(s0),
    }
}

/// 2000::/3, the one block that IANA gives out.
fn is_global_unicast(first_segment: u16) -> bool {
    first_segment & 0xe000 == 0x2000
}

#[cfg(test)]
mod tests {
    use super::{is_loopback, is_public};

    #[test]
    fn only_this_machine_is_loopback() {
        for here in ["localhost", "LOCALHOST:8787", "127.0.0.1", "127.0.0.2:1", "[::1]", "[::1]:80"]
        {
            assert!(is_loopback(here), "{here}");
        }
        for there in
            ["", "example.com", "localhost.example.com:80", "10.0.0.1", "[::2]:1", "0.0.0.0"]
        {
            assert!(!is_loopback(there), "{there}");
        }
    }

    #[test]
    fn special_addresses_are_not_public() {
        for text in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1:7f00:0:100::",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "fec0::1",
            "ff02::1",
            "2606:4700::5efe:10.0.0.1",
            "2606:4700::200:5efe:127.0.0.1",
            "3fff::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn ordinary_addresses_are_public() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.254",
            "2606:4700:4700::1111",
            "64:ff9b::808:808",
            "2002:808:808::1",
            "2001:4860:4860::8888",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }
}
