//! What a datagram is, where another was expected: cut off, padded, merged, repeated, or meant for
//! somebody else.

use serde::Serialize;

use crate::payload::Payload;

/// How a datagram that came resembles the one that was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "resembles", rename_all = "snake_case")]
pub enum Likeness {
    /// The beginning of the expected one; the rest did not come.
    Cut,
    /// The beginning of the expected one; the rest came in datagrams of its own.
    Split,
    /// The whole of the expected one, then zero bytes.
    Padded,
    /// The whole of the expected one, then something else.
    Longer {
        /// What came behind it.
        extra: Payload,
    },
    /// Several datagrams of this peer's, in one.
    Merged,
    /// A datagram of this peer's that had come back before.
    Repeated,
    /// A datagram that another peer had sent.
    Anothers {
        /// That peer's name.
        peer: String,
    },
    /// Nothing that is known.
    Unknown,
}

impl Likeness {
    /// What `came` is, where `expected` should have come to a peer that had sent all of `sent`, of
    /// which `answered` had come back already.
    ///
    /// Whether a cut one is one of several pieces, and whether an unknown one is another peer's, only
    /// the peer can find out.
    pub(crate) fn find(
        expected: &[u8],
        came: &[u8],
        sent: &[Vec<u8>],
        answered: &[Vec<u8>],
    ) -> Self {
        if answered.iter().any(|before| before == came) {
            return Self::Repeated;
        }
        if is_merged(came, sent) {
            return Self::Merged;
        }
        if !came.is_empty() && expected.starts_with(came) {
            return Self::Cut;
        }
        match came.strip_prefix(expected) {
            Some(extra) if extra.iter().all(|&byte| byte == 0) => Self::Padded,
            Some(extra) => Self::Longer {
                extra: Payload::new(extra),
            },
            None => Self::Unknown,
        }
    }
}

/// Whether `came` begins with two of the datagrams in `sent`, one behind the other.
fn is_merged(came: &[u8], sent: &[Vec<u8>]) -> bool {
    let begins = |bytes: &[u8], with: &Vec<u8>| !with.is_empty() && bytes.starts_with(with);
    sent.iter()
        .filter(|first| begins(came, first))
        .any(|first| sent.iter().any(|next| begins(&came[first.len()..], next)))
}

/// Which of `candidates` has the longest beginning in common with `came`; the first of several.
pub(crate) fn nearest<'a>(came: &[u8], candidates: &'a [Vec<u8>]) -> Option<&'a [u8]> {
    let in_common = |bytes: &[u8]| bytes.iter().zip(came).take_while(|(a, b)| a == b).count();
    let candidates = candidates.iter().map(Vec::as_slice);
    candidates.min_by_key(|bytes| std::cmp::Reverse(in_common(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(expected: &str, came: &str) -> Likeness {
        let sent = ["one", "two", "three"].map(|text| text.as_bytes().to_vec());
        Likeness::find(expected.as_bytes(), came.as_bytes(), &sent, &sent[..1])
    }

    #[test]
    fn each_way_of_going_wrong_is_told_apart() {
        assert_eq!(find("three", "thr"), Likeness::Cut);
        assert_eq!(find("two", "two\0\0"), Likeness::Padded);
        assert_eq!(find("", "\0\0"), Likeness::Padded);
        assert_eq!(find("two", "onetwo"), Likeness::Merged);
        assert_eq!(find("two", "one"), Likeness::Repeated);
        assert_eq!(find("two", "four"), Likeness::Unknown);
        assert_eq!(find("two", ""), Likeness::Unknown);
        let extra = Payload::new(b"\n");
        assert_eq!(find("two", "two\n"), Likeness::Longer { extra });
    }

    #[test]
    fn the_nearest_has_the_longest_beginning_in_common() {
        let candidates = ["one", "two", "three"].map(|text| text.as_bytes().to_vec());
        assert_eq!(nearest(b"thr33", &candidates), Some(&b"three"[..]));
        assert_eq!(nearest(b"", &candidates), Some(&b"one"[..]));
        assert_eq!(nearest(b"one", &[]), None);
    }
}
