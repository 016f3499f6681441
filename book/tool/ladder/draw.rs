//! The picture: client left, server right, time downwards.
//!
//! Horizontal places are percentages and letters have a fixed size, so that one picture fits a phone and
//! a desk.

use super::escape;

/// What the picture shows, from the top to the bottom.
#[derive(Debug)]
pub(crate) enum Row {
    /// A call that sets nothing in motion.
    Call(CallLabel),
    /// A segment, with the call that caused it, if one did.
    Segment(Segment),
}

/// A row, and who waits meanwhile.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) row: Row,
    pub(crate) bars: Vec<Bar>,
}

/// A thick line on a lifeline: its side sleeps in a call.
#[derive(Debug)]
pub(crate) struct Bar {
    pub(crate) is_server: bool,
    /// Whether the call begins in this row, or returns in it.
    pub(crate) from_here: bool,
    pub(crate) to_here: bool,
}

/// What is written beside the lifeline of its side.
#[derive(Debug)]
pub(crate) struct CallLabel {
    pub(crate) is_server: bool,
    pub(crate) call: String,
    pub(crate) result: String,
}

/// An arrow from one side to the other.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) from_server: bool,
    /// Who caused it: a call, or nobody but the kernel.
    pub(crate) cause: Option<CallLabel>,
    /// Above the arrow: the flags.
    pub(crate) title: String,
    /// Behind them: the bytes that it brings, shortened.
    pub(crate) data: String,
    /// Below the arrow: numbers.
    pub(crate) numbers: String,
    /// Drawn as a break: a reset, or an ICMP message.
    pub(crate) is_reset: bool,
    /// For who hears the page.
    pub(crate) spoken: String,
}

/// Where the client's and the server's lifelines are, in percent of the width.
const CLIENT: u32 = 28;
const SERVER: u32 = 72;
/// Heights in pixels.
const HEAD: u32 = 44;
const CALL_HEIGHT: u32 = 44;
const SEGMENT_HEIGHT: u32 = 56;
/// How far below the top of a call's row its dot is.
const DOT: u32 = 12;
/// How far an arrow falls: time passes on the way.
const FALL: u32 = 12;

/// The SVG element. `id` makes its references unique on a page.
pub(crate) fn svg(id: &str, title: &str, lines: &[Line]) -> String {
    let mut y = HEAD;
    let mut body = String::new();
    for (number, Line { row, bars }) in lines.iter().enumerate() {
        let height = match row {
            Row::Call(_) => CALL_HEIGHT,
            Row::Segment(_) => SEGMENT_HEIGHT,
        };
        let bars: String = bars.iter().map(|bar| waits(bar, y, height)).collect();
        body += &match row {
            Row::Call(label) => format!(
                "<g class=\"row call\" data-row=\"{number}\">{bars}{}{}</g>\n",
                dot(label.is_server, y + DOT),
                call(label, y + 10)
            ),
            Row::Segment(segment) => arrow(id, number, segment, &bars, y),
        };
        y += height;
    }
    format!(
        "<svg class=\"lanes\" width=\"100%\" height=\"{height}\" role=\"group\" aria-label=\"{title}\">\n\
         <defs>{marker}{reset_marker}</defs>\n\
         <text class=\"party\" x=\"{CLIENT}%\" y=\"16\" text-anchor=\"middle\">client</text>\n\
         <text class=\"party\" x=\"{SERVER}%\" y=\"16\" text-anchor=\"middle\">server</text>\n\
         <line class=\"life\" x1=\"{CLIENT}%\" x2=\"{CLIENT}%\" y1=\"26\" y2=\"{height}\"/>\n\
         <line class=\"life\" x1=\"{SERVER}%\" x2=\"{SERVER}%\" y1=\"26\" y2=\"{height}\"/>\n\
         {body}</svg>\n",
        height = y + 8,
        title = escape(title),
        marker = marker(&format!("{id}-tip"), "tip"),
        reset_marker = marker(&format!("{id}-reset"), "tip reset"),
    )
}

fn marker(id: &str, class: &str) -> String {
    format!(
        "<marker id=\"{id}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" \
         orient=\"auto\"><path class=\"{class}\" d=\"M0 1L10 5L0 9z\"/></marker>"
    )
}

fn waits(bar: &Bar, y: u32, height: u32) -> String {
    let x = if bar.is_server { SERVER } else { CLIENT };
    let start = if bar.from_here { y + DOT } else { y };
    let end = if bar.to_here { y + DOT } else { y + height };
    format!("<line class=\"waits\" x1=\"{x}%\" x2=\"{x}%\" y1=\"{start}\" y2=\"{end}\"/>")
}

fn arrow(id: &str, number: usize, segment: &Segment, bars: &str, y: u32) -> String {
    let (from, to) = if segment.from_server {
        (SERVER, CLIENT)
    } else {
        (CLIENT, SERVER)
    };
    let (start, end) = (y + 20, y + 20 + FALL);
    let (class, tip) = if segment.is_reset {
        ("wire reset", "reset")
    } else {
        ("wire", "tip")
    };
    let cause = match &segment.cause {
        Some(label) => call(label, y + 18),
        None => note(segment.from_server, y + 24),
    };
    let data = if segment.data.is_empty() {
        String::new()
    } else {
        format!(" <tspan class=\"data\">{}</tspan>", escape(&segment.data))
    };
    let numbers = if segment.numbers.is_empty() {
        String::new()
    } else {
        format!(
            "<text class=\"numbers\" x=\"50%\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            end + 16,
            escape(&segment.numbers)
        )
    };
    format!(
        "<g class=\"row segment\" data-row=\"{number}\" tabindex=\"0\" role=\"button\" aria-label=\"{spoken}\">\
         <rect class=\"hit\" x=\"{CLIENT}%\" y=\"{y}\" width=\"{width}%\" height=\"{SEGMENT_HEIGHT}\" rx=\"6\"/>\
         {bars}{cause}\
         <text class=\"title\" x=\"50%\" y=\"{above}\" text-anchor=\"middle\">{title}{data}</text>\
         <line class=\"{class}\" x1=\"{from}%\" y1=\"{start}\" x2=\"{to}%\" y2=\"{end}\" marker-end=\"url(#{id}-{tip})\"/>\
         {numbers}</g>\n",
        spoken = escape(&segment.spoken),
        width = SERVER - CLIENT,
        above = y + 15,
        title = escape(&segment.title),
    )
}

fn dot(is_server: bool, y: u32) -> String {
    let x = if is_server { SERVER } else { CLIENT };
    format!("<circle class=\"dot\" cx=\"{x}%\" cy=\"{y}\" r=\"3.5\"/>")
}

fn call(label: &CallLabel, y: u32) -> String {
    let (x, anchor) = beside(label.is_server);
    format!(
        "<text class=\"verb\" x=\"{x}%\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>\
         <text class=\"result\" x=\"{x}%\" y=\"{below}\" text-anchor=\"{anchor}\">{}</text>",
        escape(&label.call),
        escape(&label.result),
        below = y + 16,
    )
}

fn note(is_server: bool, y: u32) -> String {
    let (x, anchor) = beside(is_server);
    format!(
        "<text class=\"kernel\" x=\"{x}%\" y=\"{y}\" text-anchor=\"{anchor}\">the kernel</text>"
    )
}

/// Where text beside a lifeline is, and which of its ends is there.
fn beside(is_server: bool) -> (u32, &'static str) {
    if is_server {
        (SERVER + 2, "start")
    } else {
        (CLIENT - 2, "end")
    }
}
