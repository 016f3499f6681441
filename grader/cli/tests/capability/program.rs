//! The program in the box.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::process::ExitCode;

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketType, eth, ipproto, recv, send, socket,
};

/// Hears whole frames until one holds what alice has sent.
pub(crate) const HEARS: &str = "hears";
/// Tries what a capability, or root, would make possible, and says what came of each.
pub(crate) const TRIES: &str = "tries";
/// Ends at once.
pub(crate) const ENDS: &str = "ends";

/// What alice sends.
pub(crate) const SENT: &[u8] = b"hello, is anybody below?";

pub(crate) fn run(what: &str) -> ExitCode {
    let done = match what {
        HEARS => hear(),
        TRIES => try_all(),
        _ => Ok(()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn hear() -> io::Result<()> {
    let frames = socket(AddressFamily::PACKET, SocketType::RAW, Some(eth::ALL))?;
    println!("listens");
    loop {
        let mut frame = [0_u8; 2048];
        let (len, _) = recv(&frames, &mut frame[..], RecvFlags::empty())?;
        if frame[..len].windows(SENT.len()).any(|part| part == SENT) {
            println!("hears it");
            return Ok(());
        }
    }
}

fn try_all() -> io::Result<()> {
    let raw = |family, protocol| socket(family, SocketType::RAW, Some(protocol));
    say("icmp", raw(AddressFamily::INET, ipproto::ICMP));
    say("frames", raw(AddressFamily::PACKET, eth::ALL));
    say("loopback", raise_loopback());
    say("port 80", TcpListener::bind("127.0.0.1:80"));
    say("root", std::os::unix::fs::chroot("/"));
    let status = fs::read_to_string("/proc/self/status")?;
    let sets = status.lines().filter_map(|line| line.strip_prefix("Cap"));
    let sets: Vec<_> = sets
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    let short = sets.iter().map(|set| match set.trim_start_matches('0') {
        "" => "0",
        set => set,
    });
    println!("capabilities: {}", short.collect::<Vec<_>>().join(" "));
    Ok(())
}

fn say<T, E: Into<io::Error>>(what: &str, result: Result<T, E>) {
    match result.map_err(Into::into) {
        Ok(_) => println!("{what}: yes"),
        Err(error) => {
            let words = error.to_string();
            let words = words.split(" (os error").next().unwrap_or_default();
            println!("{what}: {words}");
        }
    }
}

/// `ip link set lo up`, as in rtnetlink(7): a header, then struct ifinfomsg. The answer is an error's
/// number, or 0.
fn raise_loopback() -> io::Result<()> {
    const RTM_NEWLINK: u16 = 16;
    /// A request that wants an answer.
    const REQUEST_AND_ACK: u16 = 1 | 4;
    const UP: u32 = 1;
    let mut message: Vec<u8> = Vec::new();
    message.extend(32_u32.to_ne_bytes());
    message.extend(RTM_NEWLINK.to_ne_bytes());
    message.extend(REQUEST_AND_ACK.to_ne_bytes());
    message.extend([0; 12]);
    message.extend(1_i32.to_ne_bytes());
    message.extend(UP.to_ne_bytes());
    message.extend(UP.to_ne_bytes());
    // NETLINK_ROUTE is number 0: no protocol in particular.
    let kernel = socket(AddressFamily::NETLINK, SocketType::RAW, None)?;
    send(&kernel, &message, SendFlags::empty())?;
    let mut answer = [0_u8; 64];
    let (len, _) = recv(&kernel, &mut answer[..], RecvFlags::empty())?;
    let code = answer[..len]
        .get(16..20)
        .and_then(|bytes| bytes.try_into().ok());
    match code.map(i32::from_ne_bytes) {
        Some(0) => Ok(()),
        Some(code) => Err(io::Error::from_raw_os_error(-code)),
        None => Err(io::ErrorKind::InvalidData.into()),
    }
}
