//! The room as the checks see it: who is in it, and what each of them must hear.

use harness::{Run, Server, TcpPeer, Verdict};

use crate::notes;

/// The question that each client is greeted with.
pub(crate) const QUESTION: &[u8] = b"name?\n";

/// A program that serves a room, and the members in it.
pub(crate) struct Room {
    pub(crate) server: Server,
    members: Vec<Member>,
    /// What the names end with, so that no program knows them beforehand.
    number: u64,
}

/// A client with a name in the room.
pub(crate) struct Member {
    pub(crate) peer: TcpPeer,
    pub(crate) name: String,
}

impl Member {
    /// The line that says so to the others.
    pub(crate) fn says(&self, text: &str) -> String {
        format!("{}: {text}\n", self.name)
    }
}

impl Room {
    /// Starts the program. The room is empty.
    pub(crate) fn open(run: &mut Run) -> Verdict<Self> {
        let number = run.random().number(10..=99);
        Ok(Self {
            server: run.start_server()?,
            members: Vec::new(),
            number,
        })
    }

    /// The name that a client called `who` gives: `alice47`.
    pub(crate) fn name(&self, who: &str) -> String {
        format!("{who}{}", self.number)
    }

    /// A client called `who` comes, is asked its name, and joins under the name that is its own.
    pub(crate) fn join(&mut self, who: &str) -> Verdict {
        let name = self.name(who);
        let peer = self.visit(who)?;
        self.let_in(peer, &name)
    }

    /// A client called `who` comes and is asked its name.
    pub(crate) fn visit(&self, who: &str) -> Verdict<TcpPeer> {
        let mut peer = self.server.connect(who)?;
        hear(&mut peer, QUESTION, notes::QUESTION)?;
        Ok(peer)
    }

    /// A client that was asked gives this name.
    pub(crate) fn let_in(&mut self, mut peer: TcpPeer, name: &str) -> Verdict {
        peer.send(format!("{name}\n").as_bytes())?;
        self.welcome(peer, name)
    }

    /// A client that has given this name must learn who is here, and everyone here of it.
    pub(crate) fn welcome(&mut self, mut peer: TcpPeer, name: &str) -> Verdict {
        hear(&mut peer, self.here().as_bytes(), notes::LIST)?;
        self.has_joined(name)?;
        let name = name.to_owned();
        self.members.push(Member { peer, name });
        Ok(())
    }

    /// Everyone here hears that `name` has joined.
    pub(crate) fn has_joined(&mut self, name: &str) -> Verdict {
        let about = format!("the news that {name} has joined");
        self.all_hear(&format!("+ {name}\n"), &about)
    }

    /// The line that lists those who are here.
    pub(crate) fn here(&self) -> String {
        list(self.members.iter().map(|member| &member.name[..]))
    }

    /// The member called `who`.
    pub(crate) fn member(&mut self, who: &str) -> &mut Member {
        let at = self.place(who);
        &mut self.members[at]
    }

    /// Takes a member out: it is about to leave.
    pub(crate) fn take(&mut self, who: &str) -> Member {
        let at = self.place(who);
        self.members.remove(at)
    }

    fn place(&self, who: &str) -> usize {
        let mut members = self.members.iter();
        let at = members.position(|member| member.peer.name() == who);
        at.expect("a check speaks of members that it let in")
    }

    /// `who` says something, and everyone else hears it.
    pub(crate) fn say(&mut self, who: &str, text: &str) -> Verdict {
        let member = self.member(who);
        member.peer.send(format!("{text}\n").as_bytes())?;
        self.others_hear(who, text)
    }

    /// Everyone but `who` hears what `who` has said.
    pub(crate) fn others_hear(&mut self, who: &str, text: &str) -> Verdict {
        let line = self.member(who).says(text);
        let others = self.members.iter_mut().filter(|m| m.peer.name() != who);
        for other in others {
            let about = format!("what {who} has said");
            hear(&mut other.peer, line.as_bytes(), &about)?;
        }
        Ok(())
    }

    /// Everyone hears that `name` has left, and the program has done all that belongs to it.
    pub(crate) fn has_left(&mut self, name: &str) -> Verdict {
        let about = format!("the news that {name} has left");
        self.all_hear(&format!("- {name}\n"), &about)?;
        self.server.settle();
        Ok(())
    }

    fn all_hear(&mut self, line: &str, about: &str) -> Verdict {
        let mut members = self.members.iter_mut();
        members.try_for_each(|member| hear(&mut member.peer, line.as_bytes(), about))
    }

    /// Nobody hears anything, for as long as anything could come.
    pub(crate) fn is_silent(&mut self) -> Verdict {
        let mut members = self.members.iter_mut();
        members.try_for_each(|member| member.peer.expect_silence())
    }
}

/// `here: alice47, bob47`, or `here:` alone.
pub(crate) fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    match &names[..] {
        [] => "here:\n".into(),
        names => format!("here: {}\n", names.join(", ")),
    }
}

/// `peer` hears this next, which is `about` something.
pub(crate) fn hear(peer: &mut TcpPeer, line: &[u8], about: &str) -> Verdict {
    peer.expect(line).map_err(|stopped| stopped.about(about))
}
