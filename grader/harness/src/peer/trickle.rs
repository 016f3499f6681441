//! A client that sends slowly: a piece, and the next only after a while.

use std::time::Duration;

use super::TcpPeer;
use crate::failure::Verdict;

impl TcpPeer {
    /// Sends `pieces`, a piece every `pause`, the last of them followed by a pause, too; reads
    /// meanwhile what arrives. Stops when the connection has ended. How many pieces were sent.
    ///
    /// The time is that of the clock: it passes also for a program that does nothing. It is not scaled
    /// to the machine, since the lesson that speaks of a time means that time.
    pub fn trickle(&mut self, pieces: &[&[u8]], pause: Duration) -> usize {
        for (index, piece) in pieces.iter().enumerate() {
            if self.has_ended() {
                return index;
            }
            self.offer(piece);
            self.let_pass(pause);
        }
        pieces.len()
    }

    /// Sends `piece` and waits until the program has read it, so that it is not received together with
    /// what comes next; but no longer than `most`, since some leave it in the socket until more comes.
    /// `false` where the program has ended the connection meanwhile.
    pub fn send_piece_unless_ended(&mut self, piece: &[u8], most: Duration) -> Verdict<bool> {
        let is_taken = self.send_unless_reset(piece)?;
        let is_over = || {
            self.has_ended()
                .then_some(())
                .or_else(|| self.has_been_read())
        };
        let _ = self.stage().let_pass(most, is_over);
        Ok(is_taken && !self.has_ended())
    }

    /// Lets `time` pass, or less if the connection ends before. Whether all of it has passed.
    pub fn let_pass(&mut self, time: Duration) -> bool {
        let ended = || self.has_ended().then_some(());
        self.stage().let_pass(time, ended).is_none()
    }
}
