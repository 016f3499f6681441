//! Attacks that want more than their share of the machine.

use std::fs::{self, File};
use std::io::{self, Write};
use std::time::{Duration, Instant};

use sandbox::Limit;

use crate::calls::{address, call, fork, leave};
use crate::{Attack, Ends, Held, Target, say};

const MEMORY: Ends = Ends::Struck(|limit| matches!(limit, Limit::Memory(_)));

const FILES: Ends = Ends::Struck(|limit| matches!(limit, Limit::Files(_)));

pub(crate) fn attacks() -> Vec<Attack> {
    vec![
        Attack::new("forks-without-end", forks_without_end).within(|l| l.processes = 64),
        Attack::new("starts-threads-without-end", starts_threads).within(|l| l.processes = 64),
        Attack::new("takes-all-memory", takes_all_memory)
            .also_light()
            .within(|l| l.memory = 64 << 20)
            .ends(MEMORY),
        Attack::new("takes-all-memory-in-forty-parts", takes_memory_in_parts)
            .also_light()
            .within(|l| l.memory = 96 << 20)
            .ends(MEMORY),
        Attack::new("fills-a-folder-of-the-machine", fills_a_folder)
            .also_light()
            .in_a_folder()
            .within(|l| l.files = 8 << 20)
            .ends(FILES),
        Attack::new("fills-the-machine-without-names", fills_without_names)
            .also_light()
            .in_a_folder()
            .within(|l| l.files = 8 << 20)
            .ends(FILES),
        Attack::new("fills-memory-that-is-a-file", fills_memory_that_is_a_file)
            .within(|l| (l.files, l.memory) = (8 << 20, 32 << 20))
            .ends(Ends::Struck(|limit| {
                matches!(limit, Limit::Files(_) | Limit::Memory(_))
            })),
        Attack::new("keeps-memory-that-nobody-holds", keeps_shared_memory).also_light(),
        Attack::new("opens-all-descriptors", opens_all_descriptors)
            .also_light()
            .within(|l| l.descriptors = Some(128)),
        Attack::new("prints-without-end", prints_without_end)
            .also_light()
            .within(|l| l.output = 1 << 20)
            .ends(Ends::Struck(|limit| matches!(limit, Limit::Output(_)))),
        Attack::new("burns-processor-time", burns)
            .also_light()
            .within(|l| l.cpu = Duration::from_secs(1))
            .ends(Ends::Struck(|limit| matches!(limit, Limit::Cpu(_)))),
        Attack::new("burns-processor-time-in-children", burns_in_children)
            .also_light()
            .within(|l| l.cpu = Duration::from_secs(1))
            .ends(Ends::Struck(|limit| matches!(limit, Limit::Cpu(_)))),
    ]
}

/// Should the box have a hole, it lasts no longer than this.
fn is_time_left(start: Instant) -> bool {
    start.elapsed() < Duration::from_secs(20)
}

fn wait_a_while() -> ! {
    let start = Instant::now();
    while is_time_left(start) {
        std::thread::park_timeout(Duration::from_secs(1));
    }
    leave()
}

fn forks_without_end(_: &Target) -> Held {
    const CEILING: usize = 500;
    for number in 0..CEILING {
        match fork() {
            Ok(true) => wait_a_while(),
            Ok(false) => {}
            Err(_) if number <= 64 => return Ok(()),
            Err(_) => return Err(format!("{number} processes")),
        }
    }
    Err(format!("{CEILING} processes"))
}

fn starts_threads(_: &Target) -> Held {
    const CEILING: usize = 500;
    for number in 0..CEILING {
        let thread = std::thread::Builder::new().spawn(|| wait_a_while());
        match thread {
            Ok(_) => {}
            Err(_) if number <= 64 => return Ok(()),
            Err(_) => return Err(format!("{number} threads")),
        }
    }
    Err(format!("{CEILING} threads"))
}

/// Touches so much memory and holds it.
fn take(bytes: usize) -> Vec<u8> {
    let mut memory = vec![0; bytes];
    for page in memory.chunks_mut(4096) {
        page[0] = 1;
    }
    memory
}

fn takes_all_memory(_: &Target) -> Held {
    const CEILING: usize = 1 << 30;
    let mut all = Vec::new();
    for _ in 0..CEILING >> 20 {
        all.push(take(1 << 20));
    }
    let start = Instant::now();
    // A keeper that looks some times a second has time to see it.
    while start.elapsed() < Duration::from_secs(2) {
        std::hint::black_box(&all);
    }
    Err("1 GiB of memory".into())
}

fn takes_memory_in_parts(_: &Target) -> Held {
    const PARTS: usize = 40;
    for _ in 0..PARTS {
        if fork().map_err(|e| e.to_string())? {
            let part = take(8 << 20);
            std::hint::black_box(&part);
            wait_a_while();
        }
    }
    wait_a_while()
}

/// Writes into so many files of 1 MiB as `open` makes, holds them all, and waits to be ended.
fn fills(open: impl Fn(usize) -> io::Result<File>) -> Held {
    const CEILING: usize = 64;
    let mut all = Vec::new();
    for number in 0..CEILING {
        let written = open(number).and_then(|mut file| {
            file.write_all(&vec![1; 1 << 20])?;
            Ok(file)
        });
        all.push(written.map_err(|e| format!("file {number}: {e}"))?);
    }
    wait_a_while()
}

fn fills_a_folder(_: &Target) -> Held {
    fills(|number| File::create(format!("file {number}")))
}

fn fills_without_names(_: &Target) -> Held {
    fills(|number| {
        let name = format!("file {number}");
        let file = File::create(&name)?;
        fs::remove_file(name)?;
        Ok(file)
    })
}

fn fills_memory_that_is_a_file(_: &Target) -> Held {
    fills(|_| {
        let fd = call(libc::SYS_memfd_create, [address(c"mine"), 0, 0, 0, 0])?;
        File::options()
            .write(true)
            .open(format!("/proc/self/fd/{fd}"))
    })
}

/// System V's shared memory and messages outlive whoever made them, and count as nobody's.
fn keeps_shared_memory(_: &Target) -> Held {
    let private = libc::IPC_PRIVATE.into();
    for (name, get, arguments) in [
        ("shmget", libc::SYS_shmget, [private, 1 << 20, 0o600, 0, 0]),
        ("semget", libc::SYS_semget, [private, 1, 0o600, 0, 0]),
        ("msgget", libc::SYS_msgget, [private, 0o600, 0, 0, 0]),
    ] {
        match call(get, arguments) {
            Err(error) if error.raw_os_error() == Some(libc::ENOSYS) => {}
            other => return Err(format!("{name}: {other:?}")),
        }
    }
    Ok(())
}

fn opens_all_descriptors(_: &Target) -> Held {
    const CEILING: usize = 100_000;
    let mut open = Vec::new();
    for number in 0..CEILING {
        match File::open("/dev/null") {
            Ok(file) => open.push(file),
            Err(_) if number <= 128 => return Ok(()),
            Err(error) => return Err(format!("{number} descriptors: {error}")),
        }
    }
    Err(format!("{CEILING} descriptors"))
}

fn prints_without_end(_: &Target) -> Held {
    let start = Instant::now();
    let line = "{\"outcome\":\"passed\"}\n".repeat(4096);
    while is_time_left(start) {
        say(&line);
    }
    Err("it has printed for 20 s".into())
}

fn burn() {
    let start = Instant::now();
    let mut number = 1_u64;
    while is_time_left(start) {
        for _ in 0..1000 {
            number = std::hint::black_box(number.wrapping_mul(6_364_136_223_846_793_005));
        }
    }
}

fn burns(_: &Target) -> Held {
    burn();
    Err("20 s of processor time".into())
}

/// No single process uses as much as is allowed to all together.
fn burns_in_children(_: &Target) -> Held {
    for _ in 0..8 {
        if fork().map_err(|e| e.to_string())? {
            burn();
            leave();
        }
    }
    wait_a_while()
}
