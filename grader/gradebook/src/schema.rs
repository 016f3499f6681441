//! The tables, and how an older file is brought up to date.
//!
//! `PRAGMA user_version` counts the migrations that a file has been through
//! (<https://www.sqlite.org/pragma.html#pragma_user_version>).

use rusqlite::{Connection, TransactionBehavior};

use crate::book::Error;

/// One script a version, in order. A script that has been released is never changed.
const MIGRATIONS: &[&str] = &[FIRST];

/// Students, what they handed in, how that was graded, and the marks that came of it. Times are
/// milliseconds since 1970, UTC. `marks` says which grading was given to which submission: identical
/// submissions share one.
const FIRST: &str = "
    CREATE TABLE students (
        id INTEGER PRIMARY KEY,
        student TEXT NOT NULL UNIQUE,
        name TEXT
    ) STRICT;

    CREATE TABLE submissions (
        id INTEGER PRIMARY KEY,
        student INTEGER NOT NULL REFERENCES students (id),
        lesson TEXT NOT NULL,
        content TEXT NOT NULL,
        received INTEGER NOT NULL,
        source TEXT NOT NULL,
        stored INTEGER NOT NULL,
        UNIQUE (student, lesson, content, received)
    ) STRICT;

    CREATE TABLE gradings (
        id INTEGER PRIMARY KEY,
        lesson TEXT NOT NULL,
        content TEXT NOT NULL,
        lesson_version TEXT NOT NULL,
        grader_version TEXT NOT NULL,
        seed INTEGER NOT NULL,
        arena TEXT NOT NULL,
        box TEXT NOT NULL,
        machine TEXT NOT NULL,
        started INTEGER NOT NULL,
        duration_ms REAL NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('graded', 'ungradable', 'grader_error')),
        reason TEXT,
        points INTEGER NOT NULL,
        max_points INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX gradings_by_identity
        ON gradings (content, lesson, lesson_version, grader_version);

    CREATE TABLE outcomes (
        id INTEGER PRIMARY KEY,
        grading INTEGER NOT NULL REFERENCES gradings (id),
        check_name TEXT NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('passed', 'failed', 'skipped', 'grader_error')),
        points INTEGER NOT NULL,
        max_points INTEGER NOT NULL,
        duration_ms REAL NOT NULL,
        headline TEXT,
        failure TEXT CHECK (failure IS NULL OR json_valid(failure)),
        evidence TEXT CHECK (evidence IS NULL OR json_valid(evidence)),
        diagnosis TEXT CHECK (diagnosis IS NULL OR json_valid(diagnosis)),
        transcript TEXT CHECK (transcript IS NULL OR json_valid(transcript)),
        reason TEXT,
        report TEXT,
        UNIQUE (grading, check_name)
    ) STRICT;

    CREATE TABLE marks (
        id INTEGER PRIMARY KEY,
        submission INTEGER NOT NULL REFERENCES submissions (id),
        grading INTEGER NOT NULL REFERENCES gradings (id),
        given INTEGER NOT NULL,
        UNIQUE (submission, grading)
    ) STRICT;

    CREATE TABLE errors (
        id INTEGER PRIMARY KEY,
        submission INTEGER NOT NULL REFERENCES submissions (id),
        grading INTEGER NOT NULL REFERENCES gradings (id),
        UNIQUE (submission, grading)
    ) STRICT;

    CREATE TABLE deadlines (
        id INTEGER PRIMARY KEY,
        lesson TEXT NOT NULL,
        deadline INTEGER NOT NULL,
        given INTEGER NOT NULL
    ) STRICT;

    CREATE TRIGGER no_mark_for_a_grader_error BEFORE INSERT ON marks
        WHEN (SELECT outcome FROM gradings WHERE id = NEW.grading) = 'grader_error'
        BEGIN SELECT RAISE (ABORT, 'an error of the grader is never a mark'); END;

    CREATE TRIGGER submissions_stay BEFORE UPDATE ON submissions
        BEGIN SELECT RAISE (ABORT, 'nothing is overwritten'); END;
    CREATE TRIGGER gradings_stay BEFORE UPDATE ON gradings
        BEGIN SELECT RAISE (ABORT, 'nothing is overwritten'); END;
    CREATE TRIGGER outcomes_stay BEFORE UPDATE ON outcomes
        BEGIN SELECT RAISE (ABORT, 'nothing is overwritten'); END;
    CREATE TRIGGER marks_stay BEFORE UPDATE ON marks
        BEGIN SELECT RAISE (ABORT, 'nothing is overwritten'); END;
";

/// Brings the file up to date, or refuses one that a newer grader has written.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), Error> {
    if version(connection)? == MIGRATIONS.len() {
        return Ok(());
    }
    // Another grader may be doing the same: whoever comes second finds it done.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    if found > MIGRATIONS.len() {
        return Err(Error::Newer {
            found,
            known: MIGRATIONS.len(),
        });
    }
    for (version, script) in (1_i64..).zip(MIGRATIONS).skip(found) {
        transaction.execute_batch(script)?;
        transaction.pragma_update(None, "user_version", version)?;
    }
    Ok(transaction.commit()?)
}

fn version(connection: &Connection) -> Result<usize, Error> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(0))
}
