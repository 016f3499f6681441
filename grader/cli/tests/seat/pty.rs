//! A program in a terminal, and what stands on its screen.

use std::io::{Read as _, Write as _};
use std::num::NonZero;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::process::{Pid, Signal, kill_process};

/// How long a screen may take to show something, on the slowest machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(120);

/// A program that runs in a terminal.
pub(crate) struct Session {
    pty: Arc<Pty>,
    child: Child,
    seen: Arc<Seen>,
}

/// What the program has written so far.
struct Seen {
    terminal: Mutex<(vt100::Parser, Over)>,
    more: Condvar,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    No,
    /// Nobody holds the terminal any more.
    Yes,
}

impl Seen {
    fn lock(&self) -> MutexGuard<'_, (vt100::Parser, Over)> {
        self.terminal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What stands on the screen, without the empty ends of its lines.
fn contents(terminal: &vt100::Parser) -> String {
    let contents = terminal.screen().contents();
    let lines: Vec<&str> = contents.lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// How many of these bytes may be shown: all but a picture that is not complete yet, as in a terminal
/// that knows synchronized updates.
fn complete(bytes: &[u8]) -> usize {
    const BEGIN: &[u8] = b"\x1b[?2026h";
    const END: &[u8] = b"\x1b[?2026l";
    let is_end = |window: &[u8]| window == END;
    let last = bytes.windows(END.len()).rposition(is_end);
    let after = last.map_or(0, |at| at + END.len());
    let rest = &bytes[after..];
    let begun = rest.windows(BEGIN.len()).position(|window| window == BEGIN);
    // The beginning may itself have come by half.
    let half = (1..BEGIN.len()).find(|&len| rest.ends_with(&BEGIN[..len]));
    after + begun.unwrap_or(rest.len() - half.unwrap_or(0))
}

fn some(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("a terminal has rows and columns")
}

impl Session {
    /// Starts `command` in a terminal of this size.
    pub(crate) fn start(command: Command, rows: u16, columns: u16) -> Self {
        let (pty, pts) = open().expect("a pseudo-terminal");
        pty.resize(Size::new(rows, columns)).expect("a size");
        let child = command.spawn(pts).expect("it starts");
        let pty = Arc::new(pty);
        let seen = Arc::new(Seen {
            terminal: Mutex::new((vt100::Parser::new(some(rows), some(columns), 0), Over::No)),
            more: Condvar::new(),
        });
        thread::spawn({
            let (pty, seen) = (Arc::clone(&pty), Arc::clone(&seen));
            move || {
                let mut buffer = [0; 4096];
                let mut pending = Vec::new();
                // EIO when the program has ended (`man 4 pts`).
                while let Ok(len @ 1..) = (&*pty).read(&mut buffer) {
                    pending.extend_from_slice(&buffer[..len]);
                    let rest = pending.split_off(complete(&pending));
                    seen.lock().0.process(&pending);
                    seen.more.notify_all();
                    pending = rest;
                }
                let mut terminal = seen.lock();
                terminal.0.process(&pending);
                terminal.1 = Over::Yes;
                seen.more.notify_all();
            }
        });
        Self { pty, child, seen }
    }

    /// Types `keys`.
    pub(crate) fn press(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).expect("typed");
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&self, rows: u16, columns: u16) {
        // First our own picture of it: what comes then is for the new size.
        self.seen
            .lock()
            .0
            .screen_mut()
            .set_size(some(rows), some(columns));
        self.pty.resize(Size::new(rows, columns)).expect("a size");
    }

    /// Waits until the screen shows all of `words`, and gives it.
    pub(crate) fn shows(&self, words: &[&str]) -> String {
        let deadline = Instant::now() + DEADLINE;
        let mut terminal = self.seen.lock();
        loop {
            let screen = contents(&terminal.0);
            if words.iter().all(|word| screen.contains(word)) {
                return screen;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                terminal.1 == Over::No && !left.is_zero(),
                "the screen never showed {words:?}, but:\n{screen}"
            );
            terminal = self
                .seen
                .more
                .wait_timeout(terminal, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Sends the program a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).expect("a number");
        let pid = Pid::from_raw(pid).expect("a process");
        kill_process(pid, signal).expect("it runs");
    }

    /// Waits for the end, and gives it with what the terminal is then.
    pub(crate) fn end(mut self) -> (ExitStatus, Left) {
        let mut terminal = self.seen.lock();
        let deadline = Instant::now() + DEADLINE;
        while terminal.1 == Over::No {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "it never ended: {}", contents(&terminal.0));
            terminal = self
                .seen
                .more
                .wait_timeout(terminal, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        let screen = terminal.0.screen();
        let mode = rustix::termios::tcgetattr(&*self.pty).expect("a terminal");
        let left = Left {
            full_screen: screen.alternate_screen(),
            cursor_hidden: screen.hide_cursor(),
            echoes: mode
                .local_modes
                .contains(rustix::termios::LocalModes::ECHO | rustix::termios::LocalModes::ICANON),
            text: contents(&terminal.0),
        };
        drop(terminal);
        (self.child.wait().expect("its status"), left)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Ended already, if the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a program has left its terminal.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) full_screen: bool,
    pub(crate) cursor_hidden: bool,
    pub(crate) echoes: bool,
    pub(crate) text: String,
}

impl Left {
    /// Whether a shell can go on as before.
    pub(crate) fn is_as_before(&self) -> bool {
        !self.full_screen && !self.cursor_hidden && self.echoes
    }
}
