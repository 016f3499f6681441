//! One session by hand: a program, and peers that do what they are told.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use harness::peer::link::Faults;
use harness::{
    ADDRESS, Lesson, Listener, Program, Role, Run, Server, Stopped, TcpPeer, UdpPeer, UdpServer,
};

use super::page;
use super::talk::is_udp;
use super::words::{Act, Words};

/// The name of the server for a program that is a client.
pub(crate) const SERVER: &str = "server";

/// A question over UDP begins with so many bytes of id, and so does its answer (lesson 402).
const ID: usize = 2;

/// A peer that has received so much since anybody said a word receives no more: who sends without end
/// would fill the screen, and the memory.
const ENOUGH: usize = 4 << 20;

/// What the program is, and what stands at its other side.
enum Side {
    /// The program serves; peers connect to it.
    Server(Server),
    /// The program serves datagrams.
    Datagrams(Server),
    /// The program is a client, of the peer called `server`.
    Client(Client),
}

/// A program that is a client, and can be started again.
struct Client {
    /// None if it could not be started again.
    program: Option<Program>,
    server: Playing,
    /// What stands on its command line, with `{address}` in it.
    words: Vec<String>,
}

/// The server that we play.
enum Playing {
    /// The connection itself is a peer, once the program has connected.
    Tcp(Listener),
    Udp(Asked),
}

/// A server that speaks in datagrams.
struct Asked {
    server: UdpServer,
    /// Who has sent last.
    by: Option<SocketAddr>,
    is_closed: bool,
}

impl Playing {
    fn address(&self) -> SocketAddr {
        match self {
            Self::Tcp(listener) => listener.address(),
            Self::Udp(asked) => asked.server.address(),
        }
    }
}

enum Peer {
    Tcp(TcpPeer),
    Udp(UdpPeer),
}

/// A program that has been started, and its peers.
pub(crate) struct Session {
    side: Side,
    peers: BTreeMap<String, Peer>,
    /// How much each peer has received since anybody said a word.
    received: BTreeMap<String, usize>,
}

impl Session {
    /// Starts the program; `words` are what stands on its command line, with `{address}` in it.
    pub(crate) fn start(
        run: &mut Run,
        lesson: &Lesson,
        words: Vec<String>,
    ) -> Result<Self, String> {
        match Self::side(run, lesson, words) {
            Ok(side) => Ok(Self {
                side,
                peers: BTreeMap::new(),
                received: BTreeMap::new(),
            }),
            Err(stopped) => {
                let look = run.look(|_| ());
                Err(format!("{}\n{}", page::whole(&look), why(&stopped)))
            }
        }
    }

    fn side(run: &mut Run, lesson: &Lesson, words: Vec<String>) -> Result<Side, Stopped> {
        let is_udp = is_udp(lesson);
        let server = match lesson.role {
            Role::Server if is_udp => return run.start_udp_server().map(Side::Datagrams),
            Role::Server | Role::Filter => {
                return run.start_server_with(&borrowed(&words)).map(Side::Server);
            }
            Role::Client if is_udp => {
                let mut server = run.datagram_server(SERVER)?;
                server.shows_ids(ID);
                Playing::Udp(Asked {
                    server,
                    by: None,
                    is_closed: false,
                })
            }
            Role::Client => Playing::Tcp(run.listen(SERVER)?),
        };
        let program = run.start_with(server.address(), &borrowed(&words))?;
        Ok(Side::Client(Client {
            program: Some(program),
            server,
            words,
        }))
    }

    /// Does what `words` say. What cannot be done is told.
    pub(crate) fn act(&mut self, run: &mut Run, words: &Words) -> Result<(), String> {
        self.received.clear();
        match words {
            Words::Peer { name, act } => self.peer(name, act),
            Words::Type(bytes) => {
                self.program()?.input(bytes);
                Ok(())
            }
            Words::EndInput => {
                self.program()?.end_input();
                Ok(())
            }
            Words::Start(words) => self.start_again(run, words.as_deref()),
            Words::Look | Words::Save(_) | Words::Help | Words::Quit => Ok(()),
        }
    }

    /// Does what the peers do by themselves: the server that we play takes the program's connection, if
    /// there is one and it has none. Whether that was done.
    pub(crate) fn tend(&mut self, run: &Run) -> Result<bool, String> {
        self.keep_count(run);
        let Side::Client(client) = &mut self.side else {
            return Ok(false);
        };
        match &mut client.server {
            Playing::Tcp(listener) if !self.peers.contains_key(SERVER) => {
                let accepted = listener.accept_if_connected().map_err(|e| why(&e))?;
                let Some(peer) = accepted else {
                    return Ok(false);
                };
                self.peers.insert(SERVER.to_owned(), Peer::Tcp(peer));
                Ok(true)
            }
            Playing::Tcp(_) => Ok(false),
            Playing::Udp(asked) => {
                while let Some(arrival) = asked.server.arrival_so_far() {
                    asked.by = Some(arrival.datagram.from);
                }
                Ok(false)
            }
        }
    }

    /// A peer that has received enough receives no more, until it is told to.
    fn keep_count(&mut self, run: &Run) {
        for (name, peer) in &mut self.peers {
            let Peer::Tcp(peer) = peer else { continue };
            let received = self.received.entry(name.clone()).or_default();
            let before = *received;
            *received += peer.drop_arrived();
            if before < ENOUGH && *received >= ENOUGH {
                peer.stop_reading();
                run.note(&format!(
                    "{name} has received enough, and receives no more until: {name} resume"
                ));
            }
        }
    }

    fn program(&mut self) -> Result<&mut Program, String> {
        match &mut self.side {
            Side::Server(server) | Side::Datagrams(server) => Ok(&mut server.program),
            Side::Client(client) => {
                let program = client.program.as_mut();
                program.ok_or_else(|| "no program runs: program start".to_owned())
            }
        }
    }

    /// A client is started again, on the same address.
    fn start_again(&mut self, run: &mut Run, words: Option<&[String]>) -> Result<(), String> {
        let Side::Client(client) = &mut self.side else {
            return Err(
                "the program is a server, and has been started: quit, and try again".into(),
            );
        };
        if let Some(words) = words {
            client.words = command_line(words);
        }
        // The one that was ends, and what it had is nobody's any more.
        client.program = None;
        self.peers.clear();
        if let Playing::Udp(asked) = &mut client.server {
            asked.by = None;
        }
        let program = run.start_with(client.server.address(), &borrowed(&client.words));
        client.program = Some(program.map_err(|e| why(&e))?);
        Ok(())
    }

    fn peer(&mut self, name: &str, act: &Act) -> Result<(), String> {
        if let Side::Client(Client {
            server: Playing::Udp(asked),
            ..
        }) = &mut self.side
        {
            return asked.act(name, act);
        }
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
            Act::Lose(count) => match self.get(name)? {
                Peer::Udp(peer) => {
                    peer.faults(Faults::none(), Faults::losing_the_first(*count));
                    Ok(())
                }
                Peer::Tcp(_) => Err("TCP loses nothing: only datagrams get lost".into()),
            },
            Act::Answer(_) => Err(format!("{name} answers by your hand: {name} send \"…\"")),
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
            Side::Client(_) => return Err("the program is the client here: it connects".into()),
        };
        self.peers
            .insert(name.to_owned(), peer.map_err(|e| why(&e))?);
        Ok(())
    }

    fn get(&mut self, name: &str) -> Result<&mut Peer, String> {
        let missing = match &self.side {
            Side::Client(_) if name == SERVER => {
                "the program has no connection to the server. Start it again: program start".into()
            }
            Side::Client(_) => not_the_server(),
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
            Peer::Udp(_) => Err(no_connection(name, verb)),
        }
    }
}

impl Asked {
    fn act(&mut self, name: &str, act: &Act) -> Result<(), String> {
        if name != SERVER {
            return Err(not_the_server());
        }
        if self.is_closed {
            return Err("the server is closed: quit, and try again".into());
        }
        match act {
            Act::Send(bytes) => match self.by {
                Some(by) => told(self.server.send(bytes, by)),
                None => Err("nobody has asked the server yet: to whom?".into()),
            },
            Act::Answer(bytes) => {
                let bytes = bytes.clone();
                self.server.answer_with(move |question| {
                    let id = question.get(..ID)?;
                    Some([id, bytes.as_slice()].concat())
                });
                Ok(())
            }
            Act::Lose(count) => {
                self.server
                    .faults(Faults::losing_the_first(*count), Faults::none());
                Ok(())
            }
            Act::Close => {
                self.is_closed = true;
                told(self.server.vanish())
            }
            Act::Connect => Err("the program is the client here: it asks".into()),
            Act::End => Err(no_connection(name, "end")),
            Act::Reset => Err(no_connection(name, "reset")),
            Act::Pause => Err(no_connection(name, "pause")),
            Act::Resume => Err(no_connection(name, "resume")),
        }
    }
}

fn not_the_server() -> String {
    format!("you play the server here, and it is called {SERVER}")
}

fn no_connection(name: &str, verb: &str) -> String {
    format!("{name} speaks in datagrams: there is no connection to {verb}")
}

/// The words with which a lesson's program is started, unless others are given.
pub(crate) fn command_line(given: &[String]) -> Vec<String> {
    let mut words = given.to_vec();
    if !words.iter().any(|word| word == ADDRESS) {
        words.insert(0, ADDRESS.to_owned());
    }
    words
}

fn borrowed(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
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
