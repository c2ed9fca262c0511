//! The component for drills, which does what an order says (edge/component/src/drill.rs), for both sides.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::{picture, workspace};

/// What an order stands behind.
const PLACE: &[u8] = b"selvedge-drill:";

/// A component that has its order.
pub struct Drill {
    /// Its file.
    pub file: PathBuf,
    /// The folder of the modules of a Worker with it.
    pub bundle: PathBuf,
    /// SHA-256 of the file, in hexadecimal.
    pub digest: String,
}

impl Drill {
    /// Writes `order` into the component and into the Worker's modules.
    ///
    /// # Errors
    /// If they are not built, or have no room for it.
    pub fn make(order: &str) -> Result<Self> {
        let built = fs::read(workspace::drill()?)?;
        let ordered = with(built.clone(), order)?;
        let (told, digest) = (picture::sha256(&built), picture::sha256(&ordered));
        let folder = workspace::scratch(&format!("drill-{digest}"))?;
        let (file, bundle) = (folder.join("component.wasm"), folder.join("worker"));
        fs::write(&file, ordered)?;
        let from = workspace::drill_bundle()?;
        for path in workspace::files_below(&from)? {
            let name = path.strip_prefix(&from)?;
            let mut bytes = fs::read(&path)?;
            if name.starts_with("component.js") {
                let text = String::from_utf8(bytes)?;
                ensure!(text.contains(&told), "the Worker for drills has another component");
                bytes = text.replace(&told, &digest).into_bytes();
            } else if place(&bytes).is_some() {
                bytes = with(bytes, order)?;
            }
            let to = bundle.join(name);
            fs::create_dir_all(to.parent().context("no folder")?)?;
            fs::write(to, bytes)?;
        }
        Ok(Self { file, bundle, digest })
    }
}

/// Where an order goes.
fn place(bytes: &[u8]) -> Option<usize> {
    let at = bytes.windows(PLACE.len()).position(|part| part == PLACE)?;
    Some(at + PLACE.len())
}

fn with(mut bytes: Vec<u8>, order: &str) -> Result<Vec<u8>> {
    let place = place(&bytes).and_then(|at| bytes.get_mut(at..at + order.len()));
    place.context("no room for an order")?.copy_from_slice(order.as_bytes());
    Ok(bytes)
}
