//! How much of the server one client may have at a time, so that one who asks for very much keeps nobody
//! else out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::{IpNet, Ipv6Net};
use selvedge_plan::{Code, Problem};

use crate::config;

/// A client: an address, or of IPv6 the network that a household or a server has (RFC 6177).
type Client = IpNet;

/// The leading bits that one client's addresses of IPv6 have in common.
const OWN_BITS: u8 = 64;

/// The counts of those that have any.
#[derive(Clone, Debug)]
pub struct Clients {
    /// Requests of one client at a time; 0 for any number.
    most: usize,
    /// The header in which a proxy tells the client.
    header: Option<String>,
    inside: Arc<Mutex<HashMap<Client, usize>>>,
}

/// One request of a client. Dropping it makes room for the next.
#[derive(Debug)]
pub struct Turn {
    client: Client,
    inside: Arc<Mutex<HashMap<Client, usize>>>,
}

impl Clients {
    /// As the settings say.
    pub fn new(settings: &config::Admission) -> Self {
        let header = Some(settings.client_header.to_ascii_lowercase());
        Self {
            most: settings.per_client,
            header: header.filter(|header| !header.is_empty()),
            inside: Arc::default(),
        }
    }

    /// Who asks: the last that the header names, since all before it may be the client's own words, or
    /// else the other end of the connection.
    pub fn name(
        &self,
        peer: Option<IpAddr>,
        field: impl Fn(&str) -> Option<String>,
    ) -> Option<IpAddr> {
        let told = self.header.as_deref().and_then(field);
        let last = told.as_deref().and_then(|told| told.rsplit(',').next());
        last.and_then(|last| last.trim().parse().ok()).or(peer)
    }

    /// Lets a request of this client in, until what it gets is dropped.
    ///
    /// # Errors
    /// [`Code::Busy`], at once, if the client has as many already as one may have.
    pub fn enter(&self, client: Option<IpAddr>) -> Result<Option<Turn>, Problem> {
        let Some(client) = client.filter(|_| self.most > 0).map(network) else { return Ok(None) };
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let count = inside.entry(client).or_default();
        if *count >= self.most {
            return Err(Problem::new(Code::Busy, "too many requests of this client at a time"));
        }
        *count += 1;
        Ok(Some(Turn { client, inside: Arc::clone(&self.inside) }))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = inside.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                inside.remove(&self.client);
            }
        }
    }
}

fn network(address: IpAddr) -> Client {
    let alone = Client::from(address.to_canonical());
    match alone {
        IpNet::V6(one) => {
            Ipv6Net::new(one.addr(), OWN_BITS).map_or(alone, |net| net.trunc().into())
        }
        IpNet::V4(_) => alone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clients(header: &str) -> Clients {
        let client_header = header.to_owned();
        let settings = config::Admission { per_client: 2, client_header, ..Default::default() };
        Clients::new(&settings)
    }

    #[test]
    fn each_has_its_own_count() {
        let clients = clients("");
        let enter = |address: &str| clients.enter(Some(address.parse().unwrap()));
        let first = [enter("192.0.2.1").unwrap(), enter("192.0.2.1").unwrap()];
        assert_eq!(enter("192.0.2.1").unwrap_err().code, Code::Busy);
        assert_eq!(enter("::ffff:192.0.2.1").unwrap_err().code, Code::Busy, "the same one");
        let others = [enter("192.0.2.2").unwrap(), clients.enter(None).unwrap()];
        drop(first);
        drop(enter("192.0.2.1").unwrap());
        let home = [enter("2001:db8::1").unwrap(), enter("2001:db8::2").unwrap()];
        assert_eq!(enter("2001:db8::3").unwrap_err().code, Code::Busy, "one network");
        drop(enter("2001:db8:0:1::1").unwrap());
        drop((home, others));
        assert!(clients.inside.lock().unwrap().is_empty(), "nothing is kept of who is gone");
    }

    #[test]
    fn a_proxy_tells_who_asks() {
        let peer = "10.0.0.1".parse().ok();
        let name = |header: &str, told: &str| {
            let field = |name: &str| (name == "x-forwarded-for").then(|| told.to_owned());
            clients(header).name(peer, field).unwrap().to_string()
        };
        assert_eq!(name("X-Forwarded-For", "198.51.100.7"), "198.51.100.7");
        assert_eq!(name("X-Forwarded-For", "1.2.3.4, 198.51.100.7"), "198.51.100.7");
        assert_eq!(name("X-Forwarded-For", "unknown"), "10.0.0.1");
        assert_eq!(name("", "198.51.100.7"), "10.0.0.1");
    }
}
