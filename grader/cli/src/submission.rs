//! A submission, laid out to be compiled.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use harness::Lesson;
use harness::payload::visible;

use crate::build::Ungradable;

/// Lays a student's `src/` over the lesson's pristine skeleton, in `work`. Nothing else of what the
/// student handed in is looked at.
pub(crate) fn lay_out(
    course: &Path,
    lesson: &Lesson,
    submission: &Path,
    work: &Path,
) -> anyhow::Result<Result<(), Ungradable>> {
    if !submission.is_dir() {
        bail!("the folder of the submission is not there any more");
    }
    if !submission.join("src/main.rs").exists() {
        return Ok(Err(Ungradable::NoProgram));
    }
    let skeleton = course.join("exercises").join(lesson.folder());
    for source in [skeleton.as_path(), submission] {
        if let Err(reason) = copy_sources(source, work)? {
            return Ok(Err(reason));
        }
    }
    Ok(Ok(()))
}

/// Copies the `src/` of one folder into another.
pub(crate) fn copy_sources(from: &Path, to: &Path) -> anyhow::Result<Result<(), Ungradable>> {
    fs::create_dir_all(to).context("cannot write there")?;
    copy(&from.join("src"), &to.join("src"), Path::new("src"))
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
