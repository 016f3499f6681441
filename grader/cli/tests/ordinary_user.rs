//! A class is graded by somebody who is not root: from a checkout of theirs, with a home and a Cargo home
//! of their own. Where the tests run as an ordinary user, all the others show that already.

#![cfg(target_os = "linux")]
#![forbid(unsafe_code)]

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt as _, lchown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const NOBODY: u32 = 65534;

/// Somebody with a checkout of the course.
struct User {
    folder: TempDir,
    /// The toolchain, which may lie in root's home.
    toolchain: PathBuf,
}

impl User {
    fn new() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?;
        let user = Self {
            toolchain: toolchain()?,
            folder,
        };
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let course = here.ancestors().nth(2).unwrap_or(here);
        copy(course, &user.course(), &["target", ".git"])?;
        for part in ["index", "cache"] {
            let registry = Path::new("registry").join(part);
            let to = user.cargo_home().join(&registry);
            copy(&cargo_home().join(&registry), &to, &[])?;
        }
        let program = Path::new(env!("CARGO_BIN_EXE_socklings"));
        copy(program, &user.path("bin/socklings"), &[])?;
        fs::create_dir(user.path("toolchain"))?;
        own(user.folder.path())?;
        Ok(user)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn course(&self) -> PathBuf {
        self.path("home/course")
    }

    fn cargo_home(&self) -> PathBuf {
        self.path("home/.cargo")
    }

    /// Runs `socklings` with these words in the checkout. The toolchain is shown in a place that is open
    /// to everybody, in a mount namespace that ends with the command.
    fn socklings(&self, words: &str) -> Output {
        const SHOW: &str = "mount --bind \"$1\" \"$2\"; shift 2; exec \"$@\"";
        let toolchain = self.path("toolchain");
        let mut path = toolchain.join("bin").into_os_string();
        path.push(":/usr/local/bin:/usr/bin:/bin");
        let who = NOBODY.to_string();
        Command::new("unshare")
            .args(["--mount", "sh", "-ec", SHOW, "sh"])
            .args([&self.toolchain, &toolchain])
            .args([
                "setpriv",
                "--reuid",
                &who,
                "--regid",
                &who,
                "--clear-groups",
            ])
            .arg(self.path("bin/socklings"))
            .args(words.split_whitespace())
            .current_dir(self.course())
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.path("home"))
            .env("CARGO_HOME", self.cargo_home())
            .env("CARGO_NET_OFFLINE", "true")
            .stdin(Stdio::null())
            .output()
            .expect("there is unshare")
    }
}

/// Where the compiler is that these tests were built with.
fn toolchain() -> io::Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "sysroot"]).output()?;
    let path = String::from_utf8(output.stdout).map_err(io::Error::other)?;
    Ok(path.trim_end().into())
}

fn cargo_home() -> PathBuf {
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cargo");
    std::env::var_os("CARGO_HOME").map_or_else(home, PathBuf::from)
}

/// Copies a file, or a folder but for what is `left_out` of it.
fn copy(from: &Path, to: &Path, left_out: &[&str]) -> io::Result<()> {
    if !from.is_dir() {
        fs::create_dir_all(to.parent().unwrap_or(to))?;
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        if left_out.iter().all(|out| name != *out) {
            copy(&from.join(&name), &to.join(&name), &[])?;
        }
    }
    Ok(())
}

/// Gives all of it to the user.
fn own(path: &Path) -> io::Result<()> {
    lchown(path, Some(NOBODY), Some(NOBODY))?;
    if path.is_dir() && !path.is_symlink() {
        for entry in fs::read_dir(path)? {
            own(&entry?.path())?;
        }
    }
    Ok(())
}

/// Why this cannot be tried here, if it cannot.
fn what_is_missing() -> Option<&'static str> {
    if !rustix::process::geteuid().is_root() {
        return Some("the tests run as an ordinary user already");
    }
    if !cargo_home().join("registry/cache").is_dir() {
        return Some("Cargo has no registry here that could be copied");
    }
    let is_there = |program: &str| {
        let mut asked = Command::new(program);
        let asked = asked.arg("--version").stdout(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    };
    if !["unshare", "setpriv", "mount"].into_iter().all(is_there) {
        return Some("util-linux is not installed");
    }
    let mount = ["--mount", "true"];
    let mounts = Command::new("unshare").args(mount).status();
    if !mounts.is_ok_and(|status| status.success()) {
        return Some("root may make no mount namespace here");
    }
    None
}

/// Standard output, of a command that ended with `code`.
fn said(output: &Output, code: i32) -> String {
    let words = String::from_utf8_lossy(&output.stderr);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}{words}");
    said
}

#[test]
fn an_ordinary_user_grades_a_class_and_hands_over_the_marks() {
    if let Some(reason) = what_is_missing() {
        println!("skipped: {reason}");
        return;
    }
    let user = User::new().expect("there is room");
    let graded = user.socklings("grade examples/class");
    // One of the class handed in what does not compile.
    let graded = said(&graded, 4);
    assert!(graded.contains("carla echo: ungradable"), "{graded}");
    assert!(graded.contains("\nbox: "), "{graded}");
    assert!(!graded.contains("not run on this machine"), "{graded}");

    let students = said(&user.socklings("gradebook students --lesson echo"), 0);
    assert!(students.contains("19/19"), "{students}");
    said(&user.socklings("report --html site"), 0);
    let page = fs::read_to_string(user.course().join("site/students/anna.html"));
    assert!(page.expect("it is there").contains("19"));
    let csv = said(&user.socklings("export csv --lesson echo"), 0);
    assert!(csv.contains("anna,"), "{csv}");

    // Who may not look into the course's folder is another matter in the light box: it has no view of
    // its own.
    let light = "grade examples/class --lesson echo --box light --gradebook light.db";
    let light = said(&user.socklings(light), 4);
    assert!(light.contains("anna      19/19"), "{light}");
    assert!(light.contains("box: light;"), "{light}");
}
