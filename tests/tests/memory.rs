//! The isolate's memory. Local workerd does not enforce the platform's 128 MB, so what holds there is shown by
//! counting: linear memory, what lies outside of it for a transform, and V8's heap.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};
use selvedge_plan::limits;
use selvedge_tests::memory::{ISOLATE, keep};
use selvedge_tests::samples::{self, Canvas, Jpeg, landscape};
use selvedge_tests::tools::note;
use selvedge_tests::upstream::Upstream;
use selvedge_tests::{edge, workspace};
use serde_json::{Map, json};

const REQUESTS: usize = 2_000;

/// Room for linear memory and what lies beside it: twice the budget, which `limits` derives.
const TRANSFORM: u64 = 2 * limits::MEMORY_EDGE;

const PLANS: [&str; 7] = [
    "width=300,format=webp",
    "width=120,height=90,fit=cover,format=jpeg",
    "format=png,width=64",
    "rotate=90,width=200",
    "width=320,blur=3,format=jpeg",
    "format=json",
    "width=900,fit=contain,format=webp",
];

/// The largest that the edge takes, of each kind that costs something else.
fn large(folder: &Path) -> Result<Vec<String>> {
    let (photo, plain) = (landscape(6_000, 4_000), landscape(4_000, 3_000));
    // It is held whole, beside its file.
    let held = landscape(2_800, 2_400);
    let progressive = Jpeg { progressive: true, ..Jpeg::default() };
    let frames = [20, 90, 200].map(|red| Canvas::plain(1_200, 900, [red, 80, 90]));
    let files = [
        ("24mp-baseline.jpg", Jpeg::default().encode(&photo)?),
        ("24mp-progressive.jpg", progressive.encode(&photo)?),
        ("12mp.png", samples::png(&plain)?),
        ("interlaced.png", samples::interlaced_png(&held)?),
        ("frames.gif", samples::gif(&frames)?),
    ];
    let put = |(name, bytes): (&str, Vec<u8>)| {
        samples::put(&folder.join(name), &bytes)?;
        Ok(name.to_owned())
    };
    let mut names: Vec<_> = files.into_iter().map(put).collect::<Result<_>>()?;
    names.extend(phone(folder)?);
    Ok(names)
}

/// The still of a phone, 12 megapixels, where there is one.
fn phone(folder: &Path) -> Result<Option<String>> {
    let file = workspace::corpus().map(|corpus| corpus.join("heic/iphone-p3-12mp.heic"));
    let Some(file) = file.filter(|file| file.is_file()) else {
        note("no corpus here: no large still is decoded");
        return Ok(None);
    };
    samples::put(&folder.join("phone.heic"), &fs::read(file)?)?;
    Ok(Some("phone.heic".to_owned()))
}

const LARGE: [&str; 8] = [
    "width=800,format=jpeg",
    "width=1600,format=webp",
    "width=500,height=500,fit=cover,format=png",
    "width=400,format=avif",
    "rotate=90,width=1200,format=jpeg",
    "width=800,blur=20,format=webp",
    "trim.width=2000,format=jpeg",
    "format=webp",
];

#[test]
fn the_largest_transforms_fit_beside_the_heap() -> Result<()> {
    let folder = workspace::scratch("memory-large")?;
    let files = large(&folder)?;
    let upstream = Upstream::folder(folder)?;
    let source = format!("SOURCE={}/", upstream.url());
    let mut counted = Map::new();
    for file in files {
        // One isolate for each, so that each has its own ceiling.
        let edge = edge::start_with(&[&source], None, &["--heap"])?;
        let mut made = 0;
        for plan in LARGE {
            let answer = edge.get(&format!("/image/{plan}/{file}"))?;
            let is_refused = answer.code().as_deref() == Some("over-budget");
            ensure!(answer.status == 200 || is_refused, "{plan} {file}: {answer:?}");
            made += u64::from(answer.status == 200);
        }
        // Long enough for a look at the heap after garbage was collected.
        thread::sleep(Duration::from_millis(1_500));
        let memory = edge.memory();
        note(&format!("{file}: {made} of {} plans, {memory:?}", LARGE.len()));
        ensure!(made > 0 && memory.transforms >= made && memory.live > 0, "{file}: {memory:?}");
        ensure!(memory.transform + memory.live <= TRANSFORM, "{file}: {memory:?}");
        counted.insert(file, memory.json());
    }
    keep("largest", &counted.into())
}

#[test]
fn many_requests_end_at_the_same_ceiling() -> Result<()> {
    let folder = workspace::scratch("memory")?;
    let mut files = samples::small_set(&folder)?;
    // One that takes tens of megabytes, now and then.
    let large = Jpeg { progressive: true, ..Jpeg::default() };
    let path = folder.join("large.jpg");
    samples::put(&path, &large.encode(&landscape(4_000, 3_000))?)?;
    let flat = folder.join("flat.png");
    samples::put(&flat, &samples::interlaced_png(&Canvas::plain(2_600, 2_600, [90, 99, 9]))?)?;
    let phone = phone(&folder)?;
    let golden = workspace::root().join("tests/golden/heic/grid.heic");
    files.push(samples::put(&folder.join("grid.heic"), &fs::read(golden)?)?);
    let seldom = ["large.jpg", "flat.png", "phone.heic"];
    files.retain(|file| !seldom.iter().any(|name| file.ends_with(name)));
    // Nothing is kept, so that every request is a transform.
    let upstream = Upstream::folder(folder)?;
    let edge = edge::start_with(&[&format!("SOURCE={}/", upstream.url())], None, &["--heap"])?;
    let mut client = edge.client();
    let mut half = None;
    for number in 0..REQUESTS {
        let file = match number % 100 {
            40 => "large.jpg",
            90 => "flat.png",
            // One after the other, so that what was dropped is still to be collected.
            60..65 => phone.as_deref().unwrap_or("grid.heic"),
            _ => files[number % files.len()].file_name().and_then(|it| it.to_str()).unwrap_or(""),
        };
        let plan = PLANS[number / files.len() % PLANS.len()];
        let answer = client.get(&format!("/image/{plan}/{file}"))?;
        ensure!(answer.status < 500, "{plan} {file}: {answer:?}");
        if number == REQUESTS / 2 {
            half = Some(edge.memory());
        }
    }
    let (half, whole) = (half.unwrap_or_default(), edge.memory());
    note(&format!("{whole:?}, and after half of the requests {half:?}"));
    ensure!(whole.transforms as usize > REQUESTS / 2, "{whole:?}");
    ensure!(whole.transform <= TRANSFORM, "one transform took {whole:?}");
    ensure!(whole.linear + whole.heap <= ISOLATE, "{whole:?}");
    ensure!(whole.linear == half.linear, "it grows: {half:?}, {whole:?}");
    let counted = json!({ "requests": REQUESTS, "half": half.json(), "whole": whole.json() });
    keep("crowd", &counted)
}
