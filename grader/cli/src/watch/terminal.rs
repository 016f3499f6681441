//! The terminal: taken for a full screen, and given back as it was on every way out: quitting, an
//! error, a panic, a signal.

use std::io::{self, stdout};
use std::sync::mpsc::Sender;
use std::thread;

use ratatui::DefaultTerminal;
use ratatui::Frame;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};

use super::state::{Input, Key};
use crate::restore;

/// The full screen. The terminal is given back when this is dropped.
pub(crate) struct Screen {
    terminal: DefaultTerminal,
}

impl Screen {
    /// Takes the terminal.
    pub(crate) fn open() -> io::Result<Self> {
        restore::on_every_way_out(give_back);
        enable_raw_mode()?;
        let taken = execute!(stdout(), EnterAlternateScreen)
            .and_then(|()| Terminal::new(CrosstermBackend::new(stdout())));
        match taken {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }

    /// Draws one picture, whole: a terminal that can shows nothing of it before it is complete.
    pub(crate) fn draw(&mut self, picture: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        execute!(stdout(), BeginSynchronizedUpdate)?;
        self.terminal.draw(picture)?;
        execute!(stdout(), EndSynchronizedUpdate)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn give_back() {
    // The terminal may be gone. Then there is nothing to give back.
    let _ = execute!(stdout(), LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

/// Tells `screen` of keys and of new sizes, from a thread of its own.
pub(crate) fn listen(screen: Sender<Input>) {
    thread::spawn(move || {
        loop {
            let input = match event::read() {
                Ok(Event::Key(pressed)) if pressed.kind != KeyEventKind::Release => {
                    match key(pressed) {
                        Some(key) => Input::Key(key),
                        None => continue,
                    }
                }
                Ok(Event::Resize(..)) => Input::Resized,
                Ok(_) => continue,
                Err(error) => Input::Lost(format!("the keyboard cannot be read: {error}")),
            };
            let is_over = matches!(input, Input::Lost(_));
            if screen.send(input).is_err() || is_over {
                return;
            }
        }
    });
}

fn key(pressed: KeyEvent) -> Option<Key> {
    if pressed.modifiers.contains(KeyModifiers::CONTROL) {
        return match pressed.code {
            KeyCode::Char('c' | 'q') => Some(Key::Quit),
            KeyCode::Char('d' | 'f') => Some(Key::PageDown),
            KeyCode::Char('u' | 'b') => Some(Key::PageUp),
            _ => None,
        };
    }
    Some(match pressed.code {
        KeyCode::Char('n') | KeyCode::Right => Key::Next,
        KeyCode::Char('p') | KeyCode::Left => Key::Previous,
        KeyCode::Char('c') => Key::Choose,
        KeyCode::Char('h') => Key::Hint,
        KeyCode::Char('r') => Key::RunOne,
        KeyCode::Char('R') => Key::RunAll,
        KeyCode::Tab => Key::NextCheck,
        KeyCode::BackTab => Key::PreviousCheck,
        KeyCode::Char('a') => Key::AllFailures,
        KeyCode::Char('b') => Key::Chapter,
        KeyCode::Char('d') => Key::Difference,
        KeyCode::Char('?') => Key::Help,
        KeyCode::Char('k') | KeyCode::Up => Key::Up,
        KeyCode::Char('j') | KeyCode::Down => Key::Down,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown | KeyCode::Char(' ') => Key::PageDown,
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Back,
        KeyCode::Char('q') => Key::Quit,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use pty_process::blocking::Command;

    use super::*;
    use crate::pty::Session;

    /// Not a test by itself: what the next one starts in a terminal.
    #[test]
    #[ignore = "run by a_panic_gives_the_terminal_back"]
    fn panics() {
        let mut screen = Screen::open().expect("a terminal");
        let draw = screen.draw(|frame| frame.render_widget("full", frame.area()));
        draw.expect("drawn");
        panic!("out of chalk");
    }

    #[test]
    fn a_panic_gives_the_terminal_back() {
        let this = std::env::current_exe().expect("this program");
        let one = "watch::terminal::tests::panics";
        let command = Command::new(this)
            .args([one, "--exact", "--ignored", "--nocapture"])
            .env("RUST_BACKTRACE", "0");
        let (status, left) = Session::start(command, 24, 80).end();
        assert!(!status.success());
        assert!(left.is_as_before(), "{left:?}");
        assert!(left.text.contains("out of chalk"), "{}", left.text);
    }
}
