//! Why a check ended: the student's failures, and, apart from them, the grader's own errors.

use std::net::SocketAddr;

use rustix::io::Errno;
use serde::Serialize;

use crate::due::Due;
use crate::evidence::Evidence;
use crate::kernel::Protocol;
use crate::likeness::Likeness;
use crate::output::Stream;
use crate::payload::{Difference, Payload, count, plural};

/// What a step of a check comes to.
///
/// An `Err` ends the check: with a failure of the student's program, with a reason to skip, or with
/// an error of the grader that is no fault of the student's.
pub type Verdict<T = ()> = Result<T, Stopped>;

/// Why a check ended before its last line.
#[derive(Debug)]
pub enum Stopped {
    /// The program did not do what was expected.
    Failed(Box<Failure>),
    /// This machine cannot run the check.
    Skipped(String),
    /// The grader could not do its part. Never a mark.
    Error(GraderError),
}

impl Stopped {
    /// The same, saying which of several like things was expected: `the answer to frame 2 of 3`.
    #[must_use]
    pub fn about(mut self, what: &str) -> Self {
        if let Self::Failed(failure) = &mut self {
            failure.about = Some(what.to_owned());
        }
        self
    }
}

/// Something that went wrong on the grader's side.
#[derive(Debug, thiserror::Error)]
pub enum GraderError {
    /// The program could not be started at all.
    #[error("cannot start {program}: {source}")]
    Start {
        /// What was to be started.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A system call of the grader's own failed.
    #[error("{doing}: {source}{}", advice(source))]
    System {
        /// What the grader was about to do.
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// A port that was free was taken before the program could bind it, again and again.
    #[error(
        "another program took the port that was chosen, {tries} times in a row: end what holds so many \
         ports (`ss -tuan` lists them), and check again"
    )]
    PortsTaken {
        /// How often a new one was tried.
        tries: usize,
    },
    /// The harness was put off each time it measured, so that the measurement said nothing.
    #[error("this machine is too busy to measure so short a time, {tries} times in a row")]
    Unmeasurable {
        /// How often it was tried.
        tries: usize,
    },
    /// A check panicked.
    #[error("the check itself panicked: {message}")]
    Panicked {
        /// The panic's message.
        message: String,
    },
}

/// What to do about an error that comes from a limit of the machine's.
fn advice(error: &std::io::Error) -> &'static str {
    match Errno::from_io_error(error) {
        Some(Errno::ADDRNOTAVAIL) => {
            ". Every port of this machine is in use, or was a moment ago: wait a minute, or end what \
             opens so many connections (`ss -s` counts them)"
        }
        Some(Errno::MFILE) => ". This process may open no more files: raise `ulimit -n`",
        Some(Errno::NFILE | Errno::NOBUFS | Errno::NOMEM) => {
            ". This machine has no more room for it: end other programs"
        }
        _ => "",
    }
}

impl GraderError {
    /// For `map_err` on a system call.
    pub fn system<E: Into<std::io::Error>>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::System {
            doing,
            source: source.into(),
        }
    }
}

impl From<GraderError> for Stopped {
    fn from(error: GraderError) -> Self {
        Self::Error(error)
    }
}

/// How it was known that what was expected would not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// The harness saw it.
    Observation,
    /// The program had ended.
    Exit,
    /// Nothing more could happen: every thread waits without limit. Certain, see [`crate::stall`].
    Stall,
    /// The time was up.
    Deadline,
    /// The time that the lesson speaks of had passed, by the clock.
    Clock,
}

/// A student's failure: what was expected, and what came in its place.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// The peer that saw it; none where it concerns the program as a whole.
    pub peer: Option<String>,
    /// What that peer had sent last.
    pub after: Option<Payload>,
    /// Which of several like things was expected, where the check says so: `the answer to frame 2 of
    /// 3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What was expected.
    pub expected: Expected,
    /// What came in its place.
    pub actual: Actual,
    /// How that was known.
    pub decided_by: DecidedBy,
    /// The kernel's view of the program at that moment.
    pub evidence: Evidence,
}

/// What a check can expect of a program.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Expected {
    /// That it listens (TCP) or is bound (UDP) there.
    Listening {
        /// TCP or UDP.
        protocol: Protocol,
        /// Where.
        address: SocketAddr,
    },
    /// That the kernel accepts a connection for it.
    Connection,
    /// That it accepts a connection that waits in its queue.
    Acceptance,
    /// That it connects to a server that the grader plays.
    Arrival {
        /// Where that listens.
        address: SocketAddr,
    },
    /// Exactly these bytes next.
    Bytes {
        /// Which.
        payload: Payload,
    },
    /// An answer that words describe: "a line of JSON".
    Answer {
        /// What it should be.
        what: String,
    },
    /// One datagram with exactly this content.
    Datagram {
        /// Which.
        payload: Payload,
    },
    /// The orderly end of the connection.
    End,
    /// The end of a connection that has been idle for too long, neither too early nor too late.
    EndInTime {
        /// From when on it is idle: `it was made`.
        event: String,
        /// For how many milliseconds it may be idle.
        idle_ms: u64,
        /// After how many it must have ended.
        most_ms: u64,
    },
    /// Nothing at all.
    Silence,
    /// That it receives all that a peer sends.
    Taking {
        /// How many bytes that peer has left to send.
        bytes: usize,
    },
    /// That it prints something.
    Print {
        /// On which stream.
        stream: Stream,
        /// What, in words.
        what: String,
    },
    /// Exactly these bytes next on standard output.
    Output {
        /// Which.
        payload: Payload,
    },
    /// That a filter prints this line next, or nothing more.
    Translation {
        /// Which line, and what it answers.
        due: Box<Due>,
    },
    /// That it ends by itself with this status.
    Exit {
        /// The status.
        status: i32,
    },
    /// That it is still running.
    Running,
    /// That it has no more descriptors open than that.
    Descriptors {
        /// How many at most.
        most: usize,
    },
    /// That it has no more threads than that.
    Threads {
        /// How many at most.
        most: usize,
    },
    /// That it uses less of a processor than that while it has nothing to do.
    Idleness {
        /// How much of one, in percent.
        percent: u64,
    },
    /// A fact about it that the harness measured: "a backlog of 7".
    Fact {
        /// In words.
        what: String,
    },
}

/// What came in place of what was expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actual {
    /// Nothing, or nothing more after `received`.
    Nothing {
        /// What had come of it.
        received: Payload,
    },
    /// Other bytes.
    Different {
        /// Where they part.
        difference: Difference,
    },
    /// An answer that is not what words asked for.
    Answer {
        /// What it was.
        payload: Payload,
    },
    /// More than was expected.
    TooMuch {
        /// What came after it, or unasked.
        extra: Payload,
    },
    /// An orderly end.
    Ended {
        /// What had come before.
        received: Payload,
    },
    /// A reset.
    Reset {
        /// What had come before.
        received: Payload,
    },
    /// An end, so many milliseconds after what was to come before it.
    EndedAfter {
        /// How many.
        ms: u64,
        /// Whether it was a reset.
        reset: bool,
    },
    /// No end, though so many milliseconds have passed.
    StillOpen {
        /// How many.
        ms: u64,
    },
    /// The connection was refused: nobody listens there.
    Refused,
    /// A datagram with other content.
    Datagram {
        /// Its content.
        payload: Payload,
        /// What it is, by the look of it.
        likeness: Likeness,
    },
    /// The right content from a wrong address.
    FromElsewhere {
        /// Where the answer came from.
        from: SocketAddr,
        /// Where it should have come from.
        to: SocketAddr,
    },
    /// Other lines, of a filter.
    Lines {
        /// The first of them; the first is not what it should be.
        lines: Vec<String>,
    },
    /// The program ended.
    Exited {
        /// How, in words: `exited with status 101`.
        how: String,
    },
    /// Descriptors that are open.
    Descriptors {
        /// How many.
        open: usize,
    },
    /// Threads that are alive.
    Threads {
        /// How many.
        alive: usize,
    },
    /// Processor time that it uses.
    Busy {
        /// How much of one processor, in percent.
        percent: u64,
    },
    /// Something that words describe.
    Other {
        /// What it was.
        what: String,
    },
}

impl Failure {
    /// What happened, in one sentence.
    pub fn headline(&self) -> String {
        let peer = self.peer.as_deref().unwrap_or("the grader");
        let after = match (&self.about, &self.after) {
            (Some(about), _) => format!("{peer} waits for {about}"),
            (None, Some(sent)) => format!("{peer} sent {}", sent.quoted()),
            (None, None) => format!("{peer} is connected"),
        };
        let end = self.about.as_deref().unwrap_or("the end of the connection");
        match (&self.expected, &self.actual) {
            (Expected::Listening { .. }, actual) => self.not_listening(actual),
            (Expected::Connection, Actual::Refused) => {
                format!("{peer} could not connect: the connection was refused.")
            }
            (Expected::Connection, _) => format!("{peer} could not connect."),
            (Expected::Acceptance, _) => {
                format!("{peer}'s connection waits to be accepted, and nobody accepts it.")
            }
            (Expected::Arrival { address }, Actual::Exited { how }) => {
                format!("The program {how} before it connected to {address}.")
            }
            (Expected::Arrival { address }, _) => {
                format!("The program never connected to {address}.")
            }
            (Expected::Exit { status }, actual) => not_exited(*status, actual),
            (Expected::Descriptors { most }, Actual::Descriptors { open }) => {
                let more = plural(open - most, "descriptor");
                format!("The program has {more} open more than it should have.")
            }
            (Expected::Threads { most }, Actual::Threads { alive }) => {
                let more = plural(alive.saturating_sub(*most), "thread");
                format!("The program has {more} more than it should have.")
            }
            (Expected::Idleness { .. }, Actual::Busy { percent }) => {
                format!("The program has nothing to do and uses {percent} % of a processor for it.")
            }
            (Expected::Running, Actual::Exited { how }) => format!("The program {how}."),
            (Expected::Silence, Actual::TooMuch { extra }) => match &self.after {
                Some(sent) => format!(
                    "{peer} sent {}, and more came back than it should: {}.",
                    sent.quoted(),
                    extra.quoted()
                ),
                None => format!("{peer} had sent nothing and received {}.", extra.quoted()),
            },
            (Expected::Silence, Actual::Ended { .. }) => {
                format!("{peer} had not finished, and the connection was closed.")
            }
            (Expected::Silence, Actual::Reset { .. }) => {
                format!("{peer} had not finished, and the connection was reset.")
            }
            (Expected::Taking { bytes }, Actual::Nothing { .. }) => format!(
                "{peer} cannot send any more: the last {} find no room.",
                count(*bytes)
            ),
            (Expected::Taking { .. }, actual) => {
                format!("{peer} was still sending, and {}.", how(actual))
            }
            (Expected::End, Actual::Nothing { .. }) => {
                format!("{peer} waits for {end}, and it does not come.")
            }
            (Expected::End, Actual::TooMuch { extra }) => {
                format!("{peer} expected {end} and received {}.", extra.quoted())
            }
            (Expected::End, actual) => {
                let end = self.about.as_deref().unwrap_or("an orderly end");
                format!("{peer} expected {end}, and {}.", how(actual))
            }
            (Expected::EndInTime { event, idle_ms, .. }, actual) => {
                self.not_in_time(peer, event, *idle_ms, actual)
            }
            (Expected::Print { stream, what }, actual) => {
                format!("Expected on {stream}: {what}. But {}.", printed(actual))
            }
            (Expected::Output { payload }, actual) => {
                crate::printed_bytes::headline(self.peer.as_ref().map(|_| &*after), payload, actual)
            }
            (Expected::Translation { due }, actual) => translated(due, actual),
            (Expected::Fact { what }, actual) => format!("Expected {what}, but {}.", how(actual)),
            (Expected::Datagram { payload }, actual) => {
                self.no_such_datagram(peer, payload, actual)
            }
            (Expected::Answer { what }, actual) => {
                format!("{after}, expected {what}, and {}.", how(actual))
            }
            (Expected::Bytes { payload }, Actual::Nothing { received }) if received.len > 0 => {
                format!(
                    "{after}, and only {} of {} came back.",
                    plural(received.len, "byte")
                        .trim_end_matches(" bytes")
                        .trim_end_matches(" byte"),
                    count(payload.len)
                )
            }
            (Expected::Bytes { .. }, Actual::Different { .. }) => {
                format!("{after}, and something else came back.")
            }
            (_, actual) => format!("{after}, and {}.", how(actual)),
        }
    }

    fn not_in_time(&self, peer: &str, event: &str, idle_ms: u64, actual: &Actual) -> String {
        match actual {
            Actual::EndedAfter { ms, .. } => {
                format!("{peer}'s connection ended {ms} ms after {event}; IDLE_MS is {idle_ms}.")
            }
            Actual::StillOpen { .. } if self.decided_by == DecidedBy::Clock => format!(
                "{peer}'s connection is open, and IDLE_MS ({idle_ms}) has passed twice since {event}."
            ),
            Actual::StillOpen { .. } => format!(
                "{peer}'s connection is open, and nothing will ever end it; IDLE_MS is {idle_ms}."
            ),
            actual => format!("{peer} waits for the end, and {}.", how(actual)),
        }
    }

    fn no_such_datagram(&self, peer: &str, expected: &Payload, actual: &Actual) -> String {
        // Where several were sent, the one that is missing need not be the last.
        let verb = if self.after.as_ref() == Some(expected) {
            "sent"
        } else {
            "expected"
        };
        format!("{peer} {verb} {}, and {}.", datagram(expected), how(actual))
    }

    fn not_listening(&self, actual: &Actual) -> String {
        let Expected::Listening { protocol, address } = &self.expected else {
            return String::new();
        };
        let (before, now) = match protocol {
            Protocol::Tcp => ("listened on", "does not listen on"),
            Protocol::Udp => ("was bound to", "is not bound to"),
        };
        match actual {
            Actual::Exited { how } => format!("The program {how} before it {before} {address}."),
            _ => format!("The program {now} {address}."),
        }
    }
}

impl Actual {
    /// The line that a filter printed where another was due.
    pub fn first_line(&self) -> Option<&str> {
        match self {
            Self::Lines { lines } => lines.first().map(String::as_str),
            _ => None,
        }
    }
}

/// What a filter made of its input.
fn translated(due: &Due, actual: &Actual) -> String {
    let number = due.number;
    match actual {
        Actual::Lines { .. } if due.is_over() => {
            "All lines of the input are answered, and the program prints more.".into()
        }
        Actual::Lines { .. } => {
            format!("The answer to line {number} of the input is not what it should be.")
        }
        _ if due.is_over() => {
            "All lines of the input are answered, and standard output does not end.".into()
        }
        Actual::Exited { how } => {
            format!("The program {how}, and line {number} of the input is not answered.")
        }
        _ => format!("Line {number} of the input is not answered."),
    }
}

fn not_exited(status: i32, actual: &Actual) -> String {
    match actual {
        Actual::Exited { how } => format!("The program {how}; expected status {status}."),
        _ => "The program should have ended by now, and it is still running.".into(),
    }
}

/// What was printed: "But HOW."
fn printed(actual: &Actual) -> String {
    match actual {
        Actual::Nothing { received } if received.len == 0 => "nothing was printed".into(),
        Actual::Nothing { received } => {
            format!("it printed {} without a newline", received.quoted())
        }
        Actual::TooMuch { extra } => format!("it printed {}", extra.quoted()),
        other => how(other),
    }
}

/// The second half of a sentence: "… and HOW."
fn how(actual: &Actual) -> String {
    match actual {
        Actual::Nothing { received } if received.len == 0 => "nothing came back".into(),
        Actual::Nothing { received } => format!("nothing more came than {}", received.quoted()),
        Actual::Different { .. } => "something else came".into(),
        Actual::Answer { payload } => format!("{} came", payload.quoted()),
        Actual::TooMuch { extra } => format!("more came than expected: {}", extra.quoted()),
        Actual::Ended { received } if received.len == 0 => {
            "the connection was closed with nothing sent back".into()
        }
        Actual::Ended { received } => {
            format!("the connection was closed after {}", count(received.len))
        }
        Actual::Reset { received } if received.len == 0 => "the connection was reset".into(),
        Actual::Reset { received } => {
            format!("the connection was reset after {}", count(received.len))
        }
        Actual::EndedAfter { ms, .. } => format!("the connection ended after {ms} ms"),
        Actual::StillOpen { ms } => format!("the connection is open after {ms} ms"),
        Actual::Refused => "the connection was refused".into(),
        Actual::Datagram { payload, likeness } => how_datagram(payload, likeness),
        Actual::FromElsewhere { from, to } => {
            format!("the answer came from {from} in place of {to}")
        }
        Actual::Lines { lines } => format!("it printed \"{}\"", lines.join("\\n")),
        Actual::Exited { how } => format!("the program {how}"),
        Actual::Descriptors { open } => format!("{open} are open"),
        Actual::Threads { alive } => format!("there are {alive}"),
        Actual::Busy { percent } => format!("it uses {percent} % of a processor"),
        Actual::Other { what } => what.clone(),
    }
}

/// A datagram's content in a sentence: an empty one is a datagram, too.
fn datagram(payload: &Payload) -> String {
    match payload.len {
        0 => "an empty datagram".into(),
        len if payload.cut => format!("{} ({})", payload.quoted(), count(len)),
        _ => payload.quoted(),
    }
}

fn how_datagram(payload: &Payload, likeness: &Likeness) -> String {
    let came = datagram(payload);
    match likeness {
        Likeness::Cut => format!("only its first {} came back", count(payload.len)),
        Likeness::Split => format!(
            "it came back in pieces, the first of {}",
            count(payload.len)
        ),
        Likeness::Padded => format!("{} came back", count(payload.len)),
        Likeness::Merged => format!("several came back in one datagram: {came}"),
        Likeness::Repeated => format!("{came} came back a second time"),
        Likeness::Anothers { peer } => format!("{came} came, which {peer} had sent"),
        Likeness::Longer { .. } | Likeness::Unknown => format!("{came} came back"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_of_the_machine_is_told_with_what_to_do_about_it() {
        let error = |errno: Errno| GraderError::system("connecting")(errno).to_string();
        assert!(error(Errno::ADDRNOTAVAIL).contains("wait a minute"));
        assert!(error(Errno::MFILE).contains("ulimit -n"));
        assert!(error(Errno::PERM).ends_with("(os error 1)"));
    }
}
