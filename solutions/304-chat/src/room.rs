//! Who is here. Whoever looks at the room or changes it holds its lock, and holds it until everyone has
//! been told: so all members see the same things happen. Under this lock nothing may wait for a client.

use std::io;
use std::net::TcpStream;
use std::sync::{Mutex, MutexGuard};

use crate::outbox::Outbox;

/// The members, in the order in which they joined.
#[derive(Default)]
pub(crate) struct Room {
    members: Mutex<Vec<Member>>,
}

struct Member {
    name: String,
    outbox: Outbox,
}

impl Room {
    /// Lets a client in, and tells everyone. `false` if somebody here has that name.
    pub(crate) fn join(&self, name: &str, connection: &TcpStream) -> io::Result<bool> {
        let mut members = self.members();
        if is_taken(&members, name) {
            return Ok(false);
        }
        let outbox = Outbox::open(connection)?;
        outbox.put(here(&members));
        tell(&members, name, &format!("+ {name}\n"));
        let name = name.to_owned();
        members.push(Member { name, outbox });
        Ok(true)
    }

    /// Relays what `name` says to everyone else.
    pub(crate) fn say(&self, name: &str, text: &str) {
        tell(&self.members(), name, &format!("{name}: {text}\n"));
    }

    /// Takes `name` out, and tells those who stay.
    pub(crate) fn leave(&self, name: &str) {
        let mut members = self.members();
        members.retain(|member| member.name != name);
        tell(&members, name, &format!("- {name}\n"));
    }

    fn members(&self) -> MutexGuard<'_, Vec<Member>> {
        self.members
            .lock()
            .expect("no thread panics while it holds the room")
    }
}

fn is_taken(members: &[Member], name: &str) -> bool {
    members.iter().any(|member| member.name == name)
}

/// `here: alice, bob`, or `here:` alone.
fn here(members: &[Member]) -> String {
    let names: Vec<&str> = members.iter().map(|member| &member.name[..]).collect();
    match &names[..] {
        [] => "here:\n".into(),
        names => format!("here: {}\n", names.join(", ")),
    }
}

/// Sends `line` to everyone but `name`.
fn tell(members: &[Member], name: &str, line: &str) {
    for member in members.iter().filter(|member| member.name != name) {
        member.outbox.put(line.to_owned());
    }
}
