//! From chapters to pages, by mdBook.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use mdbook_preprocessor::Preprocessor as _;

use crate::generated::Course;

/// Builds the book in `root`. Gives the folder of its pages.
pub(crate) fn build(root: &Path) -> anyhow::Result<PathBuf> {
    let config = root.join("book.toml");
    let mut config = Config::from_disk(&config)
        .map_err(|e| anyhow!("{e:#}"))
        .with_context(|| format!("cannot read {}", config.display()))?;
    // What the file asks an mdbook to start as a process is a part of this one.
    config
        .set("preprocessor", serde_json::json!({}))
        .map_err(|e| anyhow!("{e:#}"))?;
    let mut book = MDBook::load_with_config(root, config).map_err(|e| anyhow!("{e:#}"))?;
    book.with_preprocessor(Course::new(root));
    book.build().map_err(|e| anyhow!("{e:#}"))?;
    Ok(book.build_dir_for("html"))
}

/// Reads what mdbook hands to a preprocessor, and writes what it wants back.
pub(crate) fn preprocess(input: impl Read, output: impl Write) -> anyhow::Result<()> {
    let (context, book) = mdbook_preprocessor::parse_input(input).map_err(|e| anyhow!("{e:#}"))?;
    let course = Course::new(&context.root);
    let book = course.run(&context, book).map_err(|e| anyhow!("{e:#}"))?;
    serde_json::to_writer(output, &book)?;
    Ok(())
}
