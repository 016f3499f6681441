//! Captures of real traffic, for the book's diagrams: made, kept in files, compared.
//!
//! A capture is made in an arena of its own, a network namespace whose loopback nobody else uses.

#[cfg(target_os = "linux")]
mod play;
pub(crate) mod script;
pub(crate) mod story;
#[cfg(target_os = "linux")]
mod wire;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use harness::arena::{self, Arena};

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
    arena::prepare();
    let names = if names.is_empty() {
        all(book)?
    } else {
        names.to_vec()
    };
    let mut same = true;
    for name in names {
        let path = file(book, &name);
        let kept = Capture::load(&path)?;
        // A new network each time: in the last one the port may still be in TIME-WAIT.
        if let Arena::Host(reason) = arena::enter() {
            println!("skipped, since a capture needs a network of its own: {reason}");
            return Ok(true);
        }
        let made = make(&kept).with_context(|| format!("in the capture {name}"))?;
        if compare {
            let (then, now) = (story::of(&kept)?, story::of(&made)?);
            if then == now {
                println!("{name}: the same");
            } else {
                same = false;
                println!("{name}: kept is\n{then}\nand here it is\n{now}");
            }
        } else {
            fs::write(&path, made.to_string()).with_context(|| path.display().to_string())?;
            println!("{}", path.display());
        }
    }
    Ok(same)
}

#[cfg(target_os = "linux")]
fn make(script: &Capture) -> anyhow::Result<Capture> {
    play::play(script)
}

#[cfg(not(target_os = "linux"))]
fn make(_script: &Capture) -> anyhow::Result<Capture> {
    anyhow::bail!("captures are made on Linux")
}
