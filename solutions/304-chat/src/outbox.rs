//! Lines on their way to one member. A thread of its own sends them; who puts one in never waits.

use std::io::{self, Write};
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
        before + len > MOST
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
fn send_all(mut stream: TcpStream, lines: &Receiver<String>, waiting: &AtomicUsize) {
    for line in lines {
        if stream.write_all(line.as_bytes()).is_err() {
            return;
        }
        waiting.fetch_sub(line.len(), Ordering::Relaxed);
    }
}
