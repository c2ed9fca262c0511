//! Compiled code on disk: used when sound, replaced when not.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use selvedge::code_cache::CodeCache;
use selvedge::component::ComponentFile;
use selvedge::engine::{Settings, engine};
use selvedge::transform::{Limits, Transformer};

use crate::picture::png;
use crate::setup::{Folder, component_path};

fn works(cache: &CodeCache) {
    let component = ComponentFile::open(Some(&component_path())).unwrap();
    let component = component.with_cache(Some(cache.clone()));
    let transformer = Transformer::new(&component, Settings::with_slots(1)).unwrap();
    let limits = Limits::default();
    assert!(transformer.probe(&png(8, 8), &limits).is_ok());
}

fn code_in(folder: &Path) -> PathBuf {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut code = files.filter(|path| path.extension().is_some_and(|e| e == "cwasm"));
    code.next().expect("compiled code")
}

#[test]
fn code_is_kept_privately_and_used_again() {
    let folder = Folder::new();
    let home = folder.path().join("deep/selvedge");
    let cache = CodeCache::at(&home).unwrap();
    works(&cache);
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(&home), 0o700);
    let code = code_in(&home);
    assert_eq!(mode(&code), 0o600);
    let first = fs::metadata(&code).unwrap();
    works(&cache);
    let again = fs::metadata(&code).unwrap();
    assert_eq!(first.ino(), again.ino(), "not written again");
}

#[test]
fn broken_code_is_thrown_away() {
    let folder = Folder::new();
    let cache = CodeCache::at(&folder.path().join("c")).unwrap();
    works(&cache);
    let code = code_in(&folder.path().join("c"));
    let sum = code.with_extension("cwasm.sha256");
    let sound = fs::read(&code).unwrap();
    let mut flipped = sound.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let breaks: [&dyn Fn(); 5] = [
        &|| fs::write(&code, &flipped).unwrap(),
        &|| fs::write(&code, &sound[..sound.len() / 2]).unwrap(),
        &|| fs::write(&code, b"").unwrap(),
        &|| fs::remove_file(&sum).unwrap(),
        &|| fs::set_permissions(&code, fs::Permissions::from_mode(0o666)).unwrap(),
    ];
    for break_it in breaks {
        break_it();
        works(&cache);
        assert_eq!(fs::read(&code).unwrap().len(), sound.len(), "written anew");
        assert!(sum.is_file());
    }
}

#[test]
fn code_for_other_settings_is_not_mixed_up() {
    let folder = Folder::new();
    let cache = CodeCache::at(&folder.path().join("c")).unwrap();
    let component = ComponentFile::open(Some(&component_path())).unwrap();
    let component = component.with_cache(Some(cache));
    for interruption in [true, false, true] {
        let settings = Settings { slots: 1, interruption };
        component.load(&engine(settings).unwrap()).unwrap();
    }
}

#[test]
fn a_folder_that_others_can_write_to_is_not_used() {
    let folder = Folder::new();
    let open = folder.path().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    assert!(CodeCache::at(&open).unwrap_err().contains("write"));
    let link = folder.path().join("link");
    symlink(folder.path(), &link).unwrap();
    assert!(CodeCache::at(&link).unwrap_err().contains("link"));
    let file = folder.write("file", "");
    assert!(CodeCache::at(&file).is_err());
}
