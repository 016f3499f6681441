//! How long threads waited for a processor, as `/proc` tells it.

use std::fs;
use std::time::Duration;

use super::process;

/// Of each thread of `root` and of all that descends from it, by process and thread: how long it stood
/// in a run queue so far. `None` where the kernel does not count, or the process has ended.
pub(crate) fn of_threads(root: i32) -> Option<Vec<((i32, i32), Duration)>> {
    let mut found = Vec::new();
    for pid in process::family(vec![root]).members {
        let tasks = fs::read_dir(format!("/proc/{pid}/task")).ok();
        for task in tasks.into_iter().flatten().flatten() {
            let tid = task.file_name().to_str().and_then(|tid| tid.parse().ok());
            let text = fs::read_to_string(task.path().join("schedstat"));
            if let (Some(tid), Some(waited)) = (tid, text.ok().and_then(|text| waited(&text))) {
                found.push(((pid, tid), waited));
            }
        }
    }
    (!found.is_empty()).then_some(found)
}

/// The second of three numbers: nanoseconds on a processor, nanoseconds in a run queue, and how often.
/// A kernel that does not count prints zeros.
fn waited(schedstat: &str) -> Option<Duration> {
    let mut numbers = schedstat.split_whitespace().map(str::parse);
    let (Ok(ran), Ok(waited)) = (numbers.next()?, numbers.next()?) else {
        return None;
    };
    (ran > 0_u64).then(|| Duration::from_nanos(waited))
}

/// How much time other virtual machines have taken from this one's processors, all together.
pub(crate) fn stolen() -> Duration {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks = steal(&text).unwrap_or(0);
    Duration::from_millis(ticks * 1000 / rustix::param::clock_ticks_per_second())
}

/// The eighth number behind `cpu` (`man 5 proc_stat`).
fn steal(stat: &str) -> Option<u64> {
    stat.lines().next()?.split_whitespace().nth(8)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_ran_has_a_number() {
        let own = rustix::process::getpid().as_raw_nonzero().get();
        assert!(of_threads(own).is_some_and(|threads| !threads.is_empty()));
    }

    #[test]
    fn the_kernels_lines_are_read() {
        assert_eq!(waited("5000 1700 3\n"), Some(Duration::from_nanos(1700)));
        assert_eq!(waited("0 0 0\n"), None);
        assert_eq!(steal("cpu  1 2 3 4 5 6 7 80 9 10\ncpu0 …"), Some(80));
    }
}
