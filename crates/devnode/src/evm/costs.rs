//! What an instruction would cost, and why it may not begin, in go-ethereum's order (core/vm/interpreter.go, gas_table.go,
//! operations_acl.go). revm says what was paid; of an instruction that fails, tracers show what was asked for. And what the
//! gas is for, which revm does not say at all.

use alloy_primitives::{Address, U256};
use revm::{
    bytecode::opcode::{self as op, OpCode},
    interpreter::GasTable,
};

use super::{ColdAccess, Context, Resource, Resources};
use crate::trace::{Look, Step};

/// What is asked for, and why the instruction does not begin if it does not.
pub(super) struct Cost {
    /// In gas.
    pub(super) gas: u64,
    /// Why it is not executed, in go-ethereum's words.
    pub(super) refused: Option<String>,
    /// What is taken, if only until the frame fails, for resources other than computation.
    pub(super) resources: Resources,
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
/// Gas of touching what is warm (EIP-2929).
const WARM: u64 = 100;
/// Gas of the bytes of a topic, at the price of a log's data. The rest of a topic's price is for hashing it.
const TOPIC_BYTES: u64 = 8 * 32;

/// The cost of a step that is about to begin.
pub(super) fn of(step: &Step<'_>, prices: &GasTable, context: &Context, state: &dyn Look) -> Cost {
    let constant = constant(step.op, prices);
    let refuse = |text: String, resources| Cost { gas: constant, refused: Some(text), resources };
    let nothing = Resources::default();
    let (inputs, outputs) = OpCode::new(step.op).map_or((0, 0), |known| (known.inputs(), known.outputs()));
    let (len, most) = (step.stack.len(), 1024 + usize::from(inputs) - usize::from(outputs));
    if len < usize::from(inputs) {
        return refuse(format!("stack underflow ({len} <=> {inputs})"), nothing);
    }
    if len > most {
        return refuse(format!("stack limit reached {len} ({most})"), nothing);
    }
    let Some(left) = step.gas.checked_sub(constant) else { return refuse(OUT_OF_GAS.into(), nothing) };
    let mut fixed = nothing;
    if step.op == op::SELFDESTRUCT {
        fixed.add(Resource::StorageWrite, constant - WARM);
    }
    let mut pricing = Pricing { step, context, state, left, resources: fixed };
    let Some(memory) = pricing.memory_needed() else { return refuse(OVERFLOW.into(), fixed) };
    match pricing.dynamic(memory) {
        Ok(dynamic) if dynamic > left => {
            Cost { gas: constant.saturating_add(dynamic), refused: Some(OUT_OF_GAS.to_owned()), resources: fixed }
        }
        Ok(dynamic) => Cost { gas: constant + dynamic, refused: None, resources: pricing.resources },
        // What a call has touched by then is taken.
        Err(Unpriced::Overflow) => refuse(format!("{OUT_OF_GAS}: {OVERFLOW}"), pricing.resources),
        Err(Unpriced::Other(text)) => refuse(format!("{OUT_OF_GAS}: {text}"), pricing.resources),
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
    /// What the gas is for.
    resources: Resources,
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

    /// Notes what gas is for.
    fn goes_to(&mut self, resource: Resource, gas: u64) -> u64 {
        self.resources.add(resource, gas);
        gas
    }

    /// What an account that is touched for the first time costs more than a warm one.
    fn touch(&mut self, place: usize) -> u64 {
        let is_cold = self.context.is_cold(self.address(place));
        self.goes_to(Resource::StorageRead, if is_cold { 2_500 } else { 0 })
    }

    /// The part that depends on operands and on the state.
    fn dynamic(&mut self, memory: u64) -> Result<u64, Unpriced> {
        Ok(match self.step.op {
            op::KECCAK256 => self.memory(memory)? + 6 * self.words(1)?,
            op::CALLDATACOPY | op::CODECOPY | op::RETURNDATACOPY | op::MCOPY => {
                self.memory(memory)? + 3 * self.words(2)?
            }
            op::EXTCODECOPY => {
                let (memory, words) = (self.memory(memory)?, self.words(3)?);
                memory + self.goes_to(Resource::StorageRead, 3 * words) + self.touch(0)
            }
            op::BALANCE | op::EXTCODEHASH | op::EXTCODESIZE => self.touch(0),
            op::MLOAD | op::MSTORE | op::MSTORE8 | op::RETURN | op::REVERT => self.memory(memory)?,
            op::LOG0..=op::LOG4 => {
                let len = u64::try_from(self.operand(1)).map_err(|_| Unpriced::Overflow)?;
                let topics = u64::from(self.step.op - op::LOG0);
                let memory = self.memory(memory)?;
                let kept = self.goes_to(Resource::HistoryGrowth, TOPIC_BYTES * topics + 8 * len);
                memory + 375 + (375 - TOPIC_BYTES) * topics + kept
            }
            op::EXP => 10 + 50 * (self.operand(1).bit_len() as u64).div_ceil(8),
            op::SLOAD => {
                let cold = if self.is_cold_slot() { 2_000 } else { 0 };
                WARM + self.goes_to(Resource::StorageRead, cold)
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
                let new = if has_value && self.is_empty(heir) { 25_000 } else { 0 };
                self.goes_to(Resource::StorageRead, cold) + self.goes_to(Resource::StorageGrowth, new)
            }
            op::CALL | op::CALLCODE | op::DELEGATECALL | op::STATICCALL => self.call(memory)?,
            _ => 0,
        })
    }

    fn store(&mut self) -> Result<u64, Unpriced> {
        if self.left <= 2_300 {
            return Err(Unpriced::Other("not enough gas for reentrancy sentry".into()));
        }
        let (address, key, value) = (self.step.address, self.operand(0), self.operand(1));
        let slot = self.context.journaled_state.state.get(&address).and_then(|account| account.storage.get(&key));
        let now = self.state.slot(address, key);
        let before = slot.map_or(now, |slot| slot.original_value);
        let cold = if self.is_cold_slot() { 2_100 } else { 0 };
        let cold = self.goes_to(Resource::StorageRead, cold);
        Ok(cold
            + match () {
                () if now == value || before != now => WARM,
                () if before.is_zero() => self.goes_to(Resource::StorageGrowth, 20_000),
                () => self.goes_to(Resource::StorageWrite, 2_900),
            })
    }

    fn call(&mut self, memory: u64) -> Result<u64, Unpriced> {
        let mut touched = 0;
        let mut touch = |pricing: &mut Self, gas: u64| {
            touched += gas;
            if touched > pricing.left {
                return Err(Unpriced::Other(OUT_OF_GAS.into()));
            }
            pricing.goes_to(Resource::StorageRead, gas);
            Ok(())
        };
        let address = self.address(1);
        if self.context.is_cold(address) {
            touch(self, 2_500)?;
        }
        if let Some(delegate) = self.state.account(address).code.strip_prefix(&[0xef, 0x01, 0x00])
            && let Ok(delegate) = Address::try_from(delegate)
        {
            // Even a warm one counts as read.
            let gas = if self.context.is_cold(delegate) && delegate != address { 2_600 } else { WARM };
            touch(self, gas)?;
        }
        let left = self.left - touched;
        let has_value = matches!(self.step.op, op::CALL | op::CALLCODE) && !self.operand(2).is_zero();
        let mut base = self.memory(memory)?;
        if has_value {
            base += 9_000;
        }
        let new = if has_value && self.step.op == op::CALL && self.is_empty(address) { 25_000 } else { 0 };
        base += new;
        // Where the base is not there, go-ethereum's difference wraps.
        let most = left.wrapping_sub(base);
        let most = most - most / 64;
        let handed = u64::try_from(self.operand(0)).map_or(most, |asked| asked.min(most));
        let sum = base.checked_add(handed).and_then(|sum| sum.checked_add(touched));
        let sum = sum.ok_or(Unpriced::Overflow)?;
        self.goes_to(Resource::StorageGrowth, new);
        Ok(sum)
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
