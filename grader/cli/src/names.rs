//! Names that a user typed, and those that were probably meant.

use std::path::Path;

use harness::payload::{visible, visible_bytes};
use harness::{Check, Lesson};

use crate::exit::Usage;

/// The lesson called `name`.
pub(crate) fn lesson(name: &str) -> Result<&'static Lesson, Usage> {
    course::find(name).ok_or_else(|| Usage::NoSuchLesson {
        name: visible(name),
        hint: hint(name, course::LESSONS.iter().map(|lesson| lesson.slug)),
    })
}

/// The checks called `names`, in the lesson's order; all of them if there are no names.
pub(crate) fn checks(lesson: &Lesson, names: &[String]) -> Result<Vec<&'static Check>, Usage> {
    for name in names {
        if lesson.check(name).is_none() {
            let all: Vec<&str> = lesson.checks.iter().map(|check| check.name).collect();
            return Err(Usage::NoSuchCheck {
                lesson: lesson.slug.into(),
                name: visible(name),
                hint: hint(name, all.iter().copied()),
                all: all.join(", "),
            });
        }
    }
    let chosen = |check: &&Check| names.is_empty() || names.iter().any(|n| n == check.name);
    Ok(lesson.checks.iter().filter(chosen).collect())
}

/// `. Did you mean "echo"?`, if one of `known` is near to `name`.
pub(crate) fn hint<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(name, known).map_or(String::new(), |near| format!(". Did you mean \"{near}\"?"))
}

/// The one of `known` that is nearest to `name`, if any is near.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR: f64 = 0.75;
    known
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(similarity, _)| *similarity > NEAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// A path's last component, fit to be printed whatever bytes it holds; two that differ are shown
/// differently.
pub(crate) fn shown(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    match name.to_str() {
        Some(text) => visible(text),
        None => visible_bytes(name.as_encoded_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_keys_is_understood() {
        let known = ["listen", "echo", "udp-echo"];
        assert_eq!(nearest("ehco", known.into_iter()), Some("echo"));
        assert_eq!(nearest("lisen", known.into_iter()), Some("listen"));
        assert_eq!(nearest("quantum", known.into_iter()), None);
    }
}
