//! The memory of another process: what a pointer among a call's arguments points to, and what is
//! mapped.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;

use super::ThreadRow;

/// The eight bytes at `address`, as a number.
pub(crate) fn word(thread: &ThreadRow, address: u64) -> io::Result<u64> {
    let mut bytes = [0; 8];
    File::open(thread.file("mem"))?.read_exact_at(&mut bytes, address)?;
    Ok(u64::from_ne_bytes(bytes))
}

/// Whether the thread shares memory with the kernel for input and output that goes on while it sleeps
/// (`man 7 io_uring`, `man 2 io_setup`). The descriptor of a ring may be closed while it works.
pub(crate) fn has_rings(thread: &ThreadRow) -> io::Result<bool> {
    let maps = fs::read(thread.file("maps"))?;
    let named = |name: &[u8]| maps.windows(name.len()).any(|window| window == name);
    Ok(named(b"[io_uring]") || named(b"/[aio]"))
}
