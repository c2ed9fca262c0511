//! Host names to addresses, without a thread of the system's resolver for each.

use std::net::{IpAddr, SocketAddr};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use selvedge_plan::Problem;

use super::client::failed;

/// A resolver.
#[derive(Clone)]
pub struct Names(TokioResolver);

impl Names {
    /// Asks `servers`, or else whom the system says (resolv.conf). The system's hosts file counts too.
    ///
    /// # Errors
    /// If it cannot be set up.
    pub fn new(servers: &[SocketAddr]) -> Result<Self, String> {
        let builder = if servers.is_empty() {
            // A machine without a network may have no configuration, and still have a folder to serve.
            TokioResolver::builder_tokio().unwrap_or_else(|error| {
                tracing::warn!(%error, "no name servers: only the hosts file tells addresses");
                with(Vec::new())
            })
        } else {
            with(servers.iter().map(name_server).collect())
        };
        builder.build().map(Self).map_err(|error| format!("no resolver: {error}"))
    }

    /// The addresses of `host`.
    ///
    /// # Errors
    /// If there are none, or nobody knows.
    pub async fn find(&self, host: &str) -> Result<Vec<IpAddr>, Problem> {
        let found = self.0.lookup_ip(host).await.map_err(|error| {
            tracing::debug!(%error, host, "no address");
            failed("the name of its server has no address")
        })?;
        Ok(found.iter().collect())
    }
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Names")
    }
}

fn with(servers: Vec<NameServerConfig>) -> hickory_resolver::ResolverBuilder<TokioRuntimeProvider> {
    let config = ResolverConfig::from_parts(None, Vec::new(), servers);
    TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
}

fn name_server(address: &SocketAddr) -> NameServerConfig {
    let mut server = NameServerConfig::udp_and_tcp(address.ip());
    for connection in &mut server.connections {
        connection.port = address.port();
    }
    server
}
