//! Accounts and slots that instructions name (go-ethereum: eth/tracers/logger/access_list_tracer.go).

use super::step::Step;
use alloy_primitives::{Address, U256};
use revm::bytecode::opcode as op;
use std::collections::{BTreeMap, BTreeSet};

/// What was touched: accounts, each with its slots.
pub type TouchedSlots = BTreeMap<Address, BTreeSet<U256>>;

/// Notes what an instruction that begins touches, whether or not it comes to be executed.
pub(super) fn note(touched: &mut TouchedSlots, step: &Step<'_>) {
    let top = |place: usize| step.stack.len().checked_sub(place + 1).map(|at| step.stack[at]);
    let account = |word: U256| Address::from_word(word.into());
    match step.op {
        op::SLOAD | op::SSTORE => {
            if let Some(slot) = top(0) {
                touched.entry(step.address).or_default().insert(slot);
            }
        }
        op::EXTCODECOPY | op::EXTCODEHASH | op::EXTCODESIZE | op::BALANCE | op::SELFDESTRUCT => {
            if let Some(word) = top(0) {
                touched.entry(account(word)).or_default();
            }
        }
        op::CALL | op::CALLCODE | op::DELEGATECALL | op::STATICCALL if step.stack.len() >= 5 => {
            if let Some(word) = top(1) {
                touched.entry(account(word)).or_default();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: Address = Address::with_last_byte(0xc0);

    fn after(steps: &[(u8, &[u64])]) -> TouchedSlots {
        let mut touched = TouchedSlots::new();
        for (op, stack) in steps {
            let stack: Vec<_> = stack.iter().map(|word| U256::from(*word)).collect();
            note(&mut touched, &Step::made_up(*op, 1, CODE, &stack));
        }
        touched
    }

    #[test]
    fn a_slot_is_that_of_the_account_whose_code_asks() {
        let slots = BTreeSet::from([U256::from(7), U256::from(8)]);
        assert_eq!(after(&[(op::SLOAD, &[1, 7]), (op::SSTORE, &[1, 8]), (op::SLOAD, &[7])]), [(CODE, slots)].into());
        assert_eq!(after(&[(op::SLOAD, &[]), (op::TLOAD, &[7]), (op::TSTORE, &[1, 7])]), TouchedSlots::new());
    }

    #[test]
    fn accounts_are_those_that_are_called_and_looked_at() {
        let listed = |op, stack: &[u64]| after(&[(op, stack)]).into_keys().collect::<Vec<_>>();
        for looks in [op::BALANCE, op::EXTCODESIZE, op::EXTCODEHASH, op::EXTCODECOPY, op::SELFDESTRUCT] {
            assert_eq!(listed(looks, &[9]), [Address::with_last_byte(9)], "{looks:#x}");
            assert!(listed(looks, &[]).is_empty());
        }
        for calls in [op::CALL, op::CALLCODE, op::DELEGATECALL, op::STATICCALL] {
            assert_eq!(listed(calls, &[0, 0, 0, 9, 100]), [Address::with_last_byte(9)], "{calls:#x}");
            assert!(listed(calls, &[0, 0, 9, 100]).is_empty(), "the stack is too short");
        }
        assert!(listed(op::CREATE, &[0, 0, 0]).is_empty());
    }
}
