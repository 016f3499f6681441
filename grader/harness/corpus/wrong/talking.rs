//! What goes wrong between the first byte and the last.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

/// Serves one client after another.
fn serve(
    address: SocketAddr,
    mut client: impl FnMut(TcpStream) -> io::Result<()>,
) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    loop {
        client(listener.accept()?.0)?;
    }
}

/// Answers what each receive has brought with what `answer` makes of it.
fn answer(address: SocketAddr, mut answer: impl FnMut(&[u8]) -> Vec<u8>) -> io::Result<()> {
    serve(address, |mut client| {
        let mut buffer = [0; 4096];
        loop {
            match client.read(&mut buffer)? {
                0 => return Ok(()),
                count => client.write_all(&answer(&buffer[..count]))?,
            }
        }
    })
}

pub(crate) fn waits_for_a_newline(address: SocketAddr) -> io::Result<()> {
    serve(address, |mut client| {
        let mut line = String::new();
        BufReader::new(&client).read_line(&mut line)?;
        client.write_all(line.as_bytes())
    })
}

pub(crate) fn waits_for_the_end(address: SocketAddr) -> io::Result<()> {
    serve(address, |mut client| {
        let mut bytes = Vec::new();
        client.read_to_end(&mut bytes)?;
        client.write_all(&bytes)
    })
}

pub(crate) fn waits_for_a_full_buffer(address: SocketAddr) -> io::Result<()> {
    serve(address, |mut client| {
        let mut bytes = [0; 4096];
        client.read_exact(&mut bytes)?;
        client.write_all(&bytes)
    })
}

pub(crate) fn sends_without_end(address: SocketAddr) -> io::Result<()> {
    serve(address, |mut client| {
        client.read_exact(&mut [0])?;
        loop {
            client.write_all(&[b'x'; 4096])?;
        }
    })
}

/// Each client has a thread here, so that none has to wait for another's flood.
pub(crate) fn answers_without_end(address: SocketAddr) -> io::Result<()> {
    serve(address, |mut client| {
        thread::spawn(move || while client.write_all(&[b'x'; 4096]).is_ok() {});
        Ok(())
    })
}

pub(crate) fn answers_other_bytes(address: SocketAddr) -> io::Result<()> {
    answer(address, <[u8]>::to_ascii_uppercase)
}

pub(crate) fn answers_too_much(address: SocketAddr) -> io::Result<()> {
    answer(address, |bytes| [bytes, b"\n"].concat())
}

pub(crate) fn answers_too_little(address: SocketAddr) -> io::Result<()> {
    answer(address, |bytes| bytes[..bytes.len() / 2].to_owned())
}

/// Has a buffer for answers, and forgets what finds no room in it.
pub(crate) fn leaves_bytes_out(address: SocketAddr) -> io::Result<()> {
    serve(address, |mut client| {
        let mut buffer = [0; 64];
        loop {
            let received = client.read(&mut buffer)?;
            client.write_all(&buffer[..received.min(60)])?;
        }
    })
}

pub(crate) fn answers_twice(address: SocketAddr) -> io::Result<()> {
    answer(address, |bytes| bytes.repeat(2))
}

pub(crate) fn loops_for_ever(address: SocketAddr) -> io::Result<()> {
    serve(address, |mut client| {
        client.set_nonblocking(true)?;
        let mut enough = [0; 4096];
        let mut count = 0;
        while count < enough.len() {
            count += client.read(&mut enough[count..]).unwrap_or(0);
        }
        Ok(())
    })
}

pub(crate) fn locks_twice(address: SocketAddr) -> io::Result<()> {
    let received = Mutex::new(Vec::new());
    answer(address, |bytes| {
        let mut all = received.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(bytes);
        let again = received.lock().unwrap_or_else(PoisonError::into_inner);
        again.clone()
    })
}

/// The sender is held until the thread has ended, and the thread ends when the sender is dropped.
pub(crate) fn waits_for_its_own_thread(address: SocketAddr) -> io::Result<()> {
    serve(address, |mut client| {
        let (to_send, queue) = mpsc::channel::<Vec<u8>>();
        let mut sending = client.try_clone()?;
        let sender = thread::spawn(move || queue.iter().try_for_each(|b| sending.write_all(&b)));
        let mut buffer = [0; 4096];
        loop {
            match client.read(&mut buffer)? {
                0 => break,
                count => to_send
                    .send(buffer[..count].to_owned())
                    .map_err(io::Error::other)?,
            }
        }
        sender.join().unwrap_or(Ok(()))
    })
}
