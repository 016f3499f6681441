//! fails: receives
//! also: both-ends, empty-file, refuses-unsafe-names, large-file, slow-sender, two-files-in-turn, survives-a-reset
//! The buffer for the name has a capacity and no length: each name is empty.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Read, Write};
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
    let mut name = Vec::with_capacity(usize::from(u16::from_be_bytes(length)));
    connection.read_exact(&mut name)?;
    let mut size = [0; 8];
    connection.read_exact(&mut size)?;
    let name = String::from_utf8(name).map_err(io::Error::other)?;
    Ok((name, u64::from_be_bytes(size)))
}

/// Whether this is the name of a file in a folder, and leads nowhere else.
fn is_allowed(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 255
        && name != "."
        && name != ".."
        && !name.contains('/')
        && !name.contains('\\')
        && !name.contains('\0')
}

/// Whether something of that name is there: a file, a folder, or a link, wherever it leads.
fn is_taken(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Brings the next `size` bytes to the disk. Only when all of them are there they get their name.
fn store(connection: &mut TcpStream, size: u64, dir: &Path, name: &str) -> io::Result<()> {
    let incoming = dir.join(INCOMING);
    let mut file = File::create(&incoming)?;
    let received = io::copy(&mut connection.take(size), &mut file)?;
    if received != size {
        return Err(io::Error::other("the file is cut short"));
    }
    file.sync_all()?;
    fs::rename(incoming, dir.join(name))?;
    File::open(dir)?.sync_all()
}

/// Sends one byte.
fn answer(connection: &mut TcpStream, byte: u8) -> io::Result<()> {
    connection.write_all(&[byte])
}

/// Sends the file at `path`, and expects to hear that it is stored.
fn send(address: &str, path: &Path) -> Result<(), Box<dyn Error>> {
    // First, so that nothing is sent of a file that cannot be read.
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or("that is not the name of a file")?;
    let mut connection = TcpStream::connect(address)?;
    connection.write_all(&u16::try_from(name.len())?.to_be_bytes())?;
    connection.write_all(name.as_bytes())?;
    connection.write_all(&size.to_be_bytes())?;
    io::copy(&mut file, &mut connection)?;
    let mut byte = [0; 1];
    connection.read_exact(&mut byte)?;
    if byte[0] != STORED {
        return Err("refused".into());
    }
    Ok(())
}
