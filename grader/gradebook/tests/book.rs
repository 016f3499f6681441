//! The gradebook remembers, overwrites nothing, and survives what happens to files.

#![forbid(unsafe_code)]

mod sample;

use std::time::Duration;

use gradebook::{CheckRecord, Count, Error, Gradebook, GradingResult};
use rusqlite::Connection;
use sample::{Sample, grading, half, identity, right, submission};

#[test]
fn what_was_stored_comes_back_as_it_was() {
    let mut sample = Sample::empty();
    let record = grading("echo", "a", GradingResult::Graded, half());
    let stored = sample
        .book
        .store(&submission("ann", "echo", "a"), &record, false, 5);
    let id = stored.expect("there is room").grading;
    let back = sample.book.grading(id).expect("it can be read");
    assert_eq!(back.map(|grading| grading.record), Some(record));
}

#[test]
fn an_identical_submission_gets_the_grading_that_there_is() {
    let mut sample = Sample::empty();
    let record = grading("echo", "same", GradingResult::Graded, right());
    let ann = submission("ann", "echo", "same");
    let first = sample
        .book
        .store(&ann, &record, false, 5)
        .expect("there is room");
    let bo = submission("bo", "echo", "same");
    let again = sample
        .book
        .reuse(&bo, &identity("echo", "same"), 6)
        .expect("it can");
    assert_eq!(again, Some(first.grading));
    // students, submissions, gradings, outcomes, marks
    assert_eq!(
        sample.book.sizes().expect("it can be read"),
        [2, 2, 1, 2, 2]
    );
    // Asked again, nothing is stored twice.
    sample
        .book
        .reuse(&bo, &identity("echo", "same"), 7)
        .expect("it can");
    assert_eq!(
        sample.book.sizes().expect("it can be read"),
        [2, 2, 1, 2, 2]
    );
}

#[test]
fn another_version_of_lesson_or_grader_is_another_grading() {
    let mut sample = Sample::empty();
    let record = grading("echo", "same", GradingResult::Graded, right());
    let ann = submission("ann", "echo", "same");
    sample
        .book
        .store(&ann, &record, false, 5)
        .expect("there is room");
    let mut newer = identity("echo", "same");
    newer.grader_version = "2".into();
    assert_eq!(sample.book.reuse(&ann, &newer, 6).expect("it can"), None);
    let mut newer = identity("echo", "same");
    newer.lesson_version = "2".into();
    assert_eq!(sample.book.reuse(&ann, &newer, 6).expect("it can"), None);
    let mut safer = identity("echo", "same");
    safer.boxed = "full".into();
    assert_eq!(sample.book.reuse(&ann, &safer, 6).expect("it can"), None);
    let mut elsewhere = identity("echo", "same");
    elsewhere.arena = "host".into();
    assert_eq!(
        sample.book.reuse(&ann, &elsewhere, 6).expect("it can"),
        None
    );
}

#[test]
fn two_graders_that_grade_the_same_at_the_same_time_store_it_once() {
    let mut sample = Sample::empty();
    let path = sample.folder.path().join("grades.db");
    let mut other = Gradebook::open(&path).expect("it is there");
    let record = grading("echo", "a", GradingResult::Graded, right());
    let ann = submission("ann", "echo", "a");
    let first = sample
        .book
        .store(&ann, &record, false, 5)
        .expect("there is room");
    let second = other.store(&ann, &record, false, 5).expect("there is room");
    assert!(second.was_there && second.grading == first.grading);
    assert_eq!(other.sizes().expect("it can be read"), [1, 1, 1, 2, 1]);
}

#[test]
fn an_error_of_the_grader_is_kept_and_is_no_mark() {
    let mut sample = Sample::empty();
    sample.store("ann", GradingResult::Graded, right());
    sample.store("ann", GradingResult::GraderError, Vec::new());
    sample.store("di", GradingResult::GraderError, Vec::new());
    let class = sample.view("");
    let ann = class.student("ann").expect("she is known");
    assert_eq!(class.mark(ann, "echo"), Some(4.0));
    let di = class.student("di").expect("she is known");
    assert_eq!((class.mark(di, "echo"), class.total(di)), (None, None));
    assert_eq!(di.errors["echo"], "cannot start rustc");
}

#[test]
fn the_latest_counts_or_the_best() {
    let mut sample = Sample::empty();
    sample.store("ann", GradingResult::Graded, right());
    sample.store("ann", GradingResult::Graded, half());
    let mark = |count| {
        let class = sample.counting("", count);
        class.mark(class.student("ann").expect("she is known"), "echo")
    };
    assert_eq!(mark(Count::Latest), Some(1.0));
    assert_eq!(mark(Count::Best), Some(4.0));
}

#[test]
fn a_clock_that_was_set_back_does_not_change_what_counts() {
    let mut sample = Sample::empty();
    let mut first = grading("echo", "a", GradingResult::Graded, half());
    first.started = 9_000_000;
    let mut second = grading("echo", "b", GradingResult::Graded, right());
    second.started = 1;
    let ann = |content| submission("ann", "echo", content);
    sample
        .book
        .store(&ann("a"), &first, false, 9_000_000)
        .expect("there is room");
    sample
        .book
        .store(&ann("b"), &second, false, 1)
        .expect("there is room");
    let class = sample.view("");
    let ann = class.student("ann").expect("she is known");
    assert_eq!(class.mark(ann, "echo"), Some(4.0));
}

#[test]
fn what_changed_is_told() {
    let mut sample = Sample::class();
    sample.store("bo", GradingResult::Graded, right());
    sample.store("ann", GradingResult::Graded, right());
    let changes = sample.book.changes().expect("it can be read");
    assert_eq!(changes.len(), 1, "{changes:?}");
    let change = &changes[0];
    assert_eq!(
        (change.student.as_str(), change.before, change.now),
        ("bo", 1, 4)
    );
    assert_eq!(change.mended, ["half-close"]);
    assert!(change.broken.is_empty());
}

#[test]
fn nothing_in_the_file_can_be_overwritten() {
    let sample = Sample::class();
    let raw = Connection::open(sample.folder.path().join("grades.db")).expect("it is there");
    for sql in [
        "UPDATE gradings SET points = 19",
        "UPDATE marks SET grading = 1",
        "UPDATE outcomes SET points = 3",
        "UPDATE submissions SET received = 0",
    ] {
        let error = raw.execute(sql, []).expect_err(sql);
        assert!(
            error.to_string().contains("nothing is overwritten"),
            "{sql}: {error}"
        );
    }
    let error = raw
        .execute(
            "INSERT INTO marks (submission, grading, given)
             SELECT submission, grading, 0 FROM errors",
            [],
        )
        .expect_err("it is no mark");
    assert!(error.to_string().contains("never a mark"), "{error}");
    assert!(sample.book.is_whole().expect("it can be read"));
}

#[test]
fn a_locked_file_is_waited_for_and_then_named() {
    let mut sample = Sample::empty();
    let path = sample.folder.path().join("grades.db");
    let raw = Connection::open(&path).expect("it is there");
    raw.execute_batch("BEGIN IMMEDIATE").expect("nobody has it");
    let mut impatient =
        Gradebook::open_with_patience(&path, Duration::from_millis(10)).expect("it can be read");
    let record = grading("echo", "a", GradingResult::Graded, right());
    let ann = submission("ann", "echo", "a");
    let error = impatient
        .store(&ann, &record, false, 5)
        .expect_err("it is locked");
    assert!(matches!(error, Error::Locked), "{error}");
    assert!(error.to_string().contains("run the same command again"));
    raw.execute_batch("ROLLBACK").expect("it is ours");
    sample
        .book
        .store(&ann, &record, false, 5)
        .expect("nobody has it");
}

#[test]
fn a_full_disk_loses_nothing_that_was_stored() {
    let mut sample = Sample::class();
    let before = sample.book.sizes().expect("it can be read");
    // SQLite's own limit gives the same error as a disk without room, and needs none.
    let path = sample.folder.path().join("grades.db");
    let raw = Connection::open(&path).expect("it is there");
    let pages: i64 = raw
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .expect("it can be read");
    drop(raw);
    sample.book.limit_pages(pages).expect("it can be set");
    let long = "x".repeat(1 << 20);
    let checks = vec![CheckRecord::failed("half-close", 3, "nothing came", &long)];
    let record = grading("echo", "new", GradingResult::Graded, checks);
    let zoe = submission("zoe", "echo", "new");
    let error = sample
        .book
        .store(&zoe, &record, false, 5)
        .expect_err("it is full");
    assert!(matches!(error, Error::Full), "{error}");
    assert_eq!(sample.book.sizes().expect("it can be read"), before);
    assert!(sample.book.is_whole().expect("it can be read"));
}

#[test]
fn a_file_that_may_not_be_written_says_so_and_keeps_what_it_has() {
    let mut sample = Sample::class();
    let before = sample.book.sizes().expect("it can be read");
    // SQLite's own switch gives the same error as a file without permission, and root obeys it, too.
    let path = sample.folder.path().join("grades.db");
    sample.book.forbid_writing().expect("it can be set");
    let record = grading("echo", "new", GradingResult::Graded, right());
    let zoe = submission("zoe", "echo", "new");
    let error = sample
        .book
        .store(&zoe, &record, false, 5)
        .expect_err("it is read-only");
    assert!(matches!(error, Error::ReadOnly), "{error}");
    let again = Gradebook::open(&path).expect("it is there");
    assert_eq!(again.sizes().expect("it can be read"), before);
}

#[test]
fn a_file_that_is_no_gradebook_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("thesis.txt");
    let text = "This is my thesis. ".repeat(100);
    std::fs::write(&path, &text).expect("it is ours");
    let error = Gradebook::open(&path).expect_err("it is text");
    assert!(matches!(error, Error::NoGradebook), "{error}");
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), text);
}

#[test]
fn a_file_of_a_newer_grader_is_left_alone() {
    let sample = Sample::class();
    let path = sample.folder.path().join("grades.db");
    let raw = Connection::open(&path).expect("it is there");
    raw.pragma_update(None, "user_version", 99)
        .expect("it can be set");
    let error = Gradebook::open(&path).expect_err("it is newer");
    assert!(matches!(error, Error::Newer { found: 99, .. }), "{error}");
}

#[test]
fn a_gradebook_that_is_not_there_says_so() {
    let error =
        Gradebook::open_existing("/nowhere/grades.db".as_ref()).expect_err("it is not there");
    assert!(
        error.to_string().contains("there is no such file"),
        "{error}"
    );
}
