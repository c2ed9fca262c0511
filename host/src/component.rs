//! The component: where it lies, what it is called by its digest, and how it becomes code.

use std::env;
use std::path::{Path, PathBuf};
use std::time::Instant;

use selvedge_plan::key::{CONTRACT_EPOCH, CONTRACT_SECTION};
use sha2::{Digest, Sha256};
use tracing::{info, warn};
use wasmparser::{Parser, Payload};
use wasmtime::component::Component;
use wasmtime::{Engine, Result};

use crate::code_cache::CodeCache;

/// The file name of the component in a build folder or beside the installed program.
pub const FILE_NAME: &str = "selvedge-image.wasm";

/// The file name of what decodes stills, which lies beside it.
pub const STILLS_NAME: &str = "selvedge-heic.wasm";

/// The section of the component that holds the digest of what decodes stills.
const STILLS_SECTION: &str = "selvedge:stills";

/// The environment variable that names the component.
pub const VARIABLE: &str = "SELVEDGE_COMPONENT";

/// A component that was read, but not compiled yet.
#[derive(Debug)]
pub struct ComponentFile {
    bytes: Vec<u8>,
    digest: String,
    cache: Option<CodeCache>,
    stills: Option<Box<Self>>,
}

impl ComponentFile {
    /// Reads the component at `named`, or else the one that belongs to this program. Its code will
    /// be kept in the user's cache folder if there is a safe one.
    ///
    /// # Errors
    /// Where it was looked for, and what to do.
    pub fn open(named: Option<&Path>) -> Result<Self, String> {
        let path = match named {
            Some(path) => path.to_owned(),
            None => find()?,
        };
        let bytes = std::fs::read(&path)
            .map_err(|error| format!("the component {}: {error}", path.display()))?;
        let cache =
            CodeCache::of_user().inspect_err(|why| info!("compiled code is not kept: {why}")).ok();
        let mut file = Self::of(bytes, cache);
        file.stills = file.stills_beside(&path).map(Box::new);
        Ok(file)
    }

    fn of(bytes: Vec<u8>, cache: Option<CodeCache>) -> Self {
        Self { digest: hexadecimal(&Sha256::digest(&bytes)), bytes, cache, stills: None }
    }

    /// What decodes stills, if it lies beside the component and is the one that this names: the digest of
    /// the component stands for both. Without it libheif decodes them.
    fn stills_beside(&self, path: &Path) -> Option<Self> {
        let digest = self.section(STILLS_SECTION)?;
        // In an archive there are several.
        let archived = path.with_file_name(format!("{digest}.{STILLS_NAME}"));
        let beside = path.with_file_name(STILLS_NAME);
        let path = if archived.is_file() { archived } else { beside };
        let name = path.display();
        let read =
            std::fs::read(&path).inspect_err(|error| warn!("HEIC by libheif: {name}: {error}"));
        let file = Self::of(read.ok()?, self.cache.clone());
        if file.digest != digest {
            warn!("HEIC by libheif: {name} belongs to another {FILE_NAME}");
            return None;
        }
        Some(file)
    }

    /// What decodes stills, if there is one.
    pub fn stills(&self) -> Option<&Self> {
        self.stills.as_deref()
    }

    /// The same component with another place for its code, or none.
    #[must_use]
    pub fn with_cache(self, cache: Option<CodeCache>) -> Self {
        let stills = self.stills.map(|stills| Box::new(stills.with_cache(cache.clone())));
        Self { cache, stills, ..self }
    }

    /// SHA-256 of the file, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What a section of this name says.
    fn section(&self, name: &str) -> Option<String> {
        let mut parts = Parser::new(0).parse_all(&self.bytes);
        parts.find_map(|part| match part {
            Ok(Payload::CustomSection(section)) if section.name() == name => {
                Some(String::from_utf8_lossy(section.data()).into_owned())
            }
            Ok(_) | Err(_) => None,
        })
    }

    /// The file itself.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether plans mean to it what they mean here: a build writes the epoch of the contract into a
    /// section of the file.
    ///
    /// # Errors
    /// If it is of another epoch, or does not say.
    pub fn check_contract(&self) -> Result<(), String> {
        let ours = CONTRACT_EPOCH.to_string();
        match self.section(CONTRACT_SECTION) {
            Some(theirs) if theirs == ours => Ok(()),
            Some(theirs) => Err(format!(
                "the component is of contract epoch {theirs}, and this program of {ours}"
            )),
            None => Err(format!(
                "the file does not say its contract epoch, which is to be {ours}: it is no component \
                 of Selvedge, or an old one; `cargo xtask build` makes one"
            )),
        }
    }

    /// The component as code for `engine`: from the cache if it is there, else compiled.
    ///
    /// # Errors
    /// If the file is no component, or not one that `engine` can run.
    pub fn load(&self, engine: &Engine) -> Result<Component> {
        let Some(cache) = &self.cache else {
            info!("compiling the component, which takes about a second");
            return Component::from_binary(engine, &self.bytes);
        };
        if let Some(component) = cache.load(engine, &self.digest) {
            return Ok(component);
        }
        info!("compiling the component, once; this takes about a second");
        let began = Instant::now();
        let code = engine.precompile_component(&self.bytes)?;
        info!("compiled in {} ms", began.elapsed().as_millis());
        match cache.store(engine, &self.digest, &code) {
            Ok(Some(component)) => Ok(component),
            Ok(None) => Component::from_binary(engine, &self.bytes),
            Err(error) => {
                info!("compiled code is not kept: {error}");
                Component::from_binary(engine, &self.bytes)
            }
        }
    }
}

/// Looks beside the executable, then in the folder above: a build has it there.
fn find() -> Result<PathBuf, String> {
    let program = env::current_exe().map_err(|error| format!("where am I? {error}"))?;
    let folders: Vec<&Path> = program.ancestors().skip(1).take(2).collect();
    let found = folders.iter().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file());
    found.ok_or_else(|| {
        let folders: Vec<String> = folders.iter().map(|f| f.display().to_string()).collect();
        format!(
            "there is no {FILE_NAME} in {}: build it with `cargo xtask build`, \
             or name one with --component or {VARIABLE}",
            folders.join(" or ")
        )
    })
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
