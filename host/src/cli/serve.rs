//! `selvedge serve`: the origin, over HTTP.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use listenfd::ListenFd;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task;
use tracing::{info, warn};

use super::{Failure, Shared, settings};
use crate::components::{self, Components};
use crate::serve::{Admin, Handler, Server, log};
use crate::transform::Limits;

/// Instances beyond one for each core: for those that are being torn down.
const SPARE_SLOTS: usize = 2;

/// Open files that are asked for: each connection is one, and so are sources.
const FILES: u64 = 16_384;

/// Serve pictures over HTTP
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    settings: settings::Args,
}

pub fn run(shared: &Shared, args: Args) -> Result<(), Failure> {
    // First of all, and before there are threads: it takes variables out of the environment.
    let given = ListenFd::from_env().take_tcp_listener(0)?;
    let loaded = args.settings.load()?;
    loaded.check().map_err(Failure::Wrong)?;
    let config = &loaded.config;
    log::start(config.log.style);
    for warning in &loaded.warnings {
        warn!("{warning}");
    }
    if let Err(error) = rlimit::increase_nofile_limit(FILES) {
        warn!(%error, "the system's limit of open files stays as it is");
    }
    // And one for what runs in the shadow.
    let slots = config.admission.slots().saturating_add(SPARE_SLOTS + 1);
    let machine = shared.machine(slots, &Limits::from(&config.transform))?;
    let named = shared.component.clone();
    let components =
        Components::open(Box::new(move || components(&args, named.as_ref())), &machine)?;
    let handler = Handler::new(config, components)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(async {
        let server = Server::bind(&config.server, handler, given).await?;
        if config.server.dev {
            warn!("--dev: unsigned addresses are served; this is for this machine only");
        }
        let handler = server.handler();
        let admin = config.admin.listen.map(|listen| {
            Admin::open(listen, Arc::clone(&handler)).map_err(|error| format!("{listen}: {error}"))
        });
        let admin = admin.transpose()?;
        if let Some(admin) = &admin {
            info!(address = %admin.address(), "admin");
        }
        // The first signal lets requests end, the second does not.
        let (mut stop, mut now) = (Stop::listen()?, Stop::listen()?);
        let reload = reload(Arc::clone(&handler), signal(SignalKind::hangup())?);
        info!(address = %server.address()?, "listening");
        tokio::select! {
            () = server.run(stop.next()) => {}
            () = reload => {}
            () = async { now.next().await; now.next().await } => warn!("stopping at once"),
        }
        handler.observer().flush();
        Ok(())
    });
    // A transform that nobody waits for any more does not hold up the end.
    runtime.shutdown_background();
    done
}

/// What the settings say now of components.
fn components(args: &Args, named: Option<&PathBuf>) -> Result<components::Config, String> {
    let loaded = args.settings.load().map_err(Failure::line)?;
    loaded.check().map_err(|all| all.join("; "))?;
    let config = loaded.config.components;
    Ok(components::Config { stable: config.stable.or_else(|| named.cloned()), ..config })
}

/// Reads again which components there are to be, at each SIGHUP.
async fn reload(handler: Arc<Handler>, mut hangup: Signal) {
    while hangup.recv().await.is_some() {
        let handler = Arc::clone(&handler);
        let done = task::spawn_blocking(move || handler.components().reload()).await;
        if let Ok(Err(why)) = done {
            warn!(why, "the components stay as they are");
        }
    }
    std::future::pending().await
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
