//! What an instruction would cost, and why it may not begin, in go-ethereum's order (core/vm/interpreter.go, gas_table.go,
//! operations_acl.go). revm says what was paid; of an instruction that fails, tracers show what was asked for.

use alloy_primitives::{Address, U256};
use revm::{
    bytecode::opcode::{self as op, OpCode},
    interpreter::GasTable,
};

use super::{ColdAccess, Context};
use crate::trace::{Look, Step};

/// What is asked for, and why the instruction does not begin if it does not.
pub(super) struct Cost {
    /// In gas.
    pub(super) gas: u64,
    /// Why it is not executed, in go-ethereum's words.
    pub(super) refused: Option<String>,
}

/// Why the price cannot be told: there is no such memory, or an error that has more to say.
enum Unpriced {
    Overflow,
    Other(String),
}

const OUT_OF_GAS: &str = "out of gas";
const OVERFLOW: &str = "gas uint64 overflow";
/// Most bytes of memory that go-ethereum computes a price for.
const MOST_MEMORY: u64 = 0x1f_ffff_ffe0;

/// The cost of a step that is about to begin.
pub(super) fn of(step: &Step<'_>, prices: &GasTable, context: &Context, state: &dyn Look) -> Cost {
    let constant = constant(step.op, prices);
    let refuse = |gas, text: String| Cost { gas, refused: Some(text) };
    let (inputs, outputs) = OpCode::new(step.op).map_or((0, 0), |known| (known.inputs(), known.outputs()));
    let (len, most) = (step.stack.len(), 1024 + usize::from(inputs) - usize::from(outputs));
    if len < usize::from(inputs) {
        return refuse(constant, format!("stack underflow ({len} <=> {inputs})"));
    }
    if len > most {
        return refuse(constant, format!("stack limit reached {len} ({most})"));
    }
    let Some(left) = step.gas.checked_sub(constant) else { return refuse(constant, OUT_OF_GAS.into()) };
    let pricing = Pricing { step, context, state, left };
    let Some(memory) = pricing.memory_needed() else { return refuse(constant, OVERFLOW.into()) };
    match pricing.dynamic(memory) {
        Ok(dynamic) => {
            let refused = (dynamic > left).then(|| OUT_OF_GAS.to_owned());
            Cost { gas: constant.saturating_add(dynamic), refused }
        }
        Err(Unpriced::Overflow) => refuse(constant, format!("{OUT_OF_GAS}: {OVERFLOW}")),
        Err(Unpriced::Other(text)) => refuse(constant, format!("{OUT_OF_GAS}: {text}")),
    }
}

/// The part that is the same wherever the instruction is.
fn constant(op: u8, prices: &GasTable) -> u64 {
    match op {
        op::SLOAD | op::SSTORE | op::EXP | op::RETURN | op::REVERT | op::LOG0..=op::LOG4 => 0,
        op::CREATE | op::CREATE2 => 32_000,
        op::SELFDESTRUCT => 5_000,
        op::BALANCE | op::EXTCODEHASH | op::EXTCODESIZE | op::EXTCODECOPY => 100,
        op::CALL | op::CALLCODE | op::DELEGATECALL | op::STATICCALL | op::TLOAD | op::TSTORE => 100,
        op::KECCAK256 => 30,
        op::CALLDATACOPY | op::CODECOPY | op::RETURNDATACOPY | op::MCOPY => 3,
        op::MLOAD | op::MSTORE | op::MSTORE8 => 3,
        _ => u64::from(prices[usize::from(op)]),
    }
}

struct Pricing<'a> {
    step: &'a Step<'a>,
    context: &'a Context,
    state: &'a dyn Look,
    /// Gas left after the constant part.
    left: u64,
}

impl Pricing<'_> {
    /// An operand, from the top. The stack has it.
    fn operand(&self, place: usize) -> U256 {
        self.step.stack[self.step.stack.len() - 1 - place]
    }

    fn address(&self, place: usize) -> Address {
        Address::from_word(self.operand(place).into())
    }

    /// Words of 32 bytes that an operand's bytes take.
    fn words(&self, place: usize) -> Result<u64, Unpriced> {
        u64::try_from(self.operand(place)).map(|len| len.div_ceil(32)).map_err(|_| Unpriced::Overflow)
    }

    /// Bytes of memory that the instruction reaches; none if there are too many to count.
    fn memory_needed(&self) -> Option<u64> {
        let end = |offset: usize, len: usize| reach(self.operand(offset), self.operand(len));
        match self.step.op {
            op::KECCAK256 | op::RETURN | op::REVERT | op::LOG0..=op::LOG4 => end(0, 1),
            op::CALLDATACOPY | op::CODECOPY | op::RETURNDATACOPY => end(0, 2),
            op::EXTCODECOPY => end(1, 3),
            op::MLOAD | op::MSTORE => reach(self.operand(0), U256::from(32)),
            op::MSTORE8 => reach(self.operand(0), U256::ONE),
            op::MCOPY => reach(self.operand(0).max(self.operand(1)), self.operand(2)),
            op::CREATE | op::CREATE2 => end(1, 2),
            op::CALL | op::CALLCODE => Some(end(3, 4)?.max(end(5, 6)?)),
            op::DELEGATECALL | op::STATICCALL => Some(end(2, 3)?.max(end(4, 5)?)),
            _ => Some(0),
        }
        .and_then(|bytes| bytes.div_ceil(32).checked_mul(32))
    }

    /// The price of making the memory so large.
    fn memory(&self, bytes: u64) -> Result<u64, Unpriced> {
        if bytes > MOST_MEMORY {
            return Err(Unpriced::Overflow);
        }
        let price = |bytes: u64| {
            let words = bytes / 32;
            words * 3 + words * words / 512
        };
        Ok(price(bytes).saturating_sub(price(self.step.memory.len() as u64)))
    }

    /// The part that depends on operands and on the state.
    fn dynamic(&self, memory: u64) -> Result<u64, Unpriced> {
        let touch = |place| if self.context.is_cold(self.address(place)) { 2_500 } else { 0 };
        Ok(match self.step.op {
            op::KECCAK256 => self.memory(memory)? + 6 * self.words(1)?,
            op::CALLDATACOPY | op::CODECOPY | op::RETURNDATACOPY | op::MCOPY => {
                self.memory(memory)? + 3 * self.words(2)?
            }
            op::EXTCODECOPY => self.memory(memory)? + 3 * self.words(3)? + touch(0),
            op::BALANCE | op::EXTCODEHASH | op::EXTCODESIZE => touch(0),
            op::MLOAD | op::MSTORE | op::MSTORE8 | op::RETURN | op::REVERT => self.memory(memory)?,
            op::LOG0..=op::LOG4 => {
                let len = u64::try_from(self.operand(1)).map_err(|_| Unpriced::Overflow)?;
                let topics = u64::from(self.step.op - op::LOG0);
                self.memory(memory)? + 375 + 375 * topics + 8 * len
            }
            op::EXP => 10 + 50 * (self.operand(1).bit_len() as u64).div_ceil(8),
            op::SLOAD => {
                if self.is_cold_slot() {
                    2_100
                } else {
                    100
                }
            }
            op::SSTORE => self.store()?,
            op::CREATE | op::CREATE2 => {
                let price = if self.step.op == op::CREATE { 2 } else { 2 + 6 };
                let paid = self.memory(memory)?;
                let (size, limit) = (self.operand(2), self.context.chain.runtime.code_limit.saturating_mul(2));
                if size > U256::from(limit) {
                    return Err(Unpriced::Other(format!("max initcode size exceeded: size {size}")));
                }
                paid + price * self.words(2)?
            }
            op::SELFDESTRUCT => {
                let heir = self.address(0);
                let has_value = !self.state.account(self.step.address).balance.is_zero();
                let cold = if self.context.is_cold(heir) { 2_600 } else { 0 };
                cold + if has_value && self.is_empty(heir) { 25_000 } else { 0 }
            }
            op::CALL | op::CALLCODE | op::DELEGATECALL | op::STATICCALL => self.call(memory)?,
            _ => 0,
        })
    }

    fn store(&self) -> Result<u64, Unpriced> {
        if self.left <= 2_300 {
            return Err(Unpriced::Other("not enough gas for reentrancy sentry".into()));
        }
        let (address, key, value) = (self.step.address, self.operand(0), self.operand(1));
        let slot = self.context.journaled_state.state.get(&address).and_then(|account| account.storage.get(&key));
        let now = self.state.slot(address, key);
        let before = slot.map_or(now, |slot| slot.original_value);
        let cold = if self.is_cold_slot() { 2_100 } else { 0 };
        Ok(cold
            + match () {
                () if now == value || before != now => 100,
                () if before.is_zero() => 20_000,
                () => 2_900,
            })
    }

    fn call(&self, memory: u64) -> Result<u64, Unpriced> {
        let mut left = self.left;
        let mut touched = 0;
        let mut touch = |gas: u64| {
            touched += gas;
            left = left.checked_sub(gas).ok_or_else(|| Unpriced::Other(OUT_OF_GAS.into()))?;
            Ok(())
        };
        let address = self.address(1);
        if self.context.is_cold(address) {
            touch(2_500)?;
        }
        if let Some(delegate) = self.state.account(address).code.strip_prefix(&[0xef, 0x01, 0x00])
            && let Ok(delegate) = Address::try_from(delegate)
        {
            touch(if self.context.is_cold(delegate) && delegate != address { 2_600 } else { 100 })?;
        }
        let has_value = matches!(self.step.op, op::CALL | op::CALLCODE) && !self.operand(2).is_zero();
        let mut base = self.memory(memory)?;
        if has_value {
            base += 9_000;
            base += if self.step.op == op::CALL && self.is_empty(address) { 25_000 } else { 0 };
        }
        // Where the base is not there, go-ethereum's difference wraps.
        let most = left.wrapping_sub(base);
        let most = most - most / 64;
        let handed = u64::try_from(self.operand(0)).map_or(most, |asked| asked.min(most));
        let sum = base.checked_add(handed).and_then(|sum| sum.checked_add(touched));
        sum.ok_or(Unpriced::Overflow)
    }

    fn is_cold_slot(&self) -> bool {
        let (address, key) = (self.step.address, self.operand(0));
        let journal = &self.context.journaled_state;
        let slot = journal.state.get(&address).and_then(|account| account.storage.get(&key));
        let is_cold = slot.is_none_or(|slot| slot.is_cold_transaction_id(journal.transaction_id));
        is_cold && !journal.warm_addresses.is_storage_warm(&address, &key)
    }

    /// Whether an account counts as none (EIP-161).
    fn is_empty(&self, address: Address) -> bool {
        let account = self.state.account(address);
        account.nonce == 0 && account.balance.is_zero() && account.code_hash.is_none()
    }
}

/// Where bytes end.
fn reach(offset: U256, len: U256) -> Option<u64> {
    if len.is_zero() {
        return Some(0);
    }
    let (offset, len) = (u64::try_from(offset).ok()?, u64::try_from(len).ok()?);
    offset.checked_add(len)
}
