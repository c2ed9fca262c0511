//! What memory and processor time another process takes while it is under load.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::time::{ClockId, clock_getcpuclockid};
use nix::unistd::Pid;

/// A process that is looked at.
#[derive(Clone, Debug)]
pub struct Watched {
    status: PathBuf,
    /// Its processor time.
    clock: ClockId,
    /// What its control group has, page cache included, if it is in one of its own.
    group: Option<PathBuf>,
}

/// What it had at a time.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Since the beginning.
    pub at: Duration,
    /// Bytes of the process in memory.
    pub resident: u64,
    /// Bytes of its control group, page cache included; 0 where there is none.
    pub group: u64,
}

impl Watched {
    /// The process of this number.
    ///
    /// # Errors
    /// If there is none, or the system does not tell (proc(5)).
    pub fn new(id: u32) -> Result<Self, String> {
        let folder = Path::new("/proc").join(id.to_string());
        let groups = fs::read_to_string(folder.join("cgroup")).unwrap_or_default();
        let hidden = || format!("--watch {id}: expected a process whose memory can be seen");
        let process = i32::try_from(id).map_err(|_| hidden())?;
        let clock = clock_getcpuclockid(Pid::from_raw(process)).map_err(|_| hidden())?;
        let watched = Self { status: folder.join("status"), clock, group: group(&groups) };
        watched.resident().ok_or_else(hidden)?;
        Ok(watched)
    }

    /// What it has now; `None` if it has ended.
    pub fn sample(&self, at: Duration) -> Option<Sample> {
        let group = self.group.as_ref().and_then(|path| fs::read_to_string(path).ok());
        let group = group.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        Some(Sample { at, resident: self.resident()?, group })
    }

    /// Processor time of all its threads since it began; `None` if it has ended.
    pub fn processor(&self) -> Option<Duration> {
        self.clock.now().ok().map(Duration::from)
    }

    fn resident(&self) -> Option<u64> {
        let status = fs::read_to_string(&self.status).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
        Some(kibibytes.saturating_mul(1 << 10))
    }
}

/// Where the memory of a control group is told, by what /proc says of a process: in version 2 of control
/// groups, or in version 1 (cgroups(7)). The root of all groups is nobody's own.
fn group(groups: &str) -> Option<PathBuf> {
    groups.lines().find_map(|line| {
        let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
        let (root, file) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.current"),
            "memory" => ("/sys/fs/cgroup/memory", "memory.usage_in_bytes"),
            _ => return None,
        };
        let path = path.trim_start_matches('/');
        (!path.is_empty()).then(|| Path::new(root).join(path).join(file))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_both_versions_are_found() {
        let two = "/sys/fs/cgroup/system.slice/a.service/memory.current";
        assert_eq!(group("0::/system.slice/a.service\n"), Some(two.into()));
        let one = "/sys/fs/cgroup/memory/a/memory.usage_in_bytes";
        assert_eq!(group("8:pids:/\n4:memory:/a\n0::/\n"), Some(one.into()));
        assert_eq!(group("0::/\n"), None);
    }

    #[test]
    fn a_process_has_memory() {
        let own = Watched::new(std::process::id()).unwrap();
        assert!(own.sample(Duration::ZERO).unwrap().resident > 1 << 20);
        assert!(Watched::new(u32::MAX).is_err());
    }

    #[test]
    fn a_process_that_works_takes_processor_time() {
        let own = Watched::new(std::process::id()).unwrap();
        let before = own.processor().unwrap();
        while own.processor().unwrap() == before {
            std::hint::black_box(before);
        }
    }
}
