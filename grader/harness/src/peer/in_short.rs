//! Conversations of which the transcript has only the sum.

use std::rc::Rc;

use crate::failure::Verdict;
use crate::run::Server;
use crate::transcript::What;

impl Server {
    /// Has a conversation of which the transcript has only `told`: of much that is said again and
    /// again no single piece tells anything, and in which pieces it comes is chance.
    pub fn in_short<T>(
        &mut self,
        told: &str,
        conversation: impl FnOnce(&mut Self) -> Verdict<T>,
    ) -> Verdict<T> {
        let stage = Rc::clone(&self.program.stage);
        let text = told.to_owned();
        stage.transcript.add("", What::Note { text });
        stage.transcript.be_short(true);
        let verdict = conversation(self);
        stage.transcript.be_short(false);
        verdict
    }
}
