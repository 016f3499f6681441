//! The process of the program under test, all that descends from it, and its end.

use std::cell::{Cell, RefCell};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus};
use std::rc::Rc;
use std::time::Instant;

use rustix::event::PollFlags;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::pipe::Pipe;
use crate::delay::Delays;
use crate::input::Input;
use crate::interrupt;
use crate::kernel::process;
use crate::kinship;
use crate::launch::{Between, Ending, Keeper};
use crate::moment::Moment;
use crate::output::Stream;
use crate::resources;
use crate::stage::{Source, Stage};
use crate::transcript::{Transcript, What};

/// The process that was started, with all that the stage needs to watch over it.
pub(crate) struct Process {
    /// As the transcript has it.
    pub(crate) name: String,
    /// The process that was started: the program itself, or its keeper.
    child_pid: i32,
    between: Between,
    keeper: Option<Box<dyn Keeper>>,
    ending: RefCell<Ending>,
    tag: String,
    started: Option<u64>,
    child: RefCell<Child>,
    exit: Cell<Option<ExitStatus>>,
    /// When it was last seen to run.
    ran: Cell<Instant>,
    ended: Cell<Option<Moment>>,
    ended_by_us: Cell<bool>,
    memory_watched: Cell<bool>,
    peak_memory: Cell<u64>,
    pub(crate) delays: Delays,
    pub(crate) output: Rc<Pipe>,
    pub(crate) error: Rc<Pipe>,
    pub(crate) input: Rc<Input>,
    #[cfg(target_os = "linux")]
    pidfd: Option<Rc<OwnedFd>>,
}

/// Our ends of a process's standard streams.
pub(super) struct Streams {
    pub(super) output: OwnedFd,
    pub(super) error: OwnedFd,
    pub(super) input: OwnedFd,
}

impl Process {
    /// Watches over `child` from now on, which has the pipes of `streams`.
    pub(super) fn watch(
        name: &str,
        tag: String,
        child: Child,
        between: Between,
        keeper: Option<Box<dyn Keeper>>,
        streams: Streams,
    ) -> io::Result<Rc<Self>> {
        let child_pid = pid_of(&child);
        Ok(Rc::new(Self {
            name: name.to_owned(),
            child_pid,
            started: process::started(child_pid),
            between,
            keeper,
            ending: RefCell::default(),
            tag,
            exit: Cell::new(None),
            ran: Cell::new(Instant::now()),
            ended: Cell::new(None),
            ended_by_us: Cell::new(false),
            memory_watched: Cell::new(false),
            peak_memory: Cell::new(0),
            delays: Delays::default(),
            output: Pipe::new(name, Stream::Output, streams.output)?,
            error: Pipe::new(name, Stream::Error, streams.error)?,
            input: Input::new(streams.input)?,
            #[cfg(target_os = "linux")]
            pidfd: pidfd(&child),
            child: RefCell::new(child),
        }))
    }

    /// How it ended, if it has.
    pub(crate) fn exit(&self) -> Option<ExitStatus> {
        self.exit.get()
    }

    /// When it ended, if it has by itself.
    pub(crate) fn ended(&self) -> Option<Moment> {
        self.ended.get()
    }

    /// The process id of the program's first process.
    pub(crate) fn pid(&self) -> i32 {
        self.between.program.unwrap_or(self.child_pid)
    }

    /// The process id of the process that was started, which may be a keeper.
    pub(crate) fn child(&self) -> i32 {
        self.child_pid
    }

    /// Whether this process stands between the harness and the program.
    pub(crate) fn is_between(&self, pid: i32) -> bool {
        self.between.processes.contains(&pid)
    }

    /// Whether the program, of which these processes are left, has ended, and its keeper has not yet.
    #[cfg(target_os = "linux")]
    pub(crate) fn is_about_to_end(&self, members: &[i32]) -> bool {
        let mut members = members.iter();
        self.keeper.is_some()
            && self.exit.get().is_none()
            && !members.any(|&pid| process::life(pid) == process::Life::Alive)
    }

    /// Which limits it ran into, in words.
    pub(crate) fn limits(&self) -> Vec<String> {
        self.ending.borrow().limits.clone()
    }

    /// What went wrong with its keeper, through no fault of the program's.
    pub(crate) fn keepers_error(&self) -> Option<String> {
        self.ending.borrow().error.clone()
    }

    /// Asks the keeper to end a program that prints without end.
    fn watch_output(&self) {
        if let Some(keeper) = &self.keeper {
            let most = keeper.most_output();
            if self.output.printed.get() + self.error.printed.get() > most {
                self.output.printed.set(0);
                self.error.printed.set(0);
                keeper.end_for_output();
            }
        }
    }

    /// What it was marked with, see [`crate::kinship`].
    pub(crate) fn tag(&self) -> &str {
        &self.tag
    }

    /// When it was started, in clock ticks since the machine was.
    pub(crate) fn started(&self) -> Option<u64> {
        self.started
    }

    pub(crate) fn watch_memory(&self) {
        self.memory_watched.set(true);
    }

    pub(crate) fn peak_memory(&self) -> u64 {
        self.peak_memory.get()
    }

    pub(crate) fn look_at_memory_if_watched(&self, stage: &Stage) {
        if self.memory_watched.get() {
            self.look_at_memory(stage);
        }
    }

    pub(crate) fn look_at_memory(&self, stage: &Stage) {
        let members = self.members(stage).ok();
        let now = members.and_then(|pids| resources::of(&pids));
        let memory = now.map_or(0, |now| now.memory);
        self.peak_memory.set(self.peak_memory.get().max(memory));
    }

    /// Whether the first process has ended since this was asked last.
    pub(crate) fn has_just_ended(&self) -> bool {
        if self.exit.get().is_some() {
            return false;
        }
        let looked = Instant::now();
        self.look_at_last_delays();
        // An error means that somebody else has reaped it; then it never seems to end, and the
        // deadline decides.
        let Ok(Some(status)) = self.child.borrow_mut().try_wait() else {
            self.watch_output();
            self.ran.set(looked);
            return false;
        };
        self.exit.set(Some(status));
        let ended = Moment::between(self.ran.get(), Instant::now());
        self.ended.set(Some(ended));
        if let Some(keeper) = &self.keeper {
            self.ending.replace(keeper.ending());
        }
        true
    }

    /// Adds its end to the transcript, its last words first.
    pub(crate) fn tell_of_its_end(&self, transcript: &Transcript) {
        for pipe in [&self.output, &self.error] {
            pipe.advance(transcript);
            pipe.flush(transcript);
        }
        if let Some(status) = self.exit.get().filter(|_| !self.ended_by_us.get()) {
            let how = in_words(status);
            transcript.add(&self.name, What::Exits { how });
            for limit in self.limits() {
                let text = format!("the box has limits: {limit}");
                transcript.add("", What::Note { text });
            }
        }
    }

    /// Ends all of it, also what has left its session, and reaps what this process has adopted.
    pub(super) fn end(&self, stage: &Stage) {
        const ROUNDS: usize = 100;
        self.ended_by_us.set(true);
        // A group that is gone already is just as well; so for each process below.
        match (&self.keeper, Pid::from_raw(self.child_pid)) {
            (Some(keeper), _) => keeper.end(),
            (None, Some(group)) => drop(kill_process_group(group, Signal::KILL)),
            (None, None) => {}
        }
        if self.exit.get().is_none() {
            let mut child = self.child.borrow_mut();
            if self.keeper.is_none() {
                let _ = child.kill();
            }
            if let Ok(status) = child.wait() {
                self.exit.set(Some(status));
            }
        }
        interrupt::forget(self.child_pid);
        for _ in 0..ROUNDS {
            // Where they cannot be listed just now, they are not gone.
            let Ok(rest) = self.doomed(stage) else {
                continue;
            };
            if rest.is_empty() {
                break;
            }
            for pid in rest.into_iter().filter_map(Pid::from_raw) {
                let _ = kill_process(pid, Signal::KILL);
                kinship::wait_for_orphan(pid);
            }
        }
    }
}

impl Source for Process {
    #[cfg(target_os = "linux")]
    fn interest(&self) -> Option<(Rc<OwnedFd>, PollFlags)> {
        let running = self.exit.get().is_none();
        let pidfd = self.pidfd.as_ref().filter(|_| running)?;
        Some((Rc::clone(pidfd), PollFlags::IN))
    }

    #[cfg(not(target_os = "linux"))]
    fn interest(&self) -> Option<(Rc<OwnedFd>, PollFlags)> {
        None
    }

    fn advance(&self, _transcript: &Transcript) -> bool {
        // The stage asks for its end, before it moves any source on.
        false
    }
}

/// `exited with status 101`, `was killed by SIGPIPE`.
pub(crate) fn in_words(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exited with status {code}"),
        (None, Some(signal)) => format!("was killed by {}", signal_name(signal)),
        (None, None) => "ended".into(),
    }
}

/// `SIGPIPE`.
pub(crate) fn signal_name(number: i32) -> String {
    match signal_hook::low_level::signal_name(number) {
        Some(name) => name.to_owned(),
        None => format!("signal {number}"),
    }
}

pub(super) fn pid_of(child: &Child) -> i32 {
    i32::try_from(child.id()).unwrap_or(i32::MAX)
}

/// A descriptor that becomes readable when the process ends.
#[cfg(target_os = "linux")]
fn pidfd(child: &Child) -> Option<Rc<OwnedFd>> {
    let pid = Pid::from_child(child);
    // Without it (before Linux 5.3) the end is noticed at the next look.
    let fd = rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()).ok()?;
    Some(Rc::new(fd))
}
