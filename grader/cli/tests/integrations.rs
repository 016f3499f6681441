//! The scripts for other platforms, in a fresh folder with the layout that the platform documents.

#![forbid(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const ENDS: &str = "fn main() {}\n";

fn course() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("it is ours");
    fs::write(path, content).expect("it is ours");
}

fn run(script: &Path) -> Command {
    let mut command = Command::new("bash");
    command.arg(script);
    command.env("SOCKLINGS", assert_cmd::cargo::cargo_bin!("socklings"));
    command
}

fn words(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Whether only what is committed can be seen; what is packed or cloned is that.
fn is_checkout() -> bool {
    let commit = Command::new("git")
        .current_dir(course())
        .args(["rev-parse", "HEAD"])
        .output();
    let is = commit.is_ok_and(|output| output.status.success());
    if !is {
        println!(
            "skipped: this is no git checkout, and only what is committed is packed or cloned"
        );
    }
    is
}

/// `/autograder`, somewhere else, with all that Gradescope puts there.
struct Autograder(TempDir);

impl Autograder {
    /// The course itself serves as the unpacked archive.
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a folder");
        write(&root.path().join("source/lesson"), "echo\n");
        std::os::unix::fs::symlink(course(), root.path().join("source/course")).expect("a link");
        let script = course().join("integrations/gradescope/run_autograder");
        fs::copy(script, root.path().join("source/run_autograder")).expect("it is ours");
        Self::around(root)
    }

    /// From the archive that an instructor uploads, unpacked.
    fn unpacked() -> Self {
        let root = tempfile::tempdir().expect("a folder");
        let file = root.path().join("echo.zip");
        make_zip("echo", &file);
        let mut archive =
            zip::ZipArchive::new(fs::File::open(&file).expect("it is there")).expect("it is a zip");
        archive
            .extract(root.path().join("source"))
            .expect("it is whole");
        Self::around(root)
    }

    /// What the building of the image, and then the harness, add to `source/`.
    fn around(root: TempDir) -> Self {
        let at = |name: &str| root.path().join(name);
        fs::copy(at("source/run_autograder"), at("run_autograder")).expect("it is ours");
        fs::create_dir(at("submission")).expect("it is ours");
        fs::create_dir(at("results")).expect("it is ours");
        write(
            &at("submission_metadata.json"),
            r#"{"id": 123456, "created_at": "2026-11-20T14:22:32.365935-07:00",
                "users": [{"email": "ann@example.com", "id": 1234, "name": "Ann"}]}"#,
        );
        Self(root)
    }

    fn command(&self, before: &[&str]) -> Command {
        let script = self.0.path().join("run_autograder");
        let mut words = before.iter().map(AsRef::as_ref).chain([script.as_os_str()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command
            .args(words)
            .current_dir(self.0.path())
            .env("SOCKLINGS", assert_cmd::cargo::cargo_bin!("socklings"))
            .env("AUTOGRADER", self.0.path());
        command
    }

    fn results(&self) -> Value {
        let results = fs::read(self.0.path().join("results/results.json")).expect("it is there");
        serde_json::from_slice(&results).expect("JSON")
    }

    fn grade(&self) -> Value {
        let output = self.command(&[]).output().expect("it can be executed");
        assert!(output.status.success(), "{}", words(&output));
        self.results()
    }

    fn hand_in(&self, name: &str, content: &str) {
        write(&self.0.path().join("submission").join(name), content);
    }
}

fn make_zip(lesson: &str, file: &Path) {
    let script = course().join("integrations/gradescope/make-zip");
    let output = run(&script).arg(lesson).arg(file).output().expect("bash");
    assert!(output.status.success(), "{}", words(&output));
}

#[test]
fn gradescope_gets_its_results() {
    let autograder = Autograder::new();
    autograder.hand_in("src/main.rs", ENDS);
    let results = autograder.grade();
    assert_eq!(results["score"], 0.0);
    assert_eq!(results["tests"].as_array().map(Vec::len), Some(11));
    assert!(
        results["tests"][0]["output"]
            .as_str()
            .is_some_and(|text| text.contains("what happened"))
    );
}

#[test]
fn gradescope_takes_files_without_a_folder() {
    let autograder = Autograder::new();
    autograder.hand_in("main.rs", "mod server;\nfn main() { server::run() }\n");
    autograder.hand_in("server.rs", "pub fn run() {}\n");
    assert_eq!(
        autograder.grade()["tests"].as_array().map(Vec::len),
        Some(11)
    );
}

#[test]
fn gradescope_is_told_of_an_upload_without_a_program() {
    let autograder = Autograder::new();
    autograder.hand_in("essay.txt", "I tried.");
    let results = autograder.grade();
    assert_eq!(results["score"], 0.0);
    assert_eq!(results["tests"][0]["output"], "there is no src/main.rs");
}

/// Root in a container that may make no namespaces, as in most of them.
const CONTAINER: [&str; 5] = ["unshare", "--user", "--map-root-user", "sh", "-c"];
const FORBID: &str = "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$0\" \"$@\"";

/// Executes a command where Landlock's system calls are not known (444 on every architecture).
const NO_LANDLOCK: &str = r#"
import ctypes, os, struct, sys
code = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x50000 | 38), (0x06, 0, 0, 0x7fff0000)]
filter = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
program = ctypes.create_string_buffer(struct.pack("HP", len(code), ctypes.addressof(filter)))
libc = ctypes.CDLL(None)
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program, 0, 0):
    sys.exit("no filter")
os.execvp(sys.argv[1], sys.argv[1:])
"#;

/// What a command says of this machine's boxes; nothing where there can be no such container here.
fn boxes(container: &[&str]) -> Option<String> {
    let mut command = Command::new(container[0]);
    let output = command
        .args(&container[1..])
        .arg(assert_cmd::cargo::cargo_bin!("socklings"))
        .arg("doctor")
        .output();
    match output {
        Ok(output) if output.status.success() => {
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        why => {
            let why = why.map(|output| words(&output));
            println!("skipped: no container without namespaces can be made here: {why:?}");
            None
        }
    }
}

#[test]
fn in_a_container_without_namespaces_gradescope_grades_in_the_light_box_and_says_so() {
    let container = [&CONTAINER[..], &[FORBID]].concat();
    let Some(boxes) = boxes(&container) else {
        return;
    };
    assert!(boxes.contains("✗ full box"), "{boxes}");
    if !boxes.contains("✓ light box") {
        println!("skipped: no light box here: {boxes}");
        return;
    }
    let autograder = Autograder::new();
    autograder.hand_in("src/main.rs", ENDS);
    let output = autograder.command(&container).output().expect("unshare");
    assert!(output.status.success(), "{}", words(&output));
    assert!(words(&output).contains("box: light; it does not keep programs from everything"));
    let tests = autograder.results()["tests"].as_array().map(Vec::len);
    assert_eq!(tests, Some(11));
}

#[test]
fn where_no_box_can_be_built_gradescope_grades_without_one_and_says_so() {
    let without = [&CONTAINER[..], &[FORBID, "python3", "-c", NO_LANDLOCK]].concat();
    let Some(boxes) = boxes(&without) else {
        return;
    };
    assert!(
        boxes.contains("✗ full box") && boxes.contains("✗ light box"),
        "{boxes}"
    );
    let autograder = Autograder::new();
    autograder.hand_in("src/main.rs", ENDS);
    let output = autograder.command(&without).output().expect("unshare");
    assert!(output.status.success(), "{}", words(&output));
    let said = words(&output);
    assert!(
        said.contains("No box can be built here") && said.contains("box: none"),
        "{said}"
    );
    let tests = autograder.results()["tests"].as_array().map(Vec::len);
    assert_eq!(tests, Some(11));
}

#[test]
fn the_archive_for_gradescope_grades_where_it_is_unpacked() {
    if !is_checkout() {
        return;
    }
    let autograder = Autograder::unpacked();
    if std::env::var_os("SOCKLINGS_GRADESCOPE").is_some() {
        // Builds the grader anew, as Gradescope does when it makes the image: a minute or more.
        let mut setup = Command::new("bash");
        setup.arg(autograder.0.path().join("source/setup.sh"));
        let output = setup
            .env("AUTOGRADER", autograder.0.path())
            .output()
            .expect("bash");
        assert!(output.status.success(), "{}", words(&output));
    } else {
        println!(
            "setup.sh is left out: SOCKLINGS_GRADESCOPE=1 asks for it, since it builds everything"
        );
    }
    autograder.hand_in("src/main.rs", ENDS);
    let mut command = autograder.command(&[]);
    if std::env::var_os("SOCKLINGS_GRADESCOPE").is_some() {
        command.env_remove("SOCKLINGS");
    }
    let output = command.output().expect("it can be executed");
    assert!(output.status.success(), "{}", words(&output));
    assert_eq!(autograder.results()["score"], 0.0);
}

#[test]
fn an_autograder_is_packed_with_all_that_it_needs() {
    if !is_checkout() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("echo.zip");
    make_zip("echo", &file);
    let mut archive =
        zip::ZipArchive::new(fs::File::open(file).expect("it is there")).expect("it is a zip");
    for needed in [
        "setup.sh",
        "lesson",
        "course/Cargo.lock",
        "course/Cargo.toml",
    ] {
        assert!(archive.by_name(needed).is_ok(), "{needed}");
    }
    // Gradescope executes it.
    let script = archive.by_name("run_autograder").expect("it is there");
    assert_eq!(script.unix_mode().map(|mode| mode & 0o111), Some(0o111));
    let output = run(&course().join("integrations/gradescope/make-zip"))
        .arg("ehco")
        .arg(folder.path().join("x.zip"))
        .output();
    assert!(
        output.is_ok_and(|output| !output.status.success()),
        "there is no such lesson"
    );
}

/// A student's repository, with one program that is due and one that is not.
fn repository(folder: &Path) {
    write(&folder.join("exercises/205-echo/src/main.rs"), ENDS);
    write(&folder.join("exercises/206-frames/src/main.rs"), ENDS);
}

/// The commands of a job, in order: what stands behind `run:` in a workflow of GitHub's, and in the list
/// below `script:` in GitLab's.
fn commands(file: &str) -> Vec<String> {
    let text = fs::read_to_string(course().join("integrations").join(file)).expect("it is there");
    let mut commands = Vec::new();
    let mut in_script = false;
    for line in text.lines() {
        let (indent, line) = (line.len() - line.trim_start().len(), line.trim_start());
        if let Some(command) = line.strip_prefix("run: ") {
            commands.push(command.to_owned());
        } else if let Some(command) = line.strip_prefix("- ").filter(|_| in_script && indent == 4) {
            commands.push(command.to_owned());
        } else {
            in_script = line == "script:";
        }
    }
    commands
}

/// What a job leaves, and how it ended.
fn is_graded(folder: &Path, student: &str, output: &Output) {
    assert_eq!(output.status.code(), Some(1), "{}", words(output));
    let xml = fs::read_to_string(folder.join("out/junit.xml")).expect("it is there");
    let suite = format!("<testsuite name=\"{student}.echo\" tests=\"11\" failures=\"11\"");
    assert!(xml.contains(&suite), "{xml}");
    assert!(!xml.contains("frames"));
    let page = format!("out/site/students/{student}.html");
    assert!(folder.join(page).is_file());
}

#[test]
fn githubs_workflow_grades_a_repository() {
    let folder = tempfile::tempdir().expect("a folder");
    // As actions/checkout leaves it, with `path: repository` and `path: course`.
    repository(&folder.path().join("repository"));
    std::os::unix::fs::symlink(course(), folder.path().join("course")).expect("a link");
    let [allow, grade] = commands("github-actions/checks.yml")
        .try_into()
        .expect("two steps");
    // That one is for a machine of GitHub's.
    assert!(allow.starts_with("sudo sysctl -w kernel."), "{allow}");
    // `bash -e {0}`: what GitHub documents for a step without a shell.
    let output = Command::new("bash")
        .args(["-e", "-c", &grade])
        .current_dir(folder.path())
        .env("SOCKLINGS", assert_cmd::cargo::cargo_bin!("socklings"))
        .env("LESSONS", "echo")
        .output()
        .expect("bash");
    is_graded(folder.path(), "repository", &output);
}

#[test]
fn gitlabs_job_grades_a_repository() {
    if !is_checkout() {
        return;
    }
    // A runner works in the student's repository, and clones the course into it.
    let folder = tempfile::tempdir().expect("a folder");
    repository(folder.path());
    let script = commands("gitlab-ci/.gitlab-ci.yml");
    assert_eq!(script.len(), 3, "{script:?}");
    let output = Command::new("bash")
        .args(["-eo", "pipefail", "-c", &script.join("\n")])
        .current_dir(folder.path())
        .env("SOCKLINGS", assert_cmd::cargo::cargo_bin!("socklings"))
        .env("SOCKLINGS_COURSE", course())
        .env("CI_PROJECT_DIR", folder.path())
        .env("LESSONS", "echo")
        .output()
        .expect("bash");
    is_graded(folder.path(), "student", &output);
}

#[test]
fn every_script_can_be_read_by_bash_and_is_named_where_it_is_needed() {
    let folder = course().join("integrations");
    let scripts = [
        "gradescope/setup.sh",
        "gradescope/run_autograder",
        "gradescope/make-zip",
        "grade-repository",
        "choose-box",
    ];
    for script in scripts {
        let status = Command::new("bash")
            .arg("-n")
            .arg(folder.join(script))
            .status();
        assert!(status.is_ok_and(|status| status.success()), "{script}");
    }
    for file in ["github-actions/checks.yml", "gitlab-ci/.gitlab-ci.yml"] {
        let text = fs::read_to_string(folder.join(file)).expect("it is there");
        assert!(
            text.contains("course/integrations/grade-repository"),
            "{file}"
        );
    }
}
