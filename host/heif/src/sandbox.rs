//! What shuts the process in.

use std::collections::BTreeMap;
use std::error::Error;
use std::io;

use libc::{c_int, c_long, rlim_t, rlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter,
};

/// The calls that codecs and their threads need, and those that end a process. None opens a file,
/// reaches a network, or starts a program.
const ALLOWED: &[c_long] = &[
    libc::SYS_brk,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_clone3,
    libc::SYS_close,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_getrandom,
    libc::SYS_gettid,
    libc::SYS_madvise,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_nanosleep,
    libc::SYS_read,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_sigaltstack,
    libc::SYS_tgkill,
    libc::SYS_write,
    libc::SYS_writev,
];

/// Gives all of it up, for good: address space beyond `memory` bytes, processor time beyond
/// `seconds`, files, dumps, and all system calls but the [`ALLOWED`] ones, which fail from now on.
///
/// # Errors
/// If the system does not know one of the means.
pub fn enter(memory: u64, seconds: u64) -> Result<(), Box<dyn Error>> {
    limit(libc::RLIMIT_AS, memory)?;
    limit(libc::RLIMIT_CPU, seconds)?;
    limit(libc::RLIMIT_CORE, 0)?;
    limit(libc::RLIMIT_FSIZE, 0)?;
    limit(libc::RLIMIT_NOFILE, 0)?;
    control(libc::PR_SET_DUMPABLE, 0)?;
    control(libc::PR_SET_PDEATHSIG, libc::SIGKILL)?;
    filter()
}

fn filter() -> Result<(), Box<dyn Error>> {
    let arch = std::env::consts::ARCH;
    let mut rules: BTreeMap<c_long, Vec<SeccompRule>> =
        ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    rules.insert(libc::SYS_clone, vec![thread()?]);
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let allow = SeccompAction::Allow;
    let allowed = SeccompFilter::new(rules, refused, allow.clone(), arch.try_into()?)?;
    // Its flags lie in memory, where a filter cannot look. So it does not exist, and the C library
    // makes its threads by `clone` instead.
    let absent = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
    let rules = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
    let without = SeccompFilter::new(rules, allow, absent, arch.try_into()?)?;
    // The other one last, for it refuses to take filters.
    for filter in [without, allowed] {
        let program: BpfProgram = filter.try_into()?;
        apply_filter(&program)?;
    }
    Ok(())
}

/// A clone that is a thread of this process.
fn thread() -> Result<SeccompRule, Box<dyn Error>> {
    let flag = u64::from(libc::CLONE_THREAD.unsigned_abs());
    let is_set = SeccompCmpOp::MaskedEq(flag);
    let condition = SeccompCondition::new(0, SeccompCmpArgLen::Qword, is_set, flag)?;
    Ok(SeccompRule::new(vec![condition])?)
}

#[expect(unsafe_code, reason = "limits are set by a call of C")]
fn limit(resource: libc::__rlimit_resource_t, value: rlim_t) -> io::Result<()> {
    let limit = rlimit { rlim_cur: value, rlim_max: value };
    // SAFETY: `limit` is a whole `rlimit` that outlives the call.
    checked(unsafe { libc::setrlimit(resource, &raw const limit) })
}

#[expect(unsafe_code, reason = "the process is told of itself by a call of C")]
fn control(option: c_int, value: c_int) -> io::Result<()> {
    // SAFETY: these options take one number and no pointer.
    checked(unsafe { libc::prctl(option, value) })
}

fn checked(result: c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use std::fs::File;
    use std::net::{TcpListener, TcpStream};
    use std::process::Command;
    use std::thread;

    use super::*;

    /// Shut in, a program cannot be let out again: so it is one of its own.
    #[test]
    fn inside_there_is_nothing_but_memory_and_threads() {
        let this = std::env::current_exe().unwrap();
        let named = ["sandbox::tests::inside", "--exact", "--ignored", "--nocapture"];
        let output = Command::new(this).args(named).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
    }

    #[test]
    #[ignore = "the test above runs it in a process of its own"]
    fn inside() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        TcpStream::connect(address).unwrap();
        enter(1 << 30, 60).unwrap();
        let refused = Some(libc::EPERM);
        assert_eq!(File::open("/dev/null").unwrap_err().raw_os_error(), refused);
        assert_eq!(TcpStream::connect(address).unwrap_err().raw_os_error(), refused);
        assert!(Command::new("/bin/true").status().is_err());
        let mut much: Vec<u8> = Vec::new();
        assert!(much.try_reserve_exact(2 << 30).is_err());
        assert!(much.try_reserve_exact(1 << 28).is_ok());
        assert_eq!(thread::spawn(|| 7).join().unwrap(), 7);
    }
}
