//! Our files as a browser shows them: Chromium, without a window, on a page of our own.

use std::process::{Command, Stdio};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use selvedge_tests::picture::Pixels;
use selvedge_tests::samples::{self, Jpeg, landscape};
use selvedge_tests::tools::{self, note};
use selvedge_tests::upstream::{Reply, Upstream, decoded};
use selvedge_tests::{origin, workspace};

/// How long a browser that starts for the first time may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// Plans, and by how much the mean of a channel may differ from that of our own decoding: decoders
/// of JPEG and WebP differ in how they enlarge chroma, and all must agree on what loses nothing.
const PLANS: [(&str, f64); 11] = [
    ("format=jpeg", 0.5),
    ("format=jpeg,quality=95", 0.5),
    ("format=jpeg,quality=10,width=61", 0.5),
    ("format=jpeg,width=100,height=100,fit=pad,background=%23204060", 0.5),
    ("format=jpeg,width=1,height=1,fit=cover", 0.5),
    ("format=png,width=120,rotate=90", 0.0),
    ("format=webp,width=120,flip=h", 0.5),
    ("format=webp,width=37,height=90,fit=cover", 0.5),
    ("format=avif", 1.0),
    ("format=avif,quality=79,width=61", 1.0),
    ("format=avif,width=1,height=1,fit=cover", 1.5),
];

const FILES: [&str; 4] = ["colour.jpg", "grey.jpg", "progressive.jpg", "clear.png"];

/// Shows each picture, and tells the server how large it is and the means of its channels.
const SCRIPT: &str = r#"
(async () => {
  const told = [];
  for (let i = 0; i < COUNT; i++) {
    const image = new Image();
    image.src = `/${i}`;
    try {
      await image.decode();
    } catch (error) {
      told.push(String(error));
      continue;
    }
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    const sums = [0, 0, 0];
    data.forEach((value, at) => { if (at % 4 < 3) sums[at % 4] += value; });
    const means = sums.map((sum) => sum / (canvas.width * canvas.height));
    told.push([canvas.width, canvas.height, ...means].join(" "));
  }
  await fetch("/told?" + encodeURIComponent(told.join("\n")));
})();
"#;

/// A picture that a browser is shown, and what we see in it.
struct Shown {
    name: String,
    file: Vec<u8>,
    pixels: Pixels,
    tolerance: f64,
}

fn pictures() -> Result<Vec<Shown>> {
    let folder = workspace::scratch("browser")?;
    let picture = landscape(203, 135);
    let plain = Jpeg::default();
    let put = |name: &str, bytes: &[u8]| samples::put(&folder.join(name), bytes);
    put("colour.jpg", &plain.encode(&picture)?)?;
    put("grey.jpg", &Jpeg { grey: true, ..plain }.encode(&picture)?)?;
    put("progressive.jpg", &Jpeg { progressive: true, ..plain }.encode(&picture)?)?;
    put("clear.png", &samples::png(&picture)?)?;
    let made = workspace::scratch("browser-made")?;
    let origin = origin::start(&folder.to_string_lossy(), &[])?;
    let again = origin::start(&made.to_string_lossy(), &[])?;
    let mut shown = Vec::new();
    for source in FILES {
        for (options, tolerance) in PLANS {
            let name = format!("{options}/{source}");
            let answer = origin.get(&format!("/image/{name}"))?;
            ensure!(answer.status == 200, "{name}: {answer:?}");
            let pixels = if options.contains("avif") {
                // We do not decode it: what was coded is nearly what is shown.
                origin.get(&format!("/image/{}", name.replace("avif", "png")))?
            } else {
                let number = format!("{}.bin", shown.len());
                samples::put(&made.join(&number), &answer.body)?;
                again.get(&format!("/image/format=png/{number}"))?
            };
            let pixels = Pixels::of_png(&pixels.body).context(name.clone())?;
            shown.push(Shown { name, file: answer.body, pixels, tolerance });
        }
    }
    Ok(shown)
}

#[test]
fn chromium_shows_our_files() -> Result<()> {
    let Some(chromium) = tools::program("chromium", "chromium")? else {
        return Ok(());
    };
    let shown = pictures()?;
    let page =
        format!("<!doctype html><body><script>const COUNT = {};{SCRIPT}</script>", shown.len());
    let files: Vec<Vec<u8>> = shown.iter().map(|picture| picture.file.clone()).collect();
    let (sender, receiver) = mpsc::channel();
    let sender = Mutex::new(sender);
    let site = Upstream::start(move |asked| {
        if let Some(told) = asked.target.strip_prefix("/told?") {
            // Nobody listens to a page that tells twice.
            sender.lock().map(|sender| sender.send(decoded(told))).ok();
        }
        let number = asked.target.trim_start_matches('/');
        match number.parse().ok().and_then(|number: usize| files.get(number)) {
            // Browsers go by content, so no type is told.
            Some(file) => Reply::Full(vec![], file.clone()),
            None if number.is_empty() => {
                let kind = ("content-type", "text/html; charset=utf-8".to_owned());
                Reply::Full(vec![kind], page.clone().into_bytes())
            }
            None => Reply::Status(404),
        }
    })?;
    let profile = workspace::scratch("browser-profile")?.join(std::process::id().to_string());
    let mut browser = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--force-color-profile=srgb", "--remote-debugging-port=0"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("{}/", site.url()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let told = receiver.recv_timeout(PATIENCE);
    browser.kill()?;
    browser.wait()?;
    std::fs::remove_dir_all(&profile).ok();
    let told = told.context("the page says nothing")?.context("the page says nonsense")?;
    let mut wrong = Vec::new();
    for (picture, line) in shown.iter().zip(told.lines()) {
        if let Err(why) = is_as_we_see_it(picture, line) {
            wrong.push(format!("{}: {why:#}", picture.name));
        }
    }
    note(&format!("{} pictures", shown.len()));
    ensure!(told.lines().count() == shown.len(), "expected {}: {told}", shown.len());
    ensure!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}

fn is_as_we_see_it(picture: &Shown, line: &str) -> Result<()> {
    let numbers: Result<Vec<f64>, _> = line.split(' ').map(str::parse).collect();
    let numbers = numbers.with_context(|| line.to_owned())?;
    let (size, means) = numbers.split_at_checked(2).context("too few numbers")?;
    let Pixels { width, height, .. } = picture.pixels;
    ensure!(size == [f64::from(width), f64::from(height)], "{line}: not {width} × {height}");
    for (channel, seen) in means.iter().enumerate() {
        let pixels = picture.pixels.rgba();
        let sum: u64 = pixels.iter().filter_map(|p| p.get(channel)).map(|s| u64::from(*s)).sum();
        let mean = sum as f64 / pixels.len() as f64;
        let apart = (mean - seen).abs();
        ensure!(apart <= picture.tolerance + 1e-9, "channel {channel}: {seen}, not {mean}");
    }
    Ok(())
}
