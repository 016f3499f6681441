//! A lesson's wrong programs: what each gets wrong, and what the grader says to it.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use harness::Lesson;

/// One wrong program.
#[derive(Debug)]
pub(crate) struct Misconception {
    /// The check that catches it.
    pub(crate) check: String,
    /// What is wrong, in the words of the program's own comment.
    pub(crate) what: String,
    /// The report that its writer reads.
    pub(crate) told: String,
}

/// All of a lesson's, in the order of the checks that catch them.
pub(crate) fn of(home: &Path, lesson: &Lesson) -> anyhow::Result<Vec<Misconception>> {
    let folder = home.join("lessons").join(lesson.folder());
    let wrong = folder.join("wrong");
    let entries = fs::read_dir(&wrong).with_context(|| wrong.display().to_string())?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.path());
    }
    names.sort();
    let mut found = Vec::new();
    for path in names {
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let stem = path.file_stem().unwrap_or_default();
        let told = folder.join("told").join(stem).with_extension("snap");
        let told = fs::read_to_string(&told).with_context(|| told.display().to_string())?;
        let (check, what) = header(&text);
        found.push(Misconception {
            check,
            what,
            told: report(&told).to_owned(),
        });
    }
    let place = |misconception: &Misconception| {
        let mut checks = lesson.checks.iter();
        checks.position(|check| check.name == misconception.check)
    };
    found.sort_by_key(place);
    Ok(found)
}

/// The check that a program's first line names, and what its comment says.
fn header(text: &str) -> (String, String) {
    let comment = text.lines().map_while(|line| line.strip_prefix("//!"));
    let mut check = String::new();
    let mut what = Vec::new();
    for line in comment.map(str::trim) {
        if let Some(name) = line.strip_prefix("fails: ") {
            name.clone_into(&mut check);
        } else if line.is_empty() && !what.is_empty() {
            // The first paragraph says what is wrong; what follows is for who reads the program.
            break;
        } else if !line.starts_with("also: ") && !line.is_empty() {
            what.push(line);
        }
    }
    (check, what.join(" "))
}

/// A snapshot without the lines that insta writes above it.
fn report(snapshot: &str) -> &str {
    let mut parts = snapshot.splitn(3, "---\n");
    parts.nth(2).unwrap_or(snapshot).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_names_the_check_and_says_what_is_wrong() {
        let text = "//! fails: greets\n//! also: ipv6\n//! Waits for a byte\n//! first.\n//!\n//! As HTTP does.\nfn main() {}\n";
        let (check, what) = header(text);
        assert_eq!(
            (check.as_str(), what.as_str()),
            ("greets", "Waits for a byte first.")
        );
    }

    #[test]
    fn a_snapshot_is_a_report_below_a_head() {
        assert_eq!(report("---\nsource: x\n---\n✗ greets\n"), "✗ greets");
    }
}
