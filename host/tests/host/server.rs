//! The server under test, in this process.

use std::net::SocketAddr;
use std::sync::Arc;

use selvedge::components::Components;
use selvedge::config::Config;
use selvedge::config::units::Time;
use selvedge::serve::{Admin, Handler, Server};
use selvedge::source::Places;
use selvedge::transform::Transformer;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::setup;

/// A server that runs until it is dropped.
pub struct Running {
    pub address: SocketAddr,
    pub handler: Arc<Handler>,
    admin: Admin,
    runtime: Runtime,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

/// A configuration for tests: loopback, unsigned, any free port, and time for slow machines.
pub fn config(paths: Option<&str>, allow: &[&str]) -> Config {
    let mut config = Config::default();
    config.server.listen.set_port(0);
    config.server.dev = true;
    config.server.header_timeout = Time::seconds(60);
    config.source = paths.map(Places::everything).unwrap_or_default();
    config.fetch.allow = allow.iter().map(|origin| (*origin).to_owned()).collect();
    config.transform.deadline = Time::seconds(60);
    config.admission.cores = 2;
    config
}

/// The same with little patience for origins.
pub fn hasty(paths: Option<&str>, allow: &[&str]) -> Config {
    let mut config = config(paths, allow);
    config.fetch.connect_timeout = Time::millis(300);
    config.fetch.first_byte_timeout = Time::millis(300);
    config.fetch.between_bytes_timeout = Time::millis(300);
    config.fetch.total_timeout = Time::millis(900);
    config
}

impl Running {
    pub fn start(config: &Config) -> Self {
        Self::start_with(config, Components::alone(setup::transformer()))
    }

    /// The same with a component, or a libheif, of its own.
    pub fn with(config: &Config, transformer: Arc<Transformer>) -> Self {
        Self::start_with(config, Components::alone(transformer))
    }

    /// The same with these components.
    pub fn start_with(config: &Config, components: Components) -> Self {
        let handler = Handler::new(config, components).unwrap();
        let runtime = Runtime::new().unwrap();
        let (stop, stopped) = oneshot::channel();
        let bound = Server::bind(&config.server, handler, None);
        let server = runtime.block_on(bound).unwrap();
        let address = server.address().unwrap();
        let handler = server.handler();
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let admin = Admin::open(loopback, Arc::clone(&handler)).unwrap();
        let task = runtime.spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self { address, handler, admin, runtime, stop: Some(stop), task: Some(task) }
    }

    /// The operator's door.
    pub fn admin(&self) -> SocketAddr {
        self.admin.address()
    }

    /// What it is at.
    pub fn tasks(&self) -> usize {
        self.runtime.metrics().num_alive_tasks()
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
