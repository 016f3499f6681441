//! 201 listen: socket, bind, listen; then say where, and wait for the end of input. Nothing is
//! accepted yet.

#![forbid(unsafe_code)]

mod hints;
mod notes;

use std::net::{Ipv4Addr, SocketAddr};

use harness::output::Stream;
use harness::{Check, Lesson, Needs, Program, Role, Run, Server, Verdict};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 201,
    slug: "listen",
    title: "Be there to be called",
    role: Role::Server,
    verbs: &["socket", "bind", "listen"],
    checks: &[
        Check::new(
            "announces-the-port",
            2,
            "for port 0 it prints the port that listens",
            announces_the_port,
        ),
        Check::new(
            "given-port",
            1,
            "it listens on the port that it is given",
            given_port,
        ),
        Check::new(
            "listens-before-announcing",
            2,
            "when it prints, it listens already",
            listens_before_announcing,
        ),
        Check::new(
            "address-in-use",
            2,
            "an address that is taken: status 1, and a line that says why",
            address_in_use,
        ),
        Check::new(
            "backlog-is-passed-on",
            2,
            "the accept queue is as long as BACKLOG says",
            backlog_is_passed_on,
        )
        .needs(Needs::Linux),
        Check::new(
            "clients-wait-in-the-queue",
            1,
            "three connect though nobody accepts",
            clients_wait_in_the_queue,
        ),
        Check::new("ipv6", 1, "the same over IPv6", ipv6),
        Check::new(
            "ends-with-its-input",
            1,
            "it ends when its input does, and not before",
            ends_with_its_input,
        ),
    ],
    notes: notes::NOTES,
    hints: hints::HINTS,
};

/// The program knows what port it has got only if it asks the kernel.
fn announces_the_port(run: &mut Run) -> Verdict {
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mut program = run.start(any_port, &[])?;
    let line = announcement(&mut program)?;
    let address: Option<SocketAddr> = line
        .strip_prefix("listening on ")
        .and_then(|address| address.parse().ok());
    match address {
        Some(address) if address.ip() == any_port.ip() && address.port() != 0 => {
            program.expect_listening(address)
        }
        _ => {
            let what = "`listening on 127.0.0.1:PORT`, with the port that the kernel has chosen";
            Err(program.printed_otherwise(Stream::Output, what, &line))
        }
    }
}

/// Clients know an address, not a program: it must be that one.
///
/// Not alone: a server that picks its own port is nowhere to be found in later checks either; this one
/// says that the address is to blame.
fn given_port(run: &mut Run) -> Verdict {
    run.on_a_free_address(listens_where_it_is_told)
}

/// Who reads the announcement may connect at once. The program stands still when it prints, for its
/// standard output is full; and what it has not done by then, it does too late.
fn listens_before_announcing(run: &mut Run) -> Verdict {
    run.on_a_free_address(|run, address| {
        let mut program = run.start_with_full_output(address, &[])?;
        program.expect_listening(address)?;
        program.read_output();
        announcement(&mut program)?;
        Ok(())
    })
}

/// An address can be taken; that is no reason to panic, to keep silent, or to take another.
fn address_in_use(run: &mut Run) -> Verdict {
    let occupied = run.occupy()?;
    let mut program = run.start(occupied.address(), &[])?;
    program.expect_exit(1)?;
    program.expect_error_message()
}

/// The number is for the kernel: how many clients it may keep waiting for this socket.
fn backlog_is_passed_on(run: &mut Run) -> Verdict {
    // Nobody can know both beforehand.
    for backlog in [7, run.random().number(10..=99)] {
        let mut server = announced(run, &[&backlog.to_string()])?;
        server.program.expect_listening(server.address)?;
        let listener = server.program.listener(server.address);
        let limit = listener.map_or(0, |listener| u64::from(listener.backlog));
        if limit != backlog {
            let asked = format!("a backlog of {backlog}");
            let is = format!("the kernel's limit for its socket is {limit}");
            return Err(server.program.fails(&asked, &is));
        }
    }
    Ok(())
}

/// The kernel completes the handshakes by itself. Nobody has to call accept for that, and here
/// nobody does.
///
/// Not alone: who accepts does not notice the end of its input, since it waits in accept; this check
/// says that accepting is the mistake, not the waiting.
fn clients_wait_in_the_queue(run: &mut Run) -> Verdict {
    const NAMES: [&str; 3] = ["alice", "bob", "carol"];
    let mut server = announced(run, &["3"])?;
    let mut clients = Vec::new();
    for name in NAMES {
        clients.push(server.connect(name)?);
    }
    server.settle();
    match server.program.listener(server.address) {
        Some(listener) if listener.queued as usize == NAMES.len() => {}
        Some(listener) => {
            let is = format!("{} are there", listener.queued);
            return Err(server
                .program
                .fails("three clients in the accept queue", &is));
        }
        // Where the kernel does not show its queue, that the clients are left alone must do.
        None => {
            for client in &mut clients {
                client.expect_silence()?;
            }
        }
    }
    Ok(())
}

/// An address is an address, and in text IPv6's has brackets.
fn ipv6(run: &mut Run) -> Verdict {
    run.on_a_free_ipv6_address(listens_where_it_is_told)
}

/// A line is not the end, and at the end there is nothing more to say.
fn ends_with_its_input(run: &mut Run) -> Verdict {
    let mut server = announced(run, &[])?;
    for text in run.random().words(2) {
        server.program.input(format!("{text}\n").as_bytes());
        server.settle();
        server.program.expect_running()?;
    }
    server.program.expect_listening(server.address)?;
    server.program.end_input();
    server.program.expect_exit(0)?;
    server.program.expect_no_more_output()
}

/// The program prints exactly `listening on` and `address`, and so it is.
fn listens_where_it_is_told(run: &mut Run, address: SocketAddr) -> Verdict {
    let mut program = run.start(address, &[])?;
    let line = announcement(&mut program)?;
    let expected = format!("listening on {address}");
    if line != expected {
        let what = format!("`{expected}`");
        return Err(program.printed_otherwise(Stream::Output, &what, &line));
    }
    program.expect_listening(address)?;
    // A socket that listens on all addresses of the machine listens there, too, and to everybody else.
    match program.listener(address) {
        Some(listener) if listener.address != address => {
            let expected = format!("a socket that listens on {address}");
            let actual = format!("the kernel shows one on {}", listener.address);
            Err(program.fails(&expected, &actual))
        }
        _ => Ok(()),
    }
}

/// The program on an address of its own, once it has said that it listens. Whether that is true, and
/// well said, is for the first checks to find out.
fn announced(run: &mut Run, args: &[&str]) -> Verdict<Server> {
    run.on_a_free_address(|run, address| {
        let mut program = run.start(address, args)?;
        announcement(&mut program)?;
        Ok(Server { program, address })
    })
}

/// The first line that the program prints, once it has done what it does after that.
fn announcement(program: &mut Program) -> Verdict<String> {
    let line = program.line("`listening on IP:PORT`")?;
    program.settle();
    Ok(line)
}
