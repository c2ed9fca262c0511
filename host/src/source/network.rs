//! Networks, as an operator names them.

use std::net::IpAddr;

use ipnet::IpNet;

/// Reads `10.1.0.0/16`, `fd00::/8`, or one address. An IPv4 address within an IPv6 one is not in an IPv4
/// network.
///
/// # Errors
/// What was expected.
pub fn parse(text: &str) -> Result<IpNet, String> {
    let one = text.parse::<IpAddr>().map(IpNet::from);
    one.or_else(|_| text.parse::<IpNet>())
        .map_err(|_| format!("expected a network such as 10.1.0.0/16, got `{text}`"))
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
            let contains = parse(network).unwrap().contains(&address.parse::<IpAddr>().unwrap());
            assert_eq!(contains, within, "{network} {address}");
        }
        for bad in ["", "10", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/x", "host/8"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
