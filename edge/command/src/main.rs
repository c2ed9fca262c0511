//! `selvedge.wasm IN OUT [OPTIONS]`: a file in, a file out, in any engine that runs WASI commands.
//!
//! It only reads, calls and writes. What it calls is the very component that the servers run, put together
//! with this one by `cargo xtask build`.

use std::process::ExitCode;
use std::{env, fs};

use bindings::selvedge::image::transformer::{
    Budget, Excess, Failure, Picture, Rendition, Source, transform,
};
use selvedge_plan::limits;

#[allow(unsafe_code, missing_docs, reason = "generated: the canonical ABI passes pointers")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "caller" });
}

const USAGE: &str = "usage: wasmtime run --dir . selvedge.wasm IN OUT [OPTIONS], such as
  wasmtime run --dir . selvedge.wasm photo.jpg small.webp width=400,format=webp
Paths are below the folder that --dir grants. Without a `format` the ending of OUT says it.";

/// Formats by the endings of files.
const ENDINGS: [(&str, &str); 6] = [
    ("avif", "avif"),
    ("gif", "gif"),
    ("jpeg", "jpeg"),
    ("jpg", "jpeg"),
    ("png", "png"),
    ("webp", "webp"),
];

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let (input, output, options) = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [input, output] => (input, output, ""),
        [input, output, options] => (input, output, options),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(input, output, options) {
        Ok(told) => {
            eprintln!("{told}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("selvedge: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(input: &str, output: &str, options: &str) -> Result<String, String> {
    let source = fs::read(input).map_err(|error| format!("{input}: {error}"))?;
    let budget = Budget { memory: limits::MEMORY_ORIGIN, work: limits::WORK_ORIGIN };
    let options = with_format(options, output);
    let made = transform(&Source::Encoded(source), &[], &options, budget).map_err(told)?;
    let Rendition { picture, media_type, width, height, warnings, .. } = made;
    let Picture::Encoded(file) = picture else {
        return Err("expected a format for files, got pixels".to_owned());
    };
    fs::write(output, &file).map_err(|error| format!("{output}: {error}"))?;
    for warning in warnings {
        eprintln!("warning: {warning}");
    }
    Ok(format!("{output}: {media_type}, {width} × {height}, {} bytes", file.len()))
}

/// The options, and the format that the file's name asks for if they do not.
fn with_format(options: &str, output: &str) -> String {
    let says = |option: &str| {
        let name = option.split('=').next().unwrap_or_default();
        matches!(name.trim(), "format" | "f")
    };
    let ending = output.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let format = ENDINGS.iter().find(|(known, _)| Some(*known) == ending.as_deref());
    match format {
        Some((_, format)) if !options.split(',').any(says) => {
            let comma = if options.is_empty() { "" } else { "," };
            format!("{options}{comma}format={format}")
        }
        _ => options.to_owned(),
    }
}

fn told(failure: Failure) -> String {
    let excess = |Excess { what, limit, actual }: Excess| {
        format!("{what}: expected at most {limit}, got {actual}")
    };
    match failure {
        Failure::BadOption(why) => format!("bad-option: {why}"),
        Failure::Malformed(why) => format!("malformed: {why}"),
        Failure::OverBudget(what) => format!("over-budget: {}", excess(what)),
        Failure::TooLarge(what) => format!("too-large: {}", excess(what)),
        Failure::Truncated(why) => format!("truncated: {why}"),
        Failure::Unsupported(why) => format!("unsupported: {why}"),
    }
}
