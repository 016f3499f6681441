//! Checks of both ends: two of the program, or one after the other.

use harness::{ADDRESS, Run, Verdict};

use crate::notes;
use crate::receiver::Receiver;
use crate::sending::{Sender, expect_header};
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
    let ended = sender.expect_exit(0);
    ended.map_err(|stopped| stopped.about(notes::BETWEEN_THE_TWO))?;
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
    let mut sender = Sender::start(run, &path)?;
    let mut carol = sender.carol.accept()?;
    expect_header(&mut carol, &transfer.header())?;
    carol.expect_nothing_more()?;
    carol.send(&[STORED])?;
    carol.close();
    sender.expect_exit(0, notes::IS_STORED)
}
