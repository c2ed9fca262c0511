//! A real browser, without a window: Chromium on a page of our own.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::tools;
use crate::upstream::{Reply, Upstream, decoded};
use crate::workspace;

/// How long a browser that starts for the first time may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// Opens a page whose script ends with a call of `tell`, and gives the text that this is given. Other files come from
/// `file`: by their paths, with a media type or none. `None` if there is no browser and that is no failure.
///
/// # Errors
/// If the page says nothing, or if the browser's console has an error.
pub fn visit(
    script: &str,
    file: impl Fn(&str) -> Option<(Option<String>, Vec<u8>)> + Send + Sync + 'static,
) -> Result<Option<String>> {
    let Some(chromium) = tools::program("chromium", "chromium")? else {
        return Ok(None);
    };
    let tell = r#"const tell = (text) => fetch("/told?" + encodeURIComponent(text));"#;
    let page = format!(
        "<!doctype html><link rel=icon href=data:,><body><script type=module>{tell}{script}</script>"
    );
    let (sender, receiver) = mpsc::channel();
    let sender = Mutex::new(sender);
    let site = Upstream::start(move |asked| {
        if let Some(told) = asked.target.strip_prefix("/told?") {
            // Nobody listens to a page that tells twice.
            sender.lock().map(|sender| sender.send(decoded(told))).ok();
        }
        let typed = |kind: Option<String>, body| {
            Reply::Full(kind.map(|kind| ("content-type", kind)).into_iter().collect(), body)
        };
        match asked.target.trim_start_matches('/') {
            "" => typed(Some("text/html; charset=utf-8".into()), page.clone().into_bytes()),
            path => file(path).map_or(Reply::Status(404), |(kind, body)| typed(kind, body)),
        }
    })?;
    let name = format!("{}-{:?}", std::process::id(), thread::current().id());
    let profile = workspace::scratch("browser-profile")?.join(name);
    let mut browser = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--force-color-profile=srgb", "--remote-debugging-port=0"])
        .args(["--enable-logging=stderr", "--log-level=0"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("{}/", site.url()))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut stderr = browser.stderr.take().context("no stderr")?;
    let log = thread::spawn(move || {
        let mut log = Vec::new();
        stderr.read_to_end(&mut log).ok();
        String::from_utf8_lossy(&log).into_owned()
    });
    let told = receiver.recv_timeout(PATIENCE);
    browser.kill()?;
    browser.wait()?;
    std::fs::remove_dir_all(&profile).ok();
    let log = log.join().unwrap_or_default();
    let console: Vec<&str> = log.lines().filter(|line| line.contains("CONSOLE")).collect();
    ensure!(console.is_empty(), "the console says: {}", console.join("\n"));
    Ok(Some(told.context("the page says nothing")?.context("the page says nonsense")?))
}
