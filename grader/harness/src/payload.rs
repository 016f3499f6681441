//! Bytes, as a student should see them: text where they are text, hexadecimal where not.

use serde::Serialize;

/// How many bytes of a payload a transcript or failure keeps from its start.
const KEPT: usize = 64;

/// A summary of some bytes: how many, and the first of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Payload {
    /// How many bytes there were.
    pub len: usize,
    /// The first of them, as text with escapes, or as hexadecimal pairs.
    pub shown: String,
    /// Whether `shown` is hexadecimal.
    pub hex: bool,
    /// Whether bytes are missing at the end of `shown`.
    pub cut: bool,
    /// What is told apart from the rest: the id that it begins with. `shown` is then what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The first of them, as they are, so that what comes next can be added.
    #[serde(skip)]
    head: Vec<u8>,
}

impl Payload {
    /// Summarises `bytes`.
    pub fn new(bytes: &[u8]) -> Self {
        Self::of(&bytes[..bytes.len().min(KEPT)], bytes.len())
    }

    /// Summarises `bytes`, of which the first `id` are an id.
    pub fn with_id(bytes: &[u8], id: usize) -> Self {
        let (first, rest) = bytes.split_at(id.min(bytes.len()));
        let mut payload = Self::new(rest);
        payload.len = bytes.len();
        payload.id = (!first.is_empty()).then(|| pairs(first));
        payload
    }

    /// The summary of `len` bytes that begin with `head`.
    fn of(head: &[u8], len: usize) -> Self {
        let hex = !is_text(head);
        let limit = if hex { 12 } else { 40 };
        let shown = &head[..head.len().min(limit)];
        Self {
            len,
            shown: if hex { pairs(shown) } else { escape(shown) },
            hex,
            cut: shown.len() < len,
            id: None,
            head: head.to_vec(),
        }
    }

    /// Adds the bytes that came after these.
    pub fn append(&mut self, more: &Self) {
        let mut head = std::mem::take(&mut self.head);
        if head.len() == self.len {
            head.extend(more.head.iter().take(KEPT - head.len()));
        }
        *self = Self::of(&head, self.len + more.len);
    }

    /// As it is displayed, with less of the bytes where there is less room.
    pub fn within(&self, columns: usize) -> String {
        let full = self.to_string();
        let surplus = full.chars().count().saturating_sub(columns);
        if surplus == 0 || self.shown.is_empty() {
            return full;
        }
        // Hexadecimal pairs are cut between pairs; the mark of the cut takes a column or two.
        let keep = self.shown.chars().count().saturating_sub(surplus + 2);
        let keep = if self.hex { keep / 3 * 3 } else { keep };
        let shorter = Self {
            shown: self
                .shown
                .chars()
                .take(keep)
                .collect::<String>()
                .trim_end()
                .to_owned(),
            cut: true,
            ..self.clone()
        };
        shorter.to_string()
    }

    /// Whether these bytes, from number `from` on, agree with `bytes` as far as both are known.
    pub fn agrees_at(&self, from: usize, bytes: &[u8]) -> bool {
        let (shown, from) = if self.hex {
            (pairs(bytes), from * "00 ".len())
        } else {
            (escape(bytes), from)
        };
        let rest = self.shown.as_bytes().get(from..).unwrap_or_default();
        let known = rest.len().min(shown.len());
        known > 0 && rest[..known] == shown.as_bytes()[..known]
    }

    /// Whether all that is kept of it is white space.
    pub fn is_blank(&self) -> bool {
        let shown = self.shown.replace("\\n", " ").replace("\\r", " ");
        !self.hex && self.len > 0 && shown.replace("\\t", " ").trim().is_empty()
    }

    /// The bytes alone, without their number: `"one"` or `00 ff 0a …`.
    pub fn quoted(&self) -> String {
        match &self.id {
            Some(id) if self.shown.is_empty() => format!("id {id}"),
            Some(id) => format!("id {id}, {}", self.quoted_without_id()),
            None => self.quoted_without_id(),
        }
    }

    fn quoted_without_id(&self) -> String {
        let more = if self.cut { "…" } else { "" };
        match (self.len, self.hex) {
            (0, _) => "nothing".into(),
            (_, true) if self.cut => format!("{} …", self.shown),
            (_, true) => self.shown.clone(),
            (_, false) => format!("\"{}\"{more}", self.shown),
        }
    }
}

impl std::fmt::Display for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.len {
            0 => f.write_str("0 bytes"),
            _ => write!(f, "{}   {}", self.quoted(), count(self.len)),
        }
    }
}

/// `1 byte`, `3 bytes`, `65,507 bytes`.
pub fn count(bytes: usize) -> String {
    plural(bytes, "byte")
}

/// `1 client`, `20 clients`.
pub fn plural(number: usize, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {noun}{s}", thousands(number))
}

/// `1,048,576`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Whether a reader would call these bytes text: UTF-8 (perhaps cut at the end) without control
/// characters other than white space.
pub fn is_text(bytes: &[u8]) -> bool {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // A character cut in two at the end of a summary is no sign of binary data.
        Err(e) if e.error_len().is_none() && e.valid_up_to() > 0 => {
            std::str::from_utf8(&bytes[..e.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    text.chars()
        .all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
}

/// Text with everything that could move a cursor or change a colour made visible. Quotes stay as
/// they are: JSON full of backslashes cannot be read.
pub fn escape(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\\' => out.push_str("\\\\"),
                c if c.is_control() || is_invisible(c) => {
                    out.push_str(&format!("\\u{{{:x}}}", c as u32));
                }
                c => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out
}

/// One line that a program printed: control characters made visible, quotes and backslashes left
/// as they are, since nothing is quoted here.
pub fn visible(line: &str) -> String {
    let mut out = String::new();
    for c in line.chars() {
        match c {
            '\t' => out.push_str("    "),
            c if c.is_control() || is_invisible(c) => {
                out.push_str(&format!("\\u{{{:x}}}", c as u32));
            }
            c => out.push(c),
        }
    }
    out
}

/// A line of bytes, with everything visible that a comparison may hang on: tabs, a space at the end,
/// bytes that are no text.
pub fn visible_bytes(line: &[u8]) -> String {
    let mut out = String::new();
    for chunk in line.utf8_chunks() {
        let text = chunk.valid().replace('\t', "\\t").replace('\r', "\\r");
        out.push_str(&visible(&text));
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    if out.ends_with(' ') {
        out.pop();
        out.push_str("\\x20");
    }
    out
}

/// Characters that change how their neighbours are shown: directions, joiners, a lone BOM.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `6f 6e 65`.
pub fn pairs(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
    pairs.join(" ")
}

/// Where two runs of bytes part, with what stood around that place in each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// How many bytes were the same before.
    pub offset: usize,
    /// Where the two windows begin.
    pub from: usize,
    /// What was expected from there on.
    pub expected: Vec<u8>,
    /// What came from there on.
    pub actual: Vec<u8>,
    /// How many of the expected bytes are missing, at the least, where what came is a later part of
    /// them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<usize>,
}

impl Difference {
    /// So many bytes that agree are no coincidence.
    const SURE: usize = 24;

    /// The first difference between `expected` and `actual`, of which one may be shorter; none
    /// where one is the beginning of the other.
    pub fn find(expected: &[u8], actual: &[u8]) -> Option<Self> {
        let offset = expected.iter().zip(actual).position(|(a, b)| a != b)?;
        let from = offset.saturating_sub(6);
        let window = |bytes: &[u8]| bytes[from..bytes.len().min(from + 12)].to_vec();
        Some(Self {
            offset,
            from,
            expected: window(expected),
            actual: window(actual),
            left_out: left_out(&expected[offset..], &actual[offset..]),
        })
    }

    /// Whether all of it can be told, now that this has come of `expected`: more will not change it.
    pub fn is_whole(&self, expected: &[u8], came: &[u8]) -> bool {
        came.len() >= expected.len().min(self.offset + Self::SURE)
    }

    /// The two windows one above the other, and a mark below the first byte that differs.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let at = self.offset - self.from;
        let dots = if self.from > 0 { "… " } else { "" };
        lines.push(format!("expected  {dots}{}", side(&self.expected)));
        lines.push(format!("received  {dots}{}", side(&self.actual)));
        let indent = 10 + dots.chars().count() + at * 3;
        lines.push(format!(
            "{}^^ byte {} is {} and should be {}",
            " ".repeat(indent),
            self.offset + 1,
            name(self.actual[at]),
            name(self.expected[at]),
        ));
        lines
    }
}

/// How many of the `expected` bytes are missing before those that came, if those are among them.
fn left_out(expected: &[u8], came: &[u8]) -> Option<usize> {
    /// To look through more takes longer than is worth.
    const FAR: usize = 4 << 20;
    let next = came.get(..Difference::SURE)?;
    let near = &expected[..expected.len().min(FAR)];
    near.windows(next.len()).position(|bytes| bytes == next)
}

/// `6f 6e 65   "one"`.
fn side(bytes: &[u8]) -> String {
    let text = if is_text(bytes) {
        format!("\"{}\"", escape(bytes))
    } else {
        let dots: String = bytes
            .iter()
            .map(|b| {
                if b.is_ascii_graphic() {
                    *b as char
                } else {
                    '.'
                }
            })
            .collect();
        format!("|{dots}|")
    };
    format!("{:<36} {text}", pairs(bytes))
}

/// `'a'`, `'\n'` or `0xff`.
fn name(byte: u8) -> String {
    match byte {
        b'\n' => "a newline".into(),
        b' ' => "a space".into(),
        b if b.is_ascii_graphic() => format!("'{}'", b as char),
        b => format!("0x{b:02x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_shown_as_text_and_bytes_as_hex() {
        assert_eq!(Payload::new(b"one").to_string(), "\"one\"   3 bytes");
        assert_eq!(Payload::new(&[0, 255]).to_string(), "00 ff   2 bytes");
        assert_eq!(Payload::new(b"").to_string(), "0 bytes");
    }

    #[test]
    fn an_id_is_told_apart_from_what_follows() {
        let shown = |bytes| Payload::with_id(bytes, 2).to_string();
        assert_eq!(shown(b"\x01\x02one"), "id 01 02, \"one\"   5 bytes");
        assert_eq!(shown(b"\x01\x02"), "id 01 02   2 bytes");
        assert_eq!(shown(b"\x01"), "id 01   1 byte");
        assert_eq!(shown(b""), "0 bytes");
        let long = Payload::with_id(b"\x01\x02a longer text", 2);
        assert_eq!(long.within(30), "id 01 02, \"a lon\"…   15 bytes");
    }

    #[test]
    fn payloads_agree_as_far_as_both_are_known() {
        let sent = Payload::new(b"candle");
        assert!(sent.agrees_at(0, b"candle-and-more"));
        assert!(sent.agrees_at(3, b"dl"));
        assert!(!sent.agrees_at(3, b"dle!".map(|b| b + 1).as_slice()));
        assert!(!sent.agrees_at(6, b"x"), "nothing is known of that");
        assert!(Payload::new(&[0, 255, 1]).agrees_at(1, &[255]));
    }

    #[test]
    fn a_gap_in_an_answer_is_told_from_other_bytes() {
        let expected = (0..100u8).map(|n| n * 2).collect::<Vec<_>>();
        let came = [&expected[..10], &expected[15..]].concat();
        let difference = Difference::find(&expected, &came).expect("they differ");
        assert_eq!(difference.left_out, Some(5));
        assert!(!difference.is_whole(&expected, &came[..20]));
        assert!(difference.is_whole(&expected, &came[..34]));
    }

    #[test]
    fn white_space_is_blank_and_nothing_is_not() {
        assert!(Payload::new(b" \t\r\n").is_blank());
        assert!(!Payload::new(b" n ").is_blank());
        assert!(!Payload::new(b"").is_blank());
    }

    #[test]
    fn a_program_cannot_paint_the_terminal() {
        assert_eq!(escape(b"\x1b[31mred"), "\\u{1b}[31mred");
        assert_eq!(visible("a\u{202e}b\u{7}"), "a\\u{202e}b\\u{7}");
        assert_eq!(visible_bytes(b"a\tb\xff\r"), "a\\tb\\xff\\r");
        assert_eq!(visible_bytes(b"two words "), "two words\\x20");
    }

    #[test]
    fn numbers_are_easy_to_read() {
        assert_eq!(count(1), "1 byte");
        assert_eq!(count(1_048_576), "1,048,576 bytes");
    }

    #[test]
    fn the_first_difference_is_marked_below_its_byte() {
        let difference = Difference::find(b"hello world", b"hello World").expect("they differ");
        let lines = difference.lines();
        assert_eq!(difference.offset, 6);
        assert_eq!(lines[1].find("57"), lines[2].find("^^"));
        assert!(lines[2].ends_with("byte 7 is 'W' and should be 'w'"));
    }

    #[test]
    fn a_beginning_is_no_difference() {
        assert_eq!(Difference::find(b"hello", b"hel"), None);
    }
}
