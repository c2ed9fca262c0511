//! One server after another behind one socket, under load.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::Value;

use crate::cli::{selvedge, text};
use crate::picture::png;
use crate::setup::{self, Folder};

/// How many restarts, where this variable does not say.
const RESTARTS: u32 = 6;
const VARIABLE: &str = "SELVEDGE_TEST_RESTARTS";

/// A server that was given its socket, as systemd gives it: as the file after the standard ones.
fn start(socket: &TcpListener, source: &str) -> Child {
    let own = selvedge(&[]);
    let mut command = Command::new("sh");
    command
        .args(["-c", "LISTEN_PID=$$ LISTEN_FDS=1; export LISTEN_PID LISTEN_FDS; exec \"$@\" 3<&0"]);
    command.args(["sh", setup::PROGRAM, "serve", "--dev", "--source", source]);
    command.args(["--set", "server.drain_notice=300ms", "--set", "admission.queue=64"]);
    command.envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.stdin(OwnedFd::from(socket.try_clone().unwrap())).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut told = String::new();
    while !told.contains("listening") {
        assert_ne!(log.read_line(&mut told).unwrap(), 0, "{told}");
    }
    // Nobody else reads it, and a full pipe would stop the server.
    thread::spawn(move || log.lines().count());
    child
}

fn stop(mut server: Child) {
    let told = Command::new("kill").args(["-s", "TERM", &server.id().to_string()]).status();
    assert!(told.unwrap().success());
    assert!(server.wait().unwrap().success());
}

/// Load until it is told to end: what was answered, and what went wrong, where a request that meets the end of
/// an open connection is sent again, as proxies do.
fn load(url: &str, ended: &AtomicBool) -> (u64, u64) {
    let (mut good, mut bad) = (0, 0);
    while !ended.load(Ordering::Relaxed) {
        let output = selvedge(&["bench", url, "--rate", "50", "--seconds", "2", "--json"]).output();
        let told: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
        let count = |value: &Value| value.as_u64().unwrap();
        good += count(&told["good"]["count"]);
        let wrong =
            count(&told["lost"]) + count(&told["other"]) + count(&told["sent_away"]["count"]);
        if wrong > 0 {
            eprintln!("{told}");
        }
        bad += wrong;
    }
    (good, bad)
}

#[test]
fn restarts_fail_no_request() {
    let count = std::env::var(VARIABLE).map_or(RESTARTS, |count| count.parse().unwrap());
    let folder = Folder::new();
    folder.write("a.png", png(64, 48));
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let url =
        format!("http://{}/image/width={{8-64}},format=png/a.png", socket.local_addr().unwrap());
    let first = start(&socket, text(folder.path()));
    let ended = AtomicBool::new(false);
    let (good, bad) = thread::scope(|scope| {
        let load = scope.spawn(|| load(&url, &ended));
        let mut server = first;
        for restart in 0..count {
            // As systemd does it: between two servers the socket alone is there, and connections wait. Or
            // both are there for a moment.
            let before = (restart % 2 == 1).then(|| start(&socket, text(folder.path())));
            stop(server);
            server = before.unwrap_or_else(|| start(&socket, text(folder.path())));
        }
        ended.store(true, Ordering::Relaxed);
        let told = load.join().unwrap();
        stop(server);
        told
    });
    println!("{count} restarts, {good} answers, {bad} failures");
    assert!(good > u64::from(count) && bad == 0, "{bad} failed, {good} did not");
}
