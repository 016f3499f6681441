//! The program under test, as a check holds it: started, listened to, and ended when it is dropped.

mod pipe;
mod process;

use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use std::rc::Rc;

pub(crate) use process::{Process, in_words, signal_name};

use self::process::{Streams, pid_of};
use crate::capability;
use crate::clock;
use crate::closing::starting;
use crate::failure::{Actual, DecidedBy, Expected, GraderError, Verdict};
use crate::full_pipe::FullPipe;
use crate::interrupt;
use crate::kinship;
use crate::launch::raw::bind_to_our_life;
use crate::launch::{Between, Launch, Wanted};
use crate::output::Stream;
use crate::payload::{Payload, escape};
use crate::stage::{Source, Stage};
use crate::transcript::What;

/// What a program is called where there is only one.
pub(crate) const PROGRAM: &str = "program";

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
        let streams = Streams {
            output,
            error,
            input,
        };
        let process = Process::watch(name, tag, child, between, keeper, streams)
            .map_err(GraderError::system("making pipes non-blocking"))?;
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
        self.process.output.read();
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
