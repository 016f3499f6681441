//! On a machine that forbids namespaces the grader takes the light box and says what that does not
//! promise; where there is no Landlock either it runs nobody's program, unless told to.
//!
//! This executable plays such a machine: started with `--without`, it has the kernel refuse those calls
//! (`man 2 seccomp`) to itself, and becomes the command that follows.

#![cfg(target_os = "linux")]
#![forbid(unsafe_code)]

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Output, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter,
};
use serde_json::Value;
use tempfile::TempDir;

const RIGHT: &str = include_str!("../../../examples/class/anna/205-echo/src/main.rs");

/// Who is told so refuses these things to itself, and becomes the command that follows.
const WITHOUT: &str = "--without";
const NAMESPACES: &str = "namespaces";
const LANDLOCK: &str = "landlock";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().collect();
    if words.get(1).map(String::as_str) == Some(WITHOUT) {
        eprintln!("{}", become_without(&words[2], &words[3..]));
        return ExitCode::FAILURE;
    }
    let trial = |name: &str, told: fn() -> Result<(), String>| {
        Trial::test(name, move || told().map_err(Failed::from))
    };
    let trials = vec![
        trial(
            "without_namespaces_the_light_box_is_taken",
            takes_the_light_box,
        ),
        trial(
            "the_full_box_is_refused_with_the_doctors_page",
            refuses_the_full_box,
        ),
        trial("without_landlock_nobodys_program_is_run", refuses_all),
        trial(
            "unless_told_to_and_then_every_outcome_says_so",
            goes_on_without_a_box,
        ),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Becomes that command; returns only why it cannot.
fn become_without(what: &str, command: &[String]) -> String {
    for (thing, filters) in [
        (NAMESPACES, no_namespaces as fn() -> Vec<BpfProgram>),
        (LANDLOCK, no_landlock),
    ] {
        if !what.split(',').any(|word| word == thing) {
            continue;
        }
        for filter in filters() {
            if let Err(error) = apply_filter(&filter) {
                return error.to_string();
            }
        }
    }
    Command::new(&command[0])
        .args(&command[1..])
        .exec()
        .to_string()
}

fn filter(rules: Vec<(i64, Vec<SeccompRule>)>, error: i32) -> BpfProgram {
    let architecture = std::env::consts::ARCH.try_into().expect("a known one");
    let filter = SeccompFilter::new(
        rules.into_iter().collect(),
        SeccompAction::Allow,
        SeccompAction::Errno(error.unsigned_abs()),
        architecture,
    );
    filter.and_then(TryInto::try_into).expect("it is right")
}

/// As Docker's own filter has it: no new namespaces, and no clone3, whose flags no filter can read.
fn no_namespaces() -> Vec<BpfProgram> {
    let flags = [
        libc::CLONE_NEWNS,
        libc::CLONE_NEWUSER,
        libc::CLONE_NEWPID,
        libc::CLONE_NEWNET,
        libc::CLONE_NEWIPC,
        libc::CLONE_NEWUTS,
        libc::CLONE_NEWCGROUP,
    ];
    let rules = flags.map(|flag| {
        let flag = u64::from(flag.unsigned_abs());
        let is_set = SeccompCmpOp::MaskedEq(flag);
        let condition = SeccompCondition::new(0, SeccompCmpArgLen::Qword, is_set, flag);
        SeccompRule::new(vec![condition.expect("it is right")]).expect("it is right")
    });
    vec![
        filter(
            vec![
                (libc::SYS_unshare, rules.to_vec()),
                (libc::SYS_clone, rules.to_vec()),
                (libc::SYS_setns, Vec::new()),
            ],
            libc::EPERM,
        ),
        filter(vec![(libc::SYS_clone3, Vec::new())], libc::ENOSYS),
    ]
}

/// As a kernel that was started without it.
fn no_landlock() -> Vec<BpfProgram> {
    let calls = [
        libc::SYS_landlock_create_ruleset,
        libc::SYS_landlock_add_rule,
        libc::SYS_landlock_restrict_self,
    ];
    let rules = calls.map(|call| (call, Vec::new()));
    vec![filter(rules.to_vec(), libc::EOPNOTSUPP)]
}

/// A class of one, and where its marks are kept.
struct Class(TempDir);

impl Class {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let source = folder.path().join("class/anna/205-echo/src");
        fs::create_dir_all(&source).expect("it is ours");
        fs::write(source.join("main.rs"), RIGHT).expect("it is ours");
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Grades it on a machine without that.
    fn graded(&self, without: &str, options: &[&str]) -> Output {
        Command::new("/proc/self/exe")
            .args([WITHOUT, without, env!("CARGO_BIN_EXE_socklings"), "grade"])
            .arg(self.path("class"))
            .args(["--lesson", "echo", "--gradebook"])
            .arg(self.path("grades.db"))
            .args(options)
            .stdin(Stdio::null())
            .output()
            .expect("it is built")
    }
}

fn is_exit(output: &Output, code: i32) -> Result<(), String> {
    if output.status.code() == Some(code) {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}, expected {code}: {words}", output.status))
}

fn contains(words: &[u8], expected: &str) -> Result<(), String> {
    let words = String::from_utf8_lossy(words);
    if words.contains(expected) {
        Ok(())
    } else {
        Err(format!("{expected:?} is not in {words}"))
    }
}

/// Anna's lesson in JSON.
fn lesson_of(output: &Output) -> Result<Value, String> {
    let graded: Value = serde_json::from_slice(&output.stdout).map_err(|e| e.to_string())?;
    Ok(graded["students"][0]["lessons"][0].clone())
}

fn takes_the_light_box() -> Result<(), String> {
    let class = Class::new();
    let output = class.graded(NAMESPACES, &["--format", "json"]);
    is_exit(&output, 0)?;
    let lesson = lesson_of(&output)?;
    let promises = lesson["not_promised"].as_array().map_or(0, Vec::len);
    if lesson["box"] != "light" || lesson["points"] != 19 || promises < 5 {
        return Err(lesson.to_string());
    }
    // It is stored with the outcome, and told again where that is shown again.
    let again = class.graded(NAMESPACES, &["--format", "text"]);
    is_exit(&again, 0)?;
    contains(
        &again.stdout,
        "box: light; it does not keep programs from everything:\n  - processes of this machine",
    )?;
    contains(&again.stdout, "graded before")
}

fn refuses_the_full_box() -> Result<(), String> {
    let class = Class::new();
    let output = class.graded(NAMESPACES, &["--box", "full"]);
    is_exit(&output, 3)?;
    if !output.stdout.is_empty() {
        return Err(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    contains(
        &output.stderr,
        "socklings: this machine cannot build the full box: ",
    )?;
    contains(&output.stderr, "Operation not permitted")?;
    // The doctor's page.
    contains(&output.stderr, "\n✗ full box ")?;
    contains(&output.stderr, "\n✓ light box ")?;
    contains(&output.stderr, "\n✗ isolated arena ")
}

fn refuses_all() -> Result<(), String> {
    let class = Class::new();
    let both = format!("{NAMESPACES},{LANDLOCK}");
    let output = class.graded(&both, &[]);
    is_exit(&output, 3)?;
    if !output.stdout.is_empty() {
        return Err(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    contains(
        &output.stderr,
        "cannot build a box, and runs no submission without one unless told to (--box none)",
    )?;
    contains(&output.stderr, "restricting the program by Landlock")?;
    contains(&output.stderr, "\n✗ light box ")?;
    let light = class.graded(&both, &["--box", "light"]);
    is_exit(&light, 3)?;
    contains(
        &light.stderr,
        "socklings: this machine cannot build the light box: ",
    )
}

fn goes_on_without_a_box() -> Result<(), String> {
    let class = Class::new();
    let both = format!("{NAMESPACES},{LANDLOCK}");
    let output = class.graded(&both, &["--box", "none", "--format", "json"]);
    is_exit(&output, 0)?;
    let lesson = lesson_of(&output)?;
    let said = "programs run as you, and may do all that you may do";
    if lesson["box"] != "none" || lesson["points"] != 19 || lesson["not_promised"][0] != said {
        return Err(lesson.to_string());
    }
    Ok(())
}
