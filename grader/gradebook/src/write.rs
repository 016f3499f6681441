//! Writing down: each call is one transaction, and is on the disk when it returns.

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};
use serde_json::Value;

use crate::book::{Error, Gradebook};
use crate::record::{CheckRecord, GradingRecord, GradingResult, Identity, Submission};

/// What storing a grading came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The grading's row.
    pub grading: i64,
    /// Whether it was there already: another grader was faster.
    pub was_there: bool,
}

impl Gradebook {
    /// The student's name, from a roster. Without one, the student is only known.
    pub fn enrol(&self, student: &str, name: Option<&str>) -> Result<(), Error> {
        self.connection.execute(
            "INSERT INTO students (student, name) VALUES (?1, ?2)
             ON CONFLICT (student) DO UPDATE SET name = COALESCE(excluded.name, name)",
            params![student, name],
        )?;
        Ok(())
    }

    /// Until when `lesson` was to be handed in. The last word counts.
    pub fn set_deadline(&self, lesson: &str, deadline: i64, now: i64) -> Result<(), Error> {
        let last: Option<i64> = self
            .connection
            .query_row(
                "SELECT deadline FROM deadlines WHERE lesson = ?1 ORDER BY id DESC LIMIT 1",
                [lesson],
                |row| row.get(0),
            )
            .optional()?;
        if last != Some(deadline) {
            self.connection.execute(
                "INSERT INTO deadlines (lesson, deadline, given) VALUES (?1, ?2, ?3)",
                params![lesson, deadline, now],
            )?;
        }
        Ok(())
    }

    /// Gives `submission` the newest grading that it would get again, if there is one.
    pub fn reuse(
        &mut self,
        submission: &Submission,
        identity: &Identity,
        now: i64,
    ) -> Result<Option<i64>, Error> {
        let Some(grading) = graded(&self.connection, identity)? else {
            return Ok(None);
        };
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let submission = submit(&transaction, submission, now)?;
        mark(&transaction, submission, grading, now)?;
        transaction.commit()?;
        Ok(Some(grading))
    }

    /// Stores a grading and gives it to `submission`. An error of the grader is kept and gives no mark.
    /// Unless it is `fresh`, a grading that somebody else has stored meanwhile is given in its place.
    pub fn store(
        &mut self,
        submission: &Submission,
        record: &GradingRecord,
        fresh: bool,
        now: i64,
    ) -> Result<Stored, Error> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let submission = submit(&transaction, submission, now)?;
        let there = if fresh {
            None
        } else {
            graded(&transaction, &record.identity)?
        };
        let stored = match there {
            Some(grading) => Stored {
                grading,
                was_there: true,
            },
            None => Stored {
                grading: insert(&transaction, record)?,
                was_there: false,
            },
        };
        if record.result == GradingResult::GraderError && !stored.was_there {
            transaction.execute(
                "INSERT INTO errors (submission, grading) VALUES (?1, ?2)",
                [submission, stored.grading],
            )?;
        } else {
            mark(&transaction, submission, stored.grading, now)?;
        }
        transaction.commit()?;
        Ok(stored)
    }
}

/// The newest grading of this identity that is a result.
fn graded(connection: &Connection, identity: &Identity) -> Result<Option<i64>, Error> {
    let grading = connection
        .query_row(
            "SELECT id FROM gradings
             WHERE content = ?1 AND lesson = ?2 AND lesson_version = ?3 AND grader_version = ?4
               AND arena = ?5 AND box = ?6
               AND outcome <> 'grader_error'
             ORDER BY id DESC LIMIT 1",
            params![
                identity.content,
                identity.lesson,
                identity.lesson_version,
                identity.grader_version,
                identity.arena,
                identity.boxed
            ],
            |row| row.get(0),
        )
        .optional()?;
    Ok(grading)
}

fn submit(connection: &Connection, submission: &Submission, now: i64) -> Result<i64, Error> {
    connection.execute(
        "INSERT INTO students (student) VALUES (?1) ON CONFLICT DO NOTHING",
        [&submission.student],
    )?;
    let student: i64 = connection.query_row(
        "SELECT id FROM students WHERE student = ?1",
        [&submission.student],
        |row| row.get(0),
    )?;
    connection.execute(
        "INSERT INTO submissions (student, lesson, content, received, source, stored)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        params![
            student,
            submission.lesson,
            submission.content,
            submission.received,
            submission.source,
            now
        ],
    )?;
    let id = connection.query_row(
        "SELECT id FROM submissions
         WHERE student = ?1 AND lesson = ?2 AND content = ?3 AND received = ?4",
        params![
            student,
            submission.lesson,
            submission.content,
            submission.received
        ],
        |row| row.get(0),
    )?;
    Ok(id)
}

fn mark(connection: &Connection, submission: i64, grading: i64, now: i64) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO marks (submission, grading, given) VALUES (?1, ?2, ?3)
         ON CONFLICT DO NOTHING",
        [submission, grading, now],
    )?;
    Ok(())
}

fn insert(connection: &Connection, record: &GradingRecord) -> Result<i64, Error> {
    let identity = &record.identity;
    connection.execute(
        "INSERT INTO gradings
             (lesson, content, lesson_version, grader_version, seed, arena, box, machine, started,
              duration_ms, outcome, reason, points, max_points)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        params![
            identity.lesson,
            identity.content,
            identity.lesson_version,
            identity.grader_version,
            record.seed.cast_signed(),
            identity.arena,
            identity.boxed,
            record.machine,
            record.started,
            record.duration_ms,
            record.result.name(),
            record.reason,
            record.points,
            record.max_points,
        ],
    )?;
    let grading = connection.last_insert_rowid();
    for check in &record.checks {
        insert_check(connection, grading, check)?;
    }
    Ok(grading)
}

fn insert_check(connection: &Connection, grading: i64, check: &CheckRecord) -> Result<(), Error> {
    let text = |value: &Option<Value>| value.as_ref().map(Value::to_string);
    connection
        .prepare_cached(
            "INSERT INTO outcomes
                 (grading, check_name, outcome, points, max_points, duration_ms, headline, failure,
                  evidence, diagnosis, transcript, reason, report)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            grading,
            check.name,
            check.result.name(),
            check.points,
            check.max_points,
            check.duration_ms,
            check.headline,
            text(&check.failure),
            text(&check.evidence),
            text(&check.diagnosis),
            text(&check.transcript),
            check.reason,
            check.report,
        ])?;
    Ok(())
}
