//! What students have handed in, found on disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use harness::Lesson;
use harness::payload::visible;

use crate::build::Ungradable;
use crate::exit::Usage;
use crate::names;

/// All that one student has handed in.
#[derive(Debug)]
pub(crate) struct Student {
    /// The folder's name, fit to be printed.
    pub(crate) name: String,
    /// The folder of each lesson that is there.
    pub(crate) lessons: BTreeMap<u16, PathBuf>,
    /// What was found and is no lesson, in words.
    pub(crate) remarks: Vec<String>,
}

/// The students of one folder, by name: each folder in it is one.
pub(crate) fn students(folder: &Path) -> anyhow::Result<Vec<Student>> {
    let entries = folders_in(folder).map_err(|e| Usage::NoSuchFolder {
        name: visible(&folder.to_string_lossy()),
        reason: e.to_string(),
    })?;
    if entries.is_empty() {
        return Err(Usage::NoSubmissions {
            name: visible(&folder.to_string_lossy()),
        }
        .into());
    }
    Ok(entries.iter().map(|entry| student(entry)).collect())
}

fn student(folder: &Path) -> Student {
    let mut student = Student {
        name: names::shown(folder),
        lessons: BTreeMap::new(),
        remarks: Vec::new(),
    };
    let entries = match folders_in(folder) {
        Ok(entries) => entries,
        Err(e) => {
            student.remarks.push(format!("cannot be read: {e}"));
            return student;
        }
    };
    for entry in entries {
        let name = names::shown(&entry);
        // It could lead to another student's work.
        if entry.is_symlink() {
            student
                .remarks
                .push(format!("\"{name}\" is a link, and not followed"));
            continue;
        }
        let Some(lesson) = lesson_of(&name) else {
            let known = course::LESSONS.iter().map(|lesson| lesson.slug);
            let hint = names::hint(&name, known);
            student
                .remarks
                .push(format!("\"{name}\" is no lesson{hint}"));
            continue;
        };
        // `205-echo` comes before `echo`.
        if let Some(other) = student.lessons.get(&lesson.number) {
            let other = names::shown(other);
            student.remarks.push(format!(
                "\"{name}\" is left out: \"{other}\" is the same lesson"
            ));
            continue;
        }
        student.lessons.insert(lesson.number, entry);
    }
    student
}

fn lesson_of(folder: &str) -> Option<&'static Lesson> {
    course::LESSONS
        .iter()
        .find(|lesson| folder == lesson.slug || folder == lesson.folder())
}

/// The folders in `folder`, sorted; hidden ones are nobody's.
fn folders_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if !hidden && entry.path().is_dir() {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}

/// Lays a student's `src/` over the lesson's pristine skeleton, in `work`. Nothing else of what the
/// student handed in is looked at.
pub(crate) fn lay_out(
    course: &Path,
    lesson: &Lesson,
    submission: &Path,
    work: &Path,
) -> anyhow::Result<Result<(), Ungradable>> {
    if !submission.join("src/main.rs").exists() {
        return Ok(Err(Ungradable::NoProgram));
    }
    let skeleton = course.join("exercises").join(lesson.folder());
    for source in [skeleton.as_path(), submission] {
        if let Err(reason) = copy(&source.join("src"), &work.join("src"), Path::new("src"))? {
            return Ok(Err(reason));
        }
    }
    Ok(Ok(()))
}

/// Copies files and folders; a link could lead anywhere, and is refused.
fn copy(from: &Path, to: &Path, shown: &Path) -> anyhow::Result<Result<(), Ungradable>> {
    let not_a_file = || Ungradable::NotAFile(visible(&shown.to_string_lossy()));
    let kind = fs::symlink_metadata(from)
        .with_context(|| format!("cannot read {}", visible(&shown.to_string_lossy())))?
        .file_type();
    if kind.is_file() {
        fs::copy(from, to)
            .with_context(|| format!("cannot read {}", visible(&shown.to_string_lossy())))?;
        return Ok(Ok(()));
    }
    if !kind.is_dir() {
        return Ok(Err(not_a_file()));
    }
    fs::create_dir_all(to).context("cannot write to the work folder")?;
    let entries = fs::read_dir(from)
        .with_context(|| format!("cannot read {}", visible(&shown.to_string_lossy())))?;
    for entry in entries {
        let name = entry.context("cannot list a folder")?.file_name();
        let copied = copy(&from.join(&name), &to.join(&name), &shown.join(&name))?;
        if copied.is_err() {
            return Ok(copied);
        }
    }
    Ok(Ok(()))
}
