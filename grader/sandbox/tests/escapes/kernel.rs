//! Attacks on the kernel, and through it.

use std::io;
use std::path::Path;

use sandbox::{Kind, machine};

use crate::calls::{address, call, fork, leave};
use crate::{Attack, Ends, Held, Target};

pub(crate) fn attacks() -> Vec<Attack> {
    let mut attacks = vec![
        Attack::new("makes-a-user-namespace", makes_a_user_namespace).also_light(),
        Attack::new("clones-into-namespaces", clones_into_namespaces).also_light(),
        Attack::new("joins-a-namespace", joins_a_namespace).also_light(),
        Attack::new("mounts", mounts).also_light(),
        Attack::new("changes-its-root", changes_its_root).also_light(),
        Attack::new("uses-keys", uses_keys).also_light(),
        Attack::new("loads-programs-into-the-kernel", loads_programs).also_light(),
        Attack::new("uses-io-uring", uses_io_uring).also_light(),
        Attack::new("loads-a-module", loads_a_module).also_light(),
        Attack::new("changes-the-machine", changes_the_machine).also_light(),
        Attack::new("builds-a-box-of-its-own", builds_a_box),
        Attack::new("takes-the-processors", takes_the_processors).also_light(),
        Attack::new("types-into-a-terminal", types_into_a_terminal).also_light(),
    ];
    if cfg!(target_arch = "x86_64") {
        attacks.push(
            Attack::new("calls-by-other-numbers", calls_by_other_numbers)
                .also_light()
                .ends(Ends::Killed(libc::SIGSYS)),
        );
        attacks.push(Attack::new("calls-by-x32-numbers", calls_by_x32_numbers).also_light());
    }
    attacks
}

/// Those that no capability over a network must make possible, by names of their own.
pub(crate) fn below_its_network() -> [Attack; 7] {
    [
        Attack::new("capable/makes-a-user-namespace", makes_a_user_namespace),
        Attack::new("capable/clones-into-namespaces", clones_into_namespaces),
        Attack::new("capable/joins-a-namespace", joins_a_namespace),
        Attack::new("capable/mounts", mounts),
        Attack::new("capable/changes-its-root", changes_its_root),
        Attack::new("capable/loads-programs-into-the-kernel", loads_programs),
        Attack::new("capable/loads-a-module", loads_a_module),
    ]
}

/// That each call is refused by the filter: with EPERM, before its arguments are looked at.
fn are_refused(calls: &[(&str, i64, [i64; 5])]) -> Held {
    calls.iter().try_for_each(|&(name, number, arguments)| {
        is_refused_with(libc::EPERM, name, call(number, arguments))
    })
}

fn is_refused_with(code: i32, name: &str, result: io::Result<i64>) -> Held {
    match result {
        Err(error) if error.raw_os_error() == Some(code) => Ok(()),
        other => Err(format!("{name}: {other:?}")),
    }
}

fn makes_a_user_namespace(_: &Target) -> Held {
    are_refused(&[
        (
            "user",
            libc::SYS_unshare,
            [libc::CLONE_NEWUSER.into(), 0, 0, 0, 0],
        ),
        (
            "mount",
            libc::SYS_unshare,
            [libc::CLONE_NEWNS.into(), 0, 0, 0, 0],
        ),
        (
            "network",
            libc::SYS_unshare,
            [libc::CLONE_NEWNET.into(), 0, 0, 0, 0],
        ),
    ])
}

fn clones_into_namespaces(_: &Target) -> Held {
    for flag in [libc::CLONE_NEWUSER, libc::CLONE_NEWNET, libc::CLONE_NEWPID] {
        // CLONE_VFORK is not used: parent and child each go on with a copy of all.
        let flags = i64::from(flag | libc::SIGCHLD);
        match call(libc::SYS_clone, [flags, 0, 0, 0, 0]) {
            Ok(0) => leave(),
            other => is_refused_with(libc::EPERM, "clone", other)?,
        }
    }
    is_refused_with(libc::ENOSYS, "clone3", call(libc::SYS_clone3, [0; 5]))
}

fn joins_a_namespace(_: &Target) -> Held {
    are_refused(&[("setns", libc::SYS_setns, [0; 5])])
}

fn mounts(_: &Target) -> Held {
    let tmpfs = address(c"tmpfs");
    are_refused(&[
        (
            "mount",
            libc::SYS_mount,
            [tmpfs, address(c"/tmp"), tmpfs, 0, 0],
        ),
        ("umount", libc::SYS_umount2, [address(c"/proc"), 0, 0, 0, 0]),
        ("fsopen", libc::SYS_fsopen, [tmpfs, 0, 0, 0, 0]),
        (
            "open_tree",
            libc::SYS_open_tree,
            [-100, address(c"/"), 1, 0, 0],
        ),
        ("move_mount", libc::SYS_move_mount, [0; 5]),
        ("mount_setattr", libc::SYS_mount_setattr, [0; 5]),
    ])
}

fn changes_its_root(_: &Target) -> Held {
    let here = address(c".");
    are_refused(&[
        ("chroot", libc::SYS_chroot, [here, 0, 0, 0, 0]),
        ("pivot_root", libc::SYS_pivot_root, [here, here, 0, 0, 0]),
    ])
}

fn uses_keys(_: &Target) -> Held {
    are_refused(&[
        ("keyctl", libc::SYS_keyctl, [0; 5]),
        ("add_key", libc::SYS_add_key, [0; 5]),
        ("request_key", libc::SYS_request_key, [0; 5]),
    ])
}

fn loads_programs(_: &Target) -> Held {
    are_refused(&[
        ("bpf", libc::SYS_bpf, [0; 5]),
        ("perf_event_open", libc::SYS_perf_event_open, [0; 5]),
        ("userfaultfd", libc::SYS_userfaultfd, [0; 5]),
        ("fanotify_init", libc::SYS_fanotify_init, [0; 5]),
    ])
}

fn uses_io_uring(_: &Target) -> Held {
    are_refused(&[
        ("io_uring_setup", libc::SYS_io_uring_setup, [8, 0, 0, 0, 0]),
        ("io_uring_enter", libc::SYS_io_uring_enter, [0; 5]),
        ("io_uring_register", libc::SYS_io_uring_register, [0; 5]),
    ])
}

fn loads_a_module(_: &Target) -> Held {
    are_refused(&[
        ("init_module", libc::SYS_init_module, [0; 5]),
        ("finit_module", libc::SYS_finit_module, [0; 5]),
        ("delete_module", libc::SYS_delete_module, [0; 5]),
        ("kexec_load", libc::SYS_kexec_load, [0; 5]),
    ])
}

fn changes_the_machine(_: &Target) -> Held {
    let name = address(c"mine");
    are_refused(&[
        ("sethostname", libc::SYS_sethostname, [name, 4, 0, 0, 0]),
        ("reboot", libc::SYS_reboot, [0; 5]),
        ("settimeofday", libc::SYS_settimeofday, [0; 5]),
        ("swapoff", libc::SYS_swapoff, [name, 0, 0, 0, 0]),
        ("syslog", libc::SYS_syslog, [3, 0, 0, 0, 0]),
        ("acct", libc::SYS_acct, [0; 5]),
        (
            "personality",
            libc::SYS_personality,
            [0x0400_0000, 0, 0, 0, 0],
        ),
    ])
}

/// A box is a machine that forbids namespaces: a full one cannot be built in it, a light one can.
fn builds_a_box(_: &Target) -> Held {
    let keeper = Path::new("/proc/self/exe");
    if machine::try_box(keeper, Kind::Full).is_ok() {
        return Err("a full box in a box".into());
    }
    machine::try_box(keeper, Kind::Light).map_err(|e| format!("not even a light box: {e}"))
}

fn takes_the_processors(_: &Target) -> Held {
    const FIFO: i64 = 1;
    let priority: i32 = 50;
    let parameter = (&raw const priority) as i64;
    match call(libc::SYS_sched_setscheduler, [0, FIFO, parameter, 0, 0]) {
        Err(_) => {}
        Ok(_) => return Err("it runs before all others".into()),
    }
    match call(libc::SYS_setpriority, [0, 0, -10, 0, 0]) {
        Err(_) => Ok(()),
        Ok(_) => Err("it runs before others".into()),
    }
}

fn types_into_a_terminal(_: &Target) -> Held {
    let request = libc::TIOCSTI.cast_signed();
    let letter = address(c"x");
    are_refused(&[("TIOCSTI", libc::SYS_ioctl, [0, request, letter, 0, 0])])
}

#[cfg(target_arch = "x86_64")]
fn calls_by_other_numbers(_: &Target) -> Held {
    let pid = crate::calls::call_of_32_bits();
    Err(format!("a call of another architecture returned {pid}"))
}

#[cfg(not(target_arch = "x86_64"))]
fn calls_by_other_numbers(_: &Target) -> Held {
    Ok(())
}

fn calls_by_x32_numbers(_: &Target) -> Held {
    const X32: i64 = 0x4000_0000;
    let parent = std::process::id();
    let result = call(X32 + libc::SYS_getpid, [0; 5]);
    is_refused_with(libc::ENOSYS, "x32", result)?;
    // A kernel without x32 would say so, too; the filter must hold for what would do harm.
    let result = call(
        X32 + libc::SYS_unshare,
        [libc::CLONE_NEWUSER.into(), 0, 0, 0, 0],
    );
    is_refused_with(libc::ENOSYS, "x32 unshare", result)?;
    if fork().map_err(|e| e.to_string())? {
        leave();
    }
    if std::process::id() == parent {
        Ok(())
    } else {
        Err("it is somebody else".into())
    }
}
