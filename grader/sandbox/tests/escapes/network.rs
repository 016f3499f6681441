//! Attacks over the network, from a box that has none.

use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr as UnixAddress, UnixStream};
use std::time::Duration;

use crate::calls::call;
use crate::{Attack, Held, Target};

pub(crate) fn attacks() -> Vec<Attack> {
    vec![
        Attack::new("connects-to-the-grader", connects_to_the_grader).also_light(),
        Attack::new("connects-to-the-outside", connects_to_the_outside).also_light(),
        Attack::new("sends-datagrams-outside", sends_datagrams_outside),
        Attack::new(
            "connects-to-an-abstract-socket",
            connects_to_an_abstract_socket,
        )
        .also_light(),
        Attack::new("opens-raw-sockets", opens_raw_sockets).also_light(),
        Attack::new("opens-strange-sockets", opens_strange_sockets).also_light(),
        Attack::new("asks-for-other-peoples-sockets", asks_for_sockets).also_light(),
        Attack::new("changes-the-network", changes_the_network).also_light(),
    ]
}

fn connects_to_the_grader(target: &Target) -> Held {
    let address = SocketAddr::from(([127, 0, 0, 1], target.port));
    match TcpStream::connect_timeout(&address, Duration::from_secs(1)) {
        Err(_) => Ok(()),
        Ok(_) => Err("a port of the grader's machine".into()),
    }
}

fn connects_to_the_outside(_: &Target) -> Held {
    // TEST-NET-1 (RFC 5737): nobody is there; the way there must not exist.
    for address in ["192.0.2.1:80", "169.254.169.254:80", "[2001:db8::1]:80"] {
        let address: SocketAddr = address.parse().map_err(|_| "an address")?;
        let connected = TcpStream::connect_timeout(&address, Duration::from_millis(200));
        match connected {
            Err(error) if error.kind() != std::io::ErrorKind::TimedOut => {}
            other => return Err(format!("a way to {address}: {other:?}")),
        }
    }
    Ok(())
}

fn sends_datagrams_outside(_: &Target) -> Held {
    let socket = UdpSocket::bind("0.0.0.0:0").map_err(|e| e.to_string())?;
    match socket.send_to(b"hello", "192.0.2.1:53") {
        Err(_) => Ok(()),
        Ok(_) => Err("a datagram has left".into()),
    }
}

fn connects_to_an_abstract_socket(target: &Target) -> Held {
    let address = UnixAddress::from_abstract_name(&target.socket).map_err(|e| e.to_string())?;
    match UnixStream::connect_addr(&address) {
        Err(_) => Ok(()),
        Ok(_) => Err("a Unix socket of the grader's".into()),
    }
}

fn cannot_open(family: i32, kind: i32, protocol: i32) -> Held {
    let arguments = [family.into(), kind.into(), protocol.into(), 0, 0];
    match call(libc::SYS_socket, arguments) {
        Err(_) => Ok(()),
        Ok(_) => Err(format!("a socket of family {family}, kind {kind}")),
    }
}

/// Whatever lies below TCP and UDP.
pub(crate) const RAW: [[i32; 3]; 4] = [
    [libc::AF_INET, libc::SOCK_RAW, libc::IPPROTO_ICMP],
    [
        libc::AF_INET,
        libc::SOCK_RAW | libc::SOCK_CLOEXEC,
        libc::IPPROTO_RAW,
    ],
    [libc::AF_INET6, libc::SOCK_RAW, libc::IPPROTO_ICMPV6],
    [libc::AF_PACKET, libc::SOCK_RAW, 0],
];

fn opens_raw_sockets(_: &Target) -> Held {
    RAW.iter()
        .try_for_each(|&[family, kind, protocol]| cannot_open(family, kind, protocol))
}

pub(crate) fn opens_strange_sockets(_: &Target) -> Held {
    let families = [
        libc::AF_VSOCK,
        libc::AF_ALG,
        libc::AF_BLUETOOTH,
        libc::AF_CAN,
        libc::AF_TIPC,
        libc::AF_XDP,
        libc::AF_RDS,
    ];
    families
        .iter()
        .try_for_each(|&family| cannot_open(family, libc::SOCK_DGRAM, 0))
}

pub(crate) fn asks_for_sockets(_: &Target) -> Held {
    cannot_open(libc::AF_NETLINK, libc::SOCK_RAW, libc::NETLINK_SOCK_DIAG)?;
    cannot_open(libc::AF_NETLINK, libc::SOCK_RAW, libc::NETLINK_AUDIT)
}

/// What an attack on it has achieved, if it has.
pub(crate) const CHANGED: &str = "the network's loopback is changed";

pub(crate) fn changes_the_network(_: &Target) -> Held {
    // `ip link set lo down`, as in rtnetlink(7): header, then struct ifinfomsg.
    let socket = call(
        libc::SYS_socket,
        [libc::AF_NETLINK.into(), libc::SOCK_RAW.into(), 0, 0, 0],
    );
    let socket = socket.map_err(|e| format!("even asking is forbidden: {e}"))?;
    let mut message: Vec<u8> = Vec::new();
    message.extend(32_u32.to_ne_bytes());
    message.extend(libc::RTM_NEWLINK.to_ne_bytes());
    message.extend(5_u16.to_ne_bytes());
    message.extend([0; 8]);
    message.extend([0; 4]);
    message.extend(1_i32.to_ne_bytes());
    message.extend(1_u32.to_ne_bytes());
    message.extend(1_u32.to_ne_bytes());
    let sent = call(
        libc::SYS_sendto,
        [socket, message.as_ptr() as i64, 32, 0, 0],
    );
    sent.map_err(|e| e.to_string())?;
    let mut answer = [0_u8; 64];
    call(
        libc::SYS_recvfrom,
        [socket, answer.as_mut_ptr() as i64, 64, 0, 0],
    )
    .map_err(|e| e.to_string())?;
    match i32::from_ne_bytes([answer[16], answer[17], answer[18], answer[19]]) {
        0 => Err(CHANGED.into()),
        _ => Ok(()),
    }
}
