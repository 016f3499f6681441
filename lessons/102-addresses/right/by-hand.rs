//! Leaves nothing to std::net: reads and writes numbers, groups and digits by hand, and prints all of
//! it once the input has ended.

use std::io::{self, Read, Write};

fn main() -> io::Result<()> {
    let mut input = Vec::new();
    io::stdin().read_to_end(&mut input)?;
    let mut output = Vec::new();
    for line in input.split_inclusive(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        output.extend(other_form(line).unwrap_or_else(|reason| format!("error: {reason}").into()));
        output.push(b'\n');
    }
    io::stdout().write_all(&output)
}

type Answer<T> = Result<T, &'static str>;

fn other_form(line: &[u8]) -> Answer<Vec<u8>> {
    if let Some(path) = line.strip_prefix(b"unix:") {
        return Ok([b"AF_UNIX path ", &digits(fitting(path)?)[..]].concat());
    }
    if let Some(path) = line.strip_prefix(b"AF_UNIX path ") {
        let path = bytes(path)?;
        return Ok([b"unix:", fitting(&path)?].concat());
    }
    if let Some(rest) = line.strip_prefix(b"AF_INET port ") {
        let (port, ip) = two_numbers::<4>(rest)?;
        let ip = ip.map(|byte| byte.to_string()).join(".");
        return Ok(format!("{ip}:{port}").into());
    }
    if let Some(rest) = line.strip_prefix(b"AF_INET6 port ") {
        let (port, ip) = two_numbers::<16>(rest)?;
        return Ok(format!("[{}]:{port}", groups_to_text(&ip)).into());
    }
    let colon = line.iter().rposition(|&byte| byte == b':');
    let (ip, port) = line.split_at(colon.ok_or("no colon")?);
    let port = u16::try_from(decimal(&port[1..], 5)?).map_err(|_| "a port over 65535")?;
    let (family, ip) = match ip {
        [b'[', ip @ .., b']'] => ("AF_INET6", text_to_groups(ip)?.to_vec()),
        ip => ("AF_INET", octets(ip)?),
    };
    let line = [
        family.as_bytes(),
        b" port ",
        &digits(&[(port >> 8) as u8, (port & 0xff) as u8]),
        b" address ",
        &digits(&ip),
    ];
    Ok(line.concat())
}

fn fitting(path: &[u8]) -> Answer<&[u8]> {
    match path.len() {
        1..=107 => Ok(path),
        _ => Err("a path has 1 to 107 bytes"),
    }
}

/// `1f90 address 7f000001`
fn two_numbers<const N: usize>(rest: &[u8]) -> Answer<(u32, [u8; N])> {
    let (port, rest) = rest.split_at_checked(4).ok_or("no port")?;
    let ip = rest.strip_prefix(b" address ").ok_or("no address")?;
    let port = bytes(port)?
        .iter()
        .fold(0, |port, &byte| port * 256 + u32::from(byte));
    let ip = bytes(ip)?.try_into();
    Ok((port, ip.map_err(|_| "a wrong number of digits")?))
}

fn decimal(text: &[u8], longest: usize) -> Answer<u32> {
    if text.is_empty() || text.len() > longest || !text.iter().all(u8::is_ascii_digit) {
        return Err("no number");
    }
    Ok(text
        .iter()
        .fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
}

fn octets(text: &[u8]) -> Answer<Vec<u8>> {
    let parts: Vec<&[u8]> = text.split(|&byte| byte == b'.').collect();
    let octet = |part: &&[u8]| match part {
        [b'0', _, ..] => Err("a zero in front"),
        part => u8::try_from(decimal(part, 3)?).map_err(|_| "over 255"),
    };
    match parts.len() {
        4 => parts.iter().map(octet).collect(),
        _ => Err("an IPv4 address has four numbers"),
    }
}

fn text_to_groups(text: &[u8]) -> Answer<[u8; 16]> {
    let text = str::from_utf8(text).map_err(|_| "no text")?;
    let mut ip = [0; 16];
    let (front, back) = match text.split_once("::") {
        Some((front, back)) => (groups(front)?, groups(back)?),
        None => (groups(text)?, Vec::new()),
    };
    let count = front.len() + back.len();
    if count > 16 || (count < 16) != text.contains("::") {
        return Err("an IPv6 address has eight groups");
    }
    ip[..front.len()].copy_from_slice(&front);
    ip[16 - back.len()..].copy_from_slice(&back);
    Ok(ip)
}

fn groups(text: &str) -> Answer<Vec<u8>> {
    let mut all = Vec::new();
    for group in text.split(':').filter(|_| !text.is_empty()) {
        if group.is_empty() || group.len() > 4 {
            return Err("a group has one to four digits");
        }
        all.extend(bytes(format!("{group:0>4}").as_bytes())?);
    }
    Ok(all)
}

/// RFC 5952 §4: the longest run of at least two zero groups, of equals the first.
fn groups_to_text(ip: &[u8; 16]) -> String {
    let groups: Vec<u16> = ip
        .chunks(2)
        .map(|pair| u16::from(pair[0]) << 8 | u16::from(pair[1]))
        .collect();
    let run = |start: usize| {
        groups[start..]
            .iter()
            .take_while(|&&group| group == 0)
            .count()
    };
    let longest = (0..8).rev().max_by_key(|&start| run(start)).unwrap_or(0);
    let text = |groups: &[u16]| {
        let texts: Vec<String> = groups.iter().map(|group| format!("{group:x}")).collect();
        texts.join(":")
    };
    match run(longest) {
        0 | 1 => text(&groups),
        len => format!(
            "{}::{}",
            text(&groups[..longest]),
            text(&groups[longest + len..])
        ),
    }
}

fn digits(bytes: &[u8]) -> Vec<u8> {
    let digit = |value: u8| b"0123456789abcdef"[usize::from(value)];
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn bytes(digits: &[u8]) -> Answer<Vec<u8>> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err("no hexadecimal digit"),
    };
    let byte = |pair: &[u8]| match pair {
        [high, low] => Ok(value(*high)? << 4 | value(*low)?),
        _ => Err("half a byte"),
    };
    digits.chunks(2).map(byte).collect()
}
