//! Data that no program can know beforehand, and that a seed brings back.

use fastrand::Rng;

/// Random data for one check. The same seed and check give the same data, whatever else runs.
#[derive(Clone, Debug)]
pub struct Random {
    rng: Rng,
}

/// Words that are easy to tell apart in a transcript.
const WORDS: [&str; 16] = [
    "anchor", "basket", "candle", "dragon", "ember", "falcon", "garden", "harbor", "island",
    "jacket", "kettle", "lantern", "marble", "needle", "orchid", "pepper",
];

impl Random {
    /// The data of the check called `check` in a run with `seed`.
    pub fn new(seed: u64, check: &str) -> Self {
        // FNV-1a: the name picks one of 2^64 sequences.
        let name = check.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self {
            rng: Rng::with_seed(seed ^ name),
        }
    }

    /// A short text without white space: `lantern-4711`.
    pub fn word(&mut self) -> String {
        let word = WORDS[self.rng.usize(..WORDS.len())];
        format!("{word}-{}", self.rng.u16(..))
    }

    /// `count` different short texts.
    pub fn words(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|i| format!("{}-{i}", self.word())).collect()
    }

    /// `len` random bytes of any value.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        self.rng.fill(&mut bytes);
        bytes
    }

    /// `len` random lower-case letters and digits.
    pub fn letters(&mut self, len: usize) -> Vec<u8> {
        (0..len)
            .map(|_| b"abcdefghijklmnopqrstuvwxyz0123456789"[self.rng.usize(..36)])
            .collect()
    }

    /// A number in `range`.
    pub fn number(&mut self, range: std::ops::RangeInclusive<u64>) -> u64 {
        self.rng.u64(range)
    }

    /// One of `choices`.
    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.rng.usize(..choices.len())]
    }

    /// Puts `items` into a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        self.rng.shuffle(items);
    }

    /// A port outside the range that the kernel gives to connecting sockets.
    pub(crate) fn port(&mut self) -> u16 {
        self.rng.u16(10_000..32_000)
    }
}

/// A fresh seed: short enough to be typed again.
pub fn seed() -> u64 {
    fastrand::u64(1..1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_brings_the_same_data_back_for_each_check() {
        let data = |seed, check| Random::new(seed, check).bytes(8);
        assert_eq!(data(1, "half-close"), data(1, "half-close"));
        assert_ne!(data(1, "half-close"), data(2, "half-close"));
        assert_ne!(data(1, "half-close"), data(1, "any-length"));
    }
}
