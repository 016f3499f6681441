//! Each command in the chapter of errors is run, and must say what the chapter says.

#![cfg(target_os = "linux")]
#![forbid(unsafe_code)]

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

#[test]
fn each_command_causes_the_error_that_it_is_there_for() -> anyhow::Result<()> {
    let chapter = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/errors.md");
    let chapter = fs::read_to_string(chapter)?;
    let has_networks_of_its_own = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net", "ip", "link"])
        .output()
        .is_ok_and(|output| output.status.success());
    let mut run = 0;
    for section in chapter.split("\n## ").skip(1) {
        let error = section.lines().next().unwrap_or_default();
        let example = Example::of(section).with_context(|| format!("{error} has no command"))?;
        if example.command.starts_with("unshare") && !has_networks_of_its_own {
            println!("{error}: skipped, since it needs a network of its own");
            continue;
        }
        let output = Command::new("sh").args(["-c", &example.command]).output()?;
        let said = String::from_utf8(output.stderr)?;
        let last = said.lines().next_back().unwrap_or_default();
        ensure!(
            last == example.says,
            "{error}: the chapter says\n{}\nand here it is\n{said}",
            example.says
        );
        run += 1;
    }
    ensure!(run > 15, "only {run} commands were run");
    Ok(())
}

/// A command, with what is typed into it, and the line that it ends with.
struct Example {
    command: String,
    says: String,
}

impl Example {
    fn of(section: &str) -> Option<Self> {
        let (_, block) = section.split_once("```console\n$ ")?;
        let (block, _) = block.split_once("\n```")?;
        let (command, says) = block.rsplit_once('\n')?;
        Some(Self {
            command: command.to_owned(),
            says: says.to_owned(),
        })
    }
}
