//! Attacks on other processes.

use std::fs;
use std::io;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use sandbox::Limit;

use crate::calls::{call, fork, leave};
use crate::{Attack, Ends, Held, Target};

pub(crate) fn attacks() -> Vec<Attack> {
    vec![
        Attack::new("signals-the-grader", signals_the_grader).also_light(),
        Attack::new("reads-the-graders-memory", reads_the_graders_memory).also_light(),
        Attack::new("kills-everybody", kills_everybody).also_light(),
        Attack::new("kills-its-init", kills_its_init),
        Attack::new("looks-into-its-init", looks_into_its_init).also_light(),
        Attack::new("traces", traces).also_light(),
        Attack::new("copies-another-processes-memory", copies_memory).also_light(),
        Attack::new("lives-on-as-a-daemon", lives_on).also_light(),
        Attack::new("lives-on-in-many-children", lives_on_in_many).also_light(),
        Attack::new("ignores-every-signal", ignores_every_signal)
            .also_light()
            .within(|l| l.wall = Duration::from_millis(300))
            .ends(Ends::Struck(|limit| matches!(limit, Limit::Wall(_)))),
        Attack::new("stops-itself", stops_itself)
            .also_light()
            .within(|l| l.wall = Duration::from_millis(300))
            .ends(Ends::Struck(|limit| matches!(limit, Limit::Wall(_)))),
        Attack::new("writes-to-every-descriptor", writes_to_every_descriptor).also_light(),
        Attack::new("shares-memory-with-strangers", shares_memory),
        Attack::new("becomes-root", becomes_root).also_light(),
        Attack::new("asks-a-setuid-program", asks_a_setuid_program).also_light(),
        Attack::new("raises-its-limits", raises_its_limits).also_light(),
    ]
}

fn pid(number: i32) -> Result<Pid, String> {
    Pid::from_raw(number).ok_or_else(|| "no process id".into())
}

fn signals_the_grader(target: &Target) -> Held {
    match kill_process(pid(target.grader)?, Signal::CONT) {
        Err(_) => Ok(()),
        Ok(()) => Err("the grader got a signal".into()),
    }
}

fn reads_the_graders_memory(target: &Target) -> Held {
    for file in ["mem", "environ", "maps", "root", "fd/0"] {
        if fs::File::open(format!("/proc/{}/{file}", target.grader)).is_ok() {
            return Err(format!("the grader's {file} is open"));
        }
    }
    Ok(())
}

fn kills_everybody(target: &Target) -> Held {
    // In a full box it sees nobody but the init, and all is said by the call. In a light one the call
    // succeeds where each single process was out of reach, too (`kill_something_info` in the kernel).
    let sees_nobody = std::process::id() == 2;
    for signal in [libc::SIGTERM, libc::SIGSTOP, libc::SIGKILL] {
        let killed = call(libc::SYS_kill, [-1, signal.into(), 0, 0, 0]);
        if sees_nobody && killed.is_ok() {
            return Err(format!("somebody got signal {signal}"));
        }
    }
    let grader = call(libc::SYS_kill, [target.grader.into(), 0, 0, 0, 0]);
    let is_gone = grader.is_err_and(|error| error.raw_os_error() == Some(libc::ESRCH));
    if is_gone && !sees_nobody {
        return Err("the grader is gone".into());
    }
    Ok(())
}

fn kills_its_init(_: &Target) -> Held {
    for signal in [Signal::TERM, Signal::STOP, Signal::KILL, Signal::ABORT] {
        // It may be sent; the kernel keeps it from process 1.
        let _ = kill_process(pid(1)?, signal);
    }
    // An init that had been stopped could not wait for this.
    if fork().map_err(|e| e.to_string())? {
        leave();
    }
    Ok(())
}

fn looks_into_its_init(_: &Target) -> Held {
    for file in ["mem", "environ", "fd", "cwd", "exe", "ns/net"] {
        let path = format!("/proc/1/{file}");
        if fs::read_link(&path).is_ok() || fs::read_dir(&path).is_ok() || fs::read(&path).is_ok() {
            return Err(format!("{path} can be read"));
        }
    }
    Ok(())
}

/// That the call is refused with EPERM, by the filter, whatever its arguments.
fn is_refused(name: &str, result: io::Result<i64>) -> Held {
    match result {
        Err(error) if error.raw_os_error() == Some(libc::EPERM) => Ok(()),
        other => Err(format!("{name}: {other:?}")),
    }
}

fn traces(_: &Target) -> Held {
    const ATTACH: i64 = 16;
    let traced = call(libc::SYS_ptrace, [ATTACH, 1, 0, 0, 0]);
    is_refused("ptrace", traced)?;
    is_refused("ptrace of itself", call(libc::SYS_ptrace, [0, 0, 0, 0, 0]))
}

fn copies_memory(_: &Target) -> Held {
    let read = call(libc::SYS_process_vm_readv, [1, 0, 0, 0, 0]);
    is_refused("process_vm_readv", read)?;
    let written = call(libc::SYS_process_vm_writev, [1, 0, 0, 0, 0]);
    is_refused("process_vm_writev", written)?;
    is_refused("pidfd_getfd", call(libc::SYS_pidfd_getfd, [0, 0, 0, 0, 0]))
}

/// Waits without end, but not for ever should the box have a hole.
fn linger() -> ! {
    let end = Instant::now() + Duration::from_secs(30);
    while Instant::now() < end {
        std::thread::park_timeout(Duration::from_secs(1));
    }
    leave()
}

/// A daemon: no parent, no session, no streams. The grader looks for it afterwards.
fn daemon() -> io::Result<()> {
    if fork()? {
        rustix::process::setsid()?;
        if !fork()? {
            leave();
        }
        for number in 0..3 {
            call(libc::SYS_close, [number, 0, 0, 0, 0])?;
        }
        linger();
    }
    Ok(())
}

/// A program with a daemon; neither ends by itself.
pub(crate) fn lives_on_until_killed(_: &Target) -> Held {
    daemon().map_err(|e| e.to_string())?;
    linger()
}

fn lives_on(_: &Target) -> Held {
    daemon().map_err(|e| e.to_string())
}

fn lives_on_in_many(_: &Target) -> Held {
    (0..50)
        .try_for_each(|_| daemon())
        .map_err(|e| e.to_string())
}

fn ignores_every_signal(_: &Target) -> Held {
    let all = u64::MAX;
    let mask = (&raw const all) as i64;
    call(
        libc::SYS_rt_sigprocmask,
        [libc::SIG_BLOCK.into(), mask, 0, 8, 0],
    )
    .map_err(|e| e.to_string())?;
    linger()
}

fn stops_itself(_: &Target) -> Held {
    kill_process(rustix::process::getpid(), Signal::STOP).map_err(|e| e.to_string())?;
    linger()
}

fn writes_to_every_descriptor(_: &Target) -> Held {
    const WORDS: &str = "{\"Ended\":0}\n";
    for number in 3..1024 {
        let len = i64::try_from(WORDS.len()).unwrap_or(0);
        let written = call(libc::SYS_write, [number, WORDS.as_ptr() as i64, len, 0, 0]);
        if written.is_ok() {
            return Err(format!(
                "somebody may have read what went to descriptor {number}"
            ));
        }
    }
    Ok(())
}

fn shares_memory(_: &Target) -> Held {
    // All segments that there are (`man 2 shmctl`, SHM_INFO): none of the machine's.
    const SHM_INFO: i64 = 14;
    let mut info = [0_u64; 16];
    let found = call(
        libc::SYS_shmctl,
        [0, SHM_INFO, info.as_mut_ptr() as i64, 0, 0],
    );
    let used = i32::try_from(info[0] & 0xffff_ffff).unwrap_or(i32::MAX);
    match found {
        Ok(_) if used == 0 => Ok(()),
        other => Err(format!("{used} segments of others, {other:?}")),
    }
}

fn becomes_root(_: &Target) -> Held {
    for number in [libc::SYS_setuid, libc::SYS_setgid] {
        if call(number, [0, 0, 0, 0, 0]).is_ok() && !is_root_already() {
            return Err("it is root".into());
        }
    }
    let status = fs::read_to_string("/proc/self/status");
    // A light box does not show it; the call above has told enough.
    let status = status.unwrap_or_default();
    for line in status.lines().filter(|line| line.starts_with("Cap")) {
        if !line.ends_with("0000000000000000") {
            return Err(format!("it has capabilities: {line}"));
        }
    }
    Ok(())
}

fn is_root_already() -> bool {
    rustix::process::geteuid().is_root()
}

fn asks_a_setuid_program(_: &Target) -> Held {
    for program in [
        "/bin/su",
        "/usr/bin/newgrp",
        "/usr/bin/passwd",
        "/usr/bin/sudo",
    ] {
        let mut command = std::process::Command::new(program);
        command.stdin(std::process::Stdio::null());
        let output = command.args(["-c", "id -u"]).output();
        if output.is_ok_and(|output| output.stdout.starts_with(b"0")) {
            return Err(format!("{program} has made it root"));
        }
    }
    let privileged = rustix::thread::no_new_privs().map_err(|e| e.to_string())?;
    if privileged {
        Ok(())
    } else {
        Err("a setuid program would get its owner's privileges".into())
    }
}

fn raises_its_limits(_: &Target) -> Held {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let unlimited = Rlimit {
        current: None,
        maximum: None,
    };
    for resource in [Resource::Fsize, Resource::Cpu, Resource::Core] {
        if setrlimit(resource, unlimited).is_ok() {
            return Err(format!("{resource:?} is unlimited"));
        }
    }
    Ok(())
}
