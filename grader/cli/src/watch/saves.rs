//! Notices that a file of an exercise was saved.
//!
//! One save is several events, and editors write other files beside: only what cargo builds counts,
//! and a burst of events is told once, when it is over.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use notify::event::{EventKind, ModifyKind};
use notify::{Config, Event, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use super::state::Input;

/// A burst is over when nothing has happened for so long.
const QUIET: Duration = Duration::from_millis(20);
/// A burst that does not end is told of after so long.
const LONGEST: Duration = Duration::from_millis(300);
/// Between two looks, where the kernel does not tell: on network drives, or when all its watches are
/// taken.
const LOOK: Duration = Duration::from_millis(500);

/// Watches `exercises/` in `course` and tells `screen` of saves, for as long as this is held.
pub(crate) struct Saves {
    _watcher: Box<dyn Watcher + Send>,
}

impl Saves {
    /// Begins to watch.
    pub(crate) fn watch(course: &Path, screen: Sender<Input>) -> anyhow::Result<Self> {
        let exercises = course.join("exercises");
        // The kernel's events name files as they are, without links.
        let exercises = exercises.canonicalize().unwrap_or(exercises);
        let (sender, events) = channel();
        let watcher = watcher(&exercises, &sender).with_context(|| {
            format!(
                "cannot watch {} (`cargo socklings reset LESSON` brings an exercise back)",
                exercises.display()
            )
        })?;
        thread::spawn(move || tell(&exercises, &events, &screen));
        Ok(Self { _watcher: watcher })
    }
}

type Events = Receiver<notify::Result<Event>>;

fn watcher(
    folder: &Path,
    sender: &Sender<notify::Result<Event>>,
) -> notify::Result<Box<dyn Watcher + Send>> {
    let told_by_the_kernel =
        RecommendedWatcher::new(sender.clone(), Config::default()).and_then(|mut watcher| {
            watcher.watch(folder, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
    if let Ok(watcher) = told_by_the_kernel {
        return Ok(Box::new(watcher));
    }
    let config = Config::default().with_poll_interval(LOOK);
    let mut watcher = PollWatcher::new(sender.clone(), config)?;
    watcher.watch(folder, RecursiveMode::Recursive)?;
    Ok(Box::new(watcher))
}

/// Until nobody watches any more.
fn tell(exercises: &Path, events: &Events, screen: &Sender<Input>) {
    while let Ok(first) = events.recv() {
        let mut saved = saved(exercises, first);
        let end = Instant::now() + LONGEST;
        while !saved.is_empty() && Instant::now() < end {
            match events.recv_timeout(QUIET) {
                Ok(event) => saved.extend(self::saved(exercises, event)),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        saved.sort();
        saved.dedup();
        for folder in saved {
            if screen.send(Input::Saved(folder)).is_err() {
                return;
            }
        }
    }
}

/// The exercises that this event is about.
fn saved(exercises: &Path, event: notify::Result<Event>) -> Vec<String> {
    // An event that could not be read may have been any: a save comes in several.
    let Ok(event) = event else { return Vec::new() };
    let counts = match event.kind {
        EventKind::Create(_) | EventKind::Remove(_) => true,
        EventKind::Modify(kind) => !matches!(kind, ModifyKind::Metadata(_)),
        EventKind::Any | EventKind::Access(_) | EventKind::Other => false,
    };
    let paths: Vec<PathBuf> = if counts { event.paths } else { Vec::new() };
    let folders = paths.iter().filter_map(|path| folder(exercises, path));
    folders.collect()
}

/// The exercise to which this file belongs, if cargo builds it.
fn folder(exercises: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(exercises).ok()?;
    let name = path.file_name()?.to_str()?;
    let is_rust = path.extension().is_some_and(|ending| ending == "rs");
    let is_built = name == "Cargo.toml" || (is_rust && !name.starts_with('.'));
    // Renaming a folder is an event of the folder itself.
    if !is_built && below.components().count() > 1 {
        return None;
    }
    below.iter().next()?.to_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_told(path: &str) -> bool {
        folder(Path::new("/c/exercises"), Path::new(path)).as_deref() == Some("205-echo")
    }

    #[test]
    fn what_cargo_builds_counts_and_what_editors_write_beside_does_not() {
        assert!(is_told("/c/exercises/205-echo/src/main.rs"));
        assert!(is_told("/c/exercises/205-echo/Cargo.toml"));
        assert!(is_told("/c/exercises/205-echo"));
        for other in [
            "src/.main.rs.swp",
            "src/4913",
            "src/main.rs~",
            "src/.#main.rs",
        ] {
            assert!(
                !is_told(&format!("/c/exercises/205-echo/{other}")),
                "{other}"
            );
        }
    }

    #[test]
    fn a_save_is_told_once() {
        let course = tempfile::tempdir().expect("a folder");
        let source = course.path().join("exercises/205-echo/src");
        std::fs::create_dir_all(&source).expect("made");
        let (sender, inputs) = channel();
        let _saves = Saves::watch(course.path(), sender).expect("it is watched");
        // As many editors save: to another file, which then takes the place of the first.
        std::fs::write(source.join("main.rs.new"), "fn main() {}").expect("written");
        std::fs::rename(source.join("main.rs.new"), source.join("main.rs")).expect("renamed");
        let deadline = Duration::from_secs(30);
        let told = inputs.recv_timeout(deadline).expect("it is told");
        assert!(matches!(told, Input::Saved(folder) if folder == "205-echo"));
    }
}
