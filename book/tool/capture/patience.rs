//! An end to programs that would run for ever.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{anyhow, bail};
use rustix::fd::OwnedFd;
use rustix::process::{Signal, pidfd_send_signal};

/// How long the programs of one capture may take, on a machine that is very busy.
const LIMIT: Duration = Duration::from_secs(60);

/// A thread that ends processes when their time is over.
#[derive(Debug)]
pub(crate) struct Patience {
    all_is_well: Sender<()>,
    thread: JoinHandle<bool>,
}

impl Patience {
    /// From now on. The processes are given as descriptors, which cannot come to mean another process.
    pub(crate) fn begin(processes: Vec<OwnedFd>) -> Self {
        let (all_is_well, news) = channel();
        Self {
            all_is_well,
            thread: thread::spawn(move || is_over(&news, &processes)),
        }
    }

    /// The programs have been seen to their end, in time or not.
    pub(crate) fn end(self) -> anyhow::Result<()> {
        // Nobody hears it if the time is over.
        let _ = self.all_is_well.send(());
        match self.thread.join() {
            Ok(false) => Ok(()),
            Ok(true) => bail!("the programs were not at their end after {LIMIT:?}"),
            Err(_) => Err(anyhow!("the thread that looks at the time has panicked")),
        }
    }
}

/// Waits. Whether the time was over.
fn is_over(news: &Receiver<()>, processes: &[OwnedFd]) -> bool {
    if news.recv_timeout(LIMIT) != Err(RecvTimeoutError::Timeout) {
        return false;
    }
    for process in processes {
        // One that has ended cannot be ended, and need not be.
        let _ = pidfd_send_signal(process, Signal::KILL);
    }
    true
}
