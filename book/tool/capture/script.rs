//! A capture as a file: where it comes from, the calls of both sides, and under each the frames that it
//! set in motion.
//!
//! ```text
//! # Made by: cargo book capture echo
//! title: Two messages come back
//! server: echo-demo-keep-echoing 127.0.0.1:9000
//! client: echo-demo-send-every-second 127.0.0.1:9000
//!
//! server socket stream = a socket
//! server accept = waits
//! client connect 127.0.0.1:9000 = 0
//!     000000000000000000000000080045…
//! ```
//!
//! A capture with `script: WHY` in place of programs is its own script: made again, the calls are done in
//! this order, and results and frames are written anew.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::source::Source;
use crate::packet::{Packet, from_hex, to_hex};

/// The result of a call that has not returned yet: its caller sleeps in it.
pub(crate) const WAITS: &str = "waits";

/// Calls, and what went over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Capture {
    /// Its file's name, without the extension.
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) source: Source,
    pub(crate) calls: Vec<Call>,
}

/// One system call of one side.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) side: Side,
    pub(crate) verb: Verb,
    /// What it returned, in words.
    pub(crate) result: String,
    /// What was on the wire until all was at rest again.
    pub(crate) frames: Vec<Packet>,
}

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Client,
    Server,
}

/// What is called. It concerns the descriptor that the side has made last and not closed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    SocketStream,
    SocketDatagram,
    Bind(SocketAddr),
    Listen(i32),
    Connect(SocketAddr),
    Accept,
    Send(Vec<u8>),
    Recv(usize),
    SendTo(Vec<u8>, Option<SocketAddr>),
    RecvFrom(usize),
    Shutdown,
    /// Waits until the socket can be written to, or else read from.
    Poll {
        writable: bool,
    },
    /// Asks what has become of a connect that did not wait.
    SocketError,
    LingerZero,
    NoDelay,
    ReuseAddress,
    Close,
    /// The program ends, and its kernel closes what it has left open.
    Exit,
    /// The same, because somebody has pressed Ctrl-C.
    Interrupt,
}

impl Capture {
    /// Reads a file.
    pub(crate) fn load(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Self::parse(&name, &text).with_context(|| path.display().to_string())
    }

    pub(crate) fn parse(name: &str, text: &str) -> anyhow::Result<Self> {
        let mut capture = Self {
            name: name.to_owned(),
            title: String::new(),
            source: Source::default(),
            calls: Vec::new(),
        };
        for (number, line) in text.lines().enumerate() {
            capture
                .line(line)
                .with_context(|| format!("line {}", number + 1))?;
        }
        if capture.title.is_empty() {
            bail!("there is no line `title: …`");
        }
        capture.source.check()?;
        Ok(capture)
    }

    fn line(&mut self, line: &str) -> anyhow::Result<()> {
        if line.trim().is_empty() || line.starts_with('#') {
        } else if let Some(title) = line.strip_prefix("title: ") {
            title.clone_into(&mut self.title);
        } else if let Some((key, value)) = head(line) {
            self.source.line(key, value)?;
        } else if line.starts_with(' ') {
            let call = self.calls.last_mut().context("a frame before any call")?;
            call.frames.push(Packet::read(&from_hex(line.trim())?)?);
        } else {
            self.calls.push(Call::parse(line)?);
        }
        Ok(())
    }

    /// The ports of servers: those that they bind to, and those to which clients call.
    fn server_ports(&self) -> BTreeSet<u16> {
        let ports = self.calls.iter().filter_map(|call| match &call.verb {
            Verb::Connect(address) | Verb::SendTo(_, Some(address)) => {
                (call.side == Side::Client).then(|| address.port())
            }
            Verb::Bind(address) => (call.side == Side::Server).then(|| address.port()),
            _ => None,
        });
        ports.collect()
    }

    /// The side that a frame comes from.
    pub(crate) fn sender(&self, frame: &Packet) -> anyhow::Result<Side> {
        let (from, _) = frame.ports()?;
        Ok(if self.server_ports().contains(&from) {
            Side::Server
        } else {
            Side::Client
        })
    }
}

/// The two parts of a line of the head: `key: value`.
fn head(line: &str) -> Option<(&str, &str)> {
    line.split_once(": ").filter(|(key, _)| !key.contains(' '))
}

impl fmt::Display for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Made by: cargo book capture {}", self.name)?;
        writeln!(f, "title: {}\n{}", self.title, self.source)?;
        for call in &self.calls {
            writeln!(f, "{} {} = {}", call.side, call.verb, call.result)?;
            for frame in &call.frames {
                writeln!(f, "    {}", to_hex(&frame.bytes))?;
            }
        }
        Ok(())
    }
}

impl Call {
    fn parse(line: &str) -> anyhow::Result<Self> {
        let (call, result) = line.split_once(" = ").unwrap_or((line, ""));
        let (side, call) = call.split_once(' ').context("no call behind the side")?;
        let side = match side {
            "client" => Side::Client,
            "server" => Side::Server,
            other => bail!("{other:?} is neither client nor server"),
        };
        Ok(Self {
            side,
            verb: Verb::parse(call.trim())?,
            result: result.to_owned(),
            frames: Vec::new(),
        })
    }
}

impl Verb {
    fn parse(text: &str) -> anyhow::Result<Self> {
        let (name, argument) = text.split_once(' ').unwrap_or((text, ""));
        Ok(match (name, argument) {
            ("socket", "stream") => Self::SocketStream,
            ("socket", "datagram") => Self::SocketDatagram,
            ("bind", address) => Self::Bind(address.parse()?),
            ("listen", backlog) => Self::Listen(backlog.parse()?),
            ("connect", address) => Self::Connect(address.parse()?),
            ("accept", "") => Self::Accept,
            ("send", bytes) => Self::Send(quoted(bytes)?.0),
            ("recv", room) => Self::Recv(room.parse()?),
            ("sendto", argument) => {
                let (bytes, address) = quoted(argument)?;
                let address = match address.trim() {
                    "sender" => None,
                    address => Some(address.parse()?),
                };
                Self::SendTo(bytes, address)
            }
            ("recvfrom", room) => Self::RecvFrom(room.parse()?),
            ("shutdown", "write") => Self::Shutdown,
            ("poll", "out") => Self::Poll { writable: true },
            ("poll", "in") => Self::Poll { writable: false },
            ("so_error", "") => Self::SocketError,
            ("linger", "0") => Self::LingerZero,
            ("nodelay", "") => Self::NoDelay,
            ("reuseaddr", "") => Self::ReuseAddress,
            ("close", "") => Self::Close,
            ("exit", "") => Self::Exit,
            ("ctrl-c", "") => Self::Interrupt,
            _ => bail!("no such call: {text:?}"),
        })
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SocketStream => write!(f, "socket stream"),
            Self::SocketDatagram => write!(f, "socket datagram"),
            Self::Bind(address) => write!(f, "bind {address}"),
            Self::Listen(backlog) => write!(f, "listen {backlog}"),
            Self::Connect(address) => write!(f, "connect {address}"),
            Self::Accept => write!(f, "accept"),
            Self::Send(bytes) => write!(f, "send {}", quote(bytes)),
            Self::Recv(room) => write!(f, "recv {room}"),
            Self::SendTo(bytes, Some(to)) => write!(f, "sendto {} {to}", quote(bytes)),
            Self::SendTo(bytes, None) => write!(f, "sendto {} sender", quote(bytes)),
            Self::RecvFrom(room) => write!(f, "recvfrom {room}"),
            Self::Shutdown => write!(f, "shutdown write"),
            Self::Poll { writable: true } => write!(f, "poll out"),
            Self::Poll { writable: false } => write!(f, "poll in"),
            Self::SocketError => write!(f, "so_error"),
            Self::LingerZero => write!(f, "linger 0"),
            Self::NoDelay => write!(f, "nodelay"),
            Self::ReuseAddress => write!(f, "reuseaddr"),
            Self::Close => write!(f, "close"),
            Self::Exit => write!(f, "exit"),
            Self::Interrupt => write!(f, "ctrl-c"),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Client => "client",
            Self::Server => "server",
        })
    }
}

/// Bytes as text in quotation marks: `"hello\r\n"`, `"\x00\x05"`.
pub(crate) fn quote(bytes: &[u8]) -> String {
    format!("\"{}\"", bytes.escape_ascii())
}

/// The bytes between quotation marks, and what comes after them.
fn quoted(text: &str) -> anyhow::Result<(Vec<u8>, &str)> {
    let text = text.strip_prefix('"').context("no quotation mark")?;
    let mut bytes = Vec::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Ok((bytes, &text[at + 1..])),
            '\\' => match letters.next().map(|(_, letter)| letter) {
                Some('n') => bytes.push(b'\n'),
                Some('r') => bytes.push(b'\r'),
                Some('t') => bytes.push(b'\t'),
                Some('x') => {
                    let digits: String = letters.by_ref().take(2).map(|(_, c)| c).collect();
                    bytes.extend(from_hex(&digits)?);
                }
                Some(sign @ ('"' | '\\' | '\'')) => bytes.extend(sign.to_string().bytes()),
                other => bail!("no such escape: {other:?}"),
            },
            other => bytes.extend(other.to_string().bytes()),
        }
    }
    bail!("no second quotation mark")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "# Made by: cargo book capture call\n\
        title: A call\n\
        script: no program makes these calls\n\n\
        server bind 127.0.0.1:9000 = 0\n\
        server recv 4096 = waits\n\
        client send \"one\\r\\n\\x00\" = 6\n\
        client sendto \"two\" sender = 3\n";

    #[test]
    fn a_capture_is_written_as_it_was_read() {
        let capture = Capture::parse("call", SCRIPT).expect("it can be read");
        assert_eq!(capture.to_string(), SCRIPT);
        assert_eq!(capture.calls[2].verb, Verb::Send(b"one\r\n\0".to_vec()));
    }

    #[test]
    fn a_call_that_there_is_not_is_an_error_with_its_line() {
        let text = "title: x\nscript: a test\nclient call home\n";
        let error = Capture::parse("x", text).expect_err("no such call");
        assert_eq!(format!("{error:#}"), "line 3: no such call: \"call home\"");
    }

    #[test]
    fn a_capture_from_nowhere_is_an_error() {
        let error = Capture::parse("x", "title: x\n").expect_err("no source");
        assert!(format!("{error:#}").contains("`script: …`"), "{error:#}");
    }
}
