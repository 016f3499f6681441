//! A client that knows how many lines it has sent.

use harness::run::Server;
use harness::{TcpPeer, Verdict};

/// One connection, and the number of whole lines that it has sent.
pub(crate) struct Client {
    pub(crate) peer: TcpPeer,
    lines: u64,
}

impl Client {
    pub(crate) fn connect(server: &Server, name: &str) -> Verdict<Self> {
        Ok(Self {
            peer: server.connect(name)?,
            lines: 0,
        })
    }

    /// Sends `line`, which has no newline, and one; and expects its answer.
    pub(crate) fn says(&mut self, line: &[u8]) -> Verdict {
        self.peer.send(&[line, b"\n"].concat())?;
        self.expects(line)
    }

    /// The same, saying what is special about it: `the answer to an empty line`.
    pub(crate) fn says_what_is(&mut self, what: &str, line: &[u8]) -> Verdict {
        self.says(line)
            .map_err(|stopped| stopped.about(&format!("the answer to {what}")))
    }

    /// Expects the answer to `line`, which was sent before.
    pub(crate) fn expects(&mut self, line: &[u8]) -> Verdict {
        self.lines += 1;
        self.peer.expect(&answer(self.lines, line))
    }
}

/// The answer to the line of this number.
pub(crate) fn answer(number: u64, line: &[u8]) -> Vec<u8> {
    [format!("{number} ").as_bytes(), line, b"\n"].concat()
}
