//! The memory budget: what passes it is told so, what is forecast is enough.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result, anyhow, bail, ensure};
use selvedge_tests::samples::{self, Canvas, interlaced_png};
use selvedge_tests::stage::{is_picture, is_problem};
use selvedge_tests::tools::note;
use selvedge_tests::{origin, workspace};

/// Less than the component itself takes: even that must end in a typed refusal.
const LITTLE: &str = "1K";

const PLANS: [&str; 13] = [
    "width=200",
    "quality=85,format=png",
    "width=500,fit=contain,format=webp",
    "width=300,height=300,fit=cover,gravity=left,rotate=90,format=jpeg",
    "width=333,height=222,fit=pad,background=rgba(9,99,199,0.5),format=png",
    "width=64,height=900,fit=squeeze,flip=h",
    "height=120,rotate=180,format=png",
    "width=900,height=700,fit=aspect-crop,format=webp",
    "width=400,format=jpeg,max-bytes=2000",
    "width=150,height=90,fit=squeeze,quality=100,format=avif",
    "trim=border,width=300",
    "width=300,height=200,fit=cover,gravity=auto",
    "trim=border,width=700,height=500,fit=cover,format=webp,gravity=entropy",
];

#[test]
fn a_source_that_needs_more_is_refused_by_name_and_served_with_more() -> Result<()> {
    let folder = workspace::scratch("budget")?;
    // 5.8 MB as pixels, which an interlaced file must hold at once.
    let large = interlaced_png(&Canvas::plain(1_200, 1_200, [120, 90, 60]))?;
    samples::put(&folder.join("large.png"), &large)?;
    let source = folder.to_string_lossy();
    let target = "/image/width=100/large.png";

    let tight = origin::start(&source, &["--memory", "6M"])?;
    let answer = tight.get(target)?;
    is_problem(&answer, 413, "over-budget")?;
    let told = String::from_utf8_lossy(&answer.body).into_owned();
    ensure!(told.contains("memory: expected at most 6291456, got"), "{told}");

    let ample = origin::start(&source, &["--memory", "16M"])?;
    is_picture(&ample.get(target)?, "origin")?;

    let idle = origin::start(&source, &["--work", "1000"])?;
    is_problem(&idle.get(target)?, 413, "over-budget")
}

#[test]
fn what_is_forecast_is_enough() -> Result<()> {
    let folder = workspace::scratch("small")?;
    let mut files = samples::small_set(&folder)?;
    match workspace::corpus() {
        Some(corpus) => files.extend(workspace::files_below(&corpus)?),
        None => note("no corpus here: only the generated set is tested"),
    }
    // Two plans for each file, so that all of them meet all kinds of files.
    let cases: Vec<(&Path, &str)> = files
        .iter()
        .enumerate()
        .flat_map(|(i, file)| {
            let plan = |n: usize| (file.as_path(), PLANS[n % PLANS.len()]);
            [plan(i), plan(i + 1 + i / PLANS.len())]
        })
        .collect();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let enough = AtomicUsize::new(0);
    thread::scope(|scope| {
        for worker in 0..thread::available_parallelism().map_or(1, usize::from) {
            let (next, wrong, enough, cases) = (&next, &wrong, &enough, &cases);
            scope.spawn(move || {
                let output = folder_for(worker);
                while let Some((file, plan)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match output.as_ref().map(|output| forecast_holds(file, plan, output)) {
                        Ok(Ok(true)) => _ = enough.fetch_add(1, Ordering::Relaxed),
                        Ok(Ok(false)) => {}
                        Ok(Err(why)) => lock(wrong).push(format!("{}: {why:#}", file.display())),
                        Err(why) => lock(wrong).push(format!("{why:#}")),
                    }
                }
            });
        }
    });
    let wrong = lock(&wrong);
    let enough = enough.into_inner();
    note(&format!("{enough} of {} forecasts were put to the test", cases.len()));
    ensure!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    ensure!(enough > files.len() / 4, "too few were tested");
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn folder_for(worker: usize) -> Result<PathBuf> {
    let name = format!("budget-{}-{worker}", std::process::id());
    Ok(workspace::scratch("budget")?.join(name))
}

/// Asks with little memory, which tells how much is forecast; then gives exactly that. The component
/// refuses any byte more, so success means that the forecast was an upper bound. `false` if the file
/// is refused for another reason.
fn forecast_holds(file: &Path, plan: &str, output: &Path) -> Result<bool> {
    let Err(told) = transform(file, plan, output, LITTLE)? else {
        bail!("{plan}: done with {LITTLE}, which is not expected to do");
    };
    let Some((_, needed)) = told.split_once("over-budget: memory: ") else {
        return Ok(false);
    };
    let needed = needed.rsplit(' ').next().unwrap_or_default().trim();
    let bytes: u64 = needed.parse().with_context(|| told.clone())?;
    // More than a host has, and more than a test should take.
    if bytes > 200 << 20 {
        return Ok(false);
    }
    let done = transform(file, plan, output, needed)?;
    fs::remove_file(output).ok();
    match done {
        Ok(()) => Ok(true),
        // Broken in its pixels, which only decoding shows.
        Err(told) if ["malformed", "truncated", "unsupported"].iter().any(|w| told.contains(w)) => {
            Ok(false)
        }
        Err(told) => Err(anyhow!("{plan}: with {needed} bytes as forecast: {told}")),
    }
}

/// The inner result is what the host says on stderr, if it refuses.
fn transform(file: &Path, plan: &str, output: &Path, memory: &str) -> Result<Result<(), String>> {
    let done = Command::new(workspace::host()?)
        .arg("transform")
        .args([file, output])
        .args([plan, "--memory", memory])
        .output()?;
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    match done.status.code() {
        Some(0) => Ok(Ok(())),
        Some(1) => Ok(Err(told)),
        other => bail!("ended with {other:?}: {told}"),
    }
}
