//! A control group for a box: the kernel itself counts memory and processes of all of it.
//!
//! Both versions (`man 7 cgroups`), wherever this process may make a group; else the keeper counts,
//! see [`crate::tree`].

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::limits::{Limit, Limits};

/// The groups of one box: one with version 2, one for each controller with version 1.
#[derive(Debug, Default)]
pub(crate) struct Group {
    memory: Option<Controller>,
    processes: Option<Controller>,
    folders: Vec<PathBuf>,
}

/// Where one thing is counted.
#[derive(Debug)]
struct Controller {
    folder: PathBuf,
    names: &'static Names,
}

/// What its files are called.
#[derive(Debug)]
struct Names {
    limit: &'static str,
    /// A limit on memory and swap together, or on swap alone, where there is one.
    swap: Option<(&'static str, bool)>,
    events: &'static str,
    /// The line in `events` that counts how often the limit struck.
    struck: &'static str,
}

static MEMORY_1: Names = Names {
    limit: "memory.limit_in_bytes",
    swap: Some(("memory.memsw.limit_in_bytes", true)),
    events: "memory.oom_control",
    struck: "oom_kill",
};
static MEMORY_2: Names = Names {
    limit: "memory.max",
    swap: Some(("memory.swap.max", false)),
    events: "memory.events",
    struck: "oom_kill",
};
static PROCESSES: Names = Names {
    limit: "pids.max",
    swap: None,
    events: "pids.events",
    struck: "max",
};

/// How a group's folder begins; then comes the keeper's process number.
const PREFIX: &str = "socklings-";

impl Group {
    /// As much of a group as can be made here, perhaps nothing.
    pub(crate) fn make(limits: &Limits) -> Self {
        let mut group = Self::default();
        for hierarchy in hierarchies().unwrap_or_default() {
            let wants_memory = group.memory.is_none() && hierarchy.has("memory");
            let wants_processes = group.processes.is_none() && hierarchy.has("pids");
            if !wants_memory && !wants_processes {
                continue;
            }
            let Some(folder) = hierarchy.make_folder() else {
                continue;
            };
            if wants_memory {
                let names = if hierarchy.is_second {
                    &MEMORY_2
                } else {
                    &MEMORY_1
                };
                group.memory = Controller::limited(&folder, names, limits.memory);
            }
            if wants_processes {
                // The init counts, too.
                group.processes = Controller::limited(&folder, &PROCESSES, limits.processes + 1);
            }
            group.folders.push(folder);
        }
        group
    }

    /// Whether the kernel limits memory.
    pub(crate) fn limits_memory(&self) -> bool {
        self.memory.is_some()
    }

    /// Counts on it no more; it is still removed in the end.
    pub(crate) fn limit_nothing(&mut self) {
        self.memory = None;
        self.processes = None;
    }

    /// Whether the kernel has ended one of its processes for want of memory.
    pub(crate) fn ran_out_of_memory(&self) -> bool {
        self.memory.as_ref().is_some_and(Controller::has_struck)
    }

    /// Puts a process into it; what it starts from then on will be in it, too.
    pub(crate) fn add(&self, pid: i32) -> io::Result<()> {
        self.folders
            .iter()
            .try_for_each(|folder| fs::write(folder.join("cgroup.procs"), pid.to_string()))
    }

    /// The limits that struck.
    pub(crate) fn struck(&self, limits: &Limits) -> Vec<Limit> {
        let mut struck = Vec::new();
        if self.ran_out_of_memory() {
            struck.push(Limit::Memory(limits.memory));
        }
        if self.processes.as_ref().is_some_and(Controller::has_struck) {
            struck.push(Limit::Processes(limits.processes));
        }
        struck
    }

    /// Ends all that are in it, at once: a group of version 2 can (Linux 5.14). Who cannot be ended so is
    /// ended one by one.
    pub(crate) fn end_all(&self) {
        for folder in &self.folders {
            // In a group of version 1 there is no such file.
            let kill = fs::OpenOptions::new()
                .write(true)
                .open(folder.join("cgroup.kill"));
            let _ = kill.and_then(|mut kill| kill.write_all(b"1"));
        }
    }

    /// Removes it: for when nobody is in it any more.
    pub(crate) fn remove(&self) {
        for folder in &self.folders {
            // What cannot be removed is so by the next box, see `sweep`.
            let _ = fs::remove_dir(folder);
        }
    }
}

impl Controller {
    fn limited(folder: &Path, names: &'static Names, most: u64) -> Option<Self> {
        fs::write(folder.join(names.limit), most.to_string()).ok()?;
        if let Some((file, with_memory)) = names.swap {
            let most = if with_memory { most } else { 0 };
            // Not every kernel counts swap; then memory alone is limited.
            let _ = fs::write(folder.join(file), most.to_string());
        }
        Some(Self {
            folder: folder.to_owned(),
            names,
        })
    }

    fn has_struck(&self) -> bool {
        let events = fs::read_to_string(self.folder.join(self.names.events)).unwrap_or_default();
        events.lines().any(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some(self.names.struck)
                && words.next().is_some_and(|times| times != "0")
        })
    }
}

/// A tree of groups.
#[derive(Debug)]
struct Hierarchy {
    is_second: bool,
    controllers: Vec<String>,
    /// Where a group may be made, the better place first.
    places: Vec<PathBuf>,
}

impl Hierarchy {
    fn has(&self, controller: &str) -> bool {
        self.controllers.iter().any(|name| name == controller)
    }

    fn make_folder(&self) -> Option<PathBuf> {
        self.places.iter().find_map(|place| {
            let folder = make_in(place)?;
            // In a group of version 2 a controller's files are there only if its parent has it on.
            if self.is_second && !folder.join("memory.max").exists() {
                let _ = fs::remove_dir(&folder);
                return None;
            }
            Some(folder)
        })
    }
}

/// This keeper's group in `place`, if one can be made there.
fn make_in(place: &Path) -> Option<PathBuf> {
    sweep(place);
    let folder = place.join(format!("{PREFIX}{}", std::process::id()));
    fs::create_dir(&folder).ok()?;
    Some(folder)
}

/// Removes groups whose keeper is gone: it was killed before it could.
fn sweep(place: &Path) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let keeper = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let is_gone = keeper.is_some_and(|pid| !Path::new("/proc").join(pid).exists());
        if is_gone {
            // Not empty: somebody is still about to end there.
            let _ = fs::remove_dir(entry.path());
        }
    }
}

/// The trees that are mounted, with this process's place in each.
fn hierarchies() -> io::Result<Vec<Hierarchy>> {
    let own = fs::read_to_string("/proc/self/cgroup")?;
    let mounts = fs::read_to_string("/proc/self/mountinfo")?;
    Ok(own
        .lines()
        .filter_map(|line| hierarchy(line, &mounts))
        .collect())
}

/// From a line as `4:memory:/group`, or `0::/group` for version 2.
fn hierarchy(line: &str, mounts: &str) -> Option<Hierarchy> {
    let mut parts = line.splitn(3, ':').skip(1);
    let (controllers, group) = (parts.next()?, parts.next()?);
    let is_second = controllers.is_empty();
    let mount = mounts.lines().find_map(|mount| {
        let (before, after) = mount.split_once(" - ")?;
        let mut after = after.split_whitespace();
        let kind = after.next()?;
        let options = after.nth(1)?;
        let is_it = if is_second {
            kind == "cgroup2"
        } else {
            kind == "cgroup"
                && controllers
                    .split(',')
                    .all(|c| options.split(',').any(|o| o == c))
        };
        is_it.then(|| before.split_whitespace().nth(4)).flatten()
    })?;
    let mount = Path::new(mount);
    let own = mount.join(group.trim_start_matches('/'));
    let controllers = if is_second {
        fs::read_to_string(mount.join("cgroup.controllers"))
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect()
    } else {
        controllers.split(',').map(str::to_owned).collect()
    };
    Some(Hierarchy {
        is_second,
        controllers,
        places: vec![own, mount.to_owned()],
    })
}

/// Whether memory and the number of processes can be limited by groups here: for the doctor.
pub(crate) fn can_limit() -> (bool, bool) {
    let group = Group::make(&Limits::program());
    let may_add = |controller: &Controller| {
        let members = controller.folder.join("cgroup.procs");
        fs::OpenOptions::new().write(true).open(members).is_ok()
    };
    let can = (
        group.memory.as_ref().is_some_and(may_add),
        group.processes.as_ref().is_some_and(may_add),
    );
    group.remove();
    can
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    const MOUNTS: &str = "\
        30 24 0:26 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n\
        31 24 0:27 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct\n\
        32 24 0:28 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";

    #[test]
    fn a_controller_of_version_1_has_a_tree_of_its_own() {
        let found = hierarchy("4:memory:/some/group", MOUNTS).expect("it is mounted");
        assert!(found.has("memory") && !found.has("pids") && !found.is_second);
        assert_eq!(
            found.places[0],
            Path::new("/sys/fs/cgroup/memory/some/group")
        );
    }

    #[test]
    fn version_2_has_one_tree() {
        let found = hierarchy("0::/user.slice", MOUNTS).expect("it is mounted");
        assert!(found.is_second);
        assert_eq!(
            found.places[0],
            Path::new("/sys/fs/cgroup/unified/user.slice")
        );
    }

    /// Where this process may make a group of version 2, if anywhere.
    fn second_tree() -> Option<PathBuf> {
        let own = fs::read_to_string("/proc/self/cgroup").ok()?;
        let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
        let line = own.lines().find(|line| line.starts_with("0::"))?;
        let places = hierarchy(line, &mounts)?.places;
        places.into_iter().find(|place| {
            let probe = place.join(format!("probe-{PREFIX}{}", std::process::id()));
            fs::create_dir(&probe).is_ok() && fs::remove_dir(&probe).is_ok()
        })
    }

    #[test]
    fn a_group_of_version_2_ends_all_that_is_in_it_at_once() {
        let Some(place) = second_tree() else {
            println!("skipped: there is no tree of version 2 in which a group can be made");
            return;
        };
        let folder = make_in(&place).expect("a group can be made");
        if !folder.join("cgroup.kill").exists() {
            println!("skipped: this kernel has no cgroup.kill");
            fs::remove_dir(&folder).expect("it is empty");
            return;
        }
        let group = Group {
            folders: vec![folder.clone()],
            ..Group::default()
        };
        // It starts another once it is in the group, and says so.
        let mut shell = Command::new("sh")
            .args(["-c", "read go; sleep 300 & echo started; wait"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("there is a shell");
        let pid = i32::try_from(shell.id()).expect("a number");
        group.add(pid).expect("it is ours");
        let mut input = shell.stdin.take().expect("it is piped");
        input.write_all(b"go\n").expect("it reads");
        let mut output = shell.stdout.take().expect("it is piped");
        let mut said = [0; 8];
        output.read_exact(&mut said).expect("it says so");
        let members = fs::read_to_string(folder.join("cgroup.procs")).expect("it is there");
        assert_eq!(members.lines().count(), 2, "{members}");

        group.end_all();
        let status = shell.wait().expect("it ends");
        assert_eq!(status.signal(), Some(libc::SIGKILL));
        // The other holds the pipe until it is gone.
        let mut rest = String::new();
        output.read_to_string(&mut rest).expect("it ends");
        let end = Instant::now() + Duration::from_secs(20);
        while folder.exists() && Instant::now() < end {
            group.remove();
        }
        assert!(!folder.exists(), "somebody is left");
    }

    #[test]
    fn a_group_of_version_2_limits_memory_and_swap_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("it is there");
        let memory = Controller::limited(folder.path(), &MEMORY_2, 4096).expect("it is ours");
        assert_eq!([read("memory.max"), read("memory.swap.max")], ["4096", "0"]);
        let events = folder.path().join("memory.events");
        fs::write(&events, "low 0\nmax 12\noom 1\noom_kill 0\n").expect("it is ours");
        assert!(!memory.has_struck(), "the program found room after all");
        fs::write(&events, "low 0\nmax 12\noom 2\noom_kill 1\n").expect("it is ours");
        assert!(memory.has_struck());
    }

    #[test]
    fn what_is_not_mounted_is_not_used() {
        assert!(hierarchy("8:pids:/", MOUNTS).is_none());
    }
}
