//! What a TCP peer sends, and whether the kernel and the program take it.

use std::time::Duration;

use super::connection::End;
use super::tcp::TcpPeer;
use crate::clock;
use crate::failure::{Actual, DecidedBy, Expected, Stopped, Verdict};
use crate::kernel::SocketRow;
use crate::payload::Payload;
use crate::transcript::What;

impl TcpPeer {
    /// Hands `bytes` to the kernel in one piece, and waits until it has taken all of them. What becomes
    /// of the connection then is for the next expectation to say.
    pub fn send(&mut self, bytes: &[u8]) -> Verdict {
        self.send_unless_reset(bytes)?;
        self.taken_unless_stranded()
    }

    /// The same for what the program may cut short: whether it took all of it. `false` says that it
    /// has closed the connection while bytes were under way, so that the kernel reset it.
    pub fn send_unless_reset(&mut self, bytes: &[u8]) -> Verdict<bool> {
        self.offer(bytes);
        self.wait_until_taken(clock::STEP)
    }

    /// Waits until the kernel has taken all that was offered. Whether it did, before a reset.
    pub(super) fn wait_until_taken(&self, limit: Duration) -> Verdict<bool> {
        let waited = self.stage.wait(limit, || self.is_taken());
        waited.map_err(|ended| self.not_taken(self.nothing_more(), ended.into()))
    }

    /// Whether the kernel has taken all that was offered; none while it has not yet.
    fn is_taken(&self) -> Option<bool> {
        let flow = self.connection.flow.borrow();
        match flow.stranded {
            0 => flow.outbox.is_empty().then_some(true),
            _ => Some(false),
        }
    }

    /// Waits until all that this peer [has begun to send](Self::begin_to_send) has gone.
    pub(super) fn finish_offer(&mut self) -> Verdict {
        // Among hundreds of peers, a wait for nothing would take long.
        if self.is_taken() == Some(true) || self.wait_until_taken(clock::STEP)? {
            return Ok(());
        }
        self.taken_unless_stranded()
    }

    /// What was not taken of a connection that was reset is a failure.
    pub(super) fn taken_unless_stranded(&self) -> Verdict {
        if self.connection.flow.borrow().stranded == 0 {
            return Ok(());
        }
        Err(self.not_taken(self.reset_actual(), DecidedBy::Observation))
    }

    fn not_taken(&self, actual: Actual, decided_by: DecidedBy) -> Stopped {
        let flow = self.connection.flow.borrow();
        let bytes = flow.outbox.len() - flow.sent;
        drop(flow);
        self.fail(Expected::Taking { bytes }, actual, decided_by)
    }

    /// Sends `bytes` and ends the sending half with them. Where the system allows it (Linux) the last
    /// segment carries the end: no program can have answered all before it learns that no more will
    /// come.
    pub fn send_last(&mut self, bytes: &[u8]) -> Verdict {
        self.connection.ending.set(true);
        self.send(bytes)?;
        self.finish_sending()
    }

    /// Begins to send `bytes`, without waiting until they have gone; a program that has closed its
    /// end does not matter.
    pub fn offer(&mut self, bytes: &[u8]) {
        self.begin_to_send(bytes);
        self.stage.advance();
    }

    /// The same, without a look at anybody else: among hundreds of peers that would take long.
    pub(super) fn begin_to_send(&self, bytes: &[u8]) {
        let payload = Payload::new(bytes);
        self.stage
            .transcript
            .add(self.name(), What::Sends { payload });
        self.hand_over(bytes);
    }

    /// The same, without a word in the transcript.
    pub(super) fn hand_over(&self, bytes: &[u8]) {
        let mut flow = self.connection.flow.borrow_mut();
        if self.connection.end.get() == Some(End::Reset) {
            flow.stranded += bytes.len();
            return;
        }
        flow.outbox.extend_from_slice(bytes);
        drop(flow);
        if let Some(fd) = self.connection.fd() {
            self.connection.send_more(&fd, &self.stage.transcript);
        }
    }

    /// How many bytes the kernel has not taken yet.
    pub(super) fn untaken(&self) -> usize {
        let flow = self.connection.flow.borrow();
        flow.outbox.len() - flow.sent + flow.stranded
    }

    /// Sends each piece only when the program has read the one before, so that none is received
    /// together with the next. A program that does not read now is not waited for.
    pub fn send_in_pieces(&mut self, pieces: &[&[u8]]) -> Verdict {
        for piece in pieces {
            self.send(piece)?;
            self.wait_until_read();
            self.wait_until_answered();
        }
        Ok(())
    }

    /// Waits for a moment until the program, which has read a piece, rests again: what it makes of one
    /// piece is then told before the next.
    fn wait_until_answered(&self) {
        const MOMENT: Duration = Duration::from_millis(5);
        // Not an expectation: a program that works on is not waited for.
        let _ = self
            .stage
            .let_pass(MOMENT, || (!self.stage.wants_to_run()).then_some(()));
        let _ = self.stage.let_pass(Duration::ZERO, || None::<()>);
    }

    /// Waits until the program has received all that was sent, or cannot, or takes too long for it.
    pub(super) fn wait_until_read(&self) {
        // Not an expectation: if it never reads, what is asked of it afterwards will tell.
        let _ = self
            .stage
            .wait_closely(clock::SILENCE, || self.has_been_read());
    }

    /// Whether the program has received all that was sent, or nobody can tell.
    pub(super) fn has_been_read(&self) -> Option<()> {
        let Some(local) = self.local() else {
            return Some(());
        };
        let rows = self.stage.diag.as_ref()?.tcp().ok()?;
        let remote = self.connection.remote;
        let between =
            |row: &&SocketRow, here, there| row.local == here && row.remote == Some(there);
        let of_program = rows.iter().find(|row| between(row, remote, local));
        let own = rows.iter().find(|row| between(row, local, remote));
        let read = of_program.is_none_or(|row| row.unread == 0);
        let arrived = own.is_none_or(|row| row.unsent == 0);
        (read && arrived).then_some(())
    }
}
