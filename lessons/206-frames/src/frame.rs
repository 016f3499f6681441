//! A frame: a length of four bytes, big-endian, and that many bytes.

use harness::random::Random;

/// How many bytes a frame may hold.
pub(crate) const LARGEST: u32 = 1_048_576;

/// One frame's content.
#[derive(Clone)]
pub(crate) struct Frame {
    content: Vec<u8>,
}

impl Frame {
    /// A frame with this content.
    pub(crate) fn new(content: impl Into<Vec<u8>>) -> Self {
        Self {
            content: content.into(),
        }
    }

    /// `count` frames with a word in each.
    pub(crate) fn many(random: &mut Random, count: usize) -> Vec<Self> {
        random.words(count).into_iter().map(Self::new).collect()
    }

    /// What goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        framed(self.content.clone())
    }

    /// The frame that answers it.
    pub(crate) fn answer(&self) -> Vec<u8> {
        framed(self.content.iter().rev().copied().collect())
    }
}

fn framed(mut content: Vec<u8>) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("no check makes a frame of 4 GiB");
    let mut bytes = length.to_be_bytes().to_vec();
    bytes.append(&mut content);
    bytes
}
