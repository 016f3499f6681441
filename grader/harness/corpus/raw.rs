//! The system calls of these programs that have no safe wrapper here. One thread at a time calls
//! them, and each says what it takes for granted.

#![expect(unsafe_code, reason = "the programs are about these very calls")]
#![expect(
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    reason = "C's types are what they are"
)]
// Each of the collections of programs uses a part of this.
#![allow(dead_code)]

use std::io;
use std::mem::{size_of, zeroed};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::ptr::{null, null_mut};
use std::sync::atomic::AtomicU32;
use std::time::Duration;

pub(crate) const SIGALRM: i32 = libc::SIGALRM;
pub(crate) const SIGCHLD: i32 = libc::SIGCHLD;
pub(crate) const SIGCONT: i32 = libc::SIGCONT;
pub(crate) const SIGPIPE: i32 = libc::SIGPIPE;
pub(crate) const SIGSTOP: i32 = libc::SIGSTOP;
pub(crate) const SIGUSR1: i32 = libc::SIGUSR1;

fn checked(result: i32) -> io::Result<i32> {
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(result)
    }
}

fn timespec(time: Duration) -> libc::timespec {
    libc::timespec {
        tv_sec: time.as_secs() as i64,
        tv_nsec: i64::from(time.subsec_nanos()),
    }
}

fn timeval(time: Duration) -> libc::timeval {
    libc::timeval {
        tv_sec: time.as_secs() as i64,
        tv_usec: i64::from(time.subsec_micros()),
    }
}

/// Forks: in the child, does `work` and exits. Gives the child's number.
///
/// The program has one thread when it calls this, or its child does only what needs no lock.
pub(crate) fn fork(work: impl FnOnce() -> io::Result<()>) -> io::Result<i32> {
    // SAFETY: see above.
    let pid = checked(unsafe { libc::fork() })?;
    if pid == 0 {
        let status = i32::from(work().is_err());
        // SAFETY: ends the process; nothing of it is used any more.
        unsafe { libc::_exit(status) }
    }
    Ok(pid)
}

pub(crate) fn wait_for(pid: i32) -> io::Result<()> {
    // SAFETY: no pointers but null.
    checked(unsafe { libc::waitpid(pid, null_mut(), 0) }).map(drop)
}

pub(crate) fn kill(pid: i32, signal: i32) -> io::Result<()> {
    // SAFETY: no pointers.
    checked(unsafe { libc::kill(pid, signal) }).map(drop)
}

pub(crate) fn own_pid() -> i32 {
    // SAFETY: no pointers.
    unsafe { libc::getpid() }
}

pub(crate) fn session_of_its_own() -> io::Result<()> {
    // SAFETY: no pointers.
    checked(unsafe { libc::setsid() }).map(drop)
}

/// Orphans come to this process, and vanish without being waited for.
pub(crate) fn adopt_and_forget() -> io::Result<()> {
    // SAFETY: no pointers.
    unsafe {
        checked(libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))?;
        libc::signal(SIGCHLD, libc::SIG_IGN);
    }
    Ok(())
}

/// Gives the calling thread descriptors of its own, copies of the others'.
pub(crate) fn own_descriptors() -> io::Result<()> {
    // SAFETY: no pointers; the caller knows which descriptors it uses where.
    checked(unsafe { libc::unshare(libc::CLONE_FILES) }).map(drop)
}

/// Ends the calling thread, which may be the main one, and no other.
pub(crate) fn exit_thread() -> ! {
    // SAFETY: the thread has nothing on its stack that others use.
    unsafe {
        libc::syscall(libc::SYS_exit, 0);
    }
    unreachable!("a thread that has ended")
}

/// Gives a signal the effect that it has in a program in C: Rust has SIGPIPE ignored.
pub(crate) fn as_in_c(signal: i32) -> io::Result<()> {
    // SAFETY: the default action needs no handler.
    if unsafe { libc::signal(signal, libc::SIG_DFL) } == libc::SIG_ERR {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Has a signal interrupt system calls and do nothing else.
pub(crate) fn interrupt_at(signal: i32) -> io::Result<()> {
    extern "C" fn nothing(_signal: i32) {}
    let handler: extern "C" fn(i32) = nothing;
    // SAFETY: the handler does nothing; without SA_RESTART calls end with EINTR.
    unsafe {
        let mut action: libc::sigaction = zeroed();
        action.sa_sigaction = handler as libc::sighandler_t;
        checked(libc::sigaction(signal, &raw const action, null_mut())).map(drop)
    }
}

fn set_of(signal: i32) -> libc::sigset_t {
    // SAFETY: both calls only write to the set.
    unsafe {
        let mut set = zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, signal);
        set
    }
}

/// Blocks a signal in the calling thread and those that it starts.
pub(crate) fn block(signal: i32) -> io::Result<()> {
    let set = set_of(signal);
    // SAFETY: the set lives as long as the call.
    match unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, null_mut()) } {
        0 => Ok(()),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

/// Waits until any signal has come.
pub(crate) fn pause() {
    // SAFETY: no pointers.
    unsafe { libc::pause() };
}

/// Waits for a signal with no signal blocked.
pub(crate) fn suspend() {
    // SAFETY: the set lives as long as the call.
    unsafe {
        let mut none = zeroed();
        libc::sigemptyset(&raw mut none);
        libc::sigsuspend(&raw const none);
    }
}

/// Waits until `signal`, which is blocked, has come.
pub(crate) fn wait_for_signal(signal: i32) -> io::Result<()> {
    let set = set_of(signal);
    let mut which = 0;
    // SAFETY: both live as long as the call.
    match unsafe { libc::sigwait(&raw const set, &raw mut which) } {
        0 => Ok(()),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

pub(crate) fn signalfd(signal: i32) -> io::Result<OwnedFd> {
    let set = set_of(signal);
    // SAFETY: the set lives as long as the call; the descriptor is new.
    unsafe {
        Ok(OwnedFd::from_raw_fd(checked(libc::signalfd(
            -1,
            &raw const set,
            0,
        ))?))
    }
}

pub(crate) fn alarm(seconds: u32) {
    // SAFETY: no pointers.
    unsafe { libc::alarm(seconds) };
}

pub(crate) fn set_itimer(after: Duration) -> io::Result<()> {
    // SAFETY: the structure lives as long as the call.
    unsafe {
        let mut timer: libc::itimerval = zeroed();
        timer.it_value = timeval(after);
        checked(libc::setitimer(
            libc::ITIMER_REAL,
            &raw const timer,
            null_mut(),
        ))
        .map(drop)
    }
}

/// A descriptor that becomes readable after a while; never, without one.
pub(crate) fn timerfd(after: Option<Duration>) -> io::Result<OwnedFd> {
    // SAFETY: the structure lives as long as the call; the descriptor is new.
    unsafe {
        let fd = checked(libc::timerfd_create(
            libc::CLOCK_MONOTONIC,
            libc::TFD_CLOEXEC,
        ))?;
        let fd = OwnedFd::from_raw_fd(fd);
        if let Some(after) = after {
            let mut timer: libc::itimerspec = zeroed();
            timer.it_value = timespec(after);
            let fd = fd.as_raw_fd();
            checked(libc::timerfd_settime(fd, 0, &raw const timer, null_mut()))?;
        }
        Ok(fd)
    }
}

/// Whom a POSIX timer tells.
#[derive(Clone, Copy)]
pub(crate) enum Tells {
    Process,
    Thread(i32),
}

/// A POSIX timer that sends `signal` once.
pub(crate) fn posix_timer(after: Duration, signal: i32, tells: Tells) -> io::Result<()> {
    // SAFETY: the structures live as long as the calls.
    unsafe {
        let mut event: libc::sigevent = zeroed();
        event.sigev_signo = signal;
        event.sigev_notify = libc::SIGEV_SIGNAL;
        if let Tells::Thread(tid) = tells {
            event.sigev_notify = libc::SIGEV_THREAD_ID;
            event.sigev_notify_thread_id = tid;
        }
        let mut id = zeroed();
        let clock = libc::CLOCK_MONOTONIC;
        checked(libc::timer_create(clock, &raw mut event, &raw mut id))?;
        let mut timer: libc::itimerspec = zeroed();
        timer.it_value = timespec(after);
        checked(libc::timer_settime(id, 0, &raw const timer, null_mut())).map(drop)
    }
}

pub(crate) fn own_tid() -> i32 {
    // SAFETY: no pointers.
    unsafe { libc::gettid() }
}

/// `select` on one descriptor.
pub(crate) fn select(fd: RawFd, timeout: Option<Duration>) -> io::Result<bool> {
    // SAFETY: the structures live as long as the call, and the descriptor is below FD_SETSIZE.
    unsafe {
        let mut set: libc::fd_set = zeroed();
        libc::FD_SET(fd, &raw mut set);
        let mut limit = timeout.map(timeval);
        let limit = limit.as_mut().map_or(null_mut(), std::ptr::from_mut);
        let ready = libc::select(fd + 1, &raw mut set, null_mut(), null_mut(), limit);
        Ok(checked(ready)? > 0)
    }
}

/// A word that this process and its children share.
pub(crate) fn shared_word() -> io::Result<&'static AtomicU32> {
    // SAFETY: a fresh mapping of one page of zeroes, which is never unmapped.
    unsafe {
        let page = libc::mmap(
            null_mut(),
            4096,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_SHARED | libc::MAP_ANONYMOUS,
            -1,
            0,
        );
        if page == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(&*page.cast())
    }
}

/// Waits while `word` is 0. It may be shared with other processes.
pub(crate) fn futex_wait(word: &AtomicU32) {
    let operation = libc::FUTEX_WAIT;
    let limit = null::<libc::timespec>();
    // SAFETY: the word outlives the call.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, 0, limit) };
}

pub(crate) fn futex_wake(word: &AtomicU32) {
    // SAFETY: the word outlives the call.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE, i32::MAX) };
}

/// Waits on a semaphore that nobody raises.
pub(crate) fn semaphore_timeout(limit: Duration) -> io::Result<()> {
    // SAFETY: the structures live as long as the calls.
    unsafe {
        let mut semaphore: libc::sem_t = zeroed();
        checked(libc::sem_init(&raw mut semaphore, 0, 0))?;
        let mut until: libc::timespec = zeroed();
        checked(libc::clock_gettime(libc::CLOCK_REALTIME, &raw mut until))?;
        until.tv_nsec += i64::from(limit.subsec_nanos());
        until.tv_sec += limit.as_secs() as i64 + until.tv_nsec / 1_000_000_000;
        until.tv_nsec %= 1_000_000_000;
        libc::sem_timedwait(&raw mut semaphore, &raw const until);
        Ok(())
    }
}

/// A System V semaphore: waits for it below, raises it above zero.
pub(crate) struct Semaphore(i32);

impl Semaphore {
    pub(crate) fn new() -> io::Result<Self> {
        // SAFETY: no pointers.
        checked(unsafe { libc::semget(libc::IPC_PRIVATE, 1, 0o600) }).map(Self)
    }

    pub(crate) fn add(&self, number: i16) -> io::Result<()> {
        let mut operation = libc::sembuf {
            sem_num: 0,
            sem_op: number,
            sem_flg: 0,
        };
        // SAFETY: the structure lives as long as the call.
        checked(unsafe { libc::semop(self.0, &raw mut operation, 1) }).map(drop)
    }
}

impl Drop for Semaphore {
    fn drop(&mut self) {
        // SAFETY: no pointers.
        unsafe { libc::semctl(self.0, 0, libc::IPC_RMID) };
    }
}

/// A System V message queue.
pub(crate) struct Messages(i32);

impl Messages {
    pub(crate) fn new() -> io::Result<Self> {
        // SAFETY: no pointers.
        checked(unsafe { libc::msgget(libc::IPC_PRIVATE, 0o600) }).map(Self)
    }

    pub(crate) fn send(&self) -> io::Result<()> {
        let message: [libc::c_long; 2] = [1, 0];
        // SAFETY: a type and eight bytes, which live as long as the call.
        checked(unsafe { libc::msgsnd(self.0, message.as_ptr().cast(), 8, 0) }).map(drop)
    }

    pub(crate) fn receive(&self) -> io::Result<()> {
        let mut message: [libc::c_long; 2] = [0; 2];
        // SAFETY: room for a type and eight bytes, which lives as long as the call.
        let len = unsafe { libc::msgrcv(self.0, message.as_mut_ptr().cast(), 8, 0, 0) };
        checked(len as i32).map(drop)
    }
}

impl Drop for Messages {
    fn drop(&mut self) {
        // SAFETY: a null pointer is allowed here.
        unsafe { libc::msgctl(self.0, libc::IPC_RMID, null_mut()) };
    }
}

/// Waits in `fcntl` for the lock of a file's first byte.
pub(crate) fn lock_record(fd: RawFd) -> io::Result<()> {
    // SAFETY: the structure lives as long as the call.
    unsafe {
        let mut lock: libc::flock = zeroed();
        lock.l_type = libc::F_WRLCK as i16;
        lock.l_whence = libc::SEEK_SET as i16;
        lock.l_len = 1;
        checked(libc::fcntl(fd, libc::F_SETLKW, &raw const lock)).map(drop)
    }
}

/// A connection is accepted when its client has sent something, or has not for so long.
pub(crate) fn set_defer_accept(fd: RawFd, seconds: i32) -> io::Result<()> {
    let (level, option) = (libc::IPPROTO_TCP, libc::TCP_DEFER_ACCEPT);
    let len = size_of::<i32>() as libc::socklen_t;
    // SAFETY: the value lives as long as the call.
    unsafe {
        let seconds = (&raw const seconds).cast();
        checked(libc::setsockopt(fd, level, option, seconds, len)).map(drop)
    }
}

/// Closes a descriptor behind its owner's back.
pub(crate) fn close(fd: RawFd) {
    // SAFETY: no pointers; the owner never uses it again.
    unsafe { libc::close(fd) };
}
