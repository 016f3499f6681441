//! The table in the chapter about the other side that goes away: each row is done, and what comes of it
//! must be what the chapter says.
//!
//! `UPDATE_TABLE=1` writes the table anew.

#![cfg(target_os = "linux")]
#![forbid(unsafe_code)]

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

#[test]
fn the_table_of_the_chapter_is_what_the_kernel_does() -> anyhow::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let course = here.ancestors().nth(2).context("the course's folder")?;
    let table = course.join("lessons/302-deadlines/demo/gone.table.md");
    let output = Command::new(env!("CARGO"))
        .current_dir(course)
        .args(["run", "--quiet", "--package", "deadlines-lesson"])
        .args(["--example", "deadlines-demo-gone"])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the program fails: {said}");
    let printed = String::from_utf8(output.stdout)?;
    if std::env::var_os("UPDATE_TABLE").is_some() {
        std::fs::write(&table, &printed)?;
    }
    let kept = std::fs::read_to_string(&table)?;
    ensure!(
        kept == printed,
        "the chapter says\n{kept}\nand here it is\n{printed}"
    );
    Ok(())
}
