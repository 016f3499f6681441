//! What calls return, as captures say it.

use rustix::io::Errno;

use super::script::quote;

/// What was received: how many bytes, and which.
pub(crate) fn received(result: rustix::io::Result<usize>, buffer: &[u8]) -> String {
    match result {
        Ok(0) => "0".into(),
        Ok(len) => format!("{len} {}", quote(&buffer[..len])),
        Err(error) => name(error),
    }
}

/// The error's name in C, `man 3 errno`.
pub(crate) fn name(error: Errno) -> String {
    let known = [
        (Errno::CONNREFUSED, "ECONNREFUSED"),
        (Errno::CONNRESET, "ECONNRESET"),
        (Errno::PIPE, "EPIPE"),
        (Errno::NOTCONN, "ENOTCONN"),
        (Errno::ADDRINUSE, "EADDRINUSE"),
        (Errno::INPROGRESS, "EINPROGRESS"),
    ];
    let name = known.iter().find(|(known, _)| *known == error);
    name.map_or_else(|| error.to_string(), |(_, name)| (*name).to_owned())
}
