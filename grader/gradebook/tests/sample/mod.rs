//! A small class, stored in a gradebook of its own.

#![allow(dead_code, reason = "each test file uses some of it")]

use gradebook::{
    CheckRecord, Class, Count, Course, CourseCheck, CourseLesson, Gradebook, GradingRecord,
    GradingResult, Identity, Scheme, Submission,
};
use tempfile::TempDir;

/// What a student's program might try to smuggle into a report.
pub(crate) const MARKUP: &str =
    "</pre><script>alert(1)</script><img src=x onerror=alert(2)>&amp;\"'\u{202e}";

pub(crate) fn course() -> Course {
    let check = |name: &str, points, sees: &str| CourseCheck {
        name: name.into(),
        points,
        sees: sees.into(),
    };
    Course {
        lessons: vec![
            CourseLesson {
                number: 205,
                slug: "echo".into(),
                title: "Send back what comes".into(),
                checks: vec![
                    check("one-message", 1, "one message comes back"),
                    check("half-close", 3, "the end, then the rest"),
                ],
            },
            CourseLesson {
                number: 206,
                slug: "frames".into(),
                title: "Cut a stream".into(),
                checks: vec![check("coalesced", 2, "two frames in one segment")],
            },
        ],
    }
}

pub(crate) fn scheme(text: &str) -> Scheme {
    Scheme::parse(text, &course()).expect("it is right")
}

/// A gradebook in a folder of its own.
pub(crate) struct Sample {
    pub(crate) folder: TempDir,
    pub(crate) book: Gradebook,
}

pub(crate) fn identity(lesson: &str, content: &str) -> Identity {
    Identity {
        lesson: lesson.into(),
        content: content.into(),
        lesson_version: "1".into(),
        grader_version: "1".into(),
        arena: "isolated".into(),
        boxed: "none".into(),
    }
}

pub(crate) fn submission(student: &str, lesson: &str, content: &str) -> Submission {
    Submission {
        student: student.into(),
        lesson: lesson.into(),
        content: content.into(),
        received: 1_000,
        source: format!("class/{student}"),
    }
}

pub(crate) fn grading(
    lesson: &str,
    content: &str,
    result: GradingResult,
    checks: Vec<CheckRecord>,
) -> GradingRecord {
    let reason = match result {
        GradingResult::Graded => None,
        GradingResult::Ungradable => Some(format!("it does not build:\nerror: {MARKUP}")),
        GradingResult::GraderError => Some("cannot start rustc".into()),
    };
    GradingRecord {
        identity: identity(lesson, content),
        seed: 4711,
        machine: "a machine".into(),
        started: 2_000,
        duration_ms: 120.5,
        result,
        reason,
        points: checks.iter().map(|check| check.points).sum(),
        max_points: 4,
        checks,
    }
}

pub(crate) fn right() -> Vec<CheckRecord> {
    vec![
        CheckRecord::passed("one-message", 1),
        CheckRecord::passed("half-close", 3),
    ]
}

pub(crate) fn half() -> Vec<CheckRecord> {
    let report =
        format!("✗ half-close   3 points\n  alice sent \"{MARKUP}\" and nothing came back.\n");
    let mut failed = CheckRecord::failed("half-close", 3, "nothing came back", &report);
    failed.evidence = Some(serde_json::json!({ "threads": [] }));
    vec![CheckRecord::passed("one-message", 1), failed]
}

impl Sample {
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let book = Gradebook::open(&folder.path().join("grades.db")).expect("it is new");
        Self { folder, book }
    }

    /// ann passes, bo fails half of it, cy's does not build, di met an error of the grader, el handed in
    /// nothing.
    pub(crate) fn class() -> Self {
        let mut sample = Self::empty();
        let names = [
            ("ann", "Ann Lee"),
            ("bo", "Bo <b>Berg</b>"),
            ("cy", "Cy"),
            ("di", "Di"),
            ("el", "El"),
        ];
        for (id, name) in names {
            sample.book.enrol(id, Some(name)).expect("there is room");
        }
        sample.store("ann", GradingResult::Graded, right());
        sample.store("bo", GradingResult::Graded, half());
        sample.store("cy", GradingResult::Ungradable, Vec::new());
        sample.store("di", GradingResult::GraderError, Vec::new());
        sample
    }

    /// Stores a grading of `student`'s program for echo.
    pub(crate) fn store(
        &mut self,
        student: &str,
        result: GradingResult,
        checks: Vec<CheckRecord>,
    ) -> i64 {
        let content = format!("{student}'s, {} checks", checks.len());
        let record = grading("echo", &content, result, checks);
        let submission = submission(student, "echo", &content);
        let stored = self.book.store(&submission, &record, true, 3_000);
        stored.expect("there is room").grading
    }

    pub(crate) fn view(&self, scheme_text: &str) -> Class {
        self.counting(scheme_text, Count::Latest)
    }

    pub(crate) fn counting(&self, scheme_text: &str, count: Count) -> Class {
        let class = self.book.class(course(), scheme(scheme_text), count);
        class.expect("it can be read")
    }
}
