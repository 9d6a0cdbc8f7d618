//! What ArbOS records of an activated program, in one slot a code hash.

use super::{CACHED_GAS_UNIT, INIT_GAS_UNIT, SCALAR_UNIT, StylusParams, data_pricer::ARBITRUM_START};
use crate::arbos::{layout::layout, storage::Ledger};
use alloy_primitives::{B256, U256};

/// An activated program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// Stylus version it was activated for; 0 if it never was.
    pub(crate) version: u16,
    /// Units of init gas.
    pub(crate) init_cost: u16,
    /// Units of init gas when cached.
    pub(crate) cached_cost: u16,
    /// Pages it starts with.
    pub(crate) footprint: u16,
    /// Hours from Arbitrum's beginning to the activation.
    pub(crate) activated_at: u32,
    /// Estimate of its machine code, in KiB.
    pub(crate) asm_estimate_kb: u32,
    /// Whether it is in the long-term cache.
    pub(crate) cached: bool,
}

/// Why a program cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inactive {
    /// It was never activated.
    NotActivated,
    /// It was activated for another Stylus version than the second, which is the chain's.
    NeedsUpgrade(u16, u16),
    /// It was activated so many seconds ago.
    Expired(u64),
}

impl Record {
    /// The record of a code hash, empty if there is none.
    pub(crate) fn get<L: Ledger>(ledger: &mut L, code_hash: B256) -> Result<Self, L::Error> {
        let word = ledger.get(layout().programs.records.slot(code_hash))?.to_be_bytes::<32>();
        let number = |from: usize, to: usize| word[from..to].iter().fold(0u32, |n, byte| n << 8 | u32::from(*byte));
        Ok(Self {
            version: number(0, 2) as u16,
            init_cost: number(2, 4) as u16,
            cached_cost: number(4, 6) as u16,
            footprint: number(6, 8) as u16,
            activated_at: number(8, 11),
            asm_estimate_kb: number(11, 14),
            cached: word[14] != 0,
        })
    }

    /// Writes the record.
    pub(crate) fn set<L: Ledger>(&self, ledger: &mut L, code_hash: B256) -> Result<(), L::Error> {
        let mut word = [0; 32];
        word[0..2].copy_from_slice(&self.version.to_be_bytes());
        word[2..4].copy_from_slice(&self.init_cost.to_be_bytes());
        word[4..6].copy_from_slice(&self.cached_cost.to_be_bytes());
        word[6..8].copy_from_slice(&self.footprint.to_be_bytes());
        word[8..11].copy_from_slice(&self.activated_at.to_be_bytes()[1..]);
        word[11..14].copy_from_slice(&self.asm_estimate_kb.to_be_bytes()[1..]);
        word[14] = self.cached.into();
        ledger.set(layout().programs.records.slot(code_hash), U256::from_be_bytes(word))
    }

    /// Whether the program can be used at a time.
    pub(crate) fn check(&self, params: &StylusParams, time: u64) -> Result<(), Inactive> {
        if self.version == 0 {
            return Err(Inactive::NotActivated);
        }
        if self.version != params.version {
            return Err(Inactive::NeedsUpgrade(self.version, params.version));
        }
        if self.is_expired(params, time) {
            return Err(Inactive::Expired(self.age(time)));
        }
        Ok(())
    }

    /// Whether it is too old.
    pub(crate) fn is_expired(&self, params: &StylusParams, time: u64) -> bool {
        self.age(time) > params.expiry_seconds()
    }

    /// Seconds since it was activated, from the hour on in which it was.
    pub(crate) fn age(&self, time: u64) -> u64 {
        time.saturating_sub(ARBITRUM_START + u64::from(self.activated_at) * 3_600)
    }

    /// Gas of starting it when it is not cached, without [`Self::cached_gas`].
    pub(crate) fn init_gas(&self, params: &StylusParams) -> u64 {
        let cost = u64::from(self.init_cost) * u64::from(params.init_cost_scalar) * SCALAR_UNIT;
        u64::from(params.min_init_gas) * INIT_GAS_UNIT + cost.div_ceil(100)
    }

    /// Gas of starting it in any case.
    pub(crate) fn cached_gas(&self, params: &StylusParams) -> u64 {
        let cost = u64::from(self.cached_cost) * u64::from(params.cached_cost_scalar) * SCALAR_UNIT;
        u64::from(params.min_cached_gas) * CACHED_GAS_UNIT + cost.div_ceil(100)
    }

    /// Estimate of its machine code, in bytes.
    pub(crate) fn asm_size(&self) -> u32 {
        self.asm_estimate_kb.saturating_mul(1024)
    }
}

/// Whole hours from Arbitrum's beginning to a time, as a record holds them.
pub(crate) fn hours_since_start(time: u64) -> u32 {
    (time.saturating_sub(ARBITRUM_START) / 3_600).min(0xff_ffff) as u32
}

impl std::fmt::Display for Inactive {
    /// Nitro's text of the Solidity error.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotActivated => write!(f, "error ProgramNotActivated()"),
            Self::NeedsUpgrade(version, current) => write!(f, "error ProgramNeedsUpgrade({version}, {current})"),
            Self::Expired(age) => write!(f, "error ProgramExpired({age})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbos::ledgers::LedgerDraft;
    use alloy_primitives::b256;

    /// The word that a trace of a Nitro node shows for the recording's ERC-20, the hour aside.
    #[test]
    fn a_record_is_packed_as_nitros() {
        let code_hash = B256::repeat_byte(7);
        let record = Record {
            version: 2,
            init_cost: 0x0881,
            cached_cost: 0x01b0,
            footprint: 2,
            activated_at: 0x0195d7,
            asm_estimate_kb: 0x277,
            cached: true,
        };
        let mut state = LedgerDraft::default();
        let Ok(()) = record.set(&mut state, code_hash);
        let word = B256::from(state.load(layout().programs.records.slot(code_hash)));
        assert_eq!(word, b256!("0002088101b000020195d7000277010000000000000000000000000000000000"));
        let Ok(back) = Record::get(&mut state, code_hash);
        assert_eq!(back, record);
    }

    #[test]
    fn a_program_is_active_from_its_activation_to_its_expiry() {
        let params = StylusParams::default();
        let activated = ARBITRUM_START + 500_000 * 3_600;
        let record = Record { version: 2, activated_at: hours_since_start(activated + 3_599), ..Record::default() };
        assert_eq!(record.check(&params, activated), Ok(()));
        assert_eq!(record.check(&params, activated + params.expiry_seconds()), Ok(()));
        let late = params.expiry_seconds() + 1;
        assert_eq!(record.check(&params, activated + late), Err(Inactive::Expired(late)));
        assert_eq!(Record::default().check(&params, activated), Err(Inactive::NotActivated));
        let old = Record { version: 1, ..record };
        assert_eq!(old.check(&params, activated), Err(Inactive::NeedsUpgrade(1, 2)));
    }
}
