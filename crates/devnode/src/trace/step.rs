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
}

impl<'a> Step<'a> {
    /// A part of the memory, with zeros where there is none; none if it is longer than any code or hash needs.
    pub(super) fn memory_part(&self, offset: U256, len: U256) -> Option<Vec<u8>> {
        let len = usize::try_from(len).ok().filter(|len| *len <= 1 << 24)?;
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.memory.len());
        let end = start.saturating_add(len).min(self.memory.len());
        let mut bytes = self.memory[start..end].to_vec();
        bytes.resize(len, 0);
        Some(bytes)
    }

    /// What stands for an instruction where there is no code.
    pub fn made_up(op: u8, depth: usize, address: Address, stack: &'a [U256]) -> Self {
        Self { pc: 0, op, gas: 0, depth, address, stack, memory: &[], return_data: &[] }
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
        let part = |offset: U256, len: u64| step.memory_part(offset, U256::from(len)).unwrap();
        assert_eq!(part(U256::from(1), 2), [2, 3]);
        assert_eq!(part(U256::from(2), 3), [3, 0, 0]);
        assert_eq!(part(U256::MAX, 2), [0, 0]);
        assert_eq!(step.memory_part(U256::ZERO, U256::MAX), None);
    }
}
