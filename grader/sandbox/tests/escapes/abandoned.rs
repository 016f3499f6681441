//! A grader that is killed half-way leaves nothing behind.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use sandbox::{Kind, Limits, Spec, machine, prepare};

use crate::{ATTACK, marked};

/// The first argument of this executable as a grader that waits to be killed.
pub(crate) const GRADER: &str = "--grader";

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |kind: Kind| {
        let name = format!("abandoned/{kind:?}").to_lowercase();
        Trial::test(name, move || leaves_nothing(kind).map_err(Into::into))
    };
    [Kind::Full, Kind::Light].map(trial).into()
}

/// Asks for a box with a daemon in it, says so, and waits.
pub(crate) fn grade(arguments: &[String]) -> ExitCode {
    let (kind, mark) = match arguments {
        [kind, mark] if kind == "Full" => (Kind::Full, mark),
        [_, mark] => (Kind::Light, mark),
        _ => return ExitCode::FAILURE,
    };
    let words = [ATTACK, "lives-on-until-killed", "-", "0", "0", mark];
    let run = || -> std::io::Result<()> {
        let own = std::env::current_exe()?;
        let mut spec = Spec::new(&own, &words.map(Into::into), Limits::program());
        spec.kind = kind;
        spec.readable = vec![own];
        let mut prepared = prepare(Path::new("/proc/self/exe"), &spec)?;
        let mut child = prepared.command.spawn()?;
        drop(prepared.command);
        let started = prepared.link.started()?;
        println!("{} {}", started.keeper, started.init);
        child.wait()?;
        Ok(())
    };
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn leaves_nothing(kind: Kind) -> Result<(), String> {
    if let Err(why) = machine::try_box(Path::new("/proc/self/exe"), kind) {
        println!("skipped: this machine builds no such box: {why}");
        return Ok(());
    }
    let mark = format!("abandoned-{}-{kind:?}", std::process::id());
    let mut grader = Command::new("/proc/self/exe")
        .args([GRADER, &format!("{kind:?}"), &mark])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| e.to_string())?;
    let stdout = grader.stdout.take().ok_or("it is piped")?;
    let mut line = String::new();
    let read = BufReader::new(stdout).read_line(&mut line);
    read.map_err(|e| e.to_string())?;
    let mut numbers = line.split_whitespace();
    let keeper = numbers.next().and_then(|n| n.parse::<i32>().ok());
    let keeper = keeper.ok_or_else(|| format!("the grader says {line:?}"))?;
    if marked(&mark).len() < 2 {
        return Err("its program does not run".into());
    }
    grader.kill().map_err(|e| e.to_string())?;
    grader.wait().map_err(|e| e.to_string())?;
    // All others end at once, by the kernel's hand and the keeper's; each look takes a while itself.
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let mut left = marked(&mark);
        let traces = traces_of(keeper).into_iter();
        left.extend(traces.map(|path| path.display().to_string()));
        if left.is_empty() {
            return Ok(());
        }
        if Instant::now() > end {
            return Err(format!("this is still there: {left:?}"));
        }
    }
}

/// What a keeper makes and removes: its folder, its control groups, itself.
fn traces_of(keeper: i32) -> Vec<PathBuf> {
    let mut traces = vec![
        PathBuf::from(format!("/tmp/socklings-box-{keeper}")),
        PathBuf::from(format!("/proc/{keeper}")),
    ];
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(group)) = (parts.next(), parts.next()) else {
            continue;
        };
        for place in [group, "/"] {
            let folder = format!("/sys/fs/cgroup/{controllers}{place}/socklings-{keeper}");
            traces.push(folder.into());
        }
    }
    traces.retain(|path| path.exists());
    traces
}
