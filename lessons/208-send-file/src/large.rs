//! A file that does not fit into the memory that the program may use.

use harness::{Large, Run, Verdict};

use crate::notes;
use crate::receiver::Receiver;
use crate::sending::{expect_exit, expect_header, start};
use crate::transfer::{STORED, expect_stored, header};

/// How large it is, in MiB.
const MIB: usize = 256;
/// How much memory the program may use meanwhile, in bytes.
const LIMIT: u64 = 32 << 20;

/// A file goes from the disk to the network, and from the network to the disk, through a buffer of any
/// size. A program that holds all of it needs as much memory as the largest file anybody sends.
pub(crate) fn large_file(run: &mut Run) -> Verdict {
    let mut content = Large::new(run.random(), MIB);
    receives_it(run, &mut content)?;
    sends_it(run, &mut content)
}

fn receives_it(run: &mut Run, content: &mut Large) -> Verdict {
    let name = "large.bin";
    let mut receiver = Receiver::start_empty(run)?;
    receiver.server.program.watch_memory();
    let mut alice = receiver.connect("alice")?;
    alice.send(&header(name, content.len()))?;
    run.note("256 MiB follow");
    alice.send_large(content)?;
    let answered = expect_stored(&mut alice);
    // First: a program that ran out of memory has no better answer.
    receiver.server.program.expect_memory_under(LIMIT)?;
    answered?;
    if receiver.dir.holds_large(name, content) {
        // The end of alice's connection is told before the other half begins.
        receiver.server.settle();
        return Ok(());
    }
    let expected = notes::content_of(name);
    let program = &receiver.server.program;
    Err(program.fails(&expected, notes::NOT_WHAT_WAS_SENT))
}

fn sends_it(run: &mut Run, content: &mut Large) -> Verdict {
    let name = "large.bin";
    let path = run.folder()?.write_large(name, content)?;
    let mut listener = run.listen("carol")?;
    let mut program = start(run, &listener, &path)?;
    program.watch_memory();
    let mut carol = listener.accept()?;
    let mut sent = expect_header(&mut carol, &header(name, content.len()));
    if sent.is_ok() {
        sent = carol.expect_large(content);
    }
    program.expect_memory_under(LIMIT)?;
    sent?;
    carol.send(&[STORED])?;
    carol.leave();
    expect_exit(&mut program, 0, notes::IS_STORED)
}
