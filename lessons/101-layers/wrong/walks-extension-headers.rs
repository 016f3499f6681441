//! fails: unknown-types
//! also: many-frames
//! Looks behind the options of IPv6 for UDP and TCP.

use std::io::{self, BufRead, Write};
use std::net::{Ipv4Addr, Ipv6Addr};

fn main() -> io::Result<()> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let mut lines = Vec::new();
        if describe(&line?, &mut lines).is_none() {
            lines.push("error: this cannot be".into());
        }
        for line in lines {
            writeln!(output, "{line}")?;
        }
        writeln!(output)?;
    }
    Ok(())
}

/// None where a layer cannot be what it claims to be.
fn describe(line: &str, lines: &mut Vec<String>) -> Option<()> {
    let frame = bytes(line.trim_end())?;
    lines.push(format!("physical: {} bytes", frame.len()));
    let header = frame.get(..14)?;
    let (to, from) = (mac(&header[..6]), mac(&header[6..12]));
    let ether_type = number(&header[12..14]);
    lines.push(format!("link: {from} > {to}, type 0x{ether_type:04x}"));
    let (protocol, segment) = match ether_type {
        0x0800 => ipv4(&frame[14..], lines)?,
        0x86dd => ipv6(&frame[14..], lines)?,
        _ => return Some(()),
    };
    let payload = match protocol {
        6 => tcp(segment, lines)?,
        17 => udp(segment, lines)?,
        _ => return Some(()),
    };
    if !payload.is_empty() {
        lines.push(format!("application: {}", hex(payload)));
    }
    Some(())
}

fn ipv4<'a>(packet: &'a [u8], lines: &mut Vec<String>) -> Option<(u8, &'a [u8])> {
    let fixed = packet.get(..20)?;
    let length = usize::from(fixed[0] & 0x0f) * 4;
    let total = usize::from(number(&fixed[2..4]));
    if fixed[0] >> 4 != 4 || length < 20 || total < length || packet.len() < length {
        return None;
    }
    let (ttl, protocol) = (fixed[8], fixed[9]);
    let from = Ipv4Addr::new(fixed[12], fixed[13], fixed[14], fixed[15]);
    let to = Ipv4Addr::new(fixed[16], fixed[17], fixed[18], fixed[19]);
    lines.push(format!(
        "network: {from} > {to}, protocol {protocol}, ttl {ttl}"
    ));
    Some((protocol, &packet[length..total.min(packet.len())]))
}

fn ipv6<'a>(packet: &'a [u8], lines: &mut Vec<String>) -> Option<(u8, &'a [u8])> {
    let header = packet.get(..40)?;
    if header[0] >> 4 != 6 {
        return None;
    }
    let length = usize::from(number(&header[4..6]));
    let (next, hops) = (header[6], header[7]);
    let from = Ipv6Addr::from(<[u8; 16]>::try_from(&header[8..24]).ok()?);
    let to = Ipv6Addr::from(<[u8; 16]>::try_from(&header[24..40]).ok()?);
    lines.push(format!(
        "network: {from} > {to}, next header {next}, hop limit {hops}"
    ));
    let inside = &packet[40..packet.len().min(40 + length)];
    Some(behind_options(next, inside).unwrap_or((next, inside)))
}

/// What comes behind hop-by-hop options, if these are some.
fn behind_options(next: u8, inside: &[u8]) -> Option<(u8, &[u8])> {
    if next != 0 {
        return None;
    }
    let length = 8 + 8 * usize::from(*inside.get(1)?);
    Some((inside[0], inside.get(length..)?))
}

fn udp<'a>(datagram: &'a [u8], lines: &mut Vec<String>) -> Option<&'a [u8]> {
    let payload = datagram.get(8..)?;
    let (from, to) = (number(&datagram[0..2]), number(&datagram[2..4]));
    lines.push(format!(
        "transport: UDP {from} > {to}, {} bytes",
        payload.len()
    ));
    Some(payload)
}

fn tcp<'a>(segment: &'a [u8], lines: &mut Vec<String>) -> Option<&'a [u8]> {
    let fixed = segment.get(..20)?;
    let length = usize::from(fixed[12] >> 4) * 4;
    if length < 20 {
        return None;
    }
    let payload = segment.get(length..)?;
    let (from, to) = (number(&fixed[0..2]), number(&fixed[2..4]));
    let flags = flags(fixed[13]);
    lines.push(format!(
        "transport: TCP {from} > {to}, flags {flags}, {} bytes",
        payload.len()
    ));
    Some(payload)
}

fn flags(bits: u8) -> String {
    let mut set = Vec::new();
    for (bit, name) in ["FIN", "SYN", "RST", "PSH", "ACK", "URG"]
        .iter()
        .enumerate()
    {
        if bits & 1 << bit != 0 {
            set.push(*name);
        }
    }
    if set.is_empty() {
        "none".into()
    } else {
        set.join(" ")
    }
}

fn number(bytes: &[u8]) -> u16 {
    u16::from_be_bytes([bytes[0], bytes[1]])
}

fn mac(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(":")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(line: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = line.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits.filter(|digits| !digits.is_empty() && digits.len() % 2 == 0)?;
    let pairs = digits.chunks(2);
    pairs
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok())
        .collect()
}
