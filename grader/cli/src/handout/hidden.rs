//! Hidden checks, taken out.

use std::path::Path;

use anyhow::bail;
use gradebook::{Course, Scheme};
use harness::payload::visible;

use super::File;

const BEGIN: &str = "// BEGIN HIDDEN";
const END: &str = "// END HIDDEN";

/// The text without what stands between the marks.
pub(super) fn without(path: &Path, text: &str) -> anyhow::Result<String> {
    let mut kept = String::new();
    let mut hidden = false;
    for line in text.lines() {
        match line.trim() {
            BEGIN if !hidden => hidden = true,
            END if hidden => hidden = false,
            BEGIN | END => bail!(
                "{}: \"{}\" without the other mark",
                shown(path),
                line.trim()
            ),
            _ if hidden => {}
            _ => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    if hidden {
        bail!("{}: \"{BEGIN}\" without \"{END}\"", shown(path));
    }
    Ok(kept)
}

/// Makes sure that no file of a lesson speaks of a check of it that is hidden.
pub(super) fn nothing_is_left(
    files: &[File],
    course: &Course,
    scheme: &Scheme,
) -> anyhow::Result<()> {
    for lesson in &course.lessons {
        let folder = format!("{}-{}", lesson.number, lesson.slug);
        let of_lesson = files.iter().filter(|file| {
            let path = file.path.to_string_lossy();
            path.contains(&folder)
        });
        for file in of_lesson {
            let text = String::from_utf8_lossy(&file.content);
            for check in scheme.hidden(&lesson.slug) {
                let speaks = |line: &str| words(line).any(|word| word == *check);
                if let Some(line) = text.lines().position(speaks) {
                    bail!(
                        "{}:{}: this still speaks of the hidden check \"{check}\". In a lesson's sources \
                         put what belongs to it between the lines \"{BEGIN}\" and \"{END}\"",
                        shown(&file.path),
                        line + 1
                    );
                }
            }
        }
    }
    Ok(())
}

/// The words of a line, as checks are named: `half-close` is one, and so is the function `half_close`.
fn words(line: &str) -> impl Iterator<Item = String> {
    line.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')
        .map(|word| word.replace('_', "-"))
}

fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_the_marks_goes() {
        let text = "a\n    // BEGIN HIDDEN\nb\n    // END HIDDEN\nc\n";
        assert_eq!(
            without(Path::new("x.rs"), text).expect("it is right"),
            "a\nc\n"
        );
    }

    #[test]
    fn half_a_pair_of_marks_is_an_error() {
        for text in ["// BEGIN HIDDEN\nb\n", "b\n// END HIDDEN\n"] {
            assert!(without(Path::new("x.rs"), text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_function_speaks_of_its_check() {
        let all: Vec<String> = words("Check::new(\"half-close\", 3, half_close)").collect();
        assert_eq!(all.iter().filter(|word| *word == "half-close").count(), 2);
    }
}
