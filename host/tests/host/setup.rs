//! What every test needs: the component and a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use selvedge::code_cache::CodeCache;
use selvedge::component::{ComponentFile, FILE_NAME, VARIABLE};
use selvedge::engine::Settings;
use selvedge::heif::{self, Heif};
use selvedge::transform::Transformer;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_selvedge");

/// The component: what the environment names, else what the program itself would find.
pub fn component_path() -> PathBuf {
    if let Some(named) = std::env::var_os(VARIABLE) {
        return named.into();
    }
    let folders = Path::new(PROGRAM).ancestors().skip(1).take(2);
    folders
        .map(|folder| folder.join(FILE_NAME))
        .find(|path| path.is_file())
        .expect("build the component first: cargo xtask build")
}

/// Where all tests keep compiled code, so that it is compiled once.
pub fn cache_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")
}

/// The component, ready to run. One for all tests.
pub fn transformer() -> Arc<Transformer> {
    static SHARED: OnceLock<Arc<Transformer>> = OnceLock::new();
    let make = || {
        let heif = std::env::var_os(heif::VARIABLE).map(PathBuf::from);
        transformer_with(128, heif.as_deref())
    };
    Arc::clone(SHARED.get_or_init(make))
}

/// One of so many slots, with this program in the place of libheif's.
pub fn transformer_with(slots: u32, heif: Option<&Path>) -> Arc<Transformer> {
    let component = ComponentFile::open(Some(&component_path())).unwrap();
    let cache = CodeCache::at(&cache_folder().join("selvedge")).unwrap();
    let component = component.with_cache(Some(cache));
    let transformer = Transformer::new(&component, Settings::with_slots(slots)).unwrap();
    Arc::new(transformer.with_heif(Heif::new(heif)))
}

/// Another component with the same pixels: its file says something more, so its digest is another.
pub fn another_component(number: u8) -> Vec<u8> {
    let mut bytes = fs::read(component_path()).unwrap();
    // A custom section (Core Specification §5.5.3): its size, a name of one byte, and a byte.
    bytes.extend([0, 3, 1, b'x', number]);
    bytes
}

/// The component for drills, which does what `order` says (edge/component/src/drill.rs).
pub fn drill(order: &str) -> Vec<u8> {
    const PLACE: &[u8] = b"selvedge-drill:";
    let path = component_path().with_file_name("selvedge-drill.wasm");
    let mut bytes = fs::read(path).expect("build the drill first: cargo xtask test does");
    let at = bytes.windows(PLACE.len()).position(|part| part == PLACE).unwrap() + PLACE.len();
    bytes[at..at + order.len()].copy_from_slice(order.as_bytes());
    bytes
}

/// A folder that goes away at the end of its test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test-{}-{count}", process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file below the folder and gives its path.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
