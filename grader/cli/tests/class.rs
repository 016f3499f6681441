//! What an instructor does in the week of the deadline: collect, grade, go on, ask, hand over.

#![forbid(unsafe_code)]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

/// Programs that are graded in no time: each of them ends at once.
const ENDS: &str = "fn main() {}\n";
const PRINTS: &str = "fn main() { println!(\"<b>\"); }\n";

struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it is ours");
        fs::write(&path, content).expect("it is ours");
        path
    }

    fn hand_in(&self, student: &str, source: &str) {
        self.write(&format!("class/{student}/205-echo/src/main.rs"), source);
    }

    fn socklings(&self, words: &[&str]) -> Assert {
        let mut command = Command::cargo_bin("socklings").expect("it is built");
        command
            .args(words)
            .arg("--gradebook")
            .arg(self.path("grades.db"));
        command
            .env("TZ", "UTC")
            .timeout(Duration::from_secs(300))
            .assert()
    }

    fn grade(&self, options: &[&str]) -> Assert {
        let class = self.path("class");
        let mut words = vec!["grade", class.to_str().expect("text"), "--lesson", "echo"];
        words.extend(options);
        self.socklings(&words)
    }
}

fn set_time(path: &Path, seconds: u64) {
    let file = File::options().append(true).open(path).expect("it is ours");
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    file.set_modified(time).expect("it is ours");
}

fn zip(path: &Path, files: &[(&str, &str)]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("it is ours");
    let mut writer = zip::ZipWriter::new(File::create(path).expect("it is ours"));
    for (name, content) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .expect("a file");
        writer.write_all(content.as_bytes()).expect("there is room");
    }
    writer.finish().expect("there is room");
}

#[test]
fn folders_and_archives_in_every_layout_are_one_class() {
    let desk = Desk::new();
    desk.hand_in("anna", ENDS);
    zip(
        &desk.path("class/leeann_LATE_5012_88123_echo.zip"),
        &[("my work/205-echo/src/main.rs", ENDS)],
    );
    zip(
        &desk.path("class/Bo Berg_20731_assignsubmission_file_/echo.zip"),
        &[("src/main.rs", ENDS)],
    );
    desk.write(
        "class/submission_301554/exercises/205-echo/src/main.rs",
        ENDS,
    );
    desk.write(
        "class/submission_metadata.yml",
        "submission_301554:\n  :submitters:\n  - :name: Cy\n    :sid: cy7\n  \
         :created_at: 2026-11-20 22:58:03.0 Z\n",
    );
    zip(&desk.path("class/evil.zip"), &[("../../evil", "x")]);
    desk.write(
        "roster.csv",
        "id,name\nanna,Anna Arendt\ncy7,Cy Young\nzoe,Zoë\n",
    );
    let roster = desk.path("roster.csv");
    let graded = desk.grade(&[
        "--roster",
        roster.to_str().expect("text"),
        "--deadline",
        "2026-11-20T22:00:00Z",
        "--format",
        "text",
    ]);
    graded.code(4).stdout(
        contains("anna      Anna Arendt   0/19")
            .and(contains("5012      leeann        0/19"))
            .and(contains("20731     Bo Berg       0/19"))
            .and(contains("cy7       Cy Young      0/19"))
            .and(contains("zoe       Zoë           -"))
            .and(contains("evil                    ungradable"))
            .and(contains("zoe: handed in nothing"))
            .and(contains("5012: late, says Canvas"))
            .and(contains("5012: is not in the roster"))
            .and(contains(
                "cy7 echo: 58 min late: handed in 2026-11-20 22:58",
            ))
            .and(contains("evil echo: ungradable: evil.zip is not unpacked")),
    );
    assert!(!desk.path("evil").exists());
}

#[test]
fn a_whole_class_may_be_one_archive() {
    let desk = Desk::new();
    let archive = desk.path("download.zip");
    zip(
        &archive,
        &[
            ("download/anna/205-echo/src/main.rs", ENDS),
            ("download/ben/echo/src/main.rs", PRINTS),
        ],
    );
    let words = [
        "grade",
        archive.to_str().expect("text"),
        "--lesson",
        "echo",
        "--jobs",
        "2",
    ];
    let table = contains("anna      0/19").and(contains("ben       0/19"));
    desk.socklings(&words).code(1).stdout(table);
}

#[test]
fn what_is_given_twice_is_graded_once_and_of_several_the_last_counts() {
    let desk = Desk::new();
    desk.hand_in("anna", ENDS);
    set_time(&desk.path("class/anna/205-echo/src/main.rs"), 1_000_000_000);
    zip(
        &desk.path("class/anna.zip"),
        &[("205-echo/src/main.rs", PRINTS)],
    );
    fs::create_dir(desk.path("class/ben")).expect("it is ours");
    zip(
        &desk.path("class/carla.zip"),
        &[("205-echo\\src\\main.rs", ENDS)],
    );
    zip(
        &desk.path("class/dan.zip"),
        &[("src", ""), ("src/main.rs", ENDS)],
    );
    let again = format!("{}/.", desk.path("class").display());
    let one_of_it = desk.path("class/anna.zip");
    let graded = desk
        .grade(&[&again, one_of_it.to_str().expect("text")])
        .code(4);
    graded.stdout(
        contains("2 graded, 1 ungradable, 1 graded before; kept in")
            .or(contains("3 graded, 1 ungradable; kept in"))
            .and(contains(
                "anna: echo was handed in 2 times; the last is of 20",
            ))
            .and(contains("class/anna.zip"))
            .and(contains("ben: \"ben\" holds nothing to grade"))
            .and(contains("carla     0/19"))
            .and(contains(
                "dan.zip is not unpacked: \"src\" in it is no name for a file here",
            )),
    );
    desk.socklings(&["gradebook", "student", "anna"])
        .success()
        .stdout(contains("2 marks"));
}

#[test]
fn what_cannot_be_read_is_an_error_of_the_graders_and_the_others_are_graded() {
    let desk = Desk::new();
    desk.hand_in("anna", ENDS);
    // As an archive that vanishes between being listed and being opened.
    std::os::unix::fs::symlink("gone.zip", desk.path("class/ben.zip")).expect("a link");
    desk.grade(&[]).code(3).stdout(
        contains("anna      0/19")
            .and(contains("ben.zip: grader error: "))
            .and(contains("class/ben.zip cannot be read: No such file")),
    );
}

#[test]
fn a_clock_that_was_set_back_takes_no_mark_away() {
    let desk = Desk::new();
    desk.hand_in("anna", ENDS);
    desk.grade(&[]).code(1);
    desk.hand_in("anna", PRINTS);
    set_time(&desk.path("class/anna/205-echo/src/main.rs"), 1_000_000_000);
    desk.grade(&[]).code(1);
    // What was stored last counts, whatever its files say of their time.
    desk.socklings(&["gradebook", "student", "anna"])
        .success()
        .stdout(contains("handed in 2001-09-09 01:46, 2 marks"));
}

#[test]
fn only_what_is_new_is_graded() {
    let desk = Desk::new();
    desk.hand_in("anna", ENDS);
    desk.hand_in("ben", ENDS);
    let once = desk.grade(&[]).code(1);
    // Both handed in the same: whoever comes second gets the first one's grading.
    once.stdout(contains("graded before").or(contains("2 graded")));
    desk.hand_in("ben", PRINTS);
    let again = desk.grade(&[]).code(1);
    again
        .stderr(contains("anna echo: 0/19 (graded before)"))
        .stdout(contains("1 graded, 1 graded before"));
    let fresh = desk.grade(&["--fresh"]).code(1);
    fresh.stdout(contains("2 graded; kept in").and(contains("--fresh").not()));
}

#[test]
fn the_gradebook_answers() {
    let desk = Desk::new();
    desk.hand_in("anna", ENDS);
    desk.hand_in("carla", "fn main() { 1 + }");
    let deadline = "2001-01-01T00:00";
    desk.grade(&["--deadline", deadline]).code(4);
    let ask = |words: &[&str]| {
        let mut all = vec!["gradebook"];
        all.extend(words);
        desk.socklings(&all)
    };
    let told = |words: &[&str]| {
        let assert = ask(words).success();
        String::from_utf8(assert.get_output().stdout.clone()).expect("text")
    };
    insta::assert_snapshot!(told(&["students", "--lesson", "echo"]), @r"
    student   name   handed in   complete   total   late
    anna             1           0          0/19    1
    carla            1           0          0/19    1
    ");
    insta::assert_snapshot!(told(&["lessons"]), @r"
    lesson     handed in   complete   ungradable   grader errors   mean points
    205 echo   2           0          1            0               0.0 of 19
    ");
    insta::assert_snapshot!(told(&["checks"]), @r"
    fail     lesson     check                  what it sees
    1 of 1   205 echo   one-message            one message comes back
    1 of 1   205 echo   keeps-echoing          ten exchanges on one connection
    1 of 1   205 echo   split-anywhere         one message, a byte a segment
    1 of 1   205 echo   any-length             every length around a power of two, up to 64 KiB
    1 of 1   205 echo   binary-safe            bytes that are no text
    1 of 1   205 echo   half-close             a word, then 1 MiB, each with the end: all comes back, then the end
    1 of 1   205 echo   one-after-another      twenty clients in turn
    1 of 1   205 echo   says-nothing-unasked   nothing comes that was not sent
    1 of 1   205 echo   survives-a-reset       a client that resets its connection
    1 of 1   205 echo   survives-silence       a client that leaves without a word
    1 of 1   205 echo   ipv6                   the same over IPv6
    ");
    ask(&["check", "echo", "half-close"])
        .success()
        .stdout(contains("anna      failed").and(contains("carla     ungradable")));
    ask(&["student", "anna"]).success().stdout(
        contains("d")
            .and(contains("late, 1 mark"))
            .and(contains("failed   one-message            The program")),
    );
    ask(&["student", "ana"]).code(2).stderr(contains(
        "no student \"ana\" in the gradebook. Did you mean \"anna\"?",
    ));
    // What is made for one student tells of nobody else.
    desk.socklings(&["export", "csv", "--student", "anna"])
        .success()
        .stdout("student,name,echo,total,max_total,late,remarks\nanna,,0,0,19,echo,\n");
    ask(&["changes"])
        .success()
        .stdout("No mark differs from the one before it.\n");
}

#[test]
fn marks_are_handed_over_and_given_back() {
    let desk = Desk::new();
    desk.hand_in("anna", PRINTS);
    desk.grade(&[]).code(1);
    desk.socklings(&["export", "autolab", "--lesson", "echo"])
        .success()
        .stdout("{\"scores\":{\"echo\":0.0}}\n");
    let file = desk.path("results.json");
    desk.socklings(&["export", "gradescope", file.to_str().expect("text")])
        .success();
    let results: serde_json::Value =
        serde_json::from_slice(&fs::read(&file).expect("it is there")).expect("JSON");
    assert_eq!(results["tests"].as_array().map(Vec::len), Some(11));
    desk.socklings(&["export", "canvas"])
        .code(2)
        .stderr(contains("with --template FILE"));
    let site = desk.path("site");
    desk.socklings(&["report", "--html", site.to_str().expect("text")])
        .success();
    let page = fs::read_to_string(site.join("students/anna.html")).expect("it is there");
    // The full report, with what the program printed as text.
    assert!(
        page.contains("what this means") && page.contains("&lt;b&gt;"),
        "{page}"
    );
    assert!(!page.contains("<b>"), "{page}");
}

#[test]
fn programs_are_handed_to_tools_that_compare_them_without_names() {
    let desk = Desk::new();
    desk.hand_in("anna", PRINTS);
    desk.hand_in("ben", ENDS);
    desk.grade(&[]).code(1);
    let (class, out) = (desk.path("class"), desk.path("out"));
    let words = [
        "export",
        "similarity",
        out.to_str().expect("text"),
        "--from",
    ];
    let more = [class.to_str().expect("text"), "--lesson", "echo"];
    desk.socklings(&[&words[..], &more[..]].concat()).success();
    let read = |name: &str| fs::read_to_string(out.join(name)).expect("it is there");
    assert_eq!(read("205-echo/submissions/student-1/src/main.rs"), PRINTS);
    assert_eq!(read("205-echo/submissions/student-2/src/main.rs"), ENDS);
    assert!(read("205-echo/base/src/main.rs").contains("todo!"));
    assert_eq!(
        read("who-is-who.csv"),
        "folder,student,name\nstudent-1,anna,\nstudent-2,ben,\n"
    );
    let names: Vec<_> = fs::read_dir(out.join("205-echo/submissions"))
        .expect("it is there")
        .collect();
    assert_eq!(names.len(), 2);
}

#[test]
fn a_platforms_time_and_an_archives_count_before_the_files() {
    let desk = Desk::new();
    let archive = desk.path("class/anna.zip");
    zip(&archive, &[("205-echo/src/main.rs", ENDS)]);
    set_time(&archive, 1_000_000_000);
    desk.grade(&["--deadline", "2001-09-09T01:00:00Z"])
        .code(1)
        .stdout(contains(
            "anna echo: 46 min late: handed in 2001-09-09 01:4",
        ));
}

#[test]
fn slips_in_the_command_line_are_named() {
    let desk = Desk::new();
    let text = desk.write("notes.txt", "hello");
    desk.socklings(&["grade", text.to_str().expect("text")])
        .code(2)
        .stderr(contains(
            "is neither a folder nor a .zip, .tar.gz or .tgz file",
        ));
    desk.hand_in("anna", ENDS);
    let roster = desk.write("roster.csv", "surname\nArendt\n");
    desk.grade(&["--roster", roster.to_str().expect("text")])
        .code(2)
        .stderr(contains("it has no column \"id\""));
    desk.grade(&["--deadline", "tomorrow"])
        .code(2)
        .stderr(contains("2026-11-20T23:59"));
    desk.socklings(&["gradebook", "students"])
        .code(2)
        .stderr(contains("there is no such file"));
}

#[test]
fn a_gradebook_that_cannot_be_written_stops_before_anything_is_graded() {
    let desk = Desk::new();
    desk.hand_in("anna", ENDS);
    let class = desk.path("class");
    let mut command = Command::cargo_bin("socklings").expect("it is built");
    command
        .arg("grade")
        .arg(class)
        .args(["--gradebook", "/proc/grades.db"]);
    let said = contains("the gradebook /proc/grades.db cannot be opened");
    command.assert().code(3).stderr(said).stdout("");
}
