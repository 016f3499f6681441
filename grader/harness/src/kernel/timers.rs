//! What could end a wait by itself after a while.

use std::fs;

use super::descriptors::{self, Kind};
use super::{Call, ThreadRow, memory};

/// Whether `pid` has a POSIX timer (`man 2 timer_create`), whatever it is set to. What cannot be read
/// counts as one.
pub(crate) fn has_posix_timer(pid: i32) -> bool {
    let timers = fs::read_to_string(format!("/proc/{pid}/timers"));
    !timers.is_ok_and(|timers| timers.trim().is_empty())
}

/// Whether the signal of `alarm` and `setitimer` would do more to this thread than end the process or
/// nothing: it has a handler, or is blocked, or is waited for. Whether that timer is set nobody else
/// can see.
pub(crate) fn minds_alarms(thread: &ThreadRow) -> bool {
    const ALARM: u64 = 1 << (libc::SIGALRM - 1);
    (thread.caught | thread.blocked | waited_for(thread)) & ALARM != 0
}

/// The signals for which a thread is in sigwait: meanwhile the kernel does not show them as blocked.
fn waited_for(thread: &ThreadRow) -> u64 {
    match &thread.call {
        Call::In { number, args } if *number == libc::SYS_rt_sigtimedwait => {
            memory::word(thread, args[0]).unwrap_or(u64::MAX)
        }
        _ => 0,
    }
}

/// Whether one of this thread's descriptors is a timer that is set.
pub(crate) fn has_armed_timerfd(thread: &ThreadRow, descriptors: &[(i32, Kind)]) -> bool {
    descriptors.iter().any(|(fd, kind)| {
        // Without a value it is not known; `(0, 0)` means not set (`man 5 proc_pid_fdinfo`).
        *kind == Kind::Timer
            && descriptors::info(thread, *fd, "it_value:").as_deref() != Some("(0, 0)")
    })
}
