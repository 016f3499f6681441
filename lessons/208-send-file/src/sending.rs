//! Checks of the program as a sender.

use harness::{ADDRESS, Folder, Listener, Program, Run, TcpPeer, Verdict};

use crate::notes;
use crate::transfer::{REFUSED, STORED, Transfer};

/// The program sends a file to a receiver that the grader plays.
pub(crate) struct Sender {
    pub(crate) program: Program,
    pub(crate) carol: Listener,
}

impl Sender {
    /// Starts one that sends the file at `path`.
    pub(crate) fn start(run: &mut Run, path: &str) -> Verdict<Self> {
        let carol = run.listen("carol")?;
        let program = run.start_with(carol.address(), &["send", ADDRESS, path])?;
        Ok(Self { program, carol })
    }

    /// The same, up to the header of the file, which must be right.
    pub(crate) fn start_to_header(
        run: &mut Run,
        path: &str,
        transfer: &Transfer,
    ) -> Verdict<(Self, TcpPeer)> {
        let mut sender = Self::start(run, path)?;
        let mut carol = sender.carol.accept()?;
        expect_header(&mut carol, &transfer.header())?;
        Ok((sender, carol))
    }

    /// Expects that it ends with this status.
    pub(crate) fn expect_exit(&mut self, status: i32, why: &str) -> Verdict {
        let ended = self.program.expect_exit(status);
        ended.map_err(|stopped| stopped.about(why))
    }
}

/// Expects the header of a file.
pub(crate) fn expect_header(carol: &mut TcpPeer, header: &[u8]) -> Verdict {
    let about = |stopped: harness::Stopped| stopped.about(notes::HEADER);
    carol.expect(header).map_err(about)
}

/// Expects the content of a file.
pub(crate) fn expect_content(carol: &mut TcpPeer, content: &[u8]) -> Verdict {
    let about = |stopped: harness::Stopped| stopped.about(notes::CONTENT);
    carol.expect(content).map_err(about)
}

/// Writes the file into a folder in `folder`, and gives its path.
fn write(folder: &Folder, transfer: &Transfer) -> Verdict<String> {
    folder.write(&transfer.name, &transfer.content)?;
    folder.at(&transfer.name)
}

/// The header has the name without the way to it, and its length in bytes: the letters of this name are
/// more than a byte each. And the exit status says what became of the file, not whether it was sent: only
/// an 06 is a yes, whatever else happens is a no.
pub(crate) fn sends(run: &mut Run) -> Verdict {
    let folder = run.folder()?;
    let name = format!("Grüße an Zoë {}.txt", run.random().number(100..=999));
    let transfer = Transfer::new(run.random(), &name, 5000);
    let path = write(&folder, &transfer)?;

    let (mut sender, mut carol) = Sender::start_to_header(run, &path, &transfer)?;
    expect_content(&mut carol, &transfer.content)?;
    carol.expect_nothing_more()?;
    carol.send(&[STORED])?;
    carol.close();
    sender.expect_exit(0, notes::IS_STORED)?;
    drop(sender);

    let (mut sender, mut carol) = Sender::start_to_header(run, &path, &transfer)?;
    expect_content(&mut carol, &transfer.content)?;
    carol.send(&[REFUSED])?;
    carol.close();
    sender.expect_exit(1, notes::IS_REFUSED)?;
    drop(sender);

    run.note("carol refuses the next one when she has seen its header");
    let (mut sender, mut carol) = Sender::start_to_header(run, &path, &transfer)?;
    carol.send(&[REFUSED])?;
    carol.leave();
    sender.expect_exit(1, notes::IS_REFUSED)?;
    drop(sender);

    run.note("carol leaves without an answer");
    let (mut sender, mut carol) = Sender::start_to_header(run, &path, &transfer)?;
    expect_content(&mut carol, &transfer.content)?;
    carol.close();
    sender.expect_exit(1, notes::NO_ANSWER)?;
    drop(sender);

    run.note("carol crashes");
    let (mut sender, mut carol) = Sender::start_to_header(run, &path, &transfer)?;
    expect_content(&mut carol, &transfer.content)?;
    carol.reset()?;
    sender.expect_exit(1, notes::NO_ANSWER)?;
    drop(sender);

    run.note("nobody listens any more");
    let nowhere = run.free_address()?;
    let mut program = run.start_with(nowhere, &["send", ADDRESS, &path])?;
    let ended = program.expect_exit(1);
    ended.map_err(|stopped| stopped.about(notes::NOBODY))
}

/// Who cannot read the file has nothing to send, no header either: the receiver would wait for the
/// content, or take an empty file for the real one.
pub(crate) fn source_missing(run: &mut Run) -> Verdict {
    let folder = run.folder()?;
    let path = folder.at("no-such-file.txt")?;
    let mut sender = Sender::start(run, &path)?;
    sender.expect_exit(1, notes::NO_SUCH_SOURCE)?;
    if let Some(mut carol) = sender.carol.accept_if_connected()? {
        carol.expect_nothing_more()?;
    }
    Ok(())
}
