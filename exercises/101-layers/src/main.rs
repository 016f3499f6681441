//! 101 layers: takes Ethernet frames apart, layer by layer, from the outside in.
//!
//! Run the checks with `cargo test -p layers`. The chapter is book/src/101-layers.md.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::process::ExitCode;

fn main() -> ExitCode {
    match answer_every_line() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("layers: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads standard input to its end: a frame in hexadecimal on each line.
fn answer_every_line() -> io::Result<()> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lines() {
        // Each layer adds its line, and hands what is inside to the next.
        let mut lines = Vec::new();
        let whole = unhex(&line?).and_then(|frame| physical(&frame, &mut lines));
        if let Err(reason) = whole {
            lines.push(format!("error: {reason}"));
        }
        for line in lines {
            writeln!(output, "{line}")?;
        }
        writeln!(output)?;
    }
    Ok(())
}

fn physical(frame: &[u8], lines: &mut Vec<String>) -> Result<(), String> {
    lines.push(format!("physical: {} bytes", frame.len()));
    link(frame, lines)
}

fn link(frame: &[u8], lines: &mut Vec<String>) -> Result<(), String> {
    let (line, ether_type, packet) = ethernet(frame)?;
    lines.push(line);
    network(ether_type, packet, lines)
}

fn network(ether_type: u16, packet: &[u8], lines: &mut Vec<String>) -> Result<(), String> {
    let (line, protocol, segment) = match ether_type {
        0x0800 => ipv4(packet)?,
        0x86dd => ipv6(packet)?,
        _ => return Ok(()),
    };
    lines.push(line);
    transport(protocol, segment, lines)
}

fn transport(protocol: u8, segment: &[u8], lines: &mut Vec<String>) -> Result<(), String> {
    let (line, payload) = match protocol {
        6 => tcp(segment)?,
        17 => udp(segment)?,
        _ => return Ok(()),
    };
    lines.push(format!("{line}, {} bytes", payload.len()));
    application(payload, lines);
    Ok(())
}

fn application(payload: &[u8], lines: &mut Vec<String>) {
    if !payload.is_empty() {
        lines.push(format!("application: {}", hex(payload)));
    }
}

/// The line of an Ethernet header, the type of what it carries, and what is inside.
///
/// 6 bytes destination, 6 bytes source, 2 bytes type.
fn ethernet(frame: &[u8]) -> Result<(String, u16, &[u8]), String> {
    let (header, inside) = split(frame, 14)?;
    let (to, from) = (mac(&header[0..6]), mac(&header[6..12]));
    let ether_type = number(&header[12..14]);
    let line = format!("link: {from} > {to}, type 0x{ether_type:04x}");
    Ok((line, ether_type, inside))
}

/// The same of an IPv4 header: its line, the protocol that it carries, and what is inside.
fn ipv4(packet: &[u8]) -> Result<(String, u8, &[u8]), String> {
    let (fixed, _) = split(packet, 20)?;
    demand(fixed[0] >> 4 == 4, "this is not version 4")?;
    let (_from, _to) = (ipv4_address(&fixed[12..16]), ipv4_address(&fixed[16..20]));
    todo!(
        "read the rest of the IPv4 header as `ethernet` reads its own. The lower half of the first byte \
         is the header's length in words of four bytes; bytes 2 and 3 say where the packet ends. Demand \
         what must hold. The chapter has a map."
    )
}

/// The same of an IPv6 header.
fn ipv6(packet: &[u8]) -> Result<(String, u8, &[u8]), String> {
    let (header, _inside) = split(packet, 40)?;
    let (_from, _to) = (ipv6_address(&header[8..24]), ipv6_address(&header[24..40]));
    todo!(
        "the upper half of the first byte is the version, as above; bytes 4 and 5 say how much of what \
         is inside is the packet's."
    )
}

/// The line of a UDP header, without the payload's length, and the payload.
fn udp(_datagram: &[u8]) -> Result<(String, &[u8]), String> {
    todo!("8 bytes: two ports, a length, a checksum. What comes after them is the payload.")
}

/// The same of a TCP header.
fn tcp(segment: &[u8]) -> Result<(String, &[u8]), String> {
    let (fixed, _) = split(segment, 20)?;
    let _flags = flags(fixed[13]);
    todo!(
        "two ports as in UDP. The upper half of byte 12 is the header's length in words of four bytes: \
         it is at least 5, and the payload begins where the header ends."
    )
}

/// The names of the flags that are set: one bit each.
fn flags(byte: u8) -> String {
    let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"];
    let bits = [1, 2, 4, 8, 16, 32];
    let pairs = bits.iter().zip(names);
    let set = pairs.filter(|(bit, _)| byte & **bit != 0);
    let set: Vec<&str> = set.map(|(_, name)| name).collect();
    if set.is_empty() {
        return "none".into();
    }
    set.join(" ")
}

/// Four bytes as an address.
fn ipv4_address(bytes: &[u8]) -> Ipv4Addr {
    let mut octets = [0; 4];
    octets.copy_from_slice(bytes);
    octets.into()
}

/// Sixteen bytes as an address.
fn ipv6_address(bytes: &[u8]) -> Ipv6Addr {
    let mut octets = [0; 16];
    octets.copy_from_slice(bytes);
    octets.into()
}

/// The first `length` bytes, and the rest.
fn split(bytes: &[u8], length: usize) -> Result<(&[u8], &[u8]), String> {
    let parts = bytes.split_at_checked(length);
    parts.ok_or(format!("a header of {length} bytes does not fit"))
}

/// An error with this reason, if something does not hold that must.
fn demand(holds: bool, reason: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason.into()) }
}

/// Two bytes as a number, the more significant one first.
fn number(bytes: &[u8]) -> u16 {
    u16::from_be_bytes([bytes[0], bytes[1]])
}

/// `02:00:00:00:00:01`
fn mac(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(":")
}

/// Two digits a byte: `68656c6c6f`.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes out of a line of hexadecimal digits.
fn unhex(line: &str) -> Result<Vec<u8>, String> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let digits: Option<Vec<u32>> = line.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits.filter(|digits| !digits.is_empty());
    let digits = digits.ok_or("this is not hexadecimal")?;
    let (pairs, []) = digits.as_chunks() else {
        return Err("there is half a byte".into());
    };
    let byte = |[high, low]: &[u32; 2]| u8::try_from(high * 16 + low);
    let bytes: Result<_, _> = pairs.iter().map(byte).collect();
    bytes.map_err(|_| "this is not hexadecimal".into())
}
