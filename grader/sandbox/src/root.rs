//! The file system of a full box: a tmpfs with read-only views of what a program needs, `/proc` of its
//! own processes, a `/dev` without devices that are anybody's, and a folder of its own in memory.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use rustix::fd::OwnedFd;
use rustix::fs::{CWD, Mode};
use rustix::mount::{
    MountFlags, MountPropagationFlags, MoveMountFlags, OpenTreeFlags, UnmountFlags, mount,
    mount_change, move_mount, open_tree, unmount,
};
use rustix::process::{chdir, pivot_root, umask};

use crate::keeper::on;
use crate::raw::set_mount_flags;
use crate::spec::{SCRATCH, Spec};

/// Where the new root is put together; any folder that is everywhere would do.
const SITE: &str = "/tmp";

/// Folders of programs and libraries, of which some are links in some distributions.
const SYSTEM: [&str; 7] = ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"];

/// Files that the C library reads, and the links by which Debian names compilers.
const SETTINGS: [&str; 6] = [
    "etc/ld.so.cache",
    "etc/alternatives",
    "etc/localtime",
    "etc/services",
    "etc/protocols",
    "etc/mime.types",
];

const DEVICES: [&str; 5] = ["null", "zero", "full", "random", "urandom"];

/// Files of the box's own, which hold no word of this machine.
const OWN: [(&str, &str); 5] = [
    (
        "etc/passwd",
        "root:x:0:0:root:/:/usr/sbin/nologin\nprogram:x:1000:1000:program:/tmp:/bin/sh\n",
    ),
    ("etc/group", "root:x:0:\nprogram:x:1000:\n"),
    (
        "etc/hosts",
        "127.0.0.1 localhost\n::1 localhost ip6-localhost\n",
    ),
    (
        "etc/nsswitch.conf",
        "passwd: files\ngroup: files\nhosts: files\n",
    ),
    ("etc/host.conf", "multi on\n"),
];

const READ_ONLY: u64 = libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV;
const WRITABLE: u64 = libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV;
const DEVICE: u64 = libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NOEXEC;

/// A part of this machine's files, taken out, and where the box shows it.
struct View {
    tree: OwnedFd,
    at: PathBuf,
    is_folder: bool,
}

/// Builds the new root and changes into it. From then on this mount namespace holds nothing else.
pub(crate) fn build(spec: &Spec) -> io::Result<()> {
    umask(Mode::WGRP | Mode::WOTH);
    mount_change(
        "/",
        MountPropagationFlags::PRIVATE | MountPropagationFlags::REC,
    )?;
    // Before the site hides any of it.
    let views = views(spec)?;
    let system = system()?;
    let flags = MountFlags::NOSUID | MountFlags::NODEV;
    mount(
        "tmpfs",
        SITE,
        "tmpfs",
        flags,
        c"mode=755,size=1m,nr_inodes=4096",
    )?;
    chdir(SITE)?;
    for (name, target) in system.links {
        make_parents(&name)?;
        symlink(target, name)?;
    }
    system.views.iter().try_for_each(show)?;
    for folder in ["etc", "proc", "dev", "tmp"] {
        fs::create_dir_all(folder)?;
    }
    for (name, content) in OWN {
        fs::write(name, content)?;
    }
    let proc_flags = flags | MountFlags::NOEXEC;
    let mounted = mount("proc", "proc", "proc", proc_flags, None);
    mounted
        .map_err(io::Error::from)
        .map_err(on("mounting /proc"))?;
    devices_links()?;
    let scratch = format!("mode=1777,size={},nr_inodes=65536\0", spec.limits.scratch);
    let scratch = std::ffi::CStr::from_bytes_with_nul(scratch.as_bytes()).ok();
    mount("tmpfs", &SCRATCH[1..], "tmpfs", flags, scratch)?;
    views.iter().try_for_each(show)?;
    set_mount_flags_of_root()?;
    // "." twice: the old root comes to lie on top of the new one, and goes (`man 2 pivot_root`).
    pivot_root(".", ".")
        .map_err(io::Error::from)
        .map_err(on("changing the root"))?;
    unmount(".", UnmountFlags::DETACH)?;
    Ok(chdir("/")?)
}

/// What every box shows.
struct System {
    /// Names and what they lead to.
    links: Vec<(PathBuf, PathBuf)>,
    views: Vec<View>,
}

/// The links among the system's folders and settings, and views of the others.
fn system() -> io::Result<System> {
    let mut links = Vec::new();
    let mut views = Vec::new();
    for name in SYSTEM.iter().chain(&SETTINGS) {
        let path = Path::new("/").join(name);
        let Ok(found) = path.symlink_metadata() else {
            continue;
        };
        if found.is_symlink() {
            links.push((PathBuf::from(name), fs::read_link(&path)?));
        } else {
            views.push(view(&path, &path, READ_ONLY)?);
        }
    }
    for name in DEVICES {
        let path = Path::new("/dev").join(name);
        views.push(view(&path, &path, DEVICE)?);
    }
    Ok(System { links, views })
}

/// What this program may see beside the system.
fn views(spec: &Spec) -> io::Result<Vec<View>> {
    let mut views = Vec::new();
    let mut shown = spec.readable.iter().collect::<Vec<_>>();
    // A folder before what lies in it, and none twice.
    shown.sort();
    shown.dedup();
    for path in shown {
        if !SYSTEM
            .iter()
            .any(|name| path.starts_with(Path::new("/").join(name)))
        {
            views.push(view(path, path, READ_ONLY)?);
        }
    }
    for placed in &spec.placed {
        views.push(view(&placed.from, &placed.to, READ_ONLY)?);
    }
    for path in &spec.writable {
        views.push(view(path, path, WRITABLE)?);
    }
    Ok(views)
}

fn view(from: &Path, at: &Path, flags: u64) -> io::Result<View> {
    let take = || {
        let clone = OpenTreeFlags::OPEN_TREE_CLONE
            | OpenTreeFlags::OPEN_TREE_CLOEXEC
            | OpenTreeFlags::AT_RECURSIVE;
        let tree = open_tree(CWD, from, clone)?;
        set_mount_flags(&tree, flags, true)?;
        Ok(View {
            tree,
            at: at.strip_prefix("/").map_err(io::Error::other)?.to_owned(),
            is_folder: from.is_dir(),
        })
    };
    take().map_err(on(&format!("showing {}", from.display())))
}

/// Puts a view into its place below the site.
fn show(view: &View) -> io::Result<()> {
    make_parents(&view.at)?;
    if view.is_folder {
        fs::create_dir_all(&view.at)?;
    } else if !view.at.exists() {
        fs::write(&view.at, "")?;
    }
    let from_fd = MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH;
    Ok(move_mount(&view.tree, "", CWD, &view.at, from_fd)?)
}

fn make_parents(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

/// `man 4 fd`; and POSIX shared memory in the box's own folder.
fn devices_links() -> io::Result<()> {
    for (name, target) in [
        ("dev/fd", "/proc/self/fd"),
        ("dev/stdin", "/proc/self/fd/0"),
        ("dev/stdout", "/proc/self/fd/1"),
        ("dev/stderr", "/proc/self/fd/2"),
        ("dev/shm", SCRATCH),
    ] {
        symlink(target, name)?;
    }
    fs::set_permissions("dev", fs::Permissions::from_mode(0o755))
}

/// The root itself is complete: nothing is written to it any more.
fn set_mount_flags_of_root() -> io::Result<()> {
    let root = open_tree(CWD, ".", OpenTreeFlags::OPEN_TREE_CLOEXEC)?;
    set_mount_flags(&root, READ_ONLY, false)
}
