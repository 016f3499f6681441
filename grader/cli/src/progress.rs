//! Where a student is: the lessons that are done, and the next one.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use harness::Lesson;
use harness::outcome::{CheckOutcome, Outcome};
use harness::progress::{self, FILE};

/// The lessons that are done.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    done: BTreeSet<&'static str>,
}

impl Progress {
    /// As the file in `course` has it.
    pub(crate) fn read(course: &Path) -> anyhow::Result<Self> {
        let lines = progress::read(course).with_context(|| format!("cannot read {FILE}"))?;
        Ok(Self::of(lines.iter().map(String::as_str)))
    }

    /// Of these lessons, by folder. A number may change from one release of the course to the next;
    /// then the name counts.
    pub(crate) fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let slug = |line: &'a str| {
            line.split_once('-')
                .filter(|(number, _)| number.parse::<u16>().is_ok())
                .map_or(line, |(_, slug)| slug)
        };
        let lessons = lines.filter_map(|line| course::find(slug(line)));
        Self {
            done: lessons.map(|lesson| lesson.slug).collect(),
        }
    }

    /// Whether `lesson` is done.
    pub(crate) fn has(&self, lesson: &Lesson) -> bool {
        self.done.contains(lesson.slug)
    }

    /// How many are done.
    pub(crate) fn count(&self) -> usize {
        self.done.len()
    }

    /// The first lesson that is not done; none if all are.
    pub(crate) fn next(&self) -> Option<&'static Lesson> {
        course::LESSONS.iter().find(|lesson| !self.has(lesson))
    }

    /// Marks `lesson`.
    pub(crate) fn add(&mut self, lesson: &Lesson) {
        self.done.insert(lesson.slug);
    }
}

/// Writes down that `lesson` is done if all its checks ran and none failed. A check that this machine
/// cannot run is no reason to wait.
pub(crate) fn record_if_done(course: &Path, lesson: &Lesson, outcomes: &[CheckOutcome]) {
    let stands_in_the_way = |outcome: &CheckOutcome| {
        matches!(
            outcome.outcome,
            Outcome::Failed(_) | Outcome::GraderError(_)
        )
    };
    if outcomes.len() == lesson.checks.len()
        && outcomes.iter().any(CheckOutcome::passed)
        && !outcomes.iter().any(stands_in_the_way)
    {
        record(course, lesson);
    }
}

/// Writes down that `lesson` is done. What comes of a check does not hang on it: a folder that cannot
/// be written to is told of, no more.
pub(crate) fn record(course: &Path, lesson: &Lesson) {
    if let Err(error) = progress::record(course, lesson) {
        // Nobody reads standard error: then there is nobody to tell.
        let _ = writeln!(
            std::io::stderr(),
            "socklings: {FILE} cannot be written: {error}"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_lesson_is_the_first_that_is_not_done() {
        let [first, second, third] = [0, 1, 2].map(|at| &course::LESSONS[at]);
        let none = Progress::default();
        assert_eq!(none.next().map(|l| l.slug), Some(first.slug));
        let names = [first.folder(), third.folder()];
        let two = Progress::of(names.iter().map(String::as_str));
        assert_eq!(two.next().map(|l| l.slug), Some(second.slug));
        let all = course::LESSONS.iter().map(|l| l.slug);
        assert!(Progress::of(all).next().is_none());
    }

    #[test]
    fn a_lesson_that_has_got_another_number_is_still_done() {
        let progress = Progress::of(["777-udp-echo", "999-quantum"].into_iter());
        let lesson = course::find("udp-echo").expect("a lesson");
        assert!(progress.has(lesson));
        assert_eq!(progress.count(), 1);
    }
}
