//! `socklings watch`: a full screen that checks an exercise whenever it is saved.
//!
//! [`state`] is what the screen is about, without a terminal; [`view`] draws it; [`terminal`] is the
//! terminal; [`saves`] notices files that change; [`runner`] builds and checks. All of them tell the
//! loop here, over one channel, what has happened.

mod chapter;
mod runner;
mod saves;
mod state;
mod terminal;
mod view;

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};

use anyhow::{Context as _, anyhow};
use harness::Settings;

use self::runner::Runner;
use self::saves::Saves;
use self::state::{Effect, Input, Page, State};
use self::terminal::Screen;
use crate::args::Watch;
use crate::exit::{Exit, Usage};
use crate::progress::Progress;
use crate::{hint, home, names, solution, surroundings};

/// How many columns a hint takes: beside the course on a screen of 80.
const HINT: usize = 58;

pub(crate) fn run(options: &Watch) -> anyhow::Result<Exit> {
    let course = home::find()?;
    let progress = Progress::read(&course)?;
    let lesson = match &options.lesson {
        Some(name) => names::lesson(name)?,
        None => progress.next().unwrap_or(&course::LESSONS[0]),
    };
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Usage::NoTerminal.into());
    }
    let mut settings = Settings::measured();
    if let Some(seed) = seed()? {
        settings.seed = seed;
    }
    let (sender, inputs) = channel();
    let mut state = State::new(lesson, progress, settings.seed);
    if !surroundings::remarks().is_empty() {
        let remark = "Something is missing on this machine: `cargo socklings` alone says what.";
        state.remark = Some(remark.to_owned());
    }
    let mut runner = Runner::new(&course, settings, sender.clone());
    let _saves = Saves::watch(&course, sender.clone())?;
    let mut screen = Screen::open().context("cannot take the terminal")?;
    terminal::listen(sender.clone());
    let mut effects = state.begin();
    loop {
        for effect in std::mem::take(&mut effects) {
            match effect {
                Effect::Quit => return Ok(Exit::Passed),
                effect => carry_out(&course, &mut runner, &sender, effect),
            }
        }
        screen
            .draw(|frame| view::draw(frame, &mut state))
            .context("cannot draw")?;
        let first = inputs.recv().context("nobody tells of keys any more")?;
        // What has come meanwhile is drawn at once.
        for input in std::iter::once(first).chain(inputs.try_iter()) {
            if let Input::Lost(what) = input {
                return Err(anyhow!(what));
            }
            effects.extend(state.update(input));
        }
    }
}

/// The seed of an earlier run, as `cargo test` takes it.
fn seed() -> Result<Option<u64>, Usage> {
    match std::env::var("SOCKLINGS_SEED").map(|seed| seed.parse()) {
        Ok(Ok(seed)) => Ok(Some(seed)),
        Ok(Err(_)) => Err(Usage::NoSeed),
        Err(_) => Ok(None),
    }
}

fn carry_out(course: &Path, runner: &mut Runner, screen: &Sender<Input>, effect: Effect) {
    let tell = |input| {
        // The screen is gone: then nobody wants to know.
        let _ = screen.send(input);
    };
    let show = |title: String, text: String| tell(Input::Show(Page::Text { title, text }));
    match effect {
        Effect::Run {
            run,
            lesson,
            checks,
        } => {
            if let Some(lesson) = course::find(lesson) {
                runner.start(run, lesson, &checks);
            }
        }
        Effect::Record { lesson } => {
            let lesson = course::find(lesson);
            let written = lesson.map(|lesson| harness::progress::record(course, lesson));
            if let Some(Err(error)) = written {
                let file = harness::progress::FILE;
                tell(Input::Remark(format!("{file} cannot be written: {error}")));
            }
        }
        Effect::Hint { lesson, check } => {
            let lesson = course::find(lesson);
            if let Some((lesson, check)) = lesson.and_then(|l| Some((l, l.check(check)?))) {
                let text = hint::told(course, lesson, check, HINT);
                show(format!("A hint on {}", check.name), text);
            }
        }
        Effect::Difference { lesson } => {
            let difference = course::find(lesson).map(|l| solution::difference(course, l));
            let text = match difference {
                Some(Ok(text)) => solution::coloured(&text),
                Some(Err(error)) => format!("{error:#}"),
                None => String::new(),
            };
            show("- yours   + the solution".into(), text);
        }
        Effect::Chapter { lesson } => {
            if let Some(lesson) = course::find(lesson) {
                chapter::open(course, lesson, screen.clone());
            }
        }
        Effect::Quit => {}
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.end();
    }
}
