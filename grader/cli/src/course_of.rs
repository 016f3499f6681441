//! The course, as the gradebook wants to know it: its lessons, and `course.toml`.

use std::collections::BTreeSet;
use std::path::Path;

use gradebook::{Class, Course, CourseCheck, CourseLesson, Gradebook, Scheme};
use harness::Lesson;

use crate::args::Choice;
use crate::exit::Usage;
use crate::{grade, home};

/// All lessons, and how points become marks.
pub(crate) fn course(root: &Path) -> anyhow::Result<(Course, Scheme)> {
    let course = Course {
        lessons: course::LESSONS.iter().map(lesson).collect(),
    };
    let scheme = Scheme::read(&root.join("course.toml"), &course)?;
    Ok((course, scheme))
}

fn lesson(lesson: &Lesson) -> CourseLesson {
    let checks = lesson.checks.iter().map(|check| CourseCheck {
        name: check.name.to_owned(),
        points: check.points,
        sees: check.sees.to_owned(),
    });
    CourseLesson {
        number: lesson.number,
        slug: lesson.slug.to_owned(),
        title: lesson.title.to_owned(),
        checks: checks.collect(),
    }
}

/// The class that the gradebook knows, as far as the command line asks for it.
pub(crate) fn class(choice: &Choice) -> anyhow::Result<Class> {
    class_in(&open(choice)?, choice)
}

/// The gradebook, which must be there.
pub(crate) fn open(choice: &Choice) -> anyhow::Result<Gradebook> {
    Gradebook::open_existing(&choice.gradebook.file).map_err(|error| match error {
        gradebook::Error::CannotOpen { .. } => Usage::Other(error.to_string()).into(),
        error => error.into(),
    })
}

/// The same, of a gradebook that is open.
pub(crate) fn class_in(book: &Gradebook, choice: &Choice) -> anyhow::Result<Class> {
    let (course, scheme) = course(&home::find()?)?;
    let slugs: Vec<String> = if choice.lesson.is_empty() {
        handed_in(book)?
    } else {
        let chosen = grade::lessons(&choice.lesson)?;
        chosen.iter().map(|lesson| lesson.slug.to_owned()).collect()
    };
    Ok(book.class(course.only(&slugs), scheme, choice.count)?)
}

/// The lessons that somebody has handed in: what is not due yet is not missing from anybody's total.
fn handed_in(book: &Gradebook) -> anyhow::Result<Vec<String>> {
    let lessons: BTreeSet<String> = book.histories()?.into_iter().map(|h| h.lesson).collect();
    Ok(lessons.into_iter().collect())
}
