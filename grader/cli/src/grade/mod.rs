//! `socklings grade`: a class.
//!
//! [`collect`] finds what was handed in, [`class_run`] has it graded ([`bench`] does one submission)
//! and stored, [`show`] prints what came of it.

pub(crate) mod bench;
mod class_run;
pub(crate) mod clock;
pub(crate) mod collect;
mod fingerprint;
mod layout;
mod machine;
mod progress;
mod record;
mod roster;
mod show;
mod slots;
mod unpack;
pub(crate) mod work;

use gradebook::Gradebook;
use harness::Lesson;

use crate::args::{Format, Grade};
use crate::exit::Exit;
use crate::sweeper::Sweeper;
use crate::{home, names};

pub(crate) fn run(options: &Grade) -> anyhow::Result<Exit> {
    let lessons = lessons(&options.lesson)?;
    let course = home::find()?;
    let roster = match &options.roster {
        Some(path) => roster::read(path)?,
        None => Vec::new(),
    };
    let _sweeper = Sweeper::start()?;
    let work = work::Work::new()?;
    let mut class = collect::class(&options.submissions, &lessons, &work)?;
    roster::apply(&roster, &mut class);
    let mut book = Gradebook::open(&options.gradebook.file)?;
    for student in &class {
        book.enrol(&student.id, student.name.as_deref())?;
    }
    if let Some(deadline) = options.deadline {
        for lesson in &lessons {
            book.set_deadline(lesson.slug, deadline, clock::now())?;
        }
    }
    let graded = class_run::run(&course, &lessons, &class, &mut book, &work, options)?;
    let shown = show::Shown {
        class: &class,
        lessons: &lessons,
        graded: &graded,
        book: &book,
        options,
    };
    match options.run.format {
        Format::Json => shown.json()?,
        Format::Text => shown.text()?,
    }
    shown.exit()
}

/// The lessons of these names; all if there are none.
pub(crate) fn lessons(chosen: &[String]) -> anyhow::Result<Vec<&'static Lesson>> {
    if chosen.is_empty() {
        return Ok(course::LESSONS.iter().collect());
    }
    let chosen = chosen.iter().map(|name| names::lesson(name));
    Ok(chosen.collect::<Result<_, _>>()?)
}
