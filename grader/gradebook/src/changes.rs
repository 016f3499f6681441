//! What changed since the last grading.

use std::collections::HashMap;

use crate::book::{Error, Gradebook};
use crate::read::History;
use crate::record::{CheckResult, GradingRecord};

/// The last two marks of a student for a lesson, where they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The student's id.
    pub student: String,
    /// The lesson's slug.
    pub lesson: String,
    /// The points before.
    pub before: u32,
    /// The points now.
    pub now: u32,
    /// The checks that pass now and did not.
    pub mended: Vec<String>,
    /// The checks that passed and do not any more.
    pub broken: Vec<String>,
    /// Whether the student handed in something else; otherwise the grader has changed its mind.
    pub handed_in_again: bool,
}

impl Gradebook {
    /// For each student and lesson with more than one mark: how the last differs from the one before.
    pub fn changes(&self) -> Result<Vec<Change>, Error> {
        let mut last_two: HashMap<(String, String), (Option<History>, History)> = HashMap::new();
        for history in self.histories()?.into_iter().filter(|h| h.mark.is_some()) {
            let key = (history.student.clone(), history.lesson.clone());
            let before = last_two.remove(&key).map(|(_, last)| last);
            last_two.insert(key, (before, history));
        }
        let mut changes = Vec::new();
        for ((student, lesson), (before, now)) in last_two {
            let Some(before) = before else {
                continue;
            };
            let (Some(old), Some(new)) =
                (self.grading(before.grading)?, self.grading(now.grading)?)
            else {
                continue;
            };
            let change = Change {
                before: old.record.points,
                now: new.record.points,
                mended: passing(&new.record, &old.record),
                broken: passing(&old.record, &new.record),
                handed_in_again: old.record.identity.content != new.record.identity.content,
                student,
                lesson,
            };
            if change.before != change.now || !change.mended.is_empty() || !change.broken.is_empty()
            {
                changes.push(change);
            }
        }
        changes.sort_by(|a, b| (&a.lesson, &a.student).cmp(&(&b.lesson, &b.student)));
        Ok(changes)
    }
}

/// The checks that pass in `one` and not in `other`.
fn passing(one: &GradingRecord, other: &GradingRecord) -> Vec<String> {
    let passes = |record: &GradingRecord, name: &str| {
        let mut checks = record.checks.iter();
        checks.any(|c| c.name == name && c.result == CheckResult::Passed)
    };
    let names = one.checks.iter().map(|check| &check.name);
    names
        .filter(|name| passes(one, name) && !passes(other, name))
        .cloned()
        .collect()
}
