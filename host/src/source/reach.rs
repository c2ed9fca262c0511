//! The address rule: connections go to the public internet and to what the operator named, so that no
//! URL makes the server talk to what only it can reach (SSRF).

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use selvedge_plan::address::is_public;
use selvedge_plan::{Code, Problem};
use url::{Host, Url};

use super::names::Names;

/// What may be connected to.
#[derive(Clone, Debug)]
pub struct Reach(Arc<Rule>);

#[derive(Debug)]
struct Rule {
    /// Hosts, as URLs write them, that may have private addresses.
    hosts: BTreeSet<String>,
    /// Networks that any name may lead to.
    networks: Vec<IpNet>,
    names: Names,
}

impl Reach {
    /// The public internet, `networks`, and `hosts` wherever they are.
    pub fn new(hosts: BTreeSet<String>, networks: Vec<IpNet>, names: Names) -> Self {
        Self(Arc::new(Rule { hosts, networks, names }))
    }

    /// Checks a host that is an address already: no resolver will see it.
    ///
    /// # Errors
    /// [`Code::SourceNotAllowed`].
    pub fn check_literal(&self, url: &Url) -> Result<(), Problem> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        let host = url.host_str().unwrap_or_default();
        if self.0.hosts.contains(host) || self.0.permits(address) {
            Ok(())
        } else {
            Err(not_public(host))
        }
    }

    async fn resolve_permitted(self, host: String) -> Result<Vec<SocketAddr>, Problem> {
        let rule = &self.0;
        let found = rule.names.find(&host).await?;
        let named = rule.hosts.contains(&host);
        let permitted = found
            .into_iter()
            // Link-local is where clouds tell secrets, and no server of pictures.
            .filter(|address| rule.permits(*address) || named && !is_link_local(*address))
            // The port is the connector's to fill in.
            .map(|address| SocketAddr::new(address, 0));
        let permitted: Vec<SocketAddr> = permitted.collect();
        if permitted.is_empty() { Err(not_public(&host)) } else { Ok(permitted) }
    }
}

impl Rule {
    fn permits(&self, address: IpAddr) -> bool {
        is_public(address) || self.networks.iter().any(|network| network.contains(&address))
    }
}

/// The connector connects to just the addresses that are returned here, so a name cannot change its
/// meaning between the check and the use.
impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let looked_up = self.clone().resolve_permitted(name.as_str().to_owned());
        Box::pin(async move {
            let addresses: Addrs = Box::new(looked_up.await?.into_iter());
            Ok(addresses)
        })
    }
}

fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    }
}

fn not_public(host: &str) -> Problem {
    let detail = format!(
        "`{host}` has no public address, and the server's configuration names neither it nor its \
         network"
    );
    Problem::new(Code::SourceNotAllowed, detail)
}

#[cfg(test)]
mod tests {
    use super::super::network;
    use super::*;

    fn reach(hosts: &[&str], networks: &[&str]) -> Reach {
        let networks = networks.iter().map(|text| network::parse(text).unwrap()).collect();
        let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        Reach::new(hosts, networks, Names::new(&[]).unwrap())
    }

    #[test]
    fn literal_addresses_must_be_public_or_named() {
        let reach = reach(&["127.0.0.1", "[fd00::1]"], &["10.1.0.0/16"]);
        for (url, fine) in [
            ("http://127.0.0.1:1/", true),
            ("http://[fd00:0::1]/", true),
            ("http://1.1.1.1/", true),
            ("http://10.1.2.3/", true),
            ("http://example.com/", true),
            ("http://10.2.0.1/", false),
            ("http://127.0.0.2/", false),
            ("http://169.254.169.254/latest/", false),
            ("http://[::ffff:127.0.0.1]/", false),
            ("http://0x7f.2/", false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(reach.check_literal(&url).is_ok(), fine, "{url}");
        }
    }

    #[tokio::test]
    async fn names_must_lead_to_permitted_addresses() {
        let resolve = |reach: Reach| reach.resolve_permitted("localhost".to_owned());
        let problem = resolve(reach(&[], &["10.0.0.0/8"])).await.unwrap_err();
        assert_eq!(problem.code, Code::SourceNotAllowed);
        assert!(!resolve(reach(&["localhost"], &[])).await.unwrap().is_empty());
        assert!(!resolve(reach(&[], &["127.0.0.0/8"])).await.unwrap().is_empty());
    }
}
