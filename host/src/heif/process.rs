//! One process with libheif.

use std::io::{self, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use selvedge_heif::{Reply, Request};

use crate::engine::TICK;
use crate::stop::Stop;

/// Address space. Fifty million pixels take about half of it; most of the rest is only reserved, by
/// threads and allocators.
const MEMORY: u64 = 2 << 30;

/// Files before a process is replaced: what decoders forget to free is freed then.
const TURNS: u32 = 64;

/// Processor time of all its turns.
const SECONDS: u64 = 600;

/// Time for one file where the caller has no limit.
const LONGEST: Duration = Duration::from_secs(300);

/// A process that was started, and its two ends.
pub struct Process {
    child: Child,
    requests: ChildStdin,
    replies: BufReader<ChildStdout>,
    turns: u32,
}

/// Why there was no reply.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    /// The program could not be started.
    #[error("libheif's process could not be started: {0}")]
    Absent(io::Error),
    /// What came was no reply to the request.
    #[error("libheif's process answered something else")]
    Confused,
    /// It ended, or its pipe did.
    #[error("libheif's process ended without an answer ({0})")]
    Gone(String),
    /// It was stopped after so long.
    #[error("libheif was stopped after {} ms", .0.as_millis())]
    Late(Duration),
    /// It was stopped, since nobody waited any more.
    #[error("libheif was stopped: its client left")]
    Left,
}

impl Process {
    /// Starts the program, with nothing of this one's environment and files.
    pub fn start(program: &Path) -> Result<Self, Lost> {
        let mut command = Command::new(program);
        command.args([MEMORY.to_string(), SECONDS.to_string()]).env_clear().current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(Lost::Absent)?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(requests), Some(replies)) => {
                Ok(Self { child, requests, replies: BufReader::new(replies), turns: 0 })
            }
            _ => Err(Lost::Confused),
        }
    }

    /// Whether it has had its turns.
    pub fn is_worn(&self) -> bool {
        self.turns >= TURNS
    }

    /// Sends a request and waits for the reply, for at most `deadline`, and for as long as somebody else
    /// waits for it.
    pub fn ask(
        &mut self,
        request: &Request,
        body: &[&[u8]],
        deadline: Duration,
        stop: &Stop,
    ) -> Result<(Reply, Vec<u8>), Lost> {
        self.turns += 1;
        let deadline = if deadline.is_zero() { LONGEST } else { deadline };
        let (child, requests, replies) = (&mut self.child, &mut self.requests, &mut self.replies);
        let (done, stopped) = thread::scope(|scope| {
            let (end, ended) = mpsc::channel::<()>();
            let watch = scope.spawn(move || {
                let lost = watch(&ended, deadline, stop)?;
                child.kill().is_ok().then_some(lost)
            });
            let done = selvedge_heif::write(requests, request, body)
                .and_then(|()| selvedge_heif::read(replies, MEMORY));
            drop(end);
            (done, watch.join().unwrap_or(None))
        });
        match (done, stopped) {
            (_, Some(lost)) => Err(lost),
            (Ok(Some(reply)), None) => Ok(reply),
            (Ok(None), None) => Err(Lost::Gone(self.status())),
            (Err(error), None) => Err(Lost::Gone(format!("{error}; {}", self.status()))),
        }
    }

    /// How it ended; it is ended if it has not yet.
    fn status(&mut self) -> String {
        let _ = self.child.kill();
        self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string())
    }
}

/// Waits for the end of the work; tells why not, if it is to be stopped before.
fn watch(ended: &Receiver<()>, deadline: Duration, stop: &Stop) -> Option<Lost> {
    let began = Instant::now();
    loop {
        let left = deadline.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Some(Lost::Late(deadline));
        }
        if stop.is_set() {
            return Some(Lost::Left);
        }
        match ended.recv_timeout(left.min(TICK)) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.status();
    }
}
