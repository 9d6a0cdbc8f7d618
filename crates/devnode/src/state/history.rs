//! The values of one key over the blocks.

/// Values with the block that wrote each, oldest first. Most keys are written once or read at the head, so the newest
/// value lies inline and only the older ones are on the heap.
#[derive(Debug, Clone)]
pub(super) struct History<T> {
    head: (u64, T),
    older: Vec<(u64, T)>,
}

impl<T> History<T> {
    pub(super) fn new(block: u64, value: T) -> Self {
        Self { head: (block, value), older: Vec::new() }
    }

    /// The value after block `block`; `None` if nothing was written until then.
    pub(super) fn at(&self, block: u64) -> Option<&T> {
        if self.head.0 <= block {
            return Some(&self.head.1);
        }
        let newer = self.older.partition_point(|(written, _)| *written <= block);
        newer.checked_sub(1).map(|index| &self.older[index].1)
    }

    /// The newest value.
    pub(super) fn newest(&self) -> &T {
        &self.head.1
    }

    /// Writes the value of block `block`, which is never below the newest one.
    pub(super) fn push(&mut self, block: u64, value: T) {
        debug_assert!(block >= self.head.0, "history runs forward");
        if self.head.0 == block {
            self.head.1 = value;
        } else {
            self.older.push(std::mem::replace(&mut self.head, (block, value)));
        }
    }

    /// Forgets what was written after `block`. False if nothing is left.
    pub(super) fn rewind(&mut self, block: u64) -> bool {
        while self.head.0 > block {
            match self.older.pop() {
                Some(value) => self.head = value,
                None => return false,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::History;

    #[test]
    fn reads_the_value_of_any_block_and_rewinds() {
        let mut history = History::new(2, "two");
        history.push(5, "five");
        history.push(5, "five again");
        history.push(9, "nine");
        let at = |history: &History<&'static str>, block| history.at(block).copied();
        assert_eq!(at(&history, 1), None);
        assert_eq!(at(&history, 2), Some("two"));
        assert_eq!(at(&history, 4), Some("two"));
        assert_eq!(at(&history, 5), Some("five again"));
        assert_eq!(at(&history, 8), Some("five again"));
        assert_eq!(at(&history, u64::MAX), Some("nine"));
        assert!(history.rewind(6));
        assert_eq!(at(&history, 100), Some("five again"));
        assert!(history.rewind(2));
        assert_eq!(at(&history, 100), Some("two"));
        assert!(!history.rewind(1));
    }
}
