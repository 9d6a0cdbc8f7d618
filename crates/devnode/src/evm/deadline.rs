//! When an execution ends, whatever it still does.

use std::time::{Duration, Instant};

/// A time at which an execution ends.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    at: Instant,
    allowed: Duration,
}

impl Deadline {
    /// So much from now.
    pub fn after(allowed: Duration) -> Self {
        let now = Instant::now();
        // What is too far to be counted is as good as never.
        Self { at: now.checked_add(allowed).unwrap_or(now + FAR), allowed }
    }

    /// The time that was allowed in all.
    pub fn allowed(&self) -> Duration {
        self.allowed
    }

    /// The time that is left.
    pub fn left(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.at
    }
}

/// A hundred years.
const FAR: Duration = Duration::from_secs(3_155_760_000);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_without_time_is_over() {
        assert!(Deadline::after(Duration::ZERO).is_over());
        let far = Deadline::after(Duration::MAX);
        assert!(!far.is_over() && far.left() > Duration::from_secs(1_000_000));
    }
}
