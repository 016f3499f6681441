//! 304 chat: a room. What a member says reaches everyone else in it, and everyone hears who comes and
//! who goes.

#![forbid(unsafe_code)]

mod flood;
mod hints;
mod notes;
mod room;

use harness::{Check, Lesson, Role, Run, Server, TcpPeer, Verdict};

use crate::flood::Flood;
use crate::room::{Member, QUESTION, Room, hear};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 304,
    slug: "chat",
    title: "Relay what one says to all others",
    role: Role::Server,
    verbs: &["bind", "listen", "accept", "recv", "send"],
    checks: &[
        Check::new(
            "asks-the-name",
            1,
            "name? for each client, and an empty room",
            asks_the_name,
        )
        .section("The protocol"),
        Check::new(
            "bad-names",
            2,
            "names that are refused, and some that are not",
            bad_names,
        )
        .section("Names"),
        Check::new(
            "taken-name",
            2,
            "a name that somebody in the room has",
            taken_name,
        )
        .section("Names"),
        Check::new(
            "name-free-again",
            1,
            "the name of one who has left",
            name_free_again,
        )
        .section("Names"),
        Check::new(
            "relays-to-others-not-to-self",
            2,
            "lines of all kinds, and who hears them",
            relays_to_others_not_to_self,
        )
        .section("One room for all threads"),
        Check::new(
            "announces-joining-and-leaving",
            3,
            "who is here, who comes, and who goes in which way",
            announces_joining_and_leaving,
        )
        .section("Leaving"),
        Check::new(
            "lurkers-are-invisible",
            2,
            "clients that never give a name, or give it late",
            lurkers_are_invisible,
        )
        .section("One room for all threads"),
        Check::new(
            "reset-is-leaving",
            2,
            "members and clients that reset their connections",
            reset_is_leaving,
        )
        .section("Leaving"),
        Check::new(
            "split-and-coalesced-lines",
            2,
            "a byte a segment, and many lines in one",
            split_and_coalesced_lines,
        )
        .section("Lines"),
        Check::new(
            "keeps-each-senders-order",
            2,
            "500 lines each of two members at the same time",
            keeps_each_senders_order,
        )
        .section("An outbox for each member"),
        Check::new(
            "a-member-who-does-not-read",
            3,
            "8 MB are said while one member reads nothing",
            a_member_who_does_not_read,
        )
        .section("An outbox for each member"),
        Check::new(
            "hundred-members",
            2,
            "a hundred members, and each says something",
            hundred_members,
        )
        .section("One room for all threads"),
    ],
    notes: notes::ALL,
    hints: hints::HINTS,
};

/// What one of two expects who speak at the same time.
const ALL_OF_ANOTHER: &str = "all that the other one has said";

/// The server speaks first, and to each client: one that waits for a request, or for the client before
/// to give its name, asks nothing. In an empty room there is nobody to be named, not the newcomer either.
///
/// Not alone: nobody gets past the door in any other check, and this one has the least to read.
fn asks_the_name(run: &mut Run) -> Verdict {
    let mut room = Room::open(run)?;
    let mut alice = room.visit("alice")?;
    alice.expect_silence()?;
    // Alice has not said who she is, and bob is asked all the same.
    let mut bob = room.visit("bob")?;
    bob.expect_silence()?;
    let name = room.name("alice");
    room.let_in(alice, &name)?;
    let name = room.name("bob");
    room.let_in(bob, &name)?;
    room.is_silent()
}

/// What a name is has to be looked at: its length, each of its characters, and the CR that a client on
/// Windows sends before the newline. trim() hides some of it, is_alphanumeric() lets in letters that are
/// not ASCII.
fn bad_names(run: &mut Run) -> Verdict {
    let mut room = Room::open(run)?;
    room.join("alice")?;
    for bad in bad_ones(run) {
        let mut mallory = room.visit("mallory")?;
        mallory.send(format!("{bad}\n").as_bytes())?;
        is_refused(mallory)?;
    }
    for no_line in [&b"caf\xe9\n"[..], &[&[b'x'; 1_001], &b"\n"[..]].concat()] {
        let mut mallory = room.visit("mallory")?;
        mallory.send(no_line)?;
        mallory.expect_end_after_any_words()?;
    }
    room.server.settle();
    room.is_silent()?;
    for good in ["x", "7", "sixteenLetters16"] {
        let peer = room.visit(good)?;
        room.let_in(peer, good)?;
    }
    Ok(())
}

/// One of each kind.
fn bad_ones(run: &mut Run) -> Vec<String> {
    let word = String::from_utf8_lossy(&run.random().letters(17)).into_owned();
    let short = &word[..5];
    let mut names = vec![
        String::new(),
        word.clone(),
        format!("{short} {short}"),
        format!(" {short}"),
        format!("{short}\r"),
        format!("{short}_{short}"),
        format!("{short}é"),
        format!("{short}-{short}"),
        format!("{short},{short}"),
        "x".repeat(1_000),
    ];
    run.random().shuffle(&mut names);
    names
}

/// The client hears that there is an error, and then the end; the words are the program's own.
fn is_refused(mut client: TcpPeer) -> Verdict {
    let answer = client.line(notes::AN_ERROR)?;
    if !answer.starts_with(b"error: ") {
        return Err(client.answered_otherwise(notes::AN_ERROR, &answer));
    }
    client.expect_end_or_reset()
}

/// Two of the same name cannot be told apart. And when the one who was refused goes, the one who is in
/// the room stays: a program that takes out of the room whoever has this name takes the wrong one.
fn taken_name(run: &mut Run) -> Verdict {
    let mut room = Room::open(run)?;
    room.join("alice")?;
    room.join("bob")?;
    let name = room.name("alice");
    for who in ["mallory", "mallory, again"] {
        let mut twin = room.visit(who)?;
        twin.send(format!("{name}\n").as_bytes())?;
        is_refused(twin)?;
        room.server.settle();
        room.is_silent()?;
    }
    room.say("alice", &run.random().word())?;
    room.say("bob", &run.random().word())?;
    // Another case is another name.
    let shouted = name.to_uppercase();
    let peer = room.visit("ALICE")?;
    room.let_in(peer, &shouted)
}

/// A name belongs to a member for as long as it is in the room, and no longer.
fn name_free_again(run: &mut Run) -> Verdict {
    let mut room = Room::open(run)?;
    room.join("alice")?;
    room.join("bob")?;
    let bob = room.take("bob");
    bob.peer.close();
    room.has_left(&bob.name)?;
    room.join("bob")?;
    room.say("alice", &run.random().word())?;

    let mut bob = room.take("bob");
    bob.peer.finish_sending()?;
    room.has_left(&bob.name)?;
    room.join("bob")?;
    room.say("bob", &run.random().word())
}

/// Everyone else hears a line, byte by byte as it was said: spaces, a CR and letters that need several
/// bytes belong to it. Only an empty line says nothing.
fn relays_to_others_not_to_self(run: &mut Run) -> Verdict {
    let mut room = Room::open(run)?;
    for who in ["alice", "bob", "carol"] {
        room.join(who)?;
    }
    let word = run.random().word();
    room.say("alice", &word)?;
    room.is_silent()?;
    // 1,000 bytes, and half as many characters.
    let longest = "é".repeat(500);
    for text in [
        &format!("{word} comes before {word}"),
        "  two spaces before and two behind  ",
        "as typed on Windows\r",
        " ",
        "Grüße, 李, ☕",
        &longest,
        "a zero at the end\0",
        "name?",
        "- carol",
        "alice: bob: carol",
    ] {
        let who = *run.random().one_of(&["alice", "bob", "carol"]);
        room.say(who, text)?;
    }
    room.member("bob").peer.send(b"\n")?;
    room.is_silent()?;
    room.say("bob", &run.random().word())
}

/// Whoever stays hears of everyone who comes and who goes, in whatever way: by closing, by ending the
/// sending half, in the middle of a line, and by saying what is no line; and before that, what was still
/// said. Whoever has left hears nothing more. The list of those present keeps the order in which they
/// joined, also when one in the middle has left.
fn announces_joining_and_leaving(run: &mut Run) -> Verdict {
    let mut room = Room::open(run)?;
    for who in ["mia", "bob", "zoe", "alice", "kim", "dan"] {
        room.join(who)?;
    }
    let bob = room.take("bob");
    bob.peer.close();
    room.has_left(&bob.name)?;
    // Here swap_remove would have put the last into bob's place.
    room.join("eve")?;
    // And here eve would be in it, if that were the first free one.
    room.join("fay")?;

    let mut zoe = room.take("zoe");
    zoe.peer.finish_sending()?;
    room.has_left(&zoe.name)?;
    hears_nothing_more(zoe, &mut room, run)?;

    let last = run.random().word();
    let kim = room.member("kim");
    kim.peer
        .send_last(format!("{last}\nhalf a sent").as_bytes())?;
    room.others_hear("kim", &last)?;
    let kim = room.take("kim");
    room.has_left(&kim.name)?;

    // 1,001 bytes, though fewer characters than are allowed.
    let too_long = "é".repeat(500) + "x\n";
    let not_utf8 = b"caf\xe9\n";
    for (who, line) in [("dan", too_long.as_bytes()), ("eve", not_utf8)] {
        let last = run.random().word();
        let lines = [last.as_bytes(), b"\n", line].concat();
        room.member(who).peer.send(&lines)?;
        room.others_hear(who, &last)?;
        let mut member = room.take(who);
        member.peer.expect_end_after_any_words()?;
        room.has_left(&member.name)?;
    }
    room.join("tom")?;
    room.say("mia", &run.random().word())
}

/// What is said in the room does not reach one who has left it; whether its connection ends, and with
/// what words, is left to the program.
fn hears_nothing_more(mut gone: Member, room: &mut Room, run: &mut Run) -> Verdict {
    let word = run.random().word();
    room.say("mia", &word)?;
    let heard = gone.peer.receive_if_any(word.len() + 100);
    if heard
        .windows(word.len())
        .any(|text| text == word.as_bytes())
    {
        return Err(gone.peer.answered_otherwise(notes::NOTHING_MORE, &heard));
    }
    Ok(())
}

/// Who has no name is not in the room: it hears nothing, it is on no list, and nobody hears when it goes.
/// What was never finished with a newline is no name.
fn lurkers_are_invisible(run: &mut Run) -> Verdict {
    let mut room = Room::open(run)?;
    room.join("alice")?;
    let mut dora = room.visit("dora")?;
    let mut erin = room.visit("erin")?;
    erin.send(b"eri")?;
    room.join("bob")?;
    room.say("alice", &run.random().word())?;
    dora.expect_silence()?;
    erin.expect_silence()?;

    dora.close();
    room.server.settle();
    room.is_silent()?;
    erin.finish_sending()?;
    room.server.settle();
    room.is_silent()?;
    erin.close();
    room.server.connect("silent")?.close();

    let late = room.visit("late")?;
    let bob = room.take("bob");
    bob.peer.close();
    room.has_left(&bob.name)?;
    let name = room.name("late");
    room.let_in(late, &name)?;
    room.say("late", &run.random().word())
}

/// recv says ECONNRESET where a client has crashed. That is a way to leave: a program that returns from
/// its function there leaves a ghost in the room.
fn reset_is_leaving(run: &mut Run) -> Verdict {
    let mut room = Room::open(run)?;
    for who in ["alice", "bob", "carol"] {
        room.join(who)?;
    }
    room.say("bob", &run.random().word())?;
    let bob = room.take("bob");
    bob.peer.reset()?;
    room.has_left(&bob.name)?;
    room.join("dan")?;
    let mut dan = room.take("dan");
    dan.peer.send(b"half a sent")?;
    dan.peer.reset()?;
    room.has_left(&dan.name)?;

    // Clients without a name, one of them perhaps before it was accepted.
    room.visit("mallory")?.reset()?;
    room.server.vanishing("mallory")?;
    room.server.settle();
    room.is_silent()?;
    room.join("eve")?;
    room.say("carol", &run.random().word())
}

/// A line is over at its newline, not where a recv ends: it may come in pieces, even between the two bytes
/// of one letter, and many may come at once, the first of them right behind the name.
fn split_and_coalesced_lines(run: &mut Run) -> Verdict {
    let mut room = Room::open(run)?;
    room.join("alice")?;
    room.join("bob")?;
    let word = run.random().word();
    let text = format!("{word} für 李");
    // The second cut is inside of the ü.
    let line = format!("{text}\n");
    let (first, rest) = line.as_bytes().split_at(word.len() / 2);
    let (second, third) = rest.split_at(word.len() - first.len() + 3);
    for piece in [first, second] {
        room.member("bob").peer.send(piece)?;
        room.is_silent()?;
    }
    room.member("bob").peer.send(third)?;
    room.others_hear("bob", &text)?;

    let words = run.random().words(5);
    let lines = format!("{}\n{}\n\n{}\n{}", words[0], words[1], words[2], words[3]);
    room.member("bob").peer.send(lines.as_bytes())?;
    for word in &words[..3] {
        room.others_hear("bob", word)?;
    }
    room.is_silent()?;
    room.member("bob").peer.send(b" ends here\n")?;
    room.others_hear("bob", &format!("{} ends here", words[3]))?;

    let mut carol = room.visit("carol")?;
    let name = room.name("carol");
    carol.send(format!("{name}\n{}\n", words[4]).as_bytes())?;
    room.welcome(carol, &name)?;
    room.others_hear("carol", &words[4])?;

    let mut dan = room.visit("dan")?;
    let name = room.name("dan");
    send_bytewise(&mut dan, &name)?;
    room.welcome(dan, &name)
}

/// A line, a byte a segment.
fn send_bytewise(peer: &mut TcpPeer, line: &str) -> Verdict {
    let line = format!("{line}\n");
    let bytes: Vec<&[u8]> = line.as_bytes().chunks(1).collect();
    peer.send_in_pieces(&bytes)
}

/// Two speak at the same time, and fast. Whose line comes first is left to the program; that each one's
/// lines come in their order, and all of them, is not. A queue that holds a hundred lines and forgets the
/// rest is too small, for all this is a few kilobytes.
fn keeps_each_senders_order(run: &mut Run) -> Verdict {
    const LINES: usize = 500;
    let mut room = Room::open(run)?;
    for who in ["alice", "bob", "carol"] {
        room.join(who)?;
    }
    let (mut alice, mut bob, mut carol) =
        (room.take("alice"), room.take("bob"), room.take("carol"));
    let words = [run.random().words(LINES), run.random().words(LINES)];
    let told = "alice and bob say 500 lines each, at the same time";
    room.server.in_short(told, |_| {
        let of_alice = says_at_once(&mut alice, &words[0]);
        let of_bob = says_at_once(&mut bob, &words[1]);
        hear(&mut alice.peer, of_bob.as_bytes(), ALL_OF_ANOTHER)?;
        hear(&mut bob.peer, of_alice.as_bytes(), ALL_OF_ANOTHER)?;
        let what = "500 lines of alice's and 500 of bob's, each in its order";
        let came = carol.peer.receive(of_alice.len() + of_bob.len(), what)?;
        if are_merged(&came, [&of_alice, &of_bob]) {
            return Ok(());
        }
        let otherwise = "the lines that came are others, or in another order";
        Err(carol.peer.fails(what, otherwise))
    })
}

/// A member says all this without waiting. What the others must hear.
fn says_at_once(member: &mut Member, words: &[String]) -> String {
    let said: String = words.iter().map(|word| format!("{word}\n")).collect();
    member.peer.offer(said.as_bytes());
    words.iter().map(|word| member.says(word)).collect()
}

/// Whether the lines that came are these of two senders, each one's in their order.
fn are_merged(came: &[u8], mut rest: [&str; 2]) -> bool {
    came.split_inclusive(|&byte| byte == b'\n').all(|line| {
        rest.iter_mut().any(|rest| {
            let next = rest.split_inclusive('\n').next();
            let is_next = next.is_some_and(|next| next.as_bytes() == line);
            if is_next {
                *rest = &rest[line.len()..];
            }
            is_next
        })
    })
}

/// Who does not read fills the buffers on the way, and then a send to it waits. Whatever waits with it
/// is delayed: the one who speaks, the lock that it holds, everyone. What the member itself hears when it
/// reads again are whole lines, if the program has kept it.
fn a_member_who_does_not_read(run: &mut Run) -> Verdict {
    let mut room = Room::open(run)?;
    room.join("alice")?;
    room.join("bob")?;
    let here = room.here();
    let mut slow = room.server.connect_without_reading("slow")?;
    let name = room.name("slow");
    slow.send(format!("{name}\n").as_bytes())?;
    room.has_joined(&name)?;

    let (mut alice, mut bob) = (room.take("alice"), room.take("bob"));
    let flood = Flood::of(&run.random().word());
    let told = Flood::told(&alice);
    let passes = |_: &mut Server| flood.passes(&mut alice, &mut bob, &name);
    let mut dropped = room.server.in_short(&told, passes)?;
    room.server
        .in_short("slow reads all that has come", |server| {
            slow.read_again();
            server.settle();
            Ok(())
        })?;
    let ended = slow.has_ended();

    let last = run.random().word();
    alice.peer.send(format!("{last}\n").as_bytes())?;
    dropped |= hear_perhaps(&mut bob.peer, &name, &alice.says(&last))?;
    if ended && !dropped {
        let about = format!("the news that {name} was dropped");
        return hear(&mut bob.peer, format!("- {name}\n").as_bytes(), &about);
    }
    if dropped {
        return Ok(());
    }
    let what = "what alice says once slow reads again";
    let heard = slow.receive_up_to(alice.says(&last).as_bytes(), what)?;
    let greeting = [QUESTION, here.as_bytes()].concat();
    let flooded = heard.strip_prefix(&greeting[..]);
    let flooded = flooded.map(|rest| &rest[..rest.len() - alice.says(&last).len()]);
    if flooded.is_some_and(|lines| flood.is_kept_in(lines, &alice)) {
        return Ok(());
    }
    Err(slow.fails(notes::WHOLE_LINES, "it came in pieces, or in another order"))
}

/// `listener` hears `line`, perhaps with the news before it that `slow` was dropped. Whether it was there.
fn hear_perhaps(listener: &mut TcpPeer, slow: &str, line: &str) -> Verdict<bool> {
    let about = "what alice has said";
    let news = format!("- {slow}\n");
    let first = listener
        .line("it")
        .map_err(|stopped| stopped.about(about))?;
    if first == news.trim_end().as_bytes() {
        hear(listener, line.as_bytes(), about)?;
        return Ok(true);
    }
    if first == line.trim_end().as_bytes() {
        return Ok(false);
    }
    Err(listener.answered_otherwise(about, &first))
}

/// A hundred is more than a table of 64 has room for, and than a pool of threads has threads. All of them
/// speak at once; each hears all others, in whatever order.
fn hundred_members(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let letters = String::from_utf8_lossy(&run.random().letters(4)).into_owned();
    let names: Vec<String> = (1..=100).map(|n| format!("{letters}{n}")).collect();
    let words = run.random().words(names.len());
    let mut clients = server.crowd(names.len())?.into_clients();
    for client in &mut clients {
        hear(client, QUESTION, notes::QUESTION)?;
    }
    server.in_short("they join, one after the other", |_| {
        (0..names.len()).try_for_each(|number| joins(&mut clients, number, &names))
    })?;
    server.in_short("each hears of those who have come after it", |_| {
        // The first has heard of them already.
        for (number, client) in clients.iter_mut().enumerate().skip(1) {
            let later = names[number + 1..].iter().map(|name| format!("+ {name}\n"));
            hears_in_any_order(client, later.collect(), "a + for each who came later")?;
        }
        Ok(())
    })?;
    server.in_short("all 100 say something at the same time", |_| {
        for (client, word) in clients.iter_mut().zip(&words) {
            client.offer(format!("{word}\n").as_bytes());
        }
        let said: Vec<String> = names
            .iter()
            .zip(&words)
            .map(|(n, w)| format!("{n}: {w}\n"))
            .collect();
        for (number, client) in clients.iter_mut().enumerate() {
            let others = [&said[..number], &said[number + 1..]].concat();
            hears_in_any_order(client, others, "99 lines, one of each other member")?;
        }
        Ok(())
    })
}

/// The client of this number joins, and the first one hears of it.
fn joins(clients: &mut [TcpPeer], number: usize, names: &[String]) -> Verdict {
    let (client, name) = (&mut clients[number], &names[number]);
    client.send(format!("{name}\n").as_bytes())?;
    let here = room::list(names[..number].iter().map(String::as_str));
    hear(client, here.as_bytes(), notes::LIST)?;
    if number == 0 {
        return Ok(());
    }
    let about = format!("the news that {name} has joined");
    hear(&mut clients[0], format!("+ {name}\n").as_bytes(), &about)
}

/// The client hears these lines next, each once.
fn hears_in_any_order(client: &mut TcpPeer, mut lines: Vec<String>, what: &str) -> Verdict {
    let came = client.receive(lines.concat().len(), what)?;
    let mut came: Vec<&[u8]> = came.split_inclusive(|&byte| byte == b'\n').collect();
    came.sort_unstable();
    lines.sort_unstable();
    let lines = lines.iter().map(String::as_bytes);
    if came.into_iter().eq(lines) {
        return Ok(());
    }
    Err(client.fails(what, "other lines came among them"))
}
