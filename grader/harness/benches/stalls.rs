//! Stall detection, at length: every late program and every stuck one, again and again, with busy
//! loops beside them. Prints how often a verdict was false, and how long after a program got stuck
//! that was known.
//!
//! ```text
//! cargo bench -p harness --bench stalls -- [--runs N] [--jobs N] [--busy N] [--only TEXT]
//! ```

#![forbid(unsafe_code)]

#[path = "../tests/stall/conversations.rs"]
mod conversations;
#[path = "../tests/stall/programs.rs"]
mod programs;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use harness::failure::DecidedBy;
use harness::outcome::CheckOutcome;
use harness::transcript::What;

use crate::programs::Program;

/// What the command line asks for.
struct Options {
    runs: usize,
    jobs: usize,
    busy: usize,
    only: String,
}

/// What came of one program so far.
#[derive(Debug, Default)]
struct Tally {
    verdicts: usize,
    false_verdicts: usize,
    by_deadline: usize,
    /// Milliseconds from the message until it was known that no answer comes.
    times: Vec<f64>,
    examples: Vec<String>,
}

fn main() -> ExitCode {
    harness::arena::prepare();
    match options().and_then(|options| run(&options)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }
    }
}

fn options() -> anyhow::Result<Options> {
    let mut options = Options {
        runs: 500,
        jobs: 24,
        busy: 4,
        only: String::new(),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().context("a value is missing");
        match word.as_str() {
            "--runs" => options.runs = value()?.parse()?,
            "--jobs" => options.jobs = value()?.parse()?,
            "--busy" => options.busy = value()?.parse()?,
            "--only" => options.only = value()?,
            // cargo adds this one.
            "--bench" => {}
            _ => anyhow::bail!("unknown: {word}"),
        }
    }
    Ok(options)
}

/// Runs everything and prints the tables. Gives the number of false verdicts.
fn run(options: &Options) -> anyhow::Result<usize> {
    let chosen = |collection| -> anyhow::Result<Vec<Program>> {
        let mut programs = programs::of(collection)?;
        programs.retain(|program| format!("{collection}/{}", program.name).contains(&options.only));
        Ok(programs)
    };
    let (late, stuck) = (chosen("late")?, chosen("stuck")?);
    let (late, stuck) = beside_busy_loops(options.busy, || {
        let late = many(&late, options, run_late);
        (late, many(&stuck, options, run_stuck))
    });
    println!("Late programs: no verdict may be a stall.\n");
    late.iter().for_each(print);
    println!(
        "\nStuck programs: every verdict must be a stall. Milliseconds from the message on.\n"
    );
    stuck.iter().for_each(print);
    let all = || late.iter().chain(&stuck).map(|(_, tally)| tally);
    let verdicts: usize = all().map(|tally| tally.verdicts).sum();
    let by_deadline: usize = all().map(|tally| tally.by_deadline).sum();
    let false_verdicts = all().map(|tally| tally.false_verdicts).sum();
    println!("\n{verdicts} verdicts, {by_deadline} by deadline, {false_verdicts} false");
    Ok(false_verdicts)
}

fn print((program, tally): &(&Program, Tally)) {
    let Tally {
        verdicts,
        false_verdicts,
        by_deadline,
        ..
    } = tally;
    let name = &program.name;
    print!(
        "{name:<32} {verdicts:>5} verdicts {false_verdicts:>3} false {by_deadline:>3} by deadline"
    );
    let mut times = tally.times.clone();
    times.sort_by(f64::total_cmp);
    if let (Some(median), Some(worst)) = (times.get(times.len() / 2), times.last()) {
        print!("   median {median:>6.1} ms   worst {worst:>6.1} ms");
    }
    println!();
    for example in &tally.examples {
        println!("    {example}");
    }
}

/// Does `work` while that many threads compute, which end with it.
fn beside_busy_loops<T>(number: usize, work: impl FnOnce() -> T) -> T {
    // Whatever happens to the work, they do not go on for ever.
    const AT_MOST: Duration = Duration::from_secs(4 * 3600);
    let done = AtomicBool::new(false);
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..number {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) && begin.elapsed() < AT_MOST {
                    std::hint::spin_loop();
                }
            });
        }
        let result = work();
        done.store(true, Ordering::Relaxed);
        result
    })
}

/// Runs each program as often as was asked for, several side by side.
fn many<'a>(
    programs: &'a [Program],
    options: &Options,
    once: fn(&Program, &mut Tally),
) -> Vec<(&'a Program, Tally)> {
    let tallies: Vec<_> = programs.iter().map(|_| Mutex::default()).collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..options.jobs {
            scope.spawn(|| {
                // Round and round, so that the neighbours are others each time.
                while let number = next.fetch_add(1, Ordering::Relaxed)
                    && number < programs.len() * options.runs
                {
                    let index = number % programs.len();
                    let mut tally = Tally::default();
                    once(&programs[index], &mut tally);
                    add(&tallies[index], tally);
                }
            });
        }
    });
    let tallies = tallies.into_iter();
    let tallies = tallies.map(|t| t.into_inner().unwrap_or_else(PoisonError::into_inner));
    programs.iter().zip(tallies).collect()
}

fn add(sum: &Mutex<Tally>, more: Tally) {
    const EXAMPLES: usize = 3;
    let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
    sum.verdicts += more.verdicts;
    sum.false_verdicts += more.false_verdicts;
    sum.by_deadline += more.by_deadline;
    sum.times.extend(more.times);
    sum.examples.extend(more.examples);
    sum.examples.truncate(EXAMPLES);
}

/// Both conversations with a program that is late.
fn run_late(program: &Program, tally: &mut Tally) {
    let settings = conversations::settings();
    let asked = conversations::asked(&program.target(&[]), &settings);
    count(tally, asked.passed(), &asked);
    let unasked = conversations::unasked(&program.target(&["unasked"]), &settings);
    count(tally, conversations::was_caught(&unasked), &unasked);
}

/// The conversation with a program that is stuck.
fn run_stuck(program: &Program, tally: &mut Tally) {
    let settings = conversations::settings();
    let asked = conversations::asked(&program.target(&[]), &settings);
    let stalled = conversations::decided_by(&asked) == Some(DecidedBy::Stall);
    count(tally, stalled, &asked);
    tally.times.extend(time_to_verdict(&asked));
}

fn count(tally: &mut Tally, holds: bool, outcome: &CheckOutcome) {
    let by_deadline = conversations::decided_by(outcome) == Some(DecidedBy::Deadline);
    tally.verdicts += 1;
    tally.by_deadline += usize::from(by_deadline);
    if !holds {
        tally.false_verdicts += usize::from(!by_deadline);
        tally.examples.push(conversations::in_words(outcome));
    }
}

/// Milliseconds from the peer's last message to the verdict.
fn time_to_verdict(outcome: &CheckOutcome) -> Option<f64> {
    let events = &outcome.report()?.transcript;
    let mut sent = events.iter().rev();
    let sent = sent.find(|event| matches!(event.what, What::Sends { .. }))?;
    Some(events.last()?.at_ms - sent.at_ms)
}
