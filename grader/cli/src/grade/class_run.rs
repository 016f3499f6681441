//! The class, graded: several students at a time, each result stored as soon as it is known. As many as
//! there are jobs compile at a time; as many again may be at their checks, where programs mostly wait.
//!
//! A student's submissions are graded one after the other, the oldest first, so that the last mark is
//! that of the last submission.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::Context as _;
use gradebook::{Gradebook, GradingRecord, GradingResult, Identity, Submission};
use harness::Lesson;
use harness::outcome::{CheckOutcome, Outcome};

use super::bench::Bench;
use super::collect::{Found, HandIn};
use super::progress::{Progress, Totals};
use super::work::Work;
use super::{clock, fingerprint, machine, record};
use crate::args::Grade;
use crate::boxed::Strength;
use crate::build;
use crate::submission;

/// What came of the class.
#[derive(Debug)]
pub(crate) struct Graded {
    /// The grading of the last submission of each student for each lesson.
    pub(crate) gradings: HashMap<(String, u16), i64>,
    pub(crate) totals: Totals,
    pub(crate) seed: u64,
    pub(crate) strength: Strength,
}

/// Grades `class` and stores what comes of it in `book`.
pub(crate) fn run(
    course: &Path,
    lessons: &[&'static Lesson],
    class: &[HandIn],
    book: &mut Gradebook,
    work: &Work,
    options: &Grade,
) -> anyhow::Result<Graded> {
    let settings = options.run.settings();
    let jobs = settings.jobs;
    let strength = Strength::for_submissions(options.run.strength)?.with(options.run.arena);
    let bench = Bench::new(
        course,
        settings,
        strength,
        build::limits(options.build_seconds),
    );
    let versions = lessons
        .iter()
        .map(|lesson| Ok((lesson.number, fingerprint::lesson_version(course, lesson)?)))
        .collect::<std::io::Result<_>>()
        .context("cannot read the lessons' sources")?;
    let tasks: Vec<Vec<Task<'_>>> = class
        .iter()
        .map(|student| tasks(student, lessons))
        .collect();
    let run = ClassRun {
        course,
        versions,
        grader_version: fingerprint::grader_version(course)
            .context("cannot read the grader's sources")?,
        arena: bench.arena(),
        machine: machine::description(),
        bench,
        work,
        book: Mutex::new(book),
        fresh: options.fresh,
        progress: Progress::new(tasks.iter().map(Vec::len).sum()),
        gradings: Mutex::default(),
        retries: Mutex::default(),
    };
    let done = run.all(&tasks, 2 * jobs).and_then(|()| run.again());
    let totals = run.progress.finish();
    done?;
    Ok(Graded {
        gradings: run
            .gradings
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner),
        totals,
        seed: run.bench.seed(),
        strength,
    })
}

/// One submission.
#[derive(Clone, Copy, Debug)]
struct Task<'a> {
    student: &'a HandIn,
    lesson: &'static Lesson,
    found: &'a Found,
}

impl Task<'_> {
    fn who(&self) -> String {
        format!("{} {}", self.student.id, self.lesson.slug)
    }
}

fn tasks<'a>(student: &'a HandIn, lessons: &[&'static Lesson]) -> Vec<Task<'a>> {
    let of = |lesson: &&'static Lesson| {
        let lesson: &'static Lesson = lesson;
        let found = student.lessons.get(&lesson.number);
        let found = found.map_or([].as_slice(), Vec::as_slice).iter();
        found.map(move |found| Task {
            student,
            lesson,
            found,
        })
    };
    lessons.iter().flat_map(of).collect()
}

struct ClassRun<'a> {
    course: &'a Path,
    versions: HashMap<u16, String>,
    grader_version: String,
    arena: &'static str,
    machine: String,
    bench: Bench,
    work: &'a Work,
    book: Mutex<&'a mut Gradebook>,
    fresh: bool,
    progress: Progress,
    gradings: Mutex<HashMap<(String, u16), i64>>,
    /// Submissions at which the grader met an error of its own: each gets a second chance at the end.
    retries: Mutex<Vec<Task<'a>>>,
}

/// What was handed in, and why there is no program in it, if there is none.
struct Known {
    content: String,
    refused: Option<String>,
}

impl<'a> ClassRun<'a> {
    /// All students, so many at a time. Ends with the first error that is not one submission's own, such
    /// as a full disk: what comes after could not be kept either.
    fn all(&self, students: &[Vec<Task<'a>>], at_a_time: usize) -> anyhow::Result<()> {
        let next = AtomicUsize::new(0);
        let stop = AtomicBool::new(false);
        let first_error = Mutex::new(None);
        std::thread::scope(|scope| {
            for _ in 0..at_a_time.clamp(1, students.len().max(1)) {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let Some(tasks) = students.get(next.fetch_add(1, Ordering::Relaxed)) else {
                            break;
                        };
                        for task in tasks {
                            if let Err(error) = self.submission(*task, false) {
                                stop.store(true, Ordering::Relaxed);
                                lock(&first_error).get_or_insert(error);
                                return;
                            }
                        }
                    }
                });
            }
        });
        let error = first_error.into_inner();
        match error.unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// The second chance of those at which the grader met an error of its own.
    fn again(&self) -> anyhow::Result<()> {
        let retries = std::mem::take(&mut *lock(&self.retries));
        for task in retries {
            self.progress.again();
            self.submission(task, true)?;
        }
        Ok(())
    }

    /// Grades one submission, unless it was graded before, and stores what comes of it.
    fn submission(&self, task: Task<'a>, is_retry: bool) -> anyhow::Result<()> {
        let (start, started) = (Instant::now(), clock::now());
        // Whatever goes wrong with one submission, the others are still graded.
        let work = self.work.folder().context("cannot make a work folder");
        let known = work
            .as_ref()
            .map_err(|error| anyhow::anyhow!("{error:#}"))
            .and_then(|work| self.prepare(task, work.path()));
        let content = match &known {
            Ok(known) => known.content.as_str(),
            Err(_) => "unknown",
        };
        let (submission, identity) = self.names(task, content);
        if known.is_ok() && !self.fresh {
            let before = lock(&self.book).reuse(&submission, &identity, clock::now())?;
            if let Some(grading) = before {
                return self.report(task, grading, true);
            }
        }
        let graded = known.and_then(|known| match (known.refused, &work) {
            (None, Ok(work)) => {
                let graded = self.bench.grade(task.lesson, work.path())?;
                Ok(graded.map_err(|reason| reason.to_string()))
            }
            (refused, _) => Ok(Err(refused.unwrap_or_default())),
        });
        let record = self.record(task.lesson, identity, graded, started, start);
        if record.result == GradingResult::GraderError && !is_retry {
            lock(&self.retries).push(task);
            let reason = record.reason.as_deref().unwrap_or_default();
            let what = format!("grader error, to be tried again: {reason}");
            self.progress.done(&task.who(), &what, record.result, false);
            return Ok(());
        }
        let stored = lock(&self.book).store(&submission, &record, self.fresh, clock::now())?;
        self.report(task, stored.grading, stored.was_there)
    }

    /// What the gradebook calls this submission, and what makes its grading that grading.
    fn names(&self, task: Task<'_>, content: &str) -> (Submission, Identity) {
        let submission = Submission {
            student: task.student.id.clone(),
            lesson: task.lesson.slug.to_owned(),
            content: content.to_owned(),
            received: task.found.received,
            source: task.found.source.clone(),
        };
        let identity = Identity {
            lesson: task.lesson.slug.to_owned(),
            content: content.to_owned(),
            lesson_version: self.versions[&task.lesson.number].clone(),
            grader_version: self.grader_version.clone(),
            arena: self.arena.to_owned(),
            boxed: self.bench.strength().name().to_owned(),
        };
        (submission, identity)
    }

    /// Lays the submission out in `work` and sees what it is.
    fn prepare(&self, task: Task<'_>, work: &Path) -> anyhow::Result<Known> {
        let refused = match &task.found.folder {
            Ok(folder) => submission::lay_out(self.course, task.lesson, folder, work)?
                .err()
                .map(|reason| reason.to_string()),
            Err(reason) => Some(reason.clone()),
        };
        let content = match &refused {
            Some(reason) => fingerprint::content_of_text(reason),
            None => fingerprint::content(work).context("cannot read what was handed in")?,
        };
        Ok(Known { content, refused })
    }

    fn record(
        &self,
        lesson: &Lesson,
        identity: Identity,
        graded: anyhow::Result<Result<Vec<CheckOutcome>, String>>,
        started: i64,
        start: Instant,
    ) -> GradingRecord {
        let seed = self.bench.seed();
        let (result, reason, outcomes) = match graded {
            Err(error) => (
                GradingResult::GraderError,
                Some(format!("{error:#}")),
                Vec::new(),
            ),
            Ok(Err(reason)) => (GradingResult::Ungradable, Some(reason), Vec::new()),
            Ok(Ok(outcomes)) => {
                let error = outcomes.iter().find_map(|check| match &check.outcome {
                    Outcome::GraderError(reason) => Some(format!("{}: {reason}", check.name)),
                    _ => None,
                });
                match error {
                    Some(error) => (GradingResult::GraderError, Some(error), outcomes),
                    None => (GradingResult::Graded, None, outcomes),
                }
            }
        };
        let checks = outcomes
            .iter()
            .map(|check| record::of_check(lesson, seed, check));
        GradingRecord {
            identity,
            seed,
            machine: self.machine.clone(),
            started,
            duration_ms: start.elapsed().as_secs_f64() * 1000.0,
            result,
            reason,
            points: outcomes.iter().map(CheckOutcome::points).sum(),
            max_points: lesson.max_points(),
            checks: checks.collect(),
        }
    }

    /// Tells what is known and stored now.
    fn report(&self, task: Task<'_>, grading: i64, was_there: bool) -> anyhow::Result<()> {
        let stored = lock(&self.book)
            .grading(grading)?
            .context("a stored grading is gone")?;
        let record = stored.record;
        let what = match record.result {
            GradingResult::Graded => format!("{}/{}", record.points, record.max_points),
            GradingResult::Ungradable => "ungradable".to_owned(),
            GradingResult::GraderError => {
                format!("grader error: {}", record.reason.unwrap_or_default())
            }
        };
        self.progress
            .done(&task.who(), &what, record.result, was_there);
        let key = (task.student.id.clone(), task.lesson.number);
        lock(&self.gradings).insert(key, grading);
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::{Arguments, Command};

    #[test]
    fn a_folder_that_vanishes_is_an_error_of_the_graders_tried_twice_and_kept_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("grades.db");
        let words = [
            "socklings",
            "grade",
            "x",
            "--deadline-scale",
            "1",
            // This test's executable cannot be a box's keeper.
            "--box",
            "none",
            "--gradebook",
        ];
        let words = words
            .map(std::ffi::OsStr::new)
            .into_iter()
            .chain([file.as_os_str()]);
        let Some(Command::Grade(options)) = Arguments::parse_from(words).command else {
            panic!("it is the command grade");
        };
        let echo = crate::names::lesson("echo").expect("a lesson");
        let mut zoe = HandIn::new("zoe".into());
        let found = Found {
            folder: Ok(folder.path().join("gone")),
            received: 0,
            source: "zoe".into(),
        };
        zoe.lessons.insert(echo.number, vec![found]);
        let course = crate::home::find().expect("this is the course");
        let mut book = Gradebook::open(&file).expect("it is new");
        let work = Work::new().expect("there is room");
        let graded = run(&course, &[echo], &[zoe], &mut book, &work, &options).expect("it goes on");
        assert_eq!((graded.totals.errors, graded.totals.all()), (1, 1));
        let grading = graded.gradings[&("zoe".to_owned(), echo.number)];
        let record = book
            .grading(grading)
            .expect("it can be read")
            .expect("it is kept")
            .record;
        assert_eq!(
            record.reason.as_deref(),
            Some("the folder of the submission is not there any more")
        );
        // students, submissions, gradings, outcomes, marks: it is no mark, and stored once.
        let enrolled = book.sizes().expect("it can be read");
        assert_eq!(enrolled, [1, 1, 1, 0, 0]);
    }
}
