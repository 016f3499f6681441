//! What a check can give a program that no ordinary program has (`man 7 capabilities`).

use std::io;

use serde::{Serialize, Serializer};

/// A power over the check's own network, for lessons about what lies below TCP and UDP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// Raw and packet sockets (`man 7 raw`, `man 7 packet`).
    NetRaw,
    /// Interfaces, addresses and routes (`man 7 rtnetlink`).
    NetAdmin,
}

impl Capability {
    /// As the kernel's manual calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NetRaw => "CAP_NET_RAW",
            Self::NetAdmin => "CAP_NET_ADMIN",
        }
    }
}

impl Serialize for Capability {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// `CAP_NET_RAW and CAP_NET_ADMIN over its own network`.
pub(crate) fn in_words(capabilities: &[Capability]) -> String {
    let names: Vec<_> = capabilities.iter().map(|c| c.name()).collect();
    format!("{} over its own network", names.join(" and "))
}

/// For a launcher that cannot give `capabilities`: why not. Nobody's fault, and never a mark.
pub fn cannot_be_given(capabilities: &[Capability], why: &str) -> io::Error {
    let needed = in_words(capabilities);
    let words =
        format!("this check gives its program {needed}, which only the full box does: {why}");
    io::Error::new(io::ErrorKind::Unsupported, words)
}
