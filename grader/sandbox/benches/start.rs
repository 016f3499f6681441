//! How long a box takes to start a program, beside bubblewrap (`bwrap --unshare-all`) with the same
//! mounts, in turn; and whether 64 boxes at once all start.
//!
//! ```text
//! cargo bench -p sandbox
//! ```
//!
//! The time is from the start of the keeper, or of bwrap, until the program's first byte has been read.

#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use sandbox::{Kind, Limits, Link, Network, Spec, keeper, prepare};

const ROUNDS: usize = 100;
const AT_ONCE: usize = 64;
/// As many times bubblewrap's time are allowed.
const MOST: f64 = 1.5;
/// Who plays the ordinary user.
const NOBODY: u32 = 65534;
/// The first argument of this executable as an ordinary user's.
const AS_USER: &str = "--as-user";

fn main() -> io::Result<ExitCode> {
    keeper::run_if_asked();
    let is_user = std::env::args().any(|argument| argument == AS_USER);
    let who = if is_user || !rustix::process::geteuid().is_root() {
        "an ordinary user"
    } else {
        "root"
    };
    let slow = compare(who)?;
    all_at_once(who)?;
    let mut fails = slow;
    if who == "root" {
        fails |= !run_as_user()?;
    }
    Ok(if fails {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The same once more as an ordinary user. Whether that was good.
fn run_as_user() -> io::Result<bool> {
    // Cargo's folder may be closed to others.
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("start");
    fs::copy("/proc/self/exe", &copy)?;
    for path in [folder.path(), &copy] {
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    }
    let mut command = Command::new(copy);
    command
        .arg(AS_USER)
        .current_dir("/")
        .uid(NOBODY)
        .gid(NOBODY);
    Ok(command.status()?.success())
}

/// Whether the box is too slow.
fn compare(who: &str) -> io::Result<bool> {
    if Command::new("bwrap").arg("--version").output().is_err() {
        println!(
            "{who}: bwrap is not installed (apt-get install bubblewrap): nothing to compare with"
        );
        return Ok(false);
    }
    let mut slow = false;
    for (network, name) in [
        (Network::Nothing, "a network of its own"),
        (Network::Callers, "the caller's network"),
    ] {
        let mut ours = Vec::new();
        let mut theirs = Vec::new();
        for _ in 0..ROUNDS {
            ours.push(start_box(network)?);
            theirs.push(start_bubblewrap(network)?);
        }
        let (ours, theirs) = (median(ours), median(theirs));
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        println!(
            "{who}, {name}: box {:.2} ms, bwrap {:.2} ms, {ratio:.2} times (at most {MOST})",
            ours.as_secs_f64() * 1e3,
            theirs.as_secs_f64() * 1e3,
        );
        slow |= ratio > MOST;
    }
    Ok(slow)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn spec(program: &str, args: &[&str]) -> Spec {
    let args: Vec<OsString> = args.iter().map(OsString::from).collect();
    let mut spec = Spec::new(program, &args, Limits::program());
    spec.kind = Kind::Full;
    spec
}

fn start_box(network: Network) -> io::Result<Duration> {
    let mut spec = spec("/bin/echo", &["x"]);
    spec.network = network;
    let start = Instant::now();
    let (child, _link) = spawn(&spec, Stdio::null())?;
    first_byte(child, start)
}

fn spawn(spec: &Spec, input: Stdio) -> io::Result<(Child, Link)> {
    let mut prepared = prepare(Path::new("/proc/self/exe"), spec)?;
    let child = prepared
        .command
        .stdin(input)
        .stdout(Stdio::piped())
        .spawn()?;
    Ok((child, prepared.link))
}

fn start_bubblewrap(network: Network) -> io::Result<Duration> {
    let mut command = Command::new("bwrap");
    command.args(["--unshare-all", "--die-with-parent", "--hostname", "box"]);
    if network == Network::Callers {
        command.arg("--share-net");
    }
    for name in ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"] {
        let path = Path::new("/").join(name);
        match fs::read_link(&path) {
            Ok(target) => drop(command.arg("--symlink").arg(target).arg(path)),
            Err(_) if path.is_dir() => drop(command.arg("--ro-bind").args([&path, &path])),
            Err(_) => {}
        }
    }
    for path in [
        "/etc/ld.so.cache",
        "/etc/alternatives",
        "/etc/services",
        "/etc/protocols",
        "/etc/mime.types",
    ] {
        command.args(["--ro-bind-try", path, path]);
    }
    command.args(["--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]);
    command.args(["--chdir", "/tmp", "/bin/echo", "x"]);
    let start = Instant::now();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    first_byte(child, start)
}

/// How long after `start` the program printed.
fn first_byte(mut child: Child, start: Instant) -> io::Result<Duration> {
    let mut byte = [0];
    if let Some(output) = &mut child.stdout {
        output.read_exact(&mut byte)?;
    }
    let time = start.elapsed();
    child.wait()?;
    Ok(time)
}

/// All run at the same time: each waits for its input's end.
fn all_at_once(who: &str) -> io::Result<()> {
    let start = Instant::now();
    let spec = spec("/bin/cat", &[]);
    let boxes: io::Result<Vec<_>> = (0..AT_ONCE).map(|_| spawn(&spec, Stdio::piped())).collect();
    let mut boxes = boxes?;
    for (_, link) in &boxes {
        link.started()?;
    }
    let started = start.elapsed();
    for (child, _) in &mut boxes {
        drop(child.stdin.take());
    }
    let mut failed = 0;
    for (mut child, link) in boxes {
        let status = child.wait()?;
        failed += usize::from(!status.success() || link.ending().error.is_some());
    }
    println!(
        "{who}, {AT_ONCE} boxes at once: all run after {:.0} ms, {failed} failed",
        started.as_secs_f64() * 1e3
    );
    assert_eq!(failed, 0);
    Ok(())
}
