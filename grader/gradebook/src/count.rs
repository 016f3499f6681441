//! Which of several marks counts.

use std::str::FromStr;

/// Which of the marks that a student has for a lesson counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Count {
    /// The one that was given last. Clocks have no say: it is the order in which they were stored.
    #[default]
    Latest,
    /// The one with the most points; of equal ones the last.
    Best,
}

impl FromStr for Count {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "latest" => Ok(Self::Latest),
            "best" => Ok(Self::Best),
            _ => Err("it must be latest or best".into()),
        }
    }
}
