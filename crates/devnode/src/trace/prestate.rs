//! The state before a message, as far as the message reads it, and the state after it (go-ethereum:
//! eth/tracers/native/prestate.go).

use super::{
    room::{ACCOUNT_BYTES, SLOT_BYTES},
    step::{AccountNow, Beginning, Look, Step, StepFault},
};
use alloy_primitives::{Address, U256, keccak256};
use revm::bytecode::opcode as op;
use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

/// What a message read, by account.
#[derive(Debug, Clone, Default)]
pub struct Prestate {
    /// The accounts.
    pub accounts: BTreeMap<Address, TouchedAccount>,
    /// Contracts that destroyed themselves in the message that made them.
    pub deleted: BTreeSet<Address>,
}

/// An account that a message read.
#[derive(Debug, Clone, Default)]
pub struct TouchedAccount {
    /// Before the message.
    pub before: AccountNow,
    /// After it.
    pub after: AccountNow,
    /// Slots that were read or written: before, and after.
    pub slots: BTreeMap<U256, (U256, U256)>,
}

/// Records what a message reads.
#[derive(Debug, Default)]
pub(super) struct PrestateRecorder {
    state: Prestate,
    created: BTreeSet<Address>,
    /// What the instruction that runs has added.
    added: Vec<Added>,
}

/// Something that is forgotten if the instruction does not come to be executed.
#[derive(Debug)]
enum Added {
    Account(Address),
    Slot(Address, U256),
    Created(Address),
    Deleted(Address),
}

impl PrestateRecorder {
    /// The message begins.
    pub(super) fn begin(&mut self, message: &Beginning, state: &dyn Look) {
        if message.creates {
            self.created.insert(message.to);
        }
        self.delegate(message.to, state);
        for address in [message.from, message.to].iter().chain(&message.others) {
            self.account(*address, state);
        }
        self.added.clear();
    }

    /// An instruction begins.
    pub(super) fn step(&mut self, step: &Step<'_>, state: &dyn Look) {
        self.added.clear();
        let top = |place: usize| step.stack.len().checked_sub(place + 1).map(|at| step.stack[at]);
        let address = |place| top(place).map(|word| Address::from_word(word.into()));
        match step.op {
            op::SLOAD | op::SSTORE => {
                if let Some(key) = top(0) {
                    self.slot(step.address, key, state);
                }
            }
            op::EXTCODECOPY | op::EXTCODEHASH | op::EXTCODESIZE | op::BALANCE | op::SELFDESTRUCT => {
                let Some(address) = address(0) else { return };
                self.account(address, state);
                if step.op == op::SELFDESTRUCT
                    && self.created.contains(&step.address)
                    && self.state.deleted.insert(step.address)
                {
                    self.added.push(Added::Deleted(step.address));
                }
            }
            op::CALL | op::CALLCODE | op::DELEGATECALL | op::STATICCALL if step.stack.len() >= 5 => {
                let Some(address) = address(1) else { return };
                self.account(address, state);
                self.delegate(address, state);
            }
            op::CREATE => self.creation(step.address.create(state.account(step.address).nonce), state),
            op::CREATE2 => {
                let [Some(offset), Some(len), Some(salt)] = [top(1), top(2), top(3)] else { return };
                // What is not executed makes nothing. What is has at most the init code that the chain allows.
                let Some(code) = step.memory_part(offset, len).filter(|_| !step.refused) else { return };
                self.creation(step.address.create2(salt.to_be_bytes::<32>(), keccak256(code.copied())), state);
            }
            _ => {}
        }
    }

    /// Bytes that are kept of what the instruction has added: of an account its code, above all.
    pub(super) fn added_bytes(&self) -> usize {
        let code = |address| self.state.accounts.get(address).map_or(0, |account| account.before.code.len());
        let bytes = self.added.iter().map(|added| match added {
            Added::Account(address) => ACCOUNT_BYTES + code(address),
            Added::Slot(..) | Added::Created(_) | Added::Deleted(_) => SLOT_BYTES,
        });
        bytes.sum()
    }

    /// The instruction that began last has failed.
    pub(super) fn failed(&mut self, fault: &StepFault) {
        if fault.before.is_none() {
            return;
        }
        for added in self.added.drain(..) {
            match added {
                Added::Account(address) => drop(self.state.accounts.remove(&address)),
                Added::Slot(address, key) => {
                    if let Some(account) = self.state.accounts.get_mut(&address) {
                        account.slots.remove(&key);
                    }
                }
                Added::Created(address) => drop(self.created.remove(&address)),
                Added::Deleted(address) => drop(self.state.deleted.remove(&address)),
            }
        }
    }

    /// A slot is read or about to be written.
    pub(super) fn slot(&mut self, address: Address, key: U256, state: &dyn Look) {
        self.account(address, state);
        let account = self.state.accounts.entry(address).or_default();
        if let Entry::Vacant(entry) = account.slots.entry(key) {
            entry.insert((state.slot(address, key), U256::ZERO));
            self.added.push(Added::Slot(address, key));
        }
    }

    /// The message has ended.
    pub(super) fn finish(mut self, state: &dyn Look) -> Prestate {
        for (address, account) in &mut self.state.accounts {
            account.after = state.account(*address);
            for (key, (_, after)) in &mut account.slots {
                *after = state.slot(*address, *key);
            }
        }
        self.state
    }

    fn account(&mut self, address: Address, state: &dyn Look) {
        if let Entry::Vacant(entry) = self.state.accounts.entry(address) {
            entry.insert(TouchedAccount { before: state.account(address), ..TouchedAccount::default() });
            self.added.push(Added::Account(address));
        }
    }

    /// The account that another is delegated to (EIP-7702).
    fn delegate(&mut self, address: Address, state: &dyn Look) {
        if let Some(delegate) = state.account(address).code.strip_prefix(&[0xef, 0x01, 0x00])
            && let Ok(delegate) = Address::try_from(delegate)
        {
            self.account(delegate, state);
        }
    }

    fn creation(&mut self, address: Address, state: &dyn Look) {
        self.account(address, state);
        if self.created.insert(address) {
            self.added.push(Added::Created(address));
        }
    }
}
