//! A class: every student, and the mark that counts for each lesson. What all exports and pages are
//! made from.

use std::collections::{BTreeMap, HashMap};

use crate::book::{Error, Gradebook};
use crate::count::Count;
use crate::course::Course;
use crate::read::{Grading, History};
use crate::record::{CheckRecord, GradingResult};
use crate::scheme::Scheme;

/// A class as it stands.
#[derive(Clone, Debug)]
pub struct Class {
    /// What was asked for.
    pub course: Course,
    /// How points become marks.
    pub scheme: Scheme,
    /// By id.
    pub students: Vec<Student>,
}

/// A student, with the marks that count.
#[derive(Clone, Debug)]
pub struct Student {
    /// The id: what the folder or the roster calls them.
    pub id: String,
    /// The name, from a roster.
    pub name: Option<String>,
    /// The mark that counts, by the lesson's slug.
    pub lessons: BTreeMap<String, LessonMark>,
    /// Lessons that were handed in, where the grader met an error of its own and there is no mark.
    pub errors: BTreeMap<String, String>,
}

/// The mark that counts for a lesson.
#[derive(Clone, Debug)]
pub struct LessonMark {
    /// The grading behind it.
    pub grading: Grading,
    /// When it was handed in, in ms since 1970, UTC.
    pub received: i64,
    /// Where it was found.
    pub source: String,
    /// How late it was, if it was late.
    pub late: Option<Lateness>,
    /// How many marks the student has for the lesson.
    pub of: usize,
}

/// How late something was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lateness {
    /// In ms.
    pub ms: i64,
}

impl std::fmt::Display for Lateness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let minutes = self.ms / 60_000;
        let (days, hours) = (minutes / (24 * 60), minutes / 60 % 24);
        match (days, hours) {
            (0, 0) => write!(f, "{} min late", minutes.max(1)),
            (0, _) => write!(f, "{hours} h {} min late", minutes % 60),
            _ => write!(f, "{days} d {hours} h late"),
        }
    }
}

impl Gradebook {
    /// The class as this gradebook knows it.
    pub fn class(&self, course: Course, scheme: Scheme, count: Count) -> Result<Class, Error> {
        let deadlines: HashMap<String, i64> = self.deadlines()?.into_iter().collect();
        let mut by_student: HashMap<(String, String), Vec<History>> = HashMap::new();
        for history in self.histories()? {
            if course.lesson(&history.lesson).is_some() {
                let key = (history.student.clone(), history.lesson.clone());
                by_student.entry(key).or_default().push(history);
            }
        }
        let mut students = Vec::new();
        for (id, name) in self.students()? {
            let mut student = Student {
                id,
                name,
                lessons: BTreeMap::new(),
                errors: BTreeMap::new(),
            };
            for lesson in &course.lessons {
                let key = (student.id.clone(), lesson.slug.clone());
                let histories = by_student.remove(&key).unwrap_or_default();
                self.lesson_of(&mut student, &lesson.slug, &histories, count, &deadlines)?;
            }
            students.push(student);
        }
        Ok(Class {
            course,
            scheme,
            students,
        })
    }

    fn lesson_of(
        &self,
        student: &mut Student,
        lesson: &str,
        histories: &[History],
        count: Count,
        deadlines: &HashMap<String, i64>,
    ) -> Result<(), Error> {
        let marks: Vec<&History> = histories.iter().filter(|h| h.mark.is_some()).collect();
        if let Some((counted, grading)) = self.counted(&marks, count)? {
            let late = deadlines
                .get(lesson)
                .map(|deadline| counted.received - deadline)
                .filter(|&ms| ms > 0)
                .map(|ms| Lateness { ms });
            student.lessons.insert(
                lesson.to_owned(),
                LessonMark {
                    grading,
                    received: counted.received,
                    source: counted.source.clone(),
                    late,
                    of: marks.len(),
                },
            );
        } else if let Some(error) = histories.last() {
            let reason = self.grading(error.grading)?.and_then(|g| g.record.reason);
            student
                .errors
                .insert(lesson.to_owned(), reason.unwrap_or_default());
        }
        Ok(())
    }

    /// The one of `marks`, in the order in which they were given, that counts.
    fn counted<'a>(
        &self,
        marks: &[&'a History],
        count: Count,
    ) -> Result<Option<(&'a History, Grading)>, Error> {
        let mut counted: Option<(&History, Grading)> = None;
        let candidates = match count {
            Count::Latest => marks.len().saturating_sub(1)..marks.len(),
            Count::Best => 0..marks.len(),
        };
        for &history in &marks[candidates] {
            let Some(grading) = self.grading(history.grading)? else {
                continue;
            };
            let best = counted
                .as_ref()
                .is_none_or(|(_, best)| rank(&grading) >= rank(best));
            if best {
                counted = Some((history, grading));
            }
        }
        Ok(counted)
    }
}

/// What makes a mark the best: points; and a program that runs before one that does not.
fn rank(grading: &Grading) -> (u32, bool) {
    let graded = grading.record.result == GradingResult::Graded;
    (grading.record.points, graded)
}

impl Class {
    /// What the student has for this lesson, weighted and rounded. `None` where nothing is known: it
    /// was not handed in, or the grader met an error.
    pub fn mark(&self, student: &Student, lesson: &str) -> Option<f64> {
        let mark = student.lessons.get(lesson)?;
        Some(self.scheme.mark(lesson, mark.grading.record.points))
    }

    /// What can be had for this lesson.
    pub fn max_mark(&self, lesson: &str) -> f64 {
        let points = self
            .course
            .lesson(lesson)
            .map_or(0, super::course::CourseLesson::max_points);
        self.scheme.mark(lesson, points)
    }

    /// The sum over all lessons; `None` where an error of the grader leaves it open, and where nothing
    /// was handed in.
    pub fn total(&self, student: &Student) -> Option<f64> {
        if !student.errors.is_empty() || student.lessons.is_empty() {
            return None;
        }
        let marks = student.lessons.iter();
        let sum: f64 = marks
            .map(|(lesson, mark)| {
                f64::from(mark.grading.record.points) * self.scheme.weight(lesson)
            })
            .sum();
        Some(self.scheme.round(sum))
    }

    /// What can be had in all.
    pub fn max_total(&self) -> f64 {
        let lessons = self.course.lessons.iter();
        let sum: f64 = lessons
            .map(|l| f64::from(l.max_points()) * self.scheme.weight(&l.slug))
            .sum();
        self.scheme.round(sum)
    }

    /// The student of that id.
    pub fn student(&self, id: &str) -> Option<&Student> {
        self.students.iter().find(|student| student.id == id)
    }

    /// Whether students may not see this check.
    pub fn is_hidden(&self, lesson: &str, check: &CheckRecord) -> bool {
        self.scheme.is_hidden(lesson, &check.name)
    }
}

impl Student {
    /// The name, or else the id.
    pub fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}
