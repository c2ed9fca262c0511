//! What all ways out share: what may be fetched and reached, who tells addresses, how long it may take.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use selvedge_plan::allow::AllowList;
use url::{Host, Url};

use super::client::Client;
use super::config::{Config, Wrong};
use super::names::Names;
use super::network;
use super::patience::Patience;
use super::reach::Reach;

/// What clients are made from.
#[derive(Debug)]
pub struct Surroundings {
    /// Which absolute addresses may be fetched.
    pub allow: AllowList,
    /// Hosts among these that are addresses. The operator wrote them down, so they may be private ones.
    /// Names may not: what they lead to is for others to say.
    literals: BTreeSet<String>,
    networks: Vec<IpNet>,
    names: Names,
    patience: Patience,
}

impl Surroundings {
    /// What the operator says of config.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn new(config: &Config) -> Result<Self, Vec<Wrong>> {
        let mut wrong: Vec<Wrong> = config.patience.wrong().collect();
        let allow = AllowList::parse(config.allow.iter().map(String::as_str));
        let allow = allow.map_err(|why| wrong.push(("fetch.allow", why))).unwrap_or_default();
        let mut networks = Vec::new();
        for text in &config.private_networks {
            match network::parse(text) {
                Ok(network) => networks.push(network),
                Err(why) => wrong.push(("fetch.private_networks", why)),
            }
        }
        let mut servers = Vec::new();
        for text in &config.name_servers {
            match name_server(text) {
                Some(server) => servers.push(server),
                None => wrong.push((
                    "fetch.name_servers",
                    format!(
                        "expected an address such as 10.0.0.53 or 10.0.0.53:5353, got `{text}`"
                    ),
                )),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let names = Names::new(&servers).map_err(|why| vec![("fetch.name_servers", why)])?;
        let literals = config.allow.iter().filter_map(|origin| literal_host(origin)).collect();
        Ok(Self { allow, literals, networks, names, patience: config.patience })
    }

    /// A client that may also reach `hosts`, and just these addresses.
    ///
    /// # Errors
    /// If the system has no source of randomness or the like.
    pub fn client(&self, hosts: BTreeSet<String>, addresses: &[IpAddr]) -> Result<Client, String> {
        let more = addresses.iter().copied().map(IpNet::from);
        let hosts = hosts.union(&self.literals).cloned().collect();
        let networks = self.networks.iter().copied().chain(more).collect();
        Client::new(Reach::new(hosts, networks, self.names.clone()), self.patience)
    }
}

/// The host of an allowed origin, if it is an address.
fn literal_host(origin: &str) -> Option<String> {
    let url = Url::parse(origin).ok()?;
    match url.host()? {
        Host::Domain(_) => None,
        Host::Ipv4(_) | Host::Ipv6(_) => url.host_str().map(str::to_owned),
    }
}

/// An address with a port, which is 53 unless it is said.
fn name_server(text: &str) -> Option<SocketAddr> {
    const PORT: u16 = 53;
    text.parse().ok().or_else(|| Some(SocketAddr::new(text.parse().ok()?, PORT)))
}
