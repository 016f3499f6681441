//! The book's reference of the commands is what they say of themselves.
//!
//! `UPDATE_REFERENCE=1` writes it anew.

#![forbid(unsafe_code)]

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

#[test]
fn the_books_reference_is_what_the_commands_say() -> anyhow::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let course = here.ancestors().nth(2).context("the course's folder")?;
    let kept = course.join("book/src/commands.socklings.md");
    let mut said = String::new();
    describe(&[], &mut said)?;
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(&kept, &said)?;
    }
    let kept = std::fs::read_to_string(&kept)?;
    ensure!(
        kept == said,
        "the book says\n{kept}\nand the commands say\n{said}\n\
         (UPDATE_REFERENCE=1 cargo test -p socklings --test reference writes it anew)"
    );
    Ok(())
}

/// What a command says with `--help`, then the same of each of its sub-commands.
fn describe(words: &[&str], said: &mut String) -> anyhow::Result<()> {
    let output = Command::new(env!("CARGO_BIN_EXE_socklings"))
        .args(words)
        .arg("--help")
        .env("COLUMNS", "76")
        .output()?;
    ensure!(output.status.success(), "{words:?} has no --help");
    let help = String::from_utf8(output.stdout)?;
    let name = words.join(" ");
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    *said += &format!(
        "## cargo socklings {name}\n\n```text\n{}\n```\n\n",
        lines.join("\n").trim_end()
    )
    .replace("socklings \n", "socklings\n");
    for command in commands(&help) {
        let words: Vec<&str> = words.iter().copied().chain([command]).collect();
        describe(&words, said)?;
    }
    Ok(())
}

/// The names below `Commands:`.
fn commands(help: &str) -> impl Iterator<Item = &str> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    // What stands further in goes on with the line above.
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help")
}
