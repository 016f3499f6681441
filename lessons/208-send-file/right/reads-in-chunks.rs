//! No copying by the library: one buffer of its own, a thread for each sender, a temporary file of
//! another name for each, and a hard link, which never replaces anything, for the last step.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// How a transfer ends well.
enum Answer {
    Stored,
    Refused,
}

impl Answer {
    fn byte(&self) -> u8 {
        match self {
            Self::Stored => 0x06,
            Self::Refused => 0x15,
        }
    }
}

/// A file that is removed unless it was given a name.
struct Part(PathBuf);

impl Part {
    fn create(dir: &Path) -> io::Result<(Self, File)> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = dir.join(format!("part\\{}\\{number}", std::process::id()));
        let file = File::create_new(&path)?;
        Ok((Self(path), file))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            eprintln!("send-file: {}: {error}", self.0.display());
        }
    }
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let (Some(what), Some(address), Some(path)) = (words.next(), words.next(), words.next()) else {
        eprintln!("usage: send-file receive ADDRESS DIR | send-file send ADDRESS FILE");
        return ExitCode::FAILURE;
    };
    let done = match what.as_str() {
        "receive" => receive(&address, path.into()),
        "send" => send(&address, Path::new(&path)),
        _ => Err(format!("there is no {what}").into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("send-file: {error}");
            ExitCode::FAILURE
        }
    }
}

fn receive(address: &str, dir: PathBuf) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(address)?;
    let dir = Arc::new(dir);
    loop {
        let (stream, _) = listener.accept()?;
        let dir = Arc::clone(&dir);
        thread::spawn(move || {
            if let Err(error) = serve(&stream, &dir) {
                eprintln!("send-file: {error}");
            }
        });
    }
}

/// Takes all of the content before it answers, even if it is refused, so that nothing is left unread.
fn serve(mut stream: &TcpStream, dir: &Path) -> io::Result<()> {
    let mut input = BufReader::new(stream);
    let mut length = [0; 2];
    input.read_exact(&mut length)?;
    let mut name = vec![0; u16::from_be_bytes(length).into()];
    input.read_exact(&mut name)?;
    let mut size = [0; 8];
    input.read_exact(&mut size)?;
    let size = u64::from_be_bytes(size);

    let answer = match place_for(&name, dir) {
        None => {
            copy(&mut input, &mut io::sink(), size)?;
            Answer::Refused
        }
        Some(place) => {
            let (part, mut file) = Part::create(dir)?;
            copy(&mut input, &mut file, size)?;
            file.sync_data()?;
            match fs::hard_link(&part.0, place) {
                Ok(()) => Answer::Stored,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Answer::Refused,
                Err(error) => return Err(error),
            }
        }
    };
    File::open(dir)?.sync_all()?;
    stream.write_all(&[answer.byte()])?;
    stream.shutdown(Shutdown::Both)
}

fn place_for(name: &[u8], dir: &Path) -> Option<PathBuf> {
    let bad = |byte: &u8| matches!(byte, b'/' | b'\\' | 0);
    if name.is_empty() || name.len() > 255 || name == b"." || name == b".." {
        return None;
    }
    let name = std::str::from_utf8(name).ok()?;
    let place = dir.join(name);
    let taken = fs::symlink_metadata(&place).is_ok();
    (!taken && !name.as_bytes().iter().any(bad)).then_some(place)
}

fn copy(from: &mut impl Read, to: &mut impl Write, size: u64) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    let mut left = size;
    while left > 0 {
        let most = buffer
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        let len = from.read(&mut buffer[..most])?;
        if len == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        to.write_all(&buffer[..len])?;
        left -= len as u64;
    }
    Ok(())
}

/// Ends its sending half after the content, and listens for the answer meanwhile.
fn send(address: &str, path: &Path) -> Result<(), Box<dyn Error>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let name = path.file_name().ok_or("it has no name")?.as_encoded_bytes();
    let mut header = u16::try_from(name.len())?.to_be_bytes().to_vec();
    header.extend(name);
    header.extend(size.to_be_bytes());

    let mut stream = TcpStream::connect(address)?;
    stream.write_all(&header)?;
    copy(&mut file, &mut stream, size)?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = [0; 1];
    match (stream.read(&mut answer)?, answer) {
        (1, [0x06]) => Ok(()),
        (1, [0x15]) => Err("it was refused".into()),
        _ => Err("there was no answer".into()),
    }
}
