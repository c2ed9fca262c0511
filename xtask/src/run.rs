//! Edge and origin side by side, on loopback.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::process::{self, Companion};
use crate::step::{note, step};
use crate::{samples, tools, worker, workspace};

/// How long a server may take to start: the first time, the host compiles the component.
const START: Duration = Duration::from_secs(60);

/// A picture that shows at once whether both sides agree.
const PICTURE: &str = "/image/width=400,format=auto/photo.jpg";

/// Prints the SHA-256 of what two addresses serve; Node.js has the HTTP client that this lacks.
const COMPARE: &str = r#"
import { createHash } from "node:crypto";
for (const url of process.argv.slice(1)) {
  const answer = await fetch(url);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const hash = createHash("sha256").update(bytes).digest("hex");
  console.log(`${hash}  ${answer.status} ${answer.headers.get("selvedge-made-by")}`);
}
"#;

/// Where to listen.
#[derive(Args)]
pub struct Ports {
    /// Port of the edge.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Port of the origin.
    #[arg(long, default_value_t = 8080)]
    origin_port: u16,
}

/// Builds all, serves until Ctrl-C or until one side ends.
pub fn run(ports: &Ports) -> Result<()> {
    free(ports.port, "--port")?;
    free(ports.origin_port, "--origin-port")?;
    crate::build()?;
    let samples = samples::write()?;
    let interrupted = interrupts()?;
    let origin_address = format!("127.0.0.1:{}", ports.origin_port);
    let (mut origin, mut edge, edge_url) = step("Starting origin and edge", || {
        let mut origin = start_origin(&samples, &origin_address)?;
        await_port(&mut origin, &origin_address)?;
        let vars = ["UNSIGNED=true".to_owned(), format!("ORIGIN=http://{origin_address}")];
        let (edge, url) = worker::start(&samples, ports.port, &vars)?;
        Ok((origin, edge, url))
    })?;
    tell(&edge_url, &format!("http://{origin_address}"))?;
    while !is_interrupted(&interrupted) {
        if let Err(ended) = edge.check().and_then(|()| origin.check()) {
            // A terminal tells everyone of Ctrl-C, and they may be faster than this one.
            if is_interrupted(&interrupted) {
                break;
            }
            return Err(ended);
        }
    }
    eprintln!("\nstopping");
    Ok(())
}

pub fn interrupts() -> Result<Receiver<()>> {
    let (sender, receiver) = mpsc::channel();
    ctrlc::set_handler(move || {
        sender.send(()).ok();
    })
    .context("cannot listen for Ctrl-C")?;
    Ok(receiver)
}

/// Waits a moment for Ctrl-C.
pub fn is_interrupted(interrupted: &Receiver<()>) -> bool {
    let waited = interrupted.recv_timeout(Duration::from_millis(200));
    !matches!(waited, Err(RecvTimeoutError::Timeout))
}

/// Fails early if somebody else listens, which a long build would hide.
pub fn free(port: u16, flag: &str) -> Result<()> {
    let bound = TcpListener::bind(("127.0.0.1", port));
    bound.map(drop).with_context(|| {
        format!("cannot listen on 127.0.0.1:{port}: stop what does, or choose a port by {flag}")
    })
}

fn start_origin(samples: &Path, address: &str) -> Result<Companion> {
    let mut host = Command::new(workspace::host());
    host.args(["serve", "--dev", "--listen", address, "--source"]).arg(samples);
    Companion::start("the origin", &mut host)
}

fn await_port(server: &mut Companion, address: &str) -> Result<()> {
    let started = Instant::now();
    while TcpStream::connect(address).is_err() {
        server.check()?;
        if started.elapsed() > START {
            bail!("nothing listens on {address} after {} s", START.as_secs());
        }
        sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn tell(edge: &str, origin: &str) -> Result<()> {
    step("The same picture from both", || {
        let (there, here) = (format!("{edge}{PICTURE}"), format!("{origin}{PICTURE}"));
        let script = ["--input-type=module", "--eval", COMPARE, &there, &here];
        process::run(tools::node().args(script))
    })?;
    eprintln!();
    for options in
        ["width=400", "width=300,height=300,fit=cover", "width=600,rotate=90,format=webp"]
    {
        note(format!("{edge}/image/{options}/photo.jpg"));
        note(format!("{origin}/image/{options}/photo.jpg"));
    }
    eprintln!("\nCtrl-C stops both.");
    Ok(())
}
