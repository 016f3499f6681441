//! What a TCP peer expects of the program, and the failures that come of it.

use std::time::Duration;

use super::connection::End;
use super::tcp::TcpPeer;
use crate::clock;
use crate::failure::{Actual, DecidedBy, Expected, Stopped, Verdict};
use crate::payload::{Difference, Payload};
use crate::stage::Ended;

impl TcpPeer {
    /// A failure about an answer that the check itself has judged: `what` describes what was due.
    pub fn answered_otherwise(&self, what: &str, answer: &[u8]) -> Stopped {
        let what = what.to_owned();
        let payload = Payload::new(answer);
        let actual = Actual::Answer { payload };
        self.fail(Expected::Answer { what }, actual, DecidedBy::Observation)
    }

    /// Expects that exactly `bytes` come next.
    pub fn expect(&mut self, bytes: &[u8]) -> Verdict {
        let connection = &self.connection;
        // How many bytes were compared before: large answers arrive in many pieces.
        let mut same = 0;
        let waited = self.stage.wait(clock::STEP, || {
            let flow = connection.flow.borrow();
            let have = &flow.inbox[..flow.inbox.len().min(bytes.len())];
            if have[same..] != bytes[same..have.len()] {
                return Some(Err(Difference::find(bytes, have)));
            }
            same = have.len();
            if same == bytes.len() {
                return Some(Ok(()));
            }
            connection.end.get().map(|_| Err(None))
        });
        let (actual, decided_by) = match waited {
            Ok(Ok(())) => {
                self.connection.flow.borrow_mut().inbox.drain(..bytes.len());
                return Ok(());
            }
            Ok(Err(Some(first_seen))) => {
                let difference = self.difference(bytes).unwrap_or(first_seen);
                (Actual::Different { difference }, DecidedBy::Observation)
            }
            Ok(Err(None)) => (self.end_actual(), DecidedBy::Observation),
            Err(ended) => (self.nothing_more(), ended.into()),
        };
        let payload = Payload::new(bytes);
        Err(self.fail(Expected::Bytes { payload }, actual, decided_by))
    }

    /// Where what has come parts from `bytes`, with what comes next beside it: an answer may come in
    /// pieces, and a report that showed only the first of them would differ from run to run.
    fn difference(&self, bytes: &[u8]) -> Option<Difference> {
        let connection = &self.connection;
        let find = || {
            let flow = connection.flow.borrow();
            let have = &flow.inbox[..flow.inbox.len().min(bytes.len())];
            let difference = Difference::find(bytes, have)?;
            let ended = connection.end.get().is_some();
            let whole = difference.is_whole(bytes, have);
            Some((difference, whole || ended))
        };
        // Not an expectation: what is there when nothing more comes is what there is.
        let _ = self.stage.wait(clock::SILENCE, || {
            find().is_none_or(|(_, whole)| whole).then_some(())
        });
        find().map(|(difference, _)| difference)
    }

    /// Waits for the next line and returns it without its newline. `what` describes it to the
    /// student.
    pub fn line(&mut self, what: &str) -> Verdict<Vec<u8>> {
        let end_of_line = |inbox: &[u8]| {
            let newline = inbox.iter().position(|&b| b == b'\n');
            newline.map(|newline| newline + 1)
        };
        let mut line = self.take(clock::STEP, what, end_of_line)?;
        line.pop();
        Ok(line)
    }

    /// Waits for the next `count` bytes and returns them. `what` describes them to the student.
    pub fn receive(&mut self, count: usize, what: &str) -> Verdict<Vec<u8>> {
        self.take(clock::STEP, what, |inbox| {
            (inbox.len() >= count).then_some(count)
        })
    }

    /// The same where the program has to bring a large file to a disk first.
    pub fn receive_when_written(&mut self, count: usize, what: &str) -> Verdict<Vec<u8>> {
        self.take(clock::DISK, what, |inbox| {
            (inbox.len() >= count).then_some(count)
        })
    }

    /// Waits for as long as anything could come, and gives the next `most` bytes or what there is of
    /// them: for where it is the program's choice whether it answers at all.
    pub fn receive_if_any(&mut self, most: usize) -> Vec<u8> {
        let connection = &self.connection;
        // Not an expectation: what is there in the end is the answer.
        let _ = self.stage.wait(clock::SILENCE, || {
            let complete = connection.flow.borrow().inbox.len() >= most;
            (complete || connection.end.get().is_some()).then_some(())
        });
        let mut flow = self.connection.flow.borrow_mut();
        let count = most.min(flow.inbox.len());
        flow.inbox.drain(..count).collect()
    }

    /// Waits until `complete` finds what was waited for at the start of what has come, and takes as
    /// many bytes as it says.
    pub(super) fn take(
        &mut self,
        limit: Duration,
        what: &str,
        complete: impl Fn(&[u8]) -> Option<usize>,
    ) -> Verdict<Vec<u8>> {
        let connection = &self.connection;
        let waited = self.stage.wait(limit, || {
            let flow = connection.flow.borrow();
            match complete(&flow.inbox) {
                Some(count) => Some(Some(count)),
                None => connection.end.get().map(|_| None),
            }
        });
        let (actual, decided_by) = match waited {
            Ok(Some(count)) => {
                let mut flow = self.connection.flow.borrow_mut();
                return Ok(flow.inbox.drain(..count).collect());
            }
            Ok(None) => (self.end_actual(), DecidedBy::Observation),
            Err(ended) => (self.nothing_more(), ended.into()),
        };
        let what = what.to_owned();
        Err(self.fail(Expected::Answer { what }, actual, decided_by))
    }

    /// Expects an orderly end and nothing before it.
    pub fn expect_end(&mut self) -> Verdict {
        self.expect_end_of_some_kind(false)
    }

    /// Expects the end of the connection, orderly or by a reset, and nothing before it: for where
    /// bytes of ours may be left unread, when the kernel resets in place of a FIN.
    pub fn expect_end_or_reset(&mut self) -> Verdict {
        self.expect_end_of_some_kind(true)
    }

    fn expect_end_of_some_kind(&mut self, reset_is_fine: bool) -> Verdict {
        let connection = &self.connection;
        let waited = self.stage.wait(clock::STEP, || {
            let flow = connection.flow.borrow();
            if flow.inbox.is_empty() {
                connection.end.get().map(Ok)
            } else {
                Some(Err(Payload::new(&flow.inbox)))
            }
        });
        let (actual, decided_by) = match waited {
            Ok(Ok(End::Orderly)) => return Ok(()),
            Ok(Ok(End::Reset)) if reset_is_fine => return Ok(()),
            Ok(Ok(End::Reset)) => (self.reset_actual(), DecidedBy::Observation),
            Ok(Err(extra)) => (Actual::TooMuch { extra }, DecidedBy::Observation),
            Err(ended) => (self.nothing_more(), ended.into()),
        };
        Err(self.fail(Expected::End, actual, decided_by))
    }

    /// Expects that nothing comes, no end either, for as long as anything could.
    pub fn expect_silence(&mut self) -> Verdict {
        let connection = &self.connection;
        let waited = self.stage.wait(clock::SILENCE, || {
            let flow = connection.flow.borrow();
            if !flow.inbox.is_empty() {
                return Some(Some(Payload::new(&flow.inbox)));
            }
            connection.end.get().map(|_| None)
        });
        let actual = match waited {
            Err(Ended::Stalled | Ended::Deadline | Ended::Exited) => return Ok(()),
            Ok(Some(extra)) => Actual::TooMuch { extra },
            Ok(None) => self.end_actual(),
        };
        Err(self.fail(Expected::Silence, actual, DecidedBy::Observation))
    }

    /// Expects that nothing comes any more; whether the connection ends is left to the program.
    pub fn expect_nothing_more(&mut self) -> Verdict {
        let connection = &self.connection;
        let waited = self.stage.wait(clock::SILENCE, || {
            let flow = connection.flow.borrow();
            if flow.inbox.is_empty() {
                connection.end.get().map(|_| None)
            } else {
                Some(Some(Payload::new(&flow.inbox)))
            }
        });
        let Ok(Some(extra)) = waited else {
            return Ok(());
        };
        let actual = Actual::TooMuch { extra };
        Err(self.fail(Expected::Silence, actual, DecidedBy::Observation))
    }

    /// A failure about an answer that the check itself has looked into: what it should have been, and
    /// what it was, as the second half of a sentence: "the answer was …".
    pub fn fails(&self, expected: &str, actual: &str) -> Stopped {
        let expected = Expected::Answer {
            what: expected.to_owned(),
        };
        let actual = Actual::Other {
            what: actual.to_owned(),
        };
        self.fail(expected, actual, DecidedBy::Observation)
    }

    pub(super) fn fail(
        &self,
        expected: Expected,
        actual: Actual,
        decided_by: DecidedBy,
    ) -> Stopped {
        self.stage
            .fail(Some(self.name()), expected, actual, decided_by)
    }

    /// What has arrived and was not taken by an expectation before.
    pub(super) fn left(&self) -> Payload {
        Payload::new(&self.connection.flow.borrow().inbox)
    }

    pub(super) fn nothing_more(&self) -> Actual {
        Actual::Nothing {
            received: self.left(),
        }
    }

    pub(super) fn reset_actual(&self) -> Actual {
        Actual::Reset {
            received: self.left(),
        }
    }

    fn end_actual(&self) -> Actual {
        let received = self.left();
        match self.connection.end.get() {
            Some(End::Reset) => Actual::Reset { received },
            _ => Actual::Ended { received },
        }
    }
}
