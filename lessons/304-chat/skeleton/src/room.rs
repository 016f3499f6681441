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
        todo!("tell everyone but {name} that {name} said {text:?}.")
    }

    /// Takes `name` out, and tells those who stay.
    pub(crate) fn leave(&self, name: &str) {
        let _members = self.members();
        todo!("take {name} out of the members (retain), and tell those who stay that it has left.")
    }

    fn members(&self) -> MutexGuard<'_, Vec<Member>> {
        self.members
            .lock()
            .expect("no thread panics while it holds the room")
    }
}

fn is_taken(_members: &[Member], name: &str) -> bool {
    todo!("whether one of the members has the name {name:?}.")
}

/// `here: alice, bob`, or `here:` alone.
fn here(_members: &[Member]) -> String {
    todo!("the line that lists the members' names in their order, with its newline.")
}

/// Sends `line` to everyone but `name`.
fn tell(members: &[Member], name: &str, line: &str) {
    for member in members.iter().filter(|member| member.name != name) {
        member.outbox.put(line.to_owned());
    }
}
