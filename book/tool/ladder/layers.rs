//! The five layers of a frame, field by field, each with the bytes that it takes.

use std::net::Ipv4Addr;

use anyhow::{Context as _, bail};
use etherparse::icmpv4::DestUnreachableHeader;
use etherparse::{Icmpv4Type, TcpHeader, TcpOptionElement};
use serde_json::{Value, json};

use crate::capture::script::quote;
use crate::packet::{Packet, Transport};

use super::numbers::{Counted, thousands};

/// One layer of one frame.
#[derive(Debug)]
pub(crate) struct Layer {
    name: &'static str,
    /// What it is, in a few words.
    summary: String,
    fields: Vec<Field>,
}

/// One field of a header.
#[derive(Debug)]
struct Field {
    name: String,
    value: String,
    /// Where its bytes begin in the frame, and how many they are.
    start: usize,
    len: usize,
}

/// All five, from the one that a program sees down to the wire.
pub(crate) fn of(frame: &Packet, counted: Option<&Counted>) -> anyhow::Result<Vec<Layer>> {
    Ok(vec![
        application(frame),
        transport(frame, counted)?,
        network(frame),
        link(frame),
        physical(frame),
    ])
}

/// As `ladder.js` reads it.
pub(crate) fn to_json(layers: &[Layer]) -> Value {
    let layers = layers.iter().map(|layer| {
        let fields = layer.fields.iter();
        let fields: Vec<Value> = fields
            .map(|f| json!([f.name, f.value, f.start, f.len]))
            .collect();
        json!([layer.name, layer.summary, fields])
    });
    Value::Array(layers.collect())
}

/// Fields that follow each other.
struct Fields {
    at: usize,
    fields: Vec<Field>,
}

impl Fields {
    fn from(start: usize) -> Self {
        Self {
            at: start,
            fields: Vec::new(),
        }
    }

    fn next(&mut self, len: usize, name: &str, value: impl Into<String>) {
        self.fields.push(Field {
            name: name.to_owned(),
            value: value.into(),
            start: self.at,
            len,
        });
        self.at += len;
    }
}

fn application(frame: &Packet) -> Layer {
    let mut fields = Fields::from(frame.payload_start());
    let len = frame.payload.len();
    let summary = match (&frame.transport, len) {
        (_, 0) => "nothing: this one is the kernels' own".into(),
        (Transport::Icmp(_), _) => "the packet that could not be delivered".into(),
        _ => bytes(len),
    };
    if len > 0 {
        fields.next(len, "data", quote(&frame.payload));
    }
    Layer {
        name: "application",
        summary,
        fields: fields.fields,
    }
}

fn transport(frame: &Packet, counted: Option<&Counted>) -> anyhow::Result<Layer> {
    let mut fields = Fields::from(frame.transport_start());
    let summary = match &frame.transport {
        Transport::Tcp(tcp) => {
            tcp_fields(&mut fields, frame, tcp, counted)?;
            format!(
                "TCP, from port {} to {}",
                tcp.source_port, tcp.destination_port
            )
        }
        Transport::Udp(udp) => {
            fields.next(2, "source port", udp.source_port.to_string());
            fields.next(2, "destination port", udp.destination_port.to_string());
            fields.next(
                2,
                "length",
                format!("{}, this header included", bytes(udp.length.into())),
            );
            fields.next(2, "checksum", checksum(udp.checksum));
            format!(
                "UDP, from port {} to {}",
                udp.source_port, udp.destination_port
            )
        }
        Transport::Icmp(icmp) => {
            let Icmpv4Type::DestinationUnreachable(DestUnreachableHeader::Port) = icmp.icmp_type
            else {
                bail!("no ICMP message that a diagram knows: {icmp:?}");
            };
            fields.next(1, "type", "3: destination unreachable");
            fields.next(1, "code", "3: port unreachable");
            fields.next(2, "checksum", checksum(icmp.checksum));
            fields.next(4, "unused", "0");
            "ICMP: nobody has that port".into()
        }
    };
    Ok(Layer {
        name: "transport",
        summary,
        fields: fields.fields,
    })
}

/// RFC 9293, section 3.1.
fn tcp_fields(
    fields: &mut Fields,
    frame: &Packet,
    tcp: &TcpHeader,
    counted: Option<&Counted>,
) -> anyhow::Result<()> {
    fields.next(2, "source port", tcp.source_port.to_string());
    fields.next(2, "destination port", tcp.destination_port.to_string());
    let sequence = counted.map(|counted| counted.sequence);
    let number = from_syn(tcp.sequence_number, sequence);
    fields.next(4, "sequence number", number);
    let acknowledged = counted.map(|counted| counted.acknowledged);
    let number = from_syn(tcp.acknowledgment_number, acknowledged);
    fields.next(4, "acknowledgement number", number);
    let words = tcp.data_offset();
    let header = format!("{words} words: the header is {}", bytes(tcp.header_len()));
    fields.next(1, "data offset", header);
    fields.next(1, "flags", frame.flags());
    fields.next(2, "window", window(tcp, counted));
    fields.next(2, "checksum", checksum(tcp.checksum));
    fields.next(2, "urgent pointer", tcp.urgent_pointer.to_string());
    for option in tcp.options_iterator() {
        let option = option.context("an option of TCP")?;
        let (len, name, value) = match option {
            TcpOptionElement::Noop => (1, "option: no operation", "padding".into()),
            TcpOptionElement::MaximumSegmentSize(size) => {
                (4, "option: maximum segment size", bytes(size.into()))
            }
            TcpOptionElement::WindowScale(shift) => (
                3,
                "option: window scale",
                format!("{shift}: windows count in units of {}", bytes(1 << shift)),
            ),
            TcpOptionElement::SelectiveAcknowledgementPermitted => (
                2,
                "option: SACK permitted",
                "gaps may be acknowledged, too".into(),
            ),
            TcpOptionElement::SelectiveAcknowledgement(first, rest) => {
                let blocks = 1 + rest.iter().flatten().count();
                (
                    2 + 8 * blocks,
                    "option: SACK",
                    format!("from {} to {}", first.0, first.1),
                )
            }
            TcpOptionElement::Timestamp(now, echo) => (
                10,
                "option: timestamps",
                format!("mine {now}, your last {echo}"),
            ),
        };
        fields.next(len, name, value);
    }
    Ok(())
}

/// A number, and what it is when it is counted from the SYN.
fn from_syn(number: u32, counted: Option<u32>) -> String {
    match counted {
        Some(counted) if counted != number => format!("{number}: {counted}, counted from the SYN"),
        _ => number.to_string(),
    }
}

fn window(tcp: &TcpHeader, counted: Option<&Counted>) -> String {
    let number = tcp.window_size;
    match counted.filter(|counted| counted.factor > 1) {
        Some(Counted { factor, window, .. }) => {
            let window = thousands(*window);
            format!("{number} × {factor}, by the window scale: {window} bytes")
        }
        None => bytes(number.into()),
    }
}

/// RFC 791, section 3.1.
fn network(frame: &Packet) -> Layer {
    let ip = &frame.network;
    let mut fields = Fields::from(frame.network_start());
    let header = bytes(ip.header_len());
    fields.next(1, "version, header length", format!("4, {header}"));
    fields.next(
        1,
        "type of service",
        (ip.dscp.value() << 2 | ip.ecn.value()).to_string(),
    );
    let total = bytes(ip.total_len.into());
    fields.next(2, "total length", format!("{total}, this header included"));
    fields.next(2, "identification", ip.identification.to_string());
    let fragments = if ip.dont_fragment {
        "do not fragment"
    } else {
        "may be fragmented"
    };
    fields.next(2, "flags, fragment offset", fragments);
    fields.next(1, "time to live", ip.time_to_live.to_string());
    let protocol = match &frame.transport {
        Transport::Tcp(_) => "6: TCP follows",
        Transport::Udp(_) => "17: UDP follows",
        Transport::Icmp(_) => "1: ICMP follows",
    };
    fields.next(1, "protocol", protocol);
    fields.next(2, "checksum", format!("0x{:04x}", ip.header_checksum));
    let (source, destination) = (Ipv4Addr::from(ip.source), Ipv4Addr::from(ip.destination));
    fields.next(4, "source", source.to_string());
    fields.next(4, "destination", destination.to_string());
    if !ip.options.is_empty() {
        fields.next(ip.options.len(), "options", "");
    }
    Layer {
        name: "network",
        summary: format!("IPv4, from {source} to {destination}"),
        fields: fields.fields,
    }
}

fn link(frame: &Packet) -> Layer {
    let mut fields = Fields::from(0);
    let address = |bytes: [u8; 6]| bytes.map(|byte| format!("{byte:02x}")).join(":");
    fields.next(6, "destination", address(frame.link.destination));
    fields.next(6, "source", address(frame.link.source));
    let kind = format!("0x{:04x}: IPv4 follows", frame.link.ether_type.0);
    fields.next(2, "EtherType", kind);
    Layer {
        name: "link",
        summary: "Ethernet; loopback has no addresses of its own".into(),
        fields: fields.fields,
    }
}

fn physical(frame: &Packet) -> Layer {
    let len = frame.bytes.len();
    Layer {
        name: "physical",
        summary: format!(
            "{}, {} bits; on loopback no wire carries them",
            bytes(len),
            len * 8
        ),
        fields: Vec::new(),
    }
}

/// The kernel leaves the sum for the card to fill in, and loopback has no card.
fn checksum(sum: u16) -> String {
    format!("0x{sum:04x}; on loopback nobody fills it in")
}

/// A number of bytes, in words.
pub(crate) fn bytes(count: usize) -> String {
    match count {
        1 => "1 byte".into(),
        n => format!("{n} bytes"),
    }
}
