//! Lines that are no address, in text or in bytes.

use harness::random::Random;

use crate::forms::hex;

/// Each of them looks like an address but for one thing.
pub(crate) fn lines(random: &mut Random) -> Vec<String> {
    let mut lines: Vec<String> = [
        // No port.
        "127.0.0.1",
        "127.0.0.1:",
        "[::1]",
        "[::1]:",
        // A port has 16 bits.
        "127.0.0.1:65536",
        "[::1]:65536",
        // And is 1 to 5 digits.
        "127.0.0.1:+80",
        "[::1]:000080",
        "127.0.0.1: 80",
        "127.0.0.1:80 ",
        // One of them, behind one colon.
        "127.0.0.1:80:90",
        // IPv4 is four numbers up to 255.
        "127.0.0.256:80",
        "10.0.1:80",
        "1.2.3.4.5:80",
        // Without zeros in front: some read 010 as 8 (`man 3 inet_aton`).
        "127.0.0.01:80",
        // Without brackets nobody knows where the address ends.
        "::1:80",
        // And they are for IPv6 alone, and come in pairs.
        "[127.0.0.1]:80",
        "[::1:80",
        // One `::` at most, four digits a group.
        "[2001:db8::1::2]:80",
        "[2001:db8::12345]:80",
        // A zone id is no part of the address.
        "[fe80::1%1]:80",
        "[fe80::1%eth0]:80",
        // A name is not an address.
        "localhost:80",
        "hello",
        "",
        // Paths of no bytes.
        "unix:",
        "AF_UNIX path ",
        // Too few digits, too many, and none.
        "AF_UNIX path 2f7",
        "AF_INET port 1f9 address 7f000001",
        "AF_INET port 1f90 address 7f0000",
        "AF_INET port 1f90 address 7f00000100",
        "AF_INET6 port 0050 address 7f000001",
        "AF_INET port 0050 address 00000000000000000000000000000001",
        "AF_INET port 1f9g address 7f000001",
        "AF_INET port +f90 address 7f000001",
        // More words than there should be.
        "AF_INET port 1f90 address 7f000001 7f000001",
        "AF_UNIX path 2f74 2f74",
        // No such family.
        "AF_INET5 port 1f90 address 7f000001",
    ]
    .map(str::to_owned)
    .into();
    let port = random.number(65_537..=99_999);
    lines.push(format!("192.0.2.1:{port}"));
    let port = random.number(100_000..=4_294_967_295);
    lines.push(format!("192.0.2.1:{port}"));
    // One byte more than there is room for.
    let path = [b"/tmp/", &random.letters(103)[..]].concat();
    lines.push(format!("unix:{}", String::from_utf8_lossy(&path)));
    lines.push(format!("AF_UNIX path {}", hex(&path)));
    lines
}
