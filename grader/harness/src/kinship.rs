//! Which processes are a program's: the one that was started, all that descend from it, and those of
//! them that have lost their parent and were adopted by this process, its subreaper.
//!
//! An orphan is known by its session, by a mark in its environment, or by the network that is the
//! program's alone. A daemon can shed the first two, and the third where there is none. What could
//! then be anybody's must not be ended, but it may still do something for the program.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, WaitId, WaitIdOptions, WaitOptions, waitid, waitpid};

use crate::arena::Arena;
use crate::closing::closing;
use crate::interrupt;
use crate::kernel::process::{self, Family, Life};
use crate::program::Process;
use crate::stage::Stage;

/// The variable in the environment of each program, and so of all that it starts, that says which
/// program that was.
pub(crate) const TAG: &str = "SOCKLINGS_PROGRAM";

/// A value for [`TAG`] that no other program has.
pub(crate) fn new_tag() -> String {
    static STARTED: AtomicU64 = AtomicU64::new(0);
    let number = STARTED.fetch_add(1, Ordering::Relaxed);
    format!("{}-{number}", own_pid())
}

fn own_pid() -> i32 {
    rustix::process::getpid().as_raw_nonzero().get()
}

/// Whether an orphan was once part of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kin {
    Yes,
    No,
    /// It shows nothing by which that could be told.
    Perhaps,
}

impl Process {
    /// All processes of the program that are alive.
    pub(crate) fn members(&self, stage: &Stage) -> io::Result<Vec<i32>> {
        let mut members = self.with_orphans(stage, |kin| kin == Kin::Yes)?.members;
        members.retain(|&pid| process::life(pid) == Life::Alive);
        Ok(members)
    }

    /// All processes that are the program's or might be, zombies among them.
    pub(crate) fn family(&self, stage: &Stage) -> io::Result<Family> {
        self.with_orphans(stage, |kin| kin != Kin::No)
    }

    /// The processes that end with the program: its own, and what might be its own if no other
    /// program runs.
    pub(crate) fn doomed(&self, stage: &Stage) -> io::Result<Vec<i32>> {
        if interrupt::running().iter().any(|&pid| pid != self.child()) {
            return self.members(stage);
        }
        let mut doomed = self.family(stage)?.members;
        doomed.retain(|&pid| process::life(pid) == Life::Alive);
        Ok(doomed)
    }

    fn with_orphans(&self, stage: &Stage, counts: impl Fn(Kin) -> bool) -> io::Result<Family> {
        let adopted = adopted()?;
        let orphans = adopted.members.into_iter();
        let mut roots: Vec<i32> = orphans
            .filter(|&pid| counts(self.kin(pid, stage)))
            .collect();
        roots.extend(self.root());
        let mut family = process::family(roots);
        family.is_complete &= adopted.is_complete;
        family.members.retain(|pid| !self.is_between(*pid));
        Ok(family)
    }

    /// The first process, until it has ended: from then on its number may be somebody else's.
    fn root(&self) -> Option<i32> {
        self.exit().is_none().then(|| self.child())
    }

    /// Whether `pid`, which this process has adopted, is an orphan of the program.
    fn kin(&self, pid: i32, stage: &Stage) -> Kin {
        let session = process::session(pid);
        let network = process::network(pid).map(Arena::Isolated);
        if session == Some(self.child()) || network.as_ref() == Some(&stage.arena) {
            return Kin::Yes;
        }
        match process::environment(pid, TAG) {
            Some(tag) if tag == self.tag() => return Kin::Yes,
            Some(tag) if tag.starts_with(&format!("{}-", own_pid())) => return Kin::No,
            _ => {}
        }
        // It may have ended while it was looked at, and have left a child that is on no list yet.
        let Some(started) = process::started(pid) else {
            return Kin::Perhaps;
        };
        let is_older = self.started().is_some_and(|own| started < own);
        let is_anothers = session.is_some_and(interrupt::is_running)
            || stage.arena.is_isolated() && is_network_of_a_program(network.as_ref());
        if is_older || is_anothers {
            Kin::No
        } else {
            Kin::Perhaps
        }
    }
}

fn is_network_of_a_program(network: Option<&Arena>) -> bool {
    let mut networks = interrupt::running()
        .into_iter()
        .filter_map(process::network);
    networks.any(|of_program| network == Some(&Arena::Isolated(of_program)))
}

/// Held while this process's children are listed, and while one that has ended is taken off the list:
/// who reads the list while another thread does that may miss the neighbour of what vanishes, and see
/// no trace of it (`man 5 proc_pid_task`, children).
static LIST: Mutex<()> = Mutex::new(());

fn hold_list() -> MutexGuard<'static, ()> {
    LIST.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until `pid` has ended, and takes it off the list of children, if it is one of ours.
pub(crate) fn wait_for_orphan(pid: Pid) {
    // Not reaped yet: that would be done without holding the list. An error means that it is no child
    // of ours, and so nothing to wait for.
    let ended = waitid(
        WaitId::Pid(pid),
        WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
    );
    if ended.is_ok() {
        let _list = hold_list();
        let _ = waitpid(Some(pid), WaitOptions::NOHANG);
    }
}

/// The processes that this one has adopted. Those that have ended are waited for, lest they pile up.
/// It is complete if none of them ended meanwhile: that one may have left children to this process
/// after they were listed, or hide its neighbour in the kernel's list (`man 5 proc_pid_task`).
fn adopted() -> io::Result<Family> {
    const TRIES: usize = 20;
    let mut found = Family {
        members: Vec::new(),
        is_complete: false,
    };
    for _ in 0..TRIES {
        // No process of ours that is being started is taken for an orphan.
        let _started = closing();
        let _list = hold_list();
        let children = process::children(own_pid())?;
        let is_adopted = |pid: &i32| {
            // Programs leave this process's session, all else that it starts stays in it.
            !interrupt::is_running(*pid) && process::session(*pid) != process::session(own_pid())
        };
        found.is_complete = children.iter().all(|&pid| process::life(pid) != Life::Gone);
        found.members = children.into_iter().filter(is_adopted).collect();
        for &pid in &found.members {
            if process::life(pid) == Life::Zombie {
                found.is_complete = false;
                // It is there: it has been seen to have ended.
                let _ = waitpid(Pid::from_raw(pid), WaitOptions::NOHANG);
            }
        }
        if found.is_complete {
            break;
        }
    }
    Ok(found)
}
