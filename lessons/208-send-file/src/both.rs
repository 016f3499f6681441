//! Checks of both ends: two of the program, or one after the other.

use harness::{ADDRESS, Run, Verdict};

use crate::notes;
use crate::receiver::Receiver;
use crate::sending::{expect_exit, expect_file, start};
use crate::transfer::{STORED, Transfer};

/// What one end of the program sends the other end stores. Both may follow the protocol with a receiver
/// and a sender of the grader's, and still wait for each other, each for the other's close.
pub(crate) fn both_ends(run: &mut Run) -> Verdict {
    let (folder, dir) = (run.folder()?, run.folder()?.folder("inbox")?);
    run.call_programs("receiver");
    let receiver = Receiver::start(run, &dir)?;
    let transfer = Transfer::new(run.random(), "holiday photo.jpg", 100_000);
    folder.write(&transfer.name, &transfer.content)?;
    let path = folder.at(&transfer.name)?;
    let words = ["send", ADDRESS, &path];

    run.call_programs("sender");
    let mut sender = run.start_with(receiver.server.address, &words)?;
    expect_exit(&mut sender, 0, notes::BETWEEN_THE_TWO)?;
    receiver.expect_file(&transfer)
}

/// No bytes are a content, too. A receiver that asks for at least one waits for it; a sender must still
/// send the header, and wait for the answer.
pub(crate) fn empty_file(run: &mut Run) -> Verdict {
    let (folder, dir) = (run.folder()?, run.folder()?.folder("inbox")?);
    let transfer = Transfer::new(run.random(), "empty.txt", 0);
    let mut receiver = Receiver::start(run, &dir)?;
    receiver.stores("alice", &transfer)?;
    drop(receiver);

    folder.write(&transfer.name, &transfer.content)?;
    let path = folder.at(&transfer.name)?;
    let mut listener = run.listen("carol")?;
    let mut program = start(run, &listener, &path)?;
    let mut carol = listener.accept()?;
    expect_file(&mut carol, &transfer)?;
    carol.send(&[STORED])?;
    carol.leave();
    expect_exit(&mut program, 0, notes::IS_STORED)
}
