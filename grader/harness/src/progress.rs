//! Which lessons a student has done: `progress.txt` in the course's folder, one lesson a line, by
//! number.
//!
//! For the student's eyes only, and never a mark: whoever likes writes it by hand. No release of the
//! course holds this file, so that none overwrites it; `.gitattributes` has git keep the lines of both
//! sides where two versions meet. A line that names no lesson of this course stays as it is.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use crate::lesson::Lesson;

/// The file's name.
pub const FILE: &str = "progress.txt";

/// The lines of the file in `course`: folders of lessons, `205-echo`. None where there is no file yet.
pub fn read(course: &Path) -> io::Result<BTreeSet<String>> {
    match File::open(course.join(FILE)) {
        Ok(mut file) => lines(&mut file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error),
    }
}

/// Writes down that `lesson` is done. Whether that is news.
pub fn record(course: &Path, lesson: &Lesson) -> io::Result<bool> {
    let name = lesson.folder();
    if read(course)?.contains(&name) {
        return Ok(false);
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let mut file = options.open(course.join(FILE))?;
    // Two lessons may be done in the same moment, in two terminals.
    flock(&file, FlockOperation::LockExclusive)?;
    let mut done = lines(&mut file)?;
    let is_news = done.insert(name);
    let text: String = done.iter().map(|line| format!("{line}\n")).collect();
    // No line is ever taken away, so the new text is the longer one, and covers the old.
    file.rewind()?;
    file.write_all(text.as_bytes())?;
    file.set_len(text.len() as u64)?;
    Ok(is_news)
}

/// The folder of the course to which the exercise in `package` belongs; none for another package.
pub(crate) fn course_of(package: &Path) -> Option<PathBuf> {
    let exercises = package.parent()?;
    let is_exercise = exercises
        .file_name()
        .is_some_and(|name| name == "exercises");
    is_exercise.then(|| exercises.parent().map(Path::to_owned))?
}

fn lines(file: &mut File) -> io::Result<BTreeSet<String>> {
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::Role;

    fn lesson(number: u16, slug: &'static str) -> Lesson {
        Lesson {
            number,
            slug,
            title: "",
            role: Role::Server,
            verbs: &[],
            checks: &[],
            notes: &[],
            hints: &[],
        }
    }

    #[test]
    fn lessons_are_told_by_number_and_once() {
        let course = crate::folder::Temporary::new().expect("a folder");
        assert!(read(course.path()).expect("no file is no error").is_empty());
        for (number, slug, is_news) in [
            (205, "echo", true),
            (201, "listen", true),
            (205, "echo", false),
        ] {
            let recorded = record(course.path(), &lesson(number, slug)).expect("it is written");
            assert_eq!(recorded, is_news);
        }
        let text = std::fs::read_to_string(course.path().join(FILE)).expect("the file");
        assert_eq!(text, "201-listen\n205-echo\n");
    }

    #[test]
    fn a_line_of_another_version_of_the_course_stays() {
        let course = crate::folder::Temporary::new().expect("a folder");
        // As git leaves it where two versions meet: each line once or twice, in any order.
        let merged = "999-quantum\n205-echo\n205-echo\n";
        std::fs::write(course.path().join(FILE), merged).expect("written");
        record(course.path(), &lesson(201, "listen")).expect("it is written");
        let text = std::fs::read_to_string(course.path().join(FILE)).expect("the file");
        assert_eq!(text, "201-listen\n205-echo\n999-quantum\n");
    }

    #[test]
    fn only_an_exercise_belongs_to_a_course() {
        let exercise = Path::new("/home/anna/socklings/exercises/205-echo");
        assert_eq!(course_of(exercise), Some("/home/anna/socklings".into()));
        let solution = Path::new("/home/anna/socklings/solutions/205-echo");
        assert_eq!(course_of(solution), None);
    }
}
