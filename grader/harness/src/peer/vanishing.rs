//! Clients that are gone before the program has accepted them.
//!
//! A connection lies in the accept queue from the end of its handshake on, and stays there when it is
//! reset: accept gives it out all the same, and every call on it fails. Whether a client is gone by
//! then depends on who runs first, so one such client proves nothing. They come until one is known to
//! have been in time: a connection that lies in the queue when all clients have reset theirs.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::connect;
use rustix::net::sockopt::{set_socket_linger, socket_error};

use super::listener::stream_socket;
use crate::closing::closing;
use crate::failure::GraderError;
use crate::stage::Stage;
use crate::transcript::What;

/// Clients that come between two looks at the queue.
const ROUND: usize = 10;
/// Rounds after which it is left at that, where the queue cannot be seen.
const MOST_ROUNDS: usize = 100;
/// Between two rounds. A thread that has just slept is seldom put off for one that wakes up, as the
/// program does with each connection; one that works without a pause is, time after time.
const PAUSE: Duration = Duration::from_millis(1);

/// Connects to `address` and resets the connection at once, again and again.
pub(crate) fn vanishing(
    stage: &Rc<Stage>,
    name: &str,
    address: SocketAddr,
) -> Result<(), GraderError> {
    let text = "connects and resets the connection at once, again and again".into();
    stage.transcript.add(name, What::Note { text });
    for _ in 0..MOST_ROUNDS {
        for _ in 0..ROUND {
            if !connect_and_reset(address)? {
                // Nobody listens any more: who connects next will tell of it.
                return Ok(());
            }
        }
        if is_in_queue(stage, address) {
            return Ok(());
        }
        stage.settle(PAUSE);
    }
    Ok(())
}

/// Whether somebody listened there.
fn connect_and_reset(address: SocketAddr) -> Result<bool, GraderError> {
    // A copy in a program that is being started would put the reset off.
    let _no_copies = closing();
    let client = stream_socket(address)?;
    set_socket_linger(&client, Some(Duration::ZERO))
        .map_err(GraderError::system("setting SO_LINGER"))?;
    match connect(&client, &address) {
        // On loopback the answer is there by now, be it a refusal.
        Ok(()) | Err(Errno::INPROGRESS) => Ok(socket_error(&client) != Ok(Err(Errno::CONNREFUSED))),
        Err(Errno::CONNREFUSED) => Ok(false),
        Err(e) => Err(GraderError::system("connecting")(e)),
    }
}

/// Whether a connection waits to be accepted there.
fn is_in_queue(stage: &Stage, address: SocketAddr) -> bool {
    let listeners = stage.diag.as_ref().and_then(|diag| diag.listeners().ok());
    let mut rows = listeners.iter().flatten();
    rows.any(|row| row.local.port() == address.port() && row.unread > 0)
}
