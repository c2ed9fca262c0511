//! The address rule: connections go to the public internet and to hosts that the operator named,
//! so that no URL makes the server talk to what only it can reach (SSRF).

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::{error, fmt};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use selvedge_plan::address::is_public;
use selvedge_plan::{Code, Problem};
use url::{Host, Url};

/// The hosts, as URLs write them, that may have private addresses.
#[derive(Clone, Debug)]
pub struct Exempt(Arc<BTreeSet<String>>);

/// A host that leads to no public address.
#[derive(Debug)]
pub struct NotPublic(String);

impl Exempt {
    /// The hosts of `urls`.
    pub fn hosts_of(urls: &[Url]) -> Self {
        let hosts = urls.iter().filter_map(Url::host_str);
        Self(Arc::new(hosts.map(str::to_owned).collect()))
    }

    /// Checks a host that is an address already: no resolver will see it.
    pub fn check_literal(&self, url: &Url) -> Result<(), NotPublic> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        let host = url.host_str().unwrap_or_default();
        if is_public(address) || self.0.contains(host) {
            Ok(())
        } else {
            Err(NotPublic(host.to_owned()))
        }
    }

    async fn resolve_public(self, host: String) -> Result<Vec<SocketAddr>, Failure> {
        // The port is the connector's to fill in.
        let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
        if self.0.contains(&host) {
            return Ok(found);
        }
        let public: Vec<SocketAddr> =
            found.into_iter().filter(|address| is_public(address.ip())).collect();
        if public.is_empty() {
            return Err(Box::new(NotPublic(host)));
        }
        Ok(public)
    }
}

type Failure = Box<dyn error::Error + Send + Sync>;

/// The connector connects to just the addresses that are returned here, so a name cannot change its
/// meaning between the check and the use.
impl Resolve for Exempt {
    fn resolve(&self, name: Name) -> Resolving {
        let looked_up = self.clone().resolve_public(name.as_str().to_owned());
        Box::pin(async move {
            let addresses: Addrs = Box::new(looked_up.await?.into_iter());
            Ok(addresses)
        })
    }
}

impl NotPublic {
    /// The problem that a client is told.
    pub fn problem(&self) -> Problem {
        Problem::new(Code::SourceNotAllowed, self.to_string())
    }

    /// Finds this reason in what an HTTP client says.
    pub fn behind<'a>(error: &'a (dyn error::Error + 'static)) -> Option<&'a Self> {
        std::iter::successors(Some(error), |error| error.source())
            .find_map(|error| error.downcast_ref())
    }
}

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = &self.0;
        write!(f, "`{host}` has no public address, and the server's configuration does not name it")
    }
}

impl error::Error for NotPublic {}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(texts: &[&str]) -> Vec<Url> {
        texts.iter().map(|text| Url::parse(text).unwrap()).collect()
    }

    #[test]
    fn literal_addresses_must_be_public_or_named() {
        let exempt = Exempt::hosts_of(&urls(&["http://127.0.0.1:9000/x", "http://[fd00::1]/"]));
        for (url, fine) in [
            ("http://127.0.0.1:1/", true),
            ("http://[fd00:0::1]/", true),
            ("http://1.1.1.1/", true),
            ("http://example.com/", true),
            ("http://127.0.0.2/", false),
            ("http://169.254.169.254/latest/", false),
            ("http://[::ffff:127.0.0.1]/", false),
            ("http://0x7f.2/", false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(exempt.check_literal(&url).is_ok(), fine, "{url}");
        }
    }

    #[tokio::test]
    async fn names_must_lead_to_public_addresses() {
        let resolve = |exempt: &Exempt| exempt.clone().resolve_public("localhost".to_owned());
        let error = resolve(&Exempt::hosts_of(&[])).await.unwrap_err();
        assert!(NotPublic::behind(error.as_ref()).is_some());
        let exempt = Exempt::hosts_of(&urls(&["http://localhost:9000/"]));
        assert!(!resolve(&exempt).await.unwrap().is_empty());
    }
}
