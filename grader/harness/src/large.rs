//! Content that is too large to be held in memory: made block by block, wherever it is needed.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;

use crate::random::Random;

/// How many bytes are made and compared at a time.
const BLOCK: usize = 1 << 20;

/// Some MiB of random content. Each block of it is marked with its number: none is like another.
#[derive(Debug)]
pub struct Large {
    block: Vec<u8>,
    blocks: usize,
}

impl Large {
    /// Content of `mib` MiB.
    pub fn new(random: &mut Random, mib: usize) -> Self {
        Self {
            block: random.bytes(BLOCK),
            blocks: mib,
        }
    }

    /// How many bytes it has.
    pub fn len(&self) -> u64 {
        BLOCK as u64 * self.blocks as u64
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.blocks == 0
    }

    /// How many blocks of 1 MiB it has.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks
    }

    /// The block with this number.
    pub(crate) fn block(&mut self, number: usize) -> &[u8] {
        let mark = (number as u64).to_be_bytes();
        self.block[..mark.len()].copy_from_slice(&mark);
        &self.block
    }

    /// Writes all of it to a new file.
    pub(crate) fn write(&mut self, path: &Path) -> io::Result<()> {
        let mut file = File::create_new(path)?;
        for number in 0..self.blocks {
            file.write_all(self.block(number))?;
        }
        Ok(())
    }

    /// Whether a file holds exactly this.
    pub(crate) fn is_in(&mut self, path: &Path) -> io::Result<bool> {
        let mut file = File::open(path)?;
        let mut found = vec![0; BLOCK];
        for number in 0..self.blocks {
            match file.read_exact(&mut found) {
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(false),
                read => read?,
            }
            if found != self.block(number) {
                return Ok(false);
            }
        }
        Ok(file.read(&mut found)? == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::Temporary;

    #[test]
    fn a_file_is_compared_to_its_last_byte() {
        let folder = Temporary::new().expect("there is room");
        let path = folder.path().join("file");
        let mut large = Large::new(&mut Random::new(1, "test"), 2);
        large.write(&path).expect("there is room");
        assert!(large.is_in(&path).expect("it is there"));

        let file = File::options().write(true).open(&path).expect("it is ours");
        file.set_len(large.len() + 1).expect("there is room");
        assert!(!large.is_in(&path).expect("it is there"), "a byte more");
        file.set_len(large.len() - 1).expect("there is room");
        assert!(!large.is_in(&path).expect("it is there"), "a byte less");
    }

    #[test]
    fn no_block_is_like_another() {
        let mut large = Large::new(&mut Random::new(1, "test"), 2);
        let first = large.block(0).to_vec();
        assert_ne!(first, large.block(1));
    }
}
