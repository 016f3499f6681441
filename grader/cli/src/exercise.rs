//! An exercise's folder, and what a student may have done to it by mistake.

use std::fs;
use std::path::{Path, PathBuf};

use harness::Lesson;
use harness::payload::visible;

use crate::exit::Usage;
use crate::solution;

/// Where the exercise of `lesson` is.
pub(crate) fn folder(course: &Path, lesson: &Lesson) -> PathBuf {
    course.join("exercises").join(lesson.folder())
}

/// The package to build: the exercise of `lesson`, or its solution. An error where it is not there.
pub(crate) fn package(course: &Path, lesson: &Lesson, of_solution: bool) -> Result<String, Usage> {
    if of_solution {
        solution::must_be_there(course)?;
        return Ok(format!("{}-solution", lesson.slug));
    }
    must_be_there(course, lesson)?;
    Ok(lesson.slug.to_owned())
}

/// An exercise that was deleted or renamed is told of before cargo does, in other words.
pub(crate) fn must_be_there(course: &Path, lesson: &Lesson) -> Result<(), Usage> {
    let folder = folder(course, lesson);
    let mut needed = ["", "Cargo.toml", "src/main.rs", "tests/checks.rs"].iter();
    let Some(missing) = needed.find(|name| !folder.join(name).exists()) else {
        return Ok(());
    };
    let exercise = match *missing {
        "" => format!("exercises/{}", lesson.folder()),
        name => format!("exercises/{}/{name}", lesson.folder()),
    };
    let elsewhere = match renamed(course, lesson).filter(|_| missing.is_empty()) {
        Some(name) => format!(". Perhaps you mean exercises/{name}: its package has this name"),
        None => String::new(),
    };
    Err(Usage::NoExercise {
        exercise,
        elsewhere,
        slug: lesson.slug,
    })
}

/// The folder that holds the exercise's package under another name.
fn renamed(course: &Path, lesson: &Lesson) -> Option<String> {
    let name = format!("name = \"{}\"", lesson.slug);
    let mut folders = fs::read_dir(course.join("exercises")).ok()?.flatten();
    let found = folders.find(|entry| {
        let manifest = fs::read_to_string(entry.path().join("Cargo.toml"));
        manifest.is_ok_and(|text| text.lines().any(|line| line == name))
    })?;
    Some(visible(&found.file_name().to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(course: &Path) -> String {
        let lesson = course::find("echo").expect("a lesson");
        match must_be_there(course, lesson) {
            Ok(()) => "it is there".into(),
            Err(usage) => usage.to_string(),
        }
    }

    #[test]
    fn what_is_missing_is_named_and_how_it_comes_back() {
        let course = tempfile::tempdir().expect("a folder");
        let exercise = course.path().join("exercises/205-echo");
        assert!(message(course.path()).starts_with("exercises/205-echo is not there"));
        assert!(message(course.path()).ends_with("cargo socklings reset echo"));
        for name in ["Cargo.toml", "src/main.rs", "tests/checks.rs"] {
            let message = message(course.path());
            assert!(message.starts_with("exercises/205-echo"), "{message}");
            let path = exercise.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, "").expect("written");
        }
        assert_eq!(message(course.path()), "it is there");
    }

    #[test]
    fn an_exercise_that_was_renamed_is_found() {
        let course = tempfile::tempdir().expect("a folder");
        let renamed = course.path().join("exercises/205-echo-old");
        fs::create_dir_all(&renamed).expect("made");
        fs::write(renamed.join("Cargo.toml"), "[package]\nname = \"echo\"\n").expect("written");
        assert!(message(course.path()).contains("Perhaps you mean exercises/205-echo-old"));
    }
}
