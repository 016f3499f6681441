//! Builds an exercise and runs its checks, away from the screen. A new run ends the one in progress:
//! the compiler, the checks that are still to come, and the programs that run.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::Read as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, bail};
use harness::{Check, Lesson, Settings, Target, interrupt, suite};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::state::{Input, News};
use crate::{build, exercise, surroundings};

/// How often a run that has been told to end is told again: a program may just be starting.
const AGAIN: Duration = Duration::from_millis(10);

/// Runs checks, one run at a time.
pub(crate) struct Runner {
    course: PathBuf,
    settings: Settings,
    screen: Sender<Input>,
    current: Option<Run>,
}

/// A run in progress, or one that is over.
struct Run {
    cancel: Arc<Cancel>,
    /// Nothing is ever sent: it is closed when the run is over.
    over: Receiver<Infallible>,
}

impl Run {
    /// Ends it.
    fn end(self) {
        self.cancel.cancelled.store(true, Ordering::Relaxed);
        loop {
            self.cancel.kill();
            match self.over.recv_timeout(AGAIN) {
                Ok(never) => match never {},
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}

/// How a run is told to end.
#[derive(Default)]
struct Cancel {
    cancelled: AtomicBool,
    /// The compiler, which leads a process group of its own; not reaped while it stands here.
    compiler: Mutex<Option<Pid>>,
}

impl Cancel {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    fn compiler(&self) -> MutexGuard<'_, Option<Pid>> {
        self.compiler.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kill(&self) {
        if let Some(compiler) = *self.compiler() {
            // Gone already: just as well.
            let _ = kill_process_group(compiler, Signal::KILL);
        }
        interrupt::end_all();
    }
}

impl Runner {
    /// Runs checks of the course in `course` and tells `screen` what comes of them.
    pub(crate) fn new(course: &Path, settings: Settings, screen: Sender<Input>) -> Self {
        Self {
            course: course.to_owned(),
            settings,
            screen,
            current: None,
        }
    }

    /// Begins the run of this number, and returns at once.
    pub(crate) fn start(&mut self, number: u64, lesson: &'static Lesson, names: &[&str]) {
        let checks = lesson.checks.iter();
        let checks: Vec<&'static Check> = checks.filter(|c| names.contains(&c.name)).collect();
        let cancel = Arc::new(Cancel::default());
        let (sender, over) = channel();
        let before = self.current.replace(Run {
            cancel: Arc::clone(&cancel),
            over,
        });
        let course = self.course.clone();
        let settings = self.settings.clone();
        let screen = self.screen.clone();
        thread::spawn(move || {
            // Dropped when this thread ends, even if by a panic.
            let _until_over: Sender<Infallible> = sender;
            if let Some(before) = before {
                before.end();
            }
            let say = |news| {
                // The screen is gone: then nobody wants to know.
                let _ = screen.send(Input::Run(number, news));
            };
            if let Err(trouble) = run(&course, lesson, &checks, &settings, &cancel, &say)
                && !cancel.is_cancelled()
            {
                say(News::Trouble(format!("{trouble:#}")));
            }
        });
    }

    /// Ends what runs.
    pub(crate) fn end(&mut self) {
        if let Some(run) = self.current.take() {
            run.end();
        }
    }
}

fn run(
    course: &Path,
    lesson: &'static Lesson,
    checks: &[&'static Check],
    settings: &Settings,
    cancel: &Cancel,
    say: &(dyn Fn(News) + Sync),
) -> anyhow::Result<()> {
    exercise::must_be_there(course, lesson)?;
    let program = match compile(course, lesson.slug, cancel)? {
        Ok(program) => program,
        Err(words) => {
            say(News::DoesNotBuild(words));
            return Ok(());
        }
    };
    say(News::Built);
    run_checks(lesson, checks, &program, settings, cancel, say);
    say(News::Finished);
    Ok(())
}

/// Runs `checks` side by side until it is cancelled.
fn run_checks(
    lesson: &'static Lesson,
    checks: &[&'static Check],
    program: &Path,
    settings: &Settings,
    cancel: &Cancel,
    say: &(dyn Fn(News) + Sync),
) {
    let target = Target::executable(program);
    let left: Mutex<VecDeque<&'static Check>> = Mutex::new(checks.iter().copied().collect());
    let next = || {
        left.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
    };
    thread::scope(|scope| {
        for _ in 0..settings.jobs.clamp(1, checks.len().max(1)) {
            scope.spawn(|| {
                while let Some(check) = next().filter(|_| !cancel.is_cancelled()) {
                    let outcome = suite::run_check(lesson, check, &target, settings);
                    // What comes of a program that was ended by us says nothing.
                    if !cancel.is_cancelled() {
                        say(News::Checked(Box::new(outcome)));
                    }
                }
            });
        }
    });
}

/// Builds the package, and gives its program or else the compiler's words, with its colours.
fn compile(
    course: &Path,
    package: &str,
    cancel: &Cancel,
) -> anyhow::Result<Result<PathBuf, String>> {
    let mut command = build::command(course, package);
    command.arg("--target-dir").arg(place_to_build(course));
    // A group of its own, to be ended with all that it has started.
    command.arg("--color=always").process_group(0);
    let mut compiler = {
        // Who cancels now waits until it is known whom to end.
        let mut known = cancel.compiler();
        if cancel.is_cancelled() {
            bail!("cancelled");
        }
        let compiler = command.spawn().map_err(surroundings::no_cargo)?;
        *known = Some(pid(&compiler)?);
        compiler
    };
    let mut stdout = compiler.stdout.take().context("standard output is piped")?;
    let mut stderr = compiler.stderr.take().context("standard error is piped")?;
    let (made, words) = thread::scope(|scope| {
        // Both at once, or one that is not read would fill up and block cargo.
        let made = scope.spawn(move || {
            let mut bytes = Vec::new();
            stdout.read_to_end(&mut bytes).map(|_| bytes)
        });
        let mut words = Vec::new();
        let words = stderr.read_to_end(&mut words).map(|_| words);
        (made.join(), words)
    });
    // Waited for without reaping it, so that nobody else has its number while it may be ended.
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    waitid(WaitId::Pid(pid(&compiler)?), options).context("cannot wait for cargo")?;
    *cancel.compiler() = None;
    let status = compiler.wait().context("cannot wait for cargo")?;
    let words = words.context("cannot read what cargo says")?;
    let Ok(made) = made else {
        bail!("cannot read what cargo built");
    };
    if status.success() {
        let program = build::executable(&made.context("cannot read what cargo built")?)?;
        return match program {
            Some(program) => Ok(Ok(program)),
            None => bail!("cargo built {package} and named no executable"),
        };
    }
    let words = String::from_utf8_lossy(&words).into_owned();
    match surroundings::explain(&words) {
        Some(explained) => bail!("{explained}"),
        None => Ok(Err(words)),
    }
}

/// Where this screen builds: in a folder of its own, since an editor's rust-analyzer checks the whole
/// course whenever a file is saved, and keeps everybody else out of the other meanwhile.
fn place_to_build(course: &Path) -> PathBuf {
    let shared = std::env::var_os("CARGO_TARGET_DIR");
    let shared = shared.map_or_else(|| course.join("target"), PathBuf::from);
    shared.join("watch")
}

fn pid(child: &Child) -> anyhow::Result<Pid> {
    let number = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    number.context("a process has a number")
}
