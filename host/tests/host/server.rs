//! The server under test, in this process.

use std::net::SocketAddr;
use std::time::Duration;

use selvedge::serve::{Config, Server};
use selvedge::source::{self, Patience};
use selvedge::transform::Limits;
use selvedge_plan::Rules;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::setup;

/// A server that runs until it is dropped.
pub struct Running {
    pub address: SocketAddr,
    runtime: Runtime,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

/// A configuration for tests: loopback, unsigned, any free port.
pub fn config(paths: Option<&str>, allow: &[&str]) -> Config {
    Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        dev: true,
        rules: Rules::default(),
        sources: source::Config {
            paths: paths.map(str::to_owned),
            allow: allow.iter().map(|origin| (*origin).to_owned()).collect(),
            ..source::Config::default()
        },
        limits: Limits { deadline: Duration::from_secs(60), ..Limits::default() },
        cores: 2,
        header_timeout: Duration::from_secs(60),
    }
}

/// The same with little patience for origins.
pub fn hasty(paths: Option<&str>, allow: &[&str]) -> Config {
    let mut config = config(paths, allow);
    config.sources.patience = Patience {
        connect: Duration::from_millis(300),
        first_byte: Duration::from_millis(300),
        between_bytes: Duration::from_millis(300),
        total: Duration::from_millis(900),
    };
    config
}

impl Running {
    pub fn start(config: &Config) -> Self {
        let handler = config.handler(setup::transformer()).unwrap();
        let runtime = Runtime::new().unwrap();
        let (stop, stopped) = oneshot::channel();
        let bound = Server::bind(config.listen, handler, config.header_timeout);
        let server = runtime.block_on(bound).unwrap();
        let address = server.address().unwrap();
        let task = runtime.spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self { address, runtime, stop: Some(stop), task: Some(task) }
    }

    /// Tells the server to stop.
    pub fn stop(&mut self) {
        self.stop = None;
    }

    /// Waits until it has.
    pub fn wait(mut self) {
        self.stop();
        if let Some(task) = self.task.take() {
            self.runtime.block_on(task).unwrap();
        }
    }
}
