//! 102 addresses: the bytes behind an address, as bind and connect hand them to the kernel.
//!
//! Run the checks with `cargo test -p addresses`. The chapter is book/src/102-addresses.md.

use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;

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

/// A port is a number of two bytes, the more significant one first.
fn port_to_bytes(_text: &str) -> Result<[u8; 2], String> {
    todo!(
        "parse the text as a number of 16 bits (u16) and return its two bytes in network order \
         (to_be_bytes). What is no such number is an Err with a reason. Later: parse takes +80, too, and \
         a port is 1 to 5 digits."
    )
}

/// `127.0.0.1`
fn ipv4_to_bytes(_text: &str) -> Result<[u8; 4], String> {
    todo!("parse the text as an Ipv4Addr and return its octets; an Err if it is none.")
}

/// `::1`
fn ipv6_to_bytes(_text: &str) -> Result<[u8; 16], String> {
    todo!("the same with Ipv6Addr.")
}

/// The way back: `127.0.0.1:8080`.
fn ipv4_from_bytes(_port: [u8; 2], _ip: [u8; 4]) -> String {
    todo!("make the port's number out of its two bytes, and write address, colon, port.")
}

/// The way back: `[::1]:80`.
fn ipv6_from_bytes(_port: [u8; 2], _ip: [u8; 16]) -> String {
    todo!("the same for IPv6, with brackets. Ipv6Addr knows how to shorten itself.")
}

/// `AF_UNIX path 2f746d70…`, for a path of 1 to 107 bytes.
fn unix_to_bytes(_path: &[u8]) -> Result<Vec<u8>, String> {
    todo!(
        "an Err if the path is empty or too long; otherwise the whole line: AF_UNIX path, and the \
         path's bytes in hexadecimal. into_bytes makes bytes of a String."
    )
}

/// The way back: `unix:` and the path as it is. It need not be text.
fn unix_from_bytes(_path: &[u8]) -> Result<Vec<u8>, String> {
    todo!("the same condition; then the five bytes `unix:` and the path's own.")
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
