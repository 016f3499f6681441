//! `socklings solution`: how the course itself does it, for who has done it.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use harness::Lesson;

use crate::args::Solution;
use crate::exit::{Exit, Usage};
use crate::progress::Progress;
use crate::{exercise, home, names};

pub(crate) fn run(options: &Solution) -> anyhow::Result<Exit> {
    let course = home::find()?;
    let lesson = names::lesson(&options.lesson)?;
    if !Progress::read(&course)?.has(lesson) {
        return Err(Usage::NotDone { slug: lesson.slug }.into());
    }
    let mut out = std::io::stdout();
    for (name, text) in solution(&course, lesson)? {
        writeln!(out, "// solutions/{}/src/{name}\n{text}", lesson.folder())?;
    }
    Ok(Exit::Passed)
}

/// What parts the student's sources from the solution's, as `diff -u` prints it.
pub(crate) fn difference(course: &Path, lesson: &Lesson) -> anyhow::Result<String> {
    let theirs = sources(&exercise::folder(course, lesson))?;
    let ours = solution(course, lesson)?;
    let text_of = |sources: &[(String, String)], name: &str| {
        let found = sources.iter().find(|(own, _)| own == name);
        found.map_or(String::new(), |(_, text)| text.clone())
    };
    let mut names: Vec<&String> = theirs.iter().chain(&ours).map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    let mut difference = String::new();
    for name in names {
        let (yours, solution) = (text_of(&theirs, name), text_of(&ours, name));
        if yours == solution {
            continue;
        }
        let diff = similar::TextDiff::from_lines(&yours, &solution);
        let diff = diff.unified_diff().context_radius(3).to_string();
        difference.push_str(&format!("--- yours: {name}\n+++ solution: {name}\n{diff}"));
    }
    if difference.is_empty() {
        difference.push_str("Your program is the solution, to the letter.\n");
    }
    Ok(difference)
}

/// The same in a terminal's colours.
pub(crate) fn coloured(difference: &str) -> String {
    let paint = |line: &str| match line.as_bytes().first() {
        Some(b'-') => format!("\u{1b}[31m{line}\u{1b}[0m\n"),
        Some(b'+') => format!("\u{1b}[32m{line}\u{1b}[0m\n"),
        Some(b'@') => format!("\u{1b}[36m{line}\u{1b}[0m\n"),
        _ => format!("{line}\n"),
    };
    difference.lines().map(paint).collect()
}

/// The solution's files.
fn solution(course: &Path, lesson: &Lesson) -> anyhow::Result<Vec<(String, String)>> {
    must_be_there(course)?;
    sources(&course.join("solutions").join(lesson.folder()))
}

/// What students are handed out may hold no solutions.
pub(crate) fn must_be_there(course: &Path) -> Result<(), Usage> {
    if course.join("solutions").is_dir() {
        Ok(())
    } else {
        Err(Usage::NoSolutions)
    }
}

/// The Rust files in a package's `src/`, by name.
fn sources(package: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let folder = package.join("src");
    let cannot = || format!("cannot read {}", folder.display());
    let mut sources = Vec::new();
    for entry in fs::read_dir(&folder).with_context(cannot)? {
        let path = entry.with_context(cannot)?.path();
        if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            sources.push((name.into_owned(), text));
        }
    }
    sources.sort();
    Ok(sources)
}
