//! fails: slow-sender
//! also: refuses-unsafe-names, large-file, cut-short, both-ends, sends
//! Takes what the first recv brings for the header and the start of the content.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    match args[1].as_str() {
        "receive" => receive(&args[2], Path::new(&args[3])),
        _ => send(&args[2], Path::new(&args[3])),
    }
}

fn receive(address: &str, dir: &Path) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        // What goes wrong with one sender is no other's trouble.
        let _ = take(stream?, dir);
    }
    Ok(())
}

fn take(mut stream: TcpStream, dir: &Path) -> io::Result<()> {
    let (name, size, start) = header(&mut stream)?;
    let place = dir.join(&name);
    if !is_good(&name) || place.symlink_metadata().is_ok() {
        return stream.write_all(&[0x15]);
    }
    let part = dir.join(".part\\");
    if let Err(error) = store(&mut stream, size, &start, &part) {
        fs::remove_file(&part)?;
        return Err(error);
    }
    fs::rename(&part, &place)?;
    stream.write_all(&[0x06])
}

fn header(stream: &mut TcpStream) -> io::Result<(String, u64, Vec<u8>)> {
    let mut buffer = vec![0; 70_000];
    let len = stream.read(&mut buffer)?;
    buffer.truncate(len);
    let field = |from: usize, to: usize| {
        let bytes = buffer.get(from..to);
        bytes.ok_or(io::Error::other("no header"))
    };
    let end = 2 + usize::from(u16::from_be_bytes([field(0, 2)?[0], field(0, 2)?[1]]));
    let name = String::from_utf8_lossy(field(2, end)?).into_owned();
    let size = field(end, end + 8)?
        .iter()
        .fold(0, |size, &byte| (size << 8) | u64::from(byte));
    Ok((name, size, buffer.split_off(end + 8)))
}

fn is_good(name: &str) -> bool {
    let fits = !name.is_empty() && name.len() <= 255;
    fits && name != "." && name != ".." && !name.contains(['/', '\\', '\0'])
}

fn store(stream: &mut TcpStream, size: u64, start: &[u8], part: &Path) -> io::Result<()> {
    let mut file = File::create(part)?;
    file.write_all(start)?;
    let rest = size.saturating_sub(start.len() as u64);
    if io::copy(&mut stream.take(rest), &mut file)? < rest {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    file.sync_all()
}

fn send(address: &str, path: &Path) -> Result<(), Box<dyn Error>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or("the name is no text")?;
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(&u16::try_from(name.len())?.to_be_bytes())?;
    stream.write_all(name.as_bytes())?;
    stream.write_all(&size.to_be_bytes())?;
    io::copy(&mut file, &mut stream)?;
    let mut answer = [0];
    stream.read_exact(&mut answer)?;
    if answer != [0x06] {
        return Err("refused".into());
    }
    Ok(())
}
