//! The board's rules, without a chain: how long a notice lasts.

/// The first second in which a notice is over that is posted at `now`. A chain's clock is below 2^40, so the sum fits.
pub(crate) fn ends_at(now: u64, lifetime: u32) -> u64 {
    now.saturating_add(u64::from(lifetime))
}

/// Whether a notice is not over. The time 0 stands for no notice, and is always over.
pub(crate) fn is_current(ends_at: u64, now: u64) -> bool {
    now < ends_at
}

#[cfg(test)]
mod tests;
