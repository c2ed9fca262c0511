//! What only the system tells of threads, and does for them.

use std::time::Duration;

use nix::time::ClockId;

/// Time that the calling thread has had a core, since it began; zero where the system does not tell.
pub fn cpu_time() -> Duration {
    ClockId::CLOCK_THREAD_CPUTIME_ID.now().map_or(Duration::ZERO, Duration::from)
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
