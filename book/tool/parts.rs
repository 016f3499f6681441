//! Where a chapter is on the way through its part, and all parts at a glance.

use std::path::PathBuf;

use harness::Lesson;
use mdbook_preprocessor::book::{Book, BookItem, Chapter};

/// A part that has lessons.
#[derive(Debug)]
pub(crate) struct Part {
    title: String,
    chapters: Vec<Stop>,
}

/// One chapter of a part.
#[derive(Debug)]
struct Stop {
    name: String,
    path: PathBuf,
    lesson: Option<&'static Lesson>,
}

/// The parts of the book that have lessons.
pub(crate) fn of(book: &Book) -> Vec<Part> {
    let mut parts = Vec::new();
    for item in &book.items {
        match item {
            BookItem::PartTitle(title) => parts.push(Part {
                title: title.clone(),
                chapters: Vec::new(),
            }),
            BookItem::Chapter(chapter) => {
                if let (Some(part), Some(path)) = (parts.last_mut(), &chapter.path) {
                    part.chapters.push(Stop {
                        name: chapter.name.clone(),
                        lesson: lesson(chapter),
                        path: path.with_extension("html"),
                    });
                }
            }
            BookItem::Separator => {}
        }
    }
    parts.retain(|part| part.lessons().next().is_some());
    parts
}

/// The lesson that a chapter belongs to.
pub(crate) fn lesson(chapter: &Chapter) -> Option<&'static Lesson> {
    let stem = chapter.path.as_deref()?.file_stem()?.to_str()?;
    course::LESSONS
        .iter()
        .find(|lesson| lesson.folder() == stem)
}

/// A line for the top of a chapter: its part, and a mark a chapter.
pub(crate) fn progress(parts: &[Part], chapter: &Chapter) -> Option<String> {
    let path = chapter.path.as_ref()?.with_extension("html");
    let (part, place) = parts.iter().find_map(|part| {
        let place = part.chapters.iter().position(|stop| stop.path == path)?;
        Some((part, place))
    })?;
    let marks = part.chapters.iter().enumerate().map(|(at, stop)| {
        let state = match at.cmp(&place) {
            std::cmp::Ordering::Less => "before",
            std::cmp::Ordering::Equal => "here",
            std::cmp::Ordering::Greater => "after",
        };
        let here = if at == place {
            " aria-current=\"page\""
        } else {
            ""
        };
        format!(
            "<a class=\"{state}\" href=\"{}\" title=\"{name}\" aria-label=\"{name}\"{here}></a>",
            stop.path.display(),
            name = stop.name,
        )
    });
    Some(format!(
        "<nav class=\"progress\" aria-label=\"Progress\"><span>{}, chapter {} of {}</span>\
         <span class=\"marks\">{}</span></nav>\n\n",
        part.title,
        place + 1,
        part.chapters.len(),
        marks.collect::<String>()
    ))
}

/// All parts, with their chapters and points.
pub(crate) fn overview(parts: &[Part]) -> String {
    let items = parts.iter().map(|part| {
        let chapters = part.chapters.iter().map(|stop| {
            let class = if stop.lesson.is_some() { "lesson-stop" } else { "reading" };
            format!(
                "<a class=\"{class}\" href=\"{}\">{}</a>\n",
                stop.path.display(),
                stop.name
            )
        });
        format!(
            "<section>\n<h3>{}</h3>\n<p>{}, {} points</p>\n<div class=\"stops\">\n{}</div>\n</section>\n",
            part.title,
            match part.lessons().count() {
                1 => "1 lesson".into(),
                n => format!("{n} lessons"),
            },
            part.lessons().map(Lesson::max_points).sum::<u32>(),
            chapters.collect::<String>()
        )
    });
    format!(
        "<div class=\"parts\">\n{}</div>\n",
        items.collect::<String>()
    )
}

impl Part {
    fn lessons(&self) -> impl Iterator<Item = &'static Lesson> {
        self.chapters.iter().filter_map(|stop| stop.lesson)
    }
}
