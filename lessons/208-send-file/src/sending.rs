//! Checks of the program as a sender.

use harness::{ADDRESS, Listener, Program, Run, TcpPeer, Verdict};

use crate::notes;
use crate::transfer::{REFUSED, STORED, Transfer};

/// Starts the program to send the file at `path` to `carol`.
pub(crate) fn start(run: &mut Run, carol: &Listener, path: &str) -> Verdict<Program> {
    run.start_with(carol.address(), &["send", ADDRESS, path])
}

/// Expects the header of a file.
pub(crate) fn expect_header(carol: &mut TcpPeer, header: &[u8]) -> Verdict {
    let came = carol.expect(header);
    came.map_err(|stopped| stopped.about(notes::HEADER))
}

/// Expects all of a file, and nothing more before the answer.
pub(crate) fn expect_file(carol: &mut TcpPeer, transfer: &Transfer) -> Verdict {
    expect_header(carol, &transfer.header())?;
    let came = carol.expect(&transfer.content);
    came.map_err(|stopped| stopped.about(notes::CONTENT))?;
    carol.expect_nothing_more()
}

/// Expects that the program ends with this status.
pub(crate) fn expect_exit(program: &mut Program, status: i32, why: &str) -> Verdict {
    let ended = program.expect_exit(status);
    ended.map_err(|stopped| stopped.about(why))
}

/// The header has the name without the way to it, and its length in bytes: the letters of this name are
/// more than a byte each. And the exit status says what became of the file, not whether it was sent: only
/// an 06 is a yes, whatever else happens is a no.
pub(crate) fn sends(run: &mut Run) -> Verdict {
    let folder = run.folder()?;
    let name = format!("Grüße an Zoë {}.txt", run.random().number(100..=999));
    let transfer = Transfer::new(run.random(), &name, 5000);
    folder.write(&name, &transfer.content)?;
    let path = folder.at(&name)?;
    let mut listener = run.listen("carol")?;

    for (answer, status, why) in [
        (STORED, 0, notes::IS_STORED),
        (REFUSED, 1, notes::IS_REFUSED),
    ] {
        let mut program = start(run, &listener, &path)?;
        let mut carol = listener.accept()?;
        expect_file(&mut carol, &transfer)?;
        carol.send(&[answer])?;
        carol.leave();
        expect_exit(&mut program, status, why)?;
    }

    run.note("carol leaves without an answer");
    let mut program = start(run, &listener, &path)?;
    let mut carol = listener.accept()?;
    expect_file(&mut carol, &transfer)?;
    carol.close();
    expect_exit(&mut program, 1, notes::NO_ANSWER)?;

    run.note("carol crashes");
    let mut program = start(run, &listener, &path)?;
    let mut carol = listener.accept()?;
    expect_file(&mut carol, &transfer)?;
    carol.reset()?;
    expect_exit(&mut program, 1, notes::NO_ANSWER)?;

    run.note("carol refuses when she has seen the header");
    let mut program = start(run, &listener, &path)?;
    let mut carol = listener.accept()?;
    expect_header(&mut carol, &transfer.header())?;
    carol.send(&[REFUSED])?;
    carol.leave();
    expect_exit(&mut program, 1, notes::IS_REFUSED)?;

    run.note("nobody listens any more");
    let nowhere = run.free_address()?;
    let mut program = run.start_with(nowhere, &["send", ADDRESS, &path])?;
    expect_exit(&mut program, 1, notes::NOBODY)
}

/// Who cannot read the file has nothing to send, no header either: the receiver would wait for the
/// content, or take an empty file for the real one.
pub(crate) fn source_missing(run: &mut Run) -> Verdict {
    let folder = run.folder()?;
    let path = folder.at("no-such-file.txt")?;
    let mut listener = run.listen("carol")?;
    let mut program = start(run, &listener, &path)?;
    expect_exit(&mut program, 1, notes::NO_SUCH_SOURCE)?;
    if let Some(mut carol) = listener.accept_if_connected()? {
        carol.expect_nothing_more()?;
    }
    Ok(())
}
