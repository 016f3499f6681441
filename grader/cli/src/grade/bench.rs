//! One submission: built, and its program put to the test.
//!
//! The one place where something that nobody trusts is compiled and started: both in a box.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use harness::outcome::CheckOutcome;
use harness::{Lesson, Settings, Target, suite};
use sandbox::Limits;

use super::slots::Slots;
use crate::boxed::Strength;
use crate::build::{Compiler, Ungradable};

/// Builds and checks submissions, several at a time.
#[derive(Debug)]
pub(crate) struct Bench {
    course: PathBuf,
    settings: Settings,
    strength: Strength,
    /// Of the compiler.
    limits: Limits,
    compilers: Mutex<BTreeMap<u16, Arc<Compiler>>>,
    /// A compiler needs a processor for itself; a program that is put to the test mostly waits.
    compiling: Slots,
}

impl Bench {
    pub(crate) fn new(
        course: &Path,
        mut settings: Settings,
        strength: Strength,
        limits: Limits,
    ) -> Self {
        settings.launcher = strength.launcher();
        Self {
            course: course.to_owned(),
            compiling: Slots::new(settings.jobs),
            settings,
            strength,
            limits,
            compilers: Mutex::default(),
        }
    }

    pub(crate) fn seed(&self) -> u64 {
        self.settings.seed
    }

    /// What stands between a submission's program and this machine.
    pub(crate) fn strength(&self) -> Strength {
        self.strength
    }

    /// Where programs meet their clients.
    pub(crate) fn arena(&self) -> &'static str {
        // Whether it can be isolated is seen by entering one, and a thread cannot leave it.
        let isolated = self.settings.isolated
            && std::thread::spawn(|| harness::arena::enter().is_isolated())
                .join()
                .unwrap_or(false);
        if isolated { "isolated" } else { "host" }
    }

    /// Compiles what is laid out in `work` and runs every check of `lesson` against it.
    pub(crate) fn grade(
        &self,
        lesson: &'static Lesson,
        work: &Path,
    ) -> anyhow::Result<Result<Vec<CheckOutcome>, Ungradable>> {
        let compiler = self.compiler(lesson)?;
        let compiled = {
            let _slot = self.compiling.take();
            compiler.compile(work, self.strength, self.limits.clone())?
        };
        let program = match compiled {
            Ok(program) => program,
            Err(reason) => return Ok(Err(reason)),
        };
        let checks: Vec<_> = lesson.checks.iter().collect();
        let target = Target::executable(&program);
        Ok(Ok(suite::run_all(lesson, &checks, &target, &self.settings)))
    }

    fn compiler(&self, lesson: &'static Lesson) -> anyhow::Result<Arc<Compiler>> {
        // Whoever needs the same one waits for it here rather than for cargo.
        let mut compilers = self
            .compilers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(compiler) = compilers.get(&lesson.number) {
            return Ok(Arc::clone(compiler));
        }
        let compiler = Arc::new(Compiler::prepare(&self.course, lesson)?);
        compilers.insert(lesson.number, Arc::clone(&compiler));
        Ok(compiler)
    }
}
