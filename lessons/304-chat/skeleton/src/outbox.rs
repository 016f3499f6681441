//! Lines on their way to one member. A thread of its own sends them; who puts one in never waits.

use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

/// How many bytes may wait for a member who does not read.
const MOST: usize = 1 << 20;

pub(crate) struct Outbox {
    lines: Sender<String>,
    /// How many bytes wait to be sent.
    waiting: Arc<AtomicUsize>,
    connection: TcpStream,
}

impl Outbox {
    /// Starts the thread that sends.
    pub(crate) fn open(connection: &TcpStream) -> io::Result<Self> {
        let (lines, to_send) = mpsc::channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let (stream, count) = (connection.try_clone()?, Arc::clone(&waiting));
        thread::Builder::new().spawn(move || send_all(stream, &to_send, &count))?;
        Ok(Self {
            lines,
            waiting,
            connection: connection.try_clone()?,
        })
    }

    /// Puts a line in. Where too many wait already, the member is dropped.
    pub(crate) fn put(&self, line: String) {
        if self.is_full(line.len()) {
            self.drop_member();
        } else {
            // An error says that nothing can be sent any more: then the member is about to leave.
            let _ = self.lines.send(line);
        }
    }

    /// Counts so many more bytes as waiting. Whether too many wait now.
    fn is_full(&self, len: usize) -> bool {
        let before = self.waiting.fetch_add(len, Ordering::Relaxed);
        todo!("{before} bytes have waited, and now {len} more do: are they more than {MOST}?")
    }

    /// Ends both halves: the thread that receives from this member sees the end and lets it leave, and
    /// a send that waits is over.
    fn drop_member(&self) {
        // An error says that the connection has ended already.
        let _ = self.connection.shutdown(Shutdown::Both);
    }
}

impl Drop for Outbox {
    /// Who has left reads no more: what is still in the outbox is for nobody.
    fn drop(&mut self) {
        self.drop_member();
    }
}

/// Sends line after line until the outbox is dropped, or the connection ends.
fn send_all(_stream: TcpStream, _lines: &Receiver<String>, _waiting: &AtomicUsize) {
    todo!(
        "for each of the lines: send it (write_all, for which this file has to `use std::io::Write`), \
         and then take its bytes off those that wait (fetch_sub). Return when a send fails."
    )
}
