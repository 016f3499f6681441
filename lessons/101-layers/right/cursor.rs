//! Reads all of its input before it prints anything; and reads a header field by field, with a cursor
//! that knows what is left.

use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr};

fn main() -> io::Result<()> {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let mut output = String::new();
    for line in input.lines() {
        if describe(line.trim_end_matches('\r'), &mut output).is_none() {
            output += "error: this cannot be\n";
        }
        output += "\n";
    }
    io::stdout().write_all(output.as_bytes())
}

/// What is left of a frame.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    /// The next N bytes.
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take().map(|[byte]| byte)
    }

    fn number(&mut self) -> Option<u16> {
        self.take().map(u16::from_be_bytes)
    }

    fn skip(&mut self, count: usize) -> Option<()> {
        self.0 = self.0.get(count..)?;
        Some(())
    }

    /// Leaves out what comes after `count` bytes.
    fn keep(&mut self, count: usize) {
        self.0 = &self.0[..count.min(self.0.len())];
    }

    fn payload(self) -> &'a [u8] {
        self.0
    }
}

/// None where a layer cannot be what it claims to be.
fn describe(line: &str, out: &mut String) -> Option<()> {
    let frame = bytes(line)?;
    writeln!(out, "physical: {} bytes", frame.len()).ok()?;
    let mut cursor = Cursor(&frame);
    let ether_type = ethernet(&mut cursor, out)?;
    let protocol = match ether_type {
        0x0800 => ipv4(&mut cursor, out)?,
        0x86dd => ipv6(&mut cursor, out)?,
        _ => return Some(()),
    };
    let line = match protocol {
        6 => tcp(&mut cursor)?,
        17 => udp(&mut cursor)?,
        _ => return Some(()),
    };
    let payload = cursor.payload();
    writeln!(out, "{line}, {} bytes", payload.len()).ok()?;
    if !payload.is_empty() {
        writeln!(out, "application: {}", joined(payload, "")).ok()?;
    }
    Some(())
}

fn ethernet(cursor: &mut Cursor<'_>, out: &mut String) -> Option<u16> {
    let (to, from): ([u8; 6], [u8; 6]) = (cursor.take()?, cursor.take()?);
    let ether_type = cursor.number()?;
    let (to, from) = (joined(&to, ":"), joined(&from, ":"));
    writeln!(out, "link: {from} > {to}, type 0x{ether_type:04x}").ok()?;
    Some(ether_type)
}

fn ipv4(cursor: &mut Cursor<'_>, out: &mut String) -> Option<u8> {
    let first = cursor.byte()?;
    let length = usize::from(first & 0x0f) * 4;
    cursor.skip(1)?;
    let total = usize::from(cursor.number()?);
    cursor.skip(4)?;
    let (ttl, protocol) = (cursor.byte()?, cursor.byte()?);
    cursor.skip(2)?;
    let from: Ipv4Addr = cursor.take::<4>()?.into();
    let to: Ipv4Addr = cursor.take::<4>()?.into();
    cursor.skip(length.checked_sub(20)?)?;
    cursor.keep(total.checked_sub(length)?);
    if first >> 4 != 4 {
        return None;
    }
    writeln!(
        out,
        "network: {from} > {to}, protocol {protocol}, ttl {ttl}"
    )
    .ok()?;
    Some(protocol)
}

fn ipv6(cursor: &mut Cursor<'_>, out: &mut String) -> Option<u8> {
    let [first, ..]: [u8; 4] = cursor.take()?;
    let length = cursor.number()?;
    let (next, hops) = (cursor.byte()?, cursor.byte()?);
    let from: Ipv6Addr = cursor.take::<16>()?.into();
    let to: Ipv6Addr = cursor.take::<16>()?.into();
    cursor.keep(length.into());
    if first >> 4 != 6 {
        return None;
    }
    writeln!(
        out,
        "network: {from} > {to}, next header {next}, hop limit {hops}"
    )
    .ok()?;
    Some(next)
}

fn udp(cursor: &mut Cursor<'_>) -> Option<String> {
    let (from, to) = (cursor.number()?, cursor.number()?);
    cursor.skip(4)?;
    Some(format!("transport: UDP {from} > {to}"))
}

fn tcp(cursor: &mut Cursor<'_>) -> Option<String> {
    let (from, to) = (cursor.number()?, cursor.number()?);
    cursor.skip(8)?;
    let (offset, flags) = (cursor.byte()?, cursor.byte()?);
    cursor.skip(6)?;
    cursor.skip((usize::from(offset >> 4) * 4).checked_sub(20)?)?;
    let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"]
        .into_iter()
        .enumerate();
    let set: Vec<&str> = names
        .filter(|(bit, _)| flags >> bit & 1 == 1)
        .map(|(_, name)| name)
        .collect();
    let flags = if set.is_empty() {
        "none".into()
    } else {
        set.join(" ")
    };
    Some(format!("transport: TCP {from} > {to}, flags {flags}"))
}

fn joined(bytes: &[u8], between: &str) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(between)
}

fn bytes(line: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = line.bytes().map(digit).collect();
    let digits = digits.filter(|digits| !digits.is_empty() && digits.len() % 2 == 0)?;
    Some(
        digits
            .chunks(2)
            .map(|pair| pair[0] << 4 | pair[1])
            .collect(),
    )
}

fn digit(c: u8) -> Option<u8> {
    match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        b'A'..=b'F' => Some(c - b'A' + 10),
        _ => None,
    }
}
