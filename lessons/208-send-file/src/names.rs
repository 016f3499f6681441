//! Checks of the names that a sender may claim.

use harness::{Entry, Folder, Run, Verdict};

use crate::notes;
use crate::receiver::Receiver;
use crate::transfer::{Transfer, expect_refused};

/// The name comes from outside, and DIR joined with `../x` is not in DIR. Each name here that is not just
/// the name of a file in a folder is refused, and nothing changes anywhere. Names that only look like one
/// of these are stored, as they are: looking for `..` anywhere is too much, and so is trimming them; and 255
/// bytes are not over 255.
pub(crate) fn refuses_unsafe_names(run: &mut Run) -> Verdict {
    let around = run.folder()?;
    let dir = around.folder("inbox")?;
    dir.folder("inner")?;
    around.write("outside.txt", b"not yours")?;
    let mut receiver = Receiver::start(run, &dir)?;
    let mut expected = around.names()?;
    for name in unsafe_names(&around)? {
        run.note(&notes::next(&name));
        let transfer = Transfer::new(run.random(), &name, 50);
        let mut mallory = receiver.connect("mallory")?;
        transfer.send(&mut mallory)?;
        expect_refused(&mut mallory, &name)?;
        expect_nothing_but(&receiver, &around, &expected, &name)?;
        mallory.leave();
        receiver.server.settle();
    }
    for name in safe_names() {
        run.note(&notes::next(&name));
        let transfer = Transfer::new(run.random(), &name, 50);
        let stored = receiver.stores("alice", &transfer);
        stored.map_err(|stopped| stopped.about(&notes::answer_to(&name)))?;
        expected.push(format!("inbox/{name}"));
    }
    expected.sort();
    expect_nothing_but(&receiver, &around, &expected, "")
}

/// What a receiver must not store.
fn unsafe_names(around: &Folder) -> Verdict<Vec<String>> {
    let mut names: Vec<String> = [
        "",
        ".",
        "..",
        "../escaped.txt",
        "../outside.txt",
        "inner/escaped.txt",
        "inner/../escaped.txt",
        "/",
        "back\\slash.txt",
        "..\\escaped.txt",
        "nul\0.txt",
    ]
    .map(Into::into)
    .into();
    names.insert(4, around.at("escaped.txt")?);
    names.insert(5, "n".repeat(65_535));
    names.push("n".repeat(256));
    // 128 letters, of two bytes each.
    names.push("é".repeat(128));
    Ok(names)
}

/// What it must store.
fn safe_names() -> Vec<String> {
    let mut names: Vec<String> = [
        "...",
        ".hidden",
        "a..b",
        "..c",
        "two words",
        " space at both ends ",
        "CAPITALS and small.TXT",
        "-rf",
        "日本.txt",
    ]
    .map(Into::into)
    .into();
    names.push("n".repeat(255));
    names
}

/// Expects that exactly `expected` is in `around`.
fn expect_nothing_but(
    receiver: &Receiver,
    around: &Folder,
    expected: &[String],
    name: &str,
) -> Verdict {
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let found = around.names_when_settled(&expected)?;
    let outside = around.entry("outside.txt");
    if found == expected && outside == Entry::File(b"not yours".into()) {
        return Ok(());
    }
    let new = found.iter().find(|name| !expected.contains(&name.as_str()));
    let actual = match new {
        Some(new) => format!("now there is {new}"),
        None => "something that was there has changed".into(),
    };
    let program = &receiver.server.program;
    let stopped = program.fails(&notes::nothing_changes(name), &actual);
    Err(stopped)
}

/// A name that exists is refused, whatever has it, and that stays as it is. The link leads to a file that
/// does not exist: a program that asks whether that exists hears no, and writes where the link leads, or
/// in its place.
pub(crate) fn keeps_what_exists(run: &mut Run) -> Verdict {
    let around = run.folder()?;
    let dir = around.folder("inbox")?;
    let kept = run.random().bytes(800);
    dir.write("file.txt", &kept)?;
    dir.folder("folder")?;
    dir.link("dangling", "../elsewhere.txt")?;
    dir.write("target.txt", &kept)?;
    dir.link("link", "target.txt")?;
    let mut receiver = Receiver::start(run, &dir)?;
    let names = around.names()?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let entries = || -> Vec<Entry> { names.iter().map(|name| around.entry(name)).collect() };
    let before = entries();
    for name in ["file.txt", "folder", "dangling", "link"] {
        run.note(&notes::next(name));
        let transfer = Transfer::new(run.random(), name, 100);
        let mut mallory = receiver.connect("mallory")?;
        transfer.send(&mut mallory)?;
        expect_refused(&mut mallory, name)?;
        if around.names_when_settled(&names)? != names || entries() != before {
            let program = &receiver.server.program;
            return Err(program.fails(&notes::is_kept(name), notes::NOT_WHAT_IT_WAS));
        }
        mallory.leave();
        receiver.server.settle();
    }
    Ok(())
}
