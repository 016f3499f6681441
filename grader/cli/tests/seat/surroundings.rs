//! What is said on a machine, or in a folder, that lacks something. The lack is a real one: of namespaces
//! that are made for it (`man 1 unshare`).

use std::process::{Command, Stdio};

use assert_cmd::assert::{Assert, OutputAssertExt as _};
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;

use crate::course::{Course, RIGHT};

/// Raises the loopback of a new network, by SIOCSIFFLAGS with IFF_UP (`man 7 netdevice`), takes the only port
/// that clients get there, and runs a command.
const TAKE_THE_PORT: &str = "\
import fcntl, socket, struct, subprocess, sys
holder = socket.socket()
fcntl.ioctl(holder, 0x8914, struct.pack('16sh14x', b'lo', 0x49))
holder.bind(('', 50000))
sys.exit(subprocess.call(sys.argv[1:]))
";

/// Runs `socklings` in the course after `preparation`, shell commands in namespaces of their own: `$0` is
/// the course. None where this machine makes no namespaces, which is printed.
fn after(preparation: &str, course: &Course, arguments: &[&str]) -> Option<Assert> {
    let unshare = |words: &[&str]| {
        let mut command = Command::new("unshare");
        command
            .args(["--user", "--map-root-user", "--mount", "--net"])
            .args(words)
            .stdin(Stdio::null());
        command
    };
    let can = unshare(&["true"]).output();
    if !can.as_ref().is_ok_and(|output| output.status.success()) {
        println!("skipped: this machine makes no namespaces: {can:?}");
        return None;
    }
    let script = format!("set -e; {preparation}; cd \"$0\"; exec \"$@\"");
    let socklings = env!("CARGO_BIN_EXE_socklings");
    let mut command = unshare(&["sh", "-c", &script]);
    command
        .arg(course.path())
        .arg(socklings)
        .args(arguments)
        .env("CARGO_TARGET_DIR", course.path().join("target"))
        .env("CARGO_NET_OFFLINE", "true")
        .env("TAKE_THE_PORT", TAKE_THE_PORT)
        .env_remove("RUSTFLAGS");
    Some(command.assert())
}

#[test]
fn without_user_namespaces_it_goes_on_and_says_how_to_allow_them() {
    let course = Course::new();
    // Nobody may make any, and the right to do without is given away as well.
    let preparation = "echo 0 > /proc/sys/user/max_user_namespaces; \
                       set -- setpriv --inh-caps=-all --bounding-set=-all \"$@\"";
    let Some(assert) = after(preparation, &course, &[]) else {
        return;
    };
    assert.success().stdout(
        contains("Checks share this machine's network")
            .and(contains("`sudo sysctl user.max_user_namespaces="))
            .and(contains("Begin here")),
    );
}

#[test]
fn on_wsl_1_it_says_how_to_get_a_kernel() {
    let course = Course::new();
    course.write("osrelease", "4.4.0-19041-Microsoft\n");
    let preparation = "mount --bind \"$0/osrelease\" /proc/sys/kernel/osrelease";
    let Some(assert) = after(preparation, &course, &[]) else {
        return;
    };
    let how = contains("wsl --set-version DISTRIBUTION 2");
    assert.success().stdout(contains("This is WSL 1").and(how));
}

#[test]
fn in_a_read_only_folder_it_says_where_to_work() {
    let course = Course::new();
    let preparation = "mount --bind \"$0\" \"$0\"; mount -o remount,bind,ro \"$0\"";
    let Some(assert) = after(preparation, &course, &["check", "greet"]) else {
        return;
    };
    assert
        .code(3)
        .stderr(contains("cannot be written to").and(contains("Copy it to a place")));
}

#[test]
fn when_all_ports_are_taken_it_is_no_fault_of_the_program() {
    let course = Course::new();
    course.save(RIGHT);
    let preparation = "echo '50000 50000' > /proc/sys/net/ipv4/ip_local_port_range; \
                       set -- python3 -c \"$TAKE_THE_PORT\" \"$@\"";
    let arguments = ["check", "greet", "--arena", "host"];
    let Some(assert) = after(preparation, &course, &arguments) else {
        return;
    };
    assert
        .code(3)
        .stdout(contains("wait a minute, or end what opens so").and(contains("no mark")));
}
