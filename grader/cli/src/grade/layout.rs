//! How learning platforms name what they let an instructor download.
//!
//! - **Canvas** ("Download Submissions"): one file a student, `leeann_5012_88123_echo.zip` or, late,
//!   `leeann_LATE_5012_88123_echo.zip`: the name without spaces, the user's id, the attachment's id, the
//!   file's own name. Source: `app/models/content_zipper.rb` of instructure/canvas-lms.
//! - **Moodle** ("Download all submissions"): one folder a student,
//!   `Ann Lee_20731_assignsubmission_file_`, or the files with that in front of their own name: the full
//!   name, the participant's id, the plugin (`onlinetext` holds what was typed there). Source:
//!   `download_submissions` in `mod/assign/locallib.php` of moodle/moodle.
//! - **Gradescope** ("Export Submissions"): one folder a submission, `submission_301554`, and beside them
//!   `submission_metadata.yml`, which says whose it is (`:submitters:` with `:name:`, `:sid:`) and when it
//!   came (`:created_at:`). Source: the file as Gradescope writes it; its keys are Ruby symbols.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

/// Who handed in an entry of a downloaded folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The id that the platform's own tables have.
    pub(crate) id: String,
    /// The name, as far as the platform tells it.
    pub(crate) name: Option<String>,
    /// When it was handed in, in ms since 1970, UTC, where the platform tells.
    pub(crate) received: Option<i64>,
    /// Whether the platform says that it was late.
    pub(crate) late: bool,
}

/// Whose entry this is, by its name and by what Gradescope says of it. `None`: no platform's pattern.
pub(crate) fn owner(name: &str, gradescope: &BTreeMap<String, Owner>) -> Option<Owner> {
    gradescope
        .get(name)
        .cloned()
        .or_else(|| moodle(name))
        .or_else(|| canvas(name))
}

fn moodle(name: &str) -> Option<Owner> {
    let (owner, _) = name.split_once("_assignsubmission_")?;
    let (name, id) = owner.rsplit_once('_')?;
    (is_number(id) && !name.is_empty()).then(|| Owner {
        id: id.to_owned(),
        name: Some(name.to_owned()),
        ..Owner::default()
    })
}

fn canvas(name: &str) -> Option<Owner> {
    let (student, rest) = name.split_once('_')?;
    let (late, rest) = match rest.strip_prefix("LATE_").or(rest.strip_prefix("late_")) {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let mut parts = rest.splitn(3, '_');
    let (id, attachment, file) = (parts.next()?, parts.next()?, parts.next()?);
    let is_it = is_number(id) && is_number(attachment) && !student.is_empty() && !file.is_empty();
    is_it.then(|| Owner {
        id: id.to_owned(),
        name: Some(student.to_owned()),
        received: None,
        late,
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What `submission_metadata.yml` in `folder` says, by the folder's name; nothing if it is not there.
/// Of YAML, only what Gradescope writes is understood: a key a line.
pub(crate) fn gradescope(folder: &Path) -> BTreeMap<String, Owner> {
    let mut owners = BTreeMap::new();
    let Ok(text) = std::fs::read_to_string(folder.join("submission_metadata.yml")) else {
        return owners;
    };
    let mut current: Option<(String, Owner)> = None;
    let mut keep = |entry: Option<(String, Owner)>| {
        if let Some((folder, owner)) = entry.filter(|(_, owner)| !owner.id.is_empty()) {
            owners.insert(folder, owner);
        }
    };
    for line in text.lines() {
        if !line.starts_with([' ', '-']) {
            keep(current.take());
            let folder = line.trim_end().trim_end_matches(':');
            current = Some((folder.to_owned(), Owner::default()));
            continue;
        }
        let Some((_, owner)) = &mut current else {
            continue;
        };
        let (key, value) = key_and_value(line);
        match key {
            // Of a group, the first: the others share its submission.
            ":sid" if owner.id.is_empty() => value.clone_into(&mut owner.id),
            ":name" if owner.name.is_none() => owner.name = Some(value.to_owned()),
            ":created_at" if owner.received.is_none() => owner.received = time(value),
            _ => {}
        }
    }
    keep(current);
    owners
}

/// `  - :name: Ann Lee` is `:name` and `Ann Lee`.
fn key_and_value(line: &str) -> (&str, &str) {
    let line = line.trim_start().trim_start_matches("- ");
    let (key, value) = line.split_once(": ").unwrap_or((line, ""));
    let value = value.trim();
    let bare = ['\'', '"']
        .iter()
        .find_map(|&quote| value.strip_prefix(quote)?.strip_suffix(quote));
    (key, bare.unwrap_or(value))
}

/// `2026-11-20 22:58:03.000000000 Z`, as Ruby writes a time.
fn time(value: &str) -> Option<i64> {
    let compact: String = value.replacen(' ', "T", 1).replace(' ', "");
    compact
        .parse::<Timestamp>()
        .ok()
        .map(Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_name(name: &str) -> Option<(String, Option<String>, bool)> {
        owner(name, &BTreeMap::new()).map(|owner| (owner.id, owner.name, owner.late))
    }

    #[test]
    fn canvas_names_hold_the_users_id() {
        let ann = |late| Some(("5012".into(), Some("leeann".into()), late));
        assert_eq!(by_name("leeann_5012_88123_echo.zip"), ann(false));
        assert_eq!(
            by_name("leeann_LATE_5012_88123_my_echo-1.tar.gz"),
            ann(true)
        );
    }

    #[test]
    fn moodle_names_hold_the_participants_id() {
        let ann = Some(("20731".into(), Some("Ann Lee".into()), false));
        assert_eq!(by_name("Ann Lee_20731_assignsubmission_file_"), ann);
        assert_eq!(by_name("Ann Lee_20731_assignsubmission_file_echo.zip"), ann);
        assert_eq!(by_name("Ann Lee_20731_assignsubmission_onlinetext_"), ann);
        let zoe = Some(("7".into(), Some("Zoë d'Or_Smith".into()), false));
        assert_eq!(by_name("Zoë d'Or_Smith_7_assignsubmission_file_"), zoe);
    }

    #[test]
    fn other_names_are_just_names() {
        for name in [
            "anna",
            "anna_echo",
            "anna_1_echo.zip",
            "anna_x_1_echo.zip",
            "_1_2_x",
        ] {
            assert_eq!(by_name(name), None, "{name}");
        }
    }

    #[test]
    fn gradescope_tells_in_a_file_whose_it_is_and_when_it_came() {
        let folder = tempfile::tempdir().expect("a folder");
        let metadata = "submission_301554:\n  :submitters:\n  - :name: Ann Lee\n    :sid: '5012'\n    \
                        :email: ann@example.edu\n  :created_at: 2026-11-20 22:58:03.000000000 Z\n  \
                        :score: 0.0\nsubmission_301555:\n  :submitters:\n  - :name: Bo\n    :sid: bo1\n";
        std::fs::write(folder.path().join("submission_metadata.yml"), metadata)
            .expect("it is ours");
        let owners = gradescope(folder.path());
        let ann = owner("submission_301554", &owners).expect("it is named");
        assert_eq!(
            (ann.id.as_str(), ann.name.as_deref()),
            ("5012", Some("Ann Lee"))
        );
        let came = "2026-11-20T22:58:03Z".parse::<Timestamp>().expect("a time");
        assert_eq!(ann.received, Some(came.as_millisecond()));
        assert_eq!(
            owner("submission_301555", &owners).map(|bo| bo.id),
            Some("bo1".into())
        );
    }
}
