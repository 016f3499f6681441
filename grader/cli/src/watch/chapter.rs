//! Opens a lesson's chapter in the browser.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::Sender;
use std::thread;

use harness::Lesson;

use super::state::Input;

/// What opens a page in the user's own browser.
const OPENER: &str = if cfg!(target_os = "macos") {
    "open"
} else {
    "xdg-open"
};

/// Opens the chapter of `lesson`, from a thread of its own, and says on `screen` what came of it.
pub(crate) fn open(course: &Path, lesson: &Lesson, screen: Sender<Input>) {
    let chapter = lesson.folder();
    let page = course.join("book/book").join(format!("{chapter}.html"));
    thread::spawn(move || {
        let remark = if page.is_file() {
            let opened = Command::new(OPENER)
                .arg(&page)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            match opened {
                Ok(status) if status.success() => format!("opened {}", page.display()),
                _ => format!("no browser opens here; the chapter is book/src/{chapter}.md"),
            }
        } else {
            format!("`cargo book build` builds the book; until then: book/src/{chapter}.md")
        };
        // The screen is gone: then nobody wants to know.
        let _ = screen.send(Input::Remark(remark));
    });
}
