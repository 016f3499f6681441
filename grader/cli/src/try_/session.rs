//! One session by hand: a program, and peers that do what they are told.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use harness::by_hand::Look;
use harness::report;
use harness::transcript::Event;
use harness::{ADDRESS, Lesson, Listener, Program, Role, Run, Server, Stopped, TcpPeer, UdpPeer};

use super::words::{Act, Words};

/// How wide a page is.
const COLUMNS: usize = 80;

/// What the program is, and what stands at its other side.
enum Side {
    /// The program serves; peers connect to it.
    Server(Server),
    /// The program serves datagrams.
    Datagrams(Server),
    /// The program is a client; the peer of this name listens.
    Client(Program, Listener),
}

enum Peer {
    Tcp(TcpPeer),
    Udp(UdpPeer),
}

/// A program that has been started, and its peers.
pub(crate) struct Session {
    side: Side,
    peers: BTreeMap<String, Peer>,
    /// What was told already.
    told: Vec<Event>,
}

/// The name of the peer that listens for a program that connects.
pub(crate) const SERVER: &str = "server";

impl Session {
    /// Starts the program; `words` are what stands on its command line, with `{address}` in it.
    pub(crate) fn start(run: &mut Run, lesson: &Lesson, words: &[&str]) -> Result<Self, String> {
        let is_udp = lesson.verbs.contains(&"recvfrom");
        let side = match lesson.role {
            Role::Server if is_udp => run.start_udp_server().map(Side::Datagrams),
            Role::Server => run.start_server_with(words).map(Side::Server),
            Role::Client => run.listen(SERVER).and_then(|listener| {
                let program = run.start_with(listener.address(), words)?;
                Ok(Side::Client(program, listener))
            }),
            Role::Filter => return Err("a filter has no sockets".into()),
        };
        match side {
            Ok(side) => Ok(Self {
                side,
                peers: BTreeMap::new(),
                told: Vec::new(),
            }),
            Err(stopped) => {
                let mut told = Self::page(&[], &run.look());
                let _ = write!(told, "\n{}", why(&stopped));
                Err(told)
            }
        }
    }

    /// Does what `words` say. What cannot be done is told.
    pub(crate) fn act(&mut self, words: &Words) -> Result<(), String> {
        match words {
            Words::Peer { name, act } => self.peer(name, act),
            Words::Type(bytes) => {
                self.program().input(bytes);
                Ok(())
            }
            Words::EndInput => {
                self.program().end_input();
                Ok(())
            }
            Words::Look | Words::Save(_) | Words::Help | Words::Quit => Ok(()),
        }
    }

    /// What has happened since the last look, and how everything stands now.
    pub(crate) fn look(&mut self, run: &mut Run) -> Result<String, String> {
        let mut look = run.look();
        if self.takes_a_connection()? {
            look = run.look();
        }
        let page = Self::page(&self.told, &look);
        self.told = look.events;
        Ok(page)
    }

    /// Has the server that we play take the program's connection, if there is one and it has none.
    fn takes_a_connection(&mut self) -> Result<bool, String> {
        let Side::Client(_, listener) = &mut self.side else {
            return Ok(false);
        };
        if self.peers.contains_key(SERVER) {
            return Ok(false);
        }
        match listener.accept_if_connected().map_err(|e| why(&e))? {
            Some(peer) => {
                self.peers.insert(SERVER.to_owned(), Peer::Tcp(peer));
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn page(told: &[Event], look: &Look) -> String {
        let mut page = String::new();
        // The last event may go on: bytes that come in pieces are one.
        let same = told.iter().zip(&look.events).take_while(|(a, b)| a == b);
        for event in &look.events[same.count()..] {
            // Writing to a String cannot fail.
            let _ = writeln!(page, "{}", report::line(event, 7, COLUMNS));
        }
        if !page.is_empty() {
            page.push('\n');
        }
        let rows = report::rows(&look.evidence);
        let width = rows.iter().map(|(what, _)| what.chars().count()).max();
        for (what, how) in &rows {
            let _ = writeln!(
                page,
                "     {what:width$}   {how}",
                width = width.unwrap_or(0)
            );
        }
        if !look.is_certain {
            page.push_str("     (it may go on by itself: Enter looks again)\n");
        }
        page
    }

    fn program(&mut self) -> &mut Program {
        match &mut self.side {
            Side::Server(server) | Side::Datagrams(server) => &mut server.program,
            Side::Client(program, _) => program,
        }
    }

    fn peer(&mut self, name: &str, act: &Act) -> Result<(), String> {
        match act {
            Act::Connect => self.connect(name),
            Act::Send(bytes) => match self.get(name)? {
                Peer::Tcp(peer) => told(peer.send_unless_reset(bytes).map(|_| ())),
                Peer::Udp(peer) => told(peer.send(bytes)),
            },
            Act::End => told(self.tcp(name, "end")?.finish_sending()),
            Act::Pause => {
                self.tcp(name, "pause")?.stop_reading();
                Ok(())
            }
            Act::Resume => {
                self.tcp(name, "resume")?.read_again();
                Ok(())
            }
            Act::Close => match self.take(name)? {
                Peer::Tcp(peer) => {
                    peer.close();
                    Ok(())
                }
                Peer::Udp(peer) => {
                    peer.close();
                    Ok(())
                }
            },
            Act::Reset => {
                self.tcp(name, "reset")?;
                match self.take(name)? {
                    Peer::Tcp(peer) => told(peer.reset()),
                    Peer::Udp(_) => Ok(()),
                }
            }
        }
    }

    /// A client comes into being: by connecting, or by opening a UDP socket.
    fn connect(&mut self, name: &str) -> Result<(), String> {
        if self.peers.contains_key(name) {
            return Err(format!(
                "{name} has a connection already: {name} close ends it"
            ));
        }
        let peer = match &self.side {
            Side::Server(server) => server.connect(name).map(Peer::Tcp),
            Side::Datagrams(server) => server.datagrams(name).map(Peer::Udp),
            Side::Client(..) => return Err("the program is the client here: it connects".into()),
        };
        self.peers
            .insert(name.to_owned(), peer.map_err(|e| why(&e))?);
        Ok(())
    }

    fn get(&mut self, name: &str) -> Result<&mut Peer, String> {
        let missing = match &self.side {
            Side::Client(..) if name == SERVER => "the program has not connected".to_owned(),
            Side::Client(..) => format!("you play the server here, and it is called {SERVER}"),
            Side::Server(_) | Side::Datagrams(_) => {
                format!("{name} has no connection. First: {name} connect")
            }
        };
        self.peers.get_mut(name).ok_or(missing)
    }

    fn take(&mut self, name: &str) -> Result<Peer, String> {
        self.get(name)?;
        self.peers
            .remove(name)
            .ok_or_else(|| format!("{name} has no connection"))
    }

    fn tcp(&mut self, name: &str, verb: &str) -> Result<&mut TcpPeer, String> {
        match self.get(name)? {
            Peer::Tcp(peer) => Ok(peer),
            Peer::Udp(_) => Err(format!(
                "{name} speaks in datagrams: there is no connection to {verb}"
            )),
        }
    }
}

/// The words with which a lesson's program is started, unless others are given.
pub(crate) fn command_line(given: &[String]) -> Vec<&str> {
    let mut words: Vec<&str> = given.iter().map(String::as_str).collect();
    if !words.contains(&ADDRESS) {
        words.insert(0, ADDRESS);
    }
    words
}

fn told(done: Result<(), Stopped>) -> Result<(), String> {
    done.map_err(|stopped| why(&stopped))
}

/// Why something did not come about.
fn why(stopped: &Stopped) -> String {
    match stopped {
        Stopped::Failed(failure) => failure.headline(),
        Stopped::Skipped(reason) => reason.clone(),
        Stopped::Error(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_comes_first_unless_it_is_placed() {
        assert_eq!(command_line(&[]), [ADDRESS]);
        assert_eq!(command_line(&["500".to_owned()]), [ADDRESS, "500"]);
        let placed = ["receive", ADDRESS, "folder"].map(str::to_owned);
        assert_eq!(command_line(&placed), ["receive", ADDRESS, "folder"]);
    }
}
