//! A client of the lesson's: it says lines, and knows how long it may be silent.

use std::time::Duration;

use harness::run::Server;
use harness::{Clarity, Moment, Pace, TcpPeer, TimeLimit, Verdict};

/// A connection, and the time that it is granted.
pub(crate) struct Client {
    pub(crate) peer: TcpPeer,
    idle: Duration,
    limit: TimeLimit,
    /// Whether it has said a line so late that a right program may have closed the connection before.
    was_late: bool,
}

/// When the end of a connection is right that has been idle for `idle`.
fn pace(idle: Duration) -> Pace {
    Pace {
        least: idle * 9 / 10,
        most: idle * 2,
    }
}

impl Client {
    pub(crate) fn connect(server: &Server, name: &str, idle: Duration) -> Verdict<Self> {
        let peer = server.connect(name)?;
        let limit = peer.time_limit(peer.made(), "it was made", idle, pace(idle));
        Ok(Self {
            peer,
            idle,
            limit,
            was_late: false,
        })
    }

    /// Says a line, which must come back: from now on it may be silent again for as long.
    pub(crate) fn says(&mut self, word: &str) -> Verdict<Clarity> {
        self.says_in_pieces(word, "")
    }

    /// The same with a line of which the first piece comes by itself. Whole lines in that piece come back
    /// before the rest is sent.
    pub(crate) fn says_in_pieces(&mut self, first: &str, rest: &str) -> Verdict<Clarity> {
        if self.is_open()? == Clarity::Unclear {
            return Ok(Clarity::Unclear);
        }
        let all = format!("{first}{rest}\n");
        let (mut line, mut piece) = (all.as_bytes(), all.as_bytes());
        if !rest.is_empty() {
            let (half, last) = piece.split_at(first.len());
            let (said, goes_on) =
                Moment::of(|| self.peer.send_piece_unless_ended(half, self.idle / 4));
            if !goes_on? {
                return self.is_open();
            }
            let (whole, unfinished) = line.split_at(first.rfind('\n').map_or(0, |end| end + 1));
            if !(whole.is_empty() || self.peer.expect_unless_ended(whole)?) {
                return self.is_unanswered(whole, said);
            }
            (line, piece) = (unfinished, last);
        }
        let (said, taken) = Moment::of(|| self.peer.send_unless_reset(piece));
        if self.limit.since().until(said).most >= pace(self.idle).least {
            self.was_late = true;
            return Ok(Clarity::Unclear);
        }
        if !(taken? && self.peer.expect_unless_ended(line)?) {
            return self.is_unanswered(line, said);
        }
        let event = format!("{}'s last line", self.peer.name());
        self.limit = self
            .peer
            .time_limit(said, &event, self.idle, pace(self.idle));
        Ok(Clarity::Clear)
    }

    /// The connection has ended, and this line was not answered: the time of the line before was over, or
    /// the program says so.
    fn is_unanswered(&mut self, line: &[u8], said: Moment) -> Verdict<Clarity> {
        let clarity = self.is_open()?;
        if self.peer.ended_long_after(said, &self.limit) {
            self.peer.expect(line)?;
        }
        Ok(clarity)
    }

    /// The same where time does not matter.
    pub(crate) fn echoes(&mut self, word: &str) -> Verdict {
        let line = format!("{word}\n");
        self.peer.send(line.as_bytes())?;
        self.peer.expect(line.as_bytes())
    }

    /// Is silent for so long, or until the program ends the connection.
    pub(crate) fn pauses(&mut self, time: Duration) {
        self.peer.let_pass(time);
    }

    /// Expects that the connection was not closed before its time.
    pub(crate) fn is_open(&mut self) -> Verdict<Clarity> {
        if self.was_late {
            return Ok(Clarity::Unclear);
        }
        self.peer.expect_open_in_time(&mut self.limit)
    }

    /// Is silent, and expects that the connection is closed in time.
    pub(crate) fn is_closed_in_time(&mut self) -> Verdict<Clarity> {
        if self.was_late {
            return Ok(Clarity::Unclear);
        }
        self.peer.expect_end_in_time(&mut self.limit)
    }

    /// Sends a byte, and another, and another, and expects the same.
    pub(crate) fn trickles_until_closed(&mut self) -> Verdict<Clarity> {
        let pause = self.idle / 8;
        self.peer.trickle_until_end(&mut self.limit, b"x", pause)
    }
}
