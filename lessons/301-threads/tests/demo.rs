//! The chapters' demo programs do what the chapters show.

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
        let example = format!("threads-demo-{name}");
        // cargo builds it if need be, and becomes it then (`man 2 execve`).
        let mut child = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--package", "threads-lesson", "--example"])
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

    /// All that it still prints. It ends well.
    fn rest(mut self) -> Vec<String> {
        let lines = self.lines.by_ref().map(|line| line.expect("it is text"));
        let lines = lines.collect();
        assert!(self.child.wait().is_ok_and(|status| status.success()));
        lines
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
fn each_of_two_threads_counts_for_itself() {
    let lines = Demo::start("two-threads", "").rest();
    for name in ["one", "two"] {
        let own: Vec<_> = lines.iter().filter(|line| line.starts_with(name)).collect();
        assert_eq!(own, [1, 2, 3].map(|n| format!("{name}: {n}")).each_ref());
    }
    assert_eq!(
        lines.last().map(String::as_str),
        Some("main: (Ok(()), Ok(()))")
    );
}

#[test]
fn one_at_a_time_the_second_waits_until_the_first_has_left() {
    let (_server, address) = Demo::server("one-at-a-time");
    let lines = Demo::start("two-clients", &address).rest();
    let expected = [
        "the first is connected and says nothing",
        "the second is connected and has sent a word",
        "no answer for two seconds; now the first leaves",
        "the second is answered",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn with_a_thread_each_the_second_is_served_first() {
    let (mut server, address) = Demo::server("a-thread-each");
    let lines = Demo::start("two-clients", &address).rest();
    let expected = [
        "the first is connected and says nothing",
        "the second is connected and has sent a word",
        "the second is answered",
    ];
    assert_eq!(lines, expected);
    for _ in 0..2 {
        assert!(server.line().ends_with(" is served"));
    }
    // Both leave at the end of their program: in which order the threads see it is chance.
    let mut ends = [server.line(), server.line()];
    ends.sort_by_key(|line| line.contains("Ok(6)"));
    assert!(ends[0].ends_with(" has left: Ok(0)"), "{}", ends[0]);
    assert!(ends[1].ends_with(" has left: Ok(6)"), "{}", ends[1]);
}
