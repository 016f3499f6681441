//! What a chapter shows of a program is what the program prints: all but the numbers, which are those of
//! the machine on which the chapter was written.

#![cfg(target_os = "linux")]
#![forbid(unsafe_code)]

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use regex::Regex;

#[test]
fn what_each_verb_does_without_waiting() -> anyhow::Result<()> {
    is_as_shown("blocking-and-not", "poll-demo-would-block", &[])
}

#[test]
fn what_poll_says() -> anyhow::Result<()> {
    is_as_shown("blocking-and-not", "poll-demo-what-poll-says", &[])
}

#[test]
fn level_and_edge() -> anyhow::Result<()> {
    is_as_shown("blocking-and-not", "poll-demo-level-and-edge", &[])
}

#[test]
fn what_threads_and_events_cost() -> anyhow::Result<()> {
    is_as_shown("threads-or-events", "poll-demo-cost", &["10"])
}

#[test]
fn what_a_slow_reader_lets_in() -> anyhow::Result<()> {
    is_as_shown("304-chat", "chat-demo-slow-reader", &[])
}

/// Runs `example` with `args` as `chapter` says, and compares.
fn is_as_shown(chapter: &str, example: &str, args: &[&str]) -> anyhow::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let course = here.ancestors().nth(2).context("the course's folder")?;
    let (slug, _) = example.split_once("-demo-").context("the lesson's slug")?;
    let package = format!("{slug}-lesson");
    let mut words = vec!["run", "-q", "-p", &package, "--example", example];
    if !args.is_empty() {
        words.push("--");
        words.extend(args);
    }
    let chapter = std::fs::read_to_string(course.join(format!("book/src/{chapter}.md")))?;
    let shown = shown(&chapter, &format!("$ cargo {}", words.join(" ")))?;
    let output = Command::new(env!("CARGO"))
        .current_dir(course)
        .args(&words)
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the program fails: {said}");
    let printed = String::from_utf8(output.stdout)?;
    ensure!(
        without_numbers(&printed)? == without_numbers(&shown)?,
        "the chapter shows\n{shown}\nand here it prints\n{printed}"
    );
    Ok(())
}

/// What `chapter` shows below `command`.
fn shown(chapter: &str, command: &str) -> anyhow::Result<String> {
    let mut lines = chapter.lines().skip_while(|line| *line != command);
    lines
        .next()
        .with_context(|| format!("the chapter does not show `{command}`"))?;
    let shown = lines.take_while(|line| !line.starts_with("```") && !line.starts_with("$ "));
    Ok(shown.map(|line| format!("{line}\n")).collect())
}

/// Amounts, times, and whatever else has more than one digit, give way to a word, with the spaces before
/// them. What is left are counts and the bytes that a call returns.
fn without_numbers(text: &str) -> anyhow::Result<String> {
    let amount = Regex::new(r" *\b\d+ (KiB|MiB|bytes of one more)")?;
    let number = Regex::new(r" *\b\d[\d,.]*\d(ns|µs|ms|s)?\b")?;
    let text = amount.replace_all(text, " N $1");
    Ok(number.replace_all(&text, " N").into_owned())
}
