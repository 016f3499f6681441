//! A conversation that somebody has with a program by hand, in place of a check.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

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
    /// All that has happened so far.
    pub events: Vec<Event>,
    /// What the program does and holds.
    pub evidence: Evidence,
    /// Whether it is certain that nothing more will happen until somebody does something.
    pub is_certain: bool,
}

impl Run {
    /// Lets everything happen that happens by itself, for a second at most, and looks.
    pub fn look(&mut self) -> Look {
        let stage = self.stage();
        let ended = stage.settle(clock::SILENCE);
        for process in stage.processes() {
            process.output.flush(&stage.transcript);
            process.error.flush(&stage.transcript);
        }
        let is_certain = matches!(ended, Ended::Stalled | Ended::Exited);
        Look {
            events: stage.transcript.events(),
            evidence: Evidence::collect(stage, DecidedBy::Observation),
            is_certain,
        }
    }
}
