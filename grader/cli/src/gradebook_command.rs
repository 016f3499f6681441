//! `socklings gradebook`: what an instructor asks of the gradebook, one command each.

use std::collections::BTreeMap;
use std::io::Write as _;

use gradebook::{CheckResult, Class, Gradebook, GradingResult, Student};
use harness::payload::{plural, visible};

use crate::args::{Question, Questions};
use crate::course_of;
use crate::exit::{Exit, Usage};
use crate::grade::clock;
use crate::names;
use crate::table::Table;

pub(crate) fn run(questions: &Questions) -> anyhow::Result<Exit> {
    let book = course_of::open(&questions.choice)?;
    let class = course_of::class_in(&book, &questions.choice)?;
    let answer = match &questions.question {
        Question::Students => students(&class),
        Question::Lessons => lessons(&class),
        Question::Checks => checks(&class),
        Question::Student { id } => student(&book, &class, id)?,
        Question::Check { lesson, check } => check_of(&class, lesson, check)?,
        Question::Changes => changes(&book)?,
    };
    write!(std::io::stdout(), "{answer}")?;
    Ok(Exit::Passed)
}

fn students(class: &Class) -> String {
    let mut table = Table::new(&["student", "name", "handed in", "complete", "total", "late"]);
    for student in &class.students {
        let complete = student.lessons.iter().filter(|(slug, mark)| {
            let max = class
                .course
                .lesson(slug)
                .map_or(0, gradebook::CourseLesson::max_points);
            mark.grading.record.points >= max
        });
        let late = student.lessons.values().filter(|mark| mark.late.is_some());
        table.row(vec![
            student.id.clone(),
            student.name.clone().unwrap_or_default(),
            (student.lessons.len() + student.errors.len()).to_string(),
            complete.count().to_string(),
            total(class, student),
            late.count().to_string(),
        ]);
    }
    table.to_string()
}

fn total(class: &Class, student: &Student) -> String {
    match class.total(student) {
        Some(total) => {
            let max = class.scheme.shown(class.max_total());
            format!("{}/{max}", class.scheme.shown(total))
        }
        None if student.errors.is_empty() => "-".into(),
        None => "not known".into(),
    }
}

fn lessons(class: &Class) -> String {
    let mut table = Table::new(&[
        "lesson",
        "handed in",
        "complete",
        "ungradable",
        "grader errors",
        "mean points",
    ]);
    for lesson in &class.course.lessons {
        let slug = &lesson.slug;
        let marks: Vec<_> = class
            .students
            .iter()
            .filter_map(|s| s.lessons.get(slug))
            .collect();
        let errors = class
            .students
            .iter()
            .filter(|s| s.errors.contains_key(slug))
            .count();
        if marks.is_empty() && errors == 0 {
            continue;
        }
        let records = || marks.iter().map(|mark| &mark.grading.record);
        let ungradable = records().filter(|r| r.result == GradingResult::Ungradable);
        let complete = records().filter(|r| r.points >= lesson.max_points());
        let points: u32 = records().map(|r| r.points).sum();
        let count = u32::try_from(marks.len()).unwrap_or(u32::MAX).max(1);
        table.row(vec![
            lesson.heading(),
            (marks.len() + errors).to_string(),
            complete.count().to_string(),
            ungradable.count().to_string(),
            errors.to_string(),
            format!(
                "{:.1} of {}",
                f64::from(points) / f64::from(count),
                lesson.max_points()
            ),
        ]);
    }
    table.to_string()
}

/// The checks that somebody fails, those that most fail first.
fn checks(class: &Class) -> String {
    let mut rows = Vec::new();
    for lesson in &class.course.lessons {
        let mut failing: BTreeMap<&str, usize> = BTreeMap::new();
        let marks = class
            .students
            .iter()
            .filter_map(|s| s.lessons.get(&lesson.slug));
        let graded: Vec<_> = marks
            .map(|mark| &mark.grading.record)
            .filter(|record| record.result == GradingResult::Graded)
            .collect();
        for check in graded.iter().flat_map(|record| &record.checks) {
            if check.result == CheckResult::Failed {
                *failing.entry(&check.name).or_default() += 1;
            }
        }
        for check in &lesson.checks {
            if let Some(&count) = failing.get(check.name.as_str()) {
                rows.push((
                    count,
                    graded.len(),
                    lesson.heading(),
                    check.name.clone(),
                    check.sees.clone(),
                ));
            }
        }
    }
    rows.sort_by_key(|(count, ..)| std::cmp::Reverse(*count));
    if rows.is_empty() {
        return "Nobody fails a check.\n".into();
    }
    let mut table = Table::new(&["fail", "lesson", "check", "what it sees"]);
    for (count, all, lesson, check, sees) in rows {
        table.row(vec![format!("{count} of {all}"), lesson, check, sees]);
    }
    table.to_string()
}

fn known<'a>(class: &'a Class, id: &str) -> Result<&'a Student, Usage> {
    class.student(id).ok_or_else(|| Usage::NoSuchStudent {
        name: visible(id),
        hint: names::hint(id, class.students.iter().map(|s| s.id.as_str())),
    })
}

fn student(book: &Gradebook, class: &Class, id: &str) -> anyhow::Result<String> {
    let student = known(class, id)?;
    let mut out = format!("{}   {}\n", student.shown(), total(class, student));
    for lesson in &class.course.lessons {
        if let Some(reason) = student.errors.get(&lesson.slug) {
            out += &format!(
                "\n{}   grader error: {}\n",
                lesson.heading(),
                visible(reason)
            );
        }
        let Some(mark) = student.lessons.get(&lesson.slug) else {
            continue;
        };
        let record = &mark.grading.record;
        let late = mark.late.map_or(String::new(), |late| format!(", {late}"));
        let points = match record.result {
            GradingResult::Graded => format!("{}/{}", record.points, record.max_points),
            other => other.name().replace('_', " "),
        };
        out += &format!(
            "\n{}   {points}   handed in {}{late}, {}\n",
            lesson.heading(),
            clock::shown(mark.received),
            plural(mark.of, "mark"),
        );
        if let Some(reason) = &record.reason {
            for line in reason.trim_end().lines() {
                out += format!("  {}", visible(line)).trim_end();
                out.push('\n');
            }
        }
        let names = record.checks.iter().map(|check| check.name.len());
        let width = names.max().unwrap_or(0);
        for check in &record.checks {
            let words = check.headline.as_ref().or(check.reason.as_ref());
            let words = words.map(|words| visible(words)).unwrap_or_default();
            let line = format!(
                "  {:8} {:width$}   {words}",
                check.result.name().replace('_', " "),
                check.name
            );
            out += &format!("{}\n", line.trim_end());
        }
    }
    let histories = book.histories()?;
    let all = histories.iter().filter(|h| h.student == student.id).count();
    out += &format!("\n{} in the gradebook\n", plural(all, "grading"));
    Ok(out)
}

fn check_of(class: &Class, lesson: &str, check: &str) -> anyhow::Result<String> {
    let lesson = names::lesson(lesson)?;
    let check = names::checks(lesson, &[check.to_owned()])?[0];
    let mut table = Table::new(&["student", "outcome", "what happened"]);
    for student in &class.students {
        let Some(mark) = student.lessons.get(lesson.slug) else {
            continue;
        };
        let mut checks = mark.grading.record.checks.iter();
        let (outcome, words) = match checks.find(|c| c.name == check.name) {
            Some(c) => (c.result.name(), c.headline.clone().or(c.reason.clone())),
            None => (mark.grading.record.result.name(), None),
        };
        table.row(vec![
            student.id.clone(),
            outcome.replace('_', " "),
            visible(&words.unwrap_or_default()),
        ]);
    }
    Ok(format!("{}: {}\n\n{table}", check.name, check.sees))
}

fn changes(book: &Gradebook) -> anyhow::Result<String> {
    let changes = book.changes()?;
    if changes.is_empty() {
        return Ok("No mark differs from the one before it.\n".into());
    }
    let mut table = Table::new(&[
        "student",
        "lesson",
        "before",
        "now",
        "passes now",
        "fails now",
        "why",
    ]);
    for change in changes {
        table.row(vec![
            change.student,
            change.lesson,
            change.before.to_string(),
            change.now.to_string(),
            first(&change.mended),
            first(&change.broken),
            if change.handed_in_again {
                "handed in again"
            } else {
                "graded again"
            }
            .into(),
        ]);
    }
    Ok(table.to_string())
}

/// The first few of `checks`: a table has no room for all.
fn first(checks: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown = checks[..checks.len().min(SHOWN)].join(" ");
    match checks.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
