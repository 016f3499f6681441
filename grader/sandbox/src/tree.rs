//! What all processes of a box use together, read from `/proc` (`man 5 proc`).

use std::fs;
use std::time::Duration;

/// The sums over a process and all that descend from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Use {
    /// Memory that is theirs alone, in bytes: anonymous and shared between them.
    pub(crate) memory: u64,
    /// Threads.
    pub(crate) threads: u64,
    /// Processor time, that of children that have been waited for included.
    pub(crate) cpu: Duration,
}

/// What `root` and all that descend from it use now; `root` is counted for its dead children alone.
pub(crate) fn used(root: i32) -> Use {
    let mut sum = Use {
        cpu: cpu(root),
        ..Use::default()
    };
    for pid in descendants(root) {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        };
        let kib = ["RssAnon:", "RssShmem:", "VmSwap:"].map(|name| field(name).unwrap_or(0));
        sum.memory += kib.iter().sum::<u64>() * 1024;
        sum.threads += field("Threads:").unwrap_or(0);
        sum.cpu += cpu(pid);
    }
    sum
}

/// All that descend from `root`, itself not among them.
pub(crate) fn descendants(root: i32) -> Vec<i32> {
    let mut found = children(root);
    let mut next = 0;
    while next < found.len() {
        found.extend(children(found[next]));
        next += 1;
    }
    found
}

/// The children of all threads of `pid`, the oldest first.
pub(crate) fn children(pid: i32) -> Vec<i32> {
    let threads = fs::read_dir(format!("/proc/{pid}/task"));
    let mut children = Vec::new();
    for thread in threads.into_iter().flatten().flatten() {
        // A thread that has ended meanwhile has left its children to another.
        let text = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        children.extend(
            text.split_whitespace()
                .filter_map(|n| n.parse::<i32>().ok()),
        );
    }
    children
}

/// User and system time, its own and of children that it has waited for.
fn cpu(pid: i32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // Behind the name, which may hold anything, the third field comes first.
    let rest = stat.rfind(')').map_or("", |end| &stat[end + 1..]);
    let ticks: u64 = rest
        .split_whitespace()
        .skip(14 - 3)
        .take(4)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    let per_second = rustix::param::clock_ticks_per_second().max(1);
    Duration::from_millis(ticks * 1000 / per_second)
}
