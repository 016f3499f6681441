//! A conversation that somebody has with a program by hand, in place of a check.

use std::convert::Infallible;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::arena::{self, Arena};
use crate::clock;
use crate::evidence::Evidence;
use crate::failure::DecidedBy;
use crate::random::Random;
use crate::run::Run;
use crate::stage::{Conditions, Ended};
use crate::suite::{Settings, Target};
use crate::transcript::Event;

/// Has `conversation` with `target`, in a thread of its own: an arena belongs to a thread. What it has
/// started ends with it.
pub fn converse<T: Send>(
    target: &Target,
    settings: &Settings,
    conversation: impl FnOnce(&mut Run) -> T + Send,
) -> T {
    let by_hand = || {
        let arena = if settings.isolated {
            arena::enter()
        } else {
            Arena::Host("it was asked for".into())
        };
        let conditions = Conditions {
            launcher: Arc::clone(&settings.launcher),
            scale: settings.scale,
            stalls: settings.stalls,
        };
        let random = Random::new(settings.seed, "by hand");
        conversation(&mut Run::new(arena, conditions, target.clone(), random))
    };
    let done = thread::scope(|scope| scope.spawn(by_hand).join());
    done.unwrap_or_else(|panic| resume_unwind(panic))
}

/// What was known when a conversation stood still.
#[derive(Clone, Debug)]
pub struct Look {
    /// What has happened since the last look.
    pub events: Vec<Event>,
    /// What the program does and holds.
    pub evidence: Evidence,
    /// Whether it is certain that nothing more will happen until somebody does something.
    pub is_certain: bool,
}

impl Run {
    /// Lets everything happen that happens by itself, for a second at most, and looks. `meanwhile` is
    /// called again and again.
    pub fn look(&mut self, mut meanwhile: impl FnMut(&Self)) -> Look {
        let this = &*self;
        let waited = this.stage().wait(clock::SILENCE, || {
            meanwhile(this);
            None::<Infallible>
        });
        let is_certain = match waited {
            Err(ended) => ended.is_certain(),
            Ok(never) => match never {},
        };
        self.tell_unfinished_lines();
        Look {
            events: self.news(),
            evidence: self.evidence(),
            is_certain,
        }
    }

    /// Lets everything happen that happens by itself, for `time` at most by the clock: for a screen
    /// that shows it as it comes. Whether it is certain that nothing more will.
    pub fn go_on(&mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        let left = |_| end.checked_duration_since(Instant::now());
        let waited = self.stage().wait_by_the_clock(left, || None::<Infallible>);
        match waited {
            Err(ended) => ended.is_certain(),
            Ok(never) => match never {},
        }
    }

    /// Lets `time` pass, or less if something happens: for when it was certain that nothing will, but
    /// by somebody else's hand. Whether something has.
    pub fn rest(&mut self, time: Duration) -> bool {
        let stage = self.stage();
        let news = || (stage.transcript.len() > 0).then_some(());
        stage.let_pass(time, news).is_some()
    }

    /// Tells of what the program has printed without a newline so far.
    pub fn tell_unfinished_lines(&mut self) {
        let stage = self.stage();
        for process in stage.processes() {
            process.output.flush(&stage.transcript);
            process.error.flush(&stage.transcript);
        }
    }

    /// What has happened since this was asked last.
    pub fn news(&mut self) -> Vec<Event> {
        self.stage().transcript.take()
    }

    /// What the program does and holds now.
    pub fn evidence(&self) -> Evidence {
        Evidence::collect(self.stage(), DecidedBy::Observation)
    }
}

impl Ended {
    fn is_certain(self) -> bool {
        matches!(self, Self::Stalled | Self::Exited)
    }
}
