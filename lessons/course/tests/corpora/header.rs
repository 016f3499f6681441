//! The first lines of a wrong program: which check must catch it, and which others may.
//!
//! ```text
//! //! fails: keeps-echoing
//! //! also: split-anywhere, any-length
//! //! Receives once per connection.
//! ```

use std::path::Path;

use anyhow::Context as _;

/// What the header says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The check that teaches what is wrong.
    pub(crate) fails: String,
    /// Checks that fail, too.
    pub(crate) also: Vec<String>,
}

impl Header {
    pub(crate) fn read(source: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(source).context("cannot read the source")?;
        let mut lines = text.lines();
        let fails = lines
            .next()
            .and_then(|line| line.strip_prefix("//! fails: "));
        let fails = fails.context("the first line must be `//! fails: CHECK`")?;
        let also = lines
            .next()
            .and_then(|line| line.strip_prefix("//! also: "));
        Ok(Self {
            fails: fails.trim().to_owned(),
            also: also.map_or(Vec::new(), |names| {
                names
                    .split(',')
                    .map(|name| name.trim().to_owned())
                    .collect()
            }),
        })
    }
}
