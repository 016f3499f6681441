//! 207 records: a list cannot be sent, only bytes can. Requests and answers are JSON, a line each; a bad
//! request is answered too, and the connection goes on.

#![forbid(unsafe_code)]

mod hints;
mod notes;
mod request;

use harness::{Check, Lesson, Role, Run, TcpPeer, Verdict};

use crate::request::{Request, ask, expect};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 207,
    slug: "records",
    title: "Send what a program holds",
    role: Role::Server,
    verbs: &["bind", "listen", "accept", "recv", "send"],
    checks: &[
        Check::new("sum", 1, "lists of numbers, and their sums", sum),
        Check::new(
            "max",
            1,
            "the largest number, also among negative ones",
            max,
        ),
        Check::new("sort", 2, "an answer that is a list", sort),
        Check::new(
            "errors-are-answers",
            2,
            "each bad line is answered with an error",
            errors_are_answers,
        ),
        Check::new(
            "keeps-going-after-an-error",
            2,
            "good and bad lines in turn on one connection",
            keeps_going_after_an_error,
        ),
        Check::new(
            "split-anywhere",
            2,
            "half a line, then the rest; a byte a segment",
            split_anywhere,
        ),
        Check::new(
            "many-lines-in-one-segment",
            2,
            "a hundred lines and a half at once",
            many_lines_in_one_segment,
        ),
        Check::new(
            "unicode-and-whitespace",
            2,
            "whatever else JSON allows, and what it does not",
            unicode_and_whitespace,
        ),
        Check::new(
            "big-numbers",
            2,
            "all of 64 bits, and sums that leave them on the way",
            big_numbers,
        ),
        Check::new(
            "too-long-a-line",
            2,
            "65,536 bytes are answered, one more is an error and the end",
            too_long_a_line,
        ),
        Check::new(
            "survives-a-reset",
            2,
            "clients that leave in the middle of a line",
            survives_a_reset,
        ),
    ],
    notes: notes::ALL,
    hints: hints::HINTS,
};

/// The longest line there may be, in bytes, without its newline.
const LONGEST: usize = 65_536;

/// What is wrong with a longer one.
const TOO_LONG: &str = "more than 65,536 bytes without a newline";
/// What is wrong with a longer one that comes with its newline.
const A_BYTE_TOO_LONG: &str = "65,537 bytes before the newline";
/// What is wrong with a number that is none.
const NAN: &str = "NaN is not JSON";
/// What is wrong with bytes that are no text.
const NOT_UTF_8: &str = "fc is not UTF-8";

/// A few small numbers.
fn some_numbers(run: &mut Run) -> Vec<i64> {
    let count = run.random().number(3..=4);
    (0..count).map(|_| small(run)).collect()
}

/// A number from -99 to 99.
fn small(run: &mut Run) -> i64 {
    run.random().number(0..=198).cast_signed() - 99
}

/// The smallest conversation there is, and the sum of nothing.
///
/// Not alone: whoever fails here fails nearly everywhere; it is what a beginner passes first.
fn sum(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    for _ in 0..3 {
        ask(&mut alice, &Request::sum(&some_numbers(run)))?;
    }
    ask(&mut alice, &Request::sum(&[]))
}

/// A search that begins at 0 finds no maximum among negative numbers.
///
/// Not alone: the errors hold a `max` of nothing, too; here the answers are numbers.
fn max(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    ask(&mut alice, &Request::max(&some_numbers(run)))?;
    let mut negative = some_numbers(run);
    for number in &mut negative {
        *number = -1 - number.abs();
    }
    ask(&mut alice, &Request::max(&negative))?;
    ask(&mut alice, &Request::max(&[small(run)]))
}

/// An answer that is a list has to be written as one: `{:?}` and quotes around it make a text of it.
/// And numbers are in order by value: as text, 10 comes before 9.
fn sort(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    ask(&mut alice, &Request::sort(&some_numbers(run)))?;
    let mut numbers = vec![9, 10, -1, -20, 100];
    run.random().shuffle(&mut numbers);
    ask(&mut alice, &Request::sort(&numbers))?;
    let twice = small(run);
    ask(&mut alice, &Request::sort(&[twice, small(run), twice]))?;
    ask(&mut alice, &Request::sort(&[]))
}

/// Who asks must hear that the request was bad, or waits for ever. Each bad line has a connection of its
/// own here: whether that goes on is the next check's matter.
///
/// Not alone: the next check sends bad lines as well, and wants the connection to go on; here only the
/// answer counts.
fn errors_are_answers(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    for request in bad_requests(run) {
        let mut alice = server.connect("alice")?;
        ask(&mut alice, &request)?;
        // One answer, not two.
        alice.expect_nothing_more()?;
        alice.close();
    }
    Ok(())
}

/// One line of each kind that is no request, or not one that can be answered.
fn bad_requests(run: &mut Run) -> Vec<Request> {
    const NO_JSON: &str = "that is not JSON";
    const NO_INTEGER: &str = "not all numbers are integers";
    let n = run.random().number(1..=99);
    let mut requests: Vec<Request> = [
        ("hello", NO_JSON),
        (r#"{"op":"sum","numbers":[N}"#, NO_JSON),
        (r#"{"op":"sum","numbers":[N,]}"#, NO_JSON),
        (r"{'op':'sum','numbers':[N]}", NO_JSON),
        (r#"{"op":"sum","numbers":[N]} N"#, NO_JSON),
        (r#"{"op":"sum","numbers":[NaN]}"#, NAN),
        (r#"{"op":"sum","numbers":[N],"id":NaN}"#, NAN),
        ("", "a blank line is not JSON"),
        ("  \r", "a blank line is not JSON"),
        ("null", "that is no object"),
        ("[N]", "that is no object"),
        (r#"{"numbers":[N]}"#, "op is missing"),
        (r#"{"op":"sum"}"#, "numbers is missing"),
        (r#"{"op":"mean","numbers":[N]}"#, "there is no such op"),
        (r#"{"op":N,"numbers":[N]}"#, "there is no such op"),
        (r#"{"op":"max","numbers":[]}"#, "nothing has no maximum"),
        (r#"{"op":"sum","numbers":["N"]}"#, NO_INTEGER),
        (r#"{"op":"sum","numbers":[N,true]}"#, NO_INTEGER),
        (r#"{"op":"sum","numbers":[N.0]}"#, NO_INTEGER),
        (r#"{"op":"max","numbers":[Ne3]}"#, NO_INTEGER),
        (r#"{"op":"sort","numbers":[N,N.5]}"#, NO_INTEGER),
    ]
    .map(|(line, why)| Request::bad(with(line, n), why))
    .into();
    run.random().shuffle(&mut requests[1..]);
    requests
}

/// `line` with this number in place of each N that stands for one.
fn with(line: &str, number: u64) -> String {
    // NaN is what it is.
    line.replace("NaN", "\0")
        .replace('N', &number.to_string())
        .replace('\0', "NaN")
}

/// After an error the client may ask again: closing the connection punishes it for a slip.
///
/// Not alone: other checks meet bad lines among good ones; here that is the whole conversation.
fn keeps_going_after_an_error(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    for (index, bad) in bad_requests(run).iter().enumerate() {
        ask(&mut alice, bad)?;
        if index == 0 {
            // Nor does the end come.
            alice.expect_silence()?;
        }
        ask(&mut alice, &Request::sum(&some_numbers(run)))?;
    }
    Ok(())
}

/// A line is over at its newline, not where a recv ends.
///
/// Not alone: long lines arrive in pieces by themselves, on some machines; here every line does.
fn split_anywhere(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    let request = Request::sum(&some_numbers(run));
    let line = request.on_the_wire();
    let (first, rest) = line.split_at(line.len() / 2);
    alice.send(first)?;
    alice.expect_silence()?;
    alice.send(rest)?;
    expect(&mut alice, &request)?;

    let request = Request::sum(&[small(run), small(run)]);
    let line = request.on_the_wire();
    let pieces: Vec<&[u8]> = line.chunks(1).collect();
    alice.send_in_pieces(&pieces)?;
    expect(&mut alice, &request)
}

/// What one recv brings beyond the first newline are the next lines: a buffer that is thrown away takes
/// them along. The last one is never finished, so it is no request.
fn many_lines_in_one_segment(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    let requests: Vec<Request> = (0..100).map(|_| Request::sum(&some_numbers(run))).collect();
    let mut lines: Vec<u8> = requests.iter().flat_map(Request::on_the_wire).collect();
    lines.extend(Request::sum(&some_numbers(run)).line);
    alice.send(&lines)?;
    for request in &requests {
        expect(&mut alice, request)?;
    }
    alice.finish_sending()?;
    alice.expect_nothing_more()
}

/// JSON leaves much to who writes it: white space, the order of members, members that nobody asked for,
/// escapes (RFC 8259 §2, §4, §7). A program that looks for fixed text finds it in the wrong place or not
/// at all; one that reads its lines as text gives up at the first that is none.
fn unicode_and_whitespace(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    let n = run.random().number(1..=99);
    for line in [
        "{ \"op\" : \"sum\" ,\t\"numbers\" : [ N , 1 ] }",
        "{\"op\":\"sum\",\"numbers\":[N,1]}\r",
        r#"{"numbers":[N,1],"op":"sum"}"#,
        r#"{"op":"sum","numbers":[N,1],"id":7.5}"#,
        r#"{"from":"Zoë ☕ 李","op":"sum","numbers":[N,1]}"#,
        r#"{"\u006fp":"s\u0075m","numbers":[N,1]}"#,
        r#"{"is":"\"op\":\"max\"","op":"sum","numbers":[N,1]}"#,
        r#"{"more":{"op":"max","numbers":[]},"op":"sum","numbers":[N,1]}"#,
    ] {
        ask(&mut alice, &Request::new(with(line, n), n + 1))?;
    }
    let line = with(r#"{"op":"größte","numbers":[N]}"#, n);
    ask(&mut alice, &Request::bad(line, "there is no such op"))?;
    let line = &b"{\"op\":\"s\xfcm\",\"numbers\":[1]}"[..];
    ask(&mut alice, &Request::bad(line, NOT_UTF_8))?;
    // Read as if it were text, this would be a request.
    let line = &b"{\"op\":\"sum\",\"numbers\":[1],\"gr\xfc\xdfe\":0}"[..];
    ask(&mut alice, &Request::bad(line, NOT_UTF_8))?;
    let line = with("\u{feff}{\"op\":\"sum\",\"numbers\":[N]}", n);
    ask(
        &mut alice,
        &Request::bad(line, "a byte order mark is not JSON"),
    )
}

/// Numbers are of 64 bits, their sum is exact: 32 bits are too few, floating point has 53, and a sum may
/// leave even 64 on the way and come back.
fn big_numbers(run: &mut Run) -> Verdict {
    const TOO_LARGE: &str = "the sum does not fit into 64 bits";
    const OUT_OF_RANGE: &str = "a number does not fit into 64 bits";
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    let billions = run
        .random()
        .number(3_000_000_000..=9_000_000_000)
        .cast_signed();
    // One more than floating point can tell from its neighbour.
    let exact = (1 << 53) + 1;
    for request in [
        Request::sum(&[billions, billions]),
        Request::max(&[billions, -billions, 7]),
        Request::sum(&[exact, 0]),
        Request::sort(&[exact, i64::MIN, i64::MAX, exact - 1]),
        Request::sum(&[i64::MAX, 1, -1]),
        Request::sum(&[-1, i64::MIN, 1]),
        Request::sum(&far_out_and_back(run)),
        Request::bad(
            r#"{"op":"sum","numbers":[9223372036854775807,1]}"#,
            TOO_LARGE,
        ),
        Request::bad(
            r#"{"op":"sum","numbers":[-1,-9223372036854775808]}"#,
            TOO_LARGE,
        ),
        Request::bad(
            r#"{"op":"sum","numbers":[9223372036854775808]}"#,
            OUT_OF_RANGE,
        ),
        Request::bad(
            r#"{"op":"max","numbers":[1,-9223372036854775809]}"#,
            OUT_OF_RANGE,
        ),
        Request::bad(
            r#"{"op":"sort","numbers":[100000000000000000000]}"#,
            OUT_OF_RANGE,
        ),
    ] {
        ask(&mut alice, &request)?;
    }
    Ok(())
}

/// Numbers whose sum is small, though adding them in any but the luckiest order leaves 64 bits.
fn far_out_and_back(run: &mut Run) -> Vec<i64> {
    let mut numbers = [[i64::MAX, i64::MIN]; 200].concat();
    run.random().shuffle(&mut numbers);
    numbers.push(small(run));
    numbers
}

/// A client that never ends its line must not fill the memory of the server. The answer is due when one
/// byte too many has come: waiting for the newline would be waiting for what the limit is there to stop.
fn too_long_a_line(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    server.program.watch_memory();
    let mut alice = server.connect("alice")?;
    let longest = Request::sum(&some_numbers(run)).padded_to(LONGEST);
    ask(&mut alice, &longest)?;
    alice.close();

    // Its newline may have come with the same recv as the byte that is too much.
    let line = Request::sum(&some_numbers(run)).padded_to(LONGEST + 1).line;
    let mut bob = server.connect("bob")?;
    ask(&mut bob, &Request::bad(line, A_BYTE_TOO_LONG))?;
    server.settle();
    bob.close();

    let mut mallory = server.connect("mallory")?;
    let endless = format!(r#"{{"op":"sum","numbers":[{}"#, "1,".repeat(LONGEST));
    let too_long = Request::bad(&endless.as_bytes()[..=LONGEST], TOO_LONG);
    mallory.send(&too_long.line)?;
    expect(&mut mallory, &too_long)?;
    mallory.expect_end()?;
    sends_without_end(&mut mallory, endless.as_bytes())?;
    mallory.close();
    server.settle();
    server.program.expect_memory_under(64 << 20)?;

    let mut alice = server.connect("alice")?;
    ask(&mut alice, &Request::sum(&some_numbers(run)))
}

/// Goes on after the server's end. Most servers have closed, and then the kernel resets the connection;
/// one that goes on receiving, so that no reset overtakes its answer, must not keep what comes.
fn sends_without_end(mallory: &mut TcpPeer, endless: &[u8]) -> Verdict {
    const MUCH: usize = 128 << 20;
    let mut sent = 0;
    while sent < MUCH && mallory.send_unless_reset(endless)? {
        sent += endless.len();
    }
    Ok(())
}

/// A client that crashes takes only itself along: in the middle of a line, before its answer, or
/// without a word.
fn survives_a_reset(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let request = Request::sum(&some_numbers(run));
    for sent in [request.line.clone(), request.on_the_wire(), Vec::new()] {
        let mut mallory = server.connect("mallory")?;
        mallory.send(&sent)?;
        mallory.reset()?;
        server.settle();
    }
    server.connect("silent")?.close();

    let mut alice = server.connect("alice")?;
    ask(&mut alice, &request)
}
