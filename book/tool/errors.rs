//! The index of errors: leads the names of errors in the chapters to it, and finds names that it lacks.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use pulldown_cmark::Event;

use crate::prose::{events, open_places, put_links};

/// The page, in the chapters' folder.
pub(crate) const PAGE: &str = "errors.md";
/// Second names, which have no section of their own.
const ALSO: [(&str, &str); 2] = [("EWOULDBLOCK", "EAGAIN"), ("ENFILE", "EMFILE")];

/// What looks like an error, and is a state in which `ss` shows a connection.
const STATES: [&str; 2] = ["ESTAB", "ESTABLISHED"];

/// The errors that the page explains, and the anchors of their sections.
#[derive(Debug)]
pub(crate) struct Errors(BTreeMap<String, String>);

impl Errors {
    /// Reads the page in the folder of chapters.
    pub(crate) fn load(chapters: &Path) -> anyhow::Result<Self> {
        let path = chapters.join(PAGE);
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Ok(Self::parse(&text))
    }

    fn parse(page: &str) -> Self {
        let headings = page.lines().filter_map(|line| line.strip_prefix("## "));
        let mut anchors: BTreeMap<String, String> = headings
            .map(|name| (name.to_owned(), name.to_lowercase()))
            .collect();
        for (name, first) in ALSO {
            anchors.insert(name.to_owned(), first.to_lowercase());
        }
        Self(anchors)
    }

    /// The chapter with a link from the first time that it names an error.
    pub(crate) fn link(&self, chapter: &str) -> String {
        let mut seen = BTreeSet::new();
        let mut links = Vec::new();
        for range in open_places(chapter, |event| matches!(event, Event::Code(_))) {
            let name = chapter[range.clone()].trim_matches('`');
            if let Some(anchor) = self.0.get(name)
                && seen.insert(anchor)
            {
                links.push((range, anchor.as_str()));
            }
        }
        put_links(chapter, PAGE, links)
    }

    /// The errors that a chapter names and the page does not explain.
    pub(crate) fn lacks(&self, chapter: &str) -> BTreeSet<String> {
        let codes = events(chapter).filter_map(|(event, _)| match event {
            Event::Code(text) => Some(text.into_string()),
            _ => None,
        });
        codes
            .filter(|name| is_error(name) && !self.0.contains_key(name))
            .collect()
    }
}

/// Whether it is the name of an error in C: `EPIPE`.
fn is_error(name: &str) -> bool {
    let looks_like_one = name.len() > 3
        && name.starts_with('E')
        && name.bytes().all(|byte| byte.is_ascii_uppercase());
    looks_like_one && !STATES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE_TEXT: &str = "# Errors\n\n## EAGAIN\n\nx\n\n## EPIPE\n\ny\n";

    #[test]
    fn the_first_time_that_an_error_is_named_leads_to_its_section() {
        let errors = Errors::parse(PAGE_TEXT);
        assert_eq!(
            errors.link("## `EPIPE`\n\nIt is `EPIPE`, or `EWOULDBLOCK`, and `EPIPE` again.\n"),
            "## `EPIPE`\n\nIt is [`EPIPE`](errors.md#epipe), or [`EWOULDBLOCK`](errors.md#eagain), \
             and `EPIPE` again.\n"
        );
    }

    #[test]
    fn an_error_without_a_section_is_found() {
        let errors = Errors::parse(PAGE_TEXT);
        let lacks = errors.lacks("`EPIPE`, `ENOSUCH`, `END` and `EPOLLIN_` or `Error`\n");
        assert_eq!(lacks.into_iter().collect::<Vec<_>>(), ["ENOSUCH"]);
    }
}
