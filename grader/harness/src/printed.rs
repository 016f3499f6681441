//! All that a program has printed, once it has ended: for programs that say one thing and leave.

use crate::clock;
use crate::failure::{Actual, DecidedBy, Expected, Verdict};
use crate::output::Stream;
use crate::payload::Payload;
use crate::program::{Program, in_words};

impl Program {
    /// Waits until the program has ended by itself, and expects that what it has printed on standard
    /// output is `right`; with a newline at its end or without. `what` describes it to the student.
    /// How it ended is for [`expect_exit`](Self::expect_exit); `status` is only for the report of a
    /// program that does not end. The limit is that for a start, since nothing else may be seen of it.
    pub fn expect_printed(
        &mut self,
        what: &str,
        status: i32,
        right: impl FnOnce(&str) -> bool,
    ) -> Verdict<String> {
        let process = &self.process;
        if let Err(ended) = self.stage.wait(clock::START, || process.exit()) {
            let expected = Expected::Exit { status };
            let received = Payload::new(b"");
            let actual = Actual::Nothing { received };
            return Err(self.stage.fail(None, expected, actual, ended.into()));
        }
        let bytes = self.process.output.take();
        let text = String::from_utf8_lossy(&bytes);
        let printed = text.trim_end_matches(['\r', '\n']);
        if right(printed) {
            return Ok(printed.to_owned());
        }
        let Some(status) = self.process.exit().filter(|_| bytes.is_empty()) else {
            return Err(self.printed_otherwise(Stream::Output, what, &text));
        };
        let expected = Expected::Print {
            stream: Stream::Output,
            what: what.to_owned(),
        };
        let how = format!("it {} and printed nothing there", in_words(status));
        Err(self
            .stage
            .fail(None, expected, Actual::Other { what: how }, DecidedBy::Exit))
    }
}
