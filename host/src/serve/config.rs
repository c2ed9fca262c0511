//! What the operator configured, and whether it is safe to serve with it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use selvedge_plan::Rules;
use selvedge_plan::unsigned::Unsigned;

use super::admission::Admission;
use super::handler::Handler;
use crate::source::{self, Sources};
use crate::transform::{Limits, Transformer};

/// How many Selvedges a request may have passed: the edge that hands it over.
const HOPS: usize = 1;

/// The configuration of a server.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Whether unsigned addresses are served. On loopback only.
    pub dev: bool,
    /// What addresses may ask for, and who signs them; where pictures come from is said below.
    pub rules: Rules,
    /// Where pictures come from.
    pub sources: source::Config,
    /// What one transform may use.
    pub limits: Limits,
    /// Transforms at once.
    pub cores: usize,
    /// How long a client may take to send the head of a request.
    pub header_timeout: Duration,
}

impl Config {
    /// Checks that what would be served may be served.
    ///
    /// # Errors
    /// Everything that is wrong, and what to do about it.
    pub fn check(&self) -> Result<(), String> {
        let mut wrong = Vec::new();
        if self.dev && !self.listen.ip().is_loopback() {
            wrong.push(format!(
                "--dev serves unsigned addresses, so it listens on loopback only, not on {}: \
                 use --listen 127.0.0.1:{}, or --keys instead of --dev",
                self.listen,
                self.listen.port()
            ));
        }
        if !self.dev && !self.rules.serve_any() {
            wrong.push(
                "there is no key to verify addresses with: set --keys id:hex or SELVEDGE_KEYS \
                 (make a secret with `openssl rand -hex 32`), list what needs no signature with \
                 --unsigned, or use --dev on this machine only"
                    .to_owned(),
            );
        }
        if self.sources.paths.is_none() && self.sources.allow.is_empty() {
            wrong.push(
                "there is nothing to serve: set --source to a folder or an address, or --allow \
                 to the origins whose pictures may be fetched"
                    .to_owned(),
            );
        }
        if self.limits.deadline.is_zero() {
            wrong.push("a server needs a deadline: set --deadline-ms above 0".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }

    /// Puts the parts together.
    ///
    /// # Errors
    /// What [`Config::check`] and [`Sources::new`] say.
    pub fn handler(&self, transformer: Arc<Transformer>) -> Result<Handler, String> {
        self.check()?;
        let sources = Sources::new(&self.sources)?;
        Ok(Handler {
            rules: Rules {
                unsigned: if self.dev { Unsigned::All } else { self.rules.unsigned.clone() },
                paths: sources.has_paths(),
                allow: sources.allow().clone(),
                hops: HOPS,
                ..self.rules.clone()
            },
            admission: Admission::new(self.cores),
            sources,
            transformer,
            limits: self.limits,
        })
    }
}
