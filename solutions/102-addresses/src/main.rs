//! 102 addresses: the bytes behind an address, as bind and connect hand them to the kernel.

use std::io::{self, BufRead as _, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4, SocketAddrV6};
use std::process::ExitCode;

/// sun_path has room for 108 bytes, and the last of them is a zero (`man 7 unix`).
const LONGEST_PATH: usize = 107;

fn main() -> ExitCode {
    match answer_every_line() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("addresses: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads standard input to its end. A line is bytes: a path need not be text.
fn answer_every_line() -> io::Result<()> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().split(b'\n') {
        match other_form(&line?) {
            Ok(other) => output.write_all(&other)?,
            Err(reason) => write!(output, "error: {reason}")?,
        }
        output.write_all(b"\n")?;
    }
    Ok(())
}

/// The bytes of an address that was given as text; the text of one that was given as bytes.
fn other_form(line: &[u8]) -> Result<Vec<u8>, String> {
    if let Some(path) = line.strip_prefix(b"unix:") {
        return unix_to_bytes(path);
    }
    let text = str::from_utf8(line).map_err(|_| "this is no address")?;
    let words: Vec<&str> = text.split(' ').collect();
    let other = match words[..] {
        ["AF_INET", "port", port, "address", ip] => ipv4_from_bytes(unhex(port)?, unhex(ip)?),
        ["AF_INET6", "port", port, "address", ip] => ipv6_from_bytes(unhex(port)?, unhex(ip)?),
        ["AF_UNIX", "path", path] => return unix_from_bytes(&unhex_all(path)?),
        _ => ip_to_bytes(text)?,
    };
    Ok(other.into_bytes())
}

/// `127.0.0.1:8080` or `[::1]:80`.
fn ip_to_bytes(text: &str) -> Result<String, String> {
    let (ip, port) = text.rsplit_once(':').ok_or("there is no port")?;
    let port = hex(&port_to_bytes(port)?);
    if let Some(ip) = ip.strip_prefix('[').and_then(|ip| ip.strip_suffix(']')) {
        let ip = hex(&ipv6_to_bytes(ip)?);
        Ok(format!("AF_INET6 port {port} address {ip}"))
    } else {
        let ip = hex(&ipv4_to_bytes(ip)?);
        Ok(format!("AF_INET port {port} address {ip}"))
    }
}

/// One to five digits, at most 65535: a port has two bytes, the more significant one first.
fn port_to_bytes(text: &str) -> Result<[u8; 2], String> {
    if text.len() > 5 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("a port is 1 to 5 digits".into());
    }
    let port: u16 = text.parse().map_err(|_| "there is no such port")?;
    Ok(port.to_be_bytes())
}

fn ipv4_to_bytes(text: &str) -> Result<[u8; 4], String> {
    let ip: Ipv4Addr = text.parse().map_err(|_| "this is no IPv4 address")?;
    Ok(ip.octets())
}

/// Ipv6Addr takes no zone id, which SocketAddrV6 would.
fn ipv6_to_bytes(text: &str) -> Result<[u8; 16], String> {
    let ip: Ipv6Addr = text.parse().map_err(|_| "this is no IPv6 address")?;
    Ok(ip.octets())
}

fn ipv4_from_bytes(port: [u8; 2], ip: [u8; 4]) -> String {
    SocketAddrV4::new(ip.into(), u16::from_be_bytes(port)).to_string()
}

fn ipv6_from_bytes(port: [u8; 2], ip: [u8; 16]) -> String {
    SocketAddrV6::new(ip.into(), u16::from_be_bytes(port), 0, 0).to_string()
}

fn unix_to_bytes(path: &[u8]) -> Result<Vec<u8>, String> {
    check_length(path)?;
    Ok(format!("AF_UNIX path {}", hex(path)).into_bytes())
}

fn unix_from_bytes(path: &[u8]) -> Result<Vec<u8>, String> {
    check_length(path)?;
    Ok([b"unix:", path].concat())
}

fn check_length(path: &[u8]) -> Result<(), String> {
    match path.len() {
        0 => Err("the path is empty".into()),
        1..=LONGEST_PATH => Ok(()),
        len => Err(format!(
            "a path has at most {LONGEST_PATH} bytes, and this one has {len}"
        )),
    }
}

/// Two digits a byte: `7f000001`.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Exactly N bytes out of twice as many digits.
fn unhex<const N: usize>(text: &str) -> Result<[u8; N], String> {
    let bytes = unhex_all(text)?.try_into();
    bytes.map_err(|_| format!("there should be {} digits", 2 * N))
}

/// As many bytes as there are pairs of digits.
fn unhex_all(text: &str) -> Result<Vec<u8>, String> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits.ok_or("this is not hexadecimal")?;
    let (pairs, []) = digits.as_chunks() else {
        return Err("there is half a byte".into());
    };
    let byte = |[high, low]: &[u32; 2]| u8::try_from(high * 16 + low);
    let bytes: Result<_, _> = pairs.iter().map(byte).collect();
    bytes.map_err(|_| "this is not hexadecimal".into())
}
