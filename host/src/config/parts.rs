//! The parts of a configuration, each with its defaults. docs/configuration.md says what each means.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::thread;

use selvedge_plan::limits;
use serde::{Deserialize, Serialize};

use super::units::{Size, Time};
use crate::serve::log::Style;
use crate::source;
use crate::transform::Limits;

/// Where clients are served, and how long they may take.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Whether unsigned addresses are served. On loopback only.
    pub dev: bool,
    /// Connections at once; more wait in the system's queue.
    pub connections: usize,
    /// For the head of a request, and for the next one.
    pub header_timeout: Time,
    /// For a client to take a portion of an answer, when it does not take it at once.
    pub write_timeout: Time,
    /// How long requests are still taken after the server said that it is not ready.
    pub drain_notice: Time,
    /// For requests that are there after that.
    pub drain_timeout: Time,
    /// A chain of certificates in PEM; without one there is no TLS.
    pub tls_certificate: Option<PathBuf>,
    /// Its key in PEM.
    pub tls_key: Option<PathBuf>,
}

impl Server {
    /// The files of TLS, if both are set.
    pub fn tls(&self) -> Option<(&Path, &Path)> {
        self.tls_certificate.as_deref().zip(self.tls_key.as_deref())
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8_080)),
            dev: false,
            // Thousands of clients that say nothing cost little, and keep nobody out.
            connections: 4_096,
            // What slow networks need.
            header_timeout: Time::seconds(10),
            write_timeout: Time::seconds(30),
            drain_notice: Time::seconds(0),
            drain_timeout: Time::seconds(15),
            tls_certificate: None,
            tls_key: None,
        }
    }
}

/// What is done at once, and with how much memory.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Admission {
    /// Transforms at once; 0 for one on each core of the machine.
    pub cores: u16,
    /// Requests that wait for a core, for each core.
    pub queue: usize,
    /// Requests of one client that are worked on at once; 0 for any number.
    pub per_client: usize,
    /// The header in which the proxy before this server tells who the client is; empty for none.
    pub client_header: String,
    /// How long they wait.
    pub queue_timeout: Time,
    /// Sources that are fetched at once.
    pub fetches: usize,
    /// Files in memory, of all requests: sources until their transform ends, pictures until they
    /// are sent.
    pub file_memory: Size,
    /// What all transforms at once may need, by their forecasts.
    pub transform_memory: Size,
}

impl Default for Admission {
    fn default() -> Self {
        Self {
            cores: 0,
            // A transform takes about 20 ms: who waits longer than for four is better told so.
            queue: 4,
            // All requests of a network that delivers contents come from a few addresses.
            per_client: 0,
            client_header: String::new(),
            queue_timeout: Time::seconds(1),
            // Fetches wait far more than they compute.
            fetches: 256,
            file_memory: Size::mebibytes(128),
            // One of the largest, or many that are usual.
            transform_memory: Size::mebibytes(256),
        }
    }
}

impl Admission {
    /// Transforms at once.
    pub fn slots(&self) -> usize {
        match self.cores {
            0 => thread::available_parallelism().map_or(1, usize::from),
            cores => usize::from(cores),
        }
    }
}

/// What one transform may use.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Transform {
    /// Linear memory.
    pub memory: Size,
    /// Work units, about a nanosecond each.
    pub work: u64,
    /// Time on the clock.
    pub deadline: Time,
}

impl Default for Transform {
    fn default() -> Self {
        let Limits { memory, work, deadline } = Limits::default();
        Self { memory: Size(memory), work, deadline: Time(deadline) }
    }
}

impl From<&Transform> for Limits {
    fn from(part: &Transform) -> Self {
        Self { memory: part.memory.0, work: part.work, deadline: part.deadline.0 }
    }
}

/// What is fetched from other servers, and how long they may take.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fetch {
    /// The origins that absolute addresses may name.
    pub allow: Vec<String>,
    /// Networks without public addresses that may be reached.
    pub private_networks: Vec<String>,
    /// Who tells the addresses of names, instead of whom the system says.
    pub name_servers: Vec<String>,
    /// Most bytes of one source.
    pub bytes: Size,
    /// For a connection.
    pub connect_timeout: Time,
    /// For the head of an answer, after a request.
    pub first_byte_timeout: Time,
    /// Between two pieces of a body.
    pub between_bytes_timeout: Time,
    /// For everything, redirects included.
    pub total_timeout: Time,
}

impl Default for Fetch {
    fn default() -> Self {
        let source::Patience { connect, first_byte, between_bytes, total } =
            source::Patience::default();
        Self {
            allow: Vec::new(),
            private_networks: Vec::new(),
            name_servers: Vec::new(),
            bytes: Size(limits::SOURCE_BYTES_ORIGIN),
            connect_timeout: Time(connect),
            first_byte_timeout: Time(first_byte),
            between_bytes_timeout: Time(between_bytes),
            total_timeout: Time(total),
        }
    }
}

impl Fetch {
    /// The same for the sources, with what paths lead to.
    pub fn sources(&self, places: &source::Places) -> source::Config {
        source::Config {
            places: places.clone(),
            allow: self.allow.clone(),
            private_networks: self.private_networks.clone(),
            name_servers: self.name_servers.clone(),
            patience: source::Patience {
                connect: self.connect_timeout.0,
                first_byte: self.first_byte_timeout.0,
                between_bytes: self.between_bytes_timeout.0,
                total: self.total_timeout.0,
            },
            byte_limit: self.bytes.0,
        }
    }
}

/// How the log is written.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// For people or for machines.
    pub style: Style,
    /// Where the tickets of pictures are told.
    pub tickets: Tickets,
}

/// Where the tickets of pictures are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tickets {
    /// In the log, and in a header of the answer.
    Header,
    /// In the log.
    Log,
    /// Nowhere: no file is hashed for them.
    #[default]
    Off,
}

impl Default for Log {
    fn default() -> Self {
        Self { style: Style::Plain, tickets: Tickets::Off }
    }
}

/// The operator's door.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Admin {
    /// Where numbers, status and health are told; nowhere if it is not set.
    pub listen: Option<SocketAddr>,
}

/// Where traces go.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tracing {
    /// A collector's address for OTLP over HTTP; nothing is sent if it is not set.
    pub endpoint: Option<String>,
    /// Share of the requests that are traced where they do not say so themselves.
    pub sample: f64,
}

impl Default for Tracing {
    fn default() -> Self {
        Self { endpoint: None, sample: 1.0 }
    }
}
