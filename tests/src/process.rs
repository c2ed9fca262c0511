//! A server in a process of its own: started, awaited, listened to, and ended with its owner.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::http::{Answer, Client};
use crate::memory::Memory;

/// How long a server may take to start. A host that was just built compiles its component first.
const START: Duration = Duration::from_secs(120);

/// How long it may take to end, before it is ended by force.
const GRACE: Duration = Duration::from_secs(10);

/// Lines of its log that are kept for a failure's message.
const KEPT_LINES: usize = 40;

/// A running server. It ends when this is dropped, and when this process ends, whichever way: its
/// stdin closes.
#[derive(Debug)]
pub struct Server {
    name: &'static str,
    child: Child,
    address: String,
    log: Log,
}

impl Server {
    /// Starts `command` and waits for the line from which `ready` reads the address.
    ///
    /// # Errors
    /// If it does not start, with what it said.
    pub fn start(
        name: &'static str,
        mut command: Command,
        ready: fn(&str) -> Option<String>,
    ) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {name}: {command:?}"))?;
        let log = Log::default();
        let (sender, found) = mpsc::channel();
        if let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) {
            log.follow(stdout, ready, sender.clone());
            log.follow(stderr, ready, sender);
        }
        // Owned from here on, so that it ends if it does not become ready.
        let mut server = Self { name, child, address: String::new(), log };
        match found.recv_timeout(START) {
            Ok(address) => server.address = address,
            Err(RecvTimeoutError::Disconnected) => bail!("{name} ended:\n{}", server.tail()),
            Err(RecvTimeoutError::Timeout) => {
                let seconds = START.as_secs();
                bail!("{name} was not ready after {seconds} s:\n{}", server.tail());
            }
        }
        Ok(server)
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The address as a URL without a path.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A connection of its own.
    pub fn client(&self) -> Client {
        Client::new(&self.address)
    }

    /// GETs a target, sent exactly as it is written.
    ///
    /// # Errors
    /// If there is no answer, with the end of the server's log.
    pub fn get(&self, target: &str) -> Result<Answer> {
        self.send("GET", target, &[])
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// If there is no answer, with the end of the server's log.
    pub fn send(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Result<Answer> {
        self.client()
            .send(method, target, headers)
            .with_context(|| format!("{}: {method} {target}\n{}", self.name, self.tail()))
    }

    /// What it said so far of the memory that it used.
    pub fn memory(&self) -> Memory {
        *self.log.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The line that it logged last for a request of this path; waits for that.
    ///
    /// # Errors
    /// If there is none after some seconds, with the end of the log.
    pub fn logged(&self, path: &str) -> Result<Value> {
        for _ in 0..250 {
            let lines = self.log.lines();
            let read =
                lines.iter().rev().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            if let Some(line) = read.into_iter().find(|line| line["url.path"] == path) {
                return Ok(line);
            }
            thread::sleep(Duration::from_millis(20));
        }
        bail!("{}: no line for {path}:\n{}", self.name, self.tail())
    }

    /// The end of its log.
    pub fn tail(&self) -> String {
        let lines = self.log.lines();
        lines.iter().map(|line| format!("  | {line}\n")).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let asked = Instant::now();
        while asked.elapsed() < GRACE {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}

/// The last lines that a server wrote, and what all of them say of memory.
#[derive(Clone, Debug, Default)]
struct Log {
    lines: Arc<Mutex<VecDeque<String>>>,
    memory: Arc<Mutex<Memory>>,
}

impl Log {
    /// Keeps what comes from `stream`, and tells when a line says that the server is ready.
    fn follow(
        &self,
        stream: impl Read + Send + 'static,
        ready: fn(&str) -> Option<String>,
        sender: Sender<String>,
    ) {
        let log = self.clone();
        thread::spawn(move || {
            for line in BufReader::new(stream).lines() {
                let Ok(line) = line else { continue };
                if let Some(address) = ready(&line) {
                    sender.send(address).ok();
                }
                log.push(line);
            }
        });
    }

    fn push(&self, line: String) {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).count(&line);
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn lines(&self) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().cloned().collect()
    }
}
