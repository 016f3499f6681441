//! What this lesson knows about wrong answers.

use std::net::Ipv6Addr;

use harness::diagnosis::{Case, Diagnosis, Note};

/// From the most telling to the least.
pub(crate) const NOTES: &[Note] = &[
    port_order,
    address_order,
    lost_zeros,
    ipv6_text,
    path,
    upper_case,
    takes_too_much,
];

const BYTE_ORDER: &str = "Network byte order";
const SHORTENING: &str = "How IPv6 is written";
const PATHS: &str = "A path is bytes";
const REFUSING: &str = "What is no address";

/// A number and what follows it, of either form of an IP address: the port.
fn port(line: &str) -> Option<(u16, &str)> {
    if let Some((ip, port)) = line.rsplit_once(':') {
        return Some((port.parse().ok()?, ip));
    }
    let words: Vec<&str> = line.split(' ').collect();
    match words[..] {
        ["AF_INET" | "AF_INET6", "port", port, "address", ip] => {
            Some((u16::from_str_radix(port, 16).ok()?, ip))
        }
        _ => None,
    }
}

fn port_order(case: &Case<'_>) -> Option<Diagnosis> {
    let (_, expected, printed) = case.misprint()?;
    let (expected, _) = port(expected)?;
    let (printed, _) = port(printed)?;
    if expected == printed || expected.swap_bytes() != printed {
        return None;
    }
    let meaning = format!(
        "The port is right but for the order of its two bytes: {expected} is {expected:04x}, and \
         {printed:04x} is {printed}. Your machine keeps the less significant byte of a number first; \
         on the network the more significant one comes first. Use to_be_bytes and from_be_bytes (be: \
         big-endian), which do the same on every machine."
    );
    Some(Diagnosis::new("port-in-host-order", meaning).section(BYTE_ORDER))
}

/// The four numbers of an IPv4 address, from either form.
fn octets(ip: &str) -> Option<[u8; 4]> {
    match ip.parse::<std::net::Ipv4Addr>() {
        Ok(ip) => Some(ip.octets()),
        Err(_) => Some(u32::from_str_radix(ip, 16).ok()?.to_be_bytes()),
    }
}

fn address_order(case: &Case<'_>) -> Option<Diagnosis> {
    let (_, expected, printed) = case.misprint()?;
    let expected = octets(port(expected)?.1)?;
    let mut printed = octets(port(printed)?.1)?;
    printed.reverse();
    if expected != printed {
        return None;
    }
    let meaning = "The four numbers of the address came in the opposite order. They are four bytes, and \
                   the first number is the first byte. Who takes them for one number of 32 bits has \
                   them turned round by a machine that keeps the least significant byte first: use \
                   octets() and Ipv4Addr::from([u8; 4]), or from_be_bytes.";
    Some(Diagnosis::new("address-in-host-order", meaning).section(BYTE_ORDER))
}

/// `7f001` for `7f000001`, `50` for `0050`.
fn lost_zeros(case: &Case<'_>) -> Option<Diagnosis> {
    let (_, expected, printed) = case.misprint()?;
    if !expected.starts_with("AF_") || printed.len() >= expected.len() {
        return None;
    }
    let digit = |c: char| c != '0';
    let same = expected.chars().filter(|&c| digit(c));
    if !same.eq(printed.chars().filter(|&c| digit(c))) {
        return None;
    }
    let meaning = "Zeros are missing. Every byte is two digits here, also one under 16: 01, not 1. \
                   Otherwise nobody could tell where a byte ends. Write {:02x} for each byte.";
    Some(Diagnosis::new("drops-zeros", meaning))
}

fn ipv6_text(case: &Case<'_>) -> Option<Diagnosis> {
    let (_, expected, printed) = case.misprint()?;
    let ip: Ipv6Addr = bracketed(expected)?.parse().ok()?;
    let text = bracketed(expected)?;
    if printed.starts_with(text) {
        let meaning = format!(
            "The address is right, but without brackets nobody knows where it ends and the port \
             begins: {printed} could be an address by itself. Write [{text}], a colon, and the port."
        );
        return Some(Diagnosis::new("no-brackets", meaning).section(SHORTENING));
    }
    let written = bracketed(printed)?;
    let other = written.parse::<Ipv6Addr>();
    if other.is_ok_and(|other| other != ip) {
        return None;
    }
    let rule = if !written.contains("::") {
        "the longest run of groups that are zero becomes `::`"
    } else if !text.contains("::") {
        "`::` never stands for a single group: that stays 0"
    } else {
        "it is the longest run of groups that are zero which becomes `::`; of two that are as long, \
         the first; and no group begins with a zero"
    };
    let meaning = format!(
        "It is the right address, and there are several ways to write it down. So that everybody \
         writes it in the same way, RFC 5952 has a rule for it: {rule}. Ipv6Addr's Display and \
         inet_ntop both know that."
    );
    Some(Diagnosis::new("not-canonical", meaning).section(SHORTENING))
}

/// What stands in brackets at the beginning of `[::1]:80`.
fn bracketed(line: &str) -> Option<&str> {
    Some(line.strip_prefix('[')?.split_once(']')?.0)
}

fn path(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, expected, printed) = case.misprint()?;
    let of_path = expected.starts_with("AF_UNIX ") || expected.starts_with("unix:");
    if !of_path || due.error {
        return None;
    }
    let diagnosis = if printed.strip_suffix("00") == Some(expected) {
        Diagnosis::new(
            "ends-with-zero",
            "A zero byte stands at the end. In C a string ends with one, and in sun_path there is room \
             for it, but it is no part of the path.",
        )
    } else if printed.contains("efbfbd") || printed.contains('\u{fffd}') {
        Diagnosis::new(
            "path-is-no-text",
            "Where the path holds bytes that are no UTF-8, your program has put the replacement \
             character (ef bf bd). A path is bytes: only 00 and `/` mean anything to the kernel. Keep \
             it as a &[u8] from the line that you read to the line that you write, without a String \
             between.",
        )
    } else if expected.strip_suffix("0d") == Some(printed) {
        Diagnosis::new(
            "strips-the-carriage-return",
            "The CR at the end (0d) is gone. In a line of text it may belong to the line's end; in a path \
             it is a byte like any other. Take away the newline and nothing else.",
        )
    } else if due
        .input
        .strip_prefix("unix:")
        .is_some_and(|path| path.starts_with("unix:"))
    {
        Diagnosis::new(
            "strips-unix-twice",
            "The path itself begins with `unix:`, and that is gone. Take the word away once: strip_prefix \
             does, trim_start_matches takes it as often as it comes.",
        )
    } else if expected.strip_suffix("20") == Some(printed)
        || expected.strip_suffix("\\x20") == Some(printed)
    {
        Diagnosis::new(
            "trims-the-path",
            "The space at the end is gone. It belongs to the path, as any other byte does. trim takes \
             away more than the newline: take away that one byte, if it is there (strip_suffix).",
        )
    } else if printed.starts_with("error") && length_of_path(&due.input) == Some(107) {
        Diagnosis::new(
            "path-of-107",
            "This path has 107 bytes, and that is just not too long: sun_path has room for 108, the \
             last of which is a zero.",
        )
    } else {
        return None;
    };
    Some(diagnosis.section(PATHS))
}

/// How many bytes the path of a line has that is all ASCII.
fn length_of_path(line: &str) -> Option<usize> {
    let digits = line.strip_prefix("AF_UNIX path ");
    let path = line.strip_prefix("unix:").map(str::len);
    path.or(digits.map(|digits| digits.len() / 2))
}

fn upper_case(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, _, printed) = case.misprint()?;
    let (_, digits) = due
        .input
        .split_once(" path ")
        .or(due.input.split_once(" port "))?;
    let upper = digits.contains(|c: char| c.is_ascii_uppercase());
    if !upper || !printed.starts_with("error") || due.error {
        return None;
    }
    let meaning = "This line is valid: hexadecimal digits are read in either case, 7F as well as 7f. \
                   char::to_digit(16) and from_str_radix know both.";
    Some(Diagnosis::new("lower-case-only", meaning))
}

/// The line is no address, and is taken for one.
fn takes_too_much(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, _, printed) = case.misprint()?;
    let line = due.input.as_str();
    if !due.error
        || due.skips_to.is_some()
        || !(printed.starts_with("AF_") || printed.contains(':'))
    {
        return None;
    }
    let diagnosis = if line.contains('%') {
        Diagnosis::new(
            "takes-a-zone",
            "What stands after % is a zone id: it says through which interface fe80::1 is to be \
             reached. It means something on one machine only and is no part of the address, so this \
             lesson refuses it. SocketAddr and SocketAddrV6 take it; Ipv6Addr does not.",
        )
    } else if length_of_path(line).is_some_and(|len| len > 107) {
        Diagnosis::new(
            "path-of-108",
            "This path has 108 bytes. sun_path has room for 108, and the last of them must be the zero \
             at the end: 107 are left for the path.",
        )
        .section(PATHS)
    } else if has_a_sign(line) {
        Diagnosis::new(
            "takes-a-sign",
            "A + is no digit. But parse::<u16>() and from_str_radix take one in front of a number: look \
             before you call them whether there are only digits (is_ascii_digit, is_ascii_hexdigit).",
        )
    } else if is_address_with_blanks(line) {
        Diagnosis::new(
            "trims-the-address",
            "There is a blank in this line that belongs to no address, and your program has taken it away \
             (trim?). A port is 1 to 5 digits and nothing else.",
        )
    } else if line.starts_with("[127.") || line.starts_with("[::1:") {
        Diagnosis::new(
            "brackets-mean-nothing",
            "Brackets say where an IPv6 address begins and where it ends: there are two of them, and only \
             for IPv6. Take both away, with strip_prefix and strip_suffix, and parse an Ipv6Addr; without \
             them parse an Ipv4Addr.",
        )
    } else if line.starts_with("AF_") {
        Diagnosis::new(
            "takes-other-words",
            "A bytes line has one form for each family, with these words, in this order, and no others: \
             AF_INET port (4 digits) address (8 digits), AF_INET6 port (4 digits) address (32 digits), \
             AF_UNIX path (2 to 214 digits). What is different in this one?",
        )
    } else if has_two_colons(line) {
        Diagnosis::new(
            "takes-the-second-of-three",
            "There are two colons, and what stands behind the last one is not all that stands behind the \
             first. With split at `:` you get three parts, and your program has not looked at the third: \
             rsplit_once gives the address and the port, or nothing.",
        )
    } else if has_padded_octets(line) {
        Diagnosis::new(
            "padded-octet",
            "The numbers of an IPv4 address have no zeros in front: old C functions read 010 as 8 \
             (inet_aton: a number that begins with 0 is octal), so nobody could be sure which machine is \
             meant. Ipv4Addr's parse and inet_pton refuse it. Who takes the numbers apart by hand must \
             look for it.",
        )
    } else if has_too_many_digits(line) {
        Diagnosis::new(
            "port-of-many-digits",
            "A port is 1 to 5 digits, and this one has more, with zeros in front. parse::<u16>() and \
             SocketAddr take any number of them: look at the length first.",
        )
    } else if let Some(port) = too_large(line) {
        let low = port & 0xffff;
        Diagnosis::new(
            "port-wraps",
            format!(
                "There is no port {port}: a port has 16 bits, so 65535 is the last. What came of it, \
                 {low} ({low:04x}), are the lower 16 bits of that number. Do not cut a number down \
                 (`as u16`): parse it as the u16 that it must be, and refuse it if that fails."
            ),
        )
    } else {
        return None;
    };
    Some(if diagnosis.section.is_none() {
        diagnosis.section(REFUSING)
    } else {
        diagnosis
    })
}

/// Whether there is a sign where digits should be.
fn has_a_sign(line: &str) -> bool {
    line.contains('+') && !line.starts_with("unix:")
}

/// Whether it is an IPv4 address with white space around a part of it.
fn is_address_with_blanks(line: &str) -> bool {
    let numbers = |c: char| c.is_ascii_digit() || ".: ".contains(c);
    line.contains(' ') && line.chars().all(numbers)
}

/// Whether an IPv4 address has something behind its port.
fn has_two_colons(line: &str) -> bool {
    line.contains('.') && line.matches(':').count() == 2 && !line.starts_with("unix:")
}

/// Whether an IPv4 address has a number with a zero in front.
fn has_padded_octets(line: &str) -> bool {
    let Some((ip, _)) = line.split_once(':') else {
        return false;
    };
    let mut octets = ip.split('.').filter(|_| ip.contains('.'));
    octets.any(|octet| octet.len() > 1 && octet.starts_with('0'))
}

/// Whether the port of a text line is small, and has more than five digits all the same.
fn has_too_many_digits(line: &str) -> bool {
    let port = line.rsplit_once(':').map(|(_, port)| port);
    port.is_some_and(|port| port.len() > 5 && port.parse::<u16>().is_ok())
}

/// The port of a text line, if it has more than 16 bits.
fn too_large(line: &str) -> Option<u64> {
    let (_, port) = line.rsplit_once(':')?;
    port.parse().ok().filter(|&port| port > 65535)
}
