//! A capture as a diagram: a picture that is whole without JavaScript, and what `ladder.js` needs to open
//! a segment's layers and to step through.

mod draw;
mod explain;
mod layers;
mod numbers;

use serde_json::{Value, json};

use crate::capture::script::{Call, Capture, Side, Verb, WAITS};
use crate::capture::source::Program;
use crate::packet::{Packet, Transport, to_hex};
use draw::{Bar, CallLabel, Line, Row, Segment};
use layers::bytes;
use numbers::{Counted, Numbers, thousands};

/// How many letters of a segment's bytes are shown in the picture.
const SHOWN: usize = 13;

/// The figure, as HTML without blank lines, since Markdown would end it there. `id` is unique in the book.
pub(crate) fn figure(id: &str, capture: &Capture) -> anyhow::Result<String> {
    let mut lines = Vec::new();
    let mut waiting = Waiting::default();
    let mut details = Vec::new();
    let mut numbers = Numbers::default();
    for call in &capture.calls {
        if call.frames.is_empty() {
            lines.push(Line {
                bars: waiting.at(call),
                row: Row::Call(label(call)),
            });
            details.push(json!({ "note": explain::call(call) }));
        }
        let mut cause = Some(label(call));
        for frame in &call.frames {
            let sender = capture.sender(frame)?;
            // A call causes the first segment that its side sends; all else is the kernels' work.
            let cause = cause.take_if(|_| sender == call.side);
            let mut note = explain::frame(frame, sender, call);
            if cause.is_some() {
                note = format!("{} {note}", explain::call(call));
            }
            let counted = frame.tcp().map(|tcp| numbers.of(tcp));
            details.push(detail(frame, counted.as_ref(), &note)?);
            lines.push(Line {
                bars: waiting.meanwhile(),
                row: Row::Segment(segment(frame, sender, cause, counted.as_ref())),
            });
        }
    }
    Ok(format!(
        "<figure class=\"ladder\" id=\"{id}\" aria-label=\"{title}\">\n\
         <figcaption>{title}<span class=\"source\">{source}; \
         <code>cargo book capture {name}</code> makes it again</span></figcaption>\n\
         {svg}\
         <script type=\"application/json\" class=\"ladder-data\">{data}</script>\n</figure>\n",
        title = escape(&capture.title),
        source = source(capture),
        name = capture.name,
        svg = draw::svg(id, &capture.title, &lines),
        // A `<` would be an end to the script if it stood before `/script`.
        data = Value::Array(details).to_string().replace('<', "\\u003c"),
    ))
}

/// Where the capture comes from, for the caption.
fn source(capture: &Capture) -> String {
    let names = capture.source.programs.iter().map(Program::name);
    let mut names: Vec<String> = names
        .map(|n| format!("<code>{}</code>", escape(n)))
        .collect();
    // One program may be the server here and the client there.
    names.dedup();
    match names.as_slice() {
        [] => "captured on loopback, from a script of calls".into(),
        names => format!("captured on loopback, from {}", names.join(" and ")),
    }
}

/// Which side sleeps in a call.
#[derive(Debug, Default)]
struct Waiting {
    client: bool,
    server: bool,
}

impl Waiting {
    /// The bars beside a call, which may begin to wait or wait no more.
    fn at(&mut self, call: &Call) -> Vec<Bar> {
        let its = match call.side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        };
        let was_waiting = std::mem::replace(its, call.result == WAITS);
        let begins = *its && !was_waiting;
        let mut bars = self.meanwhile();
        let is_server = call.side == Side::Server;
        bars.retain(|bar| bar.is_server != is_server);
        if begins || was_waiting {
            bars.push(Bar {
                is_server,
                from_here: begins,
                to_here: was_waiting && call.result != WAITS,
            });
        }
        bars
    }

    /// The bars beside what happens while they sleep.
    fn meanwhile(&self) -> Vec<Bar> {
        let sides = [(false, self.client), (true, self.server)];
        let waiting = sides.into_iter().filter(|(_, waits)| *waits);
        waiting
            .map(|(is_server, _)| Bar {
                is_server,
                from_here: false,
                to_here: false,
            })
            .collect()
    }
}

/// What is told and opened when a segment is chosen.
fn detail(frame: &Packet, counted: Option<&Counted>, note: &str) -> anyhow::Result<Value> {
    let layers = layers::of(frame, counted)?;
    Ok(json!({
        "note": note,
        "hex": to_hex(&frame.bytes),
        "layers": layers::to_json(&layers),
    }))
}

fn label(call: &Call) -> CallLabel {
    let text = match &call.verb {
        Verb::SocketStream | Verb::SocketDatagram => "socket()".into(),
        Verb::Bind(address) => format!("bind(:{})", address.port()),
        Verb::Listen(backlog) => format!("listen({backlog})"),
        Verb::Connect(_) => "connect()".into(),
        Verb::Accept => "accept()".into(),
        Verb::Send(bytes) => format!("send({} B)", bytes.len()),
        Verb::Recv(_) => "recv()".into(),
        Verb::SendTo(bytes, _) => format!("sendto({} B)", bytes.len()),
        Verb::RecvFrom(_) => "recvfrom()".into(),
        Verb::Shutdown => "shutdown(WR)".into(),
        Verb::Poll { .. } => "poll()".into(),
        Verb::SocketError => "SO_ERROR".into(),
        Verb::LingerZero => "SO_LINGER 0".into(),
        Verb::NoDelay => "TCP_NODELAY".into(),
        Verb::ReuseAddress => "SO_REUSEADDR".into(),
        Verb::Close => "close()".into(),
        Verb::Exit => "the end".into(),
        Verb::Interrupt => "Ctrl-C".into(),
    };
    let result = match call.result.as_str() {
        "a socket" if call.verb == Verb::SocketStream => "for TCP".into(),
        "a socket" => "for UDP".into(),
        "0" => match call.verb {
            Verb::Recv(_) => "= 0, the end".into(),
            Verb::Connect(_) => "= connected".into(),
            Verb::SendTo(..) | Verb::RecvFrom(_) => "= 0".into(),
            _ => String::new(),
        },
        "a connection" => "= a socket".into(),
        WAITS => "waits …".into(),
        result => match result.split_once(' ') {
            // The bytes themselves are at the arrow.
            Some((count, _)) if result.len() >= SHOWN => format!("= {count} bytes"),
            _ => format!("= {result}"),
        },
    };
    CallLabel {
        is_server: call.side == Side::Server,
        call: text,
        result,
    }
}

/// The line below an arrow.
fn below(frame: &Packet, counted: Option<&Counted>) -> String {
    let (Some(tcp), Some(counted)) = (frame.tcp(), counted) else {
        return match &frame.transport {
            Transport::Icmp(_) => "ICMP".into(),
            _ => bytes(frame.payload.len()),
        };
    };
    let window = thousands(counted.window);
    match (tcp.syn, tcp.rst) {
        (true, _) => format!("win {window}"),
        // A reset has no window, and the numbers of a refusal count from nothing.
        (_, true) => String::new(),
        _ => format!(
            "seq {} ack {} win {window}",
            counted.sequence, counted.acknowledged
        ),
    }
}

fn segment(
    frame: &Packet,
    sender: Side,
    cause: Option<CallLabel>,
    counted: Option<&Counted>,
) -> Segment {
    let title = match &frame.transport {
        Transport::Tcp(_) if frame.payload.is_empty() => frame.flags(),
        // With bytes the flags are always PSH and ACK, and FIN is what matters.
        Transport::Tcp(tcp) if tcp.fin => "FIN".into(),
        Transport::Tcp(_) => String::new(),
        Transport::Udp(_) => "UDP".into(),
        Transport::Icmp(_) => "port unreachable".into(),
    };
    let is_icmp = matches!(frame.transport, Transport::Icmp(_));
    let data = if frame.payload.is_empty() || is_icmp {
        String::new()
    } else {
        shorten(&crate::capture::script::quote(&frame.payload))
    };
    let receiver = match sender {
        Side::Client => Side::Server,
        Side::Server => Side::Client,
    };
    let what = match &frame.transport {
        Transport::Tcp(_) => frame.flags(),
        _ => title.clone(),
    };
    let carried = match frame.payload.len() {
        _ if is_icmp => String::new(),
        0 => ", no bytes".into(),
        n => format!(", {}: {data}", bytes(n)),
    };
    Segment {
        from_server: sender == Side::Server,
        cause,
        numbers: below(frame, counted),
        is_reset: is_icmp || frame.tcp().is_some_and(|tcp| tcp.rst),
        spoken: format!("{sender} to {receiver}: {what}{carried}"),
        title,
        data,
    }
}

/// At most so many letters, with a mark where some were left out.
fn shorten(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    let kept: String = text.chars().take(SHOWN - 1).collect();
    format!("{kept}…")
}

/// Text inside of HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A datagram of two bytes from port 51000 to port 5353.
    const SCRIPT: &str = "title: One <datagram>\n\
        script: a test\n\n\
        server socket datagram = a socket\n\
        server bind 127.0.0.1:5353 = 0\n\
        client sendto \"hi\" 127.0.0.1:5353 = 2\n    \
        00000000000000000000000008004500001e000040004011\
        3ccd7f0000017f000001c73814e9000afe1d6869\n\
        server recvfrom 100 = 2 \"hi\"\n";

    fn drawn() -> String {
        let capture = Capture::parse("one", SCRIPT).expect("it can be read");
        figure("ladder-7", &capture).expect("it can be drawn")
    }

    #[test]
    fn each_call_and_each_segment_is_a_row_and_has_something_to_tell() {
        let figure = drawn();
        assert_eq!(figure.matches("class=\"row call\"").count(), 3);
        assert_eq!(figure.matches("class=\"row segment\"").count(), 1);
        assert_eq!(figure.matches("\"note\":").count(), 4);
        assert!(figure.contains("client to server: UDP, 2 bytes: &quot;hi&quot;"));
    }

    #[test]
    fn who_waits_has_a_bar_from_the_call_to_its_return() {
        let script = SCRIPT.replace(
            "client sendto",
            "server recvfrom 100 = waits\nclient sendto",
        );
        let capture = Capture::parse("one", &script).expect("it can be read");
        let figure = figure("ladder-8", &capture).expect("it can be drawn");
        // Beside the call, the segment and the return.
        assert_eq!(figure.matches("class=\"waits\"").count(), 3);
        assert_eq!(drawn().matches("class=\"waits\"").count(), 0);
    }

    #[test]
    fn the_figure_is_one_block_of_html() {
        let figure = drawn();
        assert!(
            !figure.trim_end().contains("\n\n"),
            "Markdown would end it there"
        );
        assert!(figure.contains("One &lt;datagram&gt;"));
    }

    #[test]
    fn the_layers_take_all_bytes_of_the_frame_once() {
        let capture = Capture::parse("one", SCRIPT).expect("it can be read");
        let frame = &capture.calls[2].frames[0];
        let layers = layers::to_json(&layers::of(frame, None).expect("it has layers"));
        let mut taken = vec![0; frame.bytes.len()];
        let fields = layers.as_array().into_iter().flatten();
        let fields = fields.flat_map(|layer| layer[2].as_array().into_iter().flatten());
        for field in fields {
            let place = |at: usize| field[at].as_u64().and_then(|n| usize::try_from(n).ok());
            let (start, len) = (place(2).expect("a start"), place(3).expect("a length"));
            taken[start..start + len]
                .iter_mut()
                .for_each(|count| *count += 1);
        }
        assert_eq!(taken, vec![1; frame.bytes.len()]);
    }

    #[test]
    fn long_text_is_shortened_and_short_text_is_not() {
        assert_eq!(shorten("hello"), "hello");
        assert_eq!(shorten("12345678901234567890"), "123456789012…");
    }

    #[test]
    fn what_a_program_sent_cannot_become_html() {
        assert_eq!(escape("<b a=\"&\">"), "&lt;b a=&quot;&amp;&quot;&gt;");
    }
}
