//! More lines than the kernel keeps for a member who does not read.

use harness::failure::Actual;
use harness::payload::Payload;
use harness::{Stopped, TcpPeer, Verdict};

use crate::notes::NEXT;
use crate::room::Member;

/// How many lines are said before everyone who reads has heard them: a quarter of the MiB that may
/// wait for a member.
const LINES: usize = 250;
/// How often. The kernel keeps about 4 MiB on the way to a member; with this it gets 8 of them.
const ROUNDS: usize = 32;
/// How long each line is, in bytes, without its newline.
const LENGTH: usize = 1_000;

/// All that one member says.
pub(crate) struct Flood {
    lines: Vec<String>,
}

impl Flood {
    /// Long lines that begin with `word` and end with their number.
    pub(crate) fn of(word: &str) -> Self {
        let line = |number: usize| {
            let number = number.to_string();
            let filler = "-".repeat(LENGTH - word.len() - number.len());
            format!("{word}{filler}{number}")
        };
        Self {
            lines: (1..=LINES * ROUNDS).map(line).collect(),
        }
    }

    /// In words.
    pub(crate) fn told(speaker: &Member) -> String {
        let who = speaker.peer.name();
        format!("{who} says 8,000 lines of 1,000 bytes; whoever reads hears them")
    }

    /// `speaker` says all of it, and `listener` hears it meanwhile, with or without the news that the
    /// member called `slow` was dropped. Whether that was among it.
    pub(crate) fn passes(
        &self,
        speaker: &mut Member,
        listener: &mut Member,
        slow: &str,
    ) -> Verdict<bool> {
        let news = format!("- {slow}");
        let mut dropped = false;
        for lines in self.lines.chunks(LINES) {
            let said: String = lines.iter().map(|line| format!("{line}\n")).collect();
            speaker.peer.send(said.as_bytes())?;
            for line in lines {
                let mut heard = next_line(&mut listener.peer, speaker)?;
                if !dropped && heard == news.as_bytes() {
                    dropped = true;
                    heard = next_line(&mut listener.peer, speaker)?;
                }
                if heard != speaker.says(line).trim_end().as_bytes() {
                    return Err(listener.peer.fails(NEXT, "another line came"));
                }
            }
        }
        Ok(dropped)
    }

    /// Whether all that was `heard` are whole lines of `speaker`'s, in their order; of a flood that
    /// found no room some may be missing.
    pub(crate) fn is_kept_in(&self, heard: &[u8], speaker: &Member) -> bool {
        let mut said = self.lines.iter().map(|line| speaker.says(line));
        let mut heard = heard.split_inclusive(|&byte| byte == b'\n');
        heard.all(|heard| said.any(|line| line.as_bytes() == heard))
    }
}

/// The next line that `listener` hears. How much it has heard before is chance, and so the report does
/// not say.
fn next_line(listener: &mut TcpPeer, speaker: &Member) -> Verdict<Vec<u8>> {
    let about = format!("all that {} says", speaker.peer.name());
    listener.line(NEXT).map_err(|stopped| {
        let mut stopped = stopped.about(&about);
        if let Stopped::Failed(failure) = &mut stopped
            && let Actual::Nothing { received } = &mut failure.actual
        {
            *received = Payload::new(b"");
        }
        stopped
    })
}
