//! What is in DIR, or how much memory it took, is not what it should be.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::{Actual, Expected};

use super::{
    CONTENT_OF, IS_THERE, KEPT, NO_CHANGE, NO_SUCH_FILE, NOT_BEFORE_ITS_END, NOTHING_LEFT, SYNCED,
};

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::Fact { what }, Actual::Other { what: actual }) =
        (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    let stored = "What stored means";
    Some(if what == SYNCED {
        Diagnosis::new(
            "not-synced",
            "The file has its name and its content, but the content is in the kernel's memory: were the \
             power cut now, it would be lost, after the sender was told that it is stored. Write all of \
             it, call sync_all (fsync), and answer when that has returned.",
        )
        .section(stored)
    } else if what == NOT_BEFORE_ITS_END && actual == IS_THERE {
        Diagnosis::new(
            "half-a-file-to-be-seen",
            "A part of the file has arrived, and a file of its name is in DIR already: who opens it now \
             sees half of it and cannot know. Write into a temporary file of another name, and rename it \
             when it is complete.",
        )
        .section(stored)
    } else if what.ends_with(CONTENT_OF) && actual == NO_SUCH_FILE {
        Diagnosis::new(
            "said-and-not-done",
            "Your program answered 06, and at that moment there was no file of that name in DIR. Store \
             first, answer then. Does the file get exactly the name that was sent, and in DIR?",
        )
        .section(stored)
    } else if what.ends_with(CONTENT_OF) {
        Diagnosis::new(
            "other-content",
            "The content is what follows the header: as many bytes as the size says, all of them, \
             unchanged and in order. What one recv brings may be less than all. Keep them as bytes, and \
             write just those that came: &buffer[..n].",
        )
        .section("A header says what follows")
    } else if what.starts_with(NOTHING_LEFT) {
        leftovers(case)
    } else if what.starts_with(NO_CHANGE) {
        Diagnosis::new(
            "writes-outside",
            "The sender chose that name, and your program wrote where it leads. Decide whether a name is \
             allowed before you touch any file.",
        )
        .section("A name is a claim")
    } else if what.starts_with(KEPT) {
        Diagnosis::new(
            "does-not-keep",
            "Your program refused the file, and yet something in DIR has changed. Look whether the name is \
             taken before you open or create anything: File::create empties a file that exists, and \
             follows a link.",
        )
        .section("A name is a claim")
    } else if what.starts_with("its memory") {
        Diagnosis::new(
            "whole-file-in-memory",
            "The file has 256 MiB, and your program held much of it in memory at a time. fs::read and \
             read_to_end do that, and so does vec![0; size]. Receive into a buffer of some KiB, write that \
             to the file, and use it again; io::copy does just that, in both directions.",
        )
        .section("A file is larger than memory")
    } else {
        return None;
    })
}

fn leftovers(case: &Case<'_>) -> Diagnosis {
    let meaning = if case.peer_has_all_stored() {
        "The file is stored, and something else is in DIR that was not there before: a temporary file? \
         Rename it in place of copying it, or remove it."
    } else {
        "The connection ended before the file was complete, by an end or by a reset. So there is no file, \
         and nothing of it may stay in DIR. Remove the temporary file whenever something goes wrong, \
         whichever error it is: also where recv says ECONNRESET, and where an early return or ? leaves the \
         function."
    };
    Diagnosis::new("leaves-something-behind", meaning).section("What stored means")
}

trait Stored {
    fn peer_has_all_stored(&self) -> bool;
}

impl Stored for Case<'_> {
    /// Whether the last of the senders has sent a whole file.
    fn peer_has_all_stored(&self) -> bool {
        self.transcript.has_received("alice")
    }
}
