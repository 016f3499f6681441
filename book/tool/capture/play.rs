//! Does the calls of a capture, one after the other, and sees what each sets in motion.
//!
//! After each call the wire comes to rest: everything that was sent has been acknowledged. So a capture
//! does not depend on how busy the machine is.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::net::sockopt::{
    Timeout, set_socket_linger, set_socket_reuseaddr, set_socket_timeout, set_tcp_nodelay,
};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, Shutdown, SocketType, acceptfrom, bind, connect, listen,
    recv, recvfrom, send, sendto, shutdown, socket,
};

use super::results::{name, received};
use super::script::{Call, Capture, Side, Verb, WAITS};
use super::wire::{Due, What, Wire};

/// Makes the capture again, in the network of this thread.
pub(crate) fn play(script: &Capture) -> anyhow::Result<Capture> {
    let mut stage = Stage {
        wire: Wire::tap()?,
        port: server_port(script)?,
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
        calls,
        ..script.clone()
    })
}

/// The server's port: the one that its first `bind` names.
fn server_port(script: &Capture) -> anyhow::Result<u16> {
    let mut calls = script.calls.iter();
    let port = calls.find_map(|call| match (call.side, &call.verb) {
        (Side::Server, Verb::Bind(address)) => Some(address.port()),
        _ => None,
    });
    port.context("the server never calls bind")
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
    due: Option<What>,
}

impl Stage {
    fn call(&mut self, call: &Call) -> anyhow::Result<Call> {
        if call.result == WAITS {
            self.must_wait(call)?;
            return Ok(call.clone());
        }
        let outcome = self.act(call)?;
        let due = outcome.due.map(|what| self.due(what, call.side));
        let frames = self.wire.until_at_rest(due.into_iter().collect())?;
        self.over |= frames.iter().any(|f| f.tcp().is_some_and(|tcp| tcp.rst));
        Ok(Call {
            result: outcome.result,
            frames,
            ..call.clone()
        })
    }

    /// What `side` sends, or its kernel's message about it.
    fn due(&self, what: What, side: Side) -> Due {
        let (from, to) = match (what, side) {
            (What::PortUnreachable, _) => (None, None),
            (_, Side::Server) => (Some(self.port), None),
            (_, Side::Client) => (None, Some(self.port)),
        };
        Due { what, from, to }
    }

    /// That a call, if it were made now, would not return.
    fn must_wait(&self, call: &Call) -> anyhow::Result<()> {
        let party = match call.side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        };
        let mut polled = [PollFd::new(party.last()?, PollFlags::IN)];
        ensure!(
            poll(&mut polled, Some(&Timespec::default()))? == 0,
            "it would not wait"
        );
        Ok(())
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
            due: None,
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
                What::Payload,
            ),
            Verb::Recv(room) => {
                let mut buffer = vec![0; *room];
                let result = recv(party.last()?, &mut buffer[..], RecvFlags::empty());
                quiet(&received(result.map(|(len, _)| len), &buffer))
            }
            Verb::SendTo(bytes, address) => {
                let to = address.or(party.sender).context("nobody has sent yet")?;
                let what = if nobody_receives {
                    What::PortUnreachable
                } else {
                    What::Payload
                };
                sent(sendto(party.last()?, bytes, SendFlags::empty(), &to), what)
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
                    due: Some(What::EndOrReset),
                }
            }
            Verb::LingerZero => quiet(&returned(set_socket_linger(
                party.last()?,
                Some(Duration::ZERO),
            ))),
            Verb::Close => {
                let closed = party.open.pop().context("nothing is open")?;
                let is_due = closed.sends && !over;
                drop(closed);
                Outcome {
                    result: "0".into(),
                    due: is_due.then_some(What::EndOrReset),
                }
            }
            verb @ (Verb::Poll { .. } | Verb::SocketError | Verb::Exit | Verb::Interrupt) => {
                bail!("a script cannot {verb}")
            }
            Verb::NoDelay => quiet(&returned(set_tcp_nodelay(party.last()?, true))),
            Verb::ReuseAddress => quiet(&returned(set_socket_reuseaddr(party.last()?, true))),
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

fn returned(result: rustix::io::Result<()>) -> String {
    match result {
        Ok(()) => "0".into(),
        Err(error) => name(error),
    }
}

fn sent(result: rustix::io::Result<usize>, what: What) -> Outcome {
    match result {
        Ok(len) => Outcome {
            result: len.to_string(),
            due: Some(what),
        },
        Err(error) => Outcome {
            result: name(error),
            due: None,
        },
    }
}
