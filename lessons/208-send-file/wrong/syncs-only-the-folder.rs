//! fails: receives
//! Syncs the folder, which holds the name, and not the file, which holds the content.

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
    let (name, size) = header(&mut stream)?;
    let place = dir.join(&name);
    if !is_good(&name) || place.symlink_metadata().is_ok() {
        return stream.write_all(&[0x15]);
    }
    let part = dir.join(".part\\");
    if let Err(error) = store(&mut stream, size, &part) {
        fs::remove_file(&part)?;
        return Err(error);
    }
    fs::rename(&part, &place)?;
    File::open(dir)?.sync_all()?;
    stream.write_all(&[0x06])
}

fn header(stream: &mut TcpStream) -> io::Result<(String, u64)> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut name = vec![0; u16::from_be_bytes(length).into()];
    stream.read_exact(&mut name)?;
    let mut size = [0; 8];
    stream.read_exact(&mut size)?;
    let name = String::from_utf8(name).map_err(io::Error::other)?;
    Ok((name, u64::from_be_bytes(size)))
}

fn is_good(name: &str) -> bool {
    let fits = !name.is_empty() && name.len() <= 255;
    fits && name != "." && name != ".." && !name.contains(['/', '\\', '\0'])
}

fn store(stream: &mut TcpStream, size: u64, part: &Path) -> io::Result<()> {
    let mut file = File::create(part)?;
    if io::copy(&mut stream.take(size), &mut file)? < size {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(())
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
