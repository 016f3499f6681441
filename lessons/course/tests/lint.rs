//! What every lesson must have. A lesson that lacks any of it fails here.

#![forbid(unsafe_code)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use harness::{Check, Lesson};
use toml::{Table, Value};

fn course() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// One of a lesson's three packages.
fn folder(kind: &str, lesson: &Lesson) -> PathBuf {
    course().join(kind).join(lesson.folder())
}

fn manifest(folder: &Path) -> Table {
    let path = folder.join("Cargo.toml");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.parse()
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The names of the files in `folder`; none if there is no such folder.
fn files(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// The files in `folder` and in the folders below it.
fn sources_in(folder: &Path) -> Vec<PathBuf> {
    let paths = files(folder).into_iter().map(|name| folder.join(name));
    paths
        .flat_map(|path| {
            if path.is_dir() {
                sources_in(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// Stem and ending of a file's name.
fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or((name, ""))
}

/// Runs `rule` over all lessons and names those that break it.
fn every_lesson(rule: impl Fn(&Lesson) -> Vec<String>) {
    let broken: Vec<String> = course::LESSONS
        .iter()
        .flat_map(|lesson| {
            let slug = lesson.slug;
            rule(lesson)
                .into_iter()
                .map(move |what| format!("{slug}: {what}"))
        })
        .collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

fn every_check(rule: impl Fn(&Lesson, &Check) -> Option<String>) {
    every_lesson(|lesson| {
        lesson
            .checks
            .iter()
            .filter_map(|c| rule(lesson, c))
            .collect()
    });
}

#[test]
fn lessons_are_in_order() {
    assert!(course::LESSONS.is_sorted_by(|a, b| a.number < b.number));
}

#[test]
fn every_lesson_folder_is_part_of_the_course() {
    let known: BTreeSet<String> = course::LESSONS.iter().map(Lesson::folder).collect();
    for kind in ["lessons", "exercises", "solutions"] {
        let found = files(&course().join(kind));
        let numbered = found
            .into_iter()
            .filter(|name| name.starts_with(|c: char| c.is_ascii_digit()));
        assert_eq!(numbered.collect::<BTreeSet<_>>(), known, "{kind}/");
    }
}

#[test]
fn packages_are_named_after_the_lesson() {
    every_lesson(|lesson| {
        let named = |kind: &str, name: String| {
            let found = manifest(&folder(kind, lesson))["package"]["name"].clone();
            (found.as_str() != Some(&name))
                .then(|| format!("{kind}: package is {found}, not {name}"))
        };
        [
            named("lessons", format!("{}-lesson", lesson.slug)),
            named("exercises", lesson.slug.to_owned()),
            named("solutions", format!("{}-solution", lesson.slug)),
        ]
        .into_iter()
        .flatten()
        .collect()
    });
}

#[test]
fn an_exercise_builds_on_what_its_solution_builds_on() {
    every_lesson(|lesson| {
        let of = |kind| manifest(&folder(kind, lesson)).get("dependencies").cloned();
        (of("exercises") != of("solutions"))
            .then(|| "exercise and solution have different dependencies".into())
            .into_iter()
            .collect()
    });
}

#[test]
fn every_lesson_has_a_chapter_and_the_summary_names_it() {
    let summary = read(&course().join("book/src/SUMMARY.md"));
    every_lesson(|lesson| {
        let chapter = format!("{}.md", lesson.folder());
        let mut missing = Vec::new();
        if !course().join("book/src").join(&chapter).is_file() {
            missing.push(format!("there is no book/src/{chapter}"));
        }
        if !summary.contains(&format!("({chapter})")) {
            missing.push("book/src/SUMMARY.md does not name it".into());
        }
        missing
    });
}

#[test]
fn every_section_that_a_note_names_is_in_the_chapter() {
    every_lesson(|lesson| {
        let chapter = course()
            .join("book/src")
            .join(format!("{}.md", lesson.folder()));
        let sources = folder("lessons", lesson).join("src");
        let mut missing = Vec::new();
        for path in sources_in(&sources) {
            let text = read(&path);
            for named in text.split(".section(\"").skip(1) {
                let section = named.split('"').next().unwrap_or_default();
                let heading = format!("## {section}");
                if !read(&chapter).lines().any(|line| line == heading) {
                    missing.push(format!("the chapter has no section \"{section}\""));
                }
            }
        }
        missing
    });
}

#[test]
fn every_lesson_says_what_it_is_about() {
    every_lesson(|lesson| {
        let mut missing = Vec::new();
        if lesson.title.is_empty() {
            missing.push("it has no title".into());
        }
        if lesson.checks.is_empty() {
            missing.push("it has no checks".into());
        }
        missing
    });
}

#[test]
fn every_check_has_a_name_points_and_a_line_for_tables() {
    every_check(|_, check| {
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !check.name.chars().all(kebab) || check.name.is_empty() {
            return Some(format!("\"{}\" is not in kebab-case", check.name));
        }
        (check.points == 0 || check.sees.is_empty())
            .then(|| format!("{} has no points, or no line for tables", check.name))
    });
}

#[test]
fn there_are_hints_for_every_check_and_for_nothing_else() {
    every_lesson(|lesson| {
        let of_checks: Vec<&str> = lesson.checks.iter().map(|check| check.name).collect();
        let of_hints: Vec<&str> = lesson.hints.iter().map(|hints| hints.check).collect();
        let mut broken = Vec::new();
        if of_checks != of_hints {
            broken.push(format!(
                "its checks are {of_checks:?}, its hints {of_hints:?}"
            ));
        }
        let mut all = lesson.hints.iter();
        if let Some(few) = all.find(|hints| hints.texts.len() < 2) {
            // One is either no help or gives it away at once.
            broken.push(format!("{} has fewer than two hints", few.check));
        }
        broken
    });
}

#[test]
fn a_skeleton_can_be_brought_back_as_it_is() {
    every_lesson(|lesson| {
        let skeleton = folder("lessons", lesson).join("skeleton");
        let exercise = folder("exercises", lesson);
        let below = |folder: &Path| -> BTreeSet<(PathBuf, String)> {
            let files = sources_in(folder).into_iter();
            let named = files.map(|path| {
                let name = path.strip_prefix(folder).unwrap_or(&path).to_owned();
                (name, read(&path))
            });
            named.collect()
        };
        let name = lesson.folder();
        (below(&skeleton) != below(&exercise))
            .then(|| {
                format!(
                    "the copy for `reset` is another: rm -rf lessons/{name}/skeleton && cp -r \
                     exercises/{name} lessons/{name}/skeleton"
                )
            })
            .into_iter()
            .collect()
    });
}

/// The doc comment of the function that is named like the check.
fn doc_comment(lesson: &Lesson, check: &Check) -> String {
    let function = format!("fn {}(", check.name.replace('-', "_"));
    for path in sources_in(&folder("lessons", lesson).join("src")) {
        let text = read(&path);
        let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
        if let Some(at) = lines.iter().position(|line| line.contains(&function)) {
            let above = lines[..at].iter().rev();
            let mut comment: Vec<&str> = above.map_while(|line| line.strip_prefix("///")).collect();
            comment.reverse();
            return comment.join("\n");
        }
    }
    String::new()
}

#[test]
fn every_check_says_why_it_is_there() {
    every_check(|lesson, check| {
        doc_comment(lesson, check).is_empty().then(|| {
            format!(
                "{} has no function of its name with a doc comment",
                check.name
            )
        })
    });
}

#[test]
fn a_check_that_catches_nothing_alone_says_why_it_is_there_all_the_same() {
    every_check(|lesson, check| {
        let wrong = folder("lessons", lesson).join("wrong");
        let first = format!("//! fails: {}", check.name);
        let catches_alone = files(&wrong).iter().any(|name| {
            let text = read(&wrong.join(name));
            let mut lines = text.lines();
            lines.next() == Some(&first) && !lines.any(|line| line.starts_with("//! also: "))
        });
        let says_so = doc_comment(lesson, check).contains("Not alone: ");
        (!catches_alone && !says_so).then(|| {
            format!(
                "{} is never the only one to fail: its doc comment has to say \"Not alone: …\"",
                check.name
            )
        })
    });
}

#[test]
fn every_check_catches_a_wrong_program() {
    every_check(|lesson, check| {
        let wrong = folder("lessons", lesson).join("wrong");
        let first = format!("//! fails: {}", check.name);
        let caught = files(&wrong)
            .iter()
            .any(|name| read(&wrong.join(name)).lines().next() == Some(&first));
        (!caught).then(|| format!("no wrong program begins with `{first}`"))
    });
}

#[test]
fn every_wrong_program_names_checks_that_there_are_and_says_what_is_wrong() {
    every_lesson(|lesson| {
        let wrong = folder("lessons", lesson).join("wrong");
        let mut broken = Vec::new();
        for name in files(&wrong) {
            let text = read(&wrong.join(&name));
            let fails = text
                .lines()
                .next()
                .and_then(|l| l.strip_prefix("//! fails: "));
            let also = text
                .lines()
                .nth(1)
                .and_then(|l| l.strip_prefix("//! also: "));
            let named = fails
                .into_iter()
                .chain(also.into_iter().flat_map(|l| l.split(", ")));
            for check in named {
                if lesson.check(check).is_none() {
                    broken.push(format!("wrong/{name} names the check \"{check}\""));
                }
            }
            let what = 1 + usize::from(also.is_some());
            if !text
                .lines()
                .nth(what)
                .is_some_and(|l| l.starts_with("//! "))
            {
                broken.push(format!("wrong/{name} does not say what is wrong"));
            }
        }
        broken
    });
}

#[test]
fn right_programs_come_in_two_languages() {
    every_lesson(|lesson| {
        let right = files(&folder("lessons", lesson).join("right"));
        let has = |ending| right.iter().any(|name| split(name).1 == ending);
        let mut missing = Vec::new();
        for (ending, language) in [("rs", "Rust"), ("py", "Python")] {
            if !has(ending) {
                missing.push(format!("right/ holds no program in {language}"));
            }
        }
        missing
    });
}

#[test]
fn every_program_is_declared_and_every_declared_one_is_there() {
    every_lesson(|lesson| {
        let folder = folder("lessons", lesson);
        let declared: BTreeSet<(String, String)> = manifest(&folder)
            .get("example")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|example| {
                let text = |key| example.get(key).and_then(Value::as_str).map(str::to_owned);
                Some((text("name")?, text("path")?))
            })
            .collect();
        let mut expected = BTreeSet::new();
        for kind in ["wrong", "right", "demo"] {
            for name in files(&folder.join(kind)) {
                if let (stem, "rs") = split(&name) {
                    expected.insert((
                        format!("{}-{kind}-{stem}", lesson.slug),
                        format!("{kind}/{name}"),
                    ));
                }
            }
        }
        let differ = declared.symmetric_difference(&expected);
        differ
            .map(|(name, path)| format!("[[example]] {name} and {path} do not belong together"))
            .collect()
    });
}

#[test]
fn what_each_program_is_told_is_kept_and_nothing_else() {
    every_lesson(|lesson| {
        let folder = folder("lessons", lesson);
        let mut told = files(&folder.join("told"));
        // What insta leaves beside a snapshot that has changed is for `cargo insta review`.
        told.retain(|name| split(name).1 == "snap");
        let wrong = files(&folder.join("wrong"));
        let mut expected: BTreeSet<String> = wrong
            .iter()
            .map(|name| format!("{}.snap", split(name).0))
            .collect();
        expected.insert("skeleton.snap".into());
        let differ = told.symmetric_difference(&expected);
        differ
            .map(|name| format!("told/{name} has no program, or is missing"))
            .collect()
    });
}
