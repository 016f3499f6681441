//! When a datagram came, by the kernel's own clock: it stamps each when it comes, however late it is
//! received (`man 7 socket`, SIOCGSTAMP; SIOCGSTAMPNS tells nanoseconds).

use std::os::fd::AsFd;
use std::time::{Duration, SystemTime};

use rustix::ioctl::{Getter, Opcode, ioctl, opcode};

/// Seconds and nanoseconds since 1970, 64 bits each (`linux/sockios.h`: SIOCGSTAMPNS_NEW).
const SIOCGSTAMPNS: Opcode = opcode::read::<[i64; 2]>(0x89, 0x07);

/// When the datagram came that was received last. From the first question on the kernel stamps those
/// that come; of one without a stamp it says that it came now.
#[expect(unsafe_code, reason = "the call has no safe wrapper")]
pub(crate) fn of_last(socket: impl AsFd) -> Option<SystemTime> {
    // SAFETY: the kernel writes two numbers of 64 bits for this request, and that is what it is given.
    let told = unsafe { ioctl(socket, Getter::<SIOCGSTAMPNS, [i64; 2]>::new()) };
    let [seconds, nanoseconds] = told.ok()?;
    let seconds = Duration::from_secs(seconds.try_into().ok()?);
    let nanoseconds = Duration::from_nanos(nanoseconds.try_into().ok()?);
    Some(SystemTime::UNIX_EPOCH + seconds + nanoseconds)
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;

    use super::*;

    #[test]
    fn a_datagram_that_is_received_late_came_when_it_was_sent() {
        let receiver = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        let sender = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        let to = receiver.local_addr().expect("it is bound");
        let mut buffer = [0; 8];
        // The kernel begins to stamp some time after it was first asked.
        for _ in 0..10_000 {
            assert!(of_last(&receiver).is_none_or(|at| at <= SystemTime::now()));
            sender.send_to(b"late", to).expect("it is sent");
            let sent = SystemTime::now();
            receiver.recv(&mut buffer).expect("it comes");
            if of_last(&receiver).is_some_and(|at| at <= sent) {
                return;
            }
        }
        panic!("no datagram was stamped when it came");
    }
}
