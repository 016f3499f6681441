//! From a failure and its evidence to what it means, in a beginner's words.
//!
//! A table of rules, asked in order: a todo!() that was met, the lesson's own notes, then these: what only
//! datagrams can tell, then from the most telling evidence (the program has ended) to the least. The first
//! that knows something speaks.

mod bytes;
mod datagrams;
mod descriptors;
mod ended;
mod family;
mod filters;
mod idleness;
mod listening;
mod nothing;
mod parting;
mod printing;
mod threads;

use serde::Serialize;

use crate::due::Due;
use crate::evidence::{Evidence, Socket, Thread, Waits};
use crate::failure::{Expected, Failure};
use crate::lesson::Lesson;
use crate::output::Stream;
use crate::transcript::Transcript;

/// What a failure means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// Which rule spoke: `waits-for-more`.
    pub rule: &'static str,
    /// What it means and what to change.
    pub meaning: String,
    /// The section of the lesson's chapter to read, where it is not the check's own.
    pub section: Option<&'static str>,
}

impl Diagnosis {
    /// A diagnosis that points to the section that teaches the check.
    pub fn new(rule: &'static str, meaning: impl Into<String>) -> Self {
        Self {
            rule,
            meaning: meaning.into(),
            section: None,
        }
    }

    /// The same, with the section of the chapter to read.
    #[must_use]
    pub fn section(mut self, heading: &'static str) -> Self {
        self.section = Some(heading);
        self
    }
}

/// What is known about one failure, for a rule to look at.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// What was expected and what came.
    pub failure: &'a Failure,
    /// What happened before.
    pub transcript: &'a Transcript,
}

/// A rule: what it knows about a failure, if anything.
pub type Note = fn(&Case<'_>) -> Option<Diagnosis>;

impl<'a> Case<'a> {
    /// The kernel's view.
    pub fn evidence(&self) -> &'a Evidence {
        &self.failure.evidence
    }

    /// The name of the peer that saw the failure.
    pub fn peer(&self) -> &'a str {
        self.failure.peer.as_deref().unwrap_or("the client")
    }

    /// The program's socket for the connection with the peer that saw the failure.
    pub fn connection(&self) -> Option<&'a Socket> {
        let peer = self.failure.peer.as_deref()?;
        let mut sockets = self.evidence().sockets.iter();
        sockets.find(|socket| socket.peer.as_deref() == Some(peer))
    }

    /// The line of a filter's answer that was due, its text, and what was printed in its place.
    pub fn misprint(&self) -> Option<(&'a Due, &'a str, &'a str)> {
        let Expected::Translation { due } = &self.failure.expected else {
            return None;
        };
        let expected = due.rest.first()?;
        Some((due, expected, self.failure.actual.first_line()?))
    }

    /// The first thread that waits in the given way.
    pub fn thread(&self, waits: Waits) -> Option<&'a Thread> {
        self.evidence().threads.iter().find(|t| t.waits == waits)
    }

    /// Whether a thread waits until somebody reads what the program prints.
    pub fn waits_to_print(&self) -> bool {
        let on = Stream::Output.to_string();
        let mut threads = self.evidence().threads.iter();
        threads.any(|t| t.waits == Waits::ToSend && t.on.as_deref() == Some(&on))
    }

    /// Whether a thread waits in the given way on the failing peer's connection.
    pub fn waits_on_peer(&self, waits: Waits) -> bool {
        let on = format!("{}'s connection", self.peer());
        let mut threads = self.evidence().threads.iter();
        threads.any(|t| t.waits == waits && t.on.as_deref() == Some(&on))
    }
}

/// What `failure` means in `lesson`.
pub(crate) fn of(lesson: &Lesson, failure: &Failure, transcript: &Transcript) -> Diagnosis {
    let case = Case {
        failure,
        transcript,
    };
    let general: [Note; 12] = [
        filters::rule,
        family::rule,
        descriptors::rule,
        threads::rule,
        idleness::rule,
        datagrams::rule,
        ended::rule,
        printing::rule,
        listening::rule,
        bytes::rule,
        parting::rule,
        nothing::rule,
    ];
    let todo: [Note; 1] = [ended::todo];
    let mut rules = todo.iter().chain(lesson.notes).chain(&general);
    rules
        .find_map(|rule| rule(&case))
        .unwrap_or_else(|| unknown(&case))
}

/// When no rule knows more than what was seen.
fn unknown(case: &Case<'_>) -> Diagnosis {
    let meaning = match &case.failure.expected {
        Expected::Fact { what } | Expected::Answer { what } => {
            format!("The lesson asks for {what}.")
        }
        _ => "Compare what happened, line by line, with the protocol in the chapter.".into(),
    };
    Diagnosis::new("unknown", meaning)
}
