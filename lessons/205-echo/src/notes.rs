//! What only this lesson can say about a failure: here the answer is what the client sent, and nothing
//! else.

use harness::diagnosis::{Case, Diagnosis};
use harness::evidence::Waits;
use harness::failure::Actual;
use harness::payload::count;

/// Text came that this client never sent: a greeting, a prompt, a prefix.
pub(crate) fn words_of_its_own(case: &Case<'_>) -> Option<Diagnosis> {
    let Actual::Different { difference } = &case.failure.actual else {
        return None;
    };
    let came = String::from_utf8(difference.actual.clone()).ok()?;
    let is_text = came.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    let peer = case.peer();
    let sent = case.transcript.sent(peer);
    let sent: String = sent.into_iter().map(|payload| payload.shown).collect();
    if difference.from > 0 || !is_text || sent.contains(&came) {
        return None;
    }
    Some(Diagnosis::new(
        "words-of-its-own",
        format!(
            "What came begins with \"{came}\", which {peer} never sent. An echo is made of the client's \
             bytes and of nothing else: no greeting, no prompt, no word of your program's own."
        ),
    ))
}

/// Byte by byte came, and none was answered.
pub(crate) fn pieces(case: &Case<'_>) -> Option<Diagnosis> {
    const ENOUGH: usize = 3;
    let Actual::Nothing { received } = &case.failure.actual else {
        return None;
    };
    let sent = case.transcript.sent(case.peer());
    let bytes = sent.iter().rev().take_while(|piece| piece.len == 1).count();
    if received.len > 0 || bytes < ENOUGH || !case.waits_on_peer(Waits::ToReceive) {
        return None;
    }
    Some(Diagnosis::new(
        "answers-no-pieces",
        format!(
            "{bytes} times a single byte came, your program received each, and it answered none of \
             them. A message may arrive in pieces of any size. Send back what recv has brought, at \
             once: do not wait for a line, a full buffer or a least length."
        ),
    ))
}

/// The connection was closed after just as many bytes as a buffer holds. recv with no room left in the
/// buffer returns 0, like at the end.
pub(crate) fn a_buffer_that_is_full(case: &Case<'_>) -> Option<Diagnosis> {
    const SMALLEST: usize = 256;
    let (Actual::Ended { .. } | Actual::Reset { .. }) = &case.failure.actual else {
        return None;
    };
    let peer = case.peer();
    let came_back = case.transcript.bytes_received(peer);
    let is_round = came_back > 0 && came_back.is_multiple_of(SMALLEST);
    if !is_round || case.evidence().exit.is_some() || case.transcript.has_ended_sending(peer) {
        return None;
    }
    Some(Diagnosis::new(
        "a-buffer-that-is-full",
        format!(
            "Your program closed the connection after {} had come back to {peer}, in all: a round \
             number. Has your buffer that size, and is it full? recv into no room returns 0, and that \
             looks like the end. Begin at the start of the buffer again, each time you call recv.",
            count(came_back)
        ),
    ))
}
