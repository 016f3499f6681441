//! The unsafe code, all of it: system calls without a safe wrapper.
#![expect(unsafe_code, reason = "system calls without a safe wrapper")]

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::fd::AsFd;
use rustix::io::FdFlags;
use rustix::process::Pid;
use rustix::thread::UnshareFlags;

/// `unshare(2)` for namespaces.
pub(crate) fn unshare(flags: UnshareFlags) -> io::Result<()> {
    assert!(!flags.contains(UnshareFlags::FILES));
    // SAFETY: the one danger that the function names is an unshared table of file descriptors.
    Ok(unsafe { rustix::thread::unshare_unsafe(flags) }?)
}

/// `fork(2)`: nothing in the child, its number in the parent.
pub(crate) fn fork() -> io::Result<Option<Pid>> {
    // SAFETY: the keeper and the init have one thread, so the child's memory is whole: no lock is
    // held by a thread that it has not.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        child => Ok(Pid::from_raw(child)),
    }
}

/// Has the command inherit `fd`.
pub(crate) fn inherit(command: &mut Command, fd: OwnedFd) {
    // SAFETY: the closure makes one system call, allocates nothing and takes no lock, as
    // `signal-safety(7)` asks of the time between fork and exec.
    unsafe {
        command.pre_exec(move || Ok(rustix::io::fcntl_setfd(&fd, FdFlags::empty())?));
    }
}

/// Has the command keep the capabilities of whoever starts it, which an ordinary user's programs lose
/// at exec (`man 7 capabilities`).
pub(crate) fn hand_down_capabilities(command: &mut Command) {
    // SAFETY: the closure makes system calls, allocates nothing and takes no lock, as
    // `signal-safety(7)` asks of the time between fork and exec.
    unsafe {
        command.pre_exec(|| {
            let mut sets = rustix::thread::capabilities(None)?;
            sets.inheritable = sets.permitted;
            rustix::thread::set_capabilities(None, sets)?;
            for (_, capability) in sets.permitted.iter_names() {
                rustix::thread::configure_capability_in_ambient_set(capability, true)?;
            }
            Ok(())
        });
    }
}

/// The descriptor that was inherited by this number.
pub(crate) fn inherited(number: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: the descriptor is only borrowed for one call, which fails if it is not open.
    let fd = unsafe { BorrowedFd::borrow_raw(number) };
    rustix::io::fcntl_setfd(fd, FdFlags::CLOEXEC)?;
    // SAFETY: it is open, as the call above shows, and the caller that started this process with its
    // number has left it to nobody else here.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

/// Has every descriptor but the three streams be closed at exec: whoever started the grader may have
/// left some open. Needs Linux 5.11.
pub(crate) fn close_all_at_exec() -> io::Result<()> {
    const FIRST: libc::c_uint = 3;
    let at_exec = libc::CLOSE_RANGE_CLOEXEC;
    // SAFETY: it closes nothing now, and touches no memory.
    match unsafe { libc::syscall(libc::SYS_close_range, FIRST, libc::c_uint::MAX, at_exec) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// `kill(2)` of everybody whom this process may kill, itself not among them.
pub(crate) fn kill_all() {
    // SAFETY: it touches no memory; that all its targets may be killed is what the caller wants, who
    // has become their user for it.
    unsafe { libc::kill(-1, libc::SIGKILL) };
}

/// `mount_setattr(2)`: sets these flags of the mount `tree`, or of all mounts in it.
pub(crate) fn set_mount_flags(tree: impl AsFd, flags: u64, all: bool) -> io::Result<()> {
    let recursive = if all { libc::AT_RECURSIVE } else { 0 };
    let attributes = libc::mount_attr {
        attr_set: flags,
        attr_clr: 0,
        propagation: 0,
        userns_fd: 0,
    };
    let empty: &CStr = c"";
    // SAFETY: path and attributes are valid for the call, which reads as many bytes of the latter as
    // it is told.
    let result = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            tree.as_fd().as_raw_fd(),
            empty.as_ptr(),
            libc::AT_EMPTY_PATH | recursive,
            &raw const attributes,
            size_of::<libc::mount_attr>(),
        )
    };
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
