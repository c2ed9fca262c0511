//! The Worker's answers as a browser shows them, and the package for npm in it.

use anyhow::{Context, Result, ensure};
use selvedge_tests::picture::{self, Pixels};
use selvedge_tests::samples::{self, Canvas, Jpeg, landscape};
use selvedge_tests::tools::note;
use selvedge_tests::{browser, edge, origin, workspace};

/// Plans, and by how much the mean of a channel may differ from that of our own decoding: decoders
/// of JPEG and WebP differ in how they enlarge chroma, and all must agree on what loses nothing.
const PLANS: [(&str, f64); 13] = [
    ("format=jpeg", 0.5),
    ("format=jpeg,quality=95", 0.5),
    ("format=jpeg,quality=10,width=61", 0.5),
    ("format=jpeg,width=100,height=100,fit=pad,background=%23204060", 0.5),
    ("format=jpeg,width=1,height=1,fit=cover", 0.5),
    ("format=png,width=120,rotate=90", 0.0),
    ("format=webp,width=120,flip=h", 0.5),
    ("format=webp,width=37,height=90,fit=cover", 0.5),
    ("format=webp,quality=60,compression=fast", 0.5),
    ("format=webp,quality=100,width=90", 0.0),
    ("format=avif", 1.0),
    ("format=avif,quality=79,width=61", 1.0),
    ("format=avif,width=1,height=1,fit=cover", 1.5),
];

const FILES: [&str; 4] = ["colour.jpg", "grey.jpg", "progressive.jpg", "clear.png"];

/// Shows each picture, and tells the server how large it is and the means of its channels.
const SCRIPT: &str = r#"
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
  await tell(told.join("\n"));
"#;

/// A picture that a browser is shown, and what we see in it.
struct Shown {
    name: String,
    kind: String,
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
    let edge = edge::start(&[], Some(&folder))?;
    let again = origin::start(&made.to_string_lossy(), &[])?;
    let mut shown = Vec::new();
    for source in FILES {
        for (options, tolerance) in PLANS {
            let name = format!("{options}/{source}");
            let answer = edge.get(&format!("/image/{name}"))?;
            ensure!(answer.status == 200, "{name}: {answer:?}");
            let pixels = if options.contains("avif") {
                // We do not decode it: what was coded is nearly what is shown.
                edge.get(&format!("/image/{}", name.replace("avif", "png")))?
            } else {
                let number = format!("{}.bin", shown.len());
                samples::put(&made.join(&number), &answer.body)?;
                again.get(&format!("/image/format=png/{number}"))?
            };
            let pixels = Pixels::of_png(&pixels.body).context(name.clone())?;
            let kind = answer.media_type().to_owned();
            shown.push(Shown { name, kind, file: answer.body, pixels, tolerance });
        }
    }
    Ok(shown)
}

#[test]
fn chromium_shows_what_the_worker_answers() -> Result<()> {
    let shown = pictures()?;
    let script = format!("const COUNT = {};{SCRIPT}", shown.len());
    let files: Vec<(Option<String>, Vec<u8>)> =
        shown.iter().map(|it| (Some(it.kind.clone()), it.file.clone())).collect();
    let file = move |path: &str| files.get(path.parse::<usize>().ok()?).cloned();
    let Some(told) = browser::visit(&script, file)? else {
        return Ok(());
    };
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

#[test]
fn what_the_console_says_is_a_failure() -> Result<()> {
    let said = |script: &str| browser::visit(script, |_| None);
    let Some(told) = said(r#"await tell("well")"#)? else {
        return Ok(());
    };
    ensure!(told == "well", "{told}");
    for script in [r#"console.error("odd"); await tell("well")"#, "setTimeout(tell); missing()"] {
        let error = said(script).err().map(|error| error.to_string()).unwrap_or_default();
        ensure!(error.starts_with("the console says"), "{script}: {error}");
    }
    Ok(())
}

/// The chunks of metadata that a WebP file can have.
const CHUNKS: [&[u8; 4]; 3] = [b"ICCP", b"EXIF", b"XMP "];

#[test]
fn chromium_shows_webp_that_keeps_its_metadata() -> Result<()> {
    let golden = workspace::root().join("tests/golden/metadata");
    let edge = edge::start(&[], Some(&golden))?;
    let mut files = Vec::new();
    for source in ["full.jpg", "full.png", "full.webp"] {
        for options in ["", ",quality=100", ",compression=best"] {
            let made = |metadata: &str| -> Result<Vec<u8>> {
                let path = format!("/image/format=webp,metadata={metadata}{options}/{source}");
                let answer = edge.get(&path)?;
                ensure!(answer.status == 200, "{path}: {answer:?}");
                Ok(answer.body)
            };
            let kept = made("keep")?;
            for chunk in CHUNKS {
                let is_there = kept.windows(4).any(|four| four == chunk);
                ensure!(is_there, "{source}{options} has no {chunk:?}");
            }
            files.push(kept);
        }
    }
    let script = format!("const COUNT = {};{SCRIPT}", files.len());
    let shown = files.clone();
    let file = move |path: &str| {
        Some((Some("image/webp".to_owned()), shown.get(path.parse::<usize>().ok()?)?.clone()))
    };
    let Some(told) = browser::visit(&script, file)? else {
        return Ok(());
    };
    ensure!(told.lines().count() == files.len(), "{told}");
    for line in told.lines() {
        // What could not be decoded is an error's words.
        let numbers: Result<Vec<f64>, _> = line.split(' ').map(str::parse).collect();
        let is_picture = numbers.is_ok_and(|numbers| numbers.len() == 5 && numbers[0] >= 1.0);
        ensure!(is_picture, "expected sides and means: {line}");
    }
    Ok(())
}

/// Decodes every frame of an animation, and tells the mean of its red samples.
const FRAMES: &str = r#"
  const answer = await fetch("/animation");
  const decoder = new ImageDecoder({ type: answer.headers.get("content-type"), data: answer.body });
  await decoder.completed;
  const told = [decoder.tracks.selectedTrack.repetitionCount];
  for (let frameIndex = 0; frameIndex < decoder.tracks.selectedTrack.frameCount; frameIndex++) {
    const { image } = await decoder.decode({ frameIndex });
    const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    told.push(Math.round(data.reduce((sum, value, at) => sum + (at % 4 ? 0 : value), 0) / (data.length / 4)));
    image.close();
  }
  await tell(told.join(" "));
"#;

#[test]
fn chromium_plays_what_the_worker_answers() -> Result<()> {
    let folder = workspace::scratch("browser-frames")?;
    // Colours of the palette that the sample is written with.
    let reds = [51, 102, 204];
    let frames = reds.map(|red| Canvas::plain(64, 48, [red, 80, 90]));
    samples::put(&folder.join("frames.gif"), &samples::gif(&frames)?)?;
    let edge = edge::start(&[], Some(&folder))?;
    for format in ["webp", "gif"] {
        let answer = edge.get(&format!("/image/width=32,format={format}/frames.gif"))?;
        ensure!(answer.media_type() == format!("image/{format}"), "{answer:?}");
        let kind = answer.media_type().to_owned();
        let body = answer.body;
        let file =
            move |path: &str| (path == "animation").then(|| (Some(kind.clone()), body.clone()));
        let Some(told) = browser::visit(FRAMES, file)? else {
            return Ok(());
        };
        // First comes how often it is repeated, which may be without end.
        let seen: Vec<i64> = told.split(' ').skip(1).filter_map(|it| it.parse().ok()).collect();
        ensure!(seen.len() == reds.len(), "{format}: {told}");
        let near = seen.iter().zip(reds).all(|(seen, red)| (seen - i64::from(red)).abs() <= 3);
        ensure!(near, "{format}: {told}");
    }
    Ok(())
}

/// Has the package transform a file, and tells the digests.
const PACKAGE: &str = r#"
  const { open, Failure } = await import("/npm/web.js");
  const images = await open();
  const source = new Uint8Array(await (await fetch("/photo.jpg")).arrayBuffer());
  const told = [];
  for (const plan of PLANS) {
    const { bytes, mediaType } = images.transform(source, plan);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    told.push(mediaType + " " + Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join(""));
  }
  try {
    images.transform(source.subarray(0, 99), "width=5");
  } catch (error) {
    told.push(`${error instanceof Failure} ${error.code}`);
  }
  await tell(told.join("\n"));
"#;

#[test]
fn the_package_gives_the_same_pictures_in_chromium() -> Result<()> {
    let folder = workspace::scratch("browser-package")?;
    let photo = Jpeg::default().encode(&landscape(203, 135))?;
    samples::put(&folder.join("photo.jpg"), &photo)?;
    let plans = ["width=100,format=jpeg", "width=64,format=webp", "width=33,format=png"];
    let origin = origin::start(&folder.to_string_lossy(), &[])?;
    let mut expected = Vec::new();
    for plan in plans {
        let answer = origin.get(&format!("/image/{plan}/photo.jpg"))?;
        expected.push(format!("{} {}", answer.media_type(), picture::sha256(&answer.body)));
    }
    expected.push("true truncated".to_owned());
    let package = workspace::package()?;
    let file = move |path: &str| match path.strip_prefix("npm/") {
        Some(name) => {
            let kind = name.ends_with(".js").then(|| "text/javascript".to_owned());
            Some((kind, std::fs::read(package.join(name)).ok()?))
        }
        None => (path == "photo.jpg").then(|| (None, photo.clone())),
    };
    let script = format!("const PLANS = {plans:?};{PACKAGE}");
    let Some(told) = browser::visit(&script, file)? else {
        return Ok(());
    };
    ensure!(told.lines().eq(expected.iter().map(String::as_str)), "{told}");
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
