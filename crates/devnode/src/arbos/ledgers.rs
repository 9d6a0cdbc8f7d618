//! ArbOS' state where access to it is free: to ArbOS itself, in a genesis, and to who only looks.

use super::{
    shown,
    storage::{ARBOS_STATE, Ledger},
};
use crate::evm::{ColdAccess, Context, ReadableState, Resource};
use alloy_primitives::U256;
use std::{collections::BTreeMap, convert::Infallible};

/// The state of the message that is executed, for ArbOS' own work.
pub(crate) struct Free<'a>(pub(crate) &'a mut Context);

impl Ledger for Free<'_> {
    type Error = Infallible;

    fn load(&mut self, slot: U256) -> U256 {
        self.0.cold_sload(ARBOS_STATE, slot)
    }

    fn save(&mut self, slot: U256, value: U256) {
        self.0.cold_sstore(ARBOS_STATE, slot, value);
    }

    fn burn(&mut self, _resource: Resource, _gas: u64) -> Result<(), Infallible> {
        Ok(())
    }

    fn shown(&mut self, slot: U256, value: Option<U256>) {
        shown::by_itself(self.0, slot, value);
    }

    fn writable(&self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// A state that is being made.
#[derive(Debug, Default)]
pub(crate) struct LedgerDraft(pub(crate) BTreeMap<U256, U256>);

impl Ledger for LedgerDraft {
    type Error = Infallible;

    fn load(&mut self, slot: U256) -> U256 {
        self.0.get(&slot).copied().unwrap_or_default()
    }

    fn save(&mut self, slot: U256, value: U256) {
        if value.is_zero() {
            self.0.remove(&slot);
        } else {
            self.0.insert(slot, value);
        }
    }

    fn burn(&mut self, _resource: Resource, _gas: u64) -> Result<(), Infallible> {
        Ok(())
    }

    fn writable(&self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// A block's state, to be looked at.
pub(crate) struct View<'a>(pub(crate) &'a dyn ReadableState);

/// An attempt to write to a [`View`].
#[derive(Debug)]
pub(crate) struct ReadOnly;

impl Ledger for View<'_> {
    type Error = ReadOnly;

    fn load(&mut self, slot: U256) -> U256 {
        let Ok(value) = self.0.storage_ref(ARBOS_STATE, slot);
        value
    }

    fn save(&mut self, _slot: U256, _value: U256) {}

    fn burn(&mut self, _resource: Resource, _gas: u64) -> Result<(), ReadOnly> {
        Ok(())
    }

    fn writable(&self) -> Result<(), ReadOnly> {
        Err(ReadOnly)
    }
}
