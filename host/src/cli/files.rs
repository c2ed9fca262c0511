//! Files that commands read and write, where `-` is standard input or output.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use selvedge_plan::options::draw::Overlay;
use selvedge_plan::{Plan, limits};

use super::Failure;

/// Whether `path` stands for standard input or output.
pub fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads a whole file, if it is not larger than any server would take.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error| format!("{}: {error}", path.display());
    let mut bytes = Vec::new();
    if is_standard(path) {
        read_some(io::stdin().lock(), &mut bytes)
    } else {
        File::open(path).and_then(|file| {
            let length = file.metadata()?.len().min(limits::SOURCE_BYTES_ORIGIN);
            // The byte more lets the end be seen without growing.
            bytes.reserve_exact(usize::try_from(length).unwrap_or(0).saturating_add(1));
            read_some(file, &mut bytes)
        })
    }
    .map_err(failed)?;
    let most = limits::SOURCE_BYTES_ORIGIN;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= most) {
        Ok(bytes)
    } else {
        Err(format!("{}: expected at most {most} bytes, got more", path.display()).into())
    }
}

/// What a plan draws: files, whose paths begin where the command runs.
pub fn overlays(plan: &Plan) -> Result<Vec<Vec<u8>>, Failure> {
    let read = |overlay: &Overlay| match overlay.source.contains("://") {
        true => Err(Failure::Failed(format!(
            "draw: expected the path of a file, got {}: only `selvedge serve` fetches",
            overlay.source
        ))),
        false => read(Path::new(&overlay.source)),
    };
    plan.draw.iter().map(read).collect()
}

fn read_some(from: impl Read, bytes: &mut Vec<u8>) -> io::Result<()> {
    let most = limits::SOURCE_BYTES_ORIGIN.saturating_add(1);
    from.take(most).read_to_end(bytes).map(drop)
}

/// Writes a whole file.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = if is_standard(path) {
        let mut out = io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush())
    } else {
        fs::write(path, bytes)
    };
    written.map_err(|error| format!("{}: {error}", path.display()).into())
}
