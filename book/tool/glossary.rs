//! The glossary: reads its page, leads the chapters' words to it, and finds words that it lacks.
//!
//! An entry is a line of names, separated by commas, and below it what they mean, behind a colon. A name
//! with an article or `to` before it (`a frame`, `to join`) is led to from the words that a chapter
//! defines, and not from its text, where it means many things.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::Context as _;
use pulldown_cmark::{Event, Tag, TagEnd};

use crate::generated::anchor;
use crate::prose::{events, open_places, put_links};

/// The page, in the chapters' folder.
pub(crate) const PAGE: &str = "glossary.md";
/// The section of a chapter that defines words, each in bold letters.
const WORDS: &str = "## The words";

/// Names, and the anchors of their entries.
#[derive(Debug, Default)]
pub(crate) struct Glossary {
    /// By the name in small letters, without article.
    anchors: BTreeMap<String, String>,
    /// Names that are led to from any text, the longest first.
    in_text: Vec<String>,
}

impl Glossary {
    /// Reads the page in the folder of chapters.
    pub(crate) fn load(chapters: &Path) -> anyhow::Result<Self> {
        let path = chapters.join(PAGE);
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Ok(Self::parse(&text))
    }

    fn parse(page: &str) -> Self {
        let mut glossary = Self::default();
        let lines: Vec<&str> = page.lines().collect();
        for pair in lines.windows(2) {
            if !pair[1].starts_with(": ") {
                continue;
            }
            for name in pair[0].split(", ") {
                let plain = plain(name);
                if plain == name.to_lowercase() {
                    glossary.in_text.push(plain.clone());
                }
                glossary.anchors.insert(plain, anchor(pair[0]));
            }
        }
        glossary
            .in_text
            .sort_by_key(|name| std::cmp::Reverse(name.len()));
        glossary
    }

    /// Where a name's entry is; that of the first name where there are several, separated by commas.
    fn anchor(&self, names: &str) -> Option<&str> {
        let first = names.split(", ").next()?;
        self.anchors.get(&plain(first)).map(String::as_str)
    }

    /// The words that a chapter defines and the glossary lacks.
    pub(crate) fn lacks(&self, chapter: &str) -> Vec<String> {
        let words = words(chapter).into_iter();
        let lacking = words.filter(|range| self.anchor(&chapter[range.clone()]).is_none());
        lacking.map(|range| chapter[range].to_owned()).collect()
    }

    /// The chapter with links from the words that it defines, and from the first time that it uses
    /// another.
    pub(crate) fn link(&self, chapter: &str) -> String {
        let mut links: Vec<(Range<usize>, &str)> = Vec::new();
        let mut known = BTreeSet::new();
        for range in words(chapter) {
            if let Some(anchor) = self.anchor(&chapter[range.clone()]) {
                known.insert(anchor);
                links.push((range, anchor));
            }
        }
        for text in open_places(chapter, |event| matches!(event, Event::Text(_))) {
            // The longest names come first: what they have taken is not for the shorter ones.
            let mut taken: Vec<Range<usize>> = Vec::new();
            for name in &self.in_text {
                let anchor = self.anchors[name].as_str();
                let Some(found) = find_word(&chapter[text.clone()], name) else {
                    continue;
                };
                let range = text.start + found.start..text.start + found.end;
                let is_taken = taken
                    .iter()
                    .any(|other| range.start < other.end && other.start < range.end);
                if !is_taken {
                    taken.push(range.clone());
                    if known.insert(anchor) {
                        links.push((range, anchor));
                    }
                }
            }
        }
        put_links(chapter, PAGE, links)
    }
}

/// A name without its article, in small letters.
fn plain(name: &str) -> String {
    let name = name.to_lowercase();
    let articles = ["to ", "the ", "a ", "an "];
    let bare = articles
        .iter()
        .find_map(|article| name.strip_prefix(article));
    bare.map_or_else(|| name.clone(), ToOwned::to_owned)
}

/// Where the words are that a chapter defines: what is bold in its section of words.
fn words(chapter: &str) -> Vec<Range<usize>> {
    let Some(start) = chapter.find(WORDS) else {
        return Vec::new();
    };
    let start = start + WORDS.len();
    let end = chapter[start..]
        .find("\n## ")
        .map_or(chapter.len(), |at| start + at);
    let mut found = Vec::new();
    let mut inside = false;
    for (event, range) in events(chapter) {
        match event {
            Event::Start(Tag::Strong) => inside = true,
            Event::End(TagEnd::Strong) => inside = false,
            Event::Text(_) if inside && start < range.start && range.end <= end => {
                found.push(range);
            }
            _ => {}
        }
    }
    found
}

/// The first place where `name` stands as a word of its own, or with the `s` of many.
fn find_word(text: &str, name: &str) -> Option<Range<usize>> {
    let small = text.to_lowercase();
    // Where small letters take more bytes than large ones, places would not fit.
    if small.len() != text.len() {
        return None;
    }
    let is_letter = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    for (start, _) in small.match_indices(name) {
        let mut end = start + name.len();
        if small[end..].starts_with('s') {
            end += 1;
        }
        let before = small[..start].chars().next_back();
        let after = small[end..].chars().next();
        if !before.is_some_and(is_letter) && !after.is_some_and(is_letter) {
            return Some(start..end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE_TEXT: &str = "# Glossary\n\nhalf-close\n: One half ends.\n\nreset, RST\n: Gone.\n\n\
                             accept queue\n: Who waits.\n\na frame\n: A message.\n";

    #[test]
    fn the_first_use_of_a_word_leads_to_its_entry() {
        let glossary = Glossary::parse(PAGE_TEXT);
        assert_eq!(
            glossary
                .link("# A reset\n\nAfter a reset comes no reset. Accept queues and `RST` stay.\n"),
            "# A reset\n\nAfter a [reset](glossary.md#reset-rst) comes no reset. \
             [Accept queues](glossary.md#accept-queue) and `RST` stay.\n"
        );
    }

    #[test]
    fn what_means_many_things_is_led_to_only_where_it_is_defined() {
        let glossary = Glossary::parse(PAGE_TEXT);
        let chapter = "A frame.\n\n## The words\n\n- **Frame**: a message.\n\n## On\n";
        assert_eq!(
            glossary.link(chapter),
            "A frame.\n\n## The words\n\n- **[Frame](glossary.md#a-frame)**: a message.\n\n## On\n"
        );
    }

    #[test]
    fn a_word_without_entry_is_found() {
        let glossary = Glossary::parse(PAGE_TEXT);
        let chapter =
            "## The words\n\n- **Reset**: gone.\n- **To frob**: to frob.\n\n## On\n\n**bold**\n";
        assert_eq!(glossary.lacks(chapter), ["To frob"]);
    }

    #[test]
    fn a_part_of_a_word_is_not_the_word() {
        assert_eq!(find_word("preset resets", "reset"), Some(7..13));
        assert_eq!(find_word("presets", "reset"), None);
    }
}
