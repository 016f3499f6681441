//! Programs that try to get out of the box, or to take more than their share.
//!
//! This executable plays all parts: it asks for boxes, is their keeper, and is the program in them. An
//! attack returns an error that says what it achieved; a box that holds lets it achieve nothing.
//! Everything is bounded, so that a hole would not hurt this machine.
//!
//! Where the tests run as root, each attack is made once more in a box that an ordinary user asks for.

#![cfg(target_os = "linux")]

mod abandoned;
mod calls;
mod capable;
mod files;
mod kernel;
mod network;
mod processes;
mod resources;

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::OnceLock;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use sandbox::{Capability, Ending, Kind, Limit, Limits, Network, Spec, keeper, machine, prepare};
use tempfile::TempDir;

/// What an attack has achieved, in words, if it has.
type Held = Result<(), String>;

/// One attack.
#[derive(Clone, Copy)]
struct Attack {
    name: &'static str,
    run: fn(&Target) -> Held,
    /// What must come of it.
    ends: Ends,
    /// Whether the light box promises to hold it, too.
    light: bool,
    limits: fn(&mut Limits),
    /// What its box gives it over a network of its own.
    given: &'static [Capability],
    /// Whether it works in a folder of this machine's disk, which is given to it.
    in_a_folder: bool,
}

/// What must come of an attack.
#[derive(Clone, Copy)]
enum Ends {
    /// It goes on to its end and has achieved nothing.
    Held,
    /// A limit strikes.
    Struck(fn(&Limit) -> bool),
    /// The kernel ends it with this signal.
    Killed(i32),
}

impl Attack {
    const fn new(name: &'static str, run: fn(&Target) -> Held) -> Self {
        Self {
            name,
            run,
            ends: Ends::Held,
            light: false,
            limits: |_| {},
            given: &[],
            in_a_folder: false,
        }
    }

    const fn also_light(mut self) -> Self {
        self.light = true;
        self
    }

    const fn ends(mut self, ends: Ends) -> Self {
        self.ends = ends;
        self
    }

    const fn given(mut self, capabilities: &'static [Capability]) -> Self {
        self.given = capabilities;
        self
    }

    const fn in_a_folder(mut self) -> Self {
        self.in_a_folder = true;
        self
    }

    const fn within(mut self, limits: fn(&mut Limits)) -> Self {
        self.limits = limits;
        self
    }
}

/// What an attack aims at: all of it is outside the box.
struct Target {
    /// A file of the grader's that everybody may read.
    secret: PathBuf,
    /// The process that asked for the box.
    grader: i32,
    /// A port on which the grader listens.
    port: u16,
    /// The name of an abstract Unix socket on which the grader listens.
    socket: String,
}

/// What the secret holds.
const SECRET: &str = "the solution";

/// The first argument of this executable as the program in a box.
const ATTACK: &str = "--attack";
/// The first argument of this executable as an ordinary user's grader.
const AS_USER: &str = "--as-user";

fn attacks() -> Vec<Attack> {
    [
        files::attacks(),
        processes::attacks(),
        kernel::attacks(),
        network::attacks(),
        resources::attacks(),
        capable::attacks(),
    ]
    .concat()
}

fn main() -> ExitCode {
    keeper::run_if_asked();
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some(ATTACK) => attack(&arguments[2..]),
        Some(AS_USER) => as_user(&arguments[2..]),
        Some(abandoned::GRADER) => abandoned::grade(&arguments[2..]),
        _ => test(),
    }
}

fn test() -> ExitCode {
    let arguments = Arguments::from_args();
    public_copy();
    let mut trials = Vec::new();
    for attack in attacks() {
        trials.push(trial("full", attack, Kind::Full, tried_here));
        if attack.light {
            trials.push(trial("light", attack, Kind::Light, tried_here));
        }
        if is_root() {
            trials.push(trial("user/full", attack, Kind::Full, tried_as_user));
            if attack.light {
                trials.push(trial("user/light", attack, Kind::Light, tried_as_user));
            }
        }
    }
    trials.extend(abandoned::trials());
    trials.extend(capable::trials());
    let ran = libtest_mimic::run(&arguments, trials);
    // A static is not dropped.
    if let Some(Ok((folder, _))) = COPY.get() {
        let _ = fs::remove_dir_all(folder.path());
    }
    ran.exit_code()
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

type Try = fn(Attack, Kind) -> Result<Option<String>, String>;

fn trial(who: &str, attack: Attack, kind: Kind, try_it: Try) -> Trial {
    Trial::ignorable_test(format!("{who}/{}", attack.name), move || {
        match try_it(attack, kind) {
            Ok(None) => Ok(Completion::Completed),
            Ok(Some(reason)) => Ok(Completion::ignored_with(reason)),
            Err(why) => Err(Failed::from(why)),
        }
    })
}

/// The attack, in a box that this process asks for.
fn tried_here(attack: Attack, kind: Kind) -> Result<Option<String>, String> {
    if let Err(why) = machine::try_box(Path::new("/proc/self/exe"), kind) {
        return Ok(Some(format!("this machine builds no such box: {why}")));
    }
    holds(attack, kind).map(|()| None)
}

/// The attack, in a box that an ordinary user's process asks for.
fn tried_as_user(attack: Attack, kind: Kind) -> Result<Option<String>, String> {
    const NOBODY: u32 = 65534;
    let output = Command::new(public_copy())
        .arg(AS_USER)
        .arg(attack.name)
        .arg(match kind {
            Kind::Full => "full",
            Kind::Light => "light",
        })
        .current_dir("/")
        .uid(NOBODY)
        .gid(NOBODY)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| e.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.code() {
        Some(0) => Ok(None),
        Some(2) => Ok(Some(said)),
        _ => Err(format!("{said}{}", String::from_utf8_lossy(&output.stderr))),
    }
}

/// What an ordinary user may execute wherever the tests were built. It is made before the first process
/// is started: one that has it open for writing, if only until its exec, would keep it from running.
static COPY: OnceLock<Result<(TempDir, PathBuf), String>> = OnceLock::new();

fn make_public_copy() -> Result<(TempDir, PathBuf), String> {
    let folder = public_folder()?;
    let copy = folder.path().join("escapes");
    fs::copy("/proc/self/exe", &copy).map_err(|e| e.to_string())?;
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).map_err(|e| e.to_string())?;
    Ok((folder, copy))
}

fn public_copy() -> PathBuf {
    match COPY.get_or_init(make_public_copy) {
        Ok((_, copy)) => copy.clone(),
        Err(_) => PathBuf::from("/proc/self/exe"),
    }
}

fn as_user(arguments: &[String]) -> ExitCode {
    let chosen = attacks().into_iter().find(|a| a.name == arguments[0]);
    let kind = match arguments[1].as_str() {
        "full" => Kind::Full,
        _ => Kind::Light,
    };
    let Some(attack) = chosen else {
        return ExitCode::FAILURE;
    };
    let (code, words) = match tried_here(attack, kind) {
        Ok(None) => (0, String::new()),
        Ok(Some(reason)) => (2, reason),
        Err(why) => (1, why),
    };
    println!("{words}");
    ExitCode::from(code)
}

/// The program in the box.
fn attack(arguments: &[String]) -> ExitCode {
    let target = Target {
        secret: PathBuf::from(&arguments[1]),
        grader: arguments[2].parse().unwrap_or(0),
        port: arguments[3].parse().unwrap_or(0),
        socket: arguments[4].clone(),
    };
    let abandoned = Attack::new("lives-on-until-killed", processes::lives_on_until_killed);
    let mut all = attacks().into_iter().chain([abandoned]);
    let chosen = all.find(|a| a.name == arguments[0]);
    match chosen.map(|chosen| (chosen.run)(&target)) {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(achieved)) => {
            println!("it got through: {achieved}");
            ExitCode::FAILURE
        }
        None => ExitCode::FAILURE,
    }
}

fn public_folder() -> Result<TempDir, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))
        .map_err(|e| e.to_string())?;
    Ok(folder)
}

/// What came of one attack.
struct Come {
    status: ExitStatus,
    ending: Ending,
    printed: String,
}

fn holds(attack: Attack, kind: Kind) -> Result<(), String> {
    let folder = public_folder()?;
    let secret = folder.path().join("secret");
    fs::write(&secret, SECRET).map_err(|e| e.to_string())?;
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).map_err(|e| e.to_string())?;
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    let port = listener.local_addr().map_err(|e| e.to_string())?.port();
    let mark = format!("mark-{}-{}-{kind:?}", std::process::id(), attack.name);
    let address = SocketAddr::from_abstract_name(&mark).map_err(|e| e.to_string())?;
    let _unix = UnixListener::bind_addr(&address).map_err(|e| e.to_string())?;

    let arguments: Vec<OsString> = [ATTACK, attack.name]
        .into_iter()
        .map(str::to_owned)
        .chain([
            secret.to_string_lossy().into_owned(),
            std::process::id().to_string(),
            port.to_string(),
            // In the command line of each process of this attack.
            mark.clone(),
        ])
        .map(OsString::from)
        .collect();
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut limits = Limits::program();
    (attack.limits)(&mut limits);
    let mut spec = Spec::new(&own, &arguments, limits);
    spec.kind = kind;
    spec.readable = vec![own];
    spec.network = Network::Nothing;
    spec.ports = Some(vec![0]);
    spec.capabilities = attack.given.to_vec();
    let work = tempfile::tempdir().map_err(|e| e.to_string())?;
    if attack.in_a_folder {
        spec.writable.push(work.path().to_owned());
        spec.folder = Some(work.path().to_owned());
    }
    let come = run(&spec).map_err(|e| format!("there was no box: {e}"))?;

    is_as_expected(attack.ends, &come)?;
    if fs::read_to_string(&secret).ok().as_deref() != Some(SECRET) {
        return Err("the grader's file has been changed".into());
    }
    let left = marked(&mark);
    if !left.is_empty() {
        return Err(format!("these processes are still there: {left:?}"));
    }
    Ok(())
}

fn is_as_expected(ends: Ends, come: &Come) -> Result<(), String> {
    let Come {
        status,
        ending,
        printed,
    } = come;
    let as_expected = ending.error.is_none()
        && match ends {
            Ends::Held => status.success(),
            Ends::Struck(limit) => ending.limits.iter().any(limit),
            Ends::Killed(signal) => status.signal() == Some(signal),
        };
    if as_expected {
        Ok(())
    } else {
        Err(format!("{status}, {ending:?}\n{printed}"))
    }
}

/// Runs a program in a box to its end.
fn run(spec: &Spec) -> std::io::Result<Come> {
    let mut prepared = prepare(Path::new("/proc/self/exe"), spec)?;
    let mut child = prepared
        .command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()?;
    drop(prepared.command);
    // As the grader does: what is printed counts from then on.
    prepared.link.started()?;
    let mut printed = Vec::new();
    let most = spec.limits.output;
    if let Some(output) = &mut child.stdout {
        output.take(most + 1).read_to_end(&mut printed)?;
        if printed.len() as u64 > most {
            prepared.link.strike(Limit::Output(most));
        }
    }
    let status = child.wait()?;
    printed.truncate(4096);
    Ok(Come {
        status,
        ending: prepared.link.ending(),
        printed: String::from_utf8_lossy(&printed).into_owned(),
    })
}

/// The processes of this machine that have this word in their command line.
fn marked(mark: &str) -> Vec<String> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let lines = entries.filter_map(|entry| {
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        line.contains(mark).then_some(line)
    });
    lines.collect()
}

/// Prints at once.
fn say(words: &str) {
    let mut out = std::io::stdout();
    let _ = out.write_all(words.as_bytes());
    let _ = out.flush();
}
