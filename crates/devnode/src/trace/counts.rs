//! How often each sequence of opcodes is there (go-ethereum's tracers in JavaScript: opcount, unigram, bigram, trigram).

use super::room::Room;
use std::collections::HashMap;

/// Opcodes of the longest sequence that is counted.
pub const LONGEST_SEQUENCE: usize = 3;
/// What a sequence takes, in bytes: its count, and its name as JSON.
const SEQUENCE_BYTES: usize = 256;

/// Opcodes that follow one another in a frame, the last one last. What is not known is `None`.
pub type Sequence = [Option<u8>; LONGEST_SEQUENCE];

/// The sequences of one length.
#[derive(Debug, Clone, Default)]
pub struct SequenceCounts {
    /// Where each is in the list.
    places: HashMap<Sequence, usize>,
    /// Each with how often it is there, in the order in which they came first. The opcodes are the last ones of the array.
    pub list: Vec<(Sequence, u64)>,
}

/// What was counted.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Instructions.
    pub steps: u64,
    /// Sequences by their length, from 1.
    pub sequences: [SequenceCounts; LONGEST_SEQUENCE],
}

/// Counts while instructions happen.
#[derive(Debug)]
pub(super) struct StepCounter {
    wanted: [bool; LONGEST_SEQUENCE + 1],
    pub(super) counts: Counts,
    /// The opcodes before this one, as each length knows them, and their depth.
    last: [Sequence; LONGEST_SEQUENCE],
    depth: usize,
}

impl StepCounter {
    pub(super) fn new(wanted: [bool; LONGEST_SEQUENCE + 1]) -> Self {
        Self { wanted, counts: Counts::default(), last: Default::default(), depth: 0 }
    }

    /// An instruction, at its depth.
    ///
    /// go-ethereum's scripts begin again with empty names where the depth changes; that for two keeps the last name.
    pub(super) fn count(&mut self, op: u8, depth: usize, room: &mut Room) {
        self.counts.steps += 1;
        let is_same = depth == self.depth;
        self.depth = depth;
        for len in (1..=LONGEST_SEQUENCE).filter(|len| self.wanted[*len]) {
            let last = &mut self.last[len - 1];
            if !is_same && len > 2 {
                *last = Sequence::default();
                continue;
            }
            last.rotate_left(1);
            last[LONGEST_SEQUENCE - 1] = Some(op);
            if is_same || len == 1 {
                let mut sequence = Sequence::default();
                sequence[LONGEST_SEQUENCE - len..].copy_from_slice(&last[LONGEST_SEQUENCE - len..]);
                self.counts.sequences[len - 1].add(sequence, room);
            }
        }
    }
}

impl SequenceCounts {
    fn add(&mut self, sequence: Sequence, room: &mut Room) {
        if let Some(place) = self.places.get(&sequence) {
            self.list[*place].1 += 1;
        } else if room.take(SEQUENCE_BYTES) {
            self.places.insert(sequence, self.list.len());
            self.list.push((sequence, 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(len: usize, steps: &[(u8, usize)]) -> Vec<(Sequence, u64)> {
        let mut wanted = [false; LONGEST_SEQUENCE + 1];
        wanted[len] = true;
        let (mut counter, mut room) = (StepCounter::new(wanted), Room::new(1 << 20));
        for (op, depth) in steps {
            counter.count(*op, *depth, &mut room);
        }
        assert_eq!(counter.counts.steps, steps.len() as u64);
        std::mem::take(&mut counter.counts.sequences[len - 1].list)
    }

    #[test]
    fn sequences_begin_again_where_the_depth_changes() {
        let steps = [(1, 1), (2, 1), (1, 2), (2, 2), (3, 2)];
        assert_eq!(
            counted(1, &steps),
            [([None, None, Some(1)], 2), ([None, None, Some(2)], 2), ([None, None, Some(3)], 1)]
        );
        assert_eq!(counted(2, &steps), [([None, Some(1), Some(2)], 2), ([None, Some(2), Some(3)], 1)]);
        let three = [([None, None, Some(2)], 2), ([None, Some(2), Some(3)], 1)];
        assert_eq!(counted(3, &steps), three);
    }

    #[test]
    fn sequences_take_room() {
        let (mut counter, mut room) = (StepCounter::new([true; 4]), Room::new(5 * SEQUENCE_BYTES));
        for op in 0..200 {
            counter.count(op, 1, &mut room);
        }
        assert!(room.is_full());
        assert_eq!(counter.counts.sequences.iter().map(|counts| counts.list.len()).sum::<usize>(), 5);
    }
}
