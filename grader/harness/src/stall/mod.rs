//! Knowing that nothing more will happen, without a clock.
//!
//! # The argument
//!
//! A program is its threads. A thread that is asleep in a system call does nothing until that call
//! ends. Suppose that at one instant
//!
//! 1. every thread of every process of the program is asleep in a call that has no time limit
//!    (`kernel/waits.rs` lists them, each with its reason; `sleepers.rs`),
//! 2. no timer is set that could end such a call: no armed timerfd, no POSIX timer, nobody who minds
//!    the signal of `alarm`, no SO_RCVTIMEO or SO_SNDTIMEO on the socket in question, no
//!    TCP_USER_TIMEOUT, no ring by which the kernel works on while the program sleeps (`timers.rs`),
//! 3. no descriptor of the program's leads to somebody who is neither the program nor us (`links.rs`),
//!    and nothing is on its way: on none of its connections is a byte that has not arrived, a byte
//!    that is not acknowledged to a sender who waits for room, a handshake or a farewell that is not
//!    finished; and no datagram is on its way to a socket (`traffic.rs`),
//! 4. and we hold nothing back: all that our peers had to send is sent and all that came is read.
//!
//! Then each of these calls waits for another thread, which is asleep like all of them; or for us,
//! who wait for it. So nothing will ever happen, however long one waits.
//!
//! # One instant
//!
//! That instant must be shown to exist though threads are looked at one after another. So all
//! threads are looked at twice. Of each thread the kernel tells first its call, which it does only of
//! a thread that has left its processor, and then how often it has left one. If call and number are
//! the same both times, then the thread has slept in that call from the first look until the second.
//! If that holds for all, then they all were asleep together when the first look ended.
//!
//! It must be all of them. Processes and threads are listed while some may come and go, and one that
//! starts another and ends may be gone before it is read and its heir not yet there when the list was
//! made. So a look in which anything listed cannot be read counts for nothing, and zombies are
//! compared like the others. An heir that is on no list then had a parent that was on one, and that
//! parent was asleep and has started nobody.
//!
//! Timers, descriptors and sockets are read after the second look, and the threads a third time after
//! that: so nothing was changed while it was read. The last word is a poll over our own descriptors:
//! whatever arrived during the looks undoes the verdict.
//!
//! # On the way
//!
//! Between its sender and its socket a packet is in a processor's backlog, which can be seen, and then
//! in the hands of that processor, which cannot. TCP's sequence numbers tell of it; of datagrams
//! nothing does, nor of a thread that is being woken at this instant. Where that could matter we wait,
//! with `membarrier(2)`, until every processor has let go of what it had in hand, and look again.
//!
//! A sender whose peer's window is shut probes it by a timer (RFC 9293 §3.8.6.1). It is stuck if both
//! ends show it: the sender knows of no window and has nothing in flight, and the receiver's buffer is
//! full. Else it is stuck only if a probe has been answered "still shut" since all fell asleep.
//!
//! # What nobody can see
//!
//! Whatever cannot be read or is not known here counts as "it may yet happen", and then the deadline
//! decides. A few things leave no trace at all, and are taken not to be:
//!
//! - an `alarm` whose signal has no handler, which ends a process some day without a word;
//! - a time limit that a socket had when the call on it began, and has not any more;
//! - somebody outside who holds no end of anything and comes unasked: with a signal, a connection, or
//!   an answer to a datagram that was sent from a socket that is connected to nobody. Who waits for
//!   such an answer sets a limit, since datagrams get lost; who sets none waits for requests;
//! - what TCP itself does after minutes: it gives up connections that nobody holds any more.

#[cfg(target_os = "linux")]
mod links;
#[cfg(target_os = "linux")]
mod sleepers;
#[cfg(target_os = "linux")]
mod timers;
#[cfg(target_os = "linux")]
mod traffic;
#[cfg(target_os = "linux")]
mod view;

use crate::kernel::ThreadRow;
use crate::stage::{Ended, Stage};

/// Something may yet happen: why.
type Doubt = String;

/// What a look at the program says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Nothing more will happen.
    Nothing(Ended),
    /// It seems so; another look is needed.
    Quiet,
    /// Something may yet happen, for this reason.
    Busy(Doubt),
}

/// Looks at the same program again and again.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    /// The threads as they were when all of them had fallen asleep.
    asleep: Option<Vec<ThreadRow>>,
    /// Whether every processor has since let go of what it had in hand.
    #[cfg(target_os = "linux")]
    handed_over: bool,
    #[cfg(target_os = "linux")]
    probes: traffic::Probes,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Where nothing but the ends of all programs is known: whatever they sent has arrived when two
    /// looks in a row find nothing to read.
    pub(crate) fn look_at_ended(&mut self) -> Look {
        if self.asleep.replace(Vec::new()).is_some() {
            Look::Nothing(Ended::Exited)
        } else {
            Look::Quiet
        }
    }

    /// Looks once.
    pub(crate) fn look(&mut self, stage: &Stage) -> Look {
        self.look_closely(stage).unwrap_or_else(Look::Busy)
    }

    #[cfg(target_os = "linux")]
    fn look_closely(&mut self, stage: &Stage) -> Result<Look, Doubt> {
        let threads = sleepers::sleepers(stage).inspect_err(|_| *self = Self::new())?;
        if self.asleep.as_ref() != Some(&threads) {
            *self = Self {
                asleep: Some(threads),
                ..Self::new()
            };
            return Ok(Look::Quiet);
        }
        let still = self.nothing_will_happen(stage, &threads)?;
        if still == traffic::Still::OnceHandedOver && !self.handed_over {
            traffic::have_all_handed_over()?;
            self.handed_over = true;
            return Ok(Look::Quiet);
        }
        Ok(if sleepers::sleepers(stage)? != threads {
            Look::Quiet
        } else if threads.iter().all(ThreadRow::is_dead) {
            Look::Nothing(Ended::Exited)
        } else {
            Look::Nothing(Ended::Stalled)
        })
    }

    /// Points 2 and 3 of the argument.
    #[cfg(target_os = "linux")]
    fn nothing_will_happen(
        &mut self,
        stage: &Stage,
        threads: &[ThreadRow],
    ) -> Result<traffic::Still, Doubt> {
        let view = view::View::new(stage, threads)?;
        timers::none_is_set(&view)?;
        let unconnected = links::lead_nowhere(&view)?;
        traffic::is_still(&view, &unconnected, &mut self.probes)
    }

    #[cfg(not(target_os = "linux"))]
    fn look_closely(&mut self, stage: &Stage) -> Result<Look, Doubt> {
        if stage.processes().iter().all(|p| p.exit().is_some()) {
            Ok(self.look_at_ended())
        } else {
            Err("this system does not show what a program waits for".into())
        }
    }
}
