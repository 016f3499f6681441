//! One file on its way: what goes over the wire for it, and what may come back.

use harness::random::Random;
use harness::{Stopped, TcpPeer, Verdict};

use crate::notes;

/// The answer of a receiver that has the file: ACK, "acknowledge".
pub(crate) const STORED: u8 = 0x06;
/// The answer of one that does not want it: NAK.
pub(crate) const REFUSED: u8 = 0x15;

/// A file: its name and its content.
#[derive(Clone, Debug)]
pub(crate) struct Transfer {
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
}

impl Transfer {
    /// A file of this name with `size` random bytes in it.
    pub(crate) fn new(random: &mut Random, name: &str, size: usize) -> Self {
        Self {
            name: name.into(),
            content: random.bytes(size),
        }
    }

    /// The same with a name of its own.
    pub(crate) fn random(random: &mut Random, size: usize) -> Self {
        let name = format!("{}.bin", random.word());
        Self::new(random, &name, size)
    }

    /// Length of the name, name, size.
    pub(crate) fn header(&self) -> Vec<u8> {
        header(&self.name, self.content.len() as u64)
    }

    /// All that goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        [self.header(), self.content.clone()].concat()
    }

    /// Sends all of it, whether or not the receiver has refused it meanwhile.
    pub(crate) fn send(&self, peer: &mut TcpPeer) -> Verdict {
        peer.send_unless_reset(&self.bytes())?;
        Ok(())
    }
}

/// What goes before a content of `size` bytes.
pub(crate) fn header(name: &str, size: u64) -> Vec<u8> {
    let length = u16::try_from(name.len()).expect("no check makes a name of 64 KiB");
    [&length.to_be_bytes(), name.as_bytes(), &size.to_be_bytes()].concat()
}

/// Expects that the receiver says it has stored what was sent.
pub(crate) fn expect_stored(peer: &mut TcpPeer) -> Verdict {
    let answer = peer.receive_when_written(1, notes::STORED)?;
    if answer == [STORED] {
        return Ok(());
    }
    Err(peer.answered_otherwise(notes::STORED, &answer))
}

/// Expects that the receiver refuses a file of this name.
pub(crate) fn expect_refused(peer: &mut TcpPeer, name: &str) -> Verdict {
    let about = |stopped: Stopped| stopped.about(&notes::answer_to(name));
    let answer = peer.receive(1, notes::REFUSED).map_err(about)?;
    if answer == [REFUSED] {
        return Ok(());
    }
    Err(about(peer.answered_otherwise(notes::REFUSED, &answer)))
}

/// Expects that the receiver does not say it has stored what it cannot have stored. What else it says
/// or does is its own choice.
pub(crate) fn expect_not_stored(peer: &mut TcpPeer, what: &str) -> Verdict {
    let answer = peer.receive_if_any(1);
    if answer != [STORED] {
        return Ok(());
    }
    let stopped = peer.answered_otherwise(notes::NOT_STORED, &answer);
    Err(stopped.about(what))
}
