//! What the course itself knows, filled into the chapters: so it cannot drift.
//!
//! A chapter whose file is named like a lesson (`205-echo.md`) gets the lesson's header below its
//! title, and before its questions the table of the checks and what the grader says to each
//! misconception. Words lead to the glossary. `{{#lessons}}` anywhere becomes the list of all lessons,
//! `{{#parts}}` that of the parts, `{{#errors}}` that of the errors on the page, and `{{#ladder NAME}}` the
//! diagram of a capture.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use harness::{Check, Lesson, Role};
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::errors::Result;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::capture::script::Capture;
use crate::errors::{self, Errors};
use crate::glossary::{self, Glossary};
use crate::parts::{self, Part};
use crate::{capture, ladder, misconceptions};

/// Where the list of lessons goes.
const LESSONS: &str = "{{#lessons}}";
/// Before the name of a capture: its diagram goes here.
const LADDER: &str = "{{#ladder ";
/// Where all parts of the course are shown.
const PARTS: &str = "{{#parts}}";
/// Where the list of the errors on this page goes.
const ERRORS: &str = "{{#errors}}";

/// The preprocessor.
#[derive(Debug)]
pub(crate) struct Course {
    /// The course's folder.
    home: PathBuf,
    /// How many diagrams have been drawn: their names differ, since the page for printing holds all.
    ladders: Cell<usize>,
}

/// What the chapters' words lead to.
#[derive(Debug)]
struct Words {
    glossary: Glossary,
    errors: Errors,
}

impl Course {
    /// For the book in the folder `book`.
    pub(crate) fn new(book: &Path) -> Self {
        let home = book.parent().unwrap_or(book);
        Self {
            home: home.into(),
            ladders: Cell::new(0),
        }
    }

    fn fill(&self, chapter: &mut Chapter, parts: &[Part], words: &Words) -> Result<()> {
        if chapter.path.as_deref() != Some(Path::new(glossary::PAGE)) {
            chapter.content = words.glossary.link(&chapter.content);
        }
        if chapter.path.as_deref() != Some(Path::new(errors::PAGE)) {
            chapter.content = words.errors.link(&chapter.content);
        }
        for (place, filling) in [
            (LESSONS, all_lessons as fn(&Chapter, &[Part]) -> String),
            (PARTS, |_, parts| parts::overview(parts)),
            (ERRORS, |chapter, _| all_errors(chapter)),
        ] {
            if chapter.content.contains(place) {
                chapter.content = chapter.content.replace(place, &filling(chapter, parts));
            }
        }
        self.draw_ladders(chapter)?;
        if let Some(lesson) = parts::lesson(chapter) {
            let title = chapter
                .content
                .find("\n\n")
                .unwrap_or(chapter.content.len());
            chapter.content.insert_str(title, &header(lesson));
            let questions = chapter.content.find("\n## Questions");
            let end = questions.unwrap_or(chapter.content.len());
            chapter.content.insert_str(end, &self.checks(lesson)?);
        }
        if let Some(progress) = parts::progress(parts, chapter) {
            chapter.content.insert_str(0, &progress);
        }
        Ok(())
    }

    /// Puts the diagrams where the chapter wants them.
    fn draw_ladders(&self, chapter: &mut Chapter) -> Result<()> {
        while let Some(start) = chapter.content.find(LADDER) {
            let rest = &chapter.content[start + LADDER.len()..];
            let len = rest.find("}}").context("{{#ladder has no end")?;
            let name = rest[..len].trim().to_owned();
            let capture = Capture::load(&capture::file(&self.home.join("book"), &name))?;
            let number = self.ladders.get() + 1;
            self.ladders.set(number);
            let figure = ladder::figure(&format!("ladder-{number}"), &capture)?;
            let end = start + LADDER.len() + len + "}}".len();
            chapter.content.replace_range(start..end, &figure);
        }
        Ok(())
    }

    fn checks(&self, lesson: &Lesson) -> Result<String> {
        let rows: String = lesson.checks.iter().map(row).collect();
        let misconceptions: String = misconceptions::of(&self.home, lesson)?
            .iter()
            .map(|wrong| {
                format!(
                    "<details>\n<summary>{} (<code>{}</code>)</summary>\n\n```text\n{}\n```\n\n</details>\n\n",
                    inline(&wrong.what),
                    wrong.check,
                    wrong.told
                )
            })
            .collect();
        Ok(format!(
            "\n## The checks\n\n| check | points | what it looks at |\n|---|---|---|\n{rows}\n\
             ## What the grader says\n\n\
             Programs that students write, and what they are told. Open the one that you want to \
             understand; times and ports are left out.\n\n{misconceptions}"
        ))
    }
}

impl Preprocessor for Course {
    fn name(&self) -> &'static str {
        "course"
    }

    fn run(&self, _context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let parts = parts::of(&book);
        let chapters = self.home.join("book/src");
        let words = Words {
            glossary: Glossary::load(&chapters)?,
            errors: Errors::load(&chapters)?,
        };
        let mut result = Ok(());
        book.for_each_mut(|item| {
            if let BookItem::Chapter(chapter) = item
                && result.is_ok()
            {
                result = self
                    .fill(chapter, &parts, &words)
                    .with_context(|| format!("in the chapter {}", chapter.name));
            }
        });
        result.map(|()| book)
    }
}

/// What one does in this lesson, below the title.
fn header(lesson: &Lesson) -> String {
    let role = match lesson.role {
        Role::Server => "a server",
        Role::Client => "a client",
        Role::Filter => "a filter: standard input to standard output",
    };
    let verbs: Vec<String> = lesson.verbs.iter().map(|v| format!("`{v}`")).collect();
    let verbs = if verbs.is_empty() {
        String::new()
    } else {
        format!(" Verbs: {}.", verbs.join(", "))
    };
    format!(
        "\n\n<div class=\"lesson\">\n\n**{}**: you write {role}.{verbs}\n\n\
         Edit `exercises/{}/src/main.rs`, then `cargo test -p {}`: {} checks, {} points.\n\n</div>",
        lesson.title,
        lesson.folder(),
        lesson.slug,
        lesson.checks.len(),
        lesson.max_points(),
    )
}

fn row(check: &Check) -> String {
    let sees = match check.section {
        Some(section) => format!("[{}](#{})", check.sees, anchor(section)),
        None => check.sees.to_owned(),
    };
    format!("| `{}` | {} | {sees} |\n", check.name, check.points)
}

/// A link to each section that is named like an error.
fn all_errors(chapter: &Chapter) -> String {
    let headings = chapter
        .content
        .lines()
        .filter_map(|l| l.strip_prefix("## E"));
    let links: Vec<String> = headings
        .map(|rest| format!("[E{rest}](#{})", anchor(&format!("E{rest}"))))
        .collect();
    links.join(" · ")
}

fn all_lessons(_chapter: &Chapter, _parts: &[Part]) -> String {
    let rows = course::LESSONS.iter().map(|lesson| {
        format!(
            "| [{} {}]({}.md) | {} | {} |\n",
            lesson.number,
            lesson.slug,
            lesson.folder(),
            lesson.title,
            lesson.max_points()
        )
    });
    let rows: String = rows.collect();
    format!("| lesson | what you write | points |\n|---|---|---|\n{rows}")
}

/// The anchor that mdBook gives to a heading: small letters, a dash for a space, nothing for signs.
pub(crate) fn anchor(heading: &str) -> String {
    let heading = heading.to_lowercase();
    let kept = heading.chars().filter_map(|c| match c {
        c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    });
    kept.collect()
}

/// Text with `code` in it, inside of HTML.
fn inline(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let mut out = String::new();
    for (place, piece) in text.split('`').enumerate() {
        if place % 2 == 1 {
            out += &format!("<code>{piece}</code>");
        } else {
            out += piece;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_what_mdbook_makes_of_a_heading() {
        assert_eq!(anchor("One line, to the byte"), "one-line-to-the-byte");
        assert_eq!(anchor("Who speaks first?"), "who-speaks-first");
    }

    #[test]
    fn a_comment_becomes_html() {
        assert_eq!(inline("`a < b` & c"), "<code>a &lt; b</code> &amp; c");
    }
}
