//! Links and routes of an arena, by `man 7 rtnetlink`.

use std::io;
use std::net::Ipv4Addr;

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socket_with,
};

/// `ip link set lo up`.
pub(super) fn raise_loopback() -> io::Result<()> {
    const RTM_NEWLINK: u16 = 16;
    const LOOPBACK_INDEX: i32 = 1;
    const UP: u32 = 1;

    // struct ifinfomsg: family, padding, type, index, flags, which flags to change.
    let mut body = vec![0; 4];
    body.extend(LOOPBACK_INDEX.to_ne_bytes());
    body.extend(UP.to_ne_bytes());
    body.extend(UP.to_ne_bytes());
    ask(RTM_NEWLINK, 0, &body)
}

/// `ip route add unreachable HOST`: who connects there gets EHOSTUNREACH.
pub(super) fn add_unreachable_route(host: Ipv4Addr) -> io::Result<()> {
    const RTM_NEWROUTE: u16 = 24;
    const CREATE: u16 = 0x400;
    const AF_INET: u8 = 2;
    const WHOLE_ADDRESS: u8 = 32;
    const MAIN_TABLE: u8 = 254;
    const STATIC: u8 = 4;
    const UNREACHABLE: u8 = 7;
    const DESTINATION: u16 = 1;

    // struct rtmsg: family, two prefix lengths, tos, table, protocol, scope, type, flags.
    let mut body = vec![AF_INET, WHOLE_ADDRESS, 0, 0];
    body.extend([MAIN_TABLE, STATIC, 0, UNREACHABLE]);
    body.extend([0; 4]);
    // struct rtattr: length, type; then the address.
    body.extend(8_u16.to_ne_bytes());
    body.extend(DESTINATION.to_ne_bytes());
    body.extend(host.octets());
    ask(RTM_NEWROUTE, CREATE, &body)
}

/// Sends one message and waits for what the kernel says to it.
fn ask(message_type: u16, flags: u16, body: &[u8]) -> io::Result<()> {
    const REQUEST_AND_ACK: u16 = 1 | 4;
    const HEADER: usize = 16;

    let netlink = socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        // Protocol 0 is NETLINK_ROUTE.
        None,
    )?;
    let len = u32::try_from(HEADER + body.len()).map_err(io::Error::other)?;
    let mut message = Vec::new();
    // struct nlmsghdr: length, type, flags, sequence number, port.
    message.extend(len.to_ne_bytes());
    message.extend(message_type.to_ne_bytes());
    message.extend((REQUEST_AND_ACK | flags).to_ne_bytes());
    message.extend([0; 8]);
    message.extend(body);
    send(&netlink, &message, SendFlags::empty())?;

    // struct nlmsgerr: a header, then 0 or a negative error number.
    let mut answer = [0; 1024];
    let (len, _) = recv(&netlink, &mut answer[..], RecvFlags::empty())?;
    match answer.get(HEADER..HEADER + 4).filter(|_| len >= 20) {
        Some(code) => match i32::from_ne_bytes([code[0], code[1], code[2], code[3]]) {
            0 => Ok(()),
            error => Err(io::Error::from_raw_os_error(-error)),
        },
        None => Err(io::ErrorKind::InvalidData.into()),
    }
}
