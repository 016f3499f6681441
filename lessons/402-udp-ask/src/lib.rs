//! 402 udp-ask: asks a question over UDP, again if no answer comes, and prints the answer.
//!
//! Whether a wait was right is for the harness to judge, which knows when the kernel received each try
//! and how long the machine kept the program from running. Where that leaves a doubt, a check has its
//! conversation again: that is what [`Run::clearly`] does.

#![forbid(unsafe_code)]

mod asking;
mod hints;
mod notes;
mod question;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use harness::peer::link::{Fault, Faults};
use harness::{Check, Clarity, Lesson, Pace, Role, Run, Verdict};

use crate::asking::{Asking, TRIES, WAIT};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 402,
    slug: "udp-ask",
    title: "Ask until an answer comes",
    role: Role::Client,
    verbs: &["bind", "sendto", "recvfrom"],
    checks: &[
        Check::new("asks", 2, "one question, one answer, of any bytes", asks)
            .section("The exercise"),
        Check::new(
            "asks-again",
            3,
            "the first two tries are lost; the third is answered",
            asks_again,
        )
        .section("A wait that ends"),
        Check::new(
            "same-id-on-retry",
            2,
            "the second try is the same datagram as the first",
            same_id_on_retry,
        )
        .section("An id"),
        Check::new(
            "gives-up",
            3,
            "five tries without an answer, also when they are refused",
            gives_up,
        )
        .section("When to give up"),
        Check::new(
            "wrong-id",
            3,
            "a datagram with another id is no answer and does not prolong the wait",
            wrong_id,
        )
        .section("Not every datagram is an answer"),
        Check::new(
            "wrong-sender",
            2,
            "a datagram from another address is no answer",
            wrong_sender,
        )
        .section("Not every datagram is an answer"),
        Check::new(
            "late-duplicate",
            2,
            "the answer comes late, and twice",
            late_duplicate,
        )
        .section("An id"),
        Check::new(
            "empty-answer",
            1,
            "an answer without a text is an answer",
            empty_answer,
        )
        .section("The exercise"),
        Check::new(
            "random-ids",
            1,
            "the id is not the same in every run",
            random_ids,
        )
        .section("An id"),
    ],
    notes: notes::NOTES,
    hints: hints::HINTS,
};

/// The smallest conversation there is; and then one with letters that need several bytes, and an answer
/// with every value that a byte can have, which is not UTF-8: who takes the answer for text changes it. It
/// is as long as a datagram may be everywhere (macOS: `net.inet.udp.maxdgram`).
fn asks(run: &mut Run) -> Verdict {
    const LONG: usize = 9_000;
    let [word, text] = [0, 1].map(|_| run.random().word());
    is_answered(run, &text, word.as_bytes())?;
    let mut answer: Vec<u8> = (0..=255).collect();
    answer.extend(run.random().letters(LONG - answer.len()));
    is_answered(run, &format!("{text} für 李"), &answer)
}

/// The program asks `text`, is answered at once, and prints the answer.
fn is_answered(run: &mut Run, text: &str, answer: &[u8]) -> Verdict {
    run.clearly(|run, _| {
        let mut asking = Asking::start(run, text)?;
        let first = asking.next_try()?;
        if let Some(flaw) = question::flaw(&first.bytes, text.as_bytes()) {
            let expected = format!("a datagram of two bytes of id and then \"{text}\"");
            return Err(asking.alice.fails(&expected, flaw));
        }
        asking.answer(&first, answer)?;
        asking.expect_answer(answer)
    })
}

/// Nothing tells that a datagram was lost, but that no answer comes. Who waits without a limit waits for
/// ever; who does not wait floods the server; who waits longer each time is slower than asked.
///
/// Not alone: whoever waits wrongly here does so in `gives-up`, too. This is the shorter conversation of
/// both, in which an answer comes in the end, and the one that a student should meet first.
fn asks_again(run: &mut Run) -> Verdict {
    run.clearly(|run, _| {
        let [text, answer] = [0, 1].map(|_| run.random().word());
        let questions = Faults::losing_the_first(2);
        let mut asking = Asking::start_over(run, &text, questions, Faults::none())?;
        asking.next_try()?;
        asking.next_try_in_time()?;
        let third = asking.next_try_in_time()?;
        asking.answer(&third, answer.as_bytes())?;
        asking.expect_answer(answer.as_bytes())
    })
}

/// The id names the question, not the try. With a new one for each try the answer to an earlier try,
/// which is only late, is thrown away.
fn same_id_on_retry(run: &mut Run) -> Verdict {
    run.clearly(|run, _| {
        let [text, answer] = [0, 1].map(|_| run.random().word());
        let questions = Faults::losing_the_first(1);
        let mut asking = Asking::start_over(run, &text, questions, Faults::none())?;
        let first = asking.next_try()?;
        let second = asking.next_try()?;
        if second.bytes != first.bytes {
            let expected = "the second try to be the same datagram as the first";
            return Err(asking
                .alice
                .fails(expected, notes::other_try(&first, &second)));
        }
        asking.answer(&second, answer.as_bytes())?;
        asking.expect_answer(answer.as_bytes())
    })
}

/// Five tries, and a wait after each of them, the last one too: not fewer, not more, not for ever. Once
/// the fifth is answered; once alice hears all of them and keeps silent; once she is gone after the
/// first, and the others are refused. A refusal (ICMP, "port unreachable") reaches a connected socket as
/// an error; it is no answer yet, for alice may come back.
fn gives_up(run: &mut Run) -> Verdict {
    // Who does not wait at all after the last try is caught by the answer to it.
    const LAST_WAIT: Pace = Pace {
        least: Duration::ZERO,
        most: Duration::from_millis(700),
    };
    let [text, answer] = [0, 1].map(|_| run.random().word());
    run.clearly(|run, _| {
        let questions = Faults::losing_the_first(TRIES as usize - 1);
        let mut asking = Asking::start_over(run, &text, questions, Faults::none())?;
        for _ in 1..TRIES {
            asking.next_try()?;
        }
        let last = asking.next_try()?;
        asking.answer(&last, answer.as_bytes())?;
        asking.expect_answer(answer.as_bytes())
    })?;

    run.clearly(|run, _| {
        let mut asking = Asking::start(run, &text)?;
        for _ in 0..TRIES {
            asking.next_try_in_time()?;
        }
        asking.expect_to_give_up(TRIES as usize - 1, LAST_WAIT)
    })?;

    run.clearly(|run, _| {
        let mut asking = Asking::start(run, &text)?;
        asking.next_try()?;
        asking.alice_vanishes()?;
        asking.expect_to_give_up(0, WAIT.times(TRIES))
    })
}

/// What arrives at a port can come from anybody, at any time: an answer to a question of long ago, or a
/// guess. First some that are no answers come at once: other ids, which share a byte with the right one,
/// and datagrams too short to have an id. Then more of them come all the time, for longer than a wait:
/// who starts the wait anew with each of them does not ask again until they end.
fn wrong_id(run: &mut Run) -> Verdict {
    run.clearly(|run, _| {
        const NAGGING: u32 = 24;
        const EVERY: Duration = Duration::from_millis(40);
        let [text, lie, answer] = [0, 1, 2].map(|_| run.random().word());
        let mut asking = Asking::start(run, &text)?;
        let first = asking.next_try()?;
        let [high, low] = first.id;
        for wrong in [[high, !low], [!high, low]] {
            let datagram = [&wrong, lie.as_bytes()].concat();
            asking.alice.send(&datagram, first.from)?;
        }
        for too_short in [&first.id[..1], &[]] {
            asking.alice.send(too_short, first.from)?;
        }
        if !asking.is_still_waiting()? {
            asking.next_try_in_time()?;
            return Ok(Clarity::Unclear);
        }
        let second = asking.next_try_in_time()?;
        asking.it_waited_on_until(&second);
        let datagram = [&[!high, !low], lie.as_bytes()].concat();
        for number in 1..=NAGGING {
            asking
                .alice
                .send_later(&datagram, second.from, EVERY * number);
        }
        let third = asking.next_try_in_time()?;
        asking.alice.send_no_more();
        asking.alice_nagged_until(&third);
        asking.answer(&third, answer.as_bytes())?;
        asking.expect_answer(answer.as_bytes())
    })
}

/// An id of two bytes can be guessed, so the address counts, too: all of it. Mallory has another port on
/// alice's machine; trudy has alice's port on another address. Both know the right id.
fn wrong_sender(run: &mut Run) -> Verdict {
    run.clearly(|run, _| {
        let [text, answer] = [0, 1].map(|_| run.random().word());
        let lies = run.random().words(2);
        let mut asking = Asking::start(run, &text)?;
        let another_ip = Ipv4Addr::new(127, 0, 0, 2);
        let address = SocketAddr::from((another_ip, asking.alice.address().port()));
        let mut liars = vec![run.datagram_server("mallory")?];
        // Where the machine has no such address (macOS), or somebody has that port, mallory must do.
        liars.extend(run.datagram_server_at("trudy", address).ok());

        let first = asking.next_try()?;
        for liar in &mut liars {
            liar.shows_ids(2);
        }
        for (liar, lie) in liars.iter_mut().zip(&lies) {
            let datagram = [&first.id, lie.as_bytes()].concat();
            liar.send(&datagram, first.from)?;
        }
        if !asking.is_still_waiting()? {
            asking.next_try_in_time()?;
            return Ok(Clarity::Unclear);
        }
        let second = asking.next_try()?;
        asking.answer(&second, answer.as_bytes())?;
        asking.expect_answer(answer.as_bytes())
    })
}

/// The answer to the first try comes when the second is on its way already, and the network doubles it.
/// It is the answer all the same, it goes to the port of the first try, and it is printed once.
fn late_duplicate(run: &mut Run) -> Verdict {
    run.clearly(|run, _| {
        let [text, answer] = [0, 1].map(|_| run.random().word());
        let answers = Faults::schedule([(1, Fault::Doubled)]);
        let mut asking = Asking::start_over(run, &text, Faults::none(), answers)?;
        let first = asking.next_try()?;
        let second = asking.next_try()?;
        if second.from != first.from {
            let expected = "all tries to leave from one port";
            return Err(asking.alice.fails(expected, notes::ANOTHER_PORT));
        }
        asking.answer(&first, answer.as_bytes())?;
        asking.expect_answer(answer.as_bytes())
    })
}

/// Two bytes of id and nothing behind: the answer is there, and its text is empty.
fn empty_answer(run: &mut Run) -> Verdict {
    run.clearly(|run, _| {
        let text = run.random().word();
        let mut asking = Asking::start(run, &text)?;
        let first = asking.next_try()?;
        asking.answer(&first, b"")?;
        asking.expect_answer(b"")
    })
}

/// Who always takes the same id takes yesterday's answer for today's. That four random ones are equal
/// happens once in 281 million million times.
fn random_ids(run: &mut Run) -> Verdict {
    const RUNS: usize = 4;
    let mut ids = Vec::new();
    for text in run.random().words(RUNS) {
        run.clearly(|run, _| {
            let answer = run.random().word();
            let mut asking = Asking::start(run, &text)?;
            let first = asking.next_try()?;
            asking.answer(&first, answer.as_bytes())?;
            let answered = asking.expect_answer(answer.as_bytes())?;
            if answered == Clarity::Clear {
                ids.push(first.id);
            }
            if ids.len() == RUNS && ids.iter().all(|id| *id == ids[0]) {
                let expected = "an id that is not the same in every run";
                return Err(asking.alice.fails(expected, notes::SAME_ID));
            }
            Ok(answered)
        })?;
    }
    Ok(())
}
