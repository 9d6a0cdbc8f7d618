//! Searching blocks, which are in order.

/// The first number from `low` on for which `before` is false, `high` if there is none. Once false, it stays false.
pub(super) fn partition(mut low: u64, mut high: u64, before: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}
