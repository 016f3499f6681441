//! 204 talk: a small netcat. It sends all of its standard input, ends its sending half, and prints all
//! that arrives until the end.

#![forbid(unsafe_code)]

mod hints;
mod notes;

use harness::{Check, Lesson, Program, Role, Run, TcpPeer, Verdict};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 204,
    slug: "talk",
    title: "Talk to any server: a small netcat",
    role: Role::Client,
    verbs: &["connect", "send", "recv", "shutdown"],
    checks: &[
        Check::new(
            "sends-and-prints",
            2,
            "three lines go out, a line comes in, exit status 0",
            sends_and_prints,
        )
        .section("The smallest pair"),
        Check::new(
            "reply-in-pieces",
            2,
            "an answer in pieces, each printed when it comes",
            reply_in_pieces,
        )
        .section("A loop around recv"),
        Check::new(
            "binary-safe",
            2,
            "bytes that are no text, both ways",
            binary_safe,
        )
        .section("Bytes are not text"),
        Check::new(
            "server-speaks-first",
            2,
            "a prompt without a newline, before there is any input",
            server_speaks_first,
        )
        .section("Two things at once"),
        Check::new(
            "ends-its-sending-half",
            3,
            "a server that answers only after the end of the input",
            ends_its_sending_half,
        )
        .section("The end has two halves"),
        Check::new(
            "server-ends-early",
            2,
            "the server ends before the input does",
            server_ends_early,
        )
        .section("Who leaves first?"),
        Check::new(
            "both-directions-at-once",
            3,
            "8 MiB out and 8 MiB back at the same time",
            both_directions_at_once,
        )
        .section("Two things at once"),
        Check::new(
            "reset-is-an-error",
            2,
            "a reset: what came before is printed, exit status 1",
            reset_is_an_error,
        )
        .section("What can go wrong"),
        Check::new(
            "refused",
            1,
            "nobody listens: a line on standard error, exit status 1",
            refused,
        )
        .section("What can go wrong"),
    ],
    notes: notes::NOTES,
    hints: hints::HINTS,
};

/// Starts the program against a server that the grader plays, and waits until it has connected.
fn connected(run: &mut Run) -> Verdict<(Program, TcpPeer)> {
    let mut listener = run.listen("alice")?;
    let mut program = run.start(listener.address(), &[])?;
    program.prints_bytes();
    let alice = listener.accept()?;
    Ok((program, alice))
}

/// What the program was given must reach the server. When it is sent is the program's own affair, so the
/// input has always ended by then.
fn expect_input(program: &mut Program, alice: &mut TcpPeer, input: &[u8]) -> Verdict {
    alice
        .expect(input)
        .map_err(|stopped| stopped.about("the program's input"))?;
    // If it ends its half, or leaves, it has done so by now.
    program.settle();
    Ok(())
}

/// The smallest conversation, one thing each way: a client that sends one line and no more stops here,
/// and so does one that changes lines, or adds words of its own.
///
/// Not alone: what is wrong with it is wrong wherever anything is sent or printed; but here a beginner
/// begins, and is told so in the shortest conversation.
///
/// The server's line has come before the input ends, so that a client that leaves at the end of its
/// input passes: it has a check of its own.
fn sends_and_prints(run: &mut Run) -> Verdict {
    let (mut program, mut alice) = connected(run)?;
    let greeting = format!("{}\n", run.random().word());
    alice.send(greeting.as_bytes())?;
    program.settle();
    let lines = run.random().words(3).join("\n") + "\n";
    program.input(lines.as_bytes());
    program.end_input();
    expect_input(&mut program, &mut alice, lines.as_bytes())?;
    alice.expect_nothing_more()?;
    alice.finish_sending()?;
    program.expect_output_from("alice", greeting.as_bytes())?;
    program.expect_exit(0)?;
    program.expect_no_more_output()
}

/// recv gives what has arrived, which need not be all: a client that receives once prints the first
/// piece. And each piece is printed when it comes: a client that collects them prints nothing.
///
/// Not alone: who receives once loses most of 8 MiB, too, and misses a reset; here the pieces are few
/// enough to be read.
fn reply_in_pieces(run: &mut Run) -> Verdict {
    let (mut program, mut alice) = connected(run)?;
    let question = run.random().word();
    program.input(question.as_bytes());
    program.end_input();
    expect_input(&mut program, &mut alice, question.as_bytes())?;
    for word in run.random().words(4) {
        let piece = format!("{word}\n");
        alice.send_unless_reset(piece.as_bytes())?;
        program.expect_output_from("alice", piece.as_bytes())?;
        // A program that has had enough has ended by now.
        program.settle();
    }
    alice.finish_sending()?;
    program.expect_exit(0)
}

/// All 256 values, zero bytes, what is not UTF-8, lines that end in every way: a client that takes bytes
/// for text changes them on one way or the other.
fn binary_safe(run: &mut Run) -> Verdict {
    let (mut program, mut alice) = connected(run)?;
    let every_value: Vec<u8> = (0..=255).collect();
    let mut back = b"\xc3\x28 \r\n\0".to_vec();
    back.extend(every_value.iter().rev());
    back.extend(run.random().bytes(700));
    // A character that is cut in two, and a newline.
    back.extend_from_slice(b"\xe2\x82\n");
    alice.send(&back)?;
    program.settle();

    let mut out = b"\xff\xfe\0 \r\n\n\t ".to_vec();
    out.extend_from_slice(&every_value);
    out.extend(run.random().bytes(700));
    // White space at the very end is what trim takes away.
    out.extend_from_slice(b" \r\n");
    program.input(&out);
    program.end_input();
    expect_input(&mut program, &mut alice, &out)?;
    alice.finish_sending()?;
    program.expect_output_from("alice", &back)?;
    program.expect_exit(0)?;
    program.expect_no_more_output()
}

/// In many protocols the server begins. A client that waits for input first shows nothing, and nobody
/// knows what to type; one that prints through a buffer that waits for a newline, neither.
fn server_speaks_first(run: &mut Run) -> Verdict {
    let (mut program, mut alice) = connected(run)?;
    let prompt = format!("{} password: ", run.random().word());
    alice.send(prompt.as_bytes())?;
    program.expect_output_from("alice", prompt.as_bytes())?;
    let answer = run.random().word();
    program.input(answer.as_bytes());
    program.end_input();
    expect_input(&mut program, &mut alice, answer.as_bytes())?;
    alice.finish_sending()?;
    program.expect_exit(0)
}

/// Many servers answer when they know that they have all: then the client must say that no more will
/// come, and still receive. A client that closes loses the answer; one that says nothing waits for ever,
/// like the server.
fn ends_its_sending_half(run: &mut Run) -> Verdict {
    let (mut program, mut alice) = connected(run)?;
    let question = run.random().word();
    program.input(question.as_bytes());
    program.end_input();
    expect_input(&mut program, &mut alice, question.as_bytes())?;
    alice.expect_end()?;
    let answer = format!("{}\n", run.random().word());
    alice.send_unless_reset(answer.as_bytes())?;
    alice.finish_sending()?;
    program.expect_output_from("alice", answer.as_bytes())?;
    program.expect_exit(0)
}

/// The server may have nothing more to say while the user may still type. That is no error, and it is no
/// reason to stay for ever: whether the program leaves at once or with the end of its input is its own
/// affair.
fn server_ends_early(run: &mut Run) -> Verdict {
    let (mut program, mut alice) = connected(run)?;
    let goodbye = format!("{} and goodbye\n", run.random().word());
    alice.send(goodbye.as_bytes())?;
    alice.finish_sending()?;
    // A program that leaves at once has ended by now.
    program.settle();
    program.end_input();
    program.expect_output_from("alice", goodbye.as_bytes())?;
    program.expect_exit(0)?;
    program.expect_no_more_output()?;
    alice.expect_end()
}

/// Buffers are finite. A client that sends everything before it reads fills its server's: then the server
/// waits for the client to read, and the client for the server.
fn both_directions_at_once(run: &mut Run) -> Verdict {
    /// Random, and repeated: of an odd length, so that a piece that is lost cannot go unnoticed.
    const PIECE: usize = 65_537;
    const TIMES: usize = 128;
    /// With 8 KiB in place of it the same takes minutes.
    const ROOM: usize = 128 << 10;
    let mut much = run.random().letters(PIECE).repeat(TIMES);
    much.push(b'\n');
    let mut listener = run.listen("alice")?;
    listener.limit_buffers(ROOM)?;
    let mut program = run.start(listener.address(), &[])?;
    program.prints_bytes();
    let alice = listener.accept_to_echo(ROOM)?;
    program.input(&much);
    program.end_input();
    program.expect_output_from(alice.name(), &much)
}

/// A reset means that something may be lost: whoever has started the program must learn of it. What came
/// before it is printed all the same.
///
/// The input has ended by then. While a program sends, it may be its send that takes the error, and its
/// recv sees a clean end.
fn reset_is_an_error(run: &mut Run) -> Verdict {
    let (mut program, mut alice) = connected(run)?;
    let question = run.random().word();
    program.input(question.as_bytes());
    program.end_input();
    expect_input(&mut program, &mut alice, question.as_bytes())?;
    let half = format!("{} half of an\n", run.random().word());
    alice.send_unless_reset(half.as_bytes())?;
    program.expect_output_from("alice", half.as_bytes())?;
    program.settle();
    alice.reset()?;
    program.expect_exit(1)?;
    program.expect_error_message()
}

/// The first thing that goes wrong is that nobody is there.
fn refused(run: &mut Run) -> Verdict {
    run.on_a_free_address(|run, address| {
        run.note(&format!("nobody listens on {address}"));
        let mut program = run.start(address, &[])?;
        program.expect_exit(1)?;
        program.expect_error_message()
    })
}
