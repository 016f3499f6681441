//! What the screen is about, and how it changes. No terminal, no files, no programs: what comes in is
//! an [`Input`], what is to be done about it an [`Effect`].

use std::collections::BTreeMap;

use harness::outcome::{CheckOutcome, Outcome};
use harness::{Check, Lesson};

use crate::progress::Progress;

/// What has happened.
#[derive(Debug)]
pub(crate) enum Input {
    /// A key was pressed.
    Key(Key),
    /// A file of the exercise in this folder has changed: `205-echo`.
    Saved(String),
    /// The run of this number has something to say. That of an earlier run is no news any more.
    Run(u64, News),
    /// Text for the lower part of the screen.
    Show(Page),
    /// The terminal has another size.
    Resized,
    /// A line for the foot of the screen.
    Remark(String),
    /// The keyboard cannot be read any more: why.
    Lost(String),
}

/// What comes of a run.
#[derive(Debug)]
pub(crate) enum News {
    /// There is nothing to run: the compiler's words, with its colours.
    DoesNotBuild(String),
    /// It could not be built or run, and the program is not to blame.
    Trouble(String),
    /// It is built, and its checks run.
    Built,
    /// What came of one check.
    Checked(Box<CheckOutcome>),
    /// All that were asked for have run.
    Finished,
}

/// What a key means, wherever it is on the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Next,
    Previous,
    Choose,
    Hint,
    /// Run the check that is looked at, alone.
    RunOne,
    RunAll,
    /// Look at the next check, or the one before.
    NextCheck,
    PreviousCheck,
    AllFailures,
    Chapter,
    Difference,
    Help,
    Up,
    Down,
    PageUp,
    PageDown,
    Enter,
    Back,
    Quit,
}

/// What is to be done outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Build the exercise and run these of its checks, in place of what runs now.
    Run {
        run: u64,
        lesson: &'static str,
        checks: Vec<&'static str>,
    },
    /// Write down that the lesson is done.
    Record {
        lesson: &'static str,
    },
    /// Show one hint more.
    Hint {
        lesson: &'static str,
        check: &'static str,
    },
    /// Show what parts the student's program from the solution.
    Difference {
        lesson: &'static str,
    },
    /// Open the chapter in the browser.
    Chapter {
        lesson: &'static str,
    },
    Quit,
}

/// How far the run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Building,
    DoesNotBuild(String),
    Trouble(String),
    Checking,
    Finished,
}

/// What the lower part of the screen shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// The report on one check: the one that is looked at, or the first that failed.
    Report,
    /// The reports on all that failed.
    AllFailures,
    /// Something else, with its title.
    Text { title: String, text: String },
    /// What the keys do.
    Help,
}

/// All that the screen shows.
#[derive(Debug)]
pub(crate) struct State {
    lesson: &'static Lesson,
    pub(crate) progress: Progress,
    /// The number of the run whose news count.
    run: u64,
    pub(crate) seed: u64,
    pub(crate) phase: Phase,
    outcomes: BTreeMap<&'static str, CheckOutcome>,
    /// Those that run now.
    running: Vec<&'static str>,
    /// The check that is looked at, if it was chosen.
    chosen: Option<usize>,
    pub(crate) page: Page,
    pub(crate) scroll: usize,
    /// How many lines the page has beyond those that fit: as far as it can be scrolled.
    pub(crate) hidden: usize,
    /// How many lines of it fit.
    pub(crate) height: usize,
    /// The lesson under the cursor, while one is chosen.
    pub(crate) choosing: Option<usize>,
    /// A line for the foot of the screen, until the next key.
    pub(crate) remark: Option<String>,
    /// Whether this is the lesson's first run here: what it builds on may have to be compiled, too.
    pub(crate) is_first_run: bool,
}

impl State {
    /// At `lesson`, before its first run.
    pub(crate) fn new(lesson: &'static Lesson, progress: Progress, seed: u64) -> Self {
        Self {
            lesson,
            progress,
            run: 0,
            seed,
            phase: Phase::Building,
            outcomes: BTreeMap::new(),
            running: Vec::new(),
            chosen: None,
            page: Page::Report,
            scroll: 0,
            hidden: 0,
            height: 0,
            choosing: None,
            remark: None,
            is_first_run: true,
        }
    }

    /// The lesson that is worked on.
    pub(crate) fn lesson(&self) -> &'static Lesson {
        self.lesson
    }

    /// What came of the check of that name, if it has run.
    pub(crate) fn outcome(&self, check: &str) -> Option<&CheckOutcome> {
        self.outcomes.get(check)
    }

    /// Whether the check of that name is still to come, or runs now.
    pub(crate) fn runs(&self, check: &str) -> bool {
        self.running.contains(&check)
    }

    /// The outcomes that are no passes, in the lesson's order.
    pub(crate) fn failures(&self) -> impl Iterator<Item = &CheckOutcome> {
        let outcomes = self.lesson.checks.iter();
        let outcomes = outcomes.filter_map(|check| self.outcome(check.name));
        outcomes.filter(|outcome| is_failure(outcome))
    }

    /// How many checks have passed.
    pub(crate) fn passed(&self) -> usize {
        self.outcomes.values().filter(|o| o.passed()).count()
    }

    /// How many points that makes.
    pub(crate) fn points(&self) -> u32 {
        self.outcomes.values().map(CheckOutcome::points).sum()
    }

    /// How many outcomes are known.
    pub(crate) fn known(&self) -> usize {
        self.outcomes.len()
    }

    /// The check that is looked at: the chosen one, or the first that failed.
    pub(crate) fn looked_at(&self) -> Option<&'static Check> {
        match self.chosen {
            Some(at) => self.lesson.checks.get(at),
            None => self
                .failures()
                .next()
                .and_then(|outcome| self.lesson.check(outcome.name)),
        }
    }

    /// Whether that check was chosen by hand.
    pub(crate) fn is_chosen(&self, check: &str) -> bool {
        self.chosen
            .is_some_and(|at| self.lesson.checks[at].name == check)
    }

    /// Whether the last run was of all checks, and none stands in the way.
    pub(crate) fn is_done(&self) -> bool {
        self.phase == Phase::Finished
            && self.known() == self.lesson.checks.len()
            && self.passed() > 0
            && self.failures().next().is_none()
    }

    /// The first run of all.
    pub(crate) fn begin(&mut self) -> Vec<Effect> {
        vec![self.run_all()]
    }

    /// Takes in what has happened, and says what to do about it.
    pub(crate) fn update(&mut self, input: Input) -> Vec<Effect> {
        match input {
            Input::Key(key) => {
                self.remark = None;
                self.press(key)
            }
            Input::Saved(folder) if folder == self.lesson.folder() => {
                self.is_first_run = false;
                // What was asked about the program as it was: the next report is what counts.
                self.turn_to(Page::Report);
                self.chosen = None;
                vec![self.run_all()]
            }
            Input::Run(run, news) if run == self.run => self.hear(news),
            Input::Show(page) => {
                self.turn_to(page);
                Vec::new()
            }
            Input::Remark(remark) => {
                self.remark = Some(remark);
                Vec::new()
            }
            Input::Lost(_) => vec![Effect::Quit],
            Input::Saved(_) | Input::Run(..) | Input::Resized => Vec::new(),
        }
    }

    fn hear(&mut self, news: News) -> Vec<Effect> {
        match news {
            News::DoesNotBuild(words) => {
                self.running.clear();
                self.phase = Phase::DoesNotBuild(words);
            }
            News::Trouble(words) => {
                self.running.clear();
                self.phase = Phase::Trouble(words);
            }
            News::Built => self.phase = Phase::Checking,
            News::Checked(outcome) => {
                self.running.retain(|name| *name != outcome.name);
                self.outcomes.insert(outcome.name, *outcome);
            }
            News::Finished => {
                self.running.clear();
                self.phase = Phase::Finished;
                if self.is_done() && !self.progress.has(self.lesson) {
                    self.progress.add(self.lesson);
                    let lesson = self.lesson.slug;
                    return vec![Effect::Record { lesson }];
                }
            }
        }
        Vec::new()
    }

    fn press(&mut self, key: Key) -> Vec<Effect> {
        if let Some(at) = self.choosing {
            return self.choose(at, key);
        }
        let lesson = self.lesson.slug;
        match key {
            Key::Next => return self.go(1),
            Key::Previous => return self.go(-1),
            Key::Choose => self.choosing = Some(self.place()),
            Key::Hint => match self.looked_at() {
                Some(check) => {
                    let check = check.name;
                    return vec![Effect::Hint { lesson, check }];
                }
                None => self.remark = Some("No check has failed: Tab chooses one.".into()),
            },
            Key::RunOne => match self.looked_at() {
                Some(check) => return vec![self.run(vec![check.name])],
                None => return vec![self.run_all()],
            },
            Key::RunAll => return vec![self.run_all()],
            Key::NextCheck => self.look(1),
            Key::PreviousCheck => self.look(-1),
            Key::AllFailures => self.turn_to(match self.page {
                Page::AllFailures => Page::Report,
                _ => Page::AllFailures,
            }),
            Key::Chapter => return vec![Effect::Chapter { lesson }],
            Key::Difference if self.progress.has(self.lesson) => {
                return vec![Effect::Difference { lesson }];
            }
            Key::Difference => {
                self.remark = Some("The solution is shown when all checks have passed.".into());
            }
            Key::Help => self.turn_to(match self.page {
                Page::Help => Page::Report,
                _ => Page::Help,
            }),
            Key::Up => self.scroll_to(self.scroll.saturating_sub(1)),
            Key::Down => self.scroll_to(self.scroll + 1),
            Key::PageUp => self.scroll_to(self.scroll.saturating_sub(self.page_step())),
            Key::PageDown => self.scroll_to(self.scroll + self.page_step()),
            Key::Enter => {}
            Key::Back => {
                self.chosen = None;
                self.turn_to(Page::Report);
            }
            Key::Quit => return vec![Effect::Quit],
        }
        Vec::new()
    }

    fn choose(&mut self, at: usize, key: Key) -> Vec<Effect> {
        let last = course::LESSONS.len() - 1;
        self.choosing = match key {
            Key::Up | Key::Previous | Key::PreviousCheck => Some(at.saturating_sub(1)),
            Key::Down | Key::Next | Key::NextCheck => Some((at + 1).min(last)),
            Key::PageUp => Some(0),
            Key::PageDown => Some(last),
            Key::Enter => return self.open(at),
            Key::Back | Key::Choose => None,
            Key::Quit => return vec![Effect::Quit],
            _ => Some(at),
        };
        Vec::new()
    }

    /// Where the lesson stands in the course.
    fn place(&self) -> usize {
        let lessons = course::LESSONS.iter();
        let mut numbers = lessons.map(|lesson| lesson.number);
        numbers
            .position(|number| number == self.lesson.number)
            .unwrap_or(0)
    }

    fn go(&mut self, step: isize) -> Vec<Effect> {
        match self.place().checked_add_signed(step) {
            Some(at) if at < course::LESSONS.len() => self.open(at),
            _ => {
                let end = if step > 0 { "last" } else { "first" };
                self.remark = Some(format!("This is the {end} lesson."));
                Vec::new()
            }
        }
    }

    fn open(&mut self, at: usize) -> Vec<Effect> {
        self.lesson = &course::LESSONS[at];
        self.is_first_run = true;
        self.choosing = None;
        self.chosen = None;
        self.turn_to(Page::Report);
        vec![self.run_all()]
    }

    /// Looks at the check that is `step` further.
    fn look(&mut self, step: isize) {
        let count = self.lesson.checks.len();
        let now = self.looked_at().and_then(|check| {
            let mut names = self.lesson.checks.iter().map(|own| own.name);
            names.position(|name| name == check.name)
        });
        self.chosen = Some(match now {
            // The first key shows which one that is.
            Some(at) if self.chosen.is_none() => at,
            Some(at) => (at + count).saturating_add_signed(step) % count,
            None => 0,
        });
        self.turn_to(Page::Report);
    }

    fn turn_to(&mut self, page: Page) {
        self.page = page;
        self.scroll = 0;
    }

    fn scroll_to(&mut self, line: usize) {
        self.scroll = line.min(self.hidden);
    }

    fn page_step(&self) -> usize {
        self.height.saturating_sub(1).max(1)
    }

    fn run_all(&mut self) -> Effect {
        self.outcomes.clear();
        self.run(self.lesson.checks.iter().map(|check| check.name).collect())
    }

    fn run(&mut self, checks: Vec<&'static str>) -> Effect {
        self.run += 1;
        self.phase = Phase::Building;
        self.running.clone_from(&checks);
        for check in &checks {
            self.outcomes.remove(check);
        }
        Effect::Run {
            run: self.run,
            lesson: self.lesson.slug,
            checks,
        }
    }
}

/// Whether this stands in the way of the lesson being done.
fn is_failure(outcome: &CheckOutcome) -> bool {
    matches!(
        outcome.outcome,
        Outcome::Failed(_) | Outcome::GraderError(_)
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(lesson: &str) -> State {
        let lesson = course::find(lesson).expect("a lesson");
        State::new(lesson, Progress::default(), 1)
    }

    fn outcome(check: &Check, outcome: Outcome) -> News {
        News::Checked(Box::new(CheckOutcome {
            name: check.name,
            max_points: check.points,
            outcome,
            duration: Duration::ZERO,
            capabilities: check.capabilities,
        }))
    }

    /// Runs all checks; those of `failing` fail.
    fn run(state: &mut State, failing: &[usize]) {
        let run = state.run;
        state.update(Input::Run(run, News::Built));
        for (at, check) in state.lesson.checks.iter().enumerate() {
            let came = if failing.contains(&at) {
                Outcome::GraderError("out of chalk".into())
            } else {
                Outcome::Passed
            };
            state.update(Input::Run(run, outcome(check, came)));
        }
        state.update(Input::Run(run, News::Finished));
    }

    fn press(state: &mut State, key: Key) -> Vec<Effect> {
        state.update(Input::Key(key))
    }

    #[test]
    fn a_save_runs_everything_again_and_old_news_is_none() {
        let mut state = at("echo");
        state.begin();
        let old = state.run;
        let effects = state.update(Input::Saved("205-echo".into()));
        let [Effect::Run { run, checks, .. }] = &effects[..] else {
            panic!("{effects:?}");
        };
        assert_eq!(*run, old + 1);
        assert_eq!(checks.len(), state.lesson.checks.len());
        state.update(Input::Run(old, News::DoesNotBuild("E0425".into())));
        assert_eq!(state.phase, Phase::Building);
    }

    #[test]
    fn a_save_in_another_exercise_is_none_of_ours() {
        let mut state = at("echo");
        state.begin();
        assert_eq!(state.update(Input::Saved("202-greet".into())), []);
    }

    #[test]
    fn the_first_failure_in_the_lessons_order_is_looked_at() {
        let mut state = at("echo");
        state.begin();
        run(&mut state, &[4, 2]);
        let third = state.lesson.checks[2].name;
        assert_eq!(state.looked_at().map(|check| check.name), Some(third));
        assert!(!state.is_done());
    }

    #[test]
    fn a_lesson_is_done_when_all_its_checks_have_run_and_none_failed() {
        let mut state = at("echo");
        state.begin();
        run(&mut state, &[]);
        assert!(state.is_done());
        assert!(state.progress.has(state.lesson));
    }

    #[test]
    fn one_check_alone_does_not_undo_what_the_others_said() {
        let mut state = at("echo");
        state.begin();
        run(&mut state, &[2]);
        let third = state.lesson.checks[2].name;
        let effects = press(&mut state, Key::RunOne);
        assert!(matches!(&effects[..], [Effect::Run { checks, .. }] if *checks == [third]));
        let run = state.run;
        let passed = outcome(&state.lesson.checks[2], Outcome::Passed);
        state.update(Input::Run(run, News::Built));
        state.update(Input::Run(run, passed));
        state.update(Input::Run(run, News::Finished));
        assert!(state.is_done());
    }

    #[test]
    fn the_difference_is_shown_only_after_a_pass() {
        let mut state = at("echo");
        state.begin();
        run(&mut state, &[0]);
        assert_eq!(press(&mut state, Key::Difference), []);
        assert!(state.remark.is_some());
        state.begin();
        run(&mut state, &[]);
        let lesson = "echo";
        assert_eq!(
            press(&mut state, Key::Difference),
            [Effect::Difference { lesson }]
        );
    }

    #[test]
    fn lessons_are_walked_through_and_chosen() {
        let mut state = at(course::LESSONS[0].slug);
        state.begin();
        assert_eq!(press(&mut state, Key::Previous), []);
        press(&mut state, Key::Next);
        assert_eq!(state.lesson.number, course::LESSONS[1].number);
        for key in [Key::Choose, Key::Down, Key::Down, Key::Up] {
            assert_eq!(press(&mut state, key), []);
        }
        assert!(matches!(
            &press(&mut state, Key::Enter)[..],
            [Effect::Run { lesson, .. }] if *lesson == course::LESSONS[2].slug
        ));
        press(&mut state, Key::Choose);
        press(&mut state, Key::Back);
        assert_eq!(state.lesson.number, course::LESSONS[2].number);
    }

    #[test]
    fn a_page_is_scrolled_as_far_as_it_goes() {
        let mut state = at("echo");
        state.begin();
        (state.hidden, state.height) = (12, 10);
        press(&mut state, Key::PageDown);
        assert_eq!(state.scroll, 9);
        press(&mut state, Key::PageDown);
        assert_eq!(state.scroll, 12);
        press(&mut state, Key::Up);
        assert_eq!(state.scroll, 11);
        press(&mut state, Key::Help);
        assert_eq!(state.scroll, 0);
    }
}
