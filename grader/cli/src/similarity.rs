//! `socklings export similarity`: programs for tools that compare them, without names.
//!
//! One folder a lesson; in it `submissions/` with a folder a student, `student-01`, and `base/` with the
//! skeleton, which all have in common. JPlag takes it with `-bc base`, compare50 with `-d base`, Dolos
//! with `--ignore`. Who is who stands in `who-is-who.csv`, beside the folders and not in them.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use gradebook::Class;

use crate::exit::Usage;
use crate::grade::collect;
use crate::grade::work::Work;
use crate::{grade, home, submission};

/// Writes the folders of those submissions in `from` whose students the gradebook knows.
pub(crate) fn write(class: &Class, from: &[PathBuf], folder: &Path) -> anyhow::Result<()> {
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        let shown = collect::printable(folder);
        return Err(Usage::Other(format!("{shown} is not empty: choose another folder")).into());
    }
    let course = home::find()?;
    let slugs: Vec<String> = class
        .course
        .lessons
        .iter()
        .map(|l| l.slug.clone())
        .collect();
    let lessons = grade::lessons(&slugs)?;
    let work = Work::new().context("cannot make a folder for temporary files")?;
    let students = collect::class(from, &lessons, &work)?;
    fs::create_dir_all(folder).context("cannot write there")?;
    let mut who = csv::Writer::from_path(folder.join("who-is-who.csv"))?;
    who.write_record(["folder", "student", "name"])?;
    let digits = students.len().to_string().len();
    for (number, student) in (1..).zip(&students) {
        let anonymous = format!("student-{number:0digits$}");
        let name = class.student(&student.id).and_then(|s| s.name.as_deref());
        let name = name.or(student.name.as_deref()).unwrap_or_default();
        who.write_record([&anonymous, &student.id, name])?;
        for lesson in &lessons {
            let found = student
                .lessons
                .get(&lesson.number)
                .and_then(|found| found.last());
            let Some(Ok(source)) = found.map(|found| &found.folder) else {
                continue;
            };
            let place = folder.join(lesson.folder());
            let to = place.join("submissions").join(&anonymous);
            let skeleton = course.join("exercises").join(lesson.folder());
            if let Err(reason) = submission::copy_sources(&skeleton, &place.join("base"))? {
                bail!("the skeleton of {}: {reason}", lesson.slug);
            }
            // What holds a link is not compared; it was not graded either.
            if submission::copy_sources(source, &to)?.is_err() {
                fs::remove_dir_all(&to)?;
            }
        }
    }
    who.flush()?;
    let shown = collect::printable(folder);
    writeln!(
        std::io::stdout(),
        "{shown} holds a folder a lesson, with submissions/ and what all had from the start in base/. Who is \
         who stands in {shown}/who-is-who.csv: keep that to yourself"
    )?;
    Ok(())
}
