//! One way of a link: what goes in at one end, and what comes out at the other, and when.
//!
//! It knows no socket and reads no clock, so that each fault can be tested by itself.

use std::time::Instant;

use super::{Fault, Faults, Held};

/// One way.
#[derive(Debug)]
pub(in crate::peer) struct Way<T> {
    faults: Faults,
    held: Held<T>,
    /// Waits until another has passed it.
    to_be_overtaken: Option<(Instant, T)>,
}

impl<T> Default for Way<T> {
    fn default() -> Self {
        Self {
            faults: Faults::none(),
            held: Held::default(),
            to_be_overtaken: None,
        }
    }
}

impl<T: Clone> Way<T> {
    /// From now on these faults.
    pub(in crate::peer) fn set(&mut self, faults: Faults) {
        self.faults = faults;
    }

    /// Takes `thing` in at one end. The fault that it meets, if any.
    pub(in crate::peer) fn put(&mut self, thing: T, now: Instant) -> Option<Fault> {
        let fault = self.faults.next();
        match fault {
            Some(Fault::Lost) => return fault,
            Some(Fault::Late(by)) => {
                self.held.until(now + by, thing);
                return fault;
            }
            // Only one waits to be overtaken at a time: a second one goes on, and so overtakes it.
            Some(Fault::Overtaken) if self.to_be_overtaken.is_none() => {
                self.to_be_overtaken = Some((now + Fault::PATIENCE, thing));
                return fault;
            }
            Some(Fault::Doubled) => {
                self.held.until(now, thing.clone());
                self.held.until(now, thing);
            }
            Some(Fault::Overtaken) | None => self.held.until(now, thing),
        }
        if let Some((_, overtaken)) = self.to_be_overtaken.take() {
            self.held.until(now, overtaken);
        }
        fault
    }

    /// What has come out at the other end by `now`.
    pub(in crate::peer) fn take(&mut self, now: Instant) -> Vec<T> {
        if let Some((_, alone)) = self
            .to_be_overtaken
            .take_if(|(patience, _)| *patience <= now)
        {
            self.held.until(now, alone);
        }
        self.held.released(now)
    }
}

impl<T> Way<T> {
    /// When something that is held back now comes out.
    pub(in crate::peer) fn due(&self) -> Option<Instant> {
        let patience = self.to_be_overtaken.as_ref().map(|(at, _)| *at);
        [self.held.due(), patience].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LATE: Duration = Duration::from_millis(30);

    /// What comes out of three, each put in a millisecond after the other, in all the time there is;
    /// with its time in milliseconds.
    fn passed(faults: Faults) -> Vec<(u128, &'static str)> {
        let start = Instant::now();
        let mut way = Way::default();
        way.set(faults);
        let mut out = Vec::new();
        for ms in 0..200 {
            let now = start + Duration::from_millis(ms);
            let word = ["one", "two", "three"].get(usize::try_from(ms).expect("a small number"));
            if let Some(word) = word {
                way.put(*word, now);
            }
            assert!(way.due().is_none_or(|due| due <= now + Fault::PATIENCE));
            out.extend(way.take(now).into_iter().map(|word| (u128::from(ms), word)));
        }
        assert_eq!(way.due(), None, "nothing is left on the way");
        out
    }

    fn words(faults: Faults) -> Vec<&'static str> {
        passed(faults).into_iter().map(|(_, word)| word).collect()
    }

    #[test]
    fn without_faults_all_arrive_at_once_and_in_order() {
        assert_eq!(
            passed(Faults::none()),
            [(0, "one"), (1, "two"), (2, "three")]
        );
    }

    #[test]
    fn a_lost_one_never_arrives() {
        assert_eq!(
            words(Faults::schedule([(2, Fault::Lost)])),
            ["one", "three"]
        );
    }

    #[test]
    fn a_doubled_one_arrives_twice() {
        let doubled = Faults::schedule([(2, Fault::Doubled)]);
        assert_eq!(words(doubled), ["one", "two", "two", "three"]);
    }

    #[test]
    fn an_overtaken_one_arrives_right_after_the_next() {
        let overtaken = Faults::schedule([(1, Fault::Overtaken)]);
        assert_eq!(passed(overtaken), [(1, "two"), (1, "one"), (2, "three")]);
    }

    #[test]
    fn one_that_nobody_overtakes_arrives_alone() {
        let alone = Faults::schedule([(3, Fault::Overtaken)]);
        let out = passed(alone);
        assert_eq!(out[2], (2 + Fault::PATIENCE.as_millis(), "three"));
    }

    #[test]
    fn a_lost_one_overtakes_nobody() {
        let faults = Faults::schedule([(1, Fault::Overtaken), (2, Fault::Lost)]);
        assert_eq!(words(faults), ["three", "one"]);
    }

    #[test]
    fn two_that_are_to_be_overtaken_change_places() {
        let faults = Faults::schedule([(1, Fault::Overtaken), (2, Fault::Overtaken)]);
        assert_eq!(words(faults), ["two", "one", "three"]);
    }

    #[test]
    fn a_late_one_arrives_that_much_later_and_nobody_waits_for_it() {
        let late = Faults::schedule([(1, Fault::Late(LATE))]);
        assert_eq!(passed(late), [(1, "two"), (2, "three"), (30, "one")]);
    }
}
