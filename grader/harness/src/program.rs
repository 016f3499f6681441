//! The program under test: a process, all that descends from it, its standard streams and its end.

use std::cell::{Cell, RefCell};
use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::rc::Rc;
use std::time::Instant;

use rustix::event::PollFlags;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::capability;
use crate::clock;
use crate::closing::starting;
use crate::delay::Delays;
use crate::failure::{Actual, DecidedBy, Expected, GraderError, Verdict};
use crate::full_pipe::FullPipe;
use crate::input::Input;
use crate::interrupt;
use crate::kernel::process;
use crate::kinship;
use crate::launch::raw::bind_to_our_life;
use crate::launch::{Between, Ending, Keeper, Launch, Wanted};
use crate::moment::Moment;
use crate::output::{Capture, Stream};
use crate::payload::{Payload, escape};
use crate::resources;
use crate::stage::{Source, Stage};
use crate::transcript::{Transcript, What};

/// What a program is called where there is only one.
pub(crate) const PROGRAM: &str = "program";

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

impl Process {
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
    fn end(&self, stage: &Stage) {
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

/// One of the program's output streams.
pub(crate) struct Pipe {
    who: String,
    stream: Stream,
    fd: RefCell<Option<Rc<OwnedFd>>>,
    pub(crate) capture: RefCell<Capture>,
    /// Printed and not taken by the check yet.
    pub(crate) fresh: RefCell<Vec<u8>>,
    /// The beginning of a line whose newline has not come: the transcript tells of whole lines.
    line: RefCell<Vec<u8>>,
    /// What the transcript is told of it.
    telling: Cell<Telling>,
    /// How many lines it was told.
    told: Cell<usize>,
    /// How many bytes are kept for the check at most.
    most: Cell<usize>,
    /// Whether it is read now.
    reading: Cell<bool>,
    /// Bytes at its start that are not the program's.
    filler: Cell<usize>,
    /// How many bytes were printed.
    printed: Cell<u64>,
}

/// More than any lesson asks for. A program that prints without end must not fill memory.
const MOST: usize = 64 << 20;

/// How the transcript is told of what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Telling {
    /// Line by line.
    EachLine,
    /// Of all lines at once.
    AllAtOnce,
    /// Of bytes, as they come.
    Bytes,
    /// It has been told.
    Told,
}

impl Pipe {
    fn new(who: &str, stream: Stream, fd: OwnedFd) -> io::Result<Rc<Self>> {
        rustix::io::ioctl_fionbio(&fd, true)?;
        Ok(Rc::new(Self {
            who: who.to_owned(),
            stream,
            fd: RefCell::new(Some(Rc::new(fd))),
            capture: RefCell::default(),
            fresh: RefCell::default(),
            line: RefCell::default(),
            telling: Cell::new(Telling::EachLine),
            told: Cell::new(0),
            most: Cell::new(MOST),
            reading: Cell::new(true),
            filler: Cell::new(0),
            printed: Cell::new(0),
        }))
    }

    /// Reads nothing until told to; then the first `filler` bytes are left out.
    fn do_not_read(&self, filler: usize) {
        self.reading.set(false);
        self.filler.set(filler);
    }

    /// Whether all writers have closed it.
    pub(crate) fn has_ended(&self) -> bool {
        self.fd.borrow().is_none()
    }

    /// The next whole line, without its newline.
    fn next_line(&self) -> Option<Vec<u8>> {
        let mut fresh = self.fresh.borrow_mut();
        let end = fresh.iter().position(|&b| b == b'\n')?;
        let mut line: Vec<u8> = fresh.drain(..=end).collect();
        line.pop();
        Some(line)
    }

    /// What was printed and not taken as lines.
    fn rest(&self) -> Vec<u8> {
        self.fresh.borrow().clone()
    }

    /// How many bytes were printed and not taken.
    pub(crate) fn untaken(&self) -> usize {
        self.fresh.borrow().len()
    }

    /// Reads no more: whoever prints without end has to wait.
    pub(crate) fn stop_reading(&self) {
        self.reading.set(false);
    }

    /// Takes all that was printed and not taken before.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.fresh.take()
    }

    /// Tells the transcript of all lines at once, at the end of the program or when they are taken.
    /// What is more than `most` bytes is not kept.
    pub(crate) fn tell_at_once(&self, most: usize) {
        self.telling.set(Telling::AllAtOnce);
        self.most.set(most);
    }

    /// Tells the transcript of bytes as they come: they are no lines.
    pub(crate) fn tell_bytes(&self) {
        self.telling.set(Telling::Bytes);
    }

    /// Keeps what was printed: for the report, for the check, and line by line for the transcript.
    fn keep(&self, bytes: &[u8], transcript: &Transcript) {
        self.printed.set(self.printed.get() + bytes.len() as u64);
        self.capture.borrow_mut().push(bytes);
        let mut fresh = self.fresh.borrow_mut();
        let room = self.most.get().saturating_sub(fresh.len());
        fresh.extend_from_slice(&bytes[..bytes.len().min(room)]);
        match self.telling.get() {
            Telling::EachLine => {}
            Telling::Bytes => {
                let (stream, payload) = (self.stream, Payload::new(bytes));
                transcript.add(&self.who, What::PrintsBytes { stream, payload });
                return;
            }
            Telling::AllAtOnce | Telling::Told => return,
        }
        for piece in bytes.split_inclusive(|&b| b == b'\n') {
            self.line.borrow_mut().extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.line.borrow().len() > 4096 {
                self.flush(transcript);
            }
        }
    }

    /// Tells the transcript of the line that has no newline yet, or of all of them.
    pub(crate) fn flush(&self, transcript: &Transcript) {
        /// More than anybody reads.
        const MOST_LINES: usize = 1000;
        if self.telling.get() == Telling::AllAtOnce {
            self.tell_of_all(transcript);
        }
        let line = self.line.take();
        if !line.is_empty() && self.telling.get() == Telling::EachLine {
            self.told.set(self.told.get() + 1);
            if self.told.get() == MOST_LINES {
                self.telling.set(Telling::Told);
                let text = format!("what else it prints on {} is not shown here", self.stream);
                transcript.add("", What::Note { text });
            }
            let (stream, payload) = (self.stream, Payload::new(&line));
            transcript.add(&self.who, What::Prints { stream, payload });
        }
    }

    fn tell_of_all(&self, transcript: &Transcript) {
        let fresh = self.fresh.borrow();
        if !fresh.is_empty() {
            self.telling.set(Telling::Told);
            let what = What::PrintsLines {
                stream: self.stream,
                lines: fresh.split_inclusive(|&b| b == b'\n').count(),
                bytes: fresh.len(),
            };
            transcript.add(&self.who, what);
        }
    }
}

impl Source for Pipe {
    fn interest(&self) -> Option<(Rc<OwnedFd>, PollFlags)> {
        let fd = self.fd.borrow().clone().filter(|_| self.reading.get())?;
        Some((fd, PollFlags::IN))
    }

    fn advance(&self, transcript: &Transcript) -> bool {
        // A program that prints without end must not keep us from looking at anything else.
        const ROUNDS: usize = 16;
        let Some(fd) = self.fd.borrow().clone().filter(|_| self.reading.get()) else {
            return false;
        };
        let mut buffer = [0; 16 * 1024];
        let mut moved = false;
        for _ in 0..ROUNDS {
            match rustix::io::read(&fd, &mut buffer) {
                Ok(0) => {
                    self.fd.take();
                    return true;
                }
                Ok(len) => {
                    moved = true;
                    let filler = self.filler.get().min(len);
                    self.filler.set(self.filler.get() - filler);
                    let printed = &buffer[filler..len];
                    if printed.is_empty() {
                        continue;
                    }
                    self.keep(printed, transcript);
                }
                Err(rustix::io::Errno::AGAIN) => break,
                Err(rustix::io::Errno::INTR) => {}
                Err(_) => {
                    self.fd.take();
                    return true;
                }
            }
        }
        moved
    }
}

/// Whether a program's standard output is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Printing {
    /// At once: the program never waits to print.
    Goes,
    /// Not before [`Program::read_output`]: until then the program waits at its first print.
    Waits,
}

/// A program that runs. It is ended when this is dropped, with all that it started.
pub struct Program {
    pub(crate) stage: Rc<Stage>,
    pub(crate) process: Rc<Process>,
}

impl Program {
    /// Starts `program` with `args`, in `folder` if there is one.
    pub(crate) fn start(
        stage: &Rc<Stage>,
        name: &str,
        program: &OsString,
        args: &[OsString],
        environment: &[(&str, &str)],
        folder: Option<&Path>,
        printing: Printing,
    ) -> Result<Self, GraderError> {
        let tag = kinship::new_tag();
        // Orphans of the program come to us, not to init, and so can be found and ended. It cannot
        // fail on a kernel since 3.4; where it does, they are found by nobody.
        #[cfg(target_os = "linux")]
        let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));

        let start_error = |source| GraderError::Start {
            program: program.to_string_lossy().into_owned(),
            source,
        };
        let Launch {
            mut command,
            keeper,
        } = launch(stage, program, args).map_err(start_error)?;
        command
            .env(kinship::TAG, &tag)
            .env("RUST_BACKTRACE", "0")
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(folder) = folder {
            command.current_dir(folder);
        }
        bind_to_our_life(&mut command);
        let full = match printing {
            Printing::Goes => None,
            Printing::Waits => {
                let pipe = FullPipe::new().map_err(GraderError::system("filling a pipe"))?;
                command.stdout(pipe.writer);
                Some((pipe.reader, pipe.filler))
            }
        };
        tell_of_its_start(stage, name, shown(program, args));
        interrupt::prepare();
        let mut child = {
            let _until_exec = starting();
            let child = command.spawn().map_err(start_error)?;
            interrupt::remember(pid_of(&child), keeper.is_some());
            child
        };
        // With it goes our copy of what only the keeper holds.
        drop(command);
        let child_pid = pid_of(&child);
        let between = match &keeper {
            Some(keeper) => keeper.started().map_err(|error| {
                keeper.end();
                // It is gone, or is about to be: there is nothing more to be told of it.
                let _ = child.wait();
                interrupt::forget(child_pid);
                start_error(error)
            })?,
            None => Between::default(),
        };

        let taken = "the streams are piped";
        let (output, filler) = match full {
            Some((reader, filler)) => (reader.into(), Some(filler)),
            None => (child.stdout.take().expect(taken).into(), None),
        };
        let error = child.stderr.take().expect(taken).into();
        let input = child.stdin.take().expect(taken).into();
        let doing = "making pipes non-blocking";
        let process = Rc::new(Process {
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
            output: Pipe::new(name, Stream::Output, output).map_err(GraderError::system(doing))?,
            error: Pipe::new(name, Stream::Error, error).map_err(GraderError::system(doing))?,
            input: Input::new(input).map_err(GraderError::system(doing))?,
            #[cfg(target_os = "linux")]
            pidfd: pidfd(&child),
            child: RefCell::new(child),
        });
        if let Some(filler) = filler {
            process.output.do_not_read(filler);
            let text = "its standard output is full: whatever it prints has to wait".into();
            stage.transcript.add("", What::Note { text });
        }
        stage.add(&(Rc::clone(&process.output) as Rc<dyn Source>));
        stage.add(&(Rc::clone(&process.error) as Rc<dyn Source>));
        stage.add(&(Rc::clone(&process.input) as Rc<dyn Source>));
        stage.add(&(Rc::clone(&process) as Rc<dyn Source>));
        stage.add_process(Rc::clone(&process));
        Ok(Self {
            stage: Rc::clone(stage),
            process,
        })
    }

    /// Waits for the program's end and returns its exit status: of a program that a signal has ended,
    /// 128 and the signal's number, as a shell has it.
    pub fn wait_for_exit(&mut self, expected: i32) -> Verdict<i32> {
        let process = &self.process;
        match self.stage.wait(clock::STEP, || process.exit()) {
            Ok(status) => Ok(status
                .code()
                .unwrap_or_else(|| 128 + status.signal().unwrap_or(0))),
            Err(ended) => {
                let expected = Expected::Exit { status: expected };
                let received = Payload::new(b"");
                let actual = Actual::Nothing { received };
                Err(self.stage.fail(None, expected, actual, ended.into()))
            }
        }
    }

    /// From now on standard output is read, of a program that was started with it full.
    pub fn read_output(&mut self) {
        let text = "its standard output is read from now on".into();
        self.stage.transcript.add("", What::Note { text });
        self.process.output.reading.set(true);
    }

    /// Waits for the next line on standard output and returns it without its newline. `what`
    /// describes it to the student.
    pub fn line(&mut self, what: &str) -> Verdict<String> {
        let pipe = &self.process.output;
        let waited = self.stage.wait(clock::START, || match pipe.next_line() {
            Some(line) => Some(Some(line)),
            None => pipe.has_ended().then_some(None),
        });
        match waited {
            Ok(Some(line)) => Ok(String::from_utf8_lossy(&line).into_owned()),
            Ok(None) => {
                // The stream's end is mostly the program's; say how it ended, if so.
                self.stage.settle(clock::SILENCE);
                let decided_by = DecidedBy::Observation;
                Err(self.fails_to_print(Stream::Output, what, decided_by))
            }
            Err(ended) => Err(self.fails_to_print(Stream::Output, what, ended.into())),
        }
    }

    /// The program has printed something on `stream` that is not what the lesson asks for.
    pub fn printed_otherwise(&self, stream: Stream, what: &str, actual: &str) -> crate::Stopped {
        let expected = Expected::Print {
            stream,
            what: what.to_owned(),
        };
        let actual = Actual::Other {
            what: format!("it printed {}", Payload::new(actual.as_bytes()).quoted()),
        };
        self.stage
            .fail(None, expected, actual, DecidedBy::Observation)
    }

    fn fails_to_print(&self, stream: Stream, what: &str, decided_by: DecidedBy) -> crate::Stopped {
        let expected = Expected::Print {
            stream,
            what: what.to_owned(),
        };
        let actual = match self.process.exit() {
            Some(status) => Actual::Exited {
                how: in_words(status),
            },
            None => Actual::Nothing {
                received: Payload::new(&self.process.output.rest()),
            },
        };
        self.stage.fail(None, expected, actual, decided_by)
    }

    /// Expects that nothing more is printed on standard output than what was read as lines.
    pub fn expect_no_more_output(&mut self) -> Verdict {
        let pipe = &self.process.output;
        let waited = self.stage.wait(clock::SILENCE, || {
            Some(pipe.rest()).filter(|rest| !rest.is_empty())
        });
        let Ok(rest) = waited else {
            return Ok(());
        };
        let expected = Expected::Print {
            stream: Stream::Output,
            what: "nothing more".into(),
        };
        let extra = Payload::new(&rest);
        Err(self.stage.fail(
            None,
            expected,
            Actual::TooMuch { extra },
            DecidedBy::Observation,
        ))
    }

    /// Waits until the program has ended by itself, and expects `status`.
    pub fn expect_exit(&mut self, status: i32) -> Verdict {
        let expected = Expected::Exit { status };
        let process = &self.process;
        match self.stage.wait(clock::STEP, || process.exit()) {
            Ok(actual) if actual.code() == Some(status) => Ok(()),
            Ok(actual) => {
                let how = in_words(actual);
                Err(self
                    .stage
                    .fail(None, expected, Actual::Exited { how }, DecidedBy::Exit))
            }
            Err(ended) => {
                let received = Payload::new(b"");
                Err(self
                    .stage
                    .fail(None, expected, Actual::Nothing { received }, ended.into()))
            }
        }
    }

    /// Expects that it has printed at least one line on standard error that is not empty. For after
    /// [`expect_exit`](Self::expect_exit), which a panic does not pass: its status is 101.
    pub fn expect_error_message(&mut self) -> Verdict {
        let what = "a line that says what went wrong";
        self.process.error.advance(&self.stage.transcript);
        let text = self.process.error.capture.borrow().text();
        if text.trim().is_empty() {
            let expected = Expected::Print {
                stream: Stream::Error,
                what: what.into(),
            };
            let actual = match self.process.exit() {
                Some(status) => Actual::Exited {
                    how: format!("{} without a word", in_words(status)),
                },
                None => Actual::Nothing {
                    received: Payload::new(b""),
                },
            };
            return Err(self
                .stage
                .fail(None, expected, actual, DecidedBy::Observation));
        }
        Ok(())
    }

    /// Expects that the program is still running.
    pub fn expect_running(&mut self) -> Verdict {
        self.stage.advance();
        match self.process.exit() {
            None => Ok(()),
            Some(status) => {
                let how = in_words(status);
                Err(self.stage.fail(
                    None,
                    Expected::Running,
                    Actual::Exited { how },
                    DecidedBy::Exit,
                ))
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.process.end(&self.stage);
    }
}

fn pid_of(child: &Child) -> i32 {
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

fn launch(stage: &Stage, program: &OsString, args: &[OsString]) -> io::Result<Launch> {
    stage.conditions.launcher.launch(&Wanted {
        program,
        args,
        folders: &stage.folders.borrow(),
        capabilities: stage.capabilities.get(),
    })
}

fn tell_of_its_start(stage: &Stage, name: &str, command: String) {
    stage.transcript.add(name, What::Starts { command });
    let capabilities = stage.capabilities.get();
    if !capabilities.is_empty() {
        let text = format!("it has {}", capability::in_words(capabilities));
        stage.transcript.add("", What::Note { text });
    }
}

/// Program and arguments as one would type them.
fn shown(program: &OsString, args: &[OsString]) -> String {
    let name = Path::new(program)
        .file_name()
        .unwrap_or(program.as_os_str());
    let mut words = vec![escape(name.as_encoded_bytes())];
    words.extend(args.iter().map(|arg| escape(arg.as_encoded_bytes())));
    words.join(" ")
}
