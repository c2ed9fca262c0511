//! The native build and the component: the same bytes, the same failures, the same warnings.

use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Result, anyhow, ensure};
use selvedge::bindings;
use selvedge::component::ComponentFile;
use selvedge::engine::Settings;
use selvedge::failure::TransformError;
use selvedge::transform::{Limits, Transformer};
use selvedge_pixels::{Failure, Source};
use selvedge_tests::mutate::damaged_files;
use selvedge_tests::tools::note;
use selvedge_tests::{broken, samples, workspace};

use crate::native::transformed;

const PLANS: [&str; 8] = [
    "width=72,format=avif",
    "width=61,radius=9,quality=70,compression=fast,format=avif",
    "width=320,format=jpeg",
    "width=90,height=90,fit=cover,rotate=90,quality=95,format=jpeg",
    "width=200,format=png,damaged=keep",
    "width=333,height=222,fit=pad,background=#f08040,format=jpeg,damaged=keep",
    "height=120,flip=h,format=webp,damaged=keep",
    "width=64,height=300,fit=squeeze,format=pixels",
];

/// Damaged files that are compared beside the whole ones.
const DAMAGED: usize = 1_200;

/// What came of it: the bytes and the warnings, or the kind of the failure and its words.
type Outcome = std::result::Result<(Vec<u8>, Vec<String>), (&'static str, String)>;

fn in_wasm(transformer: &Transformer, file: &[u8], options: &str) -> Result<Outcome> {
    let excess =
        |kind, bindings::Excess { what, limit, actual }| (kind, format!("{what} {limit} {actual}"));
    match transformer.transform(file.to_vec(), &[], options, &Limits::default()) {
        Ok(made) => Ok(Ok((made.bytes, made.warnings))),
        Err(TransformError::Refused(failure)) => Ok(Err(match failure {
            bindings::Failure::BadOption(why) => ("bad option", why),
            bindings::Failure::Malformed(why) => ("malformed", why),
            bindings::Failure::OverBudget(what) => excess("over budget", what),
            bindings::Failure::TooLarge(what) => excess("too large", what),
            bindings::Failure::Truncated(why) => ("truncated", why),
            bindings::Failure::Unsupported(why) => ("unsupported", why),
        })),
        Err(error) => Err(anyhow!("{options}: {error}")),
    }
}

fn natively(file: &[u8], options: &str) -> Result<Outcome> {
    let excess = |kind, selvedge_pixels::Excess { what, limit, actual }| {
        (kind, format!("{what} {limit} {actual}"))
    };
    Ok(match transformed(Source::Encoded(file.to_vec()), options)? {
        Ok(made) => Ok((made.bytes, made.warnings)),
        Err(failure) => Err(match failure {
            Failure::BadOption(why) => ("bad option", why),
            Failure::Malformed(why) => ("malformed", why),
            Failure::OverBudget(what) => excess("over budget", what),
            Failure::TooLarge(what) => excess("too large", what),
            Failure::Truncated(why) => ("truncated", why),
            Failure::Unsupported(why) => ("unsupported", why),
        }),
    })
}

/// Compares each file by each of its plans, on all cores.
fn compare(cases: &[(String, Vec<u8>, Vec<&str>)]) -> Result<()> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let settings = Settings::with_slots(u32::try_from(cores)?);
    let component =
        ComponentFile::open(Some(&workspace::component()?)).map_err(|why| anyhow!(why))?;
    let transformer = Transformer::new(&component, settings).map_err(|why| anyhow!("{why:#}"))?;
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let (pictures, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let tell = |why: String| {
        if let Ok(mut wrong) = wrong.lock() {
            wrong.push(why);
        }
    };
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some((name, file, plans)) =
                    cases.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    for options in plans {
                        let native = natively(file, options);
                        let wasm = in_wasm(&transformer, file, options);
                        match (native, wasm) {
                            // Natively there is no budget.
                            (_, Ok(Err(("over budget", _)))) => {}
                            (Ok(native), Ok(wasm)) if native == wasm => {
                                let count = if wasm.is_ok() { &pictures } else { &refused };
                                count.fetch_add(1, Ordering::Relaxed);
                            }
                            (native, wasm) => tell(format!(
                                "{name}: {options}: natively {}, in wasm {}",
                                told(native),
                                told(wasm),
                            )),
                        }
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().map_err(|_| anyhow!("a thread panicked"))?;
    let (pictures, refused) = (pictures.into_inner(), refused.into_inner());
    note(&format!("{pictures} pictures are equal, {refused} failures alike"));
    ensure!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    ensure!(pictures > cases.len() / 8, "too few were pictures");
    Ok(())
}

fn told(outcome: Result<Outcome>) -> String {
    match outcome {
        Ok(Ok((bytes, warnings))) => format!("{} bytes {warnings:?}", bytes.len()),
        Ok(Err(failure)) => format!("{failure:?}"),
        Err(error) => format!("{error:#}"),
    }
}

#[test]
fn files_give_the_same_in_both_builds() -> Result<()> {
    let mut paths = samples::small_set(&workspace::scratch("small")?)?;
    paths.extend(broken::write(&workspace::scratch("hostile")?)?);
    match workspace::corpus() {
        Some(corpus) => {
            let files = workspace::files_below(&corpus)?.into_iter();
            paths.extend(files.filter(|file| file.extension().is_some_and(|e| e == "jpg")));
        }
        None => note("no corpus here: only generated files are compared"),
    }
    let mut cases = Vec::new();
    for (i, path) in paths.iter().enumerate() {
        let file = fs::read(path)?;
        // Two plans for a large file, so that all plans meet large files.
        let plans = if file.len() < 200_000 {
            PLANS.to_vec()
        } else {
            vec![PLANS[i % PLANS.len()], PLANS[(i + 2 + i / 4) % PLANS.len()]]
        };
        cases.push((path.display().to_string(), file, plans));
    }
    compare(&cases)
}

#[test]
fn colours_and_metadata_are_the_same_in_both_builds() -> Result<()> {
    let golden = workspace::root().join("tests/golden");
    let mut cases = Vec::new();
    for folder in ["colours", "metadata"] {
        for path in workspace::files_below(&golden.join(folder))? {
            let plans = vec![
                "format=pixels",
                "width=13,linear=true,format=jpeg",
                "width=7,format=webp,metadata=keep",
            ];
            cases.push((path.display().to_string(), fs::read(&path)?, plans));
        }
    }
    compare(&cases)
}

#[test]
fn webp_of_every_effort_is_the_same_in_both_builds() -> Result<()> {
    let plans = [
        "width=190,format=webp,quality=100",
        "width=61,format=webp,quality=100,metadata=keep",
        "width=160,format=webp,compression=best,metadata=keep",
        "width=97,height=61,fit=cover,format=webp,compression=fast",
    ];
    let mut paths = workspace::files_below(&workspace::root().join("tests/golden/metadata"))?;
    paths.extend(samples::small_set(&workspace::scratch("small-webp")?)?);
    match workspace::corpus() {
        // Graphics and soft alpha: palettes and predictors, and planes of alpha.
        Some(corpus) => paths.extend(workspace::files_below(&corpus.join("png"))?),
        None => note("no corpus here: only generated files are compared"),
    }
    let mut cases = Vec::new();
    for path in paths {
        let file = fs::read(&path)?;
        if file.len() < 1_500_000 {
            cases.push((path.display().to_string(), file, plans.to_vec()));
        }
    }
    compare(&cases)
}

#[test]
fn damaged_files_give_the_same_in_both_builds() -> Result<()> {
    let cases = damaged_files(DAMAGED)?.enumerate().map(|(i, file)| {
        let plans = vec![PLANS[i % PLANS.len()]];
        (format!("damaged {i}"), file, plans)
    });
    compare(&cases.collect::<Vec<_>>())
}
