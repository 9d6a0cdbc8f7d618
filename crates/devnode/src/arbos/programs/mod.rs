//! Stylus programs as ArbOS knows them: parameters, records, the price of data (Nitro `arbos/programs`).

mod data_pricer;
mod params;
mod record;

pub(crate) use data_pricer::charge_for_data;
pub(crate) use params::{CACHED_GAS_UNIT, INIT_GAS_UNIT, PAGE_RAMP, SCALAR_UNIT, StylusParams};
pub(crate) use record::{Inactive, Record, hours_since_start};

use super::{ledgers::LedgerDraft, storage::Ledger};
use crate::{ArbosVersion, evm::Resource};

/// Writes what the genesis has.
pub(crate) fn initialize(state: &mut LedgerDraft, version: ArbosVersion) {
    let Ok(()) = StylusParams::initial(version).save(state);
    data_pricer::initialize(state);
}

/// Gas of reading the parameters: one warm slot.
const PARAMS_GAS: u64 = 100;

/// The parameters, paid for.
pub(crate) fn params<L: Ledger>(ledger: &mut L) -> Result<StylusParams, L::Error> {
    ledger.burn(Resource::Computation, PARAMS_GAS)?;
    Ok(StylusParams::load(ledger))
}
