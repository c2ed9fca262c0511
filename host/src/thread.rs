//! What only the system tells of threads, and does for them.

use std::time::Duration;

/// Time that the calling thread has had a core, since it began; zero where the system does not tell.
pub fn cpu_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    #[expect(unsafe_code, reason = "the standard library does not tell the time of a thread")]
    // SAFETY: `time` is a valid place for a timespec, which the call writes to and does not keep
    // (POSIX.1-2017, clock_gettime).
    let done = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    let seconds = u64::try_from(time.tv_sec).ok().filter(|_| done == 0);
    let nanos = u32::try_from(time.tv_nsec).unwrap_or(0);
    seconds.map_or(Duration::ZERO, |seconds| Duration::new(seconds, nanos))
}

/// Lets all other threads go first, as far as the system does that by thread: elsewhere it would hold for
/// the whole process.
pub fn stand_back() {
    #[cfg(target_os = "linux")]
    {
        /// The lowest (setpriority(2)).
        const NICE: libc::c_int = 19;
        #[expect(unsafe_code, reason = "the standard library has no priorities")]
        // SAFETY: setpriority takes numbers alone and touches no memory; 0 is the calling thread.
        let done = unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, NICE) };
        if done != 0 {
            tracing::info!("shadow runs have the priority of all others");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_time_of_a_core_and_waiting_does_not() {
        let waited = cpu_time();
        std::thread::sleep(Duration::from_millis(20));
        let waited = cpu_time() - waited;
        let worked = cpu_time();
        let mut sum = 0_u64;
        while cpu_time() - worked <= waited {
            sum = std::hint::black_box(sum + 1);
        }
        assert!(sum > 0 && waited < Duration::from_millis(20));
    }
}
