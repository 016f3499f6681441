//! The lower end of the terminal: a panel and a prompt below what has happened, which scrolls away
//! upwards as in any shell.

use std::io::{self, Write as _, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use ratatui::crossterm::cursor::{MoveToColumn, MoveUp};
use ratatui::crossterm::event::{self, Event, KeyEventKind};
use ratatui::crossterm::style::Print;
use ratatui::crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, disable_raw_mode,
    enable_raw_mode, size,
};
use ratatui::crossterm::{execute, queue};

use super::prompt::{Pressed, Prompt};
use crate::restore;

/// What stands before what is typed.
const MARK: &str = "> ";

/// Whether the terminal is ours just now.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal. It is given back when this is dropped.
pub(crate) struct Screen {
    /// The panel as it stands there, above the prompt.
    panel: Vec<String>,
    /// The prompt, with the cursor's column.
    prompt: (String, usize),
    columns: usize,
    rows: usize,
}

impl Screen {
    /// Takes the terminal.
    pub(crate) fn open() -> io::Result<Self> {
        restore::on_every_way_out(give_back);
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::Relaxed);
        let mut screen = Self {
            panel: Vec::new(),
            prompt: (String::new(), 0),
            columns: 80,
            rows: 24,
        };
        screen.measure();
        Ok(screen)
    }

    /// How many columns and rows there are.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    fn measure(&mut self) {
        // A terminal that does not tell its size, or says none, is taken for an ordinary one.
        if let Ok((columns @ 1.., rows @ 1..)) = size() {
            (self.columns, self.rows) = (columns.into(), rows.into());
        }
    }

    /// Writes these lines above, and shows the panel and the prompt as they are now.
    pub(crate) fn draw(
        &mut self,
        above: &[String],
        panel: &[String],
        prompt: &Prompt,
    ) -> io::Result<()> {
        let room = self.columns.saturating_sub(MARK.len() + 1).max(1);
        let prompt = prompt.shown(room);
        let cut = |line: &String| line.chars().take(self.columns - 1).collect();
        let panel: Vec<String> = panel.iter().map(cut).collect();
        if above.is_empty() && panel == self.panel && prompt == self.prompt {
            return Ok(());
        }
        let mut out = stdout().lock();
        queue!(out, BeginSynchronizedUpdate, MoveToColumn(0))?;
        // In a terminal that has become narrower since, a line may stand in two.
        let rows = |line: &String| line.chars().count().div_ceil(self.columns).max(1);
        let up: usize = self.panel.iter().map(rows).sum();
        if let Ok(up @ 1..) = u16::try_from(up) {
            queue!(out, MoveUp(up))?;
        }
        queue!(out, Clear(ClearType::FromCursorDown))?;
        for line in above.iter().chain(&panel) {
            queue!(out, Print(line), Print("\r\n"))?;
        }
        let column = u16::try_from(MARK.len() + prompt.1).unwrap_or(u16::MAX);
        queue!(
            out,
            Print(MARK),
            Print(&prompt.0),
            MoveToColumn(column),
            EndSynchronizedUpdate
        )?;
        out.flush()?;
        (self.panel, self.prompt) = (panel, prompt);
        Ok(())
    }

    /// What comes of the next key, if one has been pressed.
    pub(crate) fn pressed(&mut self, prompt: &mut Prompt) -> anyhow::Result<Option<Pressed>> {
        let lost = "the keyboard cannot be read";
        if !event::poll(Duration::ZERO).context(lost)? {
            return Ok(None);
        }
        Ok(Some(match event::read().context(lost)? {
            Event::Key(key) if key.kind != KeyEventKind::Release => prompt.press(key),
            Event::Resize(..) => {
                self.measure();
                Pressed::Nothing
            }
            _ => Pressed::Nothing,
        }))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn give_back() {
    if TAKEN.swap(false, Ordering::Relaxed) {
        // The terminal may be gone. Then there is nothing to give back.
        let _ = execute!(stdout(), EndSynchronizedUpdate, Print("\r\n"));
        let _ = disable_raw_mode();
    }
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
        let panel = ["the panel".to_owned()];
        let drawn = screen.draw(&[], &panel, &Prompt::default());
        drawn.expect("drawn");
        panic!("out of chalk");
    }

    #[test]
    fn a_panic_gives_the_terminal_back() {
        let this = std::env::current_exe().expect("this program");
        let one = "try_::screen::tests::panics";
        let command = Command::new(this)
            .args([one, "--exact", "--ignored", "--nocapture"])
            .env("RUST_BACKTRACE", "0");
        let (status, left) = Session::start(command, 24, 80).end();
        assert!(!status.success());
        assert!(left.is_as_before(), "{left:?}");
        // What stood there is still to be read, and the panic's words below it.
        let (panel, words) = left.text.split_once('>').expect("a prompt");
        assert!(panel.contains("the panel"), "{panel}");
        assert!(words.contains("out of chalk"), "{words}");
    }
}
