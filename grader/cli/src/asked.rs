//! How many hints have been asked for, check by check: in `.socklings/`, which git ignores.
//!
//! One line a check: `greet greets 2`. What cannot be read counts as not asked.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use harness::{Check, Lesson};

/// The folder for what is remembered between two commands and belongs in no repository.
const FOLDER: &str = ".socklings";

/// Asks for one hint more on `check`, and gives how many are to be shown now.
pub(crate) fn one_more(course: &Path, lesson: &Lesson, check: &Check) -> io::Result<usize> {
    let path = course.join(FOLDER).join("hints");
    let mut asked = match fs::read_to_string(&path) {
        Ok(text) => parse(&text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
        Err(error) => return Err(error),
    };
    let most = lesson.hints(check.name).len();
    let count = asked
        .entry(format!("{} {}", lesson.slug, check.name))
        .or_default();
    *count = (*count + 1).min(most);
    let count = *count;
    fs::create_dir_all(course.join(FOLDER))?;
    let lines = asked
        .iter()
        .map(|(name, count)| format!("{name} {count}\n"));
    fs::write(&path, lines.collect::<String>())?;
    Ok(count)
}

fn parse(text: &str) -> BTreeMap<String, usize> {
    let line = |line: &str| {
        let (name, count) = line.rsplit_once(' ')?;
        Some((name.to_owned(), count.parse().ok()?))
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use harness::Hints;

    #[test]
    fn each_time_one_more_until_there_are_no_more() {
        let course = tempfile::tempdir().expect("a folder");
        let listen = course::find("listen").expect("a lesson");
        let check = &listen.checks[0];
        let lesson = Lesson {
            hints: const { &[Hints::new("announces-the-port", &["a", "b"])] },
            ..*listen
        };
        let ask = || one_more(course.path(), &lesson, check).expect("it is written");
        assert_eq!([ask(), ask(), ask()], [1, 2, 2]);
    }
}
