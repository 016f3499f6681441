//! Frames, and what a program must print for each.

use harness::random::Random;
use harness::{Line, Translation};

use crate::network::Packet;

/// How long an Ethernet header is: destination, source, type (IEEE 802.3).
pub(crate) const LINK: usize = 14;

/// One Ethernet frame, as it is captured: without the checksum at its end.
#[derive(Clone)]
pub(crate) struct Frame {
    bytes: Vec<u8>,
    /// The headers in it, outermost first: how long each is, and its line.
    headers: Vec<(usize, String)>,
    /// Where the outermost packet says that it ends.
    end: usize,
    /// Which header is wrong in itself, if one is.
    wrong: Option<usize>,
}

impl Packet {
    /// In an Ethernet frame, without padding: that is how a frame looks before the network card has
    /// it.
    pub(crate) fn over_ethernet(self, random: &mut Random) -> Frame {
        let (to, from) = (mac(random), mac(random));
        let ether_type = self.ether_type;
        let header = [&to[..], &from, &ether_type.to_be_bytes()].concat();
        let (to, from) = (mac_text(to), mac_text(from));
        let line = format!("link: {from} > {to}, type 0x{ether_type:04x}");
        let headers = [vec![(LINK, line)], self.headers].concat();
        let bytes = [header, self.bytes].concat();
        Frame {
            end: bytes.len(),
            bytes,
            headers,
            wrong: None,
        }
    }
}

impl Frame {
    /// How many bytes it has.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// With these bytes behind the packet: Ethernet sends at least 60 bytes (64 with its checksum)
    /// and fills up what is missing.
    pub(crate) fn padded(mut self, padding: &[u8]) -> Self {
        self.bytes.extend_from_slice(padding);
        self
    }

    /// Its first `len` bytes.
    pub(crate) fn cut(&self, len: usize) -> Self {
        let mut frame = self.clone();
        frame.bytes.truncate(len);
        frame
    }

    /// With other bytes at `offset` within header number `header` (0 is the link layer's), which makes
    /// header number `wrong` wrong.
    pub(crate) fn with(&self, header: usize, offset: usize, bytes: &[u8], wrong: usize) -> Self {
        let mut frame = self.clone();
        let before: usize = self.headers[..header].iter().map(|(len, _)| len).sum();
        let at = before + offset;
        frame.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        frame.wrong = Some(wrong);
        frame
    }

    /// What a program must make of it.
    pub(crate) fn translation(&self) -> Translation {
        Translation {
            input: hex(&self.bytes).into_bytes(),
            answer: self.answer(),
        }
    }

    /// The same with digits from A to F.
    pub(crate) fn in_upper_case(&self) -> Translation {
        Translation {
            input: hex(&self.bytes).to_ascii_uppercase().into_bytes(),
            answer: self.answer(),
        }
    }

    fn answer(&self) -> Vec<Line> {
        let mut answer = vec![line(&format!("physical: {} bytes", self.bytes.len()))];
        let mut start = 0;
        for (number, (len, text)) in self.headers.iter().enumerate() {
            start += len;
            if self.bytes.len() < start || self.wrong == Some(number) {
                answer.push(Line::Error);
                break;
            }
            if number < 2 {
                answer.push(line(text));
                continue;
            }
            let payload = &self.bytes[start..self.end.min(self.bytes.len())];
            answer.push(line(&format!("{text}, {} bytes", payload.len())));
            if !payload.is_empty() {
                answer.push(line(&format!("application: {}", hex(payload))));
            }
        }
        answer.push(line(""));
        answer
    }
}

fn line(text: &str) -> Line {
    Line::Exactly(text.into())
}

/// A line that is no frame.
pub(crate) fn nonsense(input: &str) -> Translation {
    Translation {
        input: input.into(),
        answer: vec![Line::Error, line("")],
    }
}

/// A unicast address that nobody has bought (IEEE 802: the second bit of the first byte).
fn mac(random: &mut Random) -> [u8; 6] {
    let mut mac = [2, 0, 0, 0, 0, 0];
    mac[1..].copy_from_slice(&random.bytes(5));
    mac
}

fn mac_text(mac: [u8; 6]) -> String {
    mac.map(|byte| format!("{byte:02x}")).join(":")
}

/// Two digits a byte.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
