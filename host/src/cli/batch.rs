//! Many pictures at once, on all cores.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use indicatif::{ProgressBar, ProgressStyle};
use selvedge_plan::Plan;

use super::pictures::{self, Picture};
use super::{Failure, Shared, files, one_line, warn};
use crate::transform::{Limits, Transformer};

/// What every worker needs.
struct Batch<'a> {
    transformer: Transformer,
    plan: &'a str,
    overlays: &'a [Vec<u8>],
    limits: Limits,
    folder: &'a Path,
}

/// Transforms what `operands` name into `folder`. All of them are tried; the failures are listed at the end.
pub fn run(
    shared: &Shared,
    plan: &Plan,
    limits: Limits,
    folder: &Path,
    operands: &[OsString],
) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let files = pictures::all(operands, folder)?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let workers = cores.min(files.len()).max(1);
    let (plan, overlays) = (&plan.text(), &files::overlays(plan)?);
    let transformer = shared.transformer(workers, &limits)?;
    let batch = Batch { transformer, plan, overlays, limits, folder };
    let bar = ProgressBar::new(files.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg} {eta}") {
        bar.set_style(style);
    }
    let next = AtomicUsize::new(0);
    let (failures, warnings) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    bar.set_message(file.path.display().to_string());
                    let (told, list) = match batch.one(file) {
                        Ok(told) => (told, &warnings),
                        Err(why) => (vec![why], &failures),
                    };
                    if let Ok(mut list) = list.lock() {
                        list.extend(told);
                    }
                    bar.inc(1);
                }
            });
        }
    });
    bar.finish_and_clear();
    let (mut failures, mut warnings) = (failures.into_inner()?, warnings.into_inner()?);
    warnings.sort_unstable();
    warn(&warnings)?;
    if failures.is_empty() {
        return Ok(());
    }
    failures.sort_unstable();
    let mut out = io::stderr().lock();
    for why in &failures {
        writeln!(out, "selvedge: {}", one_line(why))?;
    }
    let (failed, all) = (failures.len(), files.len());
    Err(format!("{failed} of {all} files failed").into())
}

impl Batch<'_> {
    /// Gives what is amiss with the picture that it made.
    fn one(&self, Picture { path, target }: &Picture) -> Result<Vec<String>, String> {
        let failed = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
        let source = match files::read(path) {
            Ok(source) => source,
            Err(Failure::Failed(why) | Failure::Usage(why)) => return Err(why),
            Err(Failure::Wrong(all)) => return Err(all.join("; ")),
        };
        let rendered = self
            .transformer
            .transform(source, self.overlays, self.plan, &self.limits)
            .map_err(|error| failed(&error))?;
        let mut output = self.folder.join(target).into_os_string();
        output.push(ending(&rendered.media_type));
        let output = PathBuf::from(output);
        if is_same_file(path, &output) {
            return Err(failed(&"its output would overwrite it: use another --out-dir"));
        }
        output
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&output, &rendered.bytes))
            .map_err(|error| format!("{}: {error}", output.display()))?;
        Ok(rendered.warnings.iter().map(|why| failed(why)).collect())
    }
}

fn ending(media_type: &str) -> &'static str {
    match media_type {
        "image/avif" => ".avif",
        "image/gif" => ".gif",
        "image/heic" => ".heic",
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        "image/webp" => ".webp",
        _ => ".bin",
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| -> Option<PathBuf> { path.canonicalize().ok() };
    real(one).is_some_and(|one| real(other) == Some(one))
}
