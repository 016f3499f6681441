//! Systems without network namespaces. Untested.

use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;

pub(super) fn prepare() {}

pub(super) fn enter() -> Result<PathBuf, String> {
    Err("this system has no network namespaces".into())
}

pub(super) fn make_unreachable(_host: Ipv4Addr) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
