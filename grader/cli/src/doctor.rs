//! `socklings doctor`: what this machine can do, and what to do about the rest.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use sandbox::{Kind, machine};

use crate::exit::Exit;
use crate::launcher::KEEPER;

/// One thing that the course uses.
struct Finding {
    what: &'static str,
    /// How it is, or why it is not.
    state: Result<String, String>,
    /// What to do where it is not.
    remedy: &'static str,
}

pub(crate) fn run() -> anyhow::Result<Exit> {
    write!(std::io::stdout(), "{}", page())?;
    Ok(Exit::Passed)
}

/// What this machine can do, a line each, and what to do about what it cannot.
pub(crate) fn page() -> String {
    let findings = [
        full_box(),
        light_box(),
        user_namespaces(),
        apparmor(),
        control_groups(),
        arena(),
        python(),
        c_compiler(),
    ];
    let width = findings.iter().map(|f| f.what.len()).max().unwrap_or(0);
    let line = |finding: Finding| {
        let (what, remedy) = (finding.what, finding.remedy);
        match finding.state {
            Ok(how) => format!("✓ {what:width$}   {how}\n"),
            Err(why) => {
                let space = " ".repeat(width);
                format!("✗ {what:width$}   {why}\n  {space}   {remedy}\n")
            }
        }
    };
    findings.into_iter().map(line).collect()
}

fn full_box() -> Finding {
    Finding {
        what: "full box",
        state: machine::try_box(Path::new(KEEPER), Kind::Full)
            .map(|()| "submissions see only what they need".into())
            .map_err(|error| error.to_string()),
        remedy: "Allow user namespaces (see below), or grade as root on a machine of its own.",
    }
}

fn light_box() -> Finding {
    Finding {
        what: "light box",
        state: machine::try_box(Path::new(KEEPER), Kind::Light)
            .map(|()| "where the full one cannot be built".into())
            .map_err(|error| error.to_string()),
        remedy: "It needs Linux 5.13 or later with Landlock among its security modules \
                 (cat /sys/kernel/security/lsm).",
    }
}

fn user_namespaces() -> Finding {
    let read = |path: &str| fs::read_to_string(path).map(|text| text.trim().to_owned());
    let most = read("/proc/sys/user/max_user_namespaces");
    let switched_off = read("/proc/sys/kernel/unprivileged_userns_clone").is_ok_and(|on| on == "0");
    let state = match most {
        _ if switched_off => Err("ordinary users may make none".into()),
        Ok(most) if most == "0" => Err("nobody may make any".into()),
        Ok(most) => Ok(format!("up to {most}")),
        Err(_) => Err("this kernel has none".into()),
    };
    Finding {
        what: "user namespaces",
        state,
        remedy: "As root: sysctl user.max_user_namespaces=15000; on Debian also \
                 sysctl kernel.unprivileged_userns_clone=1",
    }
}

fn apparmor() -> Finding {
    let setting = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
    let restricts = fs::read_to_string(setting).is_ok_and(|on| on.trim() == "1");
    Finding {
        what: "AppArmor",
        state: if restricts {
            Err("it keeps ordinary users' namespaces from doing anything".into())
        } else {
            Ok("it does not restrict user namespaces".into())
        },
        remedy: "As root: sysctl kernel.apparmor_restrict_unprivileged_userns=0, or a profile for this \
                 program that allows userns.",
    }
}

fn control_groups() -> Finding {
    let state = match machine::control_groups() {
        (true, true) => Ok("the kernel limits a box's memory and processes".into()),
        (true, false) => Err("the kernel limits memory; processes are limited by user".into()),
        (false, _) => Err("a box's memory is summed up some times a second".into()),
    };
    Finding {
        what: "control groups",
        state,
        remedy: "It works without. As root, the kernel itself counts.",
    }
}

fn arena() -> Finding {
    // An arena belongs to a thread for good: one that is not needed for anything else.
    let entered = std::thread::spawn(harness::arena::enter).join();
    let state = match entered {
        Ok(harness::arena::Arena::Isolated(_)) => Ok("each check has a network of its own".into()),
        Ok(harness::arena::Arena::Host(why)) => Err(why),
        Err(_) => Err("it cannot be tried".into()),
    };
    Finding {
        what: "isolated arena",
        state,
        remedy: "It needs user namespaces. Checks that need a network of their own are skipped, and \
                 captures are not possible.",
    }
}

fn python() -> Finding {
    Finding {
        what: "python3",
        state: version("python3", "-V"),
        remedy: "Only for programs in Python: apt-get install python3",
    }
}

fn c_compiler() -> Finding {
    Finding {
        what: "C compiler",
        state: version("cc", "--version"),
        remedy: "Rust links with it: apt-get install gcc",
    }
}

/// The first line of what a program says about itself.
fn version(program: &str, option: &str) -> Result<String, String> {
    let output = Command::new(program)
        .arg(option)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(harness::payload::visible(
        text.lines().next().unwrap_or_default(),
    ))
}
