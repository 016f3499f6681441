//! What a student's machine lacks, and what to do about it: said in place of what cargo or the kernel
//! says of it, or beside it.

use std::io;

use harness::arena::{self, Arena};

/// Cargo could not be started.
pub(crate) fn no_cargo(error: io::Error) -> anyhow::Error {
    if error.kind() != io::ErrorKind::NotFound {
        return anyhow::Error::new(error).context("cannot start cargo");
    }
    anyhow::anyhow!(
        "there is no cargo in PATH. Install Rust as https://rustup.rs says and open a new terminal; \
         if it is installed, this terminal does not know yet: . \"$HOME/.cargo/env\""
    )
}

/// Cargo's words, told apart from a student's mistakes: what they mean if it is the machine that is to
/// blame, or the course's folder.
pub(crate) fn explain(words: &str) -> Option<String> {
    let (_, meaning) = TROUBLES
        .iter()
        .find(|(signs, _)| signs.iter().all(|sign| words.contains(sign)))?;
    Some(format!("{meaning}\n\ncargo said:\n{}", words.trim_end()))
}

/// Signs that all occur in cargo's words, and what they mean.
const TROUBLES: &[(&[&str], &str)] = &[
    (
        &["linker `", "` not found"],
        "there is no linker, which cargo needs to finish any program. Install a C compiler: \
         `sudo apt install build-essential` on Debian and Ubuntu, `sudo dnf install gcc` on Fedora, \
         `xcode-select --install` on macOS.",
    ),
    (
        &["two packages named `", "in this workspace"],
        "a folder in exercises/ was copied: both copies hold a package of the same name. Move one of \
         them out of the course's folder (what `cargo socklings reset` keeps is no trouble).",
    ),
    (
        &["failed to load manifest for workspace member"],
        "a folder in exercises/ has no Cargo.toml that cargo can read, and so it builds nothing at all. Of \
         an exercise it comes back with `target/debug/socklings reset LESSON`, which needs no cargo; a \
         folder of your own belongs elsewhere.",
    ),
    (
        &["Read-only file system"],
        "the course's folder cannot be written to. Copy it to a place that is yours, such as your \
         home folder, and work there.",
    ),
    (
        &["Permission denied (os error 13)"],
        "something in the course's folder cannot be written to. It may belong to another user, since \
         cargo was run with sudo once: `sudo chown -R \"$USER\" .` in that folder makes it yours. Or \
         the folder is read-only: copy it to a place of yours, and work there.",
    ),
    (
        &["No space left on device"],
        "the disk is full. `cargo clean` frees what earlier builds have left.",
    ),
    (
        &["package ID specification `", "did not match any packages"],
        "cargo finds no package for this exercise. Was its folder moved, or its Cargo.toml edited? \
         `cargo socklings reset LESSON` brings it back.",
    ),
    (
        &["download of config.json failed"],
        "cargo cannot reach crates.io, which it needs once, for the libraries that the course builds \
         on. Connect to the Internet and try again.",
    ),
];

/// What is not as it should be about this machine, though everything goes on without it.
pub(crate) fn remarks() -> Vec<String> {
    let mut remarks = Vec::new();
    if is_wsl1() {
        remarks.push(
            "This is WSL 1, which is no Linux kernel: deadlines decide, and much evidence is missing. \
             In Windows, `wsl --set-version DISTRIBUTION 2` makes it WSL 2."
                .to_owned(),
        );
    } else if let Some(reason) = no_network_of_its_own() {
        remarks.push(format!(
            "Checks share this machine's network, and those that need one of their own are skipped: \
             {reason}. {}",
            how_to_allow_namespaces(),
        ));
    }
    remarks
}

/// Why a check gets no network of its own here, if it does not.
fn no_network_of_its_own() -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    // In a thread of its own, which the network is for.
    match std::thread::spawn(arena::enter).join() {
        Ok(Arena::Host(reason)) => Some(reason),
        _ => None,
    }
}

/// What stands in the way of user namespaces (`man 7 user_namespaces`), and how it is removed.
fn how_to_allow_namespaces() -> &'static str {
    let is = |name: &str, value: &str| {
        std::fs::read_to_string(format!("/proc/sys/{name}")).is_ok_and(|text| text.trim() == value)
    };
    if is("kernel/apparmor_restrict_unprivileged_userns", "1") {
        "`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0` allows them until the next start."
    } else if is("kernel/unprivileged_userns_clone", "0") {
        "`sudo sysctl kernel.unprivileged_userns_clone=1` allows them until the next start."
    } else if is("user/max_user_namespaces", "0") {
        "`sudo sysctl user.max_user_namespaces=1000` allows them until the next start."
    } else {
        "In a container, its runtime forbids them; elsewhere, ask who looks after this machine."
    }
}

/// WSL 1 says `Microsoft` where WSL 2, a real kernel, says `microsoft-standard-WSL2`.
fn is_wsl1() -> bool {
    std::fs::read_to_string("/proc/sys/kernel/osrelease")
        .is_ok_and(|release| release.contains("Microsoft"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_linker_is_no_fault_of_the_program() {
        let words = "error: linker `cc` not found\n  |\n  = note: No such file or directory\n";
        let explained = explain(words).expect("it is known");
        assert!(explained.contains("build-essential"), "{explained}");
        // And nothing that cargo said is lost.
        assert!(explained.ends_with("No such file or directory"));
    }

    #[test]
    fn an_ordinary_mistake_is_left_to_the_compiler() {
        assert!(explain("error[E0425]: cannot find value `x` in this scope").is_none());
    }
}
