//! An instruction as it begins, and what can be looked up meanwhile.

use alloy_primitives::{Address, B256, Bytes, Log, U256};

/// An instruction that begins, of EVM code or what stands for it.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// Where it is in the code; 0 for what is not in any code.
    pub pc: u64,
    /// The opcode.
    pub op: u8,
    /// Gas left before it.
    pub gas: u64,
    /// Depth of the frame, 1 for the message's own.
    pub depth: usize,
    /// Whose storage it works on.
    pub address: Address,
    /// The stack, its top last.
    pub stack: &'a [U256],
    /// The memory before it.
    pub memory: &'a [u8],
    /// What the last call returned.
    pub return_data: &'a [u8],
    /// Whether it will not be executed: there is not enough gas, or its operands are not there.
    pub refused: bool,
}

impl<'a> Step<'a> {
    /// A part of the memory, with zeros where there is none; none if there are more of them than [`MOST_PADDING`]. Nothing is
    /// copied yet. As in go-ethereum, only the last 64 bits of the numbers count.
    pub(super) fn memory_part(&self, offset: U256, len: U256) -> Option<MemoryPart<'a>> {
        let number = |word: U256| usize::try_from(i64::try_from(word.as_limbs()[0]).ok()?).ok();
        let (offset, len) = (number(offset)?, number(len)?);
        let end = offset.checked_add(len)?;
        if end.saturating_sub(self.memory.len()) > MOST_PADDING {
            return None;
        }
        let there = self.memory.get(offset..end.min(self.memory.len())).unwrap_or_default();
        Some(MemoryPart { there, len })
    }

    /// What stands for an instruction where there is no code.
    pub fn made_up(op: u8, depth: usize, address: Address, stack: &'a [U256]) -> Self {
        Self { pc: 0, op, gas: 0, depth, address, stack, memory: &[], return_data: &[], refused: false }
    }
}

/// Most bytes that a part of the memory may have beyond the memory's end (go-ethereum: eth/tracers/internal/util.go,
/// `memoryPadLimit`).
const MOST_PADDING: usize = 1 << 20;

/// A part of the memory, or of what follows its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct MemoryPart<'a> {
    there: &'a [u8],
    len: usize,
}

impl MemoryPart<'_> {
    /// Its length in bytes.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Its bytes.
    pub(super) fn copied(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.len);
        bytes.extend_from_slice(self.there);
        bytes.resize(self.len, 0);
        bytes
    }
}

/// How an instruction failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepFault {
    /// Why, in go-ethereum's words; none if it failed while it was executed, not before.
    pub before: Option<String>,
}

/// An account as a tracer sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountNow {
    /// Balance in wei.
    pub balance: U256,
    /// Nonce.
    pub nonce: u64,
    /// Code.
    pub code: Bytes,
    /// Hash of the code, if there is any.
    pub code_hash: Option<B256>,
}

/// Looks at the state as it is while a message runs. Nothing gets warm by it.
pub trait Look {
    /// An account, empty if there is none.
    fn account(&self, address: Address) -> AccountNow;

    /// A slot.
    fn slot(&self, address: Address, key: U256) -> U256;

    /// The refund counter of the message, in gas.
    fn refund(&self) -> u64;

    /// The logs of the message so far.
    fn logs(&self) -> &[Log];
}

/// A message that begins, before anything of it has happened.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// Who sends it.
    pub from: Address,
    /// Whom it calls, or the contract that it makes.
    pub to: Address,
    /// Whether it makes a contract.
    pub creates: bool,
    /// Accounts that it touches whatever it does.
    pub others: Vec<Address>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_is_not_there_is_zero() {
        let step = Step { memory: &[1, 2, 3], ..Step::made_up(0, 1, Address::ZERO, &[]) };
        let part =
            |offset: u64, len: u64| step.memory_part(U256::from(offset), U256::from(len)).map(|part| part.copied());
        assert_eq!(part(1, 2).unwrap(), [2, 3]);
        assert_eq!(part(2, 3).unwrap(), [3, 0, 0]);
        assert_eq!(part(5, 2).unwrap(), [0, 0]);
        assert_eq!(part(5, 0).unwrap(), [0; 0]);
        assert!(step.memory_part(U256::ZERO, U256::MAX).is_none());
    }

    #[test]
    fn no_more_zeros_are_made_up_than_go_ethereum_does() {
        let step = Step { memory: &[1, 2, 3], ..Step::made_up(0, 1, Address::ZERO, &[]) };
        let len = |len: u64| step.memory_part(U256::ZERO, U256::from(len)).map(|part| part.len());
        assert_eq!(len(3 + (1 << 20)), Some(3 + (1 << 20)));
        assert_eq!(len(4 + (1 << 20)), None);
        assert_eq!(len(16 << 20), None);
    }
}
