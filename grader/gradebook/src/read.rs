//! Reading: gradings and marks, as they are stored.

use rusqlite::{Connection, OptionalExtension as _, Row};
use serde_json::Value;

use crate::book::{Error, Gradebook};
use crate::record::{CheckRecord, CheckResult, GradingRecord, GradingResult, Identity};

/// A grading, with its number in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Grading {
    /// Its number. A later grading has a higher one.
    pub id: i64,
    /// What was stored.
    pub record: GradingRecord,
}

/// A mark, with all that led to it.
#[derive(Clone, Debug)]
pub struct History {
    /// The mark's number; `None` where the grader met an error of its own.
    pub mark: Option<i64>,
    /// The student's id.
    pub student: String,
    /// The lesson's slug.
    pub lesson: String,
    /// When it was handed in, in ms since 1970, UTC.
    pub received: i64,
    /// Where it was found.
    pub source: String,
    /// The submission's number.
    pub submission: i64,
    /// The grading's number.
    pub grading: i64,
}

impl Gradebook {
    /// The grading of that number, with the outcome of each check.
    pub fn grading(&self, id: i64) -> Result<Option<Grading>, Error> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT lesson, content, lesson_version, grader_version, seed, arena, box, machine,
                        started, duration_ms, outcome, reason, points, max_points
                 FROM gradings WHERE id = ?1",
            )?
            .query_row([id], grading_record)
            .optional()?;
        let Some(mut record) = found else {
            return Ok(None);
        };
        record.checks = checks(&self.connection, id)?;
        Ok(Some(Grading { id, record }))
    }

    /// Every mark and every error of the grader, in the order in which they were stored.
    pub fn histories(&self) -> Result<Vec<History>, Error> {
        let mut statement = self.connection.prepare(
            "SELECT m.mark, st.student, s.lesson, s.received, s.source, s.id, m.grading
             FROM (SELECT id AS mark, submission, grading FROM marks
                   UNION ALL SELECT NULL, submission, grading FROM errors) m
             JOIN submissions s ON s.id = m.submission
             JOIN students st ON st.id = s.student
             ORDER BY m.mark IS NULL, m.mark, m.grading",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(History {
                mark: row.get(0)?,
                student: row.get(1)?,
                lesson: row.get(2)?,
                received: row.get(3)?,
                source: row.get(4)?,
                submission: row.get(5)?,
                grading: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every student's id and name, by id.
    pub fn students(&self) -> Result<Vec<(String, Option<String>)>, Error> {
        let mut statement = self
            .connection
            .prepare("SELECT student, name FROM students ORDER BY student")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The lessons' deadlines, in ms since 1970, UTC.
    pub fn deadlines(&self) -> Result<Vec<(String, i64)>, Error> {
        let mut statement = self.connection.prepare(
            "SELECT lesson, deadline FROM deadlines
             WHERE id IN (SELECT max(id) FROM deadlines GROUP BY lesson)",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many rows each table holds: students, submissions, gradings, outcomes, marks.
    pub fn sizes(&self) -> Result<[u64; 5], Error> {
        let mut sizes = [0; 5];
        let tables = ["students", "submissions", "gradings", "outcomes", "marks"];
        for (size, table) in sizes.iter_mut().zip(tables) {
            let sql = format!("SELECT count(*) FROM {table}");
            let count: i64 = self.connection.query_row(&sql, [], |row| row.get(0))?;
            *size = count.unsigned_abs();
        }
        Ok(sizes)
    }
}

fn grading_record(row: &Row<'_>) -> rusqlite::Result<GradingRecord> {
    let seed: i64 = row.get(4)?;
    let result: String = row.get(10)?;
    Ok(GradingRecord {
        identity: Identity {
            lesson: row.get(0)?,
            content: row.get(1)?,
            lesson_version: row.get(2)?,
            grader_version: row.get(3)?,
            arena: row.get(5)?,
            boxed: row.get(6)?,
        },
        seed: seed.cast_unsigned(),
        machine: row.get(7)?,
        started: row.get(8)?,
        duration_ms: row.get(9)?,
        result: GradingResult::from_name(&result),
        reason: row.get(11)?,
        points: row.get(12)?,
        max_points: row.get(13)?,
        checks: Vec::new(),
    })
}

fn checks(connection: &Connection, grading: i64) -> Result<Vec<CheckRecord>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT check_name, outcome, points, max_points, duration_ms, headline, reason, report,
                failure, evidence, diagnosis, transcript
         FROM outcomes WHERE grading = ?1 ORDER BY id",
    )?;
    let mut rows = statement.query([grading])?;
    let mut checks = Vec::new();
    while let Some(row) = rows.next()? {
        let json = |column: usize| -> Result<Option<Value>, Error> {
            let text: Option<String> = row.get(column)?;
            Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
        };
        let result: String = row.get(1)?;
        checks.push(CheckRecord {
            name: row.get(0)?,
            result: CheckResult::from_name(&result),
            points: row.get(2)?,
            max_points: row.get(3)?,
            duration_ms: row.get(4)?,
            headline: row.get(5)?,
            reason: row.get(6)?,
            report: row.get(7)?,
            failure: json(8)?,
            evidence: json(9)?,
            diagnosis: json(10)?,
            transcript: json(11)?,
        });
    }
    Ok(checks)
}
