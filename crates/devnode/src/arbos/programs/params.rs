//! Stylus' parameters, packed into one slot.

use crate::{
    ArbosVersion,
    arbos::{layout::layout, storage::Ledger},
};
use alloy_primitives::U256;

/// Gas of a unit of [`StylusParams::min_init_gas`].
pub(crate) const INIT_GAS_UNIT: u64 = 128;
/// Gas of a unit of [`StylusParams::min_cached_gas`].
pub(crate) const CACHED_GAS_UNIT: u64 = 32;
/// Percent of a unit of the scalars.
pub(crate) const SCALAR_UNIT: u64 = 2;
/// Steepness of the price of memory; a constant that the price table of pages was made with.
pub(crate) const PAGE_RAMP: u64 = 620_674_314;

/// What a chain owner can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StylusParams {
    /// Stylus version; programs of another must be activated again.
    pub(crate) version: u16,
    /// Ink of one gas, 24 bits.
    pub(crate) ink_price: u32,
    /// Limit of a program's stack, in words.
    pub(crate) max_stack_depth: u32,
    /// Pages a transaction has for free.
    pub(crate) free_pages: u16,
    /// Gas of each further page, before the ramp.
    pub(crate) page_gas: u16,
    /// Most pages at the start.
    pub(crate) page_limit: u16,
    /// Least init gas, in units of [`INIT_GAS_UNIT`].
    pub(crate) min_init_gas: u8,
    /// Least init gas of a cached program, in units of [`CACHED_GAS_UNIT`].
    pub(crate) min_cached_gas: u8,
    /// Percent of a program's init cost that is charged, in units of [`SCALAR_UNIT`].
    pub(crate) init_cost_scalar: u8,
    /// The same of a cached program's.
    pub(crate) cached_cost_scalar: u8,
    /// Days after which a program must be activated again.
    pub(crate) expiry_days: u16,
    /// Days before which a program cannot be kept alive.
    pub(crate) keepalive_days: u16,
    /// Programs that a block remembers.
    pub(crate) block_cache_size: u16,
    /// Most bytes of decompressed WASM.
    pub(crate) max_wasm_size: u32,
    /// Most fragments of a program; unused before ArbOS 60.
    pub(crate) max_fragments: u8,
}

impl Default for StylusParams {
    /// What ArbOS 51 starts with.
    fn default() -> Self {
        Self {
            version: 2,
            ink_price: 10_000,
            max_stack_depth: 22_000,
            free_pages: 2,
            page_gas: 1_000,
            page_limit: nitro::PAGE_LIMIT,
            min_init_gas: 69,
            min_cached_gas: 11,
            init_cost_scalar: 50,
            cached_cost_scalar: 50,
            expiry_days: 365,
            keepalive_days: 31,
            block_cache_size: 32,
            max_wasm_size: nitro::MAX_WASM,
            max_fragments: 0,
        }
    }
}

impl StylusParams {
    /// What a chain of that version starts with.
    pub(crate) fn initial(version: ArbosVersion) -> Self {
        match version {
            ArbosVersion::V51 => Self::default(),
            ArbosVersion::V60 | ArbosVersion::V61 => {
                let mut params = Self::default();
                params.upgrade_to_60();
                params
            }
        }
    }

    /// Changes what ArbOS 60 changes.
    pub(crate) fn upgrade_to_60(&mut self) {
        self.version = 3;
        self.max_wasm_size = nitro::MAX_WASM_60;
        self.max_fragments = 4;
    }

    /// Reads them without paying.
    pub(crate) fn load<L: Ledger>(ledger: &mut L) -> Self {
        let word = ledger.load(layout().programs.params).to_be_bytes::<32>();
        let mut rest = &word[..];
        let mut take = |bytes: usize| {
            let (field, after) = rest.split_at(bytes);
            rest = after;
            field.iter().fold(0u32, |value, byte| value << 8 | u32::from(*byte))
        };
        Self {
            version: take(2) as u16,
            ink_price: take(3),
            max_stack_depth: take(4),
            free_pages: take(2) as u16,
            page_gas: take(2) as u16,
            page_limit: take(2) as u16,
            min_init_gas: take(1) as u8,
            min_cached_gas: take(1) as u8,
            init_cost_scalar: take(1) as u8,
            cached_cost_scalar: take(1) as u8,
            expiry_days: take(2) as u16,
            keepalive_days: take(2) as u16,
            block_cache_size: take(2) as u16,
            max_wasm_size: take(4),
            max_fragments: take(1) as u8,
        }
    }

    /// Writes them.
    pub(crate) fn save<L: Ledger>(&self, ledger: &mut L) -> Result<(), L::Error> {
        let mut word = Vec::with_capacity(32);
        word.extend(self.version.to_be_bytes());
        word.extend(&self.ink_price.to_be_bytes()[1..]);
        word.extend(self.max_stack_depth.to_be_bytes());
        word.extend(self.free_pages.to_be_bytes());
        word.extend(self.page_gas.to_be_bytes());
        word.extend(self.page_limit.to_be_bytes());
        word.extend([self.min_init_gas, self.min_cached_gas, self.init_cost_scalar, self.cached_cost_scalar]);
        word.extend(self.expiry_days.to_be_bytes());
        word.extend(self.keepalive_days.to_be_bytes());
        word.extend(self.block_cache_size.to_be_bytes());
        word.extend(self.max_wasm_size.to_be_bytes());
        word.push(self.max_fragments);
        word.resize(32, 0);
        ledger.set(layout().programs.params, U256::from_be_slice(&word))
    }

    /// Seconds after which a program expires.
    pub(crate) fn expiry_seconds(&self) -> u64 {
        u64::from(self.expiry_days) * 86_400
    }

    /// Seconds before which a program cannot be kept alive.
    pub(crate) fn keepalive_seconds(&self) -> u64 {
        u64::from(self.keepalive_days) * 86_400
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbos::ledgers::LedgerDraft;

    #[test]
    fn params_come_back_as_they_were_saved() {
        let params =
            StylusParams { ink_price: 0xabcdef, expiry_days: 7, max_fragments: 255, ..StylusParams::default() };
        let mut state = LedgerDraft::default();
        let Ok(()) = params.save(&mut state);
        assert_eq!(StylusParams::load(&mut state), params);
    }
}
