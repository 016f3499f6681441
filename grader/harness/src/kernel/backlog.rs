//! Packets that were sent over loopback and have not reached a socket yet.
//!
//! Loopback puts each packet into a queue of the sender's processor, its backlog, and a softirq takes
//! it from there to its socket: mostly before `sendto` returns, but under load that may be put off.
//! Until then a datagram is in no socket's queue, neither the sender's nor the receiver's. TCP's
//! sequence numbers tell of such bytes; for UDP this is where they can be seen.

use std::fs;

/// How many packets wait in the backlogs of all processors, whosever they are; `None` where the
/// kernel does not tell.
pub(crate) fn packets() -> Option<u32> {
    count(&fs::read_to_string("/proc/net/softnet_stat").ok()?)
}

/// One line a processor, in hexadecimal; the twelfth number is the backlog's length
/// (`softnet_seq_show` in the kernel's `net/core/net-procfs.c`; older kernels have fewer numbers).
fn count(softnet_stat: &str) -> Option<u32> {
    let waiting = |line: &str| u32::from_str_radix(line.split_whitespace().nth(11)?, 16).ok();
    softnet_stat.lines().map(waiting).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_backlogs_of_all_processors_are_added_up() {
        let zeros = "00000000 ".repeat(11);
        let two = format!("{zeros}0000000a 00000000\n{zeros}00000001 00000001\n");
        assert_eq!(count(&two), Some(11));
        assert_eq!(count(&zeros), None);
    }
}
