//! A chapter's text as Markdown sees it, and links that are put into it.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The chapter with a link at each of these places, to that anchor of `page`.
pub(crate) fn put_links(chapter: &str, page: &str, mut links: Vec<(Range<usize>, &str)>) -> String {
    links.sort_by_key(|(range, _)| range.start);
    let mut linked = chapter.to_owned();
    for (range, anchor) in links.into_iter().rev() {
        let link = format!("[{}]({page}#{anchor})", &chapter[range.clone()]);
        linked.replace_range(range, &link);
    }
    linked
}

/// Where what is `wanted` stands and a link may be: no heading, no link, nothing bold, no table, no code.
pub(crate) fn open_places(chapter: &str, wanted: impl Fn(&Event<'_>) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for (event, range) in events(chapter) {
        match event {
            Event::Start(tag) if is_closed(&tag) => depth += 1,
            Event::End(tag) if ends_closed(tag) => depth = depth.saturating_sub(1),
            event if depth == 0 && wanted(&event) => found.push(range),
            _ => {}
        }
    }
    found
}

/// Whether no link may stand in it.
fn is_closed(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Heading { .. }
            | Tag::Link { .. }
            | Tag::Strong
            | Tag::CodeBlock(_)
            | Tag::HtmlBlock
            | Tag::Table(_)
    )
}

fn ends_closed(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Heading(_)
            | TagEnd::Link
            | TagEnd::Strong
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::Table
    )
}

/// What a chapter consists of, and where.
pub(crate) fn events(chapter: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(chapter, Options::ENABLE_TABLES).into_offset_iter()
}
