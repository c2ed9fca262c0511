//! A network in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3).

use std::net::IpAddr;

/// Addresses that begin alike.
#[derive(Clone, Copy, Debug)]
pub struct Network {
    first: IpAddr,
    bits: u32,
}

impl Network {
    /// Reads `10.1.0.0/16`, `fd00::/8`, or one address.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected a network such as 10.1.0.0/16, got `{text}`");
        let (first, bits) = match text.split_once('/') {
            Some((first, bits)) => (first, Some(bits)),
            None => (text, None),
        };
        let first: IpAddr = first.parse().map_err(|_| wrong())?;
        let width = width(first);
        let bits = bits.map_or(Ok(width), |bits| bits.parse().map_err(|_| wrong()))?;
        if bits <= width { Ok(Self { first, bits }) } else { Err(wrong()) }
    }

    /// The network of one address.
    pub fn only(address: IpAddr) -> Self {
        Self { first: address, bits: width(address) }
    }

    /// Whether `address` is in it. An IPv4 address within an IPv6 one is not in an IPv4 network.
    pub fn contains(&self, address: IpAddr) -> bool {
        let differ = match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(v4)) => (first.to_bits() ^ v4.to_bits()).leading_zeros(),
            (IpAddr::V6(first), IpAddr::V6(v6)) => (first.to_bits() ^ v6.to_bits()).leading_zeros(),
            _ => return false,
        };
        differ >= self.bits
    }
}

/// Bits of an address.
fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { u32::BITS } else { u128::BITS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_count_bits() {
        for (network, address, within) in [
            ("10.1.0.0/16", "10.1.255.255", true),
            ("10.1.0.0/16", "10.2.0.0", false),
            ("10.0.0.0/15", "10.1.2.3", true),
            ("127.0.0.2", "127.0.0.2", true),
            ("127.0.0.2/32", "127.0.0.3", false),
            ("0.0.0.0/0", "10.0.0.1", true),
            ("0.0.0.0/0", "::1", false),
            ("fd00::/8", "fdff::1", true),
            ("fd00::/8", "fe00::1", false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", false),
            ("::1", "::1", true),
        ] {
            let contains = Network::parse(network).unwrap().contains(address.parse().unwrap());
            assert_eq!(contains, within, "{network} {address}");
        }
        for bad in ["", "10", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/x", "host/8"] {
            assert!(Network::parse(bad).is_err(), "{bad}");
        }
    }
}
