//! The picture of a [`State`].
//!
//! Left the course; right the lesson's checks, and below them a page: the report on a failure, the
//! compiler's words, a hint. Nothing hangs on colour alone.

use ansi_to_tui::IntoText as _;
use harness::Lesson;
use harness::outcome::{CheckOutcome, Outcome};
use harness::payload::plural;
use harness::report::{Reading, Reports};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style, Stylize as _};
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Block, Borders, Paragraph};

use super::state::{Page, Phase, State};

/// How many columns the course takes, with its border.
const COURSE: u16 = 20;
/// How many columns a report takes at most.
const REPORT: usize = 80;
/// A check's name and mark; two columns of them fit beside the course on 80 columns.
const CHECK: usize = 30;

/// Draws `state`, and notes in it how far its page can be scrolled.
pub(crate) fn draw(frame: &mut Frame<'_>, state: &mut State) {
    let [title, middle, foot] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    let [course, right] =
        Layout::horizontal([Constraint::Length(COURSE), Constraint::Min(0)]).areas(middle);
    let columns = (usize::from(right.width) / CHECK).max(1);
    let rows = state.lesson().checks.len().div_ceil(columns);
    let [checks, status, page] = Layout::vertical([
        Constraint::Length(u16::try_from(rows).unwrap_or(u16::MAX)),
        Constraint::Length(1),
        Constraint::Min(0),
    ])
    .areas(right);
    frame.render_widget(heading(state.lesson()), title);
    draw_course(frame, state, course);
    frame.render_widget(grid(state, rows, columns), checks);
    frame.render_widget(Paragraph::new(standing(state)), status);
    draw_page(frame, state, page);
    frame.render_widget(keys(state), foot);
}

fn heading(lesson: &Lesson) -> Paragraph<'static> {
    let text = format!(" {} {}   {}", lesson.number, lesson.slug, lesson.title);
    Paragraph::new(text).style(Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD))
}

fn draw_course(frame: &mut Frame<'_>, state: &State, area: Rect) {
    let height = usize::from(area.height);
    let lessons = course::LESSONS;
    let here = |lesson: &Lesson| lesson.number == state.lesson().number;
    let cursor = state
        .choosing
        .or_else(|| lessons.iter().position(here))
        .unwrap_or(0);
    // The cursor stays in the middle where the list is longer than the screen.
    let first = cursor
        .saturating_sub(height / 2)
        .min(lessons.len().saturating_sub(height));
    let lines = lessons.iter().enumerate().skip(first).take(height);
    let lines = lines.map(|(at, lesson)| {
        let mark = if state.progress.has(lesson) {
            "✓".green()
        } else {
            " ".into()
        };
        let arrow = if at == cursor { "▶" } else { " " };
        let name = format!("{} {}", lesson.number, lesson.slug);
        let name = match at == cursor {
            true if state.choosing.is_some() => name.reversed(),
            true => name.bold(),
            false => name.into(),
        };
        Line::from(vec![arrow.into(), mark, " ".into(), name])
    });
    let block = Block::new().borders(Borders::RIGHT);
    let text: Text<'_> = lines.collect();
    frame.render_widget(Paragraph::new(text).block(block), area);
}

/// The checks, by columns.
fn grid(state: &State, rows: usize, columns: usize) -> Paragraph<'static> {
    let checks = state.lesson().checks;
    let line = |row: usize| {
        let of_row = (0..columns).filter_map(|column| checks.get(column * rows + row));
        let cells = of_row.flat_map(|check| {
            let (mark, colour) = mark(state, check.name);
            let mut name = Span::from(format!("{:width$}", check.name, width = CHECK - 3));
            if state.is_chosen(check.name) {
                name = name.reversed();
            }
            [
                " ".into(),
                Span::from(mark).fg(colour).bold(),
                " ".into(),
                name,
            ]
        });
        cells.collect::<Line<'_>>()
    };
    Paragraph::new((0..rows).map(line).collect::<Text<'_>>())
}

fn mark(state: &State, check: &str) -> (&'static str, Color) {
    match state.outcome(check).map(|outcome| &outcome.outcome) {
        Some(Outcome::Passed) => ("✓", Color::Green),
        Some(Outcome::Failed(_)) => ("✗", Color::Red),
        Some(Outcome::Skipped(_)) => ("-", Color::Reset),
        Some(Outcome::GraderError(_)) => ("!", Color::Red),
        None if state.runs(check) && state.phase == Phase::Checking => ("…", Color::Yellow),
        None => ("·", Color::Reset),
    }
}

/// How far it is, between the checks and the page.
fn standing(state: &State) -> Line<'static> {
    let all = state.lesson().checks.len();
    let (words, colour) = match &state.phase {
        Phase::Building => ("building …".to_owned(), Color::Yellow),
        Phase::DoesNotBuild(_) => ("it does not build".to_owned(), Color::Red),
        Phase::Trouble(_) => ("it could not be checked".to_owned(), Color::Red),
        Phase::Checking => (
            format!("checking … {} of {all}", state.known()),
            Color::Yellow,
        ),
        Phase::Finished => {
            let passed = state.passed();
            let checks = plural(all, "check");
            let points = plural(state.lesson().max_points() as usize, "point");
            let colour = if state.is_done() {
                Color::Green
            } else {
                Color::Red
            };
            let words = format!(
                "{passed} of {checks} passed, {} of {points}",
                state.points()
            );
            (words, colour)
        }
    };
    Line::from(vec![
        "── ".into(),
        Span::from(words).fg(colour).bold(),
        " ".into(),
        "─".repeat(200).into(),
    ])
}

fn draw_page(frame: &mut Frame<'_>, state: &mut State, area: Rect) {
    // One column stays free beside the course's border.
    let width = usize::from(area.width.saturating_sub(1)).min(REPORT);
    let text = fold(page(state, width), width);
    state.height = usize::from(area.height);
    state.hidden = text.lines.len().saturating_sub(state.height);
    state.scroll = state.scroll.min(state.hidden);
    let block = Block::new().padding(ratatui::widgets::Padding::left(1));
    let scroll = u16::try_from(state.scroll).unwrap_or(u16::MAX);
    frame.render_widget(Paragraph::new(text).block(block).scroll((scroll, 0)), area);
}

/// What the page says.
fn page(state: &State, width: usize) -> Text<'static> {
    match (&state.page, &state.phase) {
        (Page::Help, _) => Text::raw(HELP),
        (Page::Text { title, text }, _) => {
            let mut page = Text::from(Line::from(title.clone()).bold());
            page.push_line("");
            page.extend(coloured(text));
            page
        }
        (_, Phase::DoesNotBuild(words)) => coloured(words),
        (_, Phase::Trouble(words)) => Text::raw(words.clone()),
        (Page::AllFailures, _) => {
            let mut reports = Reports::within(width);
            let reading = reading(state);
            let all = state.failures().map(|outcome| {
                let report = reports.next(state.lesson(), outcome, &reading);
                report.trim_end().to_owned()
            });
            coloured(&all.collect::<Vec<_>>().join("\n\n"))
        }
        (Page::Report, phase) => match state.looked_at() {
            Some(check) => match state.outcome(check.name) {
                Some(outcome) => report(state, outcome, check.sees, width),
                None => Text::raw(format!("{}: {}", check.name, check.sees)),
            },
            None if state.is_done() => Text::raw(done(state)),
            None if *phase == Phase::Finished => {
                Text::raw("Nothing has failed. R runs all checks.")
            }
            None if *phase == Phase::Building && state.is_first_run => Text::raw(FIRST_RUN),
            None => Text::default(),
        },
    }
}

fn report(state: &State, outcome: &CheckOutcome, sees: &str, width: usize) -> Text<'static> {
    if outcome.passed() {
        return Text::raw(format!("✓ {} passes: {sees}", outcome.name));
    }
    let report = Reports::within(width).next(state.lesson(), outcome, &reading(state));
    coloured(&report)
}

fn reading(state: &State) -> Reading {
    Reading {
        colour: true,
        again: format!(
            "SOCKLINGS_SEED={{seed}} cargo test -p {} {{check}}",
            state.lesson().slug
        ),
        seed: state.seed,
    }
}

fn done(state: &State) -> String {
    let left = course::LESSONS.len() - state.progress.count();
    let next = match left {
        0 => "That was the last lesson: the course is done.".to_owned(),
        _ => format!("n  goes on to the next lesson; {left} are left."),
    };
    format!(
        "All checks of {} pass.\n\n{next}\nd  shows what the course's own solution does otherwise.",
        state.lesson().slug
    )
}

const FIRST_RUN: &str = "\
The first time, what the exercise builds on
is compiled as well: that takes a while.";

const HELP: &str = "\
n  p       next lesson, previous lesson
c          choose a lesson: ↑ ↓ Enter, Esc

Tab        look at the next check (Shift-Tab: back)
r          run that check alone
R          run all checks
a          all failures, and back

↑ ↓        scroll (also j k, PageUp PageDown, Space)
Esc        back to the first failure

h          a hint; each time one more
b          open the chapter in the browser
d          compare with the solution, once all checks pass

q          quit (also Ctrl-C)

Whenever you save, everything is built and checked again.
";

fn keys(state: &State) -> Paragraph<'static> {
    let text = match (&state.remark, state.choosing) {
        (Some(remark), _) => format!(" {remark}"),
        (None, Some(_)) => " ↑ ↓ Enter opens the lesson   Esc back".to_owned(),
        (None, None) => {
            let more = match state.hidden.saturating_sub(state.scroll) {
                0 => String::new(),
                lines => format!("   ↓ {lines} more"),
            };
            format!(" n next  p previous  c choose  h hint  a failures  ? keys  q quit{more}")
        }
    };
    Paragraph::new(text).style(Style::new().add_modifier(Modifier::REVERSED))
}

/// Text with a terminal's colours in it.
fn coloured(text: &str) -> Text<'static> {
    // Colours that cannot be understood are no reason to show nothing.
    text.into_text()
        .unwrap_or_else(|_| Text::raw(text.to_owned()))
}

/// Breaks lines that are longer than `width` columns, so that nothing is lost.
fn fold(text: Text<'static>, width: usize) -> Text<'static> {
    let width = width.max(1);
    let mut folded = Text::default();
    for line in text.lines {
        if line.width() <= width {
            folded.lines.push(line);
            continue;
        }
        let mut rest: Vec<Span<'static>> = Vec::new();
        let mut room = width;
        for span in line.spans {
            let mut piece = String::new();
            for c in span.content.chars() {
                let columns = Span::raw(c.to_string()).width();
                if columns > room {
                    rest.push(Span::styled(std::mem::take(&mut piece), span.style));
                    folded.lines.push(Line::from(std::mem::take(&mut rest)));
                    room = width;
                }
                room = room.saturating_sub(columns);
                piece.push(c);
            }
            rest.push(Span::styled(piece, span.style));
        }
        folded.lines.push(Line::from(rest));
    }
    folded
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use harness::Failure;
    use harness::diagnosis::Diagnosis;
    use harness::evidence::Evidence;
    use harness::failure::{Actual, DecidedBy, Expected};
    use harness::outcome::Report;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::super::state::{Effect, Input, Key, News};
    use super::*;
    use crate::progress::Progress;

    fn failed() -> Outcome {
        let failure = Failure {
            peer: None,
            after: None,
            about: None,
            expected: Expected::Running,
            actual: Actual::Exited {
                how: "exited with status 101 (a panic)".into(),
            },
            decided_by: DecidedBy::Exit,
            evidence: Evidence::default(),
        };
        let meaning = "The program should have gone on after the first client. It ended with it, and \
                       took all others along.";
        Outcome::Failed(Box::new(Report {
            headline: failure.headline(),
            diagnosis: Diagnosis::new("ended", meaning),
            failure,
            transcript: Vec::new(),
        }))
    }

    /// A run of echo in which one check failed, one was skipped, one met an error of the grader, and
    /// the last still runs.
    fn half_way() -> State {
        let done = Progress::of(["201-listen", "202-greet"].into_iter());
        let lesson = course::find("echo").expect("a lesson");
        let mut state = State::new(lesson, done, 4711);
        let [Effect::Run { run, .. }] = state.begin()[..] else {
            panic!("it begins with a run");
        };
        state.update(Input::Run(run, News::Built));
        let (_, others) = lesson.checks.split_last().expect("checks");
        for (at, check) in others.iter().enumerate() {
            let outcome = match at {
                2 => failed(),
                3 => Outcome::Skipped("it needs a network of its own".into()),
                5 => Outcome::GraderError("no descriptor is left".into()),
                _ => Outcome::Passed,
            };
            let outcome = CheckOutcome {
                name: check.name,
                max_points: check.points,
                outcome,
                duration: Duration::ZERO,
                capabilities: check.capabilities,
            };
            state.update(Input::Run(run, News::Checked(Box::new(outcome))));
        }
        state
    }

    /// The picture of `state` on so many columns and rows.
    fn picture(state: &mut State, columns: u16, rows: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
        terminal.draw(|frame| draw(frame, state)).expect("drawn");
        terminal.backend().to_string()
    }

    /// Holds a picture against the one that is kept, without the list of lessons: a course grows.
    fn assert_right_side(name: &str, picture: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.add_filter(r"(?m)^.{20}│", "[course] │");
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, picture));
    }

    #[test]
    fn the_first_failure_stands_below_the_checks() {
        assert_right_side("first_failure", &picture(&mut half_way(), 80, 24));
    }

    #[test]
    fn all_failures_stand_one_below_the_other() {
        let mut state = half_way();
        state.update(Input::Key(Key::AllFailures));
        assert_right_side("all_failures", &picture(&mut state, 80, 36));
    }

    #[test]
    fn a_lesson_is_chosen_in_the_course() {
        let mut state = half_way();
        state.update(Input::Key(Key::Choose));
        state.update(Input::Key(Key::Down));
        // So few rows that the course is longer than the screen.
        insta::assert_snapshot!(picture(&mut state, 80, 12));
    }

    #[test]
    fn what_the_compiler_paints_is_painted_and_long_lines_are_folded() {
        let mut state = half_way();
        let [Effect::Run { run, .. }] = state.update(Input::Key(Key::RunAll))[..] else {
            panic!("it runs");
        };
        let words = format!("\u{1b}[31merror\u{1b}[0m: {}", "too long ".repeat(9));
        state.update(Input::Run(run, News::DoesNotBuild(words)));
        let mut terminal = Terminal::new(TestBackend::new(80, 16)).expect("a terminal");
        terminal
            .draw(|frame| draw(frame, &mut state))
            .expect("drawn");
        let error = &terminal.backend().buffer()[(21, 8)];
        assert_eq!((error.symbol(), error.fg), ("e", Color::Red));
        assert_right_side("does_not_build", &terminal.backend().to_string());
    }

    #[test]
    fn only_a_first_build_is_said_to_take_long() {
        let lesson = course::find("echo").expect("a lesson");
        let mut state = State::new(lesson, Progress::default(), 4711);
        state.begin();
        let explained = "is compiled as well: that takes a while.";
        assert!(picture(&mut state, 80, 24).contains(explained));
        state.update(Input::Saved(lesson.folder()));
        assert!(!picture(&mut state, 80, 24).contains(explained));
        state.update(Input::Key(Key::Next));
        assert!(picture(&mut state, 80, 24).contains(explained));
    }

    #[test]
    fn no_size_is_too_small() {
        for (columns, rows) in [(1, 1), (20, 3), (21, 5), (300, 100)] {
            picture(&mut half_way(), columns, rows);
        }
    }
}
