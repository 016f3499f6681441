//! Which system calls wait without a time limit, and on what.
//!
//! A call is in this table only if nothing but one of these can end it: data, a connection or room
//! on a descriptor; another thread or process of the program; a signal. Everything else (`nanosleep`,
//! `restart_syscall` after an interrupted sleep, `io_uring_enter`, `flock`, `semop` on what
//! outsiders share, …) is "cannot tell".

use libc::c_long;

/// How a system call waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// For something to arrive on this descriptor. On a socket SO_RCVTIMEO would limit it.
    ToReceive(i32),
    /// For room on this descriptor. On a socket SO_SNDTIMEO would limit it.
    ToSend(i32),
    /// For a connection on this descriptor. SO_RCVTIMEO would limit it.
    ToAccept(i32),
    /// For any of several descriptors.
    ForEvents,
    /// For another thread: a lock, a condition, a join.
    ForThread,
    /// For a child process to end.
    ForChild,
    /// For a signal.
    ForSignal,
}

/// The name of a system call, and how it waits with these arguments; `None` where it has a time
/// limit or is not known to have none.
pub(crate) fn wait(number: i64, args: &[u64; 6]) -> Option<Wait> {
    let fd = int(args[0]);
    let null = |index: usize| args[index] == 0;
    let forever = |index: usize| int(args[index]) < 0;
    match number as c_long {
        // A read ends when something arrives or the other ends are all closed.
        libc::SYS_read | libc::SYS_readv | libc::SYS_recvfrom | libc::SYS_recvmsg => {
            Some(Wait::ToReceive(fd))
        }
        // As recvmsg; its own time limit is the fifth argument.
        libc::SYS_recvmmsg if null(4) => Some(Wait::ToReceive(fd)),
        // A write ends when the reader has made room or has gone.
        libc::SYS_write
        | libc::SYS_writev
        | libc::SYS_sendto
        | libc::SYS_sendmsg
        | libc::SYS_sendmmsg
        | libc::SYS_sendfile => {
            // sendfile's first argument is the descriptor that it writes to, too.
            Some(Wait::ToSend(fd))
        }
        // accept ends when a connection is in the queue. On Linux it has reserved a descriptor.
        libc::SYS_accept4 => Some(Wait::ToAccept(fd)),
        // Readiness calls end by what happens on their descriptors; their time limit is an
        // argument: milliseconds, where negative means none, or a pointer, where null means none.
        libc::SYS_ppoll if null(2) => Some(Wait::ForEvents),
        libc::SYS_pselect6 if null(4) => Some(Wait::ForEvents),
        libc::SYS_epoll_pwait if forever(3) => Some(Wait::ForEvents),
        libc::SYS_epoll_pwait2 if null(3) => Some(Wait::ForEvents),
        // A futex wait ends when another thread wakes it (man 2 futex: timeout is the fourth
        // argument of the waiting operations; the lower seven bits are the operation).
        libc::SYS_futex if null(3) && is_futex_wait(args[1]) => Some(Wait::ForThread),
        // Waiting for a child: it ends when the child does, and the child is looked at, too.
        libc::SYS_wait4 | libc::SYS_waitid => Some(Wait::ForChild),
        // Waiting for a signal: from the program itself, from a timer (looked at apart), or from us.
        libc::SYS_rt_sigsuspend => Some(Wait::ForSignal),
        libc::SYS_rt_sigtimedwait if null(2) => Some(Wait::ForSignal),
        number => old_wait(number, args),
    }
}

/// An argument of C's type int: the register's lower half, with its sign.
fn int(argument: u64) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the upper half is not part of the int"
    )]
    let lower = argument as u32;
    lower.cast_signed()
}

/// Calls that only older architectures have.
#[cfg(target_arch = "x86_64")]
fn old_wait(number: c_long, args: &[u64; 6]) -> Option<Wait> {
    match number {
        libc::SYS_accept => Some(Wait::ToAccept(int(args[0]))),
        libc::SYS_poll if int(args[2]) < 0 => Some(Wait::ForEvents),
        libc::SYS_select if args[4] == 0 => Some(Wait::ForEvents),
        libc::SYS_epoll_wait if int(args[3]) < 0 => Some(Wait::ForEvents),
        libc::SYS_pause => Some(Wait::ForSignal),
        _ => None,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn old_wait(number: c_long, args: &[u64; 6]) -> Option<Wait> {
    match number {
        libc::SYS_accept => Some(Wait::ToAccept(int(args[0]))),
        _ => None,
    }
}

/// FUTEX_WAIT, FUTEX_LOCK_PI, FUTEX_WAIT_BITSET, FUTEX_LOCK_PI2; without the flags for private
/// futexes and the clock.
fn is_futex_wait(op: u64) -> bool {
    const COMMAND: i32 = 0x7f;
    [
        libc::FUTEX_WAIT,
        libc::FUTEX_LOCK_PI,
        libc::FUTEX_WAIT_BITSET,
        libc::FUTEX_LOCK_PI2,
    ]
    .contains(&(int(op) & COMMAND))
}

/// The name of a call as its manual page has it, for evidence.
pub(crate) fn name(number: i64) -> Option<&'static str> {
    Some(match number as c_long {
        libc::SYS_read => "read",
        libc::SYS_readv => "readv",
        libc::SYS_recvfrom => "recv",
        libc::SYS_recvmsg => "recvmsg",
        libc::SYS_recvmmsg => "recvmmsg",
        libc::SYS_write => "write",
        libc::SYS_writev => "writev",
        libc::SYS_sendto => "send",
        libc::SYS_sendmsg => "sendmsg",
        libc::SYS_sendmmsg => "sendmmsg",
        libc::SYS_sendfile => "sendfile",
        libc::SYS_accept | libc::SYS_accept4 => "accept",
        libc::SYS_connect => "connect",
        libc::SYS_ppoll => "poll",
        libc::SYS_pselect6 => "select",
        libc::SYS_epoll_pwait | libc::SYS_epoll_pwait2 => "epoll_wait",
        libc::SYS_futex => "futex",
        libc::SYS_wait4 | libc::SYS_waitid => "wait",
        libc::SYS_rt_sigsuspend => "sigsuspend",
        libc::SYS_rt_sigtimedwait => "sigwait",
        libc::SYS_nanosleep | libc::SYS_clock_nanosleep => "sleep",
        libc::SYS_fsync | libc::SYS_fdatasync => "fsync",
        libc::SYS_io_uring_enter => "io_uring_enter",
        number => return old_name(number),
    })
}

#[cfg(target_arch = "x86_64")]
fn old_name(number: c_long) -> Option<&'static str> {
    Some(match number {
        libc::SYS_poll => "poll",
        libc::SYS_select => "select",
        libc::SYS_epoll_wait => "epoll_wait",
        libc::SYS_pause => "pause",
        _ => return None,
    })
}

#[cfg(not(target_arch = "x86_64"))]
fn old_name(_number: c_long) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_limit_takes_a_call_out_of_the_table() {
        let timeout = |ms: i64| [0, 1, 0, ms.cast_unsigned(), 0, 0];
        let epoll = libc::SYS_epoll_pwait;
        assert_eq!(wait(epoll, &timeout(-1)), Some(Wait::ForEvents));
        assert_eq!(wait(epoll, &timeout(300)), None);
        let futex = |timeout| [0, 128, 0, timeout, 0, 0];
        assert_eq!(wait(libc::SYS_futex, &futex(0)), Some(Wait::ForThread));
        assert_eq!(wait(libc::SYS_futex, &futex(0x7fff)), None);
        assert_eq!(wait(libc::SYS_nanosleep, &[0; 6]), None);
    }
}
