//! What a report shows of hundreds of threads and sockets: the ones that the failure is about by
//! themselves, and the others counted. Which of them is which is chance.

use crate::evidence::{Evidence, Thread, Waits};
use crate::payload::plural;

/// Rows about the program: what, and how it is. `peer` saw the failure.
pub(crate) fn rows(evidence: &Evidence, peer: Option<&str>) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut others = Counted::default();
    for (index, thread) in evidence.threads.iter().enumerate() {
        if index == 0 || peer.is_some_and(|peer| is_about(thread, peer)) {
            rows.push((thread.who.clone(), thread.doing()));
        } else {
            others.add(one_of_many(thread), many(thread));
        }
    }
    rows.extend(others.rows("thread"));
    let mut others = Counted::default();
    for socket in &evidence.sockets {
        if socket.listens || peer.is_some() && socket.peer.as_deref() == peer {
            rows.push((socket.what(), socket.how()));
        } else {
            others.add(socket.how(), socket.how());
        }
    }
    rows.extend(others.rows("connection"));
    rows
}

fn is_about(thread: &Thread, peer: &str) -> bool {
    thread.on.as_deref() == Some(&format!("{peer}'s connection"))
}

/// What a thread does, without whom it does it for.
fn one_of_many(thread: &Thread) -> String {
    match on_a_connection(thread) {
        Some(call) => format!("in {call}() on a connection"),
        None => thread.doing(),
    }
}

/// What several threads do of which each does the same.
fn many(thread: &Thread) -> String {
    if let Some(call) = on_a_connection(thread) {
        return format!("in {call}(), each on a connection of its own");
    }
    let one = thread.doing();
    match one.split_once(' ') {
        Some(("waits", rest)) => format!("wait {rest}"),
        Some(("is", rest)) => format!("are {rest}"),
        _ => one,
    }
}

/// The call that waits for a client.
fn on_a_connection(thread: &Thread) -> Option<&str> {
    let for_a_client = matches!(thread.waits, Waits::ToReceive | Waits::ToSend);
    let on = thread.on.as_deref().unwrap_or_default();
    let call = thread.call.as_deref();
    call.filter(|_| for_a_client && on.contains("connection"))
}

/// Descriptions, of one and of many, and how often each was given.
#[derive(Default)]
struct Counted(Vec<(String, String, usize)>);

impl Counted {
    fn add(&mut self, one: String, many: String) {
        match self.0.iter_mut().find(|(known, ..)| *known == one) {
            Some((.., times)) => *times += 1,
            None => self.0.push((one, many, 1)),
        }
    }

    /// The most frequent first.
    fn rows(mut self, kind: &str) -> Vec<(String, String)> {
        self.0
            .sort_by(|(a, _, times), (b, _, more)| more.cmp(times).then_with(|| a.cmp(b)));
        let counted = self.0.into_iter();
        counted
            .map(|(one, many, times)| {
                let how = if times == 1 { one } else { many };
                (plural(times, &format!("other {kind}")), how)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thread(number: usize, on: &str) -> Thread {
        Thread {
            who: format!("thread {number}"),
            call: Some("recv".into()),
            descriptor: Some(4),
            on: Some(on.into()),
            waits: Waits::ToReceive,
        }
    }

    #[test]
    fn the_peer_in_question_is_told_of_by_itself() {
        let names = ["carol", "alice", "bob", "dave"];
        let threads = names.iter().enumerate();
        let evidence = Evidence {
            threads: threads
                .map(|(number, name)| thread(number, &format!("{name}'s connection")))
                .collect(),
            ..Evidence::default()
        };
        let rows = rows(&evidence, Some("bob"));
        let rows: Vec<String> = rows
            .iter()
            .map(|(what, how)| format!("{what}: {how}"))
            .collect();
        assert_eq!(
            rows,
            [
                "thread 0: waits in recv() on carol's connection",
                "thread 2: waits in recv() on bob's connection",
                "2 other threads: in recv(), each on a connection of its own",
            ]
        );
    }
}
