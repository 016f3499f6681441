//! A lesson, as data: what is taught, and the checks that see whether it was understood.

use crate::capability::Capability;
use crate::diagnosis::Note;
use crate::failure::Verdict;
use crate::run::Run;

/// What kind of program a lesson asks for, and so how it is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Started as `PROGRAM ADDRESS [ARGUMENTS]`; waits for the grader's peers.
    Server,
    /// Started as `PROGRAM ADDRESS [ARGUMENTS]`; speaks to a server that the grader plays.
    Client,
    /// Reads standard input and writes standard output; no sockets.
    Filter,
}

/// What a check needs of the machine. Where that is missing the check is skipped, saying so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Runs everywhere.
    Anything,
    /// Relies on what only Linux does, such as showing what a program waits for.
    Linux,
    /// Needs a network of its own, see [`crate::arena`].
    Isolated,
}

/// One graded expectation.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// The name, in kebab-case: `half-close`.
    pub name: &'static str,
    /// What it is worth.
    pub points: u32,
    /// What the check sees, in one line, for tables.
    pub sees: &'static str,
    /// The conversation itself.
    pub conversation: fn(&mut Run) -> Verdict,
    /// What it needs of the machine.
    pub needs: Needs,
    /// The section of the chapter that teaches it, where it is not the chapter as a whole.
    pub section: Option<&'static str>,
    /// What its programs are given over the check's own network, beyond what every program may.
    pub capabilities: &'static [Capability],
}

impl Check {
    /// A check that runs on every machine.
    pub const fn new(
        name: &'static str,
        points: u32,
        sees: &'static str,
        conversation: fn(&mut Run) -> Verdict,
    ) -> Self {
        Self {
            name,
            points,
            sees,
            conversation,
            needs: Needs::Anything,
            section: None,
            capabilities: &[],
        }
    }

    /// The same check, with the section of the chapter that teaches it.
    #[must_use]
    pub const fn section(mut self, heading: &'static str) -> Self {
        self.section = Some(heading);
        self
    }

    /// The same check, with programs that have `capabilities` over its network. Only the full box gives
    /// them; where there is none, the outcome is an error of the grader's, which says so.
    #[must_use]
    pub const fn gives(mut self, capabilities: &'static [Capability]) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// The same check, skipped where the machine cannot offer `needs`.
    #[must_use]
    pub const fn needs(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }
}

/// What is taught and checked.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    /// The number, like a university course's: the hundreds digit is the part.
    pub number: u16,
    /// The name in folders and packages: `udp-echo`.
    pub slug: &'static str,
    /// What the student will do, as a short heading.
    pub title: &'static str,
    /// What kind of program it asks for.
    pub role: Role,
    /// The verbs that it is about, in the order in which they are called.
    pub verbs: &'static [&'static str],
    /// The checks, in the order in which a student should meet them.
    pub checks: &'static [Check],
    /// What the lesson itself knows about failures, asked before the general table.
    pub notes: &'static [Note],
    /// What helps with its checks.
    pub hints: &'static [Hints],
}

/// What helps with one check, told one at a time: the first is a nudge, the last nearly gives it away.
#[derive(Clone, Copy, Debug)]
pub struct Hints {
    /// The check's name.
    pub check: &'static str,
    /// The hints, in order.
    pub texts: &'static [&'static str],
}

impl Hints {
    /// For the check of that name.
    pub const fn new(check: &'static str, texts: &'static [&'static str]) -> Self {
        Self { check, texts }
    }
}

impl Lesson {
    /// The folder's name: `205-echo`.
    pub fn folder(&self) -> String {
        format!("{}-{}", self.number, self.slug)
    }

    /// The sum of the checks' points.
    pub fn max_points(&self) -> u32 {
        self.checks.iter().map(|check| check.points).sum()
    }

    /// The check of that name.
    pub fn check(&self, name: &str) -> Option<&'static Check> {
        self.checks.iter().find(|check| check.name == name)
    }

    /// The hints for the check of that name.
    pub fn hints(&self, check: &str) -> &'static [&'static str] {
        let hints = self.hints.iter().find(|hints| hints.check == check);
        hints.map_or(&[], |hints| hints.texts)
    }

    /// Which part of the course it belongs to.
    pub fn part(&self) -> u16 {
        self.number / 100
    }
}
