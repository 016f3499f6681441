//! `socklings grade`: a class, one folder a student.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use harness::{Lesson, Settings, Target, suite};
use sandbox::Limits;
use serde::Serialize;

use crate::args::{Format, Grade};
use crate::boxed::Strength;
use crate::build::{self, Compiler};
use crate::check::Graded;
use crate::exit::Exit;
use crate::submission::{self, Student};
use crate::sweeper::{self, Sweeper};
use crate::table::Table;
use crate::{home, names};

/// One student's row.
#[derive(Debug, Serialize)]
struct Row {
    student: String,
    points: u32,
    max_points: u32,
    lessons: Vec<Graded>,
    /// What was found in the folder and is not graded.
    remarks: Vec<String>,
}

/// The class, as JSON has it.
#[derive(Debug, Serialize)]
struct Class {
    seed: u64,
    students: Vec<Row>,
}

pub(crate) fn run(options: &Grade) -> anyhow::Result<Exit> {
    let lessons = lessons(&options.lesson)?;
    let mut students = Vec::new();
    for folder in &options.folders {
        students.extend(submission::students(folder)?);
    }
    let _sweeper = Sweeper::start()?;
    let strength = Strength::for_submissions(options.run.strength)?.with(options.run.arena);
    let mut settings = options.run.settings();
    settings.launcher = strength.launcher();
    let mut grader = Grader {
        course: home::find()?,
        settings,
        strength,
        limits: build::limits(options.build_seconds),
        compilers: BTreeMap::new(),
    };
    let mut class = Class {
        seed: grader.settings.seed,
        students: Vec::new(),
    };
    for student in students {
        class.students.push(grader.student(student, &lessons));
    }
    match options.run.format {
        Format::Json => {
            serde_json::to_writer(std::io::stdout(), &class)?;
            writeln!(std::io::stdout())?;
        }
        Format::Text => {
            print_text(&class, &lessons)?;
            writeln!(std::io::stdout(), "{}", strength.in_words())?;
        }
    }
    let graded = class.students.iter().flat_map(|row| &row.lessons);
    Ok(graded.map(Graded::exit).fold(Exit::Passed, Exit::worst))
}

/// The lessons of these names; all if there are none.
fn lessons(chosen: &[String]) -> anyhow::Result<Vec<&'static Lesson>> {
    if chosen.is_empty() {
        return Ok(course::LESSONS.iter().collect());
    }
    let chosen = chosen.iter().map(|name| names::lesson(name));
    Ok(chosen.collect::<Result<_, _>>()?)
}

/// Grades one submission after another.
struct Grader {
    course: PathBuf,
    settings: Settings,
    strength: Strength,
    /// Of the compiler.
    limits: Limits,
    compilers: BTreeMap<u16, Compiler>,
}

impl Grader {
    fn student(&mut self, student: Student, lessons: &[&'static Lesson]) -> Row {
        let mut graded = Vec::new();
        for lesson in lessons {
            let Some(folder) = student.lessons.get(&lesson.number) else {
                continue;
            };
            // Whatever goes wrong with one submission, the others are still graded.
            let seed = self.settings.seed;
            graded.push(
                self.submission(lesson, folder)
                    .unwrap_or_else(|error| Graded::grader_error(lesson, seed, &error))
                    .in_box(self.strength),
            );
        }
        Row {
            student: student.name,
            points: graded.iter().map(|g| g.points).sum(),
            max_points: lessons.iter().map(|lesson| lesson.max_points()).sum(),
            lessons: graded,
            remarks: student.remarks,
        }
    }

    fn submission(&mut self, lesson: &'static Lesson, folder: &Path) -> anyhow::Result<Graded> {
        let seed = self.settings.seed;
        let work = sweeper::folder()?;
        if let Err(reason) = submission::lay_out(&self.course, lesson, folder, work.path())? {
            return Ok(Graded::ungradable(lesson, seed, &reason));
        }
        let (strength, limits) = (self.strength, self.limits.clone());
        let compiler = self.compiler(lesson)?;
        let program = match compiler.compile(work.path(), strength, limits)? {
            Ok(program) => program,
            Err(reason) => return Ok(Graded::ungradable(lesson, seed, &reason)),
        };
        let checks: Vec<_> = lesson.checks.iter().collect();
        let target = Target::executable(&program);
        let outcomes = suite::run_all(lesson, &checks, &target, &self.settings);
        Ok(Graded::new(lesson, seed, outcomes))
    }

    fn compiler(&mut self, lesson: &'static Lesson) -> anyhow::Result<&Compiler> {
        if !self.compilers.contains_key(&lesson.number) {
            let compiler = Compiler::prepare(&self.course, lesson)?;
            self.compilers.insert(lesson.number, compiler);
        }
        Ok(&self.compilers[&lesson.number])
    }
}

fn print_text(class: &Class, lessons: &[&Lesson]) -> anyhow::Result<()> {
    let mut headings = vec!["student".to_owned()];
    headings.extend(
        lessons
            .iter()
            .map(|lesson| format!("{} {}", lesson.number, lesson.slug)),
    );
    headings.push("total".into());
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let mut table = Table::new(&headings);
    for row in &class.students {
        let mut cells = vec![row.student.clone()];
        cells.extend(lessons.iter().map(|lesson| cell(row, lesson)));
        cells.push(total(row));
        table.row(cells);
    }
    let mut out = std::io::stdout();
    write!(out, "{table}")?;
    for row in &class.students {
        for graded in &row.lessons {
            if let Some(reason) = &graded.reason {
                let what = graded.outcome.replace('_', " ");
                let first = first_error(reason);
                writeln!(out, "\n{} {}: {what}: {first}", row.student, graded.lesson)?;
            }
        }
        for remark in &row.remarks {
            writeln!(out, "\n{}: {remark}", row.student)?;
        }
    }
    let seed = class.seed;
    writeln!(out, "\nseed {seed}; every report in full: --format json")?;
    Ok(())
}

/// Points, or why there are none: what cannot be graded must not look like a zero.
fn cell(row: &Row, lesson: &Lesson) -> String {
    match row
        .lessons
        .iter()
        .find(|graded| graded.lesson == lesson.slug)
    {
        None => "-".into(),
        Some(graded) if graded.outcome == "graded" => {
            format!("{}/{}", graded.points, graded.max_points)
        }
        Some(graded) => graded.outcome.replace('_', " "),
    }
}

/// The points of all lessons, where they are known.
fn total(row: &Row) -> String {
    if row.lessons.is_empty() {
        return "-".into();
    }
    if row
        .lessons
        .iter()
        .any(|graded| graded.outcome == "grader_error")
    {
        return "not known".into();
    }
    format!("{}/{}", row.points, row.max_points)
}

/// The line of a compiler's output that tells most.
fn first_error(reason: &str) -> String {
    let mut lines = reason.lines();
    let told = lines.clone().find(|line| line.starts_with("error"));
    harness::payload::visible(told.or_else(|| lines.next()).unwrap_or_default())
}
