//! `socklings handout`: the folder that students get.
//!
//! The exercises, the chapters, and what their checks need to run. Left out are solutions, wrong and right
//! programs, what they are told, the grader's own tests, and hidden checks: in a lesson's sources those
//! stand between the lines `// BEGIN HIDDEN` and `// END HIDDEN`, as in nbgrader's notebooks. That no name
//! of a hidden check is left anywhere is made sure of before anything is written.

mod chapters;
mod hidden;
mod manifest;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use harness::payload::visible;

use crate::args::Handout;
use crate::exit::{Exit, Usage};
use crate::{course_of, home};

/// Folders of the course that go as they are, apart from what [`is_left_out`] says.
const FOLDERS: [&str; 5] = [".cargo", "book/src", "exercises", "grader", "lessons"];
const FILES: [&str; 6] = [
    "Cargo.toml",
    "Cargo.lock",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "clippy.toml",
    ".gitignore",
];

const README: &str = "\
# Socklings

Socket programming, with exercises that grade themselves.

1. Read a chapter: `book/src/205-echo.md`. `book/src/SUMMARY.md` lists them all.
2. Edit its exercise: `exercises/205-echo/src/main.rs`. Its `todo!()`s say what belongs there.
3. Run its checks, all or one:

       cargo test -p echo
       cargo test -p echo half-close

4. Read the first failure. Mend it. Again.

Hand in the exercise's folder. Only what is in its `src/` counts.
";

/// A file of the handout.
pub(crate) struct File {
    path: PathBuf,
    content: Vec<u8>,
}

pub(crate) fn run(options: &Handout) -> anyhow::Result<Exit> {
    let course = home::find()?;
    let to = &options.folder;
    let shown = visible(&to.to_string_lossy());
    if fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Usage::Other(format!("{shown} is not empty: choose another folder")).into());
    }
    let mut files = Vec::new();
    for folder in FOLDERS {
        collect(&course, Path::new(folder), &mut files)?;
    }
    for file in FILES {
        add(&course, Path::new(file), &mut files)?;
    }
    files.push(File {
        path: "README.md".into(),
        content: README.into(),
    });
    let (known, scheme) = course_of::course(&course)?;
    hidden::nothing_is_left(&files, &known, &scheme)?;
    for file in &files {
        let place = to.join(&file.path);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot write {shown}"))?;
        }
        fs::write(&place, &file.content).with_context(|| format!("cannot write {shown}"))?;
    }
    writeln!(
        std::io::stdout(),
        "{shown} holds what students get: {} files. Try it: cd {shown}; cargo test -p echo",
        files.len()
    )?;
    Ok(Exit::Passed)
}

/// Adds what is in `folder` of the course.
fn collect(course: &Path, folder: &Path, files: &mut Vec<File>) -> anyhow::Result<()> {
    let shown = || visible(&folder.to_string_lossy());
    let entries =
        fs::read_dir(course.join(folder)).with_context(|| format!("cannot read {}", shown()))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name());
    }
    names.sort();
    for name in names {
        let path = folder.join(name);
        if is_left_out(&path) {
            continue;
        }
        if course.join(&path).is_dir() {
            collect(course, &path, files)?;
        } else {
            add(course, &path, files)?;
        }
    }
    Ok(())
}

/// Whether students do not get this: a lesson's programs, and the grader's own tests.
fn is_left_out(path: &Path) -> bool {
    let parts: Vec<_> = path.iter().filter_map(|part| part.to_str()).collect();
    match parts.as_slice() {
        [
            "lessons",
            _,
            "wrong" | "right" | "told" | "oracle" | "tests",
            ..,
        ]
        | ["grader", _, "tests" | "benches" | "corpus", ..]
        | [.., "target"] => true,
        // A chapter is added with what it includes.
        ["book", "src", name] => name.ends_with(".table.md"),
        _ => false,
    }
}

fn add(course: &Path, path: &Path, files: &mut Vec<File>) -> anyhow::Result<()> {
    let shown = || visible(&path.to_string_lossy());
    let content =
        fs::read(course.join(path)).with_context(|| format!("cannot read {}", shown()))?;
    let content = match String::from_utf8(content) {
        Ok(text) => prepared(course, path, text)?.into_bytes(),
        Err(bytes) => bytes.into_bytes(),
    };
    files.push(File {
        path: path.to_owned(),
        content,
    });
    Ok(())
}

/// A file's text as students get it.
fn prepared(course: &Path, path: &Path, text: String) -> anyhow::Result<String> {
    if path.file_name().is_some_and(|name| name == "Cargo.toml") {
        return Ok(manifest::prepared(path, &text));
    }
    if path.starts_with("book/src") {
        return chapters::prepared(&course.join(path), &text);
    }
    if path.extension().is_some_and(|e| e == "rs") {
        return hidden::without(path, &text);
    }
    if path.starts_with(".cargo") {
        let is_book = |line: &&str| !line.starts_with("book =");
        return Ok(text
            .lines()
            .filter(is_book)
            .map(|line| format!("{line}\n"))
            .collect());
    }
    Ok(text)
}
