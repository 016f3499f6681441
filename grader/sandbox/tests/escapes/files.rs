//! Attacks on files.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use sandbox::Limit;

use crate::calls::{address, call};
use crate::{Attack, Ends, Held, SECRET, Target};

pub(crate) fn attacks() -> Vec<Attack> {
    vec![
        Attack::new("reads-the-passwords", reads_the_passwords).also_light(),
        Attack::new("reads-the-graders-files", reads_the_graders_files).also_light(),
        Attack::new("reads-the-solutions", reads_the_solutions).also_light(),
        Attack::new("reads-the-homes", reads_the_homes).also_light(),
        Attack::new("lists-the-machine", lists_the_machine),
        Attack::new("goes-up-through-proc", goes_up_through_proc).also_light(),
        Attack::new("writes-everywhere", writes_everywhere).also_light(),
        Attack::new("changes-the-graders-file", changes_the_graders_file).also_light(),
        Attack::new("changes-its-own-program", changes_its_own_program).also_light(),
        Attack::new("opens-devices", opens_devices).also_light(),
        Attack::new("makes-a-device", makes_a_device).also_light(),
        Attack::new("opens-a-file-by-handle", opens_a_file_by_handle).also_light(),
        Attack::new("looks-for-open-files", looks_for_open_files).also_light(),
        Attack::new("fills-the-disk", fills_the_disk).within(|l| l.scratch = 8 << 20),
        Attack::new("makes-files-without-end", makes_files_without_end),
        Attack::new("writes-a-huge-file", writes_a_huge_file)
            .also_light()
            .within(|l| l.file = 1 << 20)
            .ends(Ends::Struck(|limit| matches!(limit, Limit::File(_)))),
    ]
}

/// That this cannot be read.
fn cannot_read(path: &Path) -> Held {
    match fs::read(path) {
        Err(_) => Ok(()),
        Ok(bytes) => Err(format!("{} bytes of {}", bytes.len(), path.display())),
    }
}

fn cannot_write(path: &Path) -> Held {
    let opened = OpenOptions::new().append(true).create(true).open(path);
    match opened {
        Err(_) => Ok(()),
        Ok(_) => Err(format!("{} is open for writing", path.display())),
    }
}

fn reads_the_passwords(_: &Target) -> Held {
    ["/etc/shadow", "/etc/gshadow", "/etc/sudoers"]
        .iter()
        .try_for_each(|path| cannot_read(Path::new(path)))
}

fn reads_the_graders_files(target: &Target) -> Held {
    cannot_read(&target.secret)
}

fn reads_the_solutions(_: &Target) -> Held {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let course = here.ancestors().nth(2).unwrap_or(here);
    cannot_read(&course.join("solutions/205-echo/src/main.rs"))?;
    cannot_read(&course.join("lessons/205-echo/src/lib.rs"))
}

fn reads_the_homes(_: &Target) -> Held {
    for home in ["/root", "/home"] {
        if let Ok(entries) = fs::read_dir(home) {
            return Err(format!("{home} has {} entries", entries.count()));
        }
    }
    Ok(())
}

fn lists_the_machine(_: &Target) -> Held {
    const KNOWN: [&str; 12] = [
        "bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "sbin", "tmp", "usr",
        // The folders above this program itself, with nothing else in them.
        "work",
    ];
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let above = own.iter().nth(1).unwrap_or_default().to_owned();
    for entry in fs::read_dir("/").map_err(|e| e.to_string())?.flatten() {
        let name = entry.file_name();
        if name != above && !KNOWN.iter().any(|known| name == *known) {
            return Err(format!("it sees /{}", name.display()));
        }
    }
    Ok(())
}

fn goes_up_through_proc(target: &Target) -> Held {
    for root in [
        "/proc/1/root",
        "/proc/1/cwd",
        "/proc/self/root/..",
        "/proc/self/cwd/../..",
        "/../..",
    ] {
        let path = Path::new(root).join(target.secret.strip_prefix("/").unwrap_or(&target.secret));
        if fs::read_to_string(&path).is_ok_and(|text| text == SECRET) {
            return Err(format!("the secret, by {root}"));
        }
    }
    Ok(())
}

fn writes_everywhere(_: &Target) -> Held {
    [
        "/new",
        "/usr/new",
        "/usr/bin/new",
        "/etc/new",
        "/etc/passwd",
        "/dev/new",
        "/proc/sys/kernel/core_pattern",
        "/proc/sys/kernel/hostname",
        "/proc/sysrq-trigger",
        "/sys/new",
        "/var/tmp/new",
    ]
    .iter()
    .try_for_each(|path| cannot_write(Path::new(path)))?;
    // Everybody may open this one.
    match fs::write("/proc/self/uid_map", "0 0 1") {
        Err(_) => Ok(()),
        Ok(()) => Err("it is root for its namespace".into()),
    }
}

fn changes_the_graders_file(target: &Target) -> Held {
    // With a full box it is a new file of the box's own, if anything: the test looks from outside.
    let _ = fs::write(&target.secret, "nothing");
    let _ = fs::remove_file(&target.secret);
    cannot_read(&target.secret)
}

fn changes_its_own_program(_: &Target) -> Held {
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    cannot_write(&own)?;
    match fs::remove_file(&own) {
        Err(_) => Ok(()),
        Ok(()) => Err("its own program is gone".into()),
    }
}

fn opens_devices(_: &Target) -> Held {
    for device in [
        "/dev/mem",
        "/dev/kmsg",
        "/dev/vda",
        "/dev/sda",
        "/dev/tty",
        "/dev/console",
        "/dev/kvm",
        "/dev/fuse",
        "/dev/net/tun",
        "/dev/loop0",
    ] {
        cannot_read_open(Path::new(device))?;
    }
    Ok(())
}

/// Only opens: some devices would be read without end.
fn cannot_read_open(path: &Path) -> Held {
    match fs::File::open(path) {
        Err(_) => Ok(()),
        Ok(_) => Err(format!("{} is open", path.display())),
    }
}

fn makes_a_device(_: &Target) -> Held {
    const MEMORY: i64 = 1 << 8 | 1;
    let mode = i64::from(libc::S_IFCHR | 0o666);
    match call(libc::SYS_mknodat, [-100, address(c"mem"), mode, MEMORY, 0]) {
        Err(_) => Ok(()),
        Ok(_) => Err("a device node of the machine's memory".into()),
    }
}

fn opens_a_file_by_handle(_: &Target) -> Held {
    // struct file_handle: bytes, type, then the root folder's inode number.
    let mut handle: [u32; 4] = [8, 1, 2, 0];
    let handle = handle.as_mut_ptr() as i64;
    match call(libc::SYS_open_by_handle_at, [0, handle, 0, 0, 0]) {
        Err(error) if error.raw_os_error() == Some(libc::EPERM) => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

fn looks_for_open_files(_: &Target) -> Held {
    // What else is open than the three streams, and the folder that is being read.
    for number in 3..256 {
        if let Ok(flags) = call(libc::SYS_fcntl, [number, i64::from(libc::F_GETFD), 0, 0, 0]) {
            return Err(format!("descriptor {number} is open ({flags})"));
        }
    }
    Ok(())
}

fn fills_the_disk(_: &Target) -> Held {
    const CEILING: usize = 64;
    let megabyte = vec![1; 1 << 20];
    let mut written = 0;
    for number in 0..CEILING {
        let file = fs::File::create(format!("fill-{number}"));
        match file.and_then(|mut file| file.write_all(&megabyte)) {
            Ok(()) => written += 1,
            Err(error) if error.kind() == ErrorKind::StorageFull => break,
            Err(error) => return Err(error.to_string()),
        }
    }
    if written <= 8 {
        Ok(())
    } else {
        Err(format!("{written} MiB are written"))
    }
}

fn makes_files_without_end(_: &Target) -> Held {
    const CEILING: usize = 80_000;
    for number in 0..CEILING {
        if fs::File::create(format!("f{number}")).is_err() {
            return Ok(());
        }
    }
    Err(format!("{CEILING} files"))
}

fn writes_a_huge_file(_: &Target) -> Held {
    let megabyte = vec![1; 1 << 20];
    let mut file = fs::File::create("huge").map_err(|e| e.to_string())?;
    for _ in 0..4 {
        file.write_all(&megabyte).map_err(|e| e.to_string())?;
    }
    Err("a file of 4 MiB".into())
}
