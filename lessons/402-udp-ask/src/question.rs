//! Whether a datagram is the question that the lesson asks for; and if not, what it looks like.

/// What is wrong with `datagram`, which should be two bytes of id and then `text`; in words that go on
/// after "but".
pub(crate) fn flaw(datagram: &[u8], text: &[u8]) -> Option<&'static str> {
    if datagram.len() == text.len() + 2 && datagram.ends_with(text) {
        return None;
    }
    Some(if datagram == text {
        NO_ID
    } else if datagram.starts_with(text) {
        BEHIND
    } else if datagram.len() == 2 {
        ID_ALONE
    } else if let Some(rest) = behind(datagram, text).filter(|rest| !rest.is_empty()) {
        match rest {
            b"\n" | b"\r\n" => NEWLINE,
            rest if rest.iter().all(|&byte| byte == 0) => ZEROS,
            _ => "something follows the text",
        }
    } else if datagram.ends_with(text) {
        if datagram[0].is_ascii_digit() && datagram[1].is_ascii_digit() {
            DIGITS
        } else {
            WIDE_ID
        }
    } else if str::from_utf8(text).is_ok_and(|text| datagram.len() == text.chars().count() + 2) {
        LETTERS
    } else {
        "it is another datagram"
    })
}

pub(crate) const NO_ID: &str = "it is the text alone, without an id";
pub(crate) const BEHIND: &str = "it begins with the text";
pub(crate) const ID_ALONE: &str = "it has two bytes and no text";
pub(crate) const NEWLINE: &str = "a newline follows the text";
pub(crate) const ZEROS: &str = "zero bytes follow the text";
pub(crate) const DIGITS: &str = "it begins with the id in decimal digits";
pub(crate) const LETTERS: &str = "it has one byte for each letter";
pub(crate) const WIDE_ID: &str = "more than two bytes come before the text";

/// What follows the two bytes and the text.
fn behind<'a>(datagram: &'a [u8], text: &[u8]) -> Option<&'a [u8]> {
    datagram.get(2..)?.strip_prefix(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_flaw_has_its_name() {
        let of = |datagram: &[u8]| flaw(datagram, b"hello");
        assert_eq!(of(b"\x01\x02hello"), None);
        assert_eq!(of(b"hello"), Some(NO_ID));
        assert_eq!(of(b"hello\x01\x02"), Some(BEHIND));
        assert_eq!(of(b"\x01\x02"), Some(ID_ALONE));
        assert_eq!(of(b"\x01\x02hello\n"), Some(NEWLINE));
        assert_eq!(of(b"\x01\x02hello\0\0\0"), Some(ZEROS));
        assert_eq!(of(b"4711hello"), Some(DIGITS));
        assert_eq!(of(b"\0\0\x01\x02hello"), Some(WIDE_ID));
        assert_eq!(flaw(b"\x01\x02\xe9", "é".as_bytes()), Some(LETTERS));
    }

    #[test]
    fn an_empty_text_leaves_the_id() {
        assert_eq!(flaw(b"\x01\x02", b""), None);
    }
}
