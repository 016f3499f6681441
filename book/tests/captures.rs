//! The captures behind the diagrams are made again, and must tell the same story.

#![cfg(target_os = "linux")]
#![forbid(unsafe_code)]

use std::process::Command;

use anyhow::ensure;

#[test]
fn the_kept_captures_are_what_the_kernel_does() -> anyhow::Result<()> {
    // A process of its own, since this one has threads and cannot enter a user namespace.
    compares(Command::new(env!("CARGO_BIN_EXE_book")).args(["capture", "--compare"]))
}

#[test]
fn a_demo_ends_at_ctrl_c_though_it_was_ignored_by_whoever_started_us() -> anyhow::Result<()> {
    let script = "trap '' INT && exec \"$0\" capture --compare echo";
    compares(Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_book")]))
}

fn compares(command: &mut Command) -> anyhow::Result<()> {
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let complains = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{said}{complains}");
    print!("{said}");
    let is_skipped = said.contains("skipped, since");
    ensure!(is_skipped || said.contains("echo: the same"), "{said}");
    Ok(())
}
