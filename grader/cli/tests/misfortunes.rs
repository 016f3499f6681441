//! What happens to disks and files while a class is graded: a clear error, the right exit status, and
//! nothing that was stored is lost. The disks are real file systems, in a mount namespace of the test's own
//! (`man 7 mount_namespaces`): root makes one, and an ordinary user where user namespaces are allowed.

#![forbid(unsafe_code)]
#![cfg(target_os = "linux")]

mod small_class;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use gradebook::Gradebook;
use rusqlite::Connection;
use small_class::Class;

/// A disk of a given size on `$DISK`, for as long as a script runs. `$OUT` stays.
struct Disk<'a> {
    class: &'a Class,
    /// What puts a command into a mount namespace in which it may mount.
    namespace: Vec<&'static str>,
}

impl<'a> Disk<'a> {
    /// Nothing where this machine allows no such disk.
    fn of(class: &'a Class) -> Option<Self> {
        for folder in ["disk", "out"] {
            fs::create_dir(class.gradebook(folder)).expect("it is ours");
        }
        let namespaces = [
            vec!["unshare", "--mount"],
            vec!["unshare", "--user", "--map-root-user", "--mount"],
        ];
        let mut why = Vec::new();
        for namespace in namespaces {
            let disk = Self { class, namespace };
            match disk.script("true") {
                Ok(output) if output.status.success() => return Some(disk),
                other => why.push(other.map_or_else(|e| e.to_string(), |output| words(&output))),
            }
        }
        println!("skipped: no file system can be mounted here: {why:?}");
        None
    }

    /// Runs `script` where `$DISK` is a disk of 4 MiB; `"$@"` in it is the grader.
    fn script(&self, script: &str) -> std::io::Result<Output> {
        let disk = self.class.gradebook("disk");
        let grader = self.class.grader(&disk.join("grades.db"));
        let mount = "mount -t tmpfs -o size=4m,mode=755 socklings \"$DISK\" || exit 99";
        Command::new(self.namespace[0])
            .args(&self.namespace[1..])
            .args(["sh", "-ec", &format!("{mount}\n{script}"), "sh"])
            .arg(grader.get_program())
            .args(grader.get_args())
            .args(["--box", "none"])
            .env("TMPDIR", self.class.gradebook("tmp"))
            .env("DISK", &disk)
            .env("OUT", self.out(""))
            .output()
    }

    fn out(&self, name: &str) -> PathBuf {
        self.class.gradebook("out").join(name)
    }

    /// What a step of a script has left in `$OUT`.
    fn said(&self, name: &str) -> String {
        fs::read_to_string(self.out(name)).expect("the script wrote it")
    }
}

fn words(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// How many marks are in a gradebook, which must be whole.
fn stored(gradebook: &Path) -> u64 {
    let book = Gradebook::open_existing(gradebook).expect("it is there");
    assert!(book.is_whole().expect("it can be read"));
    let [.., marks] = book.sizes().expect("it can be read");
    marks
}

const FULL: &str = "the disk that holds the gradebook is full. Make room, then run the same command \
                    again: it goes on where it stopped";

#[test]
fn on_a_disk_that_fills_up_nothing_is_lost_and_the_same_command_goes_on() {
    let class = Class::of(12);
    let undisturbed = class.gradebook("undisturbed.db");
    let status = class.grader(&undisturbed).status().expect("it is built");
    assert_eq!(status.code(), Some(4));
    let Some(disk) = Disk::of(&class) else {
        return;
    };
    let output = disk.script(
        r#"
        # Room for the tables and a part of the class.
        head -c 3700000 /dev/zero > "$DISK/ballast"
        "$@" > "$OUT/full.stdout" 2> "$OUT/full.stderr" && status=0 || status=$?
        echo $status > "$OUT/full.status"
        mkdir "$OUT/full" && cp "$DISK"/grades.db* "$OUT/full/"
        # And again: what is full stays full.
        "$@" > /dev/null 2> "$OUT/still-full.stderr" && status=0 || status=$?
        echo $status > "$OUT/still-full.status"
        rm "$DISK/ballast"
        "$@" > "$OUT/on.stdout" 2> "$OUT/on.stderr" && status=0 || status=$?
        echo $status > "$OUT/on.status"
        mkdir "$OUT/on" && cp "$DISK"/grades.db* "$OUT/on/"
        "#,
    );
    let output = output.expect("sh");
    assert!(output.status.success(), "{}", words(&output));
    for step in ["full", "still-full"] {
        assert_eq!(disk.said(&format!("{step}.status")), "3\n");
        let said = disk.said(&format!("{step}.stderr"));
        assert!(said.ends_with(&format!("socklings: {FULL}\n")), "{said}");
    }
    let before = stored(&disk.out("full/grades.db"));
    assert!((1..12).contains(&before), "{before}");
    assert_eq!(disk.said("on.status"), "4\n", "{}", disk.said("on.stderr"));
    // What was stored is not graded again.
    let said = disk.said("on.stdout");
    assert!(
        said.contains(&format!("{before} graded before; ")),
        "{said}"
    );
    assert_eq!(
        class.marks(&disk.out("on/grades.db")),
        class.marks(&undisturbed)
    );
}

#[test]
fn on_a_disk_without_any_room_no_gradebook_is_begun() {
    let class = Class::of(1);
    let Some(disk) = Disk::of(&class) else {
        return;
    };
    let output = disk.script(
        r#"
        cat /dev/zero > "$DISK/ballast" 2> /dev/null || true
        "$@"
        "#,
    );
    let output = output.expect("sh");
    assert_eq!(output.status.code(), Some(3), "{}", words(&output));
    assert!(
        words(&output).ends_with(&format!("socklings: {FULL}\n")),
        "{}",
        words(&output)
    );
}

#[test]
fn a_gradebook_on_a_read_only_disk_is_left_as_it_is_and_can_be_asked() {
    let class = Class::of(2);
    let Some(disk) = Disk::of(&class) else {
        return;
    };
    let output = disk.script(
        r#"
        "$@" > /dev/null 2> "$OUT/first.stderr" && exit 98
        cp "$DISK/grades.db" "$OUT/before.db"
        mount -o remount,ro "$DISK"
        "$@" --fresh > /dev/null 2> "$OUT/grade.stderr" && status=0 || status=$?
        echo $status > "$OUT/grade.status"
        "$1" gradebook students --lesson echo --gradebook "$DISK/grades.db" > "$OUT/students" 2>&1
        cmp "$DISK/grades.db" "$OUT/before.db"
        "#,
    );
    let output = output.expect("sh");
    assert!(
        output.status.success(),
        "{} {}",
        words(&output),
        disk.said("first.stderr")
    );
    assert_eq!(disk.said("grade.status"), "3\n");
    let said = disk.said("grade.stderr");
    assert!(
        said.contains("the gradebook cannot be written: it, or its folder, is read-only"),
        "{said}"
    );
    let said = disk.said("students");
    assert!(
        said.contains("student-01") && said.contains("0/19"),
        "{said}"
    );
}

#[test]
fn a_gradebook_that_another_process_has_locked_is_waited_for_and_then_named() {
    let class = Class::of(1);
    let gradebook = class.gradebook("grades.db");
    drop(Gradebook::open(&gradebook).expect("it is new"));
    // This process is the other one.
    let holder = Connection::open(&gradebook).expect("it is there");
    holder
        .execute_batch("BEGIN IMMEDIATE")
        .expect("nobody has it");
    let mut grader = class.grader(&gradebook);
    let output = grader.stderr(Stdio::piped()).output().expect("it is built");
    assert_eq!(output.status.code(), Some(3));
    let said = words(&output);
    assert!(
        said.contains("the gradebook is locked by another process"),
        "{said}"
    );
    assert!(said.contains("run the same command again"), "{said}");
    holder.execute_batch("ROLLBACK").expect("it is ours");
    let status = class.grader(&gradebook).status().expect("it is built");
    assert_eq!(
        status.code(),
        Some(1),
        "it prints nothing and echoes nothing"
    );
    assert_eq!(stored(&gradebook), 1);
}

#[test]
fn two_runs_of_a_class_with_other_data_give_the_same_marks() {
    let course = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = tempfile::tempdir().expect("a folder");
    let marks = [1, 2].map(|seed| {
        let gradebook = folder.path().join(format!("{seed}.db"));
        let status = Command::new(assert_cmd::cargo::cargo_bin!("socklings"))
            .arg("grade")
            .arg(course.join("examples/class"))
            .args(["--lesson", "echo", "--seed", &seed.to_string()])
            .arg("--gradebook")
            .arg(&gradebook)
            .output()
            .expect("it is built")
            .status;
        assert_eq!(status.code(), Some(4));
        let book = Gradebook::open_existing(&gradebook).expect("it is there");
        let mut marks = Vec::new();
        for history in book.histories().expect("it can be read") {
            let grading = book.grading(history.grading).expect("it can be read");
            let record = grading.expect("it is kept").record;
            assert_eq!(record.seed, seed);
            let checks = record.checks.iter().map(|check| {
                let kind = check
                    .failure
                    .as_ref()
                    .map(|failure| failure["kind"].clone());
                (check.name.clone(), check.result, kind)
            });
            let checks: Vec<_> = checks.collect();
            marks.push((history.student, record.result, record.points, checks));
        }
        marks.sort_by(|a, b| a.0.cmp(&b.0));
        marks
    });
    assert_eq!(marks[0].len(), 4);
    assert_eq!(marks[0], marks[1]);
}
