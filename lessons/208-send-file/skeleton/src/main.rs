//! 208 send-file: a program that stores the files that others send, and sends one.
//!
//! Run the checks with `cargo test -p send-file`. The chapter is book/src/208-send-file.md.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Read};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::ExitCode;

const STORED: u8 = 0x06;
const REFUSED: u8 = 0x15;

/// Where a file lies until it is complete. No name on the wire may hold a backslash, so no client can
/// send a file of this name.
const INCOMING: &str = r".incoming\";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["receive", address, dir] => receive(address, Path::new(dir)),
        ["send", address, file] => send(address, Path::new(file)),
        _ => Err("usage: send-file receive ADDRESS DIR | send-file send ADDRESS FILE".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("send-file: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Stores files in `dir` as they come, one connection after the other.
fn receive(address: &str, dir: &Path) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(address)?;
    loop {
        let (connection, _) = listener.accept()?;
        // A sender that misbehaves ends its own connection, not the server.
        if let Err(error) = receive_file(connection, dir) {
            eprintln!("send-file: {error}");
        }
    }
}

fn receive_file(mut connection: TcpStream, dir: &Path) -> io::Result<()> {
    let (name, size) = receive_header(&mut connection)?;
    if !is_allowed(&name) || is_taken(&dir.join(&name)) {
        return answer(&mut connection, REFUSED);
    }
    if let Err(error) = store(&mut connection, size, dir, &name) {
        // What has come of it is of no use to anybody.
        fs::remove_file(dir.join(INCOMING))?;
        return Err(error);
    }
    answer(&mut connection, STORED)
}

/// What comes before the content: the file's name, and its size in bytes.
fn receive_header(connection: &mut TcpStream) -> io::Result<(String, u64)> {
    let mut length = [0; 2];
    connection.read_exact(&mut length)?;
    todo!(
        "two bytes have come, big-endian, which say how long the name is. Receive the name, and the \
         size, eight bytes, big-endian, in the same way. Return the name as a String, and the size."
    )
}

/// Whether this is the name of a file in a folder, and leads nowhere else.
fn is_allowed(_name: &str) -> bool {
    todo!(
        "say no to an empty name, to more than 255 bytes, to . and .., and to / \\ and NUL in it."
    )
}

/// Whether something of that name is there: a file, a folder, or a link, wherever it leads.
fn is_taken(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Brings the next `size` bytes to the disk. Only when all of them are there they get their name.
fn store(_connection: &mut TcpStream, _size: u64, dir: &Path, _name: &str) -> io::Result<()> {
    let incoming = dir.join(INCOMING);
    let mut _file = File::create(&incoming)?;
    todo!(
        "copy exactly `size` bytes from the connection to the file, a part at a time; fewer are an \
         error. Sync the file. Then rename it to its own name in `dir`, and sync `dir`, too."
    )
}

/// Sends one byte.
fn answer(_connection: &mut TcpStream, _byte: u8) -> io::Result<()> {
    todo!("send this one byte.")
}

/// Sends the file at `path`, and expects to hear that it is stored.
fn send(_address: &str, path: &Path) -> Result<(), Box<dyn Error>> {
    // First, so that nothing is sent of a file that cannot be read.
    let file = File::open(path)?;
    let _size = file.metadata()?.len();
    let name = path.file_name().and_then(|name| name.to_str());
    let _name = name.ok_or("that is not the name of a file")?;
    todo!(
        "connect; send the length of the name, the name and the size; copy the content from the file \
         to the connection. Then receive one byte: all but STORED is an error."
    )
}
