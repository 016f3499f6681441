//! What came of a class: a table, or JSON. All of it is read from the gradebook.

use std::io::Write as _;

use gradebook::{Gradebook, GradingRecord, GradingResult};
use harness::Lesson;
use harness::payload::visible;
use serde_json::{Value, json};

use super::class_run::Graded;
use super::collect::HandIn;
use super::{clock, record};
use crate::args::Grade;
use crate::boxed::Strength;
use crate::exit::Exit;
use crate::table::Table;

pub(crate) struct Shown<'a> {
    pub(crate) class: &'a [HandIn],
    pub(crate) lessons: &'a [&'static Lesson],
    pub(crate) graded: &'a Graded,
    pub(crate) book: &'a Gradebook,
    pub(crate) options: &'a Grade,
}

/// The gradings of one student, in the lessons' order.
type Row = Vec<(&'static Lesson, GradingRecord)>;

impl Shown<'_> {
    fn row(&self, student: &HandIn) -> anyhow::Result<Row> {
        let mut row = Row::new();
        for &lesson in self.lessons {
            let key = (student.id.clone(), lesson.number);
            let Some(&id) = self.graded.gradings.get(&key) else {
                continue;
            };
            if let Some(grading) = self.book.grading(id)? {
                row.push((lesson, grading.record));
            }
        }
        Ok(row)
    }

    /// What the shell is told.
    pub(crate) fn exit(&self) -> anyhow::Result<Exit> {
        let mut worst = Exit::Passed;
        for student in self.class {
            if student.refused {
                worst = worst.worst(Exit::Ungradable);
            }
            if student.unread {
                worst = worst.worst(Exit::GraderError);
            }
            for (_, record) in self.row(student)? {
                worst = worst.worst(match record.result {
                    GradingResult::GraderError => Exit::GraderError,
                    GradingResult::Ungradable => Exit::Ungradable,
                    GradingResult::Graded if has_failed(&record) => Exit::Failed,
                    GradingResult::Graded => Exit::Passed,
                });
            }
        }
        Ok(worst)
    }

    pub(crate) fn json(&self) -> anyhow::Result<()> {
        let mut students = Vec::new();
        for student in self.class {
            let row = self.row(student)?;
            let points: u32 = row.iter().map(|(_, record)| record.points).sum();
            let lessons: Vec<Value> = row
                .iter()
                .map(|(lesson, record)| lesson_json(lesson, record))
                .collect();
            students.push(json!({
                "student": student.id,
                "name": student.name,
                "points": points,
                "max_points": self.max_points(),
                "lessons": lessons,
                "remarks": student.remarks,
            }));
        }
        let class = json!({ "seed": self.graded.seed, "students": students });
        writeln!(std::io::stdout(), "{class}")?;
        Ok(())
    }

    fn max_points(&self) -> u32 {
        self.lessons.iter().map(|lesson| lesson.max_points()).sum()
    }

    pub(crate) fn text(&self) -> anyhow::Result<()> {
        let named = self.class.iter().any(|student| student.name.is_some());
        let mut headings = vec!["student".to_owned()];
        if named {
            headings.push("name".into());
        }
        let numbered = |lesson: &&Lesson| format!("{} {}", lesson.number, lesson.slug);
        headings.extend(self.lessons.iter().map(numbered));
        headings.push("total".into());
        let mut table = Table::new(&headings);
        let mut below = Below::default();
        for student in self.class {
            let row = self.row(student)?;
            let mut cells = vec![student.id.clone()];
            if named {
                cells.push(student.name.clone().unwrap_or_default());
            }
            for lesson in self.lessons {
                cells.push(cell(&row, lesson));
            }
            cells.push(self.total(&row));
            table.row(cells);
            self.below(&mut below, student, &row);
        }
        let mut out = std::io::stdout();
        write!(out, "{table}")?;
        for block in [&below.remarks, &below.errors] {
            if !block.is_empty() {
                writeln!(out, "\n{}", block.join("\n"))?;
            }
        }
        writeln!(out, "\n{}", self.graded.strength.in_words())?;
        self.last_lines()
    }

    /// What a table has no room for.
    fn below(&self, below: &mut Below, student: &HandIn, row: &Row) {
        for (lesson, record) in row {
            if let Some(reason) = &record.reason {
                let what = record.result.name().replace('_', " ");
                let line = format!(
                    "{} {}: {what}: {}",
                    student.id,
                    lesson.slug,
                    first_error(reason)
                );
                if record.result == GradingResult::GraderError {
                    below.errors.push(line);
                } else {
                    below.remarks.push(line);
                }
            }
            let received = student.lessons[&lesson.number]
                .last()
                .map(|found| found.received);
            let late = self.options.deadline.zip(received);
            if let Some((deadline, received)) =
                late.filter(|(deadline, received)| received > deadline)
            {
                below.remarks.push(format!(
                    "{} {}: {}: handed in {}",
                    student.id,
                    lesson.slug,
                    gradebook::Lateness {
                        ms: received - deadline
                    },
                    clock::shown(received)
                ));
            }
            if let Some(line) = skipped(student, lesson, record) {
                below.remarks.push(line);
            }
        }
        for remark in &student.remarks {
            below.remarks.push(format!("{}: {remark}", student.id));
        }
    }

    fn last_lines(&self) -> anyhow::Result<()> {
        let totals = self.graded.totals;
        let file = super::collect::printable(&self.options.gradebook.file);
        let mut out = std::io::stdout();
        writeln!(out, "{}; kept in {file}", totals.words())?;
        if totals.stored > 0 {
            writeln!(
                out,
                "graded before: shown from {file}; --fresh grades it again"
            )?;
        }
        if totals.all() > totals.stored {
            writeln!(out, "seed {}", self.graded.seed)?;
        }
        writeln!(
            out,
            "what most fail: cargo socklings gradebook checks; every report: cargo socklings report --html DIR"
        )?;
        Ok(())
    }

    /// The points of all lessons, where they are known.
    fn total(&self, row: &Row) -> String {
        if row.is_empty() {
            return "-".into();
        }
        if row
            .iter()
            .any(|(_, record)| record.result == GradingResult::GraderError)
        {
            return "not known".into();
        }
        let points: u32 = row.iter().map(|(_, record)| record.points).sum();
        format!("{points}/{}", self.max_points())
    }
}

/// Lines below the table; the grader's own errors come last, where they are seen.
#[derive(Default)]
struct Below {
    remarks: Vec<String>,
    errors: Vec<String>,
}

fn has_failed(record: &GradingRecord) -> bool {
    let mut checks = record.checks.iter();
    checks.any(|check| check.result == gradebook::CheckResult::Failed)
}

fn lesson_json(lesson: &Lesson, record: &GradingRecord) -> Value {
    let checks: Vec<Value> = record.checks.iter().map(record::as_json).collect();
    let mut graded = json!({
        "lesson": lesson.slug,
        "seed": record.seed,
        "outcome": record.result.name(),
        "points": record.points,
        "max_points": record.max_points,
        "checks": checks,
        "box": record.identity.boxed,
    });
    let open = Strength::of_grading(record).map_or_else(Vec::new, Strength::does_not_promise);
    if !open.is_empty() {
        graded["not_promised"] = json!(open);
    }
    if let Some(reason) = &record.reason {
        graded["reason"] = reason.as_str().into();
    }
    graded
}

/// A check that this machine could not run gives no points, and nobody should miss that.
fn skipped(student: &HandIn, lesson: &Lesson, record: &GradingRecord) -> Option<String> {
    let skipped: Vec<&str> = record
        .checks
        .iter()
        .filter(|check| check.result == gradebook::CheckResult::Skipped)
        .map(|check| check.name.as_str())
        .collect();
    (!skipped.is_empty()).then(|| {
        format!(
            "{} {}: not run on this machine, and without points: {}",
            student.id,
            lesson.slug,
            skipped.join(", ")
        )
    })
}

/// Points, or why there are none: what cannot be graded must not look like a zero.
fn cell(row: &Row, lesson: &Lesson) -> String {
    match row
        .iter()
        .find(|(graded, _)| graded.number == lesson.number)
    {
        None => "-".into(),
        Some((_, record)) if record.result == GradingResult::Graded => {
            format!("{}/{}", record.points, record.max_points)
        }
        Some((_, record)) => record.result.name().replace('_', " "),
    }
}

/// The line of a compiler's output that tells most.
fn first_error(reason: &str) -> String {
    let mut lines = reason.lines();
    let told = lines.clone().find(|line| line.starts_with("error"));
    visible(told.or_else(|| lines.next()).unwrap_or_default())
}
