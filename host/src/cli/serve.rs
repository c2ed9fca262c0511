//! `selvedge serve`: the origin, over HTTP.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use clap::ArgAction;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{info, warn};

use super::{Failure, Shared, limits, rules};
use crate::serve::{Config, Server, log};
use crate::source;
use crate::transform::Limits;

/// Time for the head of a request. Ten seconds are what slow networks need.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// Instances beyond one for each core: for those that are being torn down.
const SPARE_SLOTS: usize = 2;

/// Serve pictures over HTTP
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Serve unsigned addresses too; on loopback only
    #[arg(long)]
    dev: bool,
    /// Where to listen
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// What paths lead to: a folder, or an http(s) address
    #[arg(long, value_name = "DIR-OR-URL")]
    source: Option<String>,
    /// An origin whose pictures may be fetched, such as https://example.com or
    /// https://*.example.com/photos; may be repeated
    #[arg(long, value_name = "ORIGIN", action = ArgAction::Append, value_delimiter = ',')]
    allow: Vec<String>,
    #[command(flatten)]
    rules: rules::Args,
    #[command(flatten)]
    limits: limits::Args,
    /// Transforms at once [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1_024))]
    cores: Option<u16>,
    /// How the log is written
    #[arg(long, value_name = "STYLE", value_enum, default_value_t = log::Style::Plain)]
    log: log::Style,
}

pub fn run(shared: &Shared, args: &Args) -> Result<(), Failure> {
    log::start(args.log);
    let all = thread::available_parallelism().map_or(1, usize::from);
    let config = Config {
        listen: args.listen,
        dev: args.dev,
        rules: args.rules.read()?,
        sources: source::Config {
            paths: args.source.clone(),
            allow: args.allow.clone(),
            ..source::Config::default()
        },
        limits: args.limits.or(Limits::default()),
        cores: args.cores.map_or(all, usize::from),
        header_timeout: HEADER_TIMEOUT,
    };
    config.check()?;
    let slots = config.cores.saturating_add(SPARE_SLOTS);
    let transformer = Arc::new(shared.transformer(slots, &config.limits)?);
    let handler = config.handler(transformer)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(async {
        let bound = Server::bind(config.listen, handler, config.header_timeout).await;
        let server = bound.map_err(|error| format!("{}: {error}", config.listen))?;
        if config.dev {
            warn!("--dev: unsigned addresses are served; this is for this machine only");
        }
        // The first signal lets requests end, the second does not.
        let (mut stop, mut now) = (Stop::listen()?, Stop::listen()?);
        info!(address = %server.address()?, "listening");
        tokio::select! {
            () = server.run(stop.next()) => {}
            () = async { now.next().await; now.next().await } => warn!("stopping at once"),
        }
        Ok(())
    });
    // A transform that nobody waits for any more does not hold up the end.
    runtime.shutdown_background();
    done
}

/// What tells a server to stop: Ctrl-C, or a supervisor.
struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
