//! The program as a receiver, and the folder in which it stores.

use harness::{ADDRESS, Entry, Folder, Run, Server, TcpPeer, Verdict};

use crate::notes;
use crate::transfer::{Transfer, expect_stored};

/// A program that receives.
pub(crate) struct Receiver {
    pub(crate) server: Server,
    /// Its DIR.
    pub(crate) dir: Folder,
    /// What was there when it had been started: it may have made a place for what arrives.
    at_first: Vec<String>,
}

impl Receiver {
    /// Starts one that stores in `dir`.
    pub(crate) fn start(run: &mut Run, dir: &Folder) -> Verdict<Self> {
        let server = run.start_server_with(&["receive", ADDRESS, &dir.argument()?])?;
        Ok(Self {
            server,
            dir: dir.clone(),
            at_first: dir.names()?,
        })
    }

    /// The same in an empty folder.
    pub(crate) fn start_empty(run: &mut Run) -> Verdict<Self> {
        let dir = run.folder()?.folder("inbox")?;
        Self::start(run, &dir)
    }

    /// A sender called `name`, connected.
    pub(crate) fn connect(&self, name: &str) -> Verdict<TcpPeer> {
        self.server.connect(name)
    }

    /// `name` sends a file, which must be stored.
    pub(crate) fn stores(&mut self, name: &str, transfer: &Transfer) -> Verdict {
        let mut peer = self.connect(name)?;
        peer.send(&transfer.bytes())?;
        expect_stored(&mut peer)?;
        self.expect_file(transfer)?;
        peer.leave();
        self.server.settle();
        Ok(())
    }

    /// Expects that a file that was said to be stored is there, complete.
    pub(crate) fn expect_file(&self, transfer: &Transfer) -> Verdict {
        let expected = notes::content_of(&transfer.name);
        let actual = match self.dir.entry(&transfer.name) {
            Entry::File(content) if content == transfer.content => return Ok(()),
            Entry::File(content) => notes::other_content(&content, &transfer.content),
            _ => notes::NO_SUCH_FILE.into(),
        };
        Err(self.server.program.fails(&expected, &actual))
    }

    /// Expects that nothing but these, and what was there at first, is in DIR when the program has come to
    /// rest.
    pub(crate) fn expect_only(&self, names: &[&str]) -> Verdict {
        let at_first = self.at_first.iter().map(String::as_str);
        let mut expected: Vec<&str> = at_first.chain(names.iter().copied()).collect();
        expected.sort_unstable();
        let mut found = self.dir.names_when_settled(&expected)?;
        if found == expected {
            return Ok(());
        }
        found.retain(|name| !self.at_first.contains(name));
        let found = notes::list(&found);
        Err(self.server.program.fails(&notes::only(names), &found))
    }

    /// Expects that no file of this name is to be seen yet.
    pub(crate) fn expect_not_there(&self, name: &str) -> Verdict {
        if self.dir.names()?.iter().all(|found| found != name) {
            return Ok(());
        }
        Err(self
            .server
            .program
            .fails(notes::NOT_BEFORE_ITS_END, notes::IS_THERE))
    }
}
