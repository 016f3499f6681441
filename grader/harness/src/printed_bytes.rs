//! Bytes on standard output: what a client prints of what its server sends.

use crate::clock;
use crate::failure::{Actual, DecidedBy, Expected, Verdict};
use crate::output::Stream;
use crate::payload::{Difference, Payload, count, thousands};
use crate::program::{Program, in_words};

impl Program {
    /// What it prints is bytes, not lines: the transcript tells of them as they come. For right after
    /// the start.
    pub fn prints_bytes(&mut self) {
        self.process.output.tell_bytes();
    }

    /// Expects exactly `bytes` next on standard output.
    pub fn expect_output(&mut self, bytes: &[u8]) -> Verdict {
        self.expect_output_about(None, bytes)
    }

    /// The same of bytes that the peer called `name` has sent: a failure is told from its point of view.
    pub fn expect_output_from(&mut self, name: &str, bytes: &[u8]) -> Verdict {
        self.expect_output_about(Some(name), bytes)
    }

    fn expect_output_about(&mut self, name: Option<&str>, bytes: &[u8]) -> Verdict {
        let pipe = &self.process.output;
        // How many bytes were compared before: much output comes in many pieces.
        let mut same = 0;
        let waited = self.stage.wait(clock::START, || {
            let fresh = pipe.fresh.borrow();
            let have = &fresh[..fresh.len().min(bytes.len())];
            if have[same..] != bytes[same..have.len()] {
                return Some(Err(Difference::find(bytes, have)));
            }
            same = have.len();
            if same == bytes.len() {
                return Some(Ok(()));
            }
            pipe.has_ended().then_some(Err(None))
        });
        let (difference, decided_by) = match waited {
            Ok(Ok(())) => {
                pipe.fresh.borrow_mut().drain(..bytes.len());
                return Ok(());
            }
            Ok(Err(difference)) => {
                // More of what is wrong may follow; and the stream's end is mostly the program's.
                self.stage.settle(clock::SILENCE);
                let first_seen = difference.is_some();
                let whole = first_seen.then(|| Difference::find(bytes, &pipe.fresh.borrow()));
                (whole.flatten().or(difference), DecidedBy::Observation)
            }
            Err(ended) => (None, ended.into()),
        };
        let actual = match (difference, self.process.exit()) {
            (Some(difference), _) => Actual::Different { difference },
            (None, Some(status)) if pipe.untaken() == 0 => {
                let how = in_words(status);
                Actual::Exited { how }
            }
            (None, _) => {
                let received = Payload::new(&pipe.fresh.borrow());
                Actual::Nothing { received }
            }
        };
        let payload = Payload::new(bytes);
        let expected = Expected::Output { payload };
        Err(self.stage.fail(name, expected, actual, decided_by))
    }
}

/// What happened, in one sentence; `before` is what the peer had done whose bytes they are.
pub(crate) fn headline(before: Option<&str>, expected: &Payload, actual: &Actual) -> String {
    let how = how(expected, actual);
    match before {
        Some(before) => format!("{before}, and {how}."),
        None => format!(
            "Expected on standard output: {}. But {how}.",
            expected.quoted()
        ),
    }
}

/// What was printed in place of what was expected: the second half of a sentence.
fn how(expected: &Payload, actual: &Actual) -> String {
    match actual {
        Actual::Nothing { received } if received.len == 0 => "nothing was printed".into(),
        Actual::Nothing { received } => format!(
            "only {} of {} were printed",
            thousands(received.len),
            count(expected.len)
        ),
        Actual::Different { .. } => "something else was printed".into(),
        Actual::Exited { how } => format!("the program {how} and had not printed it"),
        _ => format!("{} was not printed", Stream::Output),
    }
}
