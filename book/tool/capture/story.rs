//! A capture in words, without what differs from run to run: the client's ports, sequence numbers,
//! times, checksums, identifications, and how large this machine's buffers are. Two captures are the
//! same if their stories are.

use std::collections::HashMap;

use anyhow::Context as _;
use etherparse::{TcpHeader, TcpOptionElement};

use super::script::{Capture, Side, quote};
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
    let mut story = format!("{}\n", capture.title);
    let mut beginnings = Beginnings::default();
    for call in &capture.calls {
        story += &format!("{} {} = {}\n", call.side, call.verb, call.result);
        for frame in &call.frames {
            let sender = capture.sender(frame)?;
            story += &format!("    {sender}: {}\n", line(frame, sender, &mut beginnings)?);
        }
    }
    Ok(story)
}

fn line(frame: &Packet, sender: Side, beginnings: &mut Beginnings) -> anyhow::Result<String> {
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
    let (from, to) = frame.ports()?;
    let client = if sender == Side::Client { from } else { to };
    let payload = quote(&frame.payload).replace(&client.to_string(), "PORT");
    Ok(format!("{network} {transport} {payload}"))
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
