//! Programs that a block has called lately (go-ethereum: core/state/statedb_arbitrum.go, `RecentWasms`).

use alloy_primitives::B256;

/// Code hashes, the latest last. A revert keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecentPrograms {
    hashes: Vec<B256>,
    most: Option<usize>,
}

impl RecentPrograms {
    /// Notes a call; whether the program was remembered. The first call decides how many are, at least one.
    pub(crate) fn call(&mut self, code_hash: B256, most: u16) -> bool {
        let most = *self.most.get_or_insert_with(|| usize::from(most).max(1));
        let known = self.hashes.iter().position(|hash| *hash == code_hash);
        match known {
            Some(position) => self.hashes[position..].rotate_left(1),
            None if self.hashes.len() == most => {
                self.hashes.rotate_left(1);
                self.hashes[most - 1] = code_hash;
            }
            None => self.hashes.push(code_hash),
        }
        known.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_called_longest_ago_is_forgotten_first() {
        let mut recent = RecentPrograms::default();
        let mut call = |number| recent.call(B256::with_last_byte(number), 2);
        assert!(!call(1));
        assert!(!call(2));
        assert!(call(1), "and so it is later than the second");
        assert!(!call(3));
        assert!(call(1));
        assert!(!call(2));
    }

    #[test]
    fn at_least_one_is_remembered() {
        let mut recent = RecentPrograms::default();
        assert!(!recent.call(B256::ZERO, 0));
        assert!(recent.call(B256::ZERO, 0));
        assert!(!recent.call(B256::with_last_byte(1), 9), "the first call decided");
        assert!(!recent.call(B256::ZERO, 9));
    }
}
