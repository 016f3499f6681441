//! The conversation that all of these servers have.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// How late they are.
pub(crate) const LATE: Duration = Duration::from_millis(300);

/// Whether a server waits until it is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// It receives a message, waits, and sends it back.
    Asked,
    /// It waits, and speaks.
    Unasked,
}

/// Where a server listens, and when it speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job {
    pub(crate) address: SocketAddr,
    pub(crate) when: When,
}

impl Job {
    pub(crate) fn listen(self) -> io::Result<TcpListener> {
        TcpListener::bind(self.address)
    }

    /// Serves one client after another. `pass` is how it lets the time pass.
    pub(crate) fn serve(
        self,
        mut pass: impl FnMut(&TcpStream) -> io::Result<()>,
    ) -> io::Result<()> {
        let listener = self.listen()?;
        loop {
            self.converse(&listener.accept()?.0, &mut pass)?;
        }
    }

    /// One conversation.
    pub(crate) fn converse(
        self,
        mut client: &TcpStream,
        mut pass: impl FnMut(&TcpStream) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut message = b"late".to_vec();
        if self.when == When::Asked {
            message.resize(4096, 0);
            let len = client.read(&mut message)?;
            message.truncate(len);
        }
        pass(client)?;
        client.write_all(&message)
    }
}
