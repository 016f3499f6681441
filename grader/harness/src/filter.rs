//! A filter's conversation: lines on standard input, and what each must turn into on standard output.
//!
//! All of the input is written and ended before anything is expected: when a filter prints, line by
//! line or all at the end, is its own affair.

use crate::clock;
use crate::failure::{Actual, DecidedBy, Expected, Stopped, Verdict};
use crate::misprint::Misprint;
use crate::payload::Payload;
use crate::program::{Program, in_words};
use crate::stage::Ended;
use crate::transcript::What;

/// One line of a filter's input, and the lines that it must turn into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// The line, without its newline.
    pub input: Vec<u8>,
    /// What it must turn into.
    pub answer: Vec<Line>,
}

/// One line of an answer, without its newline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Exactly this.
    Exactly(Vec<u8>),
    /// `error: ` and a reason, in words of the program's own.
    Error,
}

impl Translation {
    /// `input` turns into one line.
    pub fn new(input: impl Into<Vec<u8>>, line: impl Into<Vec<u8>>) -> Self {
        Self {
            input: input.into(),
            answer: vec![Line::Exactly(line.into())],
        }
    }

    /// `input` turns into one line that says what is wrong with it.
    pub fn error(input: impl Into<Vec<u8>>) -> Self {
        Self {
            input: input.into(),
            answer: vec![Line::Error],
        }
    }
}

impl Line {
    /// Whether `printed` is such a line.
    pub fn admits(&self, printed: &[u8]) -> bool {
        match self {
            Self::Exactly(line) => line == printed,
            Self::Error => printed
                .strip_prefix(b"error: ")
                .is_some_and(|reason| !reason.trim_ascii().is_empty()),
        }
    }

    /// How many bytes a program may well print for it.
    fn roughly(&self) -> usize {
        match self {
            Self::Exactly(line) => line.len() + 1,
            Self::Error => 1024,
        }
    }
}

impl Program {
    /// Writes the lines of `translations` to standard input, ends it, and expects their answers on
    /// standard output, in order, and nothing else until its end.
    pub fn expect_answers(&mut self, translations: &[Translation]) -> Verdict {
        /// A program that prints that much more will not come to an end.
        const SURPLUS: usize = 64 * 1024;
        let lines = translations.iter().flat_map(|one| &one.answer);
        let most = SURPLUS + lines.map(Line::roughly).sum::<usize>();
        self.process.output.tell_at_once(most);
        self.process.error.tell_at_once(most);
        self.input_lines(translations);
        self.end_input();
        let (output, given_up) = self.all_output(most);
        match Misprint::find(translations, &output, given_up.is_none()) {
            None => Ok(()),
            Some(misprint) => Err(self.misprinted(misprint, given_up)),
        }
    }

    /// All that is printed until standard output ends, or the first `most` bytes of it; and why nobody
    /// waited for that, if so.
    fn all_output(&self, most: usize) -> (Vec<u8>, Option<Ended>) {
        let pipe = &self.process.output;
        let ended = self.stage.wait(clock::START, || {
            (pipe.has_ended() || pipe.untaken() >= most).then_some(())
        });
        if !pipe.has_ended() && ended.is_ok() {
            pipe.stop_reading();
            self.stage.settle(clock::SILENCE);
        }
        pipe.flush(&self.stage.transcript);
        (pipe.take(), ended.err())
    }

    fn misprinted(&self, misprint: Misprint, given_up: Option<Ended>) -> Stopped {
        if self.process.output.has_ended() {
            // The stream's end is mostly the program's; say how it ended, if so.
            self.stage.settle(clock::SILENCE);
        }
        let Misprint { due, printed } = misprint;
        let expected = Expected::Translation { due: Box::new(due) };
        let (actual, decided_by) = match (printed, self.process.exit()) {
            (Some(lines), _) => (Actual::Lines { lines }, DecidedBy::Observation),
            (None, Some(status)) => {
                let how = in_words(status);
                (Actual::Exited { how }, DecidedBy::Exit)
            }
            (None, None) => {
                let received = Payload::new(b"");
                let decided_by = given_up.map_or(DecidedBy::Observation, Into::into);
                (Actual::Nothing { received }, decided_by)
            }
        };
        self.stage.fail(None, expected, actual, decided_by)
    }

    fn input_lines(&self, translations: &[Translation]) {
        let mut bytes = Vec::new();
        for translation in translations {
            bytes.extend_from_slice(&translation.input);
            bytes.push(b'\n');
        }
        let what = What::ReadsLines {
            lines: translations.len(),
            bytes: bytes.len(),
        };
        self.stage.transcript.add(&self.process.name, what);
        self.process.input.write(&bytes, &self.stage.transcript);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_needs_a_reason() {
        assert!(Line::Error.admits(b"error: no port"));
        assert!(!Line::Error.admits(b"error: "));
        assert!(!Line::Error.admits(b"Error: no port"));
    }
}
