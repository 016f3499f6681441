//! What is left to come on a connection, where the protocol leaves to the program what that is.

use super::TcpPeer;
use crate::clock;
use crate::failure::{Actual, Expected, Verdict};
use crate::payload::Payload;

impl TcpPeer {
    /// Expects the end of the connection, orderly or by a reset, whatever comes before it.
    pub fn expect_end_after_any_words(&mut self) -> Verdict {
        let ended = || self.has_ended().then_some(());
        let Err(why) = self.stage().wait(clock::STEP, ended) else {
            return Ok(());
        };
        let received = Payload::new(b"");
        let actual = Actual::Nothing { received };
        let name = Some(self.name());
        Err(self.stage().fail(name, Expected::End, actual, why.into()))
    }

    /// Waits until what has come ends with `last`, and returns all of it. `what` describes it to the
    /// student.
    pub fn receive_up_to(&mut self, last: &[u8], what: &str) -> Verdict<Vec<u8>> {
        self.take(clock::STEP, what, |inbox| {
            inbox.ends_with(last).then_some(inbox.len())
        })
    }
}
