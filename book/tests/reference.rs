//! The book's reference of `cargo book` is what it says of itself.
//!
//! `UPDATE_REFERENCE=1` writes it anew.

#![forbid(unsafe_code)]

use std::path::Path;
use std::process::Command;

use anyhow::ensure;

#[test]
fn the_reference_is_what_the_commands_say() -> anyhow::Result<()> {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/commands.book.md");
    let mut said = String::new();
    for command in ["build", "serve", "check", "capture"] {
        let output = Command::new(env!("CARGO_BIN_EXE_book"))
            .args([command, "--help"])
            .env("COLUMNS", "76")
            .output()?;
        ensure!(output.status.success(), "{command} has no --help");
        let help = String::from_utf8(output.stdout)?;
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        said += &format!(
            "## cargo book {command}\n\n```text\n{}\n```\n\n",
            lines.join("\n")
        );
    }
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(&kept, &said)?;
    }
    let kept = std::fs::read_to_string(&kept)?;
    ensure!(
        kept == said,
        "the book says\n{kept}\nand the commands say\n{said}\n\
         (UPDATE_REFERENCE=1 cargo test -p book --test reference writes it anew)"
    );
    Ok(())
}
