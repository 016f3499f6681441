//! Checks of the program as a receiver.

use harness::{Run, Stopped, Verdict};

use crate::notes;
use crate::receiver::Receiver;
use crate::transfer::{Transfer, expect_not_stored, expect_refused, expect_stored, header};

/// The smallest transfer there is, and all that "stored" says: at the moment of the answer the file is
/// there, whole and on the disk. A program that waits for the end of input waits for ever here; one that
/// leaves out the sync, or leaves its temporary file behind, is found by what the kernel and the folder
/// show.
pub(crate) fn receives(run: &mut Run) -> Verdict {
    let dir = run.folder_on_a_disk()?.folder("inbox")?;
    let receiver = Receiver::start(run, &dir)?;
    let transfer = Transfer::random(run.random(), 1000);
    let mut alice = receiver.connect("alice")?;
    alice.send(&transfer.bytes())?;
    expect_stored(&mut alice)?;
    receiver.expect_file(&transfer)?;
    // It empties the file: its content has been looked at.
    let synced = dir.is_synced(&transfer.name);
    if synced == Some(false) {
        let program = &receiver.server.program;
        return Err(program.fails(notes::SYNCED, notes::NOT_SYNCED));
    }
    alice.expect_nothing_more()?;
    receiver.expect_only(&[&transfer.name])?;
    match synced {
        Some(_) => Ok(()),
        None => Err(Stopped::Skipped(notes::SYNC_IS_NOT_SEEN.into())),
    }
}

/// The end of input is not the end of the file: the size says where that is. What was cut short is no
/// file, and nothing of it stays. One size is far beyond any disk: a program that makes room for what it
/// is told ends here.
pub(crate) fn cut_short(run: &mut Run) -> Verdict {
    let mut receiver = Receiver::start_empty(run)?;
    let transfer = Transfer::random(run.random(), 1000);
    let bytes = transfer.bytes();
    let content = transfer.header().len();
    let beyond = [header(&transfer.name, 1 << 62), vec![b'x'; 100]].concat();
    let cut = [1, 5, content - 3, content, content + 500, bytes.len() - 1];
    let inputs = cut.iter().map(|&cut| &bytes[..cut]);
    for input in inputs.chain([&beyond[..]]) {
        receiver.server.settle();
        let mut mallory = receiver.connect("mallory")?;
        mallory.send_unless_reset(input)?;
        receiver.server.settle();
        mallory.finish_sending()?;
        expect_not_stored(&mut mallory, notes::ANSWER_TO_A_PART)?;
        receiver.server.settle();
        receiver.server.program.expect_running()?;
        receiver.expect_only(&[])?;
        mallory.close();
    }
    Ok(())
}

/// The header may come a byte at a time, and the content in pieces: what one recv brings is neither. And
/// until the last byte has come nothing is stored, so nothing of that name is there and no answer is due.
/// Before that, bob's file: something else takes its name meanwhile, so that the program cannot store it.
/// Who answers before the file has its name is found out.
pub(crate) fn slow_sender(run: &mut Run) -> Verdict {
    loses_its_name(run)?;
    // Another one: what a program does that could not store a file is its own choice.
    let receiver = Receiver::start_empty(run)?;
    let transfer = Transfer::random(run.random(), 5000);
    let (header, content) = (transfer.header(), &transfer.content);
    let mut alice = receiver.connect("alice")?;
    for byte in header {
        alice.send(&[byte])?;
        alice.expect_silence()?;
    }
    receiver.expect_not_there(&transfer.name)?;
    let (last, before) = content.split_last().expect("it has 5000 bytes");
    for piece in before.chunks(1700) {
        alice.send(piece)?;
        alice.expect_silence()?;
        receiver.expect_not_there(&transfer.name)?;
    }
    alice.send(&[*last])?;
    expect_stored(&mut alice)?;
    receiver.expect_file(&transfer)?;
    alice.leave();
    Ok(())
}

/// A file whose name is taken while it arrives.
fn loses_its_name(run: &mut Run) -> Verdict {
    let receiver = Receiver::start_empty(run)?;
    let transfer = Transfer::random(run.random(), 5000);
    let bytes = transfer.bytes();
    let (first, rest) = bytes.split_at(bytes.len() / 2);
    let mut bob = receiver.connect("bob")?;
    bob.send(first)?;
    bob.expect_silence()?;
    receiver.expect_not_there(&transfer.name)?;
    run.note("meanwhile somebody makes a folder of that name");
    receiver.dir.folder(&transfer.name)?;
    bob.send_unless_reset(rest)?;
    expect_not_stored(&mut bob, notes::ANSWER_TOO_EARLY)
}

/// One connection after the other, and each file by itself: the second is shorter than the first, and the
/// third has the name of the first, which it must not replace. A program that looks once at what is in
/// DIR, when it starts, does not know of the first.
pub(crate) fn two_files_in_turn(run: &mut Run) -> Verdict {
    let mut receiver = Receiver::start_empty(run)?;
    let first = Transfer::new(run.random(), "first.bin", 3000);
    let second = Transfer::new(run.random(), "second.bin", 20);
    receiver.stores("alice", &first)?;
    receiver.stores("bob", &second)?;
    let again = Transfer::new(run.random(), "first.bin", 500);
    let mut carol = receiver.connect("carol")?;
    again.send(&mut carol)?;
    expect_refused(&mut carol, &again.name)?;
    receiver.expect_file(&first)?;
    receiver.expect_file(&second)
}

/// A sender that crashes takes only itself along, and what it had sent of its file goes as well: a reset
/// is an error of recv, not its end, and has to be cleaned up after, too.
pub(crate) fn survives_a_reset(run: &mut Run) -> Verdict {
    let mut receiver = Receiver::start_empty(run)?;
    let transfer = Transfer::random(run.random(), 1000);
    let bytes = transfer.bytes();
    let mut mallory = receiver.connect("mallory")?;
    mallory.send_in_pieces(&[&bytes[..bytes.len() - 300]])?;
    receiver.server.settle();
    mallory.reset()?;
    receiver.server.settle();
    receiver.server.program.expect_running()?;
    receiver.expect_only(&[])?;
    // Some that may be gone before the server has accepted them, and one that has nothing to say.
    receiver.server.vanishing("mallory")?;
    receiver.server.settle();
    receiver.connect("silent")?.close();
    receiver.server.settle();
    receiver.stores("alice", &transfer)
}
