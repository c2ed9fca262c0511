//! What is kept on disk, under whatever happens to processes and disks.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use selvedge::cache::{Counts, Entry, Name, Store};
use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;

use crate::setup::Folder;

/// The variable that tells a process of the tests below where to write.
const FOLDER: &str = "SELVEDGE_TEST_CACHE";

/// Bytes that the stores below may have.
const BUDGET: u64 = 4 << 20;

/// Entries that are written again and again, over the budget together.
const ENTRIES: u32 = 200;

fn name(number: u32) -> Name {
    Sha256::digest(number.to_le_bytes()).into()
}

fn open(folder: &Path, bytes: u64) -> Store {
    Store::open(folder, bytes, Counts::default()).unwrap()
}

/// An entry that tells its number, of up to 100 KiB.
fn entry(number: u32) -> Entry {
    let length = usize::try_from(number * 7_919 % 100_000).unwrap();
    let body = (0..length).map(|at| (at as u32 ^ number) as u8).collect();
    Entry { head: number.to_le_bytes().to_vec(), body }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let below = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    below(folder).flat_map(|folder| below(&folder).collect::<Vec<_>>()).collect()
}

fn size(folder: &Path) -> u64 {
    files(folder).iter().filter_map(|file| fs::metadata(file).ok()).map(|data| data.len()).sum()
}

/// Reads every entry: each is as it was written, or is not there. Gives how many are there.
fn sound(store: &Store, runtime: &Runtime) -> usize {
    let found = |number| {
        let got = runtime.block_on(store.get(name(number)));
        got.inspect(|got| assert!(*got == entry(number), "entry {number} is another"))
    };
    (0..ENTRIES).filter_map(found).count()
}

#[test]
fn a_store_keeps_to_its_budget() {
    let folder = Folder::new();
    let runtime = Runtime::new().unwrap();
    let store = open(folder.path(), BUDGET);
    for number in 0..ENTRIES {
        runtime.block_on(store.put(name(number), entry(number))).unwrap();
        assert!(size(folder.path()) <= BUDGET);
    }
    let kept = sound(&store, &runtime);
    assert!((20..200).contains(&kept), "{kept}");
    // More than all of it is not kept, and puts out nothing else.
    let huge = Entry { head: Vec::new(), body: vec![0; 5 << 20] };
    runtime.block_on(store.put([1; 32], huge)).unwrap();
    assert_eq!(runtime.block_on(store.get([1; 32])), None);
    assert_eq!(sound(&store, &runtime), kept);

    // The next process finds it all, and keeps to a smaller budget.
    let next = open(folder.path(), BUDGET);
    assert_eq!(sound(&next, &runtime), kept);
    let small = open(folder.path(), BUDGET / 4);
    while size(folder.path()) > BUDGET / 4 {
        thread::sleep(Duration::from_millis(1));
    }
    assert!(sound(&small, &runtime) > 0);
}

#[test]
fn what_is_damaged_is_not_given_out() {
    let folder = Folder::new();
    let runtime = Runtime::new().unwrap();
    let store = open(folder.path(), BUDGET);
    let fill = || {
        for number in 1..9 {
            runtime.block_on(store.put(name(number), entry(number))).unwrap();
        }
        files(folder.path())
    };
    let cut =
        |file: &Path| fs::OpenOptions::new().write(true).open(file).unwrap().set_len(50).unwrap();
    let flip = |file: &Path| {
        let mut bytes = fs::read(file).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(file, bytes).unwrap();
    };
    let empty = |file: &Path| fs::write(file, "").unwrap();
    let folder_instead = |file: &Path| {
        fs::remove_file(file).unwrap();
        fs::create_dir(file).unwrap();
    };
    let damages: [&dyn Fn(&Path); 4] = [&cut, &flip, &empty, &folder_instead];
    for damage in damages {
        let all = fill();
        all.iter().for_each(|file| damage(file));
        assert_eq!(sound(&store, &runtime), 0);
        all.iter().for_each(|file| drop(fs::remove_dir(file)));
    }
    let damaged = store.counts().damaged.get();
    assert_eq!(damaged, 4 * 8);
    // One file in place of another is no entry of that name.
    let all = fill();
    fs::copy(&all[0], &all[1]).unwrap();
    sound(&store, &runtime);
    assert_eq!(store.counts().damaged.get(), damaged + 1);
}

/// A process of this program that runs `test` alone.
fn process(test: &str, folder: &Path, shell: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{shell} exec \"$@\""), "sh"]);
    command.arg(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", test]);
    command.env(FOLDER, folder).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn writing(folder: &Path) -> Child {
    process("cache::write_for_ever", folder, "").spawn().unwrap()
}

#[test]
#[ignore = "run by the tests below, in processes of their own"]
fn write_for_ever() {
    let folder = std::env::var_os(FOLDER).unwrap();
    let store = open(Path::new(&folder), BUDGET);
    let runtime = Runtime::new().unwrap();
    for number in (0..ENTRIES).cycle() {
        runtime.spawn({
            let store = store.clone();
            async move { store.put(name(number * 13 % ENTRIES), entry(number * 13 % ENTRIES)).await }
        });
        runtime.block_on(store.put(name(number), entry(number))).unwrap();
    }
}

#[test]
fn killed_processes_leave_whole_entries() {
    const KILLS: u64 = 100;
    let folder = Folder::new();
    let runtime = Runtime::new().unwrap();
    let mut kept = 0;
    for kill in 0..KILLS {
        let mut child = writing(folder.path());
        // Somewhere in the midst of it, another place each time.
        while kill == 0 && files_of(folder.path()) < 20 {
            thread::yield_now();
        }
        thread::sleep(Duration::from_millis(kill * 37 % 50));
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(9));
        let store = open(folder.path(), BUDGET);
        kept += sound(&store, &runtime);
        assert_eq!(store.counts().damaged.get(), 0);
    }
    assert!(kept > 0);
    // What was half done has another name. It goes once it is old enough.
    let half = files(folder.path()).into_iter().filter(|file| file.extension().is_some());
    for file in half {
        let old = std::time::SystemTime::now() - Duration::from_secs(3_600);
        fs::File::options().write(true).open(&file).unwrap().set_modified(old).unwrap();
    }
    let store = open(folder.path(), BUDGET);
    while files(folder.path()).iter().any(|file| file.extension().is_some()) {
        thread::sleep(Duration::from_millis(1));
    }
    assert!(store.counts().bytes.get() <= BUDGET as i64);
}

fn files_of(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, |_| files(folder).len())
}

#[test]
#[ignore = "run by the tests below, in processes of their own"]
fn write_what_fits() {
    let folder = std::env::var_os(FOLDER).unwrap();
    let store = open(Path::new(&folder), BUDGET);
    let runtime = Runtime::new().unwrap();
    for number in 0..ENTRIES {
        let given = runtime.block_on(store.put(name(number), entry(number))).unwrap();
        assert_eq!(given, entry(number));
    }
    let failures = store.counts().failures.get();
    assert!(failures > 0 && sound(&store, &runtime) > 0, "{failures}");
    assert!(files(Path::new(&folder)).iter().all(|file| file.extension().is_none()));
}

#[test]
fn files_that_cannot_be_written_whole_are_no_entries() {
    let folder = Folder::new();
    // Blocks of 512 bytes: larger entries are cut by the system in the midst of their writing.
    let limit = "trap '' XFSZ; ulimit -f 64;";
    assert!(process("cache::write_what_fits", folder.path(), limit).status().unwrap().success());
    assert!(files(folder.path()).iter().all(|file| fs::metadata(file).unwrap().len() <= 32 << 10));
}

#[test]
fn a_full_disk_is_no_failure() {
    let folder = Folder::new();
    // A disk of one mebibyte that only the process sees.
    let mount = "mount -t tmpfs -o size=1m,mode=700 none \"$SELVEDGE_TEST_CACHE\" || exit 77;";
    let inner = process("cache::write_what_fits", folder.path(), mount);
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount"]).arg(inner.get_program());
    command.args(inner.get_args()).env(FOLDER, folder.path());
    match command.status() {
        Ok(status) if status.success() => {}
        Ok(status) if status.code() == Some(101) => panic!("entries or answers were lost"),
        other => eprintln!("skipped: no disk of its own for a process here: {other:?}"),
    }
}
