//! The line that is being typed, and those that were typed before.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::{Input, InputRequest};

/// What a key comes to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Pressed {
    /// Another letter, at most.
    Nothing,
    /// A whole line.
    Line(String),
    /// There will be none any more.
    End,
}

/// The prompt.
#[derive(Debug, Default)]
pub(crate) struct Prompt {
    input: Input,
    /// The lines that were typed before.
    before: Vec<String>,
    /// Which of them is looked at.
    at: usize,
}

impl Prompt {
    /// Takes in one key.
    pub(crate) fn press(&mut self, key: KeyEvent) -> Pressed {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let request = match key.code {
            // A line that was typed before the terminal was taken ends with Ctrl-J.
            KeyCode::Char('j' | 'm') if control => return self.enter(),
            KeyCode::Enter => return self.enter(),
            KeyCode::Char('c') if control => return Pressed::End,
            KeyCode::Char('d') if control && self.input.value().is_empty() => return Pressed::End,
            KeyCode::Up => return self.recall(self.at.saturating_sub(1)),
            KeyCode::Down => return self.recall(self.at + 1),
            KeyCode::Char('a') if control => InputRequest::GoToStart,
            KeyCode::Char('e') if control => InputRequest::GoToEnd,
            KeyCode::Char('k') if control => InputRequest::DeleteTillEnd,
            KeyCode::Char('u') if control => InputRequest::DeleteFromStart,
            KeyCode::Char('w') if control => InputRequest::DeletePrevWord,
            KeyCode::Left if control => InputRequest::GoToPrevWord,
            KeyCode::Right if control => InputRequest::GoToNextWord,
            KeyCode::Char('h') if control => InputRequest::DeletePrevChar,
            KeyCode::Char('d') if control => InputRequest::DeleteNextChar,
            KeyCode::Left => InputRequest::GoToPrevChar,
            KeyCode::Right => InputRequest::GoToNextChar,
            KeyCode::Home => InputRequest::GoToStart,
            KeyCode::End => InputRequest::GoToEnd,
            KeyCode::Backspace => InputRequest::DeletePrevChar,
            KeyCode::Delete => InputRequest::DeleteNextChar,
            KeyCode::Char(c) if !control => InputRequest::InsertChar(c),
            _ => return Pressed::Nothing,
        };
        self.input.handle(request);
        Pressed::Nothing
    }

    /// What of it fits into so many columns, and in which of them the cursor is.
    pub(crate) fn shown(&self, columns: usize) -> (String, usize) {
        let hidden = self.input.visual_scroll(columns);
        let shown = self.input.value().chars().skip(hidden).take(columns);
        let cursor = self.input.visual_cursor().saturating_sub(hidden);
        (shown.collect(), cursor)
    }

    fn enter(&mut self) -> Pressed {
        let line = self.input.value_and_reset();
        if !line.trim().is_empty() && self.before.last() != Some(&line) {
            self.before.push(line.clone());
        }
        self.at = self.before.len();
        Pressed::Line(line)
    }

    fn recall(&mut self, at: usize) -> Pressed {
        self.at = at.min(self.before.len());
        let line = self.before.get(self.at).cloned().unwrap_or_default();
        self.input = Input::new(line);
        Pressed::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(prompt: &mut Prompt, keys: &str) {
        for key in keys.chars() {
            prompt.press(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE));
        }
    }

    fn pressed(prompt: &mut Prompt, code: KeyCode) -> Pressed {
        prompt.press(KeyEvent::new(code, KeyModifiers::NONE))
    }

    #[test]
    fn a_line_is_edited_and_an_earlier_one_comes_back() {
        let mut prompt = Prompt::default();
        typed(&mut prompt, "alice conect");
        for _ in 0..3 {
            pressed(&mut prompt, KeyCode::Left);
        }
        typed(&mut prompt, "n");
        let line = "alice connect".to_owned();
        assert_eq!(pressed(&mut prompt, KeyCode::Enter), Pressed::Line(line));
        typed(&mut prompt, "quit");
        pressed(&mut prompt, KeyCode::Up);
        assert_eq!(prompt.shown(40), ("alice connect".to_owned(), 13));
        pressed(&mut prompt, KeyCode::Down);
        assert_eq!(prompt.shown(40), (String::new(), 0));
    }

    #[test]
    fn a_long_line_is_shown_where_the_cursor_is() {
        let mut prompt = Prompt::default();
        typed(&mut prompt, "alice send \"abcdefghijklmnopqrstuvwxyz\"");
        let (shown, cursor) = prompt.shown(20);
        assert!(shown.ends_with("xyz\""), "{shown}");
        assert!(cursor <= 20, "{cursor}");
    }

    #[test]
    fn control_d_ends_an_empty_line_only() {
        let mut prompt = Prompt::default();
        let control_d = KeyEvent::new(KeyCode::Char('d'), KeyModifiers::CONTROL);
        typed(&mut prompt, "a");
        assert_eq!(prompt.press(control_d), Pressed::Nothing);
        pressed(&mut prompt, KeyCode::Backspace);
        assert_eq!(prompt.press(control_d), Pressed::End);
    }
}
