//! What is broken in the pages: links and fragments that lead nowhere, includes that found nothing,
//! chapters that the summary does not name, words that the glossary lacks.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use scraper::{ElementRef, Html, Selector};

use crate::errors::Errors;
use crate::files::files;
use crate::glossary::Glossary;

/// All faults, each in a line that says where and what.
pub(crate) fn find(book: &Path, pages: &Path) -> anyhow::Result<Vec<String>> {
    let mut faults = not_in_the_summary(&book.join("src"))?;
    faults.extend(without_an_entry(&book.join("src"))?);
    let mut found = BTreeMap::new();
    for path in files(pages, "html")? {
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        found.insert(path, Page::read(&text));
    }
    for (path, page) in &found {
        let name = path.strip_prefix(pages).unwrap_or(path).display();
        // The page for printing repeats all others, and the one for errors has links from the root.
        if name.to_string() == "print.html" || name.to_string() == "404.html" {
            continue;
        }
        for include in &page.includes {
            faults.push(format!("{name}: an include was left as it is: {include}"));
        }
        for _ in 0..page.empty_blocks {
            faults.push(format!(
                "{name}: a code block is empty: does its include match nothing?"
            ));
        }
        for link in &page.links {
            if let Some(fault) = broken_link(path, link, &found) {
                faults.push(format!("{name}: {fault}"));
            }
        }
    }
    Ok(faults)
}

/// What matters of a page.
#[derive(Debug, Default)]
struct Page {
    ids: BTreeSet<String>,
    links: Vec<String>,
    includes: Vec<String>,
    empty_blocks: usize,
}

impl Page {
    fn read(text: &str) -> Self {
        let html = Html::parse_document(text);
        let all = |what: &str| -> Vec<ElementRef<'_>> {
            let selector = Selector::parse(what).expect("the selector is valid");
            html.select(&selector).collect()
        };
        let attributes = |what: &str, name: &str| -> Vec<String> {
            let elements = all(what);
            let values = elements.iter().filter_map(|e| e.attr(name));
            values.map(ToOwned::to_owned).collect()
        };
        let mut links = attributes("main a[href]", "href");
        links.extend(attributes("main img[src]", "src"));
        let content: Vec<String> = all("main").iter().map(|e| e.text().collect()).collect();
        let words = content.iter().flat_map(|text| text.split_inclusive("}}"));
        let includes = words.filter_map(|text| Some(text[text.find("{{#")?..].to_owned()));
        let blocks = all("main pre code");
        let is_empty = |block: &&ElementRef<'_>| block.text().all(|text| text.trim().is_empty());
        Self {
            ids: attributes("[id]", "id").into_iter().collect(),
            links,
            includes: includes.collect(),
            empty_blocks: blocks.iter().filter(is_empty).count(),
        }
    }
}

fn broken_link(from: &Path, link: &str, pages: &BTreeMap<PathBuf, Page>) -> Option<String> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
    let target = if path.is_empty() {
        from.to_owned()
    } else {
        normal(&from.parent().unwrap_or(from).join(path))
    };
    let Some(page) = pages.get(&target) else {
        return (!target.is_file()).then(|| format!("the link {link} leads nowhere"));
    };
    let known = fragment.is_empty() || page.ids.contains(fragment);
    (!known).then(|| format!("the link {link} names a place that the page has not"))
}

/// A path without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        if part.as_os_str() == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts
}

fn not_in_the_summary(chapters: &Path) -> anyhow::Result<Vec<String>> {
    let summary = chapters.join("SUMMARY.md");
    let summary = fs::read_to_string(&summary).with_context(|| summary.display().to_string())?;
    let mut faults = Vec::new();
    let mut included = String::new();
    for path in files(chapters, "md")? {
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let includes = text.lines().filter(|line| line.starts_with("{{#include "));
        included.extend(includes);
    }
    for path in files(chapters, "md")? {
        let name = path
            .strip_prefix(chapters)
            .unwrap_or(&path)
            .display()
            .to_string();
        let is_named = summary.contains(&format!("({name})"));
        let is_part = included.contains(&format!("{{{{#include {name}}}}}"));
        if name != "SUMMARY.md" && !is_named && !is_part {
            faults.push(format!("{name}: the summary does not name this chapter"));
        }
    }
    Ok(faults)
}

/// Words that a chapter defines and the glossary does not have, and errors that it names and the index of
/// errors does not explain.
fn without_an_entry(chapters: &Path) -> anyhow::Result<Vec<String>> {
    let glossary = Glossary::load(chapters)?;
    let errors = Errors::load(chapters)?;
    let mut faults = Vec::new();
    for path in files(chapters, "md")? {
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let name = path.strip_prefix(chapters).unwrap_or(&path).display();
        for word in glossary.lacks(&text) {
            faults.push(format!("{name}: the glossary has no entry for {word:?}"));
        }
        for error in errors.lacks(&text) {
            faults.push(format!("{name}: {error} is not among the errors"));
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A book of one chapter whose page is `page`.
    fn faults_of(page: &str) -> Vec<String> {
        let book = tempfile::tempdir().expect("a folder");
        let (src, pages) = (book.path().join("src"), book.path().join("book"));
        fs::create_dir(&src).expect("a folder");
        fs::create_dir(&pages).expect("a folder");
        fs::write(
            src.join("SUMMARY.md"),
            "- [one](one.md)\n- [x](glossary.md)\n- [y](errors.md)\n",
        )
        .expect("a file");
        fs::write(src.join("one.md"), "# one\n").expect("a file");
        fs::write(src.join("glossary.md"), "reset\n: Gone.\n").expect("a file");
        fs::write(src.join("errors.md"), "## EPIPE\n").expect("a file");
        fs::write(pages.join("one.html"), format!("<main>{page}</main>")).expect("a file");
        find(book.path(), &pages).expect("the pages can be read")
    }

    #[test]
    fn a_whole_page_has_no_faults() {
        let page = "<h2 id=here>x</h2><a href='#here'>y</a> <a href='one.html#here'>z</a>\
                    <pre><code>code</code></pre>";
        assert_eq!(faults_of(page), Vec::<String>::new());
    }

    #[test]
    fn a_link_to_no_page_is_a_fault() {
        assert_eq!(
            faults_of("<a href='two.html'>x</a>"),
            ["one.html: the link two.html leads nowhere"]
        );
    }

    #[test]
    fn a_fragment_that_is_not_there_is_a_fault() {
        assert_eq!(
            faults_of("<a href='#there'>x</a>"),
            ["one.html: the link #there names a place that the page has not"]
        );
    }

    #[test]
    fn an_include_that_found_nothing_is_a_fault() {
        assert_eq!(
            faults_of("<pre><code>{{#include no.rs}}</code></pre>"),
            ["one.html: an include was left as it is: {{#include no.rs}}"]
        );
        assert_eq!(
            faults_of("<pre><code>\n</code></pre>"),
            ["one.html: a code block is empty: does its include match nothing?"]
        );
    }

    #[test]
    fn a_word_without_an_entry_is_a_fault() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("glossary.md"), "reset\n: Gone.\n").expect("a file");
        fs::write(folder.path().join("errors.md"), "## EPIPE\n").expect("a file");
        let chapter = "## The words\n\n- **Reset**: x, `EPIPE`\n- **Frob**: y, `EFROB`\n";
        fs::write(folder.path().join("one.md"), chapter).expect("a file");
        assert_eq!(
            without_an_entry(folder.path()).expect("it can be read"),
            [
                "one.md: the glossary has no entry for \"Frob\"",
                "one.md: EFROB is not among the errors"
            ]
        );
    }

    #[test]
    fn a_chapter_that_is_in_no_summary_is_a_fault() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("SUMMARY.md"), "").expect("a file");
        fs::write(folder.path().join("lost.md"), "# lost").expect("a file");
        assert_eq!(
            not_in_the_summary(folder.path()).expect("it can be read"),
            ["lost.md: the summary does not name this chapter"]
        );
    }
}
