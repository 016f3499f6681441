//! What students have handed in, found in folders and archives.
//!
//! A class is a folder, or an archive of one, with an entry a student: a folder, or an archive. In it lies
//! a folder a lesson (`205-echo` or `echo`) with the student's `src/`; a checkout of the course, with its
//! `exercises/`, will do, too; and where only one lesson is graded, a bare `src/`. See [`super::layout`]
//! for the names that platforms give.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use harness::Lesson;
use harness::payload::visible;

use super::layout::{self, Owner};
use super::work::Work;
use super::{clock, unpack};
use crate::exit::Usage;
use crate::names;

/// All that one student has handed in.
#[derive(Clone, Debug)]
pub(crate) struct HandIn {
    /// The student's id, fit to be printed.
    pub(crate) id: String,
    /// The name, if a platform or a roster tells it.
    pub(crate) name: Option<String>,
    /// What was found, by the lesson's number; of the same lesson the oldest first.
    pub(crate) lessons: BTreeMap<u16, Vec<Found>>,
    /// What was found and is no lesson, in words.
    pub(crate) remarks: Vec<String>,
    /// Whether something was handed in that cannot be opened, for whatever lesson it was.
    pub(crate) refused: bool,
    /// Whether this machine could not read something: no fault of the student's.
    pub(crate) unread: bool,
}

/// A program that was handed in.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The folder with its `src/`, or why there is none.
    pub(crate) folder: Result<PathBuf, String>,
    /// When it was handed in, in ms since 1970, UTC: as the platform tells, or else an archive's time, or
    /// else that of the newest file.
    pub(crate) received: i64,
    /// Where it was found, in words.
    pub(crate) source: String,
}

impl HandIn {
    pub(crate) fn new(id: String) -> Self {
        Self {
            id,
            name: None,
            lessons: BTreeMap::new(),
            remarks: Vec::new(),
            refused: false,
            unread: false,
        }
    }

    /// All that another entry of the same student holds.
    fn merge(&mut self, other: Self) {
        self.name = other.name.or(self.name.take());
        self.remarks.extend(other.remarks);
        self.refused |= other.refused;
        self.unread |= other.unread;
        for (lesson, found) in other.lessons {
            self.lessons.entry(lesson).or_default().extend(found);
        }
    }
}

/// The students whose submissions lie at `paths`, by id. `lessons` are those that are graded.
pub(crate) fn class(
    paths: &[PathBuf],
    lessons: &[&'static Lesson],
    work: &Work,
) -> anyhow::Result<Vec<HandIn>> {
    let mut class: BTreeMap<String, HandIn> = BTreeMap::new();
    let collector = Collector { lessons, work };
    let mut known = BTreeSet::new();
    for path in paths {
        // What is given twice is one submission all the same.
        if path.canonicalize().is_ok_and(|path| !known.insert(path)) {
            continue;
        }
        for student in collector.path(path)? {
            match class.get_mut(&student.id) {
                Some(known) => known.merge(student),
                None => drop(class.insert(student.id.clone(), student)),
            }
        }
    }
    for student in class.values_mut() {
        for (number, found) in &mut student.lessons {
            found.sort_by(|a, b| (a.received, &a.source).cmp(&(b.received, &b.source)));
            // A class, and one of its folders again.
            found.dedup_by(|a, b| (a.received, &a.source) == (b.received, &b.source));
            if let [_, .., last] = found.as_slice() {
                student.remarks.push(several(*number, found.len(), last));
            }
        }
    }
    Ok(class.into_values().collect())
}

/// A lesson that was handed in more than once: which is the latest.
fn several(number: u16, count: usize, last: &Found) -> String {
    let lesson = course::LESSONS.iter().find(|l| l.number == number);
    let slug = lesson.map_or("", |lesson| lesson.slug);
    format!(
        "{slug} was handed in {count} times; the last is of {}, in {}",
        clock::shown(last.received),
        last.source
    )
}

/// A path, fit to be printed.
pub(crate) fn printable(path: &Path) -> String {
    visible(&path.to_string_lossy())
}

struct Collector<'a> {
    lessons: &'a [&'static Lesson],
    work: &'a Work,
}

/// Where an entry is and what it is called; an archive has been unpacked.
struct Entry {
    folder: Result<PathBuf, String>,
    /// Without an archive's ending.
    name: String,
    /// As it is called on disk.
    source: String,
    /// An archive's time.
    time: Option<i64>,
}

impl Collector<'_> {
    /// The students of one argument: a class, or one student's work.
    fn path(&self, path: &Path) -> anyhow::Result<Vec<HandIn>> {
        let name = || printable(path);
        let metadata = fs::metadata(path).map_err(|e| Usage::NoSuchFolder {
            name: name(),
            reason: e.to_string(),
        })?;
        let is_archive = metadata.is_file() && unpack::is_archive(&name());
        if !metadata.is_dir() && !is_archive {
            return Err(Usage::NoFolderAndNoArchive { name: name() }.into());
        }
        let entry = self
            .open(path)
            .with_context(|| format!("cannot unpack {}", name()))?;
        let folder = match &entry.folder {
            Ok(folder) if is_archive => unwrapped_class(folder),
            Ok(folder) => folder.clone(),
            Err(reason) => {
                return Err(Usage::NoSuchFolder {
                    name: name(),
                    reason: reason.clone(),
                }
                .into());
            }
        };
        if self.is_one_students(&folder) {
            return Ok(vec![self.student(&entry, &BTreeMap::new())]);
        }
        let gradescope = layout::gradescope(&folder);
        let mut students = Vec::new();
        for path in entries(&folder).map_err(|e| Usage::NoSuchFolder {
            name: name(),
            reason: e.to_string(),
        })? {
            let entry = match self.open(&path) {
                Ok(entry) => entry,
                Err(error) => {
                    students.push(unread(&path, &gradescope, &error));
                    continue;
                }
            };
            students.push(self.student(&entry, &gradescope));
        }
        if students.is_empty() {
            return Err(Usage::NoSubmissions { name: name() }.into());
        }
        Ok(students)
    }

    /// Unpacks an archive; a folder is as it is.
    fn open(&self, path: &Path) -> anyhow::Result<Entry> {
        let called = names::shown(path);
        let source = printable(path);
        let Some(stem) = unpack::stem(&called).filter(|_| path.is_file()) else {
            return Ok(Entry {
                folder: Ok(path.to_owned()),
                name: called,
                source,
                time: None,
            });
        };
        let into = self.work.lasting_folder()?;
        let time = fs::metadata(path)?.modified().ok().map(clock::of);
        let folder = match unpack::unpack(path, &into)? {
            Ok(()) => Ok(into),
            Err(refusal) => {
                fs::remove_dir_all(&into)?;
                Err(format!("{called} is not unpacked: {refusal}"))
            }
        };
        Ok(Entry {
            folder,
            name: stem.to_owned(),
            source,
            time,
        })
    }

    /// What lies in one student's entry.
    fn student(&self, entry: &Entry, gradescope: &BTreeMap<String, Owner>) -> HandIn {
        let (mut student, owner) = student_of(&entry.name, gradescope);
        if owner.late {
            student.remarks.push("late, says Canvas".into());
        }
        let time = owner.received.or(entry.time);
        match &entry.folder {
            Ok(folder) => self.look(&mut student, folder, time, &entry.source, 2),
            Err(reason) => self.refuse(&mut student, reason, time, &entry.source),
        }
        if student.lessons.is_empty() && student.remarks.is_empty() {
            let remark = format!("\"{}\" holds nothing to grade", visible(&entry.name));
            student.remarks.push(remark);
        }
        student
    }

    /// Finds the lessons in `folder`; archives in it are opened, `depth` deep.
    fn look(
        &self,
        student: &mut HandIn,
        folder: &Path,
        time: Option<i64>,
        source: &str,
        depth: usize,
    ) {
        let folder = unwrapped(folder);
        if let Some(lesson) = self.bare(&folder) {
            found(student, lesson, &folder, time, source);
            return;
        }
        let inner = folder.join("exercises");
        let folder = if is_folder(&inner) { inner } else { folder };
        let entries = match entries(&folder) {
            Ok(entries) => entries,
            Err(e) => {
                student.remarks.push(cannot_be_read(&folder, &e.into()));
                student.unread = true;
                return;
            }
        };
        for path in entries {
            let name = names::shown(&path);
            if path.is_symlink() {
                // It could lead to another student's work.
                student
                    .remarks
                    .push(format!("\"{name}\" is a link, and not followed"));
            } else if let Some(lesson) = lesson_of(&name).filter(|_| path.is_dir()) {
                // `205-echo` comes before `echo`.
                let same = |found: &Found| found.source == source;
                let twice = student.lessons.get(&lesson.number);
                if twice.is_some_and(|there| there.iter().any(same)) {
                    student
                        .remarks
                        .push(format!("\"{name}\" is left out: it is there twice"));
                } else {
                    found(student, lesson, &path, time, source);
                }
            } else if path.is_file() && depth > 0 {
                self.archive(student, &path, time, depth);
            } else {
                let known = course::LESSONS.iter().map(|lesson| lesson.slug);
                let hint = names::hint(&name, known);
                student
                    .remarks
                    .push(format!("\"{name}\" is no lesson{hint}"));
            }
        }
    }

    /// An archive in a student's folder.
    fn archive(&self, student: &mut HandIn, path: &Path, time: Option<i64>, depth: usize) {
        match self.open(path) {
            Ok(entry) => {
                let time = time.or(entry.time);
                match &entry.folder {
                    Ok(folder) => self.look(student, folder, time, &entry.source, depth - 1),
                    Err(reason) => self.refuse(student, reason, time, &entry.source),
                }
            }
            Err(error) => {
                student.remarks.push(cannot_be_read(path, &error));
                student.unread = true;
            }
        }
    }

    /// An archive that is not unpacked: the lesson's mark, where it is clear which lesson is meant.
    fn refuse(&self, student: &mut HandIn, reason: &str, time: Option<i64>, source: &str) {
        match self.lessons {
            [lesson] => student
                .lessons
                .entry(lesson.number)
                .or_default()
                .push(Found {
                    folder: Err(reason.to_owned()),
                    received: time.unwrap_or(0),
                    source: source.to_owned(),
                }),
            _ => {
                student.remarks.push(reason.to_owned());
                student.refused = true;
            }
        }
    }

    /// The lesson of a folder that holds a bare `src/`.
    fn bare(&self, folder: &Path) -> Option<&'static Lesson> {
        match self.lessons {
            [lesson] if folder.join("src").is_dir() => Some(lesson),
            _ => None,
        }
    }

    /// Whether this is one student's work rather than a class.
    fn is_one_students(&self, folder: &Path) -> bool {
        let holds_src =
            |path: &PathBuf| lesson_of(&names::shown(path)).is_some() && path.join("src").is_dir();
        self.bare(folder).is_some()
            || folder.join("exercises").is_dir()
            || entries(folder).is_ok_and(|paths| paths.iter().any(holds_src))
    }
}

/// Whose entry of this name it is; without a platform's pattern the name is the id.
fn student_of(name: &str, gradescope: &BTreeMap<String, Owner>) -> (HandIn, Owner) {
    let owner = layout::owner(name, gradescope).unwrap_or_else(|| Owner {
        id: name.to_owned(),
        ..Owner::default()
    });
    let mut student = HandIn::new(visible(&owner.id));
    student.name = owner.name.as_deref().map(visible);
    (student, owner)
}

/// A student whose archive this machine cannot open: the others are graded all the same.
fn unread(path: &Path, gradescope: &BTreeMap<String, Owner>, error: &anyhow::Error) -> HandIn {
    let called = names::shown(path);
    let name = unpack::stem(&called).unwrap_or(&called);
    let (mut student, _) = student_of(name, gradescope);
    student.remarks.push(cannot_be_read(path, error));
    student.unread = true;
    student
}

fn cannot_be_read(path: &Path, error: &anyhow::Error) -> String {
    format!(
        "grader error: {} cannot be read: {error:#}",
        printable(path)
    )
}

fn found(student: &mut HandIn, lesson: &Lesson, folder: &Path, time: Option<i64>, source: &str) {
    let found = Found {
        folder: Ok(folder.to_owned()),
        received: time.unwrap_or_else(|| newest(&folder.join("src"))),
        source: source.to_owned(),
    };
    student
        .lessons
        .entry(lesson.number)
        .or_default()
        .push(found);
}

/// The time of the newest file in a folder.
fn newest(folder: &Path) -> i64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let times = entries.map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => newest(&entry.path()),
        Ok(metadata) => metadata.modified().map_or(0, clock::of),
        Err(_) => 0,
    });
    times.max().unwrap_or(0)
}

/// The folder itself, or the one folder in it: archives are often made of a folder.
fn unwrapped(folder: &Path) -> PathBuf {
    let mut folder = folder.to_owned();
    for _ in 0..3 {
        match only_folder(&folder) {
            Some(only) if !is_known(&only) => folder = only,
            _ => break,
        }
    }
    folder
}

/// The same for a class: its only student is no wrapper.
fn unwrapped_class(folder: &Path) -> PathBuf {
    match only_folder(folder) {
        Some(only) if !is_known(&only) => {
            let inner = entries(&only).unwrap_or_default();
            let is_a_student = inner.is_empty() || inner.iter().any(|path| is_known(path));
            if is_a_student {
                folder.to_owned()
            } else {
                only
            }
        }
        _ => folder.to_owned(),
    }
}

/// A folder itself; a link could lead to another student's work.
fn is_folder(path: &Path) -> bool {
    path.is_dir() && !path.is_symlink()
}

/// The folder that is alone in `folder`.
fn only_folder(folder: &Path) -> Option<PathBuf> {
    match entries(folder).ok()?.as_slice() {
        [only] if is_folder(only) => Some(only.clone()),
        _ => None,
    }
}

/// Whether a folder's name says what is in it.
fn is_known(folder: &Path) -> bool {
    let name = names::shown(folder);
    lesson_of(&name).is_some() || name == "src" || name == "exercises"
}

/// The lesson whose folder has this name.
fn lesson_of(folder: &str) -> Option<&'static Lesson> {
    course::LESSONS
        .iter()
        .find(|lesson| folder == lesson.slug || folder == lesson.folder())
}

/// The folders and archives in `folder`, sorted; hidden ones are nobody's.
fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        let counts = path.is_dir() || unpack::is_archive(&names::shown(&path));
        if !hidden && counts {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
