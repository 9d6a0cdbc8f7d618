//! The time of blocks: the wall clock, moved by those who test.

use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time of the next block. All in seconds since 1970.
#[derive(Debug, Clone, Default)]
pub(super) struct Clock {
    /// How far the chain is ahead of the wall clock; below zero it is behind.
    offset: i64,
    /// The next block's time, when it was set.
    next: Option<u64>,
    /// Seconds from each block to the next, where that was set.
    interval: Option<u64>,
    /// Seconds from one block to the next, at least.
    least: u64,
}

/// A time that no block can have any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("timestamp {asked} is {} that of the last block, {head}", if asked < head { "before" } else { "not after" })]
pub struct Past {
    /// What was asked for.
    pub asked: u64,
    /// Time of the newest block.
    pub head: u64,
}

impl Clock {
    /// A clock on which blocks are at least so many seconds apart.
    pub(super) fn new(least: u64) -> Self {
        Self { least, ..Self::default() }
    }

    /// The time a block made now would have: never before that of the block before it.
    pub(super) fn next(&self, head: u64) -> u64 {
        let time = match (self.next, self.interval) {
            (Some(next), _) => next,
            (None, Some(interval)) => head.saturating_add(interval),
            (None, None) => self.now(),
        };
        time.max(head.saturating_add(self.least))
    }

    fn now(&self) -> u64 {
        wall().saturating_add_signed(self.offset)
    }

    /// Whether the next block has the same time whenever it is made.
    pub(super) fn is_exact(&self) -> bool {
        self.next.is_some() || self.interval.is_some()
    }

    /// Seconds from each block to the next, where that was set.
    pub(super) fn interval(&self) -> Option<u64> {
        self.interval
    }

    /// Makes each block so many seconds later than the last one, or (`None`) as late as the clock says.
    pub(super) fn set_interval(&mut self, seconds: Option<u64>) {
        self.interval = seconds;
    }

    /// Takes the time for a block. A time that was set holds for one block, and time goes on from there.
    pub(super) fn tick(&mut self, head: u64) -> u64 {
        let time = self.next(head);
        // If the clock was too slow for the blocks, it is set to their time.
        let hurried = self.least > 0 && time > self.now();
        if self.next.take().is_some() || self.interval.is_some() || hurried {
            self.offset = ahead(time);
        }
        time
    }

    /// Moves all later blocks. The total by which the chain is ahead.
    pub(super) fn increase(&mut self, seconds: u64) -> i64 {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        self.offset = self.offset.saturating_add(seconds);
        if let Some(next) = &mut self.next {
            *next = next.saturating_add_signed(seconds);
        }
        self.offset
    }

    /// Sets the time of the next block.
    pub(super) fn set_next(&mut self, asked: u64, head: u64) -> Result<(), Past> {
        if asked < head.saturating_add(self.least) {
            return Err(Past { asked, head });
        }
        self.next = Some(asked);
        Ok(())
    }
}

fn wall() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs())
}

/// How far a time is ahead of the wall clock.
fn ahead(time: u64) -> i64 {
    let distance = i128::from(time) - i128::from(wall());
    i64::try_from(distance).unwrap_or(if distance < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_forward_and_never_back() {
        let mut clock = Clock::default();
        let now = wall();
        clock.increase(1_000);
        let later = clock.tick(0);
        assert!((now + 1_000..now + 1_003).contains(&later));
        assert_eq!(clock.tick(later + 50_000), later + 50_000, "not before the head");
    }

    #[test]
    fn a_time_that_was_set_holds_once_and_time_goes_on_from_it() {
        let mut clock = Clock::default();
        assert_eq!(clock.set_next(5, 6), Err(Past { asked: 5, head: 6 }));
        let far = wall() + 1_000_000;
        clock.set_next(far, 6).unwrap();
        assert_eq!(clock.next(6), far);
        assert_eq!(clock.tick(6), far);
        assert!((far..far + 3).contains(&clock.tick(far)));
    }

    #[test]
    fn blocks_are_as_far_apart_as_was_said() {
        let mut clock = Clock::new(1);
        let far = wall() + 1_000_000;
        assert_eq!(clock.tick(far), far + 1, "at least a second");
        assert_eq!(
            clock.set_next(far, far).unwrap_err().to_string(),
            format!("timestamp {far} is not after that of the last block, {far}")
        );
        clock.set_interval(Some(60));
        assert_eq!([clock.tick(far), clock.tick(far + 60)], [far + 60, far + 120]);
        clock.set_interval(None);
        assert!((far + 121..far + 124).contains(&clock.tick(far + 120)), "time goes on from there");
        let later = clock.tick(far + 5_000);
        assert!(clock.increase(60) >= ahead(later) + 58, "what is added counts from the last block");
        assert!((later + 60..later + 63).contains(&clock.next(later)));
    }

    #[test]
    fn the_ends_of_time_do_not_overflow() {
        let mut clock = Clock::default();
        clock.increase(u64::MAX);
        clock.increase(u64::MAX);
        assert!(clock.tick(0) > 0);
        clock.set_next(u64::MAX, 0).unwrap();
        assert_eq!(clock.tick(0), u64::MAX);
        assert_eq!(clock.tick(u64::MAX), u64::MAX);
    }
}
