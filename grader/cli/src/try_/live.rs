//! A session at a terminal. What happens is told as it happens, above the prompt; between the two stands
//! how everything is at this moment.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use harness::evidence::Evidence;

use super::page;
use super::prompt::{Pressed, Prompt};
use super::screen::Screen;
use super::talk::{Answer, Talk};
use crate::exit::Exit;

/// Between two looks at the keyboard.
const KEYS: Duration = Duration::from_millis(20);
/// Between two looks at a program that may go on by itself, of which nothing else is heard.
const LOOK: Duration = Duration::from_millis(200);

/// Has the session until it is quit.
pub(crate) fn talk(talk: &mut Talk<'_>) -> anyhow::Result<Exit> {
    let mut screen = Screen::open().context("cannot take the terminal")?;
    let mut seat = Seat {
        prompt: Prompt::default(),
        is_certain: false,
        evidence: talk.run.evidence(),
        looked: Instant::now(),
        above: Vec::new(),
    };
    seat.see(talk)?;
    seat.above.push(String::new());
    seat.above
        .extend(talk.greeting().lines().map(str::to_owned));
    seat.above.push(String::new());
    loop {
        let panel = seat.panel(&screen);
        screen
            .draw(&seat.above, &panel, &seat.prompt)
            .context("cannot write to the terminal")?;
        seat.above.clear();
        while let Some(pressed) = screen.pressed(&mut seat.prompt)? {
            match pressed {
                Pressed::Nothing => {}
                Pressed::End => return Ok(Exit::Passed),
                Pressed::Line(line) => {
                    if seat.hear(talk, &line) == Ends::Here {
                        return Ok(Exit::Passed);
                    }
                    // What was typed after it may be about what comes of it.
                    break;
                }
            }
        }
        seat.see(talk)?;
    }
}

#[derive(PartialEq, Eq)]
enum Ends {
    Here,
    NotYet,
}

/// What whoever sits here sees and types.
struct Seat {
    prompt: Prompt,
    /// Whether nothing more will happen before somebody says something.
    is_certain: bool,
    evidence: Evidence,
    /// When that was so.
    looked: Instant,
    /// What is to be told next.
    above: Vec<String>,
}

impl Seat {
    /// Lets a moment pass, and takes in what happens.
    fn see(&mut self, talk: &mut Talk<'_>) -> anyhow::Result<()> {
        let was_certain = self.is_certain;
        self.is_certain = if was_certain {
            !talk.run.rest(KEYS)
        } else {
            talk.run.go_on(KEYS)
        };
        // A peer that cannot even be looked at is the grader's own trouble.
        if talk.session.tend(talk.run).map_err(anyhow::Error::msg)? {
            self.is_certain = false;
        }
        let is_due = !was_certain && self.looked.elapsed() >= LOOK;
        if is_due || (self.is_certain && !was_certain) {
            talk.run.tell_unfinished_lines();
        }
        let events = talk.run.news();
        if is_due || !events.is_empty() || self.is_certain != was_certain {
            self.evidence = talk.run.evidence();
            self.looked = Instant::now();
        }
        self.above.extend(page::events(&events));
        Ok(())
    }

    /// Has the line that was typed done.
    fn hear(&mut self, talk: &mut Talk<'_>, line: &str) -> Ends {
        let line = line.trim();
        self.above.push(format!("> {line}"));
        self.is_certain = false;
        let words = match talk.hear(line) {
            Answer::Quit => return Ends::Here,
            Answer::Nothing | Answer::Done(Ok(())) => return Ends::NotYet,
            Answer::Told(words) | Answer::Done(Err(words)) => words,
        };
        self.above.extend(words.lines().map(str::to_owned));
        Ends::NotYet
    }

    /// How everything stands now.
    fn panel(&self, screen: &Screen) -> Vec<String> {
        let (columns, rows) = screen.size();
        // What happened needs room, too.
        let most = rows.saturating_sub(8).max(2);
        let mut panel = vec![String::new(), "  your program, now".to_owned()];
        panel.extend(page::now(
            &self.evidence,
            columns.min(page::COLUMNS),
            most.div_ceil(2),
        ));
        panel.push(String::new());
        panel.push(
            if self.is_certain {
                "  nothing more can happen until you say something"
            } else {
                "  it may go on by itself"
            }
            .to_owned(),
        );
        panel
    }
}
