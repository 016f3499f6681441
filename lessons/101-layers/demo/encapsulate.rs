//! Wraps a word into all five layers, from the inside out. Its last line is a frame for your program.

fn main() {
    // Application: the bytes that somebody wants to send.
    let payload = b"hello".to_vec();
    show("application", &payload);

    // Transport: ports say which program. Source, destination, length, and no checksum (RFC 768).
    let length = 8 + 5;
    let datagram = wrap(&[0xc7, 0x38, 0x00, 0x35, 0, length, 0, 0], &payload);
    show("transport", &datagram);

    // Network: addresses say which machine (RFC 791). Version 4 and five words, total length, … ,
    // TTL 64, protocol 17, checksum, source 192.0.2.1, destination 192.0.2.2.
    let length = 20 + 8 + 5;
    let header = [
        0x45, 0, 0, length, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0, 2, 2,
    ];
    let packet = wrap(&header, &datagram);
    show("network", &packet);

    // Link: says which card of those that are on the same wire. Destination, source, type IPv4.
    let header = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x00];
    let frame = wrap(&header, &packet);
    show("link", &frame);

    // Physical: the bits go over the wire.
    println!("{}", hex(&frame));
}

/// A header, and what it carries.
fn wrap(header: &[u8], inside: &[u8]) -> Vec<u8> {
    [header, inside].concat()
}

fn show(layer: &str, bytes: &[u8]) {
    eprintln!("{layer:12}{:3} bytes  {}", bytes.len(), hex(bytes));
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
