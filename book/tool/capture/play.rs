//! Does the calls of a capture, one after the other, and sees what each sets in motion.
//!
//! After each call the wire comes to rest: everything that was sent has been acknowledged. So a capture
//! does not depend on how busy the machine is.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::net::sockopt::{Timeout, set_socket_linger, set_socket_timeout};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, Shutdown, SocketType, acceptfrom, bind, connect, listen,
    recv, recvfrom, send, sendto, shutdown, socket,
};

use super::script::{Call, Capture, Side, Verb, quote};
use super::wire::Wire;
use crate::packet::{Packet, Transport};

/// Makes the capture again, in the network of this thread.
pub(crate) fn play(script: &Capture) -> anyhow::Result<Capture> {
    let mut stage = Stage {
        wire: Wire::tap()?,
        port: script.server_port()?,
        client: Party::default(),
        server: Party::default(),
        over: false,
    };
    let mut calls = Vec::new();
    for call in &script.calls {
        calls.push(
            stage
                .call(call)
                .with_context(|| format!("{} {}", call.side, call.verb))?,
        );
    }
    Ok(Capture {
        title: script.title.clone(),
        calls,
    })
}

/// What one side holds.
#[derive(Debug, Default)]
struct Party {
    /// Its descriptors; calls concern the last one.
    open: Vec<Descriptor>,
    /// Who sent the datagram that it received last.
    sender: Option<SocketAddr>,
}

#[derive(Debug)]
struct Descriptor {
    socket: OwnedFd,
    /// Whether its sending half is open: then closing it sends something.
    sends: bool,
}

#[derive(Debug)]
struct Stage {
    wire: Wire,
    /// The server's port.
    port: u16,
    client: Party,
    server: Party,
    /// Whether a reset has ended the connection: then nobody sends any more.
    over: bool,
}

/// What a call returned, and what must be seen on the wire because of it.
struct Outcome {
    result: String,
    sign: Option<Sign>,
}

/// What must be seen on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Payload,
    EndOrReset,
    PortUnreachable,
}

impl Stage {
    fn call(&mut self, call: &Call) -> anyhow::Result<Call> {
        let outcome = self.act(call)?;
        let (port, from_server) = (self.port, call.side == Side::Server);
        let must_come = |frame: &Packet| {
            let is_ours = |(from, _): (u16, u16)| (from == port) == from_server;
            let sign = outcome.sign;
            sign.is_some_and(|sign| sign.is_in(frame, frame.ports().is_ok_and(is_ours)))
        };
        let must_come: Option<&dyn Fn(&Packet) -> bool> = match outcome.sign {
            Some(_) => Some(&must_come),
            None => None,
        };
        let frames = self.wire.until_at_rest(must_come)?;
        self.over |= frames.iter().any(|f| f.tcp().is_some_and(|tcp| tcp.rst));
        Ok(Call {
            result: outcome.result,
            frames,
            ..call.clone()
        })
    }

    fn act(&mut self, call: &Call) -> anyhow::Result<Outcome> {
        let over = self.over;
        let nobody_receives = match call.side {
            Side::Server => self.client.open.is_empty(),
            Side::Client => self.server.open.is_empty(),
        };
        let party = match call.side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        };
        let quiet = |result: &str| Outcome {
            result: result.to_owned(),
            sign: None,
        };
        Ok(match &call.verb {
            Verb::SocketStream => quiet(&party.socket(SocketType::STREAM)?),
            Verb::SocketDatagram => quiet(&party.socket(SocketType::DGRAM)?),
            Verb::Bind(address) => quiet(&returned(bind(party.last()?, address))),
            Verb::Listen(backlog) => quiet(&returned(listen(party.last()?, *backlog))),
            Verb::Connect(address) => {
                self.over = false;
                let result = connect(party.last()?, address);
                party.descriptor()?.sends = result.is_ok();
                quiet(&returned(result))
            }
            Verb::Accept => {
                let (connection, _) = acceptfrom(party.last()?)?;
                party.keep(connection, true)?;
                quiet("a connection")
            }
            Verb::Send(bytes) => sent(
                send(party.last()?, bytes, SendFlags::NOSIGNAL),
                Sign::Payload,
            ),
            Verb::Recv(room) => {
                let mut buffer = vec![0; *room];
                let result = recv(party.last()?, &mut buffer[..], RecvFlags::empty());
                quiet(&received(result.map(|(len, _)| len), &buffer))
            }
            Verb::SendTo(bytes, address) => {
                let to = address.or(party.sender).context("nobody has sent yet")?;
                let sign = if nobody_receives {
                    Sign::PortUnreachable
                } else {
                    Sign::Payload
                };
                sent(sendto(party.last()?, bytes, SendFlags::empty(), &to), sign)
            }
            Verb::RecvFrom(room) => {
                let mut buffer = vec![0; *room];
                let result = recvfrom(party.last()?, &mut buffer[..], RecvFlags::empty());
                let result = match result {
                    Ok((len, _, sender)) => {
                        let sender = sender.context("a datagram without a sender")?;
                        party.sender = Some(SocketAddr::try_from(sender)?);
                        Ok(len)
                    }
                    Err(error) => Err(error),
                };
                quiet(&received(result, &buffer))
            }
            Verb::Shutdown => {
                let result = shutdown(party.last()?, Shutdown::Write);
                party.descriptor()?.sends = false;
                Outcome {
                    result: returned(result),
                    sign: Some(Sign::EndOrReset),
                }
            }
            Verb::LingerZero => quiet(&returned(set_socket_linger(
                party.last()?,
                Some(Duration::ZERO),
            ))),
            Verb::Close => {
                let closed = party.open.pop().context("nothing is open")?;
                let sign = if closed.sends && !over {
                    Some(Sign::EndOrReset)
                } else {
                    None
                };
                drop(closed);
                Outcome {
                    result: "0".into(),
                    sign,
                }
            }
        })
    }
}

impl Party {
    fn socket(&mut self, kind: SocketType) -> rustix::io::Result<String> {
        let new = socket(AddressFamily::INET, kind, None)?;
        self.keep(new, false)?;
        Ok("a socket".into())
    }

    fn keep(&mut self, socket: OwnedFd, sends: bool) -> rustix::io::Result<()> {
        // A script that is wrong shall fail and not wait for ever.
        set_socket_timeout(&socket, Timeout::Recv, Some(Duration::from_secs(10)))?;
        self.open.push(Descriptor { socket, sends });
        Ok(())
    }

    fn descriptor(&mut self) -> anyhow::Result<&mut Descriptor> {
        self.open.last_mut().context("nothing is open")
    }

    fn last(&self) -> anyhow::Result<&OwnedFd> {
        let last = self.open.last().context("nothing is open")?;
        Ok(&last.socket)
    }
}

impl Sign {
    /// Whether `frame` is what must be seen, `is_ours` if the caller has sent it.
    fn is_in(self, frame: &Packet, is_ours: bool) -> bool {
        let ends = |f: &Packet| f.tcp().is_some_and(|tcp| tcp.fin || tcp.rst);
        match self {
            Self::Payload => is_ours && !frame.payload.is_empty(),
            Self::EndOrReset => is_ours && ends(frame),
            Self::PortUnreachable => matches!(frame.transport, Transport::Icmp(_)),
        }
    }
}

fn returned(result: rustix::io::Result<()>) -> String {
    match result {
        Ok(()) => "0".into(),
        Err(error) => name(error),
    }
}

fn sent(result: rustix::io::Result<usize>, sign: Sign) -> Outcome {
    match result {
        Ok(len) => Outcome {
            result: len.to_string(),
            sign: Some(sign),
        },
        Err(error) => Outcome {
            result: name(error),
            sign: None,
        },
    }
}

fn received(result: rustix::io::Result<usize>, buffer: &[u8]) -> String {
    match result {
        Ok(0) => "0".into(),
        Ok(len) => format!("{len} {}", quote(&buffer[..len])),
        Err(error) => name(error),
    }
}

/// The error's name in C, `man 3 errno`.
fn name(error: Errno) -> String {
    let known = [
        (Errno::CONNREFUSED, "ECONNREFUSED"),
        (Errno::CONNRESET, "ECONNRESET"),
        (Errno::PIPE, "EPIPE"),
        (Errno::NOTCONN, "ENOTCONN"),
        (Errno::ADDRINUSE, "EADDRINUSE"),
    ];
    let name = known.iter().find(|(known, _)| *known == error);
    name.map_or_else(|| error.to_string(), |(_, name)| (*name).to_owned())
}
