//! A pipe without room: whoever writes to it waits until it has been read.
//!
//! As a program's standard output it stops the program at its first print for as long as a check
//! likes. What the program should have done before it prints, it must have done by then.

use std::io::{self, ErrorKind, PipeReader, PipeWriter, Write};

/// The two ends, and how many bytes of ours are in it.
pub(crate) struct FullPipe {
    pub(crate) reader: PipeReader,
    pub(crate) writer: PipeWriter,
    pub(crate) filler: usize,
}

impl FullPipe {
    pub(crate) fn new() -> io::Result<Self> {
        // Pages first. The single bytes are for systems that fill a pipe in another way.
        const CHUNKS: [usize; 2] = [4096, 1];
        let (reader, mut writer) = io::pipe()?;
        let mut filler = 0;
        rustix::io::ioctl_fionbio(&writer, true)?;
        for chunk in CHUNKS {
            filler += fill(&mut writer, chunk)?;
        }
        // The flag belongs to the open pipe (`man 2 open`, open file descriptions): the program
        // would inherit it, and fail to print where it should wait.
        rustix::io::ioctl_fionbio(&writer, false)?;
        Ok(Self {
            reader,
            writer,
            filler,
        })
    }
}

/// Writes pieces of `chunk` bytes until there is no room for one more. How many bytes went in.
fn fill(writer: &mut PipeWriter, chunk: usize) -> io::Result<usize> {
    let piece = vec![0; chunk];
    let mut filled = 0;
    loop {
        match writer.write(&piece) {
            Ok(len) => filled += len,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(filled),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use super::*;

    /// Whether a write would go through now.
    fn has_room(pipe: &FullPipe) -> bool {
        let mut fds = [PollFd::new(&pipe.writer, PollFlags::OUT)];
        poll(&mut fds, Some(&Timespec::default())).expect("poll works on a pipe") == 1
    }

    #[test]
    fn there_is_room_only_after_a_read() {
        let mut pipe = FullPipe::new().expect("pipes can be made");
        assert!(!has_room(&pipe));
        let mut all = vec![1; pipe.filler];
        pipe.reader.read_exact(&mut all).expect("it is full");
        assert!(has_room(&pipe));
    }
}
