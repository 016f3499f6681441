//! The keeper: our own executable once more, with one thread. It makes the namespaces, starts the
//! init, watches over the limits, and ends all of the box when the program has ended, when a limit
//! strikes, or when the grader is gone.
//!
//! It stays in the grader's own process and mount namespaces; the program can neither see nor reach
//! it.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, exit};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, ipproto};
use rustix::process::{
    Pid, Resource, Rlimit, Signal, WaitOptions, getgid, getuid, kill_process, setrlimit, waitpid,
};
use rustix::thread::{CapabilitySet, UnshareFlags, capabilities};

use crate::cgroup::Group;
use crate::confine::Identity;
use crate::disk;
use crate::files;
use crate::init;
use crate::limits::Limit;
use crate::link::{Lines, Started, Word, say};
use crate::raw;
use crate::spec::{Kind, Network, Spec};
use crate::tree;

/// The first argument of a keeper; the second is the number of its socket.
pub const ARGUMENT: &str = "--box-keeper";

/// The exit status of a keeper that has no box to keep.
const NO_BOX: i32 = 125;

/// Becomes a keeper, and does not return, if this process was started as one. Call it first in
/// `main`: it needs a process with one thread.
pub fn run_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().as_deref() == Some(OsStr::new(ARGUMENT)) {
        exit(keep(arguments.next()));
    }
}

/// The exit status with which the keeper ends.
fn keep(socket: Option<OsString>) -> i32 {
    let grader = match inherited(socket) {
        Ok(grader) => grader,
        Err(error) => {
            eprintln!(
                "{ARGUMENT} is how a box starts its keeper; nobody else can use it ({error})"
            );
            return NO_BOX;
        }
    };
    match keep_for(grader) {
        Ok(status) => end_like(status),
        Err(Lost { grader, error }) => {
            // The grader is gone: then there is nobody to tell.
            let _ = say(&grader, &Word::Failed(error.to_string()));
            NO_BOX
        }
    }
}

fn inherited(socket: Option<OsString>) -> io::Result<UnixStream> {
    let number = socket.and_then(|socket| socket.to_str()?.parse().ok());
    let number = number.ok_or(io::ErrorKind::InvalidInput)?;
    Ok(raw::inherited(number)?.into())
}

/// There is no box, and whom to tell.
struct Lost {
    grader: UnixStream,
    error: io::Error,
}

fn keep_for(grader: UnixStream) -> Result<i32, Lost> {
    let mut lines = Lines::new(grader);
    let kept = Keeper::open(&mut lines).and_then(|keeper| keeper.watch(&lines.socket));
    kept.map_err(|error| Lost {
        grader: lines.socket,
        error,
    })
}

/// A box that is there.
struct Keeper {
    spec: Spec,
    group: Group,
    init: Pid,
    words: Lines,
    started: Instant,
    /// When its files are looked at again.
    next_look: Instant,
    /// Removed at the end.
    _own_folder: Option<OwnFolder>,
}

/// A light box's own folder.
struct OwnFolder(PathBuf);

impl OwnFolder {
    fn make() -> io::Result<Self> {
        let path = Path::new("/tmp").join(format!("socklings-box-{}", std::process::id()));
        fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for OwnFolder {
    fn drop(&mut self) {
        // Nobody is in the box any more. What its owner may not remove, stays: it is of no use.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Keeper {
    /// Makes the box's namespaces and starts its init.
    fn open(grader: &mut Lines) -> io::Result<Self> {
        // The grader's end tells of its life, and leaves time to clean up. What the program leaves
        // behind in a light box comes here.
        rustix::process::set_parent_process_death_signal(None)?;
        rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
        raw::close_all_at_exec().map_err(on("closing descriptors"))?;
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        setrlimit(Resource::Core, none)?;
        let mut spec: Spec = grader.next()?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let identity = Identity::of(&spec);
        if !spec.capabilities.is_empty() && spec.network == Network::Callers {
            owns_network(identity)?;
        }
        let own_folder = match (spec.kind, &spec.folder) {
            (Kind::Light, None) => Some(OwnFolder::make().map_err(on("making a folder"))?),
            _ => None,
        };
        if let Some(own) = &own_folder {
            spec.writable.push(own.0.clone());
            spec.folder = Some(own.0.clone());
        }
        if let Identity::Another(user) = identity {
            for folder in &spec.writable {
                files::give(folder, user).map_err(on("giving the program its folder"))?;
            }
        }
        if spec.kind == Kind::Full {
            if identity == Identity::Same {
                enter_user_namespace().map_err(on("entering a user namespace"))?;
            }
            let network = match spec.network {
                Network::Callers => UnshareFlags::empty(),
                Network::Nothing => UnshareFlags::NEWNET,
            };
            raw::unshare(UnshareFlags::NEWPID | network).map_err(on("making namespaces"))?;
        }
        let group = Group::make(&spec.limits);
        let (words, its) = UnixStream::pair()?;
        let Some(init) = raw::fork()? else {
            // The keeper's own sockets are not the init's, let alone the program's: else it would not
            // see the keeper's end.
            let in_its_place = Lines::new(its.try_clone()?);
            let graders = std::mem::replace(grader, in_its_place);
            init::run(&spec, identity, Lines::new(its), (graders, words));
        };
        drop(its);
        leave_streams()?;
        let mut keeper = Self {
            group,
            init,
            words: Lines::new(words),
            started: Instant::now(),
            next_look: Instant::now(),
            spec,
            _own_folder: own_folder,
        };
        // All that the init does from here on counts. Who may make a group may still be forbidden to put
        // anybody into it: then the keeper counts.
        if keeper.group.add(init.as_raw_nonzero().get()).is_err() {
            keeper.group.limit_nothing();
        }
        if let Err(error) = say(&keeper.words.socket, &()) {
            keeper.end_all();
            keeper.group.remove();
            return Err(on("starting the box's first process")(error));
        }
        Ok(keeper)
    }

    /// Waits for the program's end, and gives its status.
    fn watch(mut self, grader: &UnixStream) -> io::Result<i32> {
        const TICK: Duration = Duration::from_millis(50);
        let mut status = None;
        let mut struck = Vec::new();
        loop {
            match self.wait(grader, TICK)? {
                Event::Word(Some(Word::Started(_))) => {
                    let init = self.init.as_raw_nonzero().get();
                    // Only this one: nobody else can have been adopted before.
                    let program = tree::children(init).first().copied();
                    let started = Started {
                        keeper: own_pid(),
                        init,
                        program,
                    };
                    say(grader, &Word::Started(started))?;
                }
                Event::Word(Some(Word::Ended(ended))) => status = Some(ended),
                Event::Word(Some(Word::Failed(why))) => {
                    self.end_all();
                    self.group.remove();
                    return Err(io::Error::other(why));
                }
                Event::Word(Some(Word::Struck(_))) => {}
                Event::Word(None) => break,
                Event::GraderIsGone => {
                    self.end_all();
                    self.group.remove();
                    return Ok(Signal::KILL.as_raw());
                }
                Event::Nothing => {
                    if let Some(limit) = self.exceeded() {
                        struck.push(limit);
                        break;
                    }
                }
            }
        }
        self.end_all();
        for limit in self.group.struck(&self.spec.limits) {
            if !struck.contains(&limit) {
                struck.push(limit);
            }
        }
        struck.extend(status.and_then(|status| self.told_by_signal(status)));
        self.group.remove();
        for limit in &struck {
            // The grader is gone, perhaps: just as well.
            let _ = say(grader, &Word::Struck(*limit));
        }
        let killed = Signal::KILL.as_raw();
        // In a light box an ordinary user's program can end its init: then that was its own doing.
        let is_its_doing = self.spec.kind == Kind::Light || !struck.is_empty();
        match status.or(is_its_doing.then_some(killed)) {
            Some(status) => {
                let _ = say(grader, &Word::Ended(status));
                Ok(status)
            }
            None => Err(io::Error::other("the box was ended from outside")),
        }
    }

    /// Waits for the next thing that happens, at most for `time`.
    fn wait(&mut self, grader: &UnixStream, time: Duration) -> io::Result<Event> {
        let limit = Timespec::try_from(time).map_err(io::Error::other)?;
        let mut fds = [
            PollFd::from_borrowed_fd(self.words.socket.as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(grader.as_fd(), PollFlags::IN),
        ];
        match poll(&mut fds, Some(&limit)) {
            Ok(0) | Err(Errno::INTR) => return Ok(Event::Nothing),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        // The grader says nothing more: what can be read there is its end.
        if fds[1].revents().is_empty() {
            Ok(Event::Word(self.words.next()?))
        } else {
            Ok(Event::GraderIsGone)
        }
    }

    /// A limit that is exceeded now.
    fn exceeded(&mut self) -> Option<Limit> {
        let limits = self.spec.limits.clone();
        if self.started.elapsed() > limits.wall {
            return Some(Limit::Wall(limits.wall));
        }
        let used = tree::used(self.init.as_raw_nonzero().get());
        if used.cpu > limits.cpu {
            return Some(Limit::Cpu(limits.cpu));
        }
        let ran_out = if self.group.limits_memory() {
            self.group.ran_out_of_memory()
        } else {
            used.memory > limits.memory
        };
        if ran_out {
            return Some(Limit::Memory(limits.memory));
        }
        if used.threads > limits.processes {
            return Some(Limit::Processes(limits.processes));
        }
        if self.files_exceed(limits.files) {
            return Some(Limit::Files(limits.files));
        }
        None
    }

    /// Whether the program's files take more than `most` bytes. Who may write to no folder of this
    /// machine, and whose memory the kernel counts, has none that would matter.
    fn files_exceed(&mut self, most: u64) -> bool {
        /// Of a processor's time so much is spent on looking, at the most: one part in so many.
        const SHARE: u32 = 20;
        let writable = &self.spec.writable;
        let start = Instant::now();
        if writable.is_empty() && self.group.limits_memory() || start < self.next_look {
            return false;
        }
        let processes = tree::descendants(self.init.as_raw_nonzero().get());
        let exceed = disk::exceeds(writable, &processes, most);
        self.next_look = Instant::now() + start.elapsed() * SHARE;
        exceed
    }

    /// Limits of which the kernel tells the program by a signal (`man 2 setrlimit`).
    fn told_by_signal(&self, status: i32) -> Option<Limit> {
        let limits = &self.spec.limits;
        let signal = ExitStatus::from_raw(status).signal()?;
        if signal == Signal::XCPU.as_raw() {
            Some(Limit::Cpu(limits.cpu))
        } else if signal == Signal::XFSZ.as_raw() {
            Some(Limit::File(limits.file))
        } else {
            None
        }
    }

    /// Ends all that is in the box, and waits until it is gone.
    fn end_all(&self) {
        self.group.end_all();
        // Gone already: just as well. In a full box all others end with the init, by the kernel's
        // hand, before it can be waited for.
        let _ = kill_process(self.init, Signal::KILL);
        let init = Some(self.init);
        while matches!(waitpid(init, WaitOptions::empty()), Err(Errno::INTR)) {}
        if self.spec.kind == Kind::Light {
            crate::light::end_rest(Identity::of(&self.spec));
        }
    }
}

enum Event {
    /// The init says so, or is gone.
    Word(Option<Word>),
    GraderIsGone,
    /// The time is up.
    Nothing,
}

pub(crate) fn own_pid() -> i32 {
    rustix::process::getpid().as_raw_nonzero().get()
}

/// What one was doing when it failed, before the error's own words.
pub(crate) fn on(doing: &str) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("{doing}: {error}"))
}

/// A user namespace of the box's own, in which the user is who they were; but not root, since a
/// program would take itself for it.
fn enter_user_namespace() -> io::Result<()> {
    const NOBODY: u32 = 65534;
    let (uid, gid) = (getuid().as_raw(), getgid().as_raw());
    let inside = |id: u32| if id == 0 { NOBODY } else { id };
    raw::unshare(UnshareFlags::NEWUSER)?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{} {uid} 1", inside(uid)))?;
    fs::write("/proc/self/gid_map", format!("{} {gid} 1", inside(gid)))
}

/// That a capability given to the program would be one over the network that this process is in. An
/// error that says why not.
fn owns_network(identity: Identity) -> io::Result<()> {
    let refuse = |why: &str| {
        let why = format!("no capability over the program's network can be given: {why}");
        Err(io::Error::new(io::ErrorKind::PermissionDenied, why))
    };
    if identity == Identity::Callers && getuid().is_root() {
        // The program would be root, if only of what its user namespace holds.
        return refuse("the grader is root, but cannot become another user");
    }
    // The kernel knows whose it is.
    let raw = (AddressFamily::INET, SocketType::RAW, Some(ipproto::ICMP));
    match rustix::net::socket_with(raw.0, raw.1, SocketFlags::CLOEXEC, raw.2) {
        Ok(_) => Ok(()),
        Err(_) => refuse("it does not belong to the grader's user namespace"),
    }
}

/// Whether this process may make namespaces without a user namespace.
pub(crate) fn is_real_root() -> bool {
    capabilities(None).is_ok_and(|sets| sets.effective.contains(CapabilitySet::SYS_ADMIN))
}

/// Leaves standard streams to the program alone: who reads them waits for the last holder to close.
pub(crate) fn leave_streams() -> io::Result<()> {
    let null = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")?;
    rustix::stdio::dup2_stdin(&null)?;
    rustix::stdio::dup2_stdout(&null)?;
    Ok(rustix::stdio::dup2_stderr(&null)?)
}

/// Ends this process as the program has ended; the exit status, where it was one.
fn end_like(status: i32) -> i32 {
    let status = ExitStatus::from_raw(status);
    if let Some(signal) = status.signal() {
        // It does not return, unless it does not know the signal.
        let _ = signal_hook::low_level::emulate_default_handler(signal);
        return 128 + signal;
    }
    status.code().unwrap_or(NO_BOX)
}
