//! Captures of real traffic, for the book's diagrams: made, kept in files, compared.
//!
//! A capture is made in an arena of its own, a network namespace whose loopback nobody else uses.

#[cfg(target_os = "linux")]
mod asked;
mod built;
#[cfg(target_os = "linux")]
mod conduct;
#[cfg(target_os = "linux")]
mod folders;
#[cfg(target_os = "linux")]
mod patience;
#[cfg(target_os = "linux")]
mod play;
#[cfg(target_os = "linux")]
mod results;
pub(crate) mod script;
pub(crate) mod source;
pub(crate) mod story;
#[cfg(target_os = "linux")]
mod tracee;
#[cfg(target_os = "linux")]
mod wire;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use harness::arena::{self, Arena};

use built::Built;
#[cfg(target_os = "linux")]
use folders::Folders;
use script::Capture;

/// Where captures are kept.
const FOLDER: &str = "captures";

/// The file of a capture.
pub(crate) fn file(book: &Path, name: &str) -> PathBuf {
    book.join(FOLDER).join(name).with_extension("txt")
}

/// The names of all captures.
pub(crate) fn all(book: &Path) -> anyhow::Result<Vec<String>> {
    let folder = book.join(FOLDER);
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default();
        names.push(stem.to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Makes captures again, all of them if none is named. Call it while the process has one thread.
///
/// With `compare` nothing is written, and the answer is whether the kept ones tell the same story.
pub(crate) fn again(book: &Path, names: &[String], compare: bool) -> anyhow::Result<bool> {
    let names = if names.is_empty() {
        all(book)?
    } else {
        names.to_vec()
    };
    let kept: anyhow::Result<Vec<_>> = names
        .iter()
        .map(|n| Capture::load(&file(book, n)))
        .collect();
    let kept = kept?;
    let home = book.parent().context("the book has no folder above")?;
    // Before this process has a network of its own: cargo may need the other one.
    let programs = Built::of(home, &kept)?;
    arena::prepare();
    let mut same = true;
    for kept in kept {
        // A new network each time: in the last one the port may still be in TIME-WAIT.
        if let Arena::Host(reason) = arena::enter() {
            println!("skipped, since a capture needs a network of its own: {reason}");
            return Ok(true);
        }
        let name = &kept.name;
        if let Some(reason) = refusal(&kept)? {
            println!("{name}: skipped, since programs cannot be traced here: {reason}");
            continue;
        }
        let made = make(&kept, &programs).with_context(|| format!("in the capture {name}"))?;
        if compare {
            let (then, now) = (story::of(&kept)?, story::of(&made)?);
            if then == now {
                println!("{name}: the same");
            } else {
                same = false;
                println!("{name}: kept is\n{then}\nand here it is\n{now}");
            }
        } else {
            let path = file(book, name);
            fs::write(&path, made.to_string()).with_context(|| path.display().to_string())?;
            println!("{}", path.display());
        }
    }
    Ok(same)
}

#[cfg(target_os = "linux")]
fn make(kept: &Capture, programs: &Built) -> anyhow::Result<Capture> {
    if kept.source.programs.is_empty() {
        return play::play(kept);
    }
    let folders = Folders::new(kept.source.file.as_ref())?;
    let mut all = Vec::new();
    for program in &kept.source.programs {
        let words = programs.words(program)?;
        all.push(words.iter().map(|word| folders.fill_in(word)).collect());
    }
    conduct::conduct(kept, &all, programs.home())
}

/// Why the programs of a capture cannot be traced here, if they cannot.
#[cfg(target_os = "linux")]
fn refusal(kept: &Capture) -> anyhow::Result<Option<String>> {
    if kept.source.programs.is_empty() {
        return Ok(None);
    }
    tracee::refusal()
}

#[cfg(not(target_os = "linux"))]
fn refusal(_kept: &Capture) -> anyhow::Result<Option<String>> {
    Ok(None)
}

#[cfg(not(target_os = "linux"))]
fn make(_kept: &Capture, _programs: &Built) -> anyhow::Result<Capture> {
    anyhow::bail!("captures are made on Linux")
}
