//! Closing a descriptor for certain.
//!
//! A process that is being started holds a copy of each of our descriptors from fork until exec. What
//! is closed in that time stays open: no FIN is sent, no reset, no end of input, until that process
//! comes to its exec, which on a busy machine may be long. Since checks run side by side, starting
//! and closing exclude each other.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

static STARTING: RwLock<()> = RwLock::new(());

/// Held from fork until exec.
pub(crate) fn starting() -> RwLockWriteGuard<'static, ()> {
    STARTING.write().unwrap_or_else(PoisonError::into_inner)
}

/// Held while a descriptor is closed whose end somebody waits for.
pub(crate) fn closing() -> RwLockReadGuard<'static, ()> {
    STARTING.read().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};
    use std::process::{Command, Stdio};
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    /// Starts processes, one after another, until told to stop.
    fn start_processes(stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            let mut command = Command::new("true");
            command.stdin(Stdio::null()).stdout(Stdio::null());
            crate::launch::raw::bind_to_our_life(&mut command);
            let child = {
                let _until_exec = starting();
                command.spawn()
            };
            child.and_then(|mut child| child.wait()).expect("true runs");
        }
    }

    #[test]
    fn a_listener_that_was_closed_listens_no_more_though_processes_are_being_started() {
        const TRIES: usize = 1000;
        let stop = AtomicBool::new(false);
        let connected = std::thread::scope(|scope| {
            scope.spawn(|| start_processes(&stop));
            let connects_after_closing = |_: &usize| {
                let closed = {
                    let _no_copies = closing();
                    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr())
                };
                // The kernel may give the client that very port: then it has connected to itself.
                TcpStream::connect(closed.expect("a free port"))
                    .is_ok_and(|client| client.local_addr().ok() != client.peer_addr().ok())
            };
            let connected = (0..TRIES).filter(connects_after_closing).count();
            stop.store(true, Ordering::Relaxed);
            connected
        });
        assert_eq!(connected, 0, "of {TRIES} closed listeners");
    }
}
