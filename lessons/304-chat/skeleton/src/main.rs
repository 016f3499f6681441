//! 304 chat: relay what a member says to everyone else in the room.
//!
//! Run the checks with `cargo test -p chat`. The chapter is book/src/304-chat.md.

mod outbox;
mod room;

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

use crate::room::Room;

/// How many bytes a line may have, its newline among them.
const LONGEST: u64 = 1_001;
/// How many letters and digits a name may have.
const LONGEST_NAME: usize = 16;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("chat: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("usage: chat ADDRESS")?;
    let listener = TcpListener::bind(address)?;
    let room = Room::default();
    loop {
        let (connection, _) = listener.accept()?;
        // This is one client at a time. As in 301, each needs a thread of its own; and all threads need
        // the same room: let each have an Arc<Room>.
        if let Err(error) = serve_client(&connection, &room) {
            eprintln!("chat: {error}");
        }
    }
}

/// Asks a client for its name, and relays what it says until it leaves.
fn serve_client(mut connection: &TcpStream, room: &Room) -> io::Result<()> {
    let mut reader = BufReader::new(connection);
    connection.write_all(b"name?\n")?;
    let Some(name) = next_line(&mut reader)? else {
        return Ok(());
    };
    if !is_a_name(&name) {
        return connection.write_all(b"error: a name is 1 to 16 ASCII letters and digits\n");
    }
    if !room.join(&name, connection)? {
        return connection.write_all(b"error: somebody here has that name\n");
    }
    let ended = relay_lines(&mut reader, &name, room);
    // However it has ended: a reset is a way to leave, too.
    room.leave(&name);
    ended
}

fn is_a_name(name: &str) -> bool {
    todo!("whether {name:?} is 1 to {LONGEST_NAME} ASCII letters and digits, and nothing else.")
}

fn relay_lines(reader: &mut impl BufRead, name: &str, room: &Room) -> io::Result<()> {
    while let Some(text) = next_line(reader)? {
        if !text.is_empty() {
            room.say(name, &text);
        }
    }
    Ok(())
}

/// The next line without its newline; none where the input has ended, or goes on for too long. What
/// is not UTF-8 is an error.
fn next_line(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    reader.take(LONGEST).read_until(b'\n', &mut line)?;
    todo!(
        "a line has come, or what there was before the end. Take the newline off its end (pop); if \
         there is none, return Ok(None). Make a String of the bytes (String::from_utf8); where they \
         are no text, return an error (io::Error::other)."
    )
}
