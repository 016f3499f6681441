//! `socklings reset`: an exercise as it was at first.
//!
//! The skeleton comes from `lessons/NNN-slug/skeleton/`, a copy that nobody edits: a course that was
//! unpacked from an archive has no git to ask, and git knows what a student has committed, too.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use harness::Lesson;

use crate::args::Reset;
use crate::exit::Exit;
use crate::{exercise, home, names};

pub(crate) fn run(options: &Reset) -> anyhow::Result<Exit> {
    let course = home::find()?;
    let lesson = names::lesson(&options.lesson)?;
    let mut out = io::stdout();
    let done = reset(&course, lesson)?;
    for kept in &done.kept {
        let kept = kept.strip_prefix(&course).unwrap_or(kept);
        writeln!(out, "what you wrote is kept in {}", kept.display())?;
    }
    let exercise = format!("exercises/{}", lesson.folder());
    match done.written {
        0 => writeln!(out, "{exercise} is as it was at first: nothing to do")?,
        _ => writeln!(out, "{exercise} is as it was at first")?,
    }
    Ok(Exit::Passed)
}

/// What was done.
#[derive(Debug, Default)]
struct Done {
    /// How many files were written.
    written: usize,
    /// Where what stood in them is now.
    kept: Vec<PathBuf>,
}

fn reset(course: &Path, lesson: &Lesson) -> anyhow::Result<Done> {
    let skeleton = course
        .join("lessons")
        .join(lesson.folder())
        .join("skeleton");
    let exercise = exercise::folder(course, lesson);
    let mut done = Done::default();
    for file in files(&skeleton).with_context(|| format!("cannot read {}", skeleton.display()))? {
        let original = fs::read(skeleton.join(&file))
            .with_context(|| format!("cannot read {}", skeleton.join(&file).display()))?;
        let path = exercise.join(&file);
        match fs::read(&path) {
            Ok(found) if found == original => continue,
            Ok(_) => {
                let aside = aside(&path);
                fs::rename(&path, &aside)
                    .with_context(|| format!("cannot rename {}", path.display()))?;
                done.kept.push(aside);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).context(format!("cannot read {}", path.display())),
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        fs::write(&path, &original).with_context(|| format!("cannot write {}", path.display()))?;
        done.written += 1;
    }
    Ok(done)
}

/// A name beside `path` that no file has: `main.rs.old`, `main.rs.old2`. Cargo builds none of them.
fn aside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut aside = path.with_file_name(format!("{name}.old"));
    let mut number = 2;
    while aside.exists() {
        aside = path.with_file_name(format!("{name}.old{number}"));
        number += 1;
    }
    aside
}

/// All files below `folder`, by their paths from there.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(folder.join(&below))? {
            let entry = entry?;
            let path = below.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A course with one skeleton.
    fn course() -> (tempfile::TempDir, &'static Lesson) {
        let course = tempfile::tempdir().expect("a folder");
        let skeleton = course.path().join("lessons/205-echo/skeleton");
        fs::create_dir_all(skeleton.join("src")).expect("made");
        fs::write(skeleton.join("Cargo.toml"), "the manifest").expect("written");
        fs::write(skeleton.join("src/main.rs"), "the skeleton").expect("written");
        (course, course::find("echo").expect("a lesson"))
    }

    #[test]
    fn what_was_written_is_kept_beside_however_often() {
        let (course, lesson) = course();
        let main = course.path().join("exercises/205-echo/src/main.rs");
        for (text, kept) in [("first", "main.rs.old"), ("second", "main.rs.old2")] {
            reset(course.path(), lesson).expect("reset");
            fs::write(&main, text).expect("edited");
            let done = reset(course.path(), lesson).expect("reset");
            assert_eq!(fs::read_to_string(&main).expect("there"), "the skeleton");
            let aside = main.with_file_name(kept);
            assert_eq!(done.kept, std::slice::from_ref(&aside));
            assert_eq!(fs::read_to_string(aside).expect("kept"), text);
        }
    }

    #[test]
    fn what_was_deleted_comes_back_and_what_is_unchanged_is_left_alone() {
        let (course, lesson) = course();
        assert_eq!(reset(course.path(), lesson).expect("reset").written, 2);
        let done = reset(course.path(), lesson).expect("reset");
        assert_eq!((done.written, done.kept.len()), (0, 0));
    }
}
