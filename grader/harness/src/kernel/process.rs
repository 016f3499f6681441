//! Processes and threads, read from `/proc` (`man 5 proc`).

use std::fs;
use std::io;
use std::path::PathBuf;

pub(crate) use super::descriptors::{Kind, descriptors};
use super::{Call, ThreadRow};

/// The children of all threads of `pid`, itself not among them.
pub(crate) fn children(pid: i32) -> io::Result<Vec<i32>> {
    // The children of a thread that ends become another thread's, which may have been asked before;
    // and a list of threads breaks off where one of them ends meanwhile (`next_tid` in the kernel's
    // fs/proc/base.c).
    const TRIES: usize = 3;
    for _ in 0..TRIES {
        let threads = threads_of(pid)?;
        let children = children_of(pid, &threads);
        if threads_of(pid)? == threads && children.is_ok() {
            return children;
        }
    }
    children_by_parent(pid)
}

/// The same, read from all processes that there are: slower, and threads do not matter.
fn children_by_parent(parent: i32) -> io::Result<Vec<i32>> {
    let entries = fs::read_dir("/proc")?.flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    Ok(pids
        .filter(|&pid| stat_field(pid, 4) == Some(parent))
        .collect())
}

/// Needs `CONFIG_PROC_CHILDREN`, which distributions' kernels have.
fn children_of(pid: i32, threads: &[i32]) -> io::Result<Vec<i32>> {
    let mut children = Vec::new();
    for tid in threads {
        let text = fs::read_to_string(format!("/proc/{pid}/task/{tid}/children"))?;
        children.extend(
            text.split_whitespace()
                .filter_map(|n| n.parse::<i32>().ok()),
        );
    }
    Ok(children)
}

/// Processes and all that descend from them, zombies among them.
#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) members: Vec<i32>,
    /// Whether each of them could be asked for its children: one that ends meanwhile may have left
    /// some to another that was asked before.
    pub(crate) is_complete: bool,
}

/// `roots` and all that descend from them.
pub(crate) fn family(roots: Vec<i32>) -> Family {
    let mut family = Family {
        members: roots,
        is_complete: true,
    };
    let mut next = 0;
    while next < family.members.len() {
        match children(family.members[next]) {
            Ok(found) => {
                for pid in found {
                    if !family.members.contains(&pid) {
                        family.members.push(pid);
                    }
                }
            }
            Err(_) => family.is_complete = false,
        }
        next += 1;
    }
    family
}

/// What has become of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    Alive,
    /// Ended, and nobody has waited for it.
    Zombie,
    Gone,
}

/// What has become of `pid`.
pub(crate) fn life(pid: i32) -> Life {
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else {
        return Life::Gone;
    };
    let has_ended = matches!(state_letter(&stat), Some('Z' | 'X' | 'x') | None);
    // A main thread that has ended is a zombie though others go on.
    if has_ended && threads_of(pid).is_ok_and(|threads| threads.len() <= 1) {
        Life::Zombie
    } else {
        Life::Alive
    }
}

/// The letter behind the name, which may itself hold spaces and parentheses.
pub(super) fn state_letter(stat: &str) -> Option<char> {
    stat[stat.rfind(')')? + 1..].trim_start().chars().next()
}

/// The field of `/proc/PID/stat` that `man 5 proc_pid_stat` numbers so: the third or a later one.
fn stat_field<T: std::str::FromStr>(pid: i32, number: usize) -> Option<T> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let rest = &stat[stat.rfind(')')? + 1..];
    rest.split_whitespace().nth(number - 3)?.parse().ok()
}

/// The session that `pid` is in.
pub(crate) fn session(pid: i32) -> Option<i32> {
    stat_field(pid, 6)
}

/// When `pid` was started, in clock ticks since the machine was.
pub(crate) fn started(pid: i32) -> Option<u64> {
    stat_field(pid, 22)
}

/// The value of the variable `name` with which `pid` was started; `None` where it had none, or has
/// written over it, or does not show it.
pub(crate) fn environment(pid: i32, name: &str) -> Option<String> {
    let all = fs::read(format!("/proc/{pid}/environ")).ok()?;
    let value = all.split(|&b| b == 0).find_map(|entry| {
        let rest = entry.strip_prefix(name.as_bytes())?;
        rest.strip_prefix(b"=")
    });
    Some(String::from_utf8_lossy(value?).into_owned())
}

/// The network namespace of `pid`, as its link names it.
pub(crate) fn network(pid: i32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{pid}/ns/net")).ok()
}

pub(super) fn threads_of(pid: i32) -> io::Result<Vec<i32>> {
    let entries = fs::read_dir(format!("/proc/{pid}/task"))?;
    Ok(entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect())
}

/// All threads of these processes that can be seen.
pub(crate) fn threads(pids: &[i32]) -> Vec<ThreadRow> {
    let mut rows = Vec::new();
    for &pid in pids {
        for tid in threads_of(pid).unwrap_or_default() {
            rows.extend(thread(pid, tid));
        }
    }
    rows
}

/// All threads of these processes, zombies among them. An error where one has ended meanwhile: it may
/// have left behind another that was not there yet when these were listed.
pub(crate) fn all_threads(pids: &[i32]) -> io::Result<Vec<ThreadRow>> {
    let mut rows = Vec::new();
    for &pid in pids {
        for tid in threads_of(pid)? {
            rows.push(thread(pid, tid).ok_or(io::ErrorKind::NotFound)?);
        }
    }
    Ok(rows)
}

fn thread(pid: i32, tid: i32) -> Option<ThreadRow> {
    // In this order: the kernel tells the call only of a thread that has left its processor, so the
    // switch that took it off is in the count that is read next.
    let call = call(pid, tid);
    let status = fs::read_to_string(format!("/proc/{pid}/task/{tid}/status")).ok()?;
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        Some(line[name.len()..].trim())
    };
    let count = |name| field(name).and_then(|n| n.parse::<u64>().ok());
    let signals = |name| field(name).and_then(|mask| u64::from_str_radix(mask, 16).ok());
    Some(ThreadRow {
        pid,
        tid,
        name: field("Name:").unwrap_or_default().to_owned(),
        state: field("State:")?.chars().next()?,
        switches: count("voluntary_ctxt_switches:")? + count("nonvoluntary_ctxt_switches:")?,
        blocked: signals("SigBlk:")?,
        caught: signals("SigCgt:")?,
        call,
    })
}

/// `/proc/PID/task/TID/syscall`: `running`, or the number, six arguments, and two addresses.
fn call(pid: i32, tid: i32) -> Call {
    let Ok(text) = fs::read_to_string(format!("/proc/{pid}/task/{tid}/syscall")) else {
        return Call::Unknown;
    };
    if text.starts_with("running") {
        return Call::Running;
    }
    let mut words = text.split_whitespace();
    let number = words.next().and_then(|n| n.parse().ok());
    let mut args = [0; 6];
    for arg in &mut args {
        let word = words.next().and_then(|w| w.strip_prefix("0x"));
        let Some(value) = word.and_then(|w| u64::from_str_radix(w, 16).ok()) else {
            return Call::Unknown;
        };
        *arg = value;
    }
    match number {
        Some(number) if number >= 0 => Call::In { number, args },
        _ => Call::Unknown,
    }
}

/// Processor time of the process and of children that it has waited for, user and system together, in
/// milliseconds.
pub(crate) fn cpu_ms(pid: i32) -> Option<u64> {
    ticks_in_ms(pid, [14, 15, 16, 17])
}

/// The part of it that the kernel has spent on the process's system calls and faults, and on those of children
/// that it has waited for, in milliseconds.
pub(crate) fn system_ms(pid: i32) -> Option<u64> {
    ticks_in_ms(pid, [15, 17])
}

/// The sum of these fields of `/proc/PID/stat`, which are in clock ticks, in milliseconds.
fn ticks_in_ms<const N: usize>(pid: i32, fields: [u8; N]) -> Option<u64> {
    let fields = fields.map(|number| stat_field::<u64>(pid, number.into()));
    let ticks: u64 = fields.into_iter().sum::<Option<u64>>()?;
    let per_second = rustix::param::clock_ticks_per_second();
    Some(ticks * 1000 / per_second)
}

/// Resident anonymous memory of the process, in bytes.
pub(crate) fn anonymous_memory(pid: i32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    // A process that is just ending has no memory left, and no line.
    let line = status.lines().find(|line| line.starts_with("RssAnon:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    Some(kib.unwrap_or(0) * 1024)
}

/// Whether this thread runs a program for this machine's own word size and system-call numbers.
pub(crate) fn speaks_native_calls(thread: &ThreadRow) -> bool {
    use std::io::Read;
    let mut head = [0; 5];
    let program = fs::File::open(thread.file("exe"));
    let read = program.and_then(|mut file| file.read_exact(&mut head));
    let class = if cfg!(target_pointer_width = "64") {
        2
    } else {
        1
    };
    read.is_ok() && head == [0x7f, b'E', b'L', b'F', class]
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::closing::starting;

    #[test]
    fn threads_that_end_hide_no_children() {
        let mut cat = Command::new("cat");
        cat.stdin(Stdio::piped());
        // Other tests close descriptors meanwhile.
        let starting = starting();
        let mut child = cat.spawn().expect("cat can be started");
        drop(starting);
        let pid = i32::try_from(child.id()).expect("a process id");
        let done = AtomicBool::new(false);
        let always_there = std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    std::thread::scope(|inner| drop(inner.spawn(|| {})));
                }
            });
            let own = rustix::process::getpid().as_raw_nonzero().get();
            let seen = |_| children(own).is_ok_and(|children| children.contains(&pid));
            let always_there = (0..1000).all(seen);
            done.store(true, Ordering::Relaxed);
            always_there
        });
        drop(child.stdin.take());
        child.wait().expect("cat ends with its input");
        assert!(always_there);
    }
}
