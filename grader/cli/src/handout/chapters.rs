//! Chapters that stand by themselves: what they include is written into them.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use harness::payload::visible;

/// The chapter at `path` with every `{{#include FILE:FROM:TO}}` replaced by those lines of the file
/// (<https://rust-lang.github.io/mdBook/format/mdbook.html#including-files>).
pub(super) fn prepared(path: &Path, text: &str) -> anyhow::Result<String> {
    const START: &str = "{{#include ";
    let folder = path.parent().unwrap_or(path);
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(START) {
        let (what, after) = after.split_once("}}").with_context(|| {
            format!(
                "{}: an include has no end",
                visible(&path.to_string_lossy())
            )
        })?;
        whole.push_str(before);
        whole.push_str(included(folder, what.trim())?.trim_end_matches('\n'));
        rest = after;
    }
    whole.push_str(rest);
    Ok(without_what_is_drawn(&whole))
}

/// What `cargo book` makes of the course itself is not in a chapter that is read as it is.
fn without_what_is_drawn(text: &str) -> String {
    let mut whole = String::new();
    for line in text.split_inclusive('\n') {
        if line.starts_with("{{#lessons}}") {
            whole.push_str("The lessons are listed in [the summary](SUMMARY.md).\n");
        } else if !line.starts_with("{{#") {
            whole.push_str(line);
        }
    }
    whole
}

/// Lines are counted from 1; `FILE:4:` is all from the fourth on, `FILE:4` that line alone.
fn included(folder: &Path, what: &str) -> anyhow::Result<String> {
    let mut parts = what.split(':');
    let name = parts.next().unwrap_or_default();
    let text =
        fs::read_to_string(folder.join(name)).with_context(|| format!("cannot read {name}"))?;
    let number = |part: Option<&str>| part.and_then(|part| part.parse::<usize>().ok());
    let (from, to) = (parts.next(), parts.next());
    let first = number(from).unwrap_or(1);
    let last = match to {
        Some(to) => number(Some(to)).unwrap_or(usize::MAX),
        None if from.is_some() => first,
        None => usize::MAX,
    };
    let lines = text.lines().zip(1..);
    let chosen = lines.filter(|(_, number)| (first..=last).contains(number));
    Ok(chosen.map(|(line, _)| format!("{line}\n")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_book_draws_is_left_out() {
        let text = "a\n{{#ladder echo}}\nb\n{{#lessons}}\n";
        let told = without_what_is_drawn(text);
        assert_eq!(
            told,
            "a\nb\nThe lessons are listed in [the summary](SUMMARY.md).\n"
        );
    }

    #[test]
    fn lines_are_included_as_mdbook_does() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("x.rs"), "1\n2\n3\n4\n").expect("it is ours");
        let chapter = folder.path().join("a.md");
        let told = |what: &str| {
            prepared(&chapter, &format!("a\n{{{{#include {what}}}}}\nb")).expect("it is there")
        };
        assert_eq!(told("x.rs"), "a\n1\n2\n3\n4\nb");
        assert_eq!(told("x.rs:3:"), "a\n3\n4\nb");
        assert_eq!(told("x.rs:2:3"), "a\n2\n3\nb");
        assert_eq!(told("x.rs:2"), "a\n2\nb");
    }
}
