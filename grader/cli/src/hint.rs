//! `socklings hint`: help that grows. Each time it is asked for, there is one hint more.

use std::io::Write as _;
use std::path::Path;

use harness::{Check, Lesson, Settings, Target, suite};

use crate::args::Hint;
use crate::exit::{Exit, Usage};
use crate::progress::Progress;
use crate::{asked, build, exercise, home, names, progress};

pub(crate) fn run(options: &Hint) -> anyhow::Result<Exit> {
    let course = home::find()?;
    let lesson = match &options.lesson {
        Some(name) => names::lesson(name)?,
        None => Progress::read(&course)?.next().ok_or(Usage::AllDone)?,
    };
    let check = match &options.check {
        Some(name) => names::checks(lesson, std::slice::from_ref(name))?[0],
        None => match first_failure(&course, lesson)? {
            Found::Check(check) => check,
            Found::DoesNotBuild(reason) => {
                writeln!(
                    std::io::stdout(),
                    "{} does not build yet, and the compiler says where. Mend the first error \
                     first:\n\n{reason}",
                    lesson.slug
                )?;
                return Ok(Exit::Ungradable);
            }
            Found::Nothing => {
                writeln!(
                    std::io::stdout(),
                    "No check of {} fails: there is nothing to hint at. A hint on one check all the \
                     same:\n  cargo socklings hint {} CHECK",
                    lesson.slug,
                    lesson.slug
                )?;
                return Ok(Exit::Passed);
            }
        },
    };
    write!(std::io::stdout(), "{}", told(&course, lesson, check, 80))?;
    Ok(Exit::Passed)
}

/// One hint more on `check`, below those that were told before, in so many columns.
pub(crate) fn told(course: &Path, lesson: &Lesson, check: &Check, columns: usize) -> String {
    let hints = lesson.hints(check.name);
    let section = match check.section {
        Some(section) => format!(", \"{section}\""),
        None => String::new(),
    };
    let chapter = format!("read: book, {} {}{section}", lesson.number, lesson.slug);
    if hints.is_empty() {
        return format!(
            "{} has no hints yet. What it looks at: {}.\n{chapter}\n",
            check.name, check.sees
        );
    }
    let (count, trouble) = match asked::one_more(course, lesson, check) {
        Ok(count) => (count, String::new()),
        Err(error) => (
            hints.len(),
            format!(
                "(Which hints you have had cannot be remembered here, so these are all: {error})\n"
            ),
        ),
    };
    let mut text = format!("{} {}   {}\n\n", lesson.number, lesson.slug, check.name);
    for (number, hint) in (1..).zip(&hints[..count]) {
        for (line, words) in wrapped(hint, columns - 5).into_iter().enumerate() {
            let start = match line {
                0 => format!("{number:3}. "),
                _ => "     ".to_owned(),
            };
            text.push_str(&format!("{start}{words}\n"));
        }
        text.push('\n');
    }
    text.push_str(&trouble);
    match hints.len() - count {
        0 => text.push_str(&format!("That is all. {chapter}\n")),
        left => text.push_str(&format!(
            "{left} more: cargo socklings hint {} {}\n",
            lesson.slug, check.name
        )),
    }
    text
}

/// Breaks a hint at spaces. What is indented is code, and stays as it is.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for part in text.lines() {
        if part.starts_with(' ') {
            lines.push(part.to_owned());
            continue;
        }
        let mut line = String::new();
        for word in part.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

enum Found {
    Check(&'static Check),
    DoesNotBuild(String),
    Nothing,
}

/// The first check that fails now: that is where help is needed.
fn first_failure(course: &Path, lesson: &'static Lesson) -> anyhow::Result<Found> {
    exercise::must_be_there(course, lesson)?;
    let program = match build::package(course, lesson.slug)? {
        Ok(program) => program,
        Err(reason) => return Ok(Found::DoesNotBuild(reason.to_string())),
    };
    let checks: Vec<&'static Check> = lesson.checks.iter().collect();
    let target = Target::executable(&program);
    let outcomes = suite::run_all(lesson, &checks, &target, &Settings::measured());
    progress::record_if_done(course, lesson, &outcomes);
    let failed = outcomes.iter().find(|outcome| outcome.report().is_some());
    Ok(
        match failed.and_then(|outcome| lesson.check(outcome.name)) {
            Some(check) => Found::Check(check),
            None => Found::Nothing,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_in_a_hint_keeps_its_lines() {
        let hint = "Words that are wrapped, and code that is not:\n\n    loop { }";
        assert_eq!(
            wrapped(hint, 24),
            [
                "Words that are wrapped,",
                "and code that is not:",
                "",
                "    loop { }"
            ]
        );
    }
}
