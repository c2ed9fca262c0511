//! A real browser, without a window: Chromium on a page of our own.

use std::io::{BufRead, BufReader};
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

/// What the console says when the page has told: all that was said before stands before it in the log.
const TOLD: &str = "the page has told";

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
    let tell = format!(
        r#"const tell = (text) => {{
          console.log("{TOLD}");
          return fetch("/told?" + encodeURIComponent(text));
        }};"#
    );
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
    let stderr = browser.stderr.take().context("no stderr")?;
    let (logged, log) = mpsc::channel();
    thread::spawn(move || {
        // Nobody listens once it is known what the console says.
        let lines = BufReader::new(stderr).lines().map_while(Result::ok);
        lines.filter(|line| line.contains("CONSOLE")).try_for_each(|line| logged.send(line))
    });
    let told = receiver.recv_timeout(PATIENCE);
    // A page that tells nothing has no such line to wait for.
    let patience = if told.is_ok() { PATIENCE } else { Duration::ZERO };
    let console: Vec<String> = std::iter::from_fn(|| log.recv_timeout(patience).ok())
        .take_while(|line| !line.contains(TOLD))
        .collect();
    browser.kill()?;
    browser.wait()?;
    std::fs::remove_dir_all(&profile).ok();
    ensure!(console.is_empty(), "the console says: {}", console.join("\n"));
    Ok(Some(told.context("the page says nothing")?.context("the page says nonsense")?))
}
