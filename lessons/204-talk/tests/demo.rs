//! The chapter's demo programs do what the chapter shows.

#![forbid(unsafe_code)]

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A demo that runs, and what it prints, line by line. It is ended when this is dropped.
struct Demo {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Demo {
    fn start(name: &str, address: &str) -> Self {
        let example = format!("talk-demo-{name}");
        // cargo builds it if need be, and becomes it then (`man 2 execve`).
        let mut child = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--package", "talk-lesson", "--example"])
            .args([&example, "--", address])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("cargo can be started");
        let output = child.stdout.take().expect("it is piped");
        Self {
            child,
            lines: BufReader::new(output).lines(),
        }
    }

    /// A server on a port of the kernel's choice, and its address.
    fn server(name: &str) -> (Self, String) {
        let mut server = Self::start(name, "127.0.0.1:0");
        let line = server.line();
        let address = line.strip_prefix("listening on ");
        let address = address.expect("it says where it listens").to_owned();
        (server, address)
    }

    fn line(&mut self) -> String {
        let line = self.lines.next().expect("it prints one more line");
        line.expect("it can be read")
    }

    /// Reads on until such a line comes.
    fn wait_for(&mut self, is_it: impl Fn(&str) -> bool) {
        while !is_it(&self.line()) {}
    }

    fn ends_well(&mut self) {
        assert!(self.lines.next().is_none(), "it has printed all");
        assert!(self.child.wait().is_ok_and(|status| status.success()));
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_smallest_pair() {
    let (mut server, address) = Demo::server("take-one-message");
    let mut client = Demo::start("send-one-message", &address);
    assert_eq!(client.line(), "5 bytes sent");
    client.ends_well();
    assert_eq!(server.line(), "5 bytes came: hello");
    server.ends_well();
}

#[test]
fn the_server_that_takes_one_message_ends_the_client_that_goes_on() {
    let (mut server, address) = Demo::server("take-one-message");
    let mut client = Demo::start("send-every-second", &address);
    assert_eq!(server.line(), "9 bytes came: message 1");
    server.ends_well();
    assert_eq!(client.line(), "sent: message 1");
    assert_eq!(client.line(), "the server has ended the connection");
    client.ends_well();
}

#[test]
fn the_pair_that_goes_on() {
    let (mut server, address) = Demo::server("thread-a-client");
    let mut alice = Demo::start("send-every-second", &address);
    server.wait_for(|line| line == "client 1 says: message 1");
    let bob = Demo::start("send-every-second", &address);
    server.wait_for(|line| line == "client 2 says: message 2");
    assert_eq!(alice.line(), "sent: message 1");
    assert!(alice.line().starts_with("came: welcome, client 1"));
    // Who is killed with bytes unread resets its connection: has left, or an error, both will do.
    drop(alice);
    server.wait_for(|line| line.starts_with("client 1") && !line.contains("says"));
    drop(bob);
    server.wait_for(|line| line.starts_with("client 2") && !line.contains("says"));
}
