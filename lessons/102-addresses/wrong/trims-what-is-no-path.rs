//! fails: rejects-nonsense
//! Takes white space off each word: an address with a blank in it becomes one without.

use std::io::{self, BufRead, Write};
use std::net::{Ipv4Addr, Ipv6Addr};

fn main() -> io::Result<()> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().split(b'\n') {
        let other = other_form(&line?).unwrap_or(b"error: no address".to_vec());
        output.write_all(&other)?;
        output.write_all(b"\n")?;
    }
    Ok(())
}

fn other_form(line: &[u8]) -> Option<Vec<u8>> {
    if let Some(path) = line.strip_prefix(b"unix:") {
        return fits(path).then(|| format!("AF_UNIX path {}", hex(path)).into());
    }
    let text = str::from_utf8(line).ok()?.trim();
    let words: Vec<&str> = text.split(' ').collect();
    match words[..] {
        ["AF_INET", "port", port, "address", ip] => {
            let ip: [u8; 4] = bytes(ip)?.try_into().ok()?;
            let port = u16::from_be_bytes(bytes(port)?.try_into().ok()?);
            Some(format!("{}:{port}", Ipv4Addr::from(ip)).into())
        }
        ["AF_INET6", "port", port, "address", ip] => {
            let ip: [u8; 16] = bytes(ip)?.try_into().ok()?;
            let port = u16::from_be_bytes(bytes(port)?.try_into().ok()?);
            Some(format!("[{}]:{port}", Ipv6Addr::from(ip)).into())
        }
        ["AF_UNIX", "path", path] => {
            let path = bytes(path)?;
            fits(&path).then(|| [b"unix:", &path[..]].concat())
        }
        _ => ip_to_bytes(text).map(String::into_bytes),
    }
}

fn ip_to_bytes(text: &str) -> Option<String> {
    let (ip, port) = text.rsplit_once(':')?;
    let port = number(port.trim())?;
    let port = hex(&port.to_be_bytes());
    if let Some(ip) = ip.strip_prefix('[').and_then(|ip| ip.strip_suffix(']')) {
        let ip: Ipv6Addr = ip.parse().ok()?;
        Some(format!(
            "AF_INET6 port {port} address {}",
            hex(&ip.octets())
        ))
    } else {
        let ip: Ipv4Addr = ip.parse().ok()?;
        Some(format!("AF_INET port {port} address {}", hex(&ip.octets())))
    }
}

fn number(port: &str) -> Option<u16> {
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    (digits && port.len() <= 5).then(|| port.parse().ok())?
}

fn fits(path: &[u8]) -> bool {
    (1..=107).contains(&path.len())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    let pairs = digits.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(value(*high)? * 16 + value(*low)?).ok(),
        _ => None,
    });
    pairs.collect()
}
