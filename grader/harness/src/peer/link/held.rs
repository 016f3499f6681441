//! Things that wait for their time.

use std::time::Instant;

/// Things of which each goes on at a time of its own.
#[derive(Debug)]
pub(in crate::peer) struct Held<T>(Vec<(Instant, T)>);

impl<T> Default for Held<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Held<T> {
    /// Holds `thing` back until `at`. Of two with the same time the first comes first.
    pub(in crate::peer) fn until(&mut self, at: Instant, thing: T) {
        let place = self.0.partition_point(|(other, _)| *other <= at);
        self.0.insert(place, (at, thing));
    }

    /// What goes on by `now`, in order of time.
    pub(in crate::peer) fn released(&mut self, now: Instant) -> Vec<T> {
        let ripe = self.0.partition_point(|(at, _)| *at <= now);
        self.0.drain(..ripe).map(|(_, thing)| thing).collect()
    }

    /// When the next one goes on.
    pub(in crate::peer) fn due(&self) -> Option<Instant> {
        self.0.first().map(|(at, _)| *at)
    }

    /// Holds nothing any more; nothing of it goes on.
    pub(in crate::peer) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn things_go_on_in_order_of_their_time() {
        let now = Instant::now();
        let ms = Duration::from_millis;
        let mut held = Held::default();
        held.until(now + ms(20), "late");
        held.until(now + ms(10), "early");
        held.until(now + ms(10), "early, too");
        assert_eq!(held.due(), Some(now + ms(10)));
        assert_eq!(held.released(now + ms(9)), [""; 0]);
        assert_eq!(held.released(now + ms(15)), ["early", "early, too"]);
        assert_eq!(held.released(now + ms(20)), ["late"]);
        assert_eq!(held.due(), None);
    }
}
