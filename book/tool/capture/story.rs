//! A capture in words, without what differs from run to run: the client's ports, sequence numbers,
//! times, checksums, identifications, and how large this machine's buffers are. Two captures are the
//! same if their stories are.

use std::collections::{BTreeSet, HashMap};

use anyhow::Context as _;
use etherparse::{TcpHeader, TcpOptionElement};

use super::script::{Capture, Verb, quote};
use crate::packet::{Packet, Transport};

/// The first sequence number of each side, by which the others are told.
#[derive(Debug, Default)]
pub(crate) struct Beginnings(HashMap<(u16, u16), u32>);

impl Beginnings {
    /// The sequence and acknowledgement numbers of a segment, counted from each side's SYN.
    pub(crate) fn relative(&mut self, tcp: &TcpHeader) -> (u32, u32) {
        let there = (tcp.source_port, tcp.destination_port);
        let back = (tcp.destination_port, tcp.source_port);
        if tcp.syn {
            self.0.insert(there, tcp.sequence_number);
        }
        let from = |ports, number: u32| match self.0.get(&ports) {
            Some(beginning) => number.wrapping_sub(*beginning),
            None => number,
        };
        let acknowledged = if tcp.ack {
            from(back, tcp.acknowledgment_number)
        } else {
            0
        };
        (from(there, tcp.sequence_number), acknowledged)
    }
}

/// The capture, a line a call or frame.
pub(crate) fn of(capture: &Capture) -> anyhow::Result<String> {
    let ephemeral = ephemeral_ports(capture)?;
    let mut story = format!("{}\n{}", capture.title, capture.source);
    let mut beginnings = Beginnings::default();
    for call in &capture.calls {
        let line = format!("{} {} = {}\n", call.side, verb(&call.verb), call.result);
        story += &without(&ephemeral, line);
        for frame in &call.frames {
            let sender = capture.sender(frame)?;
            let line = format!("    {sender}: {}\n", in_words(frame, &mut beginnings)?);
            story += &without(&ephemeral, line);
        }
    }
    Ok(story)
}

/// A call without the room that it offers: that is the library's choice, and may change with it.
fn verb(verb: &Verb) -> String {
    match verb {
        Verb::Recv(_) => "recv".into(),
        Verb::RecvFrom(_) => "recvfrom".into(),
        other => other.to_string(),
    }
}

/// The ports that the kernel has chosen, by `ip_local_port_range` (`man 7 ip`).
fn ephemeral_ports(capture: &Capture) -> anyhow::Result<BTreeSet<u16>> {
    const FIRST: u16 = 32_768;
    let mut ports = BTreeSet::new();
    for frame in capture.calls.iter().flat_map(|call| &call.frames) {
        let (from, to) = frame.ports()?;
        ports.extend([from, to].into_iter().filter(|port| *port >= FIRST));
    }
    Ok(ports)
}

fn without(ports: &BTreeSet<u16>, line: String) -> String {
    ports
        .iter()
        .fold(line, |line, port| line.replace(&port.to_string(), "PORT"))
}

fn in_words(frame: &Packet, beginnings: &mut Beginnings) -> anyhow::Result<String> {
    let ip = &frame.network;
    let network = format!(
        "{:?} > {:?} ttl {}",
        ip.source, ip.destination, ip.time_to_live
    );
    let transport = match &frame.transport {
        Transport::Tcp(tcp) => {
            let (sequence, acknowledged) = beginnings.relative(tcp);
            format!(
                "{} seq {sequence} ack {acknowledged}{}",
                frame.flags(),
                options(tcp)?
            )
        }
        Transport::Udp(udp) => format!("UDP length {}", udp.length),
        Transport::Icmp(icmp) => {
            // Its payload holds the datagram that it is about, with ports and checksums.
            frame.complained_of()?;
            return Ok(format!("{network} {:?}", icmp.icmp_type));
        }
    };
    Ok(format!("{network} {transport} {}", quote(&frame.payload)))
}

/// The options whose values are the same everywhere by value, the others by name.
fn options(tcp: &TcpHeader) -> anyhow::Result<String> {
    let mut words = String::new();
    for option in tcp.options_iterator() {
        let option = option.context("an option of TCP")?;
        words += match option {
            TcpOptionElement::Noop => " nop",
            TcpOptionElement::MaximumSegmentSize(_) => " mss",
            TcpOptionElement::WindowScale(_) => " wscale",
            TcpOptionElement::SelectiveAcknowledgementPermitted => " sackOK",
            TcpOptionElement::SelectiveAcknowledgement(..) => " sack",
            TcpOptionElement::Timestamp(..) => " timestamp",
        };
    }
    Ok(words)
}
