//! How threads queue for a processor (the kernel's `Documentation/scheduler/sched-stats.rst`).

use std::fs;
use std::time::Duration;

use super::process;

/// One thread, and how long it wanted a processor and had none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Queue {
    pub(crate) tid: i32,
    /// Its waits that are over; zero where the kernel keeps no count (`CONFIG_SCHED_INFO`).
    pub(crate) waited: Duration,
    /// Whether it has a processor now, or waits for one, or for a disk.
    pub(crate) wants_to_run: bool,
}

/// The threads of the process, as they queue for a processor. Of one that has ended and that nobody has
/// waited for yet, its main thread.
pub(crate) fn queues(pid: i32) -> Vec<Queue> {
    let threads = process::threads_of(pid).unwrap_or_default().into_iter();
    threads.filter_map(|tid| queue(pid, tid)).collect()
}

fn queue(pid: i32, tid: i32) -> Option<Queue> {
    // A thread that has ended meanwhile waits no more.
    let stat = fs::read_to_string(format!("/proc/{pid}/task/{tid}/stat")).ok()?;
    let schedstat = fs::read_to_string(format!("/proc/{pid}/task/{tid}/schedstat"));
    Some(Queue {
        tid,
        waited: schedstat
            .ok()
            .and_then(|text| waited_in(&text))
            .unwrap_or_default(),
        wants_to_run: matches!(process::state_letter(&stat), Some('R' | 'D')),
    })
}

/// The second of three numbers: nanoseconds on a processor, nanoseconds in its queue, and how often.
fn waited_in(schedstat: &str) -> Option<Duration> {
    let nanoseconds = schedstat.split_whitespace().nth(1)?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// How long the threads of the process wanted a processor and had none, all together.
pub(crate) fn waited(pid: i32) -> Duration {
    queues(pid).iter().map(|queue| queue.waited).sum()
}

/// Whether the kernel counts any of this.
pub(crate) fn are_counted() -> bool {
    let own = fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    // A kernel that does not count prints zeros; who reads this has run.
    own.split_whitespace().next().is_some_and(|ran| ran != "0")
}

/// How much time other virtual machines have taken from this one's processors, all together.
pub(crate) fn stolen() -> Duration {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks = steal_in(&text).unwrap_or(0);
    Duration::from_millis(ticks * 1000 / rustix::param::clock_ticks_per_second())
}

/// The eighth number behind `cpu` (`man 5 proc_stat`).
fn steal_in(stat: &str) -> Option<u64> {
    stat.lines().next()?.split_whitespace().nth(8)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thread_has_its_queue() {
        let own = rustix::process::getpid().as_raw_nonzero().get();
        assert!(queues(own).iter().any(|queue| queue.wants_to_run));
    }

    #[test]
    fn the_kernels_lines_are_read() {
        assert_eq!(waited_in("5000 1700 3\n"), Some(Duration::from_nanos(1700)));
        assert_eq!(waited_in("5000"), None);
        assert_eq!(steal_in("cpu  1 2 3 4 5 6 7 80 9 10\ncpu0 …"), Some(80));
    }
}
