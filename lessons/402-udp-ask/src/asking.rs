//! One conversation: the program asks, and alice, whom it asks, hears each of its tries.

use std::net::SocketAddr;
use std::time::Duration;

use harness::peer::link::Faults;
use harness::peer::{Arrival, Sign};
use harness::{Clarity, Kept, Moment, Pace, Program, Run, Stopped, UdpServer, Verdict};

/// How often the question is sent.
pub(crate) const TRIES: u32 = 5;
/// The wait between two tries: 200 ms, more or less by half.
pub(crate) const WAIT: Pace = Pace {
    least: Duration::from_millis(100),
    most: Duration::from_millis(300),
};

/// What is said of a wait that is too short, too long.
pub(crate) const TOO_SHORT: &str = "less than 100 ms had gone by";
pub(crate) const TOO_LONG: &str = "more than 300 ms had gone by";

/// One try, as it came.
#[derive(Clone, Debug)]
pub(crate) struct Try {
    /// All of the datagram.
    pub(crate) bytes: Vec<u8>,
    /// Its first two bytes.
    pub(crate) id: [u8; 2],
    /// From where.
    pub(crate) from: SocketAddr,
    at: Moment,
}

/// The conversation.
pub(crate) struct Asking {
    pub(crate) program: Program,
    pub(crate) alice: UdpServer,
    /// All that have come so far.
    tries: Vec<Try>,
    /// How many of them the check has taken.
    taken: usize,
    /// Whether all waits so far could be judged, and alice has done in time what she should.
    clarity: Clarity,
    /// How much of the wait after the last try was left, at the least, when alice answered.
    patience: Duration,
}

impl Asking {
    /// Starts the program, which is to ask alice this.
    pub(crate) fn start(run: &mut Run, text: &str) -> Verdict<Self> {
        Self::start_over(run, text, Faults::none(), Faults::none())
    }

    /// The same over a network with these faults, on the way to alice and on the way back.
    pub(crate) fn start_over(
        run: &mut Run,
        text: &str,
        questions: Faults,
        answers: Faults,
    ) -> Verdict<Self> {
        let mut alice = run.datagram_server("alice")?;
        alice.faults(questions, answers);
        alice.shows_ids(2);
        let mut program = run.start(alice.address(), &[text])?;
        program.watch_delays();
        Ok(Self {
            program,
            alice,
            tries: Vec::new(),
            taken: 0,
            clarity: Clarity::Clear,
            patience: Duration::ZERO,
        })
    }

    /// Waits for the next try, however long that takes.
    pub(crate) fn next_try(&mut self) -> Verdict<Try> {
        if self.tries.len() == self.taken {
            let which = ordinal(self.taken);
            let arrival = self.alice.arrival(&format!("a {which} try"))?;
            self.heard(arrival)?;
        }
        self.taken += 1;
        Ok(self.tries[self.taken - 1].clone())
    }

    /// Waits for the next try, and expects that it comes 200 ms after the one before.
    pub(crate) fn next_try_in_time(&mut self) -> Verdict<Try> {
        let next = self.next_try()?;
        self.hears_the_rest()?;
        self.judge_waits()?;
        Ok(next)
    }

    /// Takes in those that have come by now, too: many at once prove more than two.
    fn hears_the_rest(&mut self) -> Verdict {
        while let Some(arrival) = self.alice.arrival_so_far() {
            self.heard(arrival)?;
        }
        Ok(())
    }

    /// Judges the wait before each try, and all waits between any two of them: who does not wait at all
    /// is shorter by all of them, which no delay explains.
    fn judge_waits(&mut self) -> Verdict {
        for last in 1..self.tries.len() {
            for first in (0..last).rev() {
                let count = u32::try_from(last - first).unwrap_or(u32::MAX);
                let (since, until) = (self.tries[first].at, self.tries[last].at);
                let expected = "a wait of 200 ms between two tries";
                match self.program.keeps(WAIT.times(count), since, until) {
                    Kept::InTime => {}
                    Kept::TooShort => return Err(self.alice.fails(expected, TOO_SHORT)),
                    // Delays in several waits add up.
                    Kept::TooLong | Kept::Unclear if count > 1 => {}
                    Kept::TooLong => return Err(self.alice.fails(expected, TOO_LONG)),
                    Kept::Unclear => self.clarity = Clarity::Unclear,
                }
            }
        }
        Ok(())
    }

    fn heard(&mut self, arrival: Arrival) -> Verdict {
        let bytes = arrival.datagram.bytes;
        let Some(id) = bytes.first_chunk().copied() else {
            let expected = "a datagram of two bytes of id and the text";
            return Err(self.alice.fails(expected, "it has no two bytes"));
        };
        self.tries.push(Try {
            id,
            from: arrival.datagram.from,
            at: arrival.at,
            bytes,
        });
        Ok(())
    }

    /// Whether no other try has come yet: what was sent to the program by now has reached it while it
    /// waited after the try that was taken last.
    pub(crate) fn is_still_waiting(&mut self) -> Verdict<bool> {
        self.hears_the_rest()?;
        Ok(self.tries.len() == self.taken)
    }

    /// What alice has sent counts only if the program had it for a while before this try: who asks again
    /// because of it does so at once.
    pub(crate) fn it_waited_on_until(&mut self, next: &Try) {
        const A_WHILE: Duration = Duration::from_millis(50);
        let waited = self.alice.sent().last().map(|sent| sent.until(next.at));
        let is_clear = waited.is_some_and(|gap| {
            let held_up = self.program.held_up(next.at, gap.most, Duration::ZERO);
            gap.least >= A_WHILE + held_up
        });
        if !is_clear {
            self.clarity = Clarity::Unclear;
        }
    }

    /// What alice has sent all the time counts only if the last of it had left shortly before this try:
    /// then the wait before it was not begun anew with what came.
    pub(crate) fn alice_nagged_until(&mut self, next: &Try) {
        let gaps = self
            .alice
            .sent()
            .into_iter()
            .map(|sent| sent.until(next.at));
        let before = gaps.filter(|gap| !gap.least.is_zero());
        if before
            .min_by_key(|gap| gap.most)
            .is_none_or(|gap| gap.most >= WAIT.least)
        {
            self.clarity = Clarity::Unclear;
        }
    }

    /// Alice is gone from now on. Two tries at the least must find that out.
    pub(crate) fn alice_vanishes(&mut self) -> Verdict {
        self.alice.vanish()?;
        self.hears_the_rest()?;
        if self.tries.len() + 2 > TRIES as usize {
            self.clarity = Clarity::Unclear;
        }
        Ok(())
    }

    /// Sends an answer to a try: its id and `text`.
    pub(crate) fn answer(&mut self, question: &Try, text: &[u8]) -> Verdict {
        let answer = [&question.id, text].concat();
        self.alice.send(&answer, question.from)?;
        let since_last = self.tries[self.taken - 1].at.until(Moment::now());
        self.patience = WAIT.least.saturating_sub(since_last.most);
        Ok(())
    }

    /// Expects that the program prints this answer and ends.
    pub(crate) fn expect_answer(&mut self, text: &[u8]) -> Verdict<Clarity> {
        let printed = self.program.expect_printed_bytes(text, 0);
        match printed.and_then(|()| self.program.expect_exit(0)) {
            Err(Stopped::Failed(_)) if self.may_have_missed_it() => Ok(Clarity::Unclear),
            verdict => verdict.map(|()| self.clarity),
        }
    }

    /// Whether the answer may have come after the wait for it: alice was late, or the program was kept
    /// from running while it should have waited.
    fn may_have_missed_it(&self) -> bool {
        let last = self.tries[self.taken - 1].at;
        self.program.held_up(last, WAIT.least, WAIT.most) >= self.patience
    }

    /// Expects that the program sends no more than five tries and ends, `pace` after the try number
    /// `index`, since it has got no answer.
    pub(crate) fn expect_to_give_up(&mut self, index: usize, pace: Pace) -> Verdict<Clarity> {
        let since = self.tries[index].at;
        let end = loop {
            if self.tries.len() > TRIES as usize {
                let expected = "no more than five tries";
                return Err(self.alice.fails(expected, "a sixth one came"));
            }
            match self.alice.arrival_or_end(&self.program)? {
                Sign::End(end) => break end,
                Sign::Arrival(arrival) => self.heard(arrival)?,
            }
        };
        match self.program.keeps(pace, since, end) {
            Kept::InTime => {}
            Kept::Unclear => self.clarity = Clarity::Unclear,
            Kept::TooShort => return Err(self.ended_too_early(pace)),
            Kept::TooLong => {
                let expected = "it to give up about a second after its first try";
                let took = "it took more than a second and a half";
                return Err(self.program.fails(expected, took));
            }
        }
        self.program.expect_exit(1)?;
        self.program.expect_error_with("no answer")?;
        Ok(self.clarity)
    }

    fn ended_too_early(&self, pace: Pace) -> Stopped {
        let least = pace.least.as_millis();
        self.program.fails(
            "it to ask five times and to wait 200 ms for an answer after each try",
            &format!("it ended less than {least} ms after the last try that alice has heard"),
        )
    }
}

/// `second`, counted from 0.
fn ordinal(index: usize) -> &'static str {
    const ORDINALS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];
    ORDINALS.get(index).copied().unwrap_or("further")
}
