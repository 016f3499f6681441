//! The one place where the harness waits.
//!
//! A check's program, its output and its peers' sockets are sources of events. Whoever waits for
//! something says what, as a closure over what has been seen so far; the stage moves all sources on,
//! asks the closure, and gives up when [`crate::stall`] says that nothing more can happen, or else
//! when the time is up.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::arena::Arena;
use crate::capability::Capability;
use crate::circles::Circles;
use crate::clock::{self, Scale};
use crate::evidence::Evidence;
use crate::failure::{Actual, DecidedBy, Expected, Failure, Stopped};
use crate::kernel::sockets::Diag;
use crate::launch::Launcher;
use crate::program::Process;
use crate::stall::{Look, Watch};
use crate::transcript::{Transcript, What};

/// Something that a check listens to or speaks through: a socket, a pipe, a process.
pub(crate) trait Source {
    /// The descriptor to wait on, and for what; `None` while there is nothing to wait for.
    fn interest(&self) -> Option<(Rc<OwnedFd>, PollFlags)>;

    /// Does all input and output that can be done without waiting. Whether anything was done.
    fn advance(&self, transcript: &Transcript) -> bool;

    /// Whether it has seen an end that the transcript does not know of.
    fn has_untold_end(&self) -> bool {
        false
    }

    /// Tells the transcript of that end.
    fn tell_of_its_end(&self, _transcript: &Transcript) {}

    /// Whether it is a server that the program may call.
    fn is_called(&self) -> bool {
        false
    }

    /// When it will do something by itself, without anything arriving.
    fn due(&self) -> Option<Instant> {
        None
    }

    /// The source's own address, if it has one, so that the kernel's rows can be told apart.
    fn local(&self) -> Option<SocketAddr> {
        None
    }
}

/// Why a wait ended without what was waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Nothing more can happen.
    Stalled,
    /// Nothing more can happen because the program has ended.
    Exited,
    /// The time was up.
    Deadline,
}

impl From<Ended> for DecidedBy {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Stalled => Self::Stall,
            Ended::Exited => Self::Exit,
            Ended::Deadline => Self::Deadline,
        }
    }
}

/// What the checks of one run share.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// How programs are started.
    pub launcher: Arc<dyn Launcher>,
    /// How slow the machine is.
    pub scale: Scale,
    /// Whether stalls decide; otherwise only deadlines do.
    pub stalls: bool,
}

/// Everything that happens in one check.
pub(crate) struct Stage {
    pub(crate) arena: Arena,
    pub(crate) conditions: Conditions,
    pub(crate) transcript: Transcript,
    pub(crate) diag: Option<Diag>,
    /// The folders that the check has made.
    pub(crate) folders: RefCell<Vec<PathBuf>>,
    /// What programs are given over this arena's network.
    pub(crate) capabilities: Cell<&'static [Capability]>,
    sources: RefCell<Vec<Weak<dyn Source>>>,
    processes: RefCell<Vec<Rc<Process>>>,
    names: RefCell<HashMap<SocketAddr, String>>,
    /// How long the last wait was to last at the most.
    limit: Cell<Duration>,
    /// For how long the kernel was busy with calls of which nothing came, if that has ended the last wait.
    in_circles: Cell<Option<Duration>>,
    /// Why the last look could not tell whether anything more will happen.
    doubt: RefCell<Option<String>>,
}

impl Stage {
    pub(crate) fn new(arena: Arena, conditions: Conditions) -> Self {
        Self {
            arena,
            conditions,
            transcript: Transcript::new(),
            // Without it deadlines decide, and evidence says that it could not be had.
            diag: Diag::open().ok(),
            folders: RefCell::default(),
            capabilities: Cell::default(),
            sources: RefCell::default(),
            processes: RefCell::default(),
            names: RefCell::default(),
            limit: Cell::default(),
            in_circles: Cell::default(),
            doubt: RefCell::default(),
        }
    }

    /// Listens to `source` from now on, for as long as somebody holds it.
    pub(crate) fn add(&self, source: &Rc<dyn Source>) {
        self.sources.borrow_mut().push(Rc::downgrade(source));
    }

    /// Watches over `process` from now on.
    pub(crate) fn add_process(&self, process: Rc<Process>) {
        self.processes.borrow_mut().push(process);
    }

    /// The programs that this check has started.
    pub(crate) fn processes(&self) -> Vec<Rc<Process>> {
        self.processes.borrow().clone()
    }

    /// How the program ended, in words, if it has: the one that was started last.
    pub(crate) fn exit_in_words(&self) -> Option<String> {
        let processes = self.processes.borrow();
        processes.last()?.exit().map(crate::program::in_words)
    }

    /// Remembers whose address this is.
    pub(crate) fn name(&self, address: SocketAddr, name: &str) {
        self.names.borrow_mut().insert(address, name.to_owned());
    }

    /// Whose address this is, if it is a peer's.
    pub(crate) fn name_of(&self, address: SocketAddr) -> Option<String> {
        self.names.borrow().get(&address).cloned()
    }

    /// The sources that are still held.
    pub(crate) fn sources(&self) -> Vec<Rc<dyn Source>> {
        let mut sources = self.sources.borrow_mut();
        sources.retain(|source| source.strong_count() > 0);
        sources.iter().filter_map(Weak::upgrade).collect()
    }

    /// Does all input and output that can be done now. Whether anything was done.
    pub(crate) fn advance(&self) -> bool {
        // What a program has sent and printed before it ended is told of before its end.
        let mut ended = self.processes();
        ended.retain(|process| process.has_just_ended());
        let mut moved = !ended.is_empty();
        let sources = self.sources();
        for source in &sources {
            moved |= source.advance(&self.transcript);
        }
        // And what it had printed before it closed a connection, before that connection's end.
        if sources.iter().any(|source| source.has_untold_end()) {
            for source in &sources {
                source.advance(&self.transcript);
            }
            for source in &sources {
                source.tell_of_its_end(&self.transcript);
            }
        }
        for process in ended {
            process.tell_of_its_end(&self.transcript);
        }
        moved
    }

    /// Why the last wait could not tell by itself that nothing more will happen.
    pub(crate) fn doubt(&self) -> Option<String> {
        self.doubt.borrow().clone()
    }

    /// Waits until `goal` gives something, for `limit` on an ordinary machine. The limit starts anew
    /// whenever something arrives.
    pub(crate) fn wait<T>(
        &self,
        limit: Duration,
        goal: impl FnMut() -> Option<T>,
    ) -> Result<T, Ended> {
        self.wait_looking(limit, LONGEST_PAUSE, goal)
    }

    /// As [`wait`](Self::wait), for a goal that no source announces: it is asked every millisecond or
    /// two.
    pub(crate) fn wait_closely<T>(
        &self,
        limit: Duration,
        goal: impl FnMut() -> Option<T>,
    ) -> Result<T, Ended> {
        self.wait_looking(limit, CLOSE_PAUSE, goal)
    }

    fn wait_looking<T>(
        &self,
        limit: Duration,
        longest_pause: Duration,
        mut goal: impl FnMut() -> Option<T>,
    ) -> Result<T, Ended> {
        const MOST_RENEWALS: u32 = 20;
        let mut circles = Circles::within(limit, self);
        let limit = self.conditions.scale.apply(limit);
        self.limit.set(limit);
        self.in_circles.set(None);
        let begin = Instant::now();
        let mut deadline = begin + limit;
        let mut watch = Watch::new();
        let mut pause = SHORTEST_PAUSE;
        loop {
            let moved = self.advance();
            self.look_at_resources();
            if let Some(reached) = goal() {
                return Ok(reached);
            }
            if moved {
                deadline = (Instant::now() + limit).min(begin + limit * MOST_RENEWALS);
                watch = Watch::new();
                circles.moved();
                pause = SHORTEST_PAUSE;
            }
            if Instant::now() >= deadline {
                self.goes_in_circles(circles.at_the_deadline(self));
                return Err(Ended::Deadline);
            }
            if self.poll(pause) {
                continue;
            }
            match self.look(&mut watch) {
                Look::Nothing(end) => {
                    // The last word is with what may have arrived during the look.
                    if !self.poll(Duration::ZERO) {
                        return goal().ok_or(end);
                    }
                }
                Look::Quiet => pause = SHORTEST_PAUSE,
                Look::Busy(why) => {
                    self.doubt.replace(Some(why));
                    if pause == longest_pause && self.goes_in_circles(circles.too_long(self)) {
                        return Err(Ended::Deadline);
                    }
                    pause = (pause * 2).min(longest_pause);
                }
            }
        }
    }

    fn look(&self, watch: &mut Watch) -> Look {
        if self.due().is_some() {
            *watch = Watch::new();
            Look::Busy("something is still on its way to it, or to us".into())
        } else if self.conditions.stalls {
            watch.look(self)
        } else if self.processes().iter().all(|p| p.exit().is_some()) {
            watch.look_at_ended()
        } else {
            Look::Busy("stall detection is switched off".into())
        }
    }

    /// Waits until nothing more can happen, or at most `limit`: a program that has served its peers
    /// and waits for the next.
    pub(crate) fn settle(&self, limit: Duration) -> Ended {
        match self.wait(limit, || None::<std::convert::Infallible>) {
            Err(ended) => ended,
            Ok(never) => match never {},
        }
    }

    /// Lets `time` pass while everything goes on, or less if `goal` gives something before. For where
    /// the time is what is tested: it passes by the clock, and no stall cuts it short.
    pub(crate) fn let_pass<T>(
        &self,
        time: Duration,
        mut goal: impl FnMut() -> Option<T>,
    ) -> Option<T> {
        let end = Instant::now() + time;
        loop {
            self.advance();
            self.look_at_resources();
            if let Some(reached) = goal() {
                return Some(reached);
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            self.poll(left.min(LONGEST_PAUSE));
        }
    }

    /// Waits until `goal` gives something, for as long as there is `time_left`: for where a time is
    /// what is tested. It is asked with how much longer than it wanted to the harness has just slept.
    /// A stall ends the wait: then no time will change anything.
    pub(crate) fn wait_by_the_clock<T>(
        &self,
        mut time_left: impl FnMut(Duration) -> Option<Duration>,
        mut goal: impl FnMut() -> Option<T>,
    ) -> Result<T, Ended> {
        let mut watch = Watch::new();
        let mut pause = SHORTEST_PAUSE;
        let mut overslept = Duration::ZERO;
        loop {
            if self.advance() {
                watch = Watch::new();
                pause = SHORTEST_PAUSE;
            }
            self.look_at_resources();
            if let Some(reached) = goal() {
                return Ok(reached);
            }
            let Some(left) = time_left(overslept) else {
                return Err(Ended::Deadline);
            };
            let asleep = Instant::now();
            let nap = pause.min(left);
            let ready = self.poll(nap);
            overslept = asleep.elapsed().saturating_sub(nap);
            if ready {
                continue;
            }
            match self.look(&mut watch) {
                Look::Nothing(end) if !self.poll(Duration::ZERO) => return goal().ok_or(end),
                Look::Nothing(_) => {}
                Look::Quiet => pause = SHORTEST_PAUSE,
                Look::Busy(_) => pause = (pause * 2).min(LONGEST_PAUSE),
            }
        }
    }

    /// Keeps count of the memory of programs, and of their delays, where that was asked.
    fn look_at_resources(&self) {
        for process in self.processes.borrow().iter() {
            process.look_at_memory_if_watched(self);
            process.look_at_delays_if_watched(self);
        }
    }

    /// When the first source will do something by itself.
    fn due(&self) -> Option<Instant> {
        let sources = self.sources();
        sources.iter().filter_map(|source| source.due()).min()
    }

    /// Remembers for how long the kernel was busy with calls of which nothing came, if it was.
    fn goes_in_circles(&self, busy: Option<Duration>) -> bool {
        self.in_circles.set(busy);
        if busy.is_some() {
            self.doubt.replace(None);
        }
        busy.is_some()
    }

    /// Why the last wait ended, which was not by a stall.
    fn time_up(&self) -> What {
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        match self.in_circles.get() {
            Some(busy) => What::InCircles { busy_ms: ms(busy) },
            None => What::TimeUp {
                limit_ms: ms(self.limit.get()),
            },
        }
    }

    /// Waits for a source to be ready, or for its time to come. Whether one is.
    fn poll(&self, timeout: Duration) -> bool {
        let ready_for: Vec<_> = self.sources().iter().filter_map(|s| s.interest()).collect();
        let mut fds: Vec<PollFd<'_>> = ready_for
            .iter()
            .map(|(fd, flags)| PollFd::from_borrowed_fd(fd.as_fd(), *flags))
            .collect();
        let now = Instant::now();
        let due = self.due().map(|due| due.saturating_duration_since(now));
        let is_due = due.is_some_and(|left| left <= timeout);
        let timeout = due.map_or(timeout, |left| left.min(timeout));
        let timeout = Timespec {
            tv_sec: timeout.as_secs().cast_signed(),
            tv_nsec: timeout.subsec_nanos().into(),
        };
        // EINTR: the caller looks again.
        poll(&mut fds, Some(&timeout)).is_ok_and(|ready| ready > 0) || is_due
    }

    /// Waits until no program is on a processor, or waiting for one: most of the time one that waits for
    /// a limited time is not. Not for long; some never rest.
    fn catch_asleep(&self) {
        const LOOKS: usize = 50;
        const PAUSE: Duration = Duration::from_millis(1);
        for _ in 0..LOOKS {
            if !self.wants_to_run() {
                return;
            }
            self.poll(PAUSE);
        }
    }

    /// A failure, with the evidence as it is when the program has come to rest.
    pub(crate) fn fail(
        &self,
        peer: Option<&str>,
        expected: Expected,
        actual: Actual,
        decided_by: DecidedBy,
    ) -> Stopped {
        // What ended the wait may have been seen while the program was still at work: its last words
        // come after it, and where it goes on waiting tells more than where it was just then.
        if decided_by == DecidedBy::Observation && self.settle(clock::REST) == Ended::Deadline {
            self.catch_asleep();
        }
        self.advance();
        for process in self.processes.borrow().iter() {
            process.output.flush(&self.transcript);
            process.error.flush(&self.transcript);
        }
        match decided_by {
            DecidedBy::Stall => self.transcript.add("", What::Stalled),
            DecidedBy::Deadline => self.transcript.add("", self.time_up()),
            DecidedBy::Observation | DecidedBy::Exit | DecidedBy::Clock => {}
        }
        Stopped::Failed(Box::new(Failure {
            peer: peer.map(str::to_owned),
            after: peer.and_then(|peer| self.transcript.last_sent(peer)),
            about: None,
            expected,
            actual,
            decided_by,
            evidence: Evidence::collect(self, decided_by),
        }))
    }
}

/// Between two looks at a program that seems to wait.
const SHORTEST_PAUSE: Duration = Duration::from_micros(500);
/// Between two looks of who asks the kernel for something that it does not announce.
const CLOSE_PAUSE: Duration = Duration::from_millis(2);
/// Between two looks at a program that works: seldom enough not to slow it down.
const LONGEST_PAUSE: Duration = Duration::from_millis(20);
