//! The storage cache of a running program (Nitro: arbutil/src/evm/storage.rs).

use alloy_primitives::U256;
use revm::primitives::HashMap;

/// What a program read from and wrote to storage. Writes reach the state when the program flushes them, and are
/// forgotten if it never does.
#[derive(Debug, Default)]
pub(crate) struct StorageCache {
    slots: HashMap<U256, Word>,
    reads: u32,
    writes: u32,
}

#[derive(Debug)]
struct Word {
    value: U256,
    /// Value in the state, if it was read.
    known: Option<U256>,
}

impl StorageCache {
    /// Gas of one more read: the cache is free at first, then its size is paid for.
    pub(crate) fn read_gas(&mut self) -> u64 {
        self.reads += 1;
        match self.reads {
            0..=32 => 0,
            33..=128 => 2,
            _ => 10,
        }
    }

    fn write_gas(&mut self) -> u64 {
        self.writes += 1;
        match self.writes {
            0..=8 => 0,
            9..=64 => 7,
            _ => 10,
        }
    }

    /// The value of a slot as the program sees it, if it is here.
    pub(crate) fn get(&self, key: U256) -> Option<U256> {
        self.slots.get(&key).map(|word| word.value)
    }

    /// Remembers what the state holds.
    pub(crate) fn learn(&mut self, key: U256, value: U256) {
        self.slots.insert(key, Word { value, known: Some(value) });
    }

    /// Writes a slot; returns the gas for it.
    pub(crate) fn set(&mut self, key: U256, value: U256) -> u64 {
        self.slots.entry(key).and_modify(|word| word.value = value).or_insert(Word { value, known: None });
        self.write_gas()
    }

    /// Slots that differ from the known state. From then on they are known as written.
    pub(crate) fn flush(&mut self, clear: bool) -> Vec<(U256, U256)> {
        let mut dirty = Vec::new();
        for (key, word) in &mut self.slots {
            if word.known != Some(word.value) {
                dirty.push((*key, word.value));
                word.known = Some(word.value);
            }
        }
        if clear {
            self.slots.clear();
        }
        dirty
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gas_grows_with_the_number_of_accesses() {
        let mut cache = StorageCache::default();
        let reads: Vec<_> = (0..130).map(|_| cache.read_gas()).collect();
        assert_eq!((reads[31], reads[32], reads[127], reads[128]), (0, 2, 2, 10));
        let writes: Vec<_> = (0..66).map(|i| cache.set(U256::from(i), U256::ZERO)).collect();
        assert_eq!((writes[7], writes[8], writes[63], writes[64]), (0, 7, 7, 10));
    }

    #[test]
    fn only_what_differs_from_the_state_is_flushed_and_only_once() {
        let mut cache = StorageCache::default();
        let [a, b] = [U256::from(1), U256::from(2)];
        cache.learn(a, b);
        cache.set(a, b);
        assert_eq!(cache.flush(false), []);
        cache.set(a, a);
        assert_eq!(cache.flush(false), [(a, a)]);
        assert_eq!(cache.flush(true), []);
        assert_eq!(cache.get(a), None);
        // Not known after clearing: written again even if it is the same.
        cache.set(a, a);
        assert_eq!(cache.flush(false), [(a, a)]);
    }
}
