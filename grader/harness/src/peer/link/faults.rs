//! Which datagram meets which fault: by a schedule, or by chance that a seed brings back.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::random::Random;

/// What may become of a datagram on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It never arrives.
    Lost,
    /// It arrives twice.
    Doubled,
    /// The next one arrives before it. If none follows within [`Fault::PATIENCE`], it goes on alone.
    Overtaken,
    /// It arrives that much later. Those after it do not wait for it.
    Late(Duration),
}

impl Fault {
    /// How long a datagram waits to be overtaken.
    pub const PATIENCE: Duration = Duration::from_millis(50);
}

/// The faults of one way, in the order of the datagrams.
#[derive(Debug, Default)]
pub struct Faults {
    plan: Plan,
    /// How many datagrams have passed.
    passed: usize,
}

#[derive(Debug, Default)]
enum Plan {
    #[default]
    None,
    Schedule(BTreeMap<usize, Fault>),
    Chance(Random, Rates),
}

/// How often each fault happens, in datagrams of a hundred. Their sum is 100 at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// Of a hundred, so many are lost.
    pub lost: u8,
    /// So many arrive twice.
    pub doubled: u8,
    /// So many are overtaken by the next.
    pub overtaken: u8,
    /// So many arrive late,
    pub late: u8,
    /// by this much.
    pub by: Duration,
}

impl Faults {
    /// No fault: all arrive, once, in order.
    pub fn none() -> Self {
        Self::default()
    }

    /// These faults, each with the number of the datagram that meets it, from 1.
    pub fn schedule(faults: impl IntoIterator<Item = (usize, Fault)>) -> Self {
        Self {
            plan: Plan::Schedule(faults.into_iter().collect()),
            passed: 0,
        }
    }

    /// The first `count` datagrams are lost.
    pub fn losing_the_first(count: usize) -> Self {
        Self::schedule((1..=count).map(|number| (number, Fault::Lost)))
    }

    /// Faults by chance: the same each time for the same seed.
    pub fn by_chance(seed: u64, rates: Rates) -> Self {
        Self {
            plan: Plan::Chance(Random::new(seed, "link"), rates),
            passed: 0,
        }
    }

    /// What the next datagram meets.
    pub(super) fn next(&mut self) -> Option<Fault> {
        self.passed += 1;
        match &mut self.plan {
            Plan::None => None,
            Plan::Schedule(faults) => faults.get(&self.passed).copied(),
            Plan::Chance(random, rates) => rates.pick(random.number(0..=99)),
        }
    }
}

impl Rates {
    /// The fault that a number below 100 stands for.
    fn pick(&self, number: u64) -> Option<Fault> {
        let mut limit = 0;
        let faults = [
            (self.lost, Fault::Lost),
            (self.doubled, Fault::Doubled),
            (self.overtaken, Fault::Overtaken),
            (self.late, Fault::Late(self.by)),
        ];
        for (rate, fault) in faults {
            limit += u64::from(rate);
            if number < limit {
                return Some(fault);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(count: usize, mut faults: Faults) -> Vec<Option<Fault>> {
        (0..count).map(|_| faults.next()).collect()
    }

    #[test]
    fn a_schedule_meets_the_datagrams_that_it_names() {
        let faults = Faults::schedule([(2, Fault::Lost), (4, Fault::Doubled)]);
        let met = [None, Some(Fault::Lost), None, Some(Fault::Doubled), None];
        assert_eq!(first(5, faults), met);
        assert_eq!(
            first(3, Faults::losing_the_first(2)),
            [Some(Fault::Lost), Some(Fault::Lost), None]
        );
        assert_eq!(first(2, Faults::none()), [None, None]);
    }

    #[test]
    fn a_seed_brings_the_same_faults_back_and_another_seed_others() {
        let rates = Rates {
            lost: 20,
            doubled: 20,
            ..Rates::default()
        };
        let by = |seed| first(100, Faults::by_chance(seed, rates));
        assert_eq!(by(4711), by(4711));
        assert_ne!(by(4711), by(4712));
    }

    #[test]
    fn faults_happen_as_often_as_their_rates_say() {
        let rates = Rates {
            lost: 10,
            doubled: 20,
            overtaken: 5,
            late: 15,
            by: Duration::from_millis(7),
        };
        let all: Vec<_> = (0..100).map(|number| rates.pick(number)).collect();
        let count = |fault| all.iter().filter(|&&met| met == fault).count();
        assert_eq!(count(Some(Fault::Lost)), 10);
        assert_eq!(count(Some(Fault::Doubled)), 20);
        assert_eq!(count(Some(Fault::Overtaken)), 5);
        assert_eq!(count(Some(Fault::Late(rates.by))), 15);
        assert_eq!(count(None), 50);
    }
}
