//! What a program printed, bounded: a beginning and an end, with the middle left out.

/// How many bytes of a stream are kept: half from its start, half from its end.
const KEPT: usize = 64 * 1024;

/// One of a program's output streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

impl std::fmt::Display for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Output => "standard output",
            Self::Error => "standard error",
        })
    }
}

/// The bounded record of one stream.
#[derive(Debug, Default)]
pub struct Capture {
    head: Vec<u8>,
    tail: Vec<u8>,
    left_out: usize,
}

impl Capture {
    /// Adds what was printed next.
    pub fn push(&mut self, bytes: &[u8]) {
        let room = (KEPT / 2).saturating_sub(self.head.len()).min(bytes.len());
        let (first, rest) = bytes.split_at(room);
        self.head.extend_from_slice(first);
        self.tail.extend_from_slice(rest);
        // Twice the room, so that the front is not moved for every byte.
        if self.tail.len() > KEPT {
            let surplus = self.tail.len() - KEPT / 2;
            self.tail.drain(..surplus);
            self.left_out += surplus;
        }
    }

    /// All that is kept; with a remark in place of what was left out.
    pub fn text(&self) -> String {
        let head = String::from_utf8_lossy(&self.head);
        let surplus = self.tail.len().saturating_sub(KEPT / 2);
        let tail = String::from_utf8_lossy(&self.tail[surplus..]);
        match self.left_out + surplus {
            0 => format!("{head}{tail}"),
            n => format!("{head}\n[… {n} bytes left out …]\n{tail}"),
        }
    }

    /// The bytes as they were printed; `None` if some had to be left out.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        (self.left_out == 0).then(|| [self.head.as_slice(), &self.tail].concat())
    }

    /// How many bytes were printed in all.
    pub fn len(&self) -> usize {
        self.head.len() + self.tail.len() + self.left_out
    }

    /// Whether nothing was printed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The last `count` lines that are not empty.
    pub fn last_lines(&self, count: usize) -> Vec<String> {
        let text = self.text();
        let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
        lines[lines.len().saturating_sub(count)..]
            .iter()
            .map(ToString::to_string)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_much_output_is_left_out() {
        let mut capture = Capture::default();
        capture.push(b"first\n");
        for _ in 0..10_000 {
            capture.push(b"the same line over and over\n");
        }
        capture.push(b"last\n");
        let text = capture.text();
        assert!(text.len() < KEPT + 100);
        assert!(text.starts_with("first\n") && text.ends_with("last\n"));
        assert!(text.contains("bytes left out"));
        assert_eq!(capture.len(), 6 + 280_000 + 5);
        assert_eq!(capture.bytes(), None);
    }

    #[test]
    fn little_output_is_kept_whole() {
        let mut capture = Capture::default();
        capture.push(b"one\n\ntwo\n");
        assert_eq!(capture.bytes().as_deref(), Some(&b"one\n\ntwo\n"[..]));
        assert_eq!(capture.last_lines(1), ["two"]);
    }
}
