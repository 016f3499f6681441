//! The program has ended where it should have gone on.

use super::{Case, Diagnosis};
use crate::failure::Expected;
use crate::kernel::Protocol;
use crate::payload::visible;

/// A todo!() that was met, in whichever thread: until it is written, nothing else tells more.
pub(super) fn todo(case: &Case<'_>) -> Option<Diagnosis> {
    Panic::find(&case.evidence().error)?.todo()
}

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    let evidence = case.evidence();
    evidence.exit.as_ref()?;
    if !evidence.limits.is_empty() {
        return Some(out_of_bounds(&evidence.limits));
    }
    if let Some(panic) = Panic::find(&evidence.error) {
        return Some(panic.diagnosis(case));
    }
    if let Some(signal) = &evidence.signal {
        let full = |line: &String| line.contains("has overflowed its stack");
        return Some(if evidence.error.iter().any(full) {
            stack_overflow()
        } else {
            killed(signal)
        });
    }
    let status = evidence.status?;
    if let Expected::Exit { status: expected } = case.failure.expected {
        return Some(Diagnosis::new(
            "wrong-status",
            format!(
                "The lesson asks for exit status {expected} here. Return it from main with \
                 ExitCode::from({expected}), or call std::process::exit({expected})."
            ),
        ));
    }
    if let Expected::Print { .. } = case.failure.expected {
        return None;
    }
    let said = evidence.error.last().map(|line| visible(line));
    let words = Words::of(&case.failure.expected);
    Some(match (&case.failure.expected, status, said) {
        (Expected::Listening { .. }, 0, _) => Diagnosis::new(
            "ended-before-listening",
            format!(
                "Your program came to the end of main without ever waiting for a client. {}",
                words.serving
            ),
        ),
        (Expected::Listening { address, .. }, _, Some(said)) if address.is_ipv6() => {
            Diagnosis::new(
                "gave-up-on-ipv6",
                format!(
                    "Your program gave up before it {}, and said why: \"{said}\". The address is one of \
                 IPv6. Take the address as a SocketAddr, which holds either kind, and open a socket of \
                 its kind: AF_INET for IPv4, AF_INET6 for IPv6.",
                    words.ready
                ),
            )
        }
        (Expected::Listening { .. }, _, Some(said)) => Diagnosis::new(
            "gave-up-before-listening",
            format!(
                "Your program gave up before it {}, and said why: \"{said}\". Find the call that it \
                 tells of: {}.",
                words.ready, words.calls
            ),
        ),
        (_, 0, _) => Diagnosis::new(
            "ended-too-early",
            format!(
                "Your program came to the end of main while clients still needed it. {}",
                words.again
            ),
        ),
        (_, _, said) => {
            let said = said.map_or(String::new(), |said| format!(" and said \"{said}\""));
            Diagnosis::new(
                "ended-with-an-error",
                format!(
                    "Your program ended with status {status}{said}. One client's trouble must not \
                     end the server: handle the error, {}.",
                    words.next
                ),
            )
        }
    })
}

fn out_of_bounds(limits: &[String]) -> Diagnosis {
    let limits = limits.join(", and ");
    Diagnosis::new(
        "out-of-bounds",
        format!(
            "Your program wanted more of the machine than it is given here: {limits}. No lesson needs \
             that much. Look for a loop that does not end, or for something that is kept or started \
             in each round and never let go."
        ),
    )
}

fn stack_overflow() -> Diagnosis {
    Diagnosis::new(
        "stack-overflow",
        "Your program has used up its stack. Each function that is running has a part of it, with its \
         arrays; a function that calls itself has one for each time. Use a loop where a function calls \
         itself to go on, and a Vec for a large buffer.",
    )
}

/// What a server does, over TCP and over UDP.
struct Words {
    serving: &'static str,
    ready: &'static str,
    calls: &'static str,
    again: &'static str,
    next: &'static str,
}

impl Words {
    fn of(expected: &Expected) -> &'static Self {
        match expected {
            Expected::Datagram { .. }
            | Expected::Listening {
                protocol: Protocol::Udp,
                ..
            } => &Self {
                serving: "A server binds, and then stays in a loop that receives and answers.",
                ready: "was bound",
                calls: "socket or bind (UDP has no listen and no accept)",
                again: "A server answers one datagram after another, without end: recvfrom and sendto \
                        belong inside a loop.",
                next: "and receive the next datagram",
            },
            _ => &Self {
                serving: "A server binds, listens, and then stays in a loop that accepts.",
                ready: "listened",
                calls: "socket, bind or listen",
                again: "A server serves one client after another, without end: the accept belongs \
                        inside a loop.",
                next: "drop that connection, accept the next",
            },
        }
    }
}

/// Whether the program has ended by a panic, which says most itself.
pub(super) fn has_panicked(case: &Case<'_>) -> bool {
    Panic::find(&case.evidence().error).is_some()
}

fn killed(signal: &str) -> Diagnosis {
    let meaning = match signal {
        "SIGPIPE" => {
            "The kernel ended your program with SIGPIPE: it sent on a connection whose other end \
             had gone. Rust's programs ignore that signal and get the error EPIPE from send instead; \
             in other languages ignore it (signal(SIGPIPE, SIG_IGN)) or send with MSG_NOSIGNAL."
        }
        "SIGSEGV" | "SIGBUS" => {
            "Your program touched memory that is not its own, and the kernel ended it."
        }
        "SIGABRT" => {
            "Your program gave up by abort(): look at its last words. In Rust that is a panic while \
             another panic was on its way, or a stack that overflowed."
        }
        "SIGKILL" => {
            "Somebody ended your program with SIGKILL, which it cannot refuse: mostly the kernel, \
             when memory runs out. Does it hold more and more?"
        }
        "SIGALRM" => "Your program set an alarm and did not handle its signal, which ends it.",
        _ => "A signal ended your program. Look at its last words.",
    };
    Diagnosis::new("killed", meaning)
}

/// A Rust program's panic, read from its standard error.
struct Panic {
    place: Option<String>,
    message: String,
}

impl Panic {
    fn find(error: &[String]) -> Option<Self> {
        let at = error
            .iter()
            .position(|l| l.contains("' panicked at ") || l.contains(") panicked at "))?;
        let place = error[at].split("panicked at ").nth(1).map(|place| {
            let place = place.trim_end_matches(':');
            // Line, without the column.
            let place = place.rsplit_once(':').map_or(place, |(line, _)| line);
            visible(place)
        });
        let message: Vec<String> = error[at + 1..]
            .iter()
            .take_while(|line| !line.starts_with("note: run with"))
            .take(2)
            .map(|line| visible(line))
            .collect();
        Some(Self {
            place,
            message: message.join(" "),
        })
    }

    /// The message without its full stop; of a long one (all the bytes that are no text) both ends.
    fn shortened(&self) -> String {
        const END: usize = 80;
        let message = self.message.trim_end_matches('.');
        let len = message.chars().count();
        if len <= 3 * END {
            return message.to_owned();
        }
        let head: String = message.chars().take(END).collect();
        let tail: String = message.chars().skip(len - END).collect();
        format!("{head} … {tail}")
    }

    fn place(&self) -> &str {
        self.place.as_deref().unwrap_or("src/main.rs")
    }

    fn todo(&self) -> Option<Diagnosis> {
        let todo = self.message.strip_prefix("not yet implemented")?;
        let todo = todo.trim_start_matches(':').trim();
        let place = self.place();
        Some(Diagnosis::new(
            "todo",
            format!(
                "Your program came to a todo!() that is still to be written. Here is what \
                 belongs there: {todo} Open {place}, write it in place of the todo!(), and run \
                 the checks again. One todo!() after another: that is the whole exercise."
            ),
        ))
    }

    fn diagnosis(&self, case: &Case<'_>) -> Diagnosis {
        let place = self.place();
        let advice = if matches!(case.failure.expected, Expected::Exit { .. }) {
            "A panic is for mistakes in the program; what may well happen, such as an address in \
             use, deserves a line on standard error and an exit status."
        } else if let Expected::Translation { due } = &case.failure.expected {
            &one_line(due.number)
        } else if ["ConnectionReset", "BrokenPipe", "NotConnected"]
            .iter()
            .any(|kind| self.message.contains(kind))
        {
            "A client may vanish at any time, even before it was accepted: recv then says ECONNRESET, \
             send EPIPE, getpeername ENOTCONN. That ends this connection, not the server. Handle the \
             error in place of unwrap()."
        } else if self.message.contains("Utf8Error") {
            "What a client sends need not be text. Keep it as bytes, &[u8], from where you receive it to \
             where you send it."
        } else if self.message.contains("out of range") || self.message.contains("slice index") {
            "It took more bytes from a buffer than there are. Look at how many have come before you take \
             them, and at how many there is room for."
        } else if matches!(case.failure.expected, Expected::Listening { .. }) {
            "Handle the error in place of unwrap() or expect(), and let main return it."
        } else {
            "Handle the error in place of unwrap() or expect(). What goes wrong on one connection \
             should end that connection, and nothing else."
        };
        Diagnosis::new(
            "panicked",
            format!(
                "Your program panicked at {place}: {}. {advice}",
                self.shortened()
            ),
        )
    }
}

/// A filter's panic.
fn one_line(number: usize) -> String {
    format!(
        "It was about to answer line {number} of the input. What a line holds is not in your hands, \
         and one line that makes no sense must not keep the others from being answered: look before \
         you slice or unwrap, and print `error: ` with a reason for what is not there."
    )
}
