//! What a system call asks for, read from its number, its arguments and the caller's memory.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context as _, bail};
use nix::libc;

use super::script::Verb;
use super::tracee::{SystemCall, Tracee};

/// A call that concerns a socket.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The socket; none where one is made.
    pub(crate) descriptor: Option<i32>,
    pub(crate) verb: Verb,
    /// Where the caller wants what is received.
    pub(crate) buffer: u64,
}

/// What `call` asks for, if a diagram shows such calls and it concerns a socket that is drawn.
pub(crate) fn read(
    call: &SystemCall,
    caller: &Tracee,
    is_drawn: impl Fn(i32) -> bool,
) -> anyhow::Result<Option<Asked>> {
    let [one, two, three, four, five, six] = call.arguments;
    if call.number == libc::SYS_socket {
        return Ok(made(one, two).map(|verb| Asked {
            descriptor: None,
            verb,
            buffer: 0,
        }));
    }
    let polled = polled(call, caller)?;
    let descriptor = match polled {
        Some((descriptor, _)) => descriptor,
        None => number(one)?,
    };
    if !is_drawn(descriptor) {
        return Ok(None);
    }
    let bytes = |at, len: u64| caller.memory(at, usize::try_from(len)?);
    let verb = match call.number {
        libc::SYS_ppoll => match polled {
            Some((_, writable)) => Verb::Poll { writable },
            None => return Ok(None),
        },
        libc::SYS_getsockopt if is_error(two, three) => Verb::SocketError,
        libc::SYS_bind => Verb::Bind(address(&bytes(two, three)?)?),
        libc::SYS_listen => Verb::Listen(number(two)?),
        libc::SYS_connect => Verb::Connect(address(&bytes(two, three)?)?),
        libc::SYS_accept | libc::SYS_accept4 => Verb::Accept,
        libc::SYS_sendto if five != 0 => {
            Verb::SendTo(bytes(two, three)?, Some(address(&bytes(five, six)?)?))
        }
        libc::SYS_sendto | libc::SYS_write => Verb::Send(bytes(two, three)?),
        libc::SYS_recvfrom if five != 0 => Verb::RecvFrom(usize::try_from(three)?),
        libc::SYS_recvfrom | libc::SYS_read => Verb::Recv(usize::try_from(three)?),
        libc::SYS_shutdown if number(two)? == libc::SHUT_WR => Verb::Shutdown,
        libc::SYS_shutdown => bail!("shutdown of more than the sending half"),
        libc::SYS_setsockopt => match option(number(two)?, number(three)?, &bytes(four, five)?) {
            Some(verb) => verb,
            None => return Ok(None),
        },
        libc::SYS_close => Verb::Close,
        _ => return Ok(None),
    };
    Ok(Some(Asked {
        descriptor: Some(descriptor),
        buffer: if verb == Verb::SocketError { four } else { two },
        verb,
    }))
}

/// The descriptor that a poll of a single one is about, and whether it asks to write.
fn polled(call: &SystemCall, caller: &Tracee) -> anyhow::Result<Option<(i32, bool)>> {
    let [list, len, ..] = call.arguments;
    if call.number != libc::SYS_ppoll || len != 1 {
        return Ok(None);
    }
    // struct pollfd: the descriptor, what is asked for, what is answered (`man 2 poll`).
    let bytes = caller.memory(list, 8)?;
    let (descriptor, rest) = bytes.split_first_chunk().context("half a pollfd")?;
    let (events, _) = rest.split_first_chunk().context("half a pollfd")?;
    let writable = i16::from_ne_bytes(*events) & libc::POLLOUT != 0;
    Ok(Some((i32::from_ne_bytes(*descriptor), writable)))
}

fn is_error(level: u64, name: u64) -> bool {
    let [level, name] = [level, name].map(|register| number(register).ok());
    (level, name) == (Some(libc::SOL_SOCKET), Some(libc::SO_ERROR))
}

/// A socket of TCP or UDP. Others are not drawn.
fn made(family: u64, kind: u64) -> Option<Verb> {
    // With the kind come flags such as SOCK_CLOEXEC.
    const KIND: i32 = 0xf;
    let (family, kind) = (number(family).ok()?, number(kind).ok()? & KIND);
    match (family, kind) {
        (libc::AF_INET, libc::SOCK_STREAM) => Some(Verb::SocketStream),
        (libc::AF_INET, libc::SOCK_DGRAM) => Some(Verb::SocketDatagram),
        _ => None,
    }
}

fn option(level: i32, name: i32, value: &[u8]) -> Option<Verb> {
    match (level, name) {
        (libc::SOL_SOCKET, libc::SO_REUSEADDR) => Some(Verb::ReuseAddress),
        (libc::IPPROTO_TCP, libc::TCP_NODELAY) => Some(Verb::NoDelay),
        // struct linger: whether, and how many seconds (`man 7 socket`).
        (libc::SOL_SOCKET, libc::SO_LINGER) => {
            let (whether, seconds) = value.split_first_chunk::<4>()?;
            let is_zero = seconds.iter().all(|byte| *byte == 0);
            (i32::from_ne_bytes(*whether) != 0 && is_zero).then_some(Verb::LingerZero)
        }
        _ => None,
    }
}

/// A `struct sockaddr_in`, `man 7 ip`.
fn address(bytes: &[u8]) -> anyhow::Result<SocketAddr> {
    let bytes: &[u8; 8] = bytes.first_chunk().context("an address is cut short")?;
    let [low, high, port @ .., _, _, _, _] = *bytes;
    if i32::from(u16::from_ne_bytes([low, high])) != libc::AF_INET {
        bail!("an address of another family than IPv4");
    }
    let [.., a, b, c, d] = *bytes;
    Ok((Ipv4Addr::new(a, b, c, d), u16::from_be_bytes(port)).into())
}

/// A register that holds an `int`: its lower half.
fn number(register: u64) -> anyhow::Result<i32> {
    let half = u32::try_from(register & u64::from(u32::MAX))?;
    Ok(half.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_the_kernel_reads_it() {
        let family = 2_u16.to_ne_bytes();
        let bytes = [&family[..], &[0x23, 0x28, 127, 0, 0, 1], &[0; 8]].concat();
        let read = address(&bytes).expect("it is one of IPv4");
        assert_eq!(read.to_string(), "127.0.0.1:9000");
        assert!(address(&bytes[..4]).is_err());
    }

    #[test]
    fn flags_do_not_change_the_kind_of_a_socket() {
        assert_eq!(made(2, 1 | 0o2_000_000), Some(Verb::SocketStream));
        assert_eq!(made(1, 1), None);
    }

    #[test]
    fn a_register_holds_an_int_in_its_lower_half() {
        assert_eq!(number(0xffff_ffff).expect("an int"), -1);
    }
}
