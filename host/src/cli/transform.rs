//! `selvedge transform`: pictures from files into files.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use selvedge_plan::options::format::Format;
use selvedge_plan::{Client, Options, Plan};
use serde::Serialize;

use super::{Failure, Shared, batch, files, limits, warn};
use crate::bindings::Forecast;
use crate::transform::{Limits, Rendered};

/// Time for one transform: a person who waits can press Ctrl-C.
const DEADLINE: Duration = Duration::from_secs(60);

/// Transform a picture, or many with --out-dir
///
/// OPTIONS are what stands in an address, such as width=400,format=jpeg,quality=80. Without a
/// format among them, the ending of OUT says it, if it is avif, heic, jpg, jpeg, png or webp.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "selvedge transform IN OUT [OPTIONS] [--repeat N] [--steps] [--record]\n       \
                            selvedge transform --out-dir DIR OPTIONS FILE|FOLDER..."
)]
pub struct Args {
    /// IN and OUT, where `-` is standard input or output, and OPTIONS; or OPTIONS and FILEs, and FOLDERs with
    /// all pictures below them
    #[arg(value_name = "OPERAND", required = true, num_args = 1..)]
    operands: Vec<OsString>,
    /// Write the pictures into this folder, named as their sources; folders below FOLDER are kept
    #[arg(long, value_name = "DIR", conflicts_with_all = ["repeat", "steps", "record"])]
    out_dir: Option<PathBuf>,
    /// Do it so many times, reading each time and writing once, for measurements
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true,
          value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// Print how long each step took, in milliseconds; the fastest turn with --repeat
    #[arg(long)]
    steps: bool,
    /// Print what came out and what was forecast, as a last line of JSON on standard error
    #[arg(long)]
    record: bool,
    #[command(flatten)]
    limits: limits::Args,
}

pub fn run(shared: &Shared, args: Args) -> Result<(), Failure> {
    shared.start_log();
    let limits = args.limits.or(Limits { deadline: DEADLINE, ..Limits::default() });
    match (&args.out_dir, args.operands.as_slice()) {
        (None, [input, output]) => one(shared, &args, limits, input.as_ref(), output.as_ref(), ""),
        (None, [input, output, options]) => {
            let options = text(options)?;
            one(shared, &args, limits, input.as_ref(), output.as_ref(), options)
        }
        (None, _) => Err(Failure::Usage(
            "expected IN OUT [OPTIONS]; for many files use --out-dir DIR OPTIONS FILE|FOLDER..."
                .into(),
        )),
        (Some(folder), [options, files @ ..]) if !files.is_empty() => {
            let plan = plan(text(options)?, None)?;
            batch::run(shared, &plan, limits, folder, files)
        }
        (Some(_), _) => {
            Err(Failure::Usage("expected OPTIONS and at least one FILE after --out-dir DIR".into()))
        }
    }
}

fn one(
    shared: &Shared,
    args: &Args,
    limits: Limits,
    input: &Path,
    output: &Path,
    options: &str,
) -> Result<(), Failure> {
    let plan = plan(options, format_of(output))?;
    let overlays = files::overlays(&plan)?;
    let plan = plan.text();
    let mut bytes = files::read(input)?;
    let transformer = shared.transformer(1, &limits)?;
    let forecast = match args.record {
        // What libheif reads has no forecast; what else is wrong the transform says too.
        true => Some((bytes.len(), transformer.estimate(&bytes, &plan, &limits).ok())),
        false => None,
    };
    let mut fastest: Option<Rendered> = None;
    for turn in 1..=args.repeat {
        let source = if files::is_standard(input) && turn < args.repeat {
            bytes.clone()
        } else {
            std::mem::take(&mut bytes)
        };
        let rendered = transformer.transform(source, &overlays, &plan, &limits)?;
        if fastest.as_ref().is_none_or(|f| rendered.duration < f.duration) {
            fastest = Some(rendered);
        }
        if turn < args.repeat && !files::is_standard(input) {
            bytes = files::read(input)?;
        }
    }
    let Some(rendered) = fastest else {
        return Ok(());
    };
    if args.steps {
        report(&rendered)?;
    }
    warn(&rendered.warnings)?;
    if let Some((source, forecast)) = forecast {
        let record = Record::new(source, &rendered, forecast.as_ref());
        writeln!(io::stderr().lock(), "{}", serde_json::to_string(&record)?)?;
    }
    files::write(output, &rendered.bytes)
}

/// What came out, as the component says it, and what it forecast.
#[derive(Serialize)]
struct Record<'a> {
    media_type: &'a str,
    width: u32,
    height: u32,
    bytes: usize,
    source_bytes: usize,
    /// Highest number of bytes of linear memory in use at once, source included.
    memory: u64,
    work: u64,
    /// Without the source.
    forecast_memory: Option<u64>,
    forecast_work: Option<u64>,
}

impl<'a> Record<'a> {
    fn new(source_bytes: usize, rendered: &'a Rendered, forecast: Option<&Forecast>) -> Self {
        Self {
            media_type: &rendered.media_type,
            width: rendered.width,
            height: rendered.height,
            bytes: rendered.bytes.len(),
            source_bytes,
            memory: rendered.memory,
            work: rendered.work,
            forecast_memory: forecast.map(|forecast| forecast.memory),
            forecast_work: forecast.map(|forecast| forecast.work),
        }
    }
}

/// Prints the steps, one a line.
fn report(rendered: &Rendered) -> io::Result<()> {
    let mut out = io::stderr().lock();
    let mut line =
        |name: &str, time: Duration| writeln!(out, "{name:<12} {:>10.3}", time.as_secs_f64() * 1e3);
    for step in &rendered.steps {
        line(&step.name, step.duration)?;
    }
    line("transform", rendered.duration)
}

/// What the options say, with the format of an output that is named so.
fn plan(options: &str, format: Option<Format>) -> Result<Plan, Failure> {
    let mut options = Options::parse(options)?;
    options.format = options.format.or(format);
    Ok(Plan::new(&options, &Client::default())?)
}

/// The format that the ending of a file's name stands for.
fn format_of(path: &Path) -> Option<Format> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    match ending.as_str() {
        "jpg" | "jpeg" => Some(Format::Jpeg),
        "avif" => Some(Format::Avif),
        "heic" => Some(Format::Heic),
        "png" => Some(Format::Png),
        "webp" => Some(Format::Webp),
        _ => None,
    }
}

fn text(options: &OsString) -> Result<&str, Failure> {
    let text = options.to_str();
    text.ok_or_else(|| Failure::Usage("expected OPTIONS in UTF-8".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_comes_from_the_options_then_from_the_name() {
        for (options, output, canonical) in [
            ("", "a.JPG", "format=jpeg"),
            ("width=5", "a.webp", "width=5,format=webp"),
            ("f=png", "a.webp", "format=png"),
            ("width=5", "-", "width=5"),
            ("width=5", "a.tiff", "width=5"),
        ] {
            let plan = plan(options, format_of(Path::new(output)));
            assert_eq!(
                plan.ok().map(|plan| plan.text()).as_deref(),
                Some(canonical),
                "{options} {output}"
            );
        }
        assert!(plan("widht=5", None).is_err());
    }
}
